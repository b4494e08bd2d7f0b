//! Windows named shared memory for Linux, as a C library.
//!
//! This is the inside; C programs include `winshm.h` and link `libwinshm`.
//!
//! ```text
//! abi            the C functions: Windows' spelling, conversion, last error
//!  |
//! trace          what they were called with, for the program's user
//! catalog        what there is, and who has it; only for the tool
//!  |
//! object         handles of this process, objects it has open by name
//!  |
//! shared_memory  reading and writing whole
//!  |
//! process        processes and threads
//!  |
//! section        what is mapped            machine     small answers
//! dispatcher     what is waited for        module      libraries and programs
//!                                          debug_output  for developers
//!  |
//! memory         views, allocations        namespace   names across processes
//! pool           blocks without a name     handle      numbers to objects
//! file           files of the program
//!  |
//! segment        what shm_open and shmget make
//!  |
//! fork           who is inside             patience    waiting for a peer
//! manifest       what survives exec
//! mark           who must not be freed     sync        how waiting works
//!  |
//! sys            Linux: files, locks, mappings
//!
//! message encoding name access             pure: texts
//! text protection security                 pure: values and rules
//! plant                                    faults and fault points, for tests
//! fuzz                                     what fuzzers feed; only for them
//! error consts                             leaves, used by all
//! ```
//!
//! Each module uses what stands below it, never above; `tests/layers.rs` checks
//! it. Start with `abi/section.rs` or `abi/wait.rs` and follow a call down, or with
//! `namespace/lifetime.rs` and `sync/mod.rs`, which are what the library is about.

#[cfg(not(all(target_os = "linux", target_arch = "x86_64", target_pointer_width = "64")))]
compile_error!("winshm supports Linux on x86-64 (64-bit pointers) only");

/// Defines the constants of `consts`; `build.rs` makes the C header of the
/// same table.
macro_rules! constants {
    ($(section $section:ident { $($(#[doc = $doc:literal])* $name:ident: $type:ty = $value:expr;)* })*) => {
        $($($(#[doc = $doc])* pub const $name: $type = $value;)*)*
    };
}

#[doc(hidden)]
pub mod abi;
mod access;
#[cfg(feature = "tool")]
#[doc(hidden)]
pub mod catalog;
#[allow(dead_code, unused_parens, reason = "the whole table, in the spelling of the C header")]
#[doc(hidden)]
pub mod consts;
mod debug_output;
mod dispatcher;
mod encoding;
mod error;
#[cfg(test)]
mod faults;
mod file;
mod fork;
#[cfg(any(test, feature = "fuzz"))]
#[doc(hidden)]
pub mod fuzz;
mod handle;
mod machine;
mod manifest;
mod mark;
mod memory;
mod message;
mod module;
mod name;
mod namespace;
mod object;
mod patience;
mod plant;
mod pool;
mod process;
mod protection;
mod section;
mod security;
mod segment;
mod shared_memory;
mod sync;
mod sys;
mod text;
mod trace;
