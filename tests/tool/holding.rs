//! Who holds an object, for how long, and what becomes of it when he is killed.

use crate::world::*;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

/// Lines of a shell that has the tool as `winshm`.
fn shell(world: &World, lines: &str) -> Started {
    let mut command = world.command::<&str>(&[]);
    let tool = command.get_program().to_os_string();
    let mut started = std::process::Command::new("sh");
    started.args(["-c", &format!("winshm() {{ \"$TOOL\" \"$@\"; }}\n{lines}")]);
    started.env_clear().envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    started.env("TOOL", tool);
    started.stdin(std::process::Stdio::piped()).stdout(std::process::Stdio::piped());
    started.stderr(std::process::Stdio::piped());
    std::os::unix::process::CommandExt::process_group(&mut started, 0);
    command = started;
    Started::new(command)
}

#[test]
fn an_object_lives_as_long_as_its_holder() {
    let world = World::new();
    let holder = world.hold(&["event", "x"]);
    world.run(&["set", "x"]).ends(DONE);
    holder.end().ends(DONE);
    world.run(&["set", "x"]).ends(NO_SUCH_OBJECT);
    // Also when he is killed, and when he is asked to go.
    for (signal, code) in [(Signal::SIGTERM, 143), (Signal::SIGINT, 130), (Signal::SIGHUP, 129)] {
        let holder = world.hold(&["event", "x"]);
        holder.signal(signal);
        holder.wait().ends(code);
        world.run(&["set", "x"]).ends(NO_SUCH_OBJECT);
    }
    world.hold(&["event", "x"]).kill().ends_by_signal(9);
    world.run(&["set", "x"]).ends(NO_SUCH_OBJECT);
}

/// A shell gives /dev/null to what it runs in the background: that must not end it at once.
#[test]
fn an_input_that_nobody_is_at_the_other_end_of_ends_nothing() {
    let world = World::new();
    let mut holder = Started::new(world.command(&["create", "event", "x"]));
    assert_eq!(holder.line(), "created x");
    until_asleep(holder.id());
    world.run(&["set", "x"]).ends(DONE);
    holder.signal(Signal::SIGTERM);
    holder.wait().ends(143);
}

#[test]
fn an_object_is_kept_while_a_command_runs_and_its_status_is_the_tools() {
    let world = World::new();
    let tool = env!("CARGO_BIN_EXE_winshm");
    world.run(&["create", "event", "x", "--", tool, "set", "x"]).ends(DONE).says("created x");
    world.run(&["create", "event", "x", "--", "sh", "-c", "exit 42"]).ends(42);
    world.run(&["create", "event", "x", "--", "sh", "-c", "kill -TERM $$"]).ends(143);
    world.run(&["create", "event", "x", "--", "no-such-command"]).ends(127).complains("no-such-command: ");
    world.run(&["create", "event", "x", "--", "/etc/passwd"]).ends(126).complains("cannot be run");
    world.run(&["set", "x"]).ends(NO_SUCH_OBJECT);
}

#[test]
fn a_holder_in_the_background_is_nobodys_child_and_ends_when_it_is_told() {
    let world = World::new();
    let made = world.run(&["create", "section", "x", "4K", "--detach"]).ends(DONE).quietly();
    let pid = made.output.strip_prefix("created x\npid ").expect("two lines").trim().parse::<i32>().unwrap();
    world.run_with_input(&["load", "x", "-"], b"kept").ends(DONE);
    world
        .run(&["create", "section", "x", "4K", "--detach", "--new"])
        .ends(EXISTS)
        .complains("x: ERROR_ALREADY");
    world.run(&["create", "event", "x", "--detach"]).ends(ERROR).complains("it is a section");
    let second = world.run(&["create", "section", "x", "4K", "--detach"]).ends(DONE).says("opened x\npid ");
    kill(Pid::from_raw(pid), Signal::SIGKILL).unwrap();
    until_gone(pid);
    world.run(&["dump", "x", "-l", "4"]).ends(DONE).says("|kept|");
    let pid = second.output.trim().rsplit(' ').next().unwrap().parse().unwrap();
    kill(Pid::from_raw(pid), Signal::SIGTERM).unwrap();
    until_gone(pid);
    world.run(&["dump", "x"]).ends(NO_SUCH_OBJECT);
}

/// It leaves the folder, so that nobody is kept from removing it; but not before it has found
/// the file there.
#[test]
fn a_holder_in_the_background_takes_a_file_from_where_it_was_started() {
    let world = World::new();
    let mut command = world.command(&["create", "section", "x", "4K", "--file", "contents", "--detach"]);
    command.current_dir(world.folder());
    let made = end_of(command).ends(DONE).quietly();
    let pid: i32 = made.output.trim().rsplit(' ').next().unwrap().parse().unwrap();
    assert_eq!(std::fs::metadata(world.folder().join("contents")).expect("it was made here").len(), 4096);
    assert_eq!(std::fs::read_link(format!("/proc/{pid}/cwd")).unwrap(), std::path::Path::new("/"));
    kill(Pid::from_raw(pid), Signal::SIGTERM).unwrap();
    until_gone(pid);
}

/// An escape makes one name of it, which is no segment's.
#[test]
fn what_only_looks_like_a_segment_is_kept_too() {
    let world = World::new();
    let holder = world.hold(&["section", r"Posix\u{41}", "4K"]);
    world.run(&["show", "PosixA"]).ends(DONE).quietly();
    let _ = holder.end().ends(DONE);
    world.run(&["show", "PosixA"]).ends(NO_SUCH_OBJECT);
}

/// What the shell has open, a lock on it for example, is not kept for as long as the object.
#[test]
fn a_holder_in_the_background_keeps_nothing_else() {
    let world = World::new();
    let open = format!("exec 9>'{}'; winshm create event x --detach", world.folder().join("other").display());
    let made = shell(&world, &open).end().ends(DONE);
    let pid: i32 = made.output.trim().rsplit(' ').next().unwrap().parse().unwrap();
    let files = std::fs::read_dir(format!("/proc/{pid}/fd")).unwrap();
    let files: Vec<_> = files.map(|file| std::fs::read_link(file.unwrap().path()).unwrap()).collect();
    assert!(files.len() > 3 && !files.iter().any(|file| file.ends_with("other")), "{files:?}");
    kill(Pid::from_raw(pid), Signal::SIGTERM).unwrap();
    until_gone(pid);
}

#[test]
fn a_mutex_is_held_while_a_command_runs() {
    let world = World::new();
    let _holder = world.hold(&["mutex", "m"]);
    let mut owner = world.start(&["acquire", "m", "--", "sh", "-c", "echo mine; read line"]);
    assert_eq!(owner.line(), "mine");
    let pid = owner.id();
    let refused = world.run(&["acquire", "m", "--timeout", "20ms", "--", "true"]).ends(TIMED_OUT);
    refused.complains(&format!("process {pid} (winshm) owns it"));
    let refused = world.run(&["release", "m"]).ends(ERROR);
    refused.complains("ERROR_NOT_OWNER (288)").complains(&format!("process {pid} (winshm) owns it"));
    world.run(&["wait", "m", "-t", "0"]).ends(TIMED_OUT);
    owner.end().ends(1); // sh: read met the end
    world.run(&["acquire", "m", "-t", "0", "--", "sh", "-c", "exit 7"]).ends(7).quietly();
    world.run(&["wait", "m", "-t", "0"]).ends(DONE);
    world.run(&["release", "m"]).ends(ERROR).complains("nobody owns it");
    world.run(&["acquire", "m"]).ends(USAGE).complains("-- COMMAND");
}

/// Signals go to the command; the mutex stays taken until it has ended.
#[test]
fn a_signal_does_not_let_go_of_a_mutex_before_the_command_has_ended() {
    let world = World::new();
    let _holder = world.hold(&["mutex", "m"]);
    let script = "trap 'echo asked; read line; exit 5' TERM; echo ready; while :; do sleep 0.01; done";
    let mut owner = world.start(&["acquire", "m", "--", "sh", "-c", script]);
    assert_eq!(owner.line(), "ready");
    owner.signal(Signal::SIGTERM);
    assert_eq!(owner.line(), "asked");
    world.run(&["wait", "m", "-t", "0"]).ends(TIMED_OUT);
    owner.end().ends(5);
    world.run(&["wait", "m", "-t", "0"]).ends(DONE);
}

#[test]
fn a_command_that_is_killed_gives_the_mutex_back() {
    let world = World::new();
    let _holder = world.hold(&["mutex", "m"]);
    let mut owner = world.start(&["acquire", "m", "--", "sh", "-c", "echo $$; exec sleep 1000"]);
    let command = owner.line().parse().unwrap();
    kill(Pid::from_raw(command), Signal::SIGKILL).unwrap();
    owner.wait().ends(128 + 9);
    world.run(&["wait", "m", "-t", "0"]).ends(DONE).quietly();
}

#[test]
fn an_owner_that_is_killed_abandons_the_mutex_and_his_command_ends() {
    let world = World::new();
    let _holder = world.hold(&["mutex", "m"]);
    let own = || {
        let mut owner = world.start(&["acquire", "m", "--", "sh", "-c", "echo $$; exec sleep 1000"]);
        let command = owner.line().parse().unwrap();
        owner.signal(Signal::SIGKILL);
        until_gone(command);
        owner.wait().ends_by_signal(9);
    };
    own();
    world.run(&["wait", "m"]).ends(ABANDONED).says("m").complains("abandoned");
    world.run(&["wait", "m"]).ends(DONE).quietly();
    own();
    let print = ["sh", "-c", "echo abandoned=$WINSHM_ABANDONED"];
    let acquire = [["acquire", "m", "--"].as_slice(), &print].concat();
    world.run(&acquire).ends(DONE).says("abandoned=1\n").complains("m: abandoned");
    world.run(&acquire).ends(DONE).says("abandoned=\n").quietly();
}

#[test]
fn a_mutex_can_be_owned_from_the_beginning() {
    let world = World::new();
    let script = "echo mine; read line";
    let mut first = world.start(&["create", "mutex", "m", "--owned", "--", "sh", "-c", script]);
    assert_eq!([first.line(), first.line()], ["created m", "mine"]);
    let mut second = world.start(&["create", "mutex", "m", "--owned", "--", "sh", "-c", script]);
    assert_eq!(second.line(), "opened m");
    until_asleep(second.id());
    world.run(&["wait", "m", "-t", "0"]).ends(TIMED_OUT);
    let _ = first.end();
    assert_eq!(second.line(), "mine", "it has waited for the first one");
    let _ = second.end();
    world.run(&["wait", "m"]).ends(NO_SUCH_OBJECT);
}

/// A producer and a consumer that know nothing but two events and a section.
#[test]
fn two_shells_hand_over_to_each_other() {
    let world = World::new();
    let _holders = [
        world.hold(&["section", "page", "4K"]),
        world.hold(&["event", "full"]),
        world.hold(&["event", "empty", "--set"]),
    ];
    let producer = "for word in one two three four; do
        winshm wait empty >/dev/null && printf '%-5s' $word | winshm load page - && winshm set full || exit
    done";
    let consumer = "for turn in 1 2 3 4; do
        winshm wait full >/dev/null && winshm dump page --raw --length 5 && winshm set empty || exit
    done";
    let (producer, consumer) = (shell(&world, producer), shell(&world, consumer));
    producer.end().ends(DONE).quietly();
    assert_eq!(consumer.end().ends(DONE).quietly().output, "one  two  threefour ");
}

/// Without the mutex some of the additions would be lost.
#[test]
fn shells_that_count_under_a_mutex_lose_nothing() {
    let world = World::new();
    let _holder = world.hold(&["mutex", "m"]);
    let file = world.folder().join("count");
    std::fs::write(&file, "0\n").unwrap();
    let add = format!("read n <{0}; echo $((n + 1)) >{0}", file.display());
    let script = format!("for turn in 1 2 3 4 5; do winshm acquire m -- sh -c '{add}' || exit; done");
    let shells = [(); 4].map(|()| shell(&world, &script));
    for shell in shells {
        shell.end().ends(DONE).quietly();
    }
    assert_eq!(std::fs::read_to_string(file).unwrap(), "20\n");
}

/// POSIX and System V segments need nobody.
#[test]
fn segments_of_the_system_stay_and_create_returns() {
    let world = World::new();
    let name = format!("Posix\\winshm-tool-{}", std::process::id());
    let file = format!("/dev/shm/winshm-tool-{}", std::process::id());
    assert_eq!(world.run(&["create", "section", &name, "4K"]).ends(DONE).output, format!("created {name}\n"));
    world.run_with_input(&["load", &name, "-"], b"there").ends(DONE);
    world.run(&["dump", &name, "-l", "5"]).ends(DONE).says("|there|");
    assert!(std::fs::read(&file).unwrap().starts_with(b"there\0"));
    world.run(&["create", "section", &name, "4K", "--new"]).ends(EXISTS);
    std::fs::remove_file(&file).unwrap();
    world.run(&["dump", &name]).ends(NO_SUCH_OBJECT);
    world.run(&["create", "section", "Posix\\a/b", "4K"]).ends(ERROR).complains("ERROR_INVALID_NAME (123)");
    world.run(&["create", "section", "SysV\\0", "4K"]).ends(ERROR).complains("ERROR_INVALID_NAME (123)");
}
