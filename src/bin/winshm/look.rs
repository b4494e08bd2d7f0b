//! How text looks on standard output.

use crate::screen::has_colours;
use std::io::IsTerminal;
use terminal_size::{Height, Width, terminal_size};

/// How text is to look.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Look {
    pub colours: bool,
    /// Columns; None: no terminal, and lines are as long as they are.
    pub width: Option<usize>,
}

impl Look {
    /// For standard output as it is now.
    pub fn of_output() -> Look {
        const USUAL: (Width, Height) = (Width(80), Height(24));
        let width = || terminal_size().unwrap_or(USUAL).0.0.max(1).into();
        Look { colours: has_colours(), width: std::io::stdout().is_terminal().then(width) }
    }

    /// The text in a style, if there are colours.
    pub fn paint(&self, style: Style, text: &str) -> String {
        match (self.colours, style.code()) {
            (true, Some(code)) => format!("\x1b[{code}m{text}\x1b[0m"),
            _ => text.to_string(),
        }
    }
}

/// What a part of a text means.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Style {
    Plain,
    Title,
    /// It is as it should be, or available.
    Good,
    /// Somebody has it, or it is worth a look.
    Notable,
    /// Something is wrong.
    Bad,
    /// Of less weight.
    Faint,
}

impl Style {
    fn code(self) -> Option<&'static str> {
        match self {
            Style::Plain => None,
            Style::Title => Some("1"),
            Style::Good => Some("32"),
            Style::Notable => Some("33"),
            Style::Bad => Some("1;31"),
            Style::Faint => Some("2"),
        }
    }
}
