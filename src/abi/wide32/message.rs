//! Messages.

use crate::abi::message::{self, Request};
use crate::abi::types::*;

/// Its wide inserts have 32-bit units.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn winshm_FormatMessageA32(
    dwFlags: DWORD,
    lpSource: LPCVOID,
    dwMessageId: DWORD,
    dwLanguageId: DWORD,
    lpBuffer: LPSTR,
    nSize: DWORD,
    Arguments: *mut va_list,
) -> DWORD {
    traced!(winshm_FormatMessageA32(
        dwFlags,
        lpSource,
        dwMessageId,
        dwLanguageId,
        lpBuffer,
        nSize,
        Arguments
    ));
    let request = Request { dwFlags, lpSource, dwMessageId, dwLanguageId, nSize, Arguments };
    // SAFETY: passed on under the same contract.
    unsafe { message::format_narrow::<u32>(&request, lpBuffer) }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn winshm_FormatMessageW32(
    dwFlags: DWORD,
    lpSource: LPCVOID,
    dwMessageId: DWORD,
    dwLanguageId: DWORD,
    lpBuffer: *mut u32,
    nSize: DWORD,
    Arguments: *mut va_list,
) -> DWORD {
    traced!(winshm_FormatMessageW32(
        dwFlags,
        lpSource,
        dwMessageId,
        dwLanguageId,
        lpBuffer,
        nSize,
        Arguments
    ));
    let request = Request { dwFlags, lpSource, dwMessageId, dwLanguageId, nSize, Arguments };
    // SAFETY: passed on under the same contract.
    unsafe { message::format::<u32, u32>(&request, lpBuffer) }
}
