//! Linux, wrapped: the only files that speak of descriptors, locks, mappings and
//! signals.
//!
//! Rules for what lives here:
//! * one function per system call, named after it or after what the callers
//!   want from it; no policy, no Win32 word;
//! * descriptors go in as `BorrowedFd` and come out as `OwnedFd`, failures as
//!   `Error::Os(errno)`;
//! * EINTR is handled here and never seen above;
//! * a call that other processes notice, or that can fail, stands in `call` (or `retry`,
//!   `settle`), where tests act (`plant`); those that ask about this process alone, about
//!   its signals or the clock do not. `plant::points` has the list of these;
//! * every descriptor is close-on-exec, but for what `inherit` makes.

pub mod apart;
pub mod copy;
pub mod errno;
pub mod fault;
pub mod file;
pub mod futex;
pub mod heap;
pub mod inherit;
pub mod line_output;
pub mod loader;
pub mod lock;
pub mod lost_page;
pub mod map;
pub mod membarrier;
#[cfg(feature = "tool")]
pub mod others;
pub mod peek;
pub mod pidfd;
pub mod proc_maps;
pub mod process;
pub mod program_file;
pub mod quiet;
pub mod random;
pub mod range_lock;
mod reserve;
pub mod robust;
pub mod sleeping;
pub mod spawn;
pub mod system;
pub mod system_v;
pub mod thread;
pub mod thread_words;
pub mod time;

use crate::error::Error;
use crate::plant::call;
use nix::errno::Errno;

/// Makes a call until no signal interrupts it.
#[inline(always)]
fn retry<T>(name: &'static str, mut make: impl FnMut() -> nix::Result<T>) -> Result<T, Error> {
    loop {
        match call(name, &mut make) {
            Err(Errno::EINTR) => {}
            result => return result.map_err(Error::from),
        }
    }
}
