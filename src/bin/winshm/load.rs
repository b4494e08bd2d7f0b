//! `winshm load`.

use crate::bytes::Section;
use crate::cli::Load;
use crate::failure::{DONE, ERROR, Failure, Outcome};
use std::fs::File;
use std::io::{Read, stdin};
use std::path::Path;
use winshm::consts::ERROR_BAD_LENGTH;

pub fn run(args: Load) -> Outcome {
    let section = Section::open(&args.name, true)?;
    let size = section.size();
    let room = size.checked_sub(args.offset).ok_or_else(|| {
        let what = format!("it has {size} bytes, and {} is beyond the end", args.offset);
        Failure::windows(&args.name, ERROR_BAD_LENGTH).advise(what)
    })?;
    let from =
        if args.file == Path::new("-") { "standard input".into() } else { args.file.to_string_lossy() };
    // One byte more tells that there is too much, however much there is.
    let contents = read(&args.file, room + 1).map_err(|error| Failure::os(from.clone(), error))?;
    if contents.len() as u64 > room {
        let what = format!(
            "{from} is longer than the {room} bytes from {} to the end; nothing was written",
            args.offset
        );
        return Err(Failure::windows(&args.name, ERROR_BAD_LENGTH).advise(what));
    }
    if contents.is_empty() {
        return Err(Failure::text(ERROR, from, "empty; nothing was written"));
    }
    section.write(&args.name, args.offset, &contents)?;
    Ok(DONE)
}

fn read(file: &Path, limit: u64) -> std::io::Result<Vec<u8>> {
    let mut contents = Vec::new();
    match file == Path::new("-") {
        true => stdin().lock().take(limit).read_to_end(&mut contents)?,
        false => File::open(file)?.take(limit).read_to_end(&mut contents)?,
    };
    Ok(contents)
}
