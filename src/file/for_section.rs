//! What sections need of files.

use super::OpenFile;
use super::failure::of_file;
use super::share;
use crate::error::Error;
use crate::sys::file::{self, FileId};
use crate::sys::program_file::{self as program, Access, Opening};
use std::ffi::{CStr, CString};
use std::os::fd::{AsFd, OwnedFd};

impl OpenFile {
    /// Whether it has bytes at positions, which can be mapped.
    pub fn is_regular(&self) -> Result<bool, Error> {
        self.check().map(|(_, status)| status.is_file())
    }

    /// Which file it is, whatever its path.
    pub fn id(&self) -> Result<FileId, Error> {
        self.check().map(|(_, status)| status.id)
    }

    /// The absolute path that the file has now, links resolved; NotFound when it has
    /// been deleted.
    pub fn path(&self) -> Result<CString, Error> {
        let (file, status) = self.check()?;
        if status.links == 0 { Err(Error::NotFound) } else { program::path(file) }
    }

    /// A description for a section of this file, with nothing of this one: neither its
    /// share mode nor its position. Until it and its mappings are gone, users of the
    /// library cannot cut the file off or delete it. The caller has made sure that the
    /// handle's rights allow it.
    pub fn open_for_section(&self, write: bool) -> Result<OwnedFd, Error> {
        let file = self.fd()?;
        let own = match program::reopen(file, access(write)) {
            Ok(own) => own,
            // The mode has changed since, or there is no /proc. The share mode then
            // stays as long as the section.
            Err(_) => file.try_clone_to_owned().map_err(|_| Error::Os(libc::EMFILE))?,
        };
        share::mark_as_mapped(own.as_fd())?;
        Ok(own)
    }
}

fn access(write: bool) -> Access {
    if write { Access::Both } else { Access::Read }
}

/// Opens a file for a section that another process has made, and makes sure that it is
/// the same one: AccessDenied if not.
pub fn open_for_section(path: &CStr, id: FileId, write: bool) -> Result<OwnedFd, Error> {
    let access = access(write);
    let how = Opening { access, create: None, exclusively: false, no_follow: false, through: false };
    let own = program::open(path, &how).map_err(|_| Error::AccessDenied)?;
    if file::status(own.as_fd())?.id != id {
        return Err(Error::AccessDenied);
    }
    share::mark_as_mapped(own.as_fd()).map_err(of_file)?;
    Ok(own)
}
