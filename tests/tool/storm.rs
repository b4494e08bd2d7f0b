//! `clean` and `ls` beside processes that make objects, end and are killed: what lives is never
//! touched, and nobody sees an error.

use crate::ls::listed;
use crate::world::{DONE, World};
use std::process::Stdio;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

const LOOKS: usize = 60;

#[test]
fn nothing_that_lives_is_cleaned_and_nobody_is_disturbed() {
    let world = World::new();
    let _kept =
        [world.hold(&["event", "Kept", "--manual", "--set"]), world.hold(&["section", "Memory", "4096"])];
    let is_over = AtomicBool::new(false);
    // So that a failure ends the others.
    struct Over<'a>(&'a AtomicBool);
    impl Drop for Over<'_> {
        fn drop(&mut self) {
            self.0.store(true, Ordering::Relaxed);
        }
    }
    let again = |run: &dyn Fn()| {
        let _over = Over(&is_over);
        while !is_over.load(Ordering::Relaxed) {
            run();
        }
    };
    thread::scope(|threads| {
        // The name is another's, or goes with him, all the time; within the command it is there.
        for _ in 0..2 {
            threads.spawn(|| {
                let tool = env!("CARGO_BIN_EXE_winshm");
                let words = ["create", "event", "Shared", "--", tool, "set", "Shared"];
                again(&|| drop(world.run(&words).ends(DONE).quietly()));
            });
        }
        threads.spawn(|| {
            again(&|| {
                let mut command = world.command(&["create", "section", "Killed", "8192"]);
                let mut child =
                    command.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().expect("the tool");
                // Somewhere on its way.
                thread::yield_now();
                child.kill().expect("our child");
                child.wait().expect("our child");
            });
        });
        threads.spawn(|| {
            again(&|| {
                let list = world.run(&["ls", "--json"]).ends(DONE).quietly();
                for name in ["Local\\Kept", "Local\\Memory"] {
                    assert_eq!(listed(&list, name)["life"], "alive");
                }
            });
        });
        let _over = Over(&is_over);
        for _ in 0..LOOKS {
            world.run(&["clean"]).ends(DONE).quietly();
            world.run(&["wait", "Kept", "--timeout", "0"]).ends(DONE).quietly();
            world.run(&["dump", "Memory", "--length", "1"]).ends(DONE).quietly();
        }
    });
}
