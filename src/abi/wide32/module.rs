//! Modules.

use crate::abi::types::*;
use crate::abi::{exports, module};

#[unsafe(no_mangle)]
pub unsafe extern "C" fn winshm_GetModuleHandleW32(lpModuleName: *const u32) -> HMODULE {
    traced!(winshm_GetModuleHandleW32(lpModuleName));
    // SAFETY: passed on under the same contract.
    unsafe { module::handle(lpModuleName) }
}

/// Its ...W functions take 32-bit units.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn winshm_GetProcAddress32(hModule: HMODULE, lpProcName: LPCSTR) -> module::FARPROC {
    traced!(winshm_GetProcAddress32(hModule, lpProcName));
    // SAFETY: passed on under the same contract.
    unsafe { module::function(hModule, lpProcName, exports::for_32_bits) }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn winshm_GetModuleFileNameW32(
    hModule: HMODULE,
    lpFilename: *mut u32,
    nSize: DWORD,
) -> DWORD {
    traced!(winshm_GetModuleFileNameW32(hModule, lpFilename, nSize));
    // SAFETY: passed on under the same contract.
    unsafe { module::file_name(hModule, lpFilename, nSize) }
}
