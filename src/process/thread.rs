//! Threads: those that CreateThread makes, and others that somebody has a handle of.

use super::task::{STILL_ACTIVE, Task};
use crate::dispatcher::{self, Dispatcher};
use crate::error::Error;
use crate::fork;
use crate::sync;
use crate::sys::file;
use crate::sys::futex;
use crate::sys::pidfd::{self, Target};
use crate::sys::thread as system;
use std::collections::BTreeMap;
use std::ffi::c_void;
use std::os::fd::OwnedFd;
use std::sync::atomic::Ordering::{Acquire, Relaxed, Release, SeqCst};
use std::sync::atomic::{AtomicBool, AtomicU32};
use std::sync::{Arc, Mutex, MutexGuard, Once, PoisonError};
use std::time::Duration;

/// What a new thread runs. It may be left by pthread_exit.
pub type Start = unsafe extern "C-unwind" fn(*mut c_void) -> u32;

/// How a new thread is made.
pub struct Making {
    pub start: Start,
    pub argument: *mut c_void,
    /// 0: the usual size.
    pub stack_size: usize,
    pub suspended: bool,
}

/// A thread of this process that the library was told of.
pub struct Running {
    /// 0 until it runs.
    id: AtomicU32,
    ended: Dispatcher,
    /// What it returned or gave to ExitThread.
    exit_code: AtomicU32,
    has_ended: AtomicBool,
    /// How often it must be resumed before it begins; bit 31: its maker is not done.
    suspended: AtomicU32,
    /// It is to end without having begun.
    is_unwanted: AtomicBool,
}

#[derive(Clone)]
pub enum Thread {
    Ours(Arc<Running>),
    Other(Arc<Task>),
}

const IN_THE_MAKING: u32 = 1 << 31;

/// The threads of this process that were made here or looked up, until they end.
#[derive(Default)]
struct Threads {
    /// The birth of the process whose threads they are.
    born_at: u64,
    by_id: BTreeMap<u32, Arc<Running>>,
}

static THREADS: Mutex<Threads> = Mutex::new(Threads { born_at: 0, by_id: BTreeMap::new() });

/// The caller is inside the fork gate.
fn threads() -> MutexGuard<'static, Threads> {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| sync::at_thread_exit(end));
    let mut threads = THREADS.lock().unwrap_or_else(PoisonError::into_inner);
    if threads.born_at != fork::born_at() {
        // A forked child has none of them.
        *threads = Threads { born_at: fork::born_at(), by_id: BTreeMap::new() };
    }
    threads
}

impl Running {
    fn new(id: u32, suspended: bool) -> Result<Arc<Running>, Error> {
        let ended = Dispatcher::unnamed(&dispatcher::Making::Event { manual: true, set: false })?;
        Ok(Arc::new(Running {
            id: AtomicU32::new(id),
            ended,
            exit_code: AtomicU32::new(0),
            has_ended: AtomicBool::new(false),
            suspended: AtomicU32::new(u32::from(suspended)),
            is_unwanted: AtomicBool::new(false),
        }))
    }
}

/// What a new thread gets to begin with.
struct Beginning {
    running: Arc<Running>,
    start: Start,
    argument: *mut c_void,
}

impl Thread {
    /// The calling thread. The caller is inside the fork gate.
    pub fn current() -> Result<Thread, Error> {
        sync::me(); // its end is noticed
        let id = super::thread_id();
        let known = threads().by_id.get(&id).cloned();
        let running = match known {
            Some(known) => known,
            None => {
                let fresh = Running::new(id, false)?;
                threads().by_id.insert(id, fresh.clone());
                fresh
            }
        };
        Ok(Thread::Ours(running))
    }

    /// A thread by its id. InvalidParameter: there is none. The caller is inside the
    /// fork gate.
    pub fn open(id: u32) -> Result<Thread, Error> {
        let known = threads().by_id.get(&id).cloned();
        if let Some(known) = known {
            return Ok(Thread::Ours(known));
        }
        if id == super::thread_id() { Thread::current() } else { Task::thread(id).map(Thread::Other) }
    }

    /// Makes a thread, which has its id when this returns and begins after `begin`. The
    /// caller is not inside the fork gate, because the new thread enters it.
    pub fn create(making: &Making) -> Result<Thread, Error> {
        let inside = fork::enter();
        let running = Running::new(0, making.suspended)?;
        running.suspended.fetch_or(IN_THE_MAKING, Relaxed);
        drop(inside);
        let beginning =
            Box::new(Beginning { running: running.clone(), start: making.start, argument: making.argument });
        let argument = Box::into_raw(beginning);
        if let Err(error) = system::start(begin, argument.cast(), making.stack_size) {
            let _inside = fork::enter();
            drop(running);
            // SAFETY: no thread got it.
            drop(unsafe { Box::from_raw(argument) });
            return Err(error);
        }
        while running.id.load(Acquire) == 0 {
            futex::wait(&running.id, 0, Duration::from_secs(1));
        }
        Ok(Thread::Ours(running))
    }

    /// Lets a new thread begin, unless it is suspended; or has it end at once.
    pub fn begin(&self, wanted: bool) {
        if let Thread::Ours(running) = self {
            running.is_unwanted.store(!wanted, Relaxed);
            if wanted {
                running.suspended.fetch_and(!IN_THE_MAKING, SeqCst);
            } else {
                running.suspended.store(0, SeqCst);
            }
            futex::wake_all(&running.suspended);
        }
    }

    pub fn id(&self) -> u32 {
        match self {
            Thread::Ours(running) => running.id.load(Relaxed),
            Thread::Other(task) => task.id(),
        }
    }

    /// What waits wait for.
    pub fn ended(&self) -> &Dispatcher {
        match self {
            Thread::Ours(running) => &running.ended,
            Thread::Other(task) => task.ended(),
        }
    }

    /// Has its end noticed while somebody sleeps.
    pub fn watch(&self) -> Result<(), Error> {
        match self {
            Thread::Ours(_) => Ok(()),
            Thread::Other(task) => task.watch(),
        }
    }

    pub fn exit_code(&self) -> Result<u32, Error> {
        match self {
            Thread::Ours(running) if !running.has_ended.load(Acquire) => Ok(STILL_ACTIVE),
            Thread::Ours(running) => Ok(running.exit_code.load(Relaxed)),
            Thread::Other(task) => task.exit_code(),
        }
    }

    /// A descriptor for another program, to which it is a thread of ours; None: it has
    /// ended, or the kernel has none for threads.
    pub fn export(&self) -> Option<Result<OwnedFd, Error>> {
        match self {
            Thread::Ours(running) => match pidfd::open(Target::Thread, running.id.load(Relaxed)) {
                Err(Error::Os(libc::EINVAL | libc::ESRCH | libc::ENOSYS | libc::EPERM)) => None,
                opened => Some(opened.map(file::move_up)),
            },
            Thread::Other(task) => task.export(),
        }
    }

    pub fn is_same(&self, other: &Thread) -> bool {
        match (self, other) {
            (Thread::Ours(one), Thread::Ours(other)) => Arc::ptr_eq(one, other),
            (Thread::Other(one), Thread::Other(other)) => Arc::ptr_eq(one, other),
            _ => false,
        }
    }

    /// Lets a thread begin that was made suspended; returns how often it was.
    pub fn resume(&self) -> u32 {
        let Thread::Ours(running) = self else { return 0 };
        let less = |count: u32| if count & !IN_THE_MAKING == 0 { None } else { Some(count - 1) };
        match running.suspended.fetch_update(SeqCst, SeqCst, less) {
            Ok(count) => {
                futex::wake_all(&running.suspended);
                count & !IN_THE_MAKING
            }
            Err(_) => 0,
        }
    }
}

/// Forced unwinding may pass: nothing here has a destructor while the program's
/// function runs.
unsafe extern "C-unwind" fn begin(argument: *mut c_void) -> *mut c_void {
    if let Some((start, argument)) = unpack(argument) {
        // SAFETY: what CreateThread was given.
        note_exit_code(unsafe { start(argument) });
    }
    std::ptr::null_mut()
}

/// None: its maker does not want it any more.
fn unpack(argument: *mut c_void) -> Option<(Start, *mut c_void)> {
    // SAFETY: from `create`, for this thread alone.
    let beginning = unsafe { Box::from_raw(argument.cast::<Beginning>()) };
    let Beginning { running, start, argument } = *beginning;
    sync::me(); // its end is noticed
    let id = super::thread_id();
    let inside = fork::enter();
    threads().by_id.insert(id, running.clone());
    drop(inside);
    running.id.store(id, Release);
    futex::wake_all(&running.id);
    loop {
        let count = running.suspended.load(SeqCst);
        if count == 0 {
            break;
        }
        futex::wait(&running.suspended, count, Duration::from_secs(1));
    }
    let wanted = !running.is_unwanted.load(Relaxed);
    // Perhaps the last reference in a forked child of it.
    let _inside = fork::enter();
    drop(running);
    wanted.then_some((start, argument))
}

/// Ends the calling thread. Its frames must allow forced unwinding.
pub unsafe extern "C-unwind" fn exit_thread(code: u32) -> ! {
    note_exit_code(code);
    // SAFETY: the caller's frames allow it.
    unsafe { system::exit() }
}

fn note_exit_code(code: u32) {
    let _inside = fork::enter();
    if let Some(running) = threads().by_id.get(&super::thread_id()) {
        running.exit_code.store(code, Release);
    }
}

/// At the end of a thread: whoever waits for it goes on.
fn end() {
    let inside = fork::enter();
    let ended = threads().by_id.remove(&super::thread_id());
    drop(inside);
    if let Some(running) = ended {
        running.has_ended.store(true, Release);
        // Cannot fail: nobody commits on it with another guard. Outside of the gate,
        // because it may have to wait for a commit.
        let _ = running.ended.object.set_event();
        let _inside = fork::enter();
        drop(running);
    }
}
