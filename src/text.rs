//! Text as Windows sees it: sequences of 16-bit units, with no rule but that
//! the end is marked. What comes from C in other encodings becomes units here.

#![forbid(unsafe_code)]

use crate::error::Error;

/// UTF-8, as the ANSI functions take it. A byte that is not part of valid UTF-8
/// becomes the lone surrogate U+DC00 + byte, so different byte strings stay
/// different names.
pub fn from_utf8(bytes: &[u8]) -> Vec<u16> {
    let mut units = Vec::with_capacity(bytes.len());
    if bytes.is_ascii() {
        units.extend(bytes.iter().copied().map(u16::from));
        return units;
    }
    for chunk in bytes.utf8_chunks() {
        units.extend(chunk.valid().encode_utf16());
        units.extend(chunk.invalid().iter().map(|&byte| 0xdc00 + u16::from(byte)));
    }
    units
}

/// 32-bit units, as `wchar_t` holds them on Linux. Surrogates pass as they are.
pub fn from_utf32(wide: &[u32]) -> Result<Vec<u16>, Error> {
    let mut units = Vec::with_capacity(wide.len());
    for &unit in wide {
        match unit {
            0..=0xffff => units.push(unit as u16),
            0x1_0000..=0x10_ffff => {
                let offset = unit - 0x1_0000;
                units.push(0xd800 + (offset >> 10) as u16);
                units.push(0xdc00 + (offset & 0x3ff) as u16);
            }
            _ => return Err(Error::InvalidName),
        }
    }
    Ok(units)
}

/// UTF-8 that keeps lone surrogates (as three bytes each, which valid UTF-8
/// never has), so that different units give different bytes.
pub fn bytes(units: &[u16]) -> impl Iterator<Item = u8> {
    char::decode_utf16(units.iter().copied()).flat_map(|unit| {
        let mut bytes = [0; 4];
        let length = match unit {
            Ok(character) => character.encode_utf8(&mut bytes).len(),
            Err(lone) => {
                let unit = lone.unpaired_surrogate();
                bytes[0] = 0xed;
                bytes[1] = 0x80 | (unit >> 6 & 0x3f) as u8;
                bytes[2] = 0x80 | (unit & 0x3f) as u8;
                3
            }
        };
        bytes.into_iter().take(length)
    })
}

/// The bytes that `from_utf8` made these units of; None: nothing gives these.
pub fn to_bytes(units: &[u16]) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(units.len());
    for unit in char::decode_utf16(units.iter().copied()) {
        match unit.map_err(|lone| lone.unpaired_surrogate()) {
            Ok(character) => bytes.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes()),
            Err(lone @ 0xdc80..=0xdcff) => bytes.push((lone - 0xdc00) as u8),
            Err(_) => return None,
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_name_in_three_encodings_is_one_sequence() {
        let expected: Vec<u16> = "Gr\u{fc}\u{df}e \u{1f600}".encode_utf16().collect();
        assert_eq!(from_utf8("Gr\u{fc}\u{df}e \u{1f600}".as_bytes()), expected);
        let wide: Vec<u32> = "Gr\u{fc}\u{df}e \u{1f600}".chars().map(u32::from).collect();
        assert_eq!(from_utf32(&wide), Ok(expected));
    }

    #[test]
    fn bytes_outside_utf8_stay_distinct() {
        assert_eq!(from_utf8(b"a\x80"), [0x61, 0xdc80]);
        assert_eq!(from_utf8(b"a\xff"), [0x61, 0xdcff]);
        // A surrogate spelled in UTF-8 is invalid, and no way to name a lone surrogate's object.
        assert_eq!(from_utf8(b"\xed\xb2\x80"), [0xdced, 0xdcb2, 0xdc80]);
    }

    #[test]
    fn what_came_from_bytes_goes_back_to_them() {
        for bytes in
            [b"abc".as_slice(), "Gr\u{fc}\u{df}e \u{1f600}".as_bytes(), b"a\x80\xff", b"\xed\xb2\x80"]
        {
            assert_eq!(to_bytes(&from_utf8(bytes)).as_deref(), Some(bytes));
        }
        assert_eq!(to_bytes(&[0x61, 0xd800]), None);
        assert_eq!(to_bytes(&[0xdc41]), None);
    }

    #[test]
    fn only_units_above_the_last_character_are_refused() {
        assert_eq!(from_utf32(&[0xd800, 0xffff]), Ok(vec![0xd800, 0xffff]));
        assert_eq!(from_utf32(&[0x10_ffff]), Ok(vec![0xdbff, 0xdfff]));
        assert_eq!(from_utf32(&[0x11_0000]), Err(Error::InvalidName));
    }

    #[test]
    fn every_sequence_of_two_interesting_units_has_bytes_of_its_own() {
        let interesting =
            [0x41, 0x7f, 0x80, 0x7ff, 0x800, 0xd7ff, 0xd800, 0xdbff, 0xdc00, 0xdfff, 0xe000, 0xffff];
        let mut seen = std::collections::HashSet::new();
        for first in interesting {
            assert!(seen.insert(bytes(&[first]).collect::<Vec<_>>()), "{first:x}");
            for second in interesting {
                assert!(seen.insert(bytes(&[first, second]).collect()), "{first:x} {second:x}");
            }
        }
    }
}
