//! Gives back what died with its holder. Nobody else does that for events and
//! semaphores: to Windows, too, they are lost.
//!
//! A process may die between a grant and its entry. Then nothing says whether it had
//! the object. It is missing if it is neither there nor held, and stays so until each
//! of the others has been seen where it has nothing that it has not entered: asleep
//! in a wait, or in its next operation.

use super::process::Process;
use super::record::{Arena, HELD, MUTEXES, SLOTS, limit};
use crate::sync::state::{Kind, signal};
use crate::sync::{SyncObject, me};
use std::sync::atomic::Ordering::SeqCst;

pub type Crew = [Option<Process>; SLOTS];

/// An object, as it stays if nobody has it.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Account {
    available: u32,
    holders: u32,
    activity: u64,
}

/// Waits for all processes to be seen without it.
struct Look {
    account: Account,
    crew: Crew,
    progress: [u64; SLOTS],
    clean: [bool; SLOTS],
}

#[derive(Default)]
pub struct Repair {
    /// How many dead ones may have had each object.
    suspects: [u32; HELD],
    looks: [Option<Look>; HELD],
    /// Given back after such a search.
    pub found: u64,
    /// Missing, with nobody dead who could have had it; or one too many.
    pub unexplained: u64,
}

pub fn available(object: &SyncObject) -> u32 {
    let mut word = object.words().state.load(SeqCst);
    while word & object.kind.locked() != 0 {
        word = object.settle(me());
    }
    match object.kind {
        Kind::Semaphore => signal::count(word),
        _ => u32::from(object.kind.is_present(word)),
    }
}

pub fn give(object: &SyncObject, count: u32) {
    match object.kind {
        Kind::Semaphore => object.release_semaphore(count).map(|_| ()).unwrap(),
        _ => object.set_event().unwrap(),
    }
}

impl Repair {
    /// A process was killed: gives back what it had entered, and notes what it may
    /// have had.
    pub fn mourn(&mut self, arena: &Arena, objects: &[&SyncObject], slot: usize) {
        let about = arena.slots[slot].about.swap(0, SeqCst);
        arena.slots[slot].is_waiting.store(0, SeqCst);
        arena.slots[slot].is_paused.store(0, SeqCst);
        for (index, object) in objects.iter().enumerate().take(HELD) {
            let is_about = about >> index & 1 != 0;
            if MUTEXES.contains(&index) {
                arena.record.doubtful.fetch_add(u64::from(is_about), SeqCst);
            } else if arena.record.bury(index, slot) {
                give(object, 1);
                arena.record.gave(index);
            } else if is_about {
                self.suspects[index] += 1;
            }
        }
    }

    /// Looks once more for what is missing.
    pub fn look(&mut self, arena: &Arena, objects: &[&SyncObject], crew: &Crew) {
        for index in (MUTEXES.end..HELD).filter(|&index| self.suspects[index] > 0).collect::<Vec<_>>() {
            let account = Account {
                activity: arena.record.activity[index].load(SeqCst),
                available: available(objects[index]),
                holders: arena.record.holders(index),
            };
            let missing = limit(index).saturating_sub(account.available + account.holders);
            let look = self.looks[index].take().filter(|look| look.account == account);
            if missing == 0 {
                continue;
            }
            let mut look = look.unwrap_or_else(|| Look::new(arena, account, crew));
            if !look.is_finished(arena, crew) {
                self.looks[index] = Some(look);
            } else if account.activity == arena.record.activity[index].load(SeqCst)
                && account.available == available(objects[index])
            {
                self.unexplained += u64::from(missing.saturating_sub(self.suspects[index]));
                self.suspects[index] = self.suspects[index].saturating_sub(missing);
                self.found += u64::from(missing);
                give(objects[index], missing);
            }
        }
    }

    /// Everybody pauses or has ended: now all must be there.
    pub fn settle_accounts(&mut self, arena: &Arena, objects: &[&SyncObject]) {
        self.looks = [const { None }; HELD];
        self.look(arena, objects, &[None; SLOTS]);
        for (index, object) in objects.iter().enumerate().take(HELD).skip(MUTEXES.end) {
            let there = available(object) + arena.record.holders(index);
            self.unexplained += u64::from(there.abs_diff(limit(index)));
        }
        self.suspects = [0; HELD];
        self.looks = [const { None }; HELD];
    }
}

impl Look {
    fn new(arena: &Arena, account: Account, crew: &Crew) -> Look {
        let progress = std::array::from_fn(|slot| arena.slots[slot].progress.load(SeqCst));
        Look { account, crew: *crew, progress, clean: [false; SLOTS] }
    }

    fn is_finished(&mut self, arena: &Arena, crew: &Crew) -> bool {
        for (slot, here) in arena.slots.iter().enumerate() {
            let stays = || here.progress.load(SeqCst) == self.progress[slot];
            let sleeps = |process: Process| {
                let waits = || (here.is_waiting.load(SeqCst) | here.is_paused.load(SeqCst)) != 0;
                waits() && process.is_asleep() && waits() && stays()
            };
            let is_other = crew[slot] != self.crew[slot] || !stays();
            self.clean[slot] |= is_other || crew[slot].is_none_or(sleeps);
        }
        self.clean.iter().all(|&clean| clean)
    }
}
