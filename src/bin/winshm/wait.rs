//! `winshm wait`.

use crate::acquire::exit_code;
use crate::cli::Wait;
use crate::failure::{Failure, Outcome};
use crate::text::{complain, visible};
use crate::win32::{self, Handle, Kind, Waited};
use crate::{keep, open};
use winshm::consts::*;

pub fn run(args: Wait) -> Outcome {
    let kinds = [Kind::Event, Kind::Mutex, Kind::Semaphore, Kind::Timer].map(|kind| (kind, SYNCHRONIZE));
    let purpose = "it cannot be waited for; events, mutexes, semaphores and timers can";
    let find = |name: &String| open::open(name, &kinds, purpose);
    let objects = args.names.iter().map(find).collect::<Result<Vec<_>, _>>()?;
    let handles: Vec<&Handle> = objects.iter().map(|(_, handle)| handle).collect();
    let list = args.names.join(", ");
    let waited = win32::wait(&handles, args.all, args.timeout).map_err(|code| {
        let failure = Failure::windows(&list, code);
        match code {
            ERROR_INVALID_PARAMETER => failure.advise("with --all each object may be named once"),
            _ => failure,
        }
    })?;
    let taken = match waited {
        Waited::TimedOut => return Err(Failure::windows(list, WAIT_TIMEOUT)),
        _ if args.all => 0..objects.len(),
        Waited::For(index) | Waited::Abandoned(index) => index..index + 1,
    };
    for (name, (kind, handle)) in args.names.iter().zip(&objects).take(taken.end).skip(taken.start) {
        if *kind == Kind::Mutex {
            win32::release_mutex(handle).map_err(|code| Failure::windows(name, code))?;
        }
        keep::say(&visible(name))?;
    }
    if let Waited::Abandoned(_) = waited {
        complain(&format!("{}: a mutex was abandoned: its owner died", visible(&list)));
    }
    Ok(exit_code(waited))
}
