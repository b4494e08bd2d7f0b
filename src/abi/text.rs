//! Texts in other encodings, and for developers.

use super::types::*;
use super::{entry, strings};
use crate::consts::*;
use crate::debug_output;
use crate::encoding::{self, Invalid, Unit};
use crate::error::Error;

/// Converts UTF-8 to wide characters.
///
/// What is no UTF-8 becomes U+FFFD, one for each longest piece that could have begun a
/// character.
///
/// @param CodePage       CP_UTF8; or CP_ACP, CP_OEMCP or CP_THREAD_ACP
/// @param dwFlags        MB_ERR_INVALID_CHARS: what is no UTF-8 is an error; MB_PRECOMPOSED,
///                       which has no effect, with any code page but CP_UTF8
/// @param lpMultiByteStr the text
/// @param cbMultiByte    its length in bytes; negative: up to the zero at its end, which is
///                       converted too
/// @param lpWideCharStr  receives the text; it has a zero at its end only if the source has
/// @param cchWideChar    the size of the buffer in characters; 0: nothing is stored
/// @return the number of characters stored, or needed if cchWideChar is 0; or 0 with
///         GetLastError:
///         ERROR_INVALID_PARAMETER: a pointer is NULL or both are equal, a length is 0 or
///         negative where it must not be, or another code page;
///         ERROR_INVALID_FLAGS: other flags;
///         ERROR_NO_UNICODE_TRANSLATION: with MB_ERR_INVALID_CHARS, the text is no UTF-8;
///         ERROR_INSUFFICIENT_BUFFER: only the beginning was stored
///
/// On Linux: every code page is UTF-8, as on a Windows that was set up so; others, such as
/// 1252, do not exist.
///
/// cbindgen:postfix=WINSHM_WIDE(MultiByteToWideChar)
#[unsafe(no_mangle)]
pub unsafe extern "C" fn MultiByteToWideChar(
    CodePage: UINT,
    dwFlags: DWORD,
    lpMultiByteStr: LPCSTR,
    cbMultiByte: i32,
    lpWideCharStr: LPWSTR,
    cchWideChar: i32,
) -> i32 {
    traced!(MultiByteToWideChar(CodePage, dwFlags, lpMultiByteStr, cbMultiByte, lpWideCharStr, cchWideChar));
    // SAFETY: passed on under the same contract.
    unsafe { widen(CodePage, dwFlags, lpMultiByteStr.cast(), cbMultiByte, lpWideCharStr, cchWideChar) }
}

/// Converts wide characters to UTF-8.
///
/// A surrogate without its other half becomes U+FFFD.
///
/// @param CodePage          CP_UTF8; or CP_ACP, CP_OEMCP or CP_THREAD_ACP
/// @param dwFlags           WC_ERR_INVALID_CHARS: what is no character is an error;
///                          WC_NO_BEST_FIT_CHARS, which has no effect, with any code page but
///                          CP_UTF8
/// @param lpWideCharStr     the text
/// @param cchWideChar       its length in characters; negative: up to the zero at its end,
///                          which is converted too
/// @param lpMultiByteStr    receives the text; it has a zero at its end only if the source has
/// @param cbMultiByte       the size of the buffer in bytes; 0: nothing is stored
/// @param lpDefaultChar     NULL with CP_UTF8; else NULL, or the ASCII character that stands
///                          for what is none
/// @param lpUsedDefaultChar NULL with CP_UTF8; else NULL, or receives TRUE if that was needed
/// @return the number of bytes stored, or needed if cbMultiByte is 0; or 0 with GetLastError:
///         ERROR_INVALID_PARAMETER: a pointer is NULL or both are equal, a length is 0 or
///         negative where it must not be, another code page, or lpDefaultChar or
///         lpUsedDefaultChar with CP_UTF8;
///         ERROR_INVALID_FLAGS: other flags;
///         ERROR_NO_UNICODE_TRANSLATION: with WC_ERR_INVALID_CHARS, something is no character;
///         ERROR_INSUFFICIENT_BUFFER: only the beginning was stored
///
/// On Linux: every code page is UTF-8, as for MultiByteToWideChar.
///
/// cbindgen:postfix=WINSHM_WIDE(WideCharToMultiByte)
#[unsafe(no_mangle)]
pub unsafe extern "C" fn WideCharToMultiByte(
    CodePage: UINT,
    dwFlags: DWORD,
    lpWideCharStr: LPCWSTR,
    cchWideChar: i32,
    lpMultiByteStr: LPSTR,
    cbMultiByte: i32,
    lpDefaultChar: LPCSTR,
    lpUsedDefaultChar: LPBOOL,
) -> i32 {
    traced!(WideCharToMultiByte(
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
    unsafe { narrow(CodePage, dwFlags, from, to, &fallback) }
}

/// Tells a debugger something.
///
/// @param lpOutputString the text; NULL is nothing
///
/// On Linux: nobody listens, as on a Windows without a debugger. With the environment
/// variable WINSHM_DEBUG_OUTPUT, set to anything when the process first calls the function,
/// the text goes to the standard error output as it is; set-uid programs ignore it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn OutputDebugStringA(lpOutputString: LPCSTR) {
    traced!(OutputDebugStringA(lpOutputString));
    // SAFETY: passed on under the same contract.
    unsafe { output(lpOutputString.cast::<u8>()) }
}

/// OutputDebugStringA with a wide text.
///
/// @param lpOutputString the text; NULL is nothing
///
/// cbindgen:postfix=WINSHM_WIDE(OutputDebugStringW)
#[unsafe(no_mangle)]
pub unsafe extern "C" fn OutputDebugStringW(lpOutputString: LPCWSTR) {
    traced!(OutputDebugStringW(lpOutputString));
    // SAFETY: passed on under the same contract.
    unsafe { output(lpOutputString) }
}

/// # Safety
/// The documentation of MultiByteToWideChar holds, for wide characters of units `T`.
pub(super) unsafe fn widen<T: Unit>(
    CodePage: UINT,
    dwFlags: DWORD,
    lpMultiByteStr: *const u8,
    cbMultiByte: i32,
    lpWideCharStr: *mut T,
    cchWideChar: i32,
) -> i32 {
    entry(0, || {
        let (from, to) = ((lpMultiByteStr, cbMultiByte), (lpWideCharStr, cchWideChar));
        check_buffers(from, to)?;
        check_code_page(CodePage, dwFlags, MB_ERR_INVALID_CHARS, MB_PRECOMPOSED)?;
        let refuses = dwFlags & MB_ERR_INVALID_CHARS != 0;
        let invalid = if refuses { Invalid::Refused } else { Invalid::Replaced(char::REPLACEMENT_CHARACTER) };
        // SAFETY: by this function's contract.
        let text = unsafe { source(from) }?;
        // SAFETY: by this function's contract.
        unsafe { store(&encoding::convert(&text, invalid)?.text, to) }
    })
}

/// What WideCharToMultiByte has for other code pages than UTF-8.
pub(super) struct Fallback {
    pub lpDefaultChar: LPCSTR,
    pub lpUsedDefaultChar: LPBOOL,
}

/// # Safety
/// The documentation of WideCharToMultiByte holds, for wide characters of units `T`.
pub(super) unsafe fn narrow<T: Unit>(
    CodePage: UINT,
    dwFlags: DWORD,
    from: (*const T, i32),
    to: (*mut u8, i32),
    fallback: &Fallback,
) -> i32 {
    let Fallback { lpDefaultChar, lpUsedDefaultChar } = *fallback;
    entry(0, || {
        check_buffers(from, to)?;
        check_code_page(CodePage, dwFlags, WC_ERR_INVALID_CHARS, WC_NO_BEST_FIT_CHARS)?;
        if CodePage == CP_UTF8 && !(lpDefaultChar.is_null() && lpUsedDefaultChar.is_null()) {
            return Err(Error::InvalidParameter);
        }
        let replacement = if lpDefaultChar.is_null() {
            char::REPLACEMENT_CHARACTER
        } else {
            // SAFETY: not NULL, hence a character.
            let default = unsafe { lpDefaultChar.cast::<u8>().read() };
            if !default.is_ascii() {
                return Err(Error::InvalidParameter);
            }
            default.into()
        };
        let refuses = dwFlags & WC_ERR_INVALID_CHARS != 0;
        let invalid = if refuses { Invalid::Refused } else { Invalid::Replaced(replacement) };
        // SAFETY: by this function's contract.
        let text = unsafe { source(from) }?;
        let converted = encoding::convert(&text, invalid)?;
        if !lpUsedDefaultChar.is_null() {
            // SAFETY: not NULL, hence valid by the contract of all functions.
            unsafe { super::convert::store(lpUsedDefaultChar, converted.was_replaced.into()) };
        }
        // SAFETY: by this function's contract.
        unsafe { store(&converted.text, to) }
    })
}

fn check_buffers<From, To>(from: (*const From, i32), to: (*mut To, i32)) -> Result<(), Error> {
    let no_source = from.0.is_null() || from.1 == 0;
    let no_buffer = to.1 < 0 || to.1 != 0 && (to.0.is_null() || from.0.cast::<To>() == to.0.cast_const());
    if no_source || no_buffer { Err(Error::InvalidParameter) } else { Ok(()) }
}

/// `refusing` is the flag for what is no character, `of_ansi` one that says how characters
/// are chosen in other encodings than UTF-8.
fn check_code_page(CodePage: UINT, dwFlags: DWORD, refusing: DWORD, of_ansi: DWORD) -> Result<(), Error> {
    let known = match CodePage {
        CP_UTF8 => refusing,
        CP_ACP | CP_OEMCP | CP_THREAD_ACP => refusing | of_ansi,
        _ => return Err(Error::InvalidParameter),
    };
    if dwFlags & !known != 0 { Err(Error::InvalidFlags) } else { Ok(()) }
}

/// # Safety
/// So many units stand there, or a zero behind the last one.
unsafe fn source<T: Unit>((text, length): (*const T, i32)) -> Result<Vec<T>, Error> {
    // The zero is a part of the text.
    // SAFETY: by this function's contract a zero stands there if there is no length.
    let length = usize::try_from(length).unwrap_or_else(|_| unsafe { strings::length(text) } + 1);
    // SAFETY: by this function's contract.
    unsafe { strings::exactly(text, length) }
}

/// # Safety
/// The buffer has room for so many units.
unsafe fn store<T: Unit>(text: &[T], (buffer, room): (*mut T, i32)) -> Result<i32, Error> {
    let length = i32::try_from(text.len()).map_err(|_| Error::InvalidParameter)?;
    if room != 0 {
        // SAFETY: no more than there is room for.
        unsafe { strings::store(&text[..length.min(room) as usize], buffer) };
        if length > room {
            return Err(Error::BufferTooSmall);
        }
    }
    Ok(length)
}

/// # Safety
/// `text` is NULL or a string.
pub(super) unsafe fn output<T: Unit>(text: *const T) {
    entry((), || {
        if debug_output::is_wanted() && !text.is_null() {
            // SAFETY: not NULL, hence a string.
            let text = unsafe { strings::up_to(text, usize::MAX) };
            debug_output::write(&u8::from_units(&T::to_units(&text)));
        }
        Ok(())
    })
}
