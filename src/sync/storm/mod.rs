//! Storms: processes that wait, signal and are killed, and what must hold meanwhile.
//!
//! ```text
//! mixed     waits of every sort for objects of every kind, without and with kills
//! observer  whoever looks never sees a part of a wait-all
//! turns     nobody is kept from his turn
//! ```
//!
//! Each has a short version here, a long one for `./dev stress`, and a version with
//! a fault planted, which must fail.

mod mixed;
mod observer;
mod process;
mod record;
mod repair;
mod rounds;
mod turns;
mod worker;

/// The next number of a sequence.
pub fn random(state: &mut u64) -> u64 {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    *state
}
