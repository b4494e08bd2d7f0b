//! Tables that fit: columns as wide as what is in them, and where that is too much for the
//! terminal, the longest cells of those that may be cut are.

use crate::look::{Look, Style};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// A column.
#[derive(Clone, Copy)]
pub struct Column {
    pub title: &'static str,
    pub is_number: bool,
    /// Where its cells may be cut, and how much always stays.
    pub cut: Cut,
}

/// What may be left out of a cell.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    Never,
    /// The middle: names often differ at their ends.
    Middle(usize),
    End(usize),
}

/// What stands in a cell.
#[derive(Clone, Debug)]
pub struct Cell {
    pub text: String,
    pub style: Style,
}

impl Cell {
    pub fn new(text: impl Into<String>, style: Style) -> Cell {
        Cell { text: text.into(), style }
    }
}

const GAP: usize = 2;

/// As far as columns are filled up with spaces where nothing is cut.
const MOST: usize = 100;

/// The columns that a text takes on a terminal.
pub fn width(text: &str) -> usize {
    text.width()
}

/// Lines with the titles first.
pub fn render(columns: &[Column], rows: &[Vec<Cell>], look: &Look) -> String {
    let mut widths: Vec<usize> = columns.iter().map(|column| width(column.title)).collect();
    for row in rows {
        for (widest, cell) in widths.iter_mut().zip(row) {
            *widest = width(&cell.text).max(*widest);
        }
    }
    match look.width {
        Some(room) => narrow(columns, &mut widths, room),
        // One endless name does not make all lines endless.
        None => widths.iter_mut().for_each(|width| *width = (*width).min(MOST)),
    }
    let titles: Vec<Cell> = columns.iter().map(|column| Cell::new(column.title, Style::Title)).collect();
    let mut text = String::new();
    for row in std::iter::once(&titles).chain(rows) {
        let line = line(columns, &widths, row, look);
        text.push_str(&line);
        text.push('\n');
    }
    text
}

/// Takes what is too much from the widest of the columns that may be cut.
fn narrow(columns: &[Column], widths: &mut [usize], room: usize) {
    let gaps = GAP * columns.len().saturating_sub(1);
    let least = |column: &Column| match column.cut {
        Cut::Never => usize::MAX,
        Cut::Middle(least) | Cut::End(least) => least,
    };
    while widths.iter().sum::<usize>() + gaps > room {
        let candidates = columns.iter().enumerate().filter(|(index, column)| widths[*index] > least(column));
        match candidates.map(|(index, _)| index).max_by_key(|index| widths[*index]) {
            Some(widest) => widths[widest] -= 1,
            None => return,
        }
    }
}

fn line(columns: &[Column], widths: &[usize], row: &[Cell], look: &Look) -> String {
    let mut line = String::new();
    for (index, (column, cell)) in columns.iter().zip(row).enumerate() {
        let text =
            if look.width.is_some() { cut(&cell.text, widths[index], column.cut) } else { cell.text.clone() };
        let missing = widths[index].saturating_sub(width(&text));
        let painted = look.paint(cell.style, &text);
        let is_last = index + 1 == columns.len();
        match column.is_number {
            true => line.extend([&" ".repeat(missing), painted.as_str()]),
            false if is_last => line.push_str(&painted),
            false => line.extend([painted.as_str(), &" ".repeat(missing)]),
        }
        if !is_last {
            line.push_str(&" ".repeat(GAP));
        }
    }
    // Cells at the end may be empty.
    line.truncate(line.trim_end().len());
    line
}

/// A text in at most so many columns.
pub fn cut(text: &str, room: usize, how: Cut) -> String {
    if width(text) <= room {
        return text.to_string();
    }
    let room = room.saturating_sub(1);
    match how {
        Cut::Middle(_) => {
            let front = front(text, room.div_ceil(2));
            let back = back(text, room - width(front));
            format!("{front}…{back}")
        }
        Cut::Never | Cut::End(_) => format!("{}…", front(text, room)),
    }
}

fn front(text: &str, room: usize) -> &str {
    let mut taken = 0;
    let end = text.char_indices().find(|(_, character)| {
        taken += character.width().unwrap_or(0);
        taken > room
    });
    &text[..end.map_or(text.len(), |(at, _)| at)]
}

fn back(text: &str, room: usize) -> &str {
    let mut taken = 0;
    let start = text.char_indices().rev().find(|(_, character)| {
        taken += character.width().unwrap_or(0);
        taken > room
    });
    &text[start.map_or(0, |(at, character)| at + character.len_utf8())..]
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: [Column; 3] = [
        Column { title: "NAME", is_number: false, cut: Cut::Middle(6) },
        Column { title: "SIZE", is_number: true, cut: Cut::Never },
        Column { title: "WHO", is_number: false, cut: Cut::End(5) },
    ];

    fn row(cells: [&str; 3]) -> Vec<Cell> {
        cells.map(|text| Cell::new(text, Style::Good)).to_vec()
    }

    fn plain(width: usize) -> Look {
        Look { colours: false, width: Some(width) }
    }

    #[test]
    fn a_wide_terminal_gets_everything_and_a_narrow_one_what_fits() {
        let rows = [
            row(["a-long-name-with-an-end", "1", "first[1], second[2]"]),
            row(["값값값값값값값값", "200", ""]),
        ];
        let wide = render(&COLUMNS, &rows, &plain(200));
        assert_eq!(wide.lines().nth(1), Some("a-long-name-with-an-end     1  first[1], second[2]"));
        for room in [24, 30, 40] {
            let narrow = render(&COLUMNS, &rows, &plain(room));
            assert!(narrow.lines().all(|line| width(line) <= room), "{room}:\n{narrow}");
            assert!(narrow.contains("…") && narrow.contains("200"));
        }
        let piped = render(&COLUMNS, &rows, &Look { colours: false, width: None });
        assert_eq!(piped, wide);
    }

    #[test]
    fn a_pipe_gets_all_of_an_endless_name_and_no_other_line_is_long() {
        let endless = "n".repeat(30_000);
        let rows = [row(["short", "1", "a"]), row([&endless, "2", "b"])];
        let piped = render(&COLUMNS, &rows, &Look { colours: false, width: None });
        let lines: Vec<_> = piped.lines().collect();
        assert!(lines[0].len() < 200 && lines[1].len() < 200, "{piped}");
        assert_eq!(lines[2], format!("{endless}     2  b"));
    }

    #[test]
    fn wide_characters_are_cut_between_them() {
        assert_eq!(cut("값값값값", 6, Cut::End(1)), "값값…");
        assert_eq!(cut("값값값값", 7, Cut::Middle(1)), "값…값값");
        assert_eq!(cut("abcdef", 5, Cut::Middle(1)), "ab…ef");
        assert_eq!(cut("abc", 0, Cut::End(0)), "…");
    }

    #[test]
    fn colours_take_no_room() {
        let rows = [row(["x", "1", "y"])];
        let coloured = render(&COLUMNS, &rows, &Look { colours: true, width: Some(80) });
        assert!(coloured.contains("\x1b[32mx\x1b[0m   "), "{coloured:?}");
    }
}
