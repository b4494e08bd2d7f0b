//! A name space for one test, and the tool in it. Whoever holds an object is the tool too:
//! `winshm create`, until its standard input ends.

#![allow(dead_code, reason = "each file of cases uses what it needs")]

use std::ffi::OsStr;
use std::fs::Permissions;
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// No command takes so long, but one that hangs. Then it is killed, and the test fails.
const LIMIT: Duration = Duration::from_secs(60);

/// The exit codes, typed from the help text.
pub const DONE: i32 = 0;
pub const ERROR: i32 = 1;
pub const USAGE: i32 = 2;
pub const NO_SUCH_OBJECT: i32 = 3;
pub const TIMED_OUT: i32 = 4;
pub const ABANDONED: i32 = 5;
pub const EXISTS: i32 = 6;
pub const NO_PERMISSION: i32 = 7;

/// Another user, where the tests run as root.
pub const NOBODY: u32 = 65534;

/// Who runs the tests in the background, or under nohup, has signals ignored, and what a test
/// starts would leave them ignored, as it should.
fn heed_signals() {
    use nix::sys::signal::{SigHandler, Signal, signal};
    for number in [Signal::SIGINT, Signal::SIGQUIT, Signal::SIGHUP, Signal::SIGTERM] {
        // SAFETY: the handler is the system's.
        unsafe { signal(number, SigHandler::SigDfl) }.expect("a signal that can be set");
    }
}

/// A directory of its own for names (`WINSHM_DIR`), which is gone with the value.
pub struct World {
    folder: PathBuf,
}

impl World {
    pub fn new() -> World {
        heed_signals();
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let folder = PathBuf::from(format!("/dev/shm/winshm-tool-{}-{number}", std::process::id()));
        std::fs::create_dir(&folder).expect("a directory in /dev/shm");
        std::fs::set_permissions(&folder, Permissions::from_mode(0o1777)).expect("our own directory");
        World { folder }
    }

    /// The value of `WINSHM_DIR`.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Where the objects of the user who runs the test are.
    pub fn objects(&self) -> PathBuf {
        self.folder.join(format!(".winshm-{}", nix::unistd::geteuid()))
    }

    /// The tool with these words, not started yet.
    pub fn command<Word: AsRef<OsStr>>(&self, words: &[Word]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_winshm"));
        command.args(words);
        self.surround(&mut command);
        command
    }

    /// This world, and pipes to the test.
    fn surround(&self, command: &mut Command) {
        command.env_clear().env("WINSHM_DIR", &self.folder);
        command.env("PATH", std::env::var_os("PATH").unwrap_or("/usr/bin:/bin".into()));
        // A group of its own, so that the watchdog ends what it has started as well.
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).process_group(0);
    }

    /// The tool with these words, started by another program, which has it as its last
    /// arguments.
    pub fn command_by(&self, program: &str, arguments: &[&str], words: &[&str]) -> Command {
        let mut command = Command::new(program);
        command.args(arguments).arg(env!("CARGO_BIN_EXE_winshm")).args(words);
        self.surround(&mut command);
        command
    }

    /// Runs the tool to its end.
    #[must_use = "look how it ended"]
    pub fn run<Word: AsRef<OsStr>>(&self, words: &[Word]) -> Run {
        end_of(self.command(words))
    }

    /// `run`, with this as standard input.
    #[must_use = "look how it ended"]
    pub fn run_with_input<Word: AsRef<OsStr>>(&self, words: &[Word], input: &[u8]) -> Run {
        let mut command = self.command(words);
        command.stdin(Stdio::piped());
        let mut started = Started::new(command);
        started.write(input);
        started.end()
    }

    /// `run` as another user. None, said aloud: only root can.
    pub fn run_as_nobody<Word: AsRef<OsStr>>(&self, words: &[Word]) -> Option<Run> {
        if !nix::unistd::geteuid().is_root() {
            println!("SKIPPED: only root can be another user");
            return None;
        }
        let mut command = self.command(words);
        command.uid(NOBODY).gid(NOBODY);
        Some(end_of(command))
    }

    /// Starts the tool; it runs beside the test.
    pub fn start<Word: AsRef<OsStr>>(&self, words: &[Word]) -> Started {
        let mut command = self.command(words);
        command.stdin(Stdio::piped());
        Started::new(command)
    }

    /// `winshm create` with these words: holds the object until the value is gone.
    pub fn hold(&self, words: &[&str]) -> Started {
        let mut holder = self.start(&[&["create"], words].concat());
        let line = holder.line();
        assert!(
            line.starts_with("created ") || line.starts_with("opened "),
            "create {words:?} said: {line:?}"
        );
        holder
    }
}

impl Drop for World {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// The tool while it runs. Killed with the value.
pub struct Started {
    child: Child,
    input: Option<ChildStdin>,
    output: Option<BufReader<ChildStdout>>,
    errors: Option<JoinHandle<String>>,
    words: String,
    /// Tells the watchdog that all is well.
    watched: Option<Watchdog>,
}

impl Started {
    pub fn new(mut command: Command) -> Started {
        let words = format!("{:?}", command.get_args().collect::<Vec<_>>());
        let mut child = command.spawn().unwrap_or_else(|error| panic!("winshm {words}: {error}"));
        let errors = child.stderr.take();
        let errors = thread::spawn(move || {
            let mut text = Vec::new();
            let _ = errors.map(|mut errors| errors.read_to_end(&mut text));
            String::from_utf8_lossy(&text).into_owned()
        });
        let (input, output) = (child.stdin.take(), child.stdout.take().map(BufReader::new));
        let watched = Some(watch(child.id()));
        Started { child, input, output, errors: Some(errors), words, watched }
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// The next line that it prints, without its end; empty at the end of all.
    pub fn line(&mut self) -> String {
        let mut line = Vec::new();
        let output = self.output.as_mut().expect("not taken");
        output.read_until(b'\n', &mut line).expect("a pipe");
        String::from_utf8_lossy(&line).trim_end_matches('\n').to_string()
    }

    /// Writes to its standard input. Who has ended does not read.
    pub fn write(&mut self, input: &[u8]) {
        if let Some(to) = &mut self.input {
            let _ = to.write_all(input);
        }
    }

    /// Sends it a signal.
    pub fn signal(&self, signal: nix::sys::signal::Signal) {
        let id = nix::unistd::Pid::from_raw(self.child.id() as i32);
        nix::sys::signal::kill(id, signal).expect("it is our child");
    }

    /// Ends its standard input, and waits for its end.
    #[must_use = "look how it ended"]
    pub fn end(mut self) -> Run {
        self.input = None;
        self.wait()
    }

    /// Kills it without a warning.
    pub fn kill(self) -> Run {
        self.signal(nix::sys::signal::Signal::SIGKILL);
        self.wait()
    }

    /// Waits for its end; what it printed after the lines that were read.
    #[must_use = "look how it ended"]
    pub fn wait(mut self) -> Run {
        let mut output = Vec::new();
        let _ = self.output.take().map(|mut from| from.read_to_end(&mut output));
        let status = self.child.wait().expect("our child");
        let errors = self.errors.take().expect("not taken").join().expect("a reader");
        let (tell, watchdog) = self.watched.take().expect("not taken");
        drop(tell);
        assert!(!watchdog.join().expect("a watchdog"), "winshm {}: hung and was killed", self.words);
        let output_text = String::from_utf8_lossy(&output).into_owned();
        Run { words: self.words.clone(), status, output_bytes: output, output: output_text, errors }
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        // Also what it started; in vain where it has ended.
        let _ = nix::sys::signal::killpg(
            nix::unistd::Pid::from_raw(self.child.id() as i32),
            nix::sys::signal::Signal::SIGKILL,
        );
        let _ = self.child.wait();
    }
}

/// Asks until it is so, and fails after the limit.
#[track_caller]
fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let began = Instant::now();
    while !is_so() {
        assert!(began.elapsed() < LIMIT, "never {what}");
        thread::sleep(Duration::from_millis(2));
    }
}

/// What /proc tells of a process or thread, from its state on; empty: it has gone.
fn state(folder: &Path) -> String {
    let status = std::fs::read_to_string(folder.join("stat")).unwrap_or_default();
    status.rsplit_once(") ").map_or_else(String::new, |(_, rest)| rest.to_string())
}

/// Until all threads of a process sleep: it has done what it does by itself.
#[track_caller]
pub fn until_asleep(id: u32) {
    let mut in_a_row = 0;
    until("asleep", || {
        let threads = std::fs::read_dir(format!("/proc/{id}/task")).expect("it runs");
        let all_sleep =
            threads.into_iter().all(|thread| state(&thread.expect("a thread").path()).starts_with('S'));
        in_a_row = if all_sleep { in_a_row + 1 } else { 0 };
        in_a_row == 3
    });
}

/// Until a signal has stopped a process.
#[track_caller]
pub fn until_stopped(id: u32) {
    until("stopped", || state(Path::new(&format!("/proc/{id}"))).starts_with('T'));
}

/// Until a process, which need not be our child, has ended.
#[track_caller]
pub fn until_gone(id: i32) {
    until("gone", || matches!(state(Path::new(&format!("/proc/{id}"))).chars().next(), None | Some('Z')));
}

/// What tells it that all is well when it is dropped, and its answer.
pub type Watchdog = (Sender<()>, JoinHandle<bool>);

/// Kills the group of a process after the limit. The answer: whether it had to.
pub fn watch(id: u32) -> Watchdog {
    let (tell, told) = mpsc::channel();
    let watchdog = thread::spawn(move || {
        let late = told.recv_timeout(LIMIT) == Err(RecvTimeoutError::Timeout);
        if late {
            let group = nix::unistd::Pid::from_raw(id as i32);
            let _ = nix::sys::signal::killpg(group, nix::sys::signal::Signal::SIGKILL);
        }
        late
    });
    (tell, watchdog)
}

/// Runs a command of `World::command` to its end.
#[must_use = "look how it ended"]
pub fn end_of(command: Command) -> Run {
    Started::new(command).wait()
}

/// How a command ended, and what it said.
#[derive(Debug)]
pub struct Run {
    pub words: String,
    pub status: ExitStatus,
    pub output: String,
    pub output_bytes: Vec<u8>,
    pub errors: String,
}

impl Run {
    /// It ended with this code.
    #[track_caller]
    pub fn ends(self, code: i32) -> Run {
        assert!(self.status.code() == Some(code), "{code} expected: {self:#?}");
        self
    }

    /// This signal ended it.
    #[track_caller]
    pub fn ends_by_signal(self, signal: i32) -> Run {
        assert!(self.status.signal() == Some(signal), "signal {signal} expected: {self:#?}");
        self
    }

    /// It printed this, among other things.
    #[track_caller]
    pub fn says(self, text: &str) -> Run {
        assert!(self.output.contains(text), "{text:?} expected: {self:#?}");
        self
    }

    /// It did not print this.
    #[track_caller]
    pub fn says_not(self, text: &str) -> Run {
        assert!(!self.output.contains(text), "{text:?} not expected: {self:#?}");
        self
    }

    /// This stands in its errors.
    #[track_caller]
    pub fn complains(self, text: &str) -> Run {
        assert!(self.errors.contains(text), "complaint {text:?} expected: {self:#?}");
        self
    }

    /// It complained of nothing.
    #[track_caller]
    pub fn quietly(self) -> Run {
        assert!(self.errors.is_empty(), "no complaint expected: {self:#?}");
        self
    }

    /// What it printed, as JSON.
    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.output).unwrap_or_else(|error| panic!("no JSON, {error}: {self:#?}"))
    }
}
