//! The C library's heap: memory that callers free, and whether there is enough of it
//! for the inside (see `reserve`).

use super::reserve;
use crate::error::Error;
use std::ffi::c_void;
use std::hint::black_box;

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

/// The bytes that may be used: what was asked for, or a little more; 0 for NULL.
///
/// # Safety
/// `memory` is NULL or from `allocate` (or malloc), and not freed.
pub unsafe fn size(memory: *mut c_void) -> usize {
    // SAFETY: by this function's contract.
    unsafe { libc::malloc_usable_size(memory) }
}

/// More than what a call allocates by and by, but for long texts.
const OF_A_CALL: usize = 64 << 10;
/// More than what an entry of a table needs.
const OF_AN_ENTRY: usize = 4 << 10;

/// Whether malloc has so many bytes in one piece. It is an error if not.
pub fn has(size: usize) -> Result<(), Error> {
    let memory = black_box(allocate(size, Contents::Undefined)?);
    // SAFETY: allocated above.
    unsafe { free(memory) };
    Ok(())
}

/// To be asked at the beginning of what cannot be taken back when it fails in the middle.
pub fn has_room() -> Result<(), Error> {
    has(OF_A_CALL)
}

/// To be asked before something is kept: what lasts must not use up the reserve. One load,
/// while the reserve is not used.
#[inline]
pub fn suffices() -> Result<(), Error> {
    if reserve::is_used() { has(OF_AN_ENTRY) } else { Ok(()) }
}
