//! Threads.

use super::types::*;
use super::{convert, entry, entry_bool};
use crate::consts::*;
use crate::error::Error;
use crate::handle::Flags;
use crate::object::{Grant, tasks};
use crate::process::{self, Making, Start};
use crate::trace::{self, Bits, calls};
use std::ptr;

/// Starts a thread. The handle can be waited for; closing it does not end the thread.
///
/// @param lpThreadAttributes NULL, or whether the handle is inheritable, and the
///                           security descriptor of a new thread (SetSecurityDescriptorDacl)
/// @param dwStackSize        bytes of stack; 0: as usual
/// @param lpStartAddress     what it runs; the returned value is its exit code
/// @param lpParameter        is passed to it
/// @param dwCreationFlags    0, CREATE_SUSPENDED, STACK_SIZE_PARAM_IS_A_RESERVATION
/// @param lpThreadId         NULL, or receives its id, as gettid gives it
/// @return a handle, or NULL with GetLastError:
///         ERROR_INVALID_PARAMETER: lpStartAddress is NULL, or unknown flags;
///         ERROR_NO_SYSTEM_RESOURCES, ERROR_NOT_ENOUGH_MEMORY: no thread can be made
///
/// On Linux: it is one of pthread's threads, detached. dwStackSize is the whole stack,
/// at least 256 KiB, also without STACK_SIZE_PARAM_IS_A_RESERVATION.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn CreateThread(
    lpThreadAttributes: LPSECURITY_ATTRIBUTES,
    dwStackSize: SIZE_T,
    lpStartAddress: LPTHREAD_START_ROUTINE,
    lpParameter: LPVOID,
    dwCreationFlags: DWORD,
    lpThreadId: LPDWORD,
) -> HANDLE {
    traced!(CreateThread(
        lpThreadAttributes,
        dwStackSize,
        lpStartAddress,
        lpParameter,
        dwCreationFlags,
        lpThreadId
    ));
    entry(ptr::null_mut(), || {
        if dwCreationFlags & !(CREATE_SUSPENDED | STACK_SIZE_PARAM_IS_A_RESERVATION) != 0 {
            return Err(Error::InvalidParameter);
        }
        // SAFETY: NULL or valid, by the contract of all functions.
        let security = unsafe { convert::security(lpThreadAttributes)? };
        let start = lpStartAddress.ok_or(Error::InvalidParameter)?;
        let making = Making {
            // The same function; it may be left by ExitThread and pthread_exit.
            // SAFETY: the two types differ only in what may unwind through a call.
            start: unsafe { std::mem::transmute::<unsafe extern "C" fn(LPVOID) -> DWORD, Start>(start) },
            argument: lpParameter,
            stack_size: dwStackSize,
            suspended: dwCreationFlags & CREATE_SUSPENDED != 0,
        };
        let (handle, id) =
            tasks::create_thread(&making, Grant { access: THREAD_ALL_ACCESS, flags: security.flags })?;
        if !lpThreadId.is_null() {
            // SAFETY: not NULL, hence valid by the contract of all functions.
            unsafe { convert::store(lpThreadId, id) };
        }
        Ok(convert::to_handle(handle))
    })
}

/// CreateThread, as the C library of Windows spells it.
///
/// @param security   as in CreateThread
/// @param stack_size as in CreateThread
/// @param start      as in CreateThread
/// @param argument   as in CreateThread
/// @param initflag   as in CreateThread
/// @param thrdaddr   as in CreateThread
/// @return a handle, or 0 with errno EINVAL or EAGAIN, and GetLastError as CreateThread
#[unsafe(no_mangle)]
pub unsafe extern "C" fn _beginthreadex(
    security: LPVOID,
    stack_size: UINT,
    start: LPTHREAD_START_ROUTINE,
    argument: LPVOID,
    initflag: UINT,
    thrdaddr: LPDWORD,
) -> usize {
    traced!(_beginthreadex(security, stack_size, start, argument, initflag, thrdaddr));
    let (security, stack_size) = (security.cast::<SECURITY_ATTRIBUTES>(), stack_size as SIZE_T);
    // SAFETY: passed on under the same contract.
    let handle = unsafe { part!(CreateThread(security, stack_size, start, argument, initflag, thrdaddr)) };
    if handle.is_null() {
        let invalid = crate::error::last() == ERROR_INVALID_PARAMETER;
        crate::error::set_errno(if invalid { libc::EINVAL } else { libc::EAGAIN });
    }
    handle as usize
}

/// Ends the calling thread.
///
/// @param dwExitCode what GetExitCodeThread tells, if the thread has a handle
///
/// On Linux: as pthread_exit does: the destructors of C++ objects on its stack run.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn ExitThread(dwExitCode: DWORD) -> ! {
    trace::last(&calls::ExitThread, &[dwExitCode.bits()]);
    // SAFETY: the frames of the caller are C or C++, which allow forced unwinding.
    unsafe { process::exit_thread(dwExitCode) }
}

/// Opens a thread. It can be waited for: it is signalled when it has ended.
///
/// @param dwDesiredAccess SYNCHRONIZE, THREAD_QUERY_LIMITED_INFORMATION,
///                        THREAD_SUSPEND_RESUME or other rights
/// @param bInheritHandle  any value but 0: the handle is inheritable
/// @param dwThreadId      a thread id, as gettid gives it
/// @return a handle, or NULL with GetLastError:
///         ERROR_INVALID_PARAMETER: there is no such thread;
///         ERROR_ACCESS_DENIED: no rights, or unknown ones
///
/// On Linux: threads that neither CreateThread made nor used this library can be opened
/// since Linux 6.9.
#[unsafe(no_mangle)]
pub extern "C" fn OpenThread(dwDesiredAccess: DWORD, bInheritHandle: BOOL, dwThreadId: DWORD) -> HANDLE {
    traced!(OpenThread(dwDesiredAccess, bInheritHandle, dwThreadId));
    entry(ptr::null_mut(), || {
        let desired = Grant { access: dwDesiredAccess, flags: Flags::inherit(bInheritHandle != 0) };
        tasks::open_thread(dwThreadId, desired).map(convert::to_handle)
    })
}

/// Tells how a thread ended.
///
/// @param hThread    a handle with THREAD_QUERY_LIMITED_INFORMATION or
///                   THREAD_QUERY_INFORMATION
/// @param lpExitCode receives STILL_ACTIVE, or what it returned or gave to ExitThread;
///                   0 if it ended in another way
/// @return TRUE, or FALSE with GetLastError:
///         ERROR_INVALID_HANDLE: not an open handle of a thread;
///         ERROR_ACCESS_DENIED: the handle lacks the right;
///         ERROR_NOACCESS: lpExitCode is NULL
///
/// On Linux: 0 for a thread that ended by pthread_exit.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn GetExitCodeThread(hThread: HANDLE, lpExitCode: LPDWORD) -> BOOL {
    traced!(GetExitCodeThread(hThread, lpExitCode));
    entry_bool(|| {
        let exit_code = convert::not_null(lpExitCode)?;
        let code = tasks::thread_exit_code(convert::handle(hThread))?;
        // SAFETY: not NULL, hence valid by the contract of all functions.
        unsafe { convert::store(exit_code, code) };
        Ok(())
    })
}

/// Lets a thread begin that was made with CREATE_SUSPENDED.
///
/// @param hThread a handle with THREAD_SUSPEND_RESUME
/// @return 1 if it was suspended, 0 if it was running; or 0xFFFFFFFF with GetLastError:
///         ERROR_INVALID_HANDLE: not an open handle of a thread;
///         ERROR_ACCESS_DENIED: the handle lacks the right
///
/// On Linux: there is no SuspendThread, so a thread is suspended once or not at all.
#[unsafe(no_mangle)]
pub extern "C" fn ResumeThread(hThread: HANDLE) -> DWORD {
    traced!(ResumeThread(hThread));
    entry(DWORD::MAX, || tasks::resume_thread(convert::handle(hThread)))
}

/// Lets another thread run.
///
/// @return TRUE
///
/// On Linux: TRUE also when no other thread ran.
#[unsafe(no_mangle)]
pub extern "C" fn SwitchToThread() -> BOOL {
    traced!(SwitchToThread());
    process::yield_now();
    TRUE
}

/// The id of a thread.
///
/// @param Thread a handle with THREAD_QUERY_LIMITED_INFORMATION or
///               THREAD_QUERY_INFORMATION
/// @return the id, or 0 with GetLastError:
///         ERROR_INVALID_HANDLE: not an open handle of a thread;
///         ERROR_ACCESS_DENIED: the handle lacks the right
#[unsafe(no_mangle)]
pub extern "C" fn GetThreadId(Thread: HANDLE) -> DWORD {
    traced!(GetThreadId(Thread));
    entry(0, || tasks::thread_id(convert::handle(Thread)))
}
