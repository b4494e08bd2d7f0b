//! The whole, tried: the library makes an object of each kind, uses and closes it.

use super::finding::Finding;
use crate::failure::explained;
use crate::win32::{self, Code, Kind, Security, View, Waited};
use std::time::Duration;
use winshm::consts::*;

/// What was done, and what came of it.
type Step = (&'static str, Result<(), Code>);

/// In one of the name spaces, `Local` or `Global`.
pub fn look(name: &'static str, scope: &str) -> Finding {
    let prefix = format!("{scope}\\winshm-doctor-{}", std::process::id());
    judge(
        name,
        scope,
        &[
            ("a section", section(&format!("{prefix}-section"))),
            ("an event", event(&format!("{prefix}-event"))),
            ("a mutex", mutex(&format!("{prefix}-mutex"))),
            ("a semaphore", semaphore(&format!("{prefix}-semaphore"))),
            ("a timer", timer(&format!("{prefix}-timer"))),
            ("a wait for several", several(&prefix)),
        ],
    )
}

fn judge(name: &'static str, scope: &str, steps: &[Step]) -> Finding {
    let failed: Vec<String> = steps
        .iter()
        .filter_map(|(step, result)| {
            let code = result.err()?;
            Some(format!("{step}: {} ({code})", explained(code).0))
        })
        .collect();
    if failed.is_empty() {
        return Finding::ok(name, format!("every kind of object was made in {scope}\\, used and closed"));
    }
    Finding::problem(name, failed.join("; "))
        .follows(format!("programs get the same errors for names in {scope}\\"))
        .advice("mend what is named in this report; if all the rest is well, run it again with WINSHM_TRACE=errors")
}

fn section(name: &str) -> Result<(), Code> {
    let _section = win32::create_section(name, &Security::usual(), None, PAGE_READWRITE, 4096)?;
    View::open(name, true).map(|_| ())
}

/// Found by its name, and signalled.
fn is_signalled(kind: Kind, name: &str) -> Result<(), Code> {
    let found = win32::open(kind, name, SYNCHRONIZE | MUTEX_MODIFY_STATE)?;
    got(win32::wait(&[&found], false, Some(PATIENCE))?)?;
    if kind == Kind::Mutex { win32::release_mutex(&found) } else { Ok(()) }
}

/// For what is signalled already.
const PATIENCE: Duration = Duration::from_secs(2);

fn got(waited: Waited) -> Result<(), Code> {
    if waited == Waited::TimedOut { Err(WAIT_TIMEOUT) } else { Ok(()) }
}

fn event(name: &str) -> Result<(), Code> {
    let event = win32::create_event(name, &Security::usual(), false, false)?;
    win32::set_event(&event.handle)?;
    is_signalled(Kind::Event, name)
}

fn mutex(name: &str) -> Result<(), Code> {
    let _mutex = win32::create_mutex(name, &Security::usual())?;
    is_signalled(Kind::Mutex, name)
}

fn semaphore(name: &str) -> Result<(), Code> {
    let semaphore = win32::create_semaphore(name, &Security::usual(), 0, 1)?;
    win32::release_semaphore(&semaphore.handle, 1)?;
    is_signalled(Kind::Semaphore, name)
}

fn timer(name: &str) -> Result<(), Code> {
    let timer = win32::create_timer(name, &Security::usual(), false)?;
    win32::set_timer(&timer.handle, Duration::ZERO, Duration::ZERO)?;
    is_signalled(Kind::Timer, name)
}

fn several(prefix: &str) -> Result<(), Code> {
    let set = |name: &str| win32::create_event(&format!("{prefix}-{name}"), &Security::usual(), false, true);
    let (first, second) = (set("first")?, set("second")?);
    got(win32::wait(&[&first.handle, &second.handle], true, Some(PATIENCE))?)
}

#[cfg(test)]
mod tests {
    use super::super::finding::Verdict;
    use super::*;

    #[test]
    fn each_step_that_fails_is_named_with_its_error() {
        let fine = judge("use", "Local", &[("a section", Ok(())), ("an event", Ok(()))]);
        assert_eq!(fine.verdict, Verdict::Ok);
        let bad = judge("use", "Local", &[("a section", Err(ERROR_ACCESS_DENIED)), ("an event", Ok(()))]);
        assert_eq!(
            (bad.verdict, bad.found.as_str()),
            (Verdict::Problem, "a section: ERROR_ACCESS_DENIED (5)")
        );
    }
}
