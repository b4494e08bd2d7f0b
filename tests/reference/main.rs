//! docs/reference.md and the pages of docs/reference have every function and every
//! header, and are what they say; and every function is called by a test.
//!
//! `./dev bless` accepts a change of the pages.

mod c_header;
mod doc;
mod drop_in;
mod entry;
mod errors;
mod page;
mod topics;
mod types;
mod words;

use c_header::{Function, header, words_of_code};
use page::Headers;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: impl AsRef<Path>) -> String {
    let path = root().join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The files below a folder, but not below the folders that are left out.
fn files(folder: &str, left_out: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder of the project") {
            let path = entry.expect("a readable entry").path();
            if !path.is_dir() {
                found.push(path);
            } else if !left_out.iter().any(|name| path.ends_with(name)) {
                folders.push(path);
            }
        }
    }
    found.sort();
    found
}

fn headers() -> Headers {
    let compat = files("include/compat", &[]).into_iter().map(|path| {
        let name = path.file_name().expect("a file").to_string_lossy().into_owned();
        (name, read(path))
    });
    Headers {
        winshm: read("include/winshm.h"),
        native: read("include/winshm_nt.h"),
        platform: read("include/winshm_platform.h") + &read("include/winshm_security_types.h"),
        shared_memory: read("include/SharedMemory.h"),
        shared_memory_classic: read("include/SharedMemoryClassic.h"),
        compat: compat.collect(),
    }
}

fn functions() -> Vec<Function> {
    headers().sections().into_iter().flat_map(|section| section.functions).collect()
}

/// The symbols that the sources export in an ordinary build.
fn exports() -> BTreeSet<String> {
    let sources = files("src/abi", &[]).into_iter().filter(|path| !path.ends_with("bench.rs")).map(read);
    let mut names = BTreeSet::new();
    for source in sources {
        for part in source.split("#[unsafe(no_mangle)]").skip(1) {
            let signature = part.split_once(" fn ").expect("a function").1;
            names.insert(signature.split(['(', '<']).next().expect("a name").to_string());
        }
    }
    names
}

/// `FooW`, of `winshm_FooW32`.
fn wide_of_twin(symbol: &str) -> Option<&str> {
    symbol.strip_prefix("winshm_")?.strip_suffix("32")
}

fn assert_none(what: &str, names: &[String]) {
    assert!(names.is_empty(), "{what}: {names:#?}");
}

#[test]
fn the_pages_are_up_to_date() {
    let pages = headers().pages();
    let docs = root().join("docs");
    if std::env::var_os("WINSHM_BLESS").is_some() {
        std::fs::create_dir_all(docs.join("reference")).expect("docs/ is writable");
        for (path, page) in &pages {
            std::fs::write(docs.join(path), page).expect("docs/ is writable");
        }
    }
    for (path, page) in &pages {
        let text = std::fs::read_to_string(docs.join(path)).unwrap_or_default();
        let mut lines = page.lines().zip(text.lines().chain(std::iter::repeat("")));
        let difference = lines.find(|(new, old)| new != old);
        assert!(text == *page, "docs/{path} is out of date at {difference:?}; run ./dev bless");
    }
    let is_generated = |path: &PathBuf| {
        path.strip_prefix(&docs).is_ok_and(|path| pages.contains_key(&*path.to_string_lossy()))
    };
    let others: Vec<_> =
        files("docs/reference", &[]).into_iter().filter(|path| !is_generated(path)).collect();
    assert!(others.is_empty(), "not generated, or not any more: {others:?}");
}

#[test]
fn every_exported_function_and_no_other_is_in_the_page() {
    let exported: BTreeSet<_> = exports().into_iter().filter(|name| wide_of_twin(name).is_none()).collect();
    let declared: BTreeSet<_> = functions().into_iter().map(|function| function.name).collect();
    assert!(exported.len() > 90);
    assert_eq!(exported, declared, "exported, and declared in the headers");
    let page = &headers().pages()["reference.md"];
    let lost: Vec<_> = exported.into_iter().filter(|name| !page.contains(&format!("`{name}`"))).collect();
    assert_none("not in docs/reference.md", &lost);
}

#[test]
fn every_wide_function_has_a_twin_for_units_of_32_bits_and_every_twin_its_function() {
    let exported = exports();
    let mut alone = Vec::new();
    for name in &exported {
        let other = match wide_of_twin(name) {
            Some(wide) => wide.to_string(),
            None if name.ends_with('W') => format!("winshm_{name}32"),
            None => continue,
        };
        if !exported.contains(&other) {
            alone.push(format!("{name} without {other}"));
        }
    }
    assert_none("functions without their twin", &alone);
}

#[test]
fn every_documentation_begins_with_what_and_ends_with_what_differs() {
    let is_wrong = |doc: &c_header::Doc| doc.first_sentence().is_empty() || !doc.ends_with_on_linux();
    let functions: Vec<_> = functions().into_iter().filter(|f| is_wrong(&f.doc)).map(|f| f.name).collect();
    assert_none("functions without a first sentence, or with more after \"On Linux:\"", &functions);
    let begins =
        |name: &str, text: &str| header(text).doc.first_sentence().starts_with(&format!("{name} - "));
    let compat: BTreeMap<_, _> = headers().compat;
    let headers: Vec<_> =
        compat.into_iter().filter(|(name, text)| !begins(name, text)).map(|(name, _)| name).collect();
    assert_none("headers whose first comment does not begin with \"NAME - what it is\"", &headers);
}

/// A function that no program uses may as well not work.
#[test]
fn every_function_is_used_by_a_c_program() {
    let programs = ["c_tests", "examples"].iter().flat_map(|folder| files(folder, &["bench", "cmake"]));
    let is_source = |path: &PathBuf| {
        path.extension().is_some_and(|end| ["c", "cpp", "h", "hpp"].iter().any(|e| end == *e))
    };
    let words: BTreeSet<String> =
        programs.filter(is_source).flat_map(|path| words_of_code(&read(path))).collect();
    // Foo is FooA where UNICODE is not defined.
    let is_used =
        |name: &str| words.contains(name) || name.strip_suffix('A').is_some_and(|name| words.contains(name));
    let names = functions().into_iter().map(|function| function.name);
    let unused: Vec<_> = names.filter(|name| !is_used(name)).collect();
    assert_none("used in no program of c_tests/ or examples/", &unused);
}
