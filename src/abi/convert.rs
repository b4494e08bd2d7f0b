//! C arguments to Rust values and back.

use super::caller_security;
use super::types::*;
use crate::consts::*;
use crate::error::{self, Error};
use crate::handle::{Flags, Handle};
use crate::memory;
use crate::module::Module;
use crate::name::{LONGEST, Name, SectionName};
use crate::namespace::Created;
use crate::protection::{Caching, Data, Protection};
use crate::security::Audience;
use crate::sys::process;
use crate::text;

pub fn handle(handle: HANDLE) -> Handle {
    handle as Handle
}

pub fn to_handle(handle: Handle) -> HANDLE {
    handle as HANDLE
}

pub fn module(module: HMODULE) -> Module {
    module.addr()
}

pub fn size(high: DWORD, low: DWORD) -> u64 {
    u64::from(high) << 32 | u64::from(low)
}

/// Longest string of the ANSI functions, as on Windows: MAX_PATH less the NUL.
const LONGEST_ANSI: usize = 259;

/// The unit at an index of a string, which C callers may have at any address.
///
/// # Safety
/// The string has no NUL before the unit.
unsafe fn unit<T: Copy>(string: *const T, index: usize) -> T {
    // SAFETY: part of the string, by this function's contract.
    unsafe { string.wrapping_add(index).read_unaligned() }
}

/// The length of a NUL-terminated string; reads no further than `limit`.
///
/// # Safety
/// `string` points to a NUL-terminated string.
unsafe fn length<T: Copy + PartialEq + Default>(string: *const T, limit: usize) -> Result<usize, Error> {
    let mut length = 0;
    // SAFETY: no NUL before `length`.
    while unsafe { unit(string, length) } != T::default() {
        if length == limit {
            return Err(Error::NameTooLong);
        }
        length += 1;
    }
    Ok(length)
}

/// The units of a wide string; None for NULL.
///
/// # Safety
/// `string` is NULL or points to a NUL-terminated string.
unsafe fn units<T: Copy + PartialEq + Default>(string: *const T) -> Result<Option<Vec<T>>, Error> {
    if string.is_null() {
        return Ok(None);
    }
    // SAFETY: by this function's contract.
    let length = unsafe { length(string, LONGEST)? };
    // SAFETY: before the NUL.
    Ok(Some((0..length).map(|index| unsafe { unit(string, index) }).collect()))
}

/// A name as units; None for NULL.
pub type NameArgument = Result<Option<Vec<u16>>, Error>;

/// # Safety
/// `name` is NULL or points to a NUL-terminated string.
pub unsafe fn ansi(name: LPCSTR) -> NameArgument {
    // SAFETY: by this function's contract.
    unsafe { ansi_up_to(LONGEST_ANSI, name) }
}

/// A text that is not a name, and may be as long as a wide one.
///
/// # Safety
/// `text` is NULL or points to a NUL-terminated string.
pub unsafe fn long_ansi(text: LPCSTR) -> NameArgument {
    // SAFETY: by this function's contract.
    unsafe { ansi_up_to(LONGEST, text) }
}

/// # Safety
/// `name` is NULL or points to a NUL-terminated string.
unsafe fn ansi_up_to(longest: usize, name: LPCSTR) -> NameArgument {
    if name.is_null() {
        return Ok(None);
    }
    // A character takes up to four bytes.
    // SAFETY: by this function's contract.
    let length = unsafe { length(name, 4 * longest)? };
    // SAFETY: so many bytes before the NUL, which do not change during the call.
    let bytes = unsafe { std::slice::from_raw_parts(name.cast::<u8>(), length) };
    let units = text::from_utf8(bytes);
    if units.len() > longest { Err(Error::NameTooLong) } else { Ok(Some(units)) }
}

/// # Safety
/// `name` is NULL or points to a NUL-terminated string of 16-bit units.
pub unsafe fn wide16(name: *const u16) -> NameArgument {
    // SAFETY: by this function's contract.
    unsafe { units(name) }
}

/// # Safety
/// `name` is NULL or points to a NUL-terminated string of 32-bit units.
pub unsafe fn wide32(name: *const u32) -> NameArgument {
    // SAFETY: by this function's contract.
    match unsafe { units(name)? } {
        Some(units) => text::from_utf32(&units).map(Some),
        None => Ok(None),
    }
}

/// The name of an object to be created; None: it gets none.
pub fn name_to_create(name: NameArgument) -> Result<Option<Name>, Error> {
    match name? {
        Some(units) if !units.is_empty() => Name::new(units).map(Some),
        _ => Ok(None),
    }
}

/// The name of an object to be opened.
pub fn name_to_open(name: NameArgument) -> Result<Name, Error> {
    Name::new(name?.ok_or(Error::InvalidParameter)?)
}

/// The name of a section to be created; None: it gets none.
pub fn section_name_to_create(name: Option<Vec<u16>>) -> Result<Option<SectionName>, Error> {
    name.filter(|units| !units.is_empty()).map(SectionName::new).transpose()
}

/// The name of a section to be opened.
pub fn section_name_to_open(name: NameArgument) -> Result<SectionName, Error> {
    SectionName::new(name?.ok_or(Error::InvalidParameter)?)
}

/// What SECURITY_ATTRIBUTES say of a new handle, and of the object if it is new too.
pub struct Attributes {
    pub flags: Flags,
    pub audience: Audience,
}

/// # Safety
/// `attributes` is NULL or points to a SECURITY_ATTRIBUTES.
pub unsafe fn security(attributes: LPSECURITY_ATTRIBUTES) -> Result<Attributes, Error> {
    if attributes.is_null() {
        return Ok(Attributes { flags: Flags::default(), audience: Audience::Usual });
    }
    // SAFETY: by this function's contract; any alignment.
    let attributes = unsafe { attributes.read_unaligned() };
    let audience = match attributes.lpSecurityDescriptor {
        none if none.is_null() => Audience::Usual,
        // SAFETY: not NULL, hence valid by this function's contract.
        some => unsafe { caller_security::descriptor(some)? }.audience(process::effective_user())?,
    };
    let closed = Flags::no_more_rights(audience == Audience::Nobody);
    Ok(Attributes { flags: Flags::inherit(attributes.bInheritHandle != 0).and(closed), audience })
}

/// The handle of a successful create, which always sets the last error: to 0,
/// or to ERROR_ALREADY_EXISTS.
pub fn created((handle, created): (Handle, Created)) -> HANDLE {
    error::set_last(match created {
        Created::Yes => ERROR_SUCCESS,
        Created::No => ERROR_ALREADY_EXISTS,
    });
    to_handle(handle)
}

const PAGE_KINDS: [(DWORD, Protection); 8] = [
    (PAGE_NOACCESS, Protection::NO_ACCESS),
    (PAGE_READONLY, Protection::READ),
    (PAGE_READWRITE, Protection::READ_WRITE),
    (PAGE_WRITECOPY, Protection::COPY),
    (PAGE_EXECUTE, Protection::new(Data::None, true)),
    (PAGE_EXECUTE_READ, Protection::new(Data::Read, true)),
    (PAGE_EXECUTE_READWRITE, Protection::new(Data::Write, true)),
    (PAGE_EXECUTE_WRITECOPY, Protection::new(Data::Copy, true)),
];

/// Exactly one PAGE_ constant.
pub fn page_kind(protect: DWORD) -> Result<Protection, Error> {
    let known = PAGE_KINDS.iter().find(|(bits, _)| *bits == protect);
    known.map(|&(_, protection)| protection).ok_or(Error::InvalidParameter)
}

/// One PAGE_ constant, perhaps with the caching that is accepted without effect.
pub fn page_protection(protect: DWORD) -> Result<Protection, Error> {
    let caching = protect & (PAGE_NOCACHE | PAGE_WRITECOMBINE);
    let protection = page_kind(protect & !caching)?;
    let impossible = caching.count_ones() > 1 || caching != 0 && protection == Protection::NO_ACCESS;
    if impossible { Err(Error::InvalidParameter) } else { Ok(protection) }
}

/// The PAGE_ constant of a protection.
pub fn page_bits(protection: Protection, caching: Caching) -> DWORD {
    let known = PAGE_KINDS.iter().find(|(_, known)| *known == protection);
    let bits = known.map_or(0, |&(bits, _)| bits);
    bits | match caching {
        Caching::Normal => 0,
        Caching::Uncached => PAGE_NOCACHE,
        Caching::WriteCombined => PAGE_WRITECOMBINE,
    }
}

/// The SEC_ constant of the caching of a section.
pub fn section_caching_bits(caching: Caching) -> DWORD {
    match caching {
        Caching::Normal => 0,
        Caching::Uncached => SEC_NOCACHE,
        Caching::WriteCombined => SEC_WRITECOMBINE,
    }
}

/// Writes an output of a function that checked the pointer for NULL.
///
/// # Safety
/// `to` points to a writable T, at any alignment.
pub unsafe fn store<T>(to: *mut T, value: T) {
    // SAFETY: by this function's contract.
    unsafe { to.write_unaligned(value) }
}

/// A pointer that the kernel would look at on Windows, where it is NULL or points to
/// `count` of these: memory that no process has is an error, before anything is done.
/// (Memory that this process does not have is a fault when it is touched.)
pub fn probed<T>(pointer: *mut T, count: usize) -> Result<*mut T, Error> {
    let length = size_of::<T>().checked_mul(count);
    let end = length.and_then(|length| pointer.addr().checked_add(length));
    let is_inside = pointer.addr() >= memory::LOWEST && end.is_some_and(|end| end <= memory::END);
    if pointer.is_null() || is_inside { Ok(pointer) } else { Err(Error::NoAccess) }
}

/// NULL is not allowed here.
pub fn not_null<T>(pointer: *mut T) -> Result<*mut T, Error> {
    if pointer.is_null() { Err(Error::NoAccess) } else { Ok(pointer) }
}
