//! Words that no subcommand knows, and help for all of them.

use crate::world::{DONE, ERROR, NO_PERMISSION, USAGE, World, end_of};

/// As `winshm --help` lists them.
fn subcommands(world: &World) -> Vec<String> {
    let help = world.run(&["--help"]).ends(DONE).quietly();
    let list = help.output.split_once("Commands:").expect("a list").1;
    let lines = list.lines().skip(1).take_while(|line| line.starts_with("  "));
    // Further lines of a description are indented more.
    let named = lines.filter(|line| !line.starts_with("   "));
    named.map(|line| line.split_whitespace().next().expect("a word").to_string()).collect()
}

#[test]
fn every_subcommand_has_help_and_refuses_what_it_does_not_know() {
    let world = World::new();
    let all = subcommands(&world);
    assert!(all.len() >= 14, "{all:?}");
    for one in all.iter().map(String::as_str) {
        world.run(&[one, "--help"]).ends(DONE).quietly().says("Usage: winshm").says(one);
        world.run(&[one, "-h"]).ends(DONE).quietly();
        let wrong = world.run(&[one, "--no-such-option"]).ends(USAGE).complains("--no-such-option");
        assert!(wrong.output.is_empty(), "{wrong:?}");
    }
    // None of these made anything.
    assert!(!world.objects().exists());
}

#[test]
fn without_a_subcommand_there_is_help_and_a_wrong_one_is_refused() {
    let world = World::new();
    world.run::<&str>(&[]).ends(USAGE).complains("Usage: winshm");
    world.run(&["sett"]).ends(USAGE).complains("sett");
    world.run(&["--version"]).ends(DONE).says(env!("CARGO_PKG_VERSION"));
    // What a terminal would obey is shown and not obeyed.
    let strange = world.run(&["\x1b[2J"]).ends(USAGE);
    assert!(!strange.errors.contains('\x1b'), "{strange:?}");
}

#[test]
fn a_directory_that_cannot_be_used_is_blamed_and_not_the_name() {
    let world = World::new();
    let blocked = world.folder().join("blocked");
    std::fs::create_dir(&blocked).expect("our directory");
    std::os::unix::fs::symlink("/", blocked.join(format!(".winshm-{}", nix::unistd::geteuid())))
        .expect("our directory");
    let commands: [&[&str]; 4] = [
        &["create", "event", "x", "--detach"],
        &["create", "event", "Global\\x", "--detach"],
        &["set", "x"],
        &["dump", "x"],
    ];
    for words in commands {
        let mut command = world.command(words);
        command.env("WINSHM_DIR", world.folder().join("none"));
        end_of(command).ends(ERROR).complains("the directory for names does not exist");
        let mut command = world.command(words);
        command.env("WINSHM_DIR", &blocked);
        end_of(command).ends(NO_PERMISSION).complains(".winshm-").complains("cannot be used");
    }
    // And a name that is none is.
    world.run(&["set", "a\\b"]).ends(ERROR).complains("no name of an object");
    world.run(&["set", "Local\\"]).ends(ERROR).complains("bare name of a prefix");
}

/// Where a command stands behind `--`, nobody is told to put a word there that is none.
#[test]
fn a_word_with_a_dash_is_not_taken_for_a_command() {
    let world = World::new();
    for words in [["create", "event", "-x"], ["create", "mutex", "--owner"], ["acquire", "x", "--tmeout"]] {
        let wrong = world.run(&words).ends(USAGE);
        assert!(!wrong.errors.contains("'-- "), "{wrong:?}");
        wrong.complains("typed with its prefix: 'Local\\-name'");
    }
    world.run(&["show", "-x"]).ends(USAGE).complains("'-- -x'");
    world.run(&["create", "event", "Local\\-x", "--", "true"]).ends(DONE).quietly();
}
