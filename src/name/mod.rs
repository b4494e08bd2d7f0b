//! Names of objects: what Windows accepts, and which file a name means. Pure:
//! nothing here looks at a file system.

#![forbid(unsafe_code)]

mod section_name;
#[cfg(feature = "tool")]
mod spelled;

pub use section_name::{PosixName, SectionName};

use crate::error::Error;
use crate::text;
use siphasher::sip128::{Hasher128, SipHasher24};
use std::ffi::CStr;
use std::hash::Hasher;
use std::sync::Arc;

/// Who sees a name.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Scope {
    /// The processes of one user (`Local\` and unprefixed names).
    Local,
    /// Every process of the machine, where the administrator provides for it.
    Global,
}

/// The name of an object: a scope and 1 to 32767 UTF-16 units without a backslash.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Name {
    pub scope: Scope,
    units: Vec<u16>,
    file: FileName,
}

/// Longest name in units, prefix included: a Windows string has a 16-bit length in bytes.
pub const LONGEST: usize = 32767;

const BACKSLASH: u16 = b'\\' as u16;

impl Name {
    /// Takes a name apart. An empty one names a directory and not an object,
    /// as do the prefixes alone.
    pub fn new(mut whole: Vec<u16>) -> Result<Name, Error> {
        if whole.len() > LONGEST {
            return Err(Error::NameTooLong);
        }
        if whole.is_empty() {
            return Err(Error::InvalidHandle);
        }
        let Some(end) = whole.iter().position(|&unit| unit == BACKSLASH) else {
            // What the prefixes name exists, but is no object of ours.
            let is_directory = ["Local", "Global", "Session"].iter().any(|word| is(&whole, word));
            return if is_directory {
                Err(Error::InvalidHandle)
            } else {
                Ok(Name::of_object(Scope::Local, whole))
            };
        };
        let (prefix, rest) = (&whole[..end], &whole[end + 1..]);
        let scope = match () {
            () if prefix.is_empty() => return Err(Error::BadPathname),
            () if is(prefix, "Local") => Scope::Local,
            () if is(prefix, "Global") => Scope::Global,
            () => return Err(Error::PathNotFound),
        };
        if rest.contains(&BACKSLASH) {
            return Err(Error::PathNotFound);
        }
        if rest.is_empty() {
            return Err(Error::InvalidHandle);
        }
        whole.drain(..=end);
        Ok(Name::of_object(scope, whole))
    }

    /// The name that has these parts.
    pub fn of_parts(scope: Scope, units: Vec<u16>) -> Result<Name, Error> {
        let possible = (1..=LONGEST).contains(&units.len()) && !units.contains(&BACKSLASH);
        if possible { Ok(Name::of_object(scope, units)) } else { Err(Error::InvalidName) }
    }

    fn of_object(scope: Scope, units: Vec<u16>) -> Name {
        Name { scope, file: FileName::new(scope, &units), units }
    }

    /// The guard of a scope's synchronisation objects: no program can ask for it.
    pub fn of_guard(scope: Scope) -> Name {
        let file = match scope {
            Scope::Local => c"L!guard",
            Scope::Global => c"G!guard",
        };
        Name { scope, units: "guard".encode_utf16().collect(), file: FileName(file.into()) }
    }

    pub fn units(&self) -> &[u16] {
        &self.units
    }

    pub fn file_name(&self) -> &FileName {
        &self.file
    }
}

/// Whether the units spell a word in ASCII.
fn is(units: &[u16], word: &str) -> bool {
    units.len() == word.len() && units.iter().zip(word.bytes()).all(|(&unit, byte)| unit == u16::from(byte))
}

/// A stable hash: the same in every process and version, unlike std's.
fn hash(bytes: impl Iterator<Item = u8>) -> u128 {
    let mut hasher = SipHasher24::new();
    hasher.write(&bytes.collect::<Vec<_>>());
    hasher.finish128().as_u128()
}

/// The name of a file in the directory of its scope.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct FileName(Arc<CStr>);

const SPELLED: u8 = b'.';
const HASHED: u8 = b'~';
const OF_LIBRARY: u8 = b'!';
const LONGEST_SPELLED: usize = 200;

/// A file name on its way; too long if `length` is beyond the bytes.
struct Spelling {
    bytes: [u8; LONGEST_SPELLED + 1],
    length: usize,
}

impl Spelling {
    fn push(&mut self, byte: u8) {
        if let Some(next) = self.bytes.get_mut(self.length) {
            *next = byte;
        }
        self.length += 1;
    }
}

impl FileName {
    pub fn scope(&self) -> Scope {
        if self.0.to_bytes().first() == Some(&b'G') { Scope::Global } else { Scope::Local }
    }

    /// Short names are spelled out, so that a person finds them; every byte
    /// outside `[A-Za-z0-9._-]` is written as %XX. Long ones are hashed, and the
    /// full name is compared in the file.
    fn new(scope: Scope, units: &[u16]) -> FileName {
        let letter = match scope {
            Scope::Local => b'L',
            Scope::Global => b'G',
        };
        let mut file = Spelling { bytes: [0; LONGEST_SPELLED + 1], length: 0 };
        [letter, SPELLED].into_iter().for_each(|byte| file.push(byte));
        let mut spell = |byte: u8| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'.' | b'_' | b'-' => file.push(byte),
            _ => {
                let digit = |value: u8| b"0123456789ABCDEF"[usize::from(value)];
                [b'%', digit(byte >> 4), digit(byte & 15)].into_iter().for_each(|byte| file.push(byte));
            }
        };
        if units.iter().all(|&unit| unit < 0x80) {
            units.iter().for_each(|&unit| spell(unit as u8));
        } else {
            text::bytes(units).for_each(spell);
        }
        if let Some(file) = file.bytes.get(..file.length + 1) {
            return FileName(CStr::from_bytes_with_nul(file).expect("one NUL, at the end").into());
        }
        let hash = format!("{}{}{:032x}\0", char::from(letter), char::from(HASHED), hash(text::bytes(units)));
        FileName(CStr::from_bytes_with_nul(hash.as_bytes()).expect("one NUL, at the end").into())
    }

    pub fn as_c_str(&self) -> &CStr {
        &self.0
    }

    /// None: not a name that `Name` makes, hence not the library's file.
    pub fn parse(file: &CStr) -> Option<FileName> {
        let bytes = file.to_bytes();
        let ours = bytes.len() > 2
            && matches!(bytes[0], b'L' | b'G')
            && matches!(bytes[1], SPELLED | HASHED | OF_LIBRARY);
        ours.then(|| FileName(file.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> Result<Name, Error> {
        Name::new(text.encode_utf16().collect())
    }

    fn file(text: &str) -> String {
        name(text).unwrap().file_name().as_c_str().to_str().unwrap().to_owned()
    }

    #[test]
    fn local_is_the_default_and_global_is_another_name_space() {
        assert_eq!(name("Local\\x"), name("x"));
        assert_ne!(name("Global\\x").unwrap().file_name(), name("x").unwrap().file_name());
    }

    #[test]
    fn prefixes_are_case_sensitive_and_no_other_backslash_is_allowed() {
        for wrong in ["local\\x", "LOCAL\\x", "global\\x", "a\\x", "x\\", "Local\\a\\b", "Session\\99999\\x"]
        {
            assert_eq!(name(wrong), Err(Error::PathNotFound), "{wrong}");
        }
        assert_eq!(name("\\x"), Err(Error::BadPathname));
    }

    #[test]
    fn the_empty_name_and_the_bare_prefixes_name_no_object() {
        for word in ["", "Local", "Global", "Session", "Local\\", "Global\\"] {
            assert_eq!(name(word), Err(Error::InvalidHandle), "{word}");
        }
    }

    #[test]
    fn any_other_character_is_ordinary_and_significant() {
        assert_eq!(file("Global/PostgreSQL:C:/data*"), "L.Global%2FPostgreSQL%3AC%3A%2Fdata%2A");
        let alike = ["x", "X", "x ", " x", "x.", ".x", "x\t", "x/", "%78", "x\u{0}"];
        let files: std::collections::HashSet<_> = alike.iter().map(|text| file(text)).collect();
        assert_eq!(files.len(), alike.len());
    }

    #[test]
    fn long_names_fit_into_a_file_name_and_stay_distinct() {
        let long = "n".repeat(1000);
        let file_a = file(&long);
        assert!(file_a.len() < 255 && file_a.starts_with("L~"));
        assert_ne!(file_a, file(&format!("{long}2")));
        assert_eq!(name(&"n".repeat(LONGEST + 1)), Err(Error::NameTooLong));
        assert!(name(&"n".repeat(LONGEST)).is_ok());
    }

    #[test]
    fn the_hash_is_the_same_in_every_version() {
        // Computed once; a change would split the name space between versions.
        assert_eq!(file(&"n".repeat(1000)), "L~74cdd0684852850a8aece6d56a7c4665");
    }

    #[test]
    fn only_the_librarys_files_are_recognised() {
        let files = [("L.x", true), ("G~0123", true), ("L!guard", true)];
        for (text, ours) in files.into_iter().chain([("L.", false), ("x", false), (".hidden", false)]) {
            let file = std::ffi::CString::new(text).unwrap();
            assert_eq!(FileName::parse(&file).is_some(), ours, "{text}");
        }
    }
}
