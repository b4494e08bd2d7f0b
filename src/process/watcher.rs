//! The one thread that the library has, if somebody sleeps until a process ends: it
//! turns the end of a pidfd's process into the signal of an event.
//!
//! Now and then it asks by itself, in case the program closed descriptors that are not
//! its own.

use super::task::Task;
use crate::error::Error;
use crate::fork::{self, Inside};
use crate::sys::pidfd::Set;
use crate::sys::thread;
use crate::sys::time;
use std::collections::BTreeMap;
use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

struct Watcher {
    /// The birth of the process that its thread runs in.
    born_at: u64,
    set: Arc<Set>,
    /// By the addresses of the tasks.
    tasks: BTreeMap<u64, Weak<Task>>,
    /// Those that are to be noticed also if nobody has a handle.
    children: BTreeMap<u64, Arc<Task>>,
}

static WATCHER: Mutex<Option<Watcher>> = Mutex::new(None);

/// For who is inside the fork gate.
fn watcher() -> MutexGuard<'static, Option<Watcher>> {
    WATCHER.lock().unwrap_or_else(PoisonError::into_inner)
}

fn key(task: &Arc<Task>) -> u64 {
    Arc::as_ptr(task) as u64
}

/// Has the task's event set when it ends.
pub fn watch(inside: &Inside, task: &Arc<Task>) -> Result<(), Error> {
    enter(inside, task, false)
}

/// Has the end of a child noticed, whether anybody waits for it or not.
pub fn watch_child(inside: &Inside, task: &Arc<Task>) -> Result<(), Error> {
    enter(inside, task, true)
}

fn enter(_inside: &Inside, task: &Arc<Task>, is_child: bool) -> Result<(), Error> {
    let mut watcher = watcher();
    // A forked child has no such thread.
    if watcher.as_ref().is_none_or(|watcher| watcher.born_at != fork::born_at()) {
        *watcher = Some(start()?);
    }
    let watcher = watcher.as_mut().ok_or(Error::Internal)?;
    watcher.tasks.retain(|_, task| task.strong_count() > 0);
    if !watcher.tasks.contains_key(&key(task)) {
        if is_child {
            // Before the thread can have noticed, which takes it out again.
            watcher.children.insert(key(task), task.clone());
        }
        // If that fails, the thread notices by itself.
        let _ = task.with_pidfd(|pidfd| watcher.set.add(pidfd, key(task)));
        watcher.tasks.insert(key(task), Arc::downgrade(task));
    }
    Ok(())
}

fn start() -> Result<Watcher, Error> {
    let set = Arc::new(Set::new()?);
    let for_thread = set.clone();
    thread::start_helper(c"winshm-watcher", move || run(&for_thread))?;
    Ok(Watcher { born_at: fork::born_at(), set, tasks: BTreeMap::new(), children: BTreeMap::new() })
}

/// How long the end of a process can go unnoticed if the program closed descriptors.
const ASK_AGAIN_MS: i32 = 500;

fn run(set: &Set) {
    loop {
        match set.next(ASK_AGAIN_MS) {
            Ok(Some(key)) => ask(|tasks| tasks.get(&key).cloned().into_iter().collect()),
            Ok(None) => ask(|tasks| tasks.values().cloned().collect()),
            Err(_) => {
                time::sleep(Duration::from_millis(ASK_AGAIN_MS as u64));
                ask(|tasks| tasks.values().cloned().collect());
            }
        }
    }
}

/// Asks the chosen tasks whether they have ended; those are not watched any more.
fn ask(choose: impl FnOnce(&BTreeMap<u64, Weak<Task>>) -> Vec<Weak<Task>>) {
    // Inside: else a forked child would find the lock taken.
    let inside = fork::enter();
    let chosen: Vec<_> = watcher().as_ref().map_or_else(Vec::new, |watcher| choose(&watcher.tasks));
    let chosen: Vec<_> = chosen.iter().filter_map(Weak::upgrade).collect();
    drop(inside);
    // Outside: setting an event may have to wait for a commit.
    let ended: Vec<_> = chosen.iter().filter(|task| task.has_ended()).map(key).collect();
    let _inside = fork::enter();
    if let Some(watcher) = watcher().as_mut() {
        ended.iter().for_each(|key| mem::drop(watcher.tasks.remove(key)));
        ended.iter().for_each(|key| mem::drop(watcher.children.remove(key)));
    }
    drop(chosen);
}
