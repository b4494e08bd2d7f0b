//! Where a process is killed or parked: at the n-th step that it comes to.

use crate::plant;
use crate::sys::futex;
use std::ptr;
use std::sync::atomic::Ordering::SeqCst;
use std::sync::atomic::{AtomicBool, AtomicPtr, AtomicU32};
use std::time::Duration;

/// What is to happen to a process, and when.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    pub deed: Deed,
    /// 0: any step counts.
    step: u32,
    nth: u32,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Deed {
    Nothing,
    Kill,
    Park,
}

impl Plan {
    pub const FREE: Plan = Plan { deed: Deed::Nothing, step: 0, nth: 0 };

    /// At the `nth` of all steps, from 0.
    pub fn at(deed: Deed, nth: u32) -> Plan {
        Plan { deed, step: 0, nth }
    }

    pub fn kill(nth: u32) -> Plan {
        Plan::at(Deed::Kill, nth)
    }

    /// When it first comes to `step`.
    pub fn park_at(step: u32) -> Plan {
        Plan { deed: Deed::Park, step, nth: 0 }
    }
}

/// What a process and the one that watches it tell each other.
#[derive(Default)]
#[repr(C, align(64))]
pub struct Slot {
    /// Where it was killed or parked; 0: not yet.
    pub step: AtomicU32,
    pub parked: AtomicU32,
    /// How often it was.
    pub passes: AtomicU32,
    pub released: AtomicU32,
}

impl Slot {
    /// Stands still until released.
    fn park(&self) {
        self.passes.fetch_add(1, SeqCst);
        self.parked.store(1, SeqCst);
        while self.released.load(SeqCst) == 0 {
            futex::wait(&self.released, 0, Duration::MAX);
        }
        self.released.store(0, SeqCst);
        self.parked.store(0, SeqCst);
    }
}

static SLOT: AtomicPtr<Slot> = AtomicPtr::new(ptr::null_mut());
static PLANNED: AtomicBool = AtomicBool::new(false);
static ARMED: AtomicBool = AtomicBool::new(false);
static LEFT: AtomicU32 = AtomicU32::new(0);
static STEP: AtomicU32 = AtomicU32::new(0);
static PARKS: AtomicBool = AtomicBool::new(false);

/// In a new process: takes the plan to heart. Steps count from `arm` on.
pub fn enlist(slot: &'static Slot, plan: Plan) {
    SLOT.store(ptr::from_ref(slot).cast_mut(), SeqCst);
    LEFT.store(plan.nth, SeqCst);
    STEP.store(plan.step, SeqCst);
    PARKS.store(plan.deed == Deed::Park, SeqCst);
    ARMED.store(false, SeqCst);
    PLANNED.store(plan.deed != Deed::Nothing, SeqCst);
    let _ = plant::STEP_HOOK.set(at_step);
}

/// From here on the steps of this process count.
pub fn arm() {
    ARMED.store(PLANNED.load(SeqCst), SeqCst);
}

fn slot() -> &'static Slot {
    // SAFETY: set by `enlist`, from a reference that lives for ever.
    unsafe { &*SLOT.load(SeqCst) }
}

/// Stands still, whatever the plan is, until released.
pub fn pause() {
    slot().park();
}

fn at_step(step: u32) {
    let wanted = STEP.load(SeqCst);
    if !ARMED.load(SeqCst) || wanted != 0 && wanted != step {
        return;
    }
    if LEFT.load(SeqCst) > 0 {
        LEFT.fetch_sub(1, SeqCst);
        return;
    }
    ARMED.store(false, SeqCst);
    slot().step.store(step, SeqCst);
    if PARKS.load(SeqCst) {
        return slot().park();
    }
    die();
}

/// Killed, as by somebody else: nothing of the process runs any more.
pub fn die() -> ! {
    // SAFETY: no memory is involved.
    let me = unsafe { libc::getpid() };
    loop {
        // SAFETY: as above. It does not return.
        unsafe { libc::syscall(libc::SYS_kill, me, libc::SIGKILL) };
    }
}
