//! The ...W functions for callers whose `wchar_t` has 32 bits. The header binds
//! their ...W declarations to these symbols, so this file is no section of it.
#![expect(missing_docs, reason = "documented at the 16-bit functions")]

use super::types::*;
use super::{convert, event, section};

#[unsafe(no_mangle)]
pub unsafe extern "C" fn winshm_CreateFileMappingW32(
    hFile: HANDLE,
    lpFileMappingAttributes: LPSECURITY_ATTRIBUTES,
    flProtect: DWORD,
    dwMaximumSizeHigh: DWORD,
    dwMaximumSizeLow: DWORD,
    lpName: *const u32,
) -> HANDLE {
    let size = convert::size(dwMaximumSizeHigh, dwMaximumSizeLow);
    // SAFETY: a string or NULL, by the contract of all functions.
    let name = || unsafe { convert::wide32(lpName) };
    // SAFETY: passed on under the same contract.
    unsafe { section::create(hFile, lpFileMappingAttributes, flProtect, size, name) }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn winshm_OpenFileMappingW32(
    dwDesiredAccess: DWORD,
    bInheritHandle: BOOL,
    lpName: *const u32,
) -> HANDLE {
    // SAFETY: a string or NULL, by the contract of all functions.
    section::open(dwDesiredAccess, bInheritHandle, || unsafe { convert::wide32(lpName) })
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn winshm_CreateEventW32(
    lpEventAttributes: LPSECURITY_ATTRIBUTES,
    bManualReset: BOOL,
    bInitialState: BOOL,
    lpName: *const u32,
) -> HANDLE {
    // SAFETY: a string or NULL, by the contract of all functions.
    let name = || unsafe { convert::wide32(lpName) };
    // SAFETY: passed on under the same contract.
    unsafe { event::create(lpEventAttributes, bManualReset, bInitialState, name) }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn winshm_OpenEventW32(
    dwDesiredAccess: DWORD,
    bInheritHandle: BOOL,
    lpName: *const u32,
) -> HANDLE {
    // SAFETY: a string or NULL, by the contract of all functions.
    event::open(dwDesiredAccess, bInheritHandle, || unsafe { convert::wide32(lpName) })
}
