//! What a process is doing to a segment of the SharedMemory functions when it is killed or
//! stopped.

use super::api::{self, Memory};
use super::stage::{NEIGHBOUR, PEER, Stage, VICTIM, end_of, nothing_is_left};
use crate::consts::ERROR_INVALID_DATA;
use crate::plant::actors::{Actor, End, until};
use crate::plant::deeds::{Plan, Which, arm, pause};

/// Segments of the SharedMemory functions: written, read, freed.
pub struct MemoryScene {
    pub what: &'static str,
    pub name: String,
    pub size: usize,
    /// One who did something was killed where he first came to this point.
    pub after: Option<(&'static str, Act)>,
    /// Another one has the lock, and goes on when the victim sleeps.
    pub beside_writer: bool,
    /// Gets an open segment that is full of `OLD`.
    pub act: Act,
}

/// What is done to a segment of that size.
pub type Act = fn(Memory, usize);

pub const OLD: u8 = b'o';
pub const NEW: u8 = b'n';

/// Longer than a piece of a long copy.
const LONG: usize = (1 << 20) + (300 << 10);

pub fn memories() -> Vec<MemoryScene> {
    let key = 0x5100_0000 + std::process::id();
    let names =
        ["segment".to_owned(), format!("/winshm-faults-{}", std::process::id()), format!("SysV\\{key}")];
    let mut scenes = Vec::new();
    for name in names {
        let mut add = |what, size, after: Option<(&'static str, Act)>, act| {
            let name = name.clone();
            scenes.push(MemoryScene { what, name, size, after, beside_writer: false, act });
        };
        add("write a little", 64, None, write);
        add("write much, and read it", LONG, None, |memory, size| {
            let mut bytes = vec![NEW; size];
            arm();
            api::write(memory, &bytes).unwrap();
            api::read(memory, &mut bytes).unwrap();
        });
        add(OPENS, 64, None, |_, _| {});
        add("write after one who died writing", 64, Some(("ledger: end of the range", write)), write);
        add("write over what a dead writer began", 64, Some(("ledger: begun", write)), write);
        add("read what a dead writer began", 64, Some(("ledger: begun", write)), |memory, size| {
            arm();
            // (An error the first time: it is torn.)
            let _ = api::read(memory, &mut vec![0; size]);
        });
        let asleep = "ledger: sleeper announced";
        add("sleep until a write, and write", 64, Some((asleep, sleep_and_write)), sleep_and_write);
        add("sleep beside a dead writer", 64, Some(("ledger: begun", write)), sleep_and_write);
        add(CREATES, 64, None, |_, _| {});
        let act = write;
        let what = "write while another one has the lock";
        scenes.push(MemoryScene { what, name, size: 64, after: None, beside_writer: true, act });
    }
    scenes
}

/// A scene in which the victim opens the segment by itself.
pub const OPENS: &str = "open, write and close";

/// One in which nobody else has it.
pub const CREATES: &str = "create, write and close";

fn write(memory: Memory, size: usize) {
    arm();
    api::write(memory, &vec![NEW; size]).unwrap();
}

fn sleep_and_write(memory: Memory, size: usize) {
    arm();
    assert!(api::wait_for_write(memory, 1000).is_err(), "so many are not written");
    api::write(memory, &vec![NEW; size]).unwrap();
}

/// All of one write, of the other, or an error that says so.
fn is_whole(bytes: &[u8]) -> bool {
    bytes.iter().all(|byte| *byte == bytes[0])
}

impl MemoryScene {
    pub fn open(&self) -> Memory {
        api::create_memory(&self.name, self.size).unwrap()
    }

    /// Has everybody take his place, and the victim act: he has ended, or stands still,
    /// when this returns. Returns him and the one who holds the segment.
    pub fn begin(&self, stage: &Stage, plan: Plan) -> (Actor, Actor) {
        let peer = stage.start(PEER, Plan::FREE, || {
            if self.what == CREATES {
                pause();
                return 0;
            }
            let memory = self.open();
            api::write(memory, &vec![OLD; self.size]).unwrap();
            pause();
            api::close_memory(memory).map_or(1, |()| 0)
        });
        until(|| peer.is_parked() || peer.is_gone());
        if let Some((point, act)) = self.after {
            stage.predecessor(point, || act(self.open(), self.size));
        }
        let writer = self.beside_writer.then(|| {
            let plan = Plan::park(Which::Named("ledger: begun"), 0);
            let writer = stage.start(NEIGHBOUR, plan, || {
                write(self.open(), self.size);
                0
            });
            until(|| writer.is_parked() || writer.is_gone());
            writer
        });
        let victim = stage.start(VICTIM, plan, || {
            if [OPENS, CREATES].contains(&self.what) {
                arm();
                let memory = self.open();
                api::write(memory, &vec![NEW; self.size]).unwrap();
                api::close_memory(memory).unwrap();
            } else {
                (self.act)(self.open(), self.size);
            }
            0
        });
        if let Some(writer) = writer {
            until(|| victim.is_gone() || victim.sleeps());
            writer.release();
            assert_eq!(end_of(&writer, "the other writer"), End::Answered(0));
        }
        if victim.point().is_none() {
            // (The point is noted before the victim stands still, and before he dies.)
            until(|| victim.is_gone() || victim.is_parked());
        }
        (victim, peer)
    }

    /// After the victim has ended, however that was: no half of a write is read, and the
    /// segment can be written.
    pub fn look_after(&self, stage: &Stage, peer: &Actor, what: &str) {
        let before = if self.what == CREATES { 0 } else { OLD };
        let read = stage.help(&format!("a reader after {what}"), || {
            let (memory, mut bytes) = (self.open(), vec![0; self.size]);
            match api::read(memory, &mut bytes) {
                Ok(()) => u8::from(!is_whole(&bytes) || ![before, NEW].contains(&bytes[0])),
                Err(ERROR_INVALID_DATA) => 0,
                Err(_) => 2,
            }
        });
        assert_eq!(read, 0, "TORN: {what}");
        let mended = stage.help(&format!("a writer after {what}"), || {
            let (memory, mut bytes) = (self.open(), vec![b'x'; self.size]);
            let mended = api::write(memory, &bytes).and_then(|()| api::read(memory, &mut bytes));
            let is_right = mended.is_ok() && is_whole(&bytes) && bytes[0] == b'x';
            let gone = api::free_memory(memory);
            u8::from(!is_right || gone.is_err())
        });
        assert_eq!(mended, 0, "UNUSABLE: {what}");
        peer.release();
        assert_eq!(end_of(peer, "the one that held the segment"), End::Answered(0), "{what}");
        nothing_is_left(stage, what);
    }
}
