//! What a copy of an object's words says, to somebody who has no handle and changes nothing.

#![forbid(unsafe_code)]

use super::state::{Kind, mutex, signal, timer};
use super::timer::{Clock, Setting};
use super::words::Words;
use std::mem::{offset_of, size_of};

/// A copy of the words.
pub type Copied = [u8; size_of::<Words>()];

/// What an object is in, at the moment of the copy.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Snapshot {
    pub state: State,
    /// A wait for all is taking it, or was killed over that and nobody has met it since.
    pub is_locked: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum State {
    Mutex(Mutex),
    Event { is_set: bool, waiters: Waiters },
    Semaphore { count: u32, waiters: Waiters },
    Timer(Timer),
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Mutex {
    /// The thread's id, 0: nobody.
    pub owner: u32,
    /// The PID namespace that the id is of; 0: not known.
    pub namespace: u32,
    pub recursion: u32,
    /// Its last owner ended with it, and nobody has taken it since.
    pub is_abandoned: bool,
    pub has_waiters: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Timer {
    /// With what time has done to it, whether or not somebody looked.
    pub is_signalled: bool,
    /// When it is due next, ns of its clock; 0: not set.
    pub due_ns: u64,
    pub clock: Clock,
    /// 0: once.
    pub period_ms: u32,
    pub waiters: Waiters,
}

/// Who waits. Killed ones leave both too high; they are never too low.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Waiters {
    pub registered: u32,
    pub sleeping: u64,
}

fn word(words: &Copied, offset: usize) -> u64 {
    u64::from_le_bytes(*words[offset..].first_chunk().expect("within the words"))
}

fn half(words: &Copied, offset: usize) -> u32 {
    u32::from_le_bytes(*words[offset..].first_chunk().expect("within the words"))
}

impl Snapshot {
    pub fn new(kind: Kind, words: &Copied) -> Snapshot {
        let state = word(words, offset_of!(Words, state));
        let waiters = Waiters {
            registered: half(words, offset_of!(Words, waiters)),
            sleeping: word(words, offset_of!(Words, cookie)),
        };
        let is_set = kind.is_present(state);
        Snapshot {
            is_locked: state & kind.locked() != 0,
            state: match kind {
                Kind::Mutex => State::Mutex(Mutex::new(state, words)),
                Kind::AutoEvent | Kind::ManualEvent => State::Event { is_set, waiters },
                Kind::Semaphore => State::Semaphore { count: signal::count(state), waiters },
                Kind::AutoTimer | Kind::ManualTimer => State::Timer(Timer::new(state, words, waiters)),
            },
        }
    }
}

impl Mutex {
    fn new(state: u64, words: &Copied) -> Mutex {
        let owner = (state & mutex::OWNER) as u32;
        let is_noted = half(words, offset_of!(Words, handed_over)) == mutex::acquisition(state);
        Mutex {
            owner,
            namespace: if is_noted { half(words, offset_of!(Words, absent)) } else { 0 },
            recursion: if owner == 0 { 0 } else { half(words, offset_of!(Words, recursion)) },
            is_abandoned: owner == 0 && state & mutex::DIED != 0,
            has_waiters: state & mutex::WAITERS != 0,
        }
    }
}

impl Timer {
    fn new(state: u64, words: &Copied, waiters: Waiters) -> Timer {
        let settings = offset_of!(Words, settings) + timer::setting(state) * size_of::<u64>();
        let setting = Setting::from_word(word(words, settings));
        let (now, due) = (setting.clock().now_ns(), state & timer::DUE);
        let is_late = due != 0 && now >= due;
        let current = if is_late { timer::expired(state, now, setting.period_ns()) } else { state };
        Timer {
            is_signalled: current & timer::SIGNALLED != 0,
            due_ns: current & timer::DUE,
            clock: setting.clock(),
            period_ms: setting.period_ms(),
            waiters,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sys::time;

    fn words(state: u64, others: &[(usize, u64)]) -> Copied {
        let mut words = [0; size_of::<Words>()];
        for (offset, value) in others.iter().chain(&[(offset_of!(Words, state), state)]) {
            words[*offset..offset + 8].copy_from_slice(&value.to_le_bytes());
        }
        words
    }

    /// `absent` and `handed_over` are the halves of one word, `waiters` and `recursion` of another.
    const NOTE: usize = offset_of!(Words, absent);
    const COUNTS: usize = offset_of!(Words, waiters);

    fn mutex_of(state: u64, others: &[(usize, u64)]) -> Mutex {
        match Snapshot::new(Kind::Mutex, &words(state, others)).state {
            State::Mutex(mutex) => mutex,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_mutex_tells_who_has_it_and_how_often() {
        let state = mutex::taken(mutex::WAITERS, 77);
        let noted = u64::from(mutex::acquisition(state)) << 32 | 5;
        let owned = mutex_of(state, &[(NOTE, noted), (COUNTS, 3 << 32)]);
        assert_eq!((owned.owner, owned.namespace, owned.recursion), (77, 5, 3));
        assert!(owned.has_waiters && !owned.is_abandoned);
        let of_another_acquisition = mutex_of(state, &[(NOTE, 5)]);
        assert_eq!(of_another_acquisition.namespace, 0);
        let abandoned = mutex_of(mutex::abandoned(state), &[(COUNTS, 3 << 32)]);
        assert!(abandoned.is_abandoned && abandoned.owner == 0 && abandoned.recursion == 0);
        assert!(Snapshot::new(Kind::Mutex, &words(mutex::LOCKED, &[])).is_locked);
    }

    #[test]
    fn a_timer_that_was_due_is_signalled_though_nobody_looked() {
        let now = time::monotonic_ns();
        let timer_of = |state, setting| {
            let settings = offset_of!(Words, settings) + 8 * timer::setting(state);
            match Snapshot::new(Kind::AutoTimer, &words(state, &[(settings, setting)])).state {
                State::Timer(timer) => timer,
                other => panic!("{other:?}"),
            }
        };
        let late = timer_of(timer::set(0, now - 1_500_000_000), 1000);
        assert!(late.is_signalled && late.due_ns > now && late.period_ms == 1000);
        let once = timer_of(timer::set(0, now - 1_500_000_000), 0);
        assert!(once.is_signalled && once.due_ns == 0);
        let later = timer_of(timer::set(0, now + 3_600_000_000_000), 0);
        assert!(!later.is_signalled && later.due_ns >= now + 3_600_000_000_000);
        assert_eq!(later.clock, Clock::Monotonic);
    }

    #[test]
    fn events_and_semaphores_tell_their_signals_and_who_waits() {
        let others = [(COUNTS, 4), (offset_of!(Words, cookie), 3)];
        let waiters = Waiters { registered: 4, sleeping: 3 };
        let seen = |kind, state| Snapshot::new(kind, &words(state, &others)).state;
        let event = |is_set| State::Event { is_set, waiters };
        assert_eq!(seen(Kind::AutoEvent, signal::event(true)), event(true));
        assert_eq!(seen(Kind::ManualEvent, signal::pulse(0)), event(false));
        assert_eq!(seen(Kind::Semaphore, signal::semaphore(9)), State::Semaphore { count: 9, waiters });
    }
}
