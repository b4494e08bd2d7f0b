//! The file of a directory's guard: see `sync::guard`.
//!
//! A process takes it before it opens its first synchronisation object in the
//! directory, and keeps it to its end. So whoever has an object has the guard that
//! all its other holders have, and a new guard means that there is no object yet.
//! (Unless somebody deletes the file: objects name their guard, so that shows.)
//!
//! A program that inherits such an object by exec holds the guard too, before its first
//! call: it may be the only one left that has the object.

use super::asked::Asked;
use super::carrier::Carrier;
use super::directory::{self, Directory};
use super::layout::{GUARD, Header, Kind};
use super::lifetime::{self, Commitment, Outcome, Plan};
use super::named_file::NamedFile;
use crate::error::Error;
use crate::name::{Name, Scope};
use crate::sync::{self, Guard, OWN_GUARD_ID, Reach};
use crate::sys::file::{FileId, GuardedFd};
use crate::sys::lost_page::Watch;
use crate::sys::{fault, inherit, random};
use std::os::fd::RawFd;
use std::sync::{Arc, Mutex, MutexGuard, Once, PoisonError};

struct Known {
    guard: Arc<Guard>,
    file: Arc<NamedFile>,
    /// What programs started by exec hold it by.
    carrier: Option<Carrier>,
}

static LOCAL: Mutex<Option<Known>> = Mutex::new(None);
static GLOBAL: Mutex<Option<Known>> = Mutex::new(None);

fn known(scope: Scope) -> MutexGuard<'static, Option<Known>> {
    let known = match scope {
        Scope::Local => &LOCAL,
        Scope::Global => &GLOBAL,
    };
    known.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The guard for objects of a scope that this process makes or opens. `certainly`:
/// looks whether somebody deleted its file.
///
/// Where users do not trust each other, each one's objects have his own guard.
pub fn guard(scope: Scope, certainly: bool) -> Result<Arc<Guard>, Error> {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| sync::find_with(find));
    let directory = if certainly { directory::to_create_in(scope)? } else { directory::of(scope)? };
    if scope == Scope::Global && !(directory.is_machine_wide() && directory.is_trusted()) {
        return guard(Scope::Local, certainly);
    }
    let mut known = known(scope);
    let usable = known.as_ref().filter(|known| {
        Arc::ptr_eq(known.file.directory(), &directory) && (!certainly || known.file.is_current())
    });
    if let Some(known) = usable {
        return Ok(known.guard.clone());
    }
    let fresh = open(scope, &directory)?;
    let guard = fresh.guard.clone();
    *known = Some(fresh);
    Ok(guard)
}

/// The guard certainly, for an object that is about to be made; and the directory of the
/// scope, if that needs no other look: where the guard's file is found, names can be bound.
pub fn guard_to_create(scope: Scope) -> Result<(Arc<Guard>, Option<Arc<Directory>>), Error> {
    let directory = directory::of(scope)?;
    let current = known(scope)
        .as_ref()
        .filter(|known| Arc::ptr_eq(known.file.directory(), &directory) && directory.is_users())
        .filter(|known| known.file.is_current())
        .map(|known| known.guard.clone());
    match current {
        Some(guard) => Ok((guard, Some(directory))),
        None => guard(scope, true).map(|guard| (guard, None)),
    }
}

/// For repairs: where a commit was decided that this process takes no part in.
fn find(reach: Reach) -> Option<Arc<Guard>> {
    match reach {
        Reach::Family => None,
        Reach::User => guard(Scope::Local, false).ok(),
        Reach::Machine => guard(Scope::Global, false).ok(),
    }
}

fn open(scope: Scope, directory: &Directory) -> Result<Known, Error> {
    let header = Header {
        kind: Kind::Guard,
        data_size: 0,
        commit_map_size: 0,
        attribute_a: 0,
        attribute_b: 0,
        exact_size: 0,
        is_closed: false,
    };
    let mut words = [0; OWN_GUARD_ID + size_of::<u64>()];
    words[OWN_GUARD_ID..].copy_from_slice(&random::number().to_le_bytes());
    let mode = directory.shared_mode();
    let plan =
        Plan { header, commitment: Commitment::Reserved, data: &[], state: &words, mode, directory: None };
    let file = match lifetime::create(&Name::of_guard(scope), &plan, Asked::PERMITTED)? {
        Outcome::Created(file) | Outcome::Opened(file, _) => Arc::new(file),
    };
    let page = file.control().ok_or(Error::Internal)?.address();
    let reach = if directory.is_machine_wide() { Reach::Machine } else { Reach::User };
    fault::set_up()?;
    // Goes before the file, which unmaps the page.
    let watch = Watch::with_sign(page, sync::CUT_OFF);
    // SAFETY: within the page.
    let words = unsafe { page.add(GUARD) };
    // SAFETY: the words of a guard, which the file keeps mapped.
    let guard = unsafe { Guard::new(words, reach, Box::new((watch, file.clone()))) };
    Ok(Known { guard, file, carrier: None })
}

/// The scopes, in the order of their guards.
pub const SCOPES: [Scope; 2] = [Scope::Local, Scope::Global];

/// Lets programs that are started from now on hold the guards that this one has.
pub fn carry_guards() -> Result<[Option<(RawFd, FileId)>; 2], Error> {
    let mut carried = [None; 2];
    for (scope, carried) in SCOPES.into_iter().zip(&mut carried) {
        let mut known = known(scope);
        let Some(known) = known.as_mut() else { continue };
        if known
            .carrier
            .as_ref()
            .is_none_or(|carrier| carrier.file().is_none_or(|file| file.check().is_none()))
        {
            let carrier = known.file.carry_alone()?;
            carrier.file().map_or(Ok(()), |file| inherit::set_kept(file.borrow(), true))?;
            known.carrier = Some(carrier);
        }
        *carried = known.carrier.as_ref().and_then(Carrier::file).map(|file| (file.number(), file.id()));
    }
    Ok(carried)
}

/// The descriptors of guards that programs started by exec get.
pub fn carried_guards() -> Vec<RawFd> {
    let number = |scope| {
        let known = known(scope);
        known.as_ref()?.carrier.as_ref()?.file().map(GuardedFd::number)
    };
    SCOPES.into_iter().filter_map(number).collect()
}

/// At the end of the process. Takes nothing that might be waited for.
pub fn release_guards() {
    for known in [&LOCAL, &GLOBAL] {
        let mut known = known.try_lock().ok();
        if let Some(known) = known.as_mut().and_then(|known| known.as_mut()) {
            known.file.release_name();
            known.carrier = None;
        }
    }
}
