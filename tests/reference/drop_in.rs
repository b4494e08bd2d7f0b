//! The page of the drop-in headers.

use crate::c_header::{Header, header};
use crate::words::{Links, capital};
use std::collections::BTreeMap;
use std::fmt::Write;

const NAMES: &str = "
## Names without the library

Functions and macros that the headers define themselves:

| header | names |
|---|---|
";

pub struct DropIn<'a> {
    pub compat: &'a BTreeMap<String, String>,
    /// The headers of SharedMemory, by their names.
    pub own: [(&'a str, &'a str); 2],
}

impl DropIn<'_> {
    /// The two tables of headers, with what differs, and the names.
    pub fn write(&self, page: &mut String, links: &Links) {
        page.push_str("\nIn `include/compat`, for sources that include them by these names:\n\n");
        self.table(page, links, false);
        page.push_str("\n## What they are made of\n\n");
        self.table(page, links, true);
        page.push_str(NAMES);
        let compat = self.compat.iter().map(|(file, text)| (file.as_str(), text.as_str()));
        for (file, text) in compat.chain(self.own) {
            let names: Vec<_> = header(text).names.iter().map(|name| format!("`{name}`")).collect();
            if !names.is_empty() {
                writeln!(page, "| `{file}` | {} |", names.join(", ")).expect("memory");
            }
        }
    }

    /// Only those of which something differs.
    pub fn differences(&self, page: &mut String, links: &Links) {
        page.push_str("\n## Drop-in headers\n\n| header | on Linux |\n|---|---|\n");
        for (name, text) in self.compat {
            let Header { doc, .. } = header(text);
            if !doc.on_linux().is_empty() {
                let what = links.text(doc.on_linux(), "differences", "");
                writeln!(page, "| `{name}` | {what} |").expect("memory");
            }
        }
    }

    fn table(&self, page: &mut String, links: &Links, parts: bool) {
        page.push_str("| header | what it is | on Linux |\n|---|---|---|\n");
        let headers = self.compat.iter().map(|(name, text)| (name, header(text)));
        for (name, Header { doc, .. }) in headers.filter(|(_, header)| header.is_part() == parts) {
            let purpose = doc.first_sentence().strip_prefix(&format!("{name} - ")).unwrap_or("");
            let text = |text: &str| links.text(text, "headers", "");
            writeln!(page, "| `{name}` | {} | {} |", text(&capital(purpose)), text(doc.on_linux()))
                .expect("memory");
        }
    }
}
