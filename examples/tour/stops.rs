//! The tour: every stop, in the order of the walk.

use crate::guide::Stop;
use crate::{icebergs, minimums, plain, prevention, pricing, triggers};

/// Plain orders first, then those with more terms.
pub const STOPS: &[Stop] = &[
    ("Price-time priority", plain::price_time_priority),
    (
        "A partial fill keeps its place",
        plain::partial_fill_keeps_its_place,
    ),
    ("Post-only: slide or refuse", plain::post_only),
    ("Fill-or-kill", plain::fill_or_kill),
    ("A market order with a budget", plain::budget),
    ("Keeping the place in the queue", plain::keep_priority),
    (
        "A reduction that crosses a fill",
        plain::reduction_in_flight,
    ),
    ("Market with protection", pricing::protected),
    ("Market to limit", pricing::market_to_limit),
    ("Self-trade: the makers expire", prevention::expire_maker),
    ("Self-trade: the taker expires", prevention::expire_taker),
    ("Self-trade: both expire", prevention::expire_both),
    (
        "Self-trade: the taker's mode decides",
        prevention::taker_decides,
    ),
    ("Self-trade: a market order", prevention::market),
    ("Self-trade: both become smaller", prevention::decrement),
    (
        "Self-trade: the quantity is transferred",
        prevention::transfer,
    ),
    (
        "Self-trade: prevented lots fill nothing",
        prevention::fill_or_kill,
    ),
    ("Iceberg: hidden last", icebergs::hidden_last),
    ("Iceberg: back to the tail", icebergs::requeue),
    ("Iceberg: keeping its place", icebergs::retain),
    ("Iceberg: peaks drawn at random", icebergs::random_peaks),
    ("Iceberg: how many peaks", icebergs::peaks_max),
    (
        "Iceberg: a reduction takes what is hidden",
        icebergs::reduce,
    ),
    ("Hidden orders", icebergs::hidden),
    ("Minimum quantity", minimums::minimum),
    ("Minimum: at once or not at all", minimums::at_once),
    ("All-or-none: passed by", minimums::passed_by),
    ("All-or-none: each at its own price", minimums::own_price),
    ("All-or-none: looking ahead", minimums::look_ahead),
    ("All-or-none: trying again", minimums::retry),
    ("All-or-none: five orders and one more", minimums::chain),
    ("A stop order", triggers::stop_order),
    ("A take-profit order", triggers::take_profit),
    ("A stop that is through on entry", triggers::met_on_entry),
    ("Stops: a cascade", triggers::cascade),
    ("Stops: who is first", triggers::who_is_first),
    ("Trailing: a stop to buy", triggers::trailing_a),
    ("Trailing: a stop to sell", triggers::trailing_b),
    ("Trailing: a take-profit to buy", triggers::trailing_c),
    ("Trailing: a take-profit to sell", triggers::trailing_d),
    ("Trailing: from entry on", triggers::trailing_e),
];
