//! The man pages and the completions, from the definitions in `cli`: what can be typed is
//! said once.

mod examples;
mod man;

use crate::cli::{Cli, Generate, Generated};
use crate::failure::{DONE, Failure, Outcome};
use clap::{Command, CommandFactory};
use clap_complete::Shell;
use std::path::Path;

pub fn run(args: Generate) -> Outcome {
    match args.what {
        Generated::Man { folder } => {
            make(&folder)?;
            for (name, page) in man::pages(visible()) {
                let path = folder.join(name);
                std::fs::write(&path, page).map_err(|error| failure(&path, error))?;
            }
        }
        Generated::Completions { folder } => {
            make(&folder)?;
            for shell in [Shell::Bash, Shell::Zsh, Shell::Fish] {
                clap_complete::generate_to(shell, &mut visible(), "winshm", &folder)
                    .map_err(|error| failure(&folder, error))?;
            }
        }
    }
    Ok(DONE)
}

fn make(folder: &Path) -> Result<(), Failure> {
    std::fs::create_dir_all(folder).map_err(|error| failure(folder, error))
}

fn failure(path: &Path, error: std::io::Error) -> Failure {
    Failure::os(path.display().to_string(), error)
}

/// What users are told of: without this subcommand, which is the packages'.
fn visible() -> Command {
    let whole = Cli::command();
    let about = whole.get_about().cloned().unwrap_or_default();
    let long_about = whole.get_long_about().cloned().unwrap_or_default();
    let all = whole.get_subcommands().filter(|one| !one.is_hide_set()).cloned();
    Command::new("winshm")
        .about(about)
        .long_about(long_about)
        .version(env!("CARGO_PKG_VERSION"))
        .arg_required_else_help(true)
        .subcommand_required(true)
        .disable_help_subcommand(true)
        .subcommands(all)
}
