//! `create --mode`: other users can do what it says, or there is no object. Only root can make
//! the directory in which they could.

use crate::world::*;
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::Path;

/// The administrator's directory, with this mode, of the group of nobody.
fn provide_global(world: &World, mode: u32) {
    let global = world.folder().join(".winshm-global");
    fs::create_dir_all(&global).expect("our directory");
    chown(&global, None, Some(NOBODY)).expect("our directory");
    fs::set_permissions(&global, fs::Permissions::from_mode(mode)).expect("our directory");
}

/// `create` of each kind, and what another user does with it.
const KINDS: [(&[&str], &[&str]); 5] = [
    (&["section", "N", "100"], &["load", "N", "/etc/passwd", "--offset", "100"]),
    (&["event", "N"], &["set", "N"]),
    (&["mutex", "N"], &["acquire", "N", "--", "true"]),
    (&["semaphore", "N", "1", "2"], &["release", "N"]),
    (&["timer", "N"], &["set", "N", "--due", "1d"]),
];

fn with_name<'a>(words: &[&'a str], name: &'a str) -> Vec<&'a str> {
    words.iter().map(|word| if *word == "N" { name } else { *word }).collect()
}

#[test]
fn others_can_do_what_the_mode_says_or_there_is_no_object() {
    if !nix::unistd::geteuid().is_root() {
        println!("SKIPPED: only root can make a directory of several users");
        return;
    }
    let world = World::new();
    // What is refused in which directory; 0: there is none.
    let refused_in = |directory: u32, kind: &str| match directory {
        0 => true,
        0o777 => kind == "mutex" || kind == "timer",
        _ => false,
    };
    for directory in [0, 0o777, 0o2770] {
        if directory != 0 {
            provide_global(&world, directory);
        }
        for (words, by_others) in KINDS {
            let words = [&["create"], &with_name(words, "Global\\Shared")[..], &["--mode", "0666"]].concat();
            let by_others = with_name(by_others, "Global\\Shared");
            if refused_in(directory, words[1]) {
                let refused = world.run(&[&words[..], &["--", "true"]].concat()).ends(USAGE);
                assert!(refused.output.is_empty(), "{refused:?}");
                refused
                    .complains("Global\\Shared: --mode 0666: ")
                    .complains("`winshm doctor` tells how one is made");
                continue;
            }
            let _holder = world.hold(&words[1..]);
            let shown = world.run(&["show", "Global\\Shared", "--json"]).ends(DONE).json();
            assert_eq!(shown["object"]["mode"], "0666", "{words:?} in {directory:o}");
            let done = world.run_as_nobody(&by_others).expect("root");
            // (Nothing fits behind the end of the section: so far he came.)
            let end = if words[1] == "section" { ERROR } else { DONE };
            assert!(end == DONE || done.errors.contains("ERROR_BAD_LENGTH"), "{done:?}");
            done.ends(end);
        }
    }
    // A timer that others only wait for; and what they are told who want more.
    provide_global(&world, 0o777);
    let _holder = world.hold(&["timer", "Global\\T", "--sddl", "D:(A;;GA;;;WD)"]);
    world.run_as_nobody(&["wait", "Global\\T", "-t", "0"]).expect("root").ends(TIMED_OUT);
    let told = world.run_as_nobody(&["set", "Global\\T", "--cancel"]).expect("root").ends(NO_PERMISSION);
    told.complains("it can be waited for, and not set");
    // Root cannot use another's mutex, and is told what it is nevertheless.
    let words = ["create", "mutex", "Global\\Theirs", "--", "sleep", "60"];
    let mut command = world.command(&words);
    command.uid(NOBODY).gid(NOBODY);
    let mut theirs = Started::new(command);
    assert_eq!(theirs.line(), "created Global\\Theirs");
    world.run(&["set", "Global\\Theirs"]).ends(ERROR).complains("it is a mutex: only events and timers");
    world.run(&["wait", "Global\\Theirs"]).ends(NO_PERMISSION).complains("belongs to another user");
    drop(theirs);
}

/// Whoever opens such a section opens the file.
#[test]
fn a_section_of_a_file_is_open_to_whom_the_file_is() {
    let world = World::new();
    if nix::unistd::geteuid().is_root() {
        provide_global(&world, 0o2770);
        let (old, new) = (world.folder().join("old"), world.folder().join("new"));
        fs::write(&old, "text").expect("our file");
        fs::set_permissions(&old, fs::Permissions::from_mode(0o640)).expect("our file");
        let create = |path: &Path, mode: &str| {
            let words = ["create", "section", "Global\\F", "4096", "--mode", mode, "--file"];
            world.run(&[&words[..], &[path.to_str().expect("ours"), "--", "true"]].concat())
        };
        create(&old, "0644").ends(USAGE).complains("the file itself has mode 0640");
        assert_eq!(fs::read(&old).expect("our file"), b"text", "not made longer");
        create(&old, "0640").ends(DONE).quietly();
        // One that is made is open to the same users, whatever the umask says.
        create(&new, "0666").ends(DONE).quietly();
        assert_eq!(new.metadata().expect("our file").mode() & 0o777, 0o666);

        let _holder =
            world.hold(&["section", "Global\\F", "--file", new.to_str().unwrap(), "--mode", "0666"]);
        world.run_as_nobody(&["load", "Global\\F", "/etc/hostname"]).expect("root").ends(DONE).quietly();
        // Where anybody can make objects, a stranger's would lead others to any file.
        provide_global(&world, 0o777);
        let words = ["create", "section", "Global\\Mine", "--mode", "0644", "--file", new.to_str().unwrap()];
        let refused = world.run_as_nobody(&[&words[..], &["--", "true"]].concat()).expect("root");
        refused.ends(USAGE).complains("Use a section of memory");
    } else {
        println!("SKIPPED: only root can make a directory of several users");
    }
}

/// What no file's mode can say, or nobody would come to, is refused in words.
#[test]
fn a_mode_that_opens_nothing_is_refused_before_there_is_an_object() {
    let world = World::new();
    for (words, _) in KINDS {
        let create = |mode: &str| {
            let words =
                [&["create"], &with_name(words, "Mine")[..], &["--mode", mode, "--", "true"]].concat();
            world.run(&words)
        };
        for mode in ["0660", "0666"] {
            create(mode).ends(USAGE).complains("Begin the name with Global\\");
        }
        let only_read = create("0644").ends(USAGE);
        let why =
            if words[0] == "section" { "Begin the name with" } else { "all of that (6), or nothing (0)" };
        only_read.complains(why);
        assert!(!world.objects().exists(), "{words:?}: nothing was made");
        create("0600").ends(DONE).quietly();
        fs::remove_dir_all(world.objects()).expect("our directory");
    }
}

/// The system's segments are everybody's to come to: the mode alone counts.
#[test]
fn segments_of_the_system_have_the_mode() {
    let world = World::new();
    let process = std::process::id();
    let names =
        [format!("Posix\\winshm-tool-rights-{process}"), format!("SysV\\{:#010x}", 0x5400_0000 + process)];
    for name in names {
        world.run(&["create", "section", &name, "100", "--mode", "0644"]).ends(DONE).quietly();
        let shown = world.run(&["show", &name, "--json"]).ends(DONE).json();
        match name.strip_prefix("Posix\\") {
            Some(file) => fs::remove_file(Path::new("/dev/shm").join(file)).expect("our segment"),
            None => {
                let id = shown["object"]["state"]["id"].to_string();
                let removed = std::process::Command::new("ipcrm").args(["-m", &id]).status();
                assert!(removed.expect("ipcrm").success());
            }
        }
        assert_eq!(shown["object"]["mode"], "0644", "{name}");
    }
}
