//! Names for temporary files.

use super::failure::of_file;
use crate::error::Error;
use crate::sys::file;
use crate::sys::process;
use crate::sys::program_file as program;
use crate::sys::random;
use std::ffi::{CStr, CString, OsString};
use std::os::unix::ffi::OsStringExt;

/// The folder for temporary files, with a slash at the end. It need not exist.
pub fn temporary_folder() -> Vec<u8> {
    let variables = ["TMP", "TEMP", "TMPDIR"];
    // A set-uid program takes no advice from its caller.
    let chosen = match process::is_privileged_program() {
        true => None,
        false => variables.into_iter().filter_map(std::env::var_os).find(|path| !path.is_empty()),
    };
    with_slash(chosen.unwrap_or(OsString::from("/tmp")).into_vec())
}

fn with_slash(mut folder: Vec<u8>) -> Vec<u8> {
    if !folder.ends_with(b"/") && !folder.ends_with(b"\\") {
        folder.push(b'/');
    }
    folder
}

fn name(folder: &CStr, prefix: &[u8], number: u16) -> Result<CString, Error> {
    let last = format!("{number:X}.TMP");
    let path = [&with_slash(folder.to_bytes().to_vec()), prefix, last.as_bytes()].concat();
    CString::new(path).map_err(|_| Error::InvalidName)
}

/// The path of a temporary file and its number. 0: a number that is free, and the file,
/// empty, is made under it; another one: only the path.
pub fn temporary_file(folder: &CStr, prefix: &[u8], number: u16) -> Result<(CString, u16), Error> {
    const MODE: u32 = 0o600;
    if !program::is_folder(folder) {
        return Err(Error::NotADirectory);
    }
    if number != 0 {
        return Ok((name(folder, prefix, number)?, number));
    }
    let first = random::number() as u16;
    for number in (0..=u16::MAX).map(|step| first.wrapping_add(step)).filter(|number| *number != 0) {
        let path = name(folder, prefix, number)?;
        match file::create_exclusively(file::NO_DIRECTORY, &path, MODE) {
            Ok(_) => return Ok((path, number)),
            Err(Error::Os(libc::EEXIST)) => {}
            Err(error) => return Err(of_file(error)),
        }
    }
    Err(Error::FileExists)
}
