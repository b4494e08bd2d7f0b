//! The functions of the library by name, for GetProcAddress. A list, because a program
//! that the library is linked into has no symbols at run time, unless it exports them.

use std::ffi::c_void;

// build.rs makes `address`, which has an arm for every function of the folder.
include!(concat!(env!("OUT_DIR"), "/exports.rs"));

/// A function as callers have it whose wide characters have 16 bits.
pub fn for_16_bits(name: &str) -> Option<*const c_void> {
    address(name)
}

/// A function as callers have it whose wide characters have 32 bits.
pub fn for_32_bits(name: &str) -> Option<*const c_void> {
    address(&format!("winshm_{name}32")).or_else(|| address(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::abi;

    #[test]
    fn wide_functions_are_those_of_the_caller() {
        let narrow = abi::event::CreateEventA as *const c_void;
        assert_eq!(for_16_bits("CreateEventA"), Some(narrow));
        assert_eq!(for_32_bits("CreateEventA"), Some(narrow));
        assert_eq!(for_16_bits("CreateEventW"), Some(abi::event::CreateEventW as *const c_void));
        let twin = abi::wide32::objects::winshm_CreateEventW32 as *const c_void;
        assert_eq!(for_32_bits("CreateEventW"), Some(twin));
    }

    #[test]
    fn no_other_name_is_a_function() {
        for name in ["", "createeventa", "CreateEvent", "CreateEventA ", "malloc"] {
            assert_eq!((for_16_bits(name), for_32_bits(name)), (None, None), "{name}");
        }
    }
}
