//! Names of files: deleting them, and temporary ones.

use super::path_argument::{self, PathArgument};
use super::types::*;
use super::{convert, entry, entry_bool};
use crate::error::Error;
use crate::file;
use crate::object;
use crate::text;

/// Deletes a file; a symbolic link itself. Who has the file open keeps it; its name is
/// free at once.
///
/// @param lpFileName as in CreateFileA
/// @return TRUE, or FALSE with GetLastError:
///         ERROR_FILE_NOT_FOUND, ERROR_PATH_NOT_FOUND: no such file or directory;
///         ERROR_ACCESS_DENIED: a directory or device, a file that is read-only for everybody,
///         one that is mapped, or no permission;
///         ERROR_SHARING_VIOLATION: somebody has it open without FILE_SHARE_DELETE;
///         ERROR_WRITE_PROTECT
///
/// On Linux: users and mappings are those of this library; other programs do not keep a
/// file from being deleted.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn DeleteFileA(lpFileName: LPCSTR) -> BOOL {
    traced!(DeleteFileA(lpFileName));
    // SAFETY: a string or NULL, by the contract of all functions.
    delete(|| unsafe { path_argument::ansi(lpFileName) })
}

/// DeleteFileA with a wide path.
///
/// @return as DeleteFileA; ERROR_INVALID_NAME as for CreateFileW
///
/// cbindgen:postfix=WINSHM_WIDE(DeleteFileW)
#[unsafe(no_mangle)]
pub unsafe extern "C" fn DeleteFileW(lpFileName: LPCWSTR) -> BOOL {
    traced!(DeleteFileW(lpFileName));
    // SAFETY: a string or NULL, by the contract of all functions.
    delete(|| unsafe { path_argument::wide16(lpFileName) })
}

/// The directory for temporary files: of the variables TMP, TEMP and TMPDIR the first that
/// is set, else /tmp.
///
/// @param nBufferLength the length of the buffer in characters
/// @param lpBuffer      receives the path, which ends with a slash; it need not exist
/// @return the length of the path without its NUL; when the buffer is too small, the length
///         that it must have, and nothing is written
///
/// On Linux: TMPDIR counts, too; set-uid programs ignore the variables.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn GetTempPathA(nBufferLength: DWORD, lpBuffer: LPSTR) -> DWORD {
    traced!(GetTempPathA(nBufferLength, lpBuffer));
    // SAFETY: so long, by the contract of all functions.
    unsafe { temporary_folder(nBufferLength, lpBuffer.cast::<u8>()) }
}

/// GetTempPathA with wide characters.
///
/// @return as GetTempPathA
///
/// cbindgen:postfix=WINSHM_WIDE(GetTempPathW)
#[unsafe(no_mangle)]
pub unsafe extern "C" fn GetTempPathW(nBufferLength: DWORD, lpBuffer: LPWSTR) -> DWORD {
    traced!(GetTempPathW(nBufferLength, lpBuffer));
    // SAFETY: so long, by the contract of all functions.
    unsafe { temporary_folder(nBufferLength, lpBuffer) }
}

/// Makes a name for a temporary file: the directory, up to three characters, up to four
/// hexadecimal digits, ".TMP".
///
/// @param lpPathName       the directory, as in CreateFileA
/// @param lpPrefixString   NULL, or characters, of which the first three are used
/// @param uUnique          the number; 0: one that is free, and the file is made, empty
/// @param lpTempFileName   receives the path; MAX_PATH (260) characters
/// @return the number, or 0 with GetLastError:
///         ERROR_DIRECTORY: no such directory;
///         ERROR_BUFFER_OVERFLOW: the path is too long;
///         ERROR_NOACCESS: lpTempFileName is NULL;
///         ERROR_FILE_EXISTS: every number is taken;
///         and those of CreateFileA
///
/// On Linux: the file is its user's alone (mode 0600).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn GetTempFileNameA(
    lpPathName: LPCSTR,
    lpPrefixString: LPCSTR,
    uUnique: UINT,
    lpTempFileName: LPSTR,
) -> UINT {
    traced!(GetTempFileNameA(lpPathName, lpPrefixString, uUnique, lpTempFileName));
    // SAFETY: a string or NULL, by the contract of all functions.
    let folder = || unsafe { path_argument::ansi(lpPathName) };
    // SAFETY: a string or NULL, by the contract of all functions.
    let prefix = || unsafe { path_argument::ansi(lpPrefixString) };
    // SAFETY: so long, by the contract of all functions.
    unsafe { temporary_file(folder, prefix, uUnique, lpTempFileName.cast::<u8>()) }
}

/// GetTempFileNameA with wide characters.
///
/// @return as GetTempFileNameA
///
/// cbindgen:postfix=WINSHM_WIDE(GetTempFileNameW)
#[unsafe(no_mangle)]
pub unsafe extern "C" fn GetTempFileNameW(
    lpPathName: LPCWSTR,
    lpPrefixString: LPCWSTR,
    uUnique: UINT,
    lpTempFileName: LPWSTR,
) -> UINT {
    traced!(GetTempFileNameW(lpPathName, lpPrefixString, uUnique, lpTempFileName));
    // SAFETY: a string or NULL, by the contract of all functions.
    let folder = || unsafe { path_argument::wide16(lpPathName) };
    // SAFETY: a string or NULL, by the contract of all functions.
    let prefix = || unsafe { path_argument::wide16(lpPrefixString) };
    // SAFETY: so long, by the contract of all functions.
    unsafe { temporary_file(folder, prefix, uUnique, lpTempFileName) }
}

pub fn delete(path: impl FnOnce() -> PathArgument) -> BOOL {
    entry_bool(|| object::file::delete(&path_argument::path(path())?))
}

/// A character of a caller's buffer.
pub trait Character: Copy + Default {
    fn of_bytes(bytes: &[u8]) -> Vec<Self>;
}

impl Character for u8 {
    fn of_bytes(bytes: &[u8]) -> Vec<u8> {
        bytes.to_vec()
    }
}

impl Character for u16 {
    fn of_bytes(bytes: &[u8]) -> Vec<u16> {
        text::from_utf8(bytes)
    }
}

impl Character for u32 {
    fn of_bytes(bytes: &[u8]) -> Vec<u32> {
        let units = text::from_utf8(bytes);
        let value = |unit: Result<char, std::char::DecodeUtf16Error>| {
            unit.map_or_else(|lone| lone.unpaired_surrogate().into(), u32::from)
        };
        char::decode_utf16(units).map(value).collect()
    }
}

/// # Safety
/// `to` has room for the characters and a NUL.
unsafe fn write<C: Character>(to: *mut C, characters: &[C]) {
    for (index, character) in characters.iter().chain([&C::default()]).enumerate() {
        // SAFETY: by this function's contract.
        unsafe { convert::store(to.wrapping_add(index), *character) };
    }
}

/// # Safety
/// `to` has room for so many characters, or is NULL.
pub unsafe fn temporary_folder<C: Character>(room: DWORD, to: *mut C) -> DWORD {
    entry(0, || {
        let folder = C::of_bytes(&file::temporary_folder());
        let needed = folder.len() + 1;
        if to.is_null() || needed > room as usize {
            return Ok(needed as DWORD);
        }
        // SAFETY: so many, by this function's contract.
        unsafe { write(to, &folder) };
        Ok(folder.len() as DWORD)
    })
}

const MAX_PATH: usize = 260;

/// # Safety
/// `to` has room for MAX_PATH characters, or is NULL.
pub unsafe fn temporary_file<C: Character>(
    folder: impl FnOnce() -> PathArgument,
    prefix: impl FnOnce() -> PathArgument,
    number: UINT,
    to: *mut C,
) -> UINT {
    /// A slash, three characters, four digits, ".TMP" and the NUL.
    const REST: usize = 13;
    entry(0, || {
        let to = convert::not_null(to)?;
        let folder = path_argument::path(folder())?;
        if C::of_bytes(folder.to_bytes()).len() > MAX_PATH - REST {
            return Err(Error::BufferOverflow);
        }
        let prefix = first_three(&prefix()?.unwrap_or_default());
        let (path, number) = object::file::temporary(&folder, &prefix, number as u16)?;
        // Three characters may be twelve bytes.
        let path = C::of_bytes(path.to_bytes());
        if path.len() >= MAX_PATH {
            return Err(Error::BufferOverflow);
        }
        // SAFETY: by this function's contract.
        unsafe { write(to, &path) };
        Ok(number.into())
    })
}

fn first_three(prefix: &[u8]) -> Vec<u8> {
    let units = text::from_utf8(prefix);
    text::to_bytes(&units[..units.len().min(3)]).unwrap_or_default()
}
