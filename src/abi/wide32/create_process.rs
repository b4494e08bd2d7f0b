//! Starting programs.

use crate::abi::create_process::{self, How, Texts};
use crate::abi::path_argument;
use crate::abi::types::*;
use crate::consts::CREATE_UNICODE_ENVIRONMENT;
use crate::text;

#[unsafe(no_mangle)]
pub unsafe extern "C" fn winshm_CreateProcessW32(
    lpApplicationName: *const u32,
    lpCommandLine: *mut u32,
    lpProcessAttributes: LPSECURITY_ATTRIBUTES,
    lpThreadAttributes: LPSECURITY_ATTRIBUTES,
    bInheritHandles: BOOL,
    dwCreationFlags: DWORD,
    lpEnvironment: LPVOID,
    lpCurrentDirectory: *const u32,
    lpStartupInfo: LPSTARTUPINFOW,
    lpProcessInformation: LPPROCESS_INFORMATION,
) -> BOOL {
    traced!(winshm_CreateProcessW32(
        lpApplicationName,
        lpCommandLine,
        lpProcessAttributes,
        lpThreadAttributes,
        bInheritHandles,
        dwCreationFlags,
        lpEnvironment,
        lpCurrentDirectory,
        lpStartupInfo,
        lpProcessInformation
    ));
    let is_wide = dwCreationFlags & CREATE_UNICODE_ENVIRONMENT != 0;
    let wide = |string: &[u32]| text::from_utf32(string).and_then(create_process::of_units);
    let texts = || {
        Ok(Texts {
            // SAFETY: a string or NULL, by the contract of all functions.
            application: unsafe { path_argument::wide32(lpApplicationName) }?,
            // SAFETY: as above.
            command_line: unsafe { path_argument::wide32(lpCommandLine) }?,
            // SAFETY: as above.
            directory: unsafe { path_argument::wide32(lpCurrentDirectory) }?,
            environment: match is_wide {
                // SAFETY: strings up to an empty one, or NULL.
                true => unsafe { create_process::block(lpEnvironment.cast::<u32>(), wide) }?,
                // SAFETY: as above.
                false => unsafe {
                    create_process::block(lpEnvironment.cast::<u8>(), |string| Ok(string.to_vec()))
                }?,
            },
        })
    };
    let how = How {
        attributes: [lpProcessAttributes, lpThreadAttributes],
        bInheritHandles,
        dwCreationFlags,
        startup: lpStartupInfo.cast(),
        information: lpProcessInformation,
    };
    // SAFETY: passed on under the same contract.
    unsafe { create_process::create(texts, &how) }
}
