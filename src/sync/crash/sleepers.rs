//! Signals, and waits for one object, killed at every step. The kernel knows of the
//! object that is pending; it wakes another sleeper for the dead.

use super::stage::{Stage, is_there};
use super::walk;
use crate::error::Error;
use crate::plant::actors::PATIENCE;
use crate::plant::actors::{Actor, End, all_end, finish, rest_for, settle};
use crate::plant::deeds::{Plan, arm};
use crate::sync::object::SyncObject;
use crate::sync::owner::Owner;
use crate::sync::state::Kind;
use crate::sync::{NEVER, all, one};

pub const STEPS: &[u32] = &[11, 12, 16, 17, BEFORE, 30, 31, 34, 35, 36, 37];

/// The only step of a signal that comes before the change.
const BEFORE: u32 = 18;

/// Makes an object that is not there.
fn absent(stage: &Stage, kind: Kind) -> SyncObject {
    match kind {
        Kind::Semaphore => stage.semaphore(0),
        _ => stage.auto_event(false),
    }
}

fn take(me: &Owner, object: &SyncObject) -> u8 {
    one(me, object, NEVER).map_or(1, |_| 0)
}

/// One sleeper; who signals is killed at every step. After the change the sleeper has
/// what he waits for; killed before it, the signaller has done nothing.
fn signaller_killed(
    stage: &Stage,
    kind: Kind,
    steps: &[u32],
    signal: impl Fn(&SyncObject) -> Result<(), Error>,
) -> u32 {
    walk(steps, |nth| {
        stage.clear();
        let object = absent(stage, kind);
        let sleeper = stage.start(Plan::FREE, |me| take(me, &object));
        settle(&[&sleeper]);
        let signaller = stage.start(Plan::kill_step(nth), |_| {
            arm();
            signal(&object).map_or(1, |()| 0)
        });
        finish(&signaller, "a signaller");
        if signaller.step() == Some(BEFORE) {
            // The kernel has woken him for the dead one; a pulse is for who sleeps.
            settle(&[&sleeper]);
            assert!(!sleeper.has_ended(), "nothing was signalled yet");
            signal(&object).unwrap();
        }
        all_end(&[&sleeper], "a sleeper beside what a killed one had signalled");
        signaller.step()
    })
}

/// Nobody sleeps, and one who pulses is killed: the event stays usable.
fn pulse_for_nobody(stage: &Stage) -> u32 {
    walk(&[16, 17], |nth| {
        stage.clear();
        let event = stage.auto_event(false);
        let pulser = stage.start(Plan::kill_step(nth), |_| {
            arm();
            event.pulse_event().map_or(1, |()| 0)
        });
        let end = finish(&pulser, "a pulser");
        assert_eq!(is_there(&event), end == End::Killed, "a pulse leaves the event unset");
        event.set_event().unwrap();
        let next = stage.start(Plan::FREE, |me| take(me, &event));
        assert_eq!(finish(&next, "the next waiter"), End::Answered(0));
        pulser.step()
    })
}

#[test]
#[ignore = "run by other tests, in a process of its own"]
fn signallers_killed() {
    let stage = Stage::new();
    let mut runs = signaller_killed(&stage, Kind::AutoEvent, &[BEFORE, 11, 12], SyncObject::set_event);
    runs += signaller_killed(&stage, Kind::Semaphore, &[BEFORE, 11, 12], |object| {
        object.release_semaphore(1).map(|_| ())
    });
    runs += signaller_killed(&stage, Kind::AutoEvent, &[BEFORE, 16, 17], SyncObject::pulse_event);
    runs += pulse_for_nobody(&stage);
    println!("signaller killed, one sleeper: {runs} runs, left asleep 0");
}

/// The first of two sleepers is killed at every step, from before his sleep to after
/// it; then one unit is there. Dead, he has it or the other gets it.
fn first_sleeper_killed(stage: &Stage, kind: Kind) -> u32 {
    walk(&[30, 31, 34, 35, 36, 37], |nth| {
        stage.clear();
        let object = absent(stage, kind);
        let first = stage.start(Plan::kill_step(nth), |me| {
            arm();
            take(me, &object)
        });
        settle(&[&first]);
        let second = stage.start(Plan::FREE, |me| take(me, &object));
        settle(&[&first, &second]);
        match kind {
            Kind::Semaphore => object.release_semaphore(1).map(|_| ()).unwrap(),
            _ => object.set_event().unwrap(),
        }
        let both: [&Actor; 2] = [&first, &second];
        rest_for(
            PATIENCE,
            &both,
            &both,
            || is_there(&object),
            "a sleeper beside what a killed one was woken for",
        );
        assert!(first.has_ended(), "the first sleeper is woken first");
        if first.end() == End::Answered(0) {
            assert!(!second.has_ended(), "one unit is for one sleeper");
        }
        first.step()
    })
}

#[test]
#[ignore = "run by other tests, in a process of its own"]
fn sleepers_killed() {
    let stage = Stage::new();
    let runs: u32 = (0..5)
        .map(|_| {
            first_sleeper_killed(&stage, Kind::Semaphore) + first_sleeper_killed(&stage, Kind::AutoEvent)
        })
        .sum();
    println!("first of two sleepers killed: {runs} runs, other left asleep 0");
}

/// A releaser of two units is killed: the kernel wakes one sleeper, and that one wakes
/// the other.
fn releaser_of_two_killed(stage: &Stage) -> u32 {
    walk(&[BEFORE, 11, 12], |nth| {
        stage.clear();
        let object = stage.semaphore(0);
        let sleepers = [(); 2].map(|()| stage.start(Plan::FREE, |me| take(me, &object)));
        settle(&[&sleepers[0], &sleepers[1]]);
        let releaser = stage.start(Plan::kill_step(nth), |_| {
            arm();
            object.release_semaphore(2).map_or(1, |_| 0)
        });
        finish(&releaser, "a releaser");
        if releaser.step() == Some(BEFORE) {
            object.release_semaphore(2).unwrap();
        }
        all_end(&[&sleepers[0], &sleepers[1]], "the second sleeper of a semaphore");
        releaser.step()
    })
}

/// Who waits for all of two objects sleeps on the first, before another who waits for
/// that alone. It comes; the second does not. Killed anywhere, or alive, he lets the
/// other have it.
fn baton(stage: &Stage) -> u32 {
    walk(&[30, 31], |nth| {
        stage.clear();
        let (first, second) = (stage.auto_event(false), stage.auto_event(false));
        let greedy = stage.start(Plan::kill_step(nth), |me| {
            arm();
            all(me, &[&first, &second], NEVER).map_or(1, |_| 0)
        });
        settle(&[&greedy]);
        let modest = stage.start(Plan::FREE, |me| take(me, &first));
        settle(&[&greedy, &modest]);
        first.set_event().unwrap();
        rest_for(
            PATIENCE,
            &[&greedy, &modest],
            &[&modest],
            || true,
            "a waiter beside an event that another left",
        );
        if greedy.step().is_none() {
            assert!(greedy.sleeps(), "the second object is not there");
        }
        greedy.step()
    })
}

#[test]
#[ignore = "run by other tests, in a process of its own"]
fn wakes_handed_on() {
    let stage = Stage::new();
    let of_two = releaser_of_two_killed(&stage);
    println!("releaser of two killed, two sleepers: {of_two} runs, left asleep 0");
    println!("wait-all that leaves an object to a wait: {} runs, left asleep 0", baton(&stage));
}

#[test]
fn a_dead_signaller_or_sleeper_takes_no_wake_with_it() {
    super::hold(&["sleepers::signallers_killed", "sleepers::sleepers_killed", "sleepers::wakes_handed_on"]);
    super::fails(
        "sleepers::signallers_killed",
        "bare",
        "STUCK: a sleeper beside what a killed one had signalled",
    );
    super::fails(
        "sleepers::sleepers_killed",
        "no-cover",
        "STUCK: a sleeper beside what a killed one was woken for",
    );
    super::fails("sleepers::wakes_handed_on", "no-chain", "STUCK: the second sleeper of a semaphore");
}
