//! Finding the file of an open object again, to lock bytes of it.

use super::directory::Directory;
use crate::error::Error;
use crate::fork;
use crate::sys::file::{self, FileId, GuardedFd};
use std::ffi::CStr;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::sync::Arc;

/// Finds a file of the name space again, and no other file of its name.
#[derive(Clone)]
pub struct FileKey {
    directory: Arc<Directory>,
    name: Arc<CStr>,
    id: FileId,
    /// For when the name is gone, or the permission.
    kept: Option<Arc<GuardedFd>>,
    /// The last fork before: after another one, a relative shares what is kept.
    generation: u64,
}

/// A description that bytes can be locked through.
pub enum Lockable<'k> {
    Own(OwnedFd),
    /// Others use it too: what is locked through it must be unlocked.
    Kept(BorrowedFd<'k>),
}

impl AsFd for Lockable<'_> {
    fn as_fd(&self) -> BorrowedFd<'_> {
        match self {
            Lockable::Own(file) => file.as_fd(),
            Lockable::Kept(file) => *file,
        }
    }
}

impl FileKey {
    /// `kept` is no relative's.
    pub fn new(directory: &Arc<Directory>, name: &CStr, id: FileId, kept: Option<Arc<GuardedFd>>) -> FileKey {
        FileKey { directory: directory.clone(), name: name.into(), id, kept, generation: fork::generation() }
    }

    fn kept(&self) -> Option<BorrowedFd<'_>> {
        self.kept.as_ref()?.check().map(|(file, _)| file)
    }

    /// A new description of the file, for reading and writing. NotFound when it was
    /// deleted and nobody kept one.
    pub fn open(&self) -> Result<OwnedFd, Error> {
        match file::open(self.directory.fd(), &self.name) {
            Ok(file) if file::status(file.as_fd())?.id == self.id => return Ok(file),
            Ok(_) | Err(Error::Os(libc::ENOENT)) => {}
            Err(error) => return Err(error),
        }
        self.kept().map_or(Err(Error::NotFound), file::reopen)
    }

    /// `open`, or what was kept, from a time when that was permitted.
    pub fn lockable(&self) -> Result<Lockable<'_>, Error> {
        match (self.open(), self.kept()) {
            (Err(Error::Os(libc::EACCES)), Some(kept)) if self.generation == fork::generation() => {
                Ok(Lockable::Kept(kept))
            }
            (opened, _) => opened.map(Lockable::Own),
        }
    }

    /// Asks something with a description that needs to be good for no more.
    pub fn ask<R>(&self, question: impl FnOnce(BorrowedFd) -> Result<R, Error>) -> Result<R, Error> {
        if let Some(kept) = self.kept() {
            return question(kept);
        }
        let (file, _) = file::open_as_permitted(self.directory.fd(), &self.name)?;
        if file::status(file.as_fd())?.id == self.id { question(file.as_fd()) } else { Err(Error::NotFound) }
    }
}
