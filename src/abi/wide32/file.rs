//! Files.

use crate::abi::file::{self, How};
use crate::abi::path_argument;
use crate::abi::types::*;

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
