//! Descriptors that a program started by exec gets, and sealed files: what they say
//! cannot be changed any more, by nobody.

use super::file::{self, FileId, GuardedFd, raw};
use crate::error::Error;
use crate::plant::call;
use nix::errno::Errno;
use nix::fcntl::{FcntlArg, FdFlag, SealFlag, fcntl};
use nix::sys::memfd::MFdFlags;
use std::ffi::CStr;
use std::os::fd::{AsFd, BorrowedFd, FromRawFd, OwnedFd, RawFd};

/// Another descriptor of the same description, under a high number; closed by exec.
pub fn duplicate(file: BorrowedFd) -> Result<OwnedFd, Error> {
    let number = call("F_DUPFD: duplicate", || fcntl(file, FcntlArg::F_DUPFD_CLOEXEC(3)))?;
    // SAFETY: a new descriptor that nobody else owns.
    Ok(file::move_up(unsafe { OwnedFd::from_raw_fd(number) }))
}

/// Whether exec leaves a descriptor open.
pub fn set_kept(file: BorrowedFd, kept: bool) -> Result<(), Error> {
    let flag = if kept { FdFlag::empty() } else { FdFlag::FD_CLOEXEC };
    call("F_SETFD: set_kept", || fcntl(file, FcntlArg::F_SETFD(flag))).map(|_| ()).map_err(Error::from)
}

fn all_seals() -> SealFlag {
    fixed_size() | SealFlag::F_SEAL_WRITE
}

fn fixed_size() -> SealFlag {
    SealFlag::F_SEAL_SEAL | SealFlag::F_SEAL_SHRINK | SealFlag::F_SEAL_GROW
}

fn create_sealable(label: &CStr) -> Result<OwnedFd, Error> {
    let flags = MFdFlags::MFD_CLOEXEC | MFdFlags::MFD_ALLOW_SEALING;
    call("memfd_create: create_sealable", || nix::sys::memfd::memfd_create(label, flags)).map_err(Error::from)
}

/// A file without a name that says this for ever.
pub fn create_sealed(label: &CStr, bytes: &[u8]) -> Result<OwnedFd, Error> {
    let file = create_sealable(label)?;
    file::write_at(file.as_fd(), bytes, 0)?;
    call("F_ADD_SEALS: create_sealed", || fcntl(&file, FcntlArg::F_ADD_SEALS(all_seals())))?;
    Ok(file)
}

/// A file without a name, of this size for ever, which has its memory already: no
/// store to it can fail.
pub fn create_of_size(label: &CStr, size: usize) -> Result<OwnedFd, Error> {
    let file = create_sealable(label)?;
    file::set_size(file.as_fd(), size as u64)?;
    file::reserve(file.as_fd(), 0, size as u64)?;
    call("F_ADD_SEALS: create_of_size", || fcntl(&file, FcntlArg::F_ADD_SEALS(fixed_size())))?;
    Ok(file)
}

fn has_seals(number: RawFd, seals: SealFlag) -> bool {
    // SAFETY: the kernel checks the number.
    let found = call("F_GET_SEALS: has_seals", || unsafe { libc::fcntl(number, libc::F_GET_SEALS) });
    found >= 0 && SealFlag::from_bits_truncate(found).contains(seals)
}

/// Whether what a file says cannot change.
pub fn is_sealed(number: RawFd) -> bool {
    has_seals(number, all_seals())
}

/// Whether a file's size cannot change.
pub fn has_fixed_size(file: BorrowedFd) -> bool {
    has_seals(raw(file), fixed_size())
}

/// Puts a new file in place of an old one, which is closed, under its number and at one
/// instant; or under a high number if there is no old one. Exec leaves it open. On
/// failure the old one stays.
pub fn install(file: OwnedFd, place: &mut Option<GuardedFd>) -> Result<(), Error> {
    let id = file::status(file.as_fd())?.id;
    let number = place.as_ref().filter(|old| old.check().is_some()).map(GuardedFd::number);
    let installed = match number {
        None => {
            let file = file::move_up(file);
            set_kept(file.as_fd(), true)?;
            file
        }
        Some(number) => {
            // SAFETY: the kernel checks the numbers; the old one was ours a moment ago.
            let replaced = call("dup3: install", || unsafe { libc::dup3(raw(file.as_fd()), number, 0) });
            Errno::result(replaced)?;
            // Its number means the new file.
            std::mem::forget(place.take());
            // SAFETY: a new descriptor, whose number was only ours.
            unsafe { OwnedFd::from_raw_fd(number) }
        }
    };
    *place = Some(GuardedFd::new(installed, id));
    Ok(())
}

/// The descriptor of this number, taken over from who ran this program; None if it is
/// not that file.
pub fn take_over(number: RawFd, id: FileId) -> Option<GuardedFd> {
    let is_it = file::status_of_number(number).is_ok_and(|status| status.id == id);
    // SAFETY: open, and by the contract of inheritance the library's.
    is_it.then(|| GuardedFd::new(unsafe { OwnedFd::from_raw_fd(number) }, id))
}

/// The numbers of all descriptors, none if the system does not tell.
pub fn open_numbers() -> Vec<RawFd> {
    let Ok(entries) = call("open: open_numbers", || std::fs::read_dir("/proc/self/fd")) else {
        return Vec::new();
    };
    entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok()).collect()
}

/// Reads a file that this number may mean.
pub fn read_number(number: RawFd, buffer: &mut [u8], offset: u64) -> Result<usize, Error> {
    // SAFETY: it is read and nothing else; the kernel checks the number.
    file::read_at(unsafe { BorrowedFd::borrow_raw(number) }, buffer, offset)
}
