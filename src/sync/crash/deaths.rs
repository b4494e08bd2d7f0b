//! However an owner ends, the next one is told, and only that one.

use super::stage::{Stage, is_there};
use super::walk;
use crate::plant::actors::{Actor, End, all_end, finish, settle, until};
use crate::plant::deeds::{Plan, arm, die, pause};
use crate::sync::object::SyncObject;
use crate::sync::owner::Owner;
use crate::sync::{NEVER, NOW, Outcome, all, me, one};
use std::sync::atomic::Ordering::SeqCst;

pub const STEPS: &[u32] = &[43, 44];

/// How the owner of a mutex ends.
#[derive(Clone, Copy, Debug)]
enum Way {
    /// Killed by another process.
    Killed,
    /// The process ends in good order, with the mutex.
    Exits,
    /// The thread ends; its process goes on.
    ThreadEnds,
    /// The process becomes another program.
    Execs,
}

const WAYS: [Way; 4] = [Way::Killed, Way::Exits, Way::ThreadEnds, Way::Execs];

/// What an owner does after it took the mutex.
fn end_by(way: Way) -> u8 {
    match way {
        Way::Killed | Way::ThreadEnds => pause(),
        Way::Exits => {}
        Way::Execs => {
            let program = [c"/bin/sleep", c"1000"].map(std::ffi::CStr::as_ptr);
            let arguments = [program[0], program[1], std::ptr::null()];
            // SAFETY: strings and array live until the program is another one.
            unsafe { libc::execv(program[0], arguments.as_ptr()) };
            return 1;
        }
    }
    0
}

/// Starts one who takes the mutex, waits for his turn, and ends.
fn owner(stage: &Stage, mutex: &SyncObject, way: Way) -> Actor {
    let owner = stage.start(Plan::FREE, |own| {
        let take = || one(me(), mutex, NOW) == Ok(Outcome::Granted(0));
        let had = match way {
            Way::ThreadEnds => {
                let taker = || {
                    let had = take();
                    pause();
                    had
                };
                std::thread::scope(|scope| scope.spawn(taker).join().unwrap())
            }
            _ => {
                let had = own.thread() != 0 && take();
                pause();
                had
            }
        };
        assert!(had, "the mutex was free and not abandoned");
        end_by(way)
    });
    // (A thread of it may be the one that takes the mutex.)
    until(|| owner.is_parked() || owner.is_gone());
    assert!(!is_there(mutex), "it is owned");
    owner
}

/// What a waiter is told: 0 granted, 2 abandoned. It gives the mutex back.
fn ask(me: &Owner, mutex: &SyncObject, deadline_ns: u64) -> u8 {
    let told = match one(me, mutex, deadline_ns) {
        Ok(Outcome::Granted(_)) => 0,
        Ok(Outcome::Abandoned(_)) => 2,
        _ => return 1,
    };
    mutex.release(me).unwrap();
    told
}

const TOLD: End = End::Answered(2);
const NOT_TOLD: End = End::Answered(0);

fn an_owner_ends(stage: &Stage, way: Way, sleeper_waits: bool) {
    stage.clear();
    let mutex = stage.mutex();
    let owner = owner(stage, &mutex, way);
    let start = || stage.start(Plan::FREE, |me| ask(me, &mutex, NEVER));
    let sleeper = sleeper_waits.then(start);
    settle(&sleeper.iter().collect::<Vec<_>>());
    match way {
        Way::Killed => owner.kill(),
        _ => owner.release(),
    }
    if let Way::ThreadEnds = way {
        until(|| owner.passes() == 2);
    }
    // It ended, stands still, or is another program that sleeps.
    settle(&[&owner]);
    let next = sleeper.unwrap_or_else(start);
    assert_eq!(finish(&next, "a waiter of a mutex whose owner ended"), TOLD, "NOT TOLD: {way:?}");
    assert_eq!(finish(&start(), "the one after"), NOT_TOLD, "TOLD TWICE: {way:?}");
    let goes_on = matches!(way, Way::ThreadEnds | Way::Execs);
    settle(&[&owner]);
    assert_ne!(owner.has_ended(), goes_on);
}

/// Killed at every step of taking and giving up: whoever had the mutex in the kernel's
/// eyes is told of, once.
fn killed_at_every_step(stage: &Stage, with_all: bool) -> u32 {
    let steps: &[u32] = if with_all { &[22, 24, 26, 27] } else { &[1, 2, 3, 4] };
    walk(steps, |nth| {
        stage.clear();
        let (mutex, event) = (stage.mutex(), stage.manual_event(true));
        let owner = stage.start(Plan::kill_step(nth), |me| {
            arm();
            match with_all {
                true => all(me, &[&mutex, &event], NEVER).unwrap(),
                false => one(me, &mutex, NEVER).unwrap(),
            };
            mutex.release(me).map_or(1, |()| 0)
        });
        finish(&owner, "an owner");
        // Of a commit: from its decision on. The guard has the same steps, before.
        let told = [(); 3].map(|()| {
            let next = stage.start(Plan::FREE, |me| ask(me, &mutex, NEVER));
            finish(&next, "a waiter of a mutex whose owner was killed")
        });
        assert_eq!(told[1..], [NOT_TOLD; 2], "TOLD TWICE: killed at {:?}", owner.step());
        let owned = match owner.step() {
            Some(2..=4) if !with_all => Some(true),
            Some(1) | None if !with_all => Some(false),
            Some(24 | 26 | 27) => Some(true),
            Some(22 | 25) => Some(false),
            _ => None,
        };
        if let Some(owned) = owned {
            assert_eq!(told[0], if owned { TOLD } else { NOT_TOLD }, "killed at {:?}", owner.step());
        }
        owner.step()
    })
}

/// A thread ends with two mutexes, and its process is killed at every step of that.
/// Others sleep on both.
fn killed_at_a_threads_end(stage: &Stage) -> u32 {
    walk(STEPS, |nth| {
        stage.clear();
        let mutexes = [stage.mutex(), stage.mutex()];
        let owner = stage.start(Plan::kill_step(nth), |_| {
            let take_both = || {
                mutexes.iter().for_each(|mutex| assert!(one(me(), mutex, NOW).is_ok()));
                pause();
                arm();
            };
            std::thread::scope(|scope| scope.spawn(take_both).join().unwrap());
            pause();
            0
        });
        until(|| owner.is_parked() || owner.is_gone());
        let sleepers = mutexes.each_ref().map(|mutex| stage.start(Plan::FREE, |me| ask(me, mutex, NEVER)));
        settle(&[&sleepers[0], &sleepers[1]]);
        owner.release();
        // It is killed, or stands still again.
        until(|| owner.is_gone() || owner.passes() == 2);
        all_end(&[&sleepers[0], &sleepers[1]], "a sleeper of a mutex whose owner's thread ended");
        let what = format!("killed at the end of the owner's thread, at {:?}", owner.step());
        assert!(sleepers.iter().all(|sleeper| sleeper.end() == TOLD), "NOT TOLD: {what}");
        for mutex in &mutexes {
            let next = stage.start(Plan::FREE, |me| ask(me, mutex, NEVER));
            assert_eq!(finish(&next, "the one after"), NOT_TOLD, "TOLD TWICE: {what}");
        }
        owner.step()
    })
}

/// Many processes want one mutex; each third one dies with it.
fn crowd(stage: &Stage, processes: u32) {
    stage.clear();
    let mutex = stage.mutex();
    let (deaths, reports) = (stage.tally(0), stage.tally(1));
    let taker = |number: u32| {
        stage.start(Plan::FREE, |me| {
            match one(me, &mutex, NEVER) {
                Ok(Outcome::Abandoned(_)) => reports.fetch_add(1, SeqCst),
                Ok(_) => 0,
                Err(_) => return 1,
            };
            if number % 3 == 0 {
                deaths.fetch_add(1, SeqCst);
                die();
            }
            mutex.release(me).map_or(1, |()| 0)
        })
    };
    for group in 0..processes / 4 {
        let four = [0, 1, 2, 3].map(|number| taker(group * 4 + number));
        all_end(&four.iter().collect::<Vec<_>>(), "one of a crowd");
        assert!(four.iter().all(|actor| actor.end() != End::Answered(1)));
    }
    all_end(&[&taker(1)], "the last one");
    let (deaths, reports) = (deaths.load(SeqCst), reports.load(SeqCst));
    println!("deaths while owning {deaths}, reports {reports}");
    assert_eq!(deaths, reports, "TOLD WRONG");
    assert_eq!(deaths, processes.div_ceil(3));
}

#[test]
#[ignore = "run by other tests, in a process of its own"]
fn owners_end() {
    let stage = Stage::new();
    for way in WAYS {
        an_owner_ends(&stage, way, false);
        an_owner_ends(&stage, way, true);
    }
    let runs = killed_at_every_step(&stage, false) + killed_at_every_step(&stage, true);
    println!("owner ends in {} ways, and is killed in {runs} runs: told once each", WAYS.len());
    println!("killed while its thread ends: {} runs, told once each", killed_at_a_threads_end(&stage));
}

#[test]
#[ignore = "run by other tests, in a process of its own"]
fn owners_die_in_a_crowd() {
    crowd(&Stage::new(), 240);
}

#[test]
fn an_abandoned_mutex_is_told_of_once() {
    super::hold(&["deaths::owners_end", "deaths::owners_die_in_a_crowd"]);
    super::fails("deaths::owners_end", "keep-died", "TOLD TWICE");
    super::fails("deaths::owners_die_in_a_crowd", "keep-died", "TOLD WRONG");
}
