//! Prices, quantities and the book, in the instrument's units.

use pricetime::{Instrument, Lot, Notional, Price, Quantity, Side, Tick, View, ViewOrder};

/// The units to speak in.
pub struct Words {
    tick: Tick,
    lot: Lot,
}

impl Words {
    pub fn of(instrument: &Instrument) -> Self {
        Self {
            tick: instrument.tick(),
            lot: instrument.lot(),
        }
    }

    pub fn price(&self, price: Price) -> String {
        let value = self.tick.decimal(price);
        value.map_or("?".to_string(), |mut value| {
            value.rescale(self.tick.step().scale());
            value.to_string()
        })
    }

    pub fn lots(&self, quantity: Quantity) -> String {
        let value = self.lot.decimal(quantity).map(|value| value.normalize());
        value.map_or("?".to_string(), |value| value.to_string())
    }

    pub fn money(&self, money: Notional) -> String {
        let ticks = i64::try_from(money.tick_lots()).unwrap_or(i64::MAX);
        let value = self.tick.decimal(Price::new(ticks));
        value.map_or("?".to_string(), |value| {
            (value * self.lot.step()).normalize().to_string()
        })
    }

    /// The orders by level, asks above bids: what each shows and, after a plus, what it does not. Orders that show nothing
    /// stand behind the bar.
    pub fn book(&self, view: &View) -> Vec<String> {
        let mut lines = self.levels(view, Side::Sell);
        lines.reverse();
        lines.extend(self.levels(view, Side::Buy));
        if lines.is_empty() {
            lines.push("empty".to_string());
        }
        lines
    }

    /// The levels of a side, best first.
    fn levels(&self, view: &View, side: Side) -> Vec<String> {
        let orders: Vec<ViewOrder> = view.orders(side).collect();
        let levels = orders.chunk_by(|one, next| one.price == next.price);
        let name = match side {
            Side::Buy => "bid",
            Side::Sell => "ask",
        };
        let line = |level: &[ViewOrder]| {
            let queue = |is_shown| {
                let orders = level
                    .iter()
                    .filter(|order| (order.displayed > Quantity::ZERO) == is_shown);
                let orders: Vec<String> = orders.map(|order| self.resting(order)).collect();
                orders.join(", ")
            };
            let (shown, unseen) = (queue(true), queue(false));
            let mut line = format!("{name} {}: {shown}", self.price(level[0].price));
            if !unseen.is_empty() {
                line += &format!("| {unseen}");
            }
            let all: u64 = level.iter().map(|order| order.quantity.lots()).sum();
            let shown: u64 = level.iter().map(|order| order.displayed.lots()).sum();
            if all > shown {
                let [shown, hidden] =
                    [shown, all - shown].map(|lots| self.lots(Quantity::new(lots)));
                line += &format!(" ({shown} shown, {hidden} hidden)");
            }
            line
        };
        levels.map(line).collect()
    }

    fn resting(&self, order: &ViewOrder) -> String {
        let shown = order.displayed;
        let hidden = Quantity::new(order.quantity.lots() - shown.lots());
        match (shown, hidden) {
            (_, Quantity::ZERO) => format!("#{} {}", order.id.0, self.lots(shown)),
            (Quantity::ZERO, _) => format!("#{} {}", order.id.0, self.lots(hidden)),
            _ => format!("#{} {}+{}", order.id.0, self.lots(shown), self.lots(hidden)),
        }
    }
}
