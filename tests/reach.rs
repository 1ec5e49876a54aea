//! The scripts of the random tests reach every rare place of the rules.
//!
//! Without this, a property could hold because nothing ever happened. The engine
//! plays these very scripts too, so each place counted is one where it agreed.

#[allow(dead_code, reason = "other tests ask the model more")]
mod model;
mod places;

use std::collections::BTreeMap;

use model::Model;
use model::script::{SETTINGS, Script, even_records};
use places::{Step, Used};
use pricetime::{Engine, Events};

const SCRIPTS_PER_SETTING: u64 = 200;
const COMMANDS: usize = 150;

#[test]
fn random_scripts_reach_every_rare_place() {
    let mut counts: BTreeMap<String, u64> = places::expected()
        .into_iter()
        .map(|place| (place, 0))
        .collect();
    for setting in 0..SETTINGS {
        for seed in 0..SCRIPTS_PER_SETTING {
            count_places(
                &Script::decode(setting, &even_records(seed, COMMANDS)),
                &mut counts,
            );
        }
    }
    for (place, count) in &counts {
        println!("{count:8} {place}");
    }
    let missed: Vec<&String> = counts.keys().filter(|place| counts[*place] == 0).collect();
    assert!(missed.is_empty(), "never reached: {missed:?}");
}

fn count_places(script: &Script, counts: &mut BTreeMap<String, u64>) {
    let instrument = script.instrument.clone().build().expect("a right setting");
    let mut model = Model::new(&instrument);
    let mut engine = Engine::new(instrument.clone());
    let mut said = Events::for_instrument(&instrument);
    let mut used = Used::default();
    for command in &script.commands {
        let before = model.clone();
        let events = model.apply(command);
        said.clear();
        engine.apply(command, &mut said);
        assert_eq!(said.as_slice(), events, "{command:?}");
        let step = Step {
            instrument: &instrument,
            command,
            before: &before,
            events: &events,
            after: &model,
        };
        for place in step.places(&mut used) {
            *counts.entry(place).or_default() += 1;
        }
    }
}
