//! The last error.

use super::types::*;
use crate::error;

/// Tells why the last function of this library that failed in the calling
/// thread did so.
///
/// Functions that succeed leave the value alone, except the Create functions,
/// which set it to 0 or to ERROR_ALREADY_EXISTS.
///
/// @return one of the ERROR_ constants; 0 in a thread where nothing failed yet
///
/// On Linux: failures of the C library and of system calls show in errno, not here.
#[unsafe(no_mangle)]
pub extern "C" fn GetLastError() -> DWORD {
    error::last()
}

/// Sets what GetLastError returns in the calling thread.
///
/// @param dwErrCode any value
#[unsafe(no_mangle)]
pub extern "C" fn SetLastError(dwErrCode: DWORD) {
    traced!(SetLastError(dwErrCode));
    error::set_last(dwErrCode);
}
