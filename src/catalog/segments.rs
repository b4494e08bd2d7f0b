//! Segments of the system, as objects.

use super::{Creator, Kind, LedgerFacts, Life, Object, State, SystemVState, Unread, holders};
use crate::error::Error;
use crate::namespace::existing;
use crate::namespace::layout::LEDGER;
use crate::segment::{self, Identity};
use crate::shared_memory::facts;
use crate::sys::system_v::Listed;
use crate::text;
use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;
use std::path::Path;

/// What `sem_open` puts before its names.
const SEMAPHORE: &[u8] = b"sem.";

const POSIX: &str = "/dev/shm";
const SYSTEM_V: &str = "/proc/sysvipc/shm";

pub fn posix() -> Result<Vec<Object>, Unread> {
    let found = none_if_missing(segment::every_posix(), POSIX, || true)?;
    Ok(found.into_iter().map(posix_object).collect())
}

/// What is not there has nothing in it, unless that is for want of something else.
fn none_if_missing<T: Default>(
    found: Result<T, Error>,
    path: &str,
    is_certain: impl Fn() -> bool,
) -> Result<T, Unread> {
    let error = match found {
        Ok(found) => return Ok(found),
        Err(Error::Os(libc::ENOENT)) if is_certain() => return Ok(T::default()),
        Err(Error::Os(libc::ENOENT)) => Error::PathNotFound,
        Err(error) => error,
    };
    Err(Unread { path: path.into(), error: error.win32() })
}

fn posix_object(found: segment::EveryPosix) -> Object {
    let (name, status) = (found.name.into_bytes(), found.status);
    Object {
        kind: Kind::Posix,
        name: Some(posix_name(&name)),
        is_machine_wide: false,
        life: Life::Lasting,
        trouble: None,
        size: Some(status.size),
        storage: Some(status.storage),
        state: Some(State::Posix { is_semaphore: name.starts_with(SEMAPHORE) }),
        is_closed: false,
        mode: Some(status.mode & 0o777),
        owner: Some((status.owner, status.group)),
        creator: Some(Creator { user: None, process: 0, time_ns: found.birth_ns }),
        layout: None,
        holders: Vec::new(),
        key: holders::Key::File(status.id),
        identity: Some(found.identity),
        file: Some(Path::new(POSIX).join(OsString::from_vec(name))),
    }
}

pub fn system_v() -> Result<Vec<Object>, Unread> {
    // A kernel without them has no list; where /proc is not mounted, there is none to be read.
    let found = none_if_missing(segment::every_system_v(), SYSTEM_V, || Path::new("/proc/self").exists())?;
    Ok(found.into_iter().map(|(identity, listed)| system_v_object(identity, listed)).collect())
}

/// The name of a file of `shm_open`.
pub fn posix_name(file: &[u8]) -> Vec<u16> {
    "Posix\\".encode_utf16().chain(text::from_utf8(file)).collect()
}

/// The name of a segment with a key.
pub fn key_name(key: u32) -> Vec<u16> {
    format!("SysV\\{key:#010x}").encode_utf16().collect()
}

/// One without a key is called by its number, which no function takes for a name.
pub fn private_name(id: u32) -> Vec<u16> {
    format!("SysV\\#{id}").encode_utf16().collect()
}

/// Whether it is a name that `private_name` makes.
pub fn is_private(name: &[u16]) -> bool {
    let text = String::from_utf16(name).ok();
    let id = text.as_deref().and_then(|text| text.strip_prefix("SysV\\#")?.parse().ok());
    id.is_some_and(|id| private_name(id) == name)
}

fn system_v_object(identity: Identity, listed: Listed) -> Object {
    let status = listed.status;
    let known = |time: i64| (time != 0).then_some(time);
    Object {
        kind: Kind::SystemV,
        name: Some(if listed.key == 0 { private_name(listed.id as u32) } else { key_name(listed.key) }),
        file: None,
        is_machine_wide: false,
        life: Life::Lasting,
        trouble: None,
        size: Some(status.size),
        storage: Some(listed.resident),
        state: Some(State::SystemV(SystemVState {
            key: listed.key,
            id: listed.id as u32,
            attached: status.attached,
            is_removed: listed.is_removed,
            last_process: (status.last_process != 0).then_some(status.last_process),
            attach_time: known(status.attach_time),
            detach_time: known(status.detach_time),
            change_time: status.change_time,
        })),
        is_closed: false,
        mode: Some(status.mode),
        owner: Some((status.owner, status.group)),
        creator: Some(Creator {
            user: Some(listed.creator_user),
            process: status.creator_process,
            // Changed when its mode or owner is, else the time it was made.
            time_ns: u64::try_from(status.change_time).unwrap_or(0).saturating_mul(1_000_000_000),
        }),
        layout: None,
        holders: Vec::new(),
        key: holders::Key::SystemV(listed.id as u64),
        identity: Some(identity),
    }
}

/// What the users of a segment agree on, if they use it by the SharedMemory functions and
/// this user may read that.
pub fn ledger(identity: &Identity) -> Option<LedgerFacts> {
    let directories = existing::directories().into_iter().flatten();
    directories
        .filter_map(|directory| directory.ledger_page(identity))
        .find_map(|page| facts::read(page.get(LEDGER..)?))
}
