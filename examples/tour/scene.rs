//! What a stop is given: an engine, short words to act on it, and a page that shows and checks what happens.

use pricetime::{
    AccountId, Action, Command, Decimal, Display, Engine, Event, Events, Instrument,
    InstrumentBuilder, Lot, Order, OrderId, Price, Quantity, Refresh, Side, Tick, TimeInForce,
    Timestamp, View, ViewOrder, WaitsFor,
};

use crate::words::Words;

/// An instrument in units of one, unless [`venue`](Scene::venue) names another, and an empty book.
pub struct Scene {
    engine: Engine,
    /// What a stranger knows of the book, from its events alone.
    view: View,
    clock: u64,
    page: String,
    complaints: Vec<String>,
}

impl Default for Scene {
    fn default() -> Self {
        Self {
            engine: engine(Instrument::builder()),
            view: View::new(),
            clock: 0,
            page: String::new(),
            complaints: Vec::new(),
        }
    }
}

impl Scene {
    /// Where the rule or its numbers are from.
    pub fn source(&mut self, source: &str) {
        self.print("source", &[source.to_string()]);
    }

    /// What is to be seen.
    pub fn says(&mut self, text: &str) {
        self.print("", &[text.to_string()]);
    }

    /// Begins with the empty book of an instrument.
    pub fn venue(&mut self, instrument: InstrumentBuilder) {
        self.engine = engine(instrument);
        self.view = View::new();
    }

    /// A sell order of the account with the same number as the order.
    pub fn sell(&self, id: u64, quantity: &str, price: &str) -> Order {
        self.order(Side::Sell, id, quantity, price)
    }

    /// A buy order of the account with the same number as the order.
    pub fn buy(&self, id: u64, quantity: &str, price: &str) -> Order {
        self.order(Side::Buy, id, quantity, price)
    }

    fn order(&self, side: Side, id: u64, quantity: &str, price: &str) -> Order {
        let price = self.price(price);
        let account = AccountId(id as u32);
        Order::limit(OrderId(id), account, side, price, self.lots(quantity))
    }

    /// A price in ticks.
    pub fn price(&self, price: &str) -> Price {
        let price = self.engine.instrument().price(decimal(price));
        price.expect("a price on the tick")
    }

    /// A quantity in lots.
    pub fn lots(&self, quantity: &str) -> Quantity {
        let lots = self.engine.instrument().quantity(decimal(quantity));
        lots.expect("a quantity in whole lots")
    }

    /// The same order as an iceberg.
    pub fn iceberg(&self, order: Order, peak: &str, spread_bps: u16, refresh: Refresh) -> Order {
        let quantity = self.lots(peak);
        let display = Display::Peak {
            quantity,
            spread_bps,
            refresh,
        };
        Order { display, ..order }
    }

    /// Shows the book, which has to be this one: asks above bids, at a price the shown queue before the hidden one.
    pub fn book(&mut self, expected: &[&str]) {
        let words = Words::of(self.engine.instrument());
        let lines = words.book(&self.view);
        self.print("book", &lines);
        self.compare("book", expected, &lines);
    }

    /// Enters an order, after which exactly this happens.
    pub fn enters(&mut self, order: Order, expected: &[&str]) {
        self.does(Action::Order(order), expected);
    }

    /// Does something, after which exactly this happens.
    pub fn does(&mut self, action: Action, expected: &[&str]) {
        let words = Words::of(self.engine.instrument());
        let asked = words.action(&action);
        let happened = self.apply(action);
        let happened = happened.iter().map(|event| words.event(event));
        // That the order got in needs no line.
        let lines: Vec<String> = happened.filter(|line| line != "accepted").collect();
        self.print("asked", &[asked]);
        self.print("events", &lines);
        self.compare("events", expected, &lines);
    }

    /// Enters orders that have to rest whole.
    pub fn rests<const N: usize>(&mut self, orders: [Order; N]) {
        for order in orders {
            let events = self.apply(Action::Order(order));
            let rests = matches!(
                events[..],
                [
                    Event::Accepted { .. },
                    Event::Rested { .. } | Event::RestedHidden { .. }
                ]
            );
            if !rests {
                let complaint = format!("order {} does not rest: {events:?}", order.id.0);
                self.complaints.push(complaint);
            }
        }
    }

    /// States what has to be true.
    pub fn holds(&mut self, claim: &str, is_true: bool) {
        self.print("so", &[claim.to_string()]);
        if !is_true {
            self.complaints.push(format!("this does not hold: {claim}"));
        }
    }

    /// States what a waiting order has to wait for.
    pub fn waits_for(&mut self, id: u64, what: WaitsFor) {
        let name = match what {
            WaitsFor::Trigger => "its trigger",
            WaitsFor::Reference => "its reference",
            WaitsFor::List => "the others of its list",
            WaitsFor::Turn => "its turn",
        };
        let waiting = self.engine.book().waiting_order(OrderId(id));
        let is_so = waiting.is_some_and(|waiting| waiting.waits_for == what);
        self.holds(&format!("#{id} waits for {name}"), is_so);
    }

    /// The engine as it is now.
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// What the stop shows.
    pub fn page(&self) -> &str {
        &self.page
    }

    /// Where it came out another way than the stop says.
    pub fn complaints(&self) -> &[String] {
        &self.complaints
    }

    fn apply(&mut self, action: Action) -> Vec<Event> {
        self.clock += 1;
        let command = Command::new(Timestamp::new(self.clock), action);
        let mut events = Events::default();
        self.engine.apply(&command, &mut events);
        for event in &events {
            self.view.apply(event);
        }
        self.compare_views();
        events.as_slice().to_vec()
    }

    /// The book has to be the one that its events show.
    fn compare_views(&mut self) {
        let book = self.engine.book();
        let shown: Vec<ViewOrder> = Side::BOTH
            .into_iter()
            .flat_map(|side| self.view.orders(side))
            .collect();
        let rests = |order: &ViewOrder| {
            let resting = book.order(order.id);
            resting.is_some_and(|resting| {
                (resting.quantity, resting.displayed) == (order.quantity, order.displayed)
            })
        };
        if shown.len() != book.len() || !shown.iter().all(rests) {
            let complaint = "the book is not what its events show".to_string();
            self.complaints.push(complaint);
        }
    }

    fn print(&mut self, title: &str, lines: &[String]) {
        let titles = [title].into_iter().chain(std::iter::repeat(""));
        for (title, line) in titles.zip(lines) {
            self.page.push_str(&format!("   {title:<7} {line}\n"));
        }
    }

    fn compare(&mut self, what: &str, expected: &[&str], lines: &[String]) {
        if expected != lines {
            let complaint = format!("{what}: expected {expected:#?}, there is {lines:#?}");
            self.complaints.push(complaint);
        }
    }
}

/// An instrument that counts prices and quantities in these steps.
pub fn units(tick: &str, lot: &str) -> InstrumentBuilder {
    let tick = Tick::new(decimal(tick)).expect("a right tick");
    let lot = Lot::new(decimal(lot)).expect("a right lot");
    Instrument::builder().tick(tick).lot(lot)
}

/// The same order of an account.
pub fn of(account: u32, order: Order) -> Order {
    let account = AccountId(account);
    Order { account, ..order }
}

/// The same order with a lifetime.
pub fn lasting(time_in_force: TimeInForce, order: Order) -> Order {
    Order {
        time_in_force,
        ..order
    }
}

fn engine(instrument: InstrumentBuilder) -> Engine {
    Engine::new(instrument.build().expect("a right instrument"))
}

fn decimal(text: &str) -> Decimal {
    text.parse().expect("a decimal number")
}
