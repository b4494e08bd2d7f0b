//! The C library's error number of the calling thread.

/// While this exists what happens to errno is nothing to the caller. Not for other threads.
pub struct ErrnoKept {
    /// Asked for once: this stands in every call.
    slot: *mut i32,
    value: i32,
}

impl ErrnoKept {
    #[inline]
    pub fn new() -> ErrnoKept {
        // SAFETY: no memory is involved.
        let slot = unsafe { libc::__errno_location() };
        // SAFETY: the thread's own, for as long as it lives.
        let value = unsafe { slot.read() };
        ErrnoKept { slot, value }
    }
}

impl Drop for ErrnoKept {
    #[inline]
    fn drop(&mut self) {
        // SAFETY: as in `new`, of the same thread: the pointer keeps this from being sent.
        unsafe { self.slot.write(self.value) };
    }
}
