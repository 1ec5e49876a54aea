//! Random commands on small domains: the engine against the model, and against itself.
//!
//! `PROPTEST_CASES` sets how many scripts each claim is tried on. A failure prints
//! the commands of the smallest script that it was shrunk to.

mod model;
mod witness;

use std::collections::BTreeSet;

use model::Model;
use model::script::{FAR_APART, RECORD, SETTINGS, Script, even_records};
use pricetime::{
    Action, Command, Engine, Event, Events, Instrument, OrderId, Price, Pricing, Quantity,
    RestingOrder, Side, View, ViewOrder,
};
use proptest::collection::vec;
use proptest::prelude::*;
use witness::{Ledger, Queues};

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        max_shrink_iters: 10_000,
        ..ProptestConfig::default()
    })]

    #[test]
    fn every_event_is_the_models(script in scripts()) {
        let mut model = Model::new(&instrument(&script));
        play(&script, |_, step| {
            assert_eq!(step.events, model.apply(step.command), "{:?}", step.command);
        });
    }

    #[test]
    fn every_book_is_the_models(script in scripts()) {
        let mut model = Model::new(&instrument(&script));
        play(&script, |engine, step| {
            model.apply(step.command);
            compare_books(engine, &model);
            assert_eq!(engine.now(), model.now());
            assert_eq!(engine.last_price(), model.last_price());
            assert_eq!(engine.last_trade(), model.last_trade());
        });
    }

    #[test]
    fn every_answer_about_the_book_is_the_models(script in scripts()) {
        let mut model = Model::new(&instrument(&script));
        let (ids, prices) = mentioned(&script);
        play(&script, |engine, step| {
            model.apply(step.command);
            compare_sides(engine, &model, &prices);
            compare_orders(engine, &model, &ids);
        });
    }

    #[test]
    fn a_view_of_the_events_is_the_book(script in scripts()) {
        let mut view = View::new();
        play(&script, |engine, step| {
            step.events.iter().for_each(|event| view.apply(event));
            compare_view(engine, &view);
            assert_eq!(view.last_price(), engine.last_price());
        });
    }

    #[test]
    fn a_book_is_sound(script in scripts()) {
        play(&script, |engine, _| engine.book().check());
    }

    #[test]
    fn only_orders_with_a_minimum_or_due_to_go_cross_a_book(script in scripts()) {
        let mut ids = BTreeSet::new();
        let mut model = Model::new(&instrument(&script));
        play(&script, |engine, step| {
            model.apply(step.command);
            ids.extend(step.events.iter().filter_map(rested));
            let resting = ids.iter().filter_map(|id| engine.book().order(*id));
            let is_free = |order: &RestingOrder| order.minimum == Quantity::ZERO && !model.is_due_by_its_list(order.id);
            let free: Vec<RestingOrder> = resting.filter(is_free).collect();
            let of = |side| free.iter().filter(move |order| order.side == side).map(|order| order.price);
            if let (Some(bid), Some(ask)) = (of(Side::Buy).max(), of(Side::Sell).min()) {
                assert!(bid < ask, "crossed at {bid:?} and {ask:?}");
            }
        });
    }

    #[test]
    fn a_refused_command_leaves_no_trace(script in scripts()) {
        let mut before = Engine::new(instrument(&script));
        play(&script, |engine, step| {
            match step.events {
                [Event::Rejected { .. } | Event::Duplicate { .. }] => assert!(*engine == before, "{:?}", step.command),
                [.., Event::Rejected { .. } | Event::Duplicate { .. }] => {
                    // Its time had come for some orders; nothing else may have happened.
                    advance(&mut before, step.command);
                    assert!(*engine == before, "{:?}", step.command);
                }
                // Accepted, or orders that the book is crossed by traded after it.
                _ => {}
            }
            before = engine.clone();
        });
    }

    #[test]
    fn every_lot_is_traded_cancelled_resting_or_waiting(script in scripts()) {
        let mut ledger = Ledger::default();
        play(&script, |engine, step| {
            ledger.apply(step.events);
            let left = ledger.left();
            assert_eq!(left.len(), engine.book().len() + engine.book().waiting());
            for (id, quantity) in left {
                if let Some(waiting) = engine.book().waiting_order(id) {
                    assert_eq!(waiting.order.quantity, quantity, "{waiting:?}");
                    continue;
                }
                let order = engine.book().order(id).expect("what is left rests");
                assert_eq!(order.quantity, quantity, "{order:?}");
                assert!(order.displayed <= order.quantity, "{order:?}");
            }
        });
    }

    #[test]
    fn best_price_and_then_oldest_order_fill_first(script in scripts()) {
        let mut queues = Queues::default();
        play(&script, |_, step| queues.apply(step.command, step.events));
    }

    #[test]
    fn no_command_says_more_than_its_buffer_holds(script in scripts()) {
        let most = instrument(&script).capacities().events as usize;
        play(&script, |_, step| {
            let due = step.events.iter().take_while(|event| is_expiry(event)).count();
            assert!(due <= most);
            // It says of both orders what becomes of them, and that one was triggered as it was entered.
            let more = match &step.command.action {
                Action::CancelReplace { order, .. } => 1 + usize::from(order.trigger.is_some()),
                Action::Order(order) | Action::Once { order, .. } => usize::from(order.trigger.is_some()),
                _ => 0,
            };
            assert!(step.events.len() - due <= most + more);
        });
    }

    #[test]
    fn an_engine_never_reserves_more_than_at_first(script in scripts()) {
        let reserved = Engine::new(instrument(&script)).memory_bytes();
        play(&script, |engine, _| assert_eq!(engine.memory_bytes(), reserved));
    }

    #[test]
    fn a_replay_says_the_same(script in scripts()) {
        let (first, first_events) = play_whole(&script);
        let (second, second_events) = play_whole(&script);
        assert_eq!(first_events, second_events);
        assert!(first == second);
    }

    #[test]
    fn no_result_depends_on_the_index_key(script in scripts(), key in any::<u64>()) {
        let mut other = script.clone();
        other.instrument = other.instrument.index_key(key);
        assert_eq!(play_whole(&script).1, play_whole(&other).1);
    }

    #[test]
    fn prefetching_changes_nothing(script in scripts(), window in 1..9_usize) {
        let mut engine = Engine::new(instrument(&script));
        let mut events = Events::default();
        for (index, command) in script.commands.iter().enumerate() {
            let end = script.commands.len().min(index + window);
            engine.prefetch(&script.commands[index..end]);
            engine.apply(command, &mut events);
        }
        let (plain, plain_events) = play_whole(&script);
        assert_eq!(events, plain_events);
        assert!(engine == plain);
    }

    #[test]
    fn a_clone_goes_on_as_its_original(script in scripts(), cut in any::<prop::sample::Index>()) {
        let (early, late) = script.commands.split_at(cut.index(script.commands.len() + 1));
        let mut original = Engine::new(instrument(&script));
        run(&mut original, early);
        let mut clone = original.clone();
        let of_clone = run(&mut clone, late);
        // The clone went first: had they shared anything, the original would show it.
        let of_original = run(&mut original, late);
        assert_eq!(of_clone, of_original);
        assert!(clone == original);
    }
}

/// The small domains of the claims above leave the deeper parts of the book's index unused.
#[test]
fn a_large_book_is_the_models() {
    let script = Script::decode(FAR_APART, &even_records(1, 3_500));
    let mut model = Model::new(&instrument(&script));
    let mut view = View::new();
    let mut largest = 0;
    play(&script, |engine, step| {
        assert_eq!(step.events, model.apply(step.command), "{:?}", step.command);
        step.events.iter().for_each(|event| view.apply(event));
        largest = largest.max(engine.book().len());
        if step.command.timestamp.nanoseconds() % 16 == 0 {
            engine.book().check();
            compare_books(engine, &model);
            compare_view(engine, &view);
        }
    });
    assert!(largest >= 500, "no more than {largest} orders rested");
}

fn scripts() -> impl Strategy<Value = Script> {
    let records = vec(any::<[u8; RECORD]>(), 0..=180);
    (0..SETTINGS, records).prop_map(|(setting, records)| Script::decode(setting, &records))
}

fn instrument(script: &Script) -> Instrument {
    script.instrument.clone().build().expect("a right setting")
}

/// A command and what it did.
struct Step<'a> {
    command: &'a Command,
    events: &'a [Event],
}

/// Applies the script's commands and calls `check` after each.
fn play(script: &Script, mut check: impl FnMut(&Engine, Step)) {
    let mut engine = Engine::new(instrument(script));
    let mut events = Events::for_instrument(engine.instrument());
    for command in &script.commands {
        events.clear();
        engine.apply(command, &mut events);
        let events = events.as_slice();
        check(&engine, Step { command, events });
    }
}

fn play_whole(script: &Script) -> (Engine, Events) {
    let mut engine = Engine::new(instrument(script));
    let events = run(&mut engine, &script.commands);
    (engine, events)
}

fn run(engine: &mut Engine, commands: &[Command]) -> Events {
    let mut events = Events::default();
    for command in commands {
        engine.apply(command, &mut events);
    }
    events
}

/// Lets only the time of `command` pass.
fn advance(engine: &mut Engine, command: &Command) {
    let mut events = Events::default();
    engine.apply(
        &Command::new(command.timestamp, Action::AdvanceTime),
        &mut events,
    );
}

fn compare_books(engine: &Engine, model: &Model) {
    let resting = Side::BOTH.map(|side| model.orders(side)).concat();
    assert_eq!(engine.book().len(), resting.len());
    for side in Side::BOTH {
        let orders = model.orders(side);
        assert_eq!(
            orders_at(engine, side, orders.iter().map(|order| order.price)),
            orders
        );
    }
}

fn compare_view(engine: &Engine, view: &View) {
    let mut seen_in_all = 0;
    for side in Side::BOTH {
        let seen: Vec<ViewOrder> = view.orders(side).collect();
        let there = orders_at(engine, side, seen.iter().map(|order| order.price));
        let there: Vec<ViewOrder> = there.iter().map(as_seen).collect();
        assert_eq!(seen, there);
        assert!(view.depth(side).eq(engine.book().depth(side)));
        seen_in_all += seen.len();
    }
    assert_eq!(seen_in_all, engine.book().len());
}

/// The orders of a side at these prices, of which equal ones stand together.
fn orders_at(
    engine: &Engine,
    side: Side,
    prices: impl Iterator<Item = Price>,
) -> Vec<RestingOrder> {
    let mut prices: Vec<Price> = prices.collect();
    prices.dedup();
    let levels = prices.into_iter();
    levels
        .flat_map(|price| engine.book().orders_at(side, price))
        .collect()
}

/// The order that came to rest.
fn rested(event: &Event) -> Option<OrderId> {
    match event {
        Event::Rested { id, .. } | Event::RestedHidden { id, .. } => Some(*id),
        _ => None,
    }
}

fn as_seen(order: &RestingOrder) -> ViewOrder {
    ViewOrder {
        id: order.id,
        account: order.account,
        side: order.side,
        price: order.price,
        quantity: order.quantity,
        displayed: order.displayed,
    }
}

fn is_expiry(event: &Event) -> bool {
    let expired = pricetime::CancelCause::Expired;
    matches!(event, Event::Cancelled { cause, .. } if *cause == expired)
}

fn compare_sides(engine: &Engine, model: &Model, prices: &[Price]) {
    let book = engine.book();
    for side in Side::BOTH {
        assert_eq!(book.depth(side).collect::<Vec<_>>(), model.depth(side));
        assert_eq!(book.best(side), model.best(side));
        for &price in prices {
            assert_eq!(book.level(side, price), model.level(side, price));
            let queue: Vec<RestingOrder> = book.orders_at(side, price).collect();
            assert_eq!(queue, model.orders_at(side, price));
        }
        for lots in [0, 1, 7, 30, u64::MAX] {
            let quantity = Quantity::new(lots);
            assert_eq!(book.cost(side, quantity), model.cost(side, quantity));
        }
    }
    assert_eq!(book.spread(), model.spread());
    for levels in [0, 1, 2, usize::MAX] {
        assert_eq!(book.imbalance(levels), model.imbalance(levels));
    }
}

fn compare_orders(engine: &Engine, model: &Model, ids: &[OrderId]) {
    let book = engine.book();
    let resting = Side::BOTH.map(|side| model.orders(side).len());
    assert_eq!(book.len(), resting[0] + resting[1]);
    assert_eq!(book.is_empty(), resting == [0, 0]);
    assert_eq!(book.waiting(), model.waiting());
    for &id in ids {
        assert_eq!(book.order(id), model.order(id));
        assert_eq!(book.waiting_order(id), model.waiting_order(id));
        assert_eq!(book.queue_position(id), model.queue_position(id));
    }
}

/// The ids and prices that the script's orders have, and some that they may not have.
fn mentioned(script: &Script) -> (Vec<OrderId>, Vec<Price>) {
    let mut ids = vec![OrderId(0), OrderId(u64::MAX)];
    let mut prices = [i64::MIN, -1, 0, 1, i64::MAX].map(Price::new).to_vec();
    for command in &script.commands {
        match &command.action {
            Action::Limit(order) => {
                ids.push(order.id);
                prices.push(order.price);
            }
            Action::Order(order)
            | Action::Once { order, .. }
            | Action::Leg { order, .. }
            | Action::CancelReplace { order, .. } => {
                ids.push(order.id);
                if let Pricing::Limit(price) | Pricing::Pegged { limit: price, .. } = order.pricing
                {
                    prices.push(price);
                }
            }
            Action::Market(order) => ids.push(order.id),
            Action::Replace(replace) => prices.extend(replace.price),
            Action::Amend(amend) => prices.extend(amend.price),
            Action::Cancel(_)
            | Action::Reduce(_)
            | Action::CancelAll(_)
            | Action::SetMark(_)
            | Action::AdvanceTime
            | Action::EndOfDay => {}
        }
    }
    ids.sort();
    ids.dedup();
    prices.sort();
    prices.dedup();
    (ids, prices)
}
