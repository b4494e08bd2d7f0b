//! Looking at memory that may not be there.

use nix::errno::Errno;
use std::ffi::c_void;

/// Copies the bytes from an address of this process on, as far as they can be read;
/// returns how many. No fault, whatever the address is. 0 also where a sandbox forbids it.
pub fn bytes(address: usize, to: &mut [u8]) -> usize {
    const PAGE: usize = super::map::PAGE_SIZE;
    // The kernel copies all of a part or may copy nothing of it: a part for each page.
    let first = to.len().min(PAGE - address % PAGE);
    let parts = [(0, first), (first, to.len() - first)];
    let remote = parts.map(|(offset, length)| libc::iovec {
        iov_base: address.wrapping_add(offset) as *mut c_void,
        iov_len: length.min(PAGE),
    });
    let local = libc::iovec { iov_base: to.as_mut_ptr().cast(), iov_len: to.len() };
    let errno = Errno::last_raw();
    let me = super::process::id() as libc::pid_t;
    // SAFETY: the kernel checks the addresses that are read; what is written is ours.
    let copied = unsafe { libc::process_vm_readv(me, &local, 1, remote.as_ptr(), 2, 0) };
    Errno::set_raw(errno);
    usize::try_from(copied).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_there_is_copied_and_what_is_not_is_no_fault() {
        let mut to = [0; 4];
        assert_eq!((bytes(b"abcd".as_ptr().addr(), &mut to), &to), (4, b"abcd"));
        for nowhere in [0, 8, 0x1000, usize::MAX - 2, 1 << 60] {
            assert_eq!(bytes(nowhere, &mut to), 0, "{nowhere:#x}");
        }
    }

    #[test]
    fn of_two_pages_the_first_is_copied_if_the_second_is_missing() {
        const PAGE: usize = crate::sys::map::PAGE_SIZE;
        // SAFETY: a new mapping.
        let memory = unsafe {
            let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS;
            libc::mmap(std::ptr::null_mut(), 2 * PAGE, libc::PROT_READ | libc::PROT_WRITE, flags, -1, 0)
        };
        let second = memory.wrapping_byte_add(PAGE);
        // SAFETY: the second page of that, which nobody uses.
        assert_eq!(unsafe { libc::mprotect(second, PAGE, libc::PROT_NONE) }, 0);
        let mut to = [1; 8];
        assert_eq!(bytes(memory.addr() + PAGE - 3, &mut to), 3);
        assert_eq!(to, [0, 0, 0, 1, 1, 1, 1, 1]);
        // SAFETY: the mapping from above.
        assert_eq!(unsafe { libc::munmap(memory, 2 * PAGE) }, 0);
    }
}
