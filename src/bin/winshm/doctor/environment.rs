//! The variables that act on the library, and those that look as if they did.

use super::finding::Finding;
use crate::child::ABANDONED_VARIABLE;
use std::ffi::OsString;
use std::path::Path;

/// What the library, and this tool, read.
const KNOWN: &[&str] = &["WINSHM_DIR", "WINSHM_RESERVE", "WINSHM_TRACE", "WINSHM_DEBUG_OUTPUT"];

/// What others read or set, and whose it is.
const OF_OTHERS: &[(&str, &str)] = &[
    ("WINSHM_LIBRARY", "the library that winshm.py loads; programs in C do not look at it"),
    (ABANDONED_VARIABLE, "set by `winshm acquire` for its command: the owner before died"),
];

/// One finding for each variable of the library's kind.
/// `may_append`: whether lines can be added to such a file, which need not exist.
pub fn look(
    variables: impl Iterator<Item = (OsString, OsString)>,
    may_append: impl Fn(&Path) -> bool,
) -> Vec<Finding> {
    let mut ours: Vec<(String, String)> = variables
        .map(|(name, value)| (name.to_string_lossy().into_owned(), value.to_string_lossy().into_owned()))
        .filter(|(name, _)| name.starts_with("WINSHM_"))
        .collect();
    ours.sort();
    if ours.is_empty() {
        return vec![Finding::ok(NAME, "no variable is set")];
    }
    ours.iter().map(|(name, value)| judge(name, value, &may_append)).collect()
}

const NAME: &str = "environment";

fn judge(name: &str, value: &str, may_append: impl Fn(&Path) -> bool) -> Finding {
    let found = format!("{name}={value}");
    let ok = |text: &str| Finding::ok(NAME, found.clone()).follows(text);
    match name {
        "WINSHM_DIR" if value.is_empty() => ok("empty, as if it was not set"),
        "WINSHM_DIR" => ok(
            "names are shared with those programs only that have the same value; it is read once, and set-uid programs ignore it",
        ),
        "WINSHM_RESERVE" if value == "all" => {
            ok("sections of every size get all of their memory when they are made")
        }
        "WINSHM_RESERVE" => Finding::warning(NAME, found)
            .follows("no effect: the one value with a meaning is \"all\"")
            .advice("WINSHM_RESERVE=all, or unset it"),
        "WINSHM_TRACE" if value.is_empty() => ok("empty, as if it was not set"),
        "WINSHM_TRACE" => trace(value, may_append),
        "WINSHM_DEBUG_OUTPUT" => {
            ok("OutputDebugString writes to the standard error output; set-uid programs ignore it")
        }
        _ => match OF_OTHERS.iter().find(|(known, _)| *known == name) {
            Some((_, meaning)) => ok(meaning),
            None => Finding::warning(NAME, found)
                .follows("no effect: the library does not know it")
                .advice(format!("is it misspelt? The library reads {}", KNOWN.join(", "))),
        },
    }
}

/// `calls`, `errors`, either with `:FILE`, or a file.
fn trace(value: &str, may_append: impl Fn(&Path) -> bool) -> Finding {
    let found = format!("WINSHM_TRACE={value}");
    let (what, file) = match value.split_once(':') {
        Some((what @ ("calls" | "errors"), file)) => (what, file),
        _ if matches!(value, "calls" | "errors") => (value, ""),
        _ => ("calls", value),
    };
    let whose = if what == "errors" { "those of its calls that fail" } else { "its calls" };
    let path = Path::new(file);
    if file.is_empty() {
        let follows =
            format!("every program writes {whose} to the standard error output; set-uid programs ignore it");
        Finding::ok(NAME, found).follows(follows)
    } else if path.is_relative() {
        Finding::warning(NAME, found)
            .follows(format!("every program writes {whose} to a file \"{file}\" in its working directory"))
            .advice("WINSHM_TRACE=calls, WINSHM_TRACE=errors, or the absolute path of a file")
    } else if may_append(path) {
        Finding::ok(NAME, found)
            .follows(format!("every program adds {whose} to this file; set-uid programs ignore it"))
    } else {
        Finding::warning(NAME, found)
            .follows("the file cannot be written to: calls are not traced, and every program says so")
            .advice("name a file that you may write to, in a directory that exists")
    }
}

#[cfg(test)]
mod tests {
    use super::super::finding::Verdict::{Ok as Fine, Warning};
    use super::*;

    #[test]
    fn a_misspelt_variable_is_noticed() {
        let of = |name: &str, value: &str| look([(name.into(), value.into())].into_iter(), |_| true);
        assert_eq!(of("PATH", "/bin")[0].found, "no variable is set");
        assert_eq!(of("WINSHM_DIR", "/dev/shm/mine")[0].verdict, Fine);
        assert_eq!(of("WINSHM_RESERVE", "yes")[0].verdict, Warning);
        assert_eq!(of("WINSHM_RESERVE", "all")[0].verdict, Fine);
        assert_eq!(of("WINSHM_LIBRARY", "/opt/libwinshm.so")[0].verdict, Fine);
        assert_eq!(of("WINSHM_ABANDONED", "1")[0].verdict, Fine);
        let typo = &of("WINSHM_DIRECTORY", "/tmp")[0];
        assert!(typo.verdict == Warning && typo.advice.contains("WINSHM_DIR,"));
    }

    #[test]
    fn every_known_variable_has_a_meaning() {
        for name in KNOWN {
            assert!(!judge(name, "all", |_| true).follows.contains("does not know"));
        }
    }

    #[test]
    fn a_trace_goes_where_it_can_be_read() {
        let of = |value: &str| trace(value, |path| path != Path::new("/closed")).verdict;
        assert_eq!((of("calls"), of("errors"), of("errors:/tmp/x"), of("/tmp/x")), (Fine, Fine, Fine, Fine));
        // Files of these names, which nobody means.
        assert_eq!((of("1"), of("all"), of("error")), (Warning, Warning, Warning));
        assert_eq!((of("/closed"), of("calls:/closed")), (Warning, Warning));
    }
}
