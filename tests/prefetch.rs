//! Commands announced beforehand to a book that is larger than the cache.

use pricetime::{
    AccountId, Action, Cancel, Capacities, Command, Engine, Events, Instrument, LimitOrder,
    OrderId, PostOnly, Price, Quantity, Replace, Side, TimeInForce, Timestamp,
};

/// Enough orders for the engine to follow an announcement.
const ORDERS: u64 = 40_000;
const STEPS: u64 = 60_000;

fn engine(accounts: u32) -> Engine {
    let capacities = Capacities {
        orders: 1 << 16,
        levels: 1 << 14,
        accounts,
        timed_orders: 0,
        special_orders: 0,
        waiting_orders: 0,
        lists: 0,
        tokens: 0,
        events: 256,
    };
    let instrument = Instrument::builder()
        .price_band(Price::new(-100_000), Price::new(100_000))
        .capacities(capacities);
    Engine::new(instrument.build().unwrap())
}

/// Numbers that look random (xorshift).
fn numbers() -> impl FnMut(u64) -> u64 {
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    move |below| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 16) % below
    }
}

/// Orders on both sides of zero, some of which take; then also cancellations and
/// replacements, some of them of ids that never were.
fn commands() -> Vec<Command> {
    let mut number = numbers();
    let order = |id: u64, number: &mut dyn FnMut(u64) -> u64| {
        let side = Side::BOTH[number(2) as usize];
        let away = number(6_000) as i64 - 3;
        let ticks = if side == Side::Buy { -away } else { away };
        Action::Limit(LimitOrder {
            id: OrderId(id),
            account: AccountId(number(50) as u32),
            side,
            price: Price::new(ticks),
            quantity: Quantity::new(1 + number(9)),
            time_in_force: TimeInForce::Gtc,
            post_only: PostOnly::Off,
        })
    };
    let mut actions: Vec<Action> = (0..ORDERS).map(|id| order(id, &mut number)).collect();
    for id in ORDERS..ORDERS + STEPS {
        let known = OrderId(number(id + 100));
        actions.push(match number(5) {
            0 | 1 => order(id, &mut number),
            2 | 3 => Action::Cancel(Cancel {
                id: known,
                owner: None,
            }),
            _ => Action::Replace(Replace {
                id: known,
                owner: None,
                price: Some(Price::new(number(8_000) as i64 - 4_000)),
                quantity: None,
            }),
        });
    }
    let time = Timestamp::new(0);
    let command = |action| Command::new(time, action);
    actions.into_iter().map(command).collect()
}

#[test]
fn announcing_commands_to_a_large_book_changes_nothing() {
    let commands = commands();
    for accounts in [0, 50] {
        let (mut told, mut untold) = (engine(accounts), engine(accounts));
        let mut answers = Events::for_instrument(told.instrument());
        let mut expected = answers.clone();
        for group in commands.chunks(100) {
            told.prefetch(group);
            for command in group {
                answers.clear();
                expected.clear();
                told.apply(command, &mut answers);
                untold.apply(command, &mut expected);
                assert_eq!(answers, expected);
            }
        }
        assert!(told.book().len() > 30_000);
        assert_eq!(told, untold);
    }
}
