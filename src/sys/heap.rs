//! The C library's heap, for memory that callers free.

use crate::error::Error;
use std::ffi::c_void;

/// What the bytes of new memory are.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Contents {
    Undefined,
    Zero,
}

/// What x86-64 has for a process. Sanitizers end a program that asks malloc for more.
const ADDRESS_SPACE: usize = 1 << 47;

/// Memory that is aligned for every type; never NULL, also for 0 bytes.
pub fn allocate(size: usize, contents: Contents) -> Result<*mut c_void, Error> {
    if size >= ADDRESS_SPACE {
        return Err(Error::Os(libc::ENOMEM));
    }
    let memory = match contents {
        // SAFETY: any size is allowed.
        Contents::Undefined => unsafe { libc::malloc(size) },
        // SAFETY: any size is allowed.
        Contents::Zero => unsafe { libc::calloc(1, size) },
    };
    if memory.is_null() { Err(Error::Os(libc::ENOMEM)) } else { Ok(memory) }
}

/// Does nothing for NULL.
///
/// # Safety
/// `memory` is NULL or from `allocate` (or malloc), and not freed before.
pub unsafe fn free(memory: *mut c_void) {
    // SAFETY: by this function's contract.
    unsafe { libc::free(memory) }
}
