//! Words that no subcommand knows, and help for all of them.

use crate::world::{DONE, USAGE, World};

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
    for one in &all {
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
