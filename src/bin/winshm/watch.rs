//! `winshm watch`.

use crate::bytes::{Found, MOST, Section};
use crate::cli::Watch;
use crate::failure::{DONE, Failure, Outcome};
use crate::hex::{self, Highlight};
use crate::interrupt::{Interrupts, exit_code};
use crate::keep;
use crate::screen::{Screen, has_colours};
use crate::text::visible;
use nix::sys::signal::Signal;
use std::time::Instant;
use winshm::consts::*;

/// More than any screen has room for.
const MOST_ON_SCREEN: u64 = 1 << 16;

/// The bytes at one time.
struct Picture {
    number: u64,
    /// Of the section.
    size: u64,
    /// Of the range.
    length: u64,
    found: Found,
    /// From the beginning of the range, as many as there is room for.
    bytes: Vec<u8>,
    /// Which of them are not what they were in the picture before.
    changed: Vec<bool>,
}

impl Picture {
    /// Opens the section only for a moment: a watcher keeps nothing alive.
    fn take(args: &Watch, room: u64) -> Result<Picture, Failure> {
        let section = Section::open(&args.name, false)?;
        let length = section.length(&args.name, &args.range)?;
        let mut bytes = vec![0; length.min(room) as usize];
        let found = section.read(&args.name, args.range.offset, &mut bytes)?;
        Ok(Picture { number: 1, size: section.size(), length, found, bytes, changed: Vec::new() })
    }

    /// Bytes that were not there have not changed.
    fn after(mut self, before: &Picture) -> Picture {
        self.number = before.number + 1;
        self.changed = before.bytes.iter().zip(&self.bytes).map(|(before, now)| before != now).collect();
        self
    }

    fn is_changed(&self, index: usize) -> bool {
        self.changed.get(index).copied().unwrap_or(false)
    }

    fn title(&self, args: &Watch) -> String {
        let changes = self.changed.iter().filter(|changed| **changed).count();
        let torn = if self.found == Found::Torn { ", half written: a writer died" } else { "" };
        let (name, size, number) = (visible(&args.name), self.size, self.number);
        format!("{name}: {size} bytes, picture {number}, {changes} changed{torn}")
    }
}

pub fn run(args: Watch) -> Outcome {
    let interrupts = Interrupts::note()?;
    // What is wrong from the beginning is said before there is another screen.
    let first = Picture::take(&args, if Screen::is_possible() { MOST_ON_SCREEN } else { MOST })?;
    let screen = Screen::enter();
    match screen {
        Some(screen) => {
            interrupts.note_terminal().and_then(|()| on_screen(&args, &screen, &interrupts, first))
        }
        None if first.length > MOST => {
            let what = format!("{} bytes are too many: give a --length of at most 64M", first.length);
            Err(Failure::windows(&args.name, ERROR_BAD_LENGTH).advise(what))
        }
        None => into_a_pipe(&args, &interrupts, first),
    }
}

/// The next picture; None: a signal ends it all. `meanwhile` is done when something came.
fn next(
    args: &Watch,
    interrupts: &Interrupts,
    last: &Picture,
    room: u64,
    meanwhile: impl Fn(),
) -> Result<Result<Picture, Signal>, Failure> {
    let began = Instant::now();
    while interrupts.wait_for(Some(args.interval.saturating_sub(began.elapsed())))? {
        if let Some(signal) = interrupts.ending() {
            return Ok(Err(signal));
        }
        meanwhile();
    }
    let picture = Picture::take(args, room).map_err(|failure| match failure.code() {
        Some(ERROR_FILE_NOT_FOUND) => failure.advise("it is gone: nobody has it open any more"),
        _ => failure,
    })?;
    Ok(Ok(picture.after(last)))
}

/// Ctrl-C is how it is meant to end.
pub fn ended_by(signal: Signal) -> u8 {
    if signal == Signal::SIGINT { DONE } else { exit_code(signal) }
}

fn on_screen(args: &Watch, screen: &Screen, interrupts: &Interrupts, first: Picture) -> Outcome {
    let mut picture = first;
    loop {
        let show = || screen.show(&screenful(args, screen, &picture));
        show();
        if args.count == Some(picture.number) {
            return Ok(DONE);
        }
        let meanwhile = || {
            if interrupts.is_to_stop() {
                screen.stop();
            }
            show();
        };
        match next(args, interrupts, &picture, MOST_ON_SCREEN, meanwhile)? {
            Ok(next) => picture = next,
            Err(signal) => return Ok(ended_by(signal)),
        }
    }
}

/// The title, and as many lines as there is room for.
fn screenful(args: &Watch, screen: &Screen, picture: &Picture) -> Vec<String> {
    let (columns, lines) = screen.size();
    let width = [32, 16, 8].into_iter().find(|width| hex::columns(*width) <= columns).unwrap_or(4);
    let changed = if has_colours() { "\x1b[1;30;43m" } else { "\x1b[7m" };
    let highlight = Highlight { begin: changed, end: "\x1b[m" };
    let all = picture.bytes.chunks(width).enumerate().map(|(row, bytes)| {
        let first = row * width;
        let offset = args.range.offset + first as u64;
        hex::line(offset, bytes, width, |index| picture.is_changed(first + index), highlight)
    });
    let mut shown = vec![picture.title(args), String::new()];
    shown.extend(all.take(lines.saturating_sub(3)));
    let bytes = ((shown.len() - 2) * width) as u64;
    if bytes < picture.length {
        shown.push(format!("{} more bytes: --offset {}", picture.length - bytes, args.range.offset + bytes));
    }
    shown
}

fn into_a_pipe(args: &Watch, interrupts: &Interrupts, first: Picture) -> Outcome {
    let mut picture = first;
    loop {
        print(args, &picture)?;
        if args.count == Some(picture.number) {
            return Ok(DONE);
        }
        match next(args, interrupts, &picture, MOST, || ())? {
            Ok(next) => picture = next,
            Err(signal) => return Ok(ended_by(signal)),
        }
    }
}

/// All lines the first time, then those that changed.
fn print(args: &Watch, picture: &Picture) -> Result<(), Failure> {
    let mut text = format!("# {}\n", picture.title(args));
    let mut add = |line: &str| -> std::io::Result<()> {
        text.push_str(line);
        text.push('\n');
        Ok(())
    };
    if picture.number == 1 {
        let whole = hex::Dump::default().lines(args.range.offset, &picture.bytes, &mut add);
        whole.map_err(|error| Failure::os("standard output", error))?;
    } else {
        for (row, bytes) in picture.bytes.chunks(16).enumerate() {
            if (16 * row..16 * row + bytes.len()).any(|index| picture.is_changed(index)) {
                let offset = args.range.offset + 16 * row as u64;
                let _ = add(&hex::line(offset, bytes, 16, |_| false, hex::NONE));
            }
        }
    }
    keep::say(text.trim_end())
}
