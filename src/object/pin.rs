//! References for calls that may sleep, outside of the fork gate. A forked child has
//! those of its parent's other threads, which will never give them back there: they
//! are listed, so that the child can.

use super::{Object, TABLE};
use crate::error::Error;
use crate::fork::{self, Inside};
use crate::handle::{Handle, Pinned, Ref};
use crate::mark;
use crate::sys::thread::NotCancelled;
use std::ptr::NonNull;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Mutex, MutexGuard, PoisonError};

struct Listed {
    number: u64,
    /// The last fork before.
    generation: u64,
    objects: Box<[Pinned<Object>]>,
}

/// Locked inside the gate only.
static LIST: Mutex<Vec<Listed>> = Mutex::new(Vec::new());

fn list() -> MutexGuard<'static, Vec<Listed>> {
    LIST.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Keeps one or more objects for a call. Must not be dropped inside the gate. The thread
/// is not cancelled meanwhile: it would be unwound in the middle of what may sleep.
pub struct Pin {
    number: u64,
    objects: NonNull<[Pinned<Object>]>,
    _whole: NotCancelled,
}

impl Pin {
    /// Keeps what a handle means, if it is `permitted`.
    pub fn new(
        handle: Handle,
        permitted: impl FnOnce(&Ref<Object>) -> Result<(), Error>,
    ) -> Result<Pin, Error> {
        Pin::of(|_| {
            let mark = mark::enter();
            let object = TABLE.get(&mark, handle)?;
            permitted(&object)?;
            Ok(Box::new([object.pin()]))
        })
    }

    /// Keeps what `find` finds.
    pub fn of(find: impl FnOnce(&Inside) -> Result<Box<[Pinned<Object>]>, Error>) -> Result<Pin, Error> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let _whole = NotCancelled::new();
        let inside = fork::enter();
        let objects = find(&inside)?;
        let (number, address) = (NEXT.fetch_add(1, Relaxed), NonNull::from(&*objects));
        list().push(Listed { number, generation: fork::generation(), objects });
        Ok(Pin { number, objects: address, _whole })
    }

    pub fn objects(&self) -> &[Pinned<Object>] {
        // SAFETY: listed until `self` is dropped. `forget_parents` takes only what was
        // listed by threads that are not in this process.
        unsafe { self.objects.as_ref() }
    }

    /// The first one.
    pub fn object(&self) -> &Object {
        &self.objects()[0]
    }
}

impl Drop for Pin {
    fn drop(&mut self) {
        let _inside = fork::enter();
        let mut list = list();
        // The last ones come and go most.
        let place = list.iter().rposition(|listed| listed.number == self.number);
        let listed = place.map(|place| list.swap_remove(place));
        drop(list);
        // Perhaps the last reference, which needs the gate.
        drop(listed.map(|listed| listed.objects));
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
