//! Ids and orders chosen to crowd one part of an index.

use pricetime::{
    AccountId, Action, Cancel, Capacities, Command, Engine, Event, Events, Instrument, LimitOrder,
    OrderId, PostOnly, Price, Quantity, RejectReason, Side, TimeInForce, Timestamp,
};

const KEY: u64 = 0x9E37_79B9_7F4A_7C15;
const MULTIPLIER: u64 = 0x243F_6A88_85A3_08D3;

/// The hash that the book keeps of a number, computed as an attacker who has read the source would.
fn tag(number: u64, key: u64) -> u32 {
    let product = u128::from(number ^ key) * u128::from(MULTIPLIER);
    (((product >> 64) as u64 ^ product as u64) >> 32) as u32
}

fn ids_that_end_in(bits: u32, mask: u32) -> impl Iterator<Item = u64> {
    (1 << 40..).filter(move |&id| tag(id, KEY) & mask == bits)
}

fn bid(id: u64) -> LimitOrder {
    LimitOrder {
        id: OrderId(id),
        account: AccountId(1),
        side: Side::Buy,
        post_only: PostOnly::Off,
        price: Price::new(5),
        quantity: Quantity::new(1),
        time_in_force: TimeInForce::Gtc,
    }
}

fn engine(orders: u32, timed_orders: u32) -> Engine {
    let capacities = Capacities {
        orders,
        levels: 4,
        accounts: 0,
        timed_orders,
        special_orders: 0,
        waiting_orders: 0,
        lists: 0,
        tokens: 0,
        events: 64,
    };
    Engine::new(
        Instrument::builder()
            .capacities(capacities)
            .build()
            .unwrap(),
    )
}

fn enter(engine: &mut Engine, order: LimitOrder) -> Option<RejectReason> {
    let command = Command::new(Timestamp::new(0), Action::Limit(order));
    engine.submit(&command).err()
}

#[test]
fn crowd_of_ids_is_refused_and_leaves_no_trace() {
    let mut engine = engine(1 << 16, 0);
    let crowd: Vec<u64> = ids_that_end_in(0x3FFF, 0x3FFF).take(300).collect();
    let mut refused = Vec::new();
    for &id in &crowd {
        let before = engine.clone();
        if let Some(reason) = enter(&mut engine, bid(id)) {
            assert_eq!(reason, RejectReason::OrderIdIndexFull);
            assert!(engine == before);
            refused.push(id);
        }
    }
    assert_eq!(engine.book().len() + refused.len(), 300);
    assert!((32..=100).contains(&refused.len()), "{}", refused.len());
    engine.book().check();
    let immediate = LimitOrder {
        time_in_force: TimeInForce::Ioc,
        ..bid(refused[0])
    };
    assert_eq!(
        enter(&mut engine, immediate),
        None,
        "what does not rest needs no room"
    );
    for &id in crowd.iter().filter(|id| !refused.contains(id)) {
        let cancel = Cancel {
            id: OrderId(id),
            owner: None,
        };
        let command = Command::new(Timestamp::new(0), Action::Cancel(cancel));
        assert!(engine.submit(&command).is_ok());
    }
    assert!(engine.book().is_empty());
    assert_eq!(enter(&mut engine, bid(refused[0])), None);
}

#[test]
fn crowd_in_the_way_of_growth_does_not_keep_others_out() {
    let mut engine = engine(1 << 16, 0);
    let crowd = ids_that_end_in(0x3FFF, 0x3FFF).take(224);
    let beside = ids_that_end_in(64, 0x7F).take(8);
    for id in crowd.chain(beside) {
        assert_eq!(enter(&mut engine, bid(id)), None);
    }
    // While there are few homes, some ids share the crowd's.
    let refused: Vec<u64> = (1..60_000)
        .filter(|&id| enter(&mut engine, bid(id)).is_some())
        .collect();
    assert!(refused.iter().all(|&id| tag(id, KEY) & 0x3F == 0x3F));
    assert!(refused.len() < 60, "{}", refused.len());
    engine.book().check();
}

#[test]
fn any_orders_may_be_the_timed_ones() {
    let mut engine = engine(1 << 16, 1_000);
    let mut events = Events::for_instrument(engine.instrument());
    for id in 1..60_000 {
        let mut order = bid(id);
        if tag(id + 3, 0) & 0xFF == 7 {
            order.time_in_force = TimeInForce::Day;
        }
        events.clear();
        engine.apply(
            &Command::new(Timestamp::new(0), Action::Limit(order)),
            &mut events,
        );
        assert!(matches!(
            events.as_slice().last(),
            Some(Event::Rested { .. })
        ));
    }
    engine.book().check();
}
