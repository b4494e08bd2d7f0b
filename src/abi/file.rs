//! Files.

use super::path_argument::{self, PathArgument};
use super::types::*;
use super::{convert, entry};
use crate::access;
use crate::consts::*;
use crate::error::Error;
use crate::file::{Disposition, Order, Request};
use crate::namespace::Created;
use crate::object::{self, Grant};
use crate::security::Audience;

/// Opens or makes a file or directory, or opens a device or pipe.
///
/// Share modes hold between all users of this library, in this process and others, also
/// of other users of the system; the end of a process, by whatever cause, ends them.
///
/// @param lpFileName            a path in UTF-8, of any length the system allows; `\`
///                              separates like `/`. NUL is /dev/null, CON, CONIN$ and
///                              CONOUT$ are the terminal
/// @param dwDesiredAccess       GENERIC_READ, GENERIC_WRITE, GENERIC_EXECUTE, GENERIC_ALL,
///                              FILE_READ_DATA and other rights; MAXIMUM_ALLOWED; 0: only
///                              to ask about the file
/// @param dwShareMode           what others may do meanwhile: 0 or FILE_SHARE_READ,
///                              FILE_SHARE_WRITE, FILE_SHARE_DELETE
/// @param lpSecurityAttributes  NULL, or whether the handle is inheritable, and the
///                              security descriptor of a new file (SetSecurityDescriptorDacl)
/// @param dwCreationDisposition CREATE_NEW, CREATE_ALWAYS, OPEN_EXISTING, OPEN_ALWAYS or
///                              TRUNCATE_EXISTING
/// @param dwFlagsAndAttributes  FILE_ATTRIBUTE_READONLY and FILE_FLAG_ constants, which
///                              say what they do
/// @param hTemplateFile         NULL, unless an existing file is opened
/// @return a handle, with GetLastError 0, or ERROR_ALREADY_EXISTS after CREATE_ALWAYS or
///         OPEN_ALWAYS of a file that existed; or INVALID_HANDLE_VALUE with GetLastError:
///         ERROR_FILE_NOT_FOUND: no such file;
///         ERROR_PATH_NOT_FOUND: no such directory, no path, or one with a drive;
///         ERROR_FILE_EXISTS: CREATE_NEW of a file that exists;
///         ERROR_SHARING_VIOLATION: somebody has the file open, and he or the caller does
///         not share it so; or another program has locked the whole of it;
///         ERROR_ACCESS_DENIED: no permission, a directory without
///         FILE_FLAG_BACKUP_SEMANTICS, or a file that is read-only for everybody;
///         ERROR_USER_MAPPED_FILE: the file would be emptied but is mapped;
///         ERROR_INVALID_PARAMETER: an unknown disposition or share mode, or
///         TRUNCATE_EXISTING without GENERIC_WRITE;
///         ERROR_NOT_SUPPORTED: FILE_ATTRIBUTE_ENCRYPTED, a template for a new file, or a
///         symbolic link with FILE_FLAG_OPEN_REPARSE_POINT;
///         ERROR_WRITE_PROTECT, ERROR_DISK_FULL, ERROR_BAD_NETPATH (a path that begins
///         with `\\`), ERROR_FILENAME_EXCED_RANGE, ERROR_CANT_RESOLVE_FILENAME,
///         ERROR_TOO_MANY_OPEN_FILES, ERROR_PRIVILEGE_NOT_HELD, ERROR_NO_SYSTEM_RESOURCES
///
/// On Linux: a security descriptor gives a new file its mode: 0600 for the owner, 0666 or
/// 0644 for everyone, 0000 for nobody. Case matters in paths, there are no drives, blanks
/// and dots at the end count, and what stands before `..` must exist and be a directory. A
/// FIFO is opened without waiting for its other end: a reader finds ERROR_BROKEN_PIPE
/// until somebody writes, and who only writes ERROR_FILE_NOT_FOUND until somebody reads.
/// Devices are not deleted, also by FILE_FLAG_DELETE_ON_CLOSE. A new file has mode 0666
/// less the umask, or 0444 with FILE_ATTRIBUTE_READONLY. A file that is open here cannot
/// be locked as a whole by other programs with `fcntl`, but is not kept from them
/// otherwise.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn CreateFileA(
    lpFileName: LPCSTR,
    dwDesiredAccess: DWORD,
    dwShareMode: DWORD,
    lpSecurityAttributes: LPSECURITY_ATTRIBUTES,
    dwCreationDisposition: DWORD,
    dwFlagsAndAttributes: DWORD,
    hTemplateFile: HANDLE,
) -> HANDLE {
    traced!(CreateFileA(
        lpFileName,
        dwDesiredAccess,
        dwShareMode,
        lpSecurityAttributes,
        dwCreationDisposition,
        dwFlagsAndAttributes,
        hTemplateFile
    ));
    let how = How {
        dwDesiredAccess,
        dwShareMode,
        lpSecurityAttributes,
        dwCreationDisposition,
        dwFlagsAndAttributes,
        hTemplateFile,
    };
    // SAFETY: a string or NULL, by the contract of all functions.
    let path = || unsafe { path_argument::ansi(lpFileName) };
    // SAFETY: passed on under the same contract.
    unsafe { create(path, &how) }
}

/// CreateFileA with a wide path.
///
/// @return as CreateFileA; ERROR_INVALID_NAME: a unit above 0x10FFFF, or half a
///         surrogate pair
///
/// cbindgen:postfix=WINSHM_WIDE(CreateFileW)
#[unsafe(no_mangle)]
pub unsafe extern "C" fn CreateFileW(
    lpFileName: LPCWSTR,
    dwDesiredAccess: DWORD,
    dwShareMode: DWORD,
    lpSecurityAttributes: LPSECURITY_ATTRIBUTES,
    dwCreationDisposition: DWORD,
    dwFlagsAndAttributes: DWORD,
    hTemplateFile: HANDLE,
) -> HANDLE {
    traced!(CreateFileW(
        lpFileName,
        dwDesiredAccess,
        dwShareMode,
        lpSecurityAttributes,
        dwCreationDisposition,
        dwFlagsAndAttributes,
        hTemplateFile
    ));
    let how = How {
        dwDesiredAccess,
        dwShareMode,
        lpSecurityAttributes,
        dwCreationDisposition,
        dwFlagsAndAttributes,
        hTemplateFile,
    };
    // SAFETY: a string or NULL, by the contract of all functions.
    let path = || unsafe { path_argument::wide16(lpFileName) };
    // SAFETY: passed on under the same contract.
    unsafe { create(path, &how) }
}

/// The arguments of CreateFile but the path.
pub struct How {
    pub dwDesiredAccess: DWORD,
    pub dwShareMode: DWORD,
    pub lpSecurityAttributes: LPSECURITY_ATTRIBUTES,
    pub dwCreationDisposition: DWORD,
    pub dwFlagsAndAttributes: DWORD,
    pub hTemplateFile: HANDLE,
}

const INVALID_HANDLE_VALUE: HANDLE = usize::MAX as HANDLE;

/// # Safety
/// The attributes are NULL or valid.
pub unsafe fn create(path: impl FnOnce() -> PathArgument, how: &How) -> HANDLE {
    entry(INVALID_HANDLE_VALUE, || {
        let path = path_argument::path(path())?;
        let disposition = disposition(how)?;
        let request = Request { path, disposition, ..flags(how)? };
        // SAFETY: by this function's contract.
        let security = unsafe { convert::security(how.lpSecurityAttributes)? };
        let sharing = access::FILE.sharing(security.audience)?;
        let exact_mode = (security.audience != Audience::Usual).then(|| sharing.plain_mode());
        let request = Request { exact_mode, ..request };
        let desired = Grant { access: how.dwDesiredAccess, flags: security.flags };
        let (handle, created) = object::file::create(request, desired)?;
        // That it existed is no news to who wanted nothing else.
        let is_news = matches!(disposition, Disposition::CreateAlways | Disposition::OpenAlways);
        Ok(convert::created((handle, if is_news { created } else { Created::Yes })))
    })
}

fn disposition(how: &How) -> Result<Disposition, Error> {
    match how.dwCreationDisposition {
        CREATE_NEW => Ok(Disposition::CreateNew),
        CREATE_ALWAYS => Ok(Disposition::CreateAlways),
        OPEN_EXISTING => Ok(Disposition::OpenExisting),
        OPEN_ALWAYS => Ok(Disposition::OpenAlways),
        TRUNCATE_EXISTING if how.dwDesiredAccess & GENERIC_WRITE != 0 => Ok(Disposition::TruncateExisting),
        _ => Err(Error::InvalidParameter),
    }
}

/// What the flags say; the path and the disposition are filled in later.
fn flags(how: &How) -> Result<Request, Error> {
    if how.dwShareMode & !(FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE) != 0 {
        return Err(Error::InvalidParameter);
    }
    let opens_only = matches!(how.dwCreationDisposition, OPEN_EXISTING | TRUNCATE_EXISTING);
    let has = |flag: DWORD| how.dwFlagsAndAttributes & flag != 0;
    if !opens_only && (has(FILE_ATTRIBUTE_ENCRYPTED) || !how.hTemplateFile.is_null()) {
        return Err(Error::NotSupported);
    }
    Ok(Request {
        path: Default::default(),
        disposition: Disposition::OpenExisting,
        access: 0,
        as_permitted: false,
        share: how.dwShareMode,
        mode: if has(FILE_ATTRIBUTE_READONLY) { 0o444 } else { 0o666 },
        exact_mode: None,
        delete_on_close: has(FILE_FLAG_DELETE_ON_CLOSE),
        directories_too: has(FILE_FLAG_BACKUP_SEMANTICS),
        no_follow: has(FILE_FLAG_OPEN_REPARSE_POINT),
        write_through: has(FILE_FLAG_WRITE_THROUGH),
        overlapped: has(FILE_FLAG_OVERLAPPED),
        order: match () {
            () if has(FILE_FLAG_SEQUENTIAL_SCAN) => Order::Sequential,
            () if has(FILE_FLAG_RANDOM_ACCESS) => Order::Random,
            () => Order::Any,
        },
    })
}
