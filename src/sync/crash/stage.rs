//! The memory that the processes of a scenario share: objects, and their guard.

use crate::plant::actors::Actor;
use crate::plant::deeds::{Plan, Slot};
use crate::sync::guard::{Guard, Reach};
use crate::sync::object::SyncObject;
use crate::sync::owner::{self, Owner};
use crate::sync::state::{Kind, mutex, signal};
use crate::sync::words::{GuardWords, Words};
use crate::sys::map::{self, Access, Contents, PAGE_SIZE, Place};
use std::cell::Cell;
use std::ptr::NonNull;
use std::sync::Arc;
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering::SeqCst;

const OBJECTS: usize = 16;
const ACTORS: usize = 32;

#[repr(C)]
struct Memory {
    guard: GuardWords,
    wider_guard: GuardWords,
    objects: [Words; OBJECTS],
    slots: [Slot; ACTORS],
    /// For what the actors count.
    tallies: [AtomicU32; 8],
}

/// Room for scenarios, one after the other.
pub struct Stage {
    memory: NonNull<Memory>,
    guard: Arc<Guard>,
    /// Decides when a commit needs both.
    wider_guard: Arc<Guard>,
    objects: Cell<usize>,
    actors: Cell<usize>,
}

/// A scenario that hangs, and does not even sleep, ends after so many seconds.
const WATCHDOG: u32 = 120;

/// The id of the wider guard.
const WIDER: u64 = 1;

impl Stage {
    pub fn new() -> Stage {
        // SAFETY: no memory is involved. Whoever is left dies with this process.
        unsafe { libc::alarm(WATCHDOG) };
        let size = size_of::<Memory>().next_multiple_of(PAGE_SIZE);
        let address = map::map(Place::Anywhere, size, Access::READ_WRITE, Contents::SharedZero).unwrap();
        let memory = NonNull::new(address as *mut Memory).unwrap();
        // SAFETY: fresh shared memory, zero and never unmapped.
        let guard = unsafe { Guard::new(memory.cast(), Reach::Family, Box::new(())) };
        // SAFETY: as above; all of it is made of atomics.
        let words = &unsafe { memory.as_ref() }.wider_guard;
        words.mutex.guard_id.store(WIDER, SeqCst);
        // SAFETY: as above.
        let wider_guard = unsafe { Guard::new(NonNull::from(words).cast(), Reach::User, Box::new(())) };
        Stage { memory, guard, wider_guard, objects: Cell::new(0), actors: Cell::new(0) }
    }

    /// Everything as at the beginning. No actor is left.
    pub fn clear(&self) {
        self.objects.set(0);
        self.actors.set(0);
        // SAFETY: nobody else uses the memory; zero is a valid beginning.
        unsafe { self.memory.write_bytes(0, 1) };
    }

    fn memory(&self) -> &'static Memory {
        // SAFETY: never unmapped, and made of atomics.
        unsafe { self.memory.as_ref() }
    }

    pub fn guard(&self) -> &Guard {
        &self.guard
    }

    pub fn tally(&self, index: usize) -> &'static AtomicU32 {
        &self.memory().tallies[index]
    }

    pub fn object(&self, kind: Kind, state: u64) -> SyncObject {
        self.guarded(kind, state, &self.guard)
    }

    /// One of the objects for which the wider guard is.
    pub fn wider_object(&self, kind: Kind, state: u64) -> SyncObject {
        self.guarded(kind, state, &self.wider_guard)
    }

    fn guarded(&self, kind: Kind, state: u64, guard: &Arc<Guard>) -> SyncObject {
        let index = self.objects.replace(self.objects.get() + 1);
        let words = &self.memory().objects[index];
        words.state.store(state, SeqCst);
        words.guard_id.store(guard.id, SeqCst);
        // SAFETY: never unmapped.
        unsafe { SyncObject::new(NonNull::from(words).cast(), kind, 9, Some(guard.clone())) }
    }

    pub fn mutex(&self) -> SyncObject {
        self.object(Kind::Mutex, 0)
    }

    pub fn auto_event(&self, set: bool) -> SyncObject {
        self.object(Kind::AutoEvent, signal::event(set))
    }

    pub fn manual_event(&self, set: bool) -> SyncObject {
        self.object(Kind::ManualEvent, signal::event(set))
    }

    pub fn semaphore(&self, count: u32) -> SyncObject {
        self.object(Kind::Semaphore, signal::semaphore(count))
    }

    /// Starts a process that runs `body` and ends with its answer. It never spins: a
    /// wait that is not satisfied sleeps.
    pub fn start(&self, plan: Plan, body: impl FnOnce(&Owner) -> u8) -> Actor {
        let index = self.actors.replace((self.actors.get() + 1) % ACTORS);
        let slot = &self.memory().slots[index];
        Actor::start(slot, plan, || {
            owner::after_fork_in_child();
            let me = owner::me();
            me.spins.give_up();
            body(me)
        })
    }
}

/// Whether a wait for the object could be satisfied, or its word is left LOCKED.
pub fn is_there(object: &SyncObject) -> bool {
    let word = object.words().state.load(SeqCst);
    object.kind.is_present(word) || word & object.kind.locked() != 0
}

/// Whether somebody has said in the mutex that he waits.
pub fn has_waiters(object: &SyncObject) -> bool {
    object.words().state.load(SeqCst) & mutex::WAITERS != 0
}
