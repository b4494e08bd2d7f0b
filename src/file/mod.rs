//! Files of the program, as Windows sees them: what CreateFile opens.
//!
//! `open` says how a file is found or made, `share` who may have it open together,
//! `transfer` reads and writes, `position` and `byte_locks` are what their names say,
//! `path` makes paths of Linux, and `failure` Windows' errors.
//!
//! A file object has one open file description, which carries everything that a forked
//! or executed child shares with it: the position, the share mode, the byte locks.

mod failure;
mod open;
mod path;
mod share;

pub use crate::sys::program_file::Order;
pub use open::{Disposition, Request, open};
pub use path::parse as parse_path;

use crate::error::Error;
use crate::sys::file::{FileId, GuardedFd};
use crate::sys::inherit;
use crate::sys::program_file::{self as program, Access, FileKind};
use failure::of_file;
use share::Sharing;
use std::ffi::CString;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

/// A file object: what handles to a file refer to.
#[allow(dead_code, reason = "transfers and sections come next")]
pub struct OpenFile {
    descriptor: GuardedFd,
    id: FileId,
    kind: FileKind,
    /// Transfers say where; there is no position.
    overlapped: bool,
    /// Kept by the description, which this only says.
    _sharing: Option<Sharing>,
}

#[allow(dead_code, reason = "transfers and sections come next")]
impl OpenFile {
    fn new(
        file: OwnedFd,
        id: FileId,
        kind: FileKind,
        sharing: Option<Sharing>,
        request: &Request,
    ) -> Result<OpenFile, Error> {
        let descriptor = GuardedFd::new(file, id);
        Ok(OpenFile { descriptor, id, kind, overlapped: request.overlapped, _sharing: sharing })
    }

    /// A file object of another process, by its description, which they share from now on.
    pub fn inherited(file: OwnedFd, overlapped: bool) -> Result<OpenFile, Error> {
        let status = crate::sys::file::status(file.as_fd())?;
        let kind = FileKind::of_mode(status.kind_bits());
        let descriptor = GuardedFd::new(file, status.id);
        Ok(OpenFile { descriptor, id: status.id, kind, overlapped, _sharing: None })
    }

    /// What another program gets: the description, and whether it has no position.
    pub fn export(&self) -> Result<(OwnedFd, bool), Error> {
        Ok((inherit::duplicate(self.fd()?)?, self.overlapped))
    }

    /// The file; InvalidHandle when the program closed the descriptor behind our back.
    pub fn fd(&self) -> Result<BorrowedFd<'_>, Error> {
        self.descriptor.check().map(|(file, _)| file).ok_or(Error::InvalidHandle)
    }

    /// Which file it is, whatever its path.
    pub fn id(&self) -> FileId {
        self.id
    }

    /// Whether it has bytes at positions, which can be mapped.
    pub fn is_regular(&self) -> bool {
        self.kind == FileKind::Regular
    }

    /// The absolute path that the file has now, links resolved; NotFound when it has
    /// been deleted.
    pub fn path(&self) -> Result<CString, Error> {
        let (file, status) = self.descriptor.check().ok_or(Error::InvalidHandle)?;
        if status.links == 0 { Err(Error::NotFound) } else { program::path(file) }
    }

    /// A description for a section of this file, with nothing of this one: neither its
    /// share mode nor its position. Until it and its mappings are gone, users of the
    /// library cannot cut the file off or delete it. The caller has made sure that the
    /// handle's rights allow it.
    pub fn open_for_section(&self, write: bool) -> Result<OwnedFd, Error> {
        let file = self.fd()?;
        let access = if write { Access::Both } else { Access::Read };
        let own = match program::reopen(file, access) {
            Ok(own) => own,
            // The mode has changed since, or there is no /proc. The share mode then
            // stays as long as the section.
            Err(_) => file.try_clone_to_owned().map_err(|_| Error::Os(libc::EMFILE))?,
        };
        share::mark_as_mapped(own.as_fd()).map_err(of_file)?;
        Ok(own)
    }
}

#[allow(dead_code, reason = "sections come next")]
/// Opens a file for a section that another process has made, and makes sure that it is
/// the same one: AccessDenied if not.
pub fn open_for_section(path: &CString, id: FileId, write: bool) -> Result<OwnedFd, Error> {
    let access = if write { Access::Both } else { Access::Read };
    let how = program::Opening { access, create: None, exclusively: false, no_follow: false, through: false };
    let own = program::open(path, &how).map_err(|_| Error::AccessDenied)?;
    if crate::sys::file::status(own.as_fd())?.id != id {
        return Err(Error::AccessDenied);
    }
    share::mark_as_mapped(own.as_fd()).map_err(of_file)?;
    Ok(own)
}
