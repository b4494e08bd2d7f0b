//! Security structures of the caller: read once, as far as they say that they reach,
//! and not believed.

use super::security_types::*;
use super::types::*;
use crate::consts::{SE_DACL_PRESENT, SE_SACL_PRESENT, SE_SELF_RELATIVE, SECURITY_DESCRIPTOR_REVISION};
use crate::error::Error;
use crate::security::acl;
use crate::security::descriptor::{Descriptor, HEAD};
use crate::security::sid::{self, Sid};
use crate::sys::heap::{self, Contents};
use std::ptr;

/// # Safety
/// So many bytes can be read.
unsafe fn bytes(from: *const BYTE, length: usize) -> Vec<u8> {
    // SAFETY: by this function's contract.
    (0..length).map(|index| unsafe { from.wrapping_add(index).read() }).collect()
}

/// # Safety
/// `from` is NULL or points to an identifier, perhaps a malformed one.
pub unsafe fn sid(from: PSID) -> Result<Sid, Error> {
    let from = from.cast::<BYTE>().cast_const();
    if from.is_null() {
        return Err(Error::InvalidSid);
    }
    // SAFETY: an identifier begins with so many bytes.
    let head = unsafe { bytes(from, sid::HEAD) };
    // SAFETY: it says that it has so many.
    Sid::parse(&unsafe { bytes(from, Sid::length_at(&head)?) })
}

/// The bytes of a list.
///
/// # Safety
/// `from` is NULL or points to a list, perhaps a malformed one.
pub unsafe fn list(from: *const ACL) -> Result<Vec<u8>, Error> {
    let from = from.cast::<BYTE>();
    if from.is_null() {
        return Err(Error::InvalidAcl);
    }
    // SAFETY: a list begins with so many bytes.
    let head = unsafe { bytes(from, acl::HEAD) };
    // SAFETY: it says that it has so many.
    Ok(unsafe { bytes(from, acl::length_at(&head)?) })
}

/// Memory that the caller frees.
pub fn copied(bytes: &[u8]) -> Result<PVOID, Error> {
    let memory = heap::allocate(bytes.len(), Contents::Undefined)?;
    // SAFETY: fresh memory of this size.
    unsafe { ptr::copy_nonoverlapping(bytes.as_ptr(), memory.cast(), bytes.len()) };
    Ok(memory)
}

/// What both forms of a descriptor begin with.
///
/// # Safety
/// `from` is not NULL and points to a descriptor, perhaps a malformed one.
pub unsafe fn revision_and_control(from: PSECURITY_DESCRIPTOR) -> (BYTE, WORD) {
    // SAFETY: by this function's contract, at least as long as this form.
    let head = unsafe { from.cast::<SECURITY_DESCRIPTOR_RELATIVE>().read_unaligned() };
    (head.Revision, head.Control)
}

/// # Safety
/// `from` is not NULL and points to a descriptor, perhaps a malformed one.
pub unsafe fn descriptor(from: PSECURITY_DESCRIPTOR) -> Result<Descriptor, Error> {
    // SAFETY: both forms begin with so many bytes.
    let head = unsafe { from.cast::<SECURITY_DESCRIPTOR_RELATIVE>().read_unaligned() };
    if u32::from(head.Revision) != SECURITY_DESCRIPTOR_REVISION {
        return Err(Error::UnknownRevision);
    }
    let whole = if head.Control & SE_SELF_RELATIVE != 0 {
        let at = |offset: DWORD| match offset as usize {
            0 => Ok(ptr::null_mut()),
            1..HEAD => Err(Error::InvalidSecurity),
            offset => Ok(from.cast::<BYTE>().wrapping_add(offset)),
        };
        SECURITY_DESCRIPTOR {
            Revision: head.Revision,
            Sbz1: head.Sbz1,
            Control: head.Control,
            Owner: at(head.Owner)?.cast(),
            Group: at(head.Group)?.cast(),
            Sacl: at(head.Sacl)?.cast(),
            Dacl: at(head.Dacl)?.cast(),
        }
    } else {
        // SAFETY: it has the other form.
        unsafe { from.cast::<SECURITY_DESCRIPTOR>().read_unaligned() }
    };
    let sid_at = |from: PSID| match from.is_null() {
        true => Ok(None),
        // SAFETY: part of the descriptor.
        false => unsafe { sid(from) }.map(Some),
    };
    let list_at = |from: PACL| match from.is_null() {
        true => Ok(None),
        // SAFETY: part of the descriptor.
        false => unsafe { list(from) }.map(Some),
    };
    let has = |bit| head.Control & bit != 0;
    Ok(Descriptor {
        control: head.Control,
        owner: sid_at(whole.Owner)?,
        group: sid_at(whole.Group)?,
        // What is not said to be there need not be anything.
        system_list: if has(SE_SACL_PRESENT) { list_at(whole.Sacl)? } else { None },
        list: if has(SE_DACL_PRESENT) { list_at(whole.Dacl)? } else { None },
    })
}
