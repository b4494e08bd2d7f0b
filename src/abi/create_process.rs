//! Starting programs.

use super::path_argument;
use super::types::*;
use super::{convert, entry_bool};
use crate::consts::*;
use crate::error::Error;
use crate::object::tasks;
use crate::process::Program;
use crate::sys::heap;
use crate::text;
use std::ffi::CString;

/// Starts a program. It gets this process's inheritable handles under their values (see
/// SetHandleInformation), and its arguments as the C library of a Windows program takes
/// the command line apart.
///
/// Without lpApplicationName the program is what lpCommandLine begins with. Without a
/// slash or backslash in that, it is looked for beside this program, in the working
/// directory and along PATH. A name that ends in ".exe" also means the file without
/// that, and one without an extension the file with it.
///
/// @param lpApplicationName    the path of the program, or NULL
/// @param lpCommandLine        the command line, program's name first; NULL:
///                             lpApplicationName alone. It is not written to
/// @param lpProcessAttributes  NULL, or whether the handle of the process is inheritable
/// @param lpThreadAttributes   as lpProcessAttributes, for the handle of its first thread
/// @param bInheritHandles      0: it inherits no handles
/// @param dwCreationFlags      CREATE_NEW_PROCESS_GROUP: it leads a process group;
///                             DETACHED_PROCESS: it leads a session without a terminal;
///                             CREATE_UNICODE_ENVIRONMENT: lpEnvironment is wide (not
///                             here). CREATE_NO_WINDOW, CREATE_NEW_CONSOLE,
///                             CREATE_DEFAULT_ERROR_MODE, CREATE_BREAKAWAY_FROM_JOB
///                             and priority classes have no effect
/// @param lpEnvironment        strings "name=value" and then an empty one; NULL: the
///                             environment of this process
/// @param lpCurrentDirectory   its working directory; NULL: that of this process
/// @param lpStartupInfo        with STARTF_USESTDHANDLES its standard streams: handles of
///                             files; NULL or INVALID_HANDLE_VALUE for nothing. Without,
///                             they are those of this process; with bInheritHandles, what
///                             SetStdHandle has set, if that is an inheritable handle of a
///                             file. The rest has no effect
/// @param lpProcessInformation receives handles with every right, both to be closed, and
///                             ids
/// @return TRUE, or FALSE with GetLastError:
///         ERROR_FILE_NOT_FOUND, ERROR_PATH_NOT_FOUND: no such program;
///         ERROR_ACCESS_DENIED: it is no program for this user, or a directory;
///         ERROR_BAD_EXE_FORMAT: the system cannot run it;
///         ERROR_DIRECTORY: lpCurrentDirectory is no directory;
///         ERROR_FILENAME_EXCED_RANGE: the command line is too long;
///         ERROR_INVALID_PARAMETER: no program is named, unknown flags, or
///         CREATE_NEW_CONSOLE with DETACHED_PROCESS;
///         ERROR_INVALID_HANDLE: a standard stream is no handle of a file;
///         ERROR_NOACCESS: lpStartupInfo or lpProcessInformation is NULL;
///         ERROR_NOT_SUPPORTED: CREATE_SUSPENDED, flags for debuggers and jobs,
///         EXTENDED_STARTUPINFO_PRESENT, or CREATE_UNICODE_ENVIRONMENT with this function;
///         ERROR_TOO_MANY_OPEN_FILES: a process takes a file descriptor
///
/// On Linux: the exit code has 8 bits. The library asks for it as soon as the program has
/// ended, so that it does not stay a zombie: the caller's wait and waitpid do not find it
/// (and if they do, because they are faster, GetExitCodeProcess needs Linux 6.15). With
/// SIGCHLD ignored there is no exit code before Linux 6.15 either, and never one of a
/// program that has ended before CreateProcess returns. The handle of the thread is
/// signalled when the process has ended. Descriptors of the caller's own that are not
/// close-on-exec are inherited, whatever bInheritHandles says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn CreateProcessA(
    lpApplicationName: LPCSTR,
    lpCommandLine: LPSTR,
    lpProcessAttributes: LPSECURITY_ATTRIBUTES,
    lpThreadAttributes: LPSECURITY_ATTRIBUTES,
    bInheritHandles: BOOL,
    dwCreationFlags: DWORD,
    lpEnvironment: LPVOID,
    lpCurrentDirectory: LPCSTR,
    lpStartupInfo: LPSTARTUPINFOA,
    lpProcessInformation: LPPROCESS_INFORMATION,
) -> BOOL {
    traced!(CreateProcessA(
        lpApplicationName,
        lpCommandLine,
        lpProcessAttributes,
        lpThreadAttributes,
        bInheritHandles,
        dwCreationFlags,
        lpEnvironment,
        lpCurrentDirectory,
        lpStartupInfo,
        lpProcessInformation
    ));
    let texts = || {
        if dwCreationFlags & CREATE_UNICODE_ENVIRONMENT != 0 && !lpEnvironment.is_null() {
            return Err(Error::NotSupported);
        }
        Ok(Texts {
            // SAFETY: a string or NULL, by the contract of all functions.
            application: unsafe { path_argument::ansi(lpApplicationName) }?,
            // SAFETY: as above.
            command_line: unsafe { path_argument::ansi(lpCommandLine) }?,
            // SAFETY: as above.
            directory: unsafe { path_argument::ansi(lpCurrentDirectory) }?,
            // SAFETY: strings up to an empty one, or NULL.
            environment: unsafe { block(lpEnvironment.cast::<u8>(), |string| Ok(string.to_vec())) }?,
        })
    };
    let how = How {
        attributes: [lpProcessAttributes, lpThreadAttributes],
        bInheritHandles,
        dwCreationFlags,
        startup: lpStartupInfo.cast(),
        information: lpProcessInformation,
    };
    // SAFETY: passed on under the same contract.
    unsafe { create(texts, &how) }
}

/// CreateProcessA with wide texts.
///
/// @param lpEnvironment as in CreateProcessA, with CREATE_UNICODE_ENVIRONMENT of wide
///                      strings
/// @return as CreateProcessA; ERROR_INVALID_NAME: a unit above 0x10FFFF, or half a
///         surrogate pair
///
/// cbindgen:postfix=WINSHM_WIDE(CreateProcessW)
#[unsafe(no_mangle)]
pub unsafe extern "C" fn CreateProcessW(
    lpApplicationName: LPCWSTR,
    lpCommandLine: LPWSTR,
    lpProcessAttributes: LPSECURITY_ATTRIBUTES,
    lpThreadAttributes: LPSECURITY_ATTRIBUTES,
    bInheritHandles: BOOL,
    dwCreationFlags: DWORD,
    lpEnvironment: LPVOID,
    lpCurrentDirectory: LPCWSTR,
    lpStartupInfo: LPSTARTUPINFOW,
    lpProcessInformation: LPPROCESS_INFORMATION,
) -> BOOL {
    traced!(CreateProcessW(
        lpApplicationName,
        lpCommandLine,
        lpProcessAttributes,
        lpThreadAttributes,
        bInheritHandles,
        dwCreationFlags,
        lpEnvironment,
        lpCurrentDirectory,
        lpStartupInfo,
        lpProcessInformation
    ));
    let is_wide = dwCreationFlags & CREATE_UNICODE_ENVIRONMENT != 0;
    let texts = || {
        Ok(Texts {
            // SAFETY: a string or NULL, by the contract of all functions.
            application: unsafe { path_argument::wide16(lpApplicationName) }?,
            // SAFETY: as above.
            command_line: unsafe { path_argument::wide16(lpCommandLine) }?,
            // SAFETY: as above.
            directory: unsafe { path_argument::wide16(lpCurrentDirectory) }?,
            environment: match is_wide {
                // SAFETY: strings up to an empty one, or NULL.
                true => unsafe { block(lpEnvironment.cast::<u16>(), |string| of_units(string.to_vec())) }?,
                // SAFETY: as above.
                false => unsafe { block(lpEnvironment.cast::<u8>(), |string| Ok(string.to_vec())) }?,
            },
        })
    };
    let how = How {
        attributes: [lpProcessAttributes, lpThreadAttributes],
        bInheritHandles,
        dwCreationFlags,
        startup: lpStartupInfo.cast(),
        information: lpProcessInformation,
    };
    // SAFETY: passed on under the same contract.
    unsafe { create(texts, &how) }
}

/// What CreateProcess is told in words, as UTF-8.
pub struct Texts {
    pub application: Option<Vec<u8>>,
    pub command_line: Option<Vec<u8>>,
    pub directory: Option<Vec<u8>>,
    pub environment: Option<Vec<Vec<u8>>>,
}

/// The arguments of CreateProcess that are no texts. (The texts of a STARTUPINFO have no
/// effect; without them there is one structure for all widths.)
pub struct How {
    pub attributes: [LPSECURITY_ATTRIBUTES; 2],
    pub bInheritHandles: BOOL,
    pub dwCreationFlags: DWORD,
    pub startup: *const _STARTUPINFOA,
    pub information: LPPROCESS_INFORMATION,
}

pub fn of_units(units: Vec<u16>) -> Result<Vec<u8>, Error> {
    text::to_bytes(&units).ok_or(Error::InvalidName)
}

/// The strings of an environment block; None for NULL.
///
/// # Safety
/// `block` is NULL or points to NUL-terminated strings, the last of which is empty.
pub unsafe fn block<T: Copy + PartialEq + Default>(
    block: *const T,
    convert: impl Fn(&[T]) -> Result<Vec<u8>, Error>,
) -> Result<Option<Vec<Vec<u8>>>, Error> {
    if block.is_null() {
        return Ok(None);
    }
    let (mut strings, mut string, mut index) = (Vec::new(), Vec::new(), 0);
    loop {
        // SAFETY: not beyond the empty string; at any alignment.
        let unit = unsafe { block.wrapping_add(index).read_unaligned() };
        index += 1;
        if unit != T::default() {
            string.try_reserve(1).map_err(|_| Error::Os(libc::ENOMEM))?;
            string.push(unit);
        } else if string.is_empty() {
            return Ok(Some(strings));
        } else {
            heap::suffices()?;
            strings.push(convert(&string)?);
            string.clear();
        }
    }
}

/// # Safety
/// The pointers are NULL or valid.
pub unsafe fn create(texts: impl FnOnce() -> Result<Texts, Error>, how: &How) -> BOOL {
    entry_bool(|| {
        let information = convert::not_null(how.information)?;
        let startup = convert::not_null(how.startup.cast_mut())?;
        // SAFETY: not NULL, hence valid by this function's contract; any alignment.
        let startup = unsafe { startup.read_unaligned() };
        let streams = [startup.hStdInput, startup.hStdOutput, startup.hStdError].map(convert::handle);
        let uses_streams = startup.dwFlags & STARTF_USESTDHANDLES != 0;
        check_flags(how.dwCreationFlags)?;
        let program = program(texts()?, how.dwCreationFlags)?;
        // SAFETY: by this function's contract.
        let process_flags = unsafe { convert::security(how.attributes[0])? }.flags;
        // SAFETY: as above.
        let thread_flags = unsafe { convert::security(how.attributes[1])? }.flags;
        let (process, thread, id) = tasks::create_process(
            &program,
            uses_streams.then_some(streams),
            how.bInheritHandles != 0,
            [process_flags, thread_flags],
        )?;
        let made = _PROCESS_INFORMATION {
            hProcess: convert::to_handle(process),
            hThread: convert::to_handle(thread),
            dwProcessId: id,
            dwThreadId: id,
        };
        // SAFETY: not NULL, hence valid by this function's contract.
        unsafe { convert::store(information, made) };
        Ok(())
    })
}

fn check_flags(flags: DWORD) -> Result<(), Error> {
    const WITH_EFFECT: DWORD = DETACHED_PROCESS | CREATE_NEW_PROCESS_GROUP | CREATE_UNICODE_ENVIRONMENT;
    const WITHOUT: DWORD = CREATE_NEW_CONSOLE
        | CREATE_NO_WINDOW
        | CREATE_DEFAULT_ERROR_MODE
        | CREATE_BREAKAWAY_FROM_JOB
        | NORMAL_PRIORITY_CLASS
        | IDLE_PRIORITY_CLASS
        | HIGH_PRIORITY_CLASS
        | REALTIME_PRIORITY_CLASS
        | BELOW_NORMAL_PRIORITY_CLASS
        | ABOVE_NORMAL_PRIORITY_CLASS;
    const IMPOSSIBLE: DWORD = DEBUG_PROCESS
        | DEBUG_ONLY_THIS_PROCESS
        | CREATE_SUSPENDED
        | EXTENDED_STARTUPINFO_PRESENT
        | CREATE_PROTECTED_PROCESS
        | CREATE_PRESERVE_CODE_AUTHZ_LEVEL;
    const TWO_CONSOLES: DWORD = CREATE_NEW_CONSOLE | DETACHED_PROCESS;
    if flags & !(WITH_EFFECT | WITHOUT | IMPOSSIBLE) != 0 || flags & TWO_CONSOLES == TWO_CONSOLES {
        return Err(Error::InvalidParameter);
    }
    if flags & IMPOSSIBLE != 0 { Err(Error::NotSupported) } else { Ok(()) }
}

fn program(texts: Texts, flags: DWORD) -> Result<Program, Error> {
    /// Units, with the NUL.
    const LONGEST: usize = 32767;
    let line = texts.command_line.as_deref().unwrap_or_default();
    if text::from_utf8(line).len() >= LONGEST {
        return Err(Error::NameTooLong);
    }
    let c_string = |string: Vec<u8>| CString::new(string).map_err(|_| Error::InvalidParameter);
    let environment = texts.environment.map(|block| block.into_iter().map(c_string).collect());
    Ok(Program {
        application: texts.application,
        command_line: texts.command_line,
        environment: environment.transpose()?,
        directory: texts.directory,
        group: flags & CREATE_NEW_PROCESS_GROUP != 0,
        session: flags & DETACHED_PROCESS != 0,
    })
}
