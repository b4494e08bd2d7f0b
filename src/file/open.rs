//! Opening and making files.

use super::byte_locks::ByteLocks;
use super::deletion::{self, Deletion};
use super::failure::of_file;
use super::share::{self, Sharing, Use};
use super::{Descriptor, OpenFile, Relatives, path};
use crate::consts::*;
use crate::error::Error;
use crate::namespace::delete_note;
use crate::patience::Patience;
use crate::sys::file::{self, FileStatus, GuardedFd};
use crate::sys::program_file::{self as program, Access, FileKind, Opening, Order};
use std::ffi::{CStr, CString};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

/// What happens when the file exists, and when it does not.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Disposition {
    CreateNew,
    CreateAlways,
    OpenExisting,
    OpenAlways,
    TruncateExisting,
}

impl Disposition {
    fn may_create(self) -> bool {
        !matches!(self, Disposition::OpenExisting | Disposition::TruncateExisting)
    }

    fn empties(self) -> bool {
        matches!(self, Disposition::CreateAlways | Disposition::TruncateExisting)
    }
}

/// What CreateFile is asked for.
#[derive(Clone, Debug)]
pub struct Request {
    pub path: CString,
    /// Rights to the file, not generic ones.
    pub access: u32,
    /// Of these rights, as many as the file allows.
    pub as_permitted: bool,
    /// FILE_SHARE_ bits.
    pub share: u32,
    pub disposition: Disposition,
    /// Permission bits of a new file, less the umask.
    pub mode: u32,
    /// In their place, whatever the umask is: what a security descriptor says.
    pub exact_mode: Option<u32>,
    pub delete_on_close: bool,
    pub directories_too: bool,
    pub no_follow: bool,
    pub write_through: bool,
    /// Transfers say where; there is no position.
    pub overlapped: bool,
    pub order: Order,
}

pub struct Opened {
    pub file: OpenFile,
    pub granted: u32,
    /// The file was there before.
    pub existed: bool,
}

const READS: u32 = FILE_READ_DATA | FILE_EXECUTE;
const WRITES: u32 = FILE_WRITE_DATA | FILE_APPEND_DATA;
/// None of these in the mode: the file has FILE_ATTRIBUTE_READONLY.
pub(super) const NOBODY_WRITES: u32 = 0o222;
const OWNER: u32 = 0o700;

/// Opens a file as Windows does.
pub fn open(request: &Request) -> Result<Opened, Error> {
    let mut patience = Patience::new();
    let mut follow_dangling = false;
    loop {
        match attempt(request, follow_dangling) {
            // It was deleted, or made, between two looks. A symbolic link to nothing
            // looks so for ever.
            Ok(None) => follow_dangling = true,
            Ok(Some(opened)) => return Ok(opened),
            Err(error) => return Err(of_file(error)),
        }
        patience.lose_some()?;
    }
}

/// A descriptor and what came of opening it.
struct Found {
    file: OwnedFd,
    access: Access,
    granted: u32,
    existed: bool,
}

/// None: the file came or went meanwhile.
fn attempt(request: &Request, follow_dangling: bool) -> Result<Option<Opened>, Error> {
    let Some(found) = find_or_make(request, follow_dangling)? else { return Ok(None) };
    let made = match found.existed {
        false => Some(file::status(found.file.as_fd())?.id),
        true => None,
    };
    finish(request, found).inspect_err(|&error| {
        // Who is refused has made nothing. (In the way is only who has opened it already.)
        let is_used = matches!(error, Error::FileExists | Error::SharingViolation);
        if let (Some(id), false) = (made, is_used) {
            let _ = deletion::remove_if_same(&request.path, id, false);
        }
    })
}

/// None: the file came or went meanwhile.
fn finish(request: &Request, mut found: Found) -> Result<Option<Opened>, Error> {
    let file = found.file.as_fd();
    let status = file::status(file)?;
    let kind = FileKind::of(&status);
    let has_name = matches!(kind, FileKind::Regular | FileKind::Directory);
    if found.existed && has_name && delete_note::settle_file(status.id) {
        return Ok(None);
    }
    check_kind(request, &found, kind, &status)?;
    if found.granted & DELETE != 0 && !program::may_change_names(&path::folder(&request.path)) {
        if !request.as_permitted || request.delete_on_close {
            return Err(Error::AccessDenied);
        }
        found.granted &= !DELETE;
    }
    let sharing = match share(request, &found, kind) {
        // Somebody else opened what this call made, before it had it for itself.
        Err(Error::SharingViolation) if request.disposition == Disposition::CreateNew => {
            return Err(Error::FileExists);
        }
        result => result?,
    };
    let sharing = match sharing {
        Sharable::Gone => return Ok(None),
        Sharable::Not => None,
        Sharable::Shared(sharing) => Some(sharing),
    };
    if let (false, Some(mode)) = (found.existed, request.exact_mode) {
        file::set_mode(file, mode)?;
    }
    if found.existed && kind == FileKind::Regular && request.disposition.empties() {
        empty(file, found.access)?;
        if request.mode & NOBODY_WRITES == 0 {
            file::set_mode(file, status.mode & !NOBODY_WRITES)?;
        }
    }
    if !has_name && found.access != Access::Nothing {
        program::wait_in_transfers(file);
    }
    program::advise(file, request.order);
    let deletion = match request.delete_on_close {
        true => Some(Deletion::promise(file, status.id, kind == FileKind::Directory)?),
        false => None,
    };
    let Found { file, access, granted, existed } = found;
    let file = OpenFile {
        descriptor: Descriptor::Own(GuardedFd::new(file, status.id)),
        overlapped: request.overlapped,
        locks: ByteLocks::new(access),
        sharing,
        deletion,
        relatives: Relatives::none_yet(),
        is_released: Default::default(),
    };
    Ok(Some(Opened { file, granted, existed }))
}

/// None: it came or went between two looks.
fn find_or_make(request: &Request, follow_dangling: bool) -> Result<Option<Found>, Error> {
    if request.disposition != Disposition::CreateNew {
        match open_by_rights(request, None) {
            Ok((file, access, granted)) => return Ok(Some(Found { file, access, granted, existed: true })),
            Err(Error::Os(libc::ENOENT)) if request.disposition.may_create() => {}
            Err(Error::Os(libc::ENOENT)) => return Err(missing(&request.path)),
            Err(error) => return Err(error),
        }
    }
    let exclusively = request.disposition == Disposition::CreateNew || !follow_dangling;
    match open_by_rights(request, Some(exclusively)) {
        Ok((file, access, granted)) => Ok(Some(Found { file, access, granted, existed: false })),
        Err(Error::Os(libc::EEXIST)) if request.disposition != Disposition::CreateNew => Ok(None),
        Err(Error::Os(libc::ENOENT)) => Err(Error::PathNotFound),
        Err(error) => Err(error),
    }
}

/// Whether the file is missing or the folder for it.
pub(super) fn missing(path: &CStr) -> Error {
    match program::is_folder(&path::folder(&path.to_owned())) {
        true => Error::NotFound,
        false => Error::PathNotFound,
    }
}

/// Opens for what the rights need. `create`: makes the file, exclusively or not.
fn open_by_rights(request: &Request, create: Option<bool>) -> Result<(OwnedFd, Access, u32), Error> {
    let try_one = |access: Access| {
        program::open(
            &request.path,
            &Opening {
                access,
                create: create.map(|_| request.exact_mode.map_or(request.mode, |exact| exact & OWNER)),
                exclusively: create == Some(true),
                no_follow: request.no_follow,
                through: request.write_through,
            },
        )
    };
    let granted = request.access;
    let (reads, writes) = (granted & READS != 0, granted & WRITES != 0);
    let wanted = match (reads, writes) {
        (_, true) if request.as_permitted => Access::Both,
        (true, true) => Access::Both,
        (false, true) => Access::Write,
        _ => Access::Read,
    };
    match try_one(wanted) {
        Ok(file) => Ok((file, wanted, granted)),
        Err(Error::Os(libc::ELOOP)) if request.no_follow => Err(Error::NotSupported),
        // Directories are never opened for writing on Linux; making files in them is
        // no matter of a descriptor.
        Err(Error::Os(libc::EISDIR)) if request.directories_too && create.is_none() => {
            try_one(Access::Read).map(|file| (file, Access::Read, granted))
        }
        Err(Error::Os(libc::EACCES | libc::EROFS | libc::ETXTBSY | libc::EPERM))
            if request.as_permitted && create.is_none() =>
        {
            try_one(Access::Read).map(|file| (file, Access::Read, granted & !WRITES))
        }
        // To ask about a file, or to delete it, needs no right to it.
        Err(Error::Os(libc::EACCES)) if !reads && !writes && create.is_none() => {
            try_one(Access::Nothing).map(|file| (file, Access::Nothing, granted))
        }
        Err(error) => Err(error),
    }
}

fn check_kind(request: &Request, found: &Found, kind: FileKind, status: &FileStatus) -> Result<(), Error> {
    if !found.existed {
        return Ok(());
    }
    match kind {
        FileKind::Directory if !request.directories_too || request.disposition.empties() => {
            Err(Error::AccessDenied)
        }
        // A device is not the program's to delete.
        FileKind::Character | FileKind::Other if request.delete_on_close => Err(Error::AccessDenied),
        // Root could write to it all the same.
        FileKind::Regular if status.mode & NOBODY_WRITES == 0 => {
            let changes = found.granted & WRITES != 0 && !request.as_permitted
                || request.disposition.empties()
                || request.delete_on_close;
            if changes { Err(Error::AccessDenied) } else { Ok(()) }
        }
        _ => Ok(()),
    }
}

enum Sharable {
    Shared(Sharing),
    /// Nothing to share: a device or pipe, or no right to the contents.
    Not,
    /// The file was deleted before it could be shared.
    Gone,
}

/// Enters the file's share modes. Emptying it counts as writing.
fn share(request: &Request, found: &Found, kind: FileKind) -> Result<Sharable, Error> {
    let is_sharable = matches!(kind, FileKind::Regular | FileKind::Directory);
    let empties = if found.existed && request.disposition.empties() { FILE_WRITE_DATA } else { 0 };
    let wanted = Use::new(found.granted | empties, request.share);
    let (Some(wanted), true) = (wanted, is_sharable && found.access != Access::Nothing) else {
        return Ok(Sharable::Not);
    };
    let file = found.file.as_fd();
    let sharing = Sharing::begin(file, found.access != Access::Write, wanted)?;
    // Who deletes it has it open too: from here on it stays.
    if file::status(file)?.links == 0 { Ok(Sharable::Gone) } else { Ok(Sharable::Shared(sharing)) }
}

fn empty(file: BorrowedFd, access: Access) -> Result<(), Error> {
    match access {
        Access::Write | Access::Both => share::cut(file, 0),
        Access::Read | Access::Nothing => {
            let writable = program::reopen(file, Access::Write)?;
            share::cut(writable.as_fd(), 0)
        }
    }
}
