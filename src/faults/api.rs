//! The C functions, as the scenes call them.

use crate::abi::types::{BOOL, HANDLE, LARGE_INTEGER};
use crate::abi::*;
use crate::consts::*;
use std::ffi::CString;
use std::ptr::null_mut;

mod things;
pub use things::*;

/// What a call failed with.
pub type Answer<T> = Result<T, u32>;

fn handle(handle: HANDLE) -> Answer<HANDLE> {
    if handle.is_null() || handle.addr() == usize::MAX { Err(error::GetLastError()) } else { Ok(handle) }
}

fn done(result: BOOL) -> Answer<()> {
    if result != 0 { Ok(()) } else { Err(error::GetLastError()) }
}

fn text(text: &str) -> CString {
    CString::new(text).expect("no NUL")
}

/// The kinds of objects with names.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    AutoEvent,
    ManualEvent,
    Mutex,
    /// A mutex that its creator owns.
    OwnedMutex,
    Semaphore,
    Timer,
    Section,
    /// A section of the file `$WINSHM_DIR/NAME`.
    FileSection,
}

pub const KINDS: [Kind; 8] = [
    Kind::AutoEvent,
    Kind::ManualEvent,
    Kind::Mutex,
    Kind::OwnedMutex,
    Kind::Semaphore,
    Kind::Timer,
    Kind::Section,
    Kind::FileSection,
];

fn file_of(name: &str) -> String {
    let last = name.rsplit('\\').next().expect("a last part");
    super::base().join(last).to_string_lossy().into_owned()
}

/// Creates an object, or opens the one that is there.
pub fn create(kind: Kind, name: &str) -> Answer<HANDLE> {
    let (none, name_text) = (null_mut(), text(name));
    let name_text = name_text.as_ptr();
    match kind {
        // SAFETY: strings and NULL.
        Kind::AutoEvent => handle(unsafe { event::CreateEventA(none, 0, 0, name_text) }),
        // SAFETY: as above.
        Kind::ManualEvent => handle(unsafe { event::CreateEventA(none, 1, 0, name_text) }),
        // SAFETY: as above.
        Kind::Mutex => handle(unsafe { mutex::CreateMutexA(none, 0, name_text) }),
        // SAFETY: as above.
        Kind::OwnedMutex => handle(unsafe { mutex::CreateMutexA(none, 1, name_text) }),
        // SAFETY: as above.
        Kind::Semaphore => handle(unsafe { semaphore::CreateSemaphoreA(none, 0, 1000, name_text) }),
        // SAFETY: as above.
        Kind::Timer => handle(unsafe { timer::CreateWaitableTimerA(none, 0, name_text) }),
        Kind::Section => {
            let nothing = usize::MAX as HANDLE;
            // SAFETY: as above.
            handle(unsafe { section::CreateFileMappingA(nothing, none, PAGE_READWRITE, 0, 8192, name_text) })
        }
        Kind::FileSection => {
            let file = open_file(&file_of(name), 0)?;
            // SAFETY: as above.
            let made = handle(unsafe {
                section::CreateFileMappingA(file, none, PAGE_READWRITE, 0, 8192, name_text)
            });
            close(file)?;
            made
        }
    }
}

/// Opens an object that is there.
pub fn open(kind: Kind, name: &str) -> Answer<HANDLE> {
    const ALL: u32 = 0x1f_0003;
    let name = text(name);
    let name = name.as_ptr();
    handle(match kind {
        // SAFETY: a string.
        Kind::AutoEvent | Kind::ManualEvent => unsafe { event::OpenEventA(ALL, 0, name) },
        // SAFETY: as above.
        Kind::Mutex | Kind::OwnedMutex => unsafe { mutex::OpenMutexA(0x1f_0001, 0, name) },
        // SAFETY: as above.
        Kind::Semaphore => unsafe { semaphore::OpenSemaphoreA(ALL, 0, name) },
        // SAFETY: as above.
        Kind::Timer => unsafe { timer::OpenWaitableTimerA(ALL, 0, name) },
        // SAFETY: as above.
        Kind::Section | Kind::FileSection => unsafe { section::OpenFileMappingA(FILE_MAP_WRITE, 0, name) },
    })
}

pub fn close(handle: HANDLE) -> Answer<()> {
    done(handle::CloseHandle(handle))
}

pub fn set(event: HANDLE) -> Answer<()> {
    done(event::SetEvent(event))
}

pub fn reset(event: HANDLE) -> Answer<()> {
    done(event::ResetEvent(event))
}

pub fn pulse(event: HANDLE) -> Answer<()> {
    done(event::PulseEvent(event))
}

pub fn release_mutex(mutex: HANDLE) -> Answer<()> {
    done(mutex::ReleaseMutex(mutex))
}

pub fn release(semaphore: HANDLE, count: i32) -> Answer<()> {
    // SAFETY: NULL is allowed.
    done(unsafe { semaphore::ReleaseSemaphore(semaphore, count, null_mut()) })
}

/// Sets a timer, due in so many milliseconds.
pub fn set_timer(timer: HANDLE, in_ms: i64) -> Answer<()> {
    let due: LARGE_INTEGER = LARGE_INTEGER { QuadPart: -in_ms * 10_000 };
    // SAFETY: the time lives across the call.
    done(unsafe { timer::SetWaitableTimer(timer, &due, 0, None, null_mut(), 0) })
}

pub fn cancel_timer(timer: HANDLE) -> Answer<()> {
    done(timer::CancelWaitableTimer(timer))
}

/// WAIT_OBJECT_0 and its kind.
pub fn wait(object: HANDLE, ms: u32) -> Answer<u32> {
    waited(wait::WaitForSingleObject(object, ms))
}

pub fn wait_for_several(objects: &[HANDLE], all: bool, ms: u32) -> Answer<u32> {
    let count = objects.len() as u32;
    // SAFETY: an array of so many.
    waited(unsafe { wait::WaitForMultipleObjects(count, objects.as_ptr(), i32::from(all), ms) })
}

pub fn signal_and_wait(signal: HANDLE, object: HANDLE, ms: u32) -> Answer<u32> {
    waited(wait::SignalObjectAndWait(signal, object, ms, 0))
}

fn waited(code: u32) -> Answer<u32> {
    if code == WAIT_FAILED { Err(error::GetLastError()) } else { Ok(code) }
}

pub fn map(section: HANDLE) -> Answer<*mut u8> {
    let address = section::MapViewOfFile(section, FILE_MAP_WRITE, 0, 0, 0);
    if address.is_null() { Err(error::GetLastError()) } else { Ok(address.cast()) }
}

pub fn unmap(address: *mut u8) -> Answer<()> {
    done(section::UnmapViewOfFile(address.cast()))
}

/// A segment of the SharedMemory functions.
pub type Memory = *mut shared_memory::SharedMemory;

fn zero(result: i32) -> Answer<()> {
    if result == 0 { Ok(()) } else { Err(result as u32) }
}

pub fn create_memory(name: &str, size: usize) -> Answer<Memory> {
    let (name, mut memory) = (text(name), null_mut());
    // SAFETY: a string, and a writable pointer.
    zero(unsafe { shared_memory::SharedMemoryCreate(name.as_ptr(), size, &mut memory) })?;
    Ok(memory)
}

pub fn write(memory: Memory, bytes: &[u8]) -> Answer<()> {
    // SAFETY: so many bytes can be read.
    zero(unsafe { shared_memory::SharedMemoryWrite(memory, bytes.as_ptr().cast(), bytes.len()) })
}

pub fn read(memory: Memory, bytes: &mut [u8]) -> Answer<()> {
    // SAFETY: so many bytes can be written.
    zero(unsafe { shared_memory::SharedMemoryRead(memory, bytes.as_mut_ptr().cast(), bytes.len()) })
}

/// Sleeps for a moment, or until so many writes are completed and one more.
pub fn wait_for_write(memory: Memory, mut known: u64) -> Answer<()> {
    // SAFETY: the number lives across the call.
    zero(unsafe { shared_memory::SharedMemoryWait(memory, &mut known, 20) })
}

pub fn close_memory(memory: Memory) -> Answer<()> {
    // SAFETY: an open object.
    zero(unsafe { shared_memory::SharedMemoryClose(memory) })
}

pub fn free_memory(memory: Memory) -> Answer<()> {
    // SAFETY: as above.
    zero(unsafe { shared_memory::SharedMemoryFree(memory) })
}
