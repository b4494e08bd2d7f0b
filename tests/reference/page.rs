//! Writes docs/reference.md and docs/reference/ out of the headers.

use crate::c_header::{Constant, Section, header, sections};
use crate::drop_in::DropIn;
use crate::entry::{Entry, blocks, entries};
use crate::errors;
use crate::topics::PAGES;
use crate::types::{Type, words_for_types};
use crate::words::{Links, Place};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

const BEGINNING: &str = "\
# Reference

What the library exports and what its headers add: every function with its parameters,
results and errors, every constant, every error, and what differs from Windows. Generated
from the headers: change the sources, then run `./dev bless`.

| page | what it has |
|---|---|
";

const LAST_PAGES: &str = "\
| [Drop-in headers](reference/headers.md) | `windows.h` and its family: what each is, and the names that they define themselves |
| [Differences](reference/differences.md) | what differs from Windows, function by function and header by header |

## What holds for all functions

";

const EVERY_FUNCTION: &str = "
## Every function

Those whose names end in `A` take UTF-8. Those that end in `W` are there twice, for each
width of `wchar_t`; the header chooses.

| function | what it does |
|---|---|
";

const BASIC_TYPES: &str = "
## Basic types

They have Windows' sizes. `long` has 64 bits here and 32 on Windows, so none is made of it.

| name | in C |
|---|---|
";

const DIFFERENCES: &str = "\
# Differences from Windows, function by function

What differs as a whole, why, and what to do about it is in [differences.md](../differences.md).
Here are the functions and headers, one by one. A function that is not here does what it does on
Windows. Back to the [reference](../reference.md).
";

/// The headers' texts, those of `compat` by their names.
pub struct Headers {
    pub winshm: String,
    pub native: String,
    pub platform: String,
    pub shared_memory: String,
    pub shared_memory_classic: String,
    pub compat: BTreeMap<String, String>,
}

impl Headers {
    /// Of all headers; one that has no titles is one section, with the title of its page.
    pub fn sections(&self) -> Vec<Section> {
        let whole = |text: &str, title: &str| {
            let mut whole = Section { title: title.to_string(), ..Section::default() };
            for section in sections(text) {
                whole.functions.extend(section.functions);
                whole.constants.extend(section.constants);
                whole.types.extend(section.types);
            }
            whole
        };
        let mut all = sections(&self.winshm);
        all.retain(|section| !section.title.is_empty());
        all.push(whole(&self.native, "Native functions"));
        all.push(whole(&self.shared_memory, "SharedMemory"));
        let platform = whole(&self.platform, "Types");
        let types = all.iter_mut().find(|section| section.title == "Types").expect("in winshm.h");
        types.constants.extend(platform.constants);
        types.types.extend(platform.types);
        all
    }

    /// The pages by their paths below docs/.
    pub fn pages(&self) -> BTreeMap<String, String> {
        let all = self.sections();
        let placed: BTreeSet<&str> = PAGES.iter().flat_map(|page| page.3).copied().collect();
        let lost: Vec<_> =
            all.iter().map(|section| &section.title).filter(|t| !placed.contains(&t[..])).collect();
        assert!(lost.is_empty(), "sections without a page in tests/reference/topics.rs: {lost:?}");

        let find = |title: &&str| all.iter().find(|section| section.title == *title).expect("a section");
        let of_page = |titles: &[&'static str]| titles.iter().map(find).collect::<Vec<&Section>>();
        let mut links = Links::default();
        let mut every: Vec<(&str, Entry)> = Vec::new();
        for (file, _, _, titles) in PAGES {
            for section in of_page(titles) {
                for entry in entries(&section.functions) {
                    for name in entry.functions().map(|function| &function.name).chain([&entry.title]) {
                        let place = Place { page: file.to_string(), anchor: entry.anchor() };
                        links.0.insert(name.to_string(), place);
                    }
                    every.push((file, entry));
                }
            }
        }
        let drop_in = DropIn {
            compat: &self.compat,
            own: [
                ("SharedMemory.h", &self.shared_memory),
                ("SharedMemoryClassic.h", &self.shared_memory_classic),
            ],
        };

        let mut pages = BTreeMap::new();
        for (file, title, _, titles) in PAGES {
            let mut page = format!("# {title}\n\nA page of the [reference](../reference.md).\n");
            // The check of the documentation compiles the declarations, with this.
            write!(page, "\n<!-- docs: given\n#include <winshm.h>\n{}-->\n", needed(file)).expect("memory");
            if *file == "shared-memory" {
                introduction(&mut page, &self.shared_memory, file, &links);
            }
            if *file == "types" {
                basic_types(&mut page, &self.platform);
            }
            let sections = of_page(titles);
            self::sections_of_page(&mut page, file, &sections, &links);
            if *file == "errors" {
                let unknown = errors::unknown(&sections[0].constants, &every);
                assert!(unknown.is_empty(), "errors that the headers do not define: {unknown:?}");
                page.push_str("\n## Codes\n");
                errors::table(&mut page, &sections[0].constants, &every, &links);
            }
            pages.insert(format!("reference/{file}.md"), page);
        }
        let mut page = "# Drop-in headers\n\nA page of the [reference](../reference.md).\n".to_string();
        drop_in.write(&mut page, &links);
        pages.insert("reference/headers.md".to_string(), page);
        let mut page = DIFFERENCES.to_string();
        differences(&mut page, &every, &links);
        drop_in.differences(&mut page, &links);
        pages.insert("reference/differences.md".to_string(), page);
        pages.insert("reference.md".to_string(), self.index(every));
        pages
    }

    fn index(&self, mut every: Vec<(&str, Entry)>) -> String {
        let mut page = BEGINNING.to_string();
        for (file, title, what, _) in PAGES {
            writeln!(page, "| [{title}](reference/{file}.md) | {what} |").expect("memory");
        }
        page.push_str(LAST_PAGES);
        let doc = header(&self.winshm).doc;
        let in_all = doc.blocks().find(|block| block.starts_with("In all functions:")).expect("in winshm.h");
        writeln!(page, "{in_all}").expect("memory");
        page.push_str(EVERY_FUNCTION);
        every.sort_by(|(_, one), (_, other)| one.title.cmp(&other.title));
        for (file, entry) in every {
            let names = entry.linked_names(&format!("reference/{file}.md"));
            let what = Links::default().text(entry.function.doc.first_sentence(), "", "");
            writeln!(page, "| {names} | {what} |").expect("memory");
        }
        page
    }
}

/// What the declarations on a page need beside winshm.h.
fn needed(file: &str) -> &'static str {
    match file {
        "native" => "#include <winshm_nt.h>\n",
        "semaphores" => {
            "#undef CreateSemaphoreA\n#undef CreateSemaphoreW\n\
             #undef CreateSemaphoreExA\n#undef CreateSemaphoreExW\n"
        }
        "shared-memory" => "#include <SharedMemory.h>\nstatic int sample;\n",
        _ => "",
    }
}

/// What the first comment of a header says of all its functions.
fn introduction(page: &mut String, text: &str, file: &str, links: &Links) {
    let mut doc = header(text).doc;
    doc.leave_out(|block| block.starts_with("SharedMemory.h - ") || block.starts_with("Generated from"));
    blocks(page, &doc, &|text| links.text(text, file, ""));
}

fn basic_types(page: &mut String, platform: &str) {
    page.push_str(BASIC_TYPES);
    for (name, meaning) in words_for_types(platform) {
        writeln!(page, "| `{name}` | `{meaning}` |").expect("memory");
    }
}

fn sections_of_page(page: &mut String, file: &str, sections: &[&Section], links: &Links) {
    for section in sections {
        if !section.functions.is_empty() {
            let title = if sections.len() == 1 { "Functions" } else { &section.title };
            write!(page, "\n## {title}\n").expect("memory");
        }
        for entry in entries(&section.functions) {
            entry.write(page, file, links);
        }
    }
    let constants: Vec<&Constant> = sections.iter().flat_map(|section| &section.constants).collect();
    if !constants.is_empty() && file != "errors" {
        page.push_str("\n## Constants\n\n| name | value | meaning |\n|---|---|---|\n");
        for Constant { name, value, meaning } in constants {
            let value = value.replace('|', "\\|");
            writeln!(page, "| `{name}` | `{value}` | {} |", links.text(meaning, file, "")).expect("memory");
        }
    }
    let types: Vec<&Type> = sections.iter().flat_map(|section| &section.types).collect();
    if !types.is_empty() {
        page.push_str(if file == "types" { "\n## Structures\n" } else { "\n## Types\n" });
    }
    for Type { name, meaning, declaration } in types {
        write!(page, "\n### {name}\n").expect("memory");
        blocks(page, meaning, &|text| links.text(text, file, ""));
        write!(page, "\n```c\n{}\n```\n", declaration.trim_end()).expect("memory");
    }
}

fn differences(page: &mut String, every: &[(&str, Entry)], links: &Links) {
    for (file, title, _, _) in PAGES {
        let mut rows = String::new();
        for (_, entry) in every.iter().filter(|(of, _)| of == file) {
            let what = entry.on_linux();
            if !what.is_empty() {
                let names = entry.linked_names(&format!("{file}.md"));
                let text = links.text(&what, "differences", "");
                writeln!(rows, "| {names} | {text} |").expect("memory");
            }
        }
        if !rows.is_empty() {
            write!(page, "\n## {title}\n\n| function | on Linux |\n|---|---|\n{rows}").expect("memory");
        }
    }
}
