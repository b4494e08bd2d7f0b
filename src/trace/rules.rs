//! Which mistake was made, by what a call was given and what it said.

#![forbid(unsafe_code)]

use super::call::Call;
use super::facts::{Facts, prefix};
use super::hint::Hint;
use super::result::Outcome;
use crate::consts::*;
use crate::namespace::Alike;
use crate::object::number::Number;

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
#[inline(never)]
pub fn of_failure(call: &Call, values: &[u64], error: u32) -> Option<Hint> {
    of_facts(&Question { call, values, error }, &Facts::of(call, values, error))
}

/// The hint for a call that succeeded, and probably not as it was meant.
#[inline(never)]
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
    (asked != 0 && size.div_ceil(PAGE) != asked.div_ceil(PAGE)).then_some(Hint::OtherSize { size, asked })
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
            Some(if question.has("name") { Hint::SmallerExists } else { Hint::SmallerSegment })
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
            let copies = wanted & FILE_MAP_COPY != 0 && wanted & FILE_MAP_WRITE == 0;
            let needed = wanted & (FILE_MAP_READ | FILE_MAP_WRITE) | if copies { FILE_MAP_READ } else { 0 };
            if needed & !access != 0 {
                return Some(Hint::ViewRights { granted: access, wanted });
            }
            if wanted & FILE_MAP_EXECUTE != 0 && access & (FILE_MAP_EXECUTE | SECTION_MAP_EXECUTE) == 0 {
                return Some(Hint::ViewExecute);
            }
            let (size, end) =
                (facts.section_size?, offset.saturating_add(question.value("dwNumberOfBytesToMap")));
            (end > size).then_some(Hint::BeyondEnd { end, size })
        }
        ERROR_INVALID_PARAMETER if wanted & FILE_MAP_LARGE_PAGES == 0 => Some(Hint::SectionProtection),
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
        -1 => Some(Hint::LongMaximum),
        ..=0 => Some(Hint::NoMaximum),
        _ => (!(0..=maximum).contains(&count)).then_some(Hint::CountAboveMaximum),
    }
}

fn several(question: &Question) -> Option<Hint> {
    if question.error != ERROR_INVALID_PARAMETER {
        return None;
    }
    let count = question.value("nCount");
    if !(1..=MAXIMUM_WAIT_OBJECTS.into()).contains(&count) {
        return Some(Hint::TooManyHandles { count });
    }
    (question.value("bWaitAll") as u32 != 0).then_some(Hint::SameTwice)
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
        ERROR_FILE_NOT_FOUND if given.is_of_other_width => Some(Hint::OneCharacter),
        ERROR_FILE_NOT_FOUND if begins("local/") || begins("global/") => Some(Hint::PrefixSpelling),
        // Segments of the system stay without handles.
        ERROR_FILE_NOT_FOUND if begins("posix\\") || begins("sysv\\") => None,
        ERROR_FILE_NOT_FOUND if question.call.stem().starts_with("SharedMemory") && begins("/") => None,
        ERROR_FILE_NOT_FOUND => Some(match facts.alike {
            Some(Alike::OtherScope(scope)) => Hint::OtherScope(prefix(scope)),
            Some(Alike::OtherCase) => Hint::OtherCase,
            None if facts.is_global_of_user => Hint::GlobalOfUser,
            None if begins("global\\") => Hint::NobodyHasTheName,
            None => Hint::NobodyOfTheUser,
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
        ERROR_ACCESS_DENIED if facts.is_closed => Some(Hint::ClosedToUser),
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
        (ERROR_INVALID_HANDLE, Number::Open { kind: "a process", .. })
            if question.call.stem() == "DuplicateHandle" =>
        {
            Some(Hint::OtherProcess)
        }
        (ERROR_INVALID_HANDLE, Number::Open { kind, .. }) => Some(Hint::OtherKind(kind)),
        (ERROR_INVALID_HANDLE, Number::Closed) => Some(Hint::ClosedHandle),
        (ERROR_INVALID_HANDLE, Number::Never) => Some(match value {
            0 => Hint::NullHandle,
            u64::MAX => Hint::InvalidHandleValue,
            PSEUDO_THREAD => Hint::PseudoThread,
            CUT_INVALID_HANDLE => Hint::CutInvalidHandle,
            _ if is_stream_number(value) => Hint::StreamNumber,
            0x8000_0000.. => Hint::AddressAsHandle,
            _ => Hint::ForeignHandle,
        }),
        (ERROR_ACCESS_DENIED, Number::Open { kind: "a section", .. }) if waits(question.call.stem()) => {
            Some(Hint::OtherKind("a section"))
        }
        (ERROR_ACCESS_DENIED, Number::Open { access, .. }) => {
            let (missing, right) = right(question.call.stem())?;
            (access & right == 0).then_some(Hint::LacksRight { missing })
        }
        _ => None,
    }
}

/// The value of GetCurrentThread().
const PSEUDO_THREAD: u64 = -2_i64 as u64;
const CUT_INVALID_HANDLE: u64 = u32::MAX as u64;

/// What GetStdHandle takes, with a sign or cut to 32 bits.
fn is_stream_number(value: u64) -> bool {
    let numbers = [STD_INPUT_HANDLE, STD_OUTPUT_HANDLE, STD_ERROR_HANDLE];
    numbers.iter().any(|&number| value == u64::from(number) || value == number as i32 as u64)
}

fn waits(stem: &str) -> bool {
    stem.starts_with("WaitFor") || stem == "SignalObjectAndWait"
}

/// What a handle needs for a function.
fn right(stem: &str) -> Option<(&'static str, u32)> {
    Some(match stem {
        "SetEvent" | "ResetEvent" | "PulseEvent" => ("EVENT_MODIFY_STATE", EVENT_MODIFY_STATE),
        "ReleaseSemaphore" => ("SEMAPHORE_MODIFY_STATE", SEMAPHORE_MODIFY_STATE),
        "SetWaitableTimer" | "SetWaitableTimerEx" | "CancelWaitableTimer" => {
            ("TIMER_MODIFY_STATE", TIMER_MODIFY_STATE)
        }
        _ if waits(stem) => ("SYNCHRONIZE", SYNCHRONIZE),
        _ => return None,
    })
}
