//! Waiting for a peer, with an end.

use crate::error::Error;
use crate::sys::{process, time};
use std::time::Duration;

/// Waiting for a peer that may be stopped: yields, then sleeps, then gives up.
pub struct Patience {
    tries: u32,
    end: Option<u64>,
}

impl Patience {
    const LIMIT_NS: u64 = 2_000_000_000;
    const YIELDS: u32 = 4;

    pub fn new() -> Patience {
        Patience { tries: 0, end: None }
    }

    /// Waits a little longer than the last time; Busy when it has been long enough.
    pub fn lose_some(&mut self) -> Result<(), Error> {
        self.tries += 1;
        if self.tries <= Self::YIELDS {
            process::yield_now();
            return Ok(());
        }
        let now = time::monotonic_ns();
        let end = *self.end.get_or_insert(now + Self::LIMIT_NS);
        if now >= end {
            return Err(Error::Busy);
        }
        let doublings = (self.tries - Self::YIELDS).min(5);
        time::sleep(Duration::from_micros(25 << doublings));
        Ok(())
    }
}
