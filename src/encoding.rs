//! Text as callers hold it: UTF-8 in bytes, or wide characters of 16 or of 32 bits.
//!
//! There are two ways from one to the other. Names, paths and messages go through
//! 16-bit units (`text`), which keep what is no character, as Windows does: the bytes
//! come out as they went in. Conversions that the caller asks for replace it.

#![forbid(unsafe_code)]

use crate::error::Error;
use crate::text;

/// A unit of a caller's text.
pub trait Unit: Copy + Default + PartialEq + 'static {
    /// The unit of a number, cut off where it is too large.
    fn of(number: u32) -> Self;

    /// The units of Windows for a text; they keep what is no character.
    fn to_units(text: &[Self]) -> Vec<u16>;

    /// The text of such units.
    fn from_units(units: &[u16]) -> Vec<Self>;

    /// The characters of a text; None for what is none.
    fn characters(text: &[Self]) -> impl Iterator<Item = Option<char>>;

    fn push(character: char, text: &mut Vec<Self>);
}

impl Unit for u8 {
    fn of(number: u32) -> u8 {
        number as u8
    }

    fn to_units(text: &[u8]) -> Vec<u16> {
        text::from_utf8(text)
    }

    fn from_units(units: &[u16]) -> Vec<u8> {
        text::to_bytes(units).unwrap_or_else(|| String::from_utf16_lossy(units).into_bytes())
    }

    /// One None for each longest piece that could have begun a character. As on Windows
    /// a second byte belongs to the first also where both together begin none: what is
    /// too long, a surrogate, or beyond U+10FFFF.
    fn characters(text: &[u8]) -> impl Iterator<Item = Option<char>> {
        let mut takes_one_more = false;
        text.utf8_chunks().flat_map(move |chunk| {
            let belongs_to_first =
                takes_one_more && chunk.valid().is_empty() && matches!(chunk.invalid(), [0x80..=0xbf]);
            takes_one_more = matches!(chunk.invalid(), [0xe0 | 0xed | 0xf0 | 0xf4]);
            let is_invalid = !chunk.invalid().is_empty() && !belongs_to_first;
            chunk.valid().chars().map(Some).chain(is_invalid.then_some(None))
        })
    }

    fn push(character: char, text: &mut Vec<u8>) {
        text.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
    }
}

impl Unit for u16 {
    fn of(number: u32) -> u16 {
        number as u16
    }

    fn to_units(text: &[u16]) -> Vec<u16> {
        text.to_vec()
    }

    fn from_units(units: &[u16]) -> Vec<u16> {
        units.to_vec()
    }

    fn characters(text: &[u16]) -> impl Iterator<Item = Option<char>> {
        char::decode_utf16(text.iter().copied()).map(Result::ok)
    }

    fn push(character: char, text: &mut Vec<u16>) {
        text.extend_from_slice(character.encode_utf16(&mut [0; 2]));
    }
}

impl Unit for u32 {
    fn of(number: u32) -> u32 {
        number
    }

    fn to_units(text: &[u32]) -> Vec<u16> {
        let known =
            |&unit: &u32| if unit > 0x10_ffff { u32::from(char::REPLACEMENT_CHARACTER) } else { unit };
        let text: Vec<_> = text.iter().map(known).collect();
        text::from_utf32(&text).unwrap_or_default()
    }

    fn from_units(units: &[u16]) -> Vec<u32> {
        let characters = char::decode_utf16(units.iter().copied());
        characters.map(|unit| unit.map_or_else(|lone| lone.unpaired_surrogate().into(), u32::from)).collect()
    }

    fn characters(text: &[u32]) -> impl Iterator<Item = Option<char>> {
        text.iter().map(|&unit| char::from_u32(unit))
    }

    fn push(character: char, text: &mut Vec<u32>) {
        text.push(character.into());
    }
}

/// What becomes of that which is no character.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Invalid {
    Refused,
    Replaced(char),
}

/// A text of another encoding, and whether something was replaced.
pub struct Converted<T> {
    pub text: Vec<T>,
    pub was_replaced: bool,
}

pub fn convert<From: Unit, To: Unit>(text: &[From], invalid: Invalid) -> Result<Converted<To>, Error> {
    let mut converted = Converted { text: Vec::new(), was_replaced: false };
    make_room(&mut converted.text, text.len() + MOST_UNITS)?;
    for character in From::characters(text) {
        let character = match (character, invalid) {
            (Some(character), _) => character,
            (None, Invalid::Refused) => return Err(Error::NoSuchCharacter),
            (None, Invalid::Replaced(by)) => {
                converted.was_replaced = true;
                by
            }
        };
        make_room(&mut converted.text, MOST_UNITS)?;
        To::push(character, &mut converted.text);
    }
    Ok(converted)
}

/// Of a character.
const MOST_UNITS: usize = 4;

/// A text may be longer than what memory there is.
fn make_room<T>(text: &mut Vec<T>, units: usize) -> Result<(), Error> {
    text.try_reserve(units).map_err(|_| Error::Os(libc::ENOMEM))
}

#[cfg(test)]
mod tests {
    use super::*;

    const REPLACED: Invalid = Invalid::Replaced(char::REPLACEMENT_CHARACTER);

    fn from_bytes(text: &[u8]) -> (Vec<u16>, bool) {
        let converted = convert::<u8, u16>(text, REPLACED).unwrap();
        (converted.text, converted.was_replaced)
    }

    #[test]
    fn text_is_the_same_in_every_encoding() {
        let text = "a\u{0}Gr\u{fc}\u{df}e \u{20ac} \u{1f600}\u{10ffff}";
        let (bytes, units): (&[u8], Vec<u16>) = (text.as_bytes(), text.encode_utf16().collect());
        let wide: Vec<u32> = text.chars().map(u32::from).collect();
        for invalid in [REPLACED, Invalid::Refused] {
            assert_eq!(convert::<u8, u16>(bytes, invalid).unwrap().text, units);
            assert_eq!(convert::<u8, u32>(bytes, invalid).unwrap().text, wide);
            assert_eq!(convert::<u16, u8>(&units, invalid).unwrap().text, bytes);
            assert_eq!(convert::<u32, u8>(&wide, invalid).unwrap().text, bytes);
        }
        assert!(!from_bytes(bytes).1);
    }

    #[test]
    fn replacements_are_counted_as_windows_counts_them() {
        for (bytes, expected) in [
            (&b"\xff"[..], 1),
            (b"\x80\x80", 2),
            (b"\xc3", 1),
            (b"\xe0\x80", 1),
            (b"\xe0\x80\x80", 2),
            (b"\xe2\x82", 1),
            (b"\xf0\x9f", 1),
            (b"\xf0\x9f\x98", 1),
            (b"\xf0\x80\x80\x80", 3),
            (b"\xf4\x90\x80\x80", 3),
            (b"\xed\xa0\x80", 2),
            (b"\xc0\x80", 2),
            (b"\xf8\x88\x80\x80\x80", 5),
            (b"\xfe\xff", 2),
            (b"\xe0\xe0\x80", 2),
            (b"\xe0\xff", 2),
        ] {
            assert_eq!(from_bytes(bytes), (vec![0xfffd; expected], true), "{bytes:x?}");
            assert!(convert::<u8, u16>(bytes, Invalid::Refused).is_err(), "{bytes:x?}");
            let around = [b"a", bytes, b"b"].concat();
            let units: Vec<u16> = [vec![0x61], vec![0xfffd; expected], vec![0x62]].concat();
            assert_eq!(from_bytes(&around), (units, true), "{around:x?}");
        }
    }

    #[test]
    fn what_no_unit_can_be_is_replaced_or_refused() {
        for wide in [0xd800, 0xdfff, 0x11_0000, u32::MAX] {
            let converted = convert::<u32, u8>(&[0x61, wide], REPLACED).unwrap();
            assert_eq!((converted.text, converted.was_replaced), (b"a\xef\xbf\xbd".to_vec(), true));
            assert!(convert::<u32, u8>(&[wide], Invalid::Refused).is_err());
        }
        assert_eq!(convert::<u16, u8>(&[0xdc00, 0xd800], Invalid::Replaced('?')).unwrap().text, b"??");
        assert!(convert::<u16, u8>(&[0xd800, 0x61], Invalid::Refused).is_err());
    }

    #[test]
    fn units_of_windows_keep_what_is_no_character() {
        let bytes = b"a\xff\xed\xa0\x80\xf0\x9f";
        assert_eq!(u8::from_units(&u8::to_units(bytes)), bytes);
        assert_eq!(u32::from_units(&u32::to_units(&[0xd800, 0x61, 0x1_f600])), [0xd800, 0x61, 0x1_f600]);
        assert_eq!(u32::to_units(&[0x11_0000]), [0xfffd]);
        assert_eq!(u8::from_units(&[0x61, 0xd800]), b"a\xef\xbf\xbd");
    }

    #[test]
    fn random_bytes_are_never_a_panic_nor_longer() {
        let mut random = 7_u64;
        for _ in 0..20_000 {
            let mut bytes = [0; 12];
            for byte in &mut bytes {
                random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                let interesting = [0x41, 0x7f, 0x80, 0x90, 0xa0, 0xbf, 0xc2, 0xe0, 0xed, 0xf0, 0xf4, 0xff];
                *byte = interesting[(random >> 40) as usize % interesting.len()];
            }
            let (units, was_replaced) = from_bytes(&bytes);
            assert!(units.len() <= bytes.len());
            assert_eq!(was_replaced, std::str::from_utf8(&bytes).is_err());
            assert_eq!(u8::from_units(&u8::to_units(&bytes)), bytes);
        }
    }
}
