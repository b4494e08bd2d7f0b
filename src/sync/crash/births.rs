//! A mutex that is made with an owner is never seen without, until that one ends; also
//! when its maker is killed, or stands still, at any step.

use super::stage::Stage;
use super::walk;
use crate::plant::actors::{End, all_end, finish, settle};
use crate::plant::deeds::{Plan, arm, pause};
use crate::sync::object::SyncObject;
use crate::sync::owner::Owner;
use crate::sync::{NOW, Outcome, UNBORN, birth, one};
use std::sync::atomic::Ordering::SeqCst;

pub const STEPS: &[u32] = &[1, 2, 3, 4, 40, 41, 42];

/// Makes the mutex: from the store on others may find it.
fn make(stage: &Stage, mutex: &SyncObject) -> u8 {
    let birth = birth(stage.guard()).unwrap();
    mutex.words().state.store(UNBORN, SeqCst);
    stage.tally(0).store(1, SeqCst);
    birth.own(mutex);
    0
}

fn is_published(stage: &Stage) -> bool {
    stage.tally(0).load(SeqCst) != 0
}

fn look(me: &Owner, mutex: &SyncObject) -> u8 {
    match one(me, mutex, NOW) {
        Ok(Outcome::Granted(_)) => 0,
        Ok(Outcome::Abandoned(_)) => 2,
        _ => 1,
    }
}

/// The maker is killed. Whoever opens the mutex can have it: it is free, or its owner
/// has left it.
fn maker_killed(stage: &Stage) -> u32 {
    walk(STEPS, |nth| {
        stage.clear();
        let mutex = stage.mutex();
        let maker = stage.start(Plan::kill_step(nth), |_| {
            arm();
            make(stage, &mutex)
        });
        finish(&maker, "a maker");
        let opener = stage.start(Plan::FREE, |me| look(me, &mutex));
        let found = finish(&opener, "an opener of what a killed one made");
        assert_ne!(found, End::Answered(1), "LOST: its maker was killed at {:?}", maker.step());
        maker.step()
    })
}

/// The maker stands still. Who opens the mutex as soon as it can be found does not get
/// it.
fn maker_parked(stage: &Stage) -> u32 {
    walk(&[40, 41, 42], |nth| {
        stage.clear();
        let mutex = stage.mutex();
        let maker = stage.start(Plan::park_step(nth), |_| {
            arm();
            let answer = make(stage, &mutex);
            // Its end would give the mutex up.
            pause();
            answer
        });
        settle(&[&maker]);
        if is_published(stage) {
            let opener = stage.start(Plan::FREE, |me| look(me, &mutex));
            settle(&[&maker, &opener]);
            maker.release();
            all_end(&[&opener], "an opener of a mutex in the making");
            assert_eq!(opener.end(), End::Answered(1), "STOLEN: its maker stood still at {:?}", maker.step());
        }
        maker.step()
    })
}

#[test]
#[ignore = "run by other tests, in a process of its own"]
fn makers_killed() {
    println!("maker of an owned mutex killed: {} runs, lost 0", maker_killed(&Stage::new()));
}

#[test]
#[ignore = "run by other tests, in a process of its own"]
fn makers_parked() {
    println!("maker of an owned mutex parked: {} runs, stolen 0", maker_parked(&Stage::new()));
}

#[test]
fn a_mutex_made_with_an_owner_is_nobody_elses_and_never_lost() {
    super::hold(&["births::makers_killed", "births::makers_parked"]);
    super::fails("births::makers_killed", "bare", "LOST");
    super::fails("births::makers_parked", "unguarded-birth", "STOLEN");
}
