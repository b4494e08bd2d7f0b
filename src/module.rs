//! Modules: what Windows calls libraries and programs.
//!
//! A module is known by the address where it begins, as on Windows; so a number that is no
//! module is noticed. This library has many names: those of the system libraries of Windows
//! whose functions it has.

#![forbid(unsafe_code)]

use crate::error::Error;
use crate::sys::loader::{self, Object};
use std::ffi::{CStr, c_void};
use std::os::unix::ffi::OsStringExt;

pub type Module = usize;

/// Without `.dll`.
const OWN_NAMES: [&str; 4] = ["kernel32", "kernelbase", "ntdll", "advapi32"];

/// This library. The address is one of its own data, so that it differs from the
/// program's also where it is linked into that.
pub fn library() -> Module {
    static LIBRARY: u64 = 0;
    (&raw const LIBRARY).addr()
}

pub fn is_library(module: Module) -> bool {
    module == library()
}

/// The program.
pub fn program() -> Result<Module, Error> {
    let program = loader::objects().into_iter().next();
    program.map(|program| program.range.start).ok_or(Error::NoSuchModule)
}

/// The module of a name that is loaded.
pub fn find(name: &[u8]) -> Result<Module, Error> {
    if is_own_name(name) {
        return Ok(library());
    }
    let found = loader::objects().into_iter().find(|object| is_name_of(name, object));
    found.map(|object| object.range.start).ok_or(Error::NoSuchModule)
}

/// A function of a module. `own` finds those of this library.
pub fn function(
    module: Module,
    name: &CStr,
    own: impl FnOnce(&str) -> Option<*const c_void>,
) -> Result<*const c_void, Error> {
    let found = if is_library(module) {
        name.to_str().ok().and_then(own)
    } else {
        loader::symbol(&object(module)?, name)
    };
    found.ok_or(Error::NoSuchFunction)
}

/// Functions have no numbers here.
pub fn function_of_number(module: Module) -> Result<*const c_void, Error> {
    if !is_library(module) {
        object(module)?;
    }
    Err(Error::NoSuchOrdinal)
}

/// The path of the file that a module was loaded from.
pub fn path(module: Module) -> Result<Vec<u8>, Error> {
    let object = if is_library(module) {
        let holds_library = |object: &Object| object.range.contains(&module);
        loader::objects().into_iter().find(holds_library).ok_or(Error::NoSuchModule)?
    } else {
        object(module)?
    };
    if object.path.is_empty() {
        return program_path();
    }
    let path = std::path::PathBuf::from(std::ffi::OsString::from_vec(object.path.into_bytes()));
    // As the linker was told it, if it is gone.
    let absolute = std::path::absolute(&path).unwrap_or(path);
    Ok(absolute.into_os_string().into_vec())
}

/// Of 0, the program.
fn object(module: Module) -> Result<Object, Error> {
    let mut objects = loader::objects().into_iter();
    let object = if module == 0 { objects.next() } else { objects.find(|one| one.range.start == module) };
    object.ok_or(Error::NoSuchModule)
}

fn program_path() -> Result<Vec<u8>, Error> {
    let path = std::env::current_exe().map_err(|_| Error::NoSuchModule)?;
    let is_there = path.exists();
    let path = path.into_os_string().into_vec();
    // The kernel's word about a file that is gone is no part of its path.
    let added = path.strip_suffix(b" (deleted)").filter(|_| !is_there);
    Ok(added.map_or_else(|| path.clone(), <[u8]>::to_vec))
}

fn is_own_name(name: &[u8]) -> bool {
    let file = file_name(name, |byte| matches!(byte, b'/' | b'\\'));
    let stem = without_end(file, b".dll");
    OWN_NAMES.iter().any(|own| stem.eq_ignore_ascii_case(own.as_bytes()))
}

/// With a slash, the path that it was loaded by. Else its file name, of which Windows'
/// name may lack `lib` and what comes after it, and have `.dll` or `.exe`.
fn is_name_of(name: &[u8], object: &Object) -> bool {
    if object.path.is_empty() {
        let path = program_path().unwrap_or_default();
        let file = file_name(&path, |byte| byte == b'/');
        return name == path
            || [name, without_end(name, b".exe")].iter().any(|name| name.eq_ignore_ascii_case(file));
    }
    let path = object.path.to_bytes();
    if name.contains(&b'/') {
        return name == path;
    }
    let file = file_name(path, |byte| byte == b'/');
    let stem = before_so(file);
    let wanted = without_end(name, b".dll");
    let is_stem = |wanted: &[u8]| {
        wanted.eq_ignore_ascii_case(stem)
            || stem.strip_prefix(b"lib").is_some_and(|stem| wanted.eq_ignore_ascii_case(stem))
    };
    name == file || !wanted.is_empty() && is_stem(before_so(wanted))
}

fn file_name(path: &[u8], is_separator: impl Fn(u8) -> bool) -> &[u8] {
    path.rsplit(|&byte| is_separator(byte)).next().unwrap_or(path)
}

fn without_end<'a>(name: &'a [u8], end: &[u8]) -> &'a [u8] {
    match name.len().checked_sub(end.len()) {
        Some(at) if name[at..].eq_ignore_ascii_case(end) => &name[..at],
        _ => name,
    }
}

/// `libfoo` of `libfoo.so` and `libfoo.so.1.2`.
fn before_so(file: &[u8]) -> &[u8] {
    let is_so = |at: &usize| file[*at..].starts_with(b".so") && matches!(file.get(at + 3), None | Some(b'.'));
    let end = (1..file.len()).find(is_so).unwrap_or(file.len());
    &file[..end]
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::ffi::CString;

    #[test]
    fn the_system_libraries_of_windows_are_this_library() {
        for name in
            ["kernel32.dll", "KERNEL32", "KernelBase.DLL", "ntdll", "advapi32.dll", "C:\\Windows\\ntdll.dll"]
        {
            assert_eq!(find(name.as_bytes()), Ok(library()), "{name}");
        }
        for name in ["kernel32.", "kernel32.so", "kernel", "kernel32.dll ", "user32.dll", ".dll", ""] {
            assert_eq!(find(name.as_bytes()), Err(Error::NoSuchModule), "{name}");
        }
    }

    #[test]
    fn shared_objects_have_their_names_and_windows() {
        let object = |path: &str| Object { range: 0..1, path: CString::new(path).unwrap() };
        let plugin = object("/opt/libPlug.so.1.2");
        for name in ["libPlug.so.1.2", "libplug.so", "libplug", "plug", "PLUG.DLL", "libplug.dll", "plug.so"]
        {
            assert!(is_name_of(name.as_bytes(), &plugin), "{name}");
        }
        for name in ["", "lib", ".dll", "lug", "plug.", "/opt/libPlug.so", "plug.so.2x", "libplug.so.1.3.dl"]
        {
            let is_other_version = name.starts_with("libplug.so.") || name.starts_with("plug.so.");
            assert!(!is_name_of(name.as_bytes(), &plugin) || is_other_version, "{name}");
        }
        assert!(is_name_of(b"/opt/libPlug.so.1.2", &plugin));
        assert!(!is_name_of(b"", &object("/opt/.so")));
        assert!(
            is_name_of(b"c", &object("/lib/libc.so.6")) && is_name_of(b"libc.so.6", &object("libc.so.6"))
        );
    }

    #[test]
    fn modules_have_files_and_what_is_no_module_has_none() {
        let program_file = std::env::current_exe().unwrap().into_os_string().into_vec();
        assert_eq!(path(program().unwrap()), Ok(program_file.clone()));
        assert_eq!(path(0), Ok(program_file.clone()));
        assert_eq!(path(library()), Ok(program_file), "the tests have the library in them");
        assert_eq!(path(program().unwrap() + 4096), Err(Error::NoSuchModule));
        assert!(path(find(b"libc.so.6").unwrap()).unwrap().ends_with(b"/libc.so.6"));
    }
}
