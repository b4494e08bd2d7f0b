//! Files.

use crate::abi::file::{self, How};
use crate::abi::types::*;
use crate::abi::{file_name, path_argument};

#[unsafe(no_mangle)]
pub unsafe extern "C" fn winshm_CreateFileW32(
    lpFileName: *const u32,
    dwDesiredAccess: DWORD,
    dwShareMode: DWORD,
    lpSecurityAttributes: LPSECURITY_ATTRIBUTES,
    dwCreationDisposition: DWORD,
    dwFlagsAndAttributes: DWORD,
    hTemplateFile: HANDLE,
) -> HANDLE {
    traced!(winshm_CreateFileW32(
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
    let path = || unsafe { path_argument::wide32(lpFileName) };
    // SAFETY: passed on under the same contract.
    unsafe { file::create(path, &how) }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn winshm_DeleteFileW32(lpFileName: *const u32) -> BOOL {
    traced!(winshm_DeleteFileW32(lpFileName));
    // SAFETY: a string or NULL, by the contract of all functions.
    file_name::delete(|| unsafe { path_argument::wide32(lpFileName) })
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn winshm_GetTempPathW32(nBufferLength: DWORD, lpBuffer: *mut u32) -> DWORD {
    traced!(winshm_GetTempPathW32(nBufferLength, lpBuffer));
    // SAFETY: so long, by the contract of all functions.
    unsafe { file_name::temporary_folder(nBufferLength, lpBuffer) }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn winshm_GetTempFileNameW32(
    lpPathName: *const u32,
    lpPrefixString: *const u32,
    uUnique: UINT,
    lpTempFileName: *mut u32,
) -> UINT {
    traced!(winshm_GetTempFileNameW32(lpPathName, lpPrefixString, uUnique, lpTempFileName));
    // SAFETY: a string or NULL, by the contract of all functions.
    let folder = || unsafe { path_argument::wide32(lpPathName) };
    // SAFETY: a string or NULL, by the contract of all functions.
    let prefix = || unsafe { path_argument::wide32(lpPrefixString) };
    // SAFETY: so long, by the contract of all functions.
    unsafe { file_name::temporary_file(folder, prefix, uUnique, lpTempFileName) }
}
