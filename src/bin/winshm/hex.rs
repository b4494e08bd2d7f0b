//! Bytes as lines, as hexdump -C has them.

use std::fmt::Write;

/// Around bytes that are highlighted.
#[derive(Clone, Copy)]
pub struct Highlight {
    pub begin: &'static str,
    pub end: &'static str,
}

pub const NONE: Highlight = Highlight { begin: "", end: "" };

/// Columns of a line with so many bytes.
pub const fn columns(width: usize) -> usize {
    8 + 1 + width.div_ceil(8) + 3 * width + 2 + width + 1
}

/// A line: the offset, `width` bytes or fewer, and what of them are characters.
pub fn line(
    offset: u64,
    bytes: &[u8],
    width: usize,
    marked: impl Fn(usize) -> bool,
    highlight: Highlight,
) -> String {
    let mut line = format!("{offset:08x} ");
    let mut characters = String::new();
    for index in 0..width {
        line.push_str(if index % 8 == 0 { " " } else { "" });
        let Some(byte) = bytes.get(index) else {
            line.push_str("   ");
            continue;
        };
        let Highlight { begin, end } = if marked(index) { highlight } else { NONE };
        let shown = if byte.is_ascii_graphic() || *byte == b' ' { *byte as char } else { '.' };
        let _ = write!(line, "{begin}{byte:02x}{end} ");
        let _ = write!(characters, "{begin}{shown}{end}");
    }
    format!("{line} |{characters}|")
}

/// Lines of 16 bytes; a `*` for those that are like the one before. For bytes that come in pieces.
#[derive(Default)]
pub struct Dump {
    last: Option<[u8; 16]>,
    is_repeating: bool,
}

impl Dump {
    /// `bytes` are a multiple of 16, unless they are the last.
    pub fn lines(
        &mut self,
        offset: u64,
        bytes: &[u8],
        mut to: impl FnMut(&str) -> std::io::Result<()>,
    ) -> std::io::Result<()> {
        for (index, bytes) in bytes.chunks(16).enumerate() {
            let whole = bytes.try_into().ok();
            if whole.is_some() && whole == self.last {
                if !self.is_repeating {
                    to("*")?;
                }
                self.is_repeating = true;
                continue;
            }
            (self.last, self.is_repeating) = (whole, false);
            to(&line(offset + 16 * index as u64, bytes, 16, |_| false, NONE))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dump(pieces: &[&[u8]]) -> Vec<String> {
        let (mut dump, mut lines, mut offset) = (Dump::default(), Vec::new(), 0);
        for piece in pieces {
            let mut add = |line: &str| {
                lines.push(line.to_string());
                Ok(())
            };
            dump.lines(offset, piece, &mut add).unwrap();
            offset += piece.len() as u64;
        }
        lines
    }

    #[test]
    fn lines_are_those_of_hexdump() {
        let text = "00000000  48 65 6c 6c 6f 00 1b 7f  ff 20 7e 31 32 33 34 35  |Hello.... ~12345|";
        assert_eq!(dump(&[b"Hello\0\x1b\x7f\xff ~12345"]), [text]);
        let short = "00000000  41 42 43 44 45 46 47 48  49                       |ABCDEFGHI|";
        assert_eq!(dump(&[b"ABCDEFGHI"]), [short]);
        assert_eq!(text.len(), columns(16));
        assert_eq!(line(0, &[0; 8], 8, |_| false, NONE).len(), columns(8));
    }

    #[test]
    fn lines_that_repeat_are_one_star_also_over_pieces() {
        let zeros = [0; 48];
        let lines = dump(&[&zeros, &zeros, &[1; 16], &zeros[..16], &zeros[..4]]);
        let starts: Vec<_> = lines.iter().map(|line| &line[..line.len().min(11)]).collect();
        assert_eq!(starts, ["00000000  0", "*", "00000060  0", "00000070  0", "00000080  0"]);
    }

    #[test]
    fn marked_bytes_are_highlighted_in_both_columns() {
        let highlight = Highlight { begin: "<", end: ">" };
        let text = line(16, b"AB", 2, |index| index == 1, highlight);
        assert_eq!(text, "00000010  41 <42>  |A<B>|");
    }
}
