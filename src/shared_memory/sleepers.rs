//! Who sleeps until the sequence of a ledger changes, and who wakes them.

use super::ledger::{Ledger, Sequence};
use crate::plant::stored;
use crate::sys::{futex, sleeping};
use std::sync::atomic::Ordering::{Relaxed, SeqCst};
use std::time::Duration;

/// The sleepers' word when somebody said that he sleeps.
#[derive(Debug)]
pub struct Ticket(u32);

impl Ledger {
    /// After the lock was given back: wakes those who sleep until a write.
    #[inline]
    pub fn wake_sleepers(&self) {
        // SeqCst: with the lock's release between the new sequence and this load,
        // either the sleeper is seen here or the sequence by him.
        if self.words().sleepers.load(SeqCst) & 1 != 0 {
            self.wake();
        }
    }

    #[cold]
    fn wake(&self) {
        // Not a count of sleepers: those who were killed would stay in it for ever.
        // And never a value that it had: who is about to sleep would not notice.
        let move_on = |word: u32| (word & 1 != 0).then_some(word.wrapping_add(1));
        if self.words().sleepers.fetch_update(SeqCst, Relaxed, move_on).is_ok() {
            stored("ledger: sleepers roused");
            futex::wake_all(&self.words().sleepers);
        }
    }

    /// Says that somebody sleeps. The word to sleep on; None: the sequence has changed.
    pub fn announce_sleeper(&self, since: Sequence) -> Option<Ticket> {
        let word = self.words().sleepers.fetch_or(1, SeqCst) | 1;
        stored("ledger: sleeper announced");
        (self.words().sequence.load(SeqCst) == since.0).then_some(Ticket(word))
    }

    /// Sleeps for at most so long, unless a waking has come between.
    pub fn sleep(&self, ticket: Ticket, at_most: Duration) {
        sleeping::begins();
        futex::wait(&self.words().sleepers, ticket.0, at_most);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sys::map::{self, Access, Contents, PAGE_SIZE, Place};
    use std::ptr::NonNull;
    use std::time::Instant;

    fn new_ledger() -> Ledger {
        let page = map::map(Place::Anywhere, PAGE_SIZE, Access::READ_WRITE, Contents::Zero).unwrap();
        Ledger::new(NonNull::new(page as *mut u8).unwrap(), true)
    }

    fn write(ledger: &Ledger) {
        ledger.begin(&(0..1));
        ledger.complete(&(0..1), 1);
    }

    /// A sleeper is on his way to sleep while a write wakes others, and a third one lies
    /// down: he must not sleep on.
    #[test]
    fn a_waking_that_comes_before_the_sleep_is_not_lost() {
        let ledger = new_ledger();
        let slow = ledger.announce_sleeper(ledger.sequence()).unwrap();
        write(&ledger);
        ledger.wake_sleepers();
        let next = ledger.announce_sleeper(ledger.sequence()).unwrap();
        let start = Instant::now();
        ledger.sleep(slow, Duration::from_secs(10));
        assert!(start.elapsed() < Duration::from_secs(5), "the write was before");
        // The waking of that write comes once more; the next write must wake, too.
        ledger.wake_sleepers();
        ledger.sleep(next, Duration::from_secs(10));
        assert!(start.elapsed() < Duration::from_secs(5));
        let before = ledger.sequence();
        write(&ledger);
        assert!(
            ledger.announce_sleeper(before).is_none(),
            "who announces himself after a write does not sleep"
        );
    }
}
