//! The convenient form says what the events say.

#[allow(dead_code, reason = "the model's scripts are used here, not the model")]
mod model;

use model::script::{SETTINGS, Script, even_records};
use pricetime::{
    Action, CancelCause, Command, Engine, Event, Events, OrderId, RejectReason, Report, ReportFill,
    Rest,
};

/// A report put together from events by another method: one question at a time.
fn expected(command: &Command, events: &Events, after: &Engine) -> Result<Report, RejectReason> {
    let refusal = events.iter().find_map(|event| match event {
        Event::Rejected { reason, .. } => Some(*reason),
        _ => None,
    });
    if let Some(reason) = refusal {
        return Err(reason);
    }
    let fills = events.iter().filter_map(|event| match *event {
        Event::Traded {
            trade,
            maker,
            price,
            quantity,
            ..
        } => Some(ReportFill {
            trade,
            maker,
            price,
            quantity,
        }),
        _ => None,
    });
    let counts_expiries = command.action == Action::AdvanceTime;
    let cancelled = events.iter().filter_map(|event| match *event {
        Event::Cancelled {
            cause, quantity, ..
        } if cause != CancelCause::Expired || counts_expiries => Some(quantity.lots()),
        _ => None,
    });
    let more = events.iter().any(|event| {
        matches!(
            event,
            Event::MassCancelled {
                rest: Rest::More,
                ..
            } | Event::DayEnded {
                rest: Rest::More,
                ..
            }
        )
    });
    let shown = matches!(
        command.action,
        Action::Limit(_) | Action::Reduce(_) | Action::Replace(_)
    );
    Ok(Report {
        filled: pricetime::Quantity::new(fills.clone().map(|fill| fill.quantity.lots()).sum()),
        fills: fills.collect(),
        resting: after.book().order(command.action.id()).filter(|_| shown),
        cancelled: pricetime::Quantity::new(cancelled.clone().sum()),
        orders_cancelled: cancelled.count() as u64,
        more,
    })
}

#[test]
fn a_report_says_what_the_events_say() {
    let mut seen = [0_u64; 6];
    for seed in 0..400 {
        let setting = (seed % u64::from(SETTINGS)) as u8;
        let script = Script::decode(setting, &even_records(seed, 120));
        let mut applying = Engine::new(script.instrument.clone().build().unwrap());
        let mut submitting = applying.clone();
        for command in &script.commands {
            let mut events = Events::default();
            applying.apply(command, &mut events);
            let report = submitting.submit(command);
            assert_eq!(report, expected(command, &events, &applying), "{command:?}");
            assert!(submitting == applying);
            let Ok(report) = report else {
                seen[0] += 1;
                continue;
            };
            seen[1] += u64::from(report.fills.len() > 1);
            seen[2] += u64::from(report.resting.is_some());
            seen[3] += u64::from(report.orders_cancelled > 1);
            seen[4] += u64::from(report.more);
            seen[5] += u64::from(command.action.id() == OrderId(0));
        }
    }
    assert!(seen.iter().all(|&count| count > 5), "{seen:?}");
}
