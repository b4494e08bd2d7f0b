//! One page for `winshm` and one for each subcommand. Most is clap's; what users look for
//! beside that is added here.

use super::examples;
use crate::cli::EXIT_CODES;
use clap::Command;
use clap_mangen::Man;
use clap_mangen::roff::{Inline, Roff, bold, roman};

/// Name of the file, and its text.
pub fn pages(mut command: Command) -> Vec<(String, Vec<u8>)> {
    command.build();
    let mut pages = Vec::new();
    add(&command, &mut pages);
    pages
}

fn add(command: &Command, pages: &mut Vec<(String, Vec<u8>)>) {
    let title = command.get_display_name().unwrap_or("winshm").to_string();
    pages.push((format!("{title}.1"), page(command, &title)));
    command.get_subcommands().for_each(|one| add(one, pages));
}

fn page(command: &Command, title: &str) -> Vec<u8> {
    let source = format!("winshm {}", env!("CARGO_PKG_VERSION"));
    let man = Man::new(command.clone().disable_version_flag(true))
        .title(title)
        .section("1")
        .date("")
        .source(source)
        .manual("User Commands");
    let own = title.strip_prefix("winshm").unwrap_or("").trim_start_matches('-');
    let mut text = Vec::new();
    let written = man
        .render_title(&mut text)
        .and_then(|()| man.render_name_section(&mut text))
        .and_then(|()| synopsis(command).to_writer(&mut text))
        .and_then(|()| man.render_description_section(&mut text))
        .and_then(|()| if has_options(command) { man.render_options_section(&mut text) } else { Ok(()) })
        .and_then(|()| match command.has_subcommands() {
            true => man.render_subcommands_section(&mut text),
            false => Ok(()),
        })
        .and_then(|()| further(command, own).to_writer(&mut text));
    written.expect("a vector takes everything");
    text
}

/// clap's own usage line: it has the `--` before a command.
fn synopsis(command: &Command) -> Roff {
    let usage = command.clone().render_usage().to_string();
    let mut roff = Roff::new();
    roff.control("SH", ["SYNOPSIS"]);
    roff.text(vec![roman(usage.trim_start_matches("Usage: "))]);
    roff
}

fn has_options(command: &Command) -> bool {
    command.get_arguments().any(|argument| !argument.is_hide_set())
}

/// What clap knows nothing of.
fn further(command: &Command, own: &str) -> Roff {
    let mut roff = Roff::new();
    exit_status(&mut roff, own);
    list(&mut roff, "ENVIRONMENT", ENVIRONMENT);
    if matches!(own, "" | "ls" | "show" | "clean" | "doctor") {
        list(&mut roff, "FILES", FILES);
    }
    let examples = examples::of(own);
    if !examples.is_empty() {
        roff.control("SH", ["EXAMPLES"]);
        for (line, meaning) in examples {
            entry(&mut roff, line, meaning);
        }
    }
    let mut others: Vec<String> = vec!["winshm(1)".into()];
    if own.contains('-') {
        others.push("winshm-create(1)".into());
    }
    others.extend(see_also(own).iter().map(|page| page.to_string()));
    others.retain(|page| *page != format!("{}(1)", command.get_display_name().unwrap_or("winshm")));
    roff.control("SH", ["SEE ALSO"]);
    roff.text(vec![roman(others.join(", "))]);
    roff
}

fn list(roff: &mut Roff, title: &str, entries: &[(&str, &str)]) {
    roff.control("SH", [title]);
    for (name, meaning) in entries {
        entry(roff, name, meaning);
    }
}

fn entry(roff: &mut Roff, name: &str, meaning: &str) {
    roff.control("TP", []);
    roff.text(vec![bold(name)]);
    roff.text(vec![roman(meaning)]);
}

/// Which exit codes a subcommand has, of those that `winshm --help` lists.
fn codes(own: &str) -> &'static [u32] {
    match own {
        "ls" | "clean" => &[0, 1, 2, 7],
        "show" | "dump" | "load" | "watch" | "set" | "reset" | "pulse" | "release" => &[0, 1, 2, 3, 7],
        "acquire" | "wait" => &[0, 1, 2, 3, 4, 5, 7],
        _ if own.starts_with("create") => &[0, 1, 2, 6, 7],
        _ => &[0, 1, 2, 3, 4, 5, 6, 7],
    }
}

fn exit_status(roff: &mut Roff, own: &str) {
    roff.control("SH", ["EXIT STATUS"]);
    if own == "doctor" {
        entry(roff, "0", "there is no problem, at most warnings");
        entry(roff, "1", "there is a problem: named objects, or what every program needs, do not work");
        return entry(roff, "2", "wrong usage");
    }
    let (table, rest) = EXIT_CODES.split_once("\n\n").unwrap_or((EXIT_CODES, ""));
    for (code, meaning) in exit_codes(table) {
        if codes(own).contains(&code) {
            entry(roff, &code.to_string(), &meaning);
        }
    }
    if own.is_empty() || own.starts_with("create") || own == "acquire" {
        roff.control("PP", []);
        roff.text(vec![Inline::Roman(rest.replace('`', "'"))]);
    }
}

/// The lines of the table: a number, and a meaning that may go on in the next line.
fn exit_codes(table: &str) -> Vec<(u32, String)> {
    let mut codes: Vec<(u32, String)> = Vec::new();
    for line in table.lines().skip(1) {
        let (first, rest) = line.trim().split_once(' ').unwrap_or((line.trim(), ""));
        match (first.parse(), codes.last_mut()) {
            (Ok(code), _) => codes.push((code, rest.trim().to_string())),
            (Err(_), Some((_, meaning))) => *meaning = format!("{meaning} {}", line.trim()),
            (Err(_), None) => {}
        }
    }
    codes
}

const ENVIRONMENT: &[(&str, &str)] = &[
    (
        "WINSHM_DIR",
        "The directory that the directories of objects are in, in place of /dev/shm: an absolute path.",
    ),
    (
        "WINSHM_TRACE",
        "Which calls of the library are written down, a line each: calls, errors, calls:FILE, errors:FILE or FILE; without a file, to the standard error output.",
    ),
    ("NO_COLOR", "If it is set, there are no colours on a terminal, as with TERM=dumb."),
];

const FILES: &[(&str, &str)] = &[
    ("/dev/shm/.winshm-UID", "The objects of a user: a directory of mode 0700, made when it is missing."),
    (
        "/dev/shm/.winshm-global",
        "Objects in Global\\ of all who may use it: owned by root and not sticky. An administrator makes it; without it each user has a Global\\ of his own.",
    ),
];

fn see_also(own: &str) -> &'static [&'static str] {
    match own {
        "" => &["shm_overview(7)", "sysvipc(7)"],
        "ls" => &["winshm-show(1)", "winshm-clean(1)", "ipcs(1)", "lsof(8)"],
        "show" => &["winshm-ls(1)", "winshm-dump(1)"],
        "dump" => &["winshm-load(1)", "winshm-watch(1)", "hexdump(1)"],
        "load" => &["winshm-dump(1)"],
        "watch" => &["winshm-dump(1)"],
        "acquire" => &["winshm-wait(1)", "winshm-release(1)", "flock(1)"],
        "wait" => &["winshm-acquire(1)", "winshm-set(1)"],
        "set" | "reset" | "pulse" => &["winshm-wait(1)", "winshm-create-event(1)"],
        "release" => &["winshm-acquire(1)"],
        "clean" => &["winshm-ls(1)", "ipcrm(1)"],
        "doctor" => &["winshm-ls(1)", "tmpfs(5)", "logind.conf(5)"],
        "create-section" => &["winshm-load(1)", "winshm-dump(1)"],
        "create-mutex" | "create-semaphore" => &["winshm-acquire(1)"],
        "create-event" | "create-timer" => &["winshm-set(1)", "winshm-wait(1)"],
        _ => &["winshm-ls(1)"],
    }
}

#[cfg(test)]
mod tests {
    use super::super::visible;
    use super::*;

    #[test]
    fn every_page_has_an_example_and_every_example_a_page() {
        let names: Vec<String> = pages(visible()).into_iter().map(|(name, _)| name).collect();
        for (page, _) in examples::EXAMPLES {
            let file = format!("winshm{}{page}.1", if page.is_empty() { "" } else { "-" });
            assert!(names.contains(&file), "{file}");
        }
        assert_eq!(names.len(), examples::EXAMPLES.len());
        assert!(!names.iter().any(|name| name.contains("generate")));
    }

    #[test]
    fn the_exit_codes_are_those_of_the_help() {
        let table = EXIT_CODES.split_once("\n\n").unwrap().0;
        let codes: Vec<u32> = exit_codes(table).iter().map(|(code, _)| *code).collect();
        assert_eq!(codes, [0, 1, 2, 3, 4, 5, 6, 7]);
        assert!(exit_codes(table)[5].1.ends_with("half written"));
    }

    #[test]
    fn pages_that_are_referred_to_exist() {
        let pages = pages(visible());
        for (name, text) in &pages {
            let text = String::from_utf8(text.clone()).unwrap();
            for word in text
                .split([' ', ',', '\n'])
                .filter(|word| word.starts_with("winshm\\-") && word.ends_with("(1)"))
            {
                let file = word.replace('\\', "").replace("(1)", ".1");
                assert!(pages.iter().any(|(name, _)| *name == file), "{name}: {file}");
            }
        }
    }
}
