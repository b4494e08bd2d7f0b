//! `winshm show`: one object, in full.

use crate::world::{DONE, ERROR, NO_SUCH_OBJECT, World};

#[test]
fn show_tells_everything_in_words_and_as_json() {
    let world = World::new();
    let file = world.folder().join("data");
    std::fs::write(&file, "some bytes").expect("our directory");
    let path = file.to_str().expect("UTF-8");
    let holder = world.hold(&["section", "Frames", "1M"]);
    let _held = [
        world.hold(&["section", "OfFile", "--file", path]),
        world.hold(&["section", "Later", "1G", "--reserve"]),
        world.hold(&["semaphore", "Slots", "2", "5"]),
    ];
    let text = world.run(&["show", "Frames"]).ends(DONE).quietly();
    let file_of_it = format!("{}/L.Frames", world.objects().display());
    for part in [
        "Local\\Frames\n",
        "1M (1048576 bytes)",
        "PAGE_READWRITE",
        "SEC_COMMIT",
        "mode 0600",
        "2.1",
        &file_of_it,
        &format!("winshm[{}] of user", holder.id()),
        "create section Frames 1M",
    ] {
        assert!(text.output.contains(part), "{part}: {}", text.output);
    }
    assert!(!text.output.contains('\x1b'));
    world.run(&["show", "OfFile"]).ends(DONE).says(&format!("the file {path}")).says("10 bytes");
    world.run(&["show", "Later"]).ends(DONE).says("SEC_RESERVE");
    world.run(&["show", "Local\\Slots"]).ends(DONE).says("2 of 5");
    let document = world.run(&["show", "Frames", "--json"]).ends(DONE).quietly().json();
    assert_eq!((&document["format"], &document["object"]["name"]), (&1.into(), &"Local\\Frames".into()));
    let holders = &document["object"]["holders"];
    assert_eq!(
        (&holders[0]["process"], &holders[0]["arguments"][3]),
        (&holder.id().into(), &"Frames".into())
    );
    let of_file = world.run(&["show", "OfFile", "--json"]).ends(DONE).json();
    assert_eq!(
        (&of_file["object"]["state"]["of_file"], &of_file["object"]["size"]),
        (&path.into(), &10.into())
    );
}

#[test]
fn show_tells_how_a_section_was_written() {
    let world = World::new();
    let _holder = world.hold(&["section", "Bytes", "4096"]);
    world.run_with_input(&["load", "Bytes", "-"], b"hello").ends(DONE);
    world.run(&["show", "Bytes"]).ends(DONE).says("1 by SharedMemoryWrite");
    let document = world.run(&["show", "Bytes", "--json"]).ends(DONE).json();
    assert_eq!(document["object"]["state"]["ledger"]["writes"], 1);
    assert_eq!(document["object"]["state"]["ledger"]["torn"], serde_json::json!([]));
}

#[test]
fn what_is_not_there_and_what_is_no_name_are_told_apart() {
    let world = World::new();
    for name in [
        "nothing",
        "Global\\nothing",
        "Posix\\winshm-no-such-object",
        "SysV\\0x1badf00d",
        "SysV\\#4294967295",
    ] {
        let run = world.run(&["show", name]).ends(NO_SUCH_OBJECT).complains("ERROR_FILE_NOT_FOUND (2)");
        let advice =
            if name.contains("ix\\") || name.contains("V\\") { "no such segment" } else { "nobody has" };
        let run = run.complains(advice);
        assert!(run.output.is_empty(), "{run:?}");
    }
    world.run(&["show", "a\\b"]).ends(ERROR).complains("ERROR_PATH_NOT_FOUND (3)");
    world.run(&["show", ""]).ends(ERROR).complains("ERROR_INVALID_NAME (123)");
    world.run(&["show", "x\\u{0}"]).ends(ERROR).complains("ERROR_INVALID_NAME (123)");
    world
        .run(&["show", "Local\\"])
        .ends(ERROR)
        .complains("ERROR_INVALID_HANDLE (6): the bare name of a prefix");
    world.run(&["show", "SysV\\x"]).ends(ERROR).complains("ERROR_INVALID_NAME (123)");
    world.run(&["show", "\\x"]).ends(ERROR).complains("ERROR_BAD_PATHNAME (161)");
    let strange = world.run(&["show", "Local\\\x1b[2J"]).ends(NO_SUCH_OBJECT);
    assert!(!strange.errors.contains('\x1b'), "{strange:?}");
    assert!(!world.objects().exists(), "it makes nothing");
}
