//! Strings of C callers: UTF-8, 16-bit or 32-bit units, at any address.

use super::types::DWORD;
use crate::encoding::Unit;
use crate::error::Error;

/// A string up to the zero at its end; reads no more than `limit` units.
///
/// # Safety
/// `string` points to so many units, or to fewer and a zero.
pub unsafe fn up_to<T: Unit>(string: *const T, limit: usize) -> Vec<T> {
    // SAFETY: not behind the zero, nor the limit.
    let units = (0..limit).map(|index| unsafe { string.wrapping_add(index).read_unaligned() });
    units.take_while(|&unit| unit != T::default()).collect()
}

/// How many units stand before the zero.
///
/// # Safety
/// `string` points to a zero, or to units and a zero.
pub unsafe fn length<T: Unit>(string: *const T) -> usize {
    // SAFETY: not behind the zero.
    let unit = |index| unsafe { string.wrapping_add(index).read_unaligned() };
    (0..).find(|&index| unit(index) == T::default()).unwrap_or(usize::MAX)
}

/// # Safety
/// `text` points to so many units.
pub unsafe fn exactly<T: Unit>(text: *const T, count: usize) -> Result<Vec<T>, Error> {
    let mut units = Vec::new();
    units.try_reserve_exact(count).map_err(|_| Error::Os(libc::ENOMEM))?;
    // SAFETY: within the text.
    units.extend((0..count).map(|index| unsafe { text.wrapping_add(index).read_unaligned() }));
    Ok(units)
}

/// # Safety
/// `to` points to memory for as many units.
pub unsafe fn store<T: Unit>(text: &[T], to: *mut T) {
    let bytes = size_of_val(text);
    // SAFETY: both have so many bytes; the text is a copy of the library's own.
    unsafe { text.as_ptr().cast::<u8>().copy_to_nonoverlapping(to.cast(), bytes) }
}

/// Stores a text and a zero, in a buffer for `size` units; of a text that is too long
/// the beginning and a zero.
///
/// # Safety
/// `buffer` points to memory for so many units.
pub unsafe fn deliver<T: Unit>(text: &[T], buffer: *mut T, size: DWORD) -> Result<(), Error> {
    let room = (size as usize).checked_sub(1).ok_or(Error::BufferTooSmall)?;
    let stored = &text[..text.len().min(room)];
    // SAFETY: shorter than the buffer.
    unsafe { store(stored, buffer) };
    // SAFETY: behind it there is room for one more.
    unsafe { store(&[T::default()], buffer.wrapping_add(stored.len())) };
    if stored.len() == text.len() { Ok(()) } else { Err(Error::BufferTooSmall) }
}
