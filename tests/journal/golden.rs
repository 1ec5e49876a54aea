//! Journals of format 1 as they are for ever: a change of the layout, of a number or of a rule shows here.
//!
//! `PRICETIME_BLESS=1 cargo test --test journal golden` writes the files again. That is right
//! only while the format was never published: later it needs a new [`FORMAT`], for a change of what
//! commands do new [`RULES`], and new files beside these.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use pricetime::engine::RULES;
use pricetime::journal::{FORMAT, Seal, Start, replay, verify};
use pricetime::{
    Action, Command, Display, Engine, Event, Instrument, MarketAmount, Order, OrderId, OrderKind,
    PostOnly, Price, Pricing, Quantity, Refresh, SelfTrade, Side, Timestamp, Trail, Trigger,
    TriggerKind, TriggerOnEntry, TriggerSource, TriggerStart,
};

use crate::draw::{
    Draw, ORDER_KINDS, TRAILS, TRIGGER_KINDS, TRIGGER_SOURCES, TRIGGER_STARTS, actions, events,
    next_amount, next_cause, next_life, next_reason, next_request, row,
};
use crate::golden_session::{instrument, session};
use crate::layout::{self, Body};
use crate::read;
use crate::written::{Plan, Written};

fn path(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    folder.join(name)
}

/// Compares with the files of this name, or writes them if asked to.
fn compare(name: &str, bytes: &[u8]) {
    assert_eq!((FORMAT, RULES), (1, 1), "new files are needed");
    let (binary, text) = (path(&format!("{name}.bin")), path(&format!("{name}.txt")));
    let rendered = render(bytes);
    if std::env::var_os("PRICETIME_BLESS").is_some() {
        fs::create_dir_all(binary.parent().expect("a folder")).expect("a folder");
        fs::write(&binary, bytes).expect("a file");
        fs::write(&text, &rendered).expect("a file");
    }
    let golden = fs::read(&binary).expect("the golden journal");
    let said = fs::read_to_string(&text).expect("what it says");
    for (number, (own, golden)) in rendered.lines().zip(said.lines()).enumerate() {
        assert_eq!(own, golden, "line {} of {name}.txt", number + 1);
    }
    assert_eq!(rendered.len(), said.len());
    assert!(bytes == golden, "{name}.bin has other bytes");
    assert_eq!(render(&golden), said, "the files are of one journal");
}

/// A journal as text: the head of each frame, then what it holds, a line each.
fn render(bytes: &[u8]) -> String {
    let mut text = String::new();
    for frame in layout::decode(bytes) {
        writeln!(
            text,
            "{:5} +{:<4} {:08x} after {:08x} format {} rules {} sequence {} time {}",
            frame.offset,
            frame.bytes,
            frame.checksum,
            frame.chain,
            frame.format,
            frame.rules,
            frame.sequence,
            frame.time
        )
        .expect("text");
        match frame.body {
            Body::Opening(instrument) => writeln!(text, "    {instrument:?}").expect("text"),
            Body::Seal(seal) => {
                let digest = blake3::Hash::from_bytes(seal.digest);
                let line = format!("    seal {} of {} bytes: {digest}", seal.number, seal.bytes);
                writeln!(text, "{line}").expect("text");
            }
            Body::Entry(command, events) => {
                writeln!(text, "    {:?}", command.action).expect("text");
                for event in events {
                    writeln!(text, "        {event:?}").expect("text");
                }
            }
        }
    }
    text
}

fn name(debug: &impl std::fmt::Debug) -> String {
    let text = format!("{debug:?}");
    let end = text.find(|c: char| !c.is_alphanumeric());
    text[..end.unwrap_or(text.len())].to_string()
}

#[test]
fn golden_session_has_the_same_bytes_for_ever() {
    let plan = Plan {
        seal_every: 20,
        open_every: 30,
        key: None,
    };
    let written = Written::new(instrument(), &session(), plan);
    reaches_everything(&written);
    compare("journal_v1", &written.bytes);

    let golden = fs::read(path("journal_v1.bin")).expect("the golden journal");
    let mut engine = Engine::new(instrument());
    let replayed = replay(&mut engine, &golden, Start::Beginning, u64::MAX).expect("no damage");
    assert_eq!(replayed.entries as usize, written.entries.len());
    assert!(engine == *written.engines.last().expect("an engine"));
    let verified = verify(&golden, Start::Beginning, Some(plan.sealer())).expect("no damage");
    assert_ne!(verified.seal, Seal::default());
}

/// The session has every kind of command and event that there is, and all reasons but one.
fn reaches_everything(written: &Written) {
    let draw = &mut Draw::from(&[1, 2, 3]);
    let all: BTreeSet<String> = actions(draw).iter().map(name).collect();
    let commands = written.entries.iter().map(|entry| &entry.0.action);
    assert_eq!(commands.map(name).collect::<BTreeSet<_>>(), all);
    let all: BTreeSet<String> = events(draw).iter().map(name).collect();
    let happened = || written.entries.iter().flat_map(|entry| &entry.1);
    assert_eq!(happened().map(name).collect::<BTreeSet<_>>(), all);

    let mut causes = BTreeSet::new();
    let mut reasons = BTreeSet::new();
    for event in happened() {
        match event {
            Event::Cancelled { cause, .. } => drop(causes.insert(name(cause))),
            Event::Rejected { reason, .. } => drop(reasons.insert(name(reason))),
            _ => {}
        }
    }
    let missing = |all: BTreeSet<String>, had: &BTreeSet<String>| -> Vec<String> {
        all.difference(had).cloned().collect()
    };
    let all = row(next_cause).map(|cause| name(&cause)).collect();
    assert_eq!(missing(all, &causes), Vec::<String>::new());
    let all = row(next_reason).map(|reason| name(&reason)).collect();
    assert_eq!(missing(all, &reasons), ["OrderIdIndexFull"]);
}

/// Every value of every field that is an enumeration, also those that no short session reaches.
#[test]
fn golden_kinds_have_the_same_bytes_for_ever() {
    let words: Vec<u64> = (1..40).map(|word| word * 0x0102_0304_0506_0709).collect();
    let draw = &mut Draw::from(&words);
    let mut all = events(draw);
    let id = OrderId(77);
    for request in row(next_request) {
        let reason = next_reason(None).expect("one");
        all.push(Event::Rejected {
            id,
            request,
            reason,
        });
    }
    for reason in row(next_reason) {
        let request = next_request(None).expect("one");
        all.push(Event::Rejected {
            id,
            request,
            reason,
        });
    }
    all.extend(row(next_reason).map(|reason| Event::Refused { id, reason }));
    for cause in row(next_cause) {
        let quantity = Quantity::new(5);
        all.push(Event::Cancelled {
            id,
            cause,
            quantity,
        });
    }
    let first = all[0];
    all.extend(row(next_life).map(|life| with_life(first, life)));
    all.extend(ORDER_KINDS.map(|kind| with_kind(first, kind)));
    all.extend(SelfTrade::ALL.map(|mode| Event::Prevented {
        taker: id,
        maker: OrderId(78),
        taker_side: Side::Sell,
        mode,
        price: Price::new(-7),
        quantity: Quantity::new(5),
        taker_remaining: Quantity::new(6),
        maker_remaining: Quantity::new(7),
    }));
    let commands = commands(draw);
    let mut entries: Vec<_> = commands.iter().map(|it| (*it, Vec::new())).collect();
    entries[0].1 = all;
    let whole = Instrument::builder().self_trade(SelfTrade::Decrement);
    let whole = whole
        .self_trade_modes(&SelfTrade::ALL[4..])
        .peaks_max(u32::MAX)
        .trigger_on_entry(TriggerOnEntry::Waits);
    let whole = whole.build().expect("an instrument");
    let written = Written::from_entries(whole, entries, Vec::new(), Plan::default());
    assert_eq!(read(&written.bytes).entries, written.entries);
    compare("kinds_v1", &written.bytes);
}

fn with_kind(mut event: Event, new: OrderKind) -> Event {
    if let Event::Accepted { kind, .. } = &mut event {
        *kind = new;
    }
    event
}

fn with_life(event: Event, life: pricetime::TimeInForce) -> Event {
    let Event::Accepted {
        id,
        account,
        side,
        price,
        quantity,
        timestamp,
        ..
    } = event
    else {
        panic!("{event:?}");
    };
    Event::Accepted {
        id,
        account,
        side: side.opposite(),
        kind: OrderKind::Limit,
        time_in_force: life,
        price,
        quantity,
        timestamp,
    }
}

/// Orders with every value of every term.
fn row_of_orders(order: Order) -> impl Iterator<Item = Order> {
    let price = Price::new(-7);
    let pricing = [
        Pricing::Limit(price),
        Pricing::Market,
        Pricing::Protected(7),
        Pricing::MarketToLimit,
    ];
    let peak = |refresh| Display::Peak {
        quantity: Quantity::new(3),
        spread_bps: 9_999,
        refresh,
    };
    let refresh = [Refresh::Requeue, Refresh::Retain, Refresh::HiddenLast];
    let display = [Display::Whole, Display::Hidden].into_iter();
    let display = display.chain(refresh.map(peak));
    let modes = [None].into_iter().chain(SelfTrade::ALL.map(Some));
    let with_pricing = pricing.map(|pricing| Order { pricing, ..order });
    let with_display = display.map(move |display| Order { display, ..order });
    let with_mode = modes.map(move |self_trade| Order {
        self_trade,
        ..order
    });
    let plain = Order::limit(order.id, order.account, Side::Sell, price, order.quantity);
    let all_or_none = Order {
        minimum: order.quantity,
        ..plain
    };
    let with_terms = with_pricing
        .into_iter()
        .chain(with_display)
        .chain(with_mode);
    let with_trigger = row_of_triggers().map(move |trigger| Order {
        trigger: Some(trigger),
        ..plain
    });
    with_terms.chain([plain, all_or_none]).chain(with_trigger)
}

/// Triggers with every value of every field.
fn row_of_triggers() -> impl Iterator<Item = Trigger> {
    let plain = Trigger {
        kind: TriggerKind::Stop,
        source: TriggerSource::LastTrade,
        price: Price::new(-7),
        trail: Trail::None,
        distance: 0,
        start: TriggerStart::AtPrice,
    };
    let with_kind = TRIGGER_KINDS.map(|kind| Trigger { kind, ..plain });
    let with_source = TRIGGER_SOURCES.map(|source| Trigger { source, ..plain });
    let with_trail = TRAILS.map(|trail| Trigger {
        trail,
        distance: if trail == Trail::None { 0 } else { 9_999 },
        ..plain
    });
    let with_start = TRIGGER_STARTS.map(|start| Trigger { start, ..plain });
    let values = with_kind.into_iter().chain(with_source);
    values.chain(with_trail).chain(with_start)
}

/// Commands of every kind twice, limit orders of every life and attribute, every market amount, orders of all terms.
fn commands(draw: &mut Draw<'_>) -> Vec<Command> {
    let mut all = actions(draw);
    all.extend(actions(draw));
    let (Action::Limit(limit), Action::Market(market)) = (all[0], all[1]) else {
        panic!("{all:?}");
    };
    for life in row(next_life) {
        for post_only in [PostOnly::Off, PostOnly::Reject, PostOnly::Slide] {
            let mut limit = limit;
            limit.post_only = post_only;
            limit.time_in_force = life;
            all.push(Action::Limit(limit));
        }
    }
    let mut amount: Option<MarketAmount> = None;
    while let Some(next) = next_amount(amount, draw) {
        let mut market = market;
        market.side = market.side.opposite();
        market.amount = next;
        all.push(Action::Market(market));
        amount = Some(next);
    }
    let order = all.iter().find_map(|action| match action {
        Action::Order(order) => Some(*order),
        _ => None,
    });
    all.extend(row_of_orders(order.expect("one of each kind")).map(Action::Order));
    let times = (0..).map(|step| Timestamp::new(1_000 + step * step));
    let stamped = times.zip(all);
    stamped
        .map(|(time, action)| Command::new(time, action))
        .collect()
}
