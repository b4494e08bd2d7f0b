//! A template is read from its beginning to its end; what `%` introduces is replaced.

use super::insert::{Inserts, expand};
use super::layout::{Layout, Width};
use super::spec::Spec;
use super::system;
use crate::error::Error;

/// The message that a template makes. Without inserts, `%1` and all that stands for a
/// character is passed on as it is.
pub fn format(template: &[u16], width: Width, inserts: Option<&dyn Inserts>) -> Result<Vec<u16>, Error> {
    let mut formatter = Formatter { layout: Layout::new(width), inserts };
    formatter.run(template)?;
    Ok(formatter.layout.finish())
}

/// The template of an error code.
pub fn system_template(code: u32) -> Result<Vec<u16>, Error> {
    let text = system::text(code).ok_or(Error::NoSuchMessage)?;
    Ok(text.encode_utf16().chain("\r\n".encode_utf16()).collect())
}

struct Formatter<'a> {
    layout: Layout,
    inserts: Option<&'a dyn Inserts>,
}

const PERCENT: u16 = b'%' as u16;
const EXCLAMATION: u16 = b'!' as u16;
const CARRIAGE_RETURN: u16 = b'\r' as u16;
const LINE_FEED: u16 = b'\n' as u16;

impl Formatter<'_> {
    fn run(&mut self, mut rest: &[u16]) -> Result<(), Error> {
        loop {
            rest = match rest {
                [] => return Ok(()),
                [PERCENT, after @ ..] => match self.escape(after)? {
                    Some(after) => after,
                    None => return Ok(()),
                },
                [CARRIAGE_RETURN, LINE_FEED, after @ ..] | [CARRIAGE_RETURN | LINE_FEED, after @ ..] => {
                    self.layout.soft_end()?;
                    after
                }
                [high @ 0xd800..0xdc00, low @ 0xdc00..0xe000, after @ ..] => {
                    self.layout.whole(&[*high, *low])?;
                    after
                }
                [unit, after @ ..] => {
                    self.layout.written(*unit)?;
                    after
                }
            }
        }
    }

    /// What follows a `%`. Returns what comes after it; None: the message ends here.
    fn escape<'t>(&mut self, rest: &'t [u16]) -> Result<Option<&'t [u16]>, Error> {
        let [unit, after @ ..] = rest else {
            return Err(Error::InvalidParameter);
        };
        match u8::try_from(*unit) {
            Ok(b'0') => return Ok(None),
            Ok(b'n') => self.layout.new_line()?,
            Ok(b'r') => self.layout.carriage_return()?,
            Ok(b't') => self.layout.whole(&[b'\t'.into()])?,
            Ok(b'b') => self.layout.whole(&[b' '.into()])?,
            Ok(digit) => match self.inserts {
                None => self.layout.whole(&[PERCENT, *unit])?,
                Some(inserts) if digit.is_ascii_digit() => return self.insert(inserts, rest).map(Some),
                Some(_) => self.layout.whole(&[*unit])?,
            },
            Err(_) if self.inserts.is_none() => self.layout.whole(&[PERCENT, *unit])?,
            Err(_) => self.layout.whole(&[*unit])?,
        }
        Ok(Some(after))
    }

    /// `%1` to `%99`, perhaps with a specification between exclamation marks.
    fn insert<'t>(&mut self, inserts: &dyn Inserts, rest: &'t [u16]) -> Result<&'t [u16], Error> {
        let is_digit = |unit: &&u16| u8::try_from(**unit).is_ok_and(|unit| unit.is_ascii_digit());
        let digits = rest.iter().take(2).take_while(is_digit).count();
        let (number, rest) = rest.split_at(digits);
        let number = number.iter().fold(0, |number, digit| number * 10 + usize::from(digit - 0x30));
        let [EXCLAMATION, rest @ ..] = rest else {
            let text = expand(&Spec::text(inserts.are_wide()), inserts, number)?;
            self.layout.whole(&text)?;
            return Ok(rest);
        };
        let end = rest.iter().position(|&unit| unit == EXCLAMATION).ok_or(Error::InvalidParameter)?;
        let spec = Spec::parse(&rest[..end], inserts.are_wide())?;
        self.layout.whole(&expand(&spec, inserts, number)?)?;
        Ok(&rest[end + 1..])
    }
}

#[cfg(test)]
mod tests {
    use super::super::LONGEST;
    use super::super::insert::tests::Arguments;
    use super::*;

    fn units(text: &str) -> Vec<u16> {
        text.encode_utf16().collect()
    }

    fn formatted(template: &str) -> Result<String, Error> {
        let (values, texts) = (&[1, 2, 42, 1, 2, 1, 2, 1, 2, 1, 2, 2][..], &["one", "%1\ntwo"][..]);
        let arguments = Arguments { values, texts, wide: true };
        let text = format(&units(template), Width::AsWritten, Some(&arguments));
        text.map(|text| String::from_utf16(&text).unwrap())
    }

    fn passed_on(template: &str) -> Result<String, Error> {
        let text = format(&units(template), Width::AsWritten, None);
        text.map(|text| String::from_utf16(&text).unwrap())
    }

    #[test]
    fn escapes_stand_for_characters_and_ends() {
        for (template, expected) in [
            ("", ""),
            ("a%0b", "a"),
            ("a%nb", "a\r\nb"),
            ("a%rb", "a\rb"),
            ("a%tb", "a\tb"),
            ("a%bb", "a b"),
            ("a%%b% c%.d%!e%xf%\u{e9}", "a%b c.d!exf\u{e9}"),
            ("a\nb\rc\r\nd\n\re", "a\r\nb\r\nc\r\nd\r\n\r\ne"),
            ("%\r\nx", "\r\r\nx"),
            ("\u{1f600}%\u{1f600}", "\u{1f600}\u{1f600}"),
        ] {
            assert_eq!(formatted(template).as_deref(), Ok(expected), "{template:?}");
        }
    }

    #[test]
    fn inserts_are_arguments_and_not_templates() {
        for (template, expected) in [
            ("%1", "one"),
            ("%1%1", "oneone"),
            ("%2", "%1\ntwo"),
            ("%12", "%1\ntwo"),
            ("%123", "%1\ntwo3"),
            ("%1a", "onea"),
            ("%1 !s!", "one !s!"),
            ("%1!s!s!", "ones!"),
            ("%3!d!|%1!5s!|", "42|  one|"),
            ("%01", ""),
        ] {
            assert_eq!(formatted(template).as_deref(), Ok(expected), "{template:?}");
        }
    }

    #[test]
    fn without_inserts_only_ends_and_blanks_are_replaced() {
        for (template, expected) in [
            ("%1!d! %99 %%% %.%!%x", "%1!d! %99 %%% %.%!%x"),
            ("%1!d", "%1!d"),
            ("a%nb%tc%rd%0e", "a\r\nb\tc\rd"),
            ("a\nb", "a\r\nb"),
        ] {
            assert_eq!(passed_on(template).as_deref(), Ok(expected), "{template:?}");
        }
    }

    #[test]
    fn what_has_no_end_is_refused() {
        for template in ["%", "test%", "%1!", "%1!d", "%1!!", "%1!d%!", "%13", "%99!*.*d!"] {
            assert_eq!(formatted(template), Err(Error::InvalidParameter), "{template:?}");
        }
        assert_eq!(passed_on("a%"), Err(Error::InvalidParameter));
    }

    #[test]
    fn an_insert_is_never_broken() {
        let arguments = Arguments { values: &[1], texts: &["x y z u v w"], wide: true };
        let text = format(&units("%1 bbb ccc%n ddd eee fff"), Width::Columns(10), Some(&arguments));
        let expected = "x y z u v w\r\n bbb ccc\r\n ddd eee\r\nfff";
        assert_eq!(text, Ok(units(expected)));
    }

    #[test]
    fn system_templates_end_their_line() {
        assert_eq!(system_template(5), Ok(units("Access is denied.\r\n")));
        assert_eq!(system_template(12_345_678), Err(Error::NoSuchMessage));
    }

    /// No template panics, and none makes more than it may.
    #[test]
    fn every_template_has_a_text_or_an_error() {
        let parts: Vec<_> = "% 1 2 99 0 ! s d x c * . - # 5 65535 l I64 n r t b \r \n S p + w"
            .split(' ')
            .map(|part| part.replace("\\r", "\r").replace("\\n", "\n"))
            .chain([" ".to_string(), "\u{1f600}".to_string()])
            .collect();
        let arguments = Arguments { values: &[1; 120], texts: &["text"], wide: false };
        let mut random = 1_u64;
        for _ in 0..200_000 {
            let mut template = String::new();
            for _ in 0..random >> 8 & 15 {
                random =
                    random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                template += &parts[(random >> 33) as usize % parts.len()];
            }
            random = random.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let width = [Width::AsWritten, Width::OneLine, Width::Columns(1), Width::Columns(9)];
            let inserts: Option<&dyn Inserts> = if random & 1 == 0 { Some(&arguments) } else { None };
            let text = format(&units(&template), width[(random >> 20) as usize % 4], inserts);
            match text {
                Ok(text) => assert!(text.len() <= LONGEST, "{template:?}"),
                Err(error) => {
                    assert!(matches!(error, Error::InvalidParameter | Error::MoreData), "{template:?}")
                }
            }
        }
    }
}
