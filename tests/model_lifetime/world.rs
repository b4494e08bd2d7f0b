//! What there is: files, processes, and who has which lock on what.

/// Where a process stands, named after the step it takes next. Those who hold a lock stand side by side.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum At {
    NotForked,
    Gone,
    /// Between two calls; a call begins with openat.
    Rest,
    OpenAgain,
    OpenToReap,
    CreateExclusively,
    LockNewFile,
    AskHolder,
    TryExclusive,
    // From here on with the exclusive lock.
    ReadLinkCount,
    CompareWithPath,
    Unlink,
    DropExclusive,
    // From here on without a lock.
    TakeShared,
    // From here on with the shared lock.
    CheckLinked,
    CheckFinished,
    Retreat,
    CheckNewFile,
    AbandonNewFile,
    WriteData,
    WriteControlPage,
    CloseAfterRefusal,
    UnlockAfterRefusal,
    /// The call has reported success; the next step is the first of closing.
    Held,
}
pub use At::*;

/// Why a process probes a file with the exclusive lock, hence what it does afterwards.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Errand {
    /// To open the object if it lives; if not, to remove the file and try again.
    Open,
    /// To make up for its own shared lock, which may have kept the last holder from removing the file.
    Amends,
    /// To remove the file if nobody else has the object. This ends the call.
    Close,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Opens or creates, holds, closes.
    Creator,
    /// The same, but where a creator creates it reports "not found".
    Opener,
    /// Wants what it will not get: another kind of object, or a right that does not exist.
    Refused,
    /// Reaps whatever the name leads to, at any time, any number of times.
    Sweeper,
    /// Begins when a holder forks, with the open file description of its parent.
    Child,
}
pub use Role::*;

#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Process {
    pub at: At,
    pub errand: Errand,
    pub calls: u8,
    pub file: Option<u8>,
    /// openat led to an object that everybody had left.
    pub found_dead: bool,
    /// Somebody has held the object at every instant of this call so far; noted for openers only.
    pub always_held: bool,
    /// Its shared lock is on the description that a fork has doubled.
    pub forked: bool,
    /// The file is one that it created.
    pub made_it: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub struct File {
    pub written: bool,
    pub published: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub struct World {
    pub name: Option<u8>,
    pub files: [File; 4],
    pub processes: [Process; 3],
    pub kills: u8,
    /// One of parent and child has unlocked the description of both.
    pub forked_unlocked: bool,
    /// The rule that the last step broke.
    pub broken: Option<&'static str>,
}

pub const TWO_LIVE: &str = "two live objects under one name";
pub const LIVE_UNLINKED: &str = "a live object was unlinked";
pub const UNINITIALISED: &str = "an uninitialised object was reported";
pub const ADOPTED: &str = "an object that was dead when open found it was adopted";
pub const LEFT_BEHIND: &str = "all have closed and a file is left";
pub const MISSED: &str = "not found, though somebody held the object all the time";

impl Process {
    pub const fn new(at: At, calls: u8) -> Self {
        let (errand, file) = (Errand::Open, None);
        Self { at, errand, calls, file, found_dead: false, always_held: false, forked: false, made_it: false }
    }

    pub fn has_exclusive(&self) -> bool {
        self.at >= ReadLinkCount && self.at <= DropExclusive
    }

    pub fn has_shared(&self) -> bool {
        self.at >= CheckLinked && self.at <= Held
    }

    /// The object lives while somebody has the shared lock, or has been told that somebody has it and is about
    /// to take it too. Whoever found it dead does not make it live.
    pub fn keeps_alive(&self) -> bool {
        !self.found_dead && (self.has_shared() || self.at == TakeShared)
    }

    pub fn let_go(&mut self, next: At) -> At {
        (self.file, self.found_dead, self.forked, self.made_it) = (None, false, false, false);
        next
    }

    pub fn end_call(&mut self, role: Role) -> At {
        let calls = if role == Sweeper { self.calls } else { self.calls - 1 };
        *self = Self::new(if calls == 0 { Gone } else { Rest }, calls);
        self.at
    }
}

impl World {
    /// The other processes that have this process's file open.
    pub fn others(&self, me: usize) -> impl Iterator<Item = &Process> {
        let file = self.processes[me].file;
        self.processes.iter().enumerate().filter(move |&(i, p)| i != me && p.file == file).map(|(_, p)| p)
    }

    pub fn exclusive_elsewhere(&self, me: usize) -> bool {
        self.others(me).any(Process::has_exclusive)
    }

    /// Locks belong to descriptions: a process on the same description is no obstacle to this one, and what
    /// one of the two unlocks the other has no longer.
    pub fn shared_elsewhere(&self, me: usize) -> bool {
        let same = self.processes[me].forked && self.processes[me].has_shared();
        self.others(me).any(|p| p.has_shared() && !(p.forked && (same || self.forked_unlocked)))
    }

    pub fn somebody_holds(&self) -> bool {
        self.processes.iter().any(|p| p.at == Held)
    }
}
