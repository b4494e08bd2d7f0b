//! The SharedMemory functions. They become a header of their own, without Windows'
//! types.

use super::convert;
use super::types::*;
use crate::consts::*;
use crate::error::{self, Error};
use crate::handle::Handle;
use crate::machine;
use crate::name::SectionName;
use crate::namespace::Created;
use crate::object::shared_memory as object;
use crate::section::Kind;
use crate::shared_memory::Span;
use crate::sys::errno::ErrnoKept;
use crate::trace::{self, Bits, Call, calls};
use std::ffi::{c_char, c_int, c_uint, c_void};
use std::mem::offset_of;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;
use std::time::Duration;

/// An open segment. Not an address: a closed or invented one is an error.
pub struct SharedMemory {
    _private: [u8; 0],
}

/// What SharedMemoryStat tells.
#[repr(C)]
#[derive(Default)]
pub struct SharedMemoryInfo {
    /// Before the call: sizeof(SharedMemoryInfo). After it: how much was filled.
    pub struct_size: u32,
    /// SHARED_MEMORY_WINSHM, SHARED_MEMORY_POSIX or SHARED_MEMORY_SYSTEM_V.
    pub kind: i32,
    /// Bytes of the segment.
    pub size: u64,
    /// Writes that were completed by the functions of this header.
    pub sequence: u64,
    /// Processes that have it mapped, of those that the caller may look at; System V:
    /// attachments (shm_nattch).
    pub attached: u64,
    /// 1: this object created the segment.
    pub created: i32,
    /// 1: opened by SharedMemoryOpenReadOnly.
    pub read_only: i32,
    /// The process that made the segment, 0 if not known.
    pub creator_pid: u32,
    /// The process that wrote last; System V: attached or detached last. 0 if not known.
    pub last_pid: u32,
    pub owner_uid: u32,
    pub owner_gid: u32,
    /// The nine permission bits.
    pub mode: u32,
    /// 0.
    pub reserved: u32,
    /// Seconds since 1970, 0 if not known.
    pub create_time: i64,
    /// System V: when it was attached last, else 0.
    pub attach_time: i64,
    /// System V: when it was detached last, else 0.
    pub detach_time: i64,
    /// When size, owner or mode changed last.
    pub change_time: i64,
}

/// What SharedMemoryLimits tells.
#[repr(C)]
#[derive(Default)]
pub struct SharedMemorySystem {
    /// Before the call: sizeof(SharedMemorySystem). After it: how much was filled.
    pub struct_size: u32,
    /// Bytes of a page.
    pub page_size: u32,
    /// Bytes that one System V segment may have (SHMMAX).
    pub largest_segment: u64,
    /// System V segments that may exist (SHMMNI).
    pub most_segments: u64,
    /// Pages that all of them may have (SHMALL).
    pub most_pages: u64,
    /// System V segments that exist.
    pub segments: u64,
    /// Pages that they have.
    pub pages: u64,
    /// Pages of these in memory.
    pub resident_pages: u64,
    /// Pages of these in swap.
    pub swapped_pages: u64,
    /// Bytes of /dev/shm, where POSIX and winshm segments are; 0: no limit of its own.
    pub posix_size: u64,
    /// Bytes of these that are free.
    pub posix_free: u64,
}

/// Runs the body of a function that returns 0 or a code.
#[inline]
fn result(body: impl FnOnce() -> Result<(), Error>) -> c_int {
    let _errno = ErrnoKept::new();
    match catch_unwind(AssertUnwindSafe(body)).unwrap_or(Err(Error::Internal)) {
        Ok(()) => 0,
        Err(error) => fail(error),
    }
}

#[cold]
fn fail(error: Error) -> c_int {
    error::set_last(error.win32());
    error.win32() as c_int
}

#[inline]
fn handle(memory: *mut SharedMemory) -> Handle {
    memory as Handle
}

fn required<T>(pointer: *mut T) -> Result<*mut T, Error> {
    if pointer.is_null() { Err(Error::InvalidParameter) } else { Ok(pointer) }
}

/// # Safety
/// `name` is NULL or points to a string.
unsafe fn segment_name(name: *const c_char) -> Result<SectionName, Error> {
    // SAFETY: by this function's contract.
    SectionName::of_segment(unsafe { convert::ansi(name) }?.ok_or(Error::InvalidParameter)?)
}

/// Creates a segment, or opens the one of that name.
///
/// The segment belongs to its user (mode 0600). A new one is zero. Which kind of
/// segment it is, and so how long it lives, the name tells:
///
/// - telemetry, Local\telemetry, Global\telemetry: a winshm object. It vanishes with
///   the last process that has it open, also when that one was killed. The same
///   object as CreateFileMapping's of that name.
/// - /telemetry, Posix\telemetry: exactly the object of shm_open("/telemetry").
/// - SysV\1234, SysV\0x4d2: exactly the System V segment of that key.
///
/// POSIX and System V segments stay until SharedMemoryFree, shm_unlink or ipcrm.
///
/// @param name   in UTF-8
/// @param size   bytes; an existing segment must have at least so many
/// @param memory receives the object
/// @return 0, with GetLastError 0, or 183 if the segment existed; or
///         87 name or memory is NULL, size is 0 or impossible;
///         24 the existing segment is smaller; 5 no permission;
///         3, 123, 161, 206 no possible name; 6 the name belongs to an event;
///         4 out of descriptors; 8, 1455 out of memory;
///         170 a stopped process keeps the name locked
#[unsafe(no_mangle)]
pub unsafe extern "C" fn SharedMemoryCreate(
    name: *const c_char,
    size: usize,
    memory: *mut *mut SharedMemory,
) -> c_int {
    traced!(SharedMemoryCreate(name, size, memory));
    // SAFETY: passed on under the same contract.
    unsafe { part!(SharedMemoryCreateMode(name, size, 0o600, memory)) }
}

/// SharedMemoryCreate with other permissions for a new segment, as shm_open and
/// shmget take them.
///
/// @param mode permission bits, for example 0666. They are taken as they are: the
///             umask does not count. They may forbid the caller himself to open it; what
///             he gets here works
/// @return as SharedMemoryCreate; 87: mode has other bits
#[unsafe(no_mangle)]
pub unsafe extern "C" fn SharedMemoryCreateMode(
    name: *const c_char,
    size: usize,
    mode: c_uint,
    memory: *mut *mut SharedMemory,
) -> c_int {
    traced!(SharedMemoryCreateMode(name, size, mode, memory));
    result(|| {
        let memory = required(memory)?;
        if size == 0 || mode & !0o777 != 0 {
            return Err(Error::InvalidParameter);
        }
        // SAFETY: NULL or a string, by the contract of all functions.
        let name = unsafe { segment_name(name)? };
        let (handle, created) = object::create(&name, size as u64, mode)?;
        error::set_last(if created == Created::Yes { ERROR_SUCCESS } else { ERROR_ALREADY_EXISTS });
        // SAFETY: not NULL, hence valid by the contract of all functions.
        unsafe { convert::store(memory, handle as *mut SharedMemory) };
        Ok(())
    })
}

/// Opens an existing segment for reading and writing.
///
/// @param name   as in SharedMemoryCreate
/// @param memory receives the object
/// @return 0, or 2 there is none; 5 no permission; 1006 it is empty; and as
///         SharedMemoryCreate
#[unsafe(no_mangle)]
pub unsafe extern "C" fn SharedMemoryOpen(name: *const c_char, memory: *mut *mut SharedMemory) -> c_int {
    traced!(SharedMemoryOpen(name, memory));
    // SAFETY: passed on under the same contract.
    unsafe { open(name, true, memory) }
}

/// Opens an existing segment for reading. No permission to write is needed.
///
/// @param name   as in SharedMemoryCreate
/// @param memory receives the object
/// @return as SharedMemoryOpen
#[unsafe(no_mangle)]
pub unsafe extern "C" fn SharedMemoryOpenReadOnly(
    name: *const c_char,
    memory: *mut *mut SharedMemory,
) -> c_int {
    traced!(SharedMemoryOpenReadOnly(name, memory));
    // SAFETY: passed on under the same contract.
    unsafe { open(name, false, memory) }
}

/// # Safety
/// The pointers are NULL or valid.
unsafe fn open(name: *const c_char, write: bool, memory: *mut *mut SharedMemory) -> c_int {
    result(|| {
        let memory = required(memory)?;
        // SAFETY: by this function's contract.
        let name = unsafe { segment_name(name)? };
        let handle = object::open(&name, write)?;
        // SAFETY: not NULL, hence valid by this function's contract.
        unsafe { convert::store(memory, handle as *mut SharedMemory) };
        Ok(())
    })
}

/// Writes to the beginning of a segment.
///
/// Readers who use SharedMemoryRead get all of one write or none of it, also when
/// the writer is killed in the middle: then reads that touch what he was writing
/// return 13 until it is written again.
///
/// @param memory the segment
/// @param data   what to write
/// @param size   bytes
/// @return 0, or 6 memory is not open; 87 data is NULL or size is 0; 24 the segment
///         is smaller; 5 it was opened for reading; 38 another program cut it off (what
///         was reached is torn); 170 a process was stopped in the middle of a write, two
///         seconds ago; 1455 no memory is left (what was reached is torn); in a process
///         that was forked since it opened memory: 4 out of descriptors, 5 the mode
///         forbids it by now
#[unsafe(no_mangle)]
pub unsafe extern "C" fn SharedMemoryWrite(
    memory: *mut SharedMemory,
    data: *const c_void,
    size: usize,
) -> c_int {
    let span = Span { bytes: data.cast::<u8>(), length: size, offset: 0 };
    // SAFETY: passed on under the same contract.
    unsafe { write(memory, span, &calls::SharedMemoryWrite) }
}

/// Reads from the beginning of a segment. On an error the buffer is unchanged, but for
/// two cases in a read of more than 4096 bytes: the segment was cut off in the middle of
/// the copy (38); or the reader was stopped there for more than five milliseconds and
/// overtaken by a writer, and the second attempt failed (13, 38, 170, 1455). What is in
/// the buffer then means nothing.
///
/// @param memory the segment
/// @param buffer receives the bytes
/// @param size   how many
/// @return 0, or 6 memory is not open; 87 buffer is NULL or size is 0; 24 the segment
///         is smaller; 13 a writer died in the middle of these bytes; 38 another
///         program cut the segment off; 170 a process was stopped in the middle of a
///         write, two seconds ago; 1455 no memory is left for a part that was never
///         written; 8 no memory is left for a copy, which is made where the process may
///         not write the library's own file
#[unsafe(no_mangle)]
pub unsafe extern "C" fn SharedMemoryRead(
    memory: *mut SharedMemory,
    buffer: *mut c_void,
    size: usize,
) -> c_int {
    let span = Span { bytes: buffer.cast::<u8>(), length: size, offset: 0 };
    // SAFETY: passed on under the same contract.
    unsafe { read(memory, span, &calls::SharedMemoryRead) }
}

/// SharedMemoryWrite at an offset.
///
/// @param memory the segment
/// @param offset bytes from its beginning
/// @param data   what to write
/// @param size   bytes
/// @return as SharedMemoryWrite; 24: offset + size is beyond the segment
#[unsafe(no_mangle)]
pub unsafe extern "C" fn SharedMemoryWriteAt(
    memory: *mut SharedMemory,
    offset: usize,
    data: *const c_void,
    size: usize,
) -> c_int {
    let span = Span { bytes: data.cast::<u8>(), length: size, offset };
    // SAFETY: passed on under the same contract.
    unsafe { write(memory, span, &calls::SharedMemoryWriteAt) }
}

/// SharedMemoryRead at an offset.
///
/// @param memory the segment
/// @param offset bytes from its beginning
/// @param buffer receives the bytes
/// @param size   how many
/// @return as SharedMemoryRead; 24: offset + size is beyond the segment
#[unsafe(no_mangle)]
pub unsafe extern "C" fn SharedMemoryReadAt(
    memory: *mut SharedMemory,
    offset: usize,
    buffer: *mut c_void,
    size: usize,
) -> c_int {
    let span = Span { bytes: buffer.cast::<u8>(), length: size, offset };
    // SAFETY: passed on under the same contract.
    unsafe { read(memory, span, &calls::SharedMemoryReadAt) }
}

#[inline]
fn is_given(bytes: *const u8, size: usize) -> bool {
    !bytes.is_null() && size != 0
}

/// # Safety
/// The bytes are NULL or can be read.
#[inline(never)]
unsafe fn write(memory: *mut SharedMemory, from: Span<*const u8>, call: &'static Call) -> c_int {
    let is_given = is_given(from.bytes, from.length);
    // SAFETY: not NULL, hence as this function's contract says.
    if is_given && unsafe { object::write_at_once(handle(memory), &from) } {
        return 0;
    }
    // SAFETY: by this function's contract.
    unsafe { write_with_care(memory, from, call) }
}

/// # Safety
/// The bytes are NULL or can be written.
#[inline(never)]
unsafe fn read(memory: *mut SharedMemory, to: Span<*mut u8>, call: &'static Call) -> c_int {
    let is_given = is_given(to.bytes, to.length);
    // SAFETY: not NULL, hence as this function's contract says.
    if is_given && unsafe { object::read_at_once(handle(memory), &to) } {
        return 0;
    }
    // SAFETY: by this function's contract.
    unsafe { read_with_care(memory, to, call) }
}

/// The arguments of one of the four functions as the program gave them: two of them have
/// no offset.
fn traced_transfer(
    call: &'static Call,
    [memory, offset, bytes, length]: [u64; 4],
    again: impl FnOnce() -> c_int,
) -> Option<c_int> {
    let begun = match call.position("offset") {
        Some(_) => trace::begin(call, &[memory, offset, bytes, length]),
        None => trace::begin(call, &[memory, bytes, length]),
    }?;
    let result = again();
    begun.end(result.bits());
    Some(result)
}

/// # Safety
/// The bytes are NULL or can be read.
#[cold]
#[inline(never)]
unsafe fn write_with_care(memory: *mut SharedMemory, from: Span<*const u8>, call: &'static Call) -> c_int {
    if trace::is_on() {
        let Span { bytes, length, offset } = from;
        let arguments = [memory.bits(), offset.bits(), bytes.bits(), length.bits()];
        // SAFETY: passed on under the same contract.
        let again = || unsafe { write_with_care(memory, Span { bytes, length, offset }, call) };
        if let Some(result) = traced_transfer(call, arguments, again) {
            return result;
        }
    }
    result(|| {
        if !is_given(from.bytes, from.length) {
            return Err(Error::InvalidParameter);
        }
        // SAFETY: by this function's contract.
        unsafe { object::write(handle(memory), from) }
    })
}

/// # Safety
/// The bytes are NULL or can be written.
#[cold]
#[inline(never)]
unsafe fn read_with_care(memory: *mut SharedMemory, to: Span<*mut u8>, call: &'static Call) -> c_int {
    if trace::is_on() {
        let Span { bytes, length, offset } = to;
        let arguments = [memory.bits(), offset.bits(), bytes.bits(), length.bits()];
        // SAFETY: passed on under the same contract.
        let again = || unsafe { read_with_care(memory, Span { bytes, length, offset }, call) };
        if let Some(result) = traced_transfer(call, arguments, again) {
            return result;
        }
    }
    result(|| {
        if !is_given(to.bytes, to.length) {
            return Err(Error::InvalidParameter);
        }
        // SAFETY: by this function's contract.
        unsafe { object::read(handle(memory), to) }
    })
}

/// Sleeps until somebody has written by the functions of this header. What raw
/// programs write wakes nobody.
///
/// @param memory     the segment
/// @param sequence   before: how many completed writes are known, 0 at first; after:
///                   how many there are. A read after the call gets at least these
/// @param timeout_ms milliseconds; SHARED_MEMORY_FOREVER: no end
/// @return 0 there are more; 258 the time is over, and *sequence as it was; 6 memory
///         is not open, or was closed meanwhile; 87 sequence is NULL; 38 another program
///         cut off the library's own file
#[unsafe(no_mangle)]
pub unsafe extern "C" fn SharedMemoryWait(
    memory: *mut SharedMemory,
    sequence: *mut u64,
    timeout_ms: u32,
) -> c_int {
    traced!(SharedMemoryWait(memory, sequence, timeout_ms));
    result(|| {
        let sequence = required(sequence)?;
        // SAFETY: not NULL, hence valid by the contract of all functions.
        let known = unsafe { sequence.read_unaligned() };
        let timeout = (timeout_ms != u32::MAX).then(|| Duration::from_millis(timeout_ms.into()));
        let found = object::wait(handle(memory), known, timeout)?;
        // SAFETY: as above.
        unsafe { convert::store(sequence, found) };
        Ok(())
    })
}

/// Tells about a segment what shmctl(IPC_STAT) and fstat tell, and more.
///
/// @param memory the segment
/// @param info   its struct_size says how much of it the caller knows
/// @return 0, or 6 memory is not open; 87 info is NULL or its struct_size is below 8;
///         4 out of descriptors; 5 the mode forbids to look at it (System V); 38 another
///         program cut off the library's own file
#[unsafe(no_mangle)]
pub unsafe extern "C" fn SharedMemoryStat(memory: *mut SharedMemory, info: *mut SharedMemoryInfo) -> c_int {
    traced!(SharedMemoryStat(memory, info));
    result(|| {
        let info = required(info)?;
        let object::Report { status, activity, attached, kind } = object::status(handle(memory))?;
        let found = SharedMemoryInfo {
            struct_size: size_of::<SharedMemoryInfo>() as u32,
            kind: match kind {
                Kind::Object => SHARED_MEMORY_WINSHM,
                Kind::Posix => SHARED_MEMORY_POSIX,
                Kind::SystemV => SHARED_MEMORY_SYSTEM_V,
            },
            size: activity.size,
            sequence: activity.sequence,
            attached: status.attached.or(attached).unwrap_or(0),
            created: activity.is_creator.into(),
            read_only: (!activity.is_writable).into(),
            creator_pid: status.creator_process.unwrap_or(activity.creator),
            last_pid: status.last_process.unwrap_or(activity.last_writer),
            owner_uid: status.owner,
            owner_gid: status.group,
            mode: status.mode,
            reserved: 0,
            create_time: status.create_time.unwrap_or(0),
            attach_time: status.attach_time.unwrap_or(0),
            detach_time: status.detach_time.unwrap_or(0),
            change_time: status.change_time,
        };
        // SAFETY: not NULL, hence valid by the contract of all functions, up to its size.
        unsafe { store_known(info, found) }
    })
}

/// Changes the permissions of a segment, as shmctl(IPC_SET) and fchmod do. For its
/// owner and root.
///
/// @param memory the segment
/// @param mode   permission bits
/// @return 0, or 6 memory is not open; 87 mode has other bits; 5 not the owner; 2 it was
///         destroyed meanwhile (System V). What is open stays usable, whatever the mode
#[unsafe(no_mangle)]
pub unsafe extern "C" fn SharedMemorySetMode(memory: *mut SharedMemory, mode: c_uint) -> c_int {
    traced!(SharedMemorySetMode(memory, mode));
    result(|| object::set_mode(handle(memory), mode))
}

/// Tells what the system allows and uses: IPC_INFO, SHM_INFO and the state of /dev/shm.
///
/// @param limits its struct_size says how much of it the caller knows
/// @return 0, or 87 limits is NULL or its struct_size is below 8
#[unsafe(no_mangle)]
pub unsafe extern "C" fn SharedMemoryLimits(limits: *mut SharedMemorySystem) -> c_int {
    traced!(SharedMemoryLimits(limits));
    result(|| {
        let limits = required(limits)?;
        let memory = machine::shared_memory()?;
        let found = SharedMemorySystem {
            struct_size: size_of::<SharedMemorySystem>() as u32,
            page_size: crate::memory::PAGE_SIZE as u32,
            largest_segment: memory.limits.largest,
            most_segments: memory.limits.segments,
            most_pages: memory.limits.pages,
            segments: memory.usage.segments,
            pages: memory.usage.pages,
            resident_pages: memory.usage.resident,
            swapped_pages: memory.usage.swapped,
            posix_size: memory.posix_size,
            posix_free: memory.posix_free,
        };
        // SAFETY: not NULL, hence valid by the contract of all functions, up to its size.
        unsafe { store_known(limits, found) }
    })
}

/// Stores as much of a structure as the caller knows, by the number that it begins
/// with, and how much that is.
///
/// # Safety
/// `to` points to a structure of at least that number of bytes.
unsafe fn store_known<T>(to: *mut T, mut value: T) -> Result<(), Error> {
    const { assert!(offset_of!(SharedMemoryInfo, struct_size) == 0) };
    const { assert!(offset_of!(SharedMemorySystem, struct_size) == 0) };
    const LEAST: usize = 8;
    let size_field = to.cast::<u32>();
    // SAFETY: by this function's contract.
    let known = unsafe { size_field.read_unaligned() } as usize;
    if known < LEAST {
        return Err(Error::InvalidParameter);
    }
    let size = known.min(size_of::<T>());
    // SAFETY: the structure begins with a u32.
    unsafe { (&raw mut value).cast::<u32>().write(size as u32) };
    // SAFETY: so many bytes of both, by this function's contract.
    unsafe { ptr::copy_nonoverlapping((&raw const value).cast::<u8>(), to.cast::<u8>(), size) };
    Ok(())
}

/// Where the segment is mapped, for programs that work in it directly. What is
/// written there is not protected from being read half, and wakes nobody.
///
/// @param memory the segment
/// @param size   receives its bytes; may be NULL
/// @return the address, valid until the object is closed, for reading only if it was
///         opened so; NULL with GetLastError 6: memory is not open
#[unsafe(no_mangle)]
pub unsafe extern "C" fn SharedMemoryData(memory: *mut SharedMemory, size: *mut usize) -> *mut c_void {
    traced!(SharedMemoryData(memory, size));
    super::entry(ptr::null_mut(), || {
        let (address, length) = object::data(handle(memory))?;
        if !size.is_null() {
            // SAFETY: not NULL, hence valid by the contract of all functions.
            unsafe { convert::store(size, length) };
        }
        Ok(address.cast())
    })
}

/// Lets go of a segment. A winshm segment vanishes if nobody else has it; POSIX and
/// System V segments stay.
///
/// @param memory the segment
/// @return 0, or 6 memory is not open
#[unsafe(no_mangle)]
pub unsafe extern "C" fn SharedMemoryClose(memory: *mut SharedMemory) -> c_int {
    traced!(SharedMemoryClose(memory));
    result(|| object::close(handle(memory)))
}

/// Lets go of a segment and destroys it, as shm_unlink and shmctl(IPC_RMID) do: its
/// name is free at once, and who has it open keeps the memory.
///
/// @param memory the segment
/// @return 0, or 6 memory is not open; 5 the segment is another user's, and memory is
///         still open
#[unsafe(no_mangle)]
pub unsafe extern "C" fn SharedMemoryFree(memory: *mut SharedMemory) -> c_int {
    traced!(SharedMemoryFree(memory));
    result(|| object::free(handle(memory)))
}

/// Says in English what a result of these functions means.
///
/// @param error what a function returned
/// @return a sentence without a full stop, never NULL, valid for ever
#[unsafe(no_mangle)]
pub extern "C" fn SharedMemoryErrorText(error: c_int) -> *const c_char {
    traced!(SharedMemoryErrorText(error));
    let text = match error as u32 {
        ERROR_SUCCESS => c"success",
        ERROR_FILE_NOT_FOUND => c"there is no segment of that name",
        ERROR_PATH_NOT_FOUND => c"the name has an unknown prefix, or there is no directory for names",
        ERROR_TOO_MANY_OPEN_FILES => c"the process has no free file descriptor",
        ERROR_ACCESS_DENIED => c"no permission, or the segment was opened for reading only",
        ERROR_INVALID_HANDLE => c"not an open SharedMemory, or the name belongs to another kind of object",
        ERROR_NOT_ENOUGH_MEMORY => c"no memory or no address space is left",
        ERROR_INVALID_DATA => c"a writer died half way in the bytes asked for",
        ERROR_BAD_LENGTH => c"beyond the end of the segment, or the existing segment is smaller",
        ERROR_HANDLE_EOF => c"another program cut the segment off",
        ERROR_NOT_SUPPORTED => c"not possible with this kind of segment",
        ERROR_INVALID_PARAMETER => c"an argument is NULL, zero or impossible",
        ERROR_INVALID_NAME => c"the name is empty or malformed",
        ERROR_BAD_PATHNAME => c"the name begins with a backslash",
        ERROR_BUSY => c"another process was stopped in the middle of a write",
        ERROR_ALREADY_EXISTS => c"the segment existed and was opened",
        ERROR_FILENAME_EXCED_RANGE => c"the name is too long",
        WAIT_TIMEOUT => c"the time is over",
        ERROR_NOACCESS => c"the buffer cannot be written",
        ERROR_FILE_INVALID => c"the segment is empty",
        ERROR_REVISION_MISMATCH => c"the segment is in use by a version of the library that does not fit",
        ERROR_INTERNAL_ERROR => c"a defect of the library",
        ERROR_FILE_CORRUPT => c"the bookkeeping of the segment is damaged",
        ERROR_NO_SYSTEM_RESOURCES => c"the system has no resources left",
        ERROR_COMMITMENT_LIMIT => c"not enough memory for the segment",
        _ => c"unknown error",
    };
    text.as_ptr()
}

const _: () = assert!(size_of::<SharedMemoryInfo>() == 96);
const _: () = assert!(size_of::<SharedMemorySystem>() == 80);
const _: () = assert!(size_of::<HANDLE>() == size_of::<*mut SharedMemory>());
