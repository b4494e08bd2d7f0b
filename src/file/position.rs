//! Size and position of a file.

use super::failure::of_file;
use super::{OpenFile, share};
use crate::error::Error;
use crate::sys::file;
use crate::sys::program_file::{self as program, FileKind, Origin};

impl OpenFile {
    pub fn size(&self) -> Result<u64, Error> {
        let (_, status) = self.check()?;
        match FileKind::of(&status) {
            FileKind::Regular | FileKind::Directory => Ok(status.size),
            _ => Err(Error::InvalidFunction),
        }
    }

    /// Moves the position, which may lie beyond the end; returns the new one. It stays
    /// where it is when it would be above `most`.
    pub fn seek(&self, distance: i64, origin: Origin, most: u64) -> Result<u64, Error> {
        let file = self.fd()?;
        let seek = |distance, origin| match program::seek(file, distance, origin) {
            Err(Error::Os(libc::EINVAL)) if distance < 0 => Err(Error::NegativeSeek),
            // Further than the file system has files.
            Err(Error::Os(libc::EINVAL)) => Err(Error::InvalidParameter),
            result => result.map_err(of_file),
        };
        let cannot_be_above = most == u64::MAX || origin == Origin::Start && distance <= most as i64;
        if cannot_be_above {
            return seek(distance, origin);
        }
        let before = seek(0, Origin::Current)?;
        let position = seek(distance, origin)?;
        if position > most {
            seek(before as i64, Origin::Start)?;
            return Err(Error::InvalidParameter);
        }
        Ok(position)
    }

    /// Cuts the file off at the position, or fills it up to there with zeros.
    pub fn set_end(&self) -> Result<(), Error> {
        let (file, status) = self.check()?;
        if !status.is_file() {
            return Err(Error::InvalidFunction);
        }
        let end = program::seek(file, 0, Origin::Current)?;
        match end < status.size {
            true => share::cut(file, end),
            false => file::set_size(file, end).map_err(of_file),
        }
    }

    /// Waits until everything written is on the disk.
    pub fn flush(&self) -> Result<(), Error> {
        let (file, status) = self.check()?;
        match FileKind::of(&status) {
            // A terminal keeps nothing, and Windows says so.
            FileKind::Character => Err(Error::InvalidHandle),
            // What is in a pipe is its reader's.
            FileKind::Stream => Ok(()),
            _ => program::flush(file).map_err(of_file),
        }
    }
}
