//! Texts in other encodings, and for developers.

use crate::abi::text::{self, Fallback};
use crate::abi::types::*;

#[unsafe(no_mangle)]
pub unsafe extern "C" fn winshm_MultiByteToWideChar32(
    CodePage: UINT,
    dwFlags: DWORD,
    lpMultiByteStr: LPCSTR,
    cbMultiByte: i32,
    lpWideCharStr: *mut u32,
    cchWideChar: i32,
) -> i32 {
    traced!(winshm_MultiByteToWideChar32(
        CodePage,
        dwFlags,
        lpMultiByteStr,
        cbMultiByte,
        lpWideCharStr,
        cchWideChar
    ));
    // SAFETY: passed on under the same contract.
    unsafe { text::widen(CodePage, dwFlags, lpMultiByteStr.cast(), cbMultiByte, lpWideCharStr, cchWideChar) }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn winshm_WideCharToMultiByte32(
    CodePage: UINT,
    dwFlags: DWORD,
    lpWideCharStr: *const u32,
    cchWideChar: i32,
    lpMultiByteStr: LPSTR,
    cbMultiByte: i32,
    lpDefaultChar: LPCSTR,
    lpUsedDefaultChar: LPBOOL,
) -> i32 {
    traced!(winshm_WideCharToMultiByte32(
        CodePage,
        dwFlags,
        lpWideCharStr,
        cchWideChar,
        lpMultiByteStr,
        cbMultiByte,
        lpDefaultChar,
        lpUsedDefaultChar
    ));
    let fallback = Fallback { lpDefaultChar, lpUsedDefaultChar };
    let (from, to) = ((lpWideCharStr, cchWideChar), (lpMultiByteStr.cast(), cbMultiByte));
    // SAFETY: passed on under the same contract.
    unsafe { text::narrow(CodePage, dwFlags, from, to, &fallback) }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn winshm_OutputDebugStringW32(lpOutputString: *const u32) {
    traced!(winshm_OutputDebugStringW32(lpOutputString));
    // SAFETY: passed on under the same contract.
    unsafe { text::output(lpOutputString) }
}
