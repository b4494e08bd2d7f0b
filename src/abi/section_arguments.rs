//! What the arguments of CreateFileMapping and MapViewOfFile mean.

use super::convert;
use super::types::*;
use crate::consts::*;
use crate::error::Error;
use crate::handle::Handle;
use crate::memory;
use crate::protection::{Caching, Data, Protection};
use crate::section::{Attributes, Pages, ViewKind};

/// FILE_MAP_COPY counts only without the others, as on Windows.
pub fn view_kind(dwDesiredAccess: DWORD) -> ViewKind {
    let execute = dwDesiredAccess & FILE_MAP_EXECUTE != 0;
    let data = match dwDesiredAccess {
        access if access & FILE_MAP_WRITE != 0 => Data::Write,
        access if access & FILE_MAP_READ != 0 => Data::Read,
        access if access & FILE_MAP_COPY != 0 => Data::Copy,
        // Code that can be run can be read.
        _ if execute => Data::Read,
        _ => Data::None,
    };
    ViewKind { data, execute }
}

/// flProtect taken apart. What is wrong in itself is judged before the handle
/// and the name, as on Windows.
pub fn section_attributes(flProtect: DWORD, size: u64) -> Result<Attributes, Error> {
    const PAGE_BITS: DWORD = 0xffff;
    let sec = flProtect & !PAGE_BITS;
    let protection = convert::page_kind(flProtect & PAGE_BITS)?;
    if protection.data == Data::None {
        return Err(Error::InvalidParameter);
    }
    if let SEC_IMAGE | SEC_IMAGE_NO_EXECUTE = sec {
        return Ok(Attributes { protection, caching: Caching::Normal, pages: Pages::Image });
    }
    if sec & SEC_LARGE_PAGES != 0 && !is_large_pages(sec, size) {
        return Err(Error::InvalidParameter);
    }
    let known = SEC_COMMIT | SEC_RESERVE | SEC_NOCACHE | SEC_WRITECOMBINE | SEC_LARGE_PAGES;
    let caching = sec & (SEC_NOCACHE | SEC_WRITECOMBINE);
    let state = sec & (SEC_COMMIT | SEC_RESERVE);
    let impossible = sec & !known != 0
        || state == SEC_COMMIT | SEC_RESERVE
        || caching == SEC_NOCACHE | SEC_WRITECOMBINE
        || caching != 0 && state == 0;
    if impossible {
        return Err(Error::InvalidParameter);
    }
    let caching = match caching {
        SEC_NOCACHE => Caching::Uncached,
        SEC_WRITECOMBINE => Caching::WriteCombined,
        _ => Caching::Normal,
    };
    let pages = match state {
        _ if sec & SEC_LARGE_PAGES != 0 => Pages::Large,
        SEC_RESERVE => Pages::Reserved,
        _ => Pages::Committed,
    };
    Ok(Attributes { protection, caching, pages })
}

/// Large pages are committed, and whole.
fn is_large_pages(sec: DWORD, size: u64) -> bool {
    sec == SEC_LARGE_PAGES | SEC_COMMIT && size % memory::LARGE_PAGE_SIZE as u64 == 0
}

/// The handle of a file; None: the section is memory.
pub fn file_handle(hFile: HANDLE) -> Option<Handle> {
    const INVALID_HANDLE_VALUE: Handle = usize::MAX;
    match convert::handle(hFile) {
        0 | INVALID_HANDLE_VALUE => None,
        handle => Some(handle),
    }
}

/// What the creator's handle may do.
pub fn creator_rights(protection: Protection) -> DWORD {
    let write = if protection.data == Data::Write { SECTION_MAP_WRITE } else { 0 };
    let execute = if protection.execute { SECTION_MAP_EXECUTE } else { 0 };
    STANDARD_RIGHTS_REQUIRED | SECTION_QUERY | SECTION_MAP_READ | write | execute
}
