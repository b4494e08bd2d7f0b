//! The page of the error codes.

use crate::c_header::Constant;
use crate::entry::Entry;
use crate::words::Links;
use std::collections::BTreeSet;
use std::ffi::{CStr, c_char, c_void};
use std::fmt::Write;

use winshm as _; // for FormatMessageA

const BEGINNING: &str = "\
What GetLastError can tell, by number. \"Here\" is what the code means in this library,
\"text\" what FormatMessage makes of it. \"Given by\" are the functions whose entries name
it, or refer to an entry that does. Codes that no function gives are declared because
sources name them.

| name | number | here | text | given by |
|---|---|---|---|---|
";

pub fn table(page: &mut String, constants: &[Constant], entries: &[(&str, Entry)], links: &Links) {
    page.push('\n');
    for line in BEGINNING.lines() {
        let is_row = line.starts_with('|');
        page.push_str(&if is_row { line.to_string() } else { links.text(line, "errors", "") });
        page.push('\n');
    }
    let given: Vec<_> = entries.iter().map(|(_, entry)| errors_of(entry, entries, 0)).collect();
    for Constant { name, value, meaning } in constants {
        let givers: Vec<String> = entries
            .iter()
            .zip(&given)
            .filter(|(_, given)| given.contains(name.as_str()))
            .map(|((file, entry), _)| format!("[{}]({file}.md#{})", entry.title, entry.anchor()))
            .collect();
        let text = links.text(&system_text(value.parse().expect("a number")), "errors", "");
        let meaning = links.text(meaning, "errors", "");
        writeln!(page, "| `{name}` | {value} | {meaning} | {text} | {} |", givers.join(", "))
            .expect("memory");
    }
}

/// The errors that an entry names, and those of the entries that it refers to.
fn errors_of<'a>(entry: &'a Entry, entries: &'a [(&str, Entry)], depth: u32) -> BTreeSet<&'a str> {
    assert!(depth < 8, "{} refers to what refers to it", entry.title);
    let mut found = entry.own_errors();
    for (name, kinds) in entry.others_errors() {
        let is_named =
            |other: &Entry| other.title == name || other.functions().any(|function| function.name == name);
        let other = entries.iter().map(|(_, other)| other).find(|other| is_named(other));
        if let Some(other) = other.filter(|other| other.title != entry.title) {
            found.extend(
                errors_of(other, entries, depth + 1).into_iter().filter(|error| kinds.contain(error)),
            );
        }
    }
    found
}

/// Errors that an entry names, and the page does not know.
pub fn unknown<'a>(constants: &[Constant], entries: &'a [(&str, Entry)]) -> BTreeSet<&'a str> {
    let known: BTreeSet<&str> = constants.iter().map(|constant| constant.name.as_str()).collect();
    let named = entries.iter().flat_map(|(_, entry)| entry.own_errors());
    named.filter(|name| !known.contains(name)).collect()
}

/// What FormatMessage says, without the end of the line.
fn system_text(code: u32) -> String {
    const FROM_SYSTEM_IGNORING_INSERTS: u32 = 0x1200;
    unsafe extern "C" {
        fn FormatMessageA(
            flags: u32,
            source: *const c_void,
            code: u32,
            language: u32,
            buffer: *mut c_char,
            size: u32,
            arguments: *mut c_void,
        ) -> u32;
    }
    let mut buffer = [0 as c_char; 512];
    // SAFETY: the buffer is as long as said, and there are no inserts that need arguments.
    let length = unsafe {
        FormatMessageA(
            FROM_SYSTEM_IGNORING_INSERTS,
            std::ptr::null(),
            code,
            0,
            buffer.as_mut_ptr(),
            512,
            std::ptr::null_mut(),
        )
    };
    assert!(length > 0, "error {code} has no text");
    // SAFETY: FormatMessage ended it with a NUL.
    let text = unsafe { CStr::from_ptr(buffer.as_ptr()) };
    text.to_string_lossy().trim_end().to_string()
}
