//! What doctor found, as values: nothing here asks the system or prints.

/// How it stands with one thing.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Verdict {
    /// As it should be.
    Ok,
    /// The library works; something that programs may want does not, or not as well.
    Warning,
    /// Named objects, or what every program needs, do not work.
    Problem,
}

impl Verdict {
    pub fn word(self) -> &'static str {
        match self {
            Verdict::Ok => "ok",
            Verdict::Warning => "warning",
            Verdict::Problem => "problem",
        }
    }
}

/// One check and its result.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Finding {
    /// What was looked at. Scripts find the check by it.
    pub name: &'static str,
    pub verdict: Verdict,
    /// What is there.
    pub found: String,
    /// What this means for programs; empty where nothing follows.
    pub follows: String,
    /// What to do about it; empty where there is nothing to do.
    pub advice: String,
}

impl Finding {
    fn new(name: &'static str, verdict: Verdict, found: impl Into<String>) -> Finding {
        Finding { name, verdict, found: found.into(), follows: String::new(), advice: String::new() }
    }

    pub fn ok(name: &'static str, found: impl Into<String>) -> Finding {
        Finding::new(name, Verdict::Ok, found)
    }

    pub fn warning(name: &'static str, found: impl Into<String>) -> Finding {
        Finding::new(name, Verdict::Warning, found)
    }

    pub fn problem(name: &'static str, found: impl Into<String>) -> Finding {
        Finding::new(name, Verdict::Problem, found)
    }

    pub fn follows(mut self, text: impl Into<String>) -> Finding {
        self.follows = text.into();
        self
    }

    pub fn advice(mut self, text: impl Into<String>) -> Finding {
        self.advice = text.into();
        self
    }
}

/// Findings about one subject.
pub struct Group {
    pub title: &'static str,
    pub findings: Vec<Finding>,
}

/// The worst of all.
pub fn verdict(groups: &[Group]) -> Verdict {
    let all = groups.iter().flat_map(|group| &group.findings);
    all.map(|finding| finding.verdict).max().unwrap_or(Verdict::Ok)
}

/// A number of bytes for people: `64 MiB`, `1.5 GiB`.
pub fn bytes(count: u64) -> String {
    const UNITS: [&str; 6] = ["bytes", "KiB", "MiB", "GiB", "TiB", "PiB"];
    let mut unit = 0;
    let mut rest = count as f64;
    while rest >= 1024.0 && unit + 1 < UNITS.len() {
        rest /= 1024.0;
        unit += 1;
    }
    let digits = usize::from(unit > 0 && rest < 10.0 && (rest * 10.0).round() % 10.0 != 0.0);
    format!("{rest:.digits$} {}", UNITS[unit])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_finding_is_the_verdict() {
        let group = |findings| Group { title: "", findings };
        assert_eq!(verdict(&[]), Verdict::Ok);
        let fine = group(vec![Finding::ok("a", "")]);
        let bad = group(vec![Finding::problem("b", ""), Finding::warning("c", "")]);
        assert_eq!(verdict(&[fine, bad]), Verdict::Problem);
    }

    #[test]
    fn sizes_are_said_for_people() {
        for (count, text) in [(0, "0 bytes"), (1023, "1023 bytes"), (1536, "1.5 KiB"), (64 << 20, "64 MiB")] {
            assert_eq!(bytes(count), text);
        }
        assert_eq!(bytes(u64::MAX), "16384 PiB");
    }
}
