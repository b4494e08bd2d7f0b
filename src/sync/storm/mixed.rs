//! Waits for one, any and all of ten objects of every kind, in six processes, in
//! rounds. At the end of a round everybody finishes the wait that he is in, and nobody
//! begins another: who was not woken for what is there sleeps on. What must hold:
//! * nobody holds what somebody else holds;
//! * nobody sleeps on when all is there, and what was there at the beginning is there
//!   at the end;
//! * with kills: each death of an owner is told once, to the next owner.

use super::process::{Watchdog, burn_while, shared, storm_in_a_process, time};
use super::record::{AUTOS, Arena, END, MANUAL, MUTEXES, OBJECTS, SEMAPHORES, TIMER};
use super::rounds::{NO_PATIENCE, Round, Storm};
use super::worker::SORTS;
use crate::dispatcher::{Dispatcher, Making};
use crate::plant;
use crate::sync::Clock;
use crate::sys::time::monotonic_ns;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::SeqCst;
use std::time::{Duration, Instant};

/// What the long storm is to reach, for each minute that it was told; it takes longer if it must.
const KILLS_PER_MINUTE: f64 = 40_000.0;

fn make(index: usize) -> Dispatcher {
    let making = match index {
        _ if MUTEXES.contains(&index) => Making::Mutex { owned: false },
        _ if AUTOS.contains(&index) => Making::Event { manual: false, set: true },
        _ if SEMAPHORES.contains(&index) => Making::Semaphore { count: 2, maximum: 2 },
        MANUAL => Making::Event { manual: true, set: false },
        TIMER => Making::Timer { manual: false },
        _ => unreachable!("{OBJECTS} objects"),
    };
    Dispatcher::unnamed(&making).unwrap()
}

impl Storm<'_> {
    /// Says what happened; returns how much was wrong.
    fn report(&self) -> u64 {
        let count = |number: &AtomicU64| number.load(SeqCst);
        let slots = &self.arena.slots;
        for (sort, name) in SORTS.iter().enumerate() {
            let granted: u64 = slots.iter().map(|slot| count(&slot.waits[sort])).sum();
            let longest = slots.iter().map(|slot| count(&slot.longest[sort])).max().unwrap_or(0);
            let late: u64 = slots.iter().map(|slot| count(&slot.late[sort])).sum();
            let longest = longest as f64 / 1e6;
            println!("wait {name}: {granted} granted, longest {longest:.1} ms, over 100 ms {late}");
        }
        let record = &self.arena.record;
        let (exclusion, lost) = (count(&record.exclusion), count(&record.lost));
        let (told, planned) = (count(&record.told), count(&record.planned));
        let (unentered, doubtful) = (count(&record.unentered), count(&record.doubtful));
        let (unexplained, miscounted, stuck) = (self.repair.unexplained, self.miscounted, self.stuck);
        println!(
            "{} rounds, {} kills, {told} owners' deaths told ({planned} planned; {unentered} more in \
             {doubtful} doubtful deaths), {} tokens of dead ones found; longest end {} ms, {} over 400 ms, left asleep {}",
            self.rounds,
            self.kills,
            self.repair.found,
            self.longest_end.as_millis(),
            self.late_ends,
            self.left_asleep
        );
        println!(
            "exclusion {exclusion}, lost abandonments {lost}, miscounted {miscounted}, \
             unexplained {unexplained}, stuck {stuck}"
        );
        // A storm in which no owner died shows nothing of deaths.
        let says_nothing = u64::from(self.kills > 0 && (told == 0 || planned == 0));
        exclusion + lost + miscounted + unexplained + stuck + says_nothing
    }
}

fn storm(rounds: &[Round], time: Duration, kills: u64) -> u64 {
    let _watchdog = Watchdog::over(time);
    let made: Vec<_> = (0..OBJECTS).map(make).collect();
    let objects: Vec<_> = made.iter().map(|made| &made.object).collect();
    objects[TIMER].set_timer(monotonic_ns(), 1, Clock::Monotonic).unwrap();
    let arena: &'static Arena = shared();
    burn_while(&arena.lit);
    let mut storm = Storm::new(arena, &objects);
    if kills > 0 && plant::is(plant::NO_SLICES) {
        storm.patience = NO_PATIENCE;
    }
    let end = Instant::now() + time;
    for &round in rounds.iter().cycle() {
        storm.round(round);
        let is_over = Instant::now() >= end && storm.kills >= kills;
        if is_over || storm.stuck > 0 {
            break;
        }
    }
    arena.order.store(END, SeqCst);
    for process in storm.crew.iter().flatten() {
        if storm.stuck > 0 {
            process.kill();
        }
        process.reap();
    }
    storm.report()
}

/// Run by the tests below in a process of its own, and by `./dev stress`.
#[test]
#[ignore = "run by other tests, in a process of its own"]
fn stress_waits_of_all_sorts() {
    assert_eq!(storm(&[Round::Calm], time(), 0), 0);
}

/// As above.
#[test]
#[ignore = "run by other tests, in a process of its own"]
fn stress_waits_under_kills() {
    let rounds = [Round::Wild, Round::Wild, Round::Counted];
    let is_long = time() >= Duration::from_secs(30);
    let kills = if is_long { KILLS_PER_MINUTE * time().as_secs_f64() / 60.0 } else { 1.0 };
    assert_eq!(storm(&rounds, time(), kills as u64), 0);
}

const CALM: &str = "sync::storm::mixed::stress_waits_of_all_sorts";
const KILLS: &str = "sync::storm::mixed::stress_waits_under_kills";

#[test]
fn waits_of_all_sorts_exclude_and_wake_each_other_without_time_slices() {
    let variables = [("WINSHM_PLANT", plant::NO_SLICES), ("WINSHM_STRESS_SECONDS", "2")];
    let (passed, text) = storm_in_a_process(CALM, &variables);
    println!("{text}");
    assert!(passed, "{text}");
}

#[test]
fn waits_of_all_sorts_survive_kills() {
    let (passed, text) = storm_in_a_process(KILLS, &[("WINSHM_STRESS_SECONDS", "3")]);
    println!("{text}");
    assert!(passed, "{text}");
}

#[test]
fn the_storm_notices_two_owners() {
    let variables = [("WINSHM_PLANT", plant::IGNORE_LOCKED), ("WINSHM_STRESS_SECONDS", "1")];
    let (passed, text) = storm_in_a_process(CALM, &variables);
    assert!(!passed && text.contains("exclusion") && !text.contains("exclusion 0"), "{text}");
}

#[test]
fn the_storm_notices_lost_wakes() {
    for (storm, fault) in [(CALM, plant::QUIET_SIGNAL), (KILLS, plant::NO_COVER)] {
        let both = format!("{},{fault}", plant::NO_SLICES);
        // As long as it takes: the first sleeper who was forgotten ends the storm.
        let variables = [("WINSHM_PLANT", both.as_str()), ("WINSHM_STRESS_SECONDS", "60")];
        let (passed, text) = storm_in_a_process(storm, &variables);
        assert!(!passed && text.contains("stuck") && !text.contains("stuck 0"), "{fault}: {text}");
    }
}

#[test]
fn the_storm_notices_lost_abandonments() {
    let variables = [("WINSHM_PLANT", plant::QUIET_DEATH), ("WINSHM_STRESS_SECONDS", "3")];
    let (passed, text) = storm_in_a_process(KILLS, &variables);
    assert!(!passed && text.contains("lost") && !text.contains("lost abandonments 0"), "{text}");
}
