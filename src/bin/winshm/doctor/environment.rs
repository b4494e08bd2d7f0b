//! The variables that act on the library, and those that look as if they did.

use super::finding::Finding;
use std::ffi::OsString;

/// What the library, and this tool, read.
const KNOWN: &[&str] = &["WINSHM_DIR", "WINSHM_RESERVE", "WINSHM_TRACE", "WINSHM_DEBUG_OUTPUT"];

/// One finding for each variable of the library's kind.
pub fn look(variables: impl Iterator<Item = (OsString, OsString)>) -> Vec<Finding> {
    let mut ours: Vec<(String, String)> = variables
        .map(|(name, value)| (name.to_string_lossy().into_owned(), value.to_string_lossy().into_owned()))
        .filter(|(name, _)| name.starts_with("WINSHM_"))
        .collect();
    ours.sort();
    if ours.is_empty() {
        return vec![Finding::ok(NAME, "no variable is set")];
    }
    ours.iter().map(|(name, value)| judge(name, value)).collect()
}

const NAME: &str = "environment";

fn judge(name: &str, value: &str) -> Finding {
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
        "WINSHM_TRACE" => {
            ok("every program writes its calls, or those that fail; set-uid programs ignore it")
        }
        "WINSHM_DEBUG_OUTPUT" => {
            ok("OutputDebugString writes to the standard error output; set-uid programs ignore it")
        }
        _ => Finding::warning(NAME, found)
            .follows("no effect: the library does not know it")
            .advice(format!("is it misspelt? The library reads {}", KNOWN.join(", "))),
    }
}

#[cfg(test)]
mod tests {
    use super::super::finding::Verdict::{Ok as Fine, Warning};
    use super::*;

    #[test]
    fn a_misspelt_variable_is_noticed() {
        let of = |name: &str, value: &str| look([(name.into(), value.into())].into_iter());
        assert_eq!(of("PATH", "/bin")[0].found, "no variable is set");
        assert_eq!(of("WINSHM_DIR", "/dev/shm/mine")[0].verdict, Fine);
        assert_eq!(of("WINSHM_RESERVE", "yes")[0].verdict, Warning);
        assert_eq!(of("WINSHM_RESERVE", "all")[0].verdict, Fine);
        let typo = &of("WINSHM_DIRECTORY", "/tmp")[0];
        assert!(typo.verdict == Warning && typo.advice.contains("WINSHM_DIR,"));
    }

    #[test]
    fn every_known_variable_has_a_meaning() {
        for name in KNOWN {
            assert!(!judge(name, "all").follows.contains("does not know"));
        }
    }
}
