//! An object in words.

use super::time;
use crate::look::Style;
use crate::text::visible;
use winshm::catalog::{self, Holder, Kind, Life, Object, State, Trouble, Waiters};

/// The name as a person reads and types it; of an object whose file does not tell it, the
/// file's.
pub fn name(object: &Object) -> String {
    match (&object.name, &object.file) {
        (Some(name), _) => catalog::shown(name),
        (None, Some(file)) => {
            let name = file.file_name().unwrap_or_default().to_string_lossy();
            format!("({})", visible(&name))
        }
        (None, None) => "(unknown)".into(),
    }
}

/// One word.
pub fn kind(object: &Object) -> &'static str {
    match object.kind {
        Kind::Section => "section",
        Kind::Event => "event",
        Kind::Mutex => "mutex",
        Kind::Semaphore => "semaphore",
        Kind::Timer => "timer",
        Kind::Posix => "posix",
        Kind::SystemV => "sysv",
        Kind::Unknown => "unknown",
    }
}

pub fn life(life: Life) -> &'static str {
    match life {
        Life::Alive => "alive",
        Life::Dead => "dead",
        Life::Unfinished => "unfinished",
        Life::Going => "going",
        Life::Lasting => "lasting",
        Life::Unknown => "unknown",
    }
}

pub fn trouble(trouble: &Trouble) -> String {
    match trouble {
        Trouble::OtherLayout(major, minor) => format!("layout {major}.{minor}"),
        Trouble::CutOff => "cut off".into(),
        Trouble::Damaged => "damaged".into(),
        Trouble::NotAFile(what) => (*what).into(),
        Trouble::Denied => "no permission".into(),
        Trouble::Unreadable(errno) => std::io::Error::from_raw_os_error(*errno).to_string(),
    }
}

/// Bytes in a word: 4096, 64K, 1.5M.
pub fn size(bytes: u64) -> String {
    const UNITS: [&str; 5] = ["K", "M", "G", "T", "P"];
    if bytes < 10_000 {
        return bytes.to_string();
    }
    let (mut scaled, mut unit) = (bytes, "");
    for next in UNITS {
        if scaled < 10 * 1024 && scaled % 1024 != 0 && !unit.is_empty() || scaled < 1024 {
            break;
        }
        (scaled, unit) = (scaled / 1024, next);
    }
    format!("{scaled}{unit}")
}

/// What it is in, for a table, and how to see it.
pub fn state(object: &Object) -> (String, Style) {
    if let Some(found) = &object.trouble {
        return (trouble(found), Style::Bad);
    }
    match object.life {
        Life::Dead => return ("left over".into(), Style::Faint),
        Life::Unfinished => return ("being made".into(), Style::Faint),
        Life::Going => return ("being removed".into(), Style::Faint),
        Life::Alive | Life::Lasting | Life::Unknown => {}
    }
    let (text, style) = object.state.as_ref().map_or((String::new(), Style::Plain), state_of);
    (if object.is_closed { format!("{text}, closed") } else { text }, style)
}

fn state_of(state: &State) -> (String, Style) {
    match state {
        State::Section(section) => {
            let mut text = section.protection.to_string();
            for flag in section.flags.iter().filter(|flag| !["SEC_COMMIT", "SEC_FILE"].contains(flag)) {
                text.extend([" ", flag]);
            }
            if let Some(path) = &section.of_file {
                text.extend([" of ", &visible(&path.to_string_lossy())]);
            }
            match &section.ledger {
                Some(ledger) if !ledger.torn.is_empty() => (format!("torn, {text}"), Style::Bad),
                _ => (text, Style::Plain),
            }
        }
        State::Event { is_manual, is_set, waiters } => {
            let text = if *is_set { "set" } else { "not set" };
            let text = if *is_manual { format!("{text}, manual") } else { text.to_string() };
            (with_waiters(text, *waiters), available(*is_set))
        }
        State::Mutex { owner: Some(owner), has_waiters, .. } => {
            let whose = match (owner.process, owner.has_ended) {
                (_, true) => "a thread that ended".to_string(),
                (Some(process), _) if process == owner.thread => process.to_string(),
                (Some(process), _) => format!("{process}, thread {}", owner.thread),
                (None, _) => format!("thread {} elsewhere", owner.thread),
            };
            let times =
                if owner.recursion > 1 { format!(" {} times", owner.recursion) } else { String::new() };
            let waited = if *has_waiters { ", waited for" } else { "" };
            (
                format!("owned by {whose}{times}{waited}"),
                if owner.has_ended { Style::Bad } else { Style::Notable },
            )
        }
        State::Mutex { is_abandoned: true, .. } => ("abandoned".into(), Style::Bad),
        State::Mutex { is_locked: true, .. } => ("being taken".into(), Style::Notable),
        State::Mutex { .. } => ("free".into(), Style::Good),
        State::Semaphore { count, maximum, waiters } => {
            (with_waiters(format!("{count} of {maximum}"), *waiters), available(*count > 0))
        }
        State::Timer { is_manual, is_signalled, due, period_ms, waiters } => {
            let mut parts: Vec<String> = Vec::new();
            parts.extend(is_signalled.then(|| "signalled".into()));
            parts.extend(due.map(|due| format!("due in {}", time::span(due.in_ns))));
            if due.is_some() && *period_ms > 0 {
                parts.push(format!("every {}", time::span(u64::from(*period_ms) * 1_000_000)));
            }
            if parts.is_empty() {
                parts.push("not set".into());
            }
            parts.extend(is_manual.then(|| "manual".into()));
            (with_waiters(parts.join(", "), *waiters), available(*is_signalled))
        }
        State::Posix { is_semaphore } => {
            (if *is_semaphore { "a POSIX semaphore".into() } else { String::new() }, Style::Plain)
        }
        State::SystemV(segment) => {
            let removed = if segment.is_removed { ", removed" } else { "" };
            let style = if segment.is_removed { Style::Notable } else { Style::Plain };
            (format!("{} attached{removed}", segment.attached), style)
        }
    }
}

fn with_waiters(text: String, waiters: Waiters) -> String {
    match waiters.registered {
        0 => text,
        1 => format!("{text}, 1 waits"),
        many => format!("{text}, {many} wait"),
    }
}

fn available(is_available: bool) -> Style {
    if is_available { Style::Good } else { Style::Notable }
}

/// `program[pid]`.
pub fn process(holder: &Holder) -> String {
    format!("{}[{}]", program(holder), holder.process)
}

pub fn program(holder: &Holder) -> String {
    visible(&String::from_utf8_lossy(&holder.program))
}

/// Everybody who has it, in a line.
pub fn holders(object: &Object) -> String {
    let one = |holder: &Holder| {
        let only_view = if holder.has_handle(object.kind) { "" } else { " (view)" };
        format!("{}{only_view}", process(holder))
    };
    let holders: Vec<String> = object.holders.iter().map(one).collect();
    match (object.life, holders.is_empty()) {
        (Life::Alive, true) => "(not visible)".into(),
        _ => holders.join(", "),
    }
}

/// When it was made, ns since 1970.
pub fn made_at(object: &Object) -> Option<u64> {
    object.creator.map(|creator| creator.time_ns).filter(|time| *time != 0)
}

pub fn age(object: &Object, now_ns: u64) -> String {
    made_at(object).map_or(String::new(), |made| time::span(now_ns.saturating_sub(made)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_short_and_never_too_large() {
        let cases = [
            (0, "0"),
            (4096, "4096"),
            (9999, "9999"),
            (10_000, "9K"),
            (65_536, "64K"),
            (1 << 20, "1M"),
            ((1 << 20) + 512 * 1024, "1536K"),
            (10 << 30, "10G"),
            (u64::MAX, "16383P"),
        ];
        for (bytes, text) in cases {
            assert_eq!(size(bytes), text);
        }
    }
}
