//! Each module uses only what stands below it. One crate has no borders of its
//! own; this test is the border. The picture is in `src/lib.rs`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// From top to bottom; a module may use those in the rows below its own.
const LAYERS: &[&[&str]] = &[
    &["fuzz"],
    &["abi"],
    &["trace", "catalog"],
    &["object"],
    &["shared_memory"],
    &["process"],
    &["section", "dispatcher", "machine", "module", "debug_output"],
    &["memory", "namespace", "pool", "file", "handle"],
    &["segment"],
    &["fork", "patience", "manifest"],
    &["mark", "sync"],
    &["sys", "name", "access", "message", "encoding"],
    &["text", "protection", "plant", "security"],
    &["error"],
    &["consts"],
];

/// Neighbours in a row that may use each other, one way.
const NEIGHBOURS: &[(&str, &str)] = &[("pool", "namespace"), ("file", "namespace")];

/// Files that are tests as a whole.
const TESTS: &[&str] = &[
    "handle/stress.rs",
    "object/storm.rs",
    "object/torn_storm.rs",
    "plant/actors.rs",
    "plant/deeds.rs",
    "plant/points.rs",
];

/// And folders, with all that is in them.
const TEST_FOLDERS: &[&str] = &["faults", "object/fork_points", "sync/crash", "sync/storm"];

fn layer(module: &str) -> usize {
    let found = LAYERS.iter().position(|row| row.contains(&module));
    found.unwrap_or_else(|| panic!("module {module} has no layer: give it one here and in src/lib.rs"))
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("src is there") {
        let path = entry.expect("a readable entry").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// The text of each source file of a module, tests and comments left out.
fn modules() -> BTreeMap<String, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    let mut modules: BTreeMap<String, String> = BTreeMap::new();
    for file in files {
        let place = file.strip_prefix(&root).expect("below src");
        let is_test = TESTS.iter().any(|test| place == Path::new(test));
        if is_test || TEST_FOLDERS.iter().any(|test| place.starts_with(test)) {
            continue;
        }
        let first = place.components().next().expect("not empty").as_os_str().to_string_lossy();
        let module = first.trim_end_matches(".rs").to_string();
        let text = std::fs::read_to_string(&file).expect("UTF-8");
        let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
        let is_code = |line: &&str| !line.trim_start().starts_with("//");
        let kept: Vec<_> = code.lines().filter(is_code).collect();
        modules.entry(module).or_default().push_str(&(kept.join("\n") + "\n"));
    }
    modules.remove("lib");
    modules.remove("bin"); // a program, above all of it
    modules
}

/// The modules that a text names after `crate::`, also in `crate::{a, b}`.
fn used(text: &str) -> Vec<String> {
    let name = |text: &str| text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    let mut names = Vec::new();
    for rest in text.split("crate::").skip(1) {
        match rest.strip_prefix('{') {
            None => names.push(name(rest)),
            Some(list) => {
                let mut depth = 0;
                let list = list.split('}').next().unwrap_or_default();
                for part in list.split(',') {
                    if depth == 0 {
                        names.push(name(part.trim_start()));
                    }
                    depth += part.matches('{').count();
                }
            }
        }
    }
    names
}

#[test]
fn no_module_uses_one_that_stands_above_it() {
    let modules = modules();
    let mut wrong = Vec::new();
    for (module, text) in &modules {
        for other in used(text) {
            let allowed = other == *module
                || layer(&other) > layer(module)
                || NEIGHBOURS.contains(&(module.as_str(), other.as_str()));
            if !allowed {
                wrong.push(format!("{module} uses {other}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_check_sees_what_it_is_meant_to_see() {
    assert_eq!(used("use crate::sys::map;\nuse crate::{mark, fork as f};"), ["sys", "mark", "fork"]);
    assert!(modules().len() > 15);
}

/// Only `sys` speaks to the kernel: elsewhere errno values may be named, and
/// atomics and `libc` types, but no call is made.
#[test]
fn only_sys_makes_system_calls() {
    for (module, text) in modules().iter().filter(|(module, _)| *module != "sys") {
        for rest in text.split("libc::").skip(1) {
            let first = rest.chars().next().unwrap_or(' ');
            assert!(first.is_ascii_uppercase(), "{module} uses libc::{}", rest.lines().next().unwrap_or(""));
        }
        for part in ["nix::unistd", "nix::fcntl", "nix::sys"] {
            assert!(!text.contains(part), "{module} uses {part}");
        }
    }
}
