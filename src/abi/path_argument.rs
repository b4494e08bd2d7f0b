//! Paths of files as arguments.

use super::convert;
use super::types::*;
use crate::error::Error;
use crate::file;
use crate::text;
use std::ffi::{CStr, CString};

/// A path as bytes; None for NULL.
pub type PathArgument = Result<Option<Vec<u8>>, Error>;

/// # Safety
/// `path` is NULL or points to a NUL-terminated string.
pub unsafe fn ansi(path: LPCSTR) -> PathArgument {
    if path.is_null() {
        return Ok(None);
    }
    // SAFETY: by this function's contract.
    Ok(Some(unsafe { CStr::from_ptr(path) }.to_bytes().to_vec()))
}

/// # Safety
/// `path` is NULL or points to a NUL-terminated string of 16-bit units.
pub unsafe fn wide16(path: *const u16) -> PathArgument {
    // SAFETY: by this function's contract.
    to_bytes(unsafe { convert::wide16(path) }?)
}

/// # Safety
/// `path` is NULL or points to a NUL-terminated string of 32-bit units.
pub unsafe fn wide32(path: *const u32) -> PathArgument {
    // SAFETY: by this function's contract.
    to_bytes(unsafe { convert::wide32(path) }?)
}

fn to_bytes(units: Option<Vec<u16>>) -> PathArgument {
    // A lone surrogate has no spelling that another program would find.
    units.map(|units| text::to_bytes(&units).ok_or(Error::InvalidName)).transpose()
}

/// The file that a path names.
pub fn path(argument: PathArgument) -> Result<CString, Error> {
    file::parse_path(&argument?.ok_or(Error::PathNotFound)?)
}
