//! Who holds what, as the processes of a storm say it themselves. Whoever was granted
//! an object enters himself, and takes himself out before he gives it back: if two
//! are entered at once, two were granted at once.
//!
//! A process that is killed stays entered. For a mutex the next owner finds it: that
//! one must have been told of an abandoned mutex, and nobody else (but for deaths
//! between a grant and its entry, which are counted). What cannot be abandoned the
//! parent gives back in the dead one's stead.

use super::process::Process;
use std::ops::Range;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::{Relaxed, SeqCst};

pub const MUTEXES: Range<usize> = 0..3;
pub const AUTOS: Range<usize> = 3..6;
pub const SEMAPHORES: Range<usize> = 6..8;
/// What somebody holds who was granted it.
pub const HELD: usize = 8;
pub const MANUAL: usize = 8;
pub const TIMER: usize = 9;
pub const OBJECTS: usize = 10;

/// How many may hold an object.
pub fn limit(object: usize) -> u32 {
    if SEMAPHORES.contains(&object) { 2 } else { 1 }
}

pub const SLOTS: usize = 6;

/// One life of a process: its id, and a number that tells it from the one before.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Life(pub u64);

impl Life {
    pub const PARENT: Life = Life(1);

    pub fn of_this_process(number: u64) -> Life {
        Life(number << 32 | u64::from(std::process::id()))
    }

    fn is_over(self) -> bool {
        self != Life::PARENT && !Process(self.0 as libc::pid_t).is_alive()
    }
}

#[derive(Default)]
pub struct Record {
    /// The life that owns each mutex, or died owning it; 0: nobody.
    owners: [AtomicU64; 3],
    /// The slots that hold each auto event and each semaphore.
    holders: [AtomicU64; HELD],
    /// Moves with every entry, before and after every gift.
    pub activity: [AtomicU64; HELD],
    /// Two holders at once, or one that nobody entered.
    pub exclusion: AtomicU64,
    /// An owner died and the next was not told.
    pub lost: AtomicU64,
    /// An owner died and the next was told.
    pub told: AtomicU64,
    /// Somebody was told of a death while owning, and nobody was entered.
    pub unentered: AtomicU64,
    /// Deaths that may explain the former: between grant and entry, or the reverse.
    pub doubtful: AtomicU64,
    /// Deaths of entered owners, by their own hand.
    pub planned: AtomicU64,
}

impl Record {
    /// Somebody was granted a mutex.
    pub fn own(&self, mutex: usize, life: Life, abandoned: bool) -> Owned {
        Owned { before: self.owners[mutex].swap(life.0, SeqCst), abandoned }
    }

    /// Judges what the entry found. (Not before all objects of a wait are entered:
    /// it takes a while.)
    pub fn judge(&self, owned: Owned) {
        let counter = match (owned.before, owned.abandoned) {
            (0, false) => return,
            (0, true) => &self.unentered,
            (before, _) if !Life(before).is_over() => &self.exclusion,
            (_, true) => &self.told,
            (_, false) => &self.lost,
        };
        counter.fetch_add(1, SeqCst);
    }

    /// Before the release of a mutex.
    pub fn disown(&self, mutex: usize, life: Life) {
        if self.owners[mutex].swap(0, SeqCst) != life.0 {
            self.exclusion.fetch_add(1, SeqCst);
        }
    }

    /// Somebody was granted an auto event or a semaphore.
    pub fn hold(&self, object: usize, slot: usize) {
        let before = self.holders[object].fetch_or(1 << slot, SeqCst);
        if before.count_ones() >= limit(object) || before >> slot & 1 != 0 {
            self.exclusion.fetch_add(1, SeqCst);
        }
        self.activity[object].fetch_add(1, SeqCst);
    }

    /// Before he gives it back. `gave` follows.
    pub fn let_go(&self, object: usize, slot: usize) {
        if self.holders[object].fetch_and(!(1 << slot), SeqCst) >> slot & 1 == 0 {
            self.exclusion.fetch_add(1, SeqCst);
        }
        self.activity[object].fetch_add(1, SeqCst);
    }

    pub fn gave(&self, object: usize) {
        self.activity[object].fetch_add(1, SeqCst);
    }

    /// For the parent: takes out a dead holder. Whether it was entered.
    pub fn bury(&self, object: usize, slot: usize) -> bool {
        self.holders[object].fetch_and(!(1 << slot), SeqCst) >> slot & 1 != 0
    }

    pub fn holders(&self, object: usize) -> u32 {
        self.holders[object].load(SeqCst).count_ones()
    }
}

/// What an entry found.
#[derive(Clone, Copy)]
pub struct Owned {
    before: u64,
    abandoned: bool,
}

impl Owned {
    pub fn was_entered(&self) -> bool {
        self.before != 0
    }

    /// A wait-all names the first of its abandoned mutexes; the caller is told of
    /// the others behind it in that way, too.
    pub fn told_by(self, other: bool) -> Owned {
        Owned { abandoned: self.abandoned || other && self.was_entered(), ..self }
    }
}

/// What a process is about, for who finds it dead.
#[derive(Default)]
pub struct Slot {
    /// Finished operations.
    pub progress: AtomicU64,
    /// Bits of the objects that it is about to be granted, or to give back.
    pub about: AtomicU64,
    pub is_waiting: AtomicU64,
    pub waits_for_all: AtomicU64,
    pub is_paused: AtomicU64,
    /// By sort of wait: how often, the longest in ns, and how many took over 100 ms.
    pub waits: [AtomicU64; 3],
    pub longest: [AtomicU64; 3],
    pub late: [AtomicU64; 3],
}

impl Slot {
    pub fn note_wait(&self, sort: usize, ns: u64) {
        self.waits[sort].fetch_add(1, Relaxed);
        self.longest[sort].fetch_max(ns, Relaxed);
        if ns > 100_000_000 {
            self.late[sort].fetch_add(1, Relaxed);
        }
    }
}

/// Orders.
pub const RUN: u64 = 0;
/// Finish what you are about, and wait.
pub const PAUSE: u64 = 1;
pub const END: u64 = 2;

#[derive(Default)]
pub struct Arena {
    pub record: Record,
    pub slots: [Slot; SLOTS],
    pub order: AtomicU64,
    /// Bits of the objects of this round: few are waited for by many.
    pub chosen: AtomicU64,
    /// Holders take their time: many come to sleep.
    pub lingers: AtomicU64,
    /// Fuses burn; with 2 they are short.
    pub lit: AtomicU64,
    /// One of so many operations ends with the death of who has its objects; 0: none.
    pub suicides: AtomicU64,
}
