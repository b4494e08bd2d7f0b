//! Names of sections: of our own objects, and of segments that other programs
//! make with `shm_open` and `shmget`. The prefixes `Posix\` and `SysV\` are the
//! library's one addition to Windows' names.

use super::{BACKSLASH, Name, is};
use crate::error::Error;
use crate::text;
use std::ffi::{CStr, CString};

/// Where a section is to be found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum SectionName {
    /// An object of ours, with Windows' lifetime.
    Object(Name),
    /// A POSIX shared memory object.
    Posix(PosixName),
    /// The System V segment of a key.
    SystemV(u32),
}

/// A name for `shm_open`, without the slash that it may begin with.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PosixName(CString);

impl PosixName {
    const LONGEST: usize = 255;

    fn new(units: &[u16]) -> Result<PosixName, Error> {
        let bytes = text::to_bytes(units).ok_or(Error::InvalidName)?;
        let start = bytes.iter().position(|&byte| byte != b'/').ok_or(Error::InvalidName)?;
        let bytes = &bytes[start..];
        if bytes.contains(&b'/') || matches!(bytes, b"." | b"..") {
            return Err(Error::InvalidName);
        }
        if bytes.len() > Self::LONGEST {
            return Err(Error::NameTooLong);
        }
        CString::new(bytes).map(PosixName).map_err(|_| Error::InvalidName)
    }

    /// A name that was one before.
    pub fn of_bytes(bytes: &[u8]) -> Result<PosixName, Error> {
        PosixName::new(&text::from_utf8(bytes))
    }

    pub fn as_c_str(&self) -> &CStr {
        &self.0
    }
}

impl SectionName {
    /// A name as Windows' functions take it.
    pub fn new(whole: Vec<u16>) -> Result<SectionName, Error> {
        let end = whole.iter().position(|&unit| unit == BACKSLASH).unwrap_or(0);
        let (prefix, rest) = (&whole[..end], whole.get(end + 1..).unwrap_or(&[]));
        if is(prefix, "Posix") {
            return PosixName::new(rest).map(SectionName::Posix);
        }
        if is(prefix, "SysV") {
            return key(rest).map(SectionName::SystemV);
        }
        Name::new(whole).map(SectionName::Object)
    }

    /// A name as the SharedMemory functions take it: one that begins with a slash
    /// is `shm_open`'s.
    pub fn of_segment(whole: Vec<u16>) -> Result<SectionName, Error> {
        if whole.first() == Some(&u16::from(b'/')) {
            return PosixName::new(&whole).map(SectionName::Posix);
        }
        SectionName::new(whole).map_err(|error| match error {
            // What Windows says of "" and of bare prefixes.
            Error::InvalidHandle => Error::InvalidName,
            error => error,
        })
    }
}

/// A key in decimal digits, or hexadecimal ones after 0x. Key 0 is `IPC_PRIVATE`,
/// which finds no segment.
fn key(units: &[u16]) -> Result<u32, Error> {
    let text = String::from_utf16(units).map_err(|_| Error::InvalidName)?;
    let (digits, radix) = match text.strip_prefix("0x").or(text.strip_prefix("0X")) {
        Some(digits) => (digits, 16),
        None => (text.as_str(), 10),
    };
    let is_number = !digits.is_empty() && digits.chars().all(|digit| digit.is_digit(radix));
    let key = u32::from_str_radix(digits, radix).ok().filter(|&key| is_number && key != 0);
    key.ok_or(Error::InvalidName)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn units(text: &str) -> Vec<u16> {
        text.encode_utf16().collect()
    }

    fn posix(text: &str) -> SectionName {
        SectionName::Posix(PosixName(CString::new(text).unwrap()))
    }

    #[test]
    fn a_leading_slash_means_shm_open_to_the_shared_memory_functions_only() {
        assert_eq!(SectionName::of_segment(units("/x")), Ok(posix("x")));
        assert_eq!(SectionName::new(units("/x")), Name::new(units("/x")).map(SectionName::Object));
        for name in ["Posix\\x", "Posix\\/x"] {
            assert_eq!(SectionName::new(units(name)), Ok(posix("x")), "{name}");
            assert_eq!(SectionName::of_segment(units(name)), Ok(posix("x")), "{name}");
        }
    }

    #[test]
    fn a_key_is_decimal_or_hexadecimal() {
        for (name, key) in [("1234", 1234), ("0x4d2", 1234), ("0X4D2", 1234), ("4294967295", u32::MAX)] {
            assert_eq!(SectionName::new(units(&format!("SysV\\{name}"))), Ok(SectionName::SystemV(key)));
        }
        for wrong in ["", "0", "0x0", "0x", "x", "-1", "+1", "12 ", "4294967296", "0x1\u{e9}"] {
            let name = units(&format!("SysV\\{wrong}"));
            assert_eq!(SectionName::new(name), Err(Error::InvalidName), "{wrong}");
        }
    }

    #[test]
    fn what_shm_open_refuses_is_no_name() {
        for wrong in ["", "/", "a/b", ".", "..", "/.."] {
            let name = units(&format!("Posix\\{wrong}"));
            assert_eq!(SectionName::new(name), Err(Error::InvalidName), "{wrong}");
        }
        let long = format!("/{}", "n".repeat(256));
        assert_eq!(SectionName::of_segment(units(&long)), Err(Error::NameTooLong));
    }

    #[test]
    fn other_names_are_windows_names() {
        assert_eq!(SectionName::new(units("posix\\x")), Err(Error::PathNotFound));
        assert_eq!(SectionName::new(units("")), Err(Error::InvalidHandle));
        for empty in ["", "Local\\", "Global"] {
            assert_eq!(SectionName::of_segment(units(empty)), Err(Error::InvalidName), "{empty}");
        }
    }
}
