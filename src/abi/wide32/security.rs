//! Security descriptors and lists.

use crate::abi::security_types::{EXPLICIT_ACCESS, PACL, PSECURITY_DESCRIPTOR, TRUSTEE};
use crate::abi::types::*;
use crate::abi::{access_list, convert, security};

#[unsafe(no_mangle)]
pub unsafe extern "C" fn winshm_ConvertStringSecurityDescriptorToSecurityDescriptorW32(
    StringSecurityDescriptor: *const u32,
    StringSDRevision: DWORD,
    SecurityDescriptor: *mut PSECURITY_DESCRIPTOR,
    SecurityDescriptorSize: *mut ULONG,
) -> BOOL {
    traced!(winshm_ConvertStringSecurityDescriptorToSecurityDescriptorW32(
        StringSecurityDescriptor,
        StringSDRevision,
        SecurityDescriptor,
        SecurityDescriptorSize
    ));
    // SAFETY: a string or NULL, by the contract of all functions.
    let text = || unsafe { convert::wide32(StringSecurityDescriptor) };
    // SAFETY: passed on under the same contract.
    unsafe { security::convert_text(text, StringSDRevision, SecurityDescriptor, SecurityDescriptorSize) }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn winshm_SetEntriesInAclW32(
    cCountOfExplicitEntries: ULONG,
    pListOfExplicitEntries: *mut EXPLICIT_ACCESS,
    OldAcl: PACL,
    NewAcl: *mut PACL,
) -> DWORD {
    traced!(winshm_SetEntriesInAclW32(cCountOfExplicitEntries, pListOfExplicitEntries, OldAcl, NewAcl));
    // SAFETY: a string or NULL, by the contract of all functions.
    let name = |trustee: &TRUSTEE| unsafe { convert::wide32(trustee.ptstrName.cast()) };
    // SAFETY: passed on under the same contract.
    unsafe { access_list::set_entries(cCountOfExplicitEntries, pListOfExplicitEntries, OldAcl, NewAcl, name) }
}
