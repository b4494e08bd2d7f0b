//! fork, made safe for a library that keeps state and locks.
//!
//! Every operation that creates, opens, maps, closes or frees, or uses a file for a
//! moment, runs *inside* (a read lock). fork waits until nobody is inside (the write
//! lock), so the child inherits no lock of a thread it does not have, no descriptor
//! that is none of an object's, and no object that no handle names. Lock order: the
//! gate first, then any other lock of the library.
//!
//! What may sleep long must not be inside; it keeps its objects by `object::pin`. A
//! create or open that meets a file which a stopped peer has locked is inside for up to
//! two seconds (`Patience`), and one of a POSIX object without a size for 0.1: a fork
//! waits as long. A program's own fork handlers must not call the library: they may run
//! while the gate is closed.
//!
//! A signal handler may fork in a thread that is inside: one that reports crashes does.
//! To wait for itself it would wait for ever. Such a fork is *unprepared*, as one by a raw
//! clone is: the parent does not notice, and the child may do what handlers may, and exec.

use crate::sys::apart::Apart;
use crate::sys::thread::NotCancelled;
use crate::{mark, plant, sync, sys};
use std::cell::{Cell, UnsafeCell};
use std::sync::atomic::Ordering::{Relaxed, SeqCst};
use std::sync::atomic::{AtomicU32, AtomicU64, compiler_fence};
use std::sync::{OnceLock, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

static GATE: Apart<RwLock<()>> = Apart(RwLock::new(()));
static FORKING: Forking = Forking(UnsafeCell::new(None));
static GENERATION: Apart<AtomicU64> = Apart(AtomicU64::new(0));
static BORN: Apart<AtomicU64> = Apart(AtomicU64::new(0));
static PROCESS: Apart<AtomicU32> = Apart(AtomicU32::new(0));
static PREPARE: OnceLock<fn()> = OnceLock::new();

struct Forking(UnsafeCell<Option<RwLockWriteGuard<'static, ()>>>);

// SAFETY: touched only by the thread that is about to hold, or holds, GATE for
// writing, between `before` and the handler that releases it.
unsafe impl Sync for Forking {}

/// Keeps fork out. Not recursive: never enter while inside.
/// The thread is not cancelled meanwhile: system calls would unwind it with locks held.
pub struct Inside {
    _gate: RwLockReadGuard<'static, ()>,
    _known: KnownInside,
    _whole: NotCancelled,
}

/// Enters; blocks while a fork is under way.
pub fn enter() -> Inside {
    let (_whole, _known) = (NotCancelled::new(), KnownInside::new());
    Inside { _gate: GATE.read().unwrap_or_else(PoisonError::into_inner), _known, _whole }
}

/// Enters if that needs no waiting.
pub fn try_enter() -> Option<Inside> {
    let (_whole, _known) = (NotCancelled::new(), KnownInside::new());
    GATE.try_read().ok().map(|_gate| Inside { _gate, _known, _whole })
}

thread_local! {
    // Without a destructor: for signal handlers.
    static IS_INSIDE: Cell<bool> = const { Cell::new(false) };
}

/// Says to signal handlers of this thread that it is inside: from before it is until
/// after. Has what was said before, for who is inside already.
struct KnownInside(bool);

impl KnownInside {
    fn new() -> KnownInside {
        let was_inside = IS_INSIDE.replace(true);
        compiler_fence(SeqCst);
        KnownInside(was_inside)
    }
}

impl Drop for KnownInside {
    fn drop(&mut self) {
        compiler_fence(SeqCst);
        IS_INSIDE.set(self.0);
    }
}

/// Whether the calling thread forks from a signal handler that found it inside.
fn is_unprepared() -> bool {
    IS_INSIDE.get() && !plant::is(plant::WAIT_FOR_SELF) || plant::is(plant::OPEN_GATE)
}

/// Counts the forks that this process, or the one it was forked from, has seen:
/// what is older than the last one may be shared with a relative.
pub fn generation() -> u64 {
    GENERATION.load(Relaxed)
}

/// The count when this process was forked itself, 0 if it was not: what is older
/// came from its parent.
pub fn born_at() -> u64 {
    BORN.load(Relaxed)
}

/// The id of this process, without asking the system.
pub fn process_id() -> u32 {
    PROCESS.load(Relaxed)
}

/// Has `hook` called before each fork, with nobody inside.
pub fn prepare_with(hook: fn()) {
    // One caller; a second would be a mistake without effect.
    let _ = PREPARE.set(hook);
}

/// Run by the loader, before any thread of the program can fork: a handler that
/// came with the first call would not be there when another thread forks during it.
#[used]
#[unsafe(link_section = ".init_array")]
static SET_UP: extern "C" fn() = set_up;

extern "C" fn set_up() {
    PROCESS.store(sys::process::id(), Relaxed);
    // Without memory for the handlers fork is as unsafe as without them.
    let _ = sys::process::at_fork(before, after_in_parent, after_in_child);
}

extern "C" fn before() {
    if is_unprepared() {
        return;
    }
    mark::set_up(); // not to be found half done by the child
    let gate = GATE.write().unwrap_or_else(PoisonError::into_inner);
    if let Some(prepare) = PREPARE.get() {
        prepare();
    }
    GENERATION.fetch_add(1, Relaxed);
    // SAFETY: this thread holds GATE for writing.
    unsafe { *FORKING.0.get() = Some(gate) };
}

extern "C" fn after_in_parent() {
    if is_unprepared() {
        return;
    }
    // SAFETY: this thread, or its copy in the child, still holds GATE.
    let gate = unsafe { (*FORKING.0.get()).take() };
    drop(gate);
}

extern "C" fn after_in_child() {
    mark::after_fork_in_child();
    sync::after_fork_in_child();
    PROCESS.store(sys::process::id(), Relaxed);
    if !is_unprepared() {
        BORN.store(generation(), Relaxed);
        after_in_parent();
    }
}
