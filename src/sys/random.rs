//! Numbers that nobody else has.

use crate::plant::call;

/// A random number, not 0.
pub fn number() -> u64 {
    let mut number = 0_u64;
    // SAFETY: the number is writable for its size.
    let draw = || unsafe { libc::getrandom((&raw mut number).cast(), size_of::<u64>(), 0) };
    let got = call("getrandom: number", draw);
    if got != size_of::<u64>() as isize {
        // No such call, or a sandbox: what differs between processes anyway.
        let here = (&raw const number) as u64;
        number = super::time::monotonic_ns().rotate_left(32) ^ here ^ u64::from(std::process::id());
    }
    number | 1
}
