//! A committer is killed at every step, and who repairs what it left, too. Before the
//! repair another commit is decided: the dead one's must be remembered.

use super::commits::{Five, Taken};
use super::stage::Stage;
use super::walk;
use crate::plant::actors::finish;
use crate::plant::deeds::{Plan, arm};
use crate::sync::state::{Kind, signal};
use crate::sync::{NOW, Outcome, all};
use std::collections::BTreeSet;

pub const STEPS: &[u32] = &[20, 21, 28];

/// Who died, and whether the five were taken.
struct Left {
    committer: Option<u32>,
    helper: Option<u32>,
    taken: bool,
}

/// The helper takes two objects that the dead committer did not want, and then repairs
/// the five.
fn repair(stage: &Stage, two_guards: bool, first: u32, second: Plan) -> Left {
    stage.clear();
    let five = Five::new(stage, two_guards);
    let set = signal::event(true);
    let last = match two_guards {
        true => stage.wider_object(Kind::ManualEvent, set),
        false => stage.object(Kind::ManualEvent, set),
    };
    let others = [stage.manual_event(true), last];
    let committer = stage.start(Plan::kill_step(first), |me| {
        arm();
        five.take_all(me)
    });
    finish(&committer, "a committer");
    let helper = stage.start(second, |me| {
        arm();
        let other = all(me, &others.each_ref(), NOW);
        for object in five.each().into_iter().rev() {
            object.settle(me);
        }
        u8::from(other != Ok(Outcome::Granted(0)))
    });
    finish(&helper, "who repairs");
    let (committer, helper) = (committer.step(), helper.step());
    let what = format!("killed at {committer:?}, its helper at {helper:?}");
    Left { committer, helper, taken: five.were_taken(stage, &what) }
}

/// The committer is killed, the helper is not.
fn committer_killed(stage: &Stage, two_guards: bool) {
    let mut taken = Taken::default();
    walk(super::commits::STEPS, |nth| {
        let left = repair(stage, two_guards, nth, Plan::FREE);
        taken.count(left.taken);
        left.committer
    });
    taken.print("committer killed, another commit decided");
}

/// Both are killed: the committer at each step, the helper at each `stride`-th.
fn both_killed(stage: &Stage, two_guards: bool, stride: u32) {
    let mut taken = Taken::default();
    let mut helpers = BTreeSet::new();
    walk(super::commits::STEPS, |first| {
        let mut committer = None;
        walk(&[], |second| {
            let left = repair(stage, two_guards, first, Plan::kill_step(first % stride + second * stride));
            taken.count(left.taken);
            committer = left.committer;
            helpers.extend(left.helper);
            left.helper
        });
        committer
    });
    assert!(STEPS.iter().all(|step| helpers.contains(step)), "helpers died at {helpers:?} only");
    taken.print("committer killed at i, who repairs at j");
}

#[test]
#[ignore = "run by other tests, in a process of its own"]
fn helpers_killed() {
    let stage = Stage::new();
    committer_killed(&stage, false);
    committer_killed(&stage, true);
    both_killed(&stage, false, 1);
    both_killed(&stage, true, 4);
}

#[test]
fn a_dead_helper_is_helped() {
    super::hold(&["recoveries::helpers_killed"]);
    super::fails("recoveries::helpers_killed", "forget-dead", "SUBSET");
}
