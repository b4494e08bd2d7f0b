//! The bytes of sections: printed, filled, watched.

use crate::world::*;
use nix::sys::signal::Signal;
use std::fs::OpenOptions;
use std::os::unix::fs::{FileExt, MetadataExt};

#[test]
fn a_dump_is_that_of_hexdump() {
    let world = World::new();
    let _holder = world.hold(&["section", "x", "4K"]);
    world.run_with_input(&["load", "x", "-"], b"Hello, \x1b[31mworld\0\xff").ends(DONE).quietly();
    let dump = world.run(&["dump", "x"]).ends(DONE).quietly();
    let expected = "\
00000000  48 65 6c 6c 6f 2c 20 1b  5b 33 31 6d 77 6f 72 6c  |Hello, .[31mworl|
00000010  64 00 ff 00 00 00 00 00  00 00 00 00 00 00 00 00  |d...............|
00000020  00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00  |................|
*
00001000
";
    assert_eq!(dump.output, expected);
    assert_eq!(world.run(&["dump", "x", "--hex"]).ends(DONE).output, expected);
    let part = "00000003  6c 6f                                             |lo|\n00000005\n";
    assert_eq!(world.run(&["dump", "x", "--offset", "0x3", "-l", "2"]).ends(DONE).output, part);
    let raw = world.run(&["dump", "x", "--raw", "-l", "19"]).ends(DONE);
    assert_eq!(raw.output_bytes, b"Hello, \x1b[31mworld\0\xff");
}

#[test]
fn what_is_beyond_the_end_is_refused_and_nothing_is_written() {
    let world = World::new();
    let _holder = world.hold(&["section", "x", "4K"]);
    world.run_with_input(&["load", "x", "-", "--offset", "4094"], b"ab").ends(DONE);
    let much = world.run_with_input(&["load", "x", "-", "-o", "4094"], b"cde").ends(ERROR);
    much.complains("ERROR_BAD_LENGTH (24)").complains("nothing was written");
    world.run_with_input(&["load", "x", "-", "-o", "5K"], b"c").ends(ERROR).complains("4096 bytes");
    world.run(&["load", "x", "/dev/zero"]).ends(ERROR).complains("ERROR_BAD_LENGTH (24)");
    world.run(&["load", "x", "/dev/null"]).ends(ERROR).complains("empty");
    world.run(&["load", "x", "/no/such/file"]).ends(ERROR).complains("/no/such/file: ");
    world.run(&["load", "x", "/"]).ends(ERROR);
    world.run(&["dump", "x", "-o", "4094"]).ends(DONE).says("|ab|");
    world.run(&["dump", "x", "-o", "4K"]).ends(DONE).says("00001000");
    world.run(&["dump", "x", "-o", "4097"]).ends(ERROR).complains("beyond the end");
    world.run(&["dump", "x", "-o", "4095", "-l", "2"]).ends(ERROR).complains("only 1");
    world.run(&["dump", "x", "-o", "0xffffffffffffffff"]).ends(ERROR).complains("beyond the end");
}

/// Its reader may not die of it: neither of a section whose file is shorter by now, nor of
/// one that is cut off while it is looked at.
#[test]
fn a_file_that_is_cut_off_is_an_error() {
    let world = World::new();
    let path = world.folder().join("contents");
    std::fs::write(&path, [7; 8192]).unwrap();
    let _holder = world.hold(&["section", "f", "--file", path.to_str().unwrap()]);
    let mut watcher = world.start(&["watch", "f", "-o", "8K", "--interval", "1ms"]);
    assert_eq!(watcher.line(), "# f: 8192 bytes, picture 1, 0 changed");
    let file = OpenOptions::new().write(true).open(&path).unwrap();
    let mut runs = Vec::new();
    for _ in 0..20 {
        file.set_len(0).unwrap();
        runs.push(world.run(&["dump", "f"]));
        file.set_len(8192).unwrap();
        runs.push(world.run(&["dump", "f"]));
    }
    for run in runs {
        assert!(matches!(run.status.code(), Some(DONE | ERROR)), "{run:?}");
    }
    file.set_len(0).unwrap();
    world.run(&["dump", "f"]).ends(ERROR).complains("ERROR_FILE_INVALID (1006)");
    world.run_with_input(&["load", "f", "-"], b"x").ends(ERROR);
}

#[test]
fn a_watcher_prints_what_changes_and_keeps_nothing_alive() {
    let world = World::new();
    let holder = world.hold(&["section", "x", "64"]);
    world.run_with_input(&["load", "x", "-"], b"first").ends(DONE);
    let mut watcher = world.start(&["watch", "x", "--interval", "1ms"]);
    assert_eq!(watcher.line(), "# x: 64 bytes, picture 1, 0 changed");
    assert!(watcher.line().ends_with("|first...........|"));
    world.run_with_input(&["load", "x", "-", "-o", "34"], b"AB").ends(DONE);
    let changed = std::iter::repeat_with(|| watcher.line()).find(|line| !line.ends_with(", 0 changed"));
    // The rest of the first picture stands before it.
    let changed = match changed.unwrap() {
        line if line.starts_with("# ") => line,
        _ => std::iter::repeat_with(|| watcher.line()).find(|line| line.ends_with("2 changed")).unwrap(),
    };
    assert!(changed.ends_with(", 2 changed"), "{changed}");
    assert!(watcher.line().starts_with("00000020  00 00 41 42 "));
    holder.end().ends(DONE);
    watcher.wait().ends(NO_SUCH_OBJECT).complains("it is gone");
}

#[test]
fn a_watcher_ends_after_its_pictures_or_with_a_signal() {
    let world = World::new();
    let _holder = world.hold(&["section", "x", "64K"]);
    let three = world.run(&["watch", "x", "-i", "1ms", "--count", "3", "-l", "16"]).ends(DONE).quietly();
    assert_eq!(three.output.lines().filter(|line| line.starts_with("# ")).count(), 3);
    for (signal, code) in [(Signal::SIGINT, DONE), (Signal::SIGTERM, 143)] {
        let mut watcher = world.start(&["watch", "x", "-i", "1h"]);
        watcher.line();
        until_asleep(watcher.id());
        watcher.signal(signal);
        watcher.wait().ends(code);
    }
    let far = world.run(&["watch", "x", "-o", "65535", "-n1"]).ends(DONE);
    assert!(far.output.contains("0000ffff  00 "), "{far:?}");
    world.run(&["watch", "x", "-o", "64K", "-l", "1", "-n1"]).ends(ERROR);
}

/// Longer than the ANSI functions take them.
#[test]
fn a_long_name_has_bytes_too() {
    let world = World::new();
    let name = "n".repeat(1000);
    let _holder = world.hold(&["section", &name, "4K"]);
    world.run_with_input(&["load", &name, "-"], b"long").ends(DONE);
    world.run(&["dump", &name, "-l", "4"]).ends(DONE).says("|long|");
}

/// Bytes that nobody has committed are zeros.
#[test]
fn a_reserved_section_can_be_looked_at() {
    let world = World::new();
    let _holder = world.hold(&["section", "x", "64K", "--reserve"]);
    world.run(&["dump", "x"]).ends(DONE).says("*\n00010000\n");
}

/// Who looks at a large section that is hardly used does not fill /dev/shm.
#[test]
fn a_look_gives_no_memory_to_bytes_that_have_none() {
    let world = World::new();
    let _holders = [
        world.hold(&["section", "committed", "16M"]),
        world.hold(&["section", "reserved", "16M", "--reserve"]),
    ];
    let taken = || {
        let files = std::fs::read_dir(world.objects()).unwrap();
        files.map(|file| file.unwrap().metadata().unwrap().blocks() * 512).sum::<u64>()
    };
    for name in ["committed", "reserved"] {
        world.run_with_input(&["load", name, "-", "-o", "10M"], b"here").ends(DONE);
        let before = taken();
        let dump = world.run(&["dump", name]).ends(DONE);
        assert_eq!(dump.output.lines().count(), 6, "{dump:?}");
        assert!(dump.output.contains("\n00a00000  68 65 72 65 00 "), "{dump:?}");
        world.run(&["watch", name, "-l", "1M", "-i", "1ms", "-n", "2"]).ends(DONE);
        assert_eq!(taken(), before);
    }
}

/// A writer is killed half way: what is there is shown, and said to be half written.
#[test]
fn a_write_that_was_torn_is_shown_and_said() {
    const SIZE: usize = 64 << 20;
    let world = World::new();
    let contents = world.folder().join("contents");
    std::fs::write(&contents, vec![1; SIZE]).unwrap();
    for attempt in 0.. {
        assert!(attempt < 50, "no writer was caught in the middle");
        let _holder = world.hold(&["section", "x", "64M"]);
        let file = std::fs::File::open(world.objects().join("L.x")).unwrap();
        let byte_at = |offset| {
            let mut byte = [0];
            file.read_exact_at(&mut byte, offset).map(|()| byte[0]).unwrap()
        };
        let end = file.metadata().unwrap().len();
        let writer = world.start(&["load", "x", contents.to_str().unwrap()]);
        while byte_at(end / 2) == 0 {}
        let _ = writer.kill();
        if byte_at(end - 1) == 1 {
            continue; // too late
        }
        let dump = world.run(&["dump", "x"]).ends(ERROR).complains("ERROR_INVALID_DATA (13): a writer died");
        assert!(dump.output.starts_with("00000000  01 01 01 "), "{:.80}", dump.output);
        assert!(dump.output.ends_with("\n*\n04000000\n"));
        world.run(&["watch", "x", "-n1", "-l", "32M"]).ends(DONE).says("a writer died");
        // Written again, it is whole again.
        world.run(&["load", "x", contents.to_str().unwrap()]).ends(DONE);
        world.run(&["dump", "x"]).ends(DONE).quietly();
        return;
    }
}
