//! What the handle table's marks need of a thread: a notice of its end, and a
//! moment without signals.

use std::ffi::c_void;

/// A thread-specific key whose destructor runs late: after C++ and Rust
/// destructors, and again (four rounds) for values set meanwhile.
#[derive(Clone, Copy)]
pub struct ExitKey(libc::pthread_key_t);

impl ExitKey {
    /// None: all keys of the process are taken.
    pub fn new(destructor: unsafe extern "C" fn(*mut c_void)) -> Option<ExitKey> {
        let mut key = 0;
        // SAFETY: `key` is writable; the destructor stays loaded (`-z nodelete`).
        let made = unsafe { libc::pthread_key_create(&mut key, Some(destructor)) } == 0;
        made.then_some(ExitKey(key))
    }

    pub fn number(self) -> u32 {
        self.0
    }

    pub fn from_number(number: u32) -> ExitKey {
        ExitKey(number)
    }

    /// Asks for the destructor at this thread's end, with `value`.
    pub fn arm(self, value: *const c_void) {
        // SAFETY: the key exists; keys are never deleted. Failure (no memory)
        // means that the destructor does not run, which the caller survives.
        unsafe { libc::pthread_setspecific(self.0, value) };
    }
}

/// Runs `body` with all signals blocked.
pub fn without_signals<R>(body: impl FnOnce() -> R) -> R {
    use nix::sys::signal::{SigSet, SigmaskHow, pthread_sigmask};
    /// Restores the mask also when `body` panics.
    struct Restore(SigSet);
    impl Drop for Restore {
        fn drop(&mut self) {
            let _ = pthread_sigmask(SigmaskHow::SIG_SETMASK, Some(&self.0), None);
        }
    }
    let mut before = SigSet::empty();
    // Cannot fail: the arguments are constants and local sets.
    let _ = pthread_sigmask(SigmaskHow::SIG_BLOCK, Some(&SigSet::all()), Some(&mut before));
    let _restore = Restore(before);
    body()
}
