//! Copying from and to memory that another process may cut off at any moment.
//!
//! The routines are assembly: the compiler's rules for memory that others write do
//! not reach into them, and after a SIGBUS inside of one it is known where to go
//! on (`fault`). They have no stack frame, so that the return address is in place.

use super::fault::Vanished;
use super::system;
use std::sync::atomic::AtomicU8;
use std::sync::atomic::Ordering::Relaxed;

// Each: (to: rdi, from: rsi, length: rdx) -> eax: 0, or 1 after a SIGBUS. Between
// NAME and NAME_end a fault goes on at NAME_end.
core::arch::global_asm!(
    ".pushsection .text.winshm_copy,\"ax\",@progbits",
    ".globl winshm_copy_string, winshm_copy_string_end",
    ".globl winshm_copy_vectors, winshm_copy_vectors_end",
    ".globl winshm_copy_wide, winshm_copy_wide_end",
    ".globl winshm_copy_streaming, winshm_copy_streaming_end",
    ".globl winshm_probe, winshm_probe_end",
    ".hidden winshm_copy_string, winshm_copy_string_end",
    ".hidden winshm_copy_vectors, winshm_copy_vectors_end",
    ".hidden winshm_copy_wide, winshm_copy_wide_end",
    ".hidden winshm_copy_streaming, winshm_copy_streaming_end",
    ".hidden winshm_probe, winshm_probe_end",
    // ---- by the processor's string instruction
    ".p2align 6",
    "winshm_copy_string:",
    "mov rcx, rdx",
    "rep movsb",
    "xor eax, eax",
    "ret",
    "winshm_copy_string_end:",
    "mov eax, 1",
    "ret",
    // ---- by AVX2 vectors; what is left over is done by overlapping the last ones
    ".p2align 6",
    "winshm_copy_vectors:",
    "xor eax, eax",
    "cmp rdx, 16",
    "jb 20f",
    "cmp rdx, 32",
    "ja 30f",
    "movdqu xmm0, [rsi]",
    "movdqu xmm1, [rsi + rdx - 16]",
    "movdqu [rdi], xmm0",
    "movdqu [rdi + rdx - 16], xmm1",
    "ret",
    "20:",
    "cmp edx, 8",
    "jb 21f",
    "mov rcx, [rsi]",
    "mov r8, [rsi + rdx - 8]",
    "mov [rdi], rcx",
    "mov [rdi + rdx - 8], r8",
    "ret",
    "21:",
    "cmp edx, 4",
    "jb 22f",
    "mov ecx, [rsi]",
    "mov r8d, [rsi + rdx - 4]",
    "mov [rdi], ecx",
    "mov [rdi + rdx - 4], r8d",
    "ret",
    "22:",
    "cmp edx, 2",
    "jb 23f",
    "movzx ecx, word ptr [rsi]",
    "movzx r8d, word ptr [rsi + rdx - 2]",
    "mov [rdi], cx",
    "mov [rdi + rdx - 2], r8w",
    "ret",
    "23:",
    "test edx, edx",
    "jz 24f",
    "movzx ecx, byte ptr [rsi]",
    "mov [rdi], cl",
    "24:",
    "ret",
    "30:",
    "cmp rdx, 64",
    "ja 40f",
    "vmovdqu ymm0, [rsi]",
    "vmovdqu ymm1, [rsi + rdx - 32]",
    "vmovdqu [rdi], ymm0",
    "vmovdqu [rdi + rdx - 32], ymm1",
    "vzeroupper",
    "ret",
    "40:",
    "cmp rdx, 128",
    "ja 50f",
    "vmovdqu ymm0, [rsi]",
    "vmovdqu ymm1, [rsi + 32]",
    "vmovdqu ymm2, [rsi + rdx - 64]",
    "vmovdqu ymm3, [rsi + rdx - 32]",
    "vmovdqu [rdi], ymm0",
    "vmovdqu [rdi + 32], ymm1",
    "vmovdqu [rdi + rdx - 64], ymm2",
    "vmovdqu [rdi + rdx - 32], ymm3",
    "vzeroupper",
    "ret",
    "50:",
    "lea r8, [rsi + rdx - 128]",
    "lea r9, [rdi + rdx - 128]",
    ".p2align 5",
    "51:",
    "vmovdqu ymm0, [rsi]",
    "vmovdqu ymm1, [rsi + 32]",
    "vmovdqu ymm2, [rsi + 64]",
    "vmovdqu ymm3, [rsi + 96]",
    "vmovdqu [rdi], ymm0",
    "vmovdqu [rdi + 32], ymm1",
    "vmovdqu [rdi + 64], ymm2",
    "vmovdqu [rdi + 96], ymm3",
    "sub rsi, -128",
    "sub rdi, -128",
    "cmp rsi, r8",
    "jb 51b",
    "vmovdqu ymm0, [r8]",
    "vmovdqu ymm1, [r8 + 32]",
    "vmovdqu ymm2, [r8 + 64]",
    "vmovdqu ymm3, [r8 + 96]",
    "vmovdqu [r9], ymm0",
    "vmovdqu [r9 + 32], ymm1",
    "vmovdqu [r9 + 64], ymm2",
    "vmovdqu [r9 + 96], ymm3",
    "vzeroupper",
    "ret",
    "winshm_copy_vectors_end:",
    "vzeroupper",
    "mov eax, 1",
    "ret",
    // ---- by AVX-512 vectors; at least 256 bytes
    ".p2align 6",
    "winshm_copy_wide:",
    "xor eax, eax",
    "lea r8, [rsi + rdx - 256]",
    "lea r9, [rdi + rdx - 256]",
    "cmp rsi, r8",
    "jae 71f",
    ".p2align 5",
    "70:",
    "vmovdqu64 zmm0, [rsi]",
    "vmovdqu64 zmm1, [rsi + 64]",
    "vmovdqu64 zmm2, [rsi + 128]",
    "vmovdqu64 zmm3, [rsi + 192]",
    "vmovdqu64 [rdi], zmm0",
    "vmovdqu64 [rdi + 64], zmm1",
    "vmovdqu64 [rdi + 128], zmm2",
    "vmovdqu64 [rdi + 192], zmm3",
    "add rsi, 256",
    "add rdi, 256",
    "cmp rsi, r8",
    "jb 70b",
    "71:",
    "vmovdqu64 zmm0, [r8]",
    "vmovdqu64 zmm1, [r8 + 64]",
    "vmovdqu64 zmm2, [r8 + 128]",
    "vmovdqu64 zmm3, [r8 + 192]",
    "vmovdqu64 [r9], zmm0",
    "vmovdqu64 [r9 + 64], zmm1",
    "vmovdqu64 [r9 + 128], zmm2",
    "vmovdqu64 [r9 + 192], zmm3",
    "vzeroupper",
    "ret",
    "winshm_copy_wide_end:",
    "vzeroupper",
    "mov eax, 1",
    "ret",
    // ---- by AVX2 stores that leave the caches alone; at least 256 bytes
    ".p2align 6",
    "winshm_copy_streaming:",
    "xor eax, eax",
    "vmovdqu ymm0, [rsi]",
    "vmovdqu [rdi], ymm0",
    "mov rcx, rdi",
    "neg rcx",
    "and ecx, 31",
    "add rsi, rcx",
    "add rdi, rcx",
    "sub rdx, rcx",
    "lea r8, [rsi + rdx - 128]",
    "lea r9, [rdi + rdx - 128]",
    ".p2align 5",
    "60:",
    "vmovdqu ymm0, [rsi]",
    "vmovdqu ymm1, [rsi + 32]",
    "vmovdqu ymm2, [rsi + 64]",
    "vmovdqu ymm3, [rsi + 96]",
    "vmovntdq [rdi], ymm0",
    "vmovntdq [rdi + 32], ymm1",
    "vmovntdq [rdi + 64], ymm2",
    "vmovntdq [rdi + 96], ymm3",
    "sub rsi, -128",
    "sub rdi, -128",
    "cmp rsi, r8",
    "jb 60b",
    "vmovdqu ymm0, [r8]",
    "vmovdqu ymm1, [r8 + 32]",
    "vmovdqu ymm2, [r8 + 64]",
    "vmovdqu ymm3, [r8 + 96]",
    // Stores of the two kinds are not ordered among each other.
    "sfence",
    "vmovdqu [r9], ymm0",
    "vmovdqu [r9 + 32], ymm1",
    "vmovdqu [r9 + 64], ymm2",
    "vmovdqu [r9 + 96], ymm3",
    "vzeroupper",
    "ret",
    "winshm_copy_streaming_end:",
    "sfence",
    "vzeroupper",
    "mov eax, 1",
    "ret",
    // ---- reads a byte of each page: (first: rdi, last: rsi) -> eax as above
    ".p2align 4",
    "winshm_probe:",
    "xor eax, eax",
    "80:",
    "movzx ecx, byte ptr [rdi]",
    "add rdi, 4096",
    "cmp rdi, rsi",
    "jb 80b",
    "movzx ecx, byte ptr [rsi]",
    "ret",
    "winshm_probe_end:",
    "mov eax, 1",
    "ret",
    ".popsection",
);

unsafe extern "C" {
    fn winshm_copy_string(to: *mut u8, from: *const u8, length: usize) -> u32;
    fn winshm_copy_vectors(to: *mut u8, from: *const u8, length: usize) -> u32;
    fn winshm_copy_wide(to: *mut u8, from: *const u8, length: usize) -> u32;
    fn winshm_copy_streaming(to: *mut u8, from: *const u8, length: usize) -> u32;
    fn winshm_probe(first: *const u8, last: *const u8) -> u32;
    static winshm_copy_string_end: u8;
    static winshm_copy_vectors_end: u8;
    static winshm_copy_wide_end: u8;
    static winshm_copy_streaming_end: u8;
    static winshm_probe_end: u8;
}

/// Where to go on after a fault at an instruction of a routine; None: the fault is
/// in none of them.
pub fn recovery(instruction: usize) -> Option<usize> {
    let routines = [
        (winshm_copy_string as *const () as usize, &raw const winshm_copy_string_end as usize),
        (winshm_copy_vectors as *const () as usize, &raw const winshm_copy_vectors_end as usize),
        (winshm_copy_wide as *const () as usize, &raw const winshm_copy_wide_end as usize),
        (winshm_copy_streaming as *const () as usize, &raw const winshm_copy_streaming_end as usize),
        (winshm_probe as *const () as usize, &raw const winshm_probe_end as usize),
    ];
    routines.into_iter().find(|&(begin, end)| (begin..end).contains(&instruction)).map(|(_, end)| end)
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

/// Copies bytes that other processes may write meanwhile. An error, if `fault` is
/// set up: a part of the memory is not there any more, and some bytes may have been
/// copied.
///
/// # Safety
/// Both ranges are mapped, and do not overlap; `to` may be written.
#[inline]
pub unsafe fn copy(to: *mut u8, from: *const u8, length: usize) -> Result<(), Vanished> {
    let processor = PROCESSOR.load(Relaxed);
    let string_is_better =
        processor & HAS_FAST_STRING != 0 && length >= STRING_FROM && !is_slow_for_string(to, from);
    let result = if processor & HAS_WIDE_VECTORS != 0 && length >= WIDE_FROM && !string_is_better {
        // SAFETY: by this function's contract; the processor has AVX-512.
        unsafe { winshm_copy_wide(to, from, length) }
    } else if processor & HAS_VECTORS != 0 && !string_is_better {
        // SAFETY: by this function's contract; the processor has AVX2.
        unsafe { winshm_copy_vectors(to, from, length) }
    } else {
        // SAFETY: by this function's contract.
        unsafe { winshm_copy_string(to, from, length) }
    };
    if result == 0 { Ok(()) } else { Err(Vanished) }
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
    use std::os::fd::AsFd;

    type Routine = unsafe extern "C" fn(*mut u8, *const u8, usize) -> u32;

    fn routines() -> Vec<(Routine, usize)> {
        let mut routines: Vec<(Routine, usize)> = vec![(winshm_copy_string, 0)];
        if std::is_x86_feature_detected!("avx2") {
            routines.extend([(winshm_copy_vectors as Routine, 0), (winshm_copy_streaming as Routine, 256)]);
        }
        if std::is_x86_feature_detected!("avx512f") {
            routines.push((winshm_copy_wide, 256));
        }
        routines
    }

    /// Every routine, at every size up to some blocks and at odd addresses: all
    /// bytes arrive, and none beside them changes.
    #[test]
    fn every_size_at_every_alignment_arrives() {
        let source: Vec<u8> = (0..1200).map(|index| (index * 7 + index / 256) as u8).collect();
        for (routine, least) in routines() {
            for length in least..700 {
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
        for (routine, _) in routines() {
            for length in [PAGE_SIZE + 1, 2 * PAGE_SIZE, 4 * PAGE_SIZE] {
                // SAFETY: mapped, though partly beyond the end of the file.
                assert_eq!(unsafe { routine(local, mapped, length) }, 1);
                // SAFETY: as above.
                assert_eq!(unsafe { routine(mapped, local, length) }, 1);
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
            // SAFETY: as above, and within the file.
            assert_eq!(unsafe { routine(local, mapped, PAGE_SIZE) }, 0);
        }
        // SAFETY: mapped by the test.
        unsafe { map::unmap(mapped as usize, 4 * PAGE_SIZE) }.unwrap();
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
