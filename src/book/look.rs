//! What the engine looks up: levels, orders, and whether there is room.

use crate::book::owners::Owner;
use crate::book::slab::NONE;
use crate::book::timed::Expiry;
use crate::book::{Book, LevelSlot, OrderSlot, POST_ONLY_SHIFT, SPECIAL, TIMED, WAITING};
use crate::order::{AccountId, Display, OrderId, PostOnly, Side, TimeInForce};
use crate::units::{Price, Timestamp};

impl Book {
    /// The best level of a side.
    #[inline]
    pub(crate) fn best_slot(&self, side: Side) -> Option<LevelSlot> {
        let level = self.ladder.best(side as usize);
        (level != NONE).then_some(LevelSlot(level))
    }

    /// The next worse level of the same side.
    pub(crate) fn next_slot(&self, level: LevelSlot) -> Option<LevelSlot> {
        let side = self.level_side(level);
        let below = self.key(side, self.level_price(level)).checked_sub(1)?;
        self.at_or_below(side, below)
    }

    /// The best level of a side that is no better than a price of the band.
    pub(crate) fn level_from(&self, side: Side, price: Price) -> Option<LevelSlot> {
        self.at_or_below(side, self.key(side, price))
    }

    fn at_or_below(&self, side: Side, key: u64) -> Option<LevelSlot> {
        let level = self.ladder.at_or_below(side as usize, key);
        (level != NONE).then_some(LevelSlot(level))
    }

    /// The level of a side at a price.
    pub(crate) fn level_slot(&self, side: Side, price: Price) -> Option<LevelSlot> {
        if !self.in_band(price) {
            return None;
        }
        let level = self.ladder.find(side as usize, self.key(side, price));
        (level != NONE).then_some(LevelSlot(level))
    }

    /// Whether an order of this side at the price of the band with this key would take.
    #[inline(always)]
    pub(crate) fn key_crosses(&self, side: Side, key: u64) -> bool {
        match self.ladder.best_key(side.opposite() as usize) {
            // The two keys count from opposite ends of the band.
            Some(best) => key >= self.width - best,
            None => false,
        }
    }

    /// Whether a key is that of a price within the instrument's band.
    #[inline(always)]
    pub(crate) fn has_key(&self, key: u64) -> bool {
        key <= self.width
    }

    /// Whether a price is within the instrument's band.
    #[inline]
    pub(crate) fn in_band(&self, price: Price) -> bool {
        self.has_key(self.key(Side::Buy, price))
    }

    #[inline]
    pub(crate) fn level_price(&self, level: LevelSlot) -> Price {
        Price::new(self.slab.node(level.0).key as i64)
    }

    #[inline]
    pub(crate) fn level_lots(&self, level: LevelSlot) -> u64 {
        self.slab.node(level.0).quantity
    }

    #[inline]
    pub(crate) fn level_orders(&self, level: LevelSlot) -> u32 {
        self.slab.node(level.0).place
    }

    /// What an order has in its queue: all that is open of it, unless it is special.
    #[inline]
    pub(crate) fn order_lots(&self, order: OrderSlot) -> u64 {
        self.slab.node(order.0).quantity
    }

    #[inline]
    pub(crate) fn order_id(&self, order: OrderSlot) -> OrderId {
        OrderId(self.slab.node(order.0).key)
    }

    #[inline(always)]
    pub(crate) fn order_level(&self, order: OrderSlot) -> LevelSlot {
        LevelSlot(self.level_of_queue(self.slab.node(order.0).level()))
    }

    #[inline]
    pub(crate) fn order_account(&self, order: OrderSlot) -> AccountId {
        let node = self.slab.node(order.0);
        match node.attributes() & (SPECIAL | WAITING) {
            0 => AccountId(node.extra),
            SPECIAL => AccountId(self.special_account(node.extra)),
            _ => AccountId(self.parked_account(node.extra)),
        }
    }

    #[inline]
    pub(crate) fn level_side(&self, level: LevelSlot) -> Side {
        Side::BOTH[self.slab.node(level.0).extra as usize & 1]
    }

    /// How much is shown of an order, resting or not.
    pub(crate) fn display(&self, order: OrderSlot) -> Display {
        if self.is_waiting(order) {
            return self.parked(order).display;
        }
        let terms = self.terms(order);
        terms.map_or(Display::Whole, |terms| terms.display)
    }

    pub(crate) fn order_post_only(&self, order: OrderSlot) -> PostOnly {
        match self.slab.node(order.0).attributes() >> POST_ONLY_SHIFT & 3 {
            0 => PostOnly::Off,
            1 => PostOnly::Reject,
            _ => PostOnly::Slide,
        }
    }

    pub(crate) fn order_time_in_force(&self, order: OrderSlot) -> TimeInForce {
        if self.slab.node(order.0).attributes() & TIMED == 0 {
            return TimeInForce::Gtc;
        }
        match self.timed.expiry(self.position(order.0)) {
            Expiry::DayEnd => TimeInForce::Day,
            Expiry::At(time) => TimeInForce::Gtd(Timestamp::new(time)),
        }
    }

    /// The order behind this one in its level.
    pub(crate) fn behind(&self, order: OrderSlot) -> Option<OrderSlot> {
        let node = self.slab.node(order.0);
        (node.next != node.level()).then_some(OrderSlot(node.next))
    }

    /// The first order in the queue of a level that shows any.
    pub(crate) fn head(&self, level: LevelSlot) -> OrderSlot {
        OrderSlot(self.slab.node(level.0).next)
    }

    /// How many orders a side has.
    #[inline]
    pub(crate) fn side_orders(&self, side: Side) -> u32 {
        self.side_orders[side as usize]
    }

    #[inline]
    pub(crate) fn has_free_order(&self) -> bool {
        self.slab.has_free_order()
    }

    #[inline]
    pub(crate) fn has_free_level(&self) -> bool {
        self.slab.has_free_level()
    }

    /// Whether the orders of each account are linked.
    #[inline]
    pub(crate) fn links_accounts(&self) -> bool {
        self.owners.is_some()
    }

    /// Where the orders of an account are linked, if there is room for another.
    pub(crate) fn owner(&self, account: AccountId) -> Option<Owner> {
        self.owners.as_ref()?.owner(account.0)
    }

    #[inline]
    pub(crate) fn has_room_for_timed(&self) -> bool {
        self.timed.has_room()
    }

    /// The earliest expiry by date, in nanoseconds, or the end of time.
    #[inline]
    pub(crate) fn next_expiry(&self) -> u64 {
        self.timed.next_date()
    }

    /// The order that is first due by `time`.
    pub(crate) fn due(&self, time: u64) -> Option<OrderSlot> {
        self.timed.due(time).map(|order| self.slot(order))
    }

    /// The oldest order of the day.
    pub(crate) fn first_of_day(&self) -> Option<OrderSlot> {
        self.timed.first_of_day().map(|order| self.slot(order))
    }

    /// The oldest order of an account whose orders are linked.
    pub(crate) fn first_of_account(&self, account: AccountId) -> Option<OrderSlot> {
        let order = self.owners.as_ref()?.first(account.0)?;
        Some(self.slot(order))
    }

    /// The next younger order of the same account.
    pub(crate) fn newer_of_account(&self, order: OrderSlot) -> Option<OrderSlot> {
        let newer = self.owners.as_ref()?.newer(self.position(order.0))?;
        Some(self.slot(newer))
    }

    /// The slot of the order at a position among all order slots.
    fn slot(&self, position: u32) -> OrderSlot {
        OrderSlot(position + self.slab.orders_from())
    }
}
