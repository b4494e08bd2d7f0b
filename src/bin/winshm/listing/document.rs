//! Objects as JSON. Fields stay as they are while `format` is 1; new ones may come, and
//! programs should pass over what they do not know. docs/json.md tells them.

use super::{time, words};
use serde::Serialize;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use winshm::catalog::{Catalog, Holder, Kind, LedgerFacts, Object, State, Unread, Waiters};

const FORMAT: u32 = 1;

/// What `ls --json` prints.
#[derive(Serialize)]
pub struct Listing {
    format: u32,
    version: &'static str,
    time: String,
    objects: Vec<Listed>,
    unread: Vec<UnreadDirectory>,
    silent_processes: usize,
}

/// What `show --json` prints.
#[derive(Serialize)]
pub struct Shown {
    format: u32,
    version: &'static str,
    time: String,
    object: Listed,
    silent_processes: usize,
}

#[derive(Serialize)]
struct UnreadDirectory {
    path: String,
    error: u32,
}

#[derive(Serialize)]
struct Listed {
    kind: &'static str,
    name: Option<String>,
    /// Only if `name` cannot say it.
    #[serde(skip_serializing_if = "Option::is_none")]
    name_utf16: Option<Vec<u16>>,
    shown_name: String,
    life: &'static str,
    trouble: Option<String>,
    size: Option<u64>,
    storage: Option<u64>,
    state: Option<Facts>,
    closed: bool,
    mode: Option<String>,
    owner: Option<Owner>,
    creator: Option<Creator>,
    layout: Option<String>,
    file: Option<String>,
    machine_wide: bool,
    holders: Vec<HolderEntry>,
}

#[derive(Serialize)]
struct Owner {
    user: u32,
    group: u32,
}

#[derive(Serialize)]
struct Creator {
    user: Option<u32>,
    process: Option<u32>,
    time: Option<String>,
}

#[derive(Serialize)]
struct HolderEntry {
    process: u32,
    program: String,
    user: Option<u32>,
    handle: bool,
    descriptors: u32,
    mappings: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    arguments: Option<Vec<String>>,
}

/// What depends on the kind.
#[derive(Serialize)]
#[serde(untagged)]
enum Facts {
    Section {
        protection: &'static str,
        flags: Vec<&'static str>,
        of_file: Option<String>,
        ledger: Option<Ledger>,
    },
    Event {
        manual: bool,
        set: bool,
        waiters: u32,
    },
    Mutex {
        owner: Option<MutexOwner>,
        abandoned: bool,
        waited_for: bool,
    },
    Semaphore {
        count: u32,
        maximum: u32,
        waiters: u32,
    },
    Timer {
        manual: bool,
        signalled: bool,
        due_in_ns: Option<u64>,
        due: Option<String>,
        period_ms: u32,
        waiters: u32,
    },
    Posix {
        semaphore: bool,
        ledger: Option<Ledger>,
    },
    SystemV {
        key: u32,
        id: u32,
        attached: u64,
        removed: bool,
        last_process: Option<u32>,
        attach_time: Option<String>,
        detach_time: Option<String>,
        change_time: Option<String>,
        ledger: Option<Ledger>,
    },
}

#[derive(Serialize)]
struct MutexOwner {
    process: Option<u32>,
    thread: u32,
    ended: bool,
    recursion: u32,
}

#[derive(Serialize)]
struct Ledger {
    writes: u64,
    creator: Option<u32>,
    last_writer: Option<u32>,
    writing: Option<Bytes>,
    torn: Vec<Bytes>,
}

#[derive(Serialize)]
struct Bytes {
    start: u64,
    end: u64,
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn path(path: &Path) -> String {
    text(path.as_os_str().as_bytes())
}

fn waiting(waiters: &Waiters) -> u32 {
    waiters.registered
}

impl Ledger {
    fn new(facts: LedgerFacts) -> Ledger {
        let known = |process: u32| (process != 0).then_some(process);
        let bytes = |range: std::ops::Range<u64>| Bytes { start: range.start, end: range.end };
        Ledger {
            writes: facts.writes,
            creator: known(facts.creator),
            last_writer: known(facts.last_writer),
            writing: facts.writing.map(bytes),
            torn: facts.torn.into_iter().map(bytes).collect(),
        }
    }
}

fn utc_of_seconds(seconds: i64) -> String {
    time::utc_seconds(u64::try_from(seconds).unwrap_or(0))
}

impl Facts {
    fn new(state: &State, ledger: Option<Ledger>) -> Facts {
        match state {
            State::Section(section) => Facts::Section {
                protection: section.protection,
                flags: section.flags.clone(),
                of_file: section.of_file.as_deref().map(path),
                ledger: section.ledger.clone().map(Ledger::new),
            },
            State::Event { is_manual, is_set, waiters } => {
                Facts::Event { manual: *is_manual, set: *is_set, waiters: waiting(waiters) }
            }
            State::Mutex { owner, is_abandoned, has_waiters, .. } => Facts::Mutex {
                owner: owner.as_ref().map(|owner| MutexOwner {
                    process: owner.process,
                    thread: owner.thread,
                    ended: owner.has_ended,
                    recursion: owner.recursion,
                }),
                abandoned: *is_abandoned,
                waited_for: *has_waiters,
            },
            State::Semaphore { count, maximum, waiters } => {
                Facts::Semaphore { count: *count, maximum: *maximum, waiters: waiting(waiters) }
            }
            State::Timer { is_manual, is_signalled, due, period_ms, waiters } => Facts::Timer {
                manual: *is_manual,
                signalled: *is_signalled,
                due_in_ns: due.map(|due| due.in_ns),
                due: due.and_then(|due| due.real_ns).map(time::utc),
                period_ms: *period_ms,
                waiters: waiting(waiters),
            },
            State::Posix { is_semaphore } => Facts::Posix { semaphore: *is_semaphore, ledger },
            State::SystemV(segment) => Facts::SystemV {
                key: segment.key,
                id: segment.id,
                attached: segment.attached,
                removed: segment.is_removed,
                last_process: segment.last_process,
                attach_time: segment.attach_time.map(utc_of_seconds),
                detach_time: segment.detach_time.map(utc_of_seconds),
                change_time: Some(utc_of_seconds(segment.change_time)),
                ledger,
            },
        }
    }
}

impl HolderEntry {
    fn new(kind: Kind, holder: &Holder, with_arguments: bool) -> HolderEntry {
        let arguments = if with_arguments { winshm::catalog::arguments_of(holder.process) } else { None };
        HolderEntry {
            process: holder.process,
            program: text(&holder.program),
            user: holder.user,
            handle: holder.has_handle(kind),
            descriptors: holder.descriptors,
            mappings: holder.mappings,
            arguments: arguments.map(|words| words.iter().map(|word| text(word)).collect()),
        }
    }
}

impl Listed {
    /// `in_full`: with what takes a look at more files.
    fn new(object: &Object, in_full: bool) -> Listed {
        let exact = object.name.as_ref().map(|name| String::from_utf16(name));
        let ledger = if in_full { object.ledger().map(Ledger::new) } else { None };
        Listed {
            kind: words::kind(object),
            name: object.name.as_ref().map(|name| String::from_utf16_lossy(name)),
            name_utf16: exact.is_some_and(|exact| exact.is_err()).then(|| object.name.clone()).flatten(),
            shown_name: words::name(object),
            life: words::life(object.life),
            trouble: object.trouble.as_ref().map(words::trouble),
            size: object.size,
            storage: object.storage,
            state: object.state.as_ref().map(|state| Facts::new(state, ledger)),
            closed: object.is_closed,
            mode: object.mode.map(|mode| format!("{mode:04o}")),
            owner: object.owner.map(|(user, group)| Owner { user, group }),
            creator: object.creator.map(|creator| Creator {
                user: creator.user,
                process: (creator.process != 0).then_some(creator.process),
                time: (creator.time_ns != 0).then(|| time::utc(creator.time_ns)),
            }),
            layout: object.layout.map(|(major, minor)| format!("{major}.{minor}")),
            file: object.file.as_deref().map(path),
            machine_wide: object.is_machine_wide,
            holders: object
                .holders
                .iter()
                .map(|holder| HolderEntry::new(object.kind, holder, in_full))
                .collect(),
        }
    }
}

impl Listing {
    pub fn new(catalog: &Catalog) -> Listing {
        let unread = |unread: &Unread| UnreadDirectory { path: path(&unread.path), error: unread.error };
        Listing {
            format: FORMAT,
            version: env!("CARGO_PKG_VERSION"),
            time: time::utc(time::now_ns()),
            objects: catalog.objects.iter().map(|object| Listed::new(object, false)).collect(),
            unread: catalog.unread.iter().map(unread).collect(),
            silent_processes: catalog.silent_processes,
        }
    }
}

impl Shown {
    pub fn new(object: &Object, silent_processes: usize) -> Shown {
        Shown {
            format: FORMAT,
            version: env!("CARGO_PKG_VERSION"),
            time: time::utc(time::now_ns()),
            object: Listed::new(object, true),
            silent_processes,
        }
    }
}
