//! `%1!spec!`: how an insert is written, in the words of printf. Sizes are Windows',
//! where `l` has 32 bits; there are no floating-point numbers, as on Windows.

use super::LONGEST;
use crate::error::Error;

/// A width or precision.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Count {
    Given(usize),
    /// `*`: an argument of its own.
    Argument,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    Signed,
    Unsigned,
    Octal,
    Hexadecimal { capitals: bool },
    Pointer,
    Character { wide: bool },
    Text { wide: bool },
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Spec {
    pub left: bool,
    pub plus: bool,
    pub blank: bool,
    pub prefix: bool,
    pub zeros: bool,
    pub width: Option<Count>,
    pub precision: Option<Count>,
    /// Of a number.
    pub bits: u32,
    pub kind: Kind,
}

/// What stands before the letter of the kind.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Size {
    Usual,
    Narrow,
    Wide,
    /// 32 bits, or wide.
    Long,
    Bits(u32),
}

impl Spec {
    /// `%1` alone: a string as wide as the template.
    pub fn text(wide: bool) -> Spec {
        let kind = Kind::Text { wide };
        let (left, plus, blank, prefix, zeros) = (false, false, false, false, false);
        Spec { left, plus, blank, prefix, zeros, width: None, precision: None, bits: 32, kind }
    }

    /// Reads what stands between the exclamation marks. `wide` is what strings and
    /// characters are that do not say it.
    pub fn parse(units: &[u16], wide: bool) -> Result<Spec, Error> {
        let text = String::from_utf16(units).map_err(|_| Error::InvalidParameter)?;
        let mut spec = Spec::text(wide);
        let mut rest = text.as_str();
        while let Some(flag) = rest.chars().next() {
            match flag {
                '-' => spec.left = true,
                '+' => spec.plus = true,
                ' ' => spec.blank = true,
                '#' => spec.prefix = true,
                '0' => spec.zeros = true,
                _ => break,
            }
            rest = &rest[1..];
        }
        spec.width = count(&mut rest)?;
        if let Some(after) = rest.strip_prefix('.') {
            rest = after;
            // A point alone is a precision of 0.
            spec.precision = Some(count(&mut rest)?.unwrap_or(Count::Given(0)));
        }
        let (size, letter) = size(rest);
        let number_bits = match size {
            Size::Bits(bits) => Some(bits),
            Size::Usual | Size::Long => Some(32),
            Size::Narrow => Some(16),
            Size::Wide => None,
        };
        let is_wide = |usual| match size {
            Size::Usual => Ok(usual),
            Size::Narrow => Ok(false),
            Size::Wide | Size::Long => Ok(true),
            Size::Bits(_) => Err(Error::InvalidParameter),
        };
        spec.kind = match letter {
            "d" | "i" => Kind::Signed,
            "u" => Kind::Unsigned,
            "o" => Kind::Octal,
            "x" => Kind::Hexadecimal { capitals: false },
            "X" => Kind::Hexadecimal { capitals: true },
            "p" => Kind::Pointer,
            "c" => Kind::Character { wide: is_wide(wide)? },
            "C" => Kind::Character { wide: is_wide(!wide)? },
            "s" => Kind::Text { wide: is_wide(wide)? },
            "S" => Kind::Text { wide: is_wide(!wide)? },
            _ => return Err(Error::InvalidParameter),
        };
        if !matches!(spec.kind, Kind::Character { .. } | Kind::Text { .. }) {
            spec.bits = number_bits.ok_or(Error::InvalidParameter)?;
        }
        Ok(spec)
    }
}

/// Takes `*` or digits off the front.
fn count(rest: &mut &str) -> Result<Option<Count>, Error> {
    if let Some(after) = rest.strip_prefix('*') {
        *rest = after;
        return Ok(Some(Count::Argument));
    }
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let (digits, after) = rest.split_at(end);
    *rest = after;
    if digits.is_empty() {
        return Ok(None);
    }
    match digits.parse() {
        Ok(count) if count <= LONGEST => Ok(Some(Count::Given(count))),
        _ => Err(Error::MoreData),
    }
}

/// The size, and what follows it.
fn size(rest: &str) -> (Size, &str) {
    const SIZES: [(&str, Size); 11] = [
        ("hh", Size::Bits(8)),
        ("h", Size::Narrow),
        ("ll", Size::Bits(64)),
        ("l", Size::Long),
        ("w", Size::Wide),
        ("I64", Size::Bits(64)),
        ("I32", Size::Bits(32)),
        ("I", Size::Bits(64)),
        ("z", Size::Bits(64)),
        ("t", Size::Bits(64)),
        ("j", Size::Bits(64)),
    ];
    let found = SIZES.iter().find_map(|&(name, size)| Some((size, rest.strip_prefix(name)?)));
    found.unwrap_or((Size::Usual, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Spec, Error> {
        Spec::parse(&text.encode_utf16().collect::<Vec<_>>(), true)
    }

    #[test]
    fn every_part_is_read() {
        let spec = parse("-+ #012.34I64X").unwrap();
        assert!(spec.left && spec.plus && spec.blank && spec.prefix && spec.zeros);
        assert_eq!((spec.width, spec.precision), (Some(Count::Given(12)), Some(Count::Given(34))));
        assert_eq!((spec.bits, spec.kind), (64, Kind::Hexadecimal { capitals: true }));
        let spec = parse("*.*s").unwrap();
        assert_eq!((spec.width, spec.precision), (Some(Count::Argument), Some(Count::Argument)));
        assert_eq!(parse(".s").unwrap().precision, Some(Count::Given(0)));
    }

    #[test]
    fn sizes_are_those_of_windows() {
        for (text, bits) in
            [("d", 32), ("ld", 32), ("lld", 64), ("hd", 16), ("hhd", 8), ("I32d", 32), ("Id", 64), ("zd", 64)]
        {
            assert_eq!(parse(text).unwrap().bits, bits, "{text}");
        }
        for (text, wide) in
            [("s", true), ("S", false), ("hs", false), ("ls", true), ("wS", true), ("hS", false)]
        {
            assert_eq!(parse(text).unwrap().kind, Kind::Text { wide }, "{text}");
        }
        assert_eq!(Spec::parse(&[0x73], false).unwrap().kind, Kind::Text { wide: false });
        assert_eq!(Spec::parse(&[0x53], false).unwrap().kind, Kind::Text { wide: true });
    }

    #[test]
    fn what_printf_does_not_know_is_refused() {
        for text in [
            "", "y", "5", "l", "f", "e", "g", "n", "d ", "sd", "d%", "--", "1.2.3d", "wd", "hhs", "I32s",
            "\u{e9}",
        ] {
            assert_eq!(parse(text), Err(Error::InvalidParameter), "{text}");
        }
        assert_eq!(Spec::parse(&[0xd800], true), Err(Error::InvalidParameter));
        for text in ["65536d", ".65536d", "99999999999999999999999d"] {
            assert_eq!(parse(text), Err(Error::MoreData), "{text}");
        }
    }
}
