//! The processes of a scene: the victim, the other one, and those who come afterwards.

use super::api::{self, Answer, Kind};
use super::files;
use super::scenes::{Notes, Peer, Scene, Victim};
use crate::consts::*;
use crate::plant::actors::{Actor, End, settle, shared, slots, until};
use crate::plant::deeds::{Plan, Slot, Which, pause};
use std::sync::atomic::Ordering::SeqCst;
use std::time::{Duration, Instant};

/// Longer than any wait that ends by itself: the two seconds for a stopped peer.
fn patience() -> Duration {
    let is_planted = std::env::var_os("WINSHM_PLANT").is_some_and(|plant| !plant.is_empty());
    Duration::from_secs(if is_planted { 5 } else { 20 })
}

/// Nobody looks at the machine meanwhile; a scenario that hangs ends all.
const WATCHDOG: u32 = 3600;

pub struct Stage {
    slots: &'static [Slot],
    pub notes: &'static Notes,
}

pub const VICTIM: usize = 0;
pub const PEER: usize = 1;
const HELPER: usize = 2;
pub const BYSTANDER: usize = 3;
const PREDECESSOR: usize = 4;
pub const NEIGHBOUR: usize = 5;

impl Stage {
    pub fn new() -> Stage {
        // SAFETY: takes no memory. Who is left dies with this process.
        unsafe { libc::alarm(WATCHDOG) };
        // Programs that a victim started become this process's.
        // SAFETY: as above.
        unsafe { libc::prctl(libc::PR_SET_CHILD_SUBREAPER, 1) };
        Stage { slots: slots(6), notes: shared() }
    }

    pub fn start(&self, slot: usize, plan: Plan, body: impl FnOnce() -> u8) -> Actor {
        Actor::start(&self.slots[slot], plan, body)
    }

    /// One who is killed where he first comes to this point.
    pub fn predecessor(&self, point: &'static str, act: impl Fn()) {
        let plan = Plan::kill(Which::Named(point), 0);
        // (On a busy machine a time-out may pass before he is there.)
        let is_killed = (0..100).any(|_| {
            let predecessor = self.start(PREDECESSOR, plan, || {
                act();
                0
            });
            end_of(&predecessor, "a predecessor") == End::Killed
        });
        assert!(is_killed, "nobody comes to {point}");
    }

    pub fn begin_help(&self, body: impl FnOnce() -> u8) -> Actor {
        self.start(HELPER, Plan::FREE, body)
    }

    /// Runs a process that goes about its business, which must not take long.
    pub fn help(&self, who: &str, body: impl FnOnce() -> u8) -> u8 {
        let helper = self.begin_help(body);
        match end_of(&helper, who) {
            End::Answered(answer) => answer,
            End::Killed => panic!("{who} was killed"),
        }
    }
}

/// How it ends. Who does not is stuck.
pub fn end_of(actor: &Actor, who: &str) -> End {
    let start = Instant::now();
    while !actor.is_gone() {
        assert!(start.elapsed() < patience(), "STUCK: {who}");
        std::thread::sleep(Duration::from_micros(100));
    }
    actor.end()
}

/// Waits for the programs that a victim has started. There are no other children.
pub fn reap_programs() {
    // SAFETY: nothing is written.
    while unsafe { libc::waitpid(-1, std::ptr::null_mut(), 0) } > 0 {}
}

/// What a process answers: the last owner of a mutex died.
pub const ABANDONED: u8 = 2;
/// It made the object.
const MADE_IT: u8 = 4;

/// Uses an object as anybody might; what it answers is a sum.
pub fn use_object(kind: Kind, name: &str) -> Answer<u8> {
    let object = api::create(kind, name)?;
    let is_new = crate::error::last() == 0;
    let told = match kind {
        Kind::OwnedMutex if is_new => {
            api::release_mutex(object)?;
            0
        }
        Kind::Mutex | Kind::OwnedMutex => {
            let told = api::wait(object, INFINITE)?;
            api::release_mutex(object)?;
            if told == WAIT_ABANDONED { ABANDONED } else { 0 }
        }
        Kind::AutoEvent | Kind::ManualEvent => {
            api::set(object)?;
            // (If it is not new, somebody else may sleep, for whom this was.)
            u8::from(is_new && (api::wait(object, 0)? != WAIT_OBJECT_0 || api::reset(object).is_err()))
        }
        Kind::Semaphore => {
            api::release(object, 2)?;
            u8::from(api::wait(object, INFINITE)? != WAIT_OBJECT_0)
        }
        Kind::Timer => {
            api::set_timer(object, 0)?;
            u8::from(is_new && api::wait(object, INFINITE)? != WAIT_OBJECT_0)
        }
        Kind::Section | Kind::FileSection => {
            let view = api::map(object)?;
            // SAFETY: a view of two pages.
            unsafe { view.wrapping_add(4100).write_volatile(7) };
            api::unmap(view)?;
            0
        }
    };
    api::close(api::open(kind, name)?)?;
    api::close(object)?;
    Ok(told + if is_new { MADE_IT } else { 0 })
}

/// One more process uses an object, which it has to make if nobody has it. Returns
/// whether it was told that the last owner died.
fn user(stage: &Stage, kind: Kind, name: &str, is_held: Option<bool>, what: &str) -> bool {
    let who = format!("one who uses the {kind:?} {name} after {what}");
    let told = stage.help(&who, || use_object(kind, name).unwrap_or(100));
    assert!(told & !(ABANDONED | MADE_IT) == 0, "UNUSABLE: {who}: {told}");
    assert!(is_held.is_none_or(|is_held| is_held != (told & MADE_IT != 0)), "UNUSABLE: {who}: {told}");
    told & ABANDONED != 0
}

/// The other process of a scene.
fn other(scene: &Scene) -> u8 {
    let objects: Vec<_> =
        scene.objects.iter().map(|(kind, name)| api::create(*kind, name).unwrap()).collect();
    let mut told = WAIT_OBJECT_0;
    let own = |index: usize| scene.objects[index].0 == Kind::OwnedMutex && scene.peer != Peer::Left;
    (0..objects.len())
        .filter(|index| own(*index))
        .for_each(|index| api::release_mutex(objects[index]).unwrap());
    match scene.peer {
        Peer::Sleeps => {
            pause();
            told = api::wait(objects[0], INFINITE).unwrap();
            if scene.objects[0].0 == Kind::Mutex {
                api::release_mutex(objects[0]).unwrap();
            }
        }
        Peer::Owns => {
            assert_eq!(api::wait(objects[0], INFINITE), Ok(WAIT_OBJECT_0));
            pause();
            api::release_mutex(objects[0]).unwrap();
            pause();
        }
        _ => pause(),
    }
    objects.into_iter().for_each(|object| api::close(object).unwrap());
    if told == WAIT_ABANDONED { ABANDONED } else { 0 }
}

/// After everybody is gone, one process comes and goes: no file is left.
pub fn nothing_is_left(stage: &Stage, what: &str) {
    stage.help("the sweeper", || {
        // (Each directory is swept when it is first looked at; for a section, and nothing
        // else, which leaves no file of its own when this process just ends.)
        let opened = ["nobody", "Global\\nobody"].map(|name| api::open(Kind::Section, name));
        u8::from(opened != [Err(ERROR_FILE_NOT_FOUND); 2])
    });
    assert!(files().is_empty(), "LEFT: {:?} after {what}", files());
    let doomed = super::base().join("doomed");
    if doomed.exists() {
        // The victim had not come so far that the file was known to be its to delete.
        stage.help("the next one who opens the file", || {
            let file = api::open_file(doomed.to_str().unwrap(), FILE_FLAG_DELETE_ON_CLOSE).unwrap();
            api::close(file).map_or(1, |()| 0)
        });
        assert!(!doomed.exists(), "LEFT: the file that was to be deleted, after {what}");
    }
}

/// Has everybody take his place, and the victim act. A peer that sleeps, or owns, does so
/// when the victim comes to it.
pub fn begin(stage: &Stage, scene: &Scene, plan: Plan) -> (Actor, Option<Actor>) {
    stage.notes.owns.store(0, SeqCst);
    let peer = (scene.peer != Peer::Nobody).then(|| {
        let peer = stage.start(PEER, Plan::FREE, || other(scene));
        until(|| peer.is_parked() || peer.is_gone());
        assert!(peer.is_parked(), "the peer of {}", scene.what);
        peer
    });
    if scene.peer == Peer::Left {
        peer.iter().for_each(Actor::kill);
    }
    if let Peer::After(point) = scene.peer {
        stage.predecessor(point, || {
            (scene.act)(&Victim { notes: stage.notes, objects: scene.objects.clone() })
        });
    }
    // A sleeper sleeps before the victim acts, or, of a mutex, while the victim has it.
    let victim_owns = scene.peer == Peer::Sleeps && scene.objects[0].0 == Kind::Mutex;
    let go = |peer: &Actor| {
        peer.release();
        until(|| !peer.is_parked());
        settle(&[peer]);
    };
    if let (Peer::Sleeps, Some(peer), false) = (scene.peer, &peer, victim_owns) {
        go(peer);
    }
    let victim = stage.start(VICTIM, plan, || {
        (scene.act)(&Victim { notes: stage.notes, objects: scene.objects.clone() });
        0
    });
    if victim_owns {
        until(|| victim.is_parked() || victim.is_gone());
        peer.iter().for_each(go);
        victim.release();
        until(|| !victim.is_parked() || victim.point().is_some());
    }
    if let (Peer::Owns, Some(peer)) = (scene.peer, &peer) {
        settle(&[&victim]);
        peer.release();
        until(|| peer.passes() == 2 || peer.is_gone());
    }
    (victim, peer)
}

/// After the victim has ended, however that was: everything can be used, and what is to be
/// told is told once. Returns whether it was.
pub fn look_after(stage: &Stage, scene: &Scene, peer: Option<Actor>, what: &str) -> bool {
    let has_peer = !matches!(scene.peer, Peer::Nobody | Peer::Left);
    if scene.peer == Peer::Nobody {
        reap_programs();
    }
    // A sleeper that got what it waited for has gone, or has not yet.
    let is_held = (scene.peer != Peer::Sleeps).then_some(has_peer);
    let mut told = 0;
    // Twice: an abandonment is told of once.
    for _ in 0..2 {
        for (kind, name) in &scene.objects {
            told += u32::from(user(stage, *kind, name, is_held, what));
        }
    }
    if let (Some(peer), true) = (peer, has_peer) {
        if peer.is_parked() {
            peer.release();
        }
        let end = end_of(&peer, &format!("the other one, after {what}"));
        told += u32::from(end == End::Answered(ABANDONED));
        assert!(matches!(end, End::Answered(0 | ABANDONED)), "{end:?} of the other one, after {what}");
    }
    assert!(told <= 1, "TOLD TWICE: {what}");
    nothing_is_left(stage, what);
    told == 1
}
