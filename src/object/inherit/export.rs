//! The manifests of this process: what programs started from it inherit.

use super::super::{Object, TABLE};
use super::carried::{Carrier, descriptor, export};
use crate::error::Error;
use crate::fork::Inside;
use crate::handle::{self, Entry, Handle, Pinned};
use crate::manifest::{self, Manifest, Subject};
use crate::mark;
use crate::namespace;
use crate::pool;
use crate::sys::file::GuardedFd;
use crate::sys::inherit;
use std::collections::btree_map::Entry::{Occupied, Vacant};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError, Weak};

/// An object with an inheritable handle.
struct Carried {
    /// So that no other object gets its address.
    _object: Weak<Entry<Object>>,
    subject: Subject,
    carrier: Option<Carrier>,
    handles: usize,
}

struct Listed {
    handle: Handle,
    access: u32,
    flags: u32,
    /// The key of the object.
    address: usize,
}

struct Exports {
    /// By index. A manifest lists a group of neighbours, so that one change among
    /// thousands of handles stays cheap.
    handles: BTreeMap<usize, Listed>,
    objects: BTreeMap<usize, Carried>,
    manifests: BTreeMap<usize, GuardedFd>,
}

static EXPORTS: Mutex<Exports> =
    Mutex::new(Exports { handles: BTreeMap::new(), objects: BTreeMap::new(), manifests: BTreeMap::new() });

/// How many handles are listed; to be asked without the lock.
static COUNT: AtomicUsize = AtomicUsize::new(0);

/// For who is inside the fork gate.
fn exports() -> MutexGuard<'static, Exports> {
    EXPORTS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The handle without the bits that are the caller's.
fn untagged(handle: Handle) -> Handle {
    handle & !3
}

fn index_of(handle: Handle) -> Option<usize> {
    handle::place(untagged(handle)).map(|(index, _)| index)
}

fn group_of(index: usize) -> usize {
    index / manifest::MOST
}

/// Lists a handle, or lists it as it is now. On failure it is not listed.
pub fn add(_inside: &Inside, handle: Handle) -> Result<(), Error> {
    let index = index_of(handle).ok_or(Error::InvalidHandle)?;
    let mut exports = exports();
    // Looked up with the lock, which whoever closes the handle needs to take it out: no
    // closed handle is listed, in the place of one that has its index now.
    let (object, access, flags) = {
        let mark = mark::enter();
        let found = TABLE.get(&mark, handle)?;
        (found.pin(), found.access(), found.flags().0)
    };
    // A handle whose number was used again before it could be taken out.
    let stale = exports.take(index);
    let address = Arc::as_ptr(&object) as usize;
    let listed = exports.carry(address, &object).and_then(|is_carried| {
        if is_carried {
            exports.handles.insert(index, Listed { handle: untagged(handle), access, flags, address });
            exports.write(group_of(index))?;
            exports.objects[&address].set_kept(true)?;
        }
        Ok(())
    });
    let undone = if listed.is_err() { exports.take(index) } else { None };
    exports.count();
    drop(exports);
    // Perhaps a last reference; and a carrier looks for the file of its name.
    drop((stale, undone, object));
    listed
}

/// Takes a closed handle out, or one that is not inheritable any more.
pub fn remove(_inside: &Inside, handle: Handle) {
    if COUNT.load(Relaxed) == 0 {
        return;
    }
    let Some(index) = index_of(handle) else { return };
    let mut exports = exports();
    if exports.handles.get(&index).is_none_or(|listed| listed.handle != untagged(handle)) {
        return;
    }
    let taken = exports.take(index);
    // Without a descriptor for it the old manifest stays until the next change. It names
    // a handle without a carrier, which is none.
    let _ = exports.write(group_of(index));
    exports.count();
    drop(exports);
    drop(taken);
}

/// A listed handle may have changed its flags.
pub fn update(_inside: &Inside, handle: Handle) {
    if COUNT.load(Relaxed) == 0 {
        return;
    }
    let Some(index) = index_of(handle) else { return };
    let mut exports = exports();
    let Some(listed) = exports.handles.get_mut(&index) else { return };
    let flags = {
        let mark = mark::enter();
        TABLE.get(&mark, handle).map(|found| found.flags().0)
    };
    if let Ok(flags) =
        flags.map_err(|_| ()).and_then(|flags| if flags == listed.flags { Err(()) } else { Ok(flags) })
    {
        listed.flags = flags;
        let _ = exports.write(group_of(index));
    }
}

/// Lists a handle that was inherited, before any other handle is; to be followed by
/// `write_all`.
pub fn enter(
    _inside: &Inside,
    inherited: &manifest::Entry,
    object: &Pinned<Object>,
    carrier: impl FnOnce() -> Option<Carrier>,
) {
    let handle = inherited.handle as Handle;
    let Some(index) = index_of(handle) else { return };
    let address = Arc::as_ptr(object) as usize;
    let mut exports = exports();
    exports
        .objects
        .entry(address)
        .or_insert_with(|| Carried::new(object, inherited.subject.clone(), carrier()))
        .handles += 1;
    let (access, flags) = (inherited.access, inherited.flags);
    exports.handles.insert(index, Listed { handle, access, flags, address });
}

/// Puts manifests of this process in place of those that it was started with. They stay
/// where there is no descriptor for that.
pub fn write_all(_inside: &Inside, inherited: Vec<GuardedFd>) {
    let mut exports = exports();
    let groups: BTreeSet<_> = exports.handles.keys().map(|&index| group_of(index)).collect();
    let mut old = inherited.into_iter();
    for group in groups {
        exports.manifests.extend(old.next().map(|old| (group, old)));
        let _ = exports.write(group);
    }
    exports.count();
}

/// The descriptors that exec leaves open, for children that are to inherit nothing.
/// No handle becomes inheritable while `body` runs.
pub fn with_descriptors<R>(_inside: &Inside, body: impl FnOnce(Vec<i32>) -> R) -> R {
    let exports = exports();
    let carriers = exports.objects.values().filter_map(|object| object.carrier.as_ref()?.file());
    let files = carriers.chain(exports.manifests.values());
    let numbers = files.filter(|file| file.check().is_some()).map(GuardedFd::number);
    let guards = pool::exported_guard().into_iter().chain(namespace::carried_guards());
    let numbers = numbers.chain(guards).collect();
    body(numbers)
}

/// At the end of the process: names go with their last holder. Takes nothing that might
/// be waited for.
pub fn release() {
    let mut exports = match EXPORTS.try_lock() {
        Ok(exports) => exports,
        Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
        Err(TryLockError::WouldBlock) => return,
    };
    exports.objects.values_mut().for_each(|object| drop(object.carrier.take()));
}

impl Carried {
    fn new(object: &Pinned<Object>, subject: Subject, carrier: Option<Carrier>) -> Carried {
        Carried { _object: Arc::downgrade(object), subject, carrier, handles: 0 }
    }

    fn set_kept(&self, kept: bool) -> Result<(), Error> {
        self.carrier.as_ref().map_or(Ok(()), |carrier| carrier.set_kept(kept))
    }
}

impl Exports {
    fn count(&self) {
        COUNT.store(self.handles.len(), Relaxed);
    }

    /// Counts one more handle of an object. False: it cannot be carried.
    fn carry(&mut self, address: usize, object: &Pinned<Object>) -> Result<bool, Error> {
        let known = match self.objects.entry(address) {
            Occupied(known) => known.into_mut(),
            Vacant(vacant) => {
                let Some((subject, carrier)) = export(object)? else { return Ok(false) };
                vacant.insert(Carried::new(object, subject, carrier))
            }
        };
        known.handles += 1;
        Ok(true)
    }

    /// Takes a handle out, and its object with the last one. (Its manifest is written by
    /// the caller.)
    fn take(&mut self, index: usize) -> Option<Carried> {
        let listed = self.handles.remove(&index)?;
        let object = self.objects.get_mut(&listed.address)?;
        object.handles -= 1;
        if object.handles > 0 {
            return None;
        }
        let _ = object.set_kept(false);
        self.objects.remove(&listed.address)
    }

    /// Writes the manifest of a group. On failure the old one stays.
    fn write(&mut self, group: usize) -> Result<(), Error> {
        let first = group * manifest::MOST;
        let listed: Vec<_> =
            self.handles.range(first..first + manifest::MOST).map(|(_, listed)| listed).collect();
        if listed.is_empty() {
            self.manifests.remove(&group);
            return Ok(());
        }
        let has_block =
            |listed: &&Listed| matches!(self.objects[&listed.address].subject, Subject::Block { .. });
        let guard = if listed.iter().any(has_block) { Some(descriptor(pool::export_guard()?)) } else { None };
        let name_guards = namespace::carry_guards()?.map(|guard| guard.map(descriptor));
        let entry = |listed: &Listed| {
            let object = &self.objects[&listed.address];
            manifest::Entry {
                handle: listed.handle as u32,
                access: listed.access,
                flags: listed.flags | handle::Flags::INHERIT.0,
                carrier: object.carrier.as_ref().and_then(Carrier::descriptor),
                subject: object.subject.clone(),
            }
        };
        let entries = listed.into_iter().map(entry).collect();
        let manifest = Manifest { base: namespace::base().to_vec(), guard, name_guards, entries };
        let file = inherit::create_sealed(manifest::LABEL, &manifest.encode())?;
        let mut place = self.manifests.remove(&group);
        let installed = inherit::install(file, &mut place);
        self.manifests.extend(place.map(|manifest| (group, manifest)));
        installed
    }
}
