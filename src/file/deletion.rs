//! Deleting files: at once, and with the last handle.

use super::failure::of_file;
use super::open::{NOBODY_WRITES, missing};
use super::share::{self, Sharing, Use};
use crate::consts::{DELETE, FILE_SHARE_DELETE, FILE_SHARE_READ, FILE_SHARE_WRITE};
use crate::error::Error;
use crate::fork;
use crate::namespace::delete_note::{self, DeleteNote};
use crate::sys::file::{self, FileId};
use crate::sys::process;
use crate::sys::program_file::{self as program, Access, FileKind, Opening};
use std::ffi::CStr;
use std::os::fd::{AsFd, BorrowedFd};
use std::sync::{Arc, Mutex, MutexGuard, Once, PoisonError, Weak};

/// Deletes a file, or a symbolic link itself.
pub fn delete(path: &CStr) -> Result<(), Error> {
    let status = match file::status_at(file::NO_DIRECTORY, path) {
        Ok(status) => status,
        Err(Error::Os(libc::ENOENT)) => return Err(missing(path)),
        Err(error) => return Err(of_file(error)),
    };
    match FileKind::of(&status) {
        // The devices of the system are everybody's: NUL must not go, not even for root.
        FileKind::Directory | FileKind::Character | FileKind::Other => return Err(Error::AccessDenied),
        FileKind::Regular if delete_note::settle_file(status.id) => return Err(Error::NotFound),
        FileKind::Regular if status.mode & NOBODY_WRITES == 0 => return Err(Error::AccessDenied),
        FileKind::Regular => {}
        // They have nobody to share with.
        FileKind::Link | FileKind::Stream => return program::remove(path, false).map_err(of_file),
    }
    let how = |access| Opening { access, create: None, exclusively: false, no_follow: true, through: false };
    let opened = program::open(path, &how(Access::Read)).map(|file| (file, true));
    let opened = opened.or_else(|_| program::open(path, &how(Access::Write)).map(|file| (file, false)));
    let Ok((opened, may_read)) = opened else {
        // Who may change the folder may delete what he may not open.
        return program::remove(path, false).map_err(of_file);
    };
    let everything = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;
    let wanted = Use::new(DELETE, everything).ok_or(Error::Internal)?;
    let sharing = Sharing::begin(opened.as_fd(), may_read, wanted)?;
    let result = remove_opened(path, opened.as_fd());
    sharing.end(opened.as_fd());
    result
}

fn remove_opened(path: &CStr, opened: BorrowedFd) -> Result<(), Error> {
    if share::is_mapped(opened)? {
        return Err(Error::AccessDenied);
    }
    remove_if_same(path, file::status(opened)?.id, false)
}

/// Removes a name that may mean another file by now.
pub fn remove_if_same(path: &CStr, id: FileId, is_folder: bool) -> Result<(), Error> {
    match file::status_at(file::NO_DIRECTORY, path) {
        Ok(status) if status.id == id => program::remove(path, is_folder).map_err(of_file),
        _ => Err(Error::NotFound),
    }
}

/// The promise to delete a file with the last handle of a file object.
pub struct Deletion {
    id: FileId,
    is_folder: bool,
    /// Which process keeps the promise: not a forked child.
    born: u64,
    note: Mutex<Option<DeleteNote>>,
}

/// What a program that ends in good order is to delete then.
static PROMISES: Mutex<Vec<Weak<Deletion>>> = Mutex::new(Vec::new());

fn promises() -> MutexGuard<'static, Vec<Weak<Deletion>>> {
    PROMISES.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Deletion {
    pub fn promise(file: BorrowedFd, id: FileId, is_folder: bool) -> Result<Arc<Deletion>, Error> {
        static ONCE: Once = Once::new();
        ONCE.call_once(|| {
            // Without memory for the handler the next process deletes them.
            let _ = process::at_exit(keep_all);
        });
        let note = DeleteNote::write(id, file::birth_ns(file, None)?, &program::path(file)?)?;
        let born = fork::born_at();
        let promise = Arc::new(Deletion { id, is_folder, born, note: Mutex::new(Some(note)) });
        let mut promises = promises();
        promises.retain(|known| known.strong_count() > 0);
        promises.push(Arc::downgrade(&promise));
        Ok(promise)
    }

    /// Deletes the file under the name that it has now, once.
    pub fn keep(&self, file: Option<BorrowedFd>) {
        let Ok(Some(note)) = self.note.try_lock().map(|mut note| note.take()) else { return };
        if self.born != fork::born_at() {
            return;
        }
        if let Some(path) = file.and_then(|file| program::path(file).ok()) {
            // Not there any more, or a folder with something in it: then it stays.
            let _ = remove_if_same(&path, self.id, self.is_folder);
        }
        note.end(self.id);
    }
}

/// At the end of the program: takes nothing that might be waited for.
extern "C" fn keep_all() {
    let _ = std::panic::catch_unwind(|| {
        let Some(_inside) = fork::try_enter() else { return };
        let Ok(promises) = PROMISES.try_lock() else { return };
        promises.iter().filter_map(Weak::upgrade).for_each(|promise| promise.keep(None));
    });
}
