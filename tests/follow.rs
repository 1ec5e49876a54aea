//! A reader that keeps a whole book of its own, from a checkpoint and the ring.

#[allow(dead_code, reason = "other tests use the rest of the model")]
mod model;

use std::thread;

use model::script::{Script, even_records};
use pricetime::journal::Writer;
use pricetime::shell::{Follow, Lapped, Matcher, Producer, Shell, ShellBuilder, Turn};
use pricetime::{
    AccountId, Action, Display, Engine, Instrument, InstrumentBuilder, Order, OrderId, Price,
    Quantity, Refresh, Side, Timestamp, View,
};

fn script(count: usize) -> Script {
    Script::decode(0, &even_records(11, count))
}

fn shell(script: &Script, ring: usize) -> Shell {
    shell_of(script.instrument.clone(), ring)
}

fn shell_of(instrument: InstrumentBuilder, ring: usize) -> Shell {
    let instrument = instrument.build().expect("a right setting");
    let sizes = ShellBuilder::default().ring(ring).lane(1 << 12);
    let shell = sizes.build(Engine::new(instrument), Writer::new());
    shell.expect("sizes within range")
}

fn submit(producer: &mut Producer, actions: &[Action]) {
    for (token, action) in actions.iter().enumerate() {
        producer
            .submit(token as u64, *action)
            .expect("room in the lane");
    }
}

fn run(matcher: &mut Matcher, producer: &mut Producer, actions: &[Action]) {
    submit(producer, actions);
    while let Turn::Applied(_) = matcher.turn(Timestamp::new(1)) {
        assert!(matcher.publish());
        while producer.outcome().is_some() {}
    }
}

/// The view holds the book of the matcher, order by order.
fn assert_same(view: &View, matcher: &Matcher) {
    let book = matcher.engine().book();
    let mut orders = 0;
    for side in Side::BOTH {
        assert!(view.depth(side).eq(book.depth(side)), "{side:?}");
        // Levels that show nothing are not in the depth.
        let mut prices: Vec<Price> = view.orders(side).map(|order| order.price).collect();
        prices.dedup();
        let booked = prices.iter().flat_map(|price| book.orders_at(side, *price));
        let booked = booked.map(|order| (order.id, order.quantity, order.displayed));
        let booked: Vec<_> = booked.collect();
        let viewed = view.orders(side);
        let viewed = viewed.map(|order| (order.id, order.quantity, order.displayed));
        assert!(viewed.eq(booked.iter().copied()), "{side:?}");
        orders += booked.len();
    }
    assert_eq!(orders, book.len());
}

fn actions(script: &Script) -> Vec<Action> {
    script
        .commands
        .iter()
        .map(|command| command.action)
        .collect()
}

#[test]
fn a_reader_that_joins_anywhere_has_the_book_ever_after() {
    let script = script(600);
    let actions = actions(&script);
    for at in [0, 1, 150, 599] {
        let shell = shell(&script, 1 << 16);
        let mut matcher = shell.matcher;
        let mut producer = shell.intake.producer().expect("a free place");
        run(&mut matcher, &mut producer, &actions[..at]);
        let checkpoint = matcher.checkpoint().expect("everything is published");
        assert_eq!(checkpoint.sequence(), at as u64);
        let mut follow = Follow::new(&shell.ring, checkpoint);
        for next in actions[at..].chunks(37) {
            run(&mut matcher, &mut producer, next);
            follow.update().expect("the ring is large");
            assert_eq!(follow.sequence(), matcher.mark().sequence);
            assert_same(follow.view(), &matcher);
        }
    }
}

/// An ask of thirty.
fn ask(id: u64, price: i64, display: Display) -> Action {
    let (id, price) = (OrderId(id), Price::new(price));
    let order = Order::limit(id, AccountId(1), Side::Sell, price, Quantity::new(30));
    Action::Order(Order { display, ..order })
}

#[test]
fn a_checkpoint_has_what_is_not_shown_in_its_place() {
    let peak = |refresh| Display::Peak {
        quantity: Quantity::new(7),
        spread_bps: 0,
        refresh,
    };
    let mut asked = vec![ask(1, 100, Display::Hidden), ask(2, 101, Display::Hidden)];
    let displays = [Display::Hidden, peak(Refresh::HiddenLast), Display::Whole];
    for (id, display) in (3..).zip(displays) {
        asked.push(ask(id, 101, display));
    }
    asked.push(ask(6, 101, peak(Refresh::Requeue)));
    let taker = |id| {
        let (id, quantity) = (OrderId(id), Quantity::new(11));
        Action::Order(Order::market(id, AccountId(2), Side::Buy, quantity))
    };
    asked.extend((7..24).map(taker));
    for at in 0..asked.len() {
        let shell = shell_of(Instrument::builder(), 1 << 10);
        let mut matcher = shell.matcher;
        let mut producer = shell.intake.producer().expect("a free place");
        run(&mut matcher, &mut producer, &asked[..at]);
        let checkpoint = matcher.checkpoint().expect("everything is published");
        let mut follow = Follow::new(&shell.ring, checkpoint);
        assert_same(follow.view(), &matcher);
        for next in &asked[at..] {
            run(&mut matcher, &mut producer, &[*next]);
            follow.update().expect("the ring is large");
            assert_same(follow.view(), &matcher);
        }
        assert!(
            matcher.engine().book().is_empty(),
            "all was there, and all was taken"
        );
        assert_eq!(matcher.engine().last_price(), Some(Price::new(101)));
    }
}

#[test]
fn a_reader_that_was_lapped_is_told_and_starts_again() {
    let script = script(400);
    let actions = actions(&script);
    let shell = shell(&script, 16);
    let mut matcher = shell.matcher;
    let mut producer = shell.intake.producer().expect("a free place");
    let checkpoint = matcher.checkpoint().expect("nothing was done");
    let mut follow = Follow::new(&shell.ring, checkpoint);
    run(&mut matcher, &mut producer, &actions[..200]);
    let Err(Lapped { missed }) = follow.update() else {
        panic!("two hundred commands went through a ring of sixteen");
    };
    assert!(missed > 100);
    assert!(follow.update().is_err(), "it stays so");
    follow.resync(matcher.checkpoint().expect("everything is published"));
    assert_eq!(follow.update(), Ok(()));
    assert_same(follow.view(), &matcher);
    for action in &actions[200..] {
        run(&mut matcher, &mut producer, &[*action]);
        assert_eq!(follow.update(), Ok(()));
    }
    assert_same(follow.view(), &matcher);
}

#[test]
fn a_reader_on_another_thread_ends_with_the_same_book() {
    let script = script(2_000);
    let actions = actions(&script);
    let shell = shell(&script, 1 << 16);
    let mut matcher = shell.matcher;
    let mut producer = shell.intake.producer().expect("a free place");
    run(&mut matcher, &mut producer, &actions[..500]);
    let checkpoint = matcher.checkpoint().expect("everything is published");
    let mut follow = Follow::new(&shell.ring, checkpoint);
    // The last command has an event of its own, so the reader sees when it has all.
    let last = actions.len() as u64 + 1;
    let reading = thread::spawn(move || {
        while follow.sequence() < last {
            follow.update().expect("the ring is large");
        }
        follow
    });
    for next in actions[500..].chunks(100) {
        run(&mut matcher, &mut producer, next);
    }
    run(&mut matcher, &mut producer, &[Action::EndOfDay]);
    let follow = reading.join().unwrap();
    assert_same(follow.view(), &matcher);
}
