//! `winshm set`, `reset`, `pulse` and `release`.

use crate::cli::{Pulse, Release, Reset, Set};
use crate::failure::{DONE, Failure, Outcome, USAGE};
use crate::win32::{self, Code, Handle, Kind};
use crate::{keep, open, owner};
use winshm::consts::*;

const EVENT: (Kind, u32) = (Kind::Event, EVENT_MODIFY_STATE);
const TIMER: (Kind, u32) = (Kind::Timer, TIMER_MODIFY_STATE);

pub fn set(args: Set) -> Outcome {
    let name = &args.name;
    let (kind, object) = open::open(name, &[EVENT, TIMER], "only events and timers can be set")?;
    let has_time = args.due.is_some() || args.cancel;
    match (kind, args.due) {
        (Kind::Event, _) if has_time => {
            Err(Failure::text(USAGE, name, "an event has no time: --due and --cancel are for timers"))
        }
        (Kind::Event, _) => called(name, win32::set_event(&object)),
        (_, Some(due)) => timer(name, win32::set_timer(&object, due, args.period.unwrap_or_default())),
        (_, None) if args.cancel => timer(name, win32::cancel_timer(&object)),
        (_, None) => {
            Err(Failure::text(USAGE, name, "a timer is set with --due TIME, or stopped with --cancel"))
        }
    }
}

pub fn reset(args: Reset) -> Outcome {
    let purpose = "only events can be reset; `winshm set NAME --cancel` stops a timer";
    event(&args.name, purpose, win32::reset_event)
}

pub fn pulse(args: Pulse) -> Outcome {
    event(&args.name, "only events can be pulsed", win32::pulse_event)
}

fn event(name: &str, purpose: &str, function: fn(&Handle) -> Result<(), Code>) -> Outcome {
    let (_, event) = open::open(name, &[EVENT], purpose)?;
    called(name, function(&event))
}

pub fn release(args: Release) -> Outcome {
    let name = &args.name;
    let kinds = [(Kind::Semaphore, SEMAPHORE_MODIFY_STATE), (Kind::Mutex, SYNCHRONIZE)];
    let (kind, object) = open::open(name, &kinds, "only semaphores can be released")?;
    if kind == Kind::Mutex {
        let whose = owner::of_mutex(name).unwrap_or_else(|| "nobody owns it".into());
        let what = format!(
            "{whose}. A mutex is released by its owner, not from outside: `winshm acquire NAME -- COMMAND` \
             does so when the command ends"
        );
        return Err(Failure::windows(name, ERROR_NOT_OWNER).advise(what));
    }
    let before = win32::release_semaphore(&object, args.count).map_err(|code| {
        let failure = Failure::windows(name, code);
        match code {
            ERROR_TOO_MANY_POSTS => failure.advise("that is more than its largest count; nothing was added"),
            _ => failure,
        }
    })?;
    keep::say(&before.to_string())?;
    Ok(DONE)
}

/// It was opened for that.
fn timer(name: &str, result: Result<(), Code>) -> Outcome {
    called(name, result).map_err(|failure| match failure.code() {
        Some(ERROR_ACCESS_DENIED) => failure.advise(
            "a timer of another user, in a directory whose users need not trust each other: it can be waited \
             for, and not set",
        ),
        _ => failure,
    })
}

fn called(name: &str, result: Result<(), Code>) -> Outcome {
    result.map(|()| DONE).map_err(|code| Failure::windows(name, code))
}
