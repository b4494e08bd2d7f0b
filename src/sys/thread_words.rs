//! Three words of each thread that stand in every call, found without a call.
//!
//! The usual way to a variable of a thread in a shared library is a function call, with
//! all that one costs its caller. On x86-64 there is a second one, made for this
//! ("TLS descriptors"): the linker, or the loader, puts an instruction or two in its
//! place that change no register but one. It works in a library that is loaded late, too.
//! Elsewhere the compiler knows best.

use std::cell::Cell;
use std::ffi::c_void;

/// Zero at the beginning of a thread, and of no type: each belongs to one module, which
/// alone sets it.
#[repr(C)]
pub struct ThreadWords {
    /// For `mark`.
    pub mark: Cell<*const c_void>,
    /// For `mark`, too: what calls at once go by.
    pub again: Cell<*const c_void>,
    /// For `sync`.
    pub owner: Cell<*const c_void>,
}

impl ThreadWords {
    /// Those of the calling thread. The reference must not leave it; they are not `Sync`.
    /// Usable in signal handlers and late destructors.
    #[inline(always)]
    pub fn mine() -> &'static ThreadWords {
        // SAFETY: without a destructor they live as long as their thread.
        unsafe { &*address() }
    }
}

#[cfg(all(target_arch = "x86_64", not(miri)))]
std::arch::global_asm!(
    ".pushsection .tbss.winshm_thread_words,\"awT\",@nobits",
    ".globl winshm_thread_words",
    ".hidden winshm_thread_words",
    ".type winshm_thread_words,@object",
    ".size winshm_thread_words,24",
    ".balign 32",
    "winshm_thread_words:",
    ".zero 24",
    ".popsection",
);

#[cfg(all(target_arch = "x86_64", not(miri)))]
#[inline(always)]
fn address() -> *const ThreadWords {
    let address;
    // SAFETY: the sequence that the ABI gives for a descriptor; the linker knows it by its
    // form. It keeps all registers but this one, and the flags. (C libraries before
    // glibc 2.40 forget the vector and mask registers when a late library's block is made.)
    // The same thread always gets the same address.
    unsafe {
        std::arch::asm!(
            "leaq winshm_thread_words@tlsdesc(%rip), %rax",
            "call *winshm_thread_words@tlscall(%rax)",
            "addq %fs:0, %rax",
            out("rax") address,
            out("xmm0") _, out("xmm1") _, out("xmm2") _, out("xmm3") _,
            out("xmm4") _, out("xmm5") _, out("xmm6") _, out("xmm7") _,
            out("xmm8") _, out("xmm9") _, out("xmm10") _, out("xmm11") _,
            out("xmm12") _, out("xmm13") _, out("xmm14") _, out("xmm15") _,
            out("xmm16") _, out("xmm17") _, out("xmm18") _, out("xmm19") _,
            out("xmm20") _, out("xmm21") _, out("xmm22") _, out("xmm23") _,
            out("xmm24") _, out("xmm25") _, out("xmm26") _, out("xmm27") _,
            out("xmm28") _, out("xmm29") _, out("xmm30") _, out("xmm31") _,
            out("k0") _, out("k1") _, out("k2") _, out("k3") _,
            out("k4") _, out("k5") _, out("k6") _, out("k7") _,
            options(att_syntax, pure, nomem),
        );
    }
    address
}

#[cfg(not(all(target_arch = "x86_64", not(miri))))]
#[inline]
fn address() -> *const ThreadWords {
    use std::ptr;
    thread_local! {
        static WORDS: ThreadWords =
            const { ThreadWords { mark: Cell::new(ptr::null()), again: Cell::new(ptr::null()), owner: Cell::new(ptr::null()) } };
    }
    WORDS.with(ptr::from_ref)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{ptr, thread};

    #[test]
    fn each_thread_has_its_own_and_finds_them_again() {
        let something: *const c_void = ptr::dangling::<u64>().cast();
        let other = something.addr();
        thread::spawn(move || {
            let mine = ThreadWords::mine();
            assert!([&mine.mark, &mine.again, &mine.owner].iter().all(|word| word.get().is_null()));
            mine.owner.set(ptr::without_provenance(other));
            assert_eq!(ThreadWords::mine().owner.get().addr(), other);
            thread::spawn(|| assert!(ThreadWords::mine().owner.get().is_null())).join().unwrap();
            mine.owner.set(ptr::null());
        })
        .join()
        .unwrap();
    }
}
