//! The last error.

use super::types::*;
use crate::error;

/// Tells why the last function of this library that failed in the calling
/// thread did so.
///
/// Functions that succeed leave the value alone, except the Create functions,
/// which set it to 0 or to ERROR_ALREADY_EXISTS. It has nothing to do with errno.
///
/// @return one of the ERROR_ constants; 0 in a thread where nothing failed yet
#[unsafe(no_mangle)]
pub extern "C" fn GetLastError() -> DWORD {
    error::last()
}

/// Sets what GetLastError returns in the calling thread.
///
/// @param dwErrCode any value
#[unsafe(no_mangle)]
pub extern "C" fn SetLastError(dwErrCode: DWORD) {
    error::set_last(dwErrCode);
}
