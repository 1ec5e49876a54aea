//! The tour as a test: every stop shows what it says.

#[path = "../examples/tour/amend.rs"]
mod amend;
#[path = "../examples/tour/asked.rs"]
mod asked;
#[path = "../examples/tour/cancel_replace.rs"]
mod cancel_replace;
#[path = "../examples/tour/filters.rs"]
mod filters;
#[path = "../examples/tour/guide.rs"]
mod guide;
#[path = "../examples/tour/happened.rs"]
mod happened;
#[path = "../examples/tour/icebergs.rs"]
mod icebergs;
#[path = "../examples/tour/lists.rs"]
mod lists;
#[path = "../examples/tour/minimums.rs"]
mod minimums;
#[path = "../examples/tour/pegs.rs"]
mod pegs;
#[path = "../examples/tour/plain.rs"]
mod plain;
#[path = "../examples/tour/prevention.rs"]
mod prevention;
#[path = "../examples/tour/pricing.rs"]
mod pricing;
#[path = "../examples/tour/scene.rs"]
mod scene;
#[path = "../examples/tour/stops.rs"]
mod stops;
#[path = "../examples/tour/tokens.rs"]
mod tokens;
#[path = "../examples/tour/triggers.rs"]
mod triggers;
#[path = "../examples/tour/words.rs"]
mod words;

use guide::Stop;
use scene::Scene;

/// The exit code, what was printed, and what was complained of.
fn walk(stops: &[Stop]) -> (u8, String, String) {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let code = guide::walk(stops, &mut out, &mut err);
    let text = |bytes| String::from_utf8(bytes).expect("text");
    (code, text(out), text(err))
}

#[test]
fn every_stop_is_printed_and_right() {
    let (code, printed, complaints) = walk(stops::STOPS);
    assert_eq!((code, complaints.as_str()), (0, ""));
    for (number, (name, _)) in stops::STOPS.iter().enumerate() {
        let title = format!("{}. {name}\n", number + 1);
        assert!(printed.contains(&title), "{name} is not printed");
    }
    let sources = printed.matches("\n   source  ").count();
    assert_eq!(sources, stops::STOPS.len(), "a stop without a source");
    let books = printed
        .split("\n\n")
        .filter(|stop| stop.contains("\n   book    "));
    assert_eq!(books.count(), stops::STOPS.len(), "a stop without a book");
}

fn wrong_events(scene: &mut Scene) {
    scene.rests([scene.sell(1, "5", "100")]);
    scene.enters(scene.buy(2, "5", "100"), &["traded 5 at 101: #2 with #1"]);
}

fn wrong_book(scene: &mut Scene) {
    scene.rests([scene.sell(1, "5", "100")]);
    scene.book(&["ask 100: #1 4"]);
}

fn wrong_claim(scene: &mut Scene) {
    scene.holds("one is two", scene.lots("1") == scene.lots("2"));
}

fn order_that_does_not_rest(scene: &mut Scene) {
    scene.rests([scene.sell(1, "5", "100"), scene.buy(2, "5", "100")]);
}

#[test]
fn a_wrong_stop_ends_the_tour_with_code_1_and_is_named() {
    let wrong: [Stop; 4] = [
        ("events", wrong_events),
        ("book", wrong_book),
        ("claim", wrong_claim),
        ("rest", order_that_does_not_rest),
    ];
    for stop in wrong {
        let (code, _, complaints) = walk(&[stops::STOPS[0], stop]);
        let named = complaints.starts_with(&format!("stop 2 is wrong: {}\n", stop.0));
        assert!(code == 1 && named, "{}: {code}, {complaints}", stop.0);
    }
}
