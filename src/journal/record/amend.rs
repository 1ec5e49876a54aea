//! An amendment, to its two records and back.

use crate::command::Amend;
use crate::journal::record::put::{head, owned, ticks};
use crate::journal::record::take::Fields;
use crate::journal::record::terms::{REFRESH, display_of, display_words};
use crate::journal::record::*;
use crate::units::Quantity;

/// Where the trigger's price is said to be there, among the flags of the second record.
const HAS_TRIGGER: u32 = 4;

/// Hands an amendment on as its two records.
#[inline(never)]
pub fn put_amend(amend: &Amend, time: (usize, u64), sink: &mut impl Sink) {
    let (flag, account) = owned(amend.owner);
    let priced = u64::from(amend.price.is_some()) << 1;
    let counted = u64::from(amend.quantity.is_some()) << 2;
    sink.put(
        head(AMEND, flag | priced | counted, account),
        [
            (ID, amend.id.0),
            (PRICE, amend.price.map_or(0, ticks)),
            (QUANTITY, amend.quantity.map_or(0, Quantity::lots)),
            time,
        ],
    );
    let (display, spread, peak) = amend.display.map_or((0, 0, 0), |display| {
        let (code, refresh, spread, peak) = display_words(display);
        ((code + 1) | refresh << REFRESH, spread, peak)
    });
    let triggered = u64::from(amend.trigger_price.is_some()) << HAS_TRIGGER;
    sink.put(
        head(AMEND_TERMS, display | triggered, 0),
        [
            (PRICE, amend.trigger_price.map_or(0, ticks)),
            (OTHER, spread),
            (TRADE, peak),
        ],
    );
}

/// What the first record says of an amendment.
pub fn amend_of(fields: &Fields<'_>) -> Option<Amend> {
    Some(Amend {
        id: fields.id(),
        owner: fields.owner()?,
        price: fields.price_if(1, PRICE)?,
        quantity: fields.quantity_if(2)?,
        display: None,
        trigger_price: None,
    })
}

/// Adds what the second record says.
#[inline(never)]
pub fn add_amendment(fields: &Fields<'_>, amend: &mut Amend) -> Option<()> {
    if fields.kind() != AMEND_TERMS {
        return None;
    }
    fields.nobody()?;
    let spread = fields.word(OTHER);
    amend.display = match fields.flags(0, 2).checked_sub(1) {
        Some(code) => Some(display_of(fields, code, spread)?),
        // As of an order that shows all of it: nothing else is said.
        None => {
            display_of(fields, 0, spread)?;
            None
        }
    };
    amend.trigger_price = fields.price_if(HAS_TRIGGER, PRICE)?;
    Some(())
}
