//! `winshm show`: everything about one object.

use crate::cli::Show;
use crate::failure::{DONE, Failure, Outcome};
use crate::listing::document::Shown;
use crate::listing::table::{self, Cut};
use crate::listing::{time, words};
use crate::look::{Look, Style};
use crate::ls::print;
use crate::text::visible;
use crate::{json, open};
use std::fmt::Write;
use winshm::catalog::{self, Holder, LedgerFacts, Life, Object, Reach, State, Trouble, Waiters};
use winshm::consts::*;

pub fn run(args: Show) -> Outcome {
    let name = catalog::name_of_argument(&args.name);
    let failure = |code| {
        let failure = Failure::windows(catalog::shown(&name), code);
        match code {
            ERROR_INVALID_HANDLE => failure.advise(open::NO_OBJECT),
            code if catalog::reach(&name) == Ok(Reach::System) => open::of_segment(failure, code),
            _ => failure,
        }
    };
    // As the functions take a name: up to a NUL.
    if name.is_empty() || name.contains(&0) {
        return Err(failure(ERROR_INVALID_NAME));
    }
    let found = catalog::find(&name).map_err(failure)?;
    let Some(object) = found.objects.first() else {
        return Err(match found.unread.first() {
            Some(unread) => failure(unread.error)
                .advise(format!("{} cannot be read; `winshm doctor` says more", unread.path.display())),
            None => failure(ERROR_FILE_NOT_FOUND),
        });
    };
    print(&match args.json {
        true => json::pretty(&Shown::new(object, found.silent_processes)),
        false => found.objects.iter().map(|object| sheet(object, found.silent_processes)).collect(),
    })?;
    Ok(DONE)
}

/// Where values begin.
const INDENT: usize = 13;

/// Lines of what and its value.
struct Sheet {
    look: Look,
    text: String,
}

impl Sheet {
    fn line(&mut self, what: &str, value: impl AsRef<str>) {
        self.styled(what, value, Style::Plain);
    }

    fn styled(&mut self, what: &str, value: impl AsRef<str>, style: Style) {
        let what = self.look.paint(Style::Faint, &format!("{what:<INDENT$}"));
        let _ = writeln!(self.text, "{what}{}", self.look.paint(style, value.as_ref()));
    }
}

fn sheet(object: &Object, silent_processes: usize) -> String {
    let look = Look::of_output();
    let mut sheet = Sheet { look, text: format!("{}\n", look.paint(Style::Title, &words::name(object))) };
    let now = time::now_ns();
    sheet.line("kind", kind(object));
    life(&mut sheet, object);
    if let Some(size) = object.size {
        let exact =
            if words::size(size) == size.to_string() { String::new() } else { format!(" ({size} bytes)") };
        let unit = if exact.is_empty() { " bytes" } else { "" };
        sheet.line("size", format!("{}{unit}{exact}", words::size(size)));
    }
    if let Some(storage) = object.storage {
        sheet.line("memory", format!("{} in use", words::size(storage)));
    }
    if let Some(state) = &object.state {
        self::state(&mut sheet, object, state);
    }
    if let Some(ledger) = object.ledger() {
        self::ledger(&mut sheet, &ledger);
    }
    rights(&mut sheet, object);
    made(&mut sheet, object, now);
    if let Some((major, minor)) = object.layout {
        sheet.line("layout", format!("{major}.{minor}"));
    }
    if let Some(file) = &object.file {
        sheet.line("file", visible(&file.to_string_lossy()));
    }
    holders(&mut sheet, object, silent_processes);
    sheet.text
}

fn kind(object: &Object) -> String {
    let more = match &object.state {
        Some(State::Event { is_manual: true, .. } | State::Timer { is_manual: true, .. }) => ", manual reset",
        Some(State::Event { .. } | State::Timer { .. }) => ", auto reset",
        Some(State::Posix { is_semaphore: true }) => ", made by sem_open",
        Some(State::Posix { .. }) => ", made by shm_open",
        Some(State::SystemV(_)) => ", made by shmget",
        _ => "",
    };
    format!("{}{more}", words::kind(object))
}

fn life(sheet: &mut Sheet, object: &Object) {
    let (text, style) = match object.life {
        Life::Alive => ("alive: a process has a handle", Style::Good),
        Life::Dead => ("left over: no process has it; `winshm clean` removes it", Style::Notable),
        Life::Unfinished => ("being made, or its maker was killed over it", Style::Notable),
        Life::Going => ("being removed", Style::Notable),
        Life::Lasting => ("stays until somebody removes it", Style::Plain),
        Life::Unknown => ("not known", Style::Notable),
    };
    sheet.styled("life", text, style);
    if let Some(trouble) = &object.trouble {
        let meaning = match trouble {
            Trouble::OtherLayout(..) => "made by another version of winshm; this one leaves it alone",
            Trouble::CutOff => "somebody cut its file off; it cannot be opened",
            Trouble::Damaged => "its file contradicts itself or its name; it cannot be opened",
            Trouble::NotAFile(_) => {
                "stands where the object's file would: the name cannot be used until it is removed"
            }
            Trouble::Denied => "this user may not read it",
            Trouble::Unreadable(_) => "its file cannot be read",
        };
        sheet.styled("trouble", format!("{}: {meaning}", words::trouble(trouble)), Style::Bad);
    }
}

fn state(sheet: &mut Sheet, object: &Object, state: &State) {
    let is_plain = matches!(state, State::Section(_) | State::Posix { .. });
    if !is_plain && object.life != Life::Dead && object.trouble.is_none() {
        let (text, style) = words::state(object);
        sheet.styled("state", text, style);
    }
    match state {
        State::Section(section) => {
            sheet.line("protection", section.protection);
            sheet.line("flags", section.flags.join(" "));
            let contents = match &section.of_file {
                Some(path) => format!("the file {}", visible(&path.to_string_lossy())),
                None => "memory".into(),
            };
            sheet.line("contents", contents);
        }
        State::Mutex { owner: Some(owner), .. } => {
            let process = object.holders.iter().find(|holder| Some(holder.process) == owner.process);
            let who = match (process, owner.process) {
                (Some(holder), _) => words::process(holder),
                (None, Some(process)) => process.to_string(),
                (None, None) if owner.has_ended => {
                    "a process that ended; who takes it next is told so".into()
                }
                (None, None) => "another PID namespace".into(),
            };
            sheet.line("owned by", format!("thread {} of {who}", owner.thread));
            if owner.recursion > 1 {
                sheet.line("acquired", format!("{} times", owner.recursion));
            }
        }
        State::Mutex { is_abandoned: true, .. } => {
            sheet.line("owned by", "nobody: the last one ended with it; who takes it next is told so");
        }
        State::Timer { due: Some(due), .. } => {
            let clock = due.real_ns.map_or("a time from the system's start".into(), time::utc);
            sheet.line("due", format!("in {} ({clock})", time::span(due.in_ns)));
        }
        State::SystemV(segment) => {
            sheet.line("key", format!("{:#010x}", segment.key));
            sheet.line("id", segment.id.to_string());
            sheet.line("attached", format!("{} times", segment.attached));
            let now_s = (time::now_ns() / 1_000_000_000) as i64;
            let ago =
                |at: i64| time::span(u64::try_from(now_s - at).unwrap_or(0).saturating_mul(1_000_000_000));
            for (what, at) in [("attach", segment.attach_time), ("detach", segment.detach_time)] {
                if let Some(at) = at {
                    sheet.line(&format!("last {what}"), format!("{} ago", ago(at)));
                }
            }
            if let Some(process) = segment.last_process {
                sheet.line("last by", process.to_string());
            }
        }
        _ => {}
    }
    if let State::Event { waiters, .. } | State::Semaphore { waiters, .. } | State::Timer { waiters, .. } =
        state
    {
        self::waiters(sheet, waiters);
    }
}

fn waiters(sheet: &mut Sheet, waiters: &Waiters) {
    if waiters.registered > 0 {
        // Killed ones stay in the count.
        sheet.line("waiting", format!("at most {}, of them asleep {}", waiters.registered, waiters.asleep));
    }
}

fn ledger(sheet: &mut Sheet, ledger: &LedgerFacts) {
    sheet.line("writes", format!("{} by SharedMemoryWrite", ledger.writes));
    if ledger.last_writer != 0 {
        sheet.line("last writer", ledger.last_writer.to_string());
    }
    if let Some(writing) = &ledger.writing {
        let text = format!("bytes {} to {}, now, or its writer was killed", writing.start, writing.end);
        sheet.styled("writing", text, Style::Notable);
    }
    for torn in &ledger.torn {
        let text = format!("bytes {} to {}: their writer was killed half way", torn.start, torn.end);
        sheet.styled("torn", text, Style::Bad);
    }
}

fn rights(sheet: &mut Sheet, object: &Object) {
    if let (Some((user, group)), Some(mode)) = (object.owner, object.mode) {
        sheet.line("rights", format!("user {user}, group {group}, mode {mode:04o}"));
    }
    if object.is_closed {
        sheet.styled("closed", "to all but who has a handle already", Style::Notable);
    }
    if object.is_machine_wide {
        sheet.line("seen by", "every user of the machine who may use it");
    }
}

fn made(sheet: &mut Sheet, object: &Object, now_ns: u64) {
    let Some(creator) = object.creator else { return };
    let mut parts = Vec::new();
    if creator.process != 0 {
        parts.push(format!("by process {}", creator.process));
    }
    if let Some(user) = creator.user {
        parts.push(format!("of user {user}"));
    }
    if creator.time_ns != 0 {
        let (at, age) = (time::utc_seconds(creator.time_ns / 1_000_000_000), words::age(object, now_ns));
        parts.push(format!("at {at} ({age} ago)"));
    }
    if !parts.is_empty() {
        sheet.line("made", parts.join(" "));
    }
}

fn holders(sheet: &mut Sheet, object: &Object, silent_processes: usize) {
    for holder in &object.holders {
        sheet.line("held by", held(object, holder));
        let arguments = catalog::arguments_of(holder.process).unwrap_or_default();
        let words: Vec<_> = arguments.iter().map(|word| visible(&String::from_utf8_lossy(word))).collect();
        if !words.is_empty() {
            let line = words.join(" ");
            let room = sheet.look.width.map_or(usize::MAX, |width| width.saturating_sub(INDENT + 2));
            sheet.styled("", format!("  {}", table::cut(&line, room, Cut::End(0))), Style::Faint);
        }
    }
    let text = match (object.holders.is_empty(), object.life) {
        (true, Life::Alive) => "processes that this user cannot see; root can",
        (true, Life::Dead) => "nobody",
        (true, Life::Lasting) if silent_processes == 0 => "nobody",
        (true, Life::Lasting) => "nobody whom this user can see",
        _ => return,
    };
    sheet.line("held by", text);
}

fn held(object: &Object, holder: &Holder) -> String {
    let user = holder.user.map_or(String::new(), |user| format!(" of user {user}"));
    let count = |count: u32, what: &str| match count {
        0 => None,
        1 => Some(format!("1 {what}")),
        many => Some(format!("{many} {what}s")),
    };
    let handle = if holder.has_handle(object.kind) { "" } else { ", no handle" };
    let parts = [count(holder.descriptors, "descriptor"), count(holder.mappings, "mapping")];
    let parts: Vec<_> = parts.into_iter().flatten().collect();
    format!("{}{user}: {}{handle}", words::process(holder), parts.join(", "))
}
