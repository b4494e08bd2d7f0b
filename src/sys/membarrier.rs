//! A full memory fence in every running thread of the process.

use crate::plant::call;

const PRIVATE_EXPEDITED: i32 = 1 << 3;
const REGISTER_PRIVATE_EXPEDITED: i32 = 1 << 4;

fn membarrier(command: i32) -> bool {
    // SAFETY: the call takes no memory.
    call("membarrier: all", || unsafe { libc::syscall(libc::SYS_membarrier, command, 0, 0) }) == 0
}

/// Announces that this process will call `fence_all_threads`. False: the kernel
/// or a sandbox does not offer it. Calling it again does no harm.
pub fn register() -> bool {
    membarrier(REGISTER_PRIVATE_EXPEDITED)
}

/// False: not available (any more), and nothing was fenced.
pub fn fence_all_threads() -> bool {
    // EPERM also means "not registered".
    membarrier(PRIVATE_EXPEDITED) || (register() && membarrier(PRIVATE_EXPEDITED))
}
