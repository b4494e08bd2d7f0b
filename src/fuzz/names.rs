//! Names of objects, paths of files, command lines.

use super::units;
use crate::file;
use crate::name::{Name, PosixName, SectionName};
use crate::process::command_line;
use crate::text;
use std::ffi::CString;

/// A name in any encoding becomes one file of the directory, and different names become
/// different ones.
pub fn object_name(input: &[u8]) {
    assert_eq!(text::to_bytes(&text::from_utf8(input)).as_deref(), Some(input));
    for whole in [units(input), text::from_utf8(input)] {
        for name in [SectionName::new(whole.clone()), SectionName::of_segment(whole.clone())] {
            match name {
                Ok(SectionName::Object(name)) => check_object(&name),
                Ok(SectionName::Posix(name)) => {
                    assert!(
                        !name.as_c_str().to_bytes().contains(&b'/') && name.as_c_str().count_bytes() <= 255
                    );
                    assert_eq!(PosixName::of_bytes(name.as_c_str().to_bytes()), Ok(name));
                }
                Ok(SectionName::SystemV(key)) => {
                    let spelled = format!("SysV\\{key}").encode_utf16().collect();
                    assert_eq!(SectionName::new(spelled), Ok(SectionName::SystemV(key)));
                }
                Err(_) => {}
            }
        }
    }
}

fn check_object(name: &Name) {
    let file = name.file_name().as_c_str();
    let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"._-~%!".contains(byte);
    assert!(file.count_bytes() <= 255 && file.to_bytes().iter().all(is_plain), "{file:?}");
    assert!(crate::name::FileName::parse(file).is_some_and(|found| found.scope() == name.scope));
    assert_eq!(Name::of_parts(name.scope, name.units().to_vec()).as_ref(), Ok(name));
    let mut other = name.units().to_vec();
    other[0] ^= 0x100;
    if let Ok(other) = Name::of_parts(name.scope, other) {
        assert_ne!(other.file_name(), name.file_name());
    }
}

/// What a path means is a path that means itself; its folder is not longer.
pub fn path(input: &[u8]) {
    let Ok(path) = file::parse_path(input) else { return };
    assert!(!path.is_empty() && !path.as_bytes().contains(&b'\\'));
    assert_eq!(file::parse_path(path.as_bytes()), Ok(path.clone()));
    let folder = file::folder(&path);
    assert!(!folder.is_empty() && folder.as_bytes().len() <= path.as_bytes().len());
    if folder.as_c_str() != c"." {
        assert!(path.as_bytes().starts_with(folder.as_bytes()));
    }
}

/// Arguments that were quoted by Windows' rules come back as they were.
pub fn command_line(input: &[u8]) {
    let found = command_line::arguments(input);
    assert!(!found.is_empty() && found.iter().map(Vec::len).sum::<usize>() <= input.len());
    for name in command_line::candidates(input) {
        assert!(CString::new(name).is_ok() || input.contains(&0));
        assert!(input.windows(name.len().max(1)).any(|part| part == name) || name.is_empty());
    }
    let mut line = b"program".to_vec();
    let given: Vec<_> = input.split(|&byte| byte == 0).collect();
    given.iter().for_each(|argument| quote(argument, &mut line));
    let found = command_line::arguments(&line);
    assert_eq!(found[1..], given);
}

/// As Microsoft's "Everyone quotes command line arguments the wrong way" does.
fn quote(argument: &[u8], line: &mut Vec<u8>) {
    line.extend(b" \"");
    let mut backslashes = 0;
    for &byte in argument {
        match byte {
            b'\\' => backslashes += 1,
            b'"' => {
                line.resize(line.len() + backslashes + 1, b'\\');
                backslashes = 0;
            }
            _ => backslashes = 0,
        }
        line.push(byte);
    }
    line.resize(line.len() + backslashes, b'\\');
    line.push(b'"');
}
