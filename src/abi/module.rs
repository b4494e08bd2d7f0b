//! Modules.

use super::types::*;
use super::{convert, entry, exports, strings};
use crate::consts::ERROR_SUCCESS;
use crate::encoding::Unit;
use crate::error::{self, Error};
use crate::module::{self, Module};
use crate::trace::Bits;
use std::ffi::{CStr, c_void};
use std::ptr;

/// A function of any kind: a pointer that is cast to the type that it has.
pub type FARPROC = Option<unsafe extern "C" fn() -> isize>;

impl Bits for FARPROC {
    fn bits(&self) -> u64 {
        self.map_or(0, |function| function as usize as u64)
    }
}

/// Finds a module that is loaded: a library, or the program.
///
/// @param lpModuleName its name, in any case; ".dll" may be left out. NULL: the program
/// @return the module, which need not be closed; or NULL with GetLastError
///         ERROR_MOD_NOT_FOUND: there is none of that name
///
/// On Linux: "kernel32.dll", "kernelbase.dll", "ntdll.dll" and "advapi32.dll" are this
/// library, all the same module. Others are shared objects: "foo.dll" is foo.so or
/// libfoo.so, whatever its version; a name with a slash is the path that it was loaded by.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn GetModuleHandleA(lpModuleName: LPCSTR) -> HMODULE {
    traced!(GetModuleHandleA(lpModuleName));
    // SAFETY: passed on under the same contract.
    unsafe { handle(lpModuleName.cast::<u8>()) }
}

/// GetModuleHandleA with a wide name.
///
/// @param lpModuleName as in GetModuleHandleA
/// @return as GetModuleHandleA
///
/// cbindgen:postfix=WINSHM_WIDE(GetModuleHandleW)
#[unsafe(no_mangle)]
pub unsafe extern "C" fn GetModuleHandleW(lpModuleName: LPCWSTR) -> HMODULE {
    traced!(GetModuleHandleW(lpModuleName));
    // SAFETY: passed on under the same contract.
    unsafe { handle(lpModuleName) }
}

/// Finds a function of a module.
///
/// @param hModule    a module; NULL: the program
/// @param lpProcName the name of the function, in its case
/// @return the function, or NULL with GetLastError:
///         ERROR_PROC_NOT_FOUND: the module has none of that name, or it is NULL;
///         ERROR_INVALID_ORDINAL: a number instead of a name;
///         ERROR_MOD_NOT_FOUND: hModule is no module
///
/// On Linux: a ...W function of this library takes wide characters of the width that the
/// caller's wchar_t has. What is a macro or an inline function of a header, such as
/// HeapAlloc, is not found. A program's own functions are found if it is linked with
/// -rdynamic. Functions have no numbers.
///
/// cbindgen:postfix=WINSHM_WIDE(GetProcAddress)
#[unsafe(no_mangle)]
pub unsafe extern "C" fn GetProcAddress(hModule: HMODULE, lpProcName: LPCSTR) -> FARPROC {
    traced!(GetProcAddress(hModule, lpProcName));
    // SAFETY: passed on under the same contract.
    unsafe { function(hModule, lpProcName, exports::for_16_bits) }
}

/// Tells which file a module was loaded from.
///
/// @param hModule    a module; NULL: the program
/// @param lpFilename receives the path and a zero; of a path that is too long the beginning
/// @param nSize      the size of the buffer in characters
/// @return the length of the path without its zero, with GetLastError 0; or nSize, with
///         GetLastError ERROR_INSUFFICIENT_BUFFER; or 0 with GetLastError:
///         ERROR_MOD_NOT_FOUND: hModule is no module;
///         ERROR_INVALID_PARAMETER: lpFilename is NULL, and nSize is not 0
///
/// On Linux: the file of "kernel32.dll" is libwinshm.so, or the program that the library
/// is linked into.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn GetModuleFileNameA(hModule: HMODULE, lpFilename: LPSTR, nSize: DWORD) -> DWORD {
    traced!(GetModuleFileNameA(hModule, lpFilename, nSize));
    // SAFETY: passed on under the same contract.
    unsafe { file_name(hModule, lpFilename.cast::<u8>(), nSize) }
}

/// GetModuleFileNameA in wide characters.
///
/// @param hModule    as in GetModuleFileNameA
/// @param lpFilename as in GetModuleFileNameA
/// @param nSize      as in GetModuleFileNameA
/// @return as GetModuleFileNameA
///
/// cbindgen:postfix=WINSHM_WIDE(GetModuleFileNameW)
#[unsafe(no_mangle)]
pub unsafe extern "C" fn GetModuleFileNameW(hModule: HMODULE, lpFilename: LPWSTR, nSize: DWORD) -> DWORD {
    traced!(GetModuleFileNameW(hModule, lpFilename, nSize));
    // SAFETY: passed on under the same contract.
    unsafe { file_name(hModule, lpFilename, nSize) }
}

/// More than any name or path has.
const LONGEST_NAME: usize = 0x8000;

/// # Safety
/// `name` is NULL or a string.
pub(super) unsafe fn handle<T: Unit>(name: *const T) -> HMODULE {
    entry(ptr::null_mut(), || {
        let module = if name.is_null() {
            module::program()?
        } else {
            // SAFETY: not NULL, hence a string.
            let name = unsafe { strings::up_to(name, LONGEST_NAME) };
            module::find(&u8::from_units(&T::to_units(&name)))?
        };
        Ok(to_handle(module))
    })
}

/// # Safety
/// `name` is a number below 0x10000 or a string.
pub(super) unsafe fn function(
    module: HMODULE,
    name: LPCSTR,
    own: fn(&str) -> Option<*const c_void>,
) -> FARPROC {
    entry(None, || {
        let module = convert::module(module);
        let function = match name.addr() {
            0 => return Err(Error::NoSuchFunction),
            1..0x1_0000 => module::function_of_number(module)?,
            _ => {
                // SAFETY: not a number, hence a string.
                let name = unsafe { CStr::from_ptr(name) };
                module::function(module, name, own)?
            }
        };
        // SAFETY: a function, or data; the caller knows its type.
        Ok(unsafe { std::mem::transmute::<*const c_void, FARPROC>(function) })
    })
}

/// # Safety
/// `buffer` is NULL or has room for so many units.
pub(super) unsafe fn file_name<T: Unit>(module: HMODULE, buffer: *mut T, size: DWORD) -> DWORD {
    entry(0, || {
        let path = T::from_units(&u8::to_units(&module::path(convert::module(module))?));
        if buffer.is_null() && size != 0 {
            return Err(Error::InvalidParameter);
        }
        Ok(entry(size, || {
            // SAFETY: not NULL, hence so large.
            unsafe { strings::deliver(&path, buffer, size)? };
            // Programs ask for ERROR_INSUFFICIENT_BUFFER without having cleared it.
            error::set_last(ERROR_SUCCESS);
            Ok(path.len() as DWORD)
        }))
    })
}

fn to_handle(module: Module) -> HMODULE {
    module as HMODULE
}
