//! What the tool does on a terminal, and only there.

use crate::world::*;
use nix::libc::ioctl;
use nix::pty::{Winsize, openpty};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use std::fs::File;
use std::io::Read;
use std::os::fd::AsRawFd;
use std::process::{Child, Command, Stdio};

/// A terminal with a command in it.
struct Terminal {
    master: File,
    child: Child,
    shown: String,
    _watched: Watchdog,
}

fn size(columns: u16, lines: u16) -> Winsize {
    Winsize { ws_row: lines, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 }
}

impl Terminal {
    fn new(mut command: Command, columns: u16, lines: u16) -> Terminal {
        let pty = openpty(Some(&size(columns, lines)), None).expect("a terminal");
        command.env("TERM", "xterm").stdin(Stdio::null()).stderr(Stdio::null());
        // Nobody else has the slave: when the command ends, or is killed, the terminal does.
        let child = command.stdout(pty.slave).spawn().unwrap();
        let watched = watch(child.id());
        Terminal { master: pty.master.into(), child, shown: String::new(), _watched: watched }
    }

    /// Reads until it has shown this, since this was called last.
    fn shows(&mut self, text: &str) -> String {
        let mut buffer = [0; 4096];
        loop {
            if let Some(at) = self.shown.find(text) {
                let rest = self.shown.split_off(at + text.len());
                return std::mem::replace(&mut self.shown, rest);
            }
            let count = self.master.read(&mut buffer).expect("the terminal");
            self.shown.push_str(&String::from_utf8_lossy(&buffer[..count]));
        }
    }

    fn signal(&self, signal: Signal) {
        kill(Pid::from_raw(self.child.id() as i32), signal).unwrap();
    }

    fn resize(&self, columns: u16, lines: u16) {
        let size = size(columns, lines);
        // SAFETY: a terminal, and a size for it.
        assert_eq!(unsafe { ioctl(self.master.as_raw_fd(), nix::libc::TIOCSWINSZ, &raw const size) }, 0);
        self.signal(Signal::SIGWINCH);
    }

    fn ends(mut self, code: i32) {
        assert_eq!(self.child.wait().unwrap().code(), Some(code));
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

const ENTER: &str = "\x1b[?1049h\x1b[?25l\x1b[?7l";
const LEAVE: &str = "\x1b[?7h\x1b[?25h\x1b[?1049l";

#[test]
fn a_watch_is_a_screen_of_its_own_and_changes_are_highlighted() {
    let world = World::new();
    let _holder = world.hold(&["section", "x", "4K"]);
    let mut terminal = Terminal::new(world.command(&["watch", "x", "-i", "10ms"]), 80, 10);
    terminal.shows(ENTER);
    terminal.shows("x: 4096 bytes, picture 1, 0 changed");
    terminal.shows("00000060  00 00 ");
    terminal.shows("3984 more bytes: --offset 112");
    world.run_with_input(&["load", "x", "-", "-o", "17"], b"A").ends(DONE);
    terminal.shows("00000010  00 \x1b[1;30;43m41\x1b[m 00 ");
    terminal.resize(60, 5);
    let small = terminal.shows("4080 more bytes: --offset 16");
    assert!(small.contains("00000008  00 00 00 00 00 00 00 00  |........|"), "{small:?}");
    terminal.signal(Signal::SIGINT);
    terminal.shows(LEAVE);
    terminal.ends(DONE);
}

#[test]
fn no_colours_are_asked_for() {
    let world = World::new();
    let _holder = world.hold(&["section", "x", "4K"]);
    let mut command = world.command(&["watch", "x", "-i", "10ms"]);
    command.env("NO_COLOR", "1");
    let mut terminal = Terminal::new(command, 80, 10);
    terminal.shows("picture 1,");
    world.run_with_input(&["load", "x", "-"], b"A").ends(DONE);
    let shown = terminal.shows("00000000  \x1b[7m41\x1b[m 00 ");
    assert!(!shown.contains("\x1b[1;"), "{shown:?}");
    terminal.signal(Signal::SIGTERM);
    terminal.shows(LEAVE);
    terminal.ends(143);
}

/// The shell that comes to the front finds its terminal as it was.
#[test]
fn who_is_stopped_leaves_the_terminal_and_comes_back_to_it() {
    let world = World::new();
    let holder = world.hold(&["section", "x", "4K"]);
    let mut terminal = Terminal::new(world.command(&["watch", "x", "-i", "10ms"]), 80, 10);
    terminal.shows("picture 1,");
    terminal.signal(Signal::SIGTSTP);
    terminal.shows(LEAVE);
    until_stopped(terminal.child.id());
    terminal.signal(Signal::SIGCONT);
    terminal.shows(ENTER);
    terminal.shows("picture ");
    holder.end().ends(DONE);
    terminal.shows(LEAVE);
    terminal.ends(NO_SUCH_OBJECT);
}

#[test]
fn a_terminal_gets_no_raw_bytes() {
    let world = World::new();
    let _holder = world.hold(&["section", "x", "4K"]);
    Terminal::new(world.command(&["dump", "x", "--raw"]), 80, 10).ends(USAGE);
    let mut terminal = Terminal::new(world.command(&["dump", "x", "-l", "1"]), 80, 10);
    terminal.shows("00000000  00 ");
    terminal.ends(DONE);
}
