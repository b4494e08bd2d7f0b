//! Removing files that nobody holds, and no others. See `lifetime`.

use super::directory::Directory;
use crate::error::Error;
use crate::plant;
use crate::sys::file::{self, FileId, FileStatus};
use crate::sys::lock::{self, Holder};
use crate::sys::process;
use std::ffi::CStr;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::Relaxed;

/// Whether the name means this very file. One link is proof enough: only the
/// protocol unlinks here. More links are somebody's backup.
pub fn is_linked(directory: &Directory, name: &CStr, status: &FileStatus) -> bool {
    match status.links {
        0 => false,
        1 => true,
        _ => is_bound(directory, name, status.id),
    }
}

/// Whether a name means a file at this moment.
pub fn is_bound(directory: &Directory, name: &CStr, id: FileId) -> bool {
    file::status_at(directory.fd(), name).is_ok_and(|status| status.id == id)
}

/// A file could not be looked at, for want of a descriptor.
static MISSED: AtomicBool = AtomicBool::new(false);

/// Whether a look was missed since this was asked last.
pub fn take_missed() -> bool {
    MISSED.swap(false, Relaxed)
}

/// Removes a name's file if nobody holds it. True: this process did.
///
/// Through a description of its own: a forked child may share ours.
pub fn reap(directory: &Directory, name: &CStr) -> bool {
    match open(directory, name) {
        Ok(file) => remove_if_dead(directory, name, None, file.as_fd()) == Found::Removed,
        Err(Error::Os(libc::EMFILE | libc::ENFILE)) => {
            MISSED.store(true, Relaxed);
            false
        }
        Err(_) => false,
    }
}

/// Opens a file to find out whether it is dead. A mode by which its own user may only read it
/// is changed when nobody holds it any more: else its name were taken until root removes it.
pub fn open(directory: &Directory, name: &CStr) -> Result<OwnedFd, Error> {
    let denied = match file::open(directory.fd(), name) {
        Err(denied @ Error::Os(libc::EACCES)) => denied,
        result => return result,
    };
    let file = file::open_read_only(directory.fd(), name).map_err(|_| denied)?;
    let status = file::status(file.as_fd())?;
    // (Its maker locks it before it gets a size.)
    let is_own = status.is_file() && status.size > 0 && status.owner == process::effective_user();
    if !is_own || lock::holder(file.as_fd()) != Ok(Holder::Nobody) {
        return Err(denied);
    }
    file::set_mode(file.as_fd(), 0o600)?;
    file::open(directory.fd(), name)
}

/// What a look at a file came to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Found {
    /// Another description has a lock on it: removal is its holder's to do.
    Held,
    /// Dead, and its name was not this process's to remove, or was gone already.
    Dead,
    /// Dead, and this process has removed it.
    Removed,
}

/// Removes a file if no other description has a lock on it. What cannot be removed is left
/// for those who can. `id` is the file's, where it is known.
pub fn remove_if_dead(directory: &Directory, name: &CStr, id: Option<FileId>, file: BorrowedFd) -> Found {
    if plant::is(plant::NO_REAP) || !lock::try_exclusive(file).unwrap_or(false) {
        return Found::Held;
    }
    let id = id.or_else(|| file::status(file).ok().map(|status| status.id));
    let is_removed = id.is_some_and(|id| remove(directory, name, id) == Ok(true));
    // Views may keep the description, and its lock.
    lock::unlock(file);
    if is_removed { Found::Removed } else { Found::Dead }
}

/// Unbinds a file's name, if it still is this file's. For the holder of the exclusive
/// lock, whose file is dead; and for who takes the name from those who hold it. True: this
/// process has unbound it.
pub fn remove(directory: &Directory, name: &CStr, id: FileId) -> Result<bool, Error> {
    // Somebody may have renamed or deleted it, and the name be another object's.
    if !is_bound(directory, name, id) {
        return Ok(false);
    }
    match file::unlink(directory.fd(), name) {
        Ok(()) => Ok(true),
        Err(Error::Os(libc::ENOENT)) => Ok(false),
        // Another user's leftover in a directory that does not let us remove
        // it. Trying again would never end.
        Err(_) => Err(Error::AccessDenied),
    }
}
