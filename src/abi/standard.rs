//! Standard input, output and error; and what kind of file a handle means.

use super::types::*;
use super::{convert, entry, entry_bool};
use crate::consts::*;
use crate::error::Error;
use crate::file::{FileKind, Stream};
use crate::object;

const INVALID_HANDLE_VALUE: HANDLE = usize::MAX as HANDLE;

/// A handle of a standard stream. Closing the handle does not close the stream.
///
/// @param nStdHandle STD_INPUT_HANDLE, STD_OUTPUT_HANDLE or STD_ERROR_HANDLE
/// @return the handle, the same one in every call; NULL: the program has no such stream; or
///         INVALID_HANDLE_VALUE with GetLastError: ERROR_INVALID_HANDLE: another number;
///         ERROR_NO_SYSTEM_RESOURCES
///
/// On Linux: what printf has buffered is written later than what WriteFile writes.
#[unsafe(no_mangle)]
pub extern "C" fn GetStdHandle(nStdHandle: DWORD) -> HANDLE {
    traced!(GetStdHandle(nStdHandle));
    entry(INVALID_HANDLE_VALUE, || object::standard(stream(nStdHandle)?).map(convert::to_handle))
}

/// Sets what GetStdHandle returns, and what programs started by CreateProcess get if it is
/// an inheritable handle of a file. The streams of the C library stay what they are.
///
/// @param nStdHandle as in GetStdHandle
/// @param hHandle    any value
/// @return TRUE, or FALSE with GetLastError: ERROR_INVALID_HANDLE: another number
#[unsafe(no_mangle)]
pub extern "C" fn SetStdHandle(nStdHandle: DWORD, hHandle: HANDLE) -> BOOL {
    traced!(SetStdHandle(nStdHandle, hHandle));
    entry_bool(|| {
        object::set_standard(stream(nStdHandle)?, convert::handle(hHandle));
        Ok(())
    })
}

/// Tells what kind of file a handle means.
///
/// @param hFile a handle of a file
/// @return FILE_TYPE_DISK, FILE_TYPE_CHAR or FILE_TYPE_PIPE; or FILE_TYPE_UNKNOWN with
///         GetLastError: ERROR_INVALID_HANDLE: not an open handle of a file
#[unsafe(no_mangle)]
pub extern "C" fn GetFileType(hFile: HANDLE) -> DWORD {
    traced!(GetFileType(hFile));
    entry(FILE_TYPE_UNKNOWN, || {
        Ok(match object::file::kind(convert::handle(hFile))? {
            FileKind::Regular | FileKind::Directory | FileKind::Link | FileKind::Other => FILE_TYPE_DISK,
            FileKind::Character => FILE_TYPE_CHAR,
            FileKind::Stream => FILE_TYPE_PIPE,
        })
    })
}

fn stream(number: DWORD) -> Result<Stream, Error> {
    match number {
        STD_INPUT_HANDLE => Ok(Stream::Input),
        STD_OUTPUT_HANDLE => Ok(Stream::Output),
        STD_ERROR_HANDLE => Ok(Stream::Error),
        _ => Err(Error::InvalidHandle),
    }
}
