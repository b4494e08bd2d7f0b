//! The bytes of a section of any kind, for those who look at it or fill it.

use crate::cli::Range;
use crate::failure::Failure;
use crate::open;
use crate::sparse::Backing;
use crate::win32::{Code, SharedSegment, View};
use winshm::consts::*;

/// So much is read at once.
pub const MOST: u64 = 64 << 20;

pub enum Section {
    Whole(SharedSegment),
    /// Of a file, which the SharedMemory functions do not know.
    Plain(View),
}

/// What is to be had of the bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Found {
    Whole,
    /// A writer died in the middle of them.
    Torn,
}

impl Found {
    fn and(self, other: Found) -> Found {
        if self == Found::Torn { self } else { other }
    }
}

/// How often a read begins anew that writers come between.
const PATIENCE: usize = 20;

impl Section {
    pub fn open(name: &str, write: bool) -> Result<Section, Failure> {
        let whole = SharedSegment::open(name, write).map(Section::Whole);
        whole
            .or_else(|code| match code {
                // These functions do not take every name.
                ERROR_INVALID_HANDLE | ERROR_FILENAME_EXCED_RANGE | ERROR_INVALID_NAME => {
                    View::open(name, write).map(Section::Plain)
                }
                code => Err(code),
            })
            .map_err(|code| refused(name, code, write))
    }

    pub fn size(&self) -> u64 {
        match self {
            Section::Whole(segment) => segment.size(),
            Section::Plain(view) => view.size(),
        }
    }

    /// Gives no memory to bytes that have none: they are zeros.
    pub fn read(&self, name: &str, offset: u64, to: &mut [u8]) -> Result<Found, Failure> {
        let range = offset..offset + to.len() as u64;
        let backing = Backing::of(self.address());
        let parts = || backing.as_ref().and_then(|backing| backing.parts(&range));
        for _ in 0..PATIENCE {
            let Some(parts_before) = parts() else { break };
            let writes_before = self.completed_writes();
            let mut found = Found::Whole;
            to.fill(0);
            for part in &parts_before {
                let (begin, end) = ((part.start - offset) as usize, (part.end - offset) as usize);
                found = found.and(self.read_part(name, part.start, &mut to[begin..end])?);
            }
            // Else a writer came between two parts, or to where there was none.
            if self.completed_writes() == writes_before && parts().as_ref() == Some(&parts_before) {
                return Ok(found);
            }
        }
        self.read_part(name, offset, to)
    }

    fn address(&self) -> usize {
        match self {
            Section::Whole(segment) => segment.address(),
            Section::Plain(view) => view.address(),
        }
    }

    fn completed_writes(&self) -> u64 {
        match self {
            Section::Whole(segment) => segment.completed_writes(),
            Section::Plain(_) => 0,
        }
    }

    fn read_part(&self, name: &str, offset: u64, to: &mut [u8]) -> Result<Found, Failure> {
        if to.is_empty() {
            return Ok(Found::Whole);
        }
        let read = match self {
            Section::Whole(segment) => segment.read(offset, to),
            Section::Plain(view) => view.read(offset, to),
        };
        let found = read.map(|()| Found::Whole).or_else(|code| match code {
            ERROR_INVALID_DATA => View::open(name, false)?.read(offset, to).map(|()| Found::Torn),
            code => Err(code),
        });
        found.map_err(|code| broken(name, code))
    }

    pub fn write(&self, name: &str, offset: u64, from: &[u8]) -> Result<(), Failure> {
        let written = match self {
            Section::Whole(segment) => segment.write(offset, from),
            Section::Plain(view) => view.write(offset, from),
        };
        written.map_err(|code| broken(name, code))
    }

    /// How many bytes a range has: those asked for, else all up to the end.
    pub fn length(&self, name: &str, range: &Range) -> Result<u64, Failure> {
        let size = self.size();
        let wrong = |what: String| {
            Failure::windows(name, ERROR_BAD_LENGTH).advise(format!("it has {size} bytes, and {what}"))
        };
        let rest = size.checked_sub(range.offset);
        let rest = rest.ok_or_else(|| wrong(format!("{} is beyond the end", range.offset)))?;
        match range.length {
            Some(length) if length > rest => Err(wrong(format!("from {} on only {rest}", range.offset))),
            length => Ok(length.unwrap_or(rest)),
        }
    }
}

pub fn torn(name: &str) -> Failure {
    let what = "a writer died in the middle of these bytes: they may be half written";
    Failure::windows(name, ERROR_INVALID_DATA).advise(what)
}

fn refused(name: &str, code: Code, write: bool) -> Failure {
    let failure = open::refused(name, code);
    match code {
        ERROR_INVALID_HANDLE => open::wrong_kind(name, "only sections have bytes"),
        ERROR_FILE_INVALID => {
            failure.advise("it has no bytes: its maker has not given it a size yet, or its file was cut off")
        }
        // The second one is what Windows says of a view that its section does not allow.
        ERROR_ACCESS_DENIED | ERROR_INVALID_PARAMETER if write && View::open(name, false).is_ok() => {
            Failure::windows(name, ERROR_ACCESS_DENIED).advise("this section can only be read")
        }
        _ => failure,
    }
}

fn broken(name: &str, code: Code) -> Failure {
    let failure = Failure::windows(name, code);
    match code {
        ERROR_HANDLE_EOF => failure.advise(
            "bytes are not there: another program cut the file off, or they are reserved and not committed",
        ),
        ERROR_ACCESS_DENIED => {
            failure.advise("this system forbids process_vm_readv, which is how views are read")
        }
        ERROR_COMMITMENT_LIMIT => failure.advise("a part was never written, and no memory is left for it"),
        _ => failure,
    }
}
