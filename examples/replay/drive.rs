//! The commands through the engine, one by one, and what came of them.

use std::collections::BTreeMap;
use std::time::Instant;

use pricetime::{
    AccountId, Action, Command, Engine, Event, Events, LimitOrder, PostOnly, RejectReason, Request,
    TimeInForce, Timestamp,
};

use crate::csv::BadInput;
use crate::progress::Progress;
use crate::session::{Match, Open, Session};

/// What came of a session.
pub struct Replay {
    pub engine: Engine,
    pub matches: Vec<Match>,
    pub opens: Vec<Open>,
    /// How many commands were refused, by what they asked and why.
    pub refusals: BTreeMap<String, u64>,
    /// Of each command, the time inside `apply`.
    pub nanoseconds: Vec<u32>,
}

/// An engine that holds the starting book.
pub fn open(session: &Session, progress: &mut Progress) -> Result<Engine, BadInput> {
    let mut engine = Engine::new(session.instrument.clone());
    let mut events = Events::for_instrument(&session.instrument);
    let (start, total) = (Instant::now(), session.begin.len() as u64);
    for ((line, order), done) in session.begin.iter().zip(1..) {
        let action = Action::Limit(LimitOrder {
            id: order.id,
            account: AccountId::default(),
            side: order.side,
            price: order.price,
            quantity: order.quantity,
            time_in_force: TimeInForce::Gtc,
            post_only: PostOnly::Off,
        });
        events.clear();
        engine.apply(&Command::new(Timestamp::default(), action), &mut events);
        if let Some(trouble) = events.iter().find_map(trouble) {
            return Err(BadInput {
                file: session.begin_file.clone(),
                line: *line,
                reason: trouble,
            });
        }
        progress.at("starting book", start, done, Some(total));
    }
    Ok(engine)
}

/// Why an order cannot be part of a starting book.
fn trouble(event: &Event) -> Option<String> {
    match event {
        Event::Rejected { reason, .. } => Some(format!("refused: {reason:?}")),
        Event::Traded { maker, .. } => {
            let maker = maker.0;
            Some(format!(
                "the book is crossed: would trade with order {maker}"
            ))
        }
        Event::Accepted { .. }
        | Event::Rested { .. }
        | Event::Reduced { .. }
        | Event::Replaced { .. }
        | Event::Slid { .. }
        | Event::Prevented { .. }
        | Event::Priced { .. }
        | Event::RestedHidden { .. }
        | Event::Refreshed { .. }
        | Event::Waits { .. }
        | Event::Held { .. }
        | Event::ListStarted { .. }
        | Event::Released { .. }
        | Event::Duplicate { .. }
        | Event::Repriced { .. }
        | Event::TriggerMoved { .. }
        | Event::Triggered { .. }
        | Event::Refused { .. }
        | Event::MarkSet { .. }
        | Event::Cancelled { .. }
        | Event::MassCancelled { .. }
        | Event::TimeAdvanced { .. }
        | Event::DayEnded { .. } => None,
    }
}

/// Applies every command. Only the engine's own work is timed.
pub fn replay(engine: Engine, commands: &[Command], progress: &mut Progress) -> Replay {
    let mut events = Events::for_instrument(engine.instrument());
    let mut replay = Replay {
        engine,
        matches: Vec::new(),
        opens: Vec::new(),
        refusals: BTreeMap::new(),
        nanoseconds: Vec::with_capacity(commands.len()),
    };
    let (start, total) = (Instant::now(), commands.len() as u64);
    for (command, done) in commands.iter().zip(1..) {
        events.clear();
        let before = Instant::now();
        replay.engine.apply(command, &mut events);
        let took = before.elapsed().as_nanos();
        replay
            .nanoseconds
            .push(u32::try_from(took).unwrap_or(u32::MAX));
        for event in &events {
            replay.record(event);
        }
        progress.at("replay", start, done, Some(total));
    }
    replay
}

impl Replay {
    fn record(&mut self, event: &Event) {
        match *event {
            Event::Traded {
                taker,
                maker,
                taker_side,
                price,
                quantity,
                ..
            } => {
                self.matches.push(Match {
                    taker,
                    maker,
                    price,
                    quantity,
                    maker_side: taker_side.opposite(),
                });
            }
            Event::Rested {
                id,
                side,
                price,
                quantity: remaining,
                ..
            } => {
                self.opens.push(Open {
                    id,
                    side,
                    price,
                    remaining,
                });
            }
            Event::Rejected {
                request, reason, ..
            } => self.count_refusal(request, reason),
            Event::Accepted { .. }
            | Event::Reduced { .. }
            | Event::Replaced { .. }
            | Event::Slid { .. }
            | Event::Prevented { .. }
            | Event::Priced { .. }
            | Event::RestedHidden { .. }
            | Event::Refreshed { .. }
            | Event::Waits { .. }
            | Event::Held { .. }
            | Event::ListStarted { .. }
            | Event::Released { .. }
            | Event::Duplicate { .. }
            | Event::Repriced { .. }
            | Event::TriggerMoved { .. }
            | Event::Triggered { .. }
            | Event::Refused { .. }
            | Event::MarkSet { .. }
            | Event::Cancelled { .. }
            | Event::MassCancelled { .. }
            | Event::TimeAdvanced { .. }
            | Event::DayEnded { .. } => {}
        }
    }

    fn count_refusal(&mut self, request: Request, reason: RejectReason) {
        let why = format!("{request:?}: {reason:?}");
        *self.refusals.entry(why).or_default() += 1;
    }
}
