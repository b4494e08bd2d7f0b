//! Text as Markdown shows it, with links to the functions that it names.

use crate::c_header::is_of_name;
use std::collections::BTreeMap;

/// Where functions are told of: page and anchor, by name, of a pair of A and W by all three.
#[derive(Default)]
pub struct Links(pub BTreeMap<String, Place>);

pub struct Place {
    /// Without folder or extension.
    pub page: String,
    pub anchor: String,
}

impl Links {
    /// The text for the page `page`; the functions of the entry `own` are no links in it.
    pub fn text(&self, text: &str, page: &str, own: &str) -> String {
        let mut out = String::new();
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let length = rest.find(|character| !is_of_name(character)).unwrap_or(rest.len());
            if length == 0 {
                out.push_str(&escaped(first));
                rest = &rest[first.len_utf8()..];
                continue;
            }
            let (word, behind) = rest.split_at(length);
            match self.0.get(word) {
                Some(place) if place.anchor != own => out.push_str(&place.link(word, page)),
                _ => out.push_str(word),
            }
            rest = behind;
        }
        out
    }
}

impl Place {
    pub fn link(&self, text: &str, from: &str) -> String {
        let file = if self.page == from { String::new() } else { format!("{}.md", self.page) };
        format!("[{text}]({file}#{})", self.anchor)
    }
}

fn escaped(character: char) -> String {
    match character {
        '\\' | '*' | '<' | '|' | '[' | ']' => format!("\\{character}"),
        _ => character.to_string(),
    }
}

/// The anchor of a heading that is a name.
pub fn anchor(name: &str) -> String {
    name.to_ascii_lowercase()
}

pub fn capital(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(characters).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_are_links_and_markdown_means_nothing() {
        let mut links = Links::default();
        let place = Place { page: "events".to_string(), anchor: "setevent".to_string() };
        links.0.insert("SetEvent".to_string(), place);
        let text = "SetEvent, MySetEvent: \"Local\\\" <it> a*b";
        assert_eq!(
            links.text(text, "mutexes", ""),
            "[SetEvent](events.md#setevent), MySetEvent: \"Local\\\\\" \\<it> a\\*b"
        );
        assert_eq!(links.text("SetEvent", "events", ""), "[SetEvent](#setevent)");
        assert_eq!(links.text("SetEvent", "events", "setevent"), "SetEvent");
    }
}
