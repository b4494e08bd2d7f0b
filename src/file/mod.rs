//! Files of the program, as Windows sees them: what CreateFile opens.
//!
//! `open` says how a file is found or made, `share` who may have it open together,
//! `deletion` how it is deleted, now or later; `transfer` reads and writes, `position`
//! and `byte_locks` (over `lock_levels`) are what their names say, `temporary` makes names
//! for files, `path` makes paths of Linux, and `failure` Windows' errors.
//!
//! A file object has one open file description, which carries what a forked or executed
//! child shares with it: the position, the share mode, the byte locks. The rights are
//! the handle's; the description can do what the rights of CreateFile need.

mod byte_locks;
mod deletion;
mod failure;
mod for_section;
mod lock_levels;
mod open;
mod path;
mod position;
mod share;
mod standard;
mod temporary;
mod transfer;

pub use crate::sys::program_file::{FileKind, Order, Origin};
pub use deletion::delete;
pub use for_section::open_for_section;
pub use lock_levels::Span;
pub use open::{Disposition, Request, open};
#[cfg(any(test, feature = "fuzz"))]
pub use path::folder;
pub use path::parse as parse_path;
pub use standard::Stream;
pub use temporary::{temporary_file, temporary_folder};
pub use transfer::{Buffer, Transferred};

use crate::error::Error;
use crate::fork;
use crate::sys::file::{FileStatus, GuardedFd};
use crate::sys::program_file as program;
use crate::sys::{file, inherit};
use byte_locks::ByteLocks;
use deletion::Deletion;
use share::Sharing;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd, RawFd};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::Relaxed;

/// A file object: what handles to a file refer to.
pub struct OpenFile {
    descriptor: Descriptor,
    /// Transfers say where; there is no position.
    overlapped: bool,
    locks: ByteLocks,
    sharing: Option<Sharing>,
    deletion: Option<Arc<Deletion>>,
    relatives: Relatives,
    is_released: AtomicBool,
}

/// Who else may have the description, and with it share mode and locks, by intention.
struct Relatives {
    /// Forks before it was opened: a child of a later one has it.
    generation: u64,
    /// Another program was to get it.
    is_exported: AtomicBool,
}

impl Relatives {
    fn none_yet() -> Relatives {
        Relatives { generation: fork::generation(), is_exported: AtomicBool::new(false) }
    }

    fn exist(&self) -> bool {
        self.generation != fork::generation() || self.is_exported.load(Relaxed)
    }
}

enum Descriptor {
    Own(GuardedFd),
    /// Standard input, output or error: the program's, whatever it makes of it.
    Standard(RawFd),
}

impl OpenFile {
    /// The file and what it is at this moment; InvalidHandle when the program closed
    /// the descriptor behind our back.
    fn check(&self) -> Result<(BorrowedFd<'_>, FileStatus), Error> {
        match &self.descriptor {
            Descriptor::Own(descriptor) => descriptor.check().ok_or(Error::InvalidHandle),
            Descriptor::Standard(number) => standard::check(*number),
        }
    }

    /// A file object of another process, by its description, which they share from now on.
    pub fn inherited(file: OwnedFd, overlapped: bool) -> Result<OpenFile, Error> {
        let status = file::status(file.as_fd())?;
        let access = program::access_of(file.as_raw_fd())?;
        Ok(OpenFile {
            descriptor: Descriptor::Own(GuardedFd::new(file, status.id)),
            overlapped,
            locks: ByteLocks::new(access),
            sharing: None,
            // Its promise is the other process's to keep.
            deletion: None,
            relatives: Relatives { is_exported: AtomicBool::new(true), ..Relatives::none_yet() },
            is_released: Default::default(),
        })
    }

    /// What another program gets: the description, and whether it has no position.
    pub fn export(&self) -> Result<(OwnedFd, bool), Error> {
        self.relatives.is_exported.store(true, Relaxed);
        Ok((inherit::duplicate(self.fd()?)?, self.overlapped))
    }

    /// The file, which may be asked about and used. Its position is the program's.
    pub fn fd(&self) -> Result<BorrowedFd<'_>, Error> {
        self.check().map(|(file, _)| file)
    }

    pub fn kind(&self) -> Result<FileKind, Error> {
        self.check().map(|(_, status)| FileKind::of(&status))
    }

    /// Locks a range of bytes: LockViolation if somebody is in the way. The caller is
    /// inside the fork gate.
    pub fn try_lock(&self, span: Span, exclusive: bool) -> Result<(), Error> {
        self.locks.try_lock(self.regular()?, span, exclusive)
    }

    pub fn unlock(&self, span: Span) -> Result<(), Error> {
        self.locks.unlock(self.regular()?, span)
    }

    fn regular(&self) -> Result<BorrowedFd<'_>, Error> {
        let (file, status) = self.check()?;
        if status.is_file() { Ok(file) } else { Err(Error::InvalidFunction) }
    }

    /// The last handle is closed.
    pub fn release(&self) {
        if self.is_released.swap(true, Relaxed) {
            return;
        }
        if let Some(deletion) = &self.deletion {
            deletion.keep(self.fd().ok());
        }
        if self.relatives.exist() {
            return;
        }
        // A program that another thread is starting has the description for a moment, too,
        // and must not keep anybody out.
        if let (Descriptor::Own(_), Ok(file)) = (&self.descriptor, self.fd()) {
            self.locks.end(file);
            if let Some(sharing) = &self.sharing {
                sharing.end(file);
            }
        }
    }
}

/// What gives and takes nothing.
pub fn open_nothing() -> Result<OwnedFd, Error> {
    let how = program::Opening {
        access: program::Access::Both,
        create: None,
        exclusively: false,
        no_follow: false,
        through: false,
    };
    program::open(c"/dev/null", &how)
}

impl Drop for OpenFile {
    fn drop(&mut self) {
        self.release();
    }
}
