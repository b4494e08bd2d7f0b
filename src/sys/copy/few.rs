//! The routines for a few bytes, which every processor of this kind can do: all are in
//! registers before the first is stored. So one of them can ask in between whether what
//! it has read may be given to anybody.

/// So many at most, and one at least.
pub const FEW: usize = 128;

/// A routine. `$check` stands between the loads and the stores, uses no register of
/// theirs, and goes to 9 if nothing is to be stored.
macro_rules! few {
    ($name:literal, $check:literal) => {
        concat!(
            ".p2align 6\n",
            ".globl ",
            $name,
            ", ",
            $name,
            "_end\n",
            ".hidden ",
            $name,
            ", ",
            $name,
            "_end\n",
            $name,
            ":\n",
            "cmp rdx, 16\n",
            "jae 16f\n",
            "cmp edx, 8\n",
            "jae 8f\n",
            "cmp edx, 4\n",
            "jae 4f\n",
            // One to three: the first, the middle, the last.
            "mov r11, rdx\n",
            "shr r11\n",
            "movzx eax, byte ptr [rsi]\n",
            "movzx r10d, byte ptr [rsi + rdx - 1]\n",
            "movzx esi, byte ptr [rsi + r11]\n",
            $check,
            "mov [rdi + r11], sil\n",
            "mov [rdi], al\n",
            "mov [rdi + rdx - 1], r10b\n",
            "xor eax, eax\n",
            "ret\n",
            "4:\n",
            "mov eax, [rsi]\n",
            "mov r10d, [rsi + rdx - 4]\n",
            $check,
            "mov [rdi], eax\n",
            "mov [rdi + rdx - 4], r10d\n",
            "xor eax, eax\n",
            "ret\n",
            "8:\n",
            "mov rax, [rsi]\n",
            "mov r10, [rsi + rdx - 8]\n",
            $check,
            "mov [rdi], rax\n",
            "mov [rdi + rdx - 8], r10\n",
            "xor eax, eax\n",
            "ret\n",
            "16:\n",
            "cmp edx, 32\n",
            "ja 32f\n",
            "movdqu xmm0, [rsi]\n",
            "movdqu xmm1, [rsi + rdx - 16]\n",
            $check,
            "movdqu [rdi], xmm0\n",
            "movdqu [rdi + rdx - 16], xmm1\n",
            "xor eax, eax\n",
            "ret\n",
            "32:\n",
            "movdqu xmm0, [rsi]\n",
            "movdqu xmm1, [rsi + 16]\n",
            "movdqu xmm2, [rsi + rdx - 32]\n",
            "movdqu xmm3, [rsi + rdx - 16]\n",
            "cmp edx, 64\n",
            "ja 64f\n",
            $check,
            "movdqu [rdi], xmm0\n",
            "movdqu [rdi + 16], xmm1\n",
            "movdqu [rdi + rdx - 32], xmm2\n",
            "movdqu [rdi + rdx - 16], xmm3\n",
            "xor eax, eax\n",
            "ret\n",
            "64:\n",
            "movdqu xmm4, [rsi + 32]\n",
            "movdqu xmm5, [rsi + 48]\n",
            "movdqu xmm6, [rsi + rdx - 64]\n",
            "movdqu xmm7, [rsi + rdx - 48]\n",
            $check,
            "movdqu [rdi], xmm0\n",
            "movdqu [rdi + 16], xmm1\n",
            "movdqu [rdi + 32], xmm4\n",
            "movdqu [rdi + 48], xmm5\n",
            "movdqu [rdi + rdx - 64], xmm6\n",
            "movdqu [rdi + rdx - 48], xmm7\n",
            "movdqu [rdi + rdx - 32], xmm2\n",
            "movdqu [rdi + rdx - 16], xmm3\n",
            "xor eax, eax\n",
            "ret\n",
            $name,
            "_end:\n",
            "9:\n",
            "mov eax, 1\n",
            "ret\n",
        )
    };
}

// Loads are not moved past later loads on this processor, so what the check finds was
// so after all bytes were read.
core::arch::global_asm!(
    ".pushsection .text.winshm_copy,\"ax\",@progbits",
    few!("winshm_copy_few", ""),
    few!("winshm_copy_few_if", "cmp [rcx], r8\njne 9f\ncmp byte ptr [r9], 0\njne 9f\n"),
    ".popsection",
);

unsafe extern "C" {
    /// 0, or 1 after a SIGBUS.
    pub fn winshm_copy_few(to: *mut u8, from: *const u8, length: usize) -> u32;
    /// 0; or 1 if `word` was another value, the flag was set, or after a SIGBUS.
    pub fn winshm_copy_few_if(
        to: *mut u8,
        from: *const u8,
        length: usize,
        word: *const u64,
        value: u64,
        flag: *const bool,
    ) -> u32;
    static winshm_copy_few_end: u8;
    static winshm_copy_few_if_end: u8;
}

/// Where each begins and ends.
pub fn ranges() -> [(usize, usize); 2] {
    [
        (winshm_copy_few as *const () as usize, &raw const winshm_copy_few_end as usize),
        (winshm_copy_few_if as *const () as usize, &raw const winshm_copy_few_if_end as usize),
    ]
}
