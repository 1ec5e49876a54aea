//! Snapshots whose digest is right and whose lists cannot be: either they are refused, or nothing later panics.

mod venue;

use pricetime::journal::{Mark, restore, snapshot};
use pricetime::{Action, Command, Engine, Events, ListId, ListKind, Order, PartialFill, Timestamp};
use venue::words::{ask, bid, whose};
use venue::{Venue, small};

const WORD: usize = 8;
/// Words of an order of a list: id, open, traded, due to lose, flags.
const TRADED: usize = 2;
const FLAGS: usize = 4;
const LIST_WORDS: usize = 3;

fn leg(legs: u8, order: Order) -> Action {
    Action::Leg {
        list: ListId(7),
        kind: ListKind::OneCancelsMany,
        legs,
        partial_fill: PartialFill::Reduces,
        order,
    }
}

fn bytes_of(venue: &Venue) -> Vec<u8> {
    let mut bytes = Vec::new();
    snapshot(&venue.engine, Mark::default(), &mut bytes);
    bytes
}

/// Where the list has this order: nothing behind the list names an id.
fn place_of(bytes: &[u8], id: u64) -> usize {
    let words = bytes.as_chunks::<WORD>().0;
    let place = words.iter().rposition(|word| *word == id.to_le_bytes());
    place.expect("a list has it") * WORD
}

/// Puts length and digest right, restores, and does more if that goes.
fn goes_on(mut bytes: Vec<u8>, actions: &[Action]) {
    let length = bytes.len() as u64;
    bytes[16..24].copy_from_slice(&length.to_le_bytes());
    if let Some((content, digest)) = bytes.split_last_chunk_mut::<32>() {
        *digest = *blake3::hash(content).as_bytes();
    }
    let instrument = small().build().expect("a right instrument");
    let Ok((mut engine, _)) = restore(&bytes, &instrument) else {
        return;
    };
    does(&mut engine, actions);
}

fn does(engine: &mut Engine, actions: &[Action]) {
    for &action in actions {
        let command = Command::new(Timestamp::new(0), action);
        engine.apply(&command, &mut Events::default());
        engine.book().check();
    }
}

#[test]
fn an_order_of_a_list_that_has_not_started_is_not_gone_alone() {
    let mut venue = Venue::of(small());
    venue.does(leg(3, ask(555_002, 101, 5)));
    let mut bytes = bytes_of(&venue);
    let at = place_of(&bytes, 555_002);
    let gone = [9, 0, 0, 0, 3_u64].map(u64::to_le_bytes);
    bytes.splice(at..at, gone.into_iter().flatten());
    bytes[at - LIST_WORDS * WORD + 7] = 2;
    goes_on(bytes, &[leg(3, ask(555_003, 102, 5))]);
}

#[test]
fn an_order_of_a_list_that_has_not_started_is_not_to_be_released() {
    let mut venue = Venue::of(small());
    venue.does(leg(3, ask(555_001, 100, 5)));
    venue.does(leg(3, ask(555_002, 101, 5)));
    let mut bytes = bytes_of(&venue);
    let at = place_of(&bytes, 555_001);
    bytes[at + FLAGS * WORD + 1] |= 2;
    goes_on(bytes, &[Action::AdvanceTime, leg(3, ask(555_003, 102, 5))]);
}

#[test]
fn an_order_of_a_list_has_not_traded_more_than_there_is() {
    let mut venue = Venue::of(small());
    venue.does(leg(2, ask(555_001, 100, 5)));
    venue.does(leg(2, ask(555_002, 101, 5)));
    let mut bytes = bytes_of(&venue);
    let at = place_of(&bytes, 555_001) + TRADED * WORD;
    bytes[at..at + WORD].copy_from_slice(&u64::MAX.to_le_bytes());
    goes_on(bytes, &[Action::Order(whose(2, bid(7, 100, 2)))]);
}

#[test]
fn an_order_of_a_list_that_has_not_started_is_not_to_lose() {
    const LOSS: usize = 3;
    let mut venue = Venue::of(small());
    venue.does(leg(3, ask(555_001, 100, 5)));
    venue.does(leg(3, ask(555_002, 101, 5)));
    let mut bytes = bytes_of(&venue);
    let at = place_of(&bytes, 555_001) + LOSS * WORD;
    bytes[at] = 9;
    goes_on(bytes, &[Action::AdvanceTime, leg(3, ask(555_003, 102, 5))]);
}
