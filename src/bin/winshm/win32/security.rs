//! Who may use a new object.

use super::{Code, done, wide};
use std::ptr;
use winshm::abi::local_memory::LocalFree;
use winshm::abi::security::ConvertStringSecurityDescriptorToSecurityDescriptorW;
use winshm::abi::types::{LPSECURITY_ATTRIBUTES, SECURITY_ATTRIBUTES};
use winshm::consts::SDDL_REVISION_1;

/// SECURITY_ATTRIBUTES with a descriptor, or none.
pub struct Security(Option<Box<SECURITY_ATTRIBUTES>>);

impl Security {
    /// The object is its user's.
    pub fn usual() -> Security {
        Security(None)
    }

    /// What a text in Windows' security descriptor definition language says.
    pub fn of_text(text: &str) -> Result<Security, Code> {
        let text = wide(text);
        let mut descriptor = ptr::null_mut();
        // SAFETY: a string, and a place for the descriptor.
        done(unsafe {
            ConvertStringSecurityDescriptorToSecurityDescriptorW(
                text.as_ptr(),
                SDDL_REVISION_1,
                &raw mut descriptor,
                ptr::null_mut(),
            )
        })?;
        Ok(Security(Some(Box::new(SECURITY_ATTRIBUTES {
            nLength: size_of::<SECURITY_ATTRIBUTES>() as u32,
            lpSecurityDescriptor: descriptor,
            bInheritHandle: 0,
        }))))
    }

    /// For the time that this lives.
    pub fn attributes(&self) -> LPSECURITY_ATTRIBUTES {
        // The functions only read it.
        self.0.as_deref().map_or(ptr::null_mut(), |attributes| ptr::from_ref(attributes).cast_mut())
    }
}

impl Drop for Security {
    fn drop(&mut self) {
        if let Some(attributes) = &self.0 {
            // SAFETY: allocated by the conversion, and nobody else's.
            unsafe { LocalFree(attributes.lpSecurityDescriptor) };
        }
    }
}
