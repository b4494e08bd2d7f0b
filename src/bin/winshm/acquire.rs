//! `winshm acquire`.

use crate::cli::Acquire;
use crate::failure::{ABANDONED, DONE, Failure, Outcome, USAGE};
use crate::interrupt::{self, Interrupts};
use crate::text::{complain, visible};
use crate::win32::{self, Handle, Kind, Waited};
use crate::{child, open, owner};
use std::time::{Duration, Instant};
use winshm::consts::*;

/// What is given back at the end.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Held {
    Mutex,
    Semaphore,
    /// A count of a semaphore that the caller keeps.
    Taken,
}

pub fn run(args: Acquire) -> Outcome {
    let kinds = [(Kind::Mutex, SYNCHRONIZE), (Kind::Semaphore, SYNCHRONIZE | SEMAPHORE_MODIFY_STATE)];
    let (kind, object) =
        open::open(&args.name, &kinds, "only mutexes and semaphores can be acquired; see `winshm wait`")?;
    let held = match (kind, args.command.is_empty()) {
        (Kind::Mutex, true) => {
            let why = "a mutex needs a command: it belongs to the process that waits for it, for as long as it runs";
            return Err(Failure::text(USAGE, args.name, why).advise("winshm acquire NAME -- COMMAND"));
        }
        (Kind::Mutex, false) => Held::Mutex,
        (_, true) => Held::Taken,
        (_, false) => Held::Semaphore,
    };
    let interrupts = Interrupts::note()?;
    hold(&args.name, &object, held, args.timeout, &interrupts, |is_abandoned| match held {
        Held::Taken => Ok(DONE),
        _ => child::run(&args.command, &interrupts, is_abandoned),
    })
}

/// Waits for it, has `meanwhile` done, and gives it back. A signal ends the wait, or is noted.
pub fn hold(
    name: &str,
    object: &Handle,
    held: Held,
    timeout: Option<Duration>,
    interrupts: &Interrupts,
    meanwhile: impl FnOnce(bool) -> Outcome,
) -> Outcome {
    let failed = |code| Failure::windows(name, code);
    let began = Instant::now();
    let waited = loop {
        let left = timeout.map(|timeout| timeout.saturating_sub(began.elapsed()));
        match win32::wait(&[object, interrupts.event()], false, left).map_err(failed)? {
            Waited::TimedOut => return Err(in_vain(name)),
            Waited::For(1) => {
                if let Some(signal) = interrupts.ending() {
                    return Ok(interrupt::exit_code(signal));
                }
            }
            waited => break waited,
        }
    };
    let is_abandoned = matches!(waited, Waited::Abandoned(_));
    if is_abandoned {
        let what = "abandoned: its owner died; what it protects may be half written";
        complain(&format!("{}: {what}", visible(name)));
    }
    // A signal may have come together with the object.
    let interrupted = interrupts.ending();
    let outcome =
        interrupted.map_or_else(|| meanwhile(is_abandoned), |signal| Ok(interrupt::exit_code(signal)));
    match held {
        Held::Mutex => win32::release_mutex(object).map_err(failed)?,
        Held::Taken if interrupted.is_none() => {}
        Held::Semaphore | Held::Taken => {
            win32::release_semaphore(object, 1).map(|_| ()).map_err(failed)?;
        }
    }
    outcome
}

fn in_vain(name: &str) -> Failure {
    let failure = Failure::windows(name, WAIT_TIMEOUT);
    match owner::of_mutex(name) {
        Some(whose) => failure.advise(format!("the time passed; {whose}")),
        None => failure,
    }
}

/// The exit code of a wait that has got what it waited for.
pub fn exit_code(waited: Waited) -> u8 {
    if matches!(waited, Waited::Abandoned(_)) { ABANDONED } else { DONE }
}
