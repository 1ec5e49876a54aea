//! A whole book on a reader's side: started from the matcher's, kept up by the ring.

use crate::book::{Book, RestingOrder};
use crate::event::Event;
use crate::order::Side;
use crate::shell::ring::{LossyReader, Ring, Seen};
use crate::units::Quantity;
use crate::view::View;

/// The matcher's book between two turns, and the place in the ring where what comes after it begins.
#[derive(Clone, Debug)]
pub struct Checkpoint {
    pub(super) view: View,
    pub(super) sequence: u64,
    pub(super) position: u64,
}

/// A view of the whole book, order by order, that a reader keeps on its own thread.
///
/// It never slows the matcher. A reader that falls behind by more than the ring holds is told so, and starts again from
/// a new checkpoint.
pub struct Follow {
    view: View,
    sequence: u64,
    reader: LossyReader,
    missed: u64,
}

/// A reader fell behind by more than the ring holds: its view is not the book any more until it has
/// been given a new [`Checkpoint`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Lapped {
    /// How many events it has missed.
    pub missed: u64,
}

impl Checkpoint {
    /// The book behind the entry with this number.
    pub(super) fn of(book: &Book, sequence: u64, position: u64) -> Self {
        let mut view = View::new();
        for side in Side::BOTH {
            let levels = book.level_slots(side);
            for order in levels.flat_map(|level| book.orders_of(level)) {
                view.apply(&as_rested(&book.order_of(order)));
            }
        }
        Self {
            view,
            sequence,
            position,
        }
    }

    /// The number of the last entry that is in it.
    pub fn sequence(&self) -> u64 {
        self.sequence
    }
}

/// An order as if it had come to rest the way it is.
fn as_rested(order: &RestingOrder) -> Event {
    let hidden = Quantity::new(order.quantity.lots() - order.displayed.lots());
    if hidden == Quantity::ZERO {
        return Event::Rested {
            id: order.id,
            account: order.account,
            side: order.side,
            price: order.price,
            quantity: order.quantity,
        };
    }
    Event::RestedHidden {
        id: order.id,
        account: order.account,
        side: order.side,
        price: order.price,
        displayed: order.displayed,
        hidden,
    }
}

impl Follow {
    /// Follows a matcher from a checkpoint of it, by its ring.
    pub fn new(ring: &Ring, checkpoint: Checkpoint) -> Self {
        Self {
            reader: ring.lossy_from(checkpoint.position),
            view: checkpoint.view,
            sequence: checkpoint.sequence,
            missed: 0,
        }
    }

    /// Takes in everything that was published before the call. Wait-free: O(events that the ring holds).
    ///
    /// # Errors
    /// [`Lapped`] if events were missed, then and until [`resync`](Follow::resync).
    pub fn update(&mut self) -> Result<(), Lapped> {
        let until = self.reader.published();
        while self.reader.position() < until {
            match self.reader.read() {
                Seen::Nothing => break,
                Seen::Missed(missed) => self.missed += missed,
                Seen::Message(_) if self.missed > 0 => self.missed += 1,
                Seen::Message(message) => {
                    self.view.apply(&message.event);
                    self.sequence = message.sequence;
                }
            }
        }
        match self.missed {
            0 => Ok(()),
            missed => Err(Lapped { missed }),
        }
    }

    /// Starts again from a newer checkpoint.
    pub fn resync(&mut self, checkpoint: Checkpoint) {
        self.reader.move_to(checkpoint.position);
        self.view = checkpoint.view;
        self.sequence = checkpoint.sequence;
        self.missed = 0;
    }

    /// The book as of the last update.
    pub fn view(&self) -> &View {
        &self.view
    }

    /// The number of the last entry that is in the view; entries without events of the book count too.
    pub fn sequence(&self) -> u64 {
        self.sequence
    }
}
