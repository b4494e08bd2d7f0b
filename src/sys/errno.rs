//! The C library's error number of the calling thread.

use nix::errno::Errno;

/// While this exists what happens to errno is nothing to the caller.
pub struct ErrnoKept(i32);

impl ErrnoKept {
    #[inline]
    pub fn new() -> ErrnoKept {
        ErrnoKept(Errno::last_raw())
    }
}

impl Drop for ErrnoKept {
    #[inline]
    fn drop(&mut self) {
        Errno::set_raw(self.0);
    }
}
