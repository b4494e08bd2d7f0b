//! The bytes of a manifest. Little-endian; a count stands before what is counted.
//!
//! ```text
//! magic, length of all of it, base, guard, two guards of names, count of entries, entries
//! entry  = handle, access, flags, descriptor, kind of subject, what the kind needs
//! ```
//!
//! Decoding trusts nothing: whatever is not exactly what `encode` writes is no manifest.

#![forbid(unsafe_code)]

use crate::name::LONGEST;

/// What a manifest begins with; another format has another one.
const MAGIC: u64 = u64::from_le_bytes(*b"wshminh1");

/// More bytes are no manifest.
pub const LARGEST: u64 = 32 << 20;

const LONGEST_BASE: usize = 4096;
/// Entries of one manifest.
pub const MOST: usize = 256;

/// An open descriptor, and the file that it must be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Descriptor {
    pub number: i32,
    pub device: u64,
    pub inode: u64,
}

/// One handle.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Entry {
    pub handle: u32,
    pub access: u32,
    pub flags: u32,
    pub carrier: Option<Descriptor>,
    pub subject: Subject,
}

/// What the object is, beside its carrier.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Subject {
    /// An object with a name; the carrier is its file, locked. `kind` is the layout's.
    Named { kind: u32, is_global: bool, name: Vec<u16> },
    /// A section without a name; the carrier is its file.
    Section { exact_size: u64, attribute_a: u32, attribute_b: u32 },
    /// What `shm_open` made; the carrier is its file.
    Posix { name: Vec<u8>, attribute_a: u32, attribute_b: u32 },
    /// What `shmget` made; no carrier.
    SystemV { ipc_namespace: u64, id: u32, creator: u32, attribute_a: u32, attribute_b: u32 },
    /// A dispatcher object without a name, in a block of the carrier.
    Block { kind: u32, attribute: u32, offset: u64 },
    /// A file of the program; the carrier is its description.
    File { overlapped: bool },
    /// The carrier is its pidfd.
    Process { id: u32 },
    /// The carrier is its pidfd.
    Thread { id: u32 },
}

#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Manifest {
    /// Where the directories of names are.
    pub base: Vec<u8>,
    /// The guard of the dispatcher objects without a name.
    pub guard: Option<Descriptor>,
    /// The guards of those with a name, of this user and of the machine; locked.
    pub name_guards: [Option<Descriptor>; 2],
    pub entries: Vec<Entry>,
}

#[derive(Default)]
struct Writer(Vec<u8>);

impl Writer {
    fn four(&mut self, value: u32) {
        self.0.extend(value.to_le_bytes());
    }

    fn eight(&mut self, value: u64) {
        self.0.extend(value.to_le_bytes());
    }

    fn bytes(&mut self, bytes: &[u8]) {
        self.four(bytes.len() as u32);
        self.0.extend(bytes);
    }

    fn units(&mut self, units: &[u16]) {
        self.four(units.len() as u32);
        self.0.extend(units.iter().flat_map(|unit| unit.to_le_bytes()));
    }

    fn descriptor(&mut self, descriptor: Option<Descriptor>) {
        let none = Descriptor { number: -1, device: 0, inode: 0 };
        let Descriptor { number, device, inode } = descriptor.unwrap_or(none);
        self.four(number as u32);
        self.eight(device);
        self.eight(inode);
    }

    fn entry(&mut self, entry: &Entry) {
        self.four(entry.handle);
        self.four(entry.access);
        self.four(entry.flags);
        self.descriptor(entry.carrier);
        match &entry.subject {
            Subject::Named { kind, is_global, name } => {
                self.four(1);
                self.four(*kind);
                self.four(u32::from(*is_global));
                self.units(name);
            }
            Subject::Section { exact_size, attribute_a, attribute_b } => {
                self.four(2);
                self.eight(*exact_size);
                self.four(*attribute_a);
                self.four(*attribute_b);
            }
            Subject::Posix { name, attribute_a, attribute_b } => {
                self.four(3);
                self.bytes(name);
                self.four(*attribute_a);
                self.four(*attribute_b);
            }
            Subject::File { overlapped } => {
                self.four(8);
                self.four(u32::from(*overlapped));
            }
            Subject::SystemV { ipc_namespace, id, creator, attribute_a, attribute_b } => {
                self.four(7);
                self.eight(*ipc_namespace);
                self.four(*id);
                self.four(*creator);
                self.four(*attribute_a);
                self.four(*attribute_b);
            }
            Subject::Block { kind, attribute, offset } => {
                self.four(4);
                self.four(*kind);
                self.four(*attribute);
                self.eight(*offset);
            }
            Subject::Process { id } => {
                self.four(5);
                self.four(*id);
            }
            Subject::Thread { id } => {
                self.four(6);
                self.four(*id);
            }
        }
    }
}

/// Every step is None where the bytes end or are wrong.
struct Reader<'b>(&'b [u8]);

impl<'b> Reader<'b> {
    fn take(&mut self, length: usize) -> Option<&'b [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    fn four(&mut self) -> Option<u32> {
        self.take(4)?.try_into().ok().map(u32::from_le_bytes)
    }

    fn eight(&mut self) -> Option<u64> {
        self.take(8)?.try_into().ok().map(u64::from_le_bytes)
    }

    fn flag(&mut self) -> Option<bool> {
        match self.four()? {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        }
    }

    fn count(&mut self, most: usize) -> Option<usize> {
        usize::try_from(self.four()?).ok().filter(|&count| count <= most)
    }

    fn units(&mut self) -> Option<Vec<u16>> {
        let count = self.count(LONGEST)?;
        let pairs = self.take(2 * count)?.chunks_exact(2);
        Some(pairs.map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect())
    }

    /// Not the standard ones, which the library does not get.
    fn descriptor(&mut self) -> Option<Option<Descriptor>> {
        let number = self.four()? as i32;
        let descriptor = Descriptor { number, device: self.eight()?, inode: self.eight()? };
        match number {
            -1 if descriptor.device == 0 && descriptor.inode == 0 => Some(None),
            3.. => Some(Some(descriptor)),
            _ => None,
        }
    }

    fn entry(&mut self) -> Option<Entry> {
        let (handle, access, flags) = (self.four()?, self.four()?, self.four()?);
        let carrier = self.descriptor()?;
        let subject = match self.four()? {
            1 => Subject::Named { kind: self.four()?, is_global: self.flag()?, name: self.units()? },
            2 => Subject::Section {
                exact_size: self.eight()?,
                attribute_a: self.four()?,
                attribute_b: self.four()?,
            },
            3 => {
                let length = self.count(LONGEST_BASE)?;
                let name = self.take(length)?.to_vec();
                Subject::Posix { name, attribute_a: self.four()?, attribute_b: self.four()? }
            }
            4 => Subject::Block { kind: self.four()?, attribute: self.four()?, offset: self.eight()? },
            5 => Subject::Process { id: self.four()? },
            6 => Subject::Thread { id: self.four()? },
            7 => Subject::SystemV {
                ipc_namespace: self.eight()?,
                id: self.four()?,
                creator: self.four()?,
                attribute_a: self.four()?,
                attribute_b: self.four()?,
            },
            8 => Subject::File { overlapped: self.flag()? },
            _ => return None,
        };
        let needs_none = matches!(subject, Subject::SystemV { .. });
        (carrier.is_none() == needs_none).then_some(Entry { handle, access, flags, carrier, subject })
    }
}

impl Manifest {
    pub fn encode(&self) -> Vec<u8> {
        let mut body = Writer::default();
        body.bytes(&self.base);
        body.descriptor(self.guard);
        self.name_guards.iter().for_each(|guard| body.descriptor(*guard));
        body.four(self.entries.len() as u32);
        self.entries.iter().for_each(|entry| body.entry(entry));
        let mut all = Writer::default();
        all.eight(MAGIC);
        all.eight(body.0.len() as u64 + 16);
        all.0.extend(body.0);
        all.0
    }

    pub fn decode(bytes: &[u8]) -> Option<Manifest> {
        let mut reader = Reader(bytes);
        if reader.eight()? != MAGIC || reader.eight()? != bytes.len() as u64 {
            return None;
        }
        let length = reader.count(LONGEST_BASE)?;
        let base = reader.take(length)?.to_vec();
        let guard = reader.descriptor()?;
        let name_guards = [reader.descriptor()?, reader.descriptor()?];
        let count = reader.count(MOST)?;
        let entries = (0..count).map(|_| reader.entry()).collect::<Option<_>>()?;
        reader.0.is_empty().then_some(Manifest { base, guard, name_guards, entries })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CARRIER: Option<Descriptor> = Some(Descriptor { number: 700, device: 1, inode: 2 });

    fn example() -> Manifest {
        let name: Vec<u16> = "name".encode_utf16().collect();
        let subjects = [
            Subject::Named { kind: 2, is_global: true, name },
            Subject::Section { exact_size: 5000, attribute_a: 3, attribute_b: 0 },
            Subject::Posix { name: b"name".to_vec(), attribute_a: 1, attribute_b: 0 },
            Subject::Block { kind: 1, attribute: 0, offset: 128 },
            Subject::File { overlapped: true },
            Subject::Process { id: 1 },
            Subject::Thread { id: 2 },
            Subject::SystemV { ipc_namespace: 1, id: 2, creator: 3, attribute_a: 3, attribute_b: 0 },
        ];
        let entry = |(index, subject): (usize, Subject)| Entry {
            handle: 4 * (index as u32 + 1),
            access: 0x1f_0003,
            flags: 1,
            carrier: if let Subject::SystemV { .. } = subject { None } else { CARRIER },
            subject,
        };
        let entries = subjects.into_iter().enumerate().map(entry).collect();
        Manifest { base: b"/dev/shm".to_vec(), guard: CARRIER, name_guards: [CARRIER, None], entries }
    }

    #[test]
    fn what_is_written_is_read() {
        assert_eq!(Manifest::decode(&example().encode()), Some(example()));
        let empty = Manifest::default();
        assert_eq!(Manifest::decode(&empty.encode()), Some(empty));
    }

    #[test]
    fn what_is_cut_off_or_longer_is_no_manifest() {
        let whole = example().encode();
        for length in 0..whole.len() {
            assert_eq!(Manifest::decode(&whole[..length]), None, "{length}");
        }
        assert_eq!(Manifest::decode(&[&whole[..], &[0]].concat()), None);
        // Also where the length was changed to fit.
        for length in 16..whole.len() {
            let mut cut = whole[..length].to_vec();
            cut[8..16].copy_from_slice(&(length as u64).to_le_bytes());
            assert_eq!(Manifest::decode(&cut), None, "{length}");
        }
    }

    /// Whatever a byte says, decoding ends, and what it accepts is written the same way.
    #[test]
    fn no_byte_has_two_meanings() {
        let whole = example().encode();
        for index in 0..whole.len() {
            for value in [0, 1, 2, 0x7f, 0x80, 0xff] {
                let mut changed = whole.clone();
                changed[index] = value;
                if let Some(manifest) = Manifest::decode(&changed) {
                    assert_eq!(manifest.encode(), changed, "byte {index}");
                }
            }
        }
    }

    #[test]
    fn standard_descriptors_carry_nothing() {
        let mut manifest = example();
        for number in [-2, 0, 1, 2] {
            manifest.entries[0].carrier = Some(Descriptor { number, device: 1, inode: 2 });
            assert_eq!(Manifest::decode(&manifest.encode()), None, "{number}");
        }
    }
}
