//! Waiting for a peer, with an end.

use crate::error::Error;
use crate::sys::{process, time};
use std::time::Duration;

/// Waiting for a peer that may be stopped: yields, then sleeps, then gives up.
pub struct Patience {
    tries: u32,
    limit_ns: u64,
    end: Option<u64>,
}

impl Patience {
    /// How long a stopped peer may keep others waiting.
    pub const LIMIT_MS: u64 = 2000;
    const YIELDS: u32 = 4;

    pub fn new() -> Patience {
        Patience::until_ms(Patience::LIMIT_MS)
    }

    pub fn until_ms(limit_ms: u64) -> Patience {
        Patience { tries: 0, limit_ns: limit_ms * 1_000_000, end: None }
    }

    /// Waits a little longer than the last time; Busy when it has been long enough.
    pub fn lose_some(&mut self) -> Result<(), Error> {
        self.tries += 1;
        if self.tries <= Self::YIELDS {
            process::yield_now();
            return Ok(());
        }
        let now = time::monotonic_ns();
        let end = *self.end.get_or_insert(now + self.limit_ns);
        if now >= end {
            return Err(Error::Busy);
        }
        let doublings = (self.tries - Self::YIELDS).min(5);
        time::sleep(Duration::from_micros(25 << doublings));
        Ok(())
    }
}
