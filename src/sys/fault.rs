//! SIGBUS: a page of a mapped file is not there any more. Inside `copy` it is an
//! answer, in a watched page (`lost_page`) the end of its use; everywhere else it goes
//! to whom it would have gone without the library.

use super::{copy, lost_page};
use crate::error::Error;
use nix::errno::Errno;
use std::ffi::c_void;
use std::mem::MaybeUninit;
use std::ptr;
use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};
use std::sync::atomic::{AtomicPtr, AtomicUsize};

/// The memory that was being copied is not there.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Vanished;

/// Whom a fault goes to that is not ours, and whom it went to at first. Never
/// freed: a handler may be running.
static NEXT: AtomicPtr<libc::sigaction> = AtomicPtr::new(ptr::null_mut());
static FIRST: AtomicPtr<libc::sigaction> = AtomicPtr::new(ptr::null_mut());

/// What was passed on last: the context of the signal, and the stack frame that did
/// it. No thread-local: those of a loaded library may allocate, here inside malloc.
static PASSED_ON: [AtomicUsize; 2] = [const { AtomicUsize::new(0) }; 2];

/// Installs the handler if it is not, or not any more, the process's own. To be
/// called whenever memory is attached: a program may have replaced it.
pub fn set_up() -> Result<(), Error> {
    let mut old = MaybeUninit::<libc::sigaction>::zeroed();
    // SAFETY: `old` is writable.
    Errno::result(unsafe { libc::sigaction(libc::SIGBUS, ptr::null(), old.as_mut_ptr()) })?;
    // SAFETY: the kernel filled it; zero is a valid value.
    let old = unsafe { old.assume_init() };
    let ours = handle as extern "C" fn(i32, *mut libc::siginfo_t, *mut c_void) as usize;
    if old.sa_sigaction == ours {
        return Ok(());
    }
    remember(old);
    // SAFETY: an all-zero `sigaction` is a valid value of a plain C structure.
    let mut new: libc::sigaction = unsafe { std::mem::zeroed() };
    new.sa_sigaction = ours;
    new.sa_flags = libc::SA_SIGINFO | libc::SA_ONSTACK | libc::SA_RESTART;
    // SAFETY: the handler stays loaded (`-z nodelete`) and fits its flags.
    Errno::result(unsafe { libc::sigaction(libc::SIGBUS, &new, ptr::null_mut()) })?;
    Ok(())
}

/// Has faults that are not ours passed on to this action. What takes turns with ours, as
/// the handler of a second copy of the library, is kept once.
fn remember(old: libc::sigaction) {
    // SAFETY: never freed, and never changed.
    let known = unsafe { NEXT.load(Acquire).as_ref() };
    if known.is_some_and(|known| (known.sa_sigaction, known.sa_flags) == (old.sa_sigaction, old.sa_flags)) {
        return;
    }
    let next = Box::into_raw(Box::new(old));
    let _ = FIRST.compare_exchange(ptr::null_mut(), next, Release, Acquire);
    NEXT.store(next, Release);
}

extern "C" fn handle(signal: i32, info: *mut libc::siginfo_t, context: *mut c_void) {
    let machine = context.cast::<libc::ucontext_t>();
    // SAFETY: the kernel gives a handler with SA_SIGINFO its context.
    let registers = unsafe { &mut (*machine).uc_mcontext.gregs };
    let instruction = &mut registers[libc::REG_RIP as usize];
    // SAFETY: likewise its information.
    let info_found = unsafe { &*info };
    if is_fault(info_found) {
        if let Some(recovery) = copy::recovery(*instruction as usize) {
            *instruction = recovery as i64;
            return;
        }
        // SAFETY: a fault has an address.
        if lost_page::replace(unsafe { info_found.si_addr() } as usize) {
            return;
        }
    }
    // A handler that was installed over ours may pass on to us what we pass on to
    // it: the same signal, from deeper down the stack. Then it is the turn of who
    // was there before both. (A handler may also never return, by siglongjmp.)
    let frame = &raw const machine as usize;
    let [last_context, last_frame] = &PASSED_ON;
    let again = last_context.load(Relaxed) == context as usize && frame < last_frame.load(Relaxed);
    last_context.store(context as usize, Relaxed);
    last_frame.store(frame, Relaxed);
    let next = if again { FIRST.load(Acquire) } else { NEXT.load(Acquire) };
    // SAFETY: set before the handler was installed, and never freed.
    pass_on(unsafe { &*next }, signal, info, context);
}

/// Whether the interrupted instruction is the reason: the signal was not sent, and does
/// not tell of broken memory that nobody touched.
fn is_fault(info: &libc::siginfo_t) -> bool {
    const BUS_MCEERR_AO: i32 = 5;
    info.si_code > 0 && info.si_code != BUS_MCEERR_AO
}

/// Does what the signal would have done with this action.
fn pass_on(action: &libc::sigaction, signal: i32, info: *mut libc::siginfo_t, context: *mut c_void) {
    // SAFETY: as in `handle`.
    let is_fault = is_fault(unsafe { &*info });
    match action.sa_sigaction {
        libc::SIG_IGN if !is_fault => {}
        libc::SIG_DFL | libc::SIG_IGN => {
            // SAFETY: an all-zero `sigaction` is the default action.
            let default: libc::sigaction = unsafe { std::mem::zeroed() };
            // SAFETY: may be called in a handler.
            unsafe { libc::sigaction(signal, &default, ptr::null_mut()) };
            // The signal is blocked until the handler returns. (A fault would happen
            // again by itself.)
            // SAFETY: as above.
            unsafe { libc::raise(signal) };
        }
        handler => {
            let mut before = MaybeUninit::zeroed();
            // SAFETY: both sets live across the call.
            unsafe { libc::pthread_sigmask(libc::SIG_BLOCK, &action.sa_mask, before.as_mut_ptr()) };
            if action.sa_flags & libc::SA_SIGINFO != 0 {
                // SAFETY: the program gave a function of this kind to sigaction.
                let handler: extern "C" fn(i32, *mut libc::siginfo_t, *mut c_void) =
                    unsafe { std::mem::transmute(handler) };
                handler(signal, info, context);
            } else {
                // SAFETY: as above.
                let handler: extern "C" fn(i32) = unsafe { std::mem::transmute(handler) };
                handler(signal);
            }
            // SAFETY: the kernel filled it above.
            unsafe { libc::pthread_sigmask(libc::SIG_SETMASK, before.as_ptr(), ptr::null_mut()) };
        }
    }
}
