//! Files, pages and programs.

use super::{Answer, close, done, handle, text, wait};
use crate::abi::types::HANDLE;
use crate::abi::*;
use crate::consts::*;
use std::ptr::{null, null_mut};

/// Opens a file for all sharing, making it if need be.
pub fn open_file(path: &str, flags: u32) -> Answer<HANDLE> {
    let share = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;
    let (path, access) = (text(path), GENERIC_READ | GENERIC_WRITE | DELETE);
    // SAFETY: a string and NULL.
    handle(unsafe {
        file::CreateFileA(path.as_ptr(), access, share, null_mut(), OPEN_ALWAYS, flags, null_mut())
    })
}

/// Has a handle inherited, or not.
pub fn set_inherited(handle: HANDLE, inherited: bool) -> Answer<()> {
    done(handle::SetHandleInformation(handle, HANDLE_FLAG_INHERIT, u32::from(inherited)))
}

fn start_program(command: &str) -> Answer<types::PROCESS_INFORMATION> {
    let mut line = text(command).into_bytes_with_nul();
    // SAFETY: zero is a valid value of a plain C structure.
    let mut startup: types::STARTUPINFOA = unsafe { std::mem::zeroed() };
    startup.cb = size_of_val(&startup) as u32;
    // SAFETY: as above.
    let mut about: types::PROCESS_INFORMATION = unsafe { std::mem::zeroed() };
    let (none, line) = (null_mut(), line.as_mut_ptr().cast());
    // SAFETY: a writable string, NULLs, and structures that live across the call.
    done(unsafe {
        create_process::CreateProcessA(
            null(),
            line,
            none,
            none,
            1,
            0,
            null_mut(),
            null(),
            &mut startup,
            &mut about,
        )
    })?;
    Ok(about)
}

/// Runs a program that inherits, and waits for its end.
pub fn run_program(command: &str) -> Answer<()> {
    finish(start_program(command)?)
}

/// Starts a program, and has it end at once.
pub fn end_program(command: &str) -> Answer<()> {
    let about = start_program(command)?;
    // (It may have ended by itself.)
    process::TerminateProcess(about.hProcess, 3);
    finish(about)
}

fn finish(about: types::PROCESS_INFORMATION) -> Answer<()> {
    wait(about.hProcess, INFINITE)?;
    let mut code = 0;
    // SAFETY: a writable number.
    done(unsafe { process::GetExitCodeProcess(about.hProcess, &mut code) })?;
    close(about.hThread)?;
    close(about.hProcess)
}

/// Runs a thread that sleeps for a millisecond.
pub fn run_thread() -> Answer<()> {
    unsafe extern "C" fn sleep(_: *mut std::ffi::c_void) -> u32 {
        process::Sleep(1);
        0
    }
    // SAFETY: NULLs are allowed; the function needs nothing.
    let thread =
        handle(unsafe { thread::CreateThread(null_mut(), 0, Some(sleep), null_mut(), 0, null_mut()) })?;
    wait(thread, INFINITE)?;
    close(thread)
}

pub fn write_file(file: HANDLE, bytes: &[u8]) -> Answer<()> {
    let (mut count, length) = (0, bytes.len() as u32);
    // SAFETY: so many bytes can be read.
    done(unsafe { file_transfer::WriteFile(file, bytes.as_ptr().cast(), length, &mut count, null_mut()) })?;
    done(file_transfer::FlushFileBuffers(file))
}

pub fn read_file_from_start(file: HANDLE, bytes: &mut [u8]) -> Answer<()> {
    let (mut count, length) = (0, bytes.len() as u32);
    let start = types::LARGE_INTEGER { QuadPart: 0 };
    // SAFETY: NULL is allowed.
    done(unsafe { file_position::SetFilePointerEx(file, start, null_mut(), FILE_BEGIN) })?;
    // SAFETY: so many bytes can be written.
    done(unsafe { file_transfer::ReadFile(file, bytes.as_mut_ptr().cast(), length, &mut count, null_mut()) })
}

/// Locks the first bytes, and unlocks them.
pub fn lock_file(file: HANDLE, length: u32) -> Answer<()> {
    done(file_lock::LockFile(file, 0, 0, length, 0))?;
    done(file_lock::UnlockFile(file, 0, 0, length, 0))
}

pub fn duplicate(object: HANDLE) -> Answer<HANDLE> {
    let (me, mut second) = (process::GetCurrentProcess(), null_mut());
    // SAFETY: a writable handle.
    done(unsafe { handle::DuplicateHandle(me, object, me, &mut second, 0, 0, DUPLICATE_SAME_ACCESS) })?;
    Ok(second)
}

/// A section of two pages that has no name.
pub fn nameless_section() -> Answer<HANDLE> {
    let nothing = usize::MAX as HANDLE;
    // SAFETY: NULLs are allowed.
    handle(unsafe { section::CreateFileMappingA(nothing, null_mut(), PAGE_READWRITE, 0, 8192, null()) })
}

pub fn flush_view(address: *mut u8) -> Answer<()> {
    done(section::FlushViewOfFile(address.cast(), 0))
}

pub fn lock_pages(address: *mut u8, length: usize) -> Answer<()> {
    done(virtual_memory::VirtualLock(address.cast(), length))
}

pub fn unlock_pages(address: *mut u8, length: usize) -> Answer<()> {
    done(virtual_memory::VirtualUnlock(address.cast(), length))
}

/// Brings pages in.
pub fn prefetch_pages(address: *mut u8, length: usize) -> Answer<()> {
    let mut range = types::WIN32_MEMORY_RANGE_ENTRY { VirtualAddress: address.cast(), NumberOfBytes: length };
    // SAFETY: one range.
    done(unsafe { virtual_memory::PrefetchVirtualMemory(process::GetCurrentProcess(), 1, &mut range, 0) })
}

pub fn protect(address: *mut u8, length: usize, protection: u32) -> Answer<()> {
    let mut old = 0;
    // SAFETY: a writable number.
    done(unsafe { virtual_memory::VirtualProtect(address.cast(), length, protection, &mut old) })
}
