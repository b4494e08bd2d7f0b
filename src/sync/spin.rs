//! Looking for a while before sleeping. Waking a processor from its sleep takes
//! tens of microseconds; a partner that runs on another one answers in less than one.
//!
//! Two that sleep in turn would never find out: each spins in vain while the other one is
//! being woken. So whose sleep was short enough to have been little else spins once for as
//! long as that takes, and meets the partner awake.

use super::object::SyncObject;
use super::state::Kind;
use super::wait::Wait;
use crate::plant::stored;
use crate::sys::{system, time};
use std::cell::Cell;
use std::sync::atomic::Ordering::Relaxed;

const LONGEST_NS: u32 = 20_000;
/// A budget below this is none.
const SHORTEST_NS: u32 = 200;
/// What it takes to wake two processors, one after the other, and something more.
const AWAKENINGS_NS: u32 = 150_000;
/// Spins of that length are so many waits apart when they lead to nothing.
const FARTHEST: u32 = 16;
const PROBE_EVERY: u32 = 64;
const LOOKS_PER_CLOCK: u32 = 16;

/// What a thread has learned about its partners.
pub struct Habit {
    /// How long it spins, in ns. A hit doubles it, a miss halves it.
    budget_ns: Cell<u32>,
    /// Its last wait was a sleep that may have been nothing but two awakenings.
    slept_shortly: Cell<bool>,
    /// How far apart its spins over awakenings are, in waits; and how far the next one is.
    distance: Cell<u32>,
    until_next: Cell<u32>,
    /// Its waits without a partner elsewhere, and on how many processors it may run.
    waits: Cell<u32>,
    processors: Cell<u32>,
}

impl Habit {
    pub const fn new() -> Habit {
        Habit {
            budget_ns: Cell::new(LONGEST_NS),
            slept_shortly: Cell::new(false),
            distance: Cell::new(1),
            until_next: Cell::new(0),
            waits: Cell::new(0),
            processors: Cell::new(0),
        }
    }

    /// For how long to spin in this wait; 0: not at all.
    fn budget(&self, objects: &[&SyncObject], start_ns: u64) -> u32 {
        match is_partner_elsewhere(objects) {
            Some(true) => self.budget_of_partner(objects, start_ns),
            // Two that run on one processor, and may run on more, are parted by the system
            // when it sees both want to run.
            Some(false) => self.budget_of_stranger(0),
            None => self.budget_of_stranger(self.budget_ns.get()),
        }
    }

    /// Where nothing tells that it is worth while: now and then the full length.
    fn budget_of_stranger(&self, usual: u32) -> u32 {
        let number = self.waits.replace(self.waits.get().wrapping_add(1));
        let probes = number % PROBE_EVERY == 0;
        if probes {
            self.processors.set(system::allowed_processors());
        }
        let budget = if probes { LONGEST_NS } else { usual };
        if self.processors.get() < 2 || budget < SHORTEST_NS { 0 } else { budget }
    }

    fn budget_of_partner(&self, objects: &[&SyncObject], start_ns: u64) -> u32 {
        let until_next = self.until_next.get();
        self.until_next.set(until_next.saturating_sub(1));
        // (A timer that becomes due is not noticed meanwhile.)
        let is_over_awakenings = self.slept_shortly.get()
            && until_next == 0
            && !objects.iter().any(|object| object.kind.is_timer());
        if is_over_awakenings {
            // Not always as many: two that count alike would go on missing each other.
            self.until_next.set((start_ns >> 6) as u32 % self.distance.get() + 1);
            self.distance.set((self.distance.get() * 2).min(FARTHEST));
            return AWAKENINGS_NS;
        }
        let budget = self.budget_ns.get();
        if budget < SHORTEST_NS { 0 } else { budget }
    }

    fn hit(&self, budget: u32, took_ns: u64) {
        if took_ns <= u64::from(LONGEST_NS) {
            self.distance.set((self.distance.get() / 2).max(1));
        } else if self.distance.get() < FARTHEST {
            // The partner was being woken: from now on he may do the same.
            self.until_next.set(0);
        }
        self.budget_ns.set((budget * 2).min(LONGEST_NS));
    }

    fn miss(&self, budget: u32) {
        self.budget_ns.set(budget.min(self.budget_ns.get()) / 2);
    }

    /// Never again, to tests.
    #[cfg(test)]
    pub fn give_up(&self) {
        self.budget_ns.set(0);
        self.until_next.set(u32::MAX);
        self.waits.set(1);
    }

    /// After a wait that ended asleep with this object.
    pub fn slept(&self, object: &SyncObject, start_ns: u64) {
        let is_short = || time::monotonic_ns() - start_ns <= u64::from(AWAKENINGS_NS);
        self.slept_shortly.set(object.was_woken_elsewhere() == Some(true) && is_short());
    }
}

/// Whether somebody who woke a waiter of one of these did so from another processor than
/// the calling thread's, and so may signal it while this thread does not sleep. None: not
/// known.
fn is_partner_elsewhere(objects: &[&SyncObject]) -> Option<bool> {
    objects.iter().filter_map(|object| object.was_woken_elsewhere()).reduce(|one, other| one || other)
}

impl SyncObject {
    /// For who wakes a waiter of an event or semaphore: on which processor he did.
    pub(super) fn note_processor(&self) {
        if self.kind != Kind::Mutex {
            self.words().recursion.store(system::this_processor(), Relaxed);
            stored("object: processor noted");
        }
    }

    /// Whether the waiter that was woken last was so from another processor than that of the
    /// calling thread; None: not known.
    fn was_woken_elsewhere(&self) -> Option<bool> {
        let waker = if self.kind == Kind::Mutex { 0 } else { self.words().recursion.load(Relaxed) };
        (waker != 0).then(|| waker != system::this_processor())
    }
}

/// Spins until `scan` succeeds.
pub fn spin<T>(wait: &mut Wait, mut scan: impl FnMut(&mut Wait) -> Option<T>) -> Option<T> {
    let habit = &wait.me.spins;
    let budget = habit.budget(wait.objects, wait.start_ns);
    if budget == 0 {
        return None;
    }
    let end = (wait.start_ns + u64::from(budget)).min(wait.deadline_ns);
    let mut now = wait.start_ns;
    // What came between the last look and the beginning of the wait is no move any more.
    if let Some(found) = scan(wait) {
        return Some(found);
    }
    loop {
        for _ in 0..LOOKS_PER_CLOCK {
            let moved = wait
                .objects
                .iter()
                .zip(&wait.seen)
                .any(|(object, seen)| object.words().state.load(Relaxed) != *seen);
            if moved {
                if let Some(found) = scan(wait) {
                    habit.hit(budget, now - wait.start_ns);
                    return Some(found);
                }
            }
            std::hint::spin_loop();
        }
        now = time::monotonic_ns();
        if now >= end {
            break;
        }
    }
    habit.miss(budget);
    wait.now_ns = now;
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_sleeps_in_turn_with_a_partner_spins_over_awakenings_until_that_leads_to_nothing() {
        let habit = Habit::new();
        assert_eq!(habit.budget_of_partner(&[], 0), LONGEST_NS);
        habit.slept_shortly.set(true);
        for _ in 0..3 {
            assert_eq!(habit.budget_of_partner(&[], 0), AWAKENINGS_NS);
            habit.hit(AWAKENINGS_NS, u64::from(AWAKENINGS_NS));
        }
        for _ in 0..100 {
            let budget = habit.budget_of_partner(&[], 0);
            habit.miss(budget);
        }
        assert_eq!((habit.distance.get(), habit.budget_ns.get()), (FARTHEST, 0));
        let start_ns = u64::from(FARTHEST - 1) << 6;
        let long = (0..1000).filter(|_| habit.budget_of_partner(&[], start_ns) != 0).count();
        assert!(long <= 1000 / FARTHEST as usize + 1, "{long}");
        (0..10).for_each(|_| habit.hit(LONGEST_NS, 0));
        assert_eq!((habit.distance.get(), habit.budget_ns.get()), (1, LONGEST_NS));
    }

    #[test]
    fn without_a_partner_elsewhere_only_now_and_then() {
        let habit = Habit::new();
        let spins = (0..PROBE_EVERY).filter(|_| habit.budget_of_stranger(0) != 0).count();
        assert_eq!(spins, usize::from(system::allowed_processors() > 1));
        habit.give_up();
        assert_eq!((habit.budget_of_partner(&[], 0), habit.budget_of_stranger(0)), (0, 0));
    }
}
