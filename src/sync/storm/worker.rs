//! A process of the mixed storm: waits for one, any or all of several objects, and
//! gives back what it got.

use super::process::die;
use super::random;
use super::record::{AUTOS, Arena, HELD, Life, MUTEXES, OBJECTS, PAUSE, RUN, Slot};
use crate::error::Error;
use crate::sync::{self, NEVER, Outcome, SyncObject};
use crate::sys::time::{self, monotonic_ns};
use std::sync::atomic::Ordering::{Relaxed, SeqCst};
use std::time::Duration;

pub const SORTS: [&str; 3] = ["one", "any", "all"];

pub struct Worker<'a> {
    pub arena: &'static Arena,
    pub objects: &'a [&'a SyncObject],
    pub slot: usize,
    pub life: Life,
    pub seed: u64,
}

impl Worker<'_> {
    pub fn run(mut self) {
        loop {
            match self.arena.order.load(Relaxed) {
                RUN => {
                    self.operate();
                    self.mine().progress.fetch_add(1, SeqCst);
                }
                PAUSE => self.pause(),
                _ => return,
            }
        }
    }

    fn pause(&self) {
        self.mine().is_paused.store(1, SeqCst);
        while self.arena.order.load(SeqCst) == PAUSE {
            time::sleep(Duration::from_micros(50));
        }
        self.mine().is_paused.store(0, SeqCst);
    }

    fn mine(&self) -> &'static Slot {
        &self.arena.slots[self.slot]
    }

    /// Some of the round's objects in some order; the event and the timer seldom.
    fn choose(&mut self) -> Vec<usize> {
        let bits = random(&mut self.seed) & (!0 << OBJECTS | self.arena.chosen.load(Relaxed));
        let first = (bits >> 32) as usize % OBJECTS;
        let all = (0..OBJECTS).map(|index| (first + index) % OBJECTS);
        all.filter(|&index| {
            let seldom = if index < HELD { 0 } else { bits >> (8 * (index - HELD) + 40) & 15 };
            bits >> index & 1 != 0 && seldom == 0
        })
        .collect()
    }

    fn operate(&mut self) {
        let mut chosen = self.choose();
        let sort = [0, 1, 1, 2][random(&mut self.seed) as usize % 4];
        chosen.truncate([1, OBJECTS, 4][sort]);
        if chosen.is_empty() {
            return;
        }
        let in_a_moment = random(&mut self.seed) % 8 == 0;
        let moment = random(&mut self.seed) % (1 << 20);
        let objects: Vec<_> = chosen.iter().map(|&index| self.objects[index]).collect();
        let slot = self.mine();
        slot.about.store(chosen.iter().map(|index| 1 << index).sum(), SeqCst);
        slot.waits_for_all.store(u64::from(sort == 2), SeqCst);
        slot.is_waiting.store(1, SeqCst);
        let start = monotonic_ns();
        let deadline = if in_a_moment { start + moment } else { NEVER };
        let outcome = match sort {
            0 => take(objects[0], deadline),
            1 => sync::any(sync::me(), &objects, deadline),
            _ => take_all(&objects, deadline),
        };
        let end = monotonic_ns();
        let granted = match outcome.unwrap() {
            Outcome::TimedOut => &[][..],
            Outcome::Granted(index) | Outcome::Abandoned(index) if sort < 2 => &chosen[index..=index],
            Outcome::Granted(_) | Outcome::Abandoned(_) => &chosen,
        };
        self.enter(granted, outcome.unwrap());
        slot.is_waiting.store(0, SeqCst);
        slot.about.store(0, SeqCst);
        if !granted.is_empty() {
            // How long a wait with a deadline takes is its own affair.
            slot.note_wait(sort, end - start);
        }
        match random(&mut self.seed) % 16 {
            0..4 if self.arena.lingers.load(Relaxed) != 0 => time::sleep(Duration::from_micros(50)),
            4..6 => std::thread::yield_now(),
            _ => {}
        }
        self.perhaps_die(granted);
        granted.iter().for_each(|&index| self.give_back(index));
    }

    /// Enters this process as the holder of what it was granted.
    fn enter(&self, granted: &[usize], outcome: Outcome) {
        let record = &self.arena.record;
        // Of several abandoned mutexes a wait-all names the first.
        let first_abandoned = match outcome {
            Outcome::Abandoned(index) => Some(if granted.len() == 1 { 0 } else { index }),
            _ => None,
        };
        let mut owned = Vec::with_capacity(MUTEXES.len());
        for (place, &index) in granted.iter().enumerate() {
            if MUTEXES.contains(&index) {
                let entry = record.own(index, self.life, first_abandoned == Some(place));
                owned.push(entry.told_by(first_abandoned.is_some_and(|first| place > first)));
            } else if index < HELD {
                record.hold(index, self.slot);
            }
        }
        owned.into_iter().for_each(|entry| record.judge(entry));
    }

    /// Dies with all that it has, if that is asked for.
    fn perhaps_die(&mut self, granted: &[usize]) {
        let one_of = self.arena.suicides.load(Relaxed);
        if one_of != 0 && random(&mut self.seed) % one_of == 0 {
            let owned = granted.iter().filter(|index| MUTEXES.contains(index)).count() as u64;
            self.arena.record.planned.fetch_add(owned, SeqCst);
            die();
        }
    }

    fn give_back(&self, index: usize) {
        if index >= HELD {
            return;
        }
        let (record, object, slot) = (&self.arena.record, self.objects[index], self.mine());
        slot.about.store(1 << index, SeqCst);
        if MUTEXES.contains(&index) {
            record.disown(index, self.life);
        } else {
            record.let_go(index, self.slot);
        }
        let me = sync::me();
        let given = match index {
            _ if MUTEXES.contains(&index) => at_once(object.release_at_once(me), || object.release(me)),
            _ if AUTOS.contains(&index) => at_once(object.set_at_once(me), || object.set_event()),
            _ => at_once(object.add_at_once(me, 1), || object.release_semaphore(1).map(|_| ())),
        };
        if given.is_err() {
            // Not ours, or one too many.
            record.exclusion.fetch_add(1, SeqCst);
        }
        record.gave(index);
        slot.about.store(0, SeqCst);
    }
}

/// As the calls by handle do it: at once, or the whole.
fn take(object: &SyncObject, deadline: u64) -> Result<Outcome, Error> {
    match object.take_at_once(sync::me(), false) {
        Some(_) => Ok(Outcome::Granted(0)),
        None => sync::one(sync::me(), object, deadline),
    }
}

pub fn take_all(objects: &[&SyncObject], deadline: u64) -> Result<Outcome, Error> {
    match sync::all_at_once(sync::me(), objects) {
        Some(outcome) => Ok(outcome),
        None => sync::all(sync::me(), objects, deadline),
    }
}

fn at_once(is_done: bool, whole: impl FnOnce() -> Result<(), Error>) -> Result<(), Error> {
    if is_done { Ok(()) } else { whole() }
}
