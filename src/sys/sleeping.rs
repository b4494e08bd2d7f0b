//! Who wants to know that the calling thread is about to sleep, perhaps for ever.

use std::ptr;
use std::sync::atomic::AtomicPtr;
use std::sync::atomic::Ordering::Relaxed;

/// A `fn()`, or null.
static LISTENER: AtomicPtr<()> = AtomicPtr::new(ptr::null_mut());

/// From now on `listener` is called before a thread of this process sleeps. It must be
/// async-signal-safe, and keep errno.
pub fn tell(listener: fn()) {
    LISTENER.store(listener as *mut (), Relaxed);
}

/// As `begins`, for a thread that may sleep next: it does if it is not `ready`.
#[inline]
pub fn begins_unless(ready: impl FnOnce() -> bool) {
    if !LISTENER.load(Relaxed).is_null() && !ready() {
        begins();
    }
}

/// The calling thread will sleep next, for as long as its caller wants.
#[inline]
pub fn begins() {
    let listener = LISTENER.load(Relaxed);
    if !listener.is_null() {
        // SAFETY: set by `tell` alone, from such a function.
        let listener = unsafe { std::mem::transmute::<*mut (), fn()>(listener) };
        listener();
    }
}
