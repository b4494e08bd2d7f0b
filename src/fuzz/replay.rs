//! Every target with its corpus, and with changes of it that are the same in every run.

use super::{PLANTED, TARGETS, Target};
use std::panic::catch_unwind;
use std::path::PathBuf;

const CHANGES: usize = 1000;
/// No input is longer.
const LONGEST: usize = 4096;

struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit.max(1)
    }
}

fn corpus(target: &Target) -> Vec<Vec<u8>> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(target.name);
    let entries = std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut files: Vec<_> = entries.map(|entry| entry.expect("a readable entry").path()).collect();
    files.sort();
    files.into_iter().map(|file| std::fs::read(file).expect("a readable file")).collect()
}

/// A seed with some bytes changed, moved, doubled or taken away.
fn changed(seeds: &[Vec<u8>], random: &mut Random) -> Vec<u8> {
    const TELLING: &[u8] = b"\0\x01\x7f\x80\xff%!*\\/:;()\"\n .0129AS";
    let mut input = seeds[random.below(seeds.len())].clone();
    for _ in 0..=random.below(4) {
        let at = random.below(input.len() + 1);
        match random.below(5) {
            0 if at < input.len() => input[at] = TELLING[random.below(TELLING.len())],
            1 if at < input.len() => input[at] ^= 1 << random.below(8),
            2 => input.insert(at, TELLING[random.below(TELLING.len())]),
            3 => input.truncate(at),
            _ => {
                let other = &seeds[random.below(seeds.len())];
                let start = random.below(other.len());
                let part = other[start..start + random.below(other.len() - start + 1)].to_vec();
                input.splice(at..at, part);
            }
        }
    }
    input.truncate(LONGEST);
    input
}

/// The input, as text, that the target panics at.
fn first_failure(target: &Target, seeds: &[Vec<u8>]) -> Option<String> {
    let mut random = Random(7);
    let changes = (0..CHANGES).map(|_| changed(seeds, &mut random));
    let mut all = seeds.iter().cloned().chain([Vec::new()]).chain(changes);
    let failed = all.find(|input| catch_unwind(|| (target.run)(input)).is_err())?;
    Some(format!("{}: \"{}\"", target.name, failed.escape_ascii()))
}

#[test]
fn the_corpus_and_changes_of_it_break_no_reader() {
    let readers = TARGETS.iter().filter(|target| target.name != PLANTED);
    let failures: Vec<_> = readers.filter_map(|target| first_failure(target, &corpus(target))).collect();
    assert_eq!(failures, Vec::<String>::new());
}

/// The planted fault: a reader that panics at "winshm". A seed that leads there is noticed.
#[test]
fn a_reader_that_breaks_is_noticed() {
    let planted = TARGETS.iter().find(|target| target.name == PLANTED).expect("it is one of them");
    let failure = first_failure(planted, &[b"winshn".to_vec(), b"shm".to_vec(), b"win".to_vec()]);
    assert!(failure.is_some_and(|failure| failure.contains("winshm")));
}
