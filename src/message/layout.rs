//! Lines of a largest width. Windows breaks a line as soon as it is full, not when it
//! is too long: at the last blanks, which vanish, or else where it stands.

use super::LONGEST;
use crate::error::Error;
use std::ops::Range;

/// What becomes of the line ends of a template, and of long lines.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Width {
    /// Line ends are kept.
    AsWritten,
    /// Line ends are blanks; a line with this many units is broken.
    Columns(usize),
    /// Line ends are blanks.
    OneLine,
}

const LINE_END: [u16; 2] = [b'\r' as u16, b'\n' as u16];
const BLANK: u16 = b' ' as u16;

pub struct Layout {
    text: Vec<u16>,
    width: Width,
    /// Where the last line begins.
    line: usize,
    /// The last blanks of that line at which it may be broken; empty: none.
    blanks: Range<usize>,
}

impl Layout {
    pub fn new(width: Width) -> Layout {
        Layout { text: Vec::new(), width, line: 0, blanks: 0..0 }
    }

    /// A unit of the template.
    pub fn written(&mut self, unit: u16) -> Result<(), Error> {
        if unit == BLANK {
            let end = self.text.len();
            let goes_on = !self.blanks.is_empty() && self.blanks.end == end;
            self.blanks = if goes_on { self.blanks.start } else { end }..end + 1;
        }
        self.whole(&[unit])
    }

    /// Units that belong together: an insert, or a character that was escaped.
    pub fn whole(&mut self, units: &[u16]) -> Result<(), Error> {
        self.text.extend_from_slice(units);
        if let Width::Columns(columns) = self.width {
            while self.text.len() - self.line >= columns {
                self.break_line();
            }
        }
        if self.text.len() > LONGEST { Err(Error::MoreData) } else { Ok(()) }
    }

    /// A line end of the template.
    pub fn soft_end(&mut self) -> Result<(), Error> {
        match self.width {
            Width::AsWritten => self.hard_end(&LINE_END),
            Width::Columns(_) | Width::OneLine => self.written(BLANK),
        }
    }

    /// `%n`.
    pub fn new_line(&mut self) -> Result<(), Error> {
        self.hard_end(&LINE_END)
    }

    /// `%r`.
    pub fn carriage_return(&mut self) -> Result<(), Error> {
        self.hard_end(&LINE_END[..1])
    }

    pub fn finish(self) -> Vec<u16> {
        self.text
    }

    fn hard_end(&mut self, end: &[u16]) -> Result<(), Error> {
        self.text.extend_from_slice(end);
        self.begin_line(self.text.len());
        self.whole(&[])
    }

    fn break_line(&mut self) {
        if self.blanks.is_empty() {
            self.text.extend_from_slice(&LINE_END);
            self.begin_line(self.text.len());
        } else {
            let start = self.blanks.start;
            self.text.splice(self.blanks.clone(), LINE_END);
            self.begin_line(start + LINE_END.len());
        }
    }

    fn begin_line(&mut self, at: usize) {
        self.line = at;
        self.blanks = 0..0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lay_out(width: Width, text: &str) -> String {
        let mut layout = Layout::new(width);
        for unit in text.encode_utf16() {
            match u8::try_from(unit) {
                Ok(b'\n') => layout.soft_end().unwrap(),
                Ok(b'|') => layout.new_line().unwrap(),
                _ => layout.written(unit).unwrap(),
            }
        }
        String::from_utf16(&layout.finish()).unwrap()
    }

    #[test]
    fn a_full_line_is_broken_at_its_last_blanks() {
        let ten = |text| lay_out(Width::Columns(10), text);
        assert_eq!(ten("12345 789"), "12345 789");
        assert_eq!(ten("12345 7890"), "12345\r\n7890");
        assert_eq!(ten("aaaa bbbb cccc dddd"), "aaaa bbbb\r\ncccc dddd");
        assert_eq!(ten("aaa  bbb   ccc"), "aaa  bbb\r\n ccc");
        assert_eq!(ten("aaaaa bbbb   cccc"), "aaaaa\r\nbbbb\r\ncccc");
        assert_eq!(ten("a b|c d"), "a b\r\nc d");
        assert_eq!(ten("aaa\nbbb\nccc"), "aaa bbb\r\nccc");
    }

    #[test]
    fn a_full_line_without_blanks_is_broken_where_it_stands() {
        assert_eq!(lay_out(Width::Columns(5), "short"), "short\r\n");
        assert_eq!(lay_out(Width::Columns(5), "exactly 10 x"), "exact\r\nly\r\n10 x");
        assert_eq!(lay_out(Width::Columns(5), "  lead"), "\r\nlead");
        assert_eq!(lay_out(Width::Columns(1), "a b"), "a\r\n\r\nb\r\n");
    }

    #[test]
    fn line_ends_are_kept_or_become_blanks() {
        assert_eq!(lay_out(Width::AsWritten, "a\n b|c"), "a\r\n b\r\nc");
        assert_eq!(lay_out(Width::OneLine, "a\n b|c"), "a  b\r\nc");
    }

    #[test]
    fn a_text_has_an_end() {
        let mut layout = Layout::new(Width::Columns(1));
        let error = (0..=LONGEST).find_map(|_| layout.written(0x61).err());
        assert_eq!(error, Some(Error::MoreData));
        assert_eq!(Layout::new(Width::OneLine).whole(&vec![0x61; LONGEST + 1]), Err(Error::MoreData));
        assert_eq!(Layout::new(Width::OneLine).whole(&vec![0x61; LONGEST]), Ok(()));
    }
}
