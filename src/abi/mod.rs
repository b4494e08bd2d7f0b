//! The C functions. Windows' spelling lives here and nowhere else.
//!
//! Each function converts its arguments, calls one function of the layers below
//! and converts the result; it decides nothing. Files named in `build_script/header.rs` become
//! sections of the C header, comments included, so they speak to C programmers.
//!
//! What holds for all of them:
//! * a pointer is NULL where its documentation allows it, else valid for the call;
//! * NULL where it is not allowed is an error, never a crash;
//! * a failure sets the last error of the thread; a success leaves it alone,
//!   unless the documentation says otherwise;
//! * a panic ends here, as ERROR_INTERNAL_ERROR;
//! * errno stays as it was: on Windows it is nothing to these functions, and a signal
//!   handler that calls one must not change it;
//! * what a user of Windows would not expect stands in a last paragraph of the
//!   documentation that begins with "On Linux:".

#![expect(non_snake_case, reason = "Windows' spelling")]

/// Stands first in an exported function, or in what it calls when nothing can be done at
/// once, with its parameters: if calls are traced, the function calls itself once more and
/// shows that. The second form has the call, its arguments and the repetition in full.
macro_rules! traced {
    ($function:ident($($parameter:ident),*)) => {
        traced!(&$crate::trace::calls::$function, [$($parameter),*], $function($($parameter),*));
    };
    ($call:expr, [$($argument:expr),*], $again:expr) => {
        if $crate::trace::is_on() {
            let arguments = [$($crate::trace::Bits::bits(&$argument)),*];
            if let Some(begun) = $crate::trace::begin($call, &arguments) {
                #[allow(unused_unsafe, reason = "some functions are safe")]
                // SAFETY: what this call was given, under the same contract.
                let result = unsafe { $again };
                begun.end($crate::trace::Bits::bits(&result));
                return result;
            }
        }
    };
}

/// Calls an exported function as a part of another one, which alone is shown.
macro_rules! part {
    ($function:ident($($argument:expr),*)) => {{
        if $crate::trace::is_on() {
            $crate::trace::part(
                &$crate::trace::calls::$function,
                &[$($crate::trace::Bits::bits(&$argument)),*],
            );
        }
        $function($($argument),*)
    }};
}

pub mod access_list;
#[cfg(feature = "bench")]
pub mod bench;
mod caller_security;
mod convert;
pub mod create_process;
pub mod error;
pub mod event;
mod exports;
pub mod file;
pub mod file_lock;
pub mod file_name;
pub mod file_position;
pub mod file_transfer;
pub mod handle;
pub mod local_memory;
pub mod message;
pub mod module;
pub mod mutex;
mod named;
pub mod nt;
mod path_argument;
pub mod process;
pub mod section;
mod section_arguments;
pub mod security;
pub mod security_types;
pub mod semaphore;
pub mod shared_memory;
pub mod standard;
mod strings;
pub mod system;
pub mod text;
pub mod thread;
pub mod timer;
pub mod types;
mod va_list;
pub mod virtual_memory;
pub mod wait;
pub mod wide32;

use crate::error::{self as last_error, Error};
use crate::object;
use crate::sys::errno::ErrnoKept;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Runs the body of a C function. A failure sets the last error and gives
/// `on_failure`, as Windows documents it for the function.
#[inline]
fn entry<R>(on_failure: R, body: impl FnOnce() -> Result<R, Error>) -> R {
    let _errno = ErrnoKept::new();
    let whole = || {
        object::inherit::ready();
        body()
    };
    match catch_unwind(AssertUnwindSafe(whole)).unwrap_or(Err(Error::Internal)) {
        Ok(value) => value,
        Err(error) => {
            last_error::set_last(error.win32());
            on_failure
        }
    }
}

/// `entry` for functions that return a BOOL.
#[inline]
fn entry_bool(body: impl FnOnce() -> Result<(), Error>) -> types::BOOL {
    entry(types::FALSE, || body().map(|()| types::TRUE))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_ends_at_the_door_and_is_an_error() {
        let result = entry_bool(|| panic!("a defect"));
        assert_eq!(result, types::FALSE);
        assert_eq!(last_error::last(), Error::Internal.win32());
    }
}
