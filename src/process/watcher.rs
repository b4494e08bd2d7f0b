//! The one thread that the library has, if somebody sleeps until a process ends: it
//! turns the end of a pidfd's process into the signal of an event.

use super::task::Task;
use crate::error::Error;
use crate::fork::{self, Inside};
use crate::sys::pidfd::Set;
use crate::sys::thread;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

struct Watcher {
    /// The birth of the process that its thread runs in.
    born_at: u64,
    set: Set,
    tasks: BTreeMap<u64, Weak<Task>>,
    next_key: u64,
}

static WATCHER: Mutex<Option<Watcher>> = Mutex::new(None);

fn watcher() -> MutexGuard<'static, Option<Watcher>> {
    WATCHER.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Has the task's event set when it ends.
pub fn watch(_inside: &Inside, task: &Arc<Task>) -> Result<(), Error> {
    let mut watcher = watcher();
    // A forked child has no such thread.
    if watcher.as_ref().is_none_or(|watcher| watcher.born_at != fork::born_at()) {
        *watcher = Some(start()?);
    }
    let watcher = watcher.as_mut().ok_or(Error::Internal)?;
    watcher.tasks.retain(|_, task| task.strong_count() > 0);
    let key = watcher.next_key;
    watcher.next_key += 1;
    watcher.tasks.insert(key, Arc::downgrade(task));
    watcher.set.add(task.pidfd(), key)
}

fn start() -> Result<Watcher, Error> {
    let set = Set::new()?;
    let copy = set.try_clone()?;
    thread::start_helper("winshm-watcher", move || run(&copy))?;
    Ok(Watcher { born_at: fork::born_at(), set, tasks: BTreeMap::new(), next_key: 1 })
}

fn run(set: &Set) {
    loop {
        let Some(key) = set.next() else { continue };
        // Else a forked child would find the lock taken.
        let _inside = fork::enter();
        let task = watcher().as_mut().and_then(|watcher| watcher.tasks.remove(&key));
        if let Some(task) = task.and_then(|task| task.upgrade()) {
            task.has_ended();
        }
    }
}
