//! References for calls that may sleep, outside of the fork gate. A forked child has
//! those of its parent's other threads, which will never give them back there: they
//! are listed, so that the child can.

use super::{Object, with};
use crate::error::Error;
use crate::fork::{self, Inside};
use crate::handle::{Entry, Handle, Pinned};
use std::ptr::NonNull;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Mutex, MutexGuard, PoisonError};

struct Listed {
    number: u64,
    /// The last fork before.
    generation: u64,
    #[expect(dead_code, reason = "kept for its Drop")]
    object: Pinned<Object>,
}

/// Locked inside the gate only.
static LIST: Mutex<Vec<Listed>> = Mutex::new(Vec::new());

fn list() -> MutexGuard<'static, Vec<Listed>> {
    LIST.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Keeps an object for a call. Must not be dropped inside the gate.
pub struct Pin {
    number: u64,
    object: NonNull<Entry<Object>>,
}

impl Pin {
    /// Keeps what a handle means, if `is_kind`.
    pub fn new(handle: Handle, is_kind: impl Fn(&Object) -> Result<(), Error>) -> Result<Pin, Error> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let _inside = fork::enter();
        let object = with(handle, |object| is_kind(&object).map(|()| object.pin()))?;
        let (number, entry) = (NEXT.fetch_add(1, Relaxed), NonNull::from(&*object));
        list().push(Listed { number, generation: fork::generation(), object });
        Ok(Pin { number, object: entry })
    }

    pub fn object(&self) -> &Object {
        // SAFETY: listed until `self` is dropped. `forget_parents` takes only what was
        // listed by threads that are not in this process.
        unsafe { self.object.as_ref() }
    }
}

impl Drop for Pin {
    fn drop(&mut self) {
        let _inside = fork::enter();
        let mut list = list();
        let place = list.iter().position(|listed| listed.number == self.number);
        let listed = place.map(|place| list.swap_remove(place));
        drop(list);
        // Perhaps the last reference, which needs the gate.
        drop(listed);
    }
}

/// In a forked child: gives back what the threads of its parent kept.
pub fn forget_parents(_inside: &Inside) {
    if fork::born_at() == 0 {
        return;
    }
    let old: Vec<_> = {
        let mut list = list();
        let (old, own) = list.drain(..).partition(|listed| listed.generation < fork::born_at());
        *list = own;
        old
    };
    drop(old);
}
