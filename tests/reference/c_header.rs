//! Reads C headers, as far as the page needs them: the functions of the library
//! with their documentation, what a header defines itself, its first comment.

/// A documentation comment, as paragraphs of one line each.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Doc(Vec<String>);

impl Doc {
    /// Of the text between `/*` and `*/`.
    fn of_comment(comment: &str) -> Doc {
        let line = |line: &str| line.trim().trim_start_matches('*').trim().to_string();
        let lines: Vec<String> = comment.lines().map(line).collect();
        let paragraphs = lines.split(|line| line.is_empty()).map(|lines| lines.join(" "));
        Doc(paragraphs.filter(|paragraph| !paragraph.is_empty()).collect())
    }

    pub fn first_sentence(&self) -> &str {
        let first = self.0.first().map_or("", String::as_str);
        first.find(". ").map_or(first, |end| &first[..=end])
    }

    /// What differs from Windows; nothing if it is as there.
    pub fn on_linux(&self) -> &str {
        let differences = self.0.iter().find_map(|paragraph| paragraph.strip_prefix("On Linux:"));
        differences.unwrap_or("").trim()
    }

    /// Whether "On Linux:" begins no paragraph but the last.
    pub fn ends_with_on_linux(&self) -> bool {
        let place = self.0.iter().position(|paragraph| paragraph.starts_with("On Linux:"));
        place.is_none_or(|place| place + 1 == self.0.len())
    }
}

/// A function that the library exports.
#[derive(Debug)]
pub struct Function {
    pub name: String,
    pub doc: Doc,
}

/// What stands between two `/* ---- Title ---- */` lines; without a title, what
/// stands before the first.
#[derive(Debug)]
pub struct Section {
    pub title: String,
    pub functions: Vec<Function>,
}

/// The sections that declare functions of the library.
pub fn sections(header: &str) -> Vec<Section> {
    let mut sections = vec![Section { title: String::new(), functions: Vec::new() }];
    let mut doc = Doc::default();
    // Each part is a comment and the code behind it.
    for part in header.split("/*").skip(1) {
        let (comment, code) = part.split_once("*/").unwrap_or((part, ""));
        if let Some(title) = comment.strip_prefix(" ---- ") {
            let title = title.trim_end_matches([' ', '-']).to_string();
            sections.push(Section { title, functions: Vec::new() });
        }
        if comment.starts_with('*') {
            doc = Doc::of_comment(comment);
        }
        let code: String = code.lines().filter(|line| !line.starts_with('#')).collect::<Vec<_>>().join("\n");
        for statement in code.split(';') {
            let api = ["WINSHM_API", "SHARED_MEMORY_API"].iter().find_map(|api| statement.split_once(api));
            if let Some((_, declaration)) = api {
                let function = Function { name: declared(declaration).to_string(), doc: doc.clone() };
                sections.last_mut().expect("never empty").functions.push(function);
            }
            doc = Doc::default();
        }
    }
    sections.retain(|section| !section.functions.is_empty());
    sections
}

/// What a drop-in header is, and the functions and macros that it defines itself.
pub struct Header {
    pub doc: Doc,
    pub names: Vec<String>,
}

impl Header {
    /// Whether only other headers include it.
    pub fn is_part(&self) -> bool {
        self.doc.0.iter().any(|paragraph| paragraph.contains("not included by programs"))
    }
}

pub fn header(text: &str) -> Header {
    let comment = text.strip_prefix("/*").and_then(|text| text.split_once("*/")).map_or("", |parts| parts.0);
    let mut names: Vec<String> = text.lines().filter_map(defined).map(str::to_string).collect();
    names.retain(|name| !name.is_empty() && is_for_programs(name)); // operators have no name
    names.sort();
    names.dedup();
    Header { doc: Doc::of_comment(comment), names }
}

fn is_of_name(character: char) -> bool {
    character.is_ascii_alphanumeric() || character == '_'
}

/// The name before the first parenthesis.
fn declared(declaration: &str) -> &str {
    let before = declaration.split('(').next().unwrap_or("").trim_end();
    before.rsplit(|character| !is_of_name(character)).next().unwrap_or("")
}

/// The function or macro that begins in this line; constants, types and words
/// of the language are none.
fn defined(line: &str) -> Option<&str> {
    if line.starts_with("static inline ") || line.starts_with("inline ") {
        return Some(declared(line));
    }
    if let Some(instance) = line.strip_prefix("WINSHM_INTERLOCKED_") {
        return instance.split_once('(')?.1.split(',').next(); // a macro that defines a function
    }
    let definition = line.trim_start().strip_prefix('#')?.trim_start().strip_prefix("define ")?.trim_start();
    let end = definition.find(|character| !is_of_name(character))?;
    let (name, rest) = definition.split_at(end);
    if rest.starts_with('(') {
        return Some(name);
    }
    let has_lower_case = |text: &str| text.contains(|character: char| character.is_ascii_lowercase());
    let value = rest.trim();
    let is_name = !value.is_empty()
        && value.chars().all(is_of_name)
        && !value.starts_with(|c: char| c.is_ascii_digit());
    let is_word = ["char", "double", "float", "int", "long", "short", "struct", "void", "static", "inline"]
        .contains(&value);
    (is_name && !is_word && has_lower_case(name) && has_lower_case(value)).then_some(name)
}

/// Neither the header's own, nor a mark for Microsoft's analyser.
fn is_for_programs(name: &str) -> bool {
    let is_mark = name.starts_with('_')
        && name.ends_with('_')
        && name[1..].starts_with(|character: char| character.is_ascii_uppercase());
    let is_own = |prefix: &str| name.to_ascii_lowercase().starts_with(prefix);
    !is_mark && !is_own("winshm_") && !is_own("shared_memory_")
}

/// The words of a C source, but not those in comments and strings.
pub fn words_of_code(source: &str) -> Vec<String> {
    let mut code = String::new();
    let mut rest = source;
    while let Some(character) = rest.chars().next() {
        let skipped = match character {
            '/' if rest.starts_with("/*") => 2 + rest[2..].find("*/").map_or(rest.len() - 2, |end| end + 2),
            '/' if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            '"' | '\'' => quoted(rest, character),
            _ => {
                code.push(character);
                rest = &rest[character.len_utf8()..];
                continue;
            }
        };
        code.push(' ');
        rest = &rest[skipped..];
    }
    code.split(|character| !is_of_name(character))
        .filter(|word| !word.is_empty())
        .map(str::to_string)
        .collect()
}

/// The length of the string that `text` begins with, quotes included; at most a line.
fn quoted(text: &str, quote: char) -> usize {
    let mut is_escaped = false;
    for (at, character) in text.char_indices().skip(1) {
        match character {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            '\n' => return at,
            _ if character == quote => return at + 1,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_declaration_gets_the_comment_in_front_of_it_and_no_other() {
        let header = "\
/* ---- Waiting ------ */
/** A number. */
#define NUMBER 1u
/**
 * Waits for it. Longer than
 * one thinks.
 *
 * @return 0
 *
 * On Linux: not in
 * the dark.
 */
WINSHM_API
DWORD WaitForIt(HANDLE it,
                void (*call)(int));
WINSHM_API HANDLE OpenItW(LPCWSTR name) WINSHM_WIDE(OpenItW);
/* ---- Empty ------ */
typedef int INT;
";
        let sections = sections(header);
        assert_eq!(sections.len(), 1);
        assert_eq!(sections[0].title, "Waiting");
        let [wait, open] = &sections[0].functions[..] else { panic!("{sections:?}") };
        assert_eq!((wait.name.as_str(), open.name.as_str()), ("WaitForIt", "OpenItW"));
        assert_eq!(wait.doc.first_sentence(), "Waits for it.");
        assert_eq!(wait.doc.on_linux(), "not in the dark.");
        assert!(wait.doc.ends_with_on_linux());
        assert_eq!(open.doc, Doc::default());
    }

    #[test]
    fn what_a_header_defines_are_functions_and_what_is_called_like_one() {
        let text = "\
/*
 * it.h - it, and more. Much more.
 *
 * On Linux: smaller.
 */
#ifndef IT_H
#define IT_H
#define MAX_PATH 260
#define INT8 int8_t
#define __int8 char
#define _tcslen wcslen
#define ZeroMemory(to, size) memset(to, 0, size)
#define _In_reads_(count)
#  define GetIt GetItA
static inline char *strcpy_it(char *to,
                              char *from)
WINSHM_INTERLOCKED_STEP(InterlockedIt, check)
static inline void winshm_it(void)
";
        let header = header(text);
        assert_eq!(header.names, ["GetIt", "InterlockedIt", "ZeroMemory", "_tcslen", "strcpy_it"]);
        assert_eq!(header.doc.first_sentence(), "it.h - it, and more.");
        assert_eq!(header.doc.on_linux(), "smaller.");
    }

    #[test]
    fn comments_and_strings_are_no_code() {
        let source = "Open(\"Close \\\" Set\", '\"'); /* Wait */ x = Map; // Reset\nEvent(\"\");";
        assert_eq!(words_of_code(source), ["Open", "x", "Map", "Event"]);
    }
}
