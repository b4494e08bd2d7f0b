//! Functions of ntdll, which ported programs get by GetProcAddress. They return a
//! status instead of setting the last error.

#![expect(non_camel_case_types, reason = "Windows' spelling")]

use super::convert;
use super::types::*;
use crate::consts::*;
use crate::error::Error;
use crate::object;
use crate::section::{Facts, Pages};
use crate::sys::errno::ErrnoKept;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;

/// The result of a function of ntdll: 0 or more is success.
pub type NTSTATUS = i32;

/// Defined by hand in the header, as an enumeration.
pub type SECTION_INFORMATION_CLASS = u32;
const SECTION_BASIC: SECTION_INFORMATION_CLASS = 0;
const SECTION_IMAGE: SECTION_INFORMATION_CLASS = 1;

/// What NtQuerySection tells.
#[repr(C)]
pub struct _SECTION_BASIC_INFORMATION {
    /// Always NULL: sections have no address of their own.
    pub BaseAddress: PVOID,
    /// SEC_COMMIT or SEC_RESERVE, or SEC_FILE for a section of a file; with
    /// SEC_LARGE_PAGES, SEC_NOCACHE and SEC_WRITECOMBINE.
    pub AllocationAttributes: ULONG,
    /// Bytes: of a section of a file those that were asked for, of others whole pages.
    pub MaximumSize: LARGE_INTEGER,
}
pub type SECTION_BASIC_INFORMATION = _SECTION_BASIC_INFORMATION;
pub type PSECTION_BASIC_INFORMATION = *mut _SECTION_BASIC_INFORMATION;

/// The size of what Windows tells about an image section.
const IMAGE_INFORMATION_SIZE: usize = 64;

const _: () = assert!(size_of::<_SECTION_BASIC_INFORMATION>() == 24);

/// Runs the body of a function of ntdll.
fn nt_entry(body: impl FnOnce() -> Result<(), u32>) -> NTSTATUS {
    let _errno = ErrnoKept::new();
    match catch_unwind(AssertUnwindSafe(body)).unwrap_or(Err(STATUS_INTERNAL_ERROR)) {
        Ok(()) => STATUS_SUCCESS as NTSTATUS,
        Err(status) => status as NTSTATUS,
    }
}

fn status(error: Error) -> u32 {
    match error {
        Error::InvalidHandle => STATUS_INVALID_HANDLE,
        Error::AccessDenied => STATUS_ACCESS_DENIED,
        _ => STATUS_UNSUCCESSFUL,
    }
}

/// Closes a handle, as CloseHandle does.
///
/// @param Handle a handle
/// @return STATUS_SUCCESS; STATUS_INVALID_HANDLE: not an open handle;
///         STATUS_HANDLE_NOT_CLOSABLE: HANDLE_FLAG_PROTECT_FROM_CLOSE protects it
#[unsafe(no_mangle)]
pub extern "C" fn NtClose(Handle: HANDLE) -> NTSTATUS {
    traced!(NtClose(Handle));
    let handle = convert::handle(Handle);
    let is_protected =
        || object::flags(handle).is_ok_and(|flags| flags.0 & HANDLE_FLAG_PROTECT_FROM_CLOSE != 0);
    nt_entry(|| {
        object::close(handle).map_err(|error| match is_protected() {
            true => STATUS_HANDLE_NOT_CLOSABLE,
            false => status(error),
        })
    })
}

/// Tells the size and the attributes of a section.
///
/// @param SectionHandle            a handle with SECTION_QUERY
/// @param SectionInformationClass  SectionBasicInformation
/// @param SectionInformation       receives a SECTION_BASIC_INFORMATION
/// @param SectionInformationLength the size of that, or more
/// @param ReturnLength             NULL, or receives what was written, in bytes
/// @return STATUS_SUCCESS; STATUS_INVALID_INFO_CLASS: another class;
///         STATUS_SECTION_NOT_IMAGE: SectionImageInformation, because no section is an
///         image; STATUS_INFO_LENGTH_MISMATCH: the length is too small;
///         STATUS_ACCESS_VIOLATION: SectionInformation is NULL, or a pointer is no address
///         of a process;
///         STATUS_INVALID_HANDLE: not an open handle; STATUS_OBJECT_TYPE_MISMATCH: a
///         handle of something else; STATUS_ACCESS_DENIED: without SECTION_QUERY
#[unsafe(no_mangle)]
pub unsafe extern "C" fn NtQuerySection(
    SectionHandle: HANDLE,
    SectionInformationClass: SECTION_INFORMATION_CLASS,
    SectionInformation: PVOID,
    SectionInformationLength: SIZE_T,
    ReturnLength: *mut SIZE_T,
) -> NTSTATUS {
    traced!(NtQuerySection(
        SectionHandle,
        SectionInformationClass,
        SectionInformation,
        SectionInformationLength,
        ReturnLength
    ));
    nt_entry(|| {
        let size = match SectionInformationClass {
            SECTION_BASIC => size_of::<SECTION_BASIC_INFORMATION>(),
            SECTION_IMAGE => IMAGE_INFORMATION_SIZE,
            _ => return Err(STATUS_INVALID_INFO_CLASS),
        };
        if SectionInformationLength < size {
            return Err(STATUS_INFO_LENGTH_MISMATCH);
        }
        let probe = || {
            // Bytes, as many as it is said that there are.
            let to = convert::probed(SectionInformation.cast::<BYTE>(), SectionInformationLength)?;
            Ok((convert::not_null(to)?, convert::probed(ReturnLength, 1)?))
        };
        let (to, length_to) = probe().map_err(|_: Error| STATUS_ACCESS_VIOLATION)?;
        let facts = object::section_facts(convert::handle(SectionHandle)).map_err(status)?;
        let facts = facts.ok_or(STATUS_OBJECT_TYPE_MISMATCH)?;
        if SectionInformationClass == SECTION_IMAGE {
            return Err(STATUS_SECTION_NOT_IMAGE);
        }
        // SAFETY: not NULL, hence valid by the contract of all functions.
        unsafe { convert::store(to.cast(), basic_information(&facts)) };
        if !length_to.is_null() {
            // SAFETY: as above.
            unsafe { convert::store(length_to, size) };
        }
        Ok(())
    })
}

fn basic_information(facts: &Facts) -> SECTION_BASIC_INFORMATION {
    let caching = convert::section_caching_bits(facts.caching);
    let pages = match facts.pages {
        Pages::Committed => SEC_COMMIT,
        Pages::Reserved => SEC_RESERVE,
        Pages::Large => SEC_COMMIT | SEC_LARGE_PAGES,
        Pages::OfFile => SEC_FILE,
        Pages::Image => SEC_IMAGE,
    };
    SECTION_BASIC_INFORMATION {
        BaseAddress: ptr::null_mut(),
        AllocationAttributes: pages | caching,
        MaximumSize: LARGE_INTEGER { QuadPart: facts.size as i64 },
    }
}
