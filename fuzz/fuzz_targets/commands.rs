//! Commands made from the fuzzer's bytes, compared with the reference model at every step.
//!
//! The first byte chooses the setting, each record after it makes one command.

#![no_main]

#[path = "../../tests/model/mod.rs"]
#[allow(
    dead_code,
    reason = "the model answers questions that only the tests ask"
)]
mod model;

use libfuzzer_sys::fuzz_target;
use model::Model;
use model::script::{RECORD, Script};
use pricetime::{Command, Engine, Events, Price, RestingOrder, Side, View, ViewOrder};

/// How many commands go by between two looks at the whole book.
const LOOK_EVERY: usize = 8;

fuzz_target!(|bytes: &[u8]| {
    let Some((&setting, bytes)) = bytes.split_first() else {
        return;
    };
    let (records, _) = bytes.as_chunks::<RECORD>();
    compare(&Script::decode(setting, records));
});

fn compare(script: &Script) {
    let instrument = script.instrument.clone().build().expect("a right setting");
    let mut events = Events::for_instrument(&instrument);
    let mut model = Model::new(&instrument);
    let mut engine = Engine::new(instrument);
    let mut view = View::new();
    for (index, command) in script.commands.iter().enumerate() {
        events.clear();
        engine.apply(command, &mut events);
        assert_eq!(events.as_slice(), model.apply(command), "{command:?}");
        events.iter().for_each(|event| view.apply(event));
        if (index + 1) % LOOK_EVERY == 0 {
            compare_books(&engine, &model, &view);
            compare_waiting(&engine, &model, &script.commands[..=index]);
        }
    }
    compare_books(&engine, &model, &view);
    compare_waiting(&engine, &model, &script.commands);
}

/// Of all orders that were spoken of, whether and for what they wait.
fn compare_waiting(engine: &Engine, model: &Model, commands: &[Command]) {
    assert_eq!(engine.book().waiting(), model.waiting());
    for id in commands.iter().map(|command| command.action.id()) {
        assert_eq!(engine.book().waiting_order(id), model.waiting_order(id));
    }
}

fn compare_books(engine: &Engine, model: &Model, view: &View) {
    let book = engine.book();
    book.check();
    let mut resting = 0;
    for side in Side::BOTH {
        let expected = model.orders(side);
        let mut prices: Vec<Price> = expected.iter().map(|order| order.price).collect();
        prices.dedup();
        let levels = prices.into_iter();
        let orders: Vec<RestingOrder> = levels
            .flat_map(|price| book.orders_at(side, price))
            .collect();
        assert_eq!(orders, expected);
        assert!(view.orders(side).eq(orders.iter().map(as_seen)));
        assert_eq!(book.depth(side).collect::<Vec<_>>(), model.depth(side));
        assert!(view.depth(side).eq(book.depth(side)));
        resting += orders.len();
    }
    assert_eq!(book.len(), resting);
    assert_eq!(engine.now(), model.now());
    assert_eq!(engine.last_trade(), model.last_trade());
    assert_eq!(engine.last_price(), model.last_price());
    assert_eq!(view.last_price(), model.last_price());
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
