//! Whoever looks never sees a part of a wait-all: all of its objects are taken at one
//! instant, or none is. Two questions, in processes of their own:
//! * Wait-alls fail all the time, because two events are never set at once, and those
//!   who try are killed in the middle. Is the event that they have in common always
//!   there? (A wait-all that succeeds is a fault, too.)
//! * A mutex, an event and a semaphore are only ever taken together, and the last one
//!   is given back last. Who gets the last one finds the others, too?

use super::process::{Process, SHAKE, Watchdog, begin, burn_while, shared, storm_in_a_process, time};
use super::worker::take_all;
use crate::dispatcher::{Dispatcher, Making};
use crate::plant;
use crate::sync::{self, NOW, Outcome, SyncObject, me};
use crate::sys::time::monotonic_ns;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::{Relaxed, SeqCst};
use std::time::{Duration, Instant};

/// What the long version is to reach in a minute.
const PROBES_PER_MINUTE: f64 = 10_000_000.0;
/// The longest that who fails all the time lives, in steps.
const FUSE: u64 = 3000;

#[derive(Default)]
struct Arena {
    stop: AtomicU64,
    lit: AtomicU64,
    /// Looks of those who had reason to find an object, and those that found none.
    probes: [AtomicU64; 2],
    partial: [AtomicU64; 2],
    /// Wait-alls that got what was never there at once.
    impossible: AtomicU64,
    committed: AtomicU64,
}

impl Arena {
    fn runs(&self) -> bool {
        self.stop.load(Relaxed) == 0
    }
}

fn make<const N: usize>(making: [Making; N]) -> [Dispatcher; N] {
    making.map(|making| Dispatcher::unnamed(&making).unwrap())
}

fn gets(object: &SyncObject) -> bool {
    sync::one(me(), object, NOW).unwrap() != Outcome::TimedOut
}

/// Sets one of two events at a time.
fn flicker(arena: &Arena, events: [&SyncObject; 2]) {
    while arena.runs() {
        for event in events {
            event.set_event().unwrap();
            event.reset_event().unwrap();
        }
    }
}

/// Waits for what never is, mostly without sleep: between its look and its commit
/// the events change.
fn fail(arena: &Arena, objects: &[&SyncObject]) {
    for number in 0u64.. {
        let deadline = if number % 64 == 0 { monotonic_ns() + 20_000 } else { NOW };
        if !arena.runs() {
            return;
        }
        if sync::all(me(), objects, deadline).unwrap() != Outcome::TimedOut {
            arena.impossible.fetch_add(1, SeqCst);
        }
    }
}

/// Takes the event that must always be there, and gives it back.
fn observe_one(arena: &Arena, always: &SyncObject) {
    while arena.runs() {
        arena.probes[0].fetch_add(1, Relaxed);
        if gets(always) {
            always.set_event().unwrap();
        } else {
            arena.partial[0].fetch_add(1, SeqCst);
        }
    }
}

fn give_back(object: &SyncObject) {
    match object.kind {
        sync::Kind::Mutex => object.release(me()).unwrap(),
        sync::Kind::Semaphore => object.release_semaphore(1).map(|_| ()).unwrap(),
        _ => object.set_event().unwrap(),
    }
}

/// Takes all, and gives them back, the last one last.
fn commit(arena: &Arena, objects: &[&SyncObject]) {
    while arena.runs() {
        // With a deadline, so that it sees the end.
        if take_all(objects, monotonic_ns() + 1_000_000).unwrap() != Outcome::TimedOut {
            arena.committed.fetch_add(1, Relaxed);
            objects.iter().for_each(|object| give_back(object));
        }
    }
}

/// Who has the last one, finds the others.
fn observe_all(arena: &Arena, objects: &[&SyncObject]) {
    let (last, others) = objects.split_last().unwrap();
    while arena.runs() {
        if !gets(last) {
            // Whoever has it may need the processor.
            std::thread::yield_now();
            continue;
        }
        arena.probes[1].fetch_add(1, Relaxed);
        for other in others {
            // Without a look to spare: by now somebody else may be waiting for it.
            if gets(other) {
                give_back(other);
            } else {
                arena.partial[1].fetch_add(1, SeqCst);
            }
        }
        give_back(last);
    }
}

/// Runs the processes until there were enough probes in enough time. The first
/// `mortal` ones die now and then, and are replaced.
fn run(arena: &Arena, which: usize, mortal: usize, bodies: &[&dyn Fn()], time: Duration) -> u64 {
    arena.stop.store(0, SeqCst);
    let start = |slot: usize| {
        Process::start(|| {
            begin(slot, (slot < mortal).then_some(FUSE));
            bodies[slot]();
        })
    };
    let mut crew: Vec<_> = (0..bodies.len()).map(start).collect();
    let wanted = (PROBES_PER_MINUTE * time.as_secs_f64() / 30.0) as u64;
    let (end, mut kills) = (Instant::now() + time, 0);
    while Instant::now() < end || arena.probes[which].load(SeqCst) < wanted {
        std::thread::sleep(Duration::from_millis(1));
        for (slot, process) in crew.iter_mut().enumerate() {
            if process.ended().is_some() {
                kills += 1;
                *process = start(slot);
            }
        }
    }
    arena.lit.store(0, SeqCst);
    arena.stop.store(1, SeqCst);
    crew.into_iter().for_each(Process::reap);
    kills
}

fn storm(time: Duration) -> u64 {
    let _watchdog = Watchdog::over(time);
    let arena: &'static Arena = shared();
    burn_while(&arena.lit);
    let event = |manual, set| Making::Event { manual, set };
    let [always, first, second] = &make([event(false, true), event(true, false), event(true, false)]);
    let (always, flickering) = (&always.object, [&first.object, &second.object]);
    let never = [always, flickering[0], flickering[1]];
    let (fail, observe) = (|| fail(arena, &never), || observe_one(arena, always));
    arena.lit.store(1, SeqCst);
    SHAKE.store(16, SeqCst);
    let kills = run(arena, 0, 2, &[&fail, &fail, &|| flicker(arena, flickering), &observe], time / 2);

    SHAKE.store(1024, SeqCst);
    let semaphore = Making::Semaphore { count: 1, maximum: 1 };
    let made = make([event(false, true), Making::Mutex { owned: false }, semaphore]);
    let together = [&made[0].object, &made[1].object, &made[2].object];
    let (commit, observe) = (|| commit(arena, &together), || observe_all(arena, &together));
    run(arena, 1, 0, &[&commit, &commit, &observe], time / 2);
    let all_there = sync::all(me(), &together, NOW).unwrap() != Outcome::TimedOut;

    let count = |number: &AtomicU64| number.load(SeqCst);
    let (one, all) = (count(&arena.partial[0]), count(&arena.partial[1]));
    let (impossible, gone) = (count(&arena.impossible), u64::from(!all_there));
    println!(
        "{} probes beside failing wait-alls with {kills} kills: event missing {one}, impossible {impossible}",
        count(&arena.probes[0])
    );
    println!(
        "{} probes beside {} wait-alls: partial grabs {all}, gone at the end {gone}",
        count(&arena.probes[1]),
        count(&arena.committed)
    );
    one + all + impossible + gone
}

/// Run by the tests below in a process of its own, and by `./dev stress`.
#[test]
#[ignore = "run by other tests, in a process of its own"]
fn stress_observed_wait_alls() {
    assert_eq!(storm(time()), 0);
}

const STORM: &str = "sync::storm::observer::stress_observed_wait_alls";

#[test]
fn nobody_sees_a_part_of_a_wait_all() {
    let (passed, text) = storm_in_a_process(STORM, &[("WINSHM_STRESS_SECONDS", "2")]);
    println!("{text}");
    assert!(passed, "{text}");
}

/// Both observers notice, at the latest after some attempts: on a busy machine one of
/// them may hardly run beside the others.
#[test]
fn the_observer_notices_a_wait_all_that_grabs_one_by_one() {
    let variables = [("WINSHM_PLANT", plant::ONE_BY_ONE), ("WINSHM_STRESS_SECONDS", "1")];
    let mut unnoticed = vec!["event missing 0,", "partial grabs 0,"];
    let mut last = String::new();
    for _ in 0..12 {
        let (passed, text) = storm_in_a_process(STORM, &variables);
        assert!(text.contains("event missing") && text.contains("partial grabs"), "{text}");
        unnoticed.retain(|nothing| passed || text.contains(nothing));
        if unnoticed.is_empty() {
            return;
        }
        last = text;
    }
    panic!("{unnoticed:?}: {last}");
}
