//! Processes, and the calling thread.

use super::types::*;
use super::{convert, entry, entry_bool};
use crate::consts::INFINITE;
use crate::handle::Flags;
use crate::object::{CURRENT_PROCESS, CURRENT_THREAD, Grant, tasks};
use crate::process;
use std::ptr;

/// A pseudo-handle for the calling process: (HANDLE)-1. Closing it does nothing;
/// DuplicateHandle makes a real handle of it.
///
/// @return the pseudo-handle
#[unsafe(no_mangle)]
pub extern "C" fn GetCurrentProcess() -> HANDLE {
    traced!(GetCurrentProcess());
    convert::to_handle(CURRENT_PROCESS)
}

/// A pseudo-handle for the calling thread: (HANDLE)-2.
///
/// @return the pseudo-handle
#[unsafe(no_mangle)]
pub extern "C" fn GetCurrentThread() -> HANDLE {
    traced!(GetCurrentThread());
    convert::to_handle(CURRENT_THREAD)
}

/// The process id, as getpid gives it.
///
/// @return the id
///
/// On Linux: processes of other PID namespaces (containers) know it by another number.
#[unsafe(no_mangle)]
pub extern "C" fn GetCurrentProcessId() -> DWORD {
    traced!(GetCurrentProcessId());
    process::id()
}

/// The id of the calling thread, as gettid gives it; unique in the system.
///
/// @return the id
///
/// On Linux: the main thread has the id of its process.
#[unsafe(no_mangle)]
pub extern "C" fn GetCurrentThreadId() -> DWORD {
    traced!(GetCurrentThreadId());
    process::thread_id()
}

/// Sleeps.
///
/// @param dwMilliseconds at least this long; 0: lets another thread run; INFINITE: for ever
#[unsafe(no_mangle)]
pub extern "C" fn Sleep(dwMilliseconds: DWORD) {
    traced!(Sleep(dwMilliseconds));
    entry((), || {
        process::sleep((dwMilliseconds != INFINITE).then_some(dwMilliseconds));
        Ok(())
    });
}

/// Sleep.
///
/// @param dwMilliseconds as in Sleep
/// @param bAlertable     accepted; nothing queues calls to a thread here
/// @return 0
///
/// On Linux: nothing queues calls to a thread: bAlertable has no effect.
#[unsafe(no_mangle)]
pub extern "C" fn SleepEx(dwMilliseconds: DWORD, bAlertable: BOOL) -> DWORD {
    traced!(SleepEx(dwMilliseconds, bAlertable));
    let _ = bAlertable;
    part!(Sleep(dwMilliseconds));
    0
}

/// Opens a process. It can be waited for: it is signalled when it has ended, also
/// before its parent has asked how.
///
/// @param dwDesiredAccess SYNCHRONIZE, PROCESS_QUERY_LIMITED_INFORMATION,
///                        PROCESS_QUERY_INFORMATION, PROCESS_TERMINATE,
///                        PROCESS_DUP_HANDLE or other rights
/// @param bInheritHandle  any value but 0: the handle is inheritable
/// @param dwProcessId     a process id, as getpid gives it
/// @return a handle, or NULL with GetLastError:
///         ERROR_INVALID_PARAMETER: there is no such process;
///         ERROR_ACCESS_DENIED: no rights, or PROCESS_TERMINATE of another user's;
///         ERROR_TOO_MANY_OPEN_FILES: a process handle takes a file descriptor
///
/// On Linux: a handle takes a file descriptor. Rights but those to wait, to query and
/// to terminate are recorded without effect.
#[unsafe(no_mangle)]
pub extern "C" fn OpenProcess(dwDesiredAccess: DWORD, bInheritHandle: BOOL, dwProcessId: DWORD) -> HANDLE {
    traced!(OpenProcess(dwDesiredAccess, bInheritHandle, dwProcessId));
    entry(ptr::null_mut(), || {
        let desired = Grant { access: dwDesiredAccess, flags: Flags::inherit(bInheritHandle != 0) };
        tasks::open_process(dwProcessId, desired).map(convert::to_handle)
    })
}

/// Tells how a process ended.
///
/// @param hProcess   a handle with PROCESS_QUERY_LIMITED_INFORMATION or
///                   PROCESS_QUERY_INFORMATION
/// @param lpExitCode receives STILL_ACTIVE; the exit status, 0 to 255; 128 and the
///                   number of the signal that killed it; or what this process gave
///                   to TerminateProcess
/// @return TRUE, or FALSE with GetLastError:
///         ERROR_INVALID_HANDLE: not an open handle of a process;
///         ERROR_ACCESS_DENIED: the handle lacks the right;
///         ERROR_NOACCESS: lpExitCode is NULL;
///         ERROR_NOT_SUPPORTED: it has ended, is no child of this process, and the
///         kernel does not tell: its parent has asked and Linux is older than 6.15,
///         or it has not and the process is another user's
///
/// On Linux: exit codes have 8 bits; of a killed process it is 128 and the number of
/// the signal, and what TerminateProcess gave is known to its caller only. Of others'
/// children the kernel may not tell it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn GetExitCodeProcess(hProcess: HANDLE, lpExitCode: LPDWORD) -> BOOL {
    traced!(GetExitCodeProcess(hProcess, lpExitCode));
    entry_bool(|| {
        let exit_code = convert::not_null(lpExitCode)?;
        let code = tasks::process_exit_code(convert::handle(hProcess))?;
        // SAFETY: not NULL, hence valid by the contract of all functions.
        unsafe { convert::store(exit_code, code) };
        Ok(())
    })
}

/// Ends a process at once.
///
/// @param hProcess  a handle with PROCESS_TERMINATE
/// @param uExitCode what GetExitCodeProcess tells in this process; of the calling
///                  process itself: its exit status, of which 8 bits remain
/// @return TRUE, or FALSE with GetLastError:
///         ERROR_INVALID_HANDLE: not an open handle of a process;
///         ERROR_ACCESS_DENIED: the handle lacks PROCESS_TERMINATE, or the process
///         has ended
///
/// On Linux: as SIGKILL does; the calling process itself, as _exit does. Other
/// processes do not learn uExitCode.
#[unsafe(no_mangle)]
pub extern "C" fn TerminateProcess(hProcess: HANDLE, uExitCode: UINT) -> BOOL {
    traced!(TerminateProcess(hProcess, uExitCode));
    entry_bool(|| tasks::terminate_process(convert::handle(hProcess), uExitCode))
}

/// The id of a process.
///
/// @param Process a handle with PROCESS_QUERY_LIMITED_INFORMATION or
///                PROCESS_QUERY_INFORMATION
/// @return the id, or 0 with GetLastError:
///         ERROR_INVALID_HANDLE: not an open handle of a process;
///         ERROR_ACCESS_DENIED: the handle lacks the right
#[unsafe(no_mangle)]
pub extern "C" fn GetProcessId(Process: HANDLE) -> DWORD {
    traced!(GetProcessId(Process));
    entry(0, || tasks::process_id(convert::handle(Process)))
}
