//! `winshm dump`.

use crate::bytes::{self, Found, MOST, Section};
use crate::cli::Dump;
use crate::failure::{DONE, Failure, Outcome, USAGE};
use crate::hex;
use std::io::{BufWriter, Error, IsTerminal, Write, stdout};

pub fn run(args: Dump) -> Outcome {
    if args.raw && stdout().is_terminal() {
        let why = "--raw is for a file or a pipe: a terminal would obey the bytes";
        return Err(Failure::text(USAGE, args.name, why));
    }
    let section = Section::open(&args.name, false)?;
    let length = section.length(&args.name, &args.range)?;
    let mut to = BufWriter::new(stdout().lock());
    let mut lines = hex::Dump::default();
    let mut piece = vec![0; length.min(MOST) as usize];
    let (mut offset, end) = (args.range.offset, args.range.offset + length);
    let mut is_torn = false;
    while offset < end {
        piece.truncate((end - offset).min(MOST) as usize);
        is_torn |= section.read(&args.name, offset, &mut piece)? == Found::Torn;
        match args.raw {
            true => to.write_all(&piece),
            false => lines.lines(offset, &piece, |line| writeln!(to, "{line}")),
        }
        .map_err(output)?;
        offset += piece.len() as u64;
    }
    if !args.raw {
        writeln!(to, "{end:08x}").map_err(output)?;
    }
    to.flush().map_err(output)?;
    if is_torn { Err(bytes::torn(&args.name)) } else { Ok(DONE) }
}

fn output(error: Error) -> Failure {
    Failure::os("standard output", error)
}
