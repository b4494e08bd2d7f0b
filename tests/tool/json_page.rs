//! docs/json.md says which fields there are: no others are printed, and none of them is
//! only promised.

use crate::world::{DONE, World};
use serde_json::Value;
use std::collections::BTreeSet;

const PAGE: &str = include_str!("../../docs/json.md");

/// The names of all fields in a document, however deep.
fn fields(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(object) => {
            for (name, value) in object {
                found.insert(name.clone());
                fields(value, found);
            }
        }
        Value::Array(list) => list.iter().for_each(|value| fields(value, found)),
        _ => {}
    }
}

/// What stands in backquotes on the page.
fn words() -> BTreeSet<&'static str> {
    PAGE.lines()
        .filter(|line| line.starts_with('|'))
        .flat_map(|line| line.split('`').skip(1).step_by(2))
        .collect()
}

/// What the first column of its tables has in backquotes.
fn promised() -> BTreeSet<String> {
    let cells = PAGE.lines().filter(|line| line.starts_with("| `")).filter_map(|line| line.split('|').nth(1));
    cells.flat_map(|cell| cell.split('`').skip(1).step_by(2)).map(str::to_string).collect()
}

#[test]
fn the_page_and_the_documents_have_the_same_fields() {
    let world = World::new();
    let id = std::process::id();
    let (posix, key) = (format!("Posix\\winshm-tool-json-{id}"), format!("SysV\\{:#010x}", 0x5300_0000 + id));
    let _held = [
        world.hold(&["section", "Section", "4096"]),
        world.hold(&["event", "Event"]),
        world.hold(&["mutex", "Mutex"]),
        world.hold(&["semaphore", "Semaphore", "1", "2"]),
        world.hold(&["timer", "Timer"]),
        // Half of a character.
        world.hold(&["event", r"x\u{d800}"]),
    ];
    let _owner = world.start(&["acquire", "Mutex", "--", "sleep", "100"]);
    world.run_with_input(&["load", "Section", "-"], b"hello").ends(DONE);
    for name in [&posix, &key] {
        world.run(&["create", "section", name, "4096"]).ends(DONE);
    }
    crate::ls::look_until(&world, "Local\\Mutex", |mutex| !mutex["state"]["owner"].is_null());
    let mut documents = vec![world.run(&["ls", "--json"]).ends(DONE).json()];
    for name in ["Section", &posix, &key] {
        documents.push(world.run(&["show", name, "--json"]).ends(DONE).json());
    }
    let id_of_segment = documents[3]["object"]["state"]["id"].as_u64().expect("a number").to_string();
    let _ = std::fs::remove_file(format!("/dev/shm/winshm-tool-json-{id}"));
    let removed = std::process::Command::new("ipcrm").args(["-m", &id_of_segment]).status();
    assert!(removed.is_ok_and(|status| status.success()), "ipcrm");

    let mut printed = BTreeSet::new();
    documents.iter().for_each(|document| fields(document, &mut printed));
    let unknown: Vec<_> = printed.iter().filter(|field| !words().contains(field.as_str())).collect();
    assert!(unknown.is_empty(), "printed, and not on the page: {unknown:?}");
    let missing: Vec<_> = promised().into_iter().filter(|field| !printed.contains(field)).collect();
    assert!(missing.is_empty(), "on the page, and never printed: {missing:?}");
    assert!(promised().len() > 40, "the page was read");
}
