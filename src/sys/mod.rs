//! Linux, wrapped: the only files that speak of descriptors, locks, mappings and
//! signals.
//!
//! Rules for what lives here:
//! * one function per system call, named after it or after what the callers
//!   want from it; no policy, no Win32 word;
//! * descriptors go in as `BorrowedFd` and come out as `OwnedFd`, failures as
//!   `Error::Os(errno)`;
//! * EINTR is handled here and never seen above;
//! * every descriptor is close-on-exec, but for what `inherit` makes.

pub mod copy;
pub mod fault;
pub mod file;
pub mod futex;
pub mod heap;
pub mod inherit;
pub mod loader;
pub mod lock;
pub mod lost_page;
pub mod map;
pub mod membarrier;
pub mod pidfd;
pub mod proc_maps;
pub mod process;
pub mod program_file;
pub mod random;
pub mod range_lock;
pub mod robust;
pub mod spawn;
pub mod system;
pub mod system_v;
pub mod thread;
pub mod time;
