//! Sleeping until somebody writes.

use super::SharedMemory;
use super::write_lock::{self, Purpose};
use crate::error::Error;
use crate::sys::time;
use std::time::Duration;

/// A sleeper looks again after so long: a writer may have been killed before he
/// woke anybody.
const SLICE: Duration = Duration::from_millis(500);

/// Who cannot tell a writer that he sleeps looks more often.
const SLICE_UNSEEN: Duration = Duration::from_millis(1);

impl SharedMemory {
    /// Sleeps until more than `known` writes are completed; returns how many are.
    /// `still_open` is asked now and then.
    pub fn wait(
        &self,
        known: u64,
        timeout: Option<Duration>,
        still_open: impl Fn() -> bool,
    ) -> Result<u64, Error> {
        let start = time::monotonic_ns();
        loop {
            let found = self.ledger.sequence();
            self.ledger.check()?;
            if found.completed() > known {
                return Ok(found.completed());
            }
            if !still_open() {
                return Err(Error::InvalidHandle);
            }
            let slice = if self.ledger.is_writable { SLICE } else { SLICE_UNSEEN };
            let rest = match timeout {
                None => slice,
                Some(timeout) => {
                    let passed = Duration::from_nanos(time::monotonic_ns() - start);
                    timeout.checked_sub(passed).filter(|rest| !rest.is_zero()).ok_or(Error::TimedOut)?
                }
            };
            if !self.ledger.is_writable {
                time::sleep(rest.min(slice));
            } else if let Some(ticket) = self.ledger.announce_sleeper(found) {
                self.ledger.sleep(ticket, rest.min(slice));
            }
            if found.is_odd() && self.ledger.is_still(found) {
                self.bury_writer();
            }
        }
    }

    /// If the writer that everybody waits for is dead, says so in the ledger.
    #[cold]
    fn bury_writer(&self) {
        let owner = write_lock::owner(&self.ledger);
        if self.ledger.is_writable && owner != 0 && !self.claim.is_alive(owner) {
            // Whoever gets the lock finds the write undone and marks it torn. A
            // failure means that somebody else is at it.
            let _ = write_lock::lock(&self.ledger, &self.claim, Purpose::Write);
        }
    }

    /// Has every sleeper look again.
    pub fn rouse(&self) {
        if self.ledger.is_writable {
            self.ledger.wake_sleepers();
        }
    }
}
