//! What a programmer may have meant who made a call that failed: a sentence for each of
//! the mistakes that programs from Windows show most. `docs/tracing.md` lists them.

#![forbid(unsafe_code)]

use super::call::Call;
use super::facts::{Facts, prefix};
use super::result::Outcome;
use crate::consts::*;
use crate::namespace::Alike;
use crate::object::number::{KindName, Number};
use std::fmt::{self, Display, Formatter};

/// A mistake, with what is needed to say it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Hint {
    NobodyHasTheName,
    OtherScope(&'static str),
    OtherCase,
    WideOf32,
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
    SectionProtection,
    NoView,
    NullView,
    NotOwner,
    NullHandle,
    InvalidHandleValue,
    ClosedHandle,
    AddressAsHandle,
    ForeignHandle,
    OtherKind(KindName),
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
}

impl Display for Hint {
    fn fmt(&self, to: &mut Formatter) -> fmt::Result {
        let text = match *self {
            Hint::NobodyHasTheName => {
                "no process has an object of this name open now: it ends with its last handle"
            }
            Hint::OtherScope(prefix) => {
                return write!(to, "there is an object of this name, but in {prefix}");
            }
            Hint::OtherCase => "there is an object whose name differs in upper and lower case only",
            Hint::WideOf32 => "the text has units of 32 bits, and this function takes 16: include windows.h",
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
                return to.write_str(if is_ambiguous {
                    " only; PAGE_READONLY means FILE_MAP_WRITE here"
                } else {
                    " only"
                });
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
            Hint::AddressAsHandle => "this is an address and no handle; a view is ended by UnmapViewOfFile",
            Hint::ForeignHandle => {
                "this process never had such a handle: it must be inherited, duplicated or opened by name"
            }
            Hint::OtherKind(kind) => return write!(to, "this is a handle of {kind}"),
            Hint::LacksRight { missing } => return write!(to, "the handle was opened without {missing}"),
            Hint::AboveMaximum => "the count would be more than lMaximumCount: more releases than waits",
            Hint::LongMaximum => "lMaximumCount is negative: LONG_MAX has 64 bits on Linux, MAXLONG has 32",
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
            Hint::NoSpace => "/dev/shm has no space for it (df /dev/shm)",
            Hint::SmallerSegment => "the segment is smaller than that",
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
    if separator.is_empty() { to.write_str("no view") } else { Ok(()) }
}

/// The arguments of a call by their names.
pub struct Question<'a> {
    pub call: &'a Call,
    pub values: &'a [u64],
    pub error: u32,
}

impl Question<'_> {
    fn value(&self, name: &str) -> u64 {
        self.call.position(name).and_then(|at| self.values.get(at)).copied().unwrap_or(0)
    }

    fn has(&self, name: &str) -> bool {
        self.call.position(name).is_some()
    }

    fn size(&self) -> u64 {
        self.value("dwMaximumSizeHigh") << 32 | self.value("dwMaximumSizeLow")
    }
}

/// The hint for a call that failed.
pub fn of_failure(call: &Call, values: &[u64], error: u32) -> Option<Hint> {
    of_facts(&Question { call, values, error }, &Facts::of(call, values, error))
}

/// The hint for a call that succeeded, and probably not as it was meant.
pub fn of_success(call: &Call, values: &[u64], outcome: &Outcome) -> Option<Hint> {
    let question = Question { call, values, error: outcome.last_error };
    match call.stem() {
        "CreateFileMapping" if outcome.found_existing() => {
            other_size(&question, &Facts::of_success(call, values, outcome.value()))
        }
        "SetWaitableTimer" | "SetWaitableTimerEx" => past_due(&Facts::of_success(call, values, 0)),
        _ => None,
    }
}

fn other_size(question: &Question, facts: &Facts) -> Option<Hint> {
    const PAGE: u64 = 4096;
    let (size, asked) = (facts.section_size?, question.size());
    (asked != 0 && size != asked.next_multiple_of(PAGE)).then_some(Hint::OtherSize { size, asked })
}

/// Before 1970, and not 0, which programs write to mean at once.
fn past_due(facts: &Facts) -> Option<Hint> {
    const FILE_TIME_1970: i64 = 116_444_736_000_000_000;
    (1..FILE_TIME_1970).contains(&facts.due_time?).then_some(Hint::PastDueTime)
}

/// The rules, pure.
pub fn of_facts(question: &Question, facts: &Facts) -> Option<Hint> {
    let by_function = match question.call.stem() {
        "MapViewOfFile" | "MapViewOfFileEx" => view(question, facts),
        "CreateFileMapping" => section(question),
        "UnmapViewOfFile" | "FlushViewOfFile" if question.error == ERROR_INVALID_ADDRESS => {
            let is_null = question.value("lpBaseAddress") == 0;
            Some(if is_null { Hint::NullView } else { Hint::NoView })
        }
        "ReleaseMutex" | "SignalObjectAndWait" if question.error == ERROR_NOT_OWNER => Some(Hint::NotOwner),
        "ReleaseSemaphore" | "SignalObjectAndWait" if question.error == ERROR_TOO_MANY_POSTS => {
            Some(Hint::AboveMaximum)
        }
        "CreateSemaphore" | "CreateSemaphoreEx" => semaphore(question),
        "WaitForMultipleObjects" | "WaitForMultipleObjectsEx" => several(question),
        "SetWaitableTimer" | "SetWaitableTimerEx" => timer(question),
        "CreateFile" | "DeleteFile" => file(question, facts),
        stem if stem.starts_with("SharedMemory") && question.error == ERROR_BAD_LENGTH => {
            Some(Hint::SmallerSegment)
        }
        _ => None,
    };
    by_function.or_else(|| name(question, facts)).or_else(|| handle(question, facts))
}

fn view(question: &Question, facts: &Facts) -> Option<Hint> {
    const GRANULARITY: u64 = 0x1_0000;
    let offset = question.value("dwFileOffsetHigh") << 32 | question.value("dwFileOffsetLow");
    let wanted = question.value("dwDesiredAccess") as u32;
    match question.error {
        ERROR_MAPPED_ALIGNMENT => {
            let address = question.value("lpBaseAddress");
            let wrong = if offset % GRANULARITY != 0 { offset } else { address };
            Some(Hint::Alignment { offset: wrong })
        }
        ERROR_ACCESS_DENIED => {
            let (_, Number::Open { access, .. }) = facts.handle? else { return None };
            let rights = FILE_MAP_READ | FILE_MAP_WRITE;
            let missing = wanted & rights & !access != 0;
            if missing {
                return Some(Hint::ViewRights { granted: access, wanted });
            }
            let (size, end) =
                (facts.section_size?, offset.saturating_add(question.value("dwNumberOfBytesToMap")));
            (end > size).then_some(Hint::BeyondEnd { end, size })
        }
        ERROR_INVALID_PARAMETER => Some(Hint::SectionProtection),
        _ => None,
    }
}

fn section(question: &Question) -> Option<Hint> {
    match question.error {
        ERROR_INVALID_PARAMETER => {
            if (question.value("flProtect") & 0xFF).count_ones() != 1 {
                return Some(Hint::ViewConstant);
            }
            let is_memory = matches!(question.value("hFile"), 0 | u64::MAX);
            (is_memory && question.size() == 0).then_some(Hint::NoSize)
        }
        ERROR_COMMITMENT_LIMIT => Some(Hint::NoSpace),
        _ => None,
    }
}

fn semaphore(question: &Question) -> Option<Hint> {
    if question.error != ERROR_INVALID_PARAMETER {
        return None;
    }
    let (count, maximum) = (question.value("lInitialCount") as i64, question.value("lMaximumCount") as i64);
    match maximum {
        ..0 => Some(Hint::LongMaximum),
        0 => Some(Hint::NoMaximum),
        _ => (!(0..=maximum).contains(&count)).then_some(Hint::CountAboveMaximum),
    }
}

fn several(question: &Question) -> Option<Hint> {
    if question.error != ERROR_INVALID_PARAMETER {
        return None;
    }
    let count = question.value("nCount");
    let is_possible = (1..=MAXIMUM_WAIT_OBJECTS.into()).contains(&count);
    Some(if is_possible { Hint::SameTwice } else { Hint::TooManyHandles { count } })
}

fn timer(question: &Question) -> Option<Hint> {
    match question.error {
        ERROR_NOT_SUPPORTED if question.value("pfnCompletionRoutine") != 0 => Some(Hint::CompletionRoutine),
        ERROR_INVALID_PARAMETER if (question.value("lPeriod") as i64) < 0 => Some(Hint::NegativePeriod),
        _ => None,
    }
}

/// A letter and a colon.
fn begins_with_drive(units: &[u16]) -> bool {
    let is_letter = |unit: u16| u8::try_from(unit).is_ok_and(|byte| byte.is_ascii_alphabetic());
    matches!(*units, [letter, colon, ..] if is_letter(letter) && colon == u16::from(b':'))
}

fn file(question: &Question, facts: &Facts) -> Option<Hint> {
    let not_found = matches!(question.error, ERROR_FILE_NOT_FOUND | ERROR_PATH_NOT_FOUND);
    (not_found && begins_with_drive(&facts.name.as_ref()?.units)).then_some(Hint::FileOfDrive)
}

/// For functions that find an object by its name.
fn name(question: &Question, facts: &Facts) -> Option<Hint> {
    let given = facts.name.as_ref().filter(|_| !question.has("lpFileName"))?;
    const BACKSLASH: u16 = b'\\' as u16;
    let begins = |word: &str| {
        let word = word.encode_utf16();
        given.units.len() > word.clone().count()
            && word.zip(&given.units).all(|(wanted, &unit)| {
                let lower =
                    |unit: u16| u8::try_from(unit).map_or(unit, |byte| byte.to_ascii_lowercase().into());
                lower(wanted) == lower(unit)
            })
    };
    match question.error {
        ERROR_FILE_NOT_FOUND if given.is_of_other_width => Some(Hint::WideOf32),
        // Segments of the system stay without handles.
        ERROR_FILE_NOT_FOUND if begins("posix\\") || begins("sysv\\") => None,
        ERROR_FILE_NOT_FOUND if question.call.stem().starts_with("SharedMemory") && begins("/") => None,
        ERROR_FILE_NOT_FOUND => Some(match facts.alike {
            Some(Alike::OtherScope(scope)) => Hint::OtherScope(prefix(scope)),
            Some(Alike::OtherCase) => Hint::OtherCase,
            None => Hint::NobodyHasTheName,
        }),
        ERROR_INVALID_NAME if given.is_of_other_width => Some(Hint::WideOf16),
        ERROR_PATH_NOT_FOUND if begins_with_drive(&given.units) => Some(Hint::Drive),
        ERROR_PATH_NOT_FOUND => match given.units.iter().filter(|&&unit| unit == BACKSLASH).count() {
            // There is no directory for names.
            0 => None,
            1 if begins("local\\") || begins("global\\") => Some(Hint::PrefixSpelling),
            _ => Some(Hint::Backslash),
        },
        ERROR_BAD_PATHNAME => Some(Hint::LeadingBackslash),
        ERROR_INVALID_HANDLE => match facts.kind {
            Some(kind) => Some(Hint::NameOfOtherKind(kind)),
            None if given.units.is_empty() || given.units.ends_with(&[BACKSLASH]) => Some(Hint::NoName),
            None => None,
        },
        ERROR_COMMITMENT_LIMIT => Some(Hint::NoSpace),
        _ => None,
    }
}

/// For functions that take a handle.
fn handle(question: &Question, facts: &Facts) -> Option<Hint> {
    let (value, number) = facts.handle?;
    match (question.error, number) {
        (ERROR_INVALID_HANDLE, Number::Open { kind, .. }) => Some(Hint::OtherKind(kind)),
        (ERROR_INVALID_HANDLE, Number::Closed) => Some(Hint::ClosedHandle),
        (ERROR_INVALID_HANDLE, Number::Never) => Some(match value {
            0 => Hint::NullHandle,
            u64::MAX => Hint::InvalidHandleValue,
            0x8000_0000.. => Hint::AddressAsHandle,
            _ => Hint::ForeignHandle,
        }),
        (ERROR_ACCESS_DENIED, Number::Open { kind: "a section", .. }) => Some(Hint::OtherKind("a section")),
        (ERROR_ACCESS_DENIED, Number::Open { access, .. }) => {
            let (missing, right) = right(question.call.stem())?;
            (access & right == 0).then_some(Hint::LacksRight { missing })
        }
        _ => None,
    }
}

/// What a handle needs for a function.
fn right(stem: &str) -> Option<(&'static str, u32)> {
    Some(match stem {
        "SetEvent" | "ResetEvent" | "PulseEvent" => ("EVENT_MODIFY_STATE", EVENT_MODIFY_STATE),
        "ReleaseSemaphore" => ("SEMAPHORE_MODIFY_STATE", SEMAPHORE_MODIFY_STATE),
        "SetWaitableTimer" | "SetWaitableTimerEx" | "CancelWaitableTimer" => {
            ("TIMER_MODIFY_STATE", TIMER_MODIFY_STATE)
        }
        _ if stem.starts_with("WaitFor") => ("SYNCHRONIZE", SYNCHRONIZE),
        _ => return None,
    })
}
