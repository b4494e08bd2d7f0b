//! What there is: objects, the futex queues of their words, and where each thread stands.

/// Where a thread stands, named after the step it takes next.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum At {
    Gone,
    /// Dead; the kernel is about to wake one sleeper of the object in `list_op_pending`.
    Dying,
    // A waiter. Its steps go through its objects one by one.
    FirstLook,
    Register,
    Look,
    /// The object was available when looked at; taking it is a step of its own, in a planted fault only.
    TornTake,
    /// In the futex call: the kernel compares this object's word and queues the thread there.
    Queue,
    Sleep,
    Unregister,
    Chain,
    EndWait,
    // A setter.
    Update,
    LoadWaiters,
    Wake,
}
pub use At::*;

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Auto,
    Manual,
    Semaphore,
}
pub use Kind::*;

/// What a setter does to an object.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Act {
    Set(u8),
    Reset(u8),
    Pulse(u8),
    /// A semaphore is released by so many.
    Release(u8, u8),
}
pub use Act::*;

#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub struct Object {
    /// AVAIL, or the count of a semaphore.
    pub count: u8,
    pub sleepers: u8,
    /// Takings without a set behind them.
    pub overdrawn: i8,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Thread {
    pub at: At,
    /// The place in its list of objects, or of acts.
    pub next: u8,
    // Sets of objects, one bit each.
    pub queued: u8,
    pub woken: u8,
    /// The manual events whose epoch is no longer the one that the first look found: stands for the epochs.
    pub moved: u8,
    pub slept: bool,
    /// The deadline has passed.
    pub late: bool,
    /// An object's number plus one, or 0.
    pub took: u8,
    pub pending: u8,
}

/// The most threads and objects that a model has.
pub const THREADS: usize = 6;
pub const OBJECTS: usize = 3;

#[derive(Clone, Copy, PartialEq, Eq)]
pub struct World {
    pub objects: [Object; OBJECTS],
    pub threads: [Thread; THREADS],
    pub kills: u8,
}

pub const ASLEEP: &str = "all live threads sleep, one of them beside an available object";
pub const FORGOTTEN: &str = "all live threads sleep, one of them through a pulse";
pub const OVERDRAWN: &str = "one set has released two waiters";

impl Thread {
    pub const fn new(at: At) -> Self {
        let (next, queued, woken, moved, took, pending) = (0, 0, 0, 0, 0, 0);
        Self { at, next, queued, woken, moved, slept: false, late: false, took, pending }
    }

    pub fn go(&mut self, at: At) {
        (self.at, self.next) = (at, 0);
    }

    /// It does not move unless somebody wakes it.
    pub fn rests(&self) -> bool {
        self.at == Gone || self.at == Sleep && self.woken == 0
    }

    fn code(&self) -> u32 {
        let sets = u32::from(self.queued) | u32::from(self.woken) << 3 | u32::from(self.moved) << 6;
        let notes = u32::from(self.slept) | u32::from(self.late) << 1;
        let numbers = u32::from(self.took) | u32::from(self.pending) << 2 | u32::from(self.next) << 4;
        self.at as u32 | sets << 4 | notes << 13 | numbers << 15
    }
}

impl World {
    /// Threads of one role are interchangeable.
    pub fn key(&self, roles: &[u8; THREADS]) -> (u128, u64) {
        let mut codes = [0; THREADS];
        for (i, thread) in self.threads.iter().enumerate().filter(|(_, thread)| thread.at != Gone) {
            codes[i] = thread.code() | u32::from(roles[i]) << 21;
        }
        codes.sort_unstable();
        let mut key = u128::from(self.kills);
        for object in &self.objects {
            key = key << 6 | u128::from(object.count) << 4 | u128::from(object.sleepers) << 1;
            key |= u128::from(object.overdrawn != 0);
        }
        for &code in &codes[2..] {
            key = key << 24 | u128::from(code);
        }
        (key, u64::from(codes[1]) << 24 | u64::from(codes[0]))
    }
}
