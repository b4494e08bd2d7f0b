//! The standard streams of the program, as files.

use super::byte_locks::ByteLocks;
use super::{Descriptor, OpenFile, Relatives};
use crate::consts::{FILE_GENERIC_READ, FILE_GENERIC_WRITE};
use crate::error::Error;
use crate::sys::file::{self, FileStatus};
use crate::sys::program_file::{self as program, Access};
use std::os::fd::{BorrowedFd, RawFd};

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stream {
    Input,
    Output,
    Error,
}

impl Stream {
    fn number(self) -> RawFd {
        match self {
            Stream::Input => libc::STDIN_FILENO,
            Stream::Output => libc::STDOUT_FILENO,
            Stream::Error => libc::STDERR_FILENO,
        }
    }

    /// A file object of the stream, which stays open when this is gone, and what may be
    /// done with it. None: the program has no such stream.
    pub fn open(self) -> Option<(OpenFile, u32)> {
        let access = program::access_of(self.number()).ok()?;
        let granted = match access {
            Access::Nothing => return None,
            Access::Read => FILE_GENERIC_READ,
            Access::Write => FILE_GENERIC_WRITE,
            Access::Both => FILE_GENERIC_READ | FILE_GENERIC_WRITE,
        };
        let file = OpenFile {
            descriptor: Descriptor::Standard(self.number()),
            overlapped: false,
            locks: ByteLocks::new(access),
            sharing: None,
            deletion: None,
            relatives: Relatives::none_yet(),
            is_released: Default::default(),
        };
        Some((file, granted))
    }
}

/// The stream, if the program has not closed it.
pub fn check<'a>(number: RawFd) -> Result<(BorrowedFd<'a>, FileStatus), Error> {
    let status = file::status_of_number(number).map_err(|_| Error::InvalidHandle)?;
    // SAFETY: open a moment ago, and no number of the library's: a program that closes
    // it meanwhile gets an error from the call.
    Ok((unsafe { BorrowedFd::borrow_raw(number) }, status))
}
