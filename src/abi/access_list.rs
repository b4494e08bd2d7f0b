//! Security identifiers and access control lists.

use super::caller_security::{self, copied};
use super::convert::{self, NameArgument};
use super::security_types::*;
use super::types::*;
use super::{entry, entry_bool};
use crate::consts::*;
use crate::error::{self, Error};
use crate::security::acl::{self, Ace};
use crate::security::sid::Sid;
use crate::security::wishes::{self, Mode, Wish};
use crate::sys::heap;
use crate::sys::process;
use std::ptr;

/// Makes an identifier.
///
/// @param pIdentifierAuthority who assigned it, for example SECURITY_WORLD_SID_AUTHORITY
/// @param nSubAuthorityCount   how many of the next arguments count, at most 8
/// @param nSubAuthority0       the first sub-authority
/// @param nSubAuthority1       the second
/// @param nSubAuthority2       the third
/// @param nSubAuthority3       the fourth
/// @param nSubAuthority4       the fifth
/// @param nSubAuthority5       the sixth
/// @param nSubAuthority6       the seventh
/// @param nSubAuthority7       the eighth
/// @param pSid                 receives the identifier, which FreeSid frees
/// @return TRUE, or FALSE with GetLastError:
///         ERROR_INVALID_SID: more than 8; ERROR_NOACCESS: NULL;
///         ERROR_NOT_ENOUGH_MEMORY
#[unsafe(no_mangle)]
pub unsafe extern "C" fn AllocateAndInitializeSid(
    pIdentifierAuthority: PSID_IDENTIFIER_AUTHORITY,
    nSubAuthorityCount: BYTE,
    nSubAuthority0: DWORD,
    nSubAuthority1: DWORD,
    nSubAuthority2: DWORD,
    nSubAuthority3: DWORD,
    nSubAuthority4: DWORD,
    nSubAuthority5: DWORD,
    nSubAuthority6: DWORD,
    nSubAuthority7: DWORD,
    pSid: *mut PSID,
) -> BOOL {
    traced!(AllocateAndInitializeSid(
        pIdentifierAuthority,
        nSubAuthorityCount,
        nSubAuthority0,
        nSubAuthority1,
        nSubAuthority2,
        nSubAuthority3,
        nSubAuthority4,
        nSubAuthority5,
        nSubAuthority6,
        nSubAuthority7,
        pSid
    ));
    entry_bool(|| {
        let parts = [
            nSubAuthority0,
            nSubAuthority1,
            nSubAuthority2,
            nSubAuthority3,
            nSubAuthority4,
            nSubAuthority5,
            nSubAuthority6,
            nSubAuthority7,
        ];
        let parts = parts.get(..nSubAuthorityCount.into()).ok_or(Error::InvalidSid)?;
        let (authority, to) = (convert::not_null(pIdentifierAuthority)?, convert::not_null(pSid)?);
        // SAFETY: not NULL, hence valid by the contract of all functions.
        let [a, b, c, d, e, f] = unsafe { authority.read_unaligned() }.Value;
        let sid = Sid::new(u64::from_be_bytes([0, 0, a, b, c, d, e, f]), parts);
        let memory = copied(&sid.bytes())?;
        // SAFETY: as above.
        unsafe { convert::store(to, memory) };
        Ok(())
    })
}

/// Frees what AllocateAndInitializeSid made.
///
/// @param pSid the identifier; NULL is ignored
/// @return NULL
#[unsafe(no_mangle)]
pub unsafe extern "C" fn FreeSid(pSid: PSID) -> PVOID {
    traced!(FreeSid(pSid));
    // SAFETY: NULL or such memory, by the contract of this function.
    unsafe { heap::free(pSid) };
    ptr::null_mut()
}

/// The size of an identifier, for InitializeAcl.
///
/// @param pSid a valid identifier
/// @return the size in bytes, or 0 with GetLastError ERROR_INVALID_SID
#[unsafe(no_mangle)]
pub unsafe extern "C" fn GetLengthSid(pSid: PSID) -> DWORD {
    traced!(GetLengthSid(pSid));
    // SAFETY: NULL or valid, by the contract of all functions.
    entry(0, || Ok(unsafe { caller_security::sid(pSid)? }.length() as DWORD))
}

/// Makes an empty list, with room for entries: 8 bytes each and those of its
/// identifier (GetLengthSid).
///
/// @param pAcl          receives the list
/// @param nAclLength    the size of the memory there, sizeof(ACL) and more; a multiple of 4
/// @param dwAclRevision ACL_REVISION or ACL_REVISION_DS
/// @return TRUE, or FALSE with GetLastError:
///         ERROR_INSUFFICIENT_BUFFER: the size is too small; ERROR_INVALID_PARAMETER: it
///         is above 65535, or another revision; ERROR_NOACCESS: NULL
#[unsafe(no_mangle)]
pub unsafe extern "C" fn InitializeAcl(pAcl: PACL, nAclLength: DWORD, dwAclRevision: DWORD) -> BOOL {
    traced!(InitializeAcl(pAcl, nAclLength, dwAclRevision));
    entry_bool(|| {
        if (nAclLength as usize) < acl::HEAD {
            return Err(Error::InsufficientBuffer);
        }
        let length = u16::try_from(nAclLength).map_err(|_| Error::InvalidParameter)?;
        if !acl::is_revision(dwAclRevision) {
            return Err(Error::InvalidParameter);
        }
        let list = convert::not_null(pAcl)?.cast::<BYTE>();
        // SAFETY: not NULL, hence of this size by the contract of this function.
        unsafe { ptr::write_bytes(list, 0, length.into()) };
        // SAFETY: as above.
        unsafe { convert::store(list.cast(), acl::empty(dwAclRevision as u8, length)) };
        Ok(())
    })
}

/// Adds an entry to a list: somebody may do something.
///
/// @param pAcl          a list that InitializeAcl made
/// @param dwAceRevision ACL_REVISION or ACL_REVISION_DS
/// @param AccessMask    the rights
/// @param pSid          who gets them
/// @return TRUE, or FALSE with GetLastError:
///         ERROR_INVALID_SID, ERROR_INVALID_ACL: NULL or malformed;
///         ERROR_REVISION_MISMATCH: another revision;
///         ERROR_ALLOTTED_SPACE_EXCEEDED: the list has no room for it
#[unsafe(no_mangle)]
pub unsafe extern "C" fn AddAccessAllowedAce(
    pAcl: PACL,
    dwAceRevision: DWORD,
    AccessMask: DWORD,
    pSid: PSID,
) -> BOOL {
    traced!(AddAccessAllowedAce(pAcl, dwAceRevision, AccessMask, pSid));
    entry_bool(|| {
        // SAFETY: NULL or valid, by the contract of all functions.
        let sid = unsafe { caller_security::sid(pSid)? };
        let revision = u8::try_from(dwAceRevision).ok().filter(|revision| *revision <= ACL_REVISION_DS);
        let revision = revision.ok_or(Error::RevisionMismatch)?;
        // SAFETY: as above.
        let list = unsafe { caller_security::list(pAcl)? };
        let entry = Ace { kind: ACCESS_ALLOWED_ACE_TYPE, flags: 0, mask: AccessMask, sid };
        let more = acl::append(&list, revision, &entry)?;
        let to = pAcl.cast::<BYTE>();
        // SAFETY: `append` found room in the list.
        let end = unsafe { to.add(more.offset) };
        // SAFETY: as above.
        unsafe { ptr::copy_nonoverlapping(more.entry.as_ptr(), end, more.entry.len()) };
        // SAFETY: a list begins with so many bytes.
        unsafe { convert::store(to.cast(), more.head) };
        Ok(())
    })
}

/// Makes a list of another one and of what somebody is to get, be denied or lose.
///
/// New entries stand before old ones, and those that deny before those that allow.
///
/// @param cCountOfExplicitEntries how many entries follow
/// @param pListOfExplicitEntries  who (Trustee: TRUSTEE_IS_SID or TRUSTEE_IS_NAME) gets
///                                what: GRANT_ACCESS adds rights, SET_ACCESS replaces
///                                them, DENY_ACCESS denies them, REVOKE_ACCESS removes his
///                                entries
/// @param OldAcl                  NULL, or the list to begin with
/// @param NewAcl                  receives the new list, which LocalFree frees; NULL when
///                                there is neither an entry nor an old list
/// @return ERROR_SUCCESS, or an error, which GetLastError has too:
///         ERROR_INVALID_PARAMETER: NULL, or unknown values; ERROR_NONE_MAPPED: nobody has
///         this name; ERROR_INVALID_SID, ERROR_INVALID_ACL: malformed, or the new list
///         would be too long; ERROR_NOT_ENOUGH_MEMORY
///
/// On Linux: known names are Everyone, CREATOR OWNER, CREATOR GROUP, CURRENT_USER,
/// SYSTEM, Administrators, Users, Guests and Authenticated Users, in English. Entries
/// for audits (SET_AUDIT_SUCCESS, SET_AUDIT_FAILURE) are refused with
/// ERROR_INVALID_PARAMETER, and old entries of unknown kinds with
/// ERROR_INVALID_SECURITY_DESCR.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn SetEntriesInAclA(
    cCountOfExplicitEntries: ULONG,
    pListOfExplicitEntries: PEXPLICIT_ACCESS_A,
    OldAcl: PACL,
    NewAcl: *mut PACL,
) -> DWORD {
    traced!(SetEntriesInAclA(cCountOfExplicitEntries, pListOfExplicitEntries, OldAcl, NewAcl));
    // SAFETY: a string or NULL, by the contract of all functions.
    let name = |trustee: &TRUSTEE| unsafe { convert::ansi(trustee.ptstrName.cast()) };
    // SAFETY: passed on under the same contract.
    unsafe { set_entries(cCountOfExplicitEntries, pListOfExplicitEntries, OldAcl, NewAcl, name) }
}

/// SetEntriesInAclA with wide names.
///
/// @return as SetEntriesInAclA
///
/// cbindgen:postfix=WINSHM_WIDE(SetEntriesInAclW)
#[unsafe(no_mangle)]
pub unsafe extern "C" fn SetEntriesInAclW(
    cCountOfExplicitEntries: ULONG,
    pListOfExplicitEntries: PEXPLICIT_ACCESS_W,
    OldAcl: PACL,
    NewAcl: *mut PACL,
) -> DWORD {
    traced!(SetEntriesInAclW(cCountOfExplicitEntries, pListOfExplicitEntries, OldAcl, NewAcl));
    // SAFETY: a string or NULL, by the contract of all functions.
    let name = |trustee: &TRUSTEE| unsafe { convert::wide16(trustee.ptstrName.cast()) };
    // SAFETY: passed on under the same contract.
    unsafe { set_entries(cCountOfExplicitEntries, pListOfExplicitEntries, OldAcl, NewAcl, name) }
}

/// # Safety
/// The pointers are NULL or valid; `name` reads the name of a trustee.
pub(super) unsafe fn set_entries(
    count: ULONG,
    entries: *mut EXPLICIT_ACCESS,
    old: PACL,
    to: *mut PACL,
    name: impl Fn(&TRUSTEE) -> NameArgument,
) -> DWORD {
    let succeeded = entry_bool(|| {
        if to.is_null() || count > 0 && entries.is_null() {
            return Err(Error::InvalidParameter);
        }
        let mut asked = Vec::new();
        for index in 0..count as usize {
            // SAFETY: so many entries are there, by this function's contract.
            let entry = unsafe { entries.wrapping_add(index).read_unaligned() };
            // SAFETY: passed on under the same contract.
            asked.push(unsafe { wish(&entry, &name)? });
        }
        let before = if old.is_null() {
            Vec::new()
        } else {
            // SAFETY: not NULL, hence valid by this function's contract.
            acl::parse(&unsafe { caller_security::list(old)? })?
        };
        let made = match old.is_null() && asked.is_empty() {
            true => ptr::null_mut(),
            false => copied(&acl::bytes(&wishes::apply(&before, &asked))?)?,
        };
        // SAFETY: not NULL, hence valid by this function's contract.
        unsafe { convert::store(to, made.cast()) };
        Ok(())
    });
    if succeeded == FALSE { error::last() } else { ERROR_SUCCESS }
}

/// # Safety
/// The trustee is valid; `name` reads its name.
unsafe fn wish(entry: &EXPLICIT_ACCESS, name: impl Fn(&TRUSTEE) -> NameArgument) -> Result<Wish, Error> {
    let trustee = &entry.Trustee;
    let mode = match entry.grfAccessMode {
        GRANT_ACCESS => Mode::Grant,
        SET_ACCESS => Mode::Set,
        DENY_ACCESS => Mode::Deny,
        REVOKE_ACCESS => Mode::Revoke,
        _ => return Err(Error::InvalidParameter),
    };
    let flags = u8::try_from(entry.grfInheritance).map_err(|_| Error::InvalidParameter)?;
    if flags & !VALID_INHERIT_FLAGS != 0 || trustee.MultipleTrusteeOperation != NO_MULTIPLE_TRUSTEE {
        return Err(Error::InvalidParameter);
    }
    let sid = match trustee.TrusteeForm {
        // SAFETY: by this function's contract.
        TRUSTEE_IS_SID => unsafe { caller_security::sid(trustee.ptstrName)? },
        TRUSTEE_IS_NAME => {
            let name = name(trustee)?.ok_or(Error::InvalidParameter)?;
            let name = String::from_utf16_lossy(&name);
            wishes::named(&name, process::effective_user()).ok_or(Error::NoneMapped)?
        }
        _ => return Err(Error::InvalidParameter),
    };
    Ok(Wish { mode, mask: entry.grfAccessPermissions, flags, sid })
}
