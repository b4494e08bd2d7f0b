//! Dispatcher objects: what threads wait for. Mutexes, events, semaphores and timers,
//! with and without a name.
//!
//! `sync` says how they work; here is where their words lie.

mod making;
mod orphans;

pub use making::{Making, kind_of};

use crate::error::Error;
use crate::name::Name;
use crate::namespace::layout::{self, Header, Kind as FileKind};
use crate::namespace::{self, Asked, Commitment, Created, NamedFile, Outcome, Plan};
use crate::pool::{self, Block};
use crate::security::Sharing;
use crate::sync::{self, Guard, Kind, SyncObject};
use crate::sys::fault;
use crate::sys::lost_page::Watch;
use crate::sys::{process, random, time};
use making::kind_with;
use std::os::fd::OwnedFd;
use std::ptr::NonNull;
use std::sync::Arc;
use std::time::Duration;

/// An object without a name, as a program started by exec gets it.
pub struct Export {
    pub file: OwnedFd,
    pub offset: u64,
    pub kind: FileKind,
    pub attribute: u32,
}

/// Where the words lie.
pub enum Home {
    /// In the control page of the object's file. (Boxed, so that a look-up finds
    /// all that it needs in one cache line.)
    Named(Box<NamedHome>),
    Unnamed(Block),
}

pub struct NamedHome {
    /// Of a page that peers may cut off. (Before the file, which unmaps it.)
    _watch: Watch,
    file: NamedFile,
}

impl NamedHome {
    fn new(file: NamedFile, page: NonNull<u8>) -> Result<NamedHome, Error> {
        fault::set_up()?;
        Ok(NamedHome { _watch: Watch::with_sign(page, sync::CUT_OFF), file })
    }
}

pub struct Dispatcher {
    pub object: SyncObject,
    pub kind: FileKind,
    /// None in the drop.
    home: Option<Home>,
}

/// Longer than it takes to die.
const DYING: Duration = Duration::from_millis(250);

/// Makes or opens a named object, again if it has another guard than its directory.
///
/// The kernel closes what a killed process had one by one. When it was the last one, its
/// guard may have gone, and a new one be there, while the object's file is still held: by
/// nobody who lives, but for others who look at it just now, as this one does. So each lets
/// go, and looks again at a time of his own. An object that is still so afterwards has
/// lost its guard in another way.
fn past_the_dying<T>(attempt: impl Fn() -> Result<Option<T>, Error>) -> Result<T, Error> {
    let mut end = None;
    loop {
        if let Some(made) = attempt()? {
            return Ok(made);
        }
        let now = time::monotonic_ns();
        if now > *end.get_or_insert(now + DYING.as_nanos() as u64) {
            return Err(Error::Corrupt);
        }
        time::sleep(Duration::from_micros(random::number() % 2000));
    }
}

impl Dispatcher {
    pub fn unnamed(making: &Making) -> Result<Dispatcher, Error> {
        Dispatcher::in_block(making, Block::new()?)
    }

    /// `unnamed`, for an object that is going to be inherited.
    pub fn unnamed_to_inherit(making: &Making) -> Result<Dispatcher, Error> {
        Dispatcher::in_block(making, Block::alone()?)
    }

    fn in_block(making: &Making, block: Block) -> Result<Dispatcher, Error> {
        let guard = pool::guard()?;
        let words = sync::initial_words(making.state(), &guard);
        block.fill(&words);
        let dispatcher = Dispatcher::new(
            block.address(),
            making.kind(),
            making.maximum(),
            Some(guard),
            Home::Unnamed(block),
        );
        if let Making::Mutex { owned: true } = making {
            // Nobody else has it yet.
            sync::one(sync::me(), &dispatcher.object, sync::NOW)?;
        }
        Ok(dispatcher)
    }

    /// The object of another process.
    pub fn inherited(kind: FileKind, attribute: u32, block: Block) -> Result<Dispatcher, Error> {
        let (kind, maximum) = kind_with(kind, attribute)?;
        let guard = pool::guard()?;
        let mut made = Dispatcher::new(block.address(), kind, maximum, None, Home::Unnamed(block));
        if made.object.guard_id() != guard.id {
            return Err(Error::Corrupt);
        }
        made.object.guard = Some(guard);
        Ok(made)
    }

    /// Whether it has a mapping, or descriptors, that no other object has.
    pub fn has_memory_of_its_own(&self) -> bool {
        match &self.home {
            Some(Home::Named(_)) => true,
            Some(Home::Unnamed(block)) => block.is_alone(),
            None => false,
        }
    }

    /// What another program gets. None: the object has a name.
    pub fn export(&self) -> Option<Result<Export, Error>> {
        let Some(Home::Unnamed(block)) = &self.home else { return None };
        let attribute = match self.object.kind {
            Kind::AutoEvent | Kind::AutoTimer | Kind::Mutex => 0,
            Kind::ManualEvent | Kind::ManualTimer => 1,
            Kind::Semaphore => self.object.maximum,
        };
        let (kind, exported) = (self.kind, block.export());
        Some(exported.map(|(file, offset)| Export { file, offset, kind, attribute }))
    }

    /// Makes a named object, or opens the one that exists, whatever its state is. A
    /// mutex that is to be owned is made for `sync::birth`.
    pub fn create(name: &Name, making: &Making, sharing: Sharing) -> Result<(Dispatcher, Created), Error> {
        past_the_dying(|| Dispatcher::try_create(name, making, sharing))
    }

    fn try_create(
        name: &Name,
        making: &Making,
        sharing: Sharing,
    ) -> Result<Option<(Dispatcher, Created)>, Error> {
        let (guard, directory) = namespace::guard_to_create(name.scope)?;
        let header = Header {
            kind: making.file_kind(),
            data_size: 0,
            commit_map_size: 0,
            attribute_a: making.attribute(),
            attribute_b: 0,
            exact_size: 0,
            is_closed: sharing.is_closed,
        };
        let state = if let Making::Mutex { owned: true } = making { sync::UNBORN } else { making.state() };
        let words = sync::initial_words(state, &guard);
        let plan = Plan {
            header,
            commitment: Commitment::Reserved,
            data: &[],
            state: &words,
            mode: sharing.mode,
            directory,
        };
        let (file, header, created) = match namespace::create(name, &plan, Asked::PERMITTED)? {
            Outcome::Created(file) => (file, header, Created::Yes),
            Outcome::Opened(file, found) => (file, found, Created::No),
        };
        Ok(Dispatcher::of_file(file, name, &header, guard)?.map(|made| (made, created)))
    }

    pub fn open(name: &Name, kind: FileKind, asked: Asked) -> Result<Dispatcher, Error> {
        past_the_dying(|| {
            let guard = namespace::guard(name.scope, false)?;
            let (file, header) = namespace::open(name, kind, asked)?;
            Dispatcher::of_file(file, name, &header, guard)
        })
    }

    /// None: the object's guard is not the one of its directory.
    fn of_file(
        file: NamedFile,
        name: &Name,
        header: &Header,
        guard: Arc<Guard>,
    ) -> Result<Option<Dispatcher>, Error> {
        let (kind, maximum) = kind_of(header)?;
        let page = file.control().ok_or(Error::Internal)?.address();
        // SAFETY: the state block lies within the control page.
        let words = unsafe { page.add(layout::state_offset(header.kind, name.units())) };
        let is_trusted = file.is_trusted()?;
        if kind == Kind::Mutex && !file.may_be_followed(|| [process::effective_user()])? {
            // Its owner follows pointers in the page.
            return Err(Error::AccessDenied);
        }
        let id = file.id();
        let home = Home::Named(Box::new(NamedHome::new(file, page)?));
        let mut made = Dispatcher::new(words, kind, maximum, None, home);
        made.object.set_file(id.device(), id.inode());
        if is_trusted {
            let id = made.object.guard_id();
            let guard = match guard.id == id {
                true => guard,
                // Somebody deleted the directory, or the file of the guard.
                false => match namespace::guard(name.scope, true)? {
                    guard if guard.id == id => guard,
                    _ => return Ok(None),
                },
            };
            made.object.guard = Some(guard);
        }
        Ok(Some(made))
    }

    fn new(
        words: NonNull<u8>,
        kind: Kind,
        maximum: u32,
        guard: Option<Arc<Guard>>,
        home: Home,
    ) -> Dispatcher {
        // SAFETY: the home keeps the words mapped; the drop leaves it to `orphans`
        // while a thread of this process owns the object.
        let object = unsafe { SyncObject::new(words, kind, maximum, guard) };
        let kind = match kind {
            Kind::Mutex => FileKind::Mutex,
            Kind::AutoEvent | Kind::ManualEvent => FileKind::Event,
            Kind::Semaphore => FileKind::Semaphore,
            Kind::AutoTimer | Kind::ManualTimer => FileKind::Timer,
        };
        Dispatcher { object, kind, home: Some(home) }
    }

    pub fn name(&self) -> Option<&NamedFile> {
        match &self.home {
            Some(Home::Named(home)) => Some(&home.file),
            _ => None,
        }
    }

    /// The last handle is closed; another thread still uses the object.
    pub fn release_name(&self) {
        if let Some(file) = self.name() {
            file.release_name();
        }
    }
}

impl Drop for Dispatcher {
    fn drop(&mut self) {
        if self.object.kind == Kind::Mutex && self.object.is_owned_here() {
            self.release_name();
            if let Some(home) = self.home.take() {
                // SAFETY: the home goes with it.
                orphans::keep(unsafe { self.object.share() }, home);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sync::{NOW, me, one};

    fn name(text: &str) -> Name {
        let unique = format!("winshm-test-{}-{text}", std::process::id());
        Name::new(unique.encode_utf16().collect()).unwrap()
    }

    fn is_set(event: &Dispatcher) -> bool {
        one(me(), &event.object, NOW).unwrap() != sync::Outcome::TimedOut
    }

    fn event(manual: bool, set: bool) -> Making {
        Making::Event { manual, set }
    }

    #[test]
    fn an_unnamed_event_is_set_and_reset() {
        for manual in [false, true] {
            let made = Dispatcher::unnamed(&event(manual, false)).unwrap();
            assert!(!is_set(&made));
            made.object.set_event().unwrap();
            assert!(is_set(&made));
            assert_eq!(is_set(&made), manual, "the first waiter takes an auto event back");
            made.object.reset_event().unwrap();
            assert!(!is_set(&made));
            assert!(is_set(&Dispatcher::unnamed(&event(manual, true)).unwrap()));
        }
    }

    /// Two holders of one name, as two processes are: each sees what the other
    /// does, and the second one's wishes for a new event do not count.
    #[test]
    fn the_state_of_a_named_event_is_one_for_all_who_open_it() {
        let name = name("shared");
        let open = || Dispatcher::open(&name, FileKind::Event, Asked::PERMITTED);
        let (first, created) = Dispatcher::create(&name, &event(true, true), Sharing::OWNER).unwrap();
        assert_eq!(created, Created::Yes);
        let (second, created) = Dispatcher::create(&name, &event(false, false), Sharing::OWNER).unwrap();
        assert_eq!(created, Created::No);
        assert!(is_set(&second) && is_set(&second));
        second.object.reset_event().unwrap();
        assert!(!is_set(&first));
        let third = open().unwrap();
        first.object.set_event().unwrap();
        assert!(is_set(&third));
        drop((first, second));
        assert!(open().is_ok(), "the third still has it");
        drop(third);
        assert!(matches!(open(), Err(Error::NotFound)));
    }

    #[test]
    fn the_name_can_go_before_the_event() {
        let name = name("released");
        let (old, _) = Dispatcher::create(&name, &event(true, true), Sharing::OWNER).unwrap();
        old.release_name();
        assert!(matches!(Dispatcher::open(&name, FileKind::Event, Asked::PERMITTED), Err(Error::NotFound)));
        assert!(is_set(&old), "the page stays");
        let (fresh, created) = Dispatcher::create(&name, &event(true, false), Sharing::OWNER).unwrap();
        assert_eq!(created, Created::Yes);
        old.object.reset_event().unwrap();
        fresh.object.set_event().unwrap();
        assert!(!is_set(&old) && is_set(&fresh), "two events now");
    }

    /// A thread owns a mutex that nobody can name any more: its page stays until
    /// the thread ends.
    #[test]
    fn a_mutex_without_handles_stays_its_owners() {
        std::thread::spawn(|| {
            let mutex = Dispatcher::unnamed(&Making::Mutex { owned: true }).unwrap();
            // SAFETY: the words stay, as this test is to show.
            let object = unsafe { mutex.object.share() };
            assert_eq!(object.release(me()), Ok(()));
            assert_eq!(one(me(), &object, NOW), Ok(sync::Outcome::Granted(0)));
            drop(mutex);
            assert!(object.is_owned_here(), "its words are still there");
        })
        .join()
        .unwrap();
        assert_eq!(orphans::count(), 0, "its owner has ended");
    }
}
