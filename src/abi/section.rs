//! Sections and views.

use super::convert::{self, NameArgument};
use super::section_arguments::{creator_rights, file_handle, section_attributes, view_kind};
use super::types::*;
use super::{entry, entry_bool};
use crate::access;
use crate::consts::*;
use crate::error::Error;
use crate::fork;
use crate::memory;
use crate::object::{self, Grant};
use crate::section::{Making, Request};
use std::ptr;

/// Creates a section of shared memory or of a file, or opens the one of that name.
///
/// Memory is zero at first. A section of a file shows its bytes, and views that write
/// change them; hFile may be closed then. When the name exists, the handle refers to
/// the existing section with its size and protection; the arguments are checked all
/// the same (and a file grows), and flProtect decides what the handle may do: who asks
/// for PAGE_READWRITE must have the right to write.
///
/// @param hFile                   INVALID_HANDLE_VALUE or NULL: memory. Or a handle of a
///                                file with GENERIC_READ, for views that write also
///                                GENERIC_WRITE, for the PAGE_EXECUTE_ variants also
///                                GENERIC_EXECUTE
/// @param lpFileMappingAttributes NULL, or whether the handle is inheritable, and the
///                                security descriptor of a new object (SetSecurityDescriptorDacl)
/// @param flProtect               PAGE_READONLY, PAGE_READWRITE, PAGE_WRITECOPY or one of
///                                the PAGE_EXECUTE_ variants: the most that views may
///                                do; with SEC_COMMIT (default) or SEC_RESERVE (no
///                                effect on a file), SEC_NOCACHE or SEC_WRITECOMBINE,
///                                or SEC_COMMIT and SEC_LARGE_PAGES (memory)
/// @param dwMaximumSizeHigh       upper half of the size in bytes
/// @param dwMaximumSizeLow        lower half. Memory is rounded up to whole pages. Of a
///                                file, 0 means all of it; a smaller one grows at once,
///                                with zeros, if views may write
/// @param lpName                  NULL or "" for no name; UTF-8, up to 259 characters. "Local\"
///                                is the default, "Global\" names another object. An
///                                addition to Windows': "Posix\name" is the object of
///                                shm_open, "SysV\1234" and "SysV\0x4d2" the System V
///                                segment of that key. These stay when nobody has them
///                                open, and have exactly the size that was asked for. No
///                                other backslash is allowed
/// @return a handle, with GetLastError 0 or ERROR_ALREADY_EXISTS; or NULL with GetLastError:
///         ERROR_INVALID_PARAMETER: size 0 of memory, or above 128 TiB, bad flProtect,
///         SEC_LARGE_PAGES without SEC_COMMIT or a size of whole large pages, or of a file;
///         ERROR_INVALID_HANDLE: hFile is something else, the name belongs to
///         another kind of object, or is a bare prefix;
///         ERROR_COMMITMENT_LIMIT, ERROR_DISK_FULL: not enough memory, or space for the file;
///         ERROR_NOT_ENOUGH_MEMORY: the file is smaller, and views may not write;
///         ERROR_FILE_INVALID: size 0 of an empty file; a name for a deleted file;
///         ERROR_PATH_NOT_FOUND, ERROR_BAD_PATHNAME, ERROR_INVALID_NAME,
///         ERROR_FILENAME_EXCED_RANGE: bad name (the first also: there is no directory
///         for names);
///         ERROR_NOT_SUPPORTED: SEC_RESERVE, or a file, with "Posix\" or "SysV\";
///         ERROR_BAD_EXE_FORMAT: SEC_IMAGE, or hFile is a directory, pipe or device;
///         ERROR_PRIVILEGE_NOT_HELD: SEC_LARGE_PAGES, and the system has none, or with a name;
///         ERROR_NO_SYSTEM_RESOURCES: fewer large pages are free, or no handle;
///         ERROR_INVALID_SECURITY_DESCR and other errors of security descriptors
///         (SetSecurityDescriptorDacl);
///         ERROR_ACCESS_DENIED: hFile does not grant what flProtect needs; this user may
///         not use the existing section, or its file, so; the directory of the names is
///         not safe to use;
///         ERROR_BUSY: a stopped process has kept the name locked for two seconds;
///         ERROR_REVISION_MISMATCH, ERROR_FILE_CORRUPT: the name's file is held by
///         a library with another layout, or damaged;
///         ERROR_TOO_MANY_OPEN_FILES, ERROR_NOT_ENOUGH_MEMORY
///
/// On Linux: a committed section of up to 16 MiB gets its memory at once. A larger one
/// must fit into the free space of /dev/shm at creation and takes its memory when
/// touched, so that a store can meet a full /dev/shm (SIGBUS); WINSHM_RESERVE=all in
/// the environment reserves every byte. A page that is only reserved can be touched,
/// and is zero. Large pages are those that the administrator sets aside
/// (/proc/sys/vm/nr_hugepages); a section with a name has none. SEC_NOCACHE and
/// SEC_WRITECOMBINE have no effect. Who opens a named section of a file opens that file
/// by its path, with his own rights, which therefore decide (ERROR_ACCESS_DENIED); so
/// does a path that leads to another file by now, and an object that was made by a user
/// whom this one need not trust. Programs without this library can cut a mapped file
/// off: then its missing pages fault (SIGBUS), and views of them cannot be mapped
/// (ERROR_FILE_INVALID). "Local\" reaches all
/// processes of the user, and so does "Global\" unless the administrator provides a
/// directory for all users. "Posix\" and "SysV\" are additions.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn CreateFileMappingA(
    hFile: HANDLE,
    lpFileMappingAttributes: LPSECURITY_ATTRIBUTES,
    flProtect: DWORD,
    dwMaximumSizeHigh: DWORD,
    dwMaximumSizeLow: DWORD,
    lpName: LPCSTR,
) -> HANDLE {
    traced!(CreateFileMappingA(
        hFile,
        lpFileMappingAttributes,
        flProtect,
        dwMaximumSizeHigh,
        dwMaximumSizeLow,
        lpName
    ));
    let size = convert::size(dwMaximumSizeHigh, dwMaximumSizeLow);
    // SAFETY: a string or NULL, by the contract of all functions.
    let name = || unsafe { convert::ansi(lpName) };
    // SAFETY: passed on under the same contract.
    unsafe { create(hFile, lpFileMappingAttributes, flProtect, size, name) }
}

/// CreateFileMappingA with a wide name of up to 32767 units, each of which counts.
///
/// @return as CreateFileMappingA; ERROR_INVALID_NAME: a unit above 0x10FFFF
///
/// cbindgen:postfix=WINSHM_WIDE(CreateFileMappingW)
#[unsafe(no_mangle)]
pub unsafe extern "C" fn CreateFileMappingW(
    hFile: HANDLE,
    lpFileMappingAttributes: LPSECURITY_ATTRIBUTES,
    flProtect: DWORD,
    dwMaximumSizeHigh: DWORD,
    dwMaximumSizeLow: DWORD,
    lpName: LPCWSTR,
) -> HANDLE {
    traced!(CreateFileMappingW(
        hFile,
        lpFileMappingAttributes,
        flProtect,
        dwMaximumSizeHigh,
        dwMaximumSizeLow,
        lpName
    ));
    let size = convert::size(dwMaximumSizeHigh, dwMaximumSizeLow);
    // SAFETY: a string or NULL, by the contract of all functions.
    let name = || unsafe { convert::wide16(lpName) };
    // SAFETY: passed on under the same contract.
    unsafe { create(hFile, lpFileMappingAttributes, flProtect, size, name) }
}

/// Opens an existing section.
///
/// @param dwDesiredAccess FILE_MAP_READ, FILE_MAP_WRITE, FILE_MAP_COPY, FILE_MAP_EXECUTE,
///                        FILE_MAP_ALL_ACCESS or other rights: what the handle may do;
///                        MAXIMUM_ALLOWED: what this user may
/// @param bInheritHandle  any value but 0: the handle is inheritable
/// @param lpName          as in CreateFileMappingA
/// @return a handle, or NULL with GetLastError:
///         ERROR_FILE_NOT_FOUND: no process has a handle to an object of that name;
///         ERROR_INVALID_HANDLE: the name belongs to another kind of object, or is empty;
///         ERROR_ACCESS_DENIED: no right was asked for, or one that does not exist or
///         that this user does not have;
///         ERROR_INVALID_PARAMETER: lpName is NULL;
///         ERROR_FILE_INVALID: the POSIX object is empty;
///         ERROR_PRIVILEGE_NOT_HELD: ACCESS_SYSTEM_SECURITY;
///         and the errors of CreateFileMappingA for bad names and short resources
///
/// On Linux: permission bits decide what a user may: those of the section's file in
/// /dev/shm (see SetSecurityDescriptorDacl), of a segment with "Posix\" or "SysV\", or of the
/// file that a section shows (see CreateFileMappingA). Who may read and not write is refused
/// FILE_MAP_WRITE, and no other right.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn OpenFileMappingA(
    dwDesiredAccess: DWORD,
    bInheritHandle: BOOL,
    lpName: LPCSTR,
) -> HANDLE {
    traced!(OpenFileMappingA(dwDesiredAccess, bInheritHandle, lpName));
    // SAFETY: a string or NULL, by the contract of all functions.
    open(dwDesiredAccess, bInheritHandle, || unsafe { convert::ansi(lpName) })
}

/// OpenFileMappingA with a wide name.
///
/// @return as OpenFileMappingA; ERROR_INVALID_NAME: a unit above 0x10FFFF
///
/// cbindgen:postfix=WINSHM_WIDE(OpenFileMappingW)
#[unsafe(no_mangle)]
pub unsafe extern "C" fn OpenFileMappingW(
    dwDesiredAccess: DWORD,
    bInheritHandle: BOOL,
    lpName: LPCWSTR,
) -> HANDLE {
    traced!(OpenFileMappingW(dwDesiredAccess, bInheritHandle, lpName));
    // SAFETY: a string or NULL, by the contract of all functions.
    open(dwDesiredAccess, bInheritHandle, || unsafe { convert::wide16(lpName) })
}

/// Maps a view of a section into the address space.
///
/// All views of a section show the same bytes, in every process. A view stays
/// valid when the handle is closed.
///
/// @param hFileMappingObject   a handle with the rights for the view
/// @param dwDesiredAccess      FILE_MAP_WRITE (reads too) or FILE_MAP_ALL_ACCESS, FILE_MAP_READ,
///                             FILE_MAP_COPY alone (a written page becomes private),
///                             each with FILE_MAP_EXECUTE; 0: a view that may not be
///                             touched
/// @param dwFileOffsetHigh     upper half of the offset in bytes
/// @param dwFileOffsetLow      lower half; the offset is a multiple of 65536
/// @param dwNumberOfBytesToMap length; 0: up to the end of the section
/// @return the address, a multiple of 65536; or NULL with GetLastError:
///         ERROR_MAPPED_ALIGNMENT: the offset is not a multiple of 65536;
///         ERROR_INVALID_HANDLE: not an open handle of a section;
///         ERROR_ACCESS_DENIED: the handle lacks a right, or the view would
///         reach beyond the end;
///         ERROR_INVALID_PARAMETER: the section's protection forbids the view,
///         or FILE_MAP_LARGE_PAGES with a length that is not whole large pages, or of a
///         section that has none;
///         ERROR_NOT_SUPPORTED: FILE_MAP_COPY alone, of a System V segment or of large
///         pages;
///         ERROR_FILE_INVALID: another program cut the file off;
///         ERROR_NOT_ENOUGH_MEMORY: no room in the address space
///
/// On Linux: System V segments and sections with large pages have no copy-on-write
/// views; those of large pages begin and end at multiples of 2 MiB, and an offset that is
/// none gives ERROR_MAPPED_ALIGNMENT. Of a named section there
/// are no views that run code where /dev/shm is mounted with noexec
/// (ERROR_ACCESS_DENIED). FILE_MAP_TARGETS_INVALID and FILE_MAP_RESERVE have no effect.
#[unsafe(no_mangle)]
pub extern "C" fn MapViewOfFile(
    hFileMappingObject: HANDLE,
    dwDesiredAccess: DWORD,
    dwFileOffsetHigh: DWORD,
    dwFileOffsetLow: DWORD,
    dwNumberOfBytesToMap: SIZE_T,
) -> LPVOID {
    traced!(MapViewOfFile(
        hFileMappingObject,
        dwDesiredAccess,
        dwFileOffsetHigh,
        dwFileOffsetLow,
        dwNumberOfBytesToMap
    ));
    let offset = convert::size(dwFileOffsetHigh, dwFileOffsetLow);
    map(hFileMappingObject, dwDesiredAccess, offset, dwNumberOfBytesToMap, ptr::null_mut())
}

/// MapViewOfFile at a given address.
///
/// @param lpBaseAddress the address, a multiple of 65536; NULL: any. There is no
///                      fallback to another address
/// @return as MapViewOfFile; ERROR_MAPPED_ALIGNMENT also for the address;
///         ERROR_INVALID_ADDRESS: something is there already;
///         ERROR_INVALID_PARAMETER: no program can have that address
#[unsafe(no_mangle)]
pub extern "C" fn MapViewOfFileEx(
    hFileMappingObject: HANDLE,
    dwDesiredAccess: DWORD,
    dwFileOffsetHigh: DWORD,
    dwFileOffsetLow: DWORD,
    dwNumberOfBytesToMap: SIZE_T,
    lpBaseAddress: LPVOID,
) -> LPVOID {
    traced!(MapViewOfFileEx(
        hFileMappingObject,
        dwDesiredAccess,
        dwFileOffsetHigh,
        dwFileOffsetLow,
        dwNumberOfBytesToMap,
        lpBaseAddress
    ));
    let offset = convert::size(dwFileOffsetHigh, dwFileOffsetLow);
    map(hFileMappingObject, dwDesiredAccess, offset, dwNumberOfBytesToMap, lpBaseAddress)
}

/// Unmaps a whole view.
///
/// @param lpBaseAddress any address inside the view
/// @return TRUE, or FALSE with GetLastError:
///         ERROR_INVALID_ADDRESS: no view is there
#[unsafe(no_mangle)]
pub extern "C" fn UnmapViewOfFile(lpBaseAddress: LPCVOID) -> BOOL {
    traced!(UnmapViewOfFile(lpBaseAddress));
    entry_bool(|| memory::unmap_view(&fork::enter(), lpBaseAddress as usize))
}

/// Writes changes of a view of a file to the disk. Memory has nothing to be written
/// to; the arguments are checked.
///
/// @param lpBaseAddress        an address inside a view
/// @param dwNumberOfBytesToFlush length; 0: up to the end of the view
/// @return TRUE, or FALSE with GetLastError:
///         ERROR_INVALID_ADDRESS: no view is there, or it ends before
///
/// On Linux: it returns when the disk has them; FlushFileBuffers need not follow.
#[unsafe(no_mangle)]
pub extern "C" fn FlushViewOfFile(lpBaseAddress: LPCVOID, dwNumberOfBytesToFlush: SIZE_T) -> BOOL {
    traced!(FlushViewOfFile(lpBaseAddress, dwNumberOfBytesToFlush));
    entry_bool(|| memory::flush(lpBaseAddress as usize, dwNumberOfBytesToFlush))
}

/// # Safety
/// `attributes` is NULL or valid.
pub(super) unsafe fn create(
    hFile: HANDLE,
    attributes: LPSECURITY_ATTRIBUTES,
    flProtect: DWORD,
    size: u64,
    name: impl FnOnce() -> NameArgument,
) -> HANDLE {
    entry(ptr::null_mut(), || {
        let name = name()?;
        let file = file_handle(hFile);
        if size == 0 && file.is_none() {
            return Err(Error::InvalidParameter);
        }
        let wanted = section_attributes(flProtect, size)?;
        // SAFETY: by this function's contract.
        let security = unsafe { convert::security(attributes)? };
        let name = convert::section_name_to_create(name)?;
        let grant = Grant { access: creator_rights(wanted.protection), flags: security.flags };
        let sharing = access::SECTION.sharing(security.audience)?;
        let making = Making { size, attributes: wanted, sharing };
        let made = match file {
            None => object::create_section(name.as_ref(), &making, grant),
            Some(file) => object::create_file_section(file, name.as_ref(), &making, grant),
        };
        made.map(convert::created)
    })
}

pub(super) fn open(
    dwDesiredAccess: DWORD,
    bInheritHandle: BOOL,
    name: impl FnOnce() -> NameArgument,
) -> HANDLE {
    entry(ptr::null_mut(), || {
        let name = convert::section_name_to_open(name())?;
        // For views FILE_MAP_COPY means reading; as a right it would be SECTION_QUERY.
        let access = if dwDesiredAccess == FILE_MAP_COPY { FILE_MAP_READ } else { dwDesiredAccess };
        let desired = Grant { access, flags: crate::handle::Flags::inherit(bInheritHandle != 0) };
        object::open_section(&name, desired).map(convert::to_handle)
    })
}

fn map(section: HANDLE, dwDesiredAccess: DWORD, offset: u64, length: SIZE_T, address: LPVOID) -> LPVOID {
    entry(ptr::null_mut(), || {
        let address = (!address.is_null()).then_some(address as usize);
        let large_pages = dwDesiredAccess & FILE_MAP_LARGE_PAGES != 0;
        let request = Request { kind: view_kind(dwDesiredAccess), offset, length, address, large_pages };
        object::map_view(convert::handle(section), &request).map(|address| address as LPVOID)
    })
}
