//! In steady state nothing allocates: every kind of command, read and refusal, counted.

#![allow(unsafe_code, reason = "an allocator can be written in no other way")]

#[path = "allocations/random.rs"]
mod random;

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::hint::black_box;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::yield_now;
use std::time::{Duration, Instant};

use pricetime::journal::{Frame, Held, Mark, Reader, Sealer, Segment, Start, Writer};
use pricetime::shell::{
    DepthReader, Intake, LosslessReader, LossyReader, Matcher, Seen, SharedBuilder, SharedHandle,
    ShellBuilder, Turn,
};
use pricetime::*;
use random::Random;

thread_local! {
    static ALLOCATIONS: Cell<u64> = const { Cell::new(0) };
}

/// The system's allocator, counting for each thread what it is asked for.
struct Counting;

// SAFETY: every call is passed on to the system's allocator unchanged.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let _ = ALLOCATIONS.try_with(|count| count.set(count.get() + 1));
        // SAFETY: the caller keeps the contract of `alloc`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the caller keeps the contract of `dealloc`.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn allocations_in(work: impl FnOnce()) -> u64 {
    let before = ALLOCATIONS.with(Cell::get);
    work();
    ALLOCATIONS.with(Cell::get) - before
}

fn instrument(accounts: u32) -> Instrument {
    Instrument::builder()
        .price_band(Price::new(-190), Price::new(190))
        .notional_max(Notional::new(9_000))
        .keeps_totals(accounts > 0)
        .capacities(Capacities {
            orders: 700,
            levels: 150,
            accounts,
            timed_orders: 120,
            special_orders: 60,
            waiting_orders: 60,
            lists: 4,
            tokens: 4,
            events: 64,
        })
        .build()
        .unwrap()
}

fn read(book: &Book) {
    for side in Side::BOTH {
        black_box(book.best(side));
        for level in book.depth(side).take(10) {
            black_box(book.level(side, level.price));
            for order in book.orders_at(side, level.price) {
                black_box((book.order(order.id), book.queue_position(order.id)));
            }
        }
        black_box(book.cost(side, Quantity::new(500)));
    }
    black_box((book.spread(), book.imbalance(10), book.len()));
}

#[test]
fn no_command_and_no_read_allocates() {
    for accounts in [0, 5] {
        let mut engine = Engine::new(instrument(accounts));
        let mut events = Events::for_instrument(engine.instrument());
        let mut random = Random(7);
        let (mut accepted, mut rejected) = (0, 0);
        let allocations = allocations_in(|| {
            for now in 1..60_000 {
                let command = random.command(now);
                engine.prefetch(std::slice::from_ref(&command));
                events.clear();
                engine.apply(&command, &mut events);
                let refused = events
                    .iter()
                    .any(|event| matches!(event, Event::Rejected { .. }));
                *(if refused {
                    &mut rejected
                } else {
                    &mut accepted
                }) += 1;
                if now % 100 == 0 {
                    read(engine.book());
                }
            }
        });
        assert_eq!(allocations, 0, "with {accounts} linked accounts");
        assert!(
            accepted > 9_000 && rejected > 9_000,
            "{accepted} {rejected}"
        );
        engine.book().check();
    }
}

/// A journal on its way: written, sealed and read, and its events held back until it is durable.
struct Line {
    writer: Writer,
    segment: Segment,
    sealer: Sealer,
    seal: [u8; Sealer::SEAL_BYTES],
    held: Held,
    events: Events,
    /// Up to where it was persisted.
    mark: Mark,
    entries: u64,
}

impl Line {
    fn new(instrument: &Instrument) -> Self {
        Self {
            writer: Writer::new(),
            segment: Segment::new(1 << 16),
            sealer: Sealer::new(),
            seal: [0; Sealer::SEAL_BYTES],
            held: Held::new(1 << 10, 1 << 13),
            events: Events::for_instrument(instrument),
            mark: Mark::default(),
            entries: 0,
        }
    }

    fn append(&mut self, command: &Command, events: &Events) {
        if self.segment.room() < Writer::entry_bytes_max(events.len()) || self.held.len() == 1_000 {
            self.persist();
        }
        let appended = self
            .segment
            .append(&mut self.writer, command, events.as_slice());
        appended.expect("room");
        let sequence = self.writer.mark().sequence;
        self.held.hold(sequence, events.as_slice()).expect("room");
    }

    /// Seals what is in the segment and reads it; what was held back is released.
    fn persist(&mut self) {
        let block = self.segment.bytes();
        self.sealer.close(block, &mut self.seal).expect("a block");
        let mut reader = Reader::new(block, Start::After(self.mark));
        while let Some(frame) = reader.read(&mut self.events).expect("no damage") {
            self.entries += u64::from(matches!(frame, Frame::Entry(_)));
        }
        self.mark = reader.mark();
        assert_eq!(self.mark, self.writer.mark());
        self.segment.clear();
        self.held.durable(self.mark.sequence);
        while self.held.release(&mut self.events).is_some() {}
        assert!(self.held.is_empty());
    }
}

#[test]
fn no_entry_of_a_journal_allocates() {
    let instrument = instrument(5);
    let mut engine = Engine::new(instrument.clone());
    let mut events = Events::for_instrument(&instrument);
    let mut line = Line::new(&instrument);
    let opened = line.segment.open(&mut line.writer, &instrument);
    opened.expect("room");
    let mut random = Random(5);
    let allocations = allocations_in(|| {
        for now in 1..30_000 {
            let command = random.command(now);
            events.clear();
            engine.apply(&command, &mut events);
            line.append(&command, &events);
        }
        line.persist();
    });
    assert_eq!(allocations, 0);
    assert_eq!(line.entries, 29_999);
    assert!(line.sealer.seal().blocks > 20);
}

/// As many expiries as there may be, and then one order cancelled for another that is triggered, priced, trades as often as it may, and rests.
#[test]
fn the_longest_command_fits_the_buffer_made_for_it() {
    let instrument = Instrument::builder().capacities(Capacities {
        events: 16,
        ..Capacities::default()
    });
    let mut engine = Engine::new(instrument.build().unwrap());
    let mut events = Events::for_instrument(engine.instrument());
    let mut ask = |action, time| {
        events.clear();
        let command = Command::new(Timestamp::new(time), action);
        let allocations = allocations_in(|| engine.apply(&command, &mut events));
        (allocations, events.len())
    };
    let mut enter = |id: u64, side, price, lots, time_in_force| {
        let (price, lots) = (Price::new(price), Quantity::new(lots));
        let order = Order::limit(OrderId(id), AccountId(1), side, price, lots);
        let order = Order {
            time_in_force,
            ..order
        };
        ask(Action::Order(order), 0)
    };
    for id in 0..16 {
        enter(id, Side::Buy, 1, 1, TimeInForce::Gtd(Timestamp::new(9)));
    }
    for id in 16..29 {
        enter(id, Side::Sell, 100, 1, TimeInForce::Gtc);
    }
    enter(29, Side::Buy, 2, 1, TimeInForce::Gtc);
    ask(Action::SetMark(Price::new(50)), 0);
    let order = Order {
        pricing: Pricing::MarketToLimit,
        trigger: Some(Trigger {
            kind: TriggerKind::Stop,
            source: TriggerSource::Mark,
            price: Price::new(50),
            trail: Trail::None,
            distance: 0,
            start: TriggerStart::AtPrice,
        }),
        ..Order::limit(
            OrderId(30),
            AccountId(1),
            Side::Buy,
            Price::new(0),
            Quantity::new(14),
        )
    };
    let exchange = Action::CancelReplace {
        cancel: OrderId(29),
        only: CancelOnly::Any,
        mode: CancelReplaceMode::StopOnFailure,
        order,
    };
    assert_eq!(ask(exchange, 9), (0, 34));
}

#[test]
fn a_copy_has_all_the_memory_of_its_original() {
    let original = Engine::new(instrument(5));
    let mut copy = original.clone();
    assert_eq!(copy.memory_bytes(), original.memory_bytes());
    let mut events = Events::for_instrument(copy.instrument()).clone();
    let mut random = Random(11);
    let allocations = allocations_in(|| {
        for now in 1..5_000 {
            events.clear();
            copy.apply(&random.command(now), &mut events);
        }
    });
    assert_eq!(allocations, 0);
}

#[test]
fn a_report_of_up_to_four_fills_allocates_nothing() {
    let mut engine = Engine::new(instrument(0));
    let mut random = Random(3);
    let mut submit = |engine: &mut Engine, now| {
        let command = random.command(now);
        let report = engine.submit(&command);
        report.map_or(0, |report| report.fills.len())
    };
    for now in 1..2_000 {
        submit(&mut engine, now);
    }
    for now in 2_000..20_000 {
        let mut fills = 0;
        let allocations = allocations_in(|| fills = submit(&mut engine, now));
        assert!(
            allocations == 0 || fills > 4,
            "{allocations} with {fills} fills"
        );
    }
}

/// Runs a matcher until it is told to stop; how often its thread allocated, and how much it applied.
fn matching(mut matcher: Matcher, stop: &AtomicBool) -> (u64, usize) {
    let (mut now, mut applied) = (1, 0);
    let allocations = allocations_in(|| {
        while !stop.load(Ordering::Relaxed) {
            now += 1;
            if let Turn::Applied(commands) = matcher.turn(Timestamp::new(now)) {
                applied += commands;
                black_box((matcher.journal(), matcher.mark()));
                matcher.publish();
            } else {
                yield_now();
            }
        }
    });
    (allocations, applied)
}

/// The ends of the other threads, all on one.
struct Ends {
    intake: Intake,
    lossless: LosslessReader,
    lossy: LossyReader,
    depth: DepthReader,
    random: Random,
    outcomes: usize,
    messages: usize,
    refused: usize,
}

impl Ends {
    /// A producer comes, works and leaves; its place is free again when the matcher has seen that.
    fn visit(&mut self) {
        let Some(mut producer) = self.intake.producer() else {
            return yield_now();
        };
        for now in 1..200 {
            let action = self.random.command(now).action;
            let taken = match now % 3 {
                0 => producer.submit(now, action),
                _ => producer.write(now, action),
            };
            self.refused += usize::from(taken.is_err());
            if now % 50 == 0 {
                yield_now();
            }
            while producer.outcome().is_some() {
                self.outcomes += 1;
            }
            self.read();
        }
    }

    fn read(&mut self) {
        while self.lossless.read().is_some() {
            self.messages += 1;
        }
        self.lossless.give_back();
        while self.lossy.read() != Seen::Nothing {}
        black_box(self.depth.read().levels(Side::Buy).count());
        black_box(self.depth.try_read().is_some());
    }
}

#[test]
fn no_end_of_a_shell_allocates() {
    let sizes = ShellBuilder::default().lane(32).ring(256).batch(32);
    let sizes = sizes.producers(2).lossless_readers(1);
    let shell = sizes.build(Engine::new(instrument(5)), Writer::new());
    let shell = shell.unwrap();
    let mut ends = Ends {
        intake: shell.intake,
        lossless: shell.ring.lossless().unwrap(),
        lossy: shell.ring.lossy(),
        depth: shell.depth,
        random: Random(7),
        outcomes: 0,
        messages: 0,
        refused: 0,
    };
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let matching = scope.spawn(|| matching(shell.matcher, &stop));
        let allocations = allocations_in(|| {
            let start = Instant::now();
            while ends.messages < 20_000 || ends.outcomes < 5_000 || ends.refused < 100 {
                ends.visit();
                if start.elapsed() > Duration::from_secs(30) {
                    break;
                }
            }
        });
        stop.store(true, Ordering::Relaxed);
        let (of_matcher, applied) = matching.join().unwrap();
        assert_eq!((allocations, of_matcher), (0, 0));
        assert!(applied >= 5_000 && ends.outcomes >= 5_000, "it never ends");
    });
}

/// Executes commands of up to one fill; how often this thread allocated meanwhile, for whomever.
fn sharing(mut handle: SharedHandle, seed: u64) -> u64 {
    let mut random = Random(seed);
    allocations_in(|| {
        for now in 1..20_000 {
            let mut action = random.command(now).action;
            match &mut action {
                Action::Limit(order) => order.quantity = Quantity::new(1),
                Action::Order(order)
                | Action::Once { order, .. }
                | Action::Leg { order, .. }
                | Action::CancelReplace { order, .. } => order.quantity = Quantity::new(1),
                Action::Market(_) | Action::Replace(_) | Action::Amend(_) => {
                    action = Action::AdvanceTime;
                }
                _ => {}
            }
            let executed = handle.execute(Timestamp::new(now), action);
            black_box(&executed.expect("no panic").report);
        }
    })
}

#[test]
fn no_command_on_a_shared_book_allocates() {
    let sizes = SharedBuilder::default().handles(3).levels(5);
    let sizes = sizes.journal(Writer::new(), |entries, _| {
        black_box(entries.len());
    });
    let book = sizes.build(Engine::new(instrument(5))).unwrap();
    std::thread::scope(|scope| {
        let threads = [1, 2, 3].map(|seed| {
            let handle = book.handle().unwrap();
            scope.spawn(move || sharing(handle, seed))
        });
        for thread in threads {
            assert_eq!(thread.join().unwrap(), 0);
        }
    });
    let trades = book.look(|engine| engine.last_trade().0);
    assert!(trades.unwrap() > 1_000, "it never trades");
}

#[test]
fn a_batch_with_more_events_than_the_buffer_holds_allocates_nothing() {
    let sizes = ShellBuilder::default().lane(1 << 10).batch(32);
    let shell = sizes
        .producers(1)
        .build(Engine::new(instrument(0)), Writer::new());
    let shell = shell.unwrap();
    let (mut matcher, mut producer) = (shell.matcher, shell.intake.producer().unwrap());
    for id in 0..640 {
        let bid = Action::Limit(LimitOrder {
            id: OrderId(id),
            account: AccountId(1),
            side: Side::Buy,
            price: Price::new(id as i64 % 100),
            quantity: Quantity::new(1),
            time_in_force: TimeInForce::Gtc,
            post_only: PostOnly::Off,
        });
        producer.submit(id, bid).unwrap();
    }
    for token in 640..672 {
        let all = Action::CancelAll(CancelAll::default());
        producer.submit(token, all).unwrap();
    }
    let mut applied = 0;
    let allocations = allocations_in(|| {
        while let Turn::Applied(commands) = matcher.turn(Timestamp::new(1)) {
            applied += commands;
        }
    });
    assert_eq!((allocations, applied), (0, 672));
    assert!(matcher.engine().book().is_empty());
}

#[test]
fn an_allocation_is_counted() {
    assert_eq!(allocations_in(|| drop(black_box(Box::new(1)))), 1);
}
