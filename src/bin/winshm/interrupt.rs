//! Signals, for commands that hold something: each sets an event, which can be waited for
//! with what the command waits for anyway, and nothing is left half done.

use crate::failure::{Failure, SIGNALLED};
use crate::win32::{self, Handle, Waited};
use nix::libc::{c_int, c_void, siginfo_t};
use nix::sys::signal::{SaFlags, SigAction, SigHandler, SigSet, Signal, sigaction};
use std::ptr;
use std::sync::Arc;
use std::sync::atomic::Ordering::SeqCst;
use std::sync::atomic::{AtomicBool, AtomicPtr, AtomicU64};
use std::time::Duration;

/// Those that end a command, or are passed on to the one that it runs.
const PASSED_ON: [Signal; 6] =
    [Signal::SIGINT, Signal::SIGQUIT, Signal::SIGTERM, Signal::SIGHUP, Signal::SIGUSR1, Signal::SIGUSR2];

/// A bit for each signal that came, and one more for those that the terminal sent: it sends
/// them to the whole foreground group, hence to the command that is run, too.
static CAME: AtomicU64 = AtomicU64::new(0);
static FROM_TERMINAL: AtomicU64 = AtomicU64::new(0);
static INPUT_ENDED: AtomicBool = AtomicBool::new(false);
/// The handle of the event.
static EVENT: AtomicPtr<c_void> = AtomicPtr::new(ptr::null_mut());

extern "C" fn note(signal: c_int, info: *mut siginfo_t, _context: *mut c_void) {
    const SI_KERNEL: c_int = 0x80;
    // SAFETY: the kernel passes it to handlers with SA_SIGINFO.
    let code = unsafe { (*info).si_code };
    if code == SI_KERNEL {
        FROM_TERMINAL.fetch_or(1 << signal, SeqCst);
    }
    CAME.fetch_or(1 << signal, SeqCst);
    win32::set_event_in_handler(EVENT.load(SeqCst));
}

/// From now on, signals are noted.
pub struct Interrupts {
    /// Never closed: handlers use it.
    event: Arc<Handle>,
}

/// A signal that came.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Interrupt {
    pub signal: Signal,
    pub is_from_terminal: bool,
}

impl Interrupts {
    pub fn note() -> Result<Interrupts, Failure> {
        let event = Arc::new(win32::own_event().map_err(|code| Failure::windows("signals", code))?);
        EVENT.store(event.raw(), SeqCst);
        std::mem::forget(event.clone());
        // A child that ends is noticed whatever was inherited.
        install(Signal::SIGCHLD, SaFlags::SA_NOCLDSTOP)?;
        for signal in PASSED_ON {
            // nohup has SIGHUP ignored, and a shell SIGINT for what it runs in the background.
            if matches!(install(signal, SaFlags::empty())?.handler(), SigHandler::SigIgn) {
                let ignored = SigAction::new(SigHandler::SigIgn, SaFlags::empty(), SigSet::empty());
                // SAFETY: no handler.
                unsafe { sigaction(signal, &ignored) }.map_err(failure)?;
            }
        }
        Ok(Interrupts { event })
    }

    /// Set when something came; a wait for it resets it.
    pub fn event(&self) -> &Handle {
        &self.event
    }

    /// Sleeps until something came: a signal, the end of a child, the end of the input.
    pub fn wait(&self) -> Result<(), Failure> {
        self.wait_for(None).map(|_| ())
    }

    /// Whether something came before the time passed.
    pub fn wait_for(&self, timeout: Option<Duration>) -> Result<bool, Failure> {
        let waited = win32::wait(&[&self.event], false, timeout);
        waited.map_err(|code| Failure::windows("signals", code)).map(|waited| waited != Waited::TimedOut)
    }

    /// What came since it was asked last.
    pub fn take(&self) -> Vec<Interrupt> {
        let passed_on = PASSED_ON.iter().fold(0, |bits, signal| bits | 1 << *signal as c_int);
        let came = CAME.fetch_and(!passed_on, SeqCst);
        let from_terminal = FROM_TERMINAL.swap(0, SeqCst);
        let has = |bits: u64, signal: Signal| bits & 1 << signal as c_int != 0;
        let noted = PASSED_ON.into_iter().filter(|signal| has(came, *signal));
        noted.map(|signal| Interrupt { signal, is_from_terminal: has(from_terminal, signal) }).collect()
    }

    /// The first signal that is to end the command.
    pub fn ending(&self) -> Option<Signal> {
        let ends = |signal: &Signal| !matches!(signal, Signal::SIGUSR1 | Signal::SIGUSR2);
        self.take().into_iter().map(|noted| noted.signal).find(ends)
    }

    /// Has changes of the terminal's size noted, and Ctrl-Z: `is_to_stop`.
    pub fn note_terminal(&self) -> Result<(), Failure> {
        install(Signal::SIGTSTP, SaFlags::empty())?;
        install(Signal::SIGWINCH, SaFlags::empty()).map(|_| ())
    }

    /// Whether this process is to be stopped. Once for each time.
    pub fn is_to_stop(&self) -> bool {
        const BIT: u64 = 1 << Signal::SIGTSTP as c_int;
        CAME.fetch_and(!BIT, SeqCst) & BIT != 0
    }

    /// Has the end of the standard input noted, too.
    pub fn note_end_of_input(&self) -> Result<(), Failure> {
        let ignore = SigAction::new(SigHandler::SigIgn, SaFlags::empty(), SigSet::empty());
        // SAFETY: no handler.
        unsafe { sigaction(Signal::SIGTTIN, &ignore) }.map_err(failure)?;
        let event = self.event.clone();
        let watch = move || {
            let ended = std::io::copy(&mut std::io::stdin().lock(), &mut std::io::sink());
            // An error is no end: who is sent to the background may not read from the terminal.
            if ended.is_ok() {
                INPUT_ENDED.store(true, SeqCst);
                let _ = win32::set_event(&event);
            }
        };
        let started = std::thread::Builder::new().spawn(watch);
        started.map(|_| ()).map_err(|error| Failure::os("standard input", error))
    }

    pub fn has_input_ended(&self) -> bool {
        INPUT_ENDED.load(SeqCst)
    }
}

/// Of a command that a signal ended.
pub fn exit_code(signal: Signal) -> u8 {
    SIGNALLED + signal as u8
}

fn failure(error: nix::Error) -> Failure {
    Failure::os("signals", error.into())
}

/// What was done with the signal before.
fn install(signal: Signal, flags: SaFlags) -> Result<SigAction, Failure> {
    let flags = flags | SaFlags::SA_SIGINFO | SaFlags::SA_RESTART;
    let action = SigAction::new(SigHandler::SigAction(note), flags, SigSet::empty());
    // SAFETY: the handler does what handlers may: atomics, and SetEvent, which says so.
    unsafe { sigaction(signal, &action) }.map_err(failure)
}
