//! Where variables lie. What all threads read in every call must not share a cache line
//! with what some of them write: each write would take the line away from all others.

use std::ops::Deref;

/// What lies in different blocks of so many bytes is in different cache lines, also where
/// the processor fetches them in pairs.
#[allow(dead_code, reason = "Rust 1.85 does not count a use in `const _`")]
pub const APART: usize = 128;

/// Alone in its cache lines.
#[repr(align(128))]
pub struct Apart<T>(pub T);

const _: () = assert!(size_of::<Apart<u8>>() == APART);

impl<T> Deref for Apart<T> {
    type Target = T;

    #[inline(always)]
    fn deref(&self) -> &T {
        &self.0
    }
}
