//! What an object is in, by what its file says.

use crate::dispatcher;
use crate::error::Error;
use crate::namespace::layout::{self, Header};
use crate::protection::{Caching, Data};
use crate::section::record::{self, Record};
use crate::section::{Attributes, Pages};
use crate::shared_memory::facts;
use crate::sync::Clock;
use crate::sync::snapshot::{self, Snapshot};
use crate::sys::{others, process, thread};
use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;
use std::path::PathBuf;

pub use crate::shared_memory::facts::Facts as LedgerFacts;
pub use crate::sync::snapshot::Copied;

/// The state of an object, by kind.
#[derive(Clone, PartialEq, Debug)]
pub enum State {
    Section(SectionState),
    Event {
        is_manual: bool,
        is_set: bool,
        waiters: Waiters,
    },
    Mutex {
        owner: Option<MutexOwner>,
        /// Its last owner ended with it: who takes it next is told so.
        is_abandoned: bool,
        has_waiters: bool,
        /// It is being made, or a wait for all is taking it.
        is_locked: bool,
    },
    Semaphore {
        count: u32,
        maximum: u32,
        waiters: Waiters,
    },
    Timer {
        is_manual: bool,
        is_signalled: bool,
        /// None: it is not set, or was due and has no period.
        due: Option<Due>,
        /// 0: once.
        period_ms: u32,
        waiters: Waiters,
    },
    Posix {
        /// What `sem_open` made.
        is_semaphore: bool,
    },
    SystemV(SystemVState),
}

/// What a section is made with.
#[derive(Clone, PartialEq, Debug)]
pub struct SectionState {
    /// `PAGE_READWRITE` and so on.
    pub protection: &'static str,
    /// `SEC_COMMIT` and so on.
    pub flags: Vec<&'static str>,
    /// The file that it shows; None: memory.
    pub of_file: Option<PathBuf>,
    /// Of the SharedMemory functions, if they have been used on it.
    pub ledger: Option<LedgerFacts>,
}

/// What the system says of a segment that `shmget` made.
#[derive(Clone, PartialEq, Debug)]
pub struct SystemVState {
    pub key: u32,
    pub id: u32,
    pub attached: u64,
    /// It goes with its last attachment.
    pub is_removed: bool,
    /// The process that attached or detached last.
    pub last_process: Option<u32>,
    /// Seconds since 1970.
    pub attach_time: Option<i64>,
    pub detach_time: Option<i64>,
    pub change_time: i64,
}

/// Who waits, at most: threads that were killed while they waited are still counted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Waiters {
    pub registered: u32,
    pub asleep: u64,
}

/// Who owns a mutex.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MutexOwner {
    /// As the system calls it, in its PID namespace.
    pub thread: u32,
    /// None: it is another PID namespace's, or not shown.
    pub process: Option<u32>,
    /// It has ended, and nobody has met the mutex since: who does finds it abandoned.
    pub has_ended: bool,
    /// How often it has it.
    pub recursion: u32,
}

/// When a timer is due.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Due {
    /// From now.
    pub in_ns: u64,
    /// ns since 1970, if it was set to a time of day.
    pub real_ns: Option<u64>,
}

impl Waiters {
    fn new(waiters: snapshot::Waiters) -> Waiters {
        Waiters { registered: waiters.registered, asleep: waiters.sleeping }
    }
}

impl MutexOwner {
    fn new(mutex: &snapshot::Mutex) -> Option<MutexOwner> {
        let is_near = mutex.namespace != 0 && mutex.namespace == process::pid_namespace();
        let found = if is_near { others::process_of(mutex.owner) } else { None };
        (mutex.owner != 0).then_some(MutexOwner {
            thread: mutex.owner,
            process: found,
            has_ended: is_near && !thread::exists(mutex.owner),
            recursion: mutex.recursion,
        })
    }
}

pub fn of_dispatcher(header: &Header, words: &Copied) -> Result<State, Error> {
    let (kind, maximum) = dispatcher::kind_of(header)?;
    let is_manual = header.attribute_a == 1;
    let seen = Snapshot::new(kind, words);
    Ok(match seen.state {
        snapshot::State::Mutex(mutex) => State::Mutex {
            owner: MutexOwner::new(&mutex),
            is_abandoned: mutex.is_abandoned,
            has_waiters: mutex.has_waiters,
            is_locked: seen.is_locked,
        },
        snapshot::State::Event { is_set, waiters } => {
            State::Event { is_manual, is_set, waiters: Waiters::new(waiters) }
        }
        snapshot::State::Semaphore { count, waiters } => {
            State::Semaphore { count, maximum, waiters: Waiters::new(waiters) }
        }
        snapshot::State::Timer(timer) => State::Timer {
            is_manual,
            is_signalled: timer.is_signalled,
            due: (timer.due_ns != 0).then(|| Due::new(timer.due_ns, timer.clock)),
            period_ms: timer.period_ms,
            waiters: Waiters::new(timer.waiters),
        },
    })
}

impl Due {
    fn new(due_ns: u64, clock: Clock) -> Due {
        let real_ns = (clock == Clock::Real).then_some(due_ns);
        Due { in_ns: due_ns.saturating_sub(clock.now_ns()), real_ns }
    }
}

/// The state of a section, and its size if its data is a record of a file.
pub fn of_section(
    header: &Header,
    page: &[u8],
    read_data: impl FnOnce(&mut [u8]) -> Result<usize, Error>,
) -> Result<(State, Option<u64>), Error> {
    let attributes = Attributes::decode(header.attribute_a, header.attribute_b)?;
    let mut state = SectionState {
        protection: protection_name(&attributes),
        flags: flag_names(&attributes),
        of_file: None,
        ledger: facts::read(page.get(layout::LEDGER..).unwrap_or_default()),
    };
    if attributes.pages != Pages::OfFile {
        return Ok((State::Section(state), None));
    }
    let length = if header.exact_size == 0 { header.data_size } else { header.exact_size };
    let length =
        usize::try_from(length).ok().filter(|length| *length <= record::LONGEST).ok_or(Error::Corrupt)?;
    let mut bytes = vec![0; length];
    if read_data(&mut bytes)? != length {
        return Err(Error::Corrupt);
    }
    let record = Record::decode(&bytes)?;
    state.of_file = Some(PathBuf::from(OsString::from_vec(record.path.into_bytes())));
    Ok((State::Section(state), Some(record.size)))
}

fn protection_name(attributes: &Attributes) -> &'static str {
    match (attributes.protection.data, attributes.protection.execute) {
        (Data::None, false) => "PAGE_NOACCESS",
        (Data::None, true) => "PAGE_EXECUTE",
        (Data::Read, false) => "PAGE_READONLY",
        (Data::Read, true) => "PAGE_EXECUTE_READ",
        (Data::Copy, false) => "PAGE_WRITECOPY",
        (Data::Copy, true) => "PAGE_EXECUTE_WRITECOPY",
        (Data::Write, false) => "PAGE_READWRITE",
        (Data::Write, true) => "PAGE_EXECUTE_READWRITE",
    }
}

fn flag_names(attributes: &Attributes) -> Vec<&'static str> {
    let pages = match attributes.pages {
        Pages::Committed => "SEC_COMMIT",
        Pages::Reserved => "SEC_RESERVE",
        Pages::OfFile => "SEC_FILE",
        Pages::Large => "SEC_LARGE_PAGES",
        Pages::Image => "SEC_IMAGE",
    };
    let caching = match attributes.caching {
        Caching::Normal => None,
        Caching::Uncached => Some("SEC_NOCACHE"),
        Caching::WriteCombined => Some("SEC_WRITECOMBINE"),
    };
    [Some(pages), caching].into_iter().flatten().collect()
}
