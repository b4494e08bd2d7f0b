//! The man pages and completions: well-formed, and with everything that can be typed.

use crate::world::{DONE, ERROR, World};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What the tool wrote to a folder of the world.
fn generated(world: &World, what: &str) -> PathBuf {
    let folder = world.folder().join(what);
    world.run(&["generate", what, folder.to_str().expect("ASCII")]).ends(DONE).quietly();
    folder
}

/// Runs a program that may not be there: None, said aloud.
fn output_of(program: &str, words: &[&str]) -> Option<(String, String)> {
    match Command::new(program).args(words).env("LC_ALL", "C.UTF-8").output() {
        Ok(output) => {
            let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
            Some((text(&output.stdout), text(&output.stderr)))
        }
        Err(error) => {
            println!("SKIPPED: {program}: {error}");
            None
        }
    }
}

/// All subcommands, with those below them, as the pages name them: `create-event`.
fn subcommands(world: &World, above: &[&str]) -> Vec<Vec<String>> {
    let help = world.run(&[above, &["--help"]].concat()).ends(DONE);
    let Some((_, list)) = help.output.split_once("Commands:\n") else { return Vec::new() };
    let mut all = Vec::new();
    for line in list.lines().take_while(|line| line.starts_with("  ")).filter(|line| !line.starts_with("   "))
    {
        let name = line.split_whitespace().next().expect("a word");
        let path = [above, &[name]].concat();
        all.push(path.iter().map(|word| word.to_string()).collect());
        all.extend(subcommands(world, &path));
    }
    all
}

/// The long options that the help of a subcommand names.
fn options(world: &World, path: &[String]) -> Vec<String> {
    let words: Vec<&str> = path.iter().map(String::as_str).chain(["--help"]).collect();
    let help = world.run(&words).ends(DONE).output;
    let list = help.split_once("Options:\n").expect("options").1;
    let first = list.lines().filter(|line| line.trim_start().starts_with('-'));
    let long =
        first.flat_map(|line| line.split([' ', ',']).filter(|word| word.starts_with("--") && word.len() > 2));
    long.map(str::to_string).collect()
}

fn read(folder: &Path, name: &str) -> String {
    fs::read_to_string(folder.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

#[test]
fn every_subcommand_has_a_page_with_all_of_its_options() {
    let world = World::new();
    let folder = generated(&world, "man");
    let all = subcommands(&world, &[]);
    assert!(all.len() >= 19, "{all:?}");
    assert_eq!(fs::read_dir(&folder).expect("made").count(), all.len() + 1);
    for path in &all {
        let page = read(&folder, &format!("winshm-{}.1", path.join("-"))).replace("\\-", "-");
        for title in
            ["SYNOPSIS", "DESCRIPTION", "OPTIONS", "EXIT STATUS", "ENVIRONMENT", "EXAMPLES", "SEE ALSO"]
        {
            assert!(
                page.contains(&format!(".SH {title}")) || page.contains(&format!(".SH \"{title}\"")),
                "{path:?}: {title}"
            );
        }
        for option in options(&world, path) {
            assert!(page.contains(&option), "{path:?}: {option}");
        }
    }
    let main = read(&folder, "winshm.1").replace("\\-", "-");
    all.iter().filter(|path| path.len() == 1).for_each(|path| {
        assert!(main.contains(&format!("winshm-{}(1)", path[0])), "{path:?}");
    });
}

#[test]
fn no_page_has_an_error_of_form() {
    let world = World::new();
    let folder = generated(&world, "man");
    for entry in fs::read_dir(&folder).expect("made") {
        let path = entry.expect("readable").path();
        let page = path.to_str().expect("ASCII");
        let Some((shown, complaints)) = output_of("groff", &["-man", "-ww", "-Tutf8", "-P-cbou", page])
        else {
            return;
        };
        assert!(complaints.is_empty() && shown.contains("NAME"), "{page}: {complaints}");
    }
    // It complains where there is something.
    let wrong = folder.join("wrong.1");
    fs::write(&wrong, ".TH wrong 1\n.SH NAME\nwrong\n.NO_SUCH_REQUEST\n").expect("ours");
    let (_, complaints) =
        output_of("groff", &["-man", "-ww", "-Tutf8", "-P-cbou", wrong.to_str().unwrap()]).unwrap();
    assert!(complaints.contains("NO_SUCH_REQUEST"), "{complaints}");
}

#[test]
fn bash_completes_subcommands_and_options() {
    let world = World::new();
    let file = generated(&world, "completions").join("winshm.bash");
    let file = file.to_str().expect("ASCII");
    let ask = |words: &str, last: &str| -> Option<Vec<String>> {
        let script = format!(
            "source {file}; COMP_WORDS=({words} {last:?}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); \
             _winshm winshm {last:?} \"${{COMP_WORDS[COMP_CWORD - 1]}}\"; printf '%s\\n' \"${{COMPREPLY[@]}}\""
        );
        let (answers, complaints) = output_of("bash", &["--norc", "-c", &script])?;
        assert!(complaints.is_empty(), "{words} {last}: {complaints}");
        Some(answers.lines().map(str::to_string).collect())
    };
    let Some(answers) = ask("winshm", "do") else { return };
    assert_eq!(answers, ["doctor"]);
    for path in subcommands(&world, &[]) {
        let (last, above) = path.split_last().expect("not empty");
        let words = [&["winshm".to_string()], above].concat().join(" ");
        let answers = ask(&words, last).expect("bash");
        assert!(answers.contains(last), "{path:?}: {answers:?}");
        let answers = ask(&format!("{words} {last}"), "--").expect("bash");
        for option in options(&world, &path) {
            assert!(answers.contains(&option), "{path:?} {option}: {answers:?}");
        }
    }
    assert_eq!(ask("winshm", "gen").expect("bash"), [""], "not the packages' subcommand");
}

#[test]
fn the_other_shells_take_their_completions() {
    let world = World::new();
    let folder = generated(&world, "completions");
    let file = |name: &str| folder.join(name).to_str().expect("ASCII").to_string();
    if let Some((_, complaints)) = output_of("zsh", &["-f", "-n", &file("_winshm")]) {
        assert!(complaints.is_empty(), "{complaints}");
        let zsh = read(&folder, "_winshm");
        assert!(zsh.starts_with("#compdef winshm"));
        subcommands(&world, &[])
            .iter()
            .for_each(|path| assert!(zsh.contains(path.last().unwrap()), "{path:?}"));
    }
    let ask = |line: &str| {
        let script = format!("source {}; complete -C {line:?}", file("winshm.fish"));
        output_of("fish", &["--no-config", "-c", &script])
    };
    if let Some((answers, complaints)) = ask("winshm do") {
        assert!(complaints.is_empty() && answers.starts_with("doctor\t"), "{answers}{complaints}");
        let (answers, _) = ask("winshm ls --js").expect("fish");
        assert!(answers.starts_with("--json\t"), "{answers}");
    }
}

#[test]
fn a_folder_that_cannot_be_written_to_is_an_error() {
    let world = World::new();
    let file = world.folder().join("file");
    fs::write(&file, "").expect("ours");
    for what in ["man", "completions"] {
        world.run(&["generate", what, file.to_str().unwrap()]).ends(ERROR).complains("file");
    }
}
