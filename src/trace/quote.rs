//! Texts of the program in quotes, whatever they are and wherever they end.

#![forbid(unsafe_code)]

use super::line::{Line, put};
use crate::sys::peek;

/// Characters of a text that are shown.
pub const MOST: usize = 64;
/// Of the longest encoding.
const MOST_BYTES: usize = 4 * MOST;

/// Bytes of a character unit.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Width {
    One,
    Two,
    Four,
}

/// A text as it was found: `unit` bytes per unit, cut at the zero.
pub struct Found {
    bytes: [u8; MOST_BYTES],
    length: usize,
    /// Cut off elsewhere.
    is_cut: bool,
}

impl Found {
    /// The text at an address, of `count` units or up to a zero. None: nothing can be read.
    pub fn at(address: u64, width: Width, count: Option<usize>) -> Option<Found> {
        let unit = width as usize;
        let unit = [1, 2, 4][unit];
        let mut bytes = [0; MOST_BYTES];
        let wanted = count.unwrap_or(usize::MAX).saturating_mul(unit).min(MOST_BYTES);
        let read = peek::bytes(address as usize, &mut bytes[..wanted]);
        if read < unit && wanted > 0 {
            return None;
        }
        let read = read - read % unit;
        let zero = bytes[..read].chunks_exact(unit).position(|unit| unit.iter().all(|&byte| byte == 0));
        let length = zero.map_or(read, |zero| zero * unit);
        let is_whole = zero.is_some() || count.is_some_and(|count| count.saturating_mul(unit) <= read);
        Some(Found { bytes, length, is_cut: !is_whole })
    }

    pub fn bytes(&self) -> &[u8] {
        &self.bytes[..self.length]
    }

    pub fn units16(&self) -> impl Iterator<Item = u16> {
        self.bytes().chunks_exact(2).map(|unit| u16::from_le_bytes([unit[0], unit[1]]))
    }

    pub fn units32(&self) -> impl Iterator<Item = u32> {
        self.bytes().chunks_exact(4).map(|unit| u32::from_le_bytes([unit[0], unit[1], unit[2], unit[3]]))
    }
}

/// Puts a text in quotes, as a C program would write it.
pub fn quote(line: &mut Line, address: u64, width: Width, count: Option<usize>) {
    if address == 0 {
        return line.push("NULL");
    }
    let Some(found) = Found::at(address, width, count) else {
        return put!(line, "{address:#x}?");
    };
    line.push(if width == Width::One { "\"" } else { "L\"" });
    let mut shown = 0;
    // False: enough.
    let mut show = |line: &mut Line, piece: Piece| {
        shown += 1;
        if shown <= MOST {
            piece.put(line);
        }
        shown <= MOST
    };
    match width {
        Width::One => {
            for chunk in found.bytes().utf8_chunks() {
                let valid = chunk.valid().chars().map(Piece::Character);
                let invalid = chunk.invalid().iter().map(|&byte| Piece::Byte(byte));
                if !valid.chain(invalid).all(|piece| show(line, piece)) {
                    break;
                }
            }
        }
        Width::Two => {
            char::decode_utf16(found.units16()).all(|unit| {
                show(line, unit.map_or_else(|lone| Piece::Unit(lone.unpaired_surrogate()), Piece::Character))
            });
        }
        Width::Four => {
            found.units32().all(|unit| {
                show(line, char::from_u32(unit).map_or(Piece::Impossible(unit), Piece::Character))
            });
        }
    }
    line.push(if found.is_cut || shown > MOST { "\"..." } else { "\"" });
}

enum Piece {
    Character(char),
    /// Not UTF-8.
    Byte(u8),
    /// Half of a surrogate pair.
    Unit(u16),
    /// No character.
    Impossible(u32),
}

/// Whether what follows on a terminal stands elsewhere: in another direction, or line.
fn turns_text(character: char) -> bool {
    matches!(character, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

impl Piece {
    fn put(&self, line: &mut Line) {
        match *self {
            Piece::Character('\\') => line.push("\\\\"),
            Piece::Character('"') => line.push("\\\""),
            Piece::Character('\n') => line.push("\\n"),
            Piece::Character('\r') => line.push("\\r"),
            Piece::Character('\t') => line.push("\\t"),
            Piece::Character(other) if other.is_control() || turns_text(other) => {
                put!(line, "\\u{:04x}", u32::from(other))
            }
            Piece::Character(other) => line.push(other.encode_utf8(&mut [0; 4])),
            Piece::Byte(byte) => put!(line, "\\x{byte:02x}"),
            Piece::Impossible(unit @ ..=0xFFFF) => put!(line, "\\u{unit:04x}"),
            Piece::Unit(unit) => put!(line, "\\u{unit:04x}"),
            Piece::Impossible(unit) => put!(line, "\\U{unit:08x}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quoted(bytes: &[u8], width: Width, count: Option<usize>) -> String {
        let mut line = Line::new();
        // (Aligned to nothing.)
        let copy = [&[0], bytes].concat();
        quote(&mut line, copy.as_ptr().addr() as u64 + 1, width, count);
        std::str::from_utf8(line.bytes()).unwrap().to_string()
    }

    fn wide16(text: &str) -> Vec<u8> {
        text.encode_utf16().chain([0]).flat_map(u16::to_le_bytes).collect()
    }

    #[test]
    fn texts_are_escaped_as_in_c() {
        assert_eq!(quoted("a\u{202e}b\x1b[0m\0".as_bytes(), Width::One, None), "\"a\\u202eb\\u001b[0m\"");
        assert_eq!(quoted(b"Local\\a \"b\"\n\t\x01\0", Width::One, None), r#""Local\\a \"b\"\n\t\u0001""#);
        assert_eq!(quoted("한글\0".as_bytes(), Width::One, None), "\"한글\"");
        assert_eq!(quoted(b"a\xff\xc3\0", Width::One, None), r#""a\xff\xc3""#);
        assert_eq!(quoted(b"\0", Width::One, None), r#""""#);
    }

    #[test]
    fn wide_texts_are_converted() {
        assert_eq!(quoted(&wide16("Local\\한𝄞"), Width::Two, None), "L\"Local\\\\한𝄞\"");
        assert_eq!(quoted(&[0x34, 0xd8, b'a', 0, 0, 0], Width::Two, None), r#"L"\ud834a""#);
        let wide: Vec<u8> =
            [0x41u32, 0x1d11e, 0x11_0000, 0xd800, 0].iter().flat_map(|unit| unit.to_le_bytes()).collect();
        assert_eq!(quoted(&wide, Width::Four, None), "L\"A𝄞\\U00110000\\ud800\"");
    }

    #[test]
    fn long_texts_are_cut() {
        let long = [b'n'; 1000];
        assert_eq!(quoted(&long, Width::One, None), format!("\"{}\"...", "n".repeat(MOST)));
        assert_eq!(
            quoted(&wide16(&"n".repeat(500)), Width::Two, None),
            format!("L\"{}\"...", "n".repeat(MOST))
        );
        assert_eq!(quoted(b"abcdef\0", Width::One, Some(3)), "\"abc\"");
        assert_eq!(quoted(b"ab\0\0", Width::One, Some(0)), "\"\"");
    }

    #[test]
    fn what_cannot_be_read_is_an_address() {
        let mut line = Line::new();
        quote(&mut line, 0, Width::One, None);
        quote(&mut line, 0x10, Width::Two, None);
        assert_eq!(line.bytes(), b"NULL0x10?");
    }
}
