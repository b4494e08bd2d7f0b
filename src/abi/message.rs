//! Messages.

use super::types::*;
use super::{convert, entry, strings};
use crate::consts::*;
use crate::encoding::{self, Invalid, Unit};
use crate::error::Error;
use crate::message::format;
use crate::message::insert::Inserts;
use crate::message::{LONGEST, Width};
use crate::module;
use crate::sys::heap::{self, Contents};
use std::cell::RefCell;
use std::ffi::c_char;
use std::marker::PhantomData;
use std::ptr;

/// Makes a message from a template: the text of an error code, or a string of the
/// caller.
///
/// In a template %1 to %99 are inserts: strings, or what %1!spec! says with printf's
/// flags, width, precision and type (c C d i o u x X p s S, with the sizes h hh l ll w
/// I32 I64 I z t j). A * in the specification takes the argument of that number as
/// width or precision, and the next one follows it, which has a number of its own in an
/// array and none in a va_list: there the next insert is one less. %n is a line end, %r a carriage
/// return, %t a tab, %b and a blank after % a blank that no line is broken at, %0 the end
/// of the message; any other character after % stands for itself.
///
/// @param dwFlags      FORMAT_MESSAGE_FROM_SYSTEM, FORMAT_MESSAGE_FROM_HMODULE or
///                     FORMAT_MESSAGE_FROM_STRING: where the template comes from, with
///                     FORMAT_MESSAGE_ALLOCATE_BUFFER, FORMAT_MESSAGE_IGNORE_INSERTS and
///                     FORMAT_MESSAGE_ARGUMENT_ARRAY; in the low byte the width of lines:
///                     0 keeps the line ends of the template, FORMAT_MESSAGE_MAX_WIDTH_MASK
///                     makes blanks of them, else lines are broken that reach the width too
/// @param lpSource     the string, or the module: of those only this library
///                     (GetModuleHandle of "kernel32.dll") has texts, those of the system
/// @param dwMessageId  an error code, or an HRESULT that holds one
/// @param dwLanguageId the language
/// @param lpBuffer     receives the message; with FORMAT_MESSAGE_ALLOCATE_BUFFER the address
///                     of memory, for LocalFree, or NULL after an error
/// @param nSize        the size of the buffer in characters, or the least size to allocate
/// @param Arguments    the address of a va_list, or with FORMAT_MESSAGE_ARGUMENT_ARRAY an
///                     array of DWORD_PTR; NULL if nothing is inserted
/// @return the length of the message, without the zero at its end; or 0 with GetLastError:
///         ERROR_INVALID_PARAMETER: a pointer is NULL, no source or a string and another
///         source, an insert without Arguments, a specification that printf does not know,
///         or one that does not end;
///         ERROR_MR_MID_NOT_FOUND: no text for this code;
///         ERROR_RESOURCE_TYPE_NOT_FOUND: the module has no messages;
///         ERROR_INSUFFICIENT_BUFFER: the message with its zero is longer than nSize;
///         ERROR_MORE_DATA: it is longer than 65535 characters;
///         ERROR_NO_WORK_DONE: it is empty;
///         ERROR_NOT_ENOUGH_MEMORY
///
/// On Linux: the texts are English, whatever dwLanguageId says, and some have other words
/// than Windows'. Without FORMAT_MESSAGE_FROM_SYSTEM, a NULL module has no messages,
/// because programs have no resources. A va_list that is a parameter of the calling function
/// is an array that has become a pointer: its address is none of a va_list, and va_copy
/// makes one.
///
/// cbindgen:postfix=WINSHM_WIDE(FormatMessageA)
#[unsafe(no_mangle)]
pub unsafe extern "C" fn FormatMessageA(
    dwFlags: DWORD,
    lpSource: LPCVOID,
    dwMessageId: DWORD,
    dwLanguageId: DWORD,
    lpBuffer: LPSTR,
    nSize: DWORD,
    Arguments: *mut va_list,
) -> DWORD {
    traced!(FormatMessageA(dwFlags, lpSource, dwMessageId, dwLanguageId, lpBuffer, nSize, Arguments));
    let request = Request { dwFlags, lpSource, dwMessageId, dwLanguageId, nSize, Arguments };
    // SAFETY: passed on under the same contract; wide strings have 16-bit units.
    unsafe { format_narrow::<u16>(&request, lpBuffer) }
}

/// FormatMessageA in wide characters.
///
/// @param dwFlags      as in FormatMessageA
/// @param lpSource     as in FormatMessageA
/// @param dwMessageId  as in FormatMessageA
/// @param dwLanguageId as in FormatMessageA
/// @param lpBuffer     as in FormatMessageA; after ERROR_INSUFFICIENT_BUFFER it holds the
///                     beginning of the message
/// @param nSize        as in FormatMessageA
/// @param Arguments    as in FormatMessageA
/// @return as FormatMessageA
///
/// cbindgen:postfix=WINSHM_WIDE(FormatMessageW)
#[unsafe(no_mangle)]
pub unsafe extern "C" fn FormatMessageW(
    dwFlags: DWORD,
    lpSource: LPCVOID,
    dwMessageId: DWORD,
    dwLanguageId: DWORD,
    lpBuffer: LPWSTR,
    nSize: DWORD,
    Arguments: *mut va_list,
) -> DWORD {
    traced!(FormatMessageW(dwFlags, lpSource, dwMessageId, dwLanguageId, lpBuffer, nSize, Arguments));
    let request = Request { dwFlags, lpSource, dwMessageId, dwLanguageId, nSize, Arguments };
    // SAFETY: passed on under the same contract.
    unsafe { format::<u16, u16>(&request, lpBuffer) }
}

/// What the functions have in common.
pub(super) struct Request {
    pub dwFlags: DWORD,
    pub lpSource: LPCVOID,
    pub dwMessageId: DWORD,
    #[expect(dead_code, reason = "the texts have one language")]
    pub dwLanguageId: DWORD,
    pub nSize: DWORD,
    pub Arguments: *mut va_list,
}

/// FormatMessageA for callers whose wide strings have units `Wide`.
///
/// # Safety
/// That of `format`.
pub(super) unsafe fn format_narrow<Wide: Unit>(request: &Request, lpBuffer: *mut c_char) -> DWORD {
    // SAFETY: by this function's contract.
    unsafe { format::<u8, Wide>(request, lpBuffer.cast()) }
}

/// # Safety
/// The documentation of FormatMessageA holds, for strings of units `T` and wide inserts
/// of units `Wide`.
pub(super) unsafe fn format<T: Unit, Wide: Unit>(request: &Request, lpBuffer: *mut T) -> DWORD {
    entry(0, || {
        if lpBuffer.is_null() {
            return Err(Error::InvalidParameter);
        }
        let allocates = request.dwFlags & FORMAT_MESSAGE_ALLOCATE_BUFFER != 0;
        let allocated = lpBuffer.cast::<*mut T>();
        if allocates {
            // SAFETY: not NULL, hence the address of a pointer.
            unsafe { convert::store(allocated, ptr::null_mut()) };
        }
        // SAFETY: by this function's contract.
        let text = T::from_units(&unsafe { message::<T, Wide>(request)? });
        if !allocates {
            // Only wide buffers get the beginning of what is too long.
            if size_of::<T>() == 1 && text.len() >= request.nSize as usize {
                return Err(if text.is_empty() { Error::NothingDone } else { Error::BufferTooSmall });
            }
            // SAFETY: not NULL, hence a buffer of that size.
            unsafe { strings::deliver(&text, lpBuffer, request.nSize)? };
        } else if !text.is_empty() {
            let size = request.nSize.max(text.len() as DWORD + 1);
            let memory = heap::allocate(size as usize * size_of::<T>(), Contents::Undefined)?.cast::<T>();
            // SAFETY: memory of that size.
            unsafe { strings::deliver(&text, memory, size)? };
            // SAFETY: not NULL, hence the address of a pointer.
            unsafe { convert::store(allocated, memory) };
        }
        if text.is_empty() { Err(Error::NothingDone) } else { Ok(text.len() as DWORD) }
    })
}

/// # Safety
/// That of `format`.
unsafe fn message<T: Unit, Wide: Unit>(request: &Request) -> Result<Vec<u16>, Error> {
    // SAFETY: by this function's contract.
    let template = unsafe { template::<T>(request)? };
    let width = match request.dwFlags & FORMAT_MESSAGE_MAX_WIDTH_MASK {
        0 => Width::AsWritten,
        FORMAT_MESSAGE_MAX_WIDTH_MASK => Width::OneLine,
        columns => Width::Columns(columns as usize),
    };
    let arguments = Arguments::<T, Wide> {
        list: request.Arguments,
        are_array: request.dwFlags & FORMAT_MESSAGE_ARGUMENT_ARRAY != 0,
        read: RefCell::default(),
        units: PhantomData,
    };
    let inserts: Option<&dyn Inserts> =
        if request.dwFlags & FORMAT_MESSAGE_IGNORE_INSERTS != 0 { None } else { Some(&arguments) };
    format::format(&template, width, inserts)
}

/// # Safety
/// That of `format`.
unsafe fn template<T: Unit>(request: &Request) -> Result<Vec<u16>, Error> {
    let from = |flag| request.dwFlags & flag != 0;
    let (system, module) = (from(FORMAT_MESSAGE_FROM_SYSTEM), from(FORMAT_MESSAGE_FROM_HMODULE));
    match from(FORMAT_MESSAGE_FROM_STRING) {
        true if system || module || request.lpSource.is_null() => Err(Error::InvalidParameter),
        true => {
            // SAFETY: not NULL, hence a string. One unit more than a message may have.
            let text = unsafe { strings::up_to(request.lpSource.cast::<T>(), LONGEST + 1) };
            Ok(T::to_units(&text))
        }
        false if system || module && module::is_library(convert::module(request.lpSource.cast_mut())) => {
            format::system_template(request.dwMessageId)
        }
        false if module => Err(Error::NoMessages),
        false => Err(Error::InvalidParameter),
    }
}

/// The arguments of a call whose strings have units `T`, and wide ones units `Wide`.
struct Arguments<T, Wide> {
    list: *mut va_list,
    are_array: bool,
    read: RefCell<Read>,
    units: PhantomData<(T, Wide)>,
}

/// What was read of a va_list: which of its arguments have numbers, and how many they are.
#[derive(Default)]
struct Read {
    numbered: Vec<usize>,
    all: usize,
}

impl Read {
    /// Where the argument of a number, from 1 on, stands in the list.
    fn index_of(&mut self, number: usize) -> usize {
        while self.numbered.len() < number {
            let next = self.next();
            self.numbered.push(next);
        }
        self.numbered[number - 1]
    }

    fn next(&mut self) -> usize {
        self.all += 1;
        self.all - 1
    }
}

impl<T, Wide> Arguments<T, Wide> {
    /// The argument of a number in an array, or where `index` says in a va_list.
    fn argument(&self, index: impl FnOnce(&mut Read) -> usize, number: usize) -> Result<u64, Error> {
        if self.list.is_null() {
            return Err(Error::InvalidParameter);
        }
        let slot = if self.are_array {
            self.list.cast::<u64>().wrapping_add(number - 1)
        } else {
            // SAFETY: not NULL, hence a va_list; at any alignment.
            unsafe { self.list.read_unaligned() }.slot(index(&mut self.read.borrow_mut()))
        };
        // SAFETY: the caller gave an argument for each insert of its template.
        Ok(unsafe { slot.read_unaligned() })
    }
}

impl<T: Unit, Wide: Unit> Inserts for Arguments<T, Wide> {
    fn value(&self, number: usize) -> Result<u64, Error> {
        self.argument(|read| read.index_of(number), number)
    }

    fn value_behind(&self, number: usize) -> Result<u64, Error> {
        self.argument(Read::next, number)
    }

    fn character(&self, value: u64, wide: bool) -> Vec<u16> {
        if wide { Wide::to_units(&[Wide::of(value as u32)]) } else { u8::to_units(&[value as u8]) }
    }

    fn text(&self, value: u64, wide: bool, limit: usize) -> Vec<u16> {
        if wide {
            // SAFETY: the insert says that its argument is a wide string.
            let text = unsafe { strings::up_to(value as *const Wide, limit) };
            if self.are_wide() { Wide::to_units(&text) } else { characters(&text) }
        } else {
            // SAFETY: the insert says that its argument is a string.
            let text = unsafe { strings::up_to(value as *const u8, limit) };
            if self.are_wide() { characters(&text) } else { u8::to_units(&text) }
        }
    }

    fn are_wide(&self) -> bool {
        size_of::<T>() > 1
    }
}

/// A string of another width than the template, where nothing can stand for what is no
/// character.
fn characters<T: Unit>(text: &[T]) -> Vec<u16> {
    let converted = encoding::convert(text, Invalid::Replaced(char::REPLACEMENT_CHARACTER));
    converted.map(|converted| converted.text).unwrap_or_default()
}
