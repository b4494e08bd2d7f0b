//! `winshm doctor` where something is missing: what it says changes with the system.

use crate::world::{DONE, World};

#[test]
fn doctor_looks_at_everything_and_says_so_in_both_ways() {
    let world = World::new();
    let text = world.run(&["doctor"]).is_quiet();
    let json = world.run(&["doctor", "--json"]).is_quiet().json();
    let checks = json["checks"].as_array().expect("a list").clone();
    assert!(json["format"] == 1 && checks.len() >= 30, "{json}");
    for check in &checks {
        let name = check["name"].as_str().expect("a text");
        assert!(text.output.contains(name), "{name}: {}", text.output);
    }
    assert_eq!(text.status.code() == Some(DONE), json["verdict"] != "problem");
    // On a terminal only.
    assert!(!text.output.contains('\x1b'));
}
