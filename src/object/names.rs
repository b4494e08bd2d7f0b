//! The named objects that this process has open: one object per name, however
//! many handles.

use super::{Object, inherit};
use crate::fork;
use crate::handle::{Entry, Pinned};
use crate::name::FileName;
use crate::namespace::{self, NamedFile};
use crate::sys;
use std::collections::BTreeMap;
use std::ops::Bound::{Excluded, Unbounded};
use std::sync::{Mutex, MutexGuard, Once, PoisonError, Weak};

type Names = BTreeMap<FileName, Weak<Entry<Object>>>;

static NAMES: Mutex<Names> = Mutex::new(BTreeMap::new());

fn lock() -> MutexGuard<'static, Names> {
    NAMES.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The object of a name, unless somebody deleted its file meanwhile: another
/// process may have made a new one since.
pub fn find(name: &FileName) -> Option<Pinned<Object>> {
    let known = lock().get(name)?.upgrade()?;
    let is_current = known.name().is_some_and(|file| file.is_current());
    is_current.then_some(known)
}

/// Enters an object that was just made or opened, and returns it; or one that
/// another thread entered meanwhile for the same file, with a handle added.
pub fn enter(fresh: Pinned<Object>) -> Pinned<Object> {
    set_up();
    let Some(file) = fresh.name() else { return fresh };
    let name = file.name().clone();
    let mut names = lock();
    // Dropping what may be a last reference takes this lock again, so `known` and
    // `fresh` outlive it.
    let known = names.get(&name).and_then(Weak::upgrade);
    let joined = known.as_ref().is_some_and(|known| {
        known.name().is_some_and(|other| other.is_same_file(file)) && known.add_handle()
    });
    if !joined {
        names.insert(name, Pinned::downgrade(&fresh));
    }
    drop(names);
    match known {
        Some(known) if joined => known,
        _ => fresh,
    }
}

/// An object of this name was destroyed. Its successor stays.
pub fn forget(name: &FileName) {
    let mut names = lock();
    if names.get(name).is_some_and(|weak| weak.strong_count() == 0) {
        names.remove(name);
    }
}

/// Visits every object that has a name and is open. Allocates nothing; the lock
/// is not held during a visit.
fn for_each(mut visit: impl FnMut(&Pinned<Object>), lock: impl Fn() -> Option<MutexGuard<'static, Names>>) {
    let mut last: Option<FileName> = None;
    loop {
        let Some(names) = lock() else { return };
        let after = last.as_ref().map_or(Unbounded, Excluded);
        let mut rest = names.range((after, Unbounded));
        let next = rest.find_map(|(name, weak)| Some((name.clone(), weak.upgrade()?)));
        drop(names);
        let Some((name, object)) = next else { return };
        visit(&object);
        last = Some(name);
    }
}

fn set_up() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        fork::prepare_with(split_all);
        // Without memory for the handler the next process cleans up.
        let _ = sys::process::at_exit(release_all);
    });
}

/// Before a fork: see `NamedFile::split`.
fn split_all() {
    for_each(|object| object.name().into_iter().for_each(NamedFile::split), || Some(lock()));
}

/// Windows closes a program's handles at its end. The kernel does so here, but
/// it leaves the files to the next process that looks; a program that ends in
/// good order removes them itself.
///
/// Other threads may be running, and exit may have been called anywhere: takes
/// nothing that might be waited for, and unmaps nothing.
extern "C" fn release_all() {
    let _ = std::panic::catch_unwind(|| {
        let Some(_inside) = fork::try_enter() else { return };
        for_each(|object| object.release_name(), || NAMES.try_lock().ok());
        inherit::release();
        namespace::release_guards();
        namespace::remove_missed();
    });
}
