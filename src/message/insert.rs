//! One insert: an argument, written as its specification says.

use super::LONGEST;
use super::spec::{Count, Kind, Spec};
use crate::error::Error;

/// The arguments of a message.
pub trait Inserts {
    /// The argument of a number, from 1 on. Who reads more than there are reads garbage,
    /// as with printf.
    fn value(&self, number: usize) -> Result<u64, Error>;

    /// The argument behind a width or precision that was one, too: `number` if such
    /// arguments have numbers, else the next one that nobody has read.
    fn value_behind(&self, number: usize) -> Result<u64, Error>;

    /// The character that an argument is.
    fn character(&self, value: u64, wide: bool) -> Vec<u16>;

    /// The string that an argument points to, which is not NULL; reads no further than
    /// its end or `limit` of its units.
    fn text(&self, value: u64, wide: bool, limit: usize) -> Vec<u16>;

    /// Whether strings are wide that do not say what they are.
    fn are_wide(&self) -> bool;
}

/// An argument as its specification wants it. Widths and precisions that are arguments
/// come before it.
pub fn expand(spec: &Spec, inserts: &dyn Inserts, mut number: usize) -> Result<Vec<u16>, Error> {
    let mut left = spec.left;
    let next = |number: &mut usize| {
        let value = inserts.value(*number);
        *number += 1;
        value
    };
    let width = match spec.width {
        None => 0,
        Some(Count::Given(width)) => width,
        Some(Count::Argument) => {
            let width = next(&mut number)? as i32;
            left |= width < 0;
            at_most_longest(width.unsigned_abs())?
        }
    };
    let precision = match spec.precision {
        None => None,
        Some(Count::Given(precision)) => Some(precision),
        // A negative one means none.
        Some(Count::Argument) => match u32::try_from(next(&mut number)? as i32) {
            Ok(precision) => Some(at_most_longest(precision)?),
            Err(_) => None,
        },
    };
    let value = match (spec.width, spec.precision) {
        (Some(Count::Argument), _) | (_, Some(Count::Argument)) => inserts.value_behind(number)?,
        _ => inserts.value(number)?,
    };
    let (before, text, zeros) = match spec.kind {
        Kind::Character { wide } => (String::new(), inserts.character(value, wide), spec.zeros),
        Kind::Text { wide } => {
            // One more than fits, so that it is noticed.
            let limit = precision.unwrap_or(LONGEST + 1);
            let text = match value {
                0 => "(null)".encode_utf16().take(limit).collect(),
                _ => inserts.text(value, wide, limit),
            };
            (String::new(), text, spec.zeros)
        }
        _ => {
            let (before, digits) = digits(spec, precision, value);
            (before, digits.encode_utf16().collect(), spec.zeros && precision.is_none())
        }
    };
    let blanks = width.saturating_sub(before.len() + text.len());
    let fill = |unit: u8, wanted: bool| std::iter::repeat_n(u16::from(unit), if wanted { blanks } else { 0 });
    Ok(fill(b' ', !left && !zeros)
        .chain(before.encode_utf16())
        .chain(fill(b'0', !left && zeros))
        .chain(text)
        .chain(fill(b' ', left))
        .collect())
}

fn at_most_longest(count: u32) -> Result<usize, Error> {
    let count = count as usize;
    if count > LONGEST { Err(Error::MoreData) } else { Ok(count) }
}

/// What stands before the digits of a number, and the digits.
fn digits(spec: &Spec, precision: Option<usize>, value: u64) -> (String, String) {
    let unused = u64::BITS - spec.bits;
    let unsigned = value << unused >> unused;
    let (before, digits) = match spec.kind {
        Kind::Signed => {
            let signed = (value << unused) as i64 >> unused;
            let sign = match (signed < 0, spec.plus, spec.blank) {
                (true, _, _) => "-",
                (false, true, _) => "+",
                (false, false, true) => " ",
                (false, false, false) => "",
            };
            (sign, signed.unsigned_abs().to_string())
        }
        Kind::Octal if spec.prefix && unsigned != 0 => ("", format!("0{unsigned:o}")),
        Kind::Octal => ("", format!("{unsigned:o}")),
        Kind::Hexadecimal { capitals: false } => {
            (if spec.prefix && unsigned != 0 { "0x" } else { "" }, format!("{unsigned:x}"))
        }
        Kind::Hexadecimal { capitals: true } => {
            (if spec.prefix && unsigned != 0 { "0X" } else { "" }, format!("{unsigned:X}"))
        }
        Kind::Pointer => ("", format!("{value:016X}")),
        Kind::Unsigned | Kind::Character { .. } | Kind::Text { .. } => ("", unsigned.to_string()),
    };
    let digits = match precision {
        Some(0) if unsigned == 0 && spec.kind != Kind::Pointer => String::new(),
        Some(precision) => format!("{digits:0>precision$}"),
        None => digits,
    };
    (before.to_string(), digits)
}

#[cfg(test)]
pub mod tests {
    use super::*;

    /// Arguments that are numbers, or indices of strings.
    pub struct Arguments<'a> {
        pub values: &'a [u64],
        pub texts: &'a [&'a str],
        pub wide: bool,
    }

    impl Inserts for Arguments<'_> {
        fn value(&self, number: usize) -> Result<u64, Error> {
            self.values.get(number - 1).copied().ok_or(Error::InvalidParameter)
        }

        fn value_behind(&self, number: usize) -> Result<u64, Error> {
            self.value(number)
        }

        fn character(&self, value: u64, wide: bool) -> Vec<u16> {
            vec![if wide { value as u16 } else { u16::from(value as u8) }]
        }

        /// String 1 to n; `other ` before it: not of the usual width.
        fn text(&self, value: u64, wide: bool, limit: usize) -> Vec<u16> {
            let text = self.texts[value as usize - 1];
            let mark = if wide == self.wide { "" } else { "other " };
            format!("{mark}{text}").encode_utf16().take(limit).collect()
        }

        fn are_wide(&self) -> bool {
            self.wide
        }
    }

    fn expanded(spec: &str, values: &[u64]) -> Result<String, Error> {
        let texts = ["Bill", ""];
        let arguments = Arguments { values, texts: &texts, wide: true };
        let spec = Spec::parse(&spec.encode_utf16().collect::<Vec<_>>(), true)?;
        expand(&spec, &arguments, 1).map(|units| String::from_utf16(&units).unwrap())
    }

    #[test]
    fn numbers_are_written_as_printf_does() {
        let minus_42 = -42_i64 as u64;
        for (spec, value, expected) in [
            ("d", 42, "42"),
            ("8.3lx", 42, "     02a"),
            ("-8x", 42, "2a      "),
            ("08X", 42, "0000002A"),
            ("#x", 42, "0x2a"),
            ("#X", 0, "0"),
            ("#o", 8, "010"),
            ("#o", 0, "0"),
            ("+d", 42, "+42"),
            (" d", 42, " 42"),
            ("06d", minus_42, "-00042"),
            ("#010x", 42, "0x0000002a"),
            ("-010d", 42, "42        "),
            (".5d", minus_42, "-00042"),
            ("010.5d", minus_42, "    -00042"),
            (".0d", 0, ""),
            (".d", 0, ""),
            ("p", 0xabc, "0000000000000ABC"),
            ("i", minus_42, "-42"),
            ("o", 42, "52"),
        ] {
            assert_eq!(expanded(spec, &[value]).as_deref(), Ok(expected), "{spec}");
        }
    }

    #[test]
    fn the_upper_half_of_an_argument_is_not_part_of_a_small_number() {
        let garbage = 0xdead_beef_0001_1170;
        for (spec, expected) in [
            ("u", "70000"),
            ("lu", "70000"),
            ("hu", "4464"),
            ("hhu", "112"),
            ("hhd", "112"),
            ("llx", "deadbeef00011170"),
        ] {
            assert_eq!(expanded(spec, &[garbage]).as_deref(), Ok(expected), "{spec}");
        }
        assert_eq!(expanded("d", &[0x1234_5678_ffff_ffff]).as_deref(), Ok("-1"));
        assert_eq!(expanded("lld", &[u64::MAX]).as_deref(), Ok("-1"));
        assert_eq!(expanded("lld", &[1 << 63]).as_deref(), Ok("-9223372036854775808"));
    }

    #[test]
    fn strings_and_characters_have_widths_and_precisions() {
        for (spec, expected) in [
            ("s", "Bill"),
            (".2s", "Bi"),
            ("6.3s", "   Bil"),
            ("-6.3s", "Bil   "),
            ("06s", "00Bill"),
            ("S", "other Bill"),
            ("hs", "other Bill"),
            ("ls", "Bill"),
            ("2s", "Bill"),
        ] {
            assert_eq!(expanded(spec, &[1]).as_deref(), Ok(expected), "{spec}");
        }
        assert_eq!(expanded("5c", &[0x78]).as_deref(), Ok("    x"));
        assert_eq!(expanded("s", &[0]).as_deref(), Ok("(null)"));
        assert_eq!(expanded("5.2s", &[0]).as_deref(), Ok("   (n"));
    }

    #[test]
    fn a_star_takes_an_argument_of_its_own() {
        assert_eq!(expanded("*.*s", &[4, 2, 1]).as_deref(), Ok("  Bi"));
        assert_eq!(expanded("*d", &[5, 42]).as_deref(), Ok("   42"));
        assert_eq!(expanded("*d", &[-5_i64 as u64, 42]).as_deref(), Ok("42   "));
        assert_eq!(expanded(".*s", &[u64::from(u32::MAX), 1]).as_deref(), Ok("Bill"));
        assert_eq!(expanded("*d", &[5]), Err(Error::InvalidParameter));
    }

    #[test]
    fn no_width_is_longer_than_a_text_may_be() {
        assert_eq!(expanded("65535d", &[1]).map(|text| text.len()), Ok(65535));
        assert_eq!(expanded("*d", &[65536, 1]), Err(Error::MoreData));
        assert_eq!(expanded("*d", &[i32::MIN as u64, 1]), Err(Error::MoreData));
        assert_eq!(expanded(".*d", &[i32::MAX as u64, 1]), Err(Error::MoreData));
    }
}
