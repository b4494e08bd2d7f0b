//! The calling process and thread.

#![forbid(unsafe_code)]

use crate::sys;
use std::time::Duration;

pub use sys::process::{id, thread_id};

/// Sleeps for at least so many milliseconds; 0 lets another thread run; None
/// sleeps for ever.
pub fn sleep(milliseconds: Option<u32>) {
    match milliseconds {
        Some(0) => sys::process::yield_now(),
        Some(time) => sys::time::sleep(Duration::from_millis(time.into())),
        None => sys::time::sleep_for_ever(),
    }
}
