//! Faults planted for tests of tests: a stress test must fail when one is on.
//! In a build without tests every answer is a constant `false`.

#![forbid(unsafe_code)]

/// Closers free without asking who is inside.
pub const NO_SCAN: &str = "no-scan";
/// A closed handle's index is used again at once.
pub const EARLY_INDEX: &str = "early-index";
/// An opener takes whatever file it finds for alive.
pub const NO_PROBE: &str = "no-probe";
/// The last holder does not look back.
pub const NO_REAP: &str = "no-reap";
/// What a dead writer left is not marked.
pub const NO_TORN: &str = "no-torn";
/// Readers do not look whether somebody wrote meanwhile.
pub const NO_SEQUENCE: &str = "no-sequence";

/// Whether the named fault is on: `WINSHM_PLANT=NAME` in a test program.
#[cfg(test)]
pub fn is(name: &str) -> bool {
    use std::sync::OnceLock;
    static PLANTED: OnceLock<Option<String>> = OnceLock::new();
    PLANTED.get_or_init(|| std::env::var("WINSHM_PLANT").ok()).as_deref() == Some(name)
}

/// Whether the named fault is on: never.
#[cfg(not(test))]
#[inline(always)]
pub const fn is(_name: &str) -> bool {
    false
}
