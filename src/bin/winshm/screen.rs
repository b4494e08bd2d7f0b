//! The terminal, for pictures that replace each other. What was on it comes back at the end.

use nix::sys::signal::{Signal, raise};
use std::io::{IsTerminal, Write, stdout};
use terminal_size::{Height, Width, terminal_size};

/// A second screen, without a cursor and without lines that wrap.
const ENTER: &str = "\x1b[?1049h\x1b[?25l\x1b[?7l";
const LEAVE: &str = "\x1b[?7h\x1b[?25h\x1b[?1049l";
const HOME: &str = "\x1b[H";
const CLEAR_LINE: &str = "\x1b[K";
const CLEAR_REST: &str = "\x1b[J";

pub struct Screen(());

impl Screen {
    pub fn is_possible() -> bool {
        stdout().is_terminal() && !is_dumb()
    }

    /// None: the output is no terminal.
    pub fn enter() -> Option<Screen> {
        Screen::is_possible().then(|| {
            put(ENTER);
            Screen(())
        })
    }

    /// Columns and lines.
    pub fn size(&self) -> (usize, usize) {
        let (Width(columns), Height(lines)) = terminal_size().unwrap_or((Width(80), Height(24)));
        (columns.max(1).into(), lines.max(2).into())
    }

    /// Shows these lines, as far as there is room.
    pub fn show(&self, lines: &[String]) {
        let room = self.size().1;
        // First cleared: behind a line of full width the cursor stands on its last character.
        let mut shown: Vec<_> = lines.iter().take(room).map(|line| format!("{CLEAR_LINE}{line}")).collect();
        if shown.len() < room {
            shown.push(CLEAR_REST.into());
        }
        put(&format!("{HOME}{}", shown.join("\r\n")));
    }

    /// What Ctrl-Z asks for; returns when the process goes on.
    pub fn stop(&self) {
        put(LEAVE);
        let _ = raise(Signal::SIGSTOP);
        put(ENTER);
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        put(LEAVE);
    }
}

/// A terminal that is gone is noticed by its signal.
fn put(text: &str) {
    let mut to = stdout().lock();
    let _ = to.write_all(text.as_bytes()).and_then(|()| to.flush());
}

/// Whether the terminal obeys no sequences.
fn is_dumb() -> bool {
    std::env::var_os("TERM").is_none_or(|name| name.is_empty() || name == "dumb")
}

/// Whether the output may have colours: https://no-color.org.
pub fn has_colours() -> bool {
    let is_wanted = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    stdout().is_terminal() && !is_dumb() && is_wanted
}
