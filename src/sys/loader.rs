//! The dynamic linker: what it has loaded, and what is in there.

use std::ffi::{CStr, CString, c_int, c_void};
use std::ops::Range;
use std::ptr;

/// The program, or a shared object that is loaded.
#[derive(Clone, Debug)]
pub struct Object {
    /// Where it lies in memory.
    pub range: Range<usize>,
    /// The path it was loaded by; empty for the program.
    pub path: CString,
}

/// The program comes first.
pub fn objects() -> Vec<Object> {
    let mut objects: Vec<Object> = Vec::new();
    // SAFETY: the linker calls `add` with this vector before the call returns.
    unsafe { libc::dl_iterate_phdr(Some(add), (&raw mut objects).cast()) };
    objects
}

unsafe extern "C" fn add(info: *mut libc::dl_phdr_info, _size: usize, objects: *mut c_void) -> c_int {
    // SAFETY: the linker's, for the time of the call.
    let info = unsafe { &*info };
    // SAFETY: the vector of `objects`, which nobody else uses meanwhile.
    let objects = unsafe { &mut *objects.cast::<Vec<Object>>() };
    // SAFETY: an array of so many, while the object is loaded.
    let headers = unsafe { std::slice::from_raw_parts(info.dlpi_phdr, info.dlpi_phnum.into()) };
    let loaded = headers.iter().filter(|header| header.p_type == libc::PT_LOAD).map(|header| {
        let start = (info.dlpi_addr + header.p_vaddr) as usize;
        start..start + header.p_memsz as usize
    });
    let whole = loaded.reduce(|one, other| one.start.min(other.start)..one.end.max(other.end));
    if let Some(range) = whole {
        let range = range.start & !0xfff..range.end;
        let path = if info.dlpi_name.is_null() {
            c""
        } else {
            // SAFETY: a string while the object is loaded.
            unsafe { CStr::from_ptr(info.dlpi_name) }
        };
        objects.push(Object { range, path: path.to_owned() });
    }
    0
}

/// The address of a symbol that the object itself has, not one that it uses. None also if
/// the object is gone meanwhile.
pub fn symbol(object: &Object, name: &CStr) -> Option<*const c_void> {
    let path = if object.path.is_empty() { ptr::null() } else { object.path.as_ptr() };
    // SAFETY: NULL, which is the program, or a string; nothing new is loaded.
    let handle = unsafe { libc::dlopen(path, libc::RTLD_LAZY | libc::RTLD_NOLOAD) };
    if handle.is_null() {
        return None;
    }
    // SAFETY: a handle that is open.
    let address = unsafe { libc::dlsym(handle, name.as_ptr()) };
    // SAFETY: opened above, and not used again.
    unsafe { libc::dlclose(handle) };
    object.range.contains(&address.addr()).then_some(address.cast_const())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_program_is_first_and_the_c_library_is_loaded() {
        let objects = objects();
        assert!(objects[0].path.is_empty());
        assert!(
            objects[0]
                .range
                .contains(&(the_program_is_first_and_the_c_library_is_loaded as *const ()).addr())
        );
        let c_library = objects.iter().find(|object| object.path.to_bytes().ends_with(b"libc.so.6"));
        assert!(symbol(c_library.unwrap(), c"malloc").is_some());
        assert!(symbol(c_library.unwrap(), c"no_such_function").is_none());
        assert!(symbol(&objects[0], c"malloc").is_none(), "it is not the program's");
    }

    #[test]
    fn what_is_not_loaded_has_no_symbols() {
        let object = Object { range: 0..usize::MAX, path: c"/no/such/library.so".to_owned() };
        assert!(symbol(&object, c"malloc").is_none());
    }
}
