//! Paths as Windows programs write them, made paths of Linux. Pure: nothing here
//! looks at a file system.

#![forbid(unsafe_code)]

use crate::error::Error;
use std::ffi::CString;

/// What a path means here: `\` separates like `/`, the names of Windows' devices are
/// those of Linux, and nothing has drives.
pub fn parse(path: &[u8]) -> Result<CString, Error> {
    // "\\?\" promises that the rest is to be taken as it is, "\\.\" that it is a device.
    let (path, is_device) = match path.get(..4) {
        Some(br"\\?\") => (&path[4..], false),
        Some(br"\\.\") => (&path[4..], true),
        _ if path.starts_with(br"\\") => return Err(Error::BadNetworkPath),
        _ => (path, false),
    };
    if let Some(device) = device(path) {
        return Ok(device);
    }
    if is_device {
        return Err(Error::NotFound);
    }
    if path.is_empty() || has_drive(path) {
        return Err(Error::PathNotFound);
    }
    let path: Vec<u8> = path.iter().map(|&byte| if byte == b'\\' { b'/' } else { byte }).collect();
    CString::new(path).map_err(|_| Error::InvalidName)
}

/// The devices that every program on Windows has. Only as the whole path: a file may
/// have such a name in any directory, `./nul` too.
fn device(path: &[u8]) -> Option<CString> {
    let name = path.strip_suffix(b":").unwrap_or(path).to_ascii_uppercase();
    match name.as_slice() {
        b"NUL" => Some(c"/dev/null".into()),
        b"CON" | b"CONIN$" | b"CONOUT$" => Some(c"/dev/tty".into()),
        _ => None,
    }
}

fn has_drive(path: &[u8]) -> bool {
    matches!(path, [letter, b':', ..] if letter.is_ascii_alphabetic())
}

/// The folder that the last part of a path is in.
pub fn folder(path: &CString) -> CString {
    let bytes = path.as_bytes();
    // Slashes at the end belong to the last part.
    let length = bytes.iter().rposition(|&byte| byte != b'/').map_or(0, |last| last + 1);
    let folder = match bytes[..length].iter().rposition(|&byte| byte == b'/') {
        None if length == 0 => b"/".as_slice(),
        None => b".",
        Some(0) => b"/",
        Some(end) => &bytes[..end],
    };
    CString::new(folder).expect("part of a string without NUL")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(path: &str) -> Result<String, Error> {
        parse(path.as_bytes()).map(|path| path.into_string().expect("UTF-8"))
    }

    #[test]
    fn both_slashes_separate() {
        assert_eq!(parsed(r"a\b/c").as_deref(), Ok("a/b/c"));
        assert_eq!(parsed(r"\tmp\x").as_deref(), Ok("/tmp/x"));
        assert_eq!(parsed("//tmp/x").as_deref(), Ok("//tmp/x"));
        assert_eq!(parsed(r"\\?\/tmp/x").as_deref(), Ok("/tmp/x"));
    }

    #[test]
    fn devices_have_their_names_in_any_case_and_only_alone() {
        for path in ["NUL", "nul", "Nul:", r"\\.\NUL"] {
            assert_eq!(parsed(path).as_deref(), Ok("/dev/null"), "{path}");
        }
        for path in ["CON", "conin$", "CONOUT$", r"\\.\CON"] {
            assert_eq!(parsed(path).as_deref(), Ok("/dev/tty"), "{path}");
        }
        assert_eq!(parsed("./nul").as_deref(), Ok("./nul"));
        assert_eq!(parsed("nul.txt").as_deref(), Ok("nul.txt"));
        assert_eq!(parsed(r"\\.\pipe\x"), Err(Error::NotFound));
    }

    #[test]
    fn drives_other_machines_and_nothing_are_no_paths() {
        for path in ["C:\\x", "c:x", "D:", r"\\?\C:\x", "", r"\\?\"] {
            assert_eq!(parsed(path), Err(Error::PathNotFound), "{path}");
        }
        assert_eq!(parsed(r"\\server\share\x"), Err(Error::BadNetworkPath));
        assert_eq!(parse(b"a\0b"), Err(Error::InvalidName));
        // A colon elsewhere is a character like others.
        assert_eq!(parsed("x/C:").as_deref(), Ok("x/C:"));
    }

    #[test]
    fn the_folder_is_what_stands_before_the_last_part() {
        let folder_of = |path: &str| folder(&CString::new(path).unwrap()).into_string().unwrap();
        let cases = [("x", "."), ("/x", "/"), ("a/b", "a"), ("/a/b/", "/a"), ("/", "/")];
        for (path, expected) in cases {
            assert_eq!(folder_of(path), expected, "{path}");
        }
    }
}
