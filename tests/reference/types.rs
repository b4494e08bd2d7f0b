//! Finds the types that a C header documents.

use crate::c_header::is_of_name;
use crate::doc::Doc;

/// A documented structure, union, enumeration or other type.
#[derive(Debug, PartialEq)]
pub struct Type {
    pub name: String,
    pub meaning: Doc,
    /// As the header has it.
    pub declaration: String,
}

/// The types whose declarations begin at the beginning of a line, behind a comment.
pub fn types(text: &str) -> Vec<Type> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find("\n/**") {
        let (comment, behind) = rest[at + 3..].split_once("*/").unwrap_or(("", ""));
        rest = behind;
        let code = behind.strip_prefix('\n').unwrap_or(behind);
        if !["struct ", "typedef "].iter().any(|word| code.starts_with(word)) {
            continue;
        }
        let is_block = code.lines().next().is_some_and(|line| line.ends_with('{'));
        let end = if is_block { code.find("\n}").map(|at| at + 1) } else { Some(0) };
        let Some(end) = end.and_then(|from| Some(from + code[from..].find(';')? + 1)) else { continue };
        let declaration = code[..end].to_string();
        found.push(Type { name: type_name(&declaration), meaning: Doc::of_comment(comment), declaration });
        rest = &behind[end..];
    }
    found
}

/// Name and meaning of the types that are another word for one type, such as DWORD; with
/// two meanings if a macro chooses.
pub fn words_for_types(text: &str) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    for line in text.lines() {
        let Some(definition) = line.strip_prefix("typedef ").and_then(|line| line.strip_suffix(';')) else {
            continue;
        };
        if definition.contains(['(', '{', '}']) {
            continue;
        }
        let at = definition.rfind([' ', '*']).map_or(0, |at| at + 1);
        let (meaning, name) = (definition[..at].trim(), &definition[at..]);
        match found.iter_mut().find(|(known, _)| known == name) {
            Some((_, meanings)) => meanings.push_str(&format!("` or `{meaning}")),
            None => found.push((name.to_string(), meaning.to_string())),
        }
    }
    found
}

/// The name that programs use: of `struct _X {...}`, `typedef struct _X {...} X, *PX` and
/// `typedef DWORD (*X)(...)` it is X.
fn type_name(declaration: &str) -> String {
    let last = declaration.rsplit_once('}').map_or("", |(_, names)| names);
    let name_in = |text: &str| -> String {
        let text = text.trim_start_matches(|character| !is_of_name(character));
        text.chars().take_while(|&character| is_of_name(character)).collect()
    };
    let behind_brace = name_in(last);
    if !behind_brace.is_empty() {
        behind_brace
    } else if let Some(tag) = declaration.strip_prefix("struct ") {
        name_in(tag).trim_start_matches('_').to_string()
    } else if let Some((_, pointer)) = declaration.split_once("(*").or(declaration.split_once("(WINAPI *")) {
        name_in(pointer)
    } else {
        let before = declaration.trim_end_matches(';');
        name_in(before.rsplit([' ', '*']).next().unwrap_or(""))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_words_for_types_are_told_with_what_they_mean() {
        let text = "typedef uint32_t DWORD;\ntypedef const char *LPCSTR;\ntypedef struct {\n} A, *B;\n\
            typedef char16_t WCHAR;\ntypedef int (*CALL)(int);\ntypedef wchar_t WCHAR;\n";
        let pair = |name: &str, meaning: &str| (name.to_string(), meaning.to_string());
        let wide = pair("WCHAR", "char16_t` or `wchar_t");
        assert_eq!(words_for_types(text), [pair("DWORD", "uint32_t"), pair("LPCSTR", "const char *"), wide]);
    }
}
