//! JSON for programs, which a terminal may get as well: what would steer it stands as an escape
//! of JSON, and means the same.

use serde::Serialize;
use std::fmt::Write;
use winshm::catalog::is_visible;

/// For people to read, too.
pub fn pretty(document: &impl Serialize) -> String {
    escaped(&serde_json::to_string_pretty(document).unwrap_or_default()) + "\n"
}

/// In one line.
pub fn line(document: &impl Serialize) -> String {
    escaped(&serde_json::to_string(document).unwrap_or_default()) + "\n"
}

/// Outside of texts, JSON has nothing that is not visible but line ends; in texts these are
/// escaped already.
fn escaped(json: &str) -> String {
    let mut escaped = String::with_capacity(json.len());
    for character in json.chars() {
        if is_visible(character) || character == '\n' {
            escaped.push(character);
            continue;
        }
        for unit in character.encode_utf16(&mut [0; 2]) {
            let _ = write!(escaped, "\\u{unit:04x}");
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_steers_a_terminal_is_escaped_and_means_the_same() {
        let text = "a\u{1b}[2J\u{9b}2J\u{7f}\u{202e}\u{e0041}\"\\\n값 ";
        for json in [pretty(&[text]), line(&[text])] {
            let shown = |character| is_visible(character) || character == '\n';
            assert!(json.chars().all(shown), "{json:?}");
            assert_eq!(serde_json::from_str::<Vec<String>>(&json).unwrap(), [text]);
        }
        assert_eq!(line(&["\u{9b}\u{e0041}"]), "[\"\\u009b\\udb40\\udc41\"]\n");
    }
}
