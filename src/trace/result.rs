//! The result of a call: whether it failed, by the function's own convention, and how it is
//! shown.

#![forbid(unsafe_code)]

use super::arguments::{put_address, put_boolean, put_handle};
use super::call::Call;
use super::line::{Line, put};
use super::names;
use super::quote::{Width, quote};
use crate::consts::*;

/// What the result of a function is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    Nothing,
    /// FALSE: a failure.
    Boolean,
    /// This value: a failure.
    Handle(u64),
    Address(u64),
    Number(u64),
    /// No value is a failure.
    Any,
    /// This value: a failure, if the last error says so as well.
    Ambiguous(u64),
    Pseudo,
    NullIsFine,
    Wait,
    Status,
    /// Of the SharedMemory functions.
    Code,
    Win32Code,
    FileType,
    Text,
}

fn kind(call: &Call) -> Kind {
    match (call.stem(), call.result) {
        (_, "") | (_, "!") => Kind::Nothing,
        ("GetCurrentProcess" | "GetCurrentThread", _) => Kind::Pseudo,
        ("CreateFile" | "GetStdHandle", _) => Kind::Handle(u64::MAX),
        ("LocalFree" | "FreeSid", _) => Kind::NullIsFine,
        ("_beginthreadex", _) => Kind::Handle(0),
        ("SharedMemoryErrorText", _) => Kind::Text,
        ("SetEntriesInAcl", _) => Kind::Win32Code,
        ("GetFileType", _) => Kind::FileType,
        ("GetFileSize" | "SetFilePointer", _) => Kind::Ambiguous(0xFFFF_FFFF),
        ("ResumeThread", _) => Kind::Number(0xFFFF_FFFF),
        ("GetCurrentProcessId" | "GetCurrentThreadId" | "GetTickCount" | "GetTickCount64", _)
        | ("SleepEx" | "GetLargePageMinimum" | "GetLastError", _) => Kind::Any,
        (stem, "DWORD") if stem.starts_with("Wait") || stem.starts_with("SignalObject") => Kind::Wait,
        (_, "BOOL") => Kind::Boolean,
        (_, "HANDLE") => Kind::Handle(0),
        (_, "NTSTATUS") => Kind::Status,
        (_, "c_int") => Kind::Code,
        (_, "DWORD" | "UINT" | "SIZE_T" | "i32") => Kind::Number(0),
        _ => Kind::Address(0),
    }
}

/// A result of a call, and what the last error was then.
pub struct Outcome<'a> {
    call: &'a Call,
    kind: Kind,
    value: u64,
    pub last_error: u32,
}

impl Outcome<'_> {
    pub fn new(call: &Call, value: u64, last_error: u32) -> Outcome<'_> {
        Outcome { call, kind: kind(call), value, last_error }
    }

    pub fn value(&self) -> u64 {
        self.value
    }

    pub fn failed(&self) -> bool {
        match self.kind {
            Kind::Nothing | Kind::Any | Kind::Pseudo | Kind::NullIsFine | Kind::Text => false,
            Kind::Boolean => self.value as u32 == 0,
            Kind::Handle(failure) | Kind::Address(failure) => self.value == failure,
            Kind::Number(failure) => self.value == failure,
            Kind::Ambiguous(failure) => self.value == failure && self.last_error != ERROR_SUCCESS,
            Kind::FileType => self.value == 0 && self.last_error != ERROR_SUCCESS,
            Kind::Wait => self.value as u32 == WAIT_FAILED,
            Kind::Status => (self.value as i32) < 0,
            // Not to wait any longer is no failure, as with WAIT_TIMEOUT.
            Kind::Code => !matches!(self.value as i32, 0 | SHARED_MEMORY_TIMEOUT),
            Kind::Win32Code => self.value as u32 != ERROR_SUCCESS,
        }
    }

    /// Why it failed, as Windows' number.
    pub fn error(&self) -> u32 {
        match self.kind {
            Kind::Code | Kind::Win32Code => self.value as u32,
            Kind::Status if self.value as u32 == STATUS_INVALID_HANDLE => ERROR_INVALID_HANDLE,
            Kind::Status => ERROR_SUCCESS,
            _ => self.last_error,
        }
    }

    /// Whether it made or opened something that may have been there before.
    pub fn found_existing(&self) -> bool {
        let stem = self.call.stem();
        let tells = matches!(self.kind, Kind::Handle(_)) || stem.starts_with("SharedMemoryCreate");
        tells && stem.contains("Create") && !self.failed() && self.last_error == ERROR_ALREADY_EXISTS
    }

    /// " = TRUE", and the error by its name.
    pub fn put(&self, line: &mut Line) {
        if self.kind != Kind::Nothing {
            line.push(" = ");
        }
        let value = self.value;
        match self.kind {
            Kind::Nothing => {}
            Kind::Boolean => put_boolean(line, value),
            Kind::Handle(_) => put_handle(line, value),
            Kind::Address(_) | Kind::NullIsFine => put_address(line, value),
            Kind::Number(_) | Kind::Any | Kind::Ambiguous(_) => put!(line, "{value}"),
            Kind::Pseudo => put!(line, "(HANDLE){}", value as i64),
            Kind::Wait => put_wait(line, value as u32),
            Kind::Status => names::STATUS.put(line, value as u32),
            Kind::Code if value == 0 => line.push("0"),
            Kind::Code => names::SHARED_MEMORY.put(line, value as u32),
            Kind::Win32Code => names::ERRORS.put(line, value as u32),
            Kind::FileType => names::FILE_TYPE.put(line, value as u32),
            Kind::Text => quote(line, value, Width::One, None),
        }
        let tells_itself = matches!(self.kind, Kind::Code | Kind::Win32Code | Kind::Status);
        if self.found_existing() || self.failed() && !tells_itself {
            line.push(", ");
            names::ERRORS.put(line, self.last_error);
            put!(line, " ({})", self.last_error);
        }
    }
}

fn put_wait(line: &mut Line, code: u32) {
    const LAST: u32 = MAXIMUM_WAIT_OBJECTS - 1;
    match code {
        WAIT_OBJECT_0 => line.push("WAIT_OBJECT_0"),
        1..=LAST => put!(line, "WAIT_OBJECT_0+{code}"),
        WAIT_ABANDONED_0 => line.push("WAIT_ABANDONED_0"),
        _ if (WAIT_ABANDONED_0..=WAIT_ABANDONED_0 + LAST).contains(&code) => {
            put!(line, "WAIT_ABANDONED_0+{}", code - WAIT_ABANDONED_0);
        }
        WAIT_TIMEOUT => line.push("WAIT_TIMEOUT"),
        WAIT_FAILED => line.push("WAIT_FAILED"),
        _ => put!(line, "{code}"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::call::calls;
    use super::*;

    fn shown(call: &Call, value: u64, last_error: u32) -> (String, bool) {
        let mut line = Line::new();
        let outcome = Outcome::new(call, value, last_error);
        outcome.put(&mut line);
        (std::str::from_utf8(line.bytes()).unwrap().to_string(), outcome.failed())
    }

    #[test]
    fn each_function_fails_in_its_own_way() {
        const STALE: u32 = ERROR_MORE_DATA;
        let fails = [
            (&calls::SetEvent, 0, 6, " = FALSE, ERROR_INVALID_HANDLE (6)"),
            (&calls::CreateFileA, u64::MAX, 2, " = INVALID_HANDLE_VALUE, ERROR_FILE_NOT_FOUND (2)"),
            (&calls::OpenMutexW, 0, 2, " = NULL, ERROR_FILE_NOT_FOUND (2)"),
            (&calls::WaitForSingleObject, 0xFFFF_FFFF, 5, " = WAIT_FAILED, ERROR_ACCESS_DENIED (5)"),
            (&calls::NtClose, 0xC000_0008_u32 as i32 as u64, STALE, " = STATUS_INVALID_HANDLE"),
            (&calls::SharedMemoryRead, 13, 13, " = SHARED_MEMORY_TORN"),
            (&calls::SetEntriesInAclA, 87, 87, " = ERROR_INVALID_PARAMETER"),
            (&calls::MapViewOfFile, 0, 1132, " = NULL, ERROR_MAPPED_ALIGNMENT (1132)"),
            (&calls::ResumeThread, 0xFFFF_FFFF, 6, " = 4294967295, ERROR_INVALID_HANDLE (6)"),
        ];
        for (call, value, error, expected) in fails {
            assert_eq!(shown(call, value, error), (expected.to_string(), true), "{}", call.symbol);
        }
        let succeeds = [
            (&calls::SetEvent, 1, " = TRUE"),
            (&calls::WaitForMultipleObjects, 3, " = WAIT_OBJECT_0+3"),
            (&calls::WaitForMultipleObjects, 0x81, " = WAIT_ABANDONED_0+1"),
            (&calls::WaitForSingleObject, 258, " = WAIT_TIMEOUT"),
            (&calls::SharedMemoryWait, 258, " = SHARED_MEMORY_TIMEOUT"),
            (&calls::LocalFree, 0, " = NULL"),
            (&calls::Sleep, 0, ""),
            (&calls::GetCurrentProcess, u64::MAX, " = (HANDLE)-1"),
            (&calls::OpenEventA, 4, " = 0x4"),
            (&calls::SharedMemoryClose, 0, " = 0"),
        ];
        for (call, value, expected) in succeeds {
            assert_eq!(shown(call, value, STALE), (expected.to_string(), false), "{}", call.symbol);
        }
    }

    #[test]
    fn what_was_there_already_is_said() {
        assert_eq!(shown(&calls::CreateMutexA, 4, 183).0, " = 0x4, ERROR_ALREADY_EXISTS (183)");
        assert_eq!(shown(&calls::SharedMemoryCreate, 0, 183).0, " = 0, ERROR_ALREADY_EXISTS (183)");
        assert_eq!(shown(&calls::OpenMutexA, 4, 183).0, " = 0x4");
        assert_eq!(shown(&calls::CreateThread, 4, 0).0, " = 0x4");
    }
}
