//! Mappings and their protection.

use crate::error::Error;
use nix::errno::Errno;
use std::os::fd::BorrowedFd;
use std::ptr::{self, NonNull};

use super::file::raw;

pub const PAGE_SIZE: usize = 4096;

/// What the processor may do with a page.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Access(i32);

impl Access {
    pub const NONE: Access = Access(libc::PROT_NONE);
    pub const READ: Access = Access(libc::PROT_READ);
    pub const READ_WRITE: Access = Access(libc::PROT_READ | libc::PROT_WRITE);

    pub fn and_execute(self) -> Access {
        Access(self.0 | libc::PROT_EXEC)
    }
}

/// What a mapping shows.
#[derive(Clone, Copy)]
pub enum Contents<'f> {
    /// Zero bytes of this process, without a claim on storage.
    Zero,
    /// Zero bytes that forked children share.
    SharedZero,
    /// A file from an offset on, with stores seen by everybody.
    Shared(BorrowedFd<'f>, u64),
    /// A file from an offset on; a written page becomes private. Unwritten
    /// pages follow the file.
    CopyOnWrite(BorrowedFd<'f>, u64),
}

#[derive(Clone, Copy)]
pub enum Place {
    Anywhere,
    /// There if it is free, else anywhere.
    Near(usize),
    /// There, or failure with EEXIST when something is there.
    At(usize),
}

fn mmap(
    address: usize,
    length: usize,
    access: Access,
    contents: Contents,
    placing: i32,
) -> Result<usize, Error> {
    // Reserved addresses are no claim on memory.
    const PRIVATE: i32 = libc::MAP_PRIVATE | libc::MAP_NORESERVE;
    let (kind, file, offset) = match contents {
        Contents::Zero => (PRIVATE | libc::MAP_ANONYMOUS, -1, 0),
        Contents::SharedZero => (libc::MAP_SHARED | libc::MAP_ANONYMOUS, -1, 0),
        Contents::Shared(file, offset) => (libc::MAP_SHARED, raw(file), offset),
        Contents::CopyOnWrite(file, offset) => (PRIVATE, raw(file), offset),
    };
    let offset = i64::try_from(offset).map_err(|_| Error::Os(libc::EOVERFLOW))?;
    let flags = kind | placing;
    // SAFETY: without MAP_FIXED (see the callers) mmap takes free addresses
    // only; `replace` alone passes MAP_FIXED and carries the obligation.
    let mapped = unsafe { libc::mmap(address as *mut _, length, access.0, flags, file, offset) };
    if mapped == libc::MAP_FAILED { Err(Errno::last().into()) } else { Ok(mapped as usize) }
}

/// Maps `length` bytes at free addresses; returns the address.
pub fn map(place: Place, length: usize, access: Access, contents: Contents) -> Result<usize, Error> {
    match place {
        Place::Anywhere => mmap(0, length, access, contents, 0),
        Place::Near(address) => mmap(address, length, access, contents, 0),
        Place::At(address) => {
            let mapped = mmap(address, length, access, contents, libc::MAP_FIXED_NOREPLACE)?;
            if mapped == address {
                return Ok(mapped);
            }
            // Kernels before 4.17 and Valgrind do not know the flag and take
            // the address as a wish.
            // SAFETY: mapped a moment ago; nobody else knows it.
            unsafe { unmap(mapped, length)? };
            Err(Error::Os(libc::EEXIST))
        }
    }
}

/// Puts new contents in place of what a range shows, at one instant.
///
/// # Safety
/// The range belongs to the caller, and nobody relies on its old contents.
pub unsafe fn replace(
    address: usize,
    length: usize,
    access: Access,
    contents: Contents,
) -> Result<(), Error> {
    mmap(address, length, access, contents, libc::MAP_FIXED).map(|_| ())
}

/// # Safety
/// The range belongs to the caller, and nobody uses it any more.
pub unsafe fn unmap(address: usize, length: usize) -> Result<(), Error> {
    // SAFETY: by this function's contract.
    let result = unsafe { libc::munmap(address as *mut _, length) };
    Errno::result(result).map(|_| ()).map_err(Error::from)
}

/// # Safety
/// The caller of the library asked for this protection of this range, or the
/// range is the library's own.
pub unsafe fn protect(address: usize, length: usize, access: Access) -> Result<(), Error> {
    // SAFETY: by this function's contract.
    let result = unsafe { libc::mprotect(address as *mut _, length, access.0) };
    Errno::result(result).map(|_| ()).map_err(Error::from)
}

/// Writes changed pages of a shared file mapping back to their file.
pub fn sync(address: usize, length: usize) -> Result<(), Error> {
    // SAFETY: msync changes no memory; the kernel checks the range.
    let result = unsafe { libc::msync(address as *mut _, length, libc::MS_SYNC) };
    Errno::result(result).map(|_| ()).map_err(Error::from)
}

/// One page of a shared file, mapped for reading and writing.
///
/// The mapping keeps the open file description it was made through, and so that
/// description's locks, after the descriptor is closed.
#[derive(Debug)]
pub struct SharedPage(NonNull<u8>);

// SAFETY: the page is reached through raw pointers and atomics only.
unsafe impl Send for SharedPage {}
// SAFETY: as above.
unsafe impl Sync for SharedPage {}

impl SharedPage {
    pub fn map(file: BorrowedFd, offset: u64) -> Result<SharedPage, Error> {
        let contents = Contents::Shared(file, offset);
        let address = map(Place::Anywhere, PAGE_SIZE, Access::READ_WRITE, contents)?;
        NonNull::new(address as *mut u8).map(SharedPage).ok_or(Error::Os(libc::ENOMEM))
    }

    /// Shows the same page of the same file through another open file
    /// description, which drops this mapping's hold on the first one. Threads
    /// that use the page meanwhile do not notice.
    pub fn remap(&self, file: BorrowedFd, offset: u64) -> Result<(), Error> {
        let fresh = SharedPage::map(file, offset)?;
        let flags = libc::MREMAP_MAYMOVE | libc::MREMAP_FIXED;
        // mremap of a ready mapping, and not MAP_FIXED, so that a failure
        // cannot leave a hole at the old address.
        // SAFETY: both pages are ours and show the same bytes.
        let moved =
            unsafe { libc::mremap(fresh.0.as_ptr().cast(), PAGE_SIZE, PAGE_SIZE, flags, self.0.as_ptr()) };
        if moved == libc::MAP_FAILED {
            return Err(Errno::last().into());
        }
        // Its address is free again; unmapping it would hit a stranger.
        std::mem::forget(fresh);
        Ok(())
    }

    pub fn address(&self) -> NonNull<u8> {
        self.0
    }
}

impl Drop for SharedPage {
    fn drop(&mut self) {
        // SAFETY: mapped by `map`, unmapped only here.
        let _ = unsafe { unmap(self.0.as_ptr() as usize, PAGE_SIZE) };
    }
}

/// Zero-filled memory that is never given back, for use where malloc must not
/// be called (signal handlers). Null: no memory.
pub fn leak_page() -> *mut u8 {
    map(Place::Anywhere, PAGE_SIZE, Access::READ_WRITE, Contents::Zero)
        .map_or(ptr::null_mut(), |address| address as *mut u8)
}
