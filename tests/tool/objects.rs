//! Objects made, signalled, taken and waited for, by one who has nothing but the tool.

use crate::world::*;
use nix::sys::signal::Signal;

#[test]
fn a_manual_event_stays_set_until_it_is_reset() {
    let world = World::new();
    let _holder = world.hold(&["event", "ready", "--manual"]);
    world.run(&["wait", "ready", "--timeout", "0"]).ends(TIMED_OUT).complains("WAIT_TIMEOUT (258)");
    world.run(&["set", "ready"]).ends(DONE).quietly();
    for _ in 0..2 {
        let waited = world.run(&["wait", "Local\\ready", "--timeout", "0"]).ends(DONE).quietly();
        assert_eq!(waited.output, "Local\\ready\n");
    }
    world.run(&["reset", "ready"]).ends(DONE).quietly();
    world.run(&["wait", "ready", "-t", "0"]).ends(TIMED_OUT);
}

#[test]
fn an_auto_event_lets_one_wait_through() {
    let world = World::new();
    let _holder = world.hold(&["event", "next", "--set"]);
    world.run(&["wait", "next", "-t", "0"]).ends(DONE);
    world.run(&["wait", "next", "-t", "0"]).ends(TIMED_OUT);
}

#[test]
fn a_pulse_wakes_who_sleeps_and_leaves_nothing() {
    let world = World::new();
    let _holder = world.hold(&["event", "beat", "--manual"]);
    world.run(&["pulse", "beat"]).ends(DONE).quietly();
    world.run(&["wait", "beat", "-t", "0"]).ends(TIMED_OUT);
    // Who is about to sleep misses a pulse: so it beats until he has heard it.
    let waiter = world.start(&["wait", "beat"]);
    let heard = std::thread::spawn(move || waiter.wait());
    while !heard.is_finished() {
        world.run(&["pulse", "beat"]).ends(DONE);
    }
    assert_eq!(heard.join().unwrap().ends(DONE).output, "beat\n");
}

#[test]
fn a_semaphore_is_counted_down_and_up() {
    let world = World::new();
    let _holder = world.hold(&["semaphore", "slots", "2", "3"]);
    world.run(&["acquire", "slots"]).ends(DONE).quietly();
    world.run(&["wait", "slots", "-t", "0"]).ends(DONE);
    world.run(&["acquire", "slots", "-t", "20ms"]).ends(TIMED_OUT);
    assert_eq!(world.run(&["release", "slots"]).ends(DONE).output, "0\n");
    let much = world.run(&["release", "slots", "3"]).ends(ERROR).complains("ERROR_TOO_MANY_POSTS (298)");
    assert!(much.output.is_empty());
    assert_eq!(world.run(&["release", "slots", "2"]).ends(DONE).output, "1\n");
    // With a command it is given back, however the command ends.
    world.run(&["acquire", "slots", "--", "false"]).ends(1);
    world.run(&["acquire", "slots", "--", "sh", "-c", "kill -KILL $$"]).ends(128 + 9);
    assert_eq!(world.run(&["acquire", "slots", "--", "true"]).ends(0).output, "");
    world.run(&["release", "slots"]).ends(ERROR);
}

#[test]
fn a_timer_fires_at_its_time_and_again() {
    let world = World::new();
    let _holder = world.hold(&["timer", "tick", "--due", "10ms", "--period", "10ms"]);
    world.run(&["wait", "tick"]).ends(DONE);
    world.run(&["wait", "tick"]).ends(DONE);
    world.run(&["set", "tick", "--cancel"]).ends(DONE);
    // What it has fired for stays.
    let _ = world.run(&["wait", "tick", "-t", "0"]);
    world.run(&["wait", "tick", "-t", "50ms"]).ends(TIMED_OUT);
    world.run(&["set", "tick", "--due", "1ms"]).ends(DONE);
    world.run(&["wait", "tick"]).ends(DONE);
    world.run(&["set", "tick"]).ends(USAGE).complains("--due");
    world.run(&["reset", "tick"]).ends(ERROR).complains("it is a timer").complains("--cancel");
}

#[test]
fn a_wait_for_several_tells_which_one_it_was() {
    let world = World::new();
    let _a = world.hold(&["event", "a"]);
    let _b = world.hold(&["semaphore", "b", "1", "1"]);
    let _c = world.hold(&["mutex", "c"]);
    assert_eq!(world.run(&["wait", "a", "b", "c"]).ends(DONE).output, "b\n");
    assert_eq!(world.run(&["wait", "a", "b", "c"]).ends(DONE).output, "c\n");
    world.run(&["wait", "--all", "a", "c", "-t", "0"]).ends(TIMED_OUT).complains("a, c");
    world.run(&["set", "a"]).ends(DONE);
    assert_eq!(world.run(&["wait", "--all", "a", "c"]).ends(DONE).output, "a\nc\n");
    world.run(&["wait", "--all", "c", "c"]).ends(ERROR).complains("ERROR_INVALID_PARAMETER (87)");
    world.run(&["wait", "a", "none"]).ends(NO_SUCH_OBJECT).complains("none: ERROR_FILE_NOT_FOUND (2)");
}

#[test]
fn no_more_than_64_can_be_waited_for() {
    let world = World::new();
    let _holder = world.hold(&["event", "x", "--set", "--manual"]);
    let words = |count| [vec!["wait"], vec!["x"; count]].concat();
    world.run(&words(64)).ends(DONE);
    world.run(&words(65)).ends(USAGE);
    world.run(&words(0)).ends(USAGE);
}

#[test]
fn a_section_is_of_memory_or_of_a_file() {
    let world = World::new();
    let path = world.folder().join("contents");
    let path = path.to_str().unwrap();
    // It is made with its size, and not without.
    world.run(&["create", "section", "f", "--file", path]).ends(ERROR).complains("With a SIZE");
    let holder = world.hold(&["section", "f", "4K", "--file", path]);
    assert_eq!(std::fs::metadata(path).unwrap().len(), 4096);
    world.run_with_input(&["load", "f", "-"], b"on disk").ends(DONE);
    holder.end().ends(DONE);
    assert!(std::fs::read(path).unwrap().starts_with(b"on disk\0"));
    // Now the file's own size will do; and who may only read, reads.
    let _holder = world.hold(&["section", "f", "--file", path, "--read-only"]);
    world.run(&["dump", "f", "-l", "7"]).ends(DONE).says("|on disk|");
    world.run_with_input(&["load", "f", "-"], b"no").ends(NO_PERMISSION).complains("can only be read");
    let words = ["create", "section", "g", "8K", "--file", path, "--read-only"];
    world.run(&words).ends(ERROR).complains("the file is shorter than the SIZE");
    let directory = world.folder().to_str().unwrap();
    world.run(&["create", "section", "d", "4K", "--file", directory]).ends(ERROR).complains("not a file");
}

#[test]
fn the_second_one_opens_what_the_first_one_made() {
    let world = World::new();
    let _holder = world.hold(&["event", "x"]);
    let mut second = world.start(&["create", "event", "x", "--set"]);
    assert_eq!(second.line(), "opened x");
    // Its options did nothing.
    world.run(&["wait", "x", "-t", "0"]).ends(TIMED_OUT);
    world.run(&["create", "event", "x", "--new"]).ends(EXISTS).complains("ERROR_ALREADY_EXISTS (183)");
    world.run(&["create", "mutex", "x"]).ends(ERROR).complains("ERROR_INVALID_HANDLE (6): it is an event");
    world.run(&["create", "section", "x", "4K"]).ends(ERROR).complains("it is an event");
    second.end().ends(DONE);
}

#[test]
fn an_object_of_another_kind_is_refused_and_its_kind_said() {
    let world = World::new();
    let _holders = [
        world.hold(&["event", "event"]),
        world.hold(&["mutex", "mutex"]),
        world.hold(&["semaphore", "semaphore", "1", "1"]),
        world.hold(&["timer", "timer"]),
        world.hold(&["section", "section", "4096"]),
    ];
    for (command, kinds) in [
        ("set", ["mutex", "semaphore", "section"].as_slice()),
        ("reset", &["mutex", "semaphore", "timer", "section"]),
        ("pulse", &["mutex", "semaphore", "timer", "section"]),
        ("release", &["event", "timer", "section"]),
        ("acquire", &["event", "timer", "section"]),
        ("wait", &["section"]),
        ("dump", &["event", "mutex", "semaphore", "timer"]),
        ("watch", &["event", "mutex", "semaphore", "timer"]),
    ] {
        for kind in kinds {
            let refused = world.run(&[command, kind]).ends(ERROR);
            refused.complains("ERROR_INVALID_HANDLE (6)").complains(&format!(" {kind}: "));
        }
    }
    world.run(&["load", "event", "/dev/null"]).ends(ERROR).complains("it is an event");
}

#[test]
fn names_that_nobody_has_and_names_that_are_none() {
    let world = World::new();
    for words in [
        ["set", "none"].as_slice(),
        &["reset", "none"],
        &["pulse", "none"],
        &["release", "none"],
        &["acquire", "none"],
        &["wait", "none"],
        &["dump", "none"],
        &["load", "none", "/dev/null"],
        &["watch", "none"],
    ] {
        let missing = world.run(words).ends(NO_SUCH_OBJECT);
        missing.complains("winshm: none: ERROR_FILE_NOT_FOUND (2): nobody has this object open");
    }
    // Of the system's names it says that only sections have them.
    for words in [["set", "Posix\\none"].as_slice(), &["create", "event", "SysV\\1", "--", "true"]] {
        world.run(words).ends(ERROR).complains("ERROR_PATH_NOT_FOUND (3): only sections have names");
    }
    world.run(&["dump", "Posix\\winshm-none"]).ends(NO_SUCH_OBJECT).complains("there is no such segment");
    for (name, error) in [
        ("", "ERROR_INVALID_NAME (123)"),
        ("Local", "ERROR_INVALID_HANDLE (6)"),
        ("Local\\", "ERROR_INVALID_HANDLE (6)"),
        ("local\\x", "ERROR_PATH_NOT_FOUND (3)"),
        ("Local\\a\\b", "ERROR_PATH_NOT_FOUND (3)"),
        ("\\x", "ERROR_BAD_PATHNAME (161)"),
        ("Local\\x\\u{0}", "ERROR_INVALID_NAME (123)"),
    ] {
        world.run(&["create", "event", name]).ends(ERROR).complains(error);
        world.run(&["set", name]).ends(ERROR).complains(error);
        world.run(&["dump", name]).ends(ERROR).complains(error);
    }
    assert_eq!(std::fs::read_dir(world.folder()).unwrap().count(), 1, "only the user's directory");
    assert!(
        std::fs::read_dir(world.objects())
            .unwrap()
            .all(|file| { file.unwrap().file_name().to_str().unwrap().contains('!') })
    );
}

/// A name is shown so that no terminal obeys it, and what is shown can be typed.
#[test]
fn a_name_may_hold_anything_and_is_shown_as_text() {
    let world = World::new();
    let mut holder = world.start(&["create", "event", "\x1b[2J\u{202e}값", "--set", "--manual"]);
    assert_eq!(holder.line(), "created \\u{1b}[2J\\u{202e}값");
    world.run(&["wait", "Local\\\\u{1b}[2J\\u{202e}값", "-t", "0"]).ends(DONE);
    let missing = world.run(&["set", "\x1b]0;title\x07"]).ends(NO_SUCH_OBJECT);
    assert!(!missing.errors.contains(['\x1b', '\x07']), "{missing:?}");
    holder.end().ends(DONE);
}

#[test]
fn numbers_sizes_times_and_modes_that_are_none_are_wrong_usage() {
    let world = World::new();
    for words in [
        ["create", "section", "x"].as_slice(),
        &["create", "section", "x", "0"],
        &["create", "section", "x", "-1"],
        &["create", "section", "x", "4T"],
        &["create", "section", "x", "1.5K"],
        &["create", "section", "x", "99999999999999999999"],
        &["create", "semaphore", "x", "1"],
        &["create", "semaphore", "x", "2", "1"],
        &["create", "semaphore", "x", "-2", "1"],
        &["create", "semaphore", "x", "0", "0"],
        &["create", "semaphore", "x", "1", "2147483648"],
        &["create", "timer", "x", "--period", "1s"],
        &["create", "timer", "x", "--due", "soon"],
        &["create", "timer", "x", "--due", "1s", "--period", "25d"],
        &["create", "event", "x", "--mode", "0777"],
        &["create", "event", "x", "--mode", "0600", "--sddl", "D:"],
        &["create", "event", "x", "--detach", "--", "true"],
        &["create", "mutex", "x", "--owned"],
        &["create", "mutex", "x", "--owned", "--"],
        &["create", "pipe", "x"],
        &["release", "x", "0"],
        &["release", "x", "-1"],
        &["wait", "x", "--timeout", "-1"],
        &["wait", "x", "--timeout", "50d"],
        &["set", "x", "--due", "1s", "--cancel"],
        &["watch", "x", "--count", "0"],
        &["dump", "x", "--hex", "--raw"],
        &["dump", "x", "--length", "0"],
        &["dump", "x", "--offset", "-1"],
    ] {
        let wrong = world.run(words).ends(USAGE);
        assert!(wrong.output.is_empty() && !wrong.errors.is_empty(), "{wrong:?}");
        // What stands behind `--` is a command.
        assert!(!wrong.errors.contains("'-- -"), "{wrong:?}");
    }
    assert!(!world.objects().exists(), "nothing was made");
    let endless = world.run(&["create", "section", "x", "8388608G", "--", "true"]).ends(ERROR);
    endless.complains("the SIZE is more than any section can have");
}

#[test]
fn a_security_descriptor_is_what_a_program_would_say() {
    let world = World::new();
    let refused = world.run(&["create", "event", "Global\\e", "--sddl", "D:(A;;GR;;;WD)"]).ends(ERROR);
    refused.complains("ERROR_INVALID_SECURITY_DESCR (1338)");
    world
        .run(&["create", "event", "e", "--sddl", "nonsense"])
        .ends(ERROR)
        .complains("ERROR_INVALID_PARAMETER (87)");
    let _holder = world.hold(&["event", "e", "--sddl", "D:(A;;GA;;;WD)"]);
}

/// What a process waits for in the shell, it gives up when it is told to.
#[test]
fn a_signal_ends_a_wait() {
    let world = World::new();
    let _holder = world.hold(&["semaphore", "s", "0", "1"]);
    for (signal, code) in [(Signal::SIGINT, 130), (Signal::SIGTERM, 143), (Signal::SIGHUP, 129)] {
        let waiter = world.start(&["acquire", "s"]);
        until_asleep(waiter.id());
        waiter.signal(signal);
        waiter.wait().ends(code);
    }
    // None of them had anything.
    assert_eq!(world.run(&["release", "s"]).ends(DONE).output, "0\n");
}
