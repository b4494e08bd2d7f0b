//! The calling thread as an owner of mutexes: its number, and what the kernel is to do
//! when it ends.
//!
//! `pending` names the one object that is being taken, given up, signalled or waited
//! for: if the thread dies then, the kernel looks at it too, and passes a wake on that it
//! had got. What the thread owns is in its robust list (`ownership`).

use super::owned::{self, Record};
use super::spin::Habit;
use super::words::Words;
use crate::error::Error;
use crate::plant;
use crate::sys::robust::{List, Spare};
use crate::sys::thread::{ExitKey, NotCancelled};
use crate::sys::thread_words::ThreadWords;
use crate::sys::{process, random};
use std::cell::Cell;
use std::ffi::c_void;
use std::mem::offset_of;
use std::ptr::{self, NonNull};
use std::sync::atomic::Ordering::Relaxed;
use std::sync::atomic::{AtomicU32, AtomicU64};
use std::sync::{Once, OnceLock};

/// What every call needs comes first, in one cache line.
#[repr(C)]
pub struct Owner {
    /// 0: not set up.
    thread: Cell<u32>,
    namespace: Cell<u32>,
    cookie: Cell<u64>,
    pub(super) list: Cell<List>,
    /// The mutexes of ours that this thread owns; None before the first.
    pub(super) record: Cell<Option<&'static Record>>,
    spare: Spare,
    /// How many rounds of destructors its end has seen.
    exit_rounds: Cell<u32>,
    /// Asleep in a futex, with its list in order.
    pub is_asleep: Cell<bool>,
    /// Until when it does not ask again for a guard that it did not get.
    pub refused_until_ns: Cell<u64>,
    /// An owner of a mutex that it asked the system for, and when (`lost_owner`).
    pub asked_for: Cell<(u32, u64)>,
    /// Guards that it has, or waits for.
    pub guards: Cell<u32>,
    /// How long it spins before it sleeps.
    pub spins: Habit,
}

thread_local! {
    // Without a destructor: usable in signal handlers and late destructors.
    static ME: Owner = const { Owner::nobody() };
}

/// The calling thread. The reference must not leave it; `Owner` is not `Sync`.
#[inline]
pub fn me() -> &'static Owner {
    known().unwrap_or_else(first_call)
}

/// The calling thread, if it has asked for `me` before.
#[inline(always)]
pub fn known() -> Option<&'static Owner> {
    // SAFETY: null, or set by `set_up`; without a destructor the value lives as long as
    // its thread.
    unsafe { ThreadWords::mine().owner.get().cast::<Owner>().as_ref() }
}

#[cold]
#[inline(never)]
fn first_call() -> &'static Owner {
    let me = ME.with(ptr::from_ref);
    // SAFETY: without a destructor the value lives as long as its thread.
    let me = unsafe { &*me };
    me.set_up();
    me
}

/// In a forked child: it owns nothing, and is another thread.
pub fn after_fork_in_child() {
    PROCESS_COOKIE.store(0, Relaxed);
    PID_NAMESPACE.store(NOT_ASKED, Relaxed);
    // (The C library has emptied the robust list.)
    owned::forget_all();
    ME.with(|me| {
        me.record.set(None);
        me.guards.set(0);
        me.exit_rounds.set(0);
        if known().is_some() {
            // At once: a signal handler may have forked in the middle of a wait, which
            // the child goes on with.
            me.set_up();
            me.clear_pending();
        }
    });
}

/// The random part of all cookies of this process; 0: not chosen.
static PROCESS_COOKIE: AtomicU64 = AtomicU64::new(0);
static THREADS: AtomicU32 = AtomicU32::new(1);
const THREAD_BITS: u32 = 24;

fn process_cookie() -> u64 {
    let known = PROCESS_COOKIE.load(Relaxed);
    if known != 0 {
        return known;
    }
    let fresh = random::number() << THREAD_BITS;
    PROCESS_COOKIE.compare_exchange(0, fresh, Relaxed, Relaxed).map_or_else(|other| other, |_| fresh)
}

/// Asked once: it takes a system call or two.
static PID_NAMESPACE: AtomicU32 = AtomicU32::new(NOT_ASKED);
const NOT_ASKED: u32 = u32::MAX;

fn pid_namespace() -> u32 {
    if PID_NAMESPACE.load(Relaxed) == NOT_ASKED {
        PID_NAMESPACE.store(process::pid_namespace(), Relaxed);
    }
    PID_NAMESPACE.load(Relaxed)
}

/// Whether a cookie is of a thread of this process.
pub fn is_of_this_process(cookie: u64) -> bool {
    cookie != 0 && cookie >> THREAD_BITS == PROCESS_COOKIE.load(Relaxed) >> THREAD_BITS
}

impl Owner {
    const fn nobody() -> Owner {
        Owner {
            list: Cell::new(List::NONE),
            thread: Cell::new(0),
            cookie: Cell::new(0),
            namespace: Cell::new(0),
            record: Cell::new(None),
            spare: Spare::new(),
            exit_rounds: Cell::new(0),
            is_asleep: Cell::new(false),
            refused_until_ns: Cell::new(0),
            asked_for: Cell::new((0, 0)),
            guards: Cell::new(0),
            spins: Habit::new(),
        }
    }

    #[cold]
    #[inline(never)]
    fn set_up(&self) {
        // Not in the middle, by whatever the system is asked here.
        let _whole = NotCancelled::new();
        // SAFETY: `self` is the thread-local value of this thread.
        self.list.set(unsafe { List::of_this_thread(&self.spare) });
        let number = THREADS.fetch_add(1, Relaxed) & ((1 << THREAD_BITS) - 1);
        self.cookie.set(process_cookie() | u64::from(number));
        self.namespace.set(pid_namespace());
        arm_exit();
        self.thread.set(process::thread_id());
        ThreadWords::mine().owner.set(ptr::from_ref(self).cast());
    }

    pub fn thread(&self) -> u32 {
        self.thread.get()
    }

    pub fn cookie(&self) -> u64 {
        self.cookie.get()
    }

    /// The PID namespace in which `thread` means this one; 0: the system does not tell.
    #[inline]
    pub fn namespace(&self) -> u32 {
        self.namespace.get()
    }

    /// What `set_pending` gets for a word that is no mutex.
    pub fn node_of_word(&self, word: *const u32) -> *mut u8 {
        self.list.get().node_of(word.cast_mut().cast())
    }

    pub fn node_of(&self, words: NonNull<Words>) -> *mut u8 {
        self.list.get().node_of(words.as_ptr().cast::<u8>().wrapping_add(offset_of!(Words, state)))
    }

    /// What the kernel is to look at if this thread dies now.
    #[inline]
    pub fn pending(&self) -> *mut u8 {
        self.list.get().pending()
    }

    #[inline]
    pub fn set_pending(&self, pending: *mut u8) {
        self.list.get().set_pending(pending);
    }

    #[inline]
    pub fn clear_pending(&self) {
        self.set_pending(ptr::null_mut());
    }

    #[inline]
    pub fn cover(&self, words: NonNull<Words>) {
        if !plant::is(plant::BARE) {
            self.set_pending(self.node_of(words));
        }
    }

    /// For a signal handler that signals an object: whether it interrupts this thread
    /// where it must not take a guard, in the middle of something else or with guards,
    /// which have an order.
    pub fn is_interrupted(&self, object: NonNull<Words>) -> bool {
        let pending = self.pending();
        let is_changing = !self.is_asleep.get() && !pending.is_null() && pending != self.node_of(object);
        is_changing || self.guards.get() != 0
    }

    /// The futex word of a node.
    pub fn futex_of(&self, node: *mut u8) -> *const u32 {
        self.list.get().futex_of(node)
    }
}

static EXIT_KEY: OnceLock<Option<ExitKey>> = OnceLock::new();
static AT_EXIT: [OnceLock<fn()>; 2] = [const { OnceLock::new() }; 2];

/// Makes the key of the threads' ends, before any thread waits.
fn arm_exit() {
    static ONCE: Once = Once::new();
    crate::sys::thread::without_signals(|| {
        ONCE.call_once(|| {
            let _ = EXIT_KEY.set(ExitKey::new(thread_exit));
        });
    });
    if let Some(Some(key)) = EXIT_KEY.get() {
        ME.with(|me| key.arm(ptr::from_ref(me).cast()));
    }
}

/// Has `hook` called at the end of each thread that waited or made a thread, after
/// its mutexes were abandoned.
pub fn at_thread_exit(hook: fn()) {
    // Two callers, in whatever order.
    let _ = AT_EXIT[0].set(hook).or_else(|hook| AT_EXIT[1].set(hook));
}

/// A thread has not ended while destructors of the program run, which may use its
/// mutexes: it ends in the last of the C library's rounds.
const ROUNDS: u32 = 4;

unsafe extern "C" fn thread_exit(_me: *mut c_void) {
    let is_last = ME.with(|me| {
        if known().is_none() {
            return true;
        }
        me.exit_rounds.set(me.exit_rounds.get() + 1);
        if me.exit_rounds.get() < ROUNDS {
            arm_exit();
            return false;
        }
        // (If the thread came late to its first round, the kernel does this.)
        me.abandon_all();
        // One store: a handler that calls the library before or after it finds a thread that
        // is set up, or sets it up again.
        ThreadWords::mine().owner.set(ptr::null());
        if let Some(record) = me.record.take() {
            record.give_back();
        }
        me.exit_rounds.set(0);
        true
    });
    if is_last {
        AT_EXIT.iter().filter_map(OnceLock::get).for_each(|hook| hook());
    }
}

/// Too many mutexes: of a thread that is killed the rest would stay locked for ever.
pub const FULL: Error = Error::NoSystemResources;
