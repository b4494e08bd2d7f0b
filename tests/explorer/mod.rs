//! Breadth-first search through every interleaving that a protocol model allows.
//!
//! A model names its start, the states one step away from a state, and what must never be. The search visits
//! each state once, level by level, so the first violation it meets is one with the fewest steps.

use std::collections::HashSet;
use std::hash::{BuildHasherDefault, Hash, Hasher};
use std::time::Instant;

/// A protocol with all its actors, seen from above.
pub trait Model {
    /// One instant: everything shared, and where each actor stands.
    type State: Copy + Eq;
    /// What tells two instants apart. Instants that differ only in who plays which of several equal parts may
    /// share a key: only one of them is then followed.
    type Key: Eq + Hash;

    /// The instant before anybody has done anything.
    fn start(&self) -> Self::State;
    /// The key of an instant.
    fn key(&self, state: &Self::State) -> Self::Key;
    /// Appends every instant that one step of one actor can lead to.
    fn successors(&self, state: &Self::State, out: &mut Vec<Self::State>);
    /// The rule that is broken at this instant, if one is.
    fn violation(&self, state: &Self::State, successors: &[Self::State]) -> Option<&'static str>;
    /// Who did what between an instant and one of its successors.
    fn tell(&self, before: &Self::State, after: &Self::State) -> String;
}

/// The model keeps every rule, wherever its actors go.
#[track_caller]
pub fn holds<M: Model>(story: &str, model: &M) {
    assert_eq!(explore(story, model), None, "{story}");
}

/// The model has a planted fault, and breaks this rule first.
#[track_caller]
pub fn fails<M: Model>(story: &str, rule: &'static str, model: &M) {
    assert_eq!(explore(story, model), Some(rule), "{story}");
}

/// Visits everything reachable, up to the first broken rule, and prints how much that was.
fn explore<M: Model>(story: &str, model: &M) -> Option<&'static str> {
    let began = Instant::now();
    let mut seen = HashSet::<M::Key, BuildHasherDefault<WordHasher>>::default();
    // Each state with the index of the one that first led to it.
    let mut visited = vec![(model.start(), 0)];
    seen.insert(model.key(&visited[0].0));
    let mut successors = Vec::new();
    let mut broken = None;
    let mut next = 0;
    while next < visited.len() && broken.is_none() {
        let state = visited[next].0;
        successors.clear();
        model.successors(&state, &mut successors);
        broken = model.violation(&state, &successors).map(|rule| (rule, next));
        let fresh = successors.iter().filter(|successor| seen.insert(model.key(successor)));
        visited.extend(fresh.map(|&successor| (successor, next)));
        next += 1;
    }
    println!("{story}: {} states in {:.2?}", visited.len(), began.elapsed());
    let (rule, end) = broken?;
    let steps = trace(model, &visited, end);
    println!("  {rule}, after {} steps:\n    {}", steps.len(), steps.join("\n    "));
    Some(rule)
}

/// Walks back from a visited state to the start and tells each step on the way.
fn trace<M: Model>(model: &M, visited: &[(M::State, usize)], end: usize) -> Vec<String> {
    let origin = |&at: &usize| (at != 0).then(|| visited[at].1);
    let mut path: Vec<usize> = std::iter::successors(Some(end), origin).collect();
    path.reverse();
    path.windows(2).map(|step| model.tell(&visited[step[0]].0, &visited[step[1]].0)).collect()
}

/// Mixes a few machine words. The standard hasher withstands hostile keys, which costs more than the rest of
/// the search, and nobody is hostile here.
#[derive(Default)]
struct WordHasher(u64);

impl Hasher for WordHasher {
    fn write(&mut self, bytes: &[u8]) {
        bytes.chunks(8).for_each(|chunk| {
            self.write_u64(chunk.iter().fold(0, |word, &byte| word << 8 | u64::from(byte)));
        });
    }

    fn write_u64(&mut self, word: u64) {
        self.0 = (self.0 ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29);
    }

    fn write_u128(&mut self, word: u128) {
        self.write_u64(word as u64);
        self.write_u64((word >> 64) as u64);
    }

    fn finish(&self) -> u64 {
        self.0.wrapping_mul(0x9e37_79b9_7f4a_7c15)
    }
}
