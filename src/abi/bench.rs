//! What `./dev bench` needs to measure a handle look-up inside the library.
//! Only with the feature `bench`, and no section of the header.

use super::convert;
use super::types::*;
use crate::object;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;

/// Looks handles of events up in one call, checks their rights and reads their
/// state; the sum of the states, or u64::MAX if one is not valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn winshm_bench_lookup(handles: *const HANDLE, count: usize) -> u64 {
    let handle = |index: usize| {
        // SAFETY: the benchmark passes `count` handles.
        let handle = unsafe { *handles.wrapping_add(index) };
        convert::handle(handle)
    };
    object::sum_event_states((0..count).map(handle)).unwrap_or(u64::MAX)
}

/// The same through pointers, as if there were no handles.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn winshm_bench_direct(states: *const *const AtomicU64, count: usize) -> u64 {
    let state = |index: usize| {
        // SAFETY: the benchmark passes `count` pointers.
        let state = unsafe { *states.wrapping_add(index) };
        // SAFETY: from `winshm_bench_state`, of an open handle.
        unsafe { (*state).load(Relaxed) }
    };
    (0..count).map(state).sum()
}

/// Where the state of an event is.
#[unsafe(no_mangle)]
pub extern "C" fn winshm_bench_state(handle: HANDLE) -> *const AtomicU64 {
    object::event_state(convert::handle(handle)).unwrap_or(std::ptr::null())
}
