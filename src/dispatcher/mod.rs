//! Events: a flag that processes set and reset.

use crate::error::Error;
use crate::name::Name;
use crate::namespace::layout::{Header, Kind, STATE};
use crate::namespace::{self, Commitment, Created, NamedFile, Outcome, Plan};
use crate::pool::Block;
use std::ptr::NonNull;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::{Relaxed, SeqCst};

/// Who takes a set event back.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reset {
    /// The first waiter that it releases.
    Auto,
    /// ResetEvent.
    Manual,
}

/// The state word of an event.
///
/// ```text
/// auto    bit 30 set; bits 0-29 stay zero
/// manual  bit 30 set; bits 0-29 count how often it became set
/// ```
mod state {
    use super::Reset;

    const SET: u64 = 1 << 30;
    const EPOCH_MASK: u64 = SET - 1;

    pub fn initial(set: bool) -> u64 {
        if set { SET } else { 0 }
    }

    pub fn after_set(word: u64, reset: Reset) -> u64 {
        match reset {
            Reset::Auto => word | SET,
            // A new epoch tells waiters that the event was set, even if it is
            // reset before they look.
            Reset::Manual if word & SET == 0 => word & !EPOCH_MASK | (word + 1) & EPOCH_MASK | SET,
            Reset::Manual => word,
        }
    }

    pub fn after_reset(word: u64) -> u64 {
        word & !SET
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn setting_twice_counts_once_and_every_new_set_is_another_epoch() {
            let once = after_set(initial(false), Reset::Manual);
            assert_eq!(after_set(once, Reset::Manual), once);
            let again = after_set(after_reset(once), Reset::Manual);
            assert_ne!(again, once);
            assert_eq!(after_set(EPOCH_MASK, Reset::Manual), SET, "the epoch wraps within its bits");
        }

        #[test]
        fn an_auto_event_keeps_its_low_bits_zero() {
            let set = after_set(initial(false), Reset::Auto);
            assert_eq!((set, after_set(set, Reset::Auto), after_reset(set)), (SET, SET, 0));
        }
    }
}

/// Where the state word lies.
enum Home {
    /// In the control page of the event's file. (Boxed, so that a look-up finds
    /// all that it needs in one cache line.)
    Named(Box<NamedFile>),
    Unnamed(#[expect(dead_code, reason = "kept for its Drop")] Block),
}

pub struct Event {
    reset: Reset,
    /// In `home`, at the same address as long as the event lives.
    state: NonNull<u64>,
    home: Home,
}

// SAFETY: the state is reached by atomics only.
unsafe impl Send for Event {}
// SAFETY: as above.
unsafe impl Sync for Event {}

impl Event {
    pub fn unnamed(reset: Reset, set: bool) -> Result<Event, Error> {
        let block = Block::new()?;
        let event = Event { reset, state: block.address().cast(), home: Home::Unnamed(block) };
        event.word().store(state::initial(set), Relaxed);
        Ok(event)
    }

    /// Makes a named event, or opens the one that exists, whatever its state is.
    pub fn create(name: &Name, reset: Reset, set: bool) -> Result<(Event, Created), Error> {
        let manual = match reset {
            Reset::Auto => 0,
            Reset::Manual => 1,
        };
        let header = Header {
            kind: Kind::Event,
            data_size: 0,
            commit_map_size: 0,
            attribute_a: manual,
            attribute_b: 0,
            exact_size: 0,
        };
        let state = state::initial(set).to_le_bytes();
        let plan = Plan { header, commitment: Commitment::Reserved, state: &state, mode: 0o600 };
        match namespace::create(name, &plan)? {
            Outcome::Created(file) => Ok((Event::named(file, reset)?, Created::Yes)),
            Outcome::Opened(file, found) => Ok((Event::from_file(file, &found)?, Created::No)),
        }
    }

    pub fn open(name: &Name, permitted: Result<(), Error>) -> Result<Event, Error> {
        let (file, header) = namespace::open(name, Kind::Event, permitted)?;
        Event::from_file(file, &header)
    }

    fn from_file(file: NamedFile, header: &Header) -> Result<Event, Error> {
        let reset = match (header.attribute_a, header.data_size) {
            (0, 0) => Reset::Auto,
            (1, 0) => Reset::Manual,
            _ => return Err(Error::Corrupt),
        };
        Event::named(file, reset)
    }

    fn named(file: NamedFile, reset: Reset) -> Result<Event, Error> {
        let page = file.control().ok_or(Error::Internal)?.address();
        // SAFETY: the state block lies within the control page.
        let state = unsafe { page.add(STATE) };
        Ok(Event { reset, state: state.cast(), home: Home::Named(Box::new(file)) })
    }

    pub fn word(&self) -> &AtomicU64 {
        // SAFETY: aligned, mapped as long as `self`, and reached by atomics only.
        unsafe { AtomicU64::from_ptr(self.state.as_ptr()) }
    }

    pub fn set(&self) {
        // A closure that always answers cannot fail.
        let _ = self.word().fetch_update(SeqCst, Relaxed, |word| Some(state::after_set(word, self.reset)));
    }

    pub fn reset(&self) {
        let _ = self.word().fetch_update(SeqCst, Relaxed, |word| Some(state::after_reset(word)));
    }

    #[cfg(test)]
    pub fn is_set(&self) -> bool {
        let word = self.word().load(SeqCst);
        word != state::after_reset(word)
    }

    pub fn name(&self) -> Option<&NamedFile> {
        match &self.home {
            Home::Named(file) => Some(file),
            Home::Unnamed(_) => None,
        }
    }

    /// The last handle is closed; another thread still uses the event.
    pub fn release_name(&self) {
        if let Some(file) = self.name() {
            file.release_name();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> Name {
        let unique = format!("winshm-test-{}-{text}", std::process::id());
        Name::new(unique.encode_utf16().collect()).unwrap()
    }

    #[test]
    fn an_unnamed_event_is_set_and_reset() {
        for reset in [Reset::Auto, Reset::Manual] {
            let event = Event::unnamed(reset, false).unwrap();
            assert!(!event.is_set());
            event.set();
            assert!(event.is_set());
            event.reset();
            assert!(!event.is_set());
            assert!(Event::unnamed(reset, true).unwrap().is_set());
        }
    }

    /// Two holders of one name, as two processes are: each sees what the other
    /// does, and the second one's wishes for a new event do not count.
    #[test]
    fn the_state_of_a_named_event_is_one_for_all_who_open_it() {
        let name = name("shared");
        let (first, created) = Event::create(&name, Reset::Manual, true).unwrap();
        assert_eq!(created, Created::Yes);
        let (second, created) = Event::create(&name, Reset::Auto, false).unwrap();
        assert_eq!(created, Created::No);
        assert!(second.is_set());
        second.reset();
        assert!(!first.is_set());
        let third = Event::open(&name, Ok(())).unwrap();
        first.set();
        assert!(third.is_set());
        drop((first, second));
        assert!(Event::open(&name, Ok(())).is_ok(), "the third still has it");
        drop(third);
        assert!(matches!(Event::open(&name, Ok(())), Err(Error::NotFound)));
    }

    #[test]
    fn the_name_can_go_before_the_event() {
        let name = name("released");
        let (event, _) = Event::create(&name, Reset::Manual, true).unwrap();
        event.release_name();
        assert!(matches!(Event::open(&name, Ok(())), Err(Error::NotFound)));
        assert!(event.is_set(), "the page stays");
        let (fresh, created) = Event::create(&name, Reset::Manual, false).unwrap();
        assert_eq!(created, Created::Yes);
        event.reset();
        fresh.set();
        assert!(!event.is_set() && fresh.is_set(), "two events now");
    }
}
