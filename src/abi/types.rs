//! Types of the C interface. Integers, handles and strings are defined by hand
//! in `winshm_platform.h`; the structures below are generated.

#![expect(non_camel_case_types, reason = "Windows' spelling")]

pub use super::va_list::va_list;
use crate::trace::Bits;
use std::ffi::{c_char, c_void};

pub type BOOL = i32;
pub type BYTE = u8;
pub type WORD = u16;
pub type DWORD = u32;
pub type LONG = i32;
pub type ULONGLONG = u64;
pub type SIZE_T = usize;
pub type ULONG_PTR = usize;
pub type HANDLE = *mut c_void;
pub type HLOCAL = HANDLE;
pub type HMODULE = HANDLE;
pub type LPHANDLE = *mut HANDLE;
pub type LPVOID = *mut c_void;
pub type LPCVOID = *const c_void;
pub type PVOID = *mut c_void;
pub type UINT = u32;
pub type ULONG = u32;
pub type LPBOOL = *mut BOOL;
pub type LPLONG = *mut LONG;
pub type LPDWORD = *mut DWORD;
pub type PDWORD = *mut DWORD;
pub type LPSTR = *mut c_char;
pub type LPCSTR = *const c_char;
/// 16-bit units, as on Windows.
pub type LPWSTR = *mut u16;
pub type LPBYTE = *mut BYTE;
/// 16-bit units, as on Windows.
pub type LPCWSTR = *const u16;

pub const TRUE: BOOL = 1;
pub const FALSE: BOOL = 0;

/// Who may open an object, and whether child processes inherit the handle.
#[repr(C)]
pub struct _SECURITY_ATTRIBUTES {
    /// The size of the structure in bytes; not checked, as on Windows.
    pub nLength: DWORD,
    /// NULL, or a SECURITY_DESCRIPTOR: see SetSecurityDescriptorDacl.
    pub lpSecurityDescriptor: LPVOID,
    /// Any value but 0: the handle is inheritable.
    pub bInheritHandle: BOOL,
}
pub type SECURITY_ATTRIBUTES = _SECURITY_ATTRIBUTES;
pub type PSECURITY_ATTRIBUTES = *mut _SECURITY_ATTRIBUTES;
pub type LPSECURITY_ATTRIBUTES = *mut _SECURITY_ATTRIBUTES;

/// A time: units of 100 ns since 1601, in two halves.
#[repr(C)]
pub struct _FILETIME {
    pub dwLowDateTime: DWORD,
    pub dwHighDateTime: DWORD,
}
pub type FILETIME = _FILETIME;
pub type PFILETIME = *mut _FILETIME;
pub type LPFILETIME = *mut _FILETIME;

/// How a new process begins. Zero but for cb and what is documented.
#[repr(C)]
pub struct _STARTUPINFOA {
    /// The size of the structure in bytes; not checked.
    pub cb: DWORD,
    /// Without effect, as is what follows, up to dwFlags.
    pub lpReserved: LPSTR,
    pub lpDesktop: LPSTR,
    pub lpTitle: LPSTR,
    pub dwX: DWORD,
    pub dwY: DWORD,
    pub dwXSize: DWORD,
    pub dwYSize: DWORD,
    pub dwXCountChars: DWORD,
    pub dwYCountChars: DWORD,
    pub dwFillAttribute: DWORD,
    /// STARTF_USESTDHANDLES; other flags are without effect.
    pub dwFlags: DWORD,
    pub wShowWindow: WORD,
    pub cbReserved2: WORD,
    pub lpReserved2: LPBYTE,
    /// Standard input, if dwFlags says so.
    pub hStdInput: HANDLE,
    /// Standard output, if dwFlags says so.
    pub hStdOutput: HANDLE,
    /// Standard error, if dwFlags says so.
    pub hStdError: HANDLE,
}
pub type STARTUPINFOA = _STARTUPINFOA;
pub type LPSTARTUPINFOA = *mut _STARTUPINFOA;

/// How a new process begins. Zero but for cb and what is documented.
#[repr(C)]
pub struct _STARTUPINFOW {
    /// The size of the structure in bytes; not checked.
    pub cb: DWORD,
    /// Without effect, as is what follows, up to dwFlags.
    pub lpReserved: LPWSTR,
    pub lpDesktop: LPWSTR,
    pub lpTitle: LPWSTR,
    pub dwX: DWORD,
    pub dwY: DWORD,
    pub dwXSize: DWORD,
    pub dwYSize: DWORD,
    pub dwXCountChars: DWORD,
    pub dwYCountChars: DWORD,
    pub dwFillAttribute: DWORD,
    /// STARTF_USESTDHANDLES; other flags are without effect.
    pub dwFlags: DWORD,
    pub wShowWindow: WORD,
    pub cbReserved2: WORD,
    pub lpReserved2: LPBYTE,
    /// Standard input, if dwFlags says so.
    pub hStdInput: HANDLE,
    /// Standard output, if dwFlags says so.
    pub hStdOutput: HANDLE,
    /// Standard error, if dwFlags says so.
    pub hStdError: HANDLE,
}
pub type STARTUPINFOW = _STARTUPINFOW;
pub type LPSTARTUPINFOW = *mut _STARTUPINFOW;

/// A process that was started.
#[repr(C)]
pub struct _PROCESS_INFORMATION {
    pub hProcess: HANDLE,
    /// Of its first thread.
    pub hThread: HANDLE,
    pub dwProcessId: DWORD,
    pub dwThreadId: DWORD,
}
pub type PROCESS_INFORMATION = _PROCESS_INFORMATION;
pub type PPROCESS_INFORMATION = *mut _PROCESS_INFORMATION;
pub type LPPROCESS_INFORMATION = *mut _PROCESS_INFORMATION;

/// What a thread runs.
pub type LPTHREAD_START_ROUTINE = Option<unsafe extern "C" fn(lpThreadParameter: LPVOID) -> DWORD>;
pub type PTHREAD_START_ROUTINE = LPTHREAD_START_ROUTINE;

/// Completion routines are not supported: SetWaitableTimer wants NULL.
pub type PTIMERAPCROUTINE =
    Option<unsafe extern "C" fn(lpArg: LPVOID, dwTimerLowValue: DWORD, dwTimerHighValue: DWORD)>;

/// What VirtualQuery tells about a run of pages.
#[repr(C)]
pub struct _MEMORY_BASIC_INFORMATION {
    /// The first page of the run: the one that was asked for.
    pub BaseAddress: PVOID,
    /// Where the view or allocation begins; NULL for free pages.
    pub AllocationBase: PVOID,
    /// The protection that the view or allocation began with.
    pub AllocationProtect: DWORD,
    /// Always 0.
    pub PartitionId: WORD,
    /// The length of the run in bytes.
    pub RegionSize: SIZE_T,
    /// MEM_COMMIT, MEM_RESERVE or MEM_FREE.
    pub State: DWORD,
    /// The protection of committed pages, else 0; PAGE_NOACCESS for free pages.
    pub Protect: DWORD,
    /// MEM_MAPPED, MEM_PRIVATE or MEM_IMAGE; 0 for free pages.
    pub Type: DWORD,
}
pub type MEMORY_BASIC_INFORMATION = _MEMORY_BASIC_INFORMATION;
pub type PMEMORY_BASIC_INFORMATION = *mut _MEMORY_BASIC_INFORMATION;

/// A range of addresses.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct _WIN32_MEMORY_RANGE_ENTRY {
    /// The first byte.
    pub VirtualAddress: PVOID,
    /// The length.
    pub NumberOfBytes: SIZE_T,
}
pub type WIN32_MEMORY_RANGE_ENTRY = _WIN32_MEMORY_RANGE_ENTRY;
pub type PWIN32_MEMORY_RANGE_ENTRY = *mut _WIN32_MEMORY_RANGE_ENTRY;

/// Defined by hand in the header, with its anonymous members.
#[repr(C)]
#[derive(Clone, Copy)]
pub union LARGE_INTEGER {
    pub QuadPart: i64,
}

impl Bits for LARGE_INTEGER {
    fn bits(&self) -> u64 {
        // SAFETY: every bit pattern is a number.
        unsafe { self.QuadPart as u64 }
    }
}

impl Bits for LPTHREAD_START_ROUTINE {
    fn bits(&self) -> u64 {
        self.map_or(0, |routine| routine as usize as u64)
    }
}

impl Bits for PTIMERAPCROUTINE {
    fn bits(&self) -> u64 {
        self.map_or(0, |routine| routine as usize as u64)
    }
}

/// Defined by hand in the header, with its anonymous members.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct OVERLAPPED {
    pub Internal: usize,
    pub InternalHigh: usize,
    pub Offset: DWORD,
    pub OffsetHigh: DWORD,
    pub hEvent: HANDLE,
}
pub type LPOVERLAPPED = *mut OVERLAPPED;

/// Defined by hand in the header, with its anonymous members.
#[repr(C)]
pub struct SYSTEM_INFO {
    pub wProcessorArchitecture: WORD,
    pub wReserved: WORD,
    pub dwPageSize: DWORD,
    pub lpMinimumApplicationAddress: LPVOID,
    pub lpMaximumApplicationAddress: LPVOID,
    pub dwActiveProcessorMask: usize,
    pub dwNumberOfProcessors: DWORD,
    pub dwProcessorType: DWORD,
    pub dwAllocationGranularity: DWORD,
    pub wProcessorLevel: WORD,
    pub wProcessorRevision: WORD,
}
pub type LPSYSTEM_INFO = *mut SYSTEM_INFO;

const _: () = assert!(size_of::<_SECURITY_ATTRIBUTES>() == 24);
const _: () = assert!(size_of::<_MEMORY_BASIC_INFORMATION>() == 48);
const _: () = assert!(size_of::<_WIN32_MEMORY_RANGE_ENTRY>() == 16);
const _: () = assert!(size_of::<SYSTEM_INFO>() == 48);
const _: () = assert!(size_of::<OVERLAPPED>() == 32);
const _: () = assert!(size_of::<_STARTUPINFOA>() == 104 && size_of::<_STARTUPINFOW>() == 104);
const _: () = assert!(size_of::<_PROCESS_INFORMATION>() == 24);
