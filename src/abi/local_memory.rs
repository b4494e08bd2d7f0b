//! Memory that one function makes and the caller frees.

use super::entry;
use super::types::*;
use crate::consts::{LMEM_VALID_FLAGS, LMEM_ZEROINIT};
use crate::error::Error;
use crate::sys::heap::{self, Contents};
use std::ptr;

/// Allocates memory.
///
/// @param uFlags LMEM_FIXED or LMEM_MOVEABLE, with LMEM_ZEROINIT for zeros; LPTR is
///               LMEM_FIXED | LMEM_ZEROINIT
/// @param uBytes the size; 0 gives memory of no size
/// @return the address, which LocalFree takes; or NULL with GetLastError:
///         ERROR_NOT_ENOUGH_MEMORY; ERROR_INVALID_PARAMETER: unknown flags
///
/// On Linux: the memory is malloc's, which free would take too, and its handle is its
/// address: LMEM_MOVEABLE has no effect, and LocalLock does not exist.
#[unsafe(no_mangle)]
pub extern "C" fn LocalAlloc(uFlags: UINT, uBytes: SIZE_T) -> HLOCAL {
    traced!(LocalAlloc(uFlags, uBytes));
    entry(ptr::null_mut(), || {
        if uFlags & !LMEM_VALID_FLAGS != 0 {
            return Err(Error::InvalidParameter);
        }
        let contents = if uFlags & LMEM_ZEROINIT != 0 { Contents::Zero } else { Contents::Undefined };
        heap::allocate(uBytes, contents)
    })
}

/// Tells the size of what LocalAlloc, FormatMessage and other functions that say so have made.
///
/// @param hMem the memory
/// @return the bytes that may be used, which may be more than what was asked for; or 0 with
///         GetLastError: ERROR_INVALID_HANDLE: hMem is NULL
///
/// On Linux: what no such function made, or what was freed, is not noticed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn LocalSize(hMem: HLOCAL) -> SIZE_T {
    traced!(LocalSize(hMem));
    entry(0, || {
        if hMem.is_null() {
            return Err(Error::InvalidHandle);
        }
        // SAFETY: such memory, by the contract of this function.
        Ok(unsafe { heap::size(hMem) })
    })
}

/// Frees what LocalAlloc, FormatMessage and other functions that say so have made.
///
/// @param hMem the memory; NULL is ignored
/// @return NULL
///
/// On Linux: what no such function made, or what was freed before, ends the process or
/// damages its heap, as with free; Windows may notice, and return hMem.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn LocalFree(hMem: HLOCAL) -> HLOCAL {
    traced!(LocalFree(hMem));
    // SAFETY: NULL or such memory, by the contract of this function.
    unsafe { heap::free(hMem) };
    ptr::null_mut()
}
