//! System calls that fail without the signal that the kernel sends beside the error.

use crate::error::Error;
use crate::plant::call;
use nix::sys::signal::{SigSet, SigmaskHow, Signal, pthread_sigmask};
use std::mem::MaybeUninit;

/// Runs a write that may find its reader gone.
pub fn write_to_pipe<R>(body: impl FnOnce() -> R) -> R {
    without(Signal::SIGPIPE, body)
}

/// Runs what may make a file larger than the process may have (`ulimit -f`).
pub fn grow<R>(body: impl FnOnce() -> Result<R, Error>) -> Result<R, Error> {
    if !has_size_limit() {
        return body();
    }
    without(Signal::SIGXFSZ, body).map_err(|error| match error {
        Error::Os(libc::EFBIG) => Error::SizeLimit,
        error => error,
    })
}

fn has_size_limit() -> bool {
    let mut limit = libc::rlimit { rlim_cur: libc::RLIM_INFINITY, rlim_max: libc::RLIM_INFINITY };
    // SAFETY: writable. (On failure there is none.)
    call("getrlimit: quiet", || unsafe { libc::getrlimit(libc::RLIMIT_FSIZE, &mut limit) });
    limit.rlim_cur != libc::RLIM_INFINITY
}

/// Runs `body` with a signal blocked that the kernel sends to the thread; if it came, it
/// is taken away again.
fn without<R>(signal: Signal, body: impl FnOnce() -> R) -> R {
    let mut only = SigSet::empty();
    only.add(signal);
    let mut before = SigSet::empty();
    let was_pending = is_pending(signal);
    // Cannot fail: the arguments are constants and local sets.
    let _ = pthread_sigmask(SigmaskHow::SIG_BLOCK, Some(&only), Some(&mut before));
    let result = body();
    if !was_pending && is_pending(signal) {
        let no_time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
        // SAFETY: the set and the time live across the call.
        unsafe { libc::sigtimedwait(only.as_ref(), std::ptr::null_mut(), &no_time) };
    }
    let _ = pthread_sigmask(SigmaskHow::SIG_SETMASK, Some(&before), None);
    result
}

fn is_pending(signal: Signal) -> bool {
    let mut pending = MaybeUninit::<libc::sigset_t>::zeroed();
    // SAFETY: writable, for a whole set.
    let told = unsafe { libc::sigpending(pending.as_mut_ptr()) } == 0;
    // SAFETY: a set, which the call has filled or left empty.
    told && unsafe { libc::sigismember(pending.as_ptr(), signal as i32) } == 1
}
