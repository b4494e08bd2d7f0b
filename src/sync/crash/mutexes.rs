//! Who gives a mutex up, who wakes for it, and who locks it for a commit: killed, or
//! standing still, at every step. Nobody sleeps beside a free mutex for long.

use super::stage::{Stage, has_waiters, is_there};
use super::walk;
use crate::plant::actors::{Actor, all_end, settle};
use crate::plant::deeds::{Deed, Plan, Which, arm, pause};
use crate::sync::commit::commit;
use crate::sync::object::{Rank, SyncObject};
use crate::sync::owner::Owner;
use crate::sync::{NEVER, NOW, Outcome, one};

pub const STEPS: &[u32] = &[5, 6, 23];

/// Takes the mutex and gives it up, so many times.
fn pass(me: &Owner, mutex: &SyncObject, times: u32) -> u8 {
    for _ in 0..times {
        if !matches!(one(me, mutex, NEVER), Ok(Outcome::Granted(0) | Outcome::Abandoned(0))) {
            return 1;
        }
        mutex.release(me).unwrap();
    }
    0
}

/// Starts one who takes the mutex, stands still until released, and then gives it up,
/// according to the plan.
fn holder(stage: &Stage, plan: Plan, mutex: &SyncObject) -> Actor {
    let holder = stage.start(plan, |me| {
        one(me, mutex, NOW).unwrap();
        pause();
        arm();
        mutex.release(me).map_or(1, |()| 0)
    });
    settle(&[&holder]);
    assert!(holder.is_parked() && !is_there(mutex));
    holder
}

fn sleepers(stage: &Stage, mutex: &SyncObject, times: u32) -> [Actor; 2] {
    let start = || {
        let sleeper = stage.start(Plan::FREE, |me| pass(me, mutex, times));
        settle(&[&sleeper]);
        sleeper
    };
    let both = [start(), start()];
    assert!(both.iter().all(Actor::sleeps) && has_waiters(mutex));
    both
}

/// The lost wake-up of a plain three-state lock, by hand. T releases, wakes nobody (the
/// one who waited is dead), and stands still before he clears WAITERS. B takes the
/// mutex, two come to wait, B releases it and stands still before he wakes one. T goes
/// on, and must not clear what he finds: then the one whom B wakes wakes the other.
#[test]
#[ignore = "run by other tests, in a process of its own"]
fn late_releaser() {
    let stage = Stage::new();
    for _ in 0..20 {
        stage.clear();
        let mutex = stage.mutex();
        let t = holder(&stage, Plan::park_at(6), &mutex);
        let dead = stage.start(Plan::FREE, |me| pass(me, &mutex, 1));
        settle(&[&dead]);
        dead.kill();
        release_until_parked(&t, 6);
        let b = holder(&stage, Plan::park_at(5), &mutex);
        let [second, third] = sleepers(&stage, &mutex, 1);
        release_until_parked(&b, 5);
        assert!(is_there(&mutex) && second.sleeps() && third.sleeps());
        go_on(&t);
        all_end(&[&t], "a late releaser");
        go_on(&b);
        all_end(&[&b, &second, &third], "a waiter whose WAITERS a late releaser cleared");
    }
    println!("late releaser: 20 runs, stuck 0");
}

/// Lets a parked one go on to where its plan parks it.
fn release_until_parked(actor: &Actor, step: u32) {
    go_on(actor);
    settle(&[actor]);
    assert!(actor.is_parked() && actor.step() == Some(step), "at {:?}, not at {step}", actor.step());
}

fn go_on(actor: &Actor) {
    actor.release();
}

/// Two sleep, a barger comes, and the owner is killed or parked at every step of his
/// release.
fn releaser(stage: &Stage, deed: Deed) -> u32 {
    walk(&[4, 5], |nth| {
        stage.clear();
        let mutex = stage.mutex();
        let releaser = holder(stage, Plan::at(deed, Which::Steps, nth), &mutex);
        let [first, second] = sleepers(stage, &mutex, 3);
        go_on(&releaser);
        let barger = stage.start(Plan::FREE, |me| pass(me, &mutex, 3));
        if matches!(deed, Deed::Park) {
            settle(&[&releaser, &barger, &first, &second]);
            go_on(&releaser);
        }
        all_end(&[&releaser, &barger, &first, &second], "a waiter of a mutex that somebody gave up");
        releaser.step()
    })
}

/// The first of two sleepers is killed at every step, from before his sleep to his own
/// release, while the owner gives the mutex up or dies: the second gets it.
fn first_sleeper(stage: &Stage, owner_dies: bool) -> u32 {
    walk(&[1, 2, 3, 4, 30, 31, 34, 36], |nth| {
        stage.clear();
        let mutex = stage.mutex();
        let owner = holder(stage, Plan::FREE, &mutex);
        let first = stage.start(Plan::kill_step(nth), |me| {
            arm();
            pass(me, &mutex, 1)
        });
        settle(&[&first]);
        let second = stage.start(Plan::FREE, |me| pass(me, &mutex, 1));
        settle(&[&first, &second]);
        match owner_dies {
            true => owner.kill(),
            false => go_on(&owner),
        }
        all_end(&[&owner, &first, &second], "the second sleeper of a mutex");
        first.step()
    })
}

/// Nobody waits any more, and who gives the mutex up is killed before, or after, he
/// clears WAITERS.
fn releaser_for_nobody(stage: &Stage) -> u32 {
    walk(&[4, 5, 6], |nth| {
        stage.clear();
        let mutex = stage.mutex();
        let releaser = holder(stage, Plan::kill_step(nth), &mutex);
        let dead = stage.start(Plan::FREE, |me| pass(me, &mutex, 1));
        settle(&[&dead]);
        dead.kill();
        go_on(&releaser);
        all_end(&[&releaser], "a releaser");
        let next = stage.start(Plan::FREE, |me| pass(me, &mutex, 1));
        all_end(&[&next], "the next owner");
        assert!(!has_waiters(&mutex), "whoever wakes nobody clears WAITERS");
        releaser.step()
    })
}

#[test]
#[ignore = "run by other tests, in a process of its own"]
fn releasers() {
    let stage = Stage::new();
    let killed: u32 = (0..5).map(|_| releaser(&stage, Deed::Kill)).sum();
    let parked: u32 = (0..5).map(|_| releaser(&stage, Deed::Park)).sum();
    println!("releaser, barger and two sleepers: killed {killed}, parked {parked}, stuck 0");
    println!("releaser of a mutex that the dead waited for: {} runs", releaser_for_nobody(&stage));
}

#[test]
#[ignore = "run by other tests, in a process of its own"]
fn sleepers_killed() {
    let stage = Stage::new();
    let runs: u32 = (0..4).map(|round| first_sleeper(&stage, round % 2 == 0)).sum();
    println!("first of two sleepers of a mutex killed: {runs} runs, other left asleep 0");
}

/// Takes the mutex and the event, if both are there.
fn try_commit(me: &Owner, stage: &Stage, mutex: &SyncObject, event: &SyncObject) -> u8 {
    let committed = commit(me, &[mutex, event], &[stage.guard()], Rank::Slept, NEVER);
    u8::from(!matches!(committed, Ok(Err(1))))
}

/// How the committer of `woken_into_a_commit` ends, and whether the one who was woken
/// is killed over it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Ending {
    Fails,
    Dies,
}

/// An owner releases a mutex for which two sleep; before he wakes one, a committer
/// locks it. The wake comes while it is LOCKED: who is woken must ask the guard, and
/// dies there. Then the committer fails, or dies. The other sleeper must not be left.
fn woken_into_a_commit(stage: &Stage, ending: Ending, wakee_dies: bool) {
    stage.clear();
    let (mutex, event) = (stage.mutex(), stage.auto_event(false));
    let owner = holder(stage, Plan::park_at(5), &mutex);
    let [wakee, other] = sleepers(stage, &mutex, 1);
    release_until_parked(&owner, 5);
    let committer = stage.start(Plan::park_at(25), |me| {
        arm();
        try_commit(me, stage, &mutex, &event)
    });
    settle(&[&committer]);
    assert!(committer.is_parked());
    go_on(&owner);
    all_end(&[&owner], "a releaser");
    settle(&[&wakee, &other]);
    assert!(wakee.sleeps(), "woken, he waits for the guard");
    if wakee_dies {
        wakee.kill();
    }
    match ending {
        Ending::Fails => go_on(&committer),
        Ending::Dies => committer.kill(),
    }
    all_end(&[&committer, &wakee, &other], "a sleeper beside a mutex that a commit left");
}

#[test]
#[ignore = "run by other tests, in a process of its own"]
fn woken_into_commits() {
    let stage = Stage::new();
    for _ in 0..5 {
        for ending in [Ending::Fails, Ending::Dies] {
            woken_into_a_commit(&stage, ending, false);
            woken_into_a_commit(&stage, ending, true);
        }
    }
    println!("woken for a mutex that a commit has locked: 20 runs, stuck 0");
}

#[test]
#[ignore = "run by other tests, in a process of its own"]
fn failing_commits_fail() {
    let stage = Stage::new();
    woken_into_a_commit(&stage, Ending::Fails, true);
}

/// Commits that fail, over and over, killed at every step of the first few, beside
/// three who pass the mutex round, one of whom is killed at some step of his.
#[test]
#[ignore = "run by other tests, in a process of its own"]
fn failing_committers_killed() {
    const COMMITS: u32 = 6;
    let stage = Stage::new();
    let mut runs = 0;
    for victim in (0..60).step_by(7) {
        runs += walk(&[1, 2, 3, 4, 22, 23, 25], |nth| {
            stage.clear();
            let (mutex, event) = (stage.mutex(), stage.auto_event(false));
            let contender = |plan| {
                stage.start(plan, |me| {
                    arm();
                    pass(me, &mutex, 40)
                })
            };
            let contenders =
                [contender(Plan::FREE), contender(Plan::FREE), contender(Plan::kill_step(victim))];
            let committer = stage.start(Plan::kill_step(nth), |me| {
                arm();
                (0..COMMITS).for_each(|_| {
                    // Busy already, or the event is missing.
                    let committed = commit(me, &[&mutex, &event], &[stage.guard()], Rank::Slept, NEVER);
                    assert!(matches!(committed, Ok(Err(_))));
                });
                0
            });
            let [first, second, third] = &contenders;
            all_end(&[first, second, third, &committer], "a contender beside a killed committer");
            committer.step()
        });
    }
    println!("failing committer killed, three contenders of whom one is killed: {runs} runs, stuck 0");
}

#[test]
fn nobody_sleeps_beside_a_free_mutex() {
    super::hold(&["mutexes::late_releaser", "mutexes::releasers", "mutexes::sleepers_killed"]);
    super::fails("mutexes::late_releaser", "clear-waiters", "STUCK: a waiter whose WAITERS");
    super::fails("mutexes::sleepers_killed", "no-cover", "STUCK: the second sleeper of a mutex");
    super::fails("mutexes::releasers", "bare", "STUCK: a waiter of a mutex that somebody gave up");
}

/// Two rules, of which each covers for the other when the committer lives: who
/// carries a wake passes it on before he asks the guard, and who fails wakes.
#[test]
fn nobody_sleeps_beside_a_mutex_that_a_commit_left() {
    super::hold(&["mutexes::woken_into_commits", "mutexes::failing_committers_killed"]);
    let words = "STUCK: a sleeper beside a mutex that a commit left";
    super::fails("mutexes::woken_into_commits", "keep-wake", words);
    super::fails("mutexes::failing_commits_fail", "keep-wake,quiet-undo", words);
    super::fails(
        "mutexes::failing_committers_killed",
        "bare",
        "STUCK: a contender beside a killed committer",
    );
    for alone in ["no-slices,keep-wake", "no-slices,quiet-undo"] {
        let (passed, text) = super::run("mutexes::failing_commits_fail", alone);
        assert!(passed, "{alone}: {text}");
    }
}
