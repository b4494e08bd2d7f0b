//! What killed processes leave, and what else stands where objects do: `ls` says so, `clean`
//! removes what is dead and nothing else.

use crate::ls::{listed, look_until};
use crate::world::{DONE, NO_PERMISSION, NO_SUCH_OBJECT, Run, World};
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::os::unix::net::UnixListener;
use std::time::UNIX_EPOCH;

/// Where the control page says which layout it has.
const MAJOR: usize = 8;
const PAGE: usize = 4096;

#[test]
fn clean_removes_what_a_killed_process_left_and_nothing_else() {
    let world = World::new();
    let _holder = world.hold(&["section", "Held", "4096"]);
    let long = "n".repeat(230);
    // Together: the next one to come would remove what the last one left.
    let dying = [&["section", "Left", "4096"][..], &["mutex", "Lock"], &["event", &long]]
        .map(|words| world.hold(words));
    for holder in dying {
        holder.kill();
    }
    look_until(&world, "Local\\Lock", |lock| lock["life"] == "dead");
    world.run(&["ls"]).ends(DONE).says("left over");
    world.run(&["show", "Left"]).ends(DONE).says("no process has it").says("nobody");
    fs::write(world.objects().join("not-ours"), "stays").expect("our directory");

    let before = fs::read_dir(world.objects()).expect("a directory").count();
    let listing = world.run(&["clean", "--dry-run"]).ends(DONE).quietly();
    for name in
        ["would remove Local\\Left (", "would remove Local\\Lock (", &format!("would remove Local\\{long} (")]
    {
        assert!(listing.output.contains(name), "{listing:#?}");
    }
    assert!(!listing.output.contains("Held"), "{listing:#?}");
    assert_eq!(fs::read_dir(world.objects()).expect("a directory").count(), before, "it only says so");
    let done = world.run(&["clean"]).ends(DONE).quietly().says("removed Local\\Left (").says(&long);
    // The three objects, and their guard.
    assert!(done.output.ends_with("4 removed\n"), "{done:#?}");
    world.run(&["clean"]).ends(DONE).says("0 removed");
    world.run(&["show", "Held"]).ends(DONE).says("alive");
    world.run(&["show", "Left"]).ends(NO_SUCH_OBJECT);
    let left = fs::read_dir(world.objects()).expect("a directory").flatten();
    let mut left: Vec<_> = left.map(|entry| entry.file_name()).collect();
    left.sort();
    assert_eq!(left, ["L.Held", "not-ours"]);
}

#[test]
fn ledgers_and_notes_of_the_dead_are_cleaned_too() {
    let world = World::new();
    drop(world.hold(&["event", "Any"]));
    let device = fs::metadata("/dev/shm").expect("shm").dev();
    // No object of shm_open has this number and this birth.
    let ledger = world.objects().join(format!("S.P.{device:x}.1.1"));
    fs::write(&ledger, "").expect("our directory");
    let (doomed, other) = (world.folder().join("doomed"), world.folder().join("other"));
    for file in [&doomed, &other] {
        fs::write(file, "").expect("our directory");
    }
    let status = fs::metadata(&doomed).expect("our file");
    let birth = status.created().expect("tmpfs tells").duration_since(UNIX_EPOCH).expect("a time").as_nanos();
    let note = world.objects().join(format!("D.{:x}-{:x}", status.dev(), status.ino()));
    fs::write(&note, format!("{birth}\n{}", doomed.display())).expect("our directory");
    let half = world.objects().join("D.1-2");
    fs::write(&half, "123").expect("our directory");

    let said = world.run(&["clean", "-n"]).ends(DONE).quietly().says("the ledger of a segment that is gone");
    assert!(said.output.contains(&format!("{}, which was to be deleted", doomed.display())), "{said:#?}");
    assert!(doomed.exists() && ledger.exists() && note.exists());
    world.run(&["clean"]).ends(DONE).quietly();
    assert!(!doomed.exists() && !ledger.exists() && !note.exists() && !half.exists());
    assert!(other.exists());
}

#[test]
fn what_is_no_object_is_told_and_never_waited_for() {
    let world = World::new();
    let _held = [
        world.hold(&["event", "Whole"]),
        world.hold(&["section", "Cut", "8192"]),
        world.hold(&["section", "Shorter", "8192"]),
    ];
    let place = |name: &str| world.objects().join(format!("L.{name}"));
    nix::unistd::mkfifo(&place("Fifo"), nix::sys::stat::Mode::from_bits_truncate(0o600)).expect("a FIFO");
    symlink("/etc/passwd", place("Link")).expect("a link");
    fs::create_dir(place("Folder")).expect("a directory");
    let _socket = UnixListener::bind(place("Socket")).expect("a socket");
    fs::write(place("Empty"), "").expect("our directory");
    fs::write(place("Short"), "winshm").expect("our directory");
    fs::write(place("Zeros"), [0; 3 * PAGE]).expect("our directory");
    fs::write(place("Noise"), [0xa5; 2 * PAGE]).expect("our directory");
    let whole = fs::read(place("Whole")).expect("our file");
    fs::write(place("Forged"), &whole).expect("our directory");
    let mut other = whole.clone();
    other[MAJOR] = 99;
    fs::write(place("Later"), &other).expect("our directory");
    // A name longer than any.
    let mut endless = whole.clone();
    endless[32..36].fill(0xff);
    fs::write(place("Endless"), &endless).expect("our directory");
    for (name, size) in [("Cut", 1), ("Shorter", PAGE as u64)] {
        let held = fs::OpenOptions::new().write(true).open(place(name)).expect("our file");
        held.set_len(size).expect("our file");
    }

    let run = world.run(&["ls", "--json"]).ends(DONE).quietly();
    for (name, trouble) in [
        ("Fifo", Some("a FIFO")),
        ("Link", Some("a symbolic link")),
        ("Folder", Some("a directory")),
        ("Socket", Some("a socket")),
        ("Empty", None),
        ("Short", Some("cut off")),
        ("Zeros", None),
        ("Noise", Some("damaged")),
        ("Forged", Some("damaged")),
        ("Endless", Some("damaged")),
        ("Later", Some("layout 99.1")),
        ("Cut", Some("cut off")),
        ("Whole", None),
    ] {
        let object = listed(&run, &format!("Local\\{name}"));
        assert_eq!(object["trouble"].as_str(), trouble, "{object:#}");
        world.run(&["show", name]).ends(DONE).quietly();
        world.run(&["show", name, "--json"]).ends(DONE).quietly();
    }
    // Of what is held, the lock tells the kind.
    assert_eq!(listed(&run, "Local\\Cut")["kind"], "section");
    assert_eq!(listed(&run, "Local\\Cut")["life"], "alive");
    assert_eq!(listed(&run, "Local\\Shorter")["life"], "unfinished");
    assert_eq!(listed(&run, "Local\\Forged")["life"], "dead");
    world.run(&["ls"]).ends(DONE).quietly().says("a FIFO").says("layout 99.1");

    // What is no file stays; what nobody holds goes, whatever it is.
    world.run(&["clean"]).ends(DONE).quietly();
    for (name, stays) in [
        ("Fifo", true),
        ("Link", true),
        ("Folder", true),
        ("Whole", true),
        ("Cut", true),
        ("Noise", false),
        ("Later", false),
    ] {
        assert_eq!(fs::symlink_metadata(place(name)).is_ok(), stays, "{name}");
    }
}

#[test]
fn what_belongs_to_others_is_not_ones_own_to_clean() {
    let world = World::new();
    let shared = world.folder().join(".winshm-global");
    fs::create_dir(&shared).expect("our directory");
    fs::set_permissions(&shared, fs::Permissions::from_mode(0o777)).expect("our directory");
    world.hold(&["section", "Global\\Left", "4096"]).kill();
    let Some(listing) = world.run_as_nobody(&["clean", "--dry-run"]) else { return };
    // He may not even look into it.
    listing.ends(DONE).quietly().says("0 to remove");
    let taken = world.run_as_nobody(&["create", "event", "Global\\Left", "--detach"]).expect("root");
    taken.ends(NO_PERMISSION).complains("belongs to another user");
    fs::set_permissions(shared.join("G.Left"), fs::Permissions::from_mode(0o644)).expect("our file");
    let refused = world.run_as_nobody(&["clean"]).expect("root").ends(NO_PERMISSION);
    refused.says("could not remove Global\\Left (").complains("other users'");
    world.run(&["clean"]).ends(DONE).quietly().says("removed Global\\Left (");
}

/// Each counts what it has removed itself, whoever else cleans at the same time.
#[test]
fn two_who_clean_at_once_count_each_file_once() {
    const FILES: usize = 300;
    let world = World::new();
    world.run(&["create", "event", "First", "--", "true"]).ends(DONE);
    for number in 0..FILES {
        fs::write(world.objects().join(format!("L.Left{number}")), "").expect("our directory");
    }
    let cleaners: Vec<_> = (0..4).map(|_| world.start(&["clean"])).collect();
    let runs: Vec<_> = cleaners.into_iter().map(|cleaner| cleaner.wait().ends(DONE).quietly()).collect();
    let count = |run: &Run| {
        let removed = run.output.lines().last().and_then(|line| line.strip_suffix(" removed"));
        let removed: usize = removed.expect("a count").parse().expect("a number");
        assert_eq!(run.output.lines().count(), removed + 1, "{run:?}");
        removed
    };
    // (The guard of the event is one more.)
    let (all, found) = (runs.iter().map(count).sum::<usize>(), world.objects().join("L!guard"));
    assert!(!found.exists() && (FILES..=FILES + 1).contains(&all), "{all}: {runs:?}");
}
