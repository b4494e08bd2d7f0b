//! The calling process and thread.

use super::convert;
use super::entry;
use super::types::*;
use crate::consts::INFINITE;
use crate::object::{CURRENT_PROCESS, CURRENT_THREAD};
use crate::process;

/// A pseudo-handle for the calling process: (HANDLE)-1. Closing it does nothing;
/// DuplicateHandle makes a real handle of it.
///
/// @return the pseudo-handle
#[unsafe(no_mangle)]
pub extern "C" fn GetCurrentProcess() -> HANDLE {
    convert::to_handle(CURRENT_PROCESS)
}

/// A pseudo-handle for the calling thread: (HANDLE)-2.
///
/// @return the pseudo-handle
#[unsafe(no_mangle)]
pub extern "C" fn GetCurrentThread() -> HANDLE {
    convert::to_handle(CURRENT_THREAD)
}

/// The process id, as getpid gives it.
///
/// @return the id
#[unsafe(no_mangle)]
pub extern "C" fn GetCurrentProcessId() -> DWORD {
    process::id()
}

/// The id of the calling thread, as gettid gives it; unique in the system.
///
/// @return the id
#[unsafe(no_mangle)]
pub extern "C" fn GetCurrentThreadId() -> DWORD {
    process::thread_id()
}

/// Sleeps.
///
/// @param dwMilliseconds at least this long; 0: lets another thread run; INFINITE: for ever
#[unsafe(no_mangle)]
pub extern "C" fn Sleep(dwMilliseconds: DWORD) {
    entry((), || {
        process::sleep((dwMilliseconds != INFINITE).then_some(dwMilliseconds));
        Ok(())
    });
}
