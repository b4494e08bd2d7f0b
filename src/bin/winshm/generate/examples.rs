//! Examples for the man pages. The test parses each as the tool does.

/// A command line, and what it does.
pub type Example = (&'static str, &'static str);

/// By the name of the page without `winshm-`; "" is the page of `winshm` itself.
pub const EXAMPLES: &[(&str, &[Example])] = &[
    (
        "",
        &[
            ("winshm ls", "Which objects there are, how they stand, and who has them open."),
            (
                "winshm create event 'Local\\ready' -- ./server",
                "Start a server that finds an event of this name; the event is gone when both are done with it.",
            ),
            (
                "winshm wait 'Local\\ready' --timeout 10s && ./client",
                "Start a client as soon as the server has set the event, or give up after ten seconds.",
            ),
            ("winshm doctor", "Whether this system has what the library needs."),
        ],
    ),
    (
        "ls",
        &[
            ("winshm ls --all", "Also segments of shm_open(3) and shmget(2)."),
            ("winshm ls --json | jq -r '.objects[].name'", "The names alone, for a script."),
            ("winshm ls --watch", "The table, again and again, until Ctrl-C."),
        ],
    ),
    ("show", &[("winshm show 'Local\\frame'", "Everything about the section of this name.")]),
    (
        "dump",
        &[
            ("winshm dump frame --length 64", "The first 64 bytes, in hexadecimal."),
            ("winshm dump frame --raw > frame.bin", "All bytes, into a file."),
        ],
    ),
    (
        "load",
        &[
            ("winshm load frame frame.bin", "Write the file to the beginning of the section."),
            ("printf '\\001' | winshm load frame - --offset 16", "One byte, from standard input."),
        ],
    ),
    (
        "watch",
        &[("winshm watch frame --length 256 --interval 100ms", "Ten looks a second at the first 256 bytes.")],
    ),
    (
        "create",
        &[
            ("winshm create section frame 1M -- ./viewer", "A section of 1 MiB, as long as the viewer runs."),
            (
                "winshm create mutex lock --detach",
                "A mutex that a process in the background keeps; its number is printed.",
            ),
        ],
    ),
    (
        "create-section",
        &[
            (
                "winshm create section 'Global\\telemetry' 64K --mode 0666",
                "For all users, if there is a machine-wide directory; until Ctrl-C.",
            ),
            ("winshm create section settings --file settings.bin --read-only", "A file, for reading."),
            ("winshm create section 'Posix\\frames' 4M", "An object of shm_open(3), which stays."),
        ],
    ),
    ("create-event", &[("winshm create event stop --manual", "An event that stays set until it is reset.")]),
    (
        "create-mutex",
        &[("winshm create mutex lock --owned -- ./update", "The command runs as the owner of the mutex.")],
    ),
    (
        "create-semaphore",
        &[("winshm create semaphore slots 4 4 -- make -j8", "Four slots, for what make starts.")],
    ),
    ("create-timer", &[("winshm create timer tick --due 1s --period 1s", "It fires every second.")]),
    (
        "set",
        &[
            ("winshm set 'Local\\stop'", "Tell who waits for the event to stop."),
            ("winshm set tick --due 500ms", "The timer fires in half a second."),
        ],
    ),
    ("reset", &[("winshm reset 'Local\\stop'", "Waits for the event wait again.")]),
    ("pulse", &[("winshm pulse 'Local\\frame ready'", "Wake who waits just now.")]),
    ("release", &[("winshm release slots 2", "Two more slots; the count before is printed.")]),
    (
        "acquire",
        &[
            ("winshm acquire lock -- ./update", "One update at a time."),
            (
                "winshm acquire lock --timeout 0 -- ./update",
                "Only if nobody else is at it; else exit with 4.",
            ),
        ],
    ),
    (
        "wait",
        &[
            ("winshm wait stop done --timeout 1m", "For the first of two; which one it was is printed."),
            ("winshm wait --all left right", "Until both are signalled at the same time."),
        ],
    ),
    ("clean", &[("winshm clean --dry-run", "What killed processes left; nothing is removed.")]),
    (
        "doctor",
        &[
            ("winshm doctor", "A line for each check; below it what follows, and what to do."),
            (
                "winshm doctor --json | jq -r '.checks[] | select(.verdict != \"ok\").name'",
                "What is not as it should be.",
            ),
        ],
    ),
];

pub fn of(page: &str) -> &'static [Example] {
    EXAMPLES.iter().find(|(name, _)| *name == page).map_or(&[], |(_, examples)| examples)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::Cli;
    use clap::Parser;

    /// The words of each command of winshm in a line, as a shell would split it.
    fn commands(line: &str) -> Vec<Vec<String>> {
        let (mut commands, mut words, mut word) = (Vec::new(), Vec::new(), String::new());
        let mut quote = None;
        for character in line.chars() {
            match (character, quote) {
                ('\'' | '"', None) => quote = Some(character),
                (_, Some(end)) if character == end => quote = None,
                (' ', None) => words.push(std::mem::take(&mut word)),
                ('|' | '&' | '>', None) => {
                    word.clear();
                    commands.push(std::mem::take(&mut words));
                }
                _ => word.push(character),
            }
        }
        words.push(word);
        commands.push(words);
        for command in &mut commands {
            command.retain(|word| !word.is_empty());
        }
        commands.into_iter().filter(|words| words.first().is_some_and(|word| word == "winshm")).collect()
    }

    #[test]
    fn every_example_is_a_command_that_the_tool_takes() {
        for (page, examples) in EXAMPLES {
            for (line, _) in *examples {
                let commands = commands(line);
                assert!(!commands.is_empty(), "{line}");
                for words in commands {
                    assert!(page.is_empty() || page.starts_with(words[1].as_str()), "{page}: {line}");
                    Cli::try_parse_from(&words).unwrap_or_else(|error| panic!("{words:?}: {error}"));
                }
            }
        }
        // The test can fail.
        assert!(Cli::try_parse_from(&commands("ls | winshm sett 'a b' > c")[0]).is_err());
    }
}
