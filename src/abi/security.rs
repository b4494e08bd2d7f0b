//! Security descriptors, and what they mean.

use super::convert::{self, NameArgument};
use super::security_types::*;
use super::types::*;
use super::{caller_security, entry_bool};
use crate::consts::*;
use crate::error::Error;
use crate::security::sddl;
use std::ptr;

/// Makes an empty descriptor: it says nothing.
///
/// @param pSecurityDescriptor receives a SECURITY_DESCRIPTOR
/// @param dwRevision          SECURITY_DESCRIPTOR_REVISION
/// @return TRUE, or FALSE with GetLastError:
///         ERROR_UNKNOWN_REVISION: another revision; ERROR_NOACCESS: NULL
#[unsafe(no_mangle)]
pub unsafe extern "C" fn InitializeSecurityDescriptor(
    pSecurityDescriptor: PSECURITY_DESCRIPTOR,
    dwRevision: DWORD,
) -> BOOL {
    traced!(InitializeSecurityDescriptor(pSecurityDescriptor, dwRevision));
    entry_bool(|| {
        if dwRevision != SECURITY_DESCRIPTOR_REVISION {
            return Err(Error::UnknownRevision);
        }
        let descriptor = convert::not_null(pSecurityDescriptor.cast::<SECURITY_DESCRIPTOR>())?;
        let empty = SECURITY_DESCRIPTOR {
            Revision: dwRevision as BYTE,
            Sbz1: 0,
            Control: 0,
            Owner: ptr::null_mut(),
            Group: ptr::null_mut(),
            Sacl: ptr::null_mut(),
            Dacl: ptr::null_mut(),
        };
        // SAFETY: not NULL, hence valid by the contract of all functions.
        unsafe { convert::store(descriptor, empty) };
        Ok(())
    })
}

/// Gives a descriptor its discretionary list: who may do what. The list is not copied:
/// it must stay as long as the descriptor is used.
///
/// What the list means for an object that is made with it (SECURITY_ATTRIBUTES):
///
/// no descriptor, no list: the object is its user's, as with a list that names only
/// him or administrators;
/// pDacl NULL: everybody may do everything;
/// an entry for Everyone, Authenticated Users or Users allows others what it says, one
/// for CREATOR GROUP the group of the file;
/// no entry that allows anything: only the creator's handle works. Who opens the name
/// or creates it again gets ERROR_ACCESS_DENIED, but the owner may open it for
/// READ_CONTROL and WRITE_DAC and nothing else; and a duplicate of a handle never has
/// more rights than its source.
///
/// @param pSecurityDescriptor a descriptor that InitializeSecurityDescriptor made
/// @param bDaclPresent        0: there is no list, and the rest does not count
/// @param pDacl               the list; NULL lets everybody do everything
/// @param bDaclDefaulted      not 0: the list comes from a default; without effect
/// @return TRUE, or FALSE with GetLastError:
///         ERROR_UNKNOWN_REVISION: not a descriptor; ERROR_INVALID_SECURITY_DESCR: a
///         descriptor in one block, as ConvertStringSecurityDescriptorToSecurityDescriptorA
///         makes them; ERROR_NOACCESS: NULL
///
/// On Linux: objects are files with an owner, a group and permission bits; a list that
/// these cannot express is refused when an object is to be made, with
/// ERROR_INVALID_SECURITY_DESCR. The owner (the creating user) and root always may do
/// everything, whatever the list says, unless it allows nothing at all (and what is
/// then denied is denied by this library: root, and the owner's other programs, can
/// still read the memory). Others may do what everyone may: read a section (mode 0644),
/// read and write it (0666), or use a synchronisation object (0666: SYNCHRONIZE and
/// its MODIFY_STATE together). DELETE, WRITE_DAC and WRITE_OWNER stay the owner's.
/// SYSTEM and Administrators are root; Guests, Anonymous and application packages are
/// nobody; the identifier of a user is S-1-22-1-UID. All other identifiers are refused,
/// and so are entries that deny anything to anybody, audits (ERROR_PRIVILEGE_NOT_HELD),
/// labels above the medium level, and an owner who is not the creator
/// (ERROR_INVALID_OWNER). Others reach only objects of Global\, in the directory that an
/// administrator made; mutexes there only if the directory is for a group.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn SetSecurityDescriptorDacl(
    pSecurityDescriptor: PSECURITY_DESCRIPTOR,
    bDaclPresent: BOOL,
    pDacl: PACL,
    bDaclDefaulted: BOOL,
) -> BOOL {
    traced!(SetSecurityDescriptorDacl(pSecurityDescriptor, bDaclPresent, pDacl, bDaclDefaulted));
    entry_bool(|| {
        let descriptor = convert::not_null(pSecurityDescriptor.cast::<SECURITY_DESCRIPTOR>())?;
        // SAFETY: not NULL, hence valid by the contract of all functions; at least as
        // long as the other form.
        let (revision, control) = unsafe { caller_security::revision_and_control(pSecurityDescriptor) };
        if u32::from(revision) != SECURITY_DESCRIPTOR_REVISION {
            return Err(Error::UnknownRevision);
        }
        if control & SE_SELF_RELATIVE != 0 {
            return Err(Error::InvalidSecurity);
        }
        // SAFETY: it has the absolute form.
        let mut changed = unsafe { descriptor.read_unaligned() };
        let (bits, list) = match (bDaclPresent != 0, bDaclDefaulted != 0) {
            (false, _) => (0, ptr::null_mut()),
            (true, false) => (SE_DACL_PRESENT, pDacl),
            (true, true) => (SE_DACL_PRESENT | SE_DACL_DEFAULTED, pDacl),
        };
        changed.Control = control & !(SE_DACL_PRESENT | SE_DACL_DEFAULTED) | bits;
        changed.Dacl = list;
        // SAFETY: as above.
        unsafe { convert::store(descriptor, changed) };
        Ok(())
    })
}

/// Whether a descriptor, its identifiers and its lists are well-formed.
///
/// @param pSecurityDescriptor a descriptor, in either form
/// @return TRUE, or FALSE with GetLastError:
///         ERROR_UNKNOWN_REVISION, ERROR_INVALID_SID, ERROR_INVALID_ACL: what is wrong;
///         ERROR_INVALID_SECURITY_DESCR: NULL, or an impossible offset
#[unsafe(no_mangle)]
pub unsafe extern "C" fn IsValidSecurityDescriptor(pSecurityDescriptor: PSECURITY_DESCRIPTOR) -> BOOL {
    traced!(IsValidSecurityDescriptor(pSecurityDescriptor));
    entry_bool(|| {
        if pSecurityDescriptor.is_null() {
            return Err(Error::InvalidSecurity);
        }
        // SAFETY: not NULL, hence valid by the contract of all functions.
        unsafe { caller_security::descriptor(pSecurityDescriptor)? }.check()
    })
}

/// Makes a descriptor of a text, for example "D:P(A;;GA;;;SY)(A;;GRGW;;;WD)".
///
/// The text has up to four parts: O: and G: with an identifier, D: and S: with a list.
/// Identifiers are S-1-... or two letters. What the descriptor means stands at
/// SetSecurityDescriptorDacl.
///
/// @param StringSecurityDescriptor     the text
/// @param StringSDRevision             SDDL_REVISION_1
/// @param SecurityDescriptor           receives the descriptor, in one block; LocalFree
///                                     frees it
/// @param SecurityDescriptorSize       NULL, or receives its size in bytes
/// @return TRUE, or FALSE with GetLastError:
///         ERROR_INVALID_PARAMETER: NULL, or not such a text; ERROR_INVALID_ACL: a
///         malformed list, or a kind of entry other than A, D, AU and ML;
///         ERROR_INVALID_SID: no identifier; ERROR_NONE_MAPPED: one of a domain, which
///         there is not; ERROR_UNKNOWN_REVISION: another revision;
///         ERROR_NOT_ENOUGH_MEMORY; ERROR_FILENAME_EXCED_RANGE: more than 32767 units
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ConvertStringSecurityDescriptorToSecurityDescriptorA(
    StringSecurityDescriptor: LPCSTR,
    StringSDRevision: DWORD,
    SecurityDescriptor: *mut PSECURITY_DESCRIPTOR,
    SecurityDescriptorSize: *mut ULONG,
) -> BOOL {
    traced!(ConvertStringSecurityDescriptorToSecurityDescriptorA(
        StringSecurityDescriptor,
        StringSDRevision,
        SecurityDescriptor,
        SecurityDescriptorSize
    ));
    // SAFETY: a string or NULL, by the contract of all functions.
    let text = || unsafe { convert::long_ansi(StringSecurityDescriptor) };
    // SAFETY: passed on under the same contract.
    unsafe { convert_text(text, StringSDRevision, SecurityDescriptor, SecurityDescriptorSize) }
}

/// ConvertStringSecurityDescriptorToSecurityDescriptorA with a wide text.
///
/// @return as ConvertStringSecurityDescriptorToSecurityDescriptorA
///
/// cbindgen:postfix=WINSHM_WIDE(ConvertStringSecurityDescriptorToSecurityDescriptorW)
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ConvertStringSecurityDescriptorToSecurityDescriptorW(
    StringSecurityDescriptor: LPCWSTR,
    StringSDRevision: DWORD,
    SecurityDescriptor: *mut PSECURITY_DESCRIPTOR,
    SecurityDescriptorSize: *mut ULONG,
) -> BOOL {
    traced!(ConvertStringSecurityDescriptorToSecurityDescriptorW(
        StringSecurityDescriptor,
        StringSDRevision,
        SecurityDescriptor,
        SecurityDescriptorSize
    ));
    // SAFETY: a string or NULL, by the contract of all functions.
    let text = || unsafe { convert::wide16(StringSecurityDescriptor) };
    // SAFETY: passed on under the same contract.
    unsafe { convert_text(text, StringSDRevision, SecurityDescriptor, SecurityDescriptorSize) }
}

/// # Safety
/// The pointers are NULL or valid.
pub(super) unsafe fn convert_text(
    text: impl FnOnce() -> NameArgument,
    revision: DWORD,
    to: *mut PSECURITY_DESCRIPTOR,
    size: *mut ULONG,
) -> BOOL {
    entry_bool(|| {
        let text = text()?.filter(|_| !to.is_null()).ok_or(Error::InvalidParameter)?;
        if revision != SDDL_REVISION_1 {
            return Err(Error::UnknownRevision);
        }
        let bytes = sddl::parse(&String::from_utf16_lossy(&text))?.self_relative();
        let memory = caller_security::copied(&bytes)?;
        // SAFETY: not NULL, hence valid by this function's contract.
        unsafe { convert::store(to, memory) };
        if !size.is_null() {
            // SAFETY: as above.
            unsafe { convert::store(size, bytes.len() as ULONG) };
        }
        Ok(())
    })
}
