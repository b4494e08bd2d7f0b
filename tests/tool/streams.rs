//! Standard output and standard error to which nothing can be written. Exit codes stay, and
//! nothing panics (which would be 101).

use crate::ls::look_until;
use crate::world::{DONE, ERROR, NO_SUCH_OBJECT, USAGE, World, end_of};
use std::fs::File;
use std::process::Stdio;

fn full() -> Stdio {
    File::options().write(true).open("/dev/full").expect("/dev/full").into()
}

#[test]
fn where_errors_cannot_be_written_the_exit_code_still_tells() {
    let world = World::new();
    let cases: [(&[&str], i32); 4] = [
        (&["show", "nothing"], NO_SUCH_OBJECT),
        (&["ls"], ERROR),
        (&["no-such-subcommand"], USAGE),
        (&["wait", "nothing"], NO_SUCH_OBJECT),
    ];
    for (words, code) in cases {
        let mut command = world.command(words);
        command.stderr(full());
        if words == ["ls"] {
            // It complains of this.
            command.env("WINSHM_DIR", "relative");
        }
        end_of(command).ends(code);
    }
}

#[test]
fn a_full_disk_is_an_error_whatever_is_written() {
    let world = World::new();
    let _held = [world.hold(&["section", "Section", "4096"]), world.hold(&["semaphore", "Slots", "1", "2"])];
    let cases: [&[&str]; 10] = [
        &["ls"],
        &["ls", "--json"],
        &["show", "Section"],
        &["dump", "Section"],
        &["dump", "Section", "--raw"],
        &["watch", "Section", "-n1"],
        &["clean"],
        &["release", "Slots"],
        &["--help"],
        &["--version"],
    ];
    for words in cases {
        let mut command = world.command(words);
        command.stdout(full());
        end_of(command).ends(ERROR).complains("standard output: No space left on device");
    }
}

/// The line with its process cannot be written: nobody could end it.
#[test]
fn a_holder_of_which_nobody_is_told_does_not_stay() {
    let world = World::new();
    let gone = || {
        let (reader, writer) = nix::unistd::pipe().expect("a pipe");
        drop(reader);
        Stdio::from(writer)
    };
    let _kept = world.hold(&["event", "Kept"]);
    for output in [full(), gone()] {
        let mut command = world.command(&["create", "event", "Kept", "--detach"]);
        command.stdout(output);
        end_of(command).ends(ERROR).complains("The object is not kept");
        look_until(&world, "Local\\Kept", |kept| {
            kept["holders"].as_array().is_some_and(|who| who.len() == 1)
        });
    }
}

/// Whoever reads one line of two has made no error.
#[test]
fn the_first_line_of_a_detached_holder_can_be_read_alone() {
    let world = World::new();
    let script = "\"$0\" create event Alone --detach | head -1; \"$0\" show Alone --json";
    let run = end_of(world.command_by("sh", &["-c", script], &[])).ends(DONE).quietly();
    let document: serde_json::Value =
        serde_json::from_str(run.output.strip_prefix("created Alone\n").expect("the first line"))
            .expect("a document");
    let holder = document["object"]["holders"][0]["process"].as_i64().expect("a holder") as i32;
    nix::sys::signal::kill(nix::unistd::Pid::from_raw(holder), nix::sys::signal::Signal::SIGTERM)
        .expect("our holder");
    crate::world::until_gone(holder);
}
