//! Who may own a ledger's write lock, and whether he still lives.
//!
//! An owner writes a number into the lock that the kernel knows too: a byte of the
//! ledger's file, locked through a description of his own, whose only reference is
//! a mapping. It ends with the process, however that ends, and no forked child has
//! it. So a number that nobody has locked is a dead owner's, in whatever PID
//! namespace he was.

use crate::error::Error;
use crate::fork::{self, Inside};
use crate::namespace::FileKey;
use crate::sys::lock;
use crate::sys::map::{Access, SharedPage};
use std::os::fd::AsFd;
use std::sync::atomic::AtomicU32;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};
use std::sync::{Mutex, PoisonError};

/// A number that nobody else has: 1 to `LARGEST`.
pub type Number = u32;

pub const LARGEST: Number = (1 << 20) - 1;

/// The claim of one SharedMemory object, made when it is opened for writing, else
/// when it is first needed.
pub struct Claim {
    key: FileKey,
    /// 0: none yet.
    number: AtomicU32,
    /// The birth of the process that the number belongs to: a forked child makes
    /// a claim of its own.
    born_at: AtomicU64,
    keeper: Mutex<Option<SharedPage>>,
}

impl Claim {
    pub fn new(key: FileKey) -> Claim {
        let (number, born_at) = (AtomicU32::new(0), AtomicU64::new(0));
        Claim { key, number, born_at, keeper: Mutex::new(None) }
    }

    /// The number, if there is one.
    #[inline]
    pub fn number(&self) -> Option<Number> {
        // In this order: `make` stores the other way round.
        if self.born_at.load(Acquire) != fork::born_at() {
            return None;
        }
        let number = self.number.load(Acquire);
        (number != 0).then_some(number)
    }

    /// The number. `owner` is the lock's present owner: his number may be a dead
    /// one's, whom others must still be able to find dead. Inside the fork gate: no
    /// child may come by the description.
    pub fn make(&self, _inside: &Inside, owner: impl Fn() -> Number) -> Result<Number, Error> {
        let mut keeper = self.keeper.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(number) = self.number() {
            return Ok(number);
        }
        let file = self.key.open()?;
        let first =
            fork::process_id().wrapping_mul(2654435761) ^ std::ptr::from_ref(self) as usize as u32 >> 4;
        for attempt in 0..LARGEST {
            let number = 1 + first.wrapping_add(attempt) % LARGEST;
            if !lock::try_claim(file.as_fd(), number)? {
                continue;
            }
            if owner() == number {
                lock::unclaim(file.as_fd(), number);
                continue;
            }
            let page = SharedPage::map_for(file.as_fd(), 0, Access::NONE)?;
            page.keep_from_children()?;
            // In a child the old one is its parent's mapping, which is not here.
            std::mem::forget(keeper.replace(page));
            self.disown();
            self.number.store(number, Release);
            return Ok(number);
        }
        Err(Error::NoSystemResources)
    }

    /// Forgets the number of a parent before this process says that the claim is its
    /// own: another thread must not take the one for the other.
    fn disown(&self) {
        self.number.store(0, Relaxed);
        self.born_at.store(fork::born_at(), Release);
    }

    /// Whether the owner with this number lives. When nobody can tell, he does.
    pub fn is_alive(&self, number: Number) -> bool {
        let _inside = fork::enter();
        self.key.ask(|file| lock::is_claimed(file, number)).unwrap_or(true)
    }

    /// Runs `act` if the owner with this number is dead, and has nobody else get the
    /// number meanwhile. None: he lives, or nobody can tell.
    pub fn while_dead<R>(&self, number: Number, act: impl FnOnce() -> R) -> Option<R> {
        /// Threads may share a description, which keeps none of them out.
        static ONE_BY_ONE: Mutex<()> = Mutex::new(());
        let _inside = fork::enter();
        let _alone = ONE_BY_ONE.lock().unwrap_or_else(PoisonError::into_inner);
        let file = self.key.lockable().ok()?;
        if lock::try_claim(file.as_fd(), number) != Ok(true) {
            return None;
        }
        let result = act();
        lock::unclaim(file.as_fd(), number);
        Some(result)
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        let keeper = self.keeper.get_mut().unwrap_or_else(PoisonError::into_inner).take();
        if *self.born_at.get_mut() != fork::born_at() {
            // The parent's: something else may be at its address here.
            std::mem::forget(keeper);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::namespace::{LedgerFile, Permissions};
    use crate::segment::Identity;

    const MINE: Permissions = Permissions { owner: 0, group: 0, mode: 0o600 };

    /// Another thread of a forked child looks when the child's claim is half made.
    #[test]
    fn a_child_never_has_its_parents_number() {
        let segment = Identity::Posix { device: 0, inode: std::process::id().into(), birth_ns: 778 };
        let file = LedgerFile::open(&segment, &MINE).unwrap();
        let claim = Claim::new(file.key().clone());
        claim.number.store(5, Relaxed);
        claim.born_at.store(fork::born_at() + 1, Relaxed);
        assert_eq!(claim.number(), None, "an inherited claim");
        claim.disown();
        assert_eq!(claim.number(), None, "a half made one");
        let number = claim.make(&fork::enter(), || 0).unwrap();
        assert_eq!(claim.number(), Some(number));
        drop((claim, file));
        LedgerFile::remove(&segment);
    }

    /// A dead owner's number stays his while the lock is taken over.
    #[test]
    fn a_dead_number_is_nobody_elses_while_it_is_buried() {
        let segment = Identity::Posix { device: 0, inode: std::process::id().into(), birth_ns: 777 };
        let file = LedgerFile::open(&segment, &MINE).unwrap();
        let claims = [(); 2].map(|()| Claim::new(file.key().clone()));
        let number = claims[0].make(&fork::enter(), || 0).unwrap();
        assert!(claims[1].is_alive(number) && claims[0].is_alive(number));
        for claim in &claims {
            assert_eq!(claim.while_dead(number, || panic!("he lives")), None::<()>);
        }
        let [dead, taker] = claims;
        drop(dead);
        assert!(!taker.is_alive(number));
        let other = file.key().open().unwrap();
        let claimed = taker.while_dead(number, || lock::try_claim(other.as_fd(), number));
        assert_eq!(claimed, Some(Ok(false)), "a new process must not get it");
        assert_eq!(lock::try_claim(other.as_fd(), number), Ok(true), "afterwards it may");
        drop((taker, file));
        LedgerFile::remove(&segment);
    }
}
