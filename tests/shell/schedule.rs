//! Bytes that choose in which order the ends of a shell take their steps, on one thread, and a plain engine
//! that executes what was journalled: everything that the ends see has to agree with it.

use pricetime::journal::digest;
use pricetime::shell::{LosslessReader, LossyReader, Message, NotTaken, Producer, Seen, Turn};
use pricetime::{Action, Engine, Event, Events};

use crate::expected::expected;
use crate::model::script::{RECORD, Script};
use crate::rig::{Rig, Truth, entries, sizes};

const ENDS: usize = 4;
const LEVELS: usize = 2;

/// A producer and what it did.
struct Own {
    producer: Producer,
    /// Among all that there ever were.
    number: usize,
}

/// What a producer handed over, and how much of it was answered.
#[derive(Default)]
struct Asked {
    actions: Vec<Action>,
    published: usize,
    answered: usize,
    last_sequence: u64,
}

struct Lossless {
    reader: LosslessReader,
    given_back: u64,
}

/// How often the rarer things happened.
#[derive(Clone, Copy, Default, Debug)]
pub struct Reached {
    pub entries: usize,
    pub told: usize,
    pub full: usize,
    pub behind: usize,
    pub left: usize,
    pub lossless: usize,
    pub missed: usize,
}

/// Everything on the stage.
struct Play {
    reached: Reached,
    rig: Rig,
    places: usize,
    lane: usize,
    ring: u64,
    batch: usize,
    producers: [Option<Own>; ENDS],
    asked: Vec<Asked>,
    lossless: [Option<Lossless>; ENDS],
    lossy: [Option<LossyReader>; ENDS],
    commands: std::vec::IntoIter<Action>,
    now: u64,
    /// Executes what was journalled.
    plain: Engine,
    /// The action of each entry, whether its outcome came, and what that has to be.
    entries: Vec<(Action, bool, crate::expected::Expected)>,
    messages: Vec<Message>,
    /// The depth that readers see, and that of the last turn.
    depth: Truth,
    next_depth: Truth,
}

/// How many messages carry an action.
fn messages(action: &Action) -> usize {
    match action {
        Action::Order(_)
        | Action::Once { .. }
        | Action::Leg { .. }
        | Action::CancelReplace { .. }
        | Action::Amend(_) => 2,
        _ => 1,
    }
}

/// Plays what bytes say.
pub fn play(bytes: &[u8]) -> Reached {
    let Some((head, bytes)) = bytes.split_first_chunk::<6>() else {
        return Reached::default();
    };
    let (steps, records) = bytes.split_at(bytes.len() / 3);
    let (records, _) = records.as_chunks::<RECORD>();
    let mut play = Play::new(head, Script::decode(head[0], records));
    for step in steps {
        play.step(*step);
    }
    play.end();
    play.reached.entries = play.entries.len();
    play.reached
}

impl Play {
    fn new(head: &[u8; 6], script: Script) -> Self {
        let size = |byte: u8, most: u8| 1 + usize::from(byte % most);
        let (lane, ring) = (size(head[1], 8), size(head[2], 40));
        let (producers, batch) = (size(head[3], 4), size(head[4], 9));
        let sizes = sizes().producers(producers).lane(lane).ring(ring);
        let sizes = sizes.lossless_readers(size(head[5], 3)).batch(batch);
        let rig = Rig::of(script.instrument, sizes.levels(LEVELS));
        let plain = rig.matcher.engine().clone();
        let depth = Truth::of(&rig.matcher, LEVELS);
        let actions: Vec<_> = script
            .commands
            .iter()
            .map(|command| command.action)
            .collect();
        Self {
            reached: Reached::default(),
            places: producers,
            lane: lane.next_power_of_two(),
            ring: ring.next_power_of_two() as u64,
            batch,
            producers: Default::default(),
            asked: Vec::new(),
            lossless: Default::default(),
            lossy: Default::default(),
            commands: actions.into_iter(),
            now: script
                .commands
                .first()
                .map_or(0, |command| command.timestamp.nanoseconds()),
            plain,
            entries: Vec::new(),
            messages: Vec::new(),
            next_depth: depth.clone(),
            depth,
            rig,
        }
    }

    fn step(&mut self, byte: u8) {
        let end = usize::from(byte / 64);
        match byte % 64 {
            0..6 => self.come(end),
            6..20 => self.write(end),
            20..26 => self.publish_commands(end),
            26..33 => self.take_outcome(end),
            33 => self.leave(end),
            34..42 => self.turn(byte),
            42..48 => self.publish(),
            48..54 => self.read_lossless(end),
            54..57 => self.give_back(end),
            57 => self.lossless[end] = None,
            58..62 => self.read_lossy(end),
            62 => self.lossy[end] = Some(self.rig.ring.lossy()),
            _ => self.read_depth(),
        }
    }

    fn come(&mut self, end: usize) {
        if self.producers[end].is_some() {
            return;
        }
        if let Some(mut producer) = self.rig.intake.producer() {
            assert_eq!(producer.outcome(), None, "an outcome of somebody else");
            let number = self.asked.len();
            self.asked.push(Asked::default());
            self.producers[end] = Some(Own { producer, number });
        }
    }

    fn leave(&mut self, end: usize) {
        if let Some(own) = self.producers[end].take() {
            let asked = &mut self.asked[own.number];
            asked.actions.truncate(asked.published);
            self.reached.left += 1;
        }
    }

    fn write(&mut self, end: usize) {
        let Some(own) = &mut self.producers[end] else {
            return;
        };
        let Some(action) = self.commands.as_slice().first().copied() else {
            return;
        };
        let asked = &mut self.asked[own.number];
        let token = (own.number << 32 | asked.actions.len()) as u64;
        match own.producer.write(token, action) {
            Ok(()) => {
                self.commands.next();
                asked.actions.push(action);
            }
            Err(NotTaken::Full(back)) => {
                self.reached.full += 1;
                assert_eq!(back, action);
                let under_way = asked.actions[asked.answered..].iter();
                let waiting: usize = under_way.map(messages).sum();
                assert!(waiting + messages(&action) > self.lane, "not full");
            }
            Err(NotTaken::Stopped(_) | NotTaken::Poisoned(_)) => panic!("the matcher is there"),
        }
    }

    fn publish_commands(&mut self, end: usize) {
        if let Some(own) = &self.producers[end] {
            own.producer.publish();
            let asked = &mut self.asked[own.number];
            asked.published = asked.actions.len();
        }
    }

    /// Whether there was one.
    fn take_one(&mut self, end: usize) -> bool {
        let Some(own) = &mut self.producers[end] else {
            return false;
        };
        let Some(outcome) = own.producer.outcome() else {
            return false;
        };
        let asked = &mut self.asked[own.number];
        assert_eq!(outcome.token, (own.number << 32 | asked.answered) as u64);
        assert!(outcome.sequence > asked.last_sequence, "out of order");
        let (action, told, expected) = &mut self.entries[outcome.sequence as usize - 1];
        assert_eq!(*action, asked.actions[asked.answered]);
        assert!(!std::mem::replace(told, true), "told twice");
        assert_eq!(outcome.result, *expected, "{action:?}");
        self.reached.told += 1;
        asked.answered += 1;
        asked.last_sequence = outcome.sequence;
        true
    }

    fn take_outcome(&mut self, end: usize) {
        self.take_one(end);
    }

    /// Whether all messages find room: none that a lossless reader has not given back is written over.
    fn has_room(&self) -> bool {
        let gates = self.lossless.iter().flatten().map(|own| own.given_back);
        let limit = gates.min().map_or(u64::MAX, |gate| gate + self.ring);
        self.messages.len() as u64 <= limit
    }

    fn publish(&mut self) {
        assert_eq!(self.rig.matcher.publish(), self.has_room());
        if self.has_room() {
            self.was_published();
        }
    }

    fn was_published(&mut self) {
        self.depth = self.next_depth.clone();
        assert_eq!(self.rig.ring.lossy().position(), self.messages.len() as u64);
    }

    fn turn(&mut self, byte: u8) {
        let steps = [0, 1, 5, 0, -3, 40, 2, 1];
        self.now = self.now.saturating_add_signed(steps[usize::from(byte % 8)]);
        let before = self.rig.journal.len();
        let turn = self.rig.apply(self.now);
        let is_behind = turn == Turn::Behind;
        assert_eq!(is_behind, !self.has_room());
        if is_behind {
            self.reached.behind += 1;
            assert_eq!(self.rig.journal.len(), before);
            return;
        }
        self.depth = self.next_depth.clone();
        self.next_depth = Truth::of(&self.rig.matcher, LEVELS);
        let applied = self.execute();
        let said = match turn {
            Turn::Applied(commands) => commands,
            Turn::Idle | Turn::Behind | Turn::Poisoned => 0,
        };
        assert!(applied == said && applied <= self.batch, "{turn:?}");
    }

    /// Executes the new entries; how many.
    fn execute(&mut self) -> usize {
        let known = self.entries.len();
        let entries = entries(&self.rig.journal);
        let mut events = Events::default();
        for entry in &entries[known..] {
            let action = entry.command.action;
            events.clear();
            self.plain.apply(&entry.command, &mut events);
            assert_eq!(entry.events, events.as_slice(), "{action:?}");
            let expected = expected(&action, &entry.events, &self.plain);
            self.entries.push((action, false, expected));
            let sequence = self.entries.len() as u64;
            let message = |event: &Event| Message {
                sequence,
                event: *event,
            };
            self.messages.extend(entry.events.iter().map(message));
        }
        assert_eq!(self.rig.matcher.mark().sequence, self.entries.len() as u64);
        entries.len() - known
    }

    fn read_lossless(&mut self, end: usize) {
        let Some(own) = &mut self.lossless[end] else {
            let reader = self.rig.ring.lossless();
            self.lossless[end] = reader.map(|reader| Lossless {
                given_back: reader.position(),
                reader,
            });
            return;
        };
        let position = own.reader.position();
        match own.reader.read() {
            Some(message) => {
                self.reached.lossless += 1;
                assert_eq!(message, self.messages[position as usize]);
            }
            None => assert_eq!(position, self.rig.ring.lossy().position(), "there is more"),
        }
    }

    fn give_back(&mut self, end: usize) {
        if let Some(own) = &mut self.lossless[end] {
            own.reader.give_back();
            own.given_back = own.reader.position();
        }
    }

    fn read_lossy(&mut self, end: usize) {
        let Some(reader) = &mut self.lossy[end] else {
            return;
        };
        let position = reader.position();
        let published = self.rig.ring.lossy().position();
        match reader.read() {
            Seen::Message(message) => assert_eq!(message, self.messages[position as usize]),
            Seen::Nothing => assert_eq!(position, published, "there is more"),
            Seen::Missed(messages) => {
                assert!(messages > 0);
                self.reached.missed += 1;
                assert_eq!(reader.position(), position + messages);
                assert!(position + messages <= published);
                // Of what is written over, or about to be, and the head start behind it.
                let kept = self.ring - self.ring / 32;
                assert!(reader.position() + kept <= self.messages.len() as u64);
            }
        }
    }

    fn read_depth(&mut self) {
        assert_eq!(Truth::seen(&self.rig.depth.read()), self.depth);
    }

    /// All go on until nothing is left to do; then the accounts have to balance.
    fn end(&mut self) {
        (0..ENDS).for_each(|end| self.publish_commands(end));
        let (mut quiet, mut rounds) = (0, 0);
        while quiet < 3 {
            rounds += 1;
            assert!(rounds < 10_000, "it never ends");
            let before = self.entries.len();
            for end in 0..ENDS {
                while self.take_one(end) {}
                if self.lossless[end].is_some() {
                    (0..self.ring).for_each(|_| self.read_lossless(end));
                    self.give_back(end);
                }
            }
            self.turn(0);
            self.publish();
            quiet = if self.entries.len() == before && self.has_room() {
                quiet + 1
            } else {
                0
            };
        }
        self.read_depth();
        for own in self.lossless.iter_mut().flatten() {
            assert_eq!(own.reader.read(), None, "all was read");
        }
        self.check_accounts();
        assert_eq!(digest(&self.plain), digest(self.rig.matcher.engine()));
        self.plain.book().check();
    }

    /// Every published command is in the journal once, and each that has a producer was answered.
    fn check_accounts(&mut self) {
        for own in self.producers.iter().flatten() {
            let asked = &self.asked[own.number];
            assert_eq!(asked.answered, asked.actions.len(), "not answered");
        }
        let untold = self.entries.iter().filter(|(_, told, _)| !told);
        let mut untold: Vec<_> = untold.map(|(action, ..)| *action).collect();
        for asked in &self.asked {
            for action in &asked.actions[asked.answered..] {
                let at = untold.iter().position(|untold| untold == action);
                untold.swap_remove(at.expect("a published command was not executed"));
            }
        }
        assert_eq!(untold, [], "nobody asked for this");
        self.producers = Default::default();
        self.rig.turn(self.now);
        let places = std::iter::from_fn(|| self.rig.intake.producer());
        assert!(
            places.collect::<Vec<_>>().len() == self.places,
            "a place is lost"
        );
    }
}
