//! Text of others, made fit to be shown: a name may hold control characters, and a
//! terminal would obey them.

use std::io::Write;
use winshm::catalog::is_visible;

fn shown(text: &str, also: impl Fn(char) -> bool) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        if is_visible(character) || also(character) {
            shown.push(character);
        } else {
            shown.extend(character.escape_unicode());
        }
    }
    shown
}

/// A text for one line: what is not visible as `\u{1b}`.
pub fn visible(text: &str) -> String {
    shown(text, |_| false)
}

/// A text of several lines.
pub fn visible_lines(text: &str) -> String {
    shown(text, |character| character == '\n')
}

/// A line for people, on standard error: whole, among those of other processes. If it cannot
/// be written, nobody can be told so; the exit code tells.
pub fn complain(line: &str) {
    let _ = std::io::stderr().write_all(format!("winshm: {line}\n").as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_is_told_nothing_but_text() {
        assert_eq!(visible("Local\\käse 값 🙂"), "Local\\käse 값 🙂");
        assert_eq!(visible("a\x1b[31mb\n\u{9b}c\u{7f}"), "a\\u{1b}[31mb\\u{a}\\u{9b}c\\u{7f}");
        assert_eq!(visible("a\u{202e}b\u{200b}"), "a\\u{202e}b\\u{200b}");
        assert_eq!(visible_lines("a\n\x1bb\n"), "a\n\\u{1b}b\n");
    }
}
