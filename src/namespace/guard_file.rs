//! The file of a directory's guard: see `sync::guard`.
//!
//! A process takes it before it opens its first synchronisation object in the
//! directory, and keeps it to its end. So whoever has an object has the guard that
//! all its other holders have, and a new guard means that there is no object yet.
//! (Unless somebody deletes the file: objects name their guard, so that shows.)

use super::directory::{self, Directory};
use super::layout::{GUARD, Header, Kind};
use super::lifetime::{self, Commitment, Outcome, Plan};
use super::named_file::NamedFile;
use crate::error::Error;
use crate::name::{Name, Scope};
use crate::sync::{self, Guard, OWN_GUARD_ID, Reach};
use crate::sys::random;
use std::sync::{Arc, Mutex, MutexGuard, Once, PoisonError};

struct Known {
    guard: Arc<Guard>,
    file: Arc<NamedFile>,
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
    };
    let mut words = [0; OWN_GUARD_ID + size_of::<u64>()];
    words[OWN_GUARD_ID..].copy_from_slice(&random::number().to_le_bytes());
    let mode = directory.shared_mode();
    let plan = Plan { header, commitment: Commitment::Reserved, state: &words, mode };
    let file = match lifetime::create(&Name::of_guard(scope), &plan)? {
        Outcome::Created(file) | Outcome::Opened(file, _) => Arc::new(file),
    };
    let page = file.control().ok_or(Error::Internal)?.address();
    let reach = if directory.is_machine_wide() { Reach::Machine } else { Reach::User };
    // SAFETY: within the page.
    let words = unsafe { page.add(GUARD) };
    // SAFETY: the words of a guard, which the file keeps mapped.
    let guard = unsafe { Guard::new(words, reach, Box::new(file.clone())) };
    Ok(Known { guard, file })
}

/// At the end of the process. Takes nothing that might be waited for.
pub fn release_guards() {
    for known in [&LOCAL, &GLOBAL] {
        if let Some(known) = known.try_lock().ok().as_ref().and_then(|known| known.as_ref()) {
            known.file.release_name();
        }
    }
}
