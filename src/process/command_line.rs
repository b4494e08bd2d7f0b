//! Command lines, as Windows passes them, made arguments, as Linux does: the way in
//! which the C library of a Windows program takes its command line apart.

#![forbid(unsafe_code)]

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

/// The arguments of a command line; the first one is the program's name.
pub fn arguments(line: &[u8]) -> Vec<Vec<u8>> {
    let (name, mut rest) = program_name(line);
    let mut arguments = vec![name];
    loop {
        let start = rest.iter().position(|&byte| !is_blank(byte));
        let Some(start) = start else { return arguments };
        let (argument, length) = argument(&rest[start..]);
        arguments.push(argument);
        rest = &rest[start + length..];
    }
}

/// In a name backslashes are separators, and quotes only hold blanks.
fn program_name(line: &[u8]) -> (Vec<u8>, &[u8]) {
    let (mut name, mut is_quoted) = (Vec::new(), false);
    for (index, &byte) in line.iter().enumerate() {
        match byte {
            b'"' => is_quoted = !is_quoted,
            byte if is_blank(byte) && !is_quoted => return (name, &line[index..]),
            byte => name.push(byte),
        }
    }
    (name, &[])
}

/// One argument, and how many bytes of the line it is. Before a quote, two backslashes
/// are one; an odd one makes the quote a character. So do two quotes within quotes.
fn argument(line: &[u8]) -> (Vec<u8>, usize) {
    let (mut argument, mut is_quoted, mut index) = (Vec::new(), false, 0);
    while let Some(&byte) = line.get(index) {
        match byte {
            b'\\' => {
                let count = line[index..].iter().take_while(|&&byte| byte == b'\\').count();
                index += count;
                let is_before_quote = line.get(index) == Some(&b'"');
                argument.resize(argument.len() + if is_before_quote { count / 2 } else { count }, b'\\');
                if is_before_quote && count % 2 == 1 {
                    argument.push(b'"');
                    index += 1;
                }
                continue;
            }
            b'"' if is_quoted && line.get(index + 1) == Some(&b'"') => {
                argument.push(b'"');
                index += 1;
            }
            b'"' => is_quoted = !is_quoted,
            byte if is_blank(byte) && !is_quoted => break,
            byte => argument.push(byte),
        }
        index += 1;
    }
    (argument, index)
}

/// The names that the beginning of a command line may mean: what stands in quotes, or
/// what stands before a blank, the shorter the sooner.
pub fn candidates(line: &[u8]) -> Vec<&[u8]> {
    let start = line.iter().position(|&byte| !is_blank(byte)).unwrap_or(line.len());
    let end = line.iter().rposition(|&byte| !is_blank(byte)).map_or(start, |last| last + 1);
    let line = &line[start..end];
    if let Some(quoted) = line.strip_prefix(b"\"") {
        return vec![quoted.split(|&byte| byte == b'"').next().unwrap_or(quoted)];
    }
    let ends_here = |&end: &usize| end == line.len() || is_blank(line[end]) && !is_blank(line[end - 1]);
    (1..=line.len()).filter(ends_here).map(|end| &line[..end]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(line: &str) -> Vec<String> {
        arguments(line.as_bytes()).into_iter().map(|word| String::from_utf8(word).unwrap()).collect()
    }

    /// The examples of Microsoft's "Parsing C command-line arguments".
    #[test]
    fn arguments_are_what_microsoft_says() {
        assert_eq!(split(r#"p "a b c" d e"#), ["p", "a b c", "d", "e"]);
        assert_eq!(split(r#"p "ab\"c" "\\" d"#), ["p", r#"ab"c"#, r"\", "d"]);
        assert_eq!(split(r#"p a\\\b d"e f"g h"#), ["p", r"a\\\b", "de fg", "h"]);
        assert_eq!(split(r#"p a\\\"b c d"#), ["p", r#"a\"b"#, "c", "d"]);
        assert_eq!(split(r#"p a\\\\"b c" d e"#), ["p", r"a\\b c", "d", "e"]);
        assert_eq!(split(r#"p a"b"" c d"#), ["p", r#"ab" c d"#]);
    }

    #[test]
    fn empty_arguments_and_ends_of_lines() {
        assert_eq!(split(r#"p "" x"#), ["p", "", "x"]);
        assert_eq!(split("p  a \t b  "), ["p", "a", "b"]);
        assert_eq!(split(r"p a\"), ["p", r"a\"]);
        assert_eq!(split(r#"p "a"#), ["p", "a"]);
        assert_eq!(split(""), [""]);
    }

    #[test]
    fn a_program_name_has_no_escapes() {
        assert_eq!(split(r#""a b"\c\"d e" f"#), [r"a b\c\d e", "f"]);
        assert_eq!(split(r"c:\a\\b x"), [r"c:\a\\b", "x"]);
    }

    #[test]
    fn a_name_without_quotes_may_have_blanks() {
        let names = |line: &'static str| {
            candidates(line.as_bytes())
                .into_iter()
                .map(|name| std::str::from_utf8(name).unwrap())
                .collect::<Vec<_>>()
        };
        assert_eq!(names("a b  c"), ["a", "a b", "a b  c"]);
        assert_eq!(names(r#""a b" c"#), ["a b"]);
        assert_eq!(names(r#""a b"#), ["a b"]);
        assert_eq!(names("  x y"), ["x", "x y"]);
        assert_eq!(names(""), [""; 0]);
        assert_eq!(names("x "), ["x"; 1]);
    }
}
