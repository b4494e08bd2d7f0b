//! Objects that have names.

use crate::abi::types::*;
use crate::abi::{convert, event, mutex, section, semaphore, timer};
use crate::consts::{EVENT_ALL_ACCESS, MUTEX_ALL_ACCESS, TIMER_ALL_ACCESS};

#[unsafe(no_mangle)]
pub unsafe extern "C" fn winshm_CreateFileMappingW32(
    hFile: HANDLE,
    lpFileMappingAttributes: LPSECURITY_ATTRIBUTES,
    flProtect: DWORD,
    dwMaximumSizeHigh: DWORD,
    dwMaximumSizeLow: DWORD,
    lpName: *const u32,
) -> HANDLE {
    traced!(winshm_CreateFileMappingW32(
        hFile,
        lpFileMappingAttributes,
        flProtect,
        dwMaximumSizeHigh,
        dwMaximumSizeLow,
        lpName
    ));
    let size = convert::size(dwMaximumSizeHigh, dwMaximumSizeLow);
    // SAFETY: a string or NULL, by the contract of all functions.
    let name = || unsafe { convert::wide32(lpName) };
    // SAFETY: passed on under the same contract.
    unsafe { section::create(hFile, lpFileMappingAttributes, flProtect, size, name) }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn winshm_OpenFileMappingW32(
    dwDesiredAccess: DWORD,
    bInheritHandle: BOOL,
    lpName: *const u32,
) -> HANDLE {
    traced!(winshm_OpenFileMappingW32(dwDesiredAccess, bInheritHandle, lpName));
    // SAFETY: a string or NULL, by the contract of all functions.
    section::open(dwDesiredAccess, bInheritHandle, || unsafe { convert::wide32(lpName) })
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn winshm_CreateEventW32(
    lpEventAttributes: LPSECURITY_ATTRIBUTES,
    bManualReset: BOOL,
    bInitialState: BOOL,
    lpName: *const u32,
) -> HANDLE {
    traced!(winshm_CreateEventW32(lpEventAttributes, bManualReset, bInitialState, lpName));
    // SAFETY: a string or NULL, by the contract of all functions.
    let name = || unsafe { convert::wide32(lpName) };
    // SAFETY: passed on under the same contract.
    unsafe {
        event::create(lpEventAttributes, event::flags(bManualReset, bInitialState), EVENT_ALL_ACCESS, name)
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn winshm_OpenEventW32(
    dwDesiredAccess: DWORD,
    bInheritHandle: BOOL,
    lpName: *const u32,
) -> HANDLE {
    traced!(winshm_OpenEventW32(dwDesiredAccess, bInheritHandle, lpName));
    // SAFETY: a string or NULL, by the contract of all functions.
    event::open(dwDesiredAccess, bInheritHandle, || unsafe { convert::wide32(lpName) })
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn winshm_CreateEventExW32(
    lpEventAttributes: LPSECURITY_ATTRIBUTES,
    lpName: *const u32,
    dwFlags: DWORD,
    dwDesiredAccess: DWORD,
) -> HANDLE {
    traced!(winshm_CreateEventExW32(lpEventAttributes, lpName, dwFlags, dwDesiredAccess));
    // SAFETY: a string or NULL, by the contract of all functions.
    let name = || unsafe { convert::wide32(lpName) };
    // SAFETY: passed on under the same contract.
    unsafe { event::create(lpEventAttributes, dwFlags, dwDesiredAccess, name) }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn winshm_CreateMutexW32(
    lpMutexAttributes: LPSECURITY_ATTRIBUTES,
    bInitialOwner: BOOL,
    lpName: *const u32,
) -> HANDLE {
    traced!(winshm_CreateMutexW32(lpMutexAttributes, bInitialOwner, lpName));
    // SAFETY: a string or NULL, by the contract of all functions.
    let name = || unsafe { convert::wide32(lpName) };
    // SAFETY: passed on under the same contract.
    unsafe { mutex::create(lpMutexAttributes, DWORD::from(bInitialOwner != 0), MUTEX_ALL_ACCESS, name) }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn winshm_CreateMutexExW32(
    lpMutexAttributes: LPSECURITY_ATTRIBUTES,
    lpName: *const u32,
    dwFlags: DWORD,
    dwDesiredAccess: DWORD,
) -> HANDLE {
    traced!(winshm_CreateMutexExW32(lpMutexAttributes, lpName, dwFlags, dwDesiredAccess));
    // SAFETY: a string or NULL, by the contract of all functions.
    let name = || unsafe { convert::wide32(lpName) };
    // SAFETY: passed on under the same contract.
    unsafe { mutex::create(lpMutexAttributes, dwFlags, dwDesiredAccess, name) }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn winshm_OpenMutexW32(
    dwDesiredAccess: DWORD,
    bInheritHandle: BOOL,
    lpName: *const u32,
) -> HANDLE {
    traced!(winshm_OpenMutexW32(dwDesiredAccess, bInheritHandle, lpName));
    // SAFETY: a string or NULL, by the contract of all functions.
    mutex::open(dwDesiredAccess, bInheritHandle, || unsafe { convert::wide32(lpName) })
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn winshm_CreateSemaphoreW32(
    lpSemaphoreAttributes: LPSECURITY_ATTRIBUTES,
    lInitialCount: LONG,
    lMaximumCount: LONG,
    lpName: *const u32,
) -> HANDLE {
    traced!(winshm_CreateSemaphoreW32(lpSemaphoreAttributes, lInitialCount, lMaximumCount, lpName));
    let request = semaphore::Request::plain(lInitialCount, lMaximumCount);
    // SAFETY: a string or NULL, by the contract of all functions.
    let name = || unsafe { convert::wide32(lpName) };
    // SAFETY: passed on under the same contract.
    unsafe { semaphore::create(lpSemaphoreAttributes, &request, name) }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn winshm_CreateSemaphoreExW32(
    lpSemaphoreAttributes: LPSECURITY_ATTRIBUTES,
    lInitialCount: LONG,
    lMaximumCount: LONG,
    lpName: *const u32,
    dwFlags: DWORD,
    dwDesiredAccess: DWORD,
) -> HANDLE {
    traced!(winshm_CreateSemaphoreExW32(
        lpSemaphoreAttributes,
        lInitialCount,
        lMaximumCount,
        lpName,
        dwFlags,
        dwDesiredAccess
    ));
    let (count, maximum) = (lInitialCount, lMaximumCount);
    let request = semaphore::Request { count, maximum, dwFlags, dwDesiredAccess };
    // SAFETY: a string or NULL, by the contract of all functions.
    let name = || unsafe { convert::wide32(lpName) };
    // SAFETY: passed on under the same contract.
    unsafe { semaphore::create(lpSemaphoreAttributes, &request, name) }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn winshm_OpenSemaphoreW32(
    dwDesiredAccess: DWORD,
    bInheritHandle: BOOL,
    lpName: *const u32,
) -> HANDLE {
    traced!(winshm_OpenSemaphoreW32(dwDesiredAccess, bInheritHandle, lpName));
    // SAFETY: a string or NULL, by the contract of all functions.
    semaphore::open(dwDesiredAccess, bInheritHandle, || unsafe { convert::wide32(lpName) })
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn winshm_CreateWaitableTimerW32(
    lpTimerAttributes: LPSECURITY_ATTRIBUTES,
    bManualReset: BOOL,
    lpTimerName: *const u32,
) -> HANDLE {
    traced!(winshm_CreateWaitableTimerW32(lpTimerAttributes, bManualReset, lpTimerName));
    // SAFETY: a string or NULL, by the contract of all functions.
    let name = || unsafe { convert::wide32(lpTimerName) };
    // SAFETY: passed on under the same contract.
    unsafe { timer::create(lpTimerAttributes, DWORD::from(bManualReset != 0), TIMER_ALL_ACCESS, name) }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn winshm_CreateWaitableTimerExW32(
    lpTimerAttributes: LPSECURITY_ATTRIBUTES,
    lpTimerName: *const u32,
    dwFlags: DWORD,
    dwDesiredAccess: DWORD,
) -> HANDLE {
    traced!(winshm_CreateWaitableTimerExW32(lpTimerAttributes, lpTimerName, dwFlags, dwDesiredAccess));
    // SAFETY: a string or NULL, by the contract of all functions.
    let name = || unsafe { convert::wide32(lpTimerName) };
    // SAFETY: passed on under the same contract.
    unsafe { timer::create(lpTimerAttributes, dwFlags, dwDesiredAccess, name) }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn winshm_OpenWaitableTimerW32(
    dwDesiredAccess: DWORD,
    bInheritHandle: BOOL,
    lpTimerName: *const u32,
) -> HANDLE {
    traced!(winshm_OpenWaitableTimerW32(dwDesiredAccess, bInheritHandle, lpTimerName));
    // SAFETY: a string or NULL, by the contract of all functions.
    timer::open(dwDesiredAccess, bInheritHandle, || unsafe { convert::wide32(lpTimerName) })
}
