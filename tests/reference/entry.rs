//! What the reference tells of one function, or of a pair of A and W.

use crate::c_header::{Doc, Function, words};
use crate::words::{Links, anchor};
use std::collections::BTreeSet;
use std::fmt::Write;

pub struct Entry<'a> {
    /// The name; of a pair without the letter at its end.
    pub title: String,
    /// The only function, or that of the pair which takes UTF-8.
    pub function: &'a Function,
    pub wide: Option<&'a Function>,
}

/// One for each function, or pair of A and W.
pub fn entries(functions: &[Function]) -> Vec<Entry<'_>> {
    let partner = |name: &str, own: char, other: char| {
        let base = name.strip_suffix(own)?;
        functions.iter().find(|function| function.name == format!("{base}{other}"))
    };
    let firsts = functions.iter().filter(|function| partner(&function.name, 'W', 'A').is_none());
    firsts
        .map(|function| {
            let wide = partner(&function.name, 'A', 'W');
            let end = if wide.is_some() { 1 } else { 0 };
            let title = function.name[..function.name.len() - end].to_string();
            Entry { title, function, wide }
        })
        .collect()
}

impl Entry<'_> {
    pub fn anchor(&self) -> String {
        anchor(&self.title)
    }

    pub fn functions(&self) -> impl Iterator<Item = &Function> {
        [self.function].into_iter().chain(self.wide)
    }

    /// The names as a table shows them, with a link.
    pub fn linked_names(&self, page: &str) -> String {
        let link = |name: &str| format!("[`{name}`]({page}#{})", self.anchor());
        self.functions().map(|function| link(&function.name)).collect::<Vec<_>>().join(", ")
    }

    /// What differs from Windows in either function.
    pub fn on_linux(&self) -> String {
        let wide = self.wide.map_or("", |wide| wide.doc.on_linux());
        match (self.function.doc.on_linux(), wide) {
            (narrow, "") => narrow.to_string(),
            ("", wide) => format!("W: {wide}"),
            (narrow, wide) => format!("{narrow} W: {wide}"),
        }
    }

    /// The errors that the documentation names itself.
    pub fn own_errors(&self) -> BTreeSet<&str> {
        let mut found = BTreeSet::new();
        for function in self.functions() {
            let parts = function.doc.parameters.iter().map(|(_, text)| text.as_str());
            for text in parts.chain([function.doc.returns.as_str(), function.doc.on_linux()]) {
                found.extend(words(text).filter(|word| is_error(word)));
            }
        }
        found
    }

    /// Whose errors the documentation says this function gives, too, and those of them
    /// that are meant.
    pub fn others_errors(&self) -> impl Iterator<Item = (&str, Kinds)> {
        const MARKS: [&str; 3] = ["as ", "GetLastError as for ", "the errors of "];
        let returns = self.function.doc.returns.as_str();
        MARKS.into_iter().filter_map(move |mark| {
            let behind =
                if mark == "as " { returns.strip_prefix(mark) } else { Some(returns.split_once(mark)?.1) };
            let text = behind?;
            let name = words(text).next()?;
            let wish =
                text[name.len()..].strip_prefix(" for ").map(|rest| rest.split(';').next().unwrap_or(""));
            Some((name, Kinds(wish.unwrap_or("").to_string())))
        })
    }

    pub fn write(&self, page: &mut String, page_name: &str, links: &Links) {
        let own = self.anchor();
        let text = |text: &str| links.text(text, page_name, &own);
        write!(page, "\n### {}\n\n```c\n", self.title).expect("memory");
        for function in self.functions() {
            writeln!(page, "{}", function.declaration.trim_end()).expect("memory");
        }
        page.push_str("```\n");
        let Doc { parameters, returns, .. } = &self.function.doc;
        blocks(page, &self.function.doc, &text);
        if !parameters.is_empty() {
            page.push_str("\n| parameter | |\n|---|---|\n");
            for (name, what) in parameters {
                writeln!(page, "| `{name}` | {} |", text(what)).expect("memory");
            }
        }
        if !returns.is_empty() {
            write!(page, "\n**Returns** ").expect("memory");
            results(page, returns, &text);
        }
        if let Some(wide) = self.wide {
            write!(page, "\n**{}**: ", wide.name).expect("memory");
            let mut said: Vec<String> = wide.doc.blocks().map(&text).collect();
            let parameters =
                wide.doc.parameters.iter().map(|(name, what)| format!("`{name}`: {}.", text(what)));
            said.extend(parameters);
            if !wide.doc.returns.is_empty() {
                said.push(format!("Returns {}.", text(&wide.doc.returns)));
            }
            writeln!(page, "{}", said.join(" ")).expect("memory");
        }
        let on_linux = self.on_linux();
        if !on_linux.is_empty() {
            writeln!(page, "\n**On Linux:** {}", text(&on_linux)).expect("memory");
        }
    }
}

/// Kinds of errors by the words for them; none means every kind.
pub struct Kinds(String);

impl Kinds {
    const NAMES: &[&str] =
        &["ERROR_PATH_NOT_FOUND", "ERROR_BAD_PATHNAME", "ERROR_INVALID_NAME", "ERROR_FILENAME_EXCED_RANGE"];
    const SECURITY: &[&str] = &["ERROR_ACCESS_DENIED", "ERROR_INVALID_SECURITY_DESCR"];
    const RESOURCES: &[&str] = &[
        "ERROR_BUSY",
        "ERROR_COMMITMENT_LIMIT",
        "ERROR_FILE_CORRUPT",
        "ERROR_NO_SYSTEM_RESOURCES",
        "ERROR_NOT_ENOUGH_MEMORY",
        "ERROR_REVISION_MISMATCH",
        "ERROR_TOO_MANY_OPEN_FILES",
    ];

    pub fn contain(&self, error: &str) -> bool {
        let all = [("names", Kinds::NAMES), ("security", Kinds::SECURITY), ("resources", Kinds::RESOURCES)];
        self.0.is_empty() || all.iter().any(|(word, errors)| self.0.contains(word) && errors.contains(&error))
    }
}

/// A whole name: "the ERROR_ codes" is none.
fn is_error(word: &str) -> bool {
    word.strip_prefix("ERROR_").is_some_and(|rest| !rest.is_empty())
}

/// Paragraphs, lists and code.
pub fn blocks(page: &mut String, doc: &Doc, text: &dyn Fn(&str) -> String) {
    let mut kind_before = ' ';
    let mut blocks = doc.blocks().peekable();
    while let Some(block) = blocks.next() {
        let kind = match block {
            _ if block.starts_with("    ") => 'c',
            _ if block.starts_with("- ") => 'l',
            _ => 'p',
        };
        if kind == 'p' || kind != kind_before {
            page.push('\n');
        }
        let line = match block.strip_prefix("- ") {
            Some(item) => format!("- {}", text(item)),
            None if kind == 'c' => block[4..].to_string(),
            None => text(block),
        };
        if kind == 'c' && kind_before != 'c' {
            page.push_str("```c\n");
        }
        writeln!(page, "{line}").expect("memory");
        if kind == 'c' && !blocks.peek().is_some_and(|next| next.starts_with("    ")) {
            page.push_str("```\n");
        }
        kind_before = kind;
    }
}

/// What comes before the first error, then a list of what is parted by semicolons.
fn results(page: &mut String, returns: &str, text: &dyn Fn(&str) -> String) {
    let (lead, rest) = match returns.split_once("GetLastError: ") {
        Some((before, rest)) => (format!("{before}GetLastError:"), rest),
        None => (String::new(), returns),
    };
    let items = items(rest);
    if lead.is_empty() && items.len() == 1 {
        writeln!(page, "{}", text(rest)).expect("memory");
        return;
    }
    let lead = if lead.is_empty() { String::new() } else { text(&lead) };
    page.push_str(lead.trim_end());
    page.truncate(page.trim_end().len());
    page.push_str("\n\n");
    for item in items {
        writeln!(page, "- {}", text(&item)).expect("memory");
    }
}

/// What is parted by semicolons; what only goes on stays with what it belongs to.
fn items(text: &str) -> Vec<String> {
    let mut items: Vec<String> = Vec::new();
    for piece in text.split("; ") {
        let first = words(piece).next().unwrap_or("");
        let is_name =
            first.contains('_') && !first.contains(|character: char| character.is_ascii_lowercase());
        let begins = is_name
            || first.parse::<u32>().is_ok()
            || ["or", "and", "else", "for", "TRUE", "FALSE", "NULL"].contains(&first);
        match items.last_mut() {
            Some(last) if !begins => {
                last.push_str("; ");
                last.push_str(piece);
            }
            _ => items.push(piece.to_string()),
        }
    }
    items
}
