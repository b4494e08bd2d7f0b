//! `winshm ls`: what stands in the list, in words and as JSON, and what it is like on a
//! terminal.

use crate::sandbox;
use crate::world::{DONE, ERROR, NO_PERMISSION, NOBODY, Run, USAGE, World, end_of};
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::pty::{OpenptyResult, Winsize, openpty};
use nix::sys::signal::Signal;
use serde_json::Value;
use std::fs::{File, Permissions};
use std::io::Read;
use std::os::fd::AsFd;
use std::os::unix::fs::PermissionsExt;
use std::process::{Child, Command};

/// The object of a name in what `ls --json` prints.
pub fn listed(run: &Run, name: &str) -> Value {
    let document = run.json();
    assert_eq!(document["format"], 1);
    let objects = document["objects"].as_array().expect("a list").clone();
    let found = objects.into_iter().find(|object| object["name"] == name);
    found.unwrap_or_else(|| panic!("{name} is not listed: {run:#?}"))
}

fn look(world: &World, name: &str) -> Value {
    listed(&world.run(&["ls", "--json", "--all"]).ends(DONE).quietly(), name)
}

/// Looks until something is so: what another process does takes its time.
pub fn look_until(world: &World, name: &str, is_so: impl Fn(&Value) -> bool) -> Value {
    for _ in 0..2000 {
        let object = look(world, name);
        if is_so(&object) {
            return object;
        }
    }
    panic!("never: {:#}", look(world, name));
}

#[test]
fn where_nothing_is_nothing_is_listed_and_nothing_made() {
    let world = World::new();
    world.run(&["ls"]).ends(DONE).quietly().says("no objects\n");
    let document = world.run(&["ls", "--json"]).ends(DONE).quietly().json();
    assert_eq!((&document["objects"], &document["unread"]), (&Value::Array(vec![]), &Value::Array(vec![])));
    assert!(!world.objects().exists());
    let mut elsewhere = world.command(&["ls"]);
    elsewhere.env("WINSHM_DIR", world.folder().join("none"));
    end_of(elsewhere).ends(DONE).quietly().says("no objects");
    let mut relative = world.command(&["ls"]);
    relative.env("WINSHM_DIR", "here");
    end_of(relative).ends(ERROR).complains("ERROR_PATH_NOT_FOUND (3)").complains("not listed");
}

#[test]
fn every_kind_has_its_state_and_who_holds_it() {
    let world = World::new();
    let section = world.hold(&["section", "Global\\Frames", "100000"]);
    let _held = [
        world.hold(&["event", "Ready", "--manual", "--set"]),
        world.hold(&["event", "Go"]),
        world.hold(&["mutex", "Lock"]),
        world.hold(&["semaphore", "Slots", "3", "10"]),
        world.hold(&["timer", "Tick"]),
    ];
    let frames = look(&world, "Global\\Frames");
    assert_eq!(
        (&frames["kind"], &frames["life"], &frames["size"]),
        (&"section".into(), &"alive".into(), &100_000.into())
    );
    assert_eq!(frames["state"]["protection"], "PAGE_READWRITE");
    assert_eq!(frames["state"]["flags"], serde_json::json!(["SEC_COMMIT"]));
    assert_eq!(
        (&frames["mode"], &frames["layout"], &frames["trouble"]),
        (&"0600".into(), &"2.1".into(), &Value::Null)
    );
    assert_eq!((&frames["machine_wide"], &frames["closed"]), (&false.into(), &false.into()));
    assert_eq!(frames["creator"]["process"], section.id());
    assert_eq!(frames["creator"]["user"], nix::unistd::geteuid().as_raw());
    let holders = frames["holders"].as_array().expect("a list");
    assert_eq!(holders.len(), 1, "{frames:#}");
    assert_eq!((&holders[0]["process"], &holders[0]["program"]), (&section.id().into(), &"winshm".into()));
    assert_eq!((&holders[0]["handle"], &holders[0]["descriptors"]), (&true.into(), &1.into()));

    let (ready, go) = (look(&world, "Local\\Ready"), look(&world, "Local\\Go"));
    assert_eq!((&ready["state"]["manual"], &ready["state"]["set"]), (&true.into(), &true.into()));
    assert_eq!((&go["state"]["manual"], &go["state"]["set"]), (&false.into(), &false.into()));
    assert_eq!((&go["holders"][0]["handle"], &go["holders"][0]["mappings"]), (&true.into(), &1.into()));
    assert_eq!((&go["kind"], &go["size"]), (&"event".into(), &Value::Null));
    let lock = look(&world, "Local\\Lock");
    assert_eq!((&lock["state"]["owner"], &lock["state"]["abandoned"]), (&Value::Null, &false.into()));
    let slots = look(&world, "Local\\Slots");
    assert_eq!((&slots["state"]["count"], &slots["state"]["maximum"]), (&3.into(), &10.into()));
    assert_eq!(look(&world, "Local\\Tick")["state"]["signalled"], false);

    let table = world.run(&["ls"]).ends(DONE).quietly();
    for line in ["section    Global\\Frames   97K  PAGE_READWRITE", "set, manual", "3 of 10", "free"] {
        assert!(table.output.contains(line), "{line}: {}", table.output);
    }
    assert!(table.output.contains(&format!("winshm[{}]", section.id())));
    world.run(&["set", "Go"]).ends(DONE);
    assert_eq!(look(&world, "Local\\Go")["state"]["set"], true);
}

#[test]
fn a_mutex_tells_its_owner_who_waits_and_that_it_was_abandoned() {
    let world = World::new();
    let _holder = world.hold(&["mutex", "Lock"]);
    let owner = world.start(&["acquire", "Lock", "--", "sleep", "100"]);
    let owned = look_until(&world, "Local\\Lock", |lock| !lock["state"]["owner"].is_null());
    assert_eq!(owned["state"]["owner"]["process"], owner.id());
    assert_eq!(owned["state"]["owner"]["recursion"], 1);
    assert_eq!(owned["holders"].as_array().map(Vec::len), Some(2), "{owned:#}");
    let waiting = world.start(&["acquire", "Lock", "--", "true"]);
    look_until(&world, "Local\\Lock", |lock| lock["state"]["waited_for"] == true);
    world.run(&["ls"]).ends(DONE).says(&format!("owned by {}, waited for", owner.id()));
    waiting.kill();
    owner.kill();
    let abandoned = look_until(&world, "Local\\Lock", |lock| lock["state"]["abandoned"] == true);
    assert!(abandoned["state"]["owner"].is_null() && abandoned["life"] == "alive");
    world.run(&["ls"]).ends(DONE).says("abandoned");
}

#[test]
fn who_waits_is_counted() {
    let world = World::new();
    let _holder = world.hold(&["event", "Go"]);
    let waiting = [world.start(&["wait", "Go"]), world.start(&["wait", "Go"])];
    look_until(&world, "Local\\Go", |event| event["state"]["waiters"] == 2);
    world.run(&["ls"]).ends(DONE).says("not set, 2 wait");
    for one in waiting {
        world.run(&["set", "Go"]).ends(DONE);
        drop(one);
    }
}

/// Only who keeps the name has a handle; others may have the bytes.
#[test]
fn a_view_alone_is_no_handle() {
    let world = World::new();
    let _holder = world.hold(&["section", "Bytes", "4096"]);
    let view = std::fs::File::open(world.objects().join("L.Bytes")).expect("a file");
    let own = std::process::id();
    let bytes = look(&world, "Local\\Bytes");
    let holders = bytes["holders"].as_array().expect("a list");
    let this = holders.iter().find(|holder| holder["process"] == own).expect("this process");
    assert_eq!((&this["handle"], &this["descriptors"]), (&false.into(), &1.into()));
    world.run(&["ls"]).ends(DONE).says(&format!("[{own}] (view)"));
    drop(view);
    let without = look(&world, "Local\\Bytes");
    assert!(without["holders"].as_array().expect("a list").iter().all(|holder| holder["process"] != own));
}

#[test]
fn names_keep_every_unit_and_steer_no_terminal() {
    let world = World::new();
    let long = format!("{}값", "n".repeat(220));
    let odd = "a\u{1b}[31m\u{9b}31m\u{202e}b \\u{41}".replace('\\', "");
    let _held = [world.hold(&["event", &long]), world.hold(&["event", &odd])];
    // No UTF-8 says this one; a file stands for it.
    std::fs::write(world.objects().join("L.x%ED%A0%80"), "").expect("our directory");
    let run = world.run(&["ls", "--json"]).ends(DONE).quietly();
    for words in [&["ls", "--json"][..], &["ls", "--json", "--watch", "-n1"], &["show", &odd, "--json"]] {
        let run = world.run(words).ends(DONE).quietly();
        assert!(!run.output.contains(['\u{1b}', '\u{9b}', '\u{202e}']), "{run:?}");
    }
    assert_eq!(listed(&run, &format!("Local\\{long}"))["life"], "alive");
    let escaped = listed(&run, &format!("Local\\{odd}"));
    assert_eq!(escaped["shown_name"], "Local\\a\\u{1b}[31m\\u{9b}31m\\u{202e}b u{41}");
    assert_eq!(escaped.get("name_utf16"), None);
    let lone = listed(&run, "Local\\x\u{fffd}");
    let units: Vec<u16> = "Local\\x".encode_utf16().chain([0xd800]).collect();
    assert_eq!(lone["name_utf16"], serde_json::json!(units));
    let table = world.run(&["ls"]).ends(DONE).says("Local\\x\\u{d800}").says("Local\\a\\u{1b}[31m");
    assert!(!table.output.contains(['\u{1b}', '\u{9b}', '\u{202e}']) && table.output.contains(&long));
    for name in ["Local\\x\\u{d800}", "Local\\a\\u{1b}[31m\\u{9b}31m\\u{202e}b u{41}", &long] {
        world.run(&["show", name]).ends(DONE).quietly();
    }
}

#[test]
fn the_list_is_filtered_and_ordered() {
    let world = World::new();
    let _held = [
        world.hold(&["section", "Frame_1", "8192"]),
        world.hold(&["section", "Frame_2", "4096"]),
        world.hold(&["event", "Frame_ready"]),
        world.hold(&["event", "Other"]),
    ];
    let names = |words: &[&str]| -> Vec<String> {
        let run = world.run(&[&["ls", "--json"], words].concat()).ends(DONE).quietly();
        let objects = run.json()["objects"].as_array().expect("a list").clone();
        objects.iter().map(|object| object["name"].as_str().expect("a text")[6..].to_string()).collect()
    };
    assert_eq!(names(&[]), ["Frame_1", "Frame_2", "Frame_ready", "Other"]);
    assert_eq!(names(&["Frame_?"]), ["Frame_1", "Frame_2"]);
    assert_eq!(names(&["Local\\*ready", "Other"]), ["Frame_ready", "Other"]);
    assert_eq!(names(&["--kind", "event", "-r"]), ["Other", "Frame_ready"]);
    assert_eq!(names(&["-k", "section", "--sort", "size"]), ["Frame_1", "Frame_2"]);
    assert_eq!(names(&["--sort", "age"]), ["Other", "Frame_ready", "Frame_2", "Frame_1"]);
    assert!(names(&["nothing*"]).is_empty());
    world.run(&["ls", "nothing*"]).ends(DONE).says("no objects");
    world.run(&["ls", "--kind", "window"]).ends(USAGE).complains("window");
    world.run(&["ls", "--sort", "luck"]).ends(USAGE).complains("luck");
    world.run(&["ls", "--interval", "1s"]).ends(USAGE).complains("--watch");
}

#[test]
fn segments_of_the_system_are_listed_when_they_are_asked_for() {
    let world = World::new();
    let id = std::process::id();
    let (posix, key) = (format!("Posix\\winshm-tool-ls-{id}"), format!("SysV\\{:#010x}", 0x5200_0000 + id));
    world.run(&["create", "section", &posix, "5000"]).ends(DONE);
    world.run(&["create", "section", &key, "6000"]).ends(DONE);
    let run = world.run(&["ls", "--all", "--json"]).ends(DONE).quietly();
    let (segment, old) = (listed(&run, &posix), listed(&run, &key));
    world.run(&["ls"]).ends(DONE).says_not(&posix).says_not(&key);
    world.run(&["ls", "--kind", "sysv"]).ends(DONE).says(&key).says_not(&posix);
    let shown = [&posix, &key].map(|name| world.run(&["show", name]).ends(DONE).quietly());
    let id_of_old = old["state"]["id"].as_u64().expect("a number").to_string();
    let _ = std::fs::remove_file(format!("/dev/shm/winshm-tool-ls-{id}"));
    let removed = Command::new("ipcrm").args(["-m", &id_of_old]).status();
    assert!(removed.is_ok_and(|status| status.success()), "ipcrm");
    assert_eq!(
        (&segment["kind"], &segment["life"], &segment["size"]),
        (&"posix".into(), &"lasting".into(), &5000.into())
    );
    assert_eq!(
        (&old["kind"], &old["size"], &old["state"]["attached"]),
        (&"sysv".into(), &6000.into(), &0.into())
    );
    assert!(shown[0].output.contains("made by shm_open") && shown[1].output.contains("made by shmget"));
    world.run(&["ls", "--all"]).ends(DONE).says_not(&posix).says_not(&key);
}

#[test]
fn the_list_again_and_again_needs_no_terminal_and_ends_when_it_is_told() {
    let world = World::new();
    let _holder = world.hold(&["event", "Go"]);
    let twice = world.run(&["ls", "--watch", "-n", "2", "-i", "10ms"]).ends(DONE).quietly();
    assert_eq!(twice.output.matches("Local\\Go").count(), 2, "{twice:?}");
    assert!(!twice.output.contains('\x1b'));
    let lines = world.run(&["ls", "--watch", "--json", "--count", "2", "--interval", "10ms"]).ends(DONE);
    let lines: Vec<Value> =
        lines.output.lines().map(|line| serde_json::from_str(line).expect("a document a line")).collect();
    assert!(lines.len() == 2 && lines.iter().all(|line| line["objects"][0]["name"] == "Local\\Go"));
    let mut endless = world.start(&["ls", "--watch", "--interval", "1h"]);
    while !endless.line().contains("Local\\Go") {}
    endless.signal(Signal::SIGINT);
    endless.wait().ends(DONE).quietly();
}

/// The tool with a terminal of so many columns at its standard output; the other side of it.
fn on_a_terminal(mut command: Command, columns: u16) -> (Child, File) {
    let size = Winsize { ws_row: 24, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 };
    let OpenptyResult { master, slave } = openpty(&size, None).expect("a terminal");
    command.stdout(slave);
    if command.get_envs().all(|(name, _)| name != "TERM") {
        command.env("TERM", "xterm");
    }
    // The command has the terminal, too, until it is gone.
    (command.spawn().expect("the tool starts"), File::from(master))
}

/// What is written to the terminal until it contains a text; all, if that is empty.
fn read_until(terminal: &mut File, text: &str) -> String {
    let minute = PollTimeout::from(60_000u16);
    let (mut all, mut some) = (Vec::new(), [0; 4096]);
    loop {
        let so_far = String::from_utf8_lossy(&all).into_owned();
        if !text.is_empty() && so_far.contains(text) {
            return so_far;
        }
        let ready =
            poll(&mut [PollFd::new(terminal.as_fd(), PollFlags::POLLIN)], minute).expect("a terminal");
        assert!(ready > 0, "the tool hangs after {so_far:?}");
        match terminal.read(&mut some) {
            Ok(count @ 1..) => all.extend_from_slice(&some[..count]),
            // Nobody has the other side any more.
            _ => {
                assert!(text.is_empty(), "{text:?} is not in {so_far:?}");
                return so_far;
            }
        }
    }
}

#[test]
fn on_a_terminal_the_table_fits_and_has_colours_if_they_are_wanted() {
    let world = World::new();
    let _held = [world.hold(&["event", &"한국어".repeat(40), "--set"]), world.hold(&["mutex", "Lock"])];
    let table = |columns, words: &[(&str, &str)]| {
        let mut command = world.command(&["ls"]);
        command.envs(words.iter().copied());
        let (mut child, mut terminal) = on_a_terminal(command, columns);
        let text = read_until(&mut terminal, "");
        assert!(child.wait().expect("our child").success());
        text
    };
    for (columns, without) in [(60, ("NO_COLOR", "1")), (80, ("TERM", "dumb")), (120, ("TERM", ""))] {
        let plain = table(columns, &[without]);
        assert!(!plain.contains('\x1b') && plain.contains('…'), "{plain}");
        // A Korean letter takes two columns.
        let width = |line: &str| line.chars().map(|letter| if letter >= '가' { 2 } else { 1 }).sum::<usize>();
        assert!(plain.lines().all(|line| width(line) <= columns.into()), "{columns}: {plain}");
    }
    assert!(table(80, &[]).contains("\x1b[32mset"));
}

#[test]
fn a_list_on_a_terminal_follows_and_leaves_it_as_it_was() {
    let world = World::new();
    let holder = world.hold(&["event", "Go"]);
    let (mut child, mut terminal) = on_a_terminal(world.command(&["ls", "--watch", "-i", "20ms"]), 100);
    let first = read_until(&mut terminal, "Local\\Go");
    assert!(first.starts_with("\x1b[?1049h"), "{first:?}");
    world.run(&["set", "Go"]).ends(DONE);
    read_until(&mut terminal, "mset");
    holder.end().ends(DONE);
    read_until(&mut terminal, "no objects");
    let id = nix::unistd::Pid::from_raw(child.id() as i32);
    nix::sys::signal::kill(id, Signal::SIGINT).expect("our child");
    assert!(read_until(&mut terminal, "").ends_with("\x1b[?1049l"));
    assert_eq!(child.wait().expect("our child").code(), Some(DONE));
}

#[test]
fn what_may_not_be_read_is_listed_with_what_is_known() {
    let world = World::new();
    let Some(nothing) = world.run_as_nobody(&["ls"]) else { return };
    nothing.ends(DONE).quietly().says("no objects");
    let shared = world.folder().join(".winshm-global");
    std::fs::create_dir(&shared).expect("our directory");
    std::fs::set_permissions(&shared, Permissions::from_mode(0o777)).expect("our directory");
    let _held = [world.hold(&["mutex", "Global\\Mine"]), world.hold(&["event", "Local\\Mine"])];
    let run = world.run_as_nobody(&["ls", "--json"]).expect("root").ends(DONE).quietly();
    let mine = listed(&run, "Global\\Mine");
    assert_eq!(
        (&mine["trouble"], &mine["life"], &mine["kind"]),
        (&"no permission".into(), &"alive".into(), &"mutex".into())
    );
    assert_eq!((&mine["owner"]["user"], &mine["machine_wide"]), (&0.into(), &true.into()));
    assert_eq!(
        run.json()["objects"].as_array().map(Vec::len),
        Some(1),
        "of this user and Global alone: {run:#?}"
    );
    assert!(run.json()["silent_processes"].as_u64() > Some(0));
    let table = world.run_as_nobody(&["ls"]).expect("root").ends(DONE);
    assert!(table.output.contains("no permission") && table.output.contains("(not visible)"), "{table:#?}");
    // Root sees who has it.
    assert_eq!(
        listed(&world.run(&["ls", "--json"]), "Global\\Mine")["holders"].as_array().map(Vec::len),
        Some(1)
    );

    // Somebody sits where this user's directory would be.
    let squatted = world.folder().join(format!(".winshm-{NOBODY}"));
    std::fs::create_dir(&squatted).expect("our directory");
    let refused = world.run_as_nobody(&["ls"]).expect("root").ends(NO_PERMISSION);
    refused.complains("ERROR_ACCESS_DENIED (5)").complains("not listed").says("Global\\Mine");
}

/// What is not known is not taken for what is not there.
#[test]
fn a_list_of_segments_that_cannot_be_read_is_an_error() {
    let world = World::new();
    let without_proc = |words: &[&str]| {
        let mut command = world.command(words);
        sandbox::mounted(&mut command, "tmpfs", "/proc", 0, "").then(|| end_of(command))
    };
    let Some(listed) = without_proc(&["ls", "--all", "--json"]) else { return };
    let document = listed.ends(ERROR).complains("/proc/sysvipc/shm: ERROR_PATH_NOT_FOUND (3)").json();
    assert_eq!(document["unread"][0]["path"], "/proc/sysvipc/shm");
    let shown = without_proc(&["show", "SysV\\0x1badf00d"]).expect("root");
    shown.ends(ERROR).complains("/proc/sysvipc/shm cannot be read");
    without_proc(&["ls"]).expect("root").ends(DONE).quietly();
}
