//! `winshm clean`: removes what dead processes left.

use crate::cli::Clean;
use crate::failure::{DONE, Failure, NO_PERMISSION, Outcome};
use crate::text::visible;
use std::io::Write;
use winshm::catalog::{self, Fate, Leftover, LeftoverKind};

pub fn run(args: Clean) -> Outcome {
    let leftovers = catalog::leftovers(!args.dry_run);
    let mut output = std::io::stdout().lock();
    let (mut done, mut kept) = (0, 0);
    for (leftover, fate) in &leftovers.found {
        let verb = match fate {
            Fate::Listed => "would remove",
            Fate::Removed => "removed",
            Fate::Kept => "could not remove",
        };
        done += usize::from(*fate != Fate::Kept);
        kept += usize::from(*fate == Fate::Kept);
        writeln!(output, "{verb} {}", describe(leftover))
            .map_err(|error| Failure::os("standard output", error))?;
    }
    let removed = if args.dry_run { "to remove" } else { "removed" };
    writeln!(output, "{done} {removed}").map_err(|error| Failure::os("standard output", error))?;
    if let Some(unread) = leftovers.unread.first() {
        let failure = Failure::windows(unread.path.display().to_string(), unread.error);
        return Err(failure.advise("it cannot be read; `winshm doctor` says more"));
    }
    if kept > 0 {
        let text = format!("{kept} could not be removed");
        return Err(Failure::text(NO_PERMISSION, "clean", text)
            .advise("They are other users', in a directory in which this user may remove only his own"));
    }
    Ok(DONE)
}

fn describe(leftover: &Leftover) -> String {
    let file = visible(&leftover.file.to_string_lossy());
    match &leftover.what {
        LeftoverKind::Object(Some(name)) => format!("{} ({file})", catalog::shown(name)),
        LeftoverKind::Object(None) => format!("an object ({file})"),
        LeftoverKind::Guard => format!("the guard of synchronisation objects ({file})"),
        LeftoverKind::Ledger => format!("the ledger of a segment that is gone ({file})"),
        LeftoverKind::FileToDelete(Some(path)) => {
            format!("{}, which was to be deleted ({file})", visible(&path.to_string_lossy()))
        }
        LeftoverKind::FileToDelete(None) => format!("a note about a file to be deleted ({file})"),
    }
}
