//! A process, or a thread that is not of this library's making, by its pidfd: an id
//! that is given out again is not mistaken for it, nor is the number of a descriptor
//! that the program closed.

use super::watcher;
use crate::consts;
use crate::dispatcher::{Dispatcher, Making};
use crate::error::Error;
use crate::fork::{self, Inside};
use crate::sys::file::{self, FileId, GuardedFd};
use crate::sys::inherit;
pub use crate::sys::pidfd::Target;
pub use crate::sys::pidfd::exit_now;
use crate::sys::pidfd::{self, Exit};
use crate::sys::thread::without_signals;
use std::collections::BTreeMap;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

/// The exit code of what has not ended.
pub const STILL_ACTIVE: u32 = consts::STILL_ACTIVE;

pub struct Task {
    id: u32,
    target: Target,
    /// With what the kernel's file of it is, which tells it from a successor of its
    /// number (since Linux 6.9).
    pidfd: Option<(GuardedFd, FileId)>,
    /// Set when it is known to have ended.
    ended: Dispatcher,
    /// One more than the birth of the process whose child it is, made here, and which has
    /// nobody else to ask how it ended; else 0.
    parent: AtomicU64,
    /// How such a child ended, once this process has asked.
    exit: Mutex<Option<Exit>>,
    /// The code that this process ended it with, plus one; 0: it did not.
    terminated: AtomicU64,
}

/// The tasks that are open here: one per process, however many handles.
static OPEN: Mutex<BTreeMap<(Target, u32), Weak<Task>>> = Mutex::new(BTreeMap::new());

fn open_tasks() -> MutexGuard<'static, BTreeMap<(Target, u32), Weak<Task>>> {
    OPEN.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Task {
    /// A process, by its id. InvalidParameter: there is none. The caller is inside
    /// the fork gate.
    pub fn process(id: u32) -> Result<Arc<Task>, Error> {
        Task::open(Target::Process, id)
    }

    /// A child that was just made. Its end is noticed, and it does not stay a zombie.
    pub fn of_child(inside: &Inside, id: u32) -> Result<Arc<Task>, Error> {
        let task = match Task::process(id) {
            // It has ended, and SIGCHLD is ignored or the program was faster to ask.
            Err(Error::InvalidParameter) => return Task::enter(id, Target::Process, None),
            found => found?,
        };
        task.parent.store(fork::born_at() + 1, Relaxed);
        // Without the thread for it, the next question does it.
        let _ = watcher::watch_child(inside, &task);
        Ok(task)
    }

    /// A thread of any process.
    pub fn thread(id: u32) -> Result<Arc<Task>, Error> {
        Task::open(Target::Thread, id)
    }

    fn open(target: Target, id: u32) -> Result<Arc<Task>, Error> {
        let known = open_tasks().get(&(target, id)).and_then(Weak::upgrade);
        if let Some(known) = known.filter(|known| !known.has_ended()) {
            return Ok(known);
        }
        let pidfd = match pidfd::open(target, id) {
            Ok(pidfd) => Some(pidfd),
            // An old kernel, or a sandbox. This very process needs none: it runs.
            Err(Error::Os(libc::ENOSYS | libc::EPERM)) if target == Target::Process && id == super::id() => {
                None
            }
            // ENOENT: a thread that is no process.
            Err(Error::Os(libc::ESRCH | libc::EINVAL | libc::ENOENT)) => return Err(Error::InvalidParameter),
            Err(error) => return Err(error),
        };
        let pidfd = match pidfd {
            None => None,
            Some(pidfd) => {
                let identity = file::status(pidfd.as_fd())?.id;
                Some((GuardedFd::new(file::move_up(pidfd), identity), identity))
            }
        };
        Task::enter(id, target, pidfd)
    }

    /// A task by the pidfd that this program was started with.
    pub fn inherited(target: Target, id: u32, pidfd: BorrowedFd) -> Result<Arc<Task>, Error> {
        let means = pidfd::id(pidfd).ok_or(Error::InvalidHandle)?;
        // None: it has ended, and its parent knows.
        if means.is_some_and(|means| means != id) {
            return Err(Error::InvalidHandle);
        }
        let known = open_tasks().get(&(target, id)).and_then(Weak::upgrade);
        let identity = file::status(pidfd)?.id;
        if let Some(known) = known.filter(|known| known.pidfd.as_ref().is_some_and(|(_, id)| *id == identity))
        {
            return Ok(known);
        }
        let pidfd = GuardedFd::new(inherit::duplicate(pidfd)?, identity);
        Task::enter(id, target, Some((pidfd, identity)))
    }

    /// A descriptor for another program; None: there is none.
    pub fn export(&self) -> Option<Result<OwnedFd, Error>> {
        self.with_pidfd(inherit::duplicate)
    }

    fn enter(id: u32, target: Target, pidfd: Option<(GuardedFd, FileId)>) -> Result<Arc<Task>, Error> {
        let ended = Dispatcher::unnamed(&Making::Event { manual: true, set: false })?;
        let terminated = AtomicU64::new(0);
        let (parent, exit) = (AtomicU64::new(0), Mutex::new(None));
        let task = Arc::new(Task { id, target, pidfd, ended, parent, exit, terminated });
        open_tasks().insert((target, id), Arc::downgrade(&task));
        Ok(task)
    }

    pub fn id(&self) -> u32 {
        self.id
    }

    /// Runs `ask` with a pidfd, another one if the program closed ours. None: there is
    /// no such task any more.
    pub fn with_pidfd<R>(&self, ask: impl FnOnce(BorrowedFd) -> R) -> Option<R> {
        let (pidfd, identity) = self.pidfd.as_ref()?;
        if let Some((pidfd, _)) = pidfd.check() {
            return Some(ask(pidfd));
        }
        let again = pidfd::open(self.target, self.id).ok()?;
        let is_same = file::status(again.as_fd()).is_ok_and(|status| status.id == *identity);
        is_same.then(|| ask(again.as_fd()))
    }

    /// What waits wait for. Looks whether it has ended.
    pub fn ended(&self) -> &Dispatcher {
        self.has_ended();
        &self.ended
    }

    /// Whether it has ended; a zombie has.
    pub fn has_ended(&self) -> bool {
        let is_own = self.target == Target::Process && self.id == super::id();
        let ended = !is_own && self.with_pidfd(pidfd::has_ended).unwrap_or(true);
        if ended {
            self.ask_once();
            // Cannot fail: nobody commits on it with another guard.
            let _ = self.ended.object.set_event();
        }
        ended
    }

    /// For a child of ours that has ended: asks how, unless the program did.
    fn ask_once(&self) -> Option<Exit> {
        if self.parent.load(Relaxed) != fork::born_at() + 1 {
            return None;
        }
        // A handler of a signal would wait for the thread that it interrupted.
        without_signals(|| {
            let mut exit = self.exit.lock().unwrap_or_else(PoisonError::into_inner);
            *exit = exit.or_else(|| self.with_pidfd(pidfd::ask).flatten());
            *exit
        })
    }

    /// Has its end noticed while somebody sleeps.
    pub fn watch(self: &Arc<Task>) -> Result<(), Error> {
        watcher::watch(&fork::enter(), self)
    }

    /// The code it ended with: of its own, 128 and the signal that killed it, or what
    /// TerminateProcess gave it here. NotSupported: the kernel does not tell whom it
    /// is no child of.
    pub fn exit_code(&self) -> Result<u32, Error> {
        if !self.has_ended() {
            return Ok(STILL_ACTIVE);
        }
        match self.terminated.load(Relaxed) {
            0 => {}
            code => return Ok((code - 1) as u32),
        }
        let exit = self.ask_once().or_else(|| self.with_pidfd(|pidfd| pidfd::exit(pidfd, self.id)).flatten());
        match (exit, self.target) {
            (Some(Exit::Code(code)), _) => Ok(code as u32),
            (Some(Exit::Signal(signal)), _) => Ok(128 + signal as u32),
            (None, Target::Thread) => Ok(0),
            (None, Target::Process) => Err(Error::NotSupported),
        }
    }

    /// Ends the process. AccessDenied: it has ended, or is not the user's.
    pub fn terminate(&self, code: u32) -> Result<(), Error> {
        if self.target == Target::Process && self.id == super::id() {
            exit_now(code);
        }
        if self.has_ended() {
            return Err(Error::AccessDenied);
        }
        // The first one counts, as on Windows.
        let is_first = self.terminated.compare_exchange(0, u64::from(code) + 1, Relaxed, Relaxed).is_ok();
        if self.with_pidfd(pidfd::kill).is_some_and(|killed| killed.is_ok()) {
            return Ok(());
        }
        if is_first {
            self.terminated.store(0, Relaxed);
        }
        Err(Error::AccessDenied)
    }

    /// Whether this user may end it.
    pub fn may_be_terminated(&self) -> bool {
        self.with_pidfd(pidfd::may_signal).unwrap_or(false)
    }
}

impl Drop for Task {
    fn drop(&mut self) {
        let mut open = open_tasks();
        if open.get(&(self.target, self.id)).is_some_and(|task| task.strong_count() == 0) {
            open.remove(&(self.target, self.id));
        }
    }
}
