//! State words: what their bits mean and how they change. Pure.
//!
//! ```text
//! mutex      0-28 owner's thread id | 30 owner died | 31 waiters
//!            32-61 acquisitions | 62 LOCKED | 63 RESERVED
//! auto       30 available | 31 LOCKED | 63 RESERVED, the rest zero
//! manual     0-29 epoch | 30 available | 31 LOCKED
//! semaphore  30 available (count > 0) | 31 LOCKED | 32-62 count | 63 RESERVED
//! timer      0 signalled | 1 LOCKED | 2-5 set number | 6-63 due, ns in steps of 64; 0: inactive
//! ```
//!
//! The low half is what the kernel sees:
//! * a mutex has the form that it knows of robust lists. LOCKED stands in the high
//!   half, where its test for "no owner" does not find it;
//! * auto events and semaphores keep bits 0-29 zero, so that to the kernel they look
//!   like a mutex without owner: it passes the wake of a killed thread on;
//! * every set of a timer and of a manual event changes it, so that who is about to
//!   sleep on the old value does not.
//!
//! LOCKED: a commit is taking the object (`commit`). RESERVED: somebody is due the next
//! turn, and who comes anew lets it pass. Of a mutex, a waiter that has waited for some
//! time, and was woken and overtaken. Of an auto event or semaphore, whoever was
//! asleep when it was signalled: on Windows that signal ends the sleeper's wait there
//! and then, and programs build on it that a thread which signals and then waits does
//! not get its own signal. It goes with the last that there is to take.

#![forbid(unsafe_code)]

pub const RESERVED: u64 = 1 << 63;

/// What stands in place of every state of a page that somebody cut off: LOCKED, whatever
/// the kind is, and nothing that an object gets into by itself. Mutexes have an owner
/// in it whom no system has.
pub const CUT_OFF: u64 = 0x7ead_dead_dead_deae;

/// What an object is, and so how its words are read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    Mutex,
    AutoEvent,
    ManualEvent,
    Semaphore,
    AutoTimer,
    ManualTimer,
}

pub mod mutex {
    pub const OWNER: u64 = (1 << 29) - 1;
    pub const DIED: u64 = 1 << 30;
    pub const WAITERS: u64 = 1 << 31;
    pub const ONE_ACQUISITION: u64 = 1 << 32;
    pub const ACQUISITIONS: u64 = ((1 << 30) - 1) << 32;
    pub const LOCKED: u64 = 1 << 62;

    /// After an acquisition by `low`: a thread id, or DIED for one that is dead.
    /// One acquisition more tells a late releaser that its turn is over.
    pub fn taken(word: u64, low: u64) -> u64 {
        let acquisitions = word.wrapping_add(ONE_ACQUISITION) & ACQUISITIONS;
        low | word & (WAITERS | super::RESERVED) | acquisitions
    }

    /// Which acquisition a word is of.
    pub fn acquisition(word: u64) -> u32 {
        (word >> 32) as u32 & (ACQUISITIONS >> 32) as u32
    }

    /// What the kernel makes of the word when its owner dies.
    pub fn abandoned(word: u64) -> u64 {
        word & !OWNER | DIED
    }

    /// When a releaser woke nobody: the word as it was released, and without WAITERS.
    pub fn nobody_waits(released: u64) -> (u64, u64) {
        let acquisitions = released & ACQUISITIONS;
        (acquisitions | WAITERS, acquisitions)
    }
}

/// Events and semaphores.
pub mod signal {
    use super::Kind;

    pub const AVAILABLE: u64 = 1 << 30;
    pub const LOCKED: u64 = 1 << 31;
    pub const EPOCH: u64 = AVAILABLE - 1;
    const ONE: u64 = 1 << 32;

    pub fn count(word: u64) -> u32 {
        (word >> 32) as u32 & 0x7fff_ffff
    }

    pub fn event(set: bool) -> u64 {
        if set { AVAILABLE } else { 0 }
    }

    pub fn semaphore(count: u32) -> u64 {
        (u64::from(count) * ONE) | event(count > 0)
    }

    /// A manual event that becomes set begins an epoch: who waited knows, even if
    /// it is reset before he looks.
    pub fn set(word: u64, kind: Kind) -> u64 {
        match kind {
            Kind::ManualEvent if word & AVAILABLE == 0 => next_epoch(word) | AVAILABLE,
            _ => word | AVAILABLE,
        }
    }

    pub fn reset(word: u64) -> u64 {
        word & !(AVAILABLE | super::RESERVED)
    }

    /// A manual event, set and reset at once.
    pub fn pulse(word: u64) -> u64 {
        reset(next_epoch(word))
    }

    fn next_epoch(word: u64) -> u64 {
        word & !EPOCH | word.wrapping_add(1) & EPOCH
    }

    /// None: more than `maximum`.
    pub fn release(word: u64, more: u32, maximum: u32) -> Option<u64> {
        (more <= maximum.saturating_sub(count(word))).then(|| (word + u64::from(more) * ONE) | AVAILABLE)
    }

    pub fn take_one(word: u64) -> u64 {
        let rest = word.wrapping_sub(ONE);
        if count(rest) == 0 { reset(rest) } else { rest }
    }
}

pub mod timer {
    pub const SIGNALLED: u64 = 1;
    pub const LOCKED: u64 = 2;
    pub const DUE: u64 = !63;
    const SET_NUMBER: u64 = 15 << 2;

    /// Which of the two settings is in force.
    pub fn setting(word: u64) -> usize {
        (word >> 2 & 1) as usize
    }

    fn next_set_number(word: u64) -> u64 {
        word.wrapping_add(4) & SET_NUMBER
    }

    /// The setting that the next set or cancel puts in force.
    pub fn next_setting(word: u64) -> usize {
        setting(next_set_number(word))
    }

    /// Set to be due at a time (never 0). An old signal does not count any more.
    pub fn set(word: u64, due_ns: u64) -> u64 {
        // Upwards: a timer is late, but never early.
        let due = (due_ns.clamp(1, i64::MAX as u64) + !DUE) & DUE;
        due | next_set_number(word)
    }

    /// Cancelled: what it signalled stays signalled.
    pub fn cancel(word: u64) -> u64 {
        next_set_number(word) | word & SIGNALLED
    }

    /// A timer that was due: signalled, and due again at the first multiple of the
    /// period after `now`.
    pub fn expired(word: u64, now_ns: u64, period_ns: u64) -> u64 {
        let due = word & DUE;
        let next = match period_ns {
            0 => 0,
            _ => due.saturating_add((now_ns.saturating_sub(due) / period_ns + 1).saturating_mul(period_ns)),
        };
        next & DUE | word & SET_NUMBER | SIGNALLED
    }
}

impl Kind {
    pub fn is_timer(self) -> bool {
        matches!(self, Kind::AutoTimer | Kind::ManualTimer)
    }

    pub fn locked(self) -> u64 {
        match self {
            Kind::Mutex => mutex::LOCKED,
            _ if self.is_timer() => timer::LOCKED,
            _ => signal::LOCKED,
        }
    }

    /// Bits that are all zero when a wait would certainly not be satisfied. Of a mutex,
    /// which takes a look at its owner, there are none.
    pub fn hints(self) -> u64 {
        match self {
            Kind::Mutex => 0,
            _ if self.is_timer() => timer::SIGNALLED | timer::LOCKED | timer::DUE,
            _ => signal::AVAILABLE | signal::LOCKED,
        }
    }

    /// One thread gets what one signal gives: it can be reserved for a starving one,
    /// and the kernel can pass a wake on.
    pub fn is_single(self) -> bool {
        matches!(self, Kind::Mutex | Kind::AutoEvent | Kind::Semaphore)
    }

    pub fn is_reserved(self, word: u64) -> bool {
        self.is_single() && word & RESERVED != 0
    }

    /// Whether a wait would be satisfied, reservations aside. (Of a mutex: whether
    /// it is free; its owner may always take it once more.)
    pub fn is_present(self, word: u64) -> bool {
        match self {
            Kind::Mutex => word & mutex::OWNER == 0,
            _ if self.is_timer() => word & timer::SIGNALLED != 0,
            _ => word & signal::AVAILABLE != 0,
        }
    }

    /// Whether those who sleep when it is signalled are due what the signal gives.
    pub fn is_handed_over(self) -> bool {
        matches!(self, Kind::AutoEvent | Kind::Semaphore)
    }

    /// What a commit makes of a LOCKED word, by its intent. Not for mutexes.
    pub fn committed(self, word: u64, intent: u64) -> u64 {
        if self.is_present(intent) { intent & !RESERVED | word & RESERVED } else { intent & !RESERVED }
    }

    /// After one satisfied wait. Not for mutexes.
    pub fn consumed(self, word: u64) -> u64 {
        match self {
            Kind::AutoEvent => signal::reset(word),
            Kind::Semaphore => signal::take_one(word),
            Kind::AutoTimer => word & !timer::SIGNALLED,
            Kind::Mutex | Kind::ManualEvent | Kind::ManualTimer => word,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reservation_goes_with_the_last_that_there_is_to_take() {
        let two = signal::semaphore(2) | RESERVED;
        let one = Kind::Semaphore.consumed(two);
        assert_eq!((signal::count(one), one & RESERVED), (1, RESERVED));
        assert_eq!(Kind::Semaphore.consumed(one), signal::semaphore(0));
        assert_eq!(Kind::AutoEvent.consumed(signal::event(true) | RESERVED), signal::event(false));
        let locked = one | RESERVED | signal::LOCKED;
        assert_eq!(Kind::Semaphore.committed(locked, one), one | RESERVED);
        assert_eq!(Kind::Semaphore.committed(locked, signal::semaphore(0)), signal::semaphore(0));
    }

    #[test]
    fn what_was_cut_off_is_locked_whatever_it_was() {
        for kind in [Kind::Mutex, Kind::AutoEvent, Kind::ManualEvent, Kind::Semaphore, Kind::AutoTimer] {
            assert!(CUT_OFF & kind.locked() != 0 && (kind.hints() == 0 || CUT_OFF & kind.hints() != 0));
        }
        const { assert!(CUT_OFF & mutex::OWNER > 1 << 22, "more than the largest thread id") };
    }

    #[test]
    fn setting_twice_counts_once_and_every_new_set_is_another_epoch() {
        let once = signal::set(0, Kind::ManualEvent);
        assert_eq!(signal::set(once, Kind::ManualEvent), once);
        assert_ne!(signal::set(signal::reset(once), Kind::ManualEvent), once);
        assert_eq!(signal::set(signal::EPOCH, Kind::ManualEvent), signal::AVAILABLE, "the epoch wraps");
        assert_ne!(signal::pulse(signal::reset(once)), signal::reset(once));
    }

    #[test]
    fn what_the_kernel_may_take_for_a_mutex_keeps_its_low_bits_zero() {
        let words = [
            signal::set(0, Kind::AutoEvent),
            signal::reset(signal::set(0, Kind::AutoEvent)),
            signal::semaphore(0x7fff_ffff),
            signal::take_one(signal::semaphore(1)),
            signal::release(0, 5, 5).unwrap(),
        ];
        assert!(words.iter().all(|word| word & signal::EPOCH == 0));
    }

    #[test]
    fn a_semaphore_counts_to_its_maximum_and_not_further() {
        let full = signal::release(signal::semaphore(1), 2, 3).unwrap();
        assert_eq!((signal::count(full), signal::release(full, 1, 3)), (3, None));
        assert_eq!(signal::release(0, u32::MAX, i32::MAX as u32), None);
        let rest = signal::take_one(signal::take_one(signal::take_one(full)));
        assert_eq!(rest, 0);
        assert!(!Kind::Semaphore.is_present(rest) && Kind::Semaphore.is_present(full));
    }

    #[test]
    fn every_set_of_a_timer_changes_what_its_sleepers_compare() {
        let first = timer::set(0, 1000);
        assert_ne!(first as u32, timer::set(first, 1000) as u32);
        assert_ne!(timer::setting(first), timer::next_setting(first));
        assert_eq!(timer::cancel(first | timer::SIGNALLED) & timer::SIGNALLED, timer::SIGNALLED);
        assert_eq!(timer::set(first | timer::SIGNALLED, 1000) & timer::SIGNALLED, 0);
    }

    #[test]
    fn a_periodic_timer_keeps_its_beat_whenever_somebody_looks() {
        const MS: u64 = 1_000_000;
        let armed = timer::set(0, 64 * MS);
        assert_eq!(armed & timer::DUE, 64 * MS);
        let later = timer::expired(armed, 64 * MS + 5 * MS / 2, MS);
        assert_eq!((later & timer::DUE, later & timer::SIGNALLED), (67 * MS, timer::SIGNALLED));
        assert_eq!(timer::expired(armed, 65 * MS, 0) & timer::DUE, 0, "once");
    }

    #[test]
    fn what_could_be_taken_never_goes_without_a_hint() {
        let hint = |kind: Kind, word: u64| kind.hints() == 0 || word & kind.hints() != 0;
        assert!(hint(Kind::Mutex, 0) && hint(Kind::Mutex, 7));
        for kind in [Kind::AutoEvent, Kind::ManualEvent, Kind::Semaphore] {
            let word = if kind == Kind::Semaphore { signal::semaphore(1) } else { signal::event(true) };
            assert!(hint(kind, word) && hint(kind, signal::LOCKED) && !hint(kind, 5));
        }
        for kind in [Kind::AutoTimer, Kind::ManualTimer] {
            assert!(
                hint(kind, timer::SIGNALLED) && hint(kind, timer::set(0, 1)) && !hint(kind, timer::cancel(0))
            );
        }
    }

    #[test]
    fn a_late_releaser_does_not_clear_the_next_ones_waiters() {
        let mine = mutex::taken(mutex::WAITERS, 7);
        let (expected, cleared) = mutex::nobody_waits(mine);
        assert_eq!((expected, cleared), (mine - 7, mine - 7 - mutex::WAITERS));
        let next = mutex::taken(mine - 7, 8) - 8;
        assert_ne!(expected, next, "somebody had it meanwhile");
    }

    #[test]
    fn an_acquisition_keeps_waiters_and_reservation_and_counts_around() {
        let word = mutex::ACQUISITIONS | mutex::WAITERS | mutex::DIED | mutex::LOCKED | RESERVED;
        assert_eq!(mutex::taken(word, 5), 5 | mutex::WAITERS | RESERVED);
        assert_eq!(mutex::abandoned(5 | mutex::WAITERS), mutex::DIED | mutex::WAITERS);
    }
}
