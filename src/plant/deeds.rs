//! What happens to a process at a fault point (`points`): it is killed, stands still,
//! runs something, or the call that it was about to make fails.
//!
//! A test forks a process with a `Slot` in shared memory (`Actor::start`), which it tells
//! of a `Plan`; from `arm` on the points count. Trying `nth` = 0, 1, 2... until
//! `Actor::point` says that none was reached acts at every point of what the process does:
//!
//! ```text
//! for nth in 0.. {
//!     let actor = Actor::start(&slots(1)[0], Plan::kill(Which::Any, nth), || { arm(); CloseHandle(..); 0 });
//!     actor.wait();                       // how it ended
//!     let Some(point) = actor.point() else { break };   // "before openat: list", "step 4"
//! }
//! ```
//!
//! `Plan::fail(nth, errno)` counts calls alone and has the `nth` fail; `Plan::run(which,
//! nth, function)` calls a function of the test in place, which may fork.

use super::points::{HOOK, Point};
use std::ptr;
use std::sync::atomic::Ordering::SeqCst;
use std::sync::atomic::{AtomicBool, AtomicPtr, AtomicU8, AtomicU32};

/// Which points count.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Which {
    Any,
    /// Of `sync`.
    Steps,
    Step(u32),
    /// Before system calls.
    Calls,
    /// Whose name begins so: `openat`, `openat: list`.
    Named(&'static str),
}

impl Which {
    fn has(self, point: Point) -> bool {
        match self {
            Which::Any => true,
            Which::Steps => matches!(point, Point::Step(_)),
            Which::Step(wanted) => point == Point::Step(wanted),
            Which::Calls => matches!(point, Point::Before(_)),
            Which::Named(beginning) => point.name().starts_with(beginning),
        }
    }
}

#[derive(Clone, Copy, Debug)]
pub enum Deed {
    Nothing,
    Kill,
    Park,
    /// Before a call.
    Fail(i32),
    Run(fn()),
    /// The names of all points are written down (`record`).
    Record,
}

/// What is to happen to a process, and when.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    pub deed: Deed,
    which: Which,
    /// Of those points, from 0.
    nth: u32,
}

impl Plan {
    pub const FREE: Plan = Plan { deed: Deed::Nothing, which: Which::Any, nth: 0 };

    pub fn at(deed: Deed, which: Which, nth: u32) -> Plan {
        Plan { deed, which, nth }
    }

    pub fn kill(which: Which, nth: u32) -> Plan {
        Plan::at(Deed::Kill, which, nth)
    }

    pub fn park(which: Which, nth: u32) -> Plan {
        Plan::at(Deed::Park, which, nth)
    }

    /// At a step of `sync`.
    pub fn kill_step(nth: u32) -> Plan {
        Plan::kill(Which::Steps, nth)
    }

    pub fn park_step(nth: u32) -> Plan {
        Plan::park(Which::Steps, nth)
    }

    /// When it first comes to this step.
    pub fn park_at(step: u32) -> Plan {
        Plan::park(Which::Step(step), 0)
    }

    pub fn fail(nth: u32, errno: i32) -> Plan {
        Plan::at(Deed::Fail(errno), Which::Calls, nth)
    }

    pub fn record() -> Plan {
        Plan::at(Deed::Record, Which::Any, 0)
    }

    pub fn run(which: Which, nth: u32, function: fn()) -> Plan {
        Plan::at(Deed::Run(function), which, nth)
    }
}

const LONGEST_NAME: usize = 80;

/// What a process and the one that watches it tell each other. Zero is a fresh one.
#[repr(C, align(64))]
pub struct Slot {
    /// Where it was acted upon; empty: not yet.
    point: [AtomicU8; LONGEST_NAME],
    pub parked: AtomicU32,
    /// How often it was.
    pub passes: AtomicU32,
    pub released: AtomicU32,
}

/// Called directly: `sys` would come here again.
fn futex(word: &AtomicU32, operation: i32, value: u32) {
    let none = ptr::null::<u8>();
    // SAFETY: the kernel checks the word, which lives across the call.
    unsafe { libc::syscall(libc::SYS_futex, word.as_ptr(), operation, value, none) };
}

impl Slot {
    pub fn clear(&self) {
        self.point.iter().for_each(|byte| byte.store(0, SeqCst));
        [&self.parked, &self.passes, &self.released].into_iter().for_each(|word| word.store(0, SeqCst));
    }

    /// Writes down where the process is. Allocates nothing: the point may be anywhere.
    fn note(&self, point: Point) {
        let (side, name, number) = match point {
            Point::Step(number) => ("step ", "", number),
            Point::Before(name) => ("before ", name, 0),
            Point::After(name) => ("after ", name, 0),
            Point::Stored(name) => ("stored ", name, 0),
        };
        let digits = [number / 100, number / 10 % 10, number % 10].map(|digit| b'0' + digit as u8);
        let zeros = digits.iter().take_while(|digit| **digit == b'0').count();
        let text = side.bytes().chain(name.bytes()).chain(digits.into_iter().skip(zeros));
        for (slot, byte) in self.point.iter().zip(text.chain([0])) {
            slot.store(byte, SeqCst);
        }
    }

    /// Where the process was acted upon.
    pub fn point(&self) -> Option<String> {
        let bytes = self.point.iter().map(|byte| byte.load(SeqCst)).take_while(|byte| *byte != 0);
        let text = String::from_utf8(bytes.collect()).expect("a name of ours");
        (!text.is_empty()).then_some(text)
    }

    /// Stands still until released.
    fn park(&self) {
        self.passes.fetch_add(1, SeqCst);
        self.parked.store(1, SeqCst);
        while self.released.load(SeqCst) == 0 {
            futex(&self.released, libc::FUTEX_WAIT, 0);
        }
        self.released.store(0, SeqCst);
        self.parked.store(0, SeqCst);
    }

    /// Lets the process go on.
    pub fn release(&self) {
        self.released.store(1, SeqCst);
        futex(&self.released, libc::FUTEX_WAKE, i32::MAX as u32);
    }
}

static SLOT: AtomicPtr<Slot> = AtomicPtr::new(ptr::null_mut());
static PLAN: AtomicPtr<Plan> = AtomicPtr::new(ptr::null_mut());
static ARMED: AtomicBool = AtomicBool::new(false);
static LEFT: AtomicU32 = AtomicU32::new(0);

/// In a new process: takes the plan to heart. Points count from `arm` on.
pub fn enlist(slot: &'static Slot, plan: Plan) {
    ARMED.store(false, SeqCst);
    SLOT.store(ptr::from_ref(slot).cast_mut(), SeqCst);
    LEFT.store(plan.nth, SeqCst);
    PLAN.store(Box::into_raw(Box::new(plan)), SeqCst);
    let _ = HOOK.set(at_point);
}

/// From here on the points that this process comes to count.
pub fn arm() {
    ARMED.store(!matches!(plan().deed, Deed::Nothing), SeqCst);
}

/// And from here on they do not.
pub fn disarm() {
    ARMED.store(false, SeqCst);
}

fn plan() -> Plan {
    // SAFETY: set by `enlist`, and never freed.
    unsafe { *PLAN.load(SeqCst) }
}

fn slot() -> &'static Slot {
    // SAFETY: set by `enlist`, from a reference that lives for ever.
    unsafe { &*SLOT.load(SeqCst) }
}

/// Stands still, whatever the plan is, until released.
pub fn pause() {
    slot().park();
}

fn at_point(point: Point) -> Option<i32> {
    if !ARMED.load(SeqCst) || !plan().which.has(point) {
        return None;
    }
    if matches!(plan().deed, Deed::Record) {
        super::record::note(point.name());
        return None;
    }
    if LEFT.load(SeqCst) > 0 {
        LEFT.fetch_sub(1, SeqCst);
        return None;
    }
    // (Another thread may have come to its point at the same time.)
    if !ARMED.swap(false, SeqCst) {
        return None;
    }
    slot().note(point);
    match plan().deed {
        Deed::Nothing | Deed::Record => {}
        Deed::Kill => die(),
        Deed::Park => slot().park(),
        Deed::Fail(errno) => return Some(errno),
        Deed::Run(function) => function(),
    }
    None
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

#[cfg(test)]
mod tests {
    use super::super::actors::{Actor, End, slots, until};
    use super::super::points::{call, step, stored};
    use super::*;

    /// Four points: two around a call, a store, a step. Answers the call's errno.
    fn walk() -> u8 {
        arm();
        let made = call("test: nothing", || Ok::<i32, nix::Error>(0));
        stored("test: store");
        step(7);
        disarm();
        step(8);
        made.unwrap_or_else(|errno| errno as i32) as u8
    }

    #[test]
    fn a_process_is_killed_at_one_point_after_the_other() {
        let slot = &slots(1)[0];
        let points = ["before test: nothing", "after test: nothing", "stored test: store", "step 7"];
        for (nth, point) in points.into_iter().enumerate() {
            let actor = Actor::start(slot, Plan::kill(Which::Any, nth as u32), walk);
            assert_eq!(actor.wait(), End::Killed);
            assert_eq!(actor.point().as_deref(), Some(point));
        }
        let actor = Actor::start(slot, Plan::kill(Which::Any, 4), walk);
        assert_eq!((actor.wait(), actor.point()), (End::Answered(0), None));
    }

    #[test]
    fn a_call_fails_with_the_error_that_was_asked_for() {
        let actor = Actor::start(&slots(1)[0], Plan::fail(0, libc::ENOSPC), walk);
        assert_eq!(actor.wait(), End::Answered(libc::ENOSPC as u8));
        let actor = Actor::start(&slots(1)[0], Plan::fail(1, libc::ENOSPC), walk);
        assert_eq!((actor.wait(), actor.point()), (End::Answered(0), None), "there is one call");
    }

    #[test]
    fn a_process_stands_still_until_it_is_released() {
        let actor = Actor::start(&slots(1)[0], Plan::park(Which::Named("test: store"), 0), walk);
        until(|| actor.is_parked());
        assert_eq!(actor.point().as_deref(), Some("stored test: store"));
        actor.release();
        assert_eq!(actor.wait(), End::Answered(0));
    }

    #[test]
    fn a_function_of_the_test_runs_at_the_point() {
        let leave = || {
            // SAFETY: ends the child.
            unsafe { libc::_exit(9) }
        };
        let actor = Actor::start(&slots(1)[0], Plan::run(Which::Steps, 0, leave), walk);
        assert_eq!(actor.wait(), End::Answered(9));
        assert_eq!(actor.step(), Some(7));
    }
}
