//! What the functions have in common that create and open dispatcher objects.

use super::convert::{self, NameArgument};
use super::entry;
use super::types::*;
use crate::access::Rights;
use crate::dispatcher::Making;
use crate::error::Error;
use crate::handle::Flags;
use crate::namespace::layout::Kind as FileKind;
use crate::object::{self, Grant};
use std::ptr;

/// Creates what `making` says, if it is possible, with a handle that has the rights
/// `desired`. Arguments are judged before the name is looked for.
///
/// # Safety
/// `attributes` is NULL or valid.
pub unsafe fn create(
    attributes: LPSECURITY_ATTRIBUTES,
    rights: &Rights,
    desired: DWORD,
    name: impl FnOnce() -> NameArgument,
    making: impl FnOnce() -> Result<Making, Error>,
) -> HANDLE {
    entry(ptr::null_mut(), || {
        let making = making()?;
        let name = convert::name_to_create(name())?;
        // SAFETY: by this function's contract.
        let security = unsafe { convert::security(attributes)? };
        let sharing = rights.sharing(security.audience)?;
        let grant = Grant { access: rights.for_open(desired)?, flags: security.flags };
        object::create_dispatcher(name.as_ref(), &making, sharing, grant).map(convert::created)
    })
}

/// Opens an object of this kind.
pub fn open(kind: FileKind, desired: DWORD, inherit: BOOL, name: impl FnOnce() -> NameArgument) -> HANDLE {
    entry(ptr::null_mut(), || {
        let name = convert::name_to_open(name())?;
        let desired = Grant { access: desired, flags: Flags::inherit(inherit != 0) };
        object::open_dispatcher(&name, kind, desired).map(convert::to_handle)
    })
}

/// The flags of a creating function, if it knows them all.
pub fn check_flags(flags: DWORD, known: DWORD) -> Result<DWORD, Error> {
    if flags & !known != 0 { Err(Error::InvalidParameter) } else { Ok(flags) }
}
