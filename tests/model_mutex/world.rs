//! What there is: the word, GUARD, and where each thread stands.

/// Where a thread stands, named after the step it takes next.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum At {
    Gone,
    /// Dead; the kernel has looked at the word and is about to wake one sleeper.
    Dying,
    Look,
    /// In the futex call: the kernel compares the low half of the word, then puts the thread to sleep.
    Compare,
    Sleep,
    /// A sleep of at most 10 ms, since the mutex is free but reserved.
    Nap,
    Own,
    WakeOne,
    ClearWaiters,
    /// The deadline has passed and the last look was in vain.
    GiveUp,
    EndCall,
    PassOn,
    // From here on `list_op_pending` is GUARD's.
    Settle,
    Recover,
    WakeRecovered,
    LeaveSettled,
    // From here on a wait-all.
    TakeGuard,
    LockWord,
    CommitOrUndo,
    WakeUndone,
    Apply,
    LeaveGuard,
}
pub use At::*;

/// How long a wait has lasted, as far as the hand-off cares.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Rank {
    Newcomer,
    Slept,
    Claimant,
}
pub use Rank::*;

/// LOCKED, and whether the wait-all that set it has decided to take all its objects.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Lock {
    Open,
    Locked,
    Decided,
}
pub use Lock::*;

/// What the kernel compares. The owner is a thread's number plus one; 0 is nobody.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub struct LowHalf {
    pub owner: u8,
    pub waiters: bool,
    pub died: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Word {
    pub low: LowHalf,
    pub lock: Lock,
    pub reserved: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Thread {
    pub at: At,
    pub rank: Rank,
    /// `list_op_pending` points at the mutex, outside of GUARD.
    pub pending: bool,
    /// The mutex was acquired since this thread released it: stands for the acquisitions in the word.
    pub outdated: bool,
    /// The deadline of this wait has passed.
    pub late: bool,
    pub calls: u8,
    /// What the futex call expects to find.
    pub seen: LowHalf,
}

/// The most threads that a model has.
pub const THREADS: usize = 5;

#[derive(Clone, Copy, PartialEq, Eq)]
pub struct World {
    pub word: Word,
    pub guard: u8,
    pub threads: [Thread; THREADS],
    pub kills: u8,
    /// An owner died, and nobody was told yet.
    pub untold: bool,
}

pub const EXCLUSION: &str = "two threads own the mutex";
pub const ASLEEP: &str = "all live threads sleep beside an available mutex";
pub const UNTOLD: &str = "the death of an owner is forgotten";

impl Thread {
    pub const fn new(at: At, calls: u8) -> Self {
        let seen = LowHalf { owner: 0, waiters: false, died: false };
        Self { at, rank: Newcomer, pending: false, outdated: false, late: false, calls, seen }
    }

    /// The kernel would wake somebody if the thread died with the mutex free.
    pub fn covers(&self) -> bool {
        self.pending && (self.at as u8) < Settle as u8
    }

    pub fn look(&mut self, rank: Rank) {
        (self.at, self.rank, self.seen) = (Look, self.rank.max(rank), LowHalf::default());
    }

    fn code(&self) -> u32 {
        let notes = u32::from(self.pending) | u32::from(self.outdated) << 1 | u32::from(self.late) << 2;
        let seen = u32::from(self.seen.waiters) | u32::from(self.seen.died) << 1;
        self.at as u32 | (self.rank as u32) << 5 | notes << 7 | u32::from(self.calls) << 10 | seen << 12
    }
}

impl World {
    /// The numbers of the threads do not matter, only who owns what and whom a waiter has seen as the owner.
    pub fn key(&self, is_committer: impl Fn(usize) -> bool) -> u128 {
        let mut codes = [(0, 0); THREADS];
        for (i, thread) in self.threads.iter().enumerate().filter(|(_, thread)| thread.at != Gone) {
            let owns = u32::from(usize::from(self.word.low.owner) == i + 1) << 14;
            let guards = u32::from(usize::from(self.guard) == i + 1) << 15;
            codes[i] = (thread.code() | owns | guards | u32::from(is_committer(i)) << 16, i + 1);
        }
        codes.sort_unstable();
        let mut key = u128::from(self.kills) << 6 | u128::from(self.untold) << 5;
        key |= (self.word.lock as u128) << 3 | u128::from(self.word.reserved) << 2;
        key |= u128::from(self.word.low.waiters) << 1 | u128::from(self.word.low.died);
        for (code, number) in codes {
            let seen = number.checked_sub(1).map_or(0, |i| usize::from(self.threads[i].seen.owner));
            // A dead owner that somebody has seen is told from nobody, and never comes back.
            let place = if seen == 0 { 0 } else { codes.iter().position(|c| c.1 == seen).unwrap_or(5) + 1 };
            key = key << 20 | u128::from(code) | (place as u128) << 17;
        }
        key
    }
}
