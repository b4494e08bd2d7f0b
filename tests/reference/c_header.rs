//! Reads C headers, as far as the page needs them: the functions of the library
//! with their documentation, what a header defines itself, its first comment.

pub use crate::doc::Doc;
use crate::types::{Type, types};

/// A function that the library exports.
#[derive(Debug)]
pub struct Function {
    pub name: String,
    /// Without the marks of the header.
    pub declaration: String,
    pub doc: Doc,
}

/// A documented `#define` of a value.
#[derive(Debug, PartialEq)]
pub struct Constant {
    pub name: String,
    pub value: String,
    pub meaning: String,
}

/// What stands between two `/* ---- Title ---- */` lines; without a title, what
/// stands before the first.
#[derive(Debug, Default)]
pub struct Section {
    pub title: String,
    pub functions: Vec<Function>,
    pub constants: Vec<Constant>,
    pub types: Vec<Type>,
}

/// The sections that declare anything.
pub fn sections(header: &str) -> Vec<Section> {
    let header = format!("\n{header}"); // a title in the first line, too
    let mut parts = header.split("\n/* ---- ");
    let untitled = parts.next().map(|text| section("", text));
    let titled = parts.map(|part| {
        let (title, text) = part.split_once("*/").unwrap_or((part, ""));
        section(title.trim_end_matches([' ', '-']), text)
    });
    let is_empty = |section: &Section| {
        section.functions.is_empty() && section.constants.is_empty() && section.types.is_empty()
    };
    untitled.into_iter().chain(titled).filter(|section| !is_empty(section)).collect()
}

fn section(title: &str, text: &str) -> Section {
    let mut section = Section { title: title.to_string(), types: types(text), ..Section::default() };
    let mut doc = Doc::default();
    // Each part is a comment and the code behind it.
    for part in text.split("/*").skip(1) {
        let (comment, code) = part.split_once("*/").unwrap_or((part, ""));
        if comment.starts_with('*') {
            doc = Doc::of_comment(comment);
            section.constants.extend(constant(&doc, code));
        }
        let code: String = code.lines().filter(|line| !line.starts_with('#')).collect::<Vec<_>>().join("\n");
        for statement in code.split(';') {
            let api = ["WINSHM_API", "SHARED_MEMORY_API"].iter().find_map(|api| statement.split_once(api));
            if let Some((_, declaration)) = api {
                let declaration = declaration.split("WINSHM_WIDE(").next().unwrap_or("");
                let declaration = declaration.trim().trim_start_matches("WINSHM_NORETURN").trim_start();
                let name = declared(declaration).to_string();
                let declaration = format!("{declaration};");
                section.functions.push(Function { name, declaration, doc: doc.clone() });
            }
            doc = Doc::default();
        }
    }
    section
}

/// The constant that is defined directly behind its comment.
fn constant(doc: &Doc, code: &str) -> Option<Constant> {
    let code = code.trim_start().replace("\\\n", " ");
    let definition = code.lines().next()?.strip_prefix("#define ")?;
    let (name, value) = definition.split_once(' ')?;
    if !name.chars().all(is_of_name) {
        return None;
    }
    let value = value.split_whitespace().collect::<Vec<_>>().join(" ");
    let meaning = doc.blocks().collect::<Vec<_>>().join(" ");
    Some(Constant { name: name.to_string(), value: without_suffix(&value).to_string(), meaning })
}

/// 0x80, of 0x80u.
fn without_suffix(value: &str) -> &str {
    let number = value.strip_suffix('u').unwrap_or(value);
    if number.starts_with(|first: char| first.is_ascii_digit()) { number } else { value }
}

/// What a drop-in header is, and the functions and macros that it defines itself.
pub struct Header {
    pub doc: Doc,
    pub names: Vec<String>,
}

impl Header {
    /// Whether only other headers include it.
    pub fn is_part(&self) -> bool {
        self.doc.blocks().any(|block| block.contains("not included by programs"))
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

pub fn is_of_name(character: char) -> bool {
    character.is_ascii_alphanumeric() || character == '_'
}

/// The words of a text that could be names.
pub fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|character| !is_of_name(character)).filter(|word| !word.is_empty())
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
    words(&code).map(str::to_string).collect()
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
/** Both. */
#define SUM (NUMBER | \\
    OTHER)
/** Two. */
struct _PAIR {
    /** It. */
    int it;
};
/** A call. */
typedef void (*CALL)(int);
/** Words. */
typedef struct _WORDS {
    int a;
} WORDS, *PWORDS;
/** Listed. */
typedef int LISTED;
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
        let number = |name: &str, value: &str, meaning: &str| Constant {
            name: name.to_string(),
            value: value.to_string(),
            meaning: meaning.to_string(),
        };
        assert_eq!(
            sections[0].constants,
            [number("NUMBER", "1", "A number."), number("SUM", "(NUMBER | OTHER)", "Both.")]
        );
        let names: Vec<_> = sections[0].types.iter().map(|kind| kind.name.as_str()).collect();
        assert_eq!(names, ["PAIR", "CALL", "WORDS", "LISTED"]);
        assert_eq!(sections[0].types[0].declaration, "struct _PAIR {\n    /** It. */\n    int it;\n};");
        let [wait, open] = &sections[0].functions[..] else { panic!("{sections:?}") };
        assert_eq!(wait.declaration, "DWORD WaitForIt(HANDLE it,\n                void (*call)(int));");
        assert_eq!(open.declaration, "HANDLE OpenItW(LPCWSTR name);");
        assert_eq!((wait.name.as_str(), open.name.as_str()), ("WaitForIt", "OpenItW"));
        assert_eq!(wait.doc.first_sentence(), "Waits for it.");
        assert_eq!(wait.doc.on_linux(), "not in the dark.");
        assert!(wait.doc.ends_with_on_linux());
        assert!(open.doc.is_empty());
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
