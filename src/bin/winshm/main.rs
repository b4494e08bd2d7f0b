//! `winshm`: the objects of this library, from the shell.
//!
//! `cli` says what can be typed; each subcommand is a file of its own; `failure` holds
//! what goes wrong and the exit codes. What is printed goes through `text`, because a
//! name may hold anything.

mod acquire;
mod bytes;
mod child;
mod clean;
mod cli;
mod create;
mod detach;
mod doctor;
mod dump;
mod failure;
mod generate;
mod hex;
mod interrupt;
mod json;
mod keep;
mod listing;
mod load;
mod look;
mod ls;
mod open;
mod owner;
mod rights;
mod screen;
mod show;
mod signal;
mod sparse;
mod text;
mod wait;
mod watch;
mod win32;

use clap::Parser;
use clap::error::ErrorKind;
use cli::{Cli, Command};
use failure::{Failure, Outcome};
use nix::sys::signal::{SigHandler, Signal, signal};
use std::io::Write;
use std::process::ExitCode;

fn main() -> ExitCode {
    end_with_the_reader();
    let command = match Cli::try_parse() {
        Ok(cli) => cli.command,
        Err(error) => return usage(&error),
    };
    match run(command) {
        Ok(code) => ExitCode::from(code),
        Err(failure) => {
            text::complain(&failure.to_string());
            ExitCode::from(failure.exit_code())
        }
    }
}

fn run(command: Command) -> Outcome {
    match command {
        Command::Ls(args) => ls::run(args),
        Command::Show(args) => show::run(args),
        Command::Dump(args) => dump::run(args),
        Command::Load(args) => load::run(args),
        Command::Watch(args) => watch::run(args),
        Command::Create(args) => create::run(args),
        Command::Set(args) => signal::set(args),
        Command::Reset(args) => signal::reset(args),
        Command::Pulse(args) => signal::pulse(args),
        Command::Release(args) => signal::release(args),
        Command::Acquire(args) => acquire::run(args),
        Command::Wait(args) => wait::run(args),
        Command::Clean(args) => clean::run(args),
        Command::Doctor(args) => doctor::run(args),
        Command::Generate(args) => generate::run(args),
    }
}

/// What clap has to say: help for who asked, or what is wrong with the words. These are
/// shown with it, and may hold anything.
fn usage(error: &clap::Error) -> ExitCode {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => match error.print() {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                text::complain(&Failure::os("standard output", error).to_string());
                ExitCode::from(failure::ERROR)
            }
        },
        _ => {
            let text = without_wrong_tip(&error.render().to_string());
            let _ = std::io::stderr().write_all(text::visible_lines(&text).as_bytes());
            ExitCode::from(failure::USAGE)
        }
    }
}

/// clap's tip for a word with a dash is to put it behind `--`. Where a command stands there, it
/// would be run; a name has its prefix before the dash.
fn without_wrong_tip(text: &str) -> String {
    if !text.contains("[-- <COMMAND>...]") {
        return text.into();
    }
    let is_tip = |line: &&str| line.starts_with("  tip: to pass '");
    let tip = "  tip: a name that begins with a dash is typed with its prefix: 'Local\\-name'";
    let lines = text.split('\n').map(|line| if is_tip(&line) { tip } else { line });
    lines.collect::<Vec<_>>().join("\n")
}

/// `winshm ls | head` ends quietly, as other commands do: Rust's runtime has SIGPIPE ignored.
fn end_with_the_reader() {
    // SAFETY: no handler is installed.
    let _ = unsafe { signal(Signal::SIGPIPE, SigHandler::SigDfl) };
}
