//! What programs tell a debugger.

#![forbid(unsafe_code)]

use crate::sys::process;
use std::sync::OnceLock;

/// Whether the user wants to see it. Decided once: programs tell much. Those with more
/// rights than their user tell him nothing.
pub fn is_wanted() -> bool {
    static WANTED: OnceLock<bool> = OnceLock::new();
    *WANTED.get_or_init(|| {
        std::env::var_os("WINSHM_DEBUG_OUTPUT").is_some() && !process::is_privileged_program()
    })
}

/// To the standard error output; who closed it wanted to see nothing.
pub fn write(text: &[u8]) {
    process::write_to_standard_error(text);
}
