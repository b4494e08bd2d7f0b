//! Finding an object of whatever kind.

use crate::failure::Failure;
use crate::win32::{self, Handle, Kind};
use winshm::catalog::{self, Catalog, Kind as Is, Reach};
use winshm::consts::*;

/// Opens the object of a name, if it is of one of these kinds, each with its rights. `purpose`:
/// what only they can, for who names another.
pub fn open(name: &str, kinds: &[(Kind, u32)], purpose: &str) -> Result<(Kind, Handle), Failure> {
    for (kind, access) in kinds {
        match win32::open(*kind, name, *access) {
            Ok(handle) => return Ok((*kind, handle)),
            Err(ERROR_INVALID_HANDLE) => {}
            Err(code) => return Err(refused(name, code)),
        }
    }
    Err(wrong_kind(name, purpose))
}

/// An error of a name. Some are not the name's fault, but that of the directory where it would be.
pub fn refused(name: &str, code: u32) -> Failure {
    let failure = Failure::windows(name, code);
    if is_segment(name) {
        return of_segment(failure, code);
    }
    let is_of_directory = matches!(code, ERROR_PATH_NOT_FOUND | ERROR_ACCESS_DENIED);
    match found(name).filter(|_| is_of_directory) {
        Some(found) if !found.unread.is_empty() => {
            let directory = found.unread[0].path.display().to_string();
            failure.advise(format!("{directory} cannot be used; `winshm doctor` says more"))
        }
        Some(_) if code == ERROR_PATH_NOT_FOUND => {
            failure.advise("the directory for names does not exist; `winshm doctor` says more")
        }
        _ => failure,
    }
}

/// An error of a segment of the system, which no directory of ours has.
pub fn of_segment(failure: Failure, code: u32) -> Failure {
    match code {
        ERROR_FILE_NOT_FOUND => failure.advise(
            "there is no such segment: `winshm ls --all` lists those that exist, `winshm create section` \
             makes one",
        ),
        ERROR_PATH_NOT_FOUND => failure.advise("only sections have names that begin with Posix\\ or SysV\\"),
        ERROR_ACCESS_DENIED => failure.advise("no permission: `winshm show` tells whose it is, and its mode"),
        _ => failure,
    }
}

/// Whether it is the name of a segment of the system.
pub fn is_segment(name: &str) -> bool {
    catalog::reach(&catalog::name_of_argument(name.as_ref())) == Ok(Reach::System)
}

/// What there is of a name; None: it is none.
pub fn found(name: &str) -> Option<Catalog> {
    catalog::find(&catalog::name_of_argument(name.as_ref())).ok()
}

pub const NO_OBJECT: &str = "the bare name of a prefix, or an empty one, is no object";

/// The name is another kind's, or no object's.
pub fn wrong_kind(name: &str, purpose: &str) -> Failure {
    let failure = Failure::windows(name, ERROR_INVALID_HANDLE);
    match kind_of(name) {
        Some(kind) => failure.advise(format!("{kind}: {purpose}")),
        // It went before it was looked at.
        None if found(name).is_some() => failure.advise("it was an object of another kind; try again"),
        None => failure.advise(NO_OBJECT),
    }
}

/// What else it is: by its file, which also tells it to who may not open the object.
fn kind_of(name: &str) -> Option<&'static str> {
    Some(match found(name)?.objects.first()?.kind {
        Is::Event => "it is an event",
        Is::Mutex => "it is a mutex",
        Is::Semaphore => "it is a semaphore",
        Is::Timer => "it is a timer",
        Is::Section | Is::Posix | Is::SystemV => "it is a section",
        Is::Unknown => return None,
    })
}
