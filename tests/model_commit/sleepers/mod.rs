//! How wait-alls sleep and are woken, beside single waiters and setters of the same auto events.
//!
//! A wait-all that cannot have all its objects sleeps on one that it misses. Woken for it and missing another one
//! then, it hands the wake on: the *baton*. What commits look like from within is for the other model; here a
//! commit locks its objects one by one, and a mark says whether it has decided.

mod protocol;

/// Where a thread stands, named after the step it takes next.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum At {
    Gone,
    /// Dead; the kernel is about to wake one sleeper of the object in `list_op_pending`.
    Dying,
    Look,
    /// A wait-all hands on the wake for the object that it slept on.
    Baton,
    Register,
    LookAgain,
    /// In the futex call: the kernel compares the word, then puts the thread to sleep.
    Compare,
    Sleep,
    Unregister,
    PassOn,
    /// The last step of a wait or a set: `list_op_pending` is cleared.
    EndWait,
    // A setter.
    Update,
    LoadWaiters,
    Wake,
    // From here on without `list_op_pending` of its own.
    Settle,
    Recover,
    WakeRecovered,
    LeaveSettled,
    TakeGuard,
    Lock,
    WakeRecoveredToLock,
    Undo,
    WakeUndone,
    Decide,
    Apply,
    LeaveGuard,
}
use At::*;

#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub struct Object {
    available: bool,
    locked: bool,
    /// The wait-all that locked it has decided to take it.
    decided: bool,
    sleepers: u8,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Thread {
    at: At,
    /// The object that it is about.
    object: u8,
    // An object's number plus one, or 0.
    /// The object that a wait-all has slept on and may have been woken for.
    slept_on: u8,
    pending: u8,
    registered: bool,
    /// Its wait is decided, or its commit: what is left is to tidy up. On the way to GUARD: it goes to commit.
    done: bool,
}

const THREADS: usize = 5;

#[derive(Clone, Copy, PartialEq, Eq)]
pub struct World {
    objects: [Object; 2],
    guard: u8,
    threads: [Thread; THREADS],
    kills: u8,
}

pub const ASLEEP: &str = "all live threads sleep, one of them beside all that it wants";

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Wants both.
    All,
    One(u8),
    Setter(u8),
}

/// Planted faults, any of which may go together.
pub const NO_BATON: u8 = 1;
pub const NO_PASSING_ON: u8 = 2;
pub const NO_WAKE_AFTER_UNDO: u8 = 4;
pub const NOTHING_PENDING: u8 = 8;

pub struct Sleepers {
    pub roles: &'static [Role],
    pub kills: u8,
    /// Any wait may meet its deadline at any moment.
    pub deadlines: bool,
    pub faults: u8,
}

impl Thread {
    fn new(role: Option<&Role>) -> Self {
        let (at, object) = match role {
            None => (Gone, 0),
            Some(Role::All) => (Look, 0),
            Some(&Role::One(object)) => (Look, object),
            Some(&Role::Setter(object)) => (Update, object),
        };
        Self { at, object, slept_on: 0, pending: 0, registered: false, done: false }
    }

    fn code(&self) -> u32 {
        let notes = u32::from(self.registered) | u32::from(self.done) << 1 | u32::from(self.object) << 2;
        self.at as u32 | notes << 5 | u32::from(self.slept_on) << 8 | u32::from(self.pending) << 10
    }

    fn covers(&self) -> bool {
        self.pending != 0 && (self.at as u8) < Settle as u8
    }
}

impl World {
    /// Threads of one role are interchangeable.
    fn key(&self, roles: &[Role]) -> u128 {
        let mut codes = [0; THREADS];
        for (i, thread) in self.threads.iter().enumerate().filter(|(_, thread)| thread.at != Gone) {
            let role = match roles[i] {
                Role::All => 0,
                Role::One(object) => 1 + object,
                Role::Setter(object) => 3 + object,
            };
            let guards = u32::from(usize::from(self.guard) == i + 1);
            codes[i] = thread.code() | u32::from(role) << 12 | guards << 15;
        }
        codes.sort_unstable();
        let mut key = u128::from(self.kills);
        for object in &self.objects {
            key = key << 6 | u128::from(object.sleepers) << 3 | u128::from(object.decided) << 2;
            key |= u128::from(object.locked) << 1 | u128::from(object.available);
        }
        codes.iter().fold(key, |key, &code| key << 16 | u128::from(code))
    }
}
