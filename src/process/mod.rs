//! Processes and threads: the calling ones, and those that others wait for.

pub mod command_line;
mod spawn;
mod task;
mod thread;
mod watcher;

pub use spawn::{Program, spawn};
pub use task::{STILL_ACTIVE, Target, Task, exit_now};
pub use thread::{Making, Start, Thread, exit_thread};

use crate::sys;
use std::time::Duration;

pub use sys::process::{id, thread_id};

/// Sleeps for at least so many milliseconds; 0 lets another thread run; None
/// sleeps for ever.
pub fn sleep(milliseconds: Option<u32>) {
    if milliseconds != Some(0) {
        sys::sleeping::begins();
    }
    match milliseconds {
        Some(0) => yield_now(),
        Some(time) => sys::time::sleep(Duration::from_millis(time.into())),
        None => sys::time::sleep_for_ever(),
    }
}

/// Lets another thread run.
pub fn yield_now() {
    sys::process::yield_now();
}
