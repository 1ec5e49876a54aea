//! What happened, in a line.

use pricetime::{Event, Priority};

use crate::words::Words;

impl Words {
    /// What happened.
    pub fn event(&self, event: &Event) -> String {
        match *event {
            Event::Accepted { .. } => "accepted".to_string(),
            Event::Rejected { reason, .. } => format!("refused: {reason:?}"),
            Event::Traded {
                taker,
                maker,
                price,
                quantity,
                ..
            } => {
                let (quantity, price) = (self.lots(quantity), self.price(price));
                format!(
                    "traded {quantity} at {price}: #{} with #{}",
                    taker.0, maker.0
                )
            }
            Event::Prevented {
                taker,
                maker,
                mode,
                quantity,
                ..
            } => {
                let (quantity, taker, maker) = (self.lots(quantity), taker.0, maker.0);
                format!("prevented {quantity}: #{taker} with #{maker}, {mode:?}")
            }
            Event::Rested { .. } | Event::RestedHidden { .. } | Event::Refreshed { .. } => {
                self.stands(event)
            }
            Event::Priced { .. }
            | Event::Slid { .. }
            | Event::Reduced { .. }
            | Event::Replaced { .. }
            | Event::Cancelled { .. } => self.changed(event),
            Event::Waits { id } => format!("waits #{}", id.0),
            Event::Triggered { id, price } => {
                format!("triggered #{} by {}", id.0, self.price(price))
            }
            Event::Refused { id, reason } => format!("refused #{}: {reason:?}", id.0),
            Event::Held { .. }
            | Event::ListStarted { .. }
            | Event::Released { .. }
            | Event::Repriced { .. }
            | Event::TriggerMoved { .. } => self.depended(event),
            Event::Duplicate { id, original } => {
                format!(
                    "#{} changes nothing: it came before as #{}",
                    id.0, original.0
                )
            }
            Event::MarkSet { price } => format!("the mark is {}", self.price(price)),
            Event::MassCancelled { .. } | Event::TimeAdvanced { .. } | Event::DayEnded { .. } => {
                format!("{event:?}")
            }
        }
    }

    /// Where an order stands, and what it shows.
    fn stands(&self, event: &Event) -> String {
        if let Event::Rested {
            id,
            price,
            quantity,
            ..
        } = *event
        {
            let (price, quantity) = (self.price(price), self.lots(quantity));
            return format!("rests #{} at {price}: {quantity}", id.0);
        }
        if let Event::RestedHidden {
            id,
            price,
            displayed,
            hidden,
            ..
        } = *event
        {
            let (shown, hidden) = (self.lots(displayed), self.lots(hidden));
            let price = self.price(price);
            return format!("rests #{} at {price}: {shown} shown, {hidden} hidden", id.0);
        }
        if let Event::Refreshed {
            id,
            displayed,
            hidden,
            priority,
        } = *event
        {
            let place = match priority {
                Priority::Kept => "in its place",
                Priority::Lost => "at the tail",
            };
            let (shown, hidden) = (self.lots(displayed), self.lots(hidden));
            return format!("#{} shows {shown} {place}, {hidden} hidden", id.0);
        }
        format!("{event:?}")
    }

    /// What an order waits for or follows.
    fn depended(&self, event: &Event) -> String {
        if let Event::Held { id, list } = *event {
            return format!("held #{} in list {}", id.0, list.0);
        }
        if let Event::ListStarted { list, .. } = *event {
            return format!("list {} starts", list.0);
        }
        if let Event::Released { id } = *event {
            return format!("released #{}", id.0);
        }
        if let Event::Repriced { id, price } = *event {
            return format!("repriced #{} to {}", id.0, self.price(price));
        }
        if let Event::TriggerMoved { id, price } = *event {
            return format!("the trigger of #{} is now {}", id.0, self.price(price));
        }
        format!("{event:?}")
    }

    /// What became of an order otherwise.
    fn changed(&self, event: &Event) -> String {
        if let Event::Priced { id, price } = *event {
            return format!("priced #{} at {}", id.0, self.price(price));
        }
        if let Event::Slid { id, from, to } = *event {
            let (from, to) = (self.price(from), self.price(to));
            return format!("slid #{} from {from} to {to}", id.0);
        }
        if let Event::Reduced { id, by, remaining } = *event {
            let (by, remaining) = (self.lots(by), self.lots(remaining));
            return format!("reduced #{} by {by}, {remaining} left", id.0);
        }
        if let Event::Replaced { id, priority, .. } = *event {
            let place = match priority {
                Priority::Kept => "kept",
                Priority::Lost => "lost",
            };
            return format!("replaced #{}, priority {place}", id.0);
        }
        if let Event::Cancelled {
            id,
            cause,
            quantity,
        } = *event
        {
            let open = self.lots(quantity);
            return format!("cancelled #{}, {open} open: {cause:?}", id.0);
        }
        format!("{event:?}")
    }
}
