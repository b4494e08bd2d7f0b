//! The machine and its clocks.

use super::types::*;
use super::{convert, entry, entry_bool};
use crate::consts::*;
use crate::machine;
use crate::memory;

/// Describes the machine: 4096-byte pages, 65536-byte granularity of addresses.
///
/// @param lpSystemInfo receives the answer; NULL: nothing happens but GetLastError
///                     ERROR_NOACCESS
///
/// On Linux: it counts all processors that are online, also more than 64, and also those
/// that the process may not use.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn GetSystemInfo(lpSystemInfo: LPSYSTEM_INFO) {
    traced!(GetSystemInfo(lpSystemInfo));
    entry((), || {
        // SAFETY: not NULL, hence valid by the contract of all functions.
        unsafe { convert::store(convert::not_null(lpSystemInfo)?, system_info()) };
        Ok(())
    });
}

/// GetSystemInfo.
///
/// @param lpSystemInfo as in GetSystemInfo
#[unsafe(no_mangle)]
pub unsafe extern "C" fn GetNativeSystemInfo(lpSystemInfo: LPSYSTEM_INFO) {
    traced!(GetNativeSystemInfo(lpSystemInfo));
    // SAFETY: passed on under the same contract.
    unsafe { part!(GetSystemInfo(lpSystemInfo)) }
}

fn system_info() -> SYSTEM_INFO {
    let machine = machine::describe();
    SYSTEM_INFO {
        wProcessorArchitecture: PROCESSOR_ARCHITECTURE_AMD64,
        wReserved: 0,
        dwPageSize: memory::PAGE_SIZE as DWORD,
        lpMinimumApplicationAddress: memory::LOWEST as LPVOID,
        lpMaximumApplicationAddress: memory::HIGHEST as LPVOID,
        dwActiveProcessorMask: machine.processor_mask,
        dwNumberOfProcessors: machine.processors,
        dwProcessorType: PROCESSOR_AMD_X8664,
        dwAllocationGranularity: memory::GRANULARITY as DWORD,
        wProcessorLevel: machine.family,
        wProcessorRevision: machine.model_and_stepping,
    }
}

/// Milliseconds since the system started, time asleep included. Begins again at 0
/// after 49.7 days.
///
/// @return the time
///
/// On Linux: it steps by 1 ms, where Windows steps by 10 to 16.
#[unsafe(no_mangle)]
pub extern "C" fn GetTickCount() -> DWORD {
    traced!(GetTickCount());
    part!(GetTickCount64()) as DWORD
}

/// Milliseconds since the system started, time asleep included.
///
/// @return the time
///
/// On Linux: it steps by 1 ms, where Windows steps by 10 to 16.
#[unsafe(no_mangle)]
pub extern "C" fn GetTickCount64() -> ULONGLONG {
    traced!(GetTickCount64());
    machine::uptime_ms()
}

/// Reads a clock of high resolution that never goes back, the same in every process.
///
/// @param lpPerformanceCount receives the count of ticks
/// @return TRUE, or FALSE with GetLastError ERROR_NOACCESS: the pointer is NULL
///
/// On Linux: time asleep does not count.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn QueryPerformanceCounter(lpPerformanceCount: *mut LARGE_INTEGER) -> BOOL {
    traced!(QueryPerformanceCounter(lpPerformanceCount));
    entry_bool(|| {
        let count = LARGE_INTEGER { QuadPart: machine::ticks() };
        // SAFETY: not NULL, hence valid by the contract of all functions.
        unsafe { convert::store(convert::not_null(lpPerformanceCount)?, count) };
        Ok(())
    })
}

/// Tells how often QueryPerformanceCounter's clock ticks.
///
/// @param lpFrequency receives ticks per second: 10,000,000, as on current Windows
/// @return TRUE, or FALSE with GetLastError ERROR_NOACCESS: the pointer is NULL
#[unsafe(no_mangle)]
pub unsafe extern "C" fn QueryPerformanceFrequency(lpFrequency: *mut LARGE_INTEGER) -> BOOL {
    traced!(QueryPerformanceFrequency(lpFrequency));
    entry_bool(|| {
        let frequency = LARGE_INTEGER { QuadPart: machine::TICKS_PER_SECOND };
        // SAFETY: not NULL, hence valid by the contract of all functions.
        unsafe { convert::store(convert::not_null(lpFrequency)?, frequency) };
        Ok(())
    })
}

/// The time, as files and timers have it.
///
/// @param lpSystemTimeAsFileTime receives it: units of 100 ns since 1601, UTC; NULL is
///                               ignored
///
/// On Linux: it steps by 100 ns or little more, where Windows steps by up to 16 ms.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn GetSystemTimeAsFileTime(lpSystemTimeAsFileTime: LPFILETIME) {
    traced!(GetSystemTimeAsFileTime(lpSystemTimeAsFileTime));
    entry((), || {
        let time = machine::file_time();
        let time = _FILETIME { dwLowDateTime: time as DWORD, dwHighDateTime: (time >> 32) as DWORD };
        if !lpSystemTimeAsFileTime.is_null() {
            // SAFETY: not NULL, hence valid by the contract of all functions.
            unsafe { convert::store(lpSystemTimeAsFileTime, time) };
        }
        Ok(())
    });
}
