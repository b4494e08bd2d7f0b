//! What a programmer may have meant who made a call that failed: a sentence for each of
//! the mistakes that programs from Windows show most. `docs/tracing.md` lists them; `rules`
//! says which call gets which.

#![forbid(unsafe_code)]

use crate::consts::*;
use crate::object::number::KindName;
use std::fmt::{self, Display, Formatter};

/// A mistake, with what is needed to say it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Hint {
    NobodyHasTheName,
    NobodyOfTheUser,
    GlobalOfUser,
    ClosedToUser,
    OtherScope(&'static str),
    OtherCase,
    OneCharacter,
    WideOf16,
    PrefixSpelling,
    Drive,
    Backslash,
    LeadingBackslash,
    NoName,
    NameOfOtherKind(KindName),
    FileOfDrive,
    NoSize,
    ViewConstant,
    Alignment { offset: u64 },
    BeyondEnd { end: u64, size: u64 },
    ViewRights { granted: u32, wanted: u32 },
    ViewExecute,
    SectionProtection,
    NoView,
    NullView,
    NotOwner,
    NullHandle,
    InvalidHandleValue,
    ClosedHandle,
    PseudoThread,
    CutInvalidHandle,
    StreamNumber,
    AddressAsHandle,
    ForeignHandle,
    OtherKind(KindName),
    OtherProcess,
    LacksRight { missing: &'static str },
    AboveMaximum,
    LongMaximum,
    NoMaximum,
    CountAboveMaximum,
    TooManyHandles { count: u64 },
    SameTwice,
    CompletionRoutine,
    NegativePeriod,
    PastDueTime,
    OtherSize { size: u64, asked: u64 },
    NoSpace,
    SmallerSegment,
    SmallerExists,
}

impl Display for Hint {
    fn fmt(&self, to: &mut Formatter) -> fmt::Result {
        let text = match *self {
            Hint::NobodyHasTheName => {
                "no process has an object of this name open now: it ends with its last handle"
            }
            Hint::NobodyOfTheUser => {
                "no process of this user has an object of this name open now: it ends with its last handle"
            }
            Hint::GlobalOfUser => {
                "no process of this user has it open now; without the directory .winshm-global, Global\\ of other users is another one"
            }
            Hint::ClosedToUser => {
                "the object is there, and closed to this user: its creator decides, by lpSecurityAttributes or a mode"
            }
            Hint::OtherScope(prefix) => {
                return write!(to, "there is an object of this name, but in {prefix}");
            }
            Hint::OtherCase => "there is an object whose name differs in upper and lower case only",
            Hint::OneCharacter => {
                "a name of one character: does the text have units of 32 bits? This function takes 16: include windows.h"
            }
            Hint::WideOf16 => {
                "the text has units of 16 bits, and this function takes 32: L\"...\" instead of u\"...\""
            }
            Hint::PrefixSpelling => "prefixes are spelled Local\\ and Global\\, exactly so",
            Hint::Drive => {
                "a name of an object is no path: no drive, no backslash but after Local and Global"
            }
            Hint::Backslash => "a backslash stands only after Local or Global, once",
            Hint::LeadingBackslash => "a name does not begin with a backslash",
            Hint::NoName => "the name is empty, or only a prefix",
            Hint::NameOfOtherKind(kind) => {
                return write!(to, "the name is that of {kind}: all kinds of objects share one name space");
            }
            Hint::FileOfDrive => {
                "there are no drives: backslashes are slashes here, and C: is the name of a file"
            }
            Hint::NoSize => "the size is 0, which only a file's section may have",
            Hint::ViewConstant => "flProtect needs one PAGE_ constant, and no FILE_MAP_ or GENERIC_ ones",
            Hint::Alignment { offset } => {
                return write!(to, "{offset} is no multiple of 65536 (dwAllocationGranularity), and must be");
            }
            Hint::BeyondEnd { end, size } => {
                return write!(to, "the view would end at {end}, and the section has {size} bytes");
            }
            Hint::ViewRights { granted, wanted } => {
                to.write_str("the handle allows ")?;
                write_rights(to, granted)?;
                let is_ambiguous = wanted == PAGE_READONLY;
                return to.write_str(match is_ambiguous {
                    true => "; if PAGE_READONLY was meant: that is FILE_MAP_WRITE here",
                    false => "",
                });
            }
            Hint::ViewExecute => {
                "FILE_MAP_EXECUTE needs a section of a PAGE_EXECUTE_ protection, and a handle that allows it"
            }
            Hint::SectionProtection => "the section was created with a protection that forbids such a view",
            Hint::NoView => {
                "no view begins or lies there now: unmapped before, or never mapped by this library"
            }
            Hint::NullView => "NULL is no view: MapViewOfFile failed, or was not called",
            Hint::NotOwner => {
                "this thread does not own the mutex: each ReleaseMutex needs a wait by the same thread"
            }
            Hint::NullHandle => "the handle is NULL: the call that should have made it failed, or never ran",
            Hint::InvalidHandleValue => {
                "INVALID_HANDLE_VALUE: CreateFile failed, or a pseudo-handle where none may be"
            }
            Hint::ClosedHandle => "this handle has been closed",
            Hint::PseudoThread => "-2 is GetCurrentThread(), which this function does not take",
            Hint::CutInvalidHandle => {
                "this is INVALID_HANDLE_VALUE cut to 32 bits: a HANDLE has 64, and fits no int or DWORD"
            }
            Hint::StreamNumber => "this is STD_INPUT_HANDLE or another one: GetStdHandle gives the handle",
            Hint::AddressAsHandle => "this is an address and no handle; a view is ended by UnmapViewOfFile",
            Hint::ForeignHandle => {
                "this process never had such a handle: it must be inherited, duplicated or opened by name"
            }
            Hint::OtherKind(kind) => return write!(to, "this is a handle of {kind}"),
            Hint::OtherProcess => {
                "handles are not duplicated between processes: let a child inherit it, or open it there by its name"
            }
            Hint::LacksRight { missing } => return write!(to, "the handle was opened without {missing}"),
            Hint::AboveMaximum => "the count would be more than lMaximumCount: more releases than waits",
            Hint::LongMaximum => "lMaximumCount is -1: LONG_MAX has 64 bits on Linux, MAXLONG has 32",
            Hint::NoMaximum => "lMaximumCount must be 1 or more",
            Hint::CountAboveMaximum => "lInitialCount must be between 0 and lMaximumCount",
            Hint::TooManyHandles { count } => {
                return write!(to, "{count} handles: 1 to 64 (MAXIMUM_WAIT_OBJECTS) are possible");
            }
            Hint::SameTwice => "to wait for all, no object may stand in the array twice",
            Hint::CompletionRoutine => "there are no completion routines: wait for the timer instead",
            Hint::NegativePeriod => "lPeriod is negative",
            Hint::PastDueTime => {
                "a positive due time counts from the year 1601, so it is over: negative means from now"
            }
            Hint::OtherSize { size, asked } => {
                return write!(to, "the section was there already, with {size} bytes and not {asked}");
            }
            Hint::NoSpace => {
                "no space: see df /dev/shm, ulimit -f, and the memory that the container may have"
            }
            Hint::SmallerSegment => "the segment is smaller than that",
            Hint::SmallerExists => "a segment of this name is there already, and is smaller",
        };
        to.write_str(text)
    }
}

fn write_rights(to: &mut Formatter, granted: u32) -> fmt::Result {
    let mut separator = "";
    for (name, bit) in [("FILE_MAP_WRITE", FILE_MAP_WRITE), ("FILE_MAP_READ", FILE_MAP_READ)] {
        if granted & bit != 0 {
            write!(to, "{separator}{name}")?;
            separator = "|";
        }
    }
    to.write_str(if separator.is_empty() { "no view" } else { " only" })
}
