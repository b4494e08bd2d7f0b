//! A committer is killed at every step, and who repairs what it left, too. Before the
//! repair other commits are decided: the dead one's must be remembered.

use super::actors::finish;
use super::commits::{Five, Taken};
use super::stage::Stage;
use super::steps::{Plan, arm};
use super::walk;
use crate::sync::{NOW, Outcome, all};
use std::collections::BTreeSet;

pub const STEPS: &[u32] = &[20, 21, 28];

/// Takes two objects that the dead committer did not want, then looks at its five.
fn recover_after_another_commit(stage: &Stage, first: u32, second: Plan) -> (Option<u32>, Option<u32>, bool) {
    stage.clear();
    let five = Five::new(stage);
    let others = [stage.manual_event(true), stage.manual_event(true)];
    let committer = stage.start(Plan::kill(first), |me| {
        arm();
        five.take_all(me)
    });
    finish(&committer, "a committer");
    let recoverer = stage.start(second, |me| {
        arm();
        let other = all(me, &others.each_ref(), NOW);
        for object in five.each().into_iter().rev() {
            object.settle(me);
        }
        u8::from(other != Ok(Outcome::Granted(0)))
    });
    finish(&recoverer, "who repairs");
    let what = format!("killed at {:?}, its helper at {:?}", committer.step(), recoverer.step());
    (committer.step(), recoverer.step(), five.were_taken(stage, &what))
}

#[test]
#[ignore = "run by other tests, in a process of its own"]
fn helpers_killed() {
    let stage = Stage::new();
    let mut taken = Taken::default();
    walk(super::commits::STEPS, |first| {
        let (dead, _, all) = recover_after_another_commit(&stage, first, Plan::FREE);
        taken.count(all);
        dead
    });
    taken.print("committer killed, another commit decided");
    let mut taken = Taken::default();
    // Where helpers died.
    let mut reached = BTreeSet::new();
    walk(super::commits::STEPS, |first| {
        let mut step = None;
        walk(&[], |second| {
            let (dead, helper, all) = recover_after_another_commit(&stage, first, Plan::kill(second));
            step = dead;
            taken.count(all);
            reached.extend(helper);
            helper
        });
        step
    });
    assert!(STEPS.iter().all(|step| reached.contains(step)), "helpers died at {reached:?} only");
    taken.print("committer killed at i, who repairs at j");
}

#[test]
fn a_dead_helper_is_helped() {
    super::hold(&["recoveries::helpers_killed"]);
    super::fails("recoveries::helpers_killed", "forget-dead", "SUBSET");
}
