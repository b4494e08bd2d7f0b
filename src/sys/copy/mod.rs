//! Copying from and to memory that another process may cut off at any moment.
//!
//! The routines are assembly: the compiler's rules for memory that others write do
//! not reach into them, and after a SIGBUS inside of one it is known where to go
//! on (`fault`). They have no stack frame, so that the return address is in place.

mod few;
mod routines;

pub use self::few::FEW;

use self::few::{winshm_copy_few, winshm_copy_few_if};
use self::routines::{winshm_copy_streaming, winshm_copy_string, winshm_copy_vectors};
use self::routines::{winshm_copy_wide, winshm_probe};
use super::fault::Vanished;
use super::system;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64};

/// Where to go on after a fault at an instruction of a routine; None: the fault is
/// in none of them.
pub fn recovery(instruction: usize) -> Option<usize> {
    let mut ranges = few::ranges().into_iter().chain(routines::ranges());
    ranges.find(|&(begin, end)| (begin..end).contains(&instruction)).map(|(_, end)| end)
}

/// What the processor is good at; set by `set_up`.
static PROCESSOR: AtomicU8 = AtomicU8::new(0);
const HAS_VECTORS: u8 = 1;
const HAS_FAST_STRING: u8 = 2;
const HAS_WIDE_VECTORS: u8 = 4;

/// Looks at the processor. Before, copies are right but slow.
pub fn set_up() {
    let vectors = if std::is_x86_feature_detected!("avx2") { HAS_VECTORS } else { 0 };
    let string = if system::has_fast_short_rep_mov() { HAS_FAST_STRING } else { 0 };
    // Processors that slow down for wide vectors have no fast string instruction.
    let is_wide = std::is_x86_feature_detected!("avx512f") && string != 0 && vectors != 0;
    PROCESSOR.store(vectors | string | if is_wide { HAS_WIDE_VECTORS } else { 0 }, Relaxed);
}

/// From here on wide vectors pay.
const WIDE_FROM: usize = 512;
/// From here on the string instruction beats vectors, where it is fast.
const STRING_FROM: usize = 12 << 10;
/// From here on what is read is not in the cache anyway, nor will be.
const STREAM_FROM: usize = 8 << 20;

/// The string instruction is slow when the target begins a little behind the
/// source, seen modulo 4096.
fn is_slow_for_string(to: *mut u8, from: *const u8) -> bool {
    (to as usize).wrapping_sub(from as usize).wrapping_sub(1) & 4095 < 63
}

/// Copies bytes that other processes may write meanwhile, at least one. An error, if
/// `fault` is set up: a part of the memory is not there any more, and some bytes may
/// have been copied.
///
/// # Safety
/// Both ranges are mapped, and do not overlap; `to` may be written.
#[inline]
pub unsafe fn copy(to: *mut u8, from: *const u8, length: usize) -> Result<(), Vanished> {
    if length <= FEW {
        // SAFETY: by this function's contract.
        return unsafe { copy_few(to, from, length) };
    }
    // SAFETY: by this function's contract.
    if unsafe { copy_many(to, from, length) } == 0 { Ok(()) } else { Err(Vanished) }
}

/// `copy` of up to FEW bytes, which needs no choice.
///
/// # Safety
/// As `copy`.
#[inline]
pub unsafe fn copy_few(to: *mut u8, from: *const u8, length: usize) -> Result<(), Vanished> {
    // SAFETY: by this function's contract.
    if unsafe { winshm_copy_few(to, from, length) } == 0 { Ok(()) } else { Err(Vanished) }
}

/// # Safety
/// As `copy`, and more than FEW.
#[inline]
unsafe fn copy_many(to: *mut u8, from: *const u8, length: usize) -> u32 {
    let processor = PROCESSOR.load(Relaxed);
    let string_is_better =
        length >= STRING_FROM && processor & HAS_FAST_STRING != 0 && !is_slow_for_string(to, from);
    if string_is_better || processor & HAS_VECTORS == 0 {
        // SAFETY: by this function's contract.
        unsafe { winshm_copy_string(to, from, length) }
    } else if length >= WIDE_FROM && processor & HAS_WIDE_VECTORS != 0 {
        // SAFETY: by this function's contract; the processor has AVX-512.
        unsafe { winshm_copy_wide(to, from, length) }
    } else {
        // SAFETY: by this function's contract; the processor has AVX2.
        unsafe { winshm_copy_vectors(to, from, length) }
    }
}

/// Copies up to FEW bytes if, after all of them were read, `word` is still `value` and
/// the flag not set. Else, and when memory is not there any more, false; `to` is
/// untouched then, unless it is `to` that is not there.
///
/// # Safety
/// As `copy`.
#[inline]
pub unsafe fn copy_few_if(
    to: *mut u8,
    from: *const u8,
    length: usize,
    (word, value): (&AtomicU64, u64),
    flag: &AtomicBool,
) -> bool {
    // SAFETY: by this function's contract; the word and the flag are there to be read.
    let result = unsafe { winshm_copy_few_if(to, from, length, word.as_ptr(), value, flag.as_ptr()) };
    result == 0
}

/// `copy` of a piece of a read of `whole` bytes: what is large is not left in the
/// caches.
///
/// # Safety
/// As `copy`.
#[inline]
pub unsafe fn copy_out(to: *mut u8, from: *const u8, length: usize, whole: usize) -> Result<(), Vanished> {
    if whole < STREAM_FROM || length < 256 || PROCESSOR.load(Relaxed) & HAS_VECTORS == 0 {
        // SAFETY: by this function's contract.
        return unsafe { copy(to, from, length) };
    }
    // SAFETY: by this function's contract; the processor has AVX2.
    if unsafe { winshm_copy_streaming(to, from, length) } == 0 { Ok(()) } else { Err(Vanished) }
}

/// Whether a byte of a mapping is there.
///
/// # Safety
/// It is mapped.
#[inline]
pub unsafe fn probe(at: *const u8) -> Result<(), Vanished> {
    // SAFETY: by this function's contract.
    unsafe { probe_all(at, 1) }
}

/// Whether all pages of some bytes are there, at least one byte. Holes of a file get
/// their memory.
///
/// # Safety
/// They are mapped.
#[inline]
pub unsafe fn probe_all(from: *const u8, length: usize) -> Result<(), Vanished> {
    // SAFETY: by this function's contract.
    if unsafe { winshm_probe(from, from.wrapping_add(length - 1)) } == 0 { Ok(()) } else { Err(Vanished) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sys::fault;
    use crate::sys::map::{self, Access, Contents, PAGE_SIZE, Place};
    use std::ops::RangeInclusive;
    use std::os::fd::AsFd;

    type Routine = unsafe extern "C" fn(*mut u8, *const u8, usize) -> u32;

    /// A copy on conditions that hold.
    unsafe extern "C" fn few_if_same(to: *mut u8, from: *const u8, length: usize) -> u32 {
        let (word, flag) = (AtomicU64::new(7), AtomicBool::new(false));
        // SAFETY: the caller's.
        u32::from(!unsafe { copy_few_if(to, from, length, (&word, 7), &flag) })
    }

    fn routines() -> Vec<(Routine, RangeInclusive<usize>)> {
        let all = usize::MAX;
        let mut routines: Vec<(Routine, RangeInclusive<usize>)> =
            vec![(winshm_copy_string, 0..=all), (winshm_copy_few, 1..=FEW), (few_if_same, 1..=FEW)];
        if std::is_x86_feature_detected!("avx2") {
            let vectors = winshm_copy_vectors as Routine;
            routines.extend([(vectors, 128..=all), (winshm_copy_streaming as Routine, 256..=all)]);
        }
        if std::is_x86_feature_detected!("avx512f") {
            routines.push((winshm_copy_wide, 256..=all));
        }
        routines
    }

    /// Every routine, at every size up to some blocks and at odd addresses: all
    /// bytes arrive, and none beside them changes.
    #[test]
    fn every_size_at_every_alignment_arrives() {
        let source: Vec<u8> = (0..1200).map(|index| (index * 7 + index / 256) as u8).collect();
        for (routine, lengths) in routines() {
            for length in *lengths.start()..700.min(lengths.end().saturating_add(1)) {
                for shift in [0, 1, 5, 16, 31, 33, 63] {
                    let mut target = [0xEE; 1000];
                    let to = target[64 + shift..].as_mut_ptr();
                    // SAFETY: both ranges lie in their arrays.
                    let result = unsafe { routine(to, source[shift..].as_ptr(), length) };
                    assert_eq!(result, 0);
                    assert_eq!(target[64 + shift..64 + shift + length], source[shift..shift + length]);
                    assert!(target[..64 + shift].iter().all(|&byte| byte == 0xEE));
                    assert!(target[64 + shift + length..].iter().all(|&byte| byte == 0xEE));
                }
            }
        }
    }

    /// A file is cut off under its mapping: a copy that needs the lost pages says
    /// so, from and to, and one that does not need them succeeds.
    #[test]
    fn a_copy_from_memory_that_is_gone_fails_and_nothing_else_happens() {
        set_up();
        fault::set_up().unwrap();
        let file = super::super::file::create_nameless(c"winshm-test").unwrap();
        super::super::file::set_size(file.as_fd(), 4 * PAGE_SIZE as u64).unwrap();
        let contents = Contents::Shared(file.as_fd(), 0);
        let mapped =
            map::map(Place::Anywhere, 4 * PAGE_SIZE, Access::READ_WRITE, contents).unwrap() as *mut u8;
        let mut local = vec![1; 4 * PAGE_SIZE];
        let local = local.as_mut_ptr();
        super::super::file::set_size(file.as_fd(), PAGE_SIZE as u64).unwrap();
        let few = [1, 2, 3, 4, 8, 15, 16, 32, 33, 64, 65, FEW];
        let many = [256, 4000, PAGE_SIZE, PAGE_SIZE + 1, 2 * PAGE_SIZE, 4 * PAGE_SIZE];
        for (routine, lengths) in routines() {
            for length in few.into_iter().chain(many).filter(|length| lengths.contains(length)) {
                let across = mapped.wrapping_add((PAGE_SIZE + 1).saturating_sub(length));
                // SAFETY: mapped, though partly beyond the end of the file.
                assert_eq!(unsafe { routine(local, across, length) }, 1);
                // SAFETY: as above.
                assert_eq!(unsafe { routine(across, local, length) }, 1);
                if let Some(start) = PAGE_SIZE.checked_sub(length) {
                    // SAFETY: within the file.
                    assert_eq!(unsafe { routine(local, mapped.wrapping_add(start), length) }, 0);
                }
            }
        }
        // SAFETY: as above.
        assert_eq!(unsafe { probe(mapped.wrapping_add(PAGE_SIZE)) }, Err(Vanished));
        // SAFETY: as above.
        assert_eq!(unsafe { probe(mapped.wrapping_add(PAGE_SIZE - 1)) }, Ok(()));
        for (start, length, there) in
            [(0, PAGE_SIZE, true), (5, PAGE_SIZE - 5, true), (0, PAGE_SIZE + 1, false), (4095, 2, false)]
        {
            // SAFETY: as above.
            let probed = unsafe { probe_all(mapped.wrapping_add(start), length) };
            assert_eq!(probed.is_ok(), there, "{start} {length}");
        }
        // SAFETY: mapped by the test.
        unsafe { map::unmap(mapped as usize, 4 * PAGE_SIZE) }.unwrap();
    }

    #[test]
    fn a_few_bytes_are_given_only_on_the_condition() {
        let source: Vec<u8> = (1..=FEW as u8).collect();
        for length in 1..=FEW {
            for (value, is_set) in [(7, false), (8, false), (7, true)] {
                let (word, flag, mut target) = (AtomicU64::new(7), AtomicBool::new(is_set), [0; FEW + 1]);
                let to = target.as_mut_ptr();
                // SAFETY: both ranges lie in their arrays.
                let given = unsafe { copy_few_if(to, source.as_ptr(), length, (&word, value), &flag) };
                assert_eq!(given, value == 7 && !is_set);
                let expected = if given { &source[..length] } else { &[0; FEW][..length] };
                assert_eq!((&target[..length], target[length]), (expected, 0));
            }
        }
    }

    #[test]
    fn a_slightly_later_target_is_slow_for_the_string_instruction() {
        let from = 0x7000 as *const u8;
        for (distance, slow) in [(0, false), (1, true), (63, true), (64, false), (4096, false), (4097, true)]
        {
            assert_eq!(is_slow_for_string((0x7000 + distance) as *mut u8, from), slow, "{distance}");
        }
    }
}
