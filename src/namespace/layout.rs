//! The control page: what a file of the name space says about its object.
//!
//! ```text
//! offset  size
//!      0     8  magic; 0 while a long name or data is being written
//!      8     2  layout version: major (others are refused), 10: minor (others are compatible)
//!     12     4  kind of object; + 32: it is closed, to all but who has a handle already
//!     16     8  bytes of data, whole pages
//!     24     8  bytes of commit map, whole pages (0: everything is committed)
//!     32     4  16-bit units of the name
//!     36     4  attribute a of the kind (section: protection; event, timer: 1 = manual
//!               reset; semaphore: maximum)
//!     40     4  attribute b of the kind (section: flags; one says that the data is a record
//!               of a file, see `section::record`, which is minor 1)
//!     44     4  creator's user id
//!     48     8  time of creation, ns since 1970
//!     56     4  creator's process id
//!     64     8  bytes of data that were asked for (0: all)
//!    ...   128  state of a synchronisation object (`sync::words`), see `state_offset`
//!    128   384  guard of the directory's synchronisation objects (`sync::words`)
//!    128   384  ledger of a section, or of a segment of the system (`shared_memory`)
//!    512  3584  the name, if it fits; else it stands in the pages before
//! ```
//!
//! All numbers are little-endian. The page is the last one of its file, and gives
//! it its size: a file of size 0 is an object that is not finished.

#![forbid(unsafe_code)]

use crate::error::Error;
use crate::name::LONGEST;
use crate::sys::apart::APART;

pub const PAGE: u64 = 4096;
pub const MAJOR: u16 = 2;
pub const MINOR: u16 = 1;
pub const MAGIC: u64 = u64::from_le_bytes(*b"winshm\r\n");
pub const MAGIC_BYTES: usize = size_of::<u64>();

/// The size of the state of a synchronisation object, and what it is aligned to.
pub const STATE_SIZE: usize = 128;
const _: () = assert!(STATE_SIZE % APART == 0);

/// Where the words of a guard begin.
pub const GUARD: usize = 128;

/// Where the ledger of a section begins, and its size.
pub const LEDGER: usize = 128;
#[allow(dead_code, reason = "Rust 1.85 does not count a use in `const _`")]
pub const LEDGER_SIZE: usize = SHORT_NAME - LEDGER;

const SHORT_NAME: usize = 512;
const SHORT_NAME_UNITS: usize = (PAGE as usize - SHORT_NAME) / 2;

/// Where the control page says how many units the name has.
const NAME_UNITS: u64 = 32;

/// Largest section: what the address space of a process could hold.
pub const LARGEST_DATA: u64 = 1 << 47;

/// The bits of attribute b of a section that say what its pages are, and the value of
/// them that stands for a record of a file.
pub const PAGES: u32 = 3 << 2;
pub const RECORD: u32 = 2 << 2;

/// Added to the number of a kind: the object is closed (`security::Sharing`). Who asks
/// for its holders learns so without a lock; and a library that does not know this bit
/// takes the object for one of another kind, and leaves it alone.
const CLOSED: u8 = 32;

/// Whether holders that lock this byte have an object that is closed.
pub fn is_closed_by(byte: u8) -> bool {
    byte & CLOSED != 0
}

/// The number of the kind of object whose holders lock this byte.
#[cfg(feature = "tool")]
pub fn kind_number(byte: u8) -> u32 {
    u32::from(byte & !CLOSED)
}

/// Kinds of named objects. The numbers are part of the layout.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u32)]
pub enum Kind {
    Section = 1,
    Event = 2,
    /// The ledger of a segment that is not ours.
    Ledger = 3,
    Mutex = 4,
    Semaphore = 5,
    Timer = 6,
    /// The guard of a directory.
    Guard = 7,
}

pub const KINDS: [Kind; 7] =
    [Kind::Section, Kind::Event, Kind::Ledger, Kind::Mutex, Kind::Semaphore, Kind::Timer, Kind::Guard];

impl Kind {
    pub fn from_number(number: u32) -> Option<Kind> {
        KINDS.into_iter().find(|kind| *kind as u32 == number)
    }

    /// The byte of the file that holders of such an object lock.
    pub fn lock_byte(self) -> u8 {
        self as u8
    }

    /// Whether holders of an object that lock this byte have one of this kind.
    pub fn is_locked_by(self, byte: u8) -> bool {
        byte & !CLOSED == self.lock_byte()
    }

    /// Whether the control page holds a state that processes change.
    pub fn has_state(self) -> bool {
        self != Kind::Section
    }
}

/// What stays the same as long as the object lives.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Header {
    pub kind: Kind,
    /// Whole pages.
    pub data_size: u64,
    /// One byte per page of data, or 0 when everything is committed.
    pub commit_map_size: u64,
    pub attribute_a: u32,
    pub attribute_b: u32,
    /// Bytes of data that were asked for, 0 for all of them.
    pub exact_size: u64,
    /// To all but who has a handle already.
    pub is_closed: bool,
}

impl Header {
    /// Whether the data is a record of a file, which no user of the object changes.
    pub fn has_record(&self) -> bool {
        self.kind == Kind::Section && self.attribute_b & PAGES == RECORD
    }

    /// The number of the kind, with what is added to it.
    pub fn lock_byte(&self) -> u8 {
        self.kind.lock_byte() | if self.is_closed { CLOSED } else { 0 }
    }

    pub fn commit_map_offset(&self) -> u64 {
        self.data_size
    }

    fn long_name_offset(&self) -> u64 {
        self.data_size + self.commit_map_size
    }

    pub fn control_offset(&self, name_units: usize) -> u64 {
        self.long_name_offset() + long_name_size(name_units)
    }

    pub fn file_size(&self, name_units: usize) -> u64 {
        self.control_offset(name_units) + PAGE
    }
}

/// Where the state of an object of this name begins: before the name or behind it, in
/// a place that depends on the name. At one place in every page, the states of all
/// objects would fall into one set of the processor's cache, of which a wait for
/// dozens of them sees little.
pub fn state_offset(kind: Kind, name: &[u16]) -> usize {
    const FIRST: usize = 128;
    const BEFORE: usize = (SHORT_NAME - FIRST) / STATE_SIZE;
    if kind == Kind::Guard {
        return GUARD;
    }
    let in_page = if name.len() <= SHORT_NAME_UNITS { name.len() } else { 0 };
    let behind = (SHORT_NAME + 2 * in_page).next_multiple_of(STATE_SIZE);
    let places = BEFORE + (PAGE as usize - behind) / STATE_SIZE;
    let sum = name.iter().fold(0u32, |sum, unit| sum.wrapping_mul(31).wrapping_add(u32::from(*unit)));
    match sum as usize % places {
        place if place < BEFORE => FIRST + place * STATE_SIZE,
        place => behind + (place - BEFORE) * STATE_SIZE,
    }
}

fn long_name_size(units: usize) -> u64 {
    if units <= SHORT_NAME_UNITS { 0 } else { (units as u64 * 2).next_multiple_of(PAGE) }
}

/// Who makes an object, and when.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Creator {
    pub user: u32,
    pub process: u32,
    pub time_ns: u64,
}

/// Where a name that does not fit into the control page stands, and its bytes.
pub fn long_name(header: &Header, name: &[u16]) -> Option<(u64, Vec<u8>)> {
    (long_name_size(name.len()) > 0).then(|| (header.long_name_offset(), name_bytes(name)))
}

/// The control page of a new object.
pub fn control_page(header: &Header, name: &[u16], state: &[u8], creator: Creator) -> [u8; PAGE as usize] {
    let mut page = [0; PAGE as usize];
    let mut put = |offset: usize, bytes: &[u8]| page[offset..offset + bytes.len()].copy_from_slice(bytes);
    put(0, &MAGIC.to_le_bytes());
    put(8, &MAJOR.to_le_bytes());
    put(10, &MINOR.to_le_bytes());
    put(12, &u32::from(header.lock_byte()).to_le_bytes());
    put(16, &header.data_size.to_le_bytes());
    put(24, &header.commit_map_size.to_le_bytes());
    put(NAME_UNITS as usize, &(name.len() as u32).to_le_bytes());
    put(36, &header.attribute_a.to_le_bytes());
    put(40, &header.attribute_b.to_le_bytes());
    put(44, &creator.user.to_le_bytes());
    put(48, &creator.time_ns.to_le_bytes());
    put(56, &creator.process.to_le_bytes());
    put(64, &header.exact_size.to_le_bytes());
    if header.kind.has_state() {
        put(state_offset(header.kind, name), state);
    }
    if name.len() <= SHORT_NAME_UNITS {
        put(SHORT_NAME, &name_bytes(name));
    }
    page
}

fn name_bytes(name: &[u16]) -> Vec<u8> {
    name.iter().flat_map(|unit| unit.to_le_bytes()).collect()
}

/// How much of the control page `parse` needs for a name of so many units.
pub fn readable(name_units: usize) -> usize {
    if name_units <= SHORT_NAME_UNITS { SHORT_NAME + 2 * name_units } else { SHORT_NAME }
}

/// Reads a control page (its first `readable` bytes) of a file of `file_size` bytes and checks that it is
/// the object `name`. Trusts no byte of it. `read` reads the file elsewhere.
/// None: not finished.
pub fn parse(
    page: &[u8],
    file_size: u64,
    name: &[u16],
    read: impl FnOnce(u64, &mut [u8]) -> Result<usize, Error>,
) -> Result<Option<Header>, Error> {
    let number_4 = |offset: usize| number::<4>(page, offset).map(u32::from_le_bytes);
    let number_8 = |offset: usize| number::<8>(page, offset).map(u64::from_le_bytes);
    match number_8(0)? {
        MAGIC => {}
        0 => return Ok(None),
        _ => return Err(Error::Corrupt),
    }
    if number(page, 8).map(u16::from_le_bytes)? != MAJOR {
        return Err(Error::RevisionMismatch);
    }
    let kind = number_4(12)?;
    let header = Header {
        kind: Kind::from_number(kind & !u32::from(CLOSED)).ok_or(Error::Corrupt)?,
        data_size: number_8(16)?,
        commit_map_size: number_8(24)?,
        attribute_a: number_4(36)?,
        attribute_b: number_4(40)?,
        exact_size: number_8(64)?,
        is_closed: kind & u32::from(CLOSED) != 0,
    };
    let whole_pages = header.data_size % PAGE == 0 && header.commit_map_size % PAGE == 0;
    let possible = header.data_size <= LARGEST_DATA && header.commit_map_size <= LARGEST_DATA;
    let possible = possible && header.exact_size <= header.data_size;
    if !whole_pages || !possible || header.file_size(name.len()) != file_size {
        return Err(Error::Corrupt);
    }
    if number_4(NAME_UNITS as usize)? as usize != name.len() {
        return Err(Error::Corrupt);
    }
    let is_name = |bytes: &[u8]| {
        let units = bytes.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]]));
        units.eq(name.iter().copied())
    };
    let same = if name.len() <= SHORT_NAME_UNITS {
        page.get(SHORT_NAME..SHORT_NAME + 2 * name.len()).is_some_and(is_name)
    } else {
        let mut found = vec![0; 2 * name.len()];
        read(header.long_name_offset(), &mut found)? == found.len() && is_name(&found)
    };
    if same { Ok(Some(header)) } else { Err(Error::Corrupt) }
}

/// The name of an object whose control page is at this offset of its file.
pub fn read_name(
    control_offset: u64,
    read: impl Fn(&mut [u8], u64) -> Result<usize, Error>,
) -> Result<Vec<u16>, Error> {
    let mut count = [0; 4];
    read(&mut count, control_offset + NAME_UNITS)?;
    let count = u32::from_le_bytes(count) as usize;
    if count > LONGEST {
        return Err(Error::Corrupt);
    }
    let offset = match long_name_size(count) {
        0 => control_offset + SHORT_NAME as u64,
        size => control_offset.checked_sub(size).ok_or(Error::Corrupt)?,
    };
    let mut bytes = vec![0; 2 * count];
    if read(&mut bytes, offset)? != bytes.len() {
        return Err(Error::Corrupt);
    }
    Ok(bytes.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect())
}

/// The layout version of a control page, major and minor. None: not finished. Corrupt: it
/// is no control page.
#[cfg(feature = "tool")]
pub fn version(page: &[u8]) -> Result<Option<(u16, u16)>, Error> {
    match u64::from_le_bytes(number(page, 0)?) {
        MAGIC => Ok(Some((u16::from_le_bytes(number(page, 8)?), u16::from_le_bytes(number(page, 10)?)))),
        0 => Ok(None),
        _ => Err(Error::Corrupt),
    }
}

/// Who made the object of a control page.
pub fn creator(page: &[u8]) -> Result<Creator, Error> {
    Ok(Creator {
        user: u32::from_le_bytes(number(page, 44)?),
        process: u32::from_le_bytes(number(page, 56)?),
        time_ns: u64::from_le_bytes(number(page, 48)?),
    })
}

/// The bytes of a number of the page.
fn number<const SIZE: usize>(page: &[u8], offset: usize) -> Result<[u8; SIZE], Error> {
    page.get(offset..).and_then(|rest| rest.first_chunk()).copied().ok_or(Error::Corrupt)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CREATOR: Creator = Creator { user: 1, process: 2, time_ns: 3 };
    const HEADER: Header = Header {
        kind: Kind::Section,
        data_size: 2 * PAGE,
        commit_map_size: PAGE,
        attribute_a: 4,
        attribute_b: 5,
        exact_size: 0,
        is_closed: false,
    };

    fn made(name: &[u16]) -> [u8; PAGE as usize] {
        control_page(&HEADER, name, &[], CREATOR)
    }

    fn no_more(_: u64, _: &mut [u8]) -> Result<usize, Error> {
        panic!("a short name needs no second read")
    }

    #[test]
    fn what_was_written_is_read() {
        let name: Vec<u16> = "name".encode_utf16().collect();
        assert_eq!(long_name(&HEADER, &name), None);
        assert_eq!(parse(&made(&name), HEADER.file_size(4), &name, no_more), Ok(Some(HEADER)));
    }

    #[test]
    fn a_closed_object_says_so_on_its_page_and_by_its_lock() {
        let closed = Header { is_closed: true, ..HEADER };
        let page = control_page(&closed, &[0x78], &[], CREATOR);
        assert_eq!(parse(&page, closed.file_size(1), &[0x78], no_more), Ok(Some(closed)));
        assert!(is_closed_by(closed.lock_byte()) && !is_closed_by(HEADER.lock_byte()));
        assert!(
            Kind::Section.is_locked_by(closed.lock_byte()) && !Kind::Event.is_locked_by(closed.lock_byte())
        );
    }

    #[test]
    fn a_long_name_stands_before_the_page_and_is_compared_too() {
        let name = vec![0x78; 32767];
        let mut page = made(&name);
        let size = HEADER.file_size(name.len());
        let (offset, bytes) = long_name(&HEADER, &name).unwrap();
        assert_eq!((offset, size - offset), (3 * PAGE, 17 * PAGE));
        let read = |at: u64, buffer: &mut [u8]| {
            assert_eq!(at, offset);
            buffer.copy_from_slice(&bytes);
            Ok(buffer.len())
        };
        assert_eq!(parse(&page, size, &name, read), Ok(Some(HEADER)));
        let other = |_: u64, buffer: &mut [u8]| Ok(buffer.len());
        assert_eq!(parse(&page, size, &name, other), Err(Error::Corrupt));
        page[..MAGIC_BYTES].fill(0);
        assert_eq!(parse(&page, size, &name, no_more), Ok(None), "it is still being written");
    }

    #[test]
    fn a_state_never_lies_over_the_name_and_seldom_at_one_place() {
        let mut places = std::collections::BTreeSet::new();
        for length in (1..200).chain(1700..=2000) {
            let name: Vec<u16> = (0..length).map(|index| 0x61 + (index % 7) as u16).collect();
            let place = state_offset(Kind::Event, &name);
            let name_end = SHORT_NAME + if length <= SHORT_NAME_UNITS { 2 * length } else { 0 };
            assert!(place >= 128 && place % STATE_SIZE == 0 && place + STATE_SIZE <= PAGE as usize);
            assert!(place + STATE_SIZE <= SHORT_NAME || place >= name_end, "{length}");
            places.insert(place);
        }
        assert!(places.len() > 20);
        assert_eq!(state_offset(Kind::Guard, &[0x61]), GUARD);
        // The same in every version of this layout.
        let name: Vec<u16> = "winshm-event".encode_utf16().collect();
        assert_eq!(state_offset(Kind::Event, &name), 3456);
    }

    #[test]
    fn another_major_version_is_refused_and_another_minor_accepted() {
        let mut page = made(&[0x78]);
        page[10] = 99;
        assert!(parse(&page, HEADER.file_size(1), &[0x78], no_more).is_ok());
        page[8] = MAJOR as u8 + 1;
        assert_eq!(parse(&page, HEADER.file_size(1), &[0x78], no_more), Err(Error::RevisionMismatch));
    }

    #[test]
    fn no_flipped_byte_of_the_essentials_gets_through() {
        let page = made(&[0x78]);
        let size = HEADER.file_size(1);
        for offset in (0..10).chain(12..36).chain(SHORT_NAME..SHORT_NAME + 2) {
            for flip in 1..=255 {
                let mut damaged = page;
                damaged[offset] ^= flip;
                // 1 -> 2 turns a section into an event, 1 -> 33 into a closed one: the
                // caller refuses what does not agree with the lock.
                if let Ok(Some(header)) = parse(&damaged, size, &[0x78], no_more) {
                    assert_ne!(header.lock_byte(), HEADER.lock_byte(), "byte {offset}");
                }
            }
        }
        for size in [0, size - 1, size + 1, size + PAGE, u64::MAX] {
            assert_eq!(parse(&page, size, &[0x78], no_more), Err(Error::Corrupt));
        }
    }
}
