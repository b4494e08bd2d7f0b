//! Names as people see and type them.
//!
//! A name may contain any 16-bit unit. On a terminal and in messages, what is no
//! character, or could steer the terminal or reorder its line, is written as `\u{HEX}`. A
//! backslash appears in names behind the prefix only, but for `Posix\`, where it is
//! written so, too: what is shown can be typed again.

use super::files::prefix;
use crate::name::Scope;
use crate::text;
use std::ffi::OsStr;
use std::fmt::Write;
use std::os::unix::ffi::OsStrExt;

const BACKSLASH: u16 = b'\\' as u16;

pub fn with_prefix(scope: Scope, units: &[u16]) -> Vec<u16> {
    prefix(scope).encode_utf16().chain(units.iter().copied()).collect()
}

/// A name, or any other text that may contain anything, for a person to read.
pub fn shown(units: &[u16]) -> String {
    let mut text = String::with_capacity(units.len());
    let first_backslash = units.iter().position(|unit| *unit == BACKSLASH).unwrap_or(units.len());
    let mut at = 0;
    for character in char::decode_utf16(units.iter().copied()) {
        // What the prefix's backslash would make an escape of.
        let looks_escaped = at == first_backslash + 1 && escape(&units[first_backslash..]).is_some();
        let _ = match character {
            Ok(character)
                if is_visible(character)
                    && !looks_escaped
                    && (character != '\\' || at == first_backslash) =>
            {
                text.write_char(character)
            }
            Ok(character) => write!(text, "\\u{{{:x}}}", u32::from(character)),
            Err(ref lone) => write!(text, "\\u{{{:x}}}", lone.unpaired_surrogate()),
        };
        at += character.map_or(1, char::len_utf16);
    }
    text
}

/// Whether a terminal shows the character as itself. Besides control characters these do
/// not: what changes the direction of the text or the line, and what takes no room.
pub fn is_visible(character: char) -> bool {
    let is_format = matches!(character,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffc}' | '\u{e0000}'..='\u{e007f}');
    let is_blank_letter = matches!(character, '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}');
    let is_other_blank = character != ' ' && character.is_whitespace();
    !(character.is_control() || is_format || is_blank_letter || is_other_blank)
}

/// The units of a name in an argument: UTF-8, in which `\u{HEX}` behind the first
/// backslash, the prefix's, means one unit or character.
pub fn name_of_argument(argument: &OsStr) -> Vec<u16> {
    units_of_shown(&text::from_utf8(argument.as_bytes()))
}

/// Back from `shown`.
pub fn units_of_shown(shown: &[u16]) -> Vec<u16> {
    // Without a prefix there is no other backslash, either.
    let is_escape = |rest: &[u16]| escape(rest).is_some();
    let start = match shown.iter().position(|unit| *unit == BACKSLASH) {
        Some(first) if !is_escape(&shown[first..]) => first + 1,
        Some(_) => 0,
        None => return shown.to_vec(),
    };
    let (mut units, mut rest) = (shown[..start].to_vec(), &shown[start..]);
    while let Some((&unit, behind)) = rest.split_first() {
        match escape(rest) {
            Some((number, length)) => {
                match char::from_u32(number) {
                    Some(character) => units.extend_from_slice(character.encode_utf16(&mut [0; 2])),
                    None => units.push(number as u16),
                }
                rest = &rest[length..];
            }
            None => {
                units.push(unit);
                rest = behind;
            }
        }
    }
    units
}

/// The number that an escape at the beginning means, and how long it is.
fn escape(units: &[u16]) -> Option<(u32, usize)> {
    const LONGEST: usize = 6;
    let text: Vec<u8> = units.iter().take(LONGEST + 4).map_while(|unit| u8::try_from(*unit).ok()).collect();
    let digits = text.strip_prefix(b"\\u{")?;
    let length =
        digits.iter().position(|byte| *byte == b'}').filter(|length| (1..=LONGEST).contains(length))?;
    let digits = std::str::from_utf8(&digits[..length]).ok()?;
    let number = u32::from_str_radix(digits, 16).ok().filter(|_| !digits.starts_with('+'))?;
    (number <= 0x10_ffff).then_some((number, length + 4))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn units(text: &str) -> Vec<u16> {
        text.encode_utf16().collect()
    }

    #[test]
    fn what_steers_a_terminal_is_never_shown() {
        let name =
            [units("Local\\a\u{1b}[31m\r\u{9b}\u{202e}\u{200b}\u{7f} \u{fc}\u{ac00}"), vec![0xd800]].concat();
        let expected = "Local\\a\\u{1b}[31m\\u{d}\\u{9b}\\u{202e}\\u{200b}\\u{7f} \u{fc}\u{ac00}\\u{d800}";
        assert_eq!(shown(&name), expected);
    }

    #[test]
    fn what_is_shown_can_be_typed_again() {
        let names = [
            units("Local\\plain"),
            units("Global\\a\u{1b}b\u{1f600}"),
            units("Local\\u{41}"),
            units("Posix\\a\\b\\u{41}"),
            [units("Local\\"), vec![0xd800, 0x41, 0xdc80]].concat(),
            units("no prefix"),
            units("no\u{1b}prefix\\"),
            units("\\\\"),
        ];
        for name in names {
            assert_eq!(units_of_shown(&units(&shown(&name))), name, "{}", shown(&name));
        }
    }

    #[test]
    fn an_argument_is_utf_8_with_escapes_behind_the_prefix() {
        let name = |bytes: &[u8]| name_of_argument(OsStr::from_bytes(bytes));
        assert_eq!(name(b"Local\\x\\u{1b}"), units("Local\\x\u{1b}"));
        assert_eq!(name(b"x\\u{1F600}y"), units("x\u{1f600}y"));
        assert_eq!(name(b"x\\u{d800}\xff"), [0x78, 0xd800, 0xdcff]);
        for same in ["x\\u{}", "a\\b", "x\\u{110000}", "x\\u{+1}", "x\\u{0000001}", "x\\u{1"] {
            assert_eq!(name(same.as_bytes()), units(same), "{same}");
        }
    }
}
