//! Threads: a notice of their end, a moment without signals or cancellation, starting
//! and ending them.

use super::heap;
use crate::error::Error;
use crate::plant::call;
use nix::errno::Errno;
use std::ffi::{CStr, c_void};
use std::marker::PhantomData;
use std::mem::MaybeUninit;
use std::panic::{self, AssertUnwindSafe};
use std::ptr;

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

/// Signals that tell of what the thread itself does. Blocked, they would end the process
/// also where a handler has an answer: ours to a lost page, or a sandbox's to a system call.
const OF_THE_THREAD: [i32; 6] =
    [libc::SIGBUS, libc::SIGSEGV, libc::SIGSYS, libc::SIGFPE, libc::SIGILL, libc::SIGTRAP];

/// What the C library keeps for itself: a cancellation, and a change of user.
const OF_THE_LIBRARY: [i32; 2] = [32, 33];

/// The others, as the kernel writes a set.
const OUTSIDE: u64 = {
    let mut set = !0;
    let mut index = 0;
    while index < OF_THE_THREAD.len() {
        set &= !(1 << (OF_THE_THREAD[index] - 1));
        index += 1;
    }
    set & !(1 << (OF_THE_LIBRARY[0] - 1)) & !(1 << (OF_THE_LIBRARY[1] - 1))
};

/// Runs `body` with all signals blocked that come from outside.
pub fn without_signals<R>(body: impl FnOnce() -> R) -> R {
    /// Restores the mask also when `body` panics.
    struct Restore(u64);
    impl Drop for Restore {
        #[inline]
        fn drop(&mut self) {
            change_mask(libc::SIG_SETMASK, self.0);
        }
    }
    let _restore = Restore(change_mask(libc::SIG_BLOCK, OUTSIDE));
    body()
}

/// Returns the mask before. The call itself and not the C library's, which takes its sets
/// apart first: this stands in waits that are to be short. Keeps errno.
#[inline]
fn change_mask(how: i32, set: u64) -> u64 {
    let mut before = 0_u64;
    // SAFETY: both sets have the size that is said. It cannot fail.
    unsafe {
        libc::syscall(libc::SYS_rt_sigprocmask, how, &raw const set, &raw mut before, size_of::<u64>())
    };
    before
}

/// Whether there is a thread of this id, of whichever process.
pub fn exists(id: u32) -> bool {
    // SAFETY: the call takes no memory; no signal is sent.
    let ask = || unsafe { libc::syscall(libc::SYS_tkill, id as libc::pid_t, 0) };
    call("tkill: exists", ask) == 0 || Errno::last() != Errno::ESRCH
}

/// While this exists, the calling thread is not cancelled.
pub struct NotCancelled {
    before: i32,
    _stays_in_its_thread: PhantomData<*const ()>,
}

unsafe extern "C" {
    safe fn pthread_setcancelstate(state: i32, old: &mut i32) -> i32;
}

const PTHREAD_CANCEL_DISABLE: i32 = 1;

impl NotCancelled {
    pub fn new() -> NotCancelled {
        let mut before = 0;
        pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &mut before);
        NotCancelled { before, _stays_in_its_thread: PhantomData }
    }
}

impl Drop for NotCancelled {
    fn drop(&mut self) {
        let mut ignored = 0;
        pthread_setcancelstate(self.before, &mut ignored);
    }
}

unsafe extern "C-unwind" {
    fn pthread_exit(value: *mut c_void) -> !;
    fn pthread_create(
        thread: *mut libc::pthread_t,
        attributes: *const libc::pthread_attr_t,
        start: unsafe extern "C-unwind" fn(*mut c_void) -> *mut c_void,
        argument: *mut c_void,
    ) -> i32;
}

/// Ends the calling thread by forced unwinding.
///
/// # Safety
/// Every frame of the thread allows that.
pub unsafe fn exit() -> ! {
    // SAFETY: by this function's contract.
    unsafe { pthread_exit(std::ptr::null_mut()) }
}

/// Starts a detached thread; 0: with the usual stack.
pub fn start(
    begin: unsafe extern "C-unwind" fn(*mut c_void) -> *mut c_void,
    argument: *mut c_void,
    stack_size: usize,
) -> Result<(), Error> {
    let mut attributes = MaybeUninit::<libc::pthread_attr_t>::uninit();
    // SAFETY: writable.
    check(unsafe { libc::pthread_attr_init(attributes.as_mut_ptr()) })?;
    let attributes = attributes.as_mut_ptr();
    let started = (|| {
        // SAFETY: initialised.
        check(unsafe { libc::pthread_attr_setdetachstate(attributes, libc::PTHREAD_CREATE_DETACHED) })?;
        if stack_size != 0 {
            let size = stack_size.max(SMALLEST_STACK).next_multiple_of(super::map::PAGE_SIZE);
            // SAFETY: initialised.
            check(unsafe { libc::pthread_attr_setstacksize(attributes, size) })?;
        }
        let mut thread = 0;
        // SAFETY: the attributes are initialised, the function fits.
        let mut start = || check(unsafe { pthread_create(&mut thread, attributes, begin, argument) });
        call("pthread_create: start", &mut start)
    })();
    // SAFETY: initialised; not used any more.
    unsafe { libc::pthread_attr_destroy(attributes) };
    started
}

/// Thread-local storage of a program takes its place on the stack too.
const SMALLEST_STACK: usize = 256 << 10;

fn check(errno: i32) -> Result<(), Error> {
    match errno {
        0 => Ok(()),
        errno => Err(Error::Os(errno)),
    }
}

/// Starts a thread of the library's own, which gets no signal of the program. A bare one: the
/// standard library's note at their start what to destroy at their end, and end the process
/// if there is no memory for it by then.
pub fn start_helper<F: FnOnce() + Send + 'static>(name: &'static CStr, body: F) -> Result<(), Error> {
    unsafe extern "C-unwind" fn run<F: FnOnce()>(argument: *mut c_void) -> *mut c_void {
        // SAFETY: from `start_helper`, for this thread alone.
        let (name, body) = *unsafe { Box::from_raw(argument.cast::<(&CStr, F)>()) };
        let _ = nix::sys::prctl::set_name(name);
        // A defect ends the helper, not the program.
        let _ = panic::catch_unwind(AssertUnwindSafe(body));
        ptr::null_mut()
    }
    heap::has_room()?;
    let argument = Box::into_raw(Box::new((name, body)));
    let started = without_signals(|| start(run::<F>, argument.cast(), SMALLEST_STACK));
    if started.is_err() {
        // SAFETY: no thread has got it.
        drop(unsafe { Box::from_raw(argument) });
    }
    started
}
