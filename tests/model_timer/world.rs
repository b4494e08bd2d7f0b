//! What there is: the word, the two parameter slots, the time, and where each thread stands.

/// Where a thread stands, named after the step it takes next.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum At {
    Gone,
    // A waiter, which waits again after each release.
    Look,
    LoadPeriod,
    Advance,
    Consume,
    Register,
    /// In the futex call: the kernel compares the word, then puts the thread to sleep until it is due.
    Compare,
    Sleep,
    Unregister,
    // A setter.
    TakeGuard,
    WritePeriod,
    Swap,
    LeaveGuard,
    LoadWaiters,
    WakeAll,
}
pub use At::*;

/// What a setter does.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// Due at this time, then at each multiple of this period; 0 is no period.
    Arm(u8, u8),
    Cancel,
}
pub use Act::*;

#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub struct Word {
    pub signalled: bool,
    pub set_number: u8,
    /// 0 is "inactive".
    pub due: u8,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Thread {
    pub at: At,
    pub seen: Word,
    pub now: u8,
    pub period: u8,
    pub registered: bool,
    /// How many of its acts a setter has done.
    pub acts: u8,
}

/// The most threads that a model has.
pub const THREADS: usize = 4;

#[derive(Clone, Copy, PartialEq, Eq)]
pub struct World {
    pub word: Word,
    pub periods: [u8; 2],
    pub now: u8,
    pub waiters: u8,
    /// A thread's number plus one; 0 is nobody.
    pub guard: u8,
    pub threads: [Thread; THREADS],
    pub kills: u8,
    /// What the last set asked for, however it is stored.
    pub armed: (u8, u8),
    /// The rule that the last step broke.
    pub broken: Option<&'static str>,
}

pub const MISSED: &str = "a waiter sleeps beside an expired timer";
pub const TWICE: &str = "one expiry is counted twice";
pub const RELEASED_TWICE: &str = "one signal releases two waiters";
pub const OUT_OF_STEP: &str = "a periodic timer is out of step";

impl Thread {
    pub fn new(at: At) -> Self {
        Self { at, seen: Word::default(), now: 0, period: 0, registered: false, acts: 0 }
    }

    /// It forgets what it has seen.
    pub fn go(&mut self, at: At) {
        *self = Self { registered: self.registered, acts: self.acts, ..Self::new(at) };
    }

    /// It does not move before the time has passed on, or somebody wakes it.
    pub fn rests(&self, now: u8) -> bool {
        self.at == Gone || self.at == Sleep && (self.seen.due == 0 || now < self.seen.due)
    }

    fn code(&self) -> u32 {
        let numbers = u32::from(self.now) | u32::from(self.period) << 4 | u32::from(self.acts) << 7;
        self.at as u32 | u32::from(self.registered) << 4 | self.seen.code() << 5 | numbers << 14
    }
}

impl Word {
    fn code(self) -> u32 {
        u32::from(self.signalled) | u32::from(self.set_number) << 1 | u32::from(self.due) << 5
    }
}

impl World {
    pub fn expired(&self) -> bool {
        self.word.signalled || self.word.due != 0 && self.now >= self.word.due
    }

    /// Threads of one role are interchangeable.
    pub fn key(&self, roles: &[u8; THREADS]) -> (u128, u64) {
        let mut codes = [0; THREADS];
        for (i, thread) in self.threads.iter().enumerate().filter(|(_, thread)| thread.at != Gone) {
            let guards = u32::from(usize::from(self.guard) == i + 1);
            codes[i] = thread.code() | guards << 23 | u32::from(roles[i]) << 24;
        }
        codes.sort_unstable();
        let mut key = u64::from(self.word.code()) << 1 | u64::from(self.broken.is_some());
        for number in [self.periods[0], self.periods[1], self.waiters, self.kills, self.armed.0, self.armed.1]
        {
            key = key << 4 | u64::from(number);
        }
        (codes.iter().fold(0, |all, &code| all << 32 | u128::from(code)), key << 4 | u64::from(self.now))
    }
}
