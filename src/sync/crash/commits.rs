//! Who takes all of several objects is killed at every step, or stands still there:
//! the objects are taken all, or none is.

use super::stage::{Stage, is_there};
use super::walk;
use crate::plant::actors::{Actor, End, PATIENCE, all_end, finish, rest_for, settle};
use crate::plant::deeds::{Plan, arm, pause};
use crate::sync::object::SyncObject;
use crate::sync::owner::Owner;
use crate::sync::state::{Kind, signal, timer};
use crate::sync::{NEVER, NOW, Outcome, all, all_at_once, one};
use std::sync::OnceLock;
use std::sync::atomic::Ordering::SeqCst;

pub const STEPS: &[u32] = &[1, 2, 3, 4, 13, 22, 24, 25, 26, 27];

/// One of each kind, all of them there. The timer is due, and nobody has noticed.
pub struct Five([SyncObject; 5]);

/// The one that is there before and after.
const MANUAL: usize = 3;

impl Five {
    /// With `two_guards`, two of them are of another directory: then the guards of both
    /// are needed, and the wider one decides.
    pub fn new(stage: &Stage, two_guards: bool) -> Five {
        let outer = |kind, state| match two_guards {
            true => stage.wider_object(kind, state),
            false => stage.object(kind, state),
        };
        let auto = outer(Kind::AutoEvent, signal::event(true));
        let due = outer(Kind::AutoTimer, timer::set(0, 1));
        Five([auto, stage.mutex(), stage.semaphore(1), stage.manual_event(true), due])
    }

    pub fn each(&self) -> [&SyncObject; 5] {
        self.0.each_ref()
    }

    pub fn take_all(&self, me: &Owner) -> u8 {
        all(me, &self.each(), NEVER).map_or(1, |_| 0)
    }

    /// Of one directory: nobody holds its guard.
    fn take_all_at_once(&self, me: &Owner) -> u8 {
        all_at_once(me, &self.each()).map_or(1, |_| 0)
    }

    /// How many of the four were taken by somebody before, seen in the order of
    /// `indexes`. A mutex that a dead one had counts; one that cannot be had is lost,
    /// unless its owner lives.
    fn count_taken(&self, me: &Owner, indexes: [usize; 5], owner_lives: bool) -> u8 {
        let mut taken = 0;
        for index in indexes {
            let object = &self.0[index];
            let outcome = one(me, object, NOW).expect("a wait");
            taken += match outcome {
                Outcome::Granted(_) => 0,
                _ if index == MANUAL => LOST,
                Outcome::TimedOut if object.kind == Kind::Mutex && !owner_lives => LOST,
                Outcome::Abandoned(_) | Outcome::TimedOut => 1,
            };
        }
        taken
    }

    /// Whether all of the objects were taken, seen by a process of its own.
    pub fn were_taken(&self, stage: &Stage, what: &str) -> bool {
        let observer = stage.start(Plan::FREE, |me| self.count_taken(me, [0, 1, 2, 3, 4], false));
        judge(finish(&observer, "an observer"), what)
    }
}

const LOST: u8 = 20;

fn judge(observed: End, what: &str) -> bool {
    match observed {
        End::Answered(0) => false,
        End::Answered(4) => true,
        End::Answered(LOST..) => panic!("LOST: an object cannot be had any more; {what}"),
        observed => panic!("SUBSET: {observed:?} of 4 were taken; {what}"),
    }
}

/// How often none and all of the objects were taken.
#[derive(Default)]
pub struct Taken {
    none: u32,
    all: u32,
}

impl Taken {
    pub fn count(&mut self, all: bool) {
        *(if all { &mut self.all } else { &mut self.none }) += 1;
    }

    pub fn print(&self, what: &str) {
        println!("{what}: none {}, all {}, a subset 0", self.none, self.all);
        assert!(self.none > 0 && self.all > 0, "both must happen");
    }
}

#[test]
#[ignore = "run by other tests, in a process of its own"]
fn committers_killed() {
    let stage = Stage::new();
    let mut taken = Taken::default();
    for round in 0..9 {
        walk(STEPS, |nth| {
            stage.clear();
            let five = Five::new(&stage, round % 3 == 1);
            let committer = stage.start(Plan::kill_step(nth), |me| {
                arm();
                if round % 3 == 2 { five.take_all_at_once(me) } else { five.take_all(me) }
            });
            finish(&committer, "a committer");
            let what = format!("its committer was killed at step {:?}", committer.step());
            taken.count(five.were_taken(&stage, &what));
            committer.step()
        });
    }
    taken.print("wait-all of five kinds, committer killed");
}

#[test]
fn what_is_in_the_way_of_a_commit_at_once_is_left_alone() {
    let stage = Stage::new();
    let both = [stage.auto_event(true), stage.mutex()];
    let both = both.each_ref();
    let actor = stage.start(Plan::FREE, |me| {
        let guard = both[0].guard.as_ref().expect("it has one");
        // As in a handler that interrupts its holder, or whoever is in the middle of something.
        let held = guard.hold(me, NEVER).expect("the guard");
        let mut done = u8::from(all_at_once(me, &both).is_some());
        drop(held);
        me.cover(both[1].address());
        done += u8::from(all_at_once(me, &both).is_some());
        me.clear_pending();
        // One is of another directory, one is not there.
        let other = stage.wider_object(Kind::AutoEvent, signal::event(true));
        let absent = stage.auto_event(false);
        for one in [&other, &absent] {
            done += u8::from(all_at_once(me, &[both[0], one, both[1]]).is_some());
        }
        let is_untouched = is_there(both[0]) && is_there(both[1]) && me.guards.get() == 0;
        let takes = all_at_once(me, &both) == Some(Outcome::Granted(0));
        if is_untouched && takes && !is_there(both[0]) { done } else { 9 }
    });
    assert_eq!(finish(&actor, "who takes both"), End::Answered(0));
}

/// The committer stands still at every step, while an observer looks at the objects
/// one by one, forwards or backwards: he waits where he cannot know, and sees all of
/// them taken, or takes all of them himself.
fn parked(stage: &Stage, indexes: [usize; 5], taken: &mut Taken) -> u32 {
    walk(STEPS, |nth| {
        stage.clear();
        let five = Five::new(stage, false);
        let committer = stage.start(Plan::park_step(nth), |me| {
            arm();
            let answer = five.take_all(me);
            // Its end would give the mutex back.
            pause();
            answer
        });
        settle(&[&committer]);
        let observer = stage.start(Plan::FREE, |me| five.count_taken(me, indexes, true));
        settle(&[&committer, &observer]);
        if committer.step().is_some() {
            committer.release();
        }
        let both: [&Actor; 2] = [&committer, &observer];
        rest_for(PATIENCE, &both, &[&observer], || true, "an observer of a commit that went on");
        let what = format!("its committer stood still at step {:?}", committer.step());
        let all = judge(observer.end(), &what);
        assert_eq!(all, committer.is_parked(), "TWICE, or never: committer or observer took them; {what}");
        taken.count(all);
        committer.step()
    })
}

/// While the committer stands still, another process sets one of its objects and
/// releases another. Nothing of that is lost: it comes before the commit or after.
fn parked_beside_signals(stage: &Stage) -> u32 {
    walk(STEPS, |nth| {
        stage.clear();
        let five = Five::new(stage, false);
        let [event, _, semaphore, ..] = five.each();
        let committer = stage.start(Plan::park_step(nth), |me| {
            arm();
            five.take_all(me)
        });
        settle(&[&committer]);
        let is_locked = event.words().state.load(SeqCst) & signal::LOCKED != 0;
        let is_absorbed = is_there(event) && !is_locked;
        let signaller = stage.start(Plan::FREE, |_| {
            event.set_event().unwrap();
            semaphore.release_semaphore(1).map_or(1, |_| 0)
        });
        settle(&[&committer, &signaller]);
        if is_locked {
            assert!(signaller.sleeps(), "HASTY: a set of what a living one has locked");
        }
        committer.release();
        all_end(&[&committer, &signaller], "a signaller beside a commit");
        let what = format!("beside a commit that stood still at {:?}", committer.step());
        assert!(is_there(event) != is_absorbed, "LOST: a set {what}");
        let count = signal::count(semaphore.words().state.load(SeqCst));
        assert_eq!(count, 1, "LOST: a release {what}");
        committer.step()
    })
}

/// A handler that sets an event runs while a commit takes it. The set comes before
/// the commit, and is absorbed, or after it, and stays: never is it lost in between.
fn interrupted(stage: &Stage) -> u32 {
    static EVENT: OnceLock<SyncObject> = OnceLock::new();
    extern "C" fn set(_signal: i32) {
        if let Some(event) = EVENT.get() {
            // In a handler, where nothing can be said about an error.
            let _ = event.set_event();
        }
    }
    walk(&[22, 24, 25, 26, 27], |nth| {
        stage.clear();
        let five = Five::new(stage, false);
        let committer = stage.start(Plan::park_step(nth), |me| {
            // SAFETY: the event outlives this process.
            let _ = EVENT.set(unsafe { five.0[0].share() });
            let handler = set as extern "C" fn(i32);
            // SAFETY: the handler sets an event, which handlers may do.
            unsafe { libc::signal(libc::SIGUSR1, handler as libc::sighandler_t) };
            arm();
            five.take_all(me)
        });
        settle(&[&committer]);
        committer.signal(libc::SIGUSR1);
        settle(&[&committer]);
        let absorbed = matches!(committer.step(), Some(1..=3 | 13));
        committer.release();
        finish(&committer, "an interrupted committer");
        if committer.step().is_some() && !absorbed {
            assert!(is_there(&five.0[0]), "LOST: a set within a commit, at {:?}", committer.step());
        }
        committer.step()
    })
}

#[test]
#[ignore = "run by other tests, in a process of its own"]
fn committers_interrupted() {
    let runs = interrupted(&Stage::new());
    println!("a handler sets an event within its commit: {runs} runs, lost 0");
}

#[test]
#[ignore = "run by other tests, in a process of its own"]
fn committers_parked() {
    let stage = Stage::new();
    let mut taken = Taken::default();
    parked(&stage, [0, 1, 2, 3, 4], &mut taken);
    parked(&stage, [4, 3, 2, 1, 0], &mut taken);
    taken.print("wait-all of five kinds, committer parked");
    println!("signals beside it: {} runs, lost 0", parked_beside_signals(&stage));
}

#[test]
fn all_or_none_is_taken_whoever_dies_or_stands_still() {
    super::hold(&["commits::committers_killed", "commits::committers_parked"]);
    super::fails("commits::committers_killed", "no-redo", "SUBSET");
    super::fails("commits::committers_parked", "hasty-settle", "TWICE");
}

#[test]
fn a_handler_does_not_lose_its_set_in_a_commit() {
    super::hold(&["commits::committers_interrupted"]);
    super::fails("commits::committers_interrupted", "open-commit", "LOST: a set within a commit");
}
