//! A line in the making: a buffer on the stack, because a call that is traced may be made
//! in a signal handler, where no memory can be had.

#![forbid(unsafe_code)]

use std::fmt::{self, Write};

/// With what is said about the call; a pipe takes so much in one piece.
pub const LONGEST: usize = 2048;
/// For the call itself.
pub const LONGEST_CALL: usize = 1400;

pub struct Line {
    bytes: [u8; LONGEST],
    length: usize,
    limit: usize,
}

impl Line {
    pub fn new() -> Line {
        Line { bytes: [0; LONGEST], length: 0, limit: LONGEST_CALL }
    }

    /// What does not fit is left out, and "..." stands for it.
    pub fn push(&mut self, text: &str) {
        const MARK: &str = "...";
        let room = self.limit.saturating_sub(self.length);
        if text.len() + MARK.len() <= room {
            self.append(text);
        } else if room >= MARK.len() {
            self.append(MARK);
            self.limit = self.length;
        }
    }

    fn append(&mut self, text: &str) {
        let end = self.length + text.len();
        if let Some(to) = self.bytes.get_mut(self.length..end) {
            to.copy_from_slice(text.as_bytes());
            self.length = end;
        }
    }

    /// There is room again: for what follows the arguments, which is short.
    pub fn more(&mut self, room: usize) {
        self.limit = (self.length + room).min(LONGEST);
    }

    pub fn bytes(&self) -> &[u8] {
        &self.bytes[..self.length]
    }
}

impl Write for Line {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.push(text);
        Ok(())
    }
}

/// `write!`, to a line, which cannot fail.
macro_rules! put {
    ($line:expr, $($format:tt)*) => {{
        let _ = std::fmt::Write::write_fmt($line, format_args!($($format)*));
    }};
}
pub(super) use put;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_is_too_long_is_cut_and_says_so_and_what_follows_has_room() {
        let mut line = Line::new();
        for _ in 0..LONGEST {
            line.push("ab");
        }
        assert!(line.bytes().len() <= LONGEST_CALL && line.bytes().ends_with(b"ab..."));
        line.push("lost");
        line.more(100);
        put!(&mut line, ") = {}", 5);
        assert!(line.bytes().ends_with(b"ab...) = 5"));
        line.more(2 * LONGEST);
        for _ in 0..LONGEST {
            line.push("é");
        }
        assert!(line.bytes().len() <= LONGEST && std::str::from_utf8(line.bytes()).is_ok());
    }
}
