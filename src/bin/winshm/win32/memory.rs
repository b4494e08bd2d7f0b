//! The bytes of sections.

use super::{Code, Handle, last_error, wide_name};
use nix::errno::Errno;
use nix::sys::uio::{RemoteIoVec, process_vm_readv, process_vm_writev};
use nix::unistd::Pid;
use std::ffi::CString;
use std::io::{IoSlice, IoSliceMut};
use std::ptr;
use winshm::abi::section::{MapViewOfFile, OpenFileMappingW, UnmapViewOfFile};
use winshm::abi::shared_memory as abi;
use winshm::abi::types::MEMORY_BASIC_INFORMATION;
use winshm::abi::virtual_memory::VirtualQuery;
use winshm::consts::*;

/// A segment of the SharedMemory functions: who reads gets whole writes.
pub struct SharedSegment(*mut abi::SharedMemory);

/// For their results: 0, or the error.
fn done(result: i32) -> Result<(), Code> {
    if result == 0 { Ok(()) } else { Err(result as Code) }
}

/// A name as these functions take it: they call a segment `/name` that is `Posix\name` to all
/// others.
fn segment_name(name: &str) -> Result<CString, Code> {
    let units = wide_name(name)?;
    let name = String::from_utf16(&units[..units.len() - 1]).map_err(|_| ERROR_INVALID_NAME)?;
    let name = if name.starts_with('/') { format!("Local\\{name}") } else { name };
    CString::new(name).map_err(|_| ERROR_INVALID_NAME)
}

impl SharedSegment {
    pub fn open(name: &str, write: bool) -> Result<SharedSegment, Code> {
        let name = segment_name(name)?;
        let mut memory = ptr::null_mut();
        let open = if write { abi::SharedMemoryOpen } else { abi::SharedMemoryOpenReadOnly };
        // SAFETY: a string, and a place for the object.
        done(unsafe { open(name.as_ptr(), &raw mut memory) })?;
        Ok(SharedSegment(memory))
    }

    pub fn size(&self) -> u64 {
        self.data().1
    }

    pub fn address(&self) -> usize {
        self.data().0
    }

    fn data(&self) -> (usize, u64) {
        let mut size = 0;
        // SAFETY: a place for the size.
        let data = unsafe { abi::SharedMemoryData(self.0, &raw mut size) };
        (data.addr(), size as u64)
    }

    /// Writes that were completed by now.
    pub fn completed_writes(&self) -> u64 {
        let mut completed = 0;
        // (That the time is over says that there are none.)
        // SAFETY: a place for the number.
        unsafe { abi::SharedMemoryWait(self.0, &raw mut completed, 0) };
        completed
    }

    pub fn read(&self, offset: u64, to: &mut [u8]) -> Result<(), Code> {
        // SAFETY: so many bytes can be written.
        done(unsafe { abi::SharedMemoryReadAt(self.0, offset as usize, to.as_mut_ptr().cast(), to.len()) })
    }

    pub fn write(&self, offset: u64, from: &[u8]) -> Result<(), Code> {
        // SAFETY: so many bytes can be read.
        done(unsafe { abi::SharedMemoryWriteAt(self.0, offset as usize, from.as_ptr().cast(), from.len()) })
    }
}

impl Drop for SharedSegment {
    fn drop(&mut self) {
        // SAFETY: open, and not used any more.
        unsafe { abi::SharedMemoryClose(self.0) };
    }
}

/// A view of a whole section. Its pages may vanish at any time, because somebody cuts the file
/// off: so its bytes are only touched by system calls, which then fail.
pub struct View {
    address: usize,
    size: u64,
    _section: Handle,
}

impl View {
    pub fn open(name: &str, write: bool) -> Result<View, Code> {
        let access = FILE_MAP_READ | if write { FILE_MAP_WRITE } else { 0 };
        let name = wide_name(name)?;
        // SAFETY: a string that outlives the call.
        let section = Handle::new(unsafe { OpenFileMappingW(access, 0, name.as_ptr()) })?;
        let address = MapViewOfFile(section.raw(), access, 0, 0, 0);
        if address.is_null() {
            return Err(last_error());
        }
        let mut view = View { address: address.addr(), size: 0, _section: section };
        view.size = view.measured()?;
        Ok(view)
    }

    /// To the end of the last page: of a section with reserved memory, up to its end, too.
    fn measured(&self) -> Result<u64, Code> {
        let mut size = 0;
        loop {
            let mut info = std::mem::MaybeUninit::<MEMORY_BASIC_INFORMATION>::uninit();
            let at = ptr::without_provenance(self.address + size as usize);
            // SAFETY: a place of this size.
            let filled =
                unsafe { VirtualQuery(at, info.as_mut_ptr(), size_of::<MEMORY_BASIC_INFORMATION>()) };
            if filled == 0 {
                return Err(last_error());
            }
            // SAFETY: filled.
            let info = unsafe { info.assume_init() };
            if info.AllocationBase.addr() != self.address || info.State == MEM_FREE {
                return Ok(size);
            }
            size += info.RegionSize as u64;
        }
    }

    pub fn size(&self) -> u64 {
        self.size
    }

    pub fn address(&self) -> usize {
        self.address
    }

    fn remote(&self, offset: u64, length: usize) -> Result<[RemoteIoVec; 1], Code> {
        let fits = offset.checked_add(length as u64).is_some_and(|end| end <= self.size);
        if !fits {
            return Err(ERROR_BAD_LENGTH);
        }
        Ok([RemoteIoVec { base: self.address + offset as usize, len: length }])
    }

    pub fn read(&self, offset: u64, to: &mut [u8]) -> Result<(), Code> {
        let remote = self.remote(offset, to.len())?;
        let wanted = to.len();
        copied(process_vm_readv(Pid::this(), &mut [IoSliceMut::new(to)], &remote), wanted)
    }

    pub fn write(&self, offset: u64, from: &[u8]) -> Result<(), Code> {
        let remote = self.remote(offset, from.len())?;
        copied(process_vm_writev(Pid::this(), &[IoSlice::new(from)], &remote), from.len())
    }
}

/// A copy stops at the first page that is not there.
fn copied(result: nix::Result<usize>, wanted: usize) -> Result<(), Code> {
    match result {
        Ok(count) if count == wanted => Ok(()),
        Ok(_) | Err(Errno::EFAULT) => Err(ERROR_HANDLE_EOF),
        Err(Errno::EPERM | Errno::EACCES) => Err(ERROR_ACCESS_DENIED),
        Err(_) => Err(ERROR_NOT_SUPPORTED),
    }
}

impl Drop for View {
    fn drop(&mut self) {
        UnmapViewOfFile(ptr::without_provenance(self.address));
    }
}
