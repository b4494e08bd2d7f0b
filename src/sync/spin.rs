//! Looking for a while before sleeping. Waking a processor from its sleep takes
//! tens of microseconds; a partner that runs on another one answers in less than one.

use super::owner::Owner;
use super::wait::Wait;
use crate::sys::time;
use std::sync::atomic::Ordering::Relaxed;

pub const LONGEST_NS: u32 = 20_000;
/// A budget below this is none.
const SHORTEST_NS: u32 = 200;
/// Now and then a wait tries the full length: partners change.
const PROBE_EVERY: u32 = 64;
/// More objects are not worth looking at all the time.
const MOST_OBJECTS: usize = 8;
const LOOKS_PER_CLOCK: u32 = 16;

/// The budget of this wait; 0: do not spin.
fn budget(me: &Owner, objects: usize) -> u32 {
    let number = me.waits.get().wrapping_add(1);
    me.waits.set(number);
    let probes = number % PROBE_EVERY == 0;
    if probes {
        me.processors.set(crate::sys::system::allowed_processors());
    }
    let budget = if probes { LONGEST_NS } else { me.spin_ns.get() };
    if me.processors.get() < 2 || objects > MOST_OBJECTS || budget < SHORTEST_NS { 0 } else { budget }
}

/// Spins until `scan` succeeds. A hit doubles the thread's budget, a miss halves it.
pub fn spin<T>(wait: &mut Wait, mut scan: impl FnMut(&mut Wait) -> Option<T>) -> Option<T> {
    let budget = budget(wait.me, wait.objects.len());
    if budget == 0 {
        return None;
    }
    let end = (wait.start_ns + u64::from(budget)).min(wait.deadline_ns);
    loop {
        for _ in 0..LOOKS_PER_CLOCK {
            let moved = wait
                .objects
                .iter()
                .zip(&wait.seen)
                .any(|(object, seen)| object.words().state.load(Relaxed) != *seen);
            if moved {
                if let Some(found) = scan(wait) {
                    wait.me.spin_ns.set((budget * 2).min(LONGEST_NS));
                    return Some(found);
                }
            }
            std::hint::spin_loop();
        }
        if time::monotonic_ns() >= end {
            break;
        }
    }
    // A probe that fails says nothing new.
    wait.me.spin_ns.set(budget.min(wait.me.spin_ns.get()) / 2);
    None
}
