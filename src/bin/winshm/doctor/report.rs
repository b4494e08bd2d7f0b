//! Findings as text for people, and as JSON for programs.

use super::finding::{Finding, Group, Verdict, verdict};
use crate::look::{Look, Style};
use crate::text::visible;
use serde::Serialize;
use std::fmt::Write;

fn style(verdict: Verdict) -> Style {
    match verdict {
        Verdict::Ok => Style::Good,
        Verdict::Warning => Style::Notable,
        Verdict::Problem => Style::Bad,
    }
}

/// A line each, and below it what follows and what to do.
pub fn text(groups: &[Group], look: Look) -> String {
    const WIDE: usize = 100;
    const NAME: usize = 19;
    const INDENT: usize = 2 + 8 + 1 + NAME + 1;
    let mut report = String::new();
    let width = look.width.unwrap_or(WIDE).min(WIDE);
    for group in groups {
        let _ = writeln!(report, "{}", look.paint(Style::Title, group.title));
        for finding in &group.findings {
            let word = look.paint(style(finding.verdict), &format!("{:<8}", finding.verdict.word()));
            let _ = write!(report, "  {word} {:<NAME$} ", finding.name);
            let mut pieces = vec![finding.found.clone()];
            pieces.extend((!finding.follows.is_empty()).then(|| format!("-> {}", finding.follows)));
            pieces.extend((!finding.advice.is_empty()).then(|| format!("To do: {}", finding.advice)));
            for (index, piece) in pieces.iter().enumerate() {
                for (line, words) in wrap(&visible(piece), width.saturating_sub(INDENT)).iter().enumerate() {
                    let indent = if index == 0 && line == 0 { 0 } else { INDENT + 2 * usize::from(line > 0) };
                    let _ = writeln!(report, "{:indent$}{words}", "");
                }
            }
        }
        report.push('\n');
    }
    let (problems, warnings) = (count(groups, Verdict::Problem), count(groups, Verdict::Warning));
    let worst = verdict(groups);
    let summary = match worst {
        Verdict::Ok => "All is well: every part of winshm works here.".to_string(),
        Verdict::Warning => format!("winshm works here; warnings: {warnings}."),
        Verdict::Problem => {
            format!("winshm does not work here as it should; problems: {problems}, warnings: {warnings}.")
        }
    };
    let _ = writeln!(report, "{}", look.paint(style(worst), &summary));
    report
}

fn count(groups: &[Group], verdict: Verdict) -> usize {
    groups.iter().flat_map(|group| &group.findings).filter(|finding| finding.verdict == verdict).count()
}

/// Lines of whole words, as long as they fit; a longer word has a line of its own.
fn wrap(text: &str, width: usize) -> Vec<String> {
    const LEAST: usize = 30;
    let width = width.max(LEAST);
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let line = lines.last_mut().expect("never empty");
        if line.is_empty() {
            line.push_str(word);
        } else if line.chars().count() + 1 + word.chars().count() <= width {
            line.push(' ');
            line.push_str(word);
        } else {
            lines.push(word.to_string());
        }
    }
    lines
}

/// What `--json` prints. Its fields stay as they are while `format` is 1; new ones may come.
#[derive(Serialize)]
pub struct Report<'a> {
    format: u32,
    version: &'static str,
    verdict: &'static str,
    checks: Vec<Check<'a>>,
}

#[derive(Serialize)]
struct Check<'a> {
    group: &'static str,
    name: &'static str,
    verdict: &'static str,
    found: &'a str,
    follows: &'a str,
    advice: &'a str,
}

pub fn document(groups: &[Group]) -> Report<'_> {
    fn one<'a>(group: &'static str, finding: &'a Finding) -> Check<'a> {
        let Finding { name, verdict, found, follows, advice } = finding;
        Check { group, name, verdict: verdict.word(), found, follows, advice }
    }
    let checks =
        groups.iter().flat_map(|group| group.findings.iter().map(|finding| one(group.title, finding)));
    Report {
        format: 1,
        version: env!("CARGO_PKG_VERSION"),
        verdict: verdict(groups).word(),
        checks: checks.collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn groups() -> [Group; 1] {
        let findings = vec![
            Finding::ok("a", "fine"),
            Finding::warning("b", "so \x1b so").follows("this follows ".repeat(8).trim()).advice("do it"),
        ];
        [Group { title: "Title", findings }]
    }

    #[test]
    fn a_report_has_its_verdict_in_words_and_no_foreign_control_characters() {
        let plain = text(&groups(), Look { colours: false, width: Some(80) });
        assert!(plain.ends_with("winshm works here; warnings: 1.\n"), "{plain}");
        assert!(!plain.contains('\x1b') && plain.contains("so \\u{1b} so"));
        assert!(plain.lines().all(|line| line.chars().count() <= 80), "{plain}");
        let coloured = text(&groups(), Look { colours: true, width: Some(80) });
        assert!(coloured.contains("\x1b[33mwarning "));
    }

    #[test]
    fn programs_get_everything_too() {
        let value = serde_json::to_value(document(&groups())).unwrap();
        assert_eq!((&value["format"], &value["verdict"]), (&1.into(), &"warning".into()));
        let second = &value["checks"][1];
        assert_eq!((&second["group"], &second["name"]), (&"Title".into(), &"b".into()));
        assert_eq!((&second["found"], &second["advice"]), (&"so \x1b so".into(), &"do it".into()));
    }

    #[test]
    fn lines_are_wrapped_between_words() {
        let text = "a b c ".repeat(20);
        assert!(wrap(text.trim(), 40).iter().all(|line| line.len() <= 40));
        assert_eq!(wrap(&"x".repeat(99), 40).len(), 1);
        assert_eq!(wrap("", 40), [""]);
    }
}
