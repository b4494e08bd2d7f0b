//! What a parameter is, by its function, name and type: how its value is shown.

#![forbid(unsafe_code)]

use super::call::{Call, Parameter};
use super::names::{self, Family};
use super::quote::Width;

/// How a value is shown.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    Handle,
    /// A number of this process: -1 is no process's.
    ProcessHandle,
    /// Of `count` units, a parameter; else up to a zero.
    Text(Width, Option<&'static str>),
    Boolean,
    Signed,
    Unsigned,
    Octal,
    Named(Family),
    /// An address, of nothing that is shown.
    Address,
    /// An address of so many bytes that are shown if the call succeeded.
    Out(Stored),
    /// The same, and always shown: the function reads it.
    In(Stored),
    /// Handles, as many as a parameter says.
    Handles(&'static str),
    Security,
    Overlapped,
}

/// What stands at an address.
#[derive(Clone, Copy, Debug)]
pub enum Stored {
    Unsigned32,
    Signed32,
    Signed64,
    Unsigned64,
    Handle,
    Pages,
    HandleFlags,
    Boolean,
}

pub fn shape(call: &Call, parameter: &Parameter) -> Shape {
    by_name(call, parameter).unwrap_or_else(|| by_kind(parameter.kind))
}

fn by_kind(kind: &str) -> Shape {
    match kind {
        "HANDLE" | "*mut SharedMemory" => Shape::Handle,
        "BOOL" => Shape::Boolean,
        "LPCSTR" | "*const c_char" => Shape::Text(Width::One, None),
        "LPCWSTR" => Shape::Text(Width::Two, None),
        "*const u32" => Shape::Text(Width::Four, None),
        "LONG" | "i32" | "c_int" | "LARGE_INTEGER" => Shape::Signed,
        "BYTE"
        | "DWORD"
        | "UINT"
        | "ULONG"
        | "SIZE_T"
        | "ULONG_PTR"
        | "usize"
        | "u32"
        | "c_uint"
        | "SECTION_INFORMATION_CLASS" => Shape::Unsigned,
        "*const HANDLE" => Shape::Handles("nCount"),
        "LPHANDLE" | "*mut *mut SharedMemory" => Shape::Out(Stored::Handle),
        "LPDWORD" | "PDWORD" | "*mut ULONG" => Shape::Out(Stored::Unsigned32),
        "LPLONG" => Shape::Out(Stored::Signed32),
        "LPBOOL" => Shape::Out(Stored::Boolean),
        "*mut SIZE_T" | "*mut usize" | "*mut u64" => Shape::Out(Stored::Unsigned64),
        "*const LARGE_INTEGER" => Shape::In(Stored::Signed64),
        "*mut LARGE_INTEGER" => Shape::Out(Stored::Signed64),
        "LPSECURITY_ATTRIBUTES" => Shape::Security,
        "LPOVERLAPPED" => Shape::Overlapped,
        _ => Shape::Address,
    }
}

fn by_name(call: &Call, parameter: &Parameter) -> Option<Shape> {
    let text = |count| match parameter.kind {
        "LPSTR" | "LPCSTR" => Shape::Text(Width::One, count),
        "LPWSTR" | "LPCWSTR" => Shape::Text(Width::Two, count),
        _ => Shape::Text(Width::Four, count),
    };
    Some(match (parameter.name, call.stem()) {
        ("hSourceProcessHandle" | "hTargetProcessHandle", _) => Shape::ProcessHandle,
        ("hProcess", _) | ("Process", _) => Shape::ProcessHandle,
        ("lpCommandLine", _) => text(None),
        ("lpMultiByteStr", "MultiByteToWideChar") => text(Some("cbMultiByte")),
        ("lpWideCharStr", "WideCharToMultiByte") => text(Some("cchWideChar")),
        ("lpdwFlags", _) => Shape::Out(Stored::HandleFlags),
        ("lpflOldProtect", _) => Shape::Out(Stored::Pages),
        ("security", "_beginthreadex") => Shape::Security,
        ("sequence", "SharedMemoryWait") => Shape::In(Stored::Unsigned64),
        ("mode", _) => Shape::Octal,
        _ => Shape::Named(family(parameter.name, call.stem())?),
    })
}

fn family(parameter: &str, stem: &str) -> Option<Family> {
    Some(match (parameter, stem) {
        ("dwDesiredAccess", "CreateFile") => names::RIGHTS_OF_FILE,
        ("dwDesiredAccess", "OpenProcess") => names::RIGHTS_OF_PROCESS,
        ("dwDesiredAccess", "OpenThread") => names::RIGHTS_OF_THREAD,
        ("dwDesiredAccess", "OpenFileMapping") => names::RIGHTS_OF_SECTION,
        ("dwDesiredAccess", "MapViewOfFile" | "MapViewOfFileEx") => names::RIGHTS_OF_VIEW,
        ("dwDesiredAccess", _) if stem.contains("Event") => names::RIGHTS_OF_EVENT,
        ("dwDesiredAccess", _) if stem.contains("Mutex") => names::RIGHTS_OF_MUTEX,
        ("dwDesiredAccess", _) if stem.contains("Semaphore") => names::RIGHTS_OF_SEMAPHORE,
        ("dwDesiredAccess", _) if stem.contains("Timer") => names::RIGHTS_OF_TIMER,
        ("dwDesiredAccess" | "AccessMask", _) => names::RIGHTS,
        ("flProtect", "CreateFileMapping") => names::PROTECTION_OF_SECTION,
        ("flProtect" | "flNewProtect", _) => names::PROTECTION,
        ("flAllocationType" | "dwFreeType", _) => names::ALLOCATION,
        ("dwMilliseconds", _) => names::TIME,
        ("timeout_ms", _) => names::FOREVER,
        ("dwFlags", "CreateEventEx") => names::EVENT_FLAGS,
        ("dwFlags", "CreateMutexEx") => names::MUTEX_FLAGS,
        ("dwFlags", "CreateWaitableTimerEx") => names::TIMER_FLAGS,
        ("dwMask" | "dwFlags", "SetHandleInformation") => names::HANDLE_FLAGS,
        ("dwFlags", "LockFileEx") => names::LOCKING,
        ("dwFlags", "FormatMessage") => names::MESSAGE,
        ("dwFlags", "MultiByteToWideChar") => names::TO_WIDE,
        ("dwFlags", "WideCharToMultiByte") => names::FROM_WIDE,
        ("dwOptions", _) => names::DUPLICATION,
        ("dwShareMode", _) => names::SHARING,
        ("dwCreationDisposition", _) => names::DISPOSITION,
        ("dwFlagsAndAttributes", _) => names::FILE_ATTRIBUTES,
        ("dwMoveMethod", _) => names::ORIGIN,
        ("nStdHandle", _) => names::STREAM,
        ("dwCreationFlags", "CreateProcess") => names::PROCESS_CREATION,
        ("dwCreationFlags" | "initflag", _) => names::THREAD_CREATION,
        ("uFlags", _) => names::LOCAL_MEMORY,
        ("CodePage", _) => names::CODE_PAGE,
        ("SectionInformationClass", _) => names::SECTION_CLASS,
        ("dwErrCode", _) => names::ERRORS,
        ("error", "SharedMemoryErrorText") => names::SHARED_MEMORY,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::super::call::calls;
    use super::*;

    /// A new type, or a new parameter of rights or flags, must be thought of here.
    #[test]
    fn no_number_and_no_text_is_shown_as_an_address() {
        for call in calls::ALL {
            for parameter in call.parameters {
                let is_pointer = parameter.kind.starts_with(['*', 'P', 'L', 'H']);
                let is_address = matches!(shape(call, parameter), Shape::Address);
                assert!(!is_address || is_pointer, "{}({})", call.symbol, parameter.name);
                let is_flags = ["Access", "Flags", "Options", "flProtect"];
                let wants_names = is_flags.iter().any(|word| parameter.name.ends_with(word))
                    && matches!(parameter.kind, "DWORD" | "UINT");
                let has_none = ["CreateSemaphoreEx"].contains(&call.stem());
                let is_named = matches!(shape(call, parameter), Shape::Named(_));
                assert!(is_named || !wants_names || has_none, "{}({})", call.symbol, parameter.name);
            }
        }
    }

    #[test]
    fn counts_that_are_named_are_there() {
        for call in calls::ALL {
            for parameter in call.parameters {
                if let Shape::Text(_, Some(count)) | Shape::Handles(count) = shape(call, parameter) {
                    assert!(call.position(count).is_some(), "{}", call.symbol);
                }
            }
        }
    }
}
