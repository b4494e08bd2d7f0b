//! Memory of the process: its state, protection, and private allocations.

use super::types::*;
use super::{convert, entry, entry_bool};
use crate::consts::*;
use crate::error::Error;
use crate::fork;
use crate::memory::{self, Allocation, Info, Kind, State};
use crate::object;
use crate::protection::Caching;
use std::ptr;

/// Tells the state of the pages from an address on.
///
/// Works for views, for VirtualAlloc memory and for any other memory of the
/// process. A page of a FILE_MAP_COPY view that was written shows
/// PAGE_READWRITE.
///
/// @param lpAddress any address; it is rounded down to its page
/// @param lpBuffer  receives the answer: the run of pages with equal attributes
/// @param dwLength  the size of the buffer, at least 48
/// @return 48, or 0 with GetLastError:
///         ERROR_BAD_LENGTH: dwLength is too small;
///         ERROR_INVALID_PARAMETER: no program can have that address;
///         ERROR_NOACCESS: lpBuffer is NULL, or no address of a process
///
/// On Linux: of memory that the library did not map, the kernel tells what it has,
/// mapping by mapping: AllocationProtect is the protection of now, a private mapping of
/// a file is MEM_IMAGE, and what may not be touched is committed, with PAGE_NOACCESS.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn VirtualQuery(
    lpAddress: LPCVOID,
    lpBuffer: PMEMORY_BASIC_INFORMATION,
    dwLength: SIZE_T,
) -> SIZE_T {
    traced!(VirtualQuery(lpAddress, lpBuffer, dwLength));
    const SIZE: usize = size_of::<MEMORY_BASIC_INFORMATION>();
    entry(0, || {
        if dwLength < SIZE {
            return Err(Error::BadLength);
        }
        let to = convert::probed(lpBuffer, 1)?;
        let info = memory::query(&fork::enter(), lpAddress as usize)?;
        // SAFETY: not NULL, hence valid by the contract of all functions.
        unsafe { convert::store(convert::not_null(to)?, basic_information(&info)) };
        Ok(SIZE)
    })
}

fn basic_information(info: &Info) -> MEMORY_BASIC_INFORMATION {
    let caching = info.owner.map_or(Caching::Normal, |owner| owner.caching);
    let (state, protect) = match info.state {
        State::Free => (MEM_FREE, PAGE_NOACCESS),
        State::Reserved => (MEM_RESERVE, 0),
        State::Committed(protection) => (MEM_COMMIT, convert::page_bits(protection, caching)),
    };
    MEMORY_BASIC_INFORMATION {
        BaseAddress: info.base as PVOID,
        AllocationBase: info.owner.map_or(ptr::null_mut(), |owner| owner.base as PVOID),
        AllocationProtect: info.owner.map_or(0, |owner| convert::page_bits(owner.original, caching)),
        PartitionId: 0,
        RegionSize: info.size,
        State: state,
        Protect: protect,
        Type: match info.owner.map(|owner| owner.kind) {
            None => 0,
            Some(Kind::Private) => MEM_PRIVATE,
            Some(Kind::Mapped) => MEM_MAPPED,
            Some(Kind::Image) => MEM_IMAGE,
        },
    }
}

/// Changes the protection of committed pages: of a view, of VirtualAlloc memory
/// or of any other memory of the process.
///
/// @param lpAddress      an address in the first page
/// @param dwSize         length in bytes; every page that is touched changes
/// @param flNewProtect   a PAGE_ constant that the view's access allows: a view for
///                       reading can become PAGE_WRITECOPY, never PAGE_READWRITE;
///                       a view for writing cannot become PAGE_WRITECOPY
/// @param lpflOldProtect receives the old protection of the first page
/// @return TRUE, or FALSE with GetLastError:
///         ERROR_NOACCESS: lpflOldProtect is NULL, or no address of a process;
///         ERROR_INVALID_PARAMETER: dwSize 0, or a protection that is unknown or
///         not allowed here;
///         ERROR_INVALID_ADDRESS: pages that are not committed, or beyond the end;
///         ERROR_ACCESS_DENIED: the system forbids it
///
/// On Linux: a view for writing cannot become PAGE_WRITECOPY, because the kernel makes
/// no shared mapping private in place. There is no PAGE_GUARD. PAGE_NOCACHE and
/// PAGE_WRITECOMBINE have no effect.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn VirtualProtect(
    lpAddress: LPVOID,
    dwSize: SIZE_T,
    flNewProtect: DWORD,
    lpflOldProtect: PDWORD,
) -> BOOL {
    traced!(VirtualProtect(lpAddress, dwSize, flNewProtect, lpflOldProtect));
    entry_bool(|| {
        let to = convert::not_null(convert::probed(lpflOldProtect, 1)?)?;
        let wanted = convert::page_protection(flNewProtect)?;
        let old = memory::protect(&fork::enter(), lpAddress as usize, dwSize, wanted)?;
        // SAFETY: not NULL, hence valid by the contract of all functions.
        unsafe { convert::store(to, convert::page_bits(old, Caching::Normal)) };
        Ok(())
    })
}

/// Reserves or commits pages of private memory, or commits pages of a view of a
/// SEC_RESERVE section (in all its views, in every process, for good).
///
/// @param lpAddress        NULL: anywhere. With MEM_RESERVE the address to use, rounded down
///                         to a multiple of 65536; with MEM_COMMIT alone an address
///                         in reserved pages
/// @param dwSize           length in bytes; every page that is touched counts
/// @param flAllocationType MEM_RESERVE, MEM_COMMIT or both, with MEM_TOP_DOWN; or
///                         MEM_RESET. Committed pages are zero
/// @param flProtect        the protection of the pages: a PAGE_ constant but the two
///                         PAGE_WRITECOPY ones
/// @return the address of the first page, or NULL with GetLastError:
///         ERROR_INVALID_PARAMETER: dwSize 0, unknown or unsupported flags;
///         ERROR_INVALID_ADDRESS: the addresses are taken, or not reserved;
///         ERROR_COMMITMENT_LIMIT: not enough memory;
///         ERROR_PRIVILEGE_NOT_HELD: MEM_LARGE_PAGES;
///         ERROR_NOT_ENOUGH_MEMORY: no room in the address space
///
/// On Linux: private pages take memory when they are touched, not when they are
/// committed; more than 16 MiB at a time must fit into the available memory. A reserved
/// page of a view can be touched, and is zero; on Windows it faults. MEM_TOP_DOWN has
/// no effect, with MEM_RESET the contents stay; there is no MEM_RESET_UNDO,
/// MEM_WRITE_WATCH, MEM_PHYSICAL or PAGE_GUARD (ERROR_INVALID_PARAMETER).
#[unsafe(no_mangle)]
pub extern "C" fn VirtualAlloc(
    lpAddress: LPVOID,
    dwSize: SIZE_T,
    flAllocationType: DWORD,
    flProtect: DWORD,
) -> LPVOID {
    traced!(VirtualAlloc(lpAddress, dwSize, flAllocationType, flProtect));
    entry(ptr::null_mut(), || {
        let protection = convert::page_protection(flProtect)?;
        let address = (!lpAddress.is_null()).then_some(lpAddress as usize);
        let (reserve, commit) = match flAllocationType & !MEM_TOP_DOWN {
            MEM_RESERVE => (true, false),
            MEM_COMMIT => (false, true),
            kind if kind == MEM_RESERVE | MEM_COMMIT => (true, true),
            kind if kind == MEM_RESERVE | MEM_COMMIT | MEM_LARGE_PAGES => {
                return Err(Error::PrivilegeNotHeld);
            }
            MEM_RESET => {
                let inside = fork::enter();
                return memory::reset(&inside, lpAddress as usize, dwSize).map(|address| address as LPVOID);
            }
            _ => return Err(Error::InvalidParameter),
        };
        let wanted = Allocation { address, length: dwSize, protection, reserve, commit };
        memory::allocate(&fork::enter(), &wanted).map(|address| address as LPVOID)
    })
}

/// Gives private memory back.
///
/// @param lpAddress  with MEM_RELEASE the address that VirtualAlloc returned for the
///                   reservation; with MEM_DECOMMIT an address in its first page
/// @param dwSize     with MEM_RELEASE 0; with MEM_DECOMMIT the length, or 0 for the
///                   whole reservation
/// @param dwFreeType MEM_RELEASE or MEM_DECOMMIT
/// @return TRUE, or FALSE with GetLastError:
///         ERROR_INVALID_PARAMETER: bad dwFreeType or dwSize, or memory of a view
///         (whose pages cannot be decommitted);
///         ERROR_INVALID_ADDRESS: not memory of VirtualAlloc, or not its beginning
#[unsafe(no_mangle)]
pub extern "C" fn VirtualFree(lpAddress: LPVOID, dwSize: SIZE_T, dwFreeType: DWORD) -> BOOL {
    traced!(VirtualFree(lpAddress, dwSize, dwFreeType));
    entry_bool(|| match dwFreeType {
        MEM_DECOMMIT => memory::decommit(&fork::enter(), lpAddress as usize, dwSize),
        MEM_RELEASE if dwSize == 0 => memory::release(&fork::enter(), lpAddress as usize),
        _ => Err(Error::InvalidParameter),
    })
}

/// Keeps pages in memory, so that using them never waits for a disk: of views, of
/// VirtualAlloc memory or of any other memory of the process. All of them or none.
///
/// Locks are not counted. Unmapping a view, freeing the memory and the end of the
/// process undo them; child processes do not inherit them.
///
/// @param lpAddress an address in the first page
/// @param dwSize    length in bytes; every page that is touched counts
/// @return TRUE, or FALSE with GetLastError:
///         ERROR_INVALID_PARAMETER: dwSize 0, or beyond the addresses of programs;
///         ERROR_INVALID_ADDRESS: pages that are not committed;
///         ERROR_NOACCESS: PAGE_NOACCESS pages;
///         ERROR_WORKING_SET_QUOTA: more than the process may lock
///
/// On Linux: the limit is RLIMIT_MEMLOCK (`ulimit -l`), of all locks of the process
/// together; programs with the capability CAP_IPC_LOCK have none.
#[unsafe(no_mangle)]
pub extern "C" fn VirtualLock(lpAddress: LPVOID, dwSize: SIZE_T) -> BOOL {
    traced!(VirtualLock(lpAddress, dwSize));
    entry_bool(|| memory::lock(&fork::enter(), lpAddress as usize, dwSize))
}

/// Undoes VirtualLock, however often it was called. All pages or none: where one is
/// not locked, all stay as they are, and the system is told that those which are not
/// locked are not needed soon.
///
/// @param lpAddress an address in the first page
/// @param dwSize    length in bytes; every page that is touched counts
/// @return TRUE, or FALSE with GetLastError:
///         ERROR_NOT_LOCKED: some pages are not locked;
///         ERROR_INVALID_PARAMETER: dwSize 0, or beyond the addresses of programs;
///         ERROR_INVALID_ADDRESS: there is no memory
#[unsafe(no_mangle)]
pub extern "C" fn VirtualUnlock(lpAddress: LPVOID, dwSize: SIZE_T) -> BOOL {
    traced!(VirtualUnlock(lpAddress, dwSize));
    entry_bool(|| memory::unlock(&fork::enter(), lpAddress as usize, dwSize))
}

/// Brings pages into memory and maps them, so that their first use does not wait: of
/// views, of VirtualAlloc memory or of any other memory of the process. A wish: nothing
/// tells whether it was granted, and pages that are free, reserved or PAGE_NOACCESS are
/// passed over.
///
/// @param hProcess         GetCurrentProcess(), or a handle made from it
/// @param NumberOfEntries  the number of ranges, not 0
/// @param VirtualAddresses the ranges; every page that one touches counts
/// @param Flags            0
/// @return TRUE, or FALSE with GetLastError:
///         ERROR_INVALID_PARAMETER: NumberOfEntries 0, Flags, or a range that is empty
///         or leaves the addresses of programs;
///         ERROR_NOACCESS: VirtualAddresses is NULL, or no address of a process;
///         ERROR_INVALID_HANDLE: hProcess is not open, or does not mean this process
///
/// On Linux: pages that were never used get their memory, also where it is otherwise
/// taken when they are touched: of sections of more than 16 MiB, and of VirtualAlloc.
/// Kernels before 5.14 read in what lies on a disk, and no more. Within the calling
/// process only.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PrefetchVirtualMemory(
    hProcess: HANDLE,
    NumberOfEntries: ULONG_PTR,
    VirtualAddresses: PWIN32_MEMORY_RANGE_ENTRY,
    Flags: ULONG,
) -> BOOL {
    traced!(PrefetchVirtualMemory(hProcess, NumberOfEntries, VirtualAddresses, Flags));
    entry_bool(|| {
        if NumberOfEntries == 0 || Flags != 0 {
            return Err(Error::InvalidParameter);
        }
        let entries = convert::not_null(convert::probed(VirtualAddresses, NumberOfEntries)?)?;
        let range = |index: usize| {
            // SAFETY: an array of so many, by the contract of all functions; any alignment.
            let entry = unsafe { entries.wrapping_add(index).read_unaligned() };
            memory::check_prefetch(entry.VirtualAddress.addr(), entry.NumberOfBytes)
        };
        (0..NumberOfEntries).try_for_each(|index| range(index).map(|_| ()))?;
        object::check_process(convert::handle(hProcess))?;
        (0..NumberOfEntries).try_for_each(|index| {
            let (start, length) = range(index)?;
            memory::prefetch(start, length)
        })
    })
}

/// Tells the smallest large page.
///
/// @return its size in bytes: 2097152
#[unsafe(no_mangle)]
pub extern "C" fn GetLargePageMinimum() -> SIZE_T {
    traced!(GetLargePageMinimum());
    memory::LARGE_PAGE_SIZE
}
