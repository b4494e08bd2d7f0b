//! Nobody is kept from his turn: processes that take an object, hold it for a while
//! and give it back in a loop, and others that want it now and then.
//!
//! A wait is bounded in two ways: by the turns that others take meanwhile, which does
//! not depend on how long they take, and by its time. Both hold only for processes that
//! get a processor when they are due: a reservation is not kept for ever. Rounds in
//! which they did not, because the machine is busy, do not count.

use super::process::{Process, Watchdog, begin, shared, stay_on_one_processor, storm_in_a_process, time};
use crate::dispatcher::{Dispatcher, Making};
use crate::plant;
use crate::sync::{self, NEVER, SyncObject, me};
use crate::sys::time::{self as clock, monotonic_ns};
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::{Relaxed, SeqCst};
use std::time::{Duration, Instant};

/// How long nobody may be kept from his turn.
const BOUND_NS: u64 = 50_000_000;
/// If it takes so many to get three undisturbed ones, the machine is too busy.
const MOST_ROUNDS: usize = 6;
/// A round has as many turns as fit into this.
const ROUND_NS: u64 = 120_000_000;

#[derive(Clone, Copy)]
enum Habit {
    /// Holds the object for so long, and comes back at once.
    Loops(u64),
    /// Holds it for a moment, and comes back a millisecond later.
    Plain,
}

type Scene<'a> = (&'a str, Place, &'a [Habit]);

#[derive(Default)]
struct Arena {
    stop: AtomicU64,
    turns: AtomicU64,
    held_ns: AtomicU64,
    held_turns: AtomicU64,
    longest_ns: AtomicU64,
    /// Turns of others in one wait.
    most_turns: AtomicU64,
}

fn take_turns(arena: &Arena, object: &SyncObject, habit: Habit) {
    while arena.stop.load(Relaxed) == 0 {
        let (start, turn) = (monotonic_ns(), arena.turns.load(SeqCst));
        sync::one(me(), object, NEVER).unwrap();
        let now = monotonic_ns();
        let turns = arena.turns.fetch_add(1, SeqCst) - turn;
        arena.longest_ns.fetch_max(now - start, Relaxed);
        arena.most_turns.fetch_max(turns, Relaxed);
        if let Habit::Loops(hold) = habit {
            while monotonic_ns() < now + hold {}
            arena.held_ns.fetch_add(monotonic_ns() - now, Relaxed);
            arena.held_turns.fetch_add(1, Relaxed);
        }
        match object.kind {
            sync::Kind::Mutex => object.release(me()).unwrap(),
            _ => object.set_event().unwrap(),
        }
        if let Habit::Plain = habit {
            clock::sleep(Duration::from_millis(1));
        }
    }
}

/// What one round showed.
#[derive(Clone, Copy)]
struct Round {
    longest_ns: u64,
    most_turns: u64,
    /// How long a turn took.
    turn_ns: u64,
    /// The processes did not get the processor.
    is_disturbed: bool,
}

/// Where the processes of a scene run.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Place {
    Anywhere,
    /// Neighbours on different processors: who is woken does not push aside who woke
    /// him, and so comes too late.
    Apart,
}

fn round(object: &SyncObject, (place, habits): (Place, &[Habit]), turns: u64) -> Round {
    let arena: &'static Arena = shared();
    let start = |(slot, habit): (usize, &Habit)| {
        let habit = *habit;
        Process::start(move || {
            begin(slot, None);
            if place == Place::Apart {
                stay_on_one_processor(slot);
            }
            take_turns(arena, object, habit);
        })
    };
    let begun = Instant::now();
    let crew: Vec<_> = habits.iter().enumerate().map(start).collect();
    while arena.turns.load(SeqCst) < turns {
        clock::sleep(Duration::from_millis(1));
    }
    let unserved: u64 = crew.iter().map(|process| process.unserved_ns()).sum();
    // More than two may want to run all the time: somebody holds it, others spin.
    let loops = habits.iter().filter(|habit| matches!(habit, Habit::Loops(_))).count();
    let elapsed = begun.elapsed().as_nanos();
    let is_disturbed = u128::from(unserved) > elapsed / 5 + elapsed * loops.saturating_sub(2) as u128;
    arena.stop.store(1, SeqCst);
    crew.into_iter().for_each(Process::reap);
    let count = |number: &AtomicU64| number.load(SeqCst);
    Round {
        longest_ns: count(&arena.longest_ns),
        most_turns: count(&arena.most_turns),
        turn_ns: count(&arena.held_ns) / count(&arena.held_turns).max(1),
        is_disturbed,
    }
}

impl Round {
    /// Whether it shows that everybody had his turn in time.
    fn is_fair(&self, hold: u64) -> bool {
        self.most_turns * hold <= BOUND_NS && self.longest_ns <= BOUND_NS * self.turn_ns.max(hold) / hold
    }
}

/// Whether somebody was kept from his turn.
fn starves(making: Making, &(label, place, habits): &Scene, time: Duration) -> bool {
    let hold = habits.iter().map(|habit| if let Habit::Loops(hold) = habit { *hold } else { 0 }).max();
    let hold = hold.unwrap();
    let made = Dispatcher::unnamed(&making).unwrap();
    let (end, mut rounds) = (Instant::now() + time, Vec::new());
    let mut undisturbed = 0;
    while Instant::now() < end || undisturbed < 3 && rounds.len() < MOST_ROUNDS {
        let round = round(&made.object, (place, habits), ROUND_NS / hold);
        undisturbed += usize::from(!round.is_disturbed);
        rounds.push(round);
    }
    let fair = |round: &&Round| round.is_fair(hold);
    let fair_undisturbed = rounds.iter().filter(fair).filter(|round| !round.is_disturbed).count();
    let starves = undisturbed >= 3 && fair_undisturbed * 2 < undisturbed;
    let verdict = match undisturbed {
        0..3 => "too busy to tell",
        _ if starves => "STARVES",
        _ => "fair",
    };
    let worst = rounds.iter().max_by_key(|round| round.longest_ns).unwrap();
    let mut longest: Vec<_> = rounds.iter().map(|round| round.longest_ns as f64 / 1e6).collect();
    longest.sort_unstable_by(f64::total_cmp);
    let (label, kind) = (format!("{place:?}, {label}"), made.object.kind);
    println!(
        "{kind:?}, {label}: longest wait {:.1} ms with {} turns of {:.3} ms, median {:.1} ms; \
         {} of {} rounds fair ({fair_undisturbed} of {undisturbed} undisturbed): {verdict}",
        longest[rounds.len() - 1],
        worst.most_turns,
        worst.turn_ns as f64 / 1e6,
        longest[rounds.len() / 2],
        rounds.iter().filter(fair).count(),
        rounds.len()
    );
    starves
}

fn storm(time: Duration) -> u64 {
    let _watchdog = Watchdog::over(time);
    const SHORT: Habit = Habit::Loops(20_000);
    const LONG: Habit = Habit::Loops(2_000_000);
    let scenes: &[Scene] = &[
        ("A loops 2 ms, B plain", Place::Apart, &[LONG, Habit::Plain]),
        ("A and B loop 2 ms, C plain", Place::Apart, &[LONG, LONG, Habit::Plain]),
        ("A and B loop 2 ms", Place::Apart, &[LONG, LONG]),
        ("A loops 2 ms, B plain", Place::Anywhere, &[LONG, Habit::Plain]),
        ("A loops 20 us, B plain", Place::Anywhere, &[SHORT, Habit::Plain]),
        ("A, B and C loop 20 us, D plain", Place::Anywhere, &[SHORT, SHORT, SHORT, Habit::Plain]),
    ];
    let makings = [Making::Mutex { owned: false }, Making::Event { manual: false, set: true }];
    let scenes = if time < Duration::from_secs(1) { &scenes[..2] } else { scenes };
    let each = time / (scenes.len() * makings.len()) as u32;
    let mut starved = 0;
    for making in makings {
        // One that fails is enough.
        starved += u64::from(scenes.iter().any(|scene| starves(making, scene, each)));
    }
    starved
}

/// Run by the tests below in a process of its own, and by `./dev stress`.
#[test]
#[ignore = "run by other tests, in a process of its own"]
fn stress_turns() {
    assert_eq!(storm(time()), 0);
}

const STORM: &str = "sync::storm::turns::stress_turns";

#[test]
fn nobody_is_kept_from_his_turn() {
    let (passed, text) = storm_in_a_process(STORM, &[("WINSHM_STRESS_SECONDS", "0")]);
    println!("{text}");
    assert!(passed, "{text}");
}

/// Asked again while the machine is too busy to tell; it must never say "fair".
#[test]
fn without_hand_off_somebody_starves() {
    let variables = [("WINSHM_PLANT", plant::NO_HAND_OFF), ("WINSHM_STRESS_SECONDS", "0")];
    let mut unseen = vec!["Mutex", "AutoEvent"];
    let mut last = String::new();
    for _ in 0..8 {
        let (_, text) = storm_in_a_process(STORM, &variables);
        // On a busy machine too it shows when nobody has his turn.
        let starves = |line: &str| line.ends_with("STARVES") || line.contains(" 0 of 6 rounds");
        unseen.retain(|kind| !text.lines().any(|line| line.contains(kind) && starves(line)));
        if unseen.is_empty() {
            return;
        }
        last = text;
    }
    let is_busy =
        |kind: &&str| last.lines().any(|line| line.contains(*kind) && line.ends_with("too busy to tell"));
    assert!(unseen.iter().all(is_busy), "{unseen:?}: {last}");
    println!("SKIPPED: the machine is too busy to tell whether somebody starves without hand-off");
}
