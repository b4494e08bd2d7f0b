//! What there is: every named object of this user and of `Global\`, segments of the
//! system beside them, and the processes that hold them. For the command line tool.
//!
//! Everything is read from files: no handle is taken, no lock, no mapping, and nothing is
//! waited for. So a look keeps no name alive, and nobody notices it. Files of other
//! versions, cut off or forged ones give an object with `trouble`.

mod files;
mod holders;
mod leftovers;
mod names;
mod reach;
mod segments;
mod state;

pub use crate::namespace::{Standing, Unfit};
pub use holders::{Holder, arguments_of};
pub use leftovers::{Fate, Leftover, LeftoverKind, Leftovers, leftovers};
pub use names::{is_visible, name_of_argument, shown, units_of_shown};
pub use reach::{Reach, reach};
pub use state::{Due, LedgerFacts, MutexOwner, SectionState, State, SystemVState, Waiters};

use crate::error::Error;
use crate::name::SectionName;
use crate::namespace::existing::{self, Existing};
use crate::segment::Identity;
use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;
use std::path::PathBuf;

/// What an object is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Kind {
    Section,
    Event,
    Mutex,
    Semaphore,
    Timer,
    /// What `shm_open` makes.
    Posix,
    /// What `shmget` makes.
    SystemV,
    /// The file does not tell.
    Unknown,
}

/// Whether somebody has it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Life {
    /// A handle is open somewhere.
    Alive,
    /// Nobody holds it: a killed process left it, and whoever meets it removes it.
    Dead,
    /// Its maker has not finished it, or was killed over it.
    Unfinished,
    /// Somebody is removing it just now.
    Going,
    /// A segment of the system: it stays until somebody removes it.
    Lasting,
    /// The file may not be opened, and the system does not tell who has locked it.
    Unknown,
}

/// Why a file tells less than others.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Trouble {
    /// Another layout version, major and minor, of another version of the library.
    OtherLayout(u16, u16),
    /// The file is too short for its control page.
    CutOff,
    /// It contradicts itself, or its name.
    Damaged,
    /// Not a regular file; what it is.
    NotAFile(&'static str),
    /// This user may not read it.
    Denied,
    /// The system says why it cannot be read; an errno.
    Unreadable(i32),
}

/// Who made an object.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Creator {
    pub user: Option<u32>,
    /// 0: not known.
    pub process: u32,
    /// ns since 1970; 0: not known.
    pub time_ns: u64,
}

/// One object. What is None is not known.
#[derive(Clone, Debug)]
pub struct Object {
    pub kind: Kind,
    /// UTF-16 with the prefix; None: the name is long, and its file does not tell it.
    pub name: Option<Vec<u16>>,
    /// The object's file.
    pub file: Option<PathBuf>,
    /// In the administrator's directory.
    pub is_machine_wide: bool,
    pub life: Life,
    pub trouble: Option<Trouble>,
    /// Bytes that were asked for. Of sections and segments.
    pub size: Option<u64>,
    /// Bytes of memory that it takes.
    pub storage: Option<u64>,
    pub state: Option<State>,
    /// To all but who has a handle already.
    pub is_closed: bool,
    /// The permission bits of its file or segment.
    pub mode: Option<u32>,
    /// User and group whose it is.
    pub owner: Option<(u32, u32)>,
    pub creator: Option<Creator>,
    /// Layout version, major and minor.
    pub layout: Option<(u16, u16)>,
    /// Those that this user may see.
    pub holders: Vec<Holder>,
    /// What processes have open or mapped.
    key: holders::Key,
    /// Of a segment of the system.
    identity: Option<Identity>,
}

/// What to read.
#[derive(Clone, Copy, Default, Debug)]
pub struct Wanted {
    /// POSIX and System V segments too.
    pub segments: bool,
    /// No look at the processes.
    pub without_holders: bool,
}

/// A directory that cannot be read, or the system's list of its segments.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unread {
    pub path: PathBuf,
    /// The Windows code.
    pub error: u32,
}

/// All objects, in no order.
#[derive(Debug, Default)]
pub struct Catalog {
    pub objects: Vec<Object>,
    pub unread: Vec<Unread>,
    /// Processes that do not show this user what they hold.
    pub silent_processes: usize,
}

impl Object {
    /// What the users of a section or segment agree on, if they use it by the SharedMemory
    /// functions.
    pub fn ledger(&self) -> Option<LedgerFacts> {
        match &self.state {
            Some(State::Section(section)) => section.ledger.clone(),
            _ => self.identity.as_ref().and_then(segments::ledger),
        }
    }
}

fn path_of(bytes: &std::ffi::CStr) -> PathBuf {
    PathBuf::from(OsString::from_vec(bytes.to_bytes().to_vec()))
}

/// Reads all that there is.
pub fn read(wanted: Wanted) -> Catalog {
    read_those(wanted, |_| true)
}

/// Reads what there is of those that are wanted: whoever holds the others is not looked for.
pub fn read_those(wanted: Wanted, is_wanted: impl Fn(&Object) -> bool) -> Catalog {
    let mut catalog = from_directories(files::read);
    if wanted.segments {
        catalog.add(segments::posix());
        catalog.add(segments::system_v());
    }
    catalog.objects.retain(is_wanted);
    if !wanted.without_holders {
        catalog.silent_processes = holders::find(&mut catalog.objects);
    }
    catalog
}

/// The object of a name, and nothing else.
///
/// # Errors
/// The Windows code: it is no name.
pub fn find(name: &[u16]) -> Result<Catalog, u32> {
    let segment = |listed: Result<Vec<Object>, Unread>, name: &[u16]| {
        let mut catalog = Catalog::default();
        catalog.add(listed);
        catalog.objects.retain(|object| object.name.as_deref() == Some(name));
        catalog
    };
    let mut found = match SectionName::new(name.to_vec()) {
        _ if segments::is_private(name) => segment(segments::system_v(), name),
        Err(error) => return Err(error.win32()),
        Ok(SectionName::Object(name)) => {
            from_directories(|directory| Ok(files::named(directory, name.file_name()).into_iter().collect()))
        }
        Ok(SectionName::Posix(name)) => {
            segment(segments::posix(), &segments::posix_name(name.as_c_str().to_bytes()))
        }
        Ok(SectionName::SystemV(key)) => segment(segments::system_v(), &segments::key_name(key)),
    };
    found.silent_processes = holders::find(&mut found.objects);
    Ok(found)
}

impl Catalog {
    fn add(&mut self, listed: Result<Vec<Object>, Unread>) {
        match listed {
            Ok(objects) => self.objects.extend(objects),
            Err(unread) => self.unread.push(unread),
        }
    }
}

/// The objects of all directories.
fn from_directories(read: impl Fn(&Existing) -> Result<Vec<Object>, Error>) -> Catalog {
    let mut catalog = Catalog::default();
    for directory in existing::directories() {
        let read = directory
            .map_err(|refused| (refused.path, refused.error))
            .and_then(|directory| read(&directory).map_err(|error| (directory.path, error)));
        catalog.add(read.map_err(|(path, error)| Unread { path: path_of(&path), error: error.win32() }));
    }
    catalog
}
