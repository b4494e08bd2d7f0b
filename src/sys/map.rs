//! Mappings and their protection.

use crate::error::Error;
use crate::plant::call;
use nix::errno::Errno;
use std::os::fd::BorrowedFd;
use std::ptr::{self, NonNull};

use super::file::raw;
use super::system_v::{self, Attachment};

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
    /// A System V segment from an offset on.
    Segment(Segment, u64),
}

/// A System V segment to be mapped.
#[derive(Clone, Copy, Debug)]
pub struct Segment {
    pub id: system_v::Id,
    /// Whole pages.
    pub size: usize,
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
        // Not mmap's: see `map` and `replace`.
        Contents::Segment(..) => return Err(Error::Internal),
    };
    let offset = i64::try_from(offset).map_err(|_| Error::Os(libc::EOVERFLOW))?;
    let flags = kind | placing;
    // SAFETY: without MAP_FIXED (see the callers) mmap takes free addresses
    // only; `replace` alone passes MAP_FIXED and carries the obligation.
    let mapped =
        call("mmap: map", || unsafe { libc::mmap(address as *mut _, length, access.0, flags, file, offset) });
    if mapped == libc::MAP_FAILED { Err(Errno::last().into()) } else { Ok(mapped as usize) }
}

/// Maps `length` bytes at free addresses; returns the address.
pub fn map(place: Place, length: usize, access: Access, contents: Contents) -> Result<usize, Error> {
    if let Contents::Segment(..) = contents {
        // shmat does not keep out of the way of what is there: reserve first.
        let address = map(place, length, Access::NONE, Contents::Zero)?;
        // SAFETY: mapped a moment ago; nobody else knows it.
        let attached = unsafe { replace(address, length, access, contents) };
        if let Err(error) = attached {
            // SAFETY: as above.
            unsafe { unmap(address, length)? };
            return Err(error);
        }
        return Ok(address);
    }
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
    if let Contents::Segment(segment, offset) = contents {
        // SAFETY: by this function's contract.
        return unsafe { show_segment(address, length, access, segment, offset) };
    }
    mmap(address, length, access, contents, libc::MAP_FIXED).map(|_| ())
}

/// `replace` with a part of a System V segment. shmat attaches whole segments, so
/// a part is moved into place and the rest given back.
///
/// # Safety
/// As `replace`.
unsafe fn show_segment(
    address: usize,
    length: usize,
    access: Access,
    segment: Segment,
    offset: u64,
) -> Result<(), Error> {
    let how =
        Attachment { write: access.0 & libc::PROT_WRITE != 0, execute: access.0 & libc::PROT_EXEC != 0 };
    let length = length.next_multiple_of(PAGE_SIZE);
    if offset == 0 && length == segment.size {
        // SAFETY: by this function's contract.
        unsafe { system_v::attach_over(address, segment.id, how)? };
    } else {
        let offset = usize::try_from(offset).map_err(|_| Error::Os(libc::EOVERFLOW))?;
        let whole = system_v::attach(segment.id, how)?;
        let flags = libc::MREMAP_MAYMOVE | libc::MREMAP_FIXED;
        let part = (whole + offset) as *mut _;
        // SAFETY: the part lies in the segment that was attached a moment ago,
        // the target belongs to the caller.
        let moved = call("mremap: show_segment", || unsafe {
            libc::mremap(part, length, length, flags, address as *mut libc::c_void)
        });
        let result = if moved == libc::MAP_FAILED { Err(Error::from(Errno::last())) } else { Ok(()) };
        let end = offset + if result.is_ok() { length } else { 0 };
        for (start, end) in [(0, offset), (end, segment.size)] {
            if start < end {
                // SAFETY: attached a moment ago and not moved.
                unsafe { unmap(whole + start, end - start)? };
            }
        }
        result?;
    }
    if access == Access::NONE {
        // SAFETY: attached a moment ago.
        unsafe { protect(address, length, access)? };
    }
    Ok(())
}

/// # Safety
/// The range belongs to the caller, and nobody uses it any more.
pub unsafe fn unmap(address: usize, length: usize) -> Result<(), Error> {
    // SAFETY: by this function's contract.
    let result = call("munmap: unmap", || unsafe { libc::munmap(address as *mut _, length) });
    Errno::result(result).map(|_| ()).map_err(Error::from)
}

/// # Safety
/// The caller of the library asked for this protection of this range, or the
/// range is the library's own.
pub unsafe fn protect(address: usize, length: usize, access: Access) -> Result<(), Error> {
    // SAFETY: by this function's contract.
    let result = call("mprotect: protect", || unsafe { libc::mprotect(address as *mut _, length, access.0) });
    Errno::result(result).map(|_| ()).map_err(Error::from)
}

/// Writes changed pages of a shared file mapping back to their file.
pub fn sync(address: usize, length: usize) -> Result<(), Error> {
    // SAFETY: msync changes no memory; the kernel checks the range.
    let result = call("msync: sync", || unsafe { libc::msync(address as *mut _, length, libc::MS_SYNC) });
    Errno::result(result).map(|_| ()).map_err(Error::from)
}

fn mlock(address: usize, length: usize, flags: libc::c_uint) -> Result<(), Error> {
    // SAFETY: mlock2 changes no contents; the kernel checks the range.
    let result = call("mlock2: lock", || unsafe { libc::mlock2(address as *const _, length, flags) });
    Errno::result(result).map(|_| ()).map_err(Error::from)
}

/// Brings the pages of a range into memory and keeps them there. On an error some
/// may be kept.
pub fn lock(address: usize, length: usize) -> Result<(), Error> {
    mlock(address, length, 0)
}

/// `lock` for pages that become private when they are written: the kernel would
/// write to them. Those that are not there yet are kept from their first use on.
pub fn lock_unwritten(address: usize, length: usize) -> Result<(), Error> {
    mlock(address, length, libc::MLOCK_ONFAULT)?;
    // SAFETY: reads pages at most. Kernels before 5.14 do not know it.
    let populate = || unsafe { libc::madvise(address as *mut _, length, libc::MADV_POPULATE_READ) };
    let result = call("madvise: lock_unwritten", populate);
    match Errno::result(result) {
        Ok(_) | Err(Errno::EINVAL) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Undoes `lock`. Says nothing about pages that were not locked.
pub fn unlock(address: usize, length: usize) -> Result<(), Error> {
    // The call itself: under a sanitizer libc's function does nothing.
    // SAFETY: munlock changes no contents; the kernel checks the range.
    let result = call("munlock: unlock", || unsafe { libc::syscall(libc::SYS_munlock, address, length) });
    Errno::result(result).map(|_| ()).map_err(Error::from)
}

/// Whether the mapping that a page belongs to is locked.
pub fn is_locked(page: usize) -> bool {
    // Does nothing but refuse where there is a lock: cheaper than /proc/self/smaps.
    // SAFETY: changes nothing; the kernel checks the range.
    let ask = || unsafe { libc::msync(page as *mut _, PAGE_SIZE, libc::MS_INVALIDATE) };
    let result = call("msync: is_locked", ask);
    Errno::result(result) == Err(Errno::EBUSY)
}

/// Lets the kernel give a range large pages when it is touched. It does so where the
/// administrator has said that programs may ask for them.
pub fn let_be_huge(address: usize, length: usize) {
    // SAFETY: changes no contents; the kernel checks the range.
    let advise = || unsafe { libc::madvise(address as *mut _, length, libc::MADV_HUGEPAGE) };
    let _ = call("madvise: let_be_huge", advise);
}

/// What pages are brought in for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Populate {
    ToRead,
    /// Private memory gets pages of its own.
    ToWrite,
}

/// Brings the pages of a range into memory and maps them, as far as that goes.
pub fn populate(address: usize, length: usize, how: Populate) {
    let advice = match how {
        Populate::ToRead => libc::MADV_POPULATE_READ,
        Populate::ToWrite => libc::MADV_POPULATE_WRITE,
    };
    // SAFETY: changes no contents; the kernel checks the range.
    let advise = |advice| move || unsafe { libc::madvise(address as *mut _, length, advice) };
    let populated = call("madvise: populate", advise(advice));
    // Kernels before 5.14 read in what lies on a disk.
    if populated != 0 && Errno::last() == Errno::EINVAL {
        let _ = call("madvise: read in", advise(libc::MADV_WILLNEED));
    }
}

/// Tells the kernel that a range is not needed soon.
pub fn let_go(address: usize, length: usize) {
    // Advice only: not taken by locked pages and by kernels before 5.4.
    // SAFETY: changes no contents; the kernel checks the range.
    let advise = || unsafe { libc::madvise(address as *mut _, length, libc::MADV_COLD) };
    let _ = call("madvise: let_go", advise);
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
        SharedPage::map_for(file, offset, Access::READ_WRITE)
    }

    /// For less than reading and writing.
    pub fn map_for(file: BorrowedFd, offset: u64, access: Access) -> Result<SharedPage, Error> {
        let address = map(Place::Anywhere, PAGE_SIZE, access, Contents::Shared(file, offset))?;
        NonNull::new(address as *mut u8).map(SharedPage).ok_or(Error::Os(libc::ENOMEM))
    }

    /// Keeps forked children from having the mapping, and the description with it.
    pub fn keep_from_children(&self) -> Result<(), Error> {
        // SAFETY: mapped by `map_for`; changes nothing in this process.
        let advise = || unsafe { libc::madvise(self.0.as_ptr().cast(), PAGE_SIZE, libc::MADV_DONTFORK) };
        let result = call("madvise: keep_from_children", advise);
        Errno::result(result).map(|_| ()).map_err(Error::from)
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
        let moved = call("mremap: remap", || unsafe {
            libc::mremap(fresh.0.as_ptr().cast(), PAGE_SIZE, PAGE_SIZE, flags, self.0.as_ptr())
        });
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
