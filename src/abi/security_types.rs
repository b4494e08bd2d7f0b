//! Types of the security functions; in C, `winshm_security_types.h`.

#![expect(non_camel_case_types, reason = "Windows' spelling")]

use super::types::*;
use std::ffi::c_char;

pub type PSID = PVOID;
pub type PSECURITY_DESCRIPTOR = PVOID;
/// An enumeration in C, which may pass any number.
pub type ENUMERATION = i32;

#[repr(C)]
#[derive(Clone, Copy)]
pub struct SID_IDENTIFIER_AUTHORITY {
    pub Value: [BYTE; 6],
}
pub type PSID_IDENTIFIER_AUTHORITY = *mut SID_IDENTIFIER_AUTHORITY;

#[repr(C)]
#[derive(Clone, Copy)]
pub struct ACL {
    pub AclRevision: BYTE,
    pub Sbz1: BYTE,
    pub AclSize: WORD,
    pub AceCount: WORD,
    pub Sbz2: WORD,
}
pub type PACL = *mut ACL;

/// The absolute form.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct SECURITY_DESCRIPTOR {
    pub Revision: BYTE,
    pub Sbz1: BYTE,
    pub Control: WORD,
    pub Owner: PSID,
    pub Group: PSID,
    pub Sacl: PACL,
    pub Dacl: PACL,
}

/// The form that is one block: offsets.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct SECURITY_DESCRIPTOR_RELATIVE {
    pub Revision: BYTE,
    pub Sbz1: BYTE,
    pub Control: WORD,
    pub Owner: DWORD,
    pub Group: DWORD,
    pub Sacl: DWORD,
    pub Dacl: DWORD,
}

/// The A and W forms differ in what the name points to.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct TRUSTEE {
    pub pMultipleTrustee: *mut TRUSTEE,
    pub MultipleTrusteeOperation: ENUMERATION,
    pub TrusteeForm: ENUMERATION,
    pub TrusteeType: ENUMERATION,
    pub ptstrName: PVOID,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct EXPLICIT_ACCESS {
    pub grfAccessPermissions: DWORD,
    pub grfAccessMode: ENUMERATION,
    pub grfInheritance: DWORD,
    pub Trustee: TRUSTEE,
}
pub type PEXPLICIT_ACCESS_A = *mut EXPLICIT_ACCESS;
pub type PEXPLICIT_ACCESS_W = *mut EXPLICIT_ACCESS;

/// Of `EXPLICIT_ACCESS::grfAccessMode`.
pub const GRANT_ACCESS: ENUMERATION = 1;
pub const SET_ACCESS: ENUMERATION = 2;
pub const DENY_ACCESS: ENUMERATION = 3;
pub const REVOKE_ACCESS: ENUMERATION = 4;

/// Of `TRUSTEE`.
pub const NO_MULTIPLE_TRUSTEE: ENUMERATION = 0;
pub const TRUSTEE_IS_SID: ENUMERATION = 0;
pub const TRUSTEE_IS_NAME: ENUMERATION = 1;

pub fn ansi_name(trustee: &TRUSTEE) -> LPCSTR {
    trustee.ptstrName.cast::<c_char>().cast_const()
}

const _: () =
    assert!(size_of::<SECURITY_DESCRIPTOR>() == 40 && size_of::<SECURITY_DESCRIPTOR_RELATIVE>() == 20);
const _: () = assert!(size_of::<ACL>() == 8 && size_of::<EXPLICIT_ACCESS>() == 48);
