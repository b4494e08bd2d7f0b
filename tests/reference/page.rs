//! Writes docs/reference.md out of the headers.

use crate::c_header::{Doc, Function, Header, Section, header, sections};
use std::collections::BTreeMap;
use std::fmt::Write;

const BEGINNING: &str = "\
# Every function and every header

What the library exports and what its drop-in headers add, with what differs from
Windows; where the last column is empty, nothing does. What holds for all functions
(names, lifetimes, fork, signal handlers, threads) is told in README.md; the parameters,
results and errors of each in its header.

Generated from the headers: change the sources, then run `./dev bless`.

## Functions

Those whose names end in `A` take UTF-8. Those that end in `W` are there twice, for each
width of `wchar_t`; the header chooses.
";

const SHARED_MEMORY: &str = "
### SharedMemory

Windows has no such functions. They are declared in `SharedMemory.h`.

| function | what it does |
|---|---|
";

const HEADERS: &str = "
## Drop-in headers

In `include/compat`, for sources that include them by these names:

| header | what it is | on Linux |
|---|---|---|
";

const PARTS: &str = "
What these are made of:

| header | what it is | on Linux |
|---|---|---|
";

const NAMES: &str = "
## Names without the library

Functions and macros that the headers define themselves:

| header | names |
|---|---|
";

/// The headers' texts, those of `compat` by their names.
pub struct Headers {
    /// With `winshm_nt.h`.
    pub winshm: String,
    pub shared_memory: String,
    pub shared_memory_classic: String,
    pub compat: BTreeMap<String, String>,
}

impl Headers {
    pub fn page(&self) -> String {
        let mut page = String::from(BEGINNING);
        for Section { title, functions } in sections(&self.winshm) {
            write!(page, "\n### {title}\n\n| function | what it does | on Linux |\n|---|---|---|\n")
                .expect("memory");
            for (names, what, on_linux) in rows(&functions) {
                writeln!(page, "| {names} | {what} | {on_linux} |").expect("memory");
            }
        }
        page.push_str(SHARED_MEMORY);
        for Section { functions, .. } in sections(&self.shared_memory) {
            for (names, what, _) in rows(&functions) {
                writeln!(page, "| {names} | {what} |").expect("memory");
            }
        }
        self.drop_in(&mut page);
        self.names(&mut page);
        page
    }

    fn drop_in(&self, page: &mut String) {
        let compat = || self.compat.iter().map(|(name, text)| (name, header(text)));
        let mut table = |title: &str, parts: bool| {
            page.push_str(title);
            for (name, Header { doc, .. }) in compat().filter(|(_, header)| header.is_part() == parts) {
                let purpose = doc.first_sentence().strip_prefix(&format!("{name} - ")).unwrap_or("");
                writeln!(page, "| `{name}` | {} | {} |", cell(&capital(purpose)), cell(doc.on_linux()))
                    .expect("memory");
            }
        };
        table(HEADERS, false);
        table(PARTS, true);
    }

    fn names(&self, page: &mut String) {
        page.push_str(NAMES);
        let own =
            [("SharedMemory.h", &self.shared_memory), ("SharedMemoryClassic.h", &self.shared_memory_classic)];
        let compat = self.compat.iter().map(|(file, text)| (file.as_str(), text));
        for (file, text) in compat.chain(own) {
            let names: Vec<_> = header(text).names.iter().map(|name| format!("`{name}`")).collect();
            if !names.is_empty() {
                writeln!(page, "| `{file}` | {} |", names.join(", ")).expect("memory");
            }
        }
    }
}

/// For each function, or pair of A and W, the names, what it does and what differs.
fn rows(functions: &[Function]) -> Vec<(String, String, String)> {
    let wide_of = |name: &str| {
        let wide = format!("{}W", name.strip_suffix('A')?);
        functions.iter().find(|function| function.name == wide)
    };
    let ansi_of = |name: &str| {
        let ansi = format!("{}A", name.strip_suffix('W')?);
        functions.iter().find(|function| function.name == ansi)
    };
    let firsts = functions.iter().filter(|function| ansi_of(&function.name).is_none());
    let row = |Function { name, doc }: &Function| {
        let what = cell(doc.first_sentence());
        match wide_of(name) {
            None => (format!("`{name}`"), what, cell(doc.on_linux())),
            Some(wide) => (format!("`{name}`, `{}`", wide.name), what, both(doc, &wide.doc)),
        }
    };
    firsts.map(row).collect()
}

/// What differs in either function of a pair.
fn both(ansi: &Doc, wide: &Doc) -> String {
    match (ansi.on_linux(), wide.on_linux()) {
        (ansi, "") => cell(ansi),
        ("", wide) => format!("W: {}", cell(wide)),
        (ansi, wide) => format!("{} W: {}", cell(ansi), cell(wide)),
    }
}

fn capital(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(characters).collect()
}

/// Text as Markdown shows it in a table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('*', "\\*").replace('<', "\\<")
}
