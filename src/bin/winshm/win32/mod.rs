//! The library's C functions, for safe code: names as text, errors as numbers, handles that
//! close themselves.

mod memory;
mod security;

pub use memory::{SharedSegment, View};
pub use security::Security;

use std::ffi::{CString, OsStr, c_void};
use std::os::unix::ffi::OsStrExt;
use std::ptr;
use std::time::Duration;
use winshm::abi::types::{BOOL, DWORD, HANDLE, LARGE_INTEGER, LPCWSTR};
use winshm::abi::{error, event, file, handle, mutex, section, semaphore, timer, wait};
use winshm::catalog::name_of_argument;
use winshm::consts::*;

/// What GetLastError told.
pub type Code = u32;

pub fn last_error() -> Code {
    error::GetLastError()
}

const INVALID_HANDLE_VALUE: HANDLE = usize::MAX as HANDLE;

/// For BOOL results.
fn done(result: BOOL) -> Result<(), Code> {
    if result != 0 { Ok(()) } else { Err(last_error()) }
}

/// An open handle.
pub struct Handle(HANDLE);

// SAFETY: a number that every thread may use.
unsafe impl Send for Handle {}
// SAFETY: as above.
unsafe impl Sync for Handle {}

impl Handle {
    fn new(handle: HANDLE) -> Result<Handle, Code> {
        if handle.is_null() { Err(last_error()) } else { Ok(Handle(handle)) }
    }

    pub fn raw(&self) -> HANDLE {
        self.0
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        handle::CloseHandle(self.0);
    }
}

/// A new handle, and whether the object is new too.
pub struct Made {
    pub handle: Handle,
    pub is_new: bool,
}

fn made(handle: HANDLE) -> Result<Made, Code> {
    let code = last_error();
    Ok(Made { handle: Handle::new(handle)?, is_new: code != ERROR_ALREADY_EXISTS })
}

/// A text as the wide functions take it.
fn wide(text: &str) -> Vec<u16> {
    text.encode_utf16().chain([0]).collect()
}

/// A name as `winshm ls` shows it, and people type it, for the wide functions.
fn wide_name(name: &str) -> Result<Vec<u16>, Code> {
    let mut units = name_of_argument(OsStr::new(name));
    // It would end there; and without a name an object is another one each time.
    if units.contains(&0) || units.is_empty() {
        return Err(ERROR_INVALID_NAME);
    }
    units.push(0);
    Ok(units)
}

pub fn create_event(name: &str, security: &Security, manual: bool, set: bool) -> Result<Made, Code> {
    let name = wide_name(name)?;
    let (attributes, manual, set) = (security.attributes(), manual.into(), set.into());
    // SAFETY: attributes and a string that outlive the call.
    made(unsafe { event::CreateEventW(attributes, manual, set, name.as_ptr()) })
}

/// An event without a name; the first wait resets it.
pub fn own_event() -> Result<Handle, Code> {
    // SAFETY: NULL is allowed.
    Handle::new(unsafe { event::CreateEventW(ptr::null_mut(), 0, 0, ptr::null()) })
}

pub fn create_mutex(name: &str, security: &Security) -> Result<Made, Code> {
    let name = wide_name(name)?;
    // SAFETY: attributes and a string that outlive the call.
    made(unsafe { mutex::CreateMutexW(security.attributes(), 0, name.as_ptr()) })
}

pub fn create_semaphore(name: &str, security: &Security, count: i32, max: i32) -> Result<Made, Code> {
    let name = wide_name(name)?;
    // SAFETY: attributes and a string that outlive the call.
    made(unsafe { semaphore::CreateSemaphoreW(security.attributes(), count, max, name.as_ptr()) })
}

pub fn create_timer(name: &str, security: &Security, manual: bool) -> Result<Made, Code> {
    let name = wide_name(name)?;
    // SAFETY: attributes and a string that outlive the call.
    made(unsafe { timer::CreateWaitableTimerW(security.attributes(), manual.into(), name.as_ptr()) })
}

/// Of memory, or of a file; then size 0 means all of it. `protection`: PAGE_ and SEC_ constants.
pub fn create_section(
    name: &str,
    security: &Security,
    file: Option<&Handle>,
    protection: DWORD,
    size: u64,
) -> Result<Made, Code> {
    let name = wide_name(name)?;
    let file = file.map_or(INVALID_HANDLE_VALUE, Handle::raw);
    let (high, low) = ((size >> 32) as DWORD, size as DWORD);
    let attributes = security.attributes();
    // SAFETY: attributes and a string that outlive the call.
    made(unsafe { section::CreateFileMappingW(file, attributes, protection, high, low, name.as_ptr()) })
}

/// A file, to make a section of. `make`: if there is none.
pub fn open_file(path: &OsStr, security: &Security, write: bool, make: bool) -> Result<Handle, Code> {
    let path = CString::new(path.as_bytes()).map_err(|_| ERROR_INVALID_NAME)?;
    let access = GENERIC_READ | if write { GENERIC_WRITE } else { 0 };
    let share = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;
    let disposition = if make { OPEN_ALWAYS } else { OPEN_EXISTING };
    let (security, template) = (security.attributes(), ptr::null_mut());
    // SAFETY: a string, and attributes that outlive the call; NULL is allowed for the rest.
    let file = unsafe { file::CreateFileA(path.as_ptr(), access, share, security, disposition, 0, template) };
    if file == INVALID_HANDLE_VALUE { Err(last_error()) } else { Handle::new(file) }
}

/// The kinds that can be waited for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    Event,
    Mutex,
    Semaphore,
    Timer,
}

/// Opens the object of a name with these rights, if it is of this kind: else ERROR_INVALID_HANDLE.
pub fn open(kind: Kind, name: &str, access: DWORD) -> Result<Handle, Code> {
    let name = wide_name(name)?;
    let open: unsafe extern "C" fn(DWORD, BOOL, LPCWSTR) -> HANDLE = match kind {
        Kind::Event => event::OpenEventW,
        Kind::Mutex => mutex::OpenMutexW,
        Kind::Semaphore => semaphore::OpenSemaphoreW,
        Kind::Timer => timer::OpenWaitableTimerW,
    };
    // SAFETY: a string that outlives the call.
    Handle::new(unsafe { open(access, 0, name.as_ptr()) })
}

pub fn set_event(event: &Handle) -> Result<(), Code> {
    done(event::SetEvent(event.0))
}

/// For signal handlers, of an event that stays open.
pub fn set_event_in_handler(event: *mut c_void) {
    event::SetEvent(event);
}

pub fn reset_event(event: &Handle) -> Result<(), Code> {
    done(event::ResetEvent(event.0))
}

pub fn pulse_event(event: &Handle) -> Result<(), Code> {
    done(event::PulseEvent(event.0))
}

pub fn release_mutex(mutex: &Handle) -> Result<(), Code> {
    done(mutex::ReleaseMutex(mutex.0))
}

/// Returns the count before.
pub fn release_semaphore(semaphore: &Handle, count: i32) -> Result<i32, Code> {
    let mut before = 0;
    // SAFETY: a place for the count.
    done(unsafe { semaphore::ReleaseSemaphore(semaphore.0, count, &raw mut before) })?;
    Ok(before)
}

pub fn set_timer(timer: &Handle, due: Duration, period: Duration) -> Result<(), Code> {
    // Negative: from now on. 0 would be long ago, which comes to the same.
    let due = LARGE_INTEGER { QuadPart: -((due.as_nanos() / 100) as i64) };
    let period = i32::try_from(milliseconds(period)).map_err(|_| ERROR_INVALID_PARAMETER)?;
    // SAFETY: a time; there is no routine.
    done(unsafe { timer::SetWaitableTimer(timer.0, &raw const due, period, None, ptr::null_mut(), 0) })
}

pub fn cancel_timer(timer: &Handle) -> Result<(), Code> {
    done(timer::CancelWaitableTimer(timer.0))
}

/// Rounded up: nothing is no time at all.
fn milliseconds(time: Duration) -> DWORD {
    time.as_nanos().div_ceil(1_000_000).try_into().unwrap_or(INFINITE - 1)
}

/// How a wait ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Waited {
    For(usize),
    /// A mutex, which the caller has now, of an owner who died.
    Abandoned(usize),
    TimedOut,
}

/// Waits for one of the objects, or for all of them; None: without an end.
pub fn wait(handles: &[&Handle], all: bool, timeout: Option<Duration>) -> Result<Waited, Code> {
    let handles: Vec<HANDLE> = handles.iter().map(|handle| handle.0).collect();
    let count = DWORD::try_from(handles.len()).map_err(|_| ERROR_INVALID_PARAMETER)?;
    let time = timeout.map_or(INFINITE, milliseconds);
    // SAFETY: an array of so many.
    let result = unsafe { wait::WaitForMultipleObjects(count, handles.as_ptr(), all.into(), time) };
    match result {
        WAIT_TIMEOUT => Ok(Waited::TimedOut),
        WAIT_FAILED => Err(last_error()),
        index if index < WAIT_ABANDONED_0 => Ok(Waited::For(index as usize)),
        index => Ok(Waited::Abandoned((index - WAIT_ABANDONED_0) as usize)),
    }
}
