//! What there is: objects with their intents, GUARD with its list of the dead, and where each thread stands.

/// Where a thread stands, named after the step it takes next.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum At {
    Gone,
    // A wait-all; several of its steps go through its objects one by one.
    TakeGuard,
    PushDead,
    NumberCommit,
    Consider,
    WriteValue,
    WriteNumber,
    Lock,
    Decide,
    Apply,
    Undo,
    LeaveGuard,
    // A prober: it releases one of the first object, then polls the second one.
    Probe,
    Settle,
    PushDeadToSettle,
    Recover,
    LeaveSettled,
}
pub use At::*;

#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub struct Object {
    /// What can be taken: a count, or 1 for a free mutex.
    pub value: u8,
    pub locked: bool,
    pub intent_number: u8,
    pub intent_value: u8,
    /// The value as it follows from all decisions, releases, polls and deaths so far.
    pub due: u8,
}

#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub struct Guard {
    /// A thread's number plus one; 0 is nobody.
    pub owner: u8,
    pub died: bool,
    pub commits: u8,
    pub decided: u8,
    /// The commits in the list of the dead, one bit each.
    pub dead: u8,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Thread {
    pub at: At,
    /// The place in its list of objects, or the act of a prober.
    pub next: u8,
    /// The number of its commit, and the value that it has looked at.
    pub number: u8,
    pub value: u8,
    /// The mutexes that it owns, one bit each.
    pub owns: u8,
}

/// The most threads and objects that a model has.
pub const THREADS: usize = 4;
pub const OBJECTS: usize = 3;

#[derive(Clone, Copy, PartialEq, Eq)]
pub struct World {
    pub objects: [Object; OBJECTS],
    pub guard: Guard,
    pub threads: [Thread; THREADS],
    pub kills: u8,
}

pub const PARTIAL: &str = "an object shows something else than what was decided";
pub const STUCK: &str = "no live thread can go on";

impl Thread {
    pub const fn new(at: At) -> Self {
        Self { at, next: 0, number: 0, value: 0, owns: 0 }
    }

    fn code(&self) -> u32 {
        let numbers = u32::from(self.number) | u32::from(self.value) << 3 | u32::from(self.owns) << 5;
        self.at as u32 | u32::from(self.next) << 5 | numbers << 7
    }
}

impl Guard {
    /// The commit has been decided, whatever became of its thread.
    pub fn knows(&self, number: u8) -> bool {
        number != 0 && (self.decided == number || self.dead & 1 << number != 0)
    }
}

impl World {
    /// What an observer sees who settles whatever it finds LOCKED.
    pub fn shows(&self, object: &Object) -> u8 {
        let decided = object.locked && self.guard.knows(object.intent_number);
        if decided { object.intent_value } else { object.value }
    }

    /// Threads of one role are interchangeable.
    pub fn key(&self, roles: &[u8; THREADS]) -> u128 {
        let mut codes = [0; THREADS];
        for (i, thread) in self.threads.iter().enumerate().filter(|(_, thread)| thread.at != Gone) {
            let guards = u32::from(usize::from(self.guard.owner) == i + 1);
            codes[i] = thread.code() | guards << 15 | u32::from(roles[i]) << 16;
        }
        codes.sort_unstable();
        let guard = &self.guard;
        let mut key = u128::from(self.kills) << 15 | u128::from(guard.dead) << 7;
        key |= u128::from(guard.decided) << 4 | u128::from(guard.commits) << 1 | u128::from(guard.died);
        for object in &self.objects {
            let wrong = self.shows(object) != object.due;
            key = key << 9
                | u128::from(wrong) << 8
                | u128::from(object.value) << 6
                | u128::from(object.locked) << 5;
            key |= u128::from(object.intent_number) << 2 | u128::from(object.intent_value);
        }
        codes.iter().fold(key, |key, &code| key << 18 | u128::from(code))
    }
}
