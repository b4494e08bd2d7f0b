//! Mutexes without handles whose owner lives: their words stay, because the owner's
//! robust list leads through them. When he ends, they are abandoned and go.

use super::Home;
use crate::fork;
use crate::sync::{self, SyncObject};
use std::mem;
use std::sync::{Mutex, MutexGuard, Once, PoisonError};

struct Orphan {
    mutex: SyncObject,
    #[expect(dead_code, reason = "kept for its Drop")]
    home: Home,
}

static ORPHANS: Mutex<Vec<Orphan>> = Mutex::new(Vec::new());

fn orphans() -> MutexGuard<'static, Vec<Orphan>> {
    ORPHANS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Keeps the words of a mutex that was just seen to be owned here.
pub fn keep(mutex: SyncObject, home: Home) {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| sync::at_thread_exit(release));
    let orphan = Orphan { mutex, home };
    let mut orphans = orphans();
    // Else its owner ended meanwhile, and looked here before.
    if orphan.mutex.is_owned_here() {
        orphans.push(orphan);
    }
}

/// Lets go of those whose owner has ended.
fn release() {
    // Not in the middle of a fork: the child would find the list locked.
    let _inside = fork::enter();
    let mut orphans = orphans();
    let (owned, free) = mem::take(&mut *orphans).into_iter().partition(|orphan| orphan.mutex.is_owned_here());
    *orphans = owned;
    drop(orphans);
    // Outside the lock: giving a page back takes a while.
    drop::<Vec<Orphan>>(free);
}

#[cfg(test)]
pub fn count() -> usize {
    orphans().len()
}
