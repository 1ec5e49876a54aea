//! What sources call a reason for which an order is refused or cancelled.

/// Our names of the reasons that a word stands for: itself if it is one of ours; `None` if it is nobody's that is known here.
pub fn named(word: &str) -> Option<Vec<&str>> {
    let letters = word.chars().filter(char::is_ascii_alphabetic);
    let letters = letters.collect::<String>().to_ascii_lowercase();
    let letters = letters.strip_prefix("filterfailure").unwrap_or(&letters);
    let found = REASONS.iter().find(|(theirs, _)| *theirs == letters);
    if let Some((_, ours)) = found {
        return Some(ours.to_vec());
    }
    let is_ours = word.starts_with(|first: char| first.is_ascii_uppercase())
        && word.chars().all(|letter| letter.is_ascii_alphabetic())
        && word.chars().any(|letter| letter.is_ascii_lowercase());
    is_ours.then(|| vec![word])
}

/// Letters only: sources differ in what they put between the words. (Binance: errors.md, filters.md, enums.md; exchange-core: CommandResultCode.)
const REASONS: &[(&str, &[&str])] = &[
    ("stoppricewouldtriggerimmediately", &["WouldTriggerAtOnce"]),
    ("orderwouldtriggerimmediately", &["WouldTriggerAtOnce"]),
    ("orderwouldimmediatelymatchandtake", &["PostOnlyWouldTake"]),
    ("unknownordersent", &["OrderUnknown", "OrderNotOwned"]),
    ("orderdoesnotexist", &["OrderUnknown", "OrderNotOwned"]),
    ("duplicateordersent", &["OrderIdAlreadyLive"]),
    (
        "therelationshipofthepricesfortheordersisnotcorrect",
        &["ListPricesOutOfOrder"],
    ),
    (
        "orderwasnotcanceledduetocancelrestrictions",
        &["OrderHasTraded", "OrderHasNotTraded"],
    ),
    ("percentprice", &["PriceOutOfRange"]),
    ("percentpricebyside", &["PriceOutOfRange"]),
    (
        "lotsize",
        &["QuantityTooSmall", "QuantityTooLarge", "QuantityNotOnLot"],
    ),
    ("pricefilter", &["PriceOutOfBand", "PriceNotOnTick"]),
    ("minnotional", &["NotionalTooSmall"]),
    ("notional", &["NotionalTooSmall", "NotionalTooLarge"]),
    (
        "marketlotsize",
        &[
            "MarketQuantityTooSmall",
            "MarketQuantityTooLarge",
            "MarketQuantityNotInLots",
        ],
    ),
    ("icebergparts", &["TooManyPeaks"]),
    ("maxnumorders", &["AccountOrdersFull"]),
    ("maxnumalgoorders", &["AccountTriggersFull"]),
    ("maxnumicebergorders", &["AccountIcebergsFull"]),
    ("maxnumorderlists", &["AccountListsFull"]),
    ("maxnumorderamends", &["AmendedTooOften"]),
    ("executionrulepricerangeexceeded", &["OutOfRange"]),
    (
        "matchingreducefailedwrongsize",
        &["QuantityIsZero", "QuantityIsNegative"],
    ),
    ("matchingunknownorderid", &["OrderUnknown", "OrderNotOwned"]),
];
