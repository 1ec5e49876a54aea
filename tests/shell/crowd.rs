//! Eight producers and eleven readers on whatever processors there are, and nothing lost, doubled or torn.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use pricetime::shell::{
    DepthReader, LosslessReader, LossyReader, Message, Outcome, Producer, Ring, Seen, Turn,
};
use pricetime::{Action, OrderId, Price, RestingOrder, Side, View, ViewOrder};

use crate::model::script::{Script, even_records};
use crate::rig::{Rig, Truth, roomy, sizes, wait};

const PRODUCERS: usize = 8;
/// Records that each producer makes commands of; some make several.
const COMMANDS: usize = 1_200;
const LEVELS: usize = 3;

/// What one producer asks: the orders of each have ids of their own.
pub fn actions(producer: usize) -> Vec<Action> {
    let script = Script::decode(0, &even_records(producer as u64, COMMANDS));
    let own = |id: &mut OrderId| id.0 = id.0 * PRODUCERS as u64 + producer as u64;
    let commands = script.commands.into_iter();
    let actions = commands.map(|command| {
        let mut action = command.action;
        match &mut action {
            Action::Limit(order) => own(&mut order.id),
            Action::Market(order) => own(&mut order.id),
            Action::Order(order) | Action::Once { order, .. } | Action::Leg { order, .. } => {
                own(&mut order.id);
            }
            Action::CancelReplace { cancel, order, .. } => {
                own(cancel);
                own(&mut order.id);
            }
            Action::Amend(amend) => own(&mut amend.id),
            Action::Cancel(cancel) => own(&mut cancel.id),
            Action::Reduce(reduce) => own(&mut reduce.id),
            Action::Replace(replace) => own(&mut replace.id),
            Action::CancelAll(_) | Action::SetMark(_) | Action::AdvanceTime | Action::EndOfDay => {}
        }
        action
    });
    actions.collect()
}

/// Submits all, in groups, with the index as token, and takes all outcomes.
fn produce(mut producer: Producer, actions: &[Action]) -> Vec<Outcome> {
    let mut outcomes = Vec::new();
    let mut next = 0;
    while outcomes.len() < actions.len() {
        let group = 1 + next % 5;
        for _ in 0..group.min(actions.len() - next) {
            if producer.write(next as u64, actions[next]).is_err() {
                break;
            }
            next += 1;
        }
        producer.publish();
        outcomes.extend(std::iter::from_fn(|| producer.outcome()));
        wait();
    }
    assert_eq!(producer.outcome(), None);
    outcomes
}

/// Reads everything, and gives slots back a few at a time.
fn read_all(mut reader: LosslessReader, done: &AtomicBool, pace: usize) -> Vec<Message> {
    let mut messages = Vec::new();
    loop {
        let was_done = done.load(Ordering::Acquire);
        match reader.read() {
            Some(message) => messages.push(message),
            None if was_done => return messages,
            None => {
                reader.give_back();
                wait();
            }
        }
        if messages.len().is_multiple_of(pace) {
            reader.give_back();
        }
    }
}

/// Comes, reads some, and leaves, over and over; where it began and what it read.
fn read_pieces(ring: &Ring, done: &AtomicBool) -> Vec<(u64, Vec<Message>)> {
    let mut pieces = Vec::new();
    while !done.load(Ordering::Acquire) {
        let Some(mut reader) = ring.lossless() else {
            wait();
            continue;
        };
        let start = reader.position();
        let mut messages = Vec::new();
        for _ in 0..40 {
            messages.extend(reader.read());
            if messages.len() % 7 == 6 {
                reader.give_back();
            }
        }
        pieces.push((start, messages));
        drop(reader);
        wait();
    }
    pieces
}

/// What a lossy reader saw, each with its position, how much it missed, and its position at the end.
type Lossy = (Vec<(u64, Message)>, u64, u64);

fn read_some(mut reader: LossyReader, done: &AtomicBool) -> Lossy {
    let (mut seen, mut missed) = (Vec::new(), 0);
    loop {
        let was_done = done.load(Ordering::Acquire);
        let position = reader.position();
        match reader.read() {
            Seen::Message(message) => seen.push((position, message)),
            Seen::Missed(messages) => missed += messages,
            Seen::Nothing if was_done => return (seen, missed, reader.position()),
            Seen::Nothing => wait(),
        }
    }
}

/// Every depth that it saw, once each.
fn read_depth(mut reader: DepthReader, done: &AtomicBool) -> Vec<Truth> {
    let mut seen: Vec<Truth> = Vec::new();
    let mut looks = 0;
    loop {
        let was_done = done.load(Ordering::Acquire);
        let depth = Truth::seen(&reader.read());
        looks += 1;
        if looks % 64 == 0 {
            wait();
        }
        match seen.last() {
            Some(last) if last.sequence == depth.sequence => assert_eq!(*last, depth),
            _ => seen.push(depth),
        }
        if was_done {
            return seen;
        }
    }
}

/// Runs the matcher until all commands are answered and published; the true depths, first to last.
fn run(rig: &mut Rig, commands: usize, done: &AtomicBool, late: &AtomicBool) -> Vec<Truth> {
    let mut truths = vec![Truth::of(&rig.matcher, LEVELS)];
    let (mut applied, mut now, mut behind) = (0, 0, 0);
    while applied < commands {
        now += 3;
        match rig.apply(now) {
            Turn::Applied(count) => {
                applied += count;
                truths.push(Truth::of(&rig.matcher, LEVELS));
                rig.matcher.publish();
            }
            Turn::Idle | Turn::Poisoned => wait(),
            Turn::Behind => {
                behind += 1;
                late.store(true, Ordering::Release);
                wait();
            }
        }
    }
    while !rig.matcher.publish() {
        wait();
    }
    done.store(true, Ordering::Release);
    assert!(behind > 0, "no reader was ever slow");
    truths
}

struct Gathered {
    actions: Vec<Vec<Action>>,
    outcomes: Vec<Vec<Outcome>>,
    truths: Vec<Truth>,
    lossless: Vec<Vec<Message>>,
    pieces: Vec<(u64, Vec<Message>)>,
    lossy: Vec<Lossy>,
    depths: Vec<Vec<Truth>>,
}

fn gather(rig: &mut Rig) -> Gathered {
    let actions: Vec<_> = (0..PRODUCERS).map(actions).collect();
    let (done, late) = (AtomicBool::new(false), AtomicBool::new(false));
    let (ring, depth) = (rig.ring.clone(), rig.depth.clone());
    thread::scope(|scope| {
        let done = &done;
        let late = &late;
        let pace = |pace| {
            let reader = ring.lossless().expect("a free place");
            scope.spawn(move || {
                // One begins only when the matcher has had to wait for it.
                while pace == 19 && !late.load(Ordering::Acquire) {
                    wait();
                }
                read_all(reader, done, pace)
            })
        };
        let lossless: Vec<_> = [1, 5, 19].map(pace).into_iter().collect();
        let lossy = (0..3).map(|_| ring.lossy());
        let lossy: Vec<_> = lossy
            .map(|reader| scope.spawn(move || read_some(reader, done)))
            .collect();
        let depths = (0..2).map(|_| depth.clone());
        let depths: Vec<_> = depths
            .map(|reader| scope.spawn(move || read_depth(reader, done)))
            .collect();
        let pieces = scope.spawn(|| read_pieces(&ring, done));
        let ends = actions.iter().map(|actions| (rig.producer(), actions));
        let outcomes: Vec<_> = ends
            .map(|(producer, actions)| scope.spawn(move || produce(producer, actions)))
            .collect();
        let commands = actions.iter().map(Vec::len).sum();
        let truths = run(rig, commands, done, late);
        let join = |thread: thread::ScopedJoinHandle<'_, _>| thread.join().expect("no panic");
        Gathered {
            outcomes: outcomes.into_iter().map(join).collect(),
            truths,
            lossless: lossless.into_iter().map(|t| t.join().unwrap()).collect(),
            pieces: pieces.join().unwrap(),
            lossy: lossy.into_iter().map(|t| t.join().unwrap()).collect(),
            depths: depths.into_iter().map(|t| t.join().unwrap()).collect(),
            actions: actions.clone(),
        }
    })
}

/// Each command is in the journal once, where its outcome says, and in the order of its producer.
fn check_commands(rig: &Rig, gathered: &Gathered) {
    let entries = rig.entries();
    let mut named = vec![false; entries.len()];
    for (actions, outcomes) in gathered.actions.iter().zip(&gathered.outcomes) {
        let mut last = 0;
        for (token, (action, outcome)) in actions.iter().zip(outcomes).enumerate() {
            assert_eq!(outcome.token, token as u64);
            assert!(outcome.sequence > last, "out of order");
            last = outcome.sequence;
            let index = last as usize - 1;
            assert_eq!(entries[index].command.action, *action);
            assert!(!std::mem::replace(&mut named[index], true), "told twice");
            let is_refused = entries[index]
                .events
                .iter()
                .any(|event| matches!(event, pricetime::Event::Rejected { .. }));
            assert_eq!(outcome.result.is_err(), is_refused);
        }
    }
    assert!(named.iter().all(|named| *named), "an entry of nobody");
    let times = entries.iter().map(|entry| entry.command.timestamp);
    assert!(times.is_sorted(), "a time went back");
    rig.check();
}

fn check_readers(rig: &Rig, gathered: &Gathered) {
    let messages = rig.messages();
    for read in &gathered.lossless {
        assert_eq!(*read, messages);
    }
    for (start, piece) in &gathered.pieces {
        let start = *start as usize;
        assert_eq!(*piece, messages[start..start + piece.len()]);
    }
    for (seen, missed, position) in &gathered.lossy {
        assert_eq!(*position, messages.len() as u64);
        assert_eq!(seen.len() as u64 + missed, *position);
        for (position, message) in seen {
            assert_eq!(*message, messages[*position as usize], "at {position}");
        }
    }
}

fn check_depths(gathered: &Gathered) {
    for seen in &gathered.depths {
        let mut truths = gathered.truths.iter();
        for depth in seen {
            let truth = truths.find(|truth| truth.sequence >= depth.sequence);
            assert_eq!(truth, Some(depth), "torn, or back in time");
        }
        assert_eq!(seen.last(), gathered.truths.last());
    }
}

/// What a view shows of an order.
fn seen(order: RestingOrder) -> ViewOrder {
    ViewOrder {
        id: order.id,
        account: order.account,
        side: order.side,
        price: order.price,
        quantity: order.quantity,
        displayed: order.displayed,
    }
}

/// A view fed by what a lossless reader read has the book.
fn check_view(rig: &Rig, messages: &[Message]) {
    let mut view = View::new();
    messages
        .iter()
        .for_each(|message| view.apply(&message.event));
    let book = rig.matcher.engine().book();
    let mut orders = 0;
    for side in Side::BOTH {
        assert!(view.depth(side).eq(book.depth(side)));
        // Levels that show nothing are not in the depth.
        let mut prices: Vec<Price> = view.orders(side).map(|order| order.price).collect();
        prices.dedup();
        let booked = prices.iter().flat_map(|price| book.orders_at(side, *price));
        let booked: Vec<ViewOrder> = booked.map(seen).collect();
        assert!(view.orders(side).eq(booked.iter().copied()));
        orders += booked.len();
    }
    assert_eq!(orders, book.len());
    assert_eq!(view.last_price(), rig.matcher.engine().last_price());
}

#[test]
fn a_crowd_loses_doubles_and_tears_nothing() {
    let sizes = sizes().producers(PRODUCERS).lane(16).batch(12);
    let sizes = sizes.ring(64).lossless_readers(4).levels(LEVELS);
    let mut rig = Rig::of(roomy(), sizes);
    let gathered = gather(&mut rig);
    check_commands(&rig, &gathered);
    check_readers(&rig, &gathered);
    check_depths(&gathered);
    check_view(&rig, &gathered.lossless[0]);
    let trades = rig.messages();
    let trades = trades
        .iter()
        .filter(|message| matches!(message.event, pricetime::Event::Traded { .. }));
    assert!(trades.count() > 500, "the producers meet");
}
