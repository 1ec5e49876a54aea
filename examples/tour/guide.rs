//! Walks from stop to stop, prints what each shows, and counts those that show something else than they say.

use std::io::{self, Write};

use crate::scene::Scene;

/// A stop: its name, and what it shows.
pub type Stop = (&'static str, fn(&mut Scene));

/// Walks all stops. The exit code: 0 if everything was as the stops say, 1 if something was not or could not be printed.
pub fn walk(stops: &[Stop], out: &mut impl Write, err: &mut impl Write) -> u8 {
    match print(stops, out, err) {
        Ok(0) => 0,
        Ok(_) | Err(_) => 1,
    }
}

/// How many stops were wrong.
fn print(stops: &[Stop], out: &mut impl Write, err: &mut impl Write) -> io::Result<usize> {
    let mut wrong = 0;
    for (number, (name, show)) in stops.iter().enumerate() {
        let mut scene = Scene::default();
        show(&mut scene);
        writeln!(out, "{}. {name}\n{}", number + 1, scene.page())?;
        if !scene.complaints().is_empty() {
            wrong += 1;
            writeln!(err, "stop {} is wrong: {name}", number + 1)?;
            for complaint in scene.complaints() {
                writeln!(err, "  {complaint}")?;
            }
        }
    }
    writeln!(out, "{} stops, {wrong} wrong", stops.len())?;
    Ok(wrong)
}
