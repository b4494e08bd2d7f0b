//! Sleeping on the words of a wait.

use super::object::SyncObject;
use super::state::{Kind, mutex};
use super::wait::{MOST, Wait};
use crate::plant::{self, step, stored};
use crate::sys::futex::{self, Waiter};
use crate::sys::{sleeping, time};
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::{Relaxed, SeqCst};

/// Every sleeper looks again after so long: for the few wakes that a killed thread
/// takes with it.
const SLICE_NS: u64 = 500_000_000;

/// A free mutex that is reserved is left alone for so long.
const RESERVATION_NS: u64 = 10_000_000;

/// And what was signalled for somebody who slept: he has been woken, but on a busy
/// machine he may have to wait for a processor.
const HAND_OVER_NS: u64 = 50_000_000;

/// How long to sleep over such a reservation. It may have been given up at the moment
/// of falling asleep, which the part of the word that the kernel compares does not show.
const RESERVED_SLICE_NS: u64 = 2_000_000;

/// Without a system call for several words: the death of a mutex's owner, and
/// objects of another guard, are noticed after so long.
const BELL_SLICE_NS: u64 = 10_000_000;

const FEW: usize = 8;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Awakening {
    For(usize),
    /// For any of them, or the time is over.
    Other,
    /// Not at all, or not for long: a word had another value, or a signal came.
    Moved,
}

pub struct Limit {
    pub end_ns: u64,
    /// Bit i: object i could be taken, were it not reserved.
    pub reserved: u64,
    /// Until when to leave it alone.
    pub reserved_until_ns: u64,
}

/// Until when to sleep: the deadline, the next timer, the end of a reservation.
pub fn limit(wait: &Wait, now_ns: u64) -> Limit {
    let mut limit = Limit { end_ns: wait.deadline_ns, reserved: 0, reserved_until_ns: u64::MAX };
    if !plant::is(plant::NO_SLICES) {
        limit.end_ns = limit.end_ns.min(now_ns + SLICE_NS);
    }
    for (index, (object, word)) in wait.objects.iter().zip(&wait.seen).enumerate() {
        if object.kind.is_timer() {
            limit.end_ns = limit.end_ns.min(object.due_at(*word, now_ns).unwrap_or(u64::MAX));
        } else if object.kind.is_reserved(*word) && object.kind.is_present(*word) {
            let (patience, slice) = match object.kind.is_handed_over() {
                true => (HAND_OVER_NS, RESERVED_SLICE_NS),
                false => (RESERVATION_NS, RESERVATION_NS),
            };
            let until = wait.unreserved_ns + patience;
            limit.reserved |= 1 << index;
            limit.reserved_until_ns = limit.reserved_until_ns.min(until);
            limit.end_ns = limit.end_ns.min(until).min(now_ns + slice);
        }
    }
    limit
}

/// Sleeps until a word moves or the time is over. The kernel compares the low
/// halves with what was seen.
pub fn sleep(wait: &Wait, end_ns: u64) -> Awakening {
    sleeping::begins();
    wait.me.is_asleep.set(true);
    let awakening = sleep_on_words(wait, end_ns);
    wait.me.is_asleep.set(false);
    awakening
}

fn sleep_on_words(wait: &Wait, end_ns: u64) -> Awakening {
    if let [object] = wait.objects {
        if object.kind.is_single() && !is_twins(wait) && !plant::is(plant::NO_COVER) {
            wait.me.cover(object.address());
        } else {
            wait.me.clear_pending();
        }
        step(30);
        let slept = futex::wait_until(low_half(object), wait.seen[0] as u32, end_ns);
        step(31);
        return match slept {
            futex::Slept::Woken => Awakening::For(0),
            futex::Slept::TimedOut => Awakening::Other,
            futex::Slept::Moved => Awakening::Moved,
        };
    }
    let slept = match has_waitv() {
        true => sleep_on_all(wait, end_ns),
        false => None,
    };
    let slept = slept.unwrap_or_else(|| sleep_by_bell(wait, end_ns));
    if let Awakening::For(index) = slept {
        step(29);
        let object = wait.objects[index];
        if object.kind.is_single() {
            // One of several only: slices are for the others.
            wait.me.cover(object.address());
        }
    }
    step(33);
    slept
}

/// Whether the owner of the mutex is a twin in another PID namespace, with the thread
/// id of this thread. If this one were killed while it covers the mutex, the kernel
/// would take it for the owner. (A twin that takes it during the sleep is not known.)
fn is_twins(wait: &Wait) -> bool {
    wait.objects[0].kind == Kind::Mutex && wait.seen[0] & mutex::OWNER == u64::from(wait.me.thread())
}

fn low_half(object: &SyncObject) -> *const u32 {
    futex::low_half(&object.words().state)
}

static NO_WAITV: AtomicBool = AtomicBool::new(false);

/// As where the kernel does not know it, or a sandbox forbids it.
#[cfg(test)]
pub fn do_without_waitv() {
    NO_WAITV.store(true, Relaxed);
}

fn has_waitv() -> bool {
    !NO_WAITV.load(Relaxed)
}

/// None: the kernel does not know how, or a sandbox forbids it.
fn sleep_on_all(wait: &Wait, end_ns: u64) -> Option<Awakening> {
    let (mut few, mut many);
    let waiters = match wait.objects.len() {
        // Most waits: not worth clearing room for all that there could be.
        ..=FEW => {
            few = [Waiter::NONE; FEW];
            &mut few[..wait.objects.len()]
        }
        count => {
            many = [Waiter::NONE; MOST];
            &mut many[..count]
        }
    };
    for (index, object) in wait.objects.iter().enumerate() {
        waiters[index] = Waiter::new(low_half(object), wait.seen[index] as u32);
    }
    step(32);
    match futex::wait_for_any(waiters, end_ns) {
        Ok(Ok(index)) => Some(Awakening::For(index)),
        Ok(Err(futex::Slept::TimedOut)) => Some(Awakening::Other),
        Ok(Err(_)) => Some(Awakening::Moved),
        Err(_) => {
            NO_WAITV.store(true, Relaxed);
            None
        }
    }
}

/// Sleeps on the bell of a guard, which everybody rings who signals an object and
/// finds nobody asleep on it.
fn sleep_by_bell(wait: &Wait, end_ns: u64) -> Awakening {
    let end = end_ns.min(time::monotonic_ns() + BELL_SLICE_NS);
    let Some(guard) = wait.objects.iter().find_map(|object| object.guard.as_ref()) else {
        time::sleep_until(end);
        return Awakening::Other;
    };
    let words = guard.words();
    words.bell_waiters.fetch_add(1, SeqCst);
    stored("bell: waiter counted");
    let bell = words.bell.load(SeqCst);
    // Whoever signalled before we registered did not ring.
    let moved = wait
        .objects
        .iter()
        .zip(&wait.seen)
        .any(|(object, seen)| object.words().state.load(SeqCst) as u32 != *seen as u32);
    let slept = match moved {
        true => Awakening::Moved,
        false => match futex::wait_until(words.bell.as_ptr(), bell, end) {
            futex::Slept::Moved => Awakening::Moved,
            _ => Awakening::Other,
        },
    };
    words.bell_waiters.fetch_sub(1, SeqCst);
    stored("bell: waiter gone");
    slept
}
