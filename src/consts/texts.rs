// Messages, texts in other encodings, and the memory they are handed out in.

constants! {
    section messages {
        /// The message is allocated, for LocalFree.
        FORMAT_MESSAGE_ALLOCATE_BUFFER: u32 = 0x00000100;
        /// Inserts are passed on as they are.
        FORMAT_MESSAGE_IGNORE_INSERTS: u32 = 0x00000200;
        /// The template is a string.
        FORMAT_MESSAGE_FROM_STRING: u32 = 0x00000400;
        /// The template is that of a module.
        FORMAT_MESSAGE_FROM_HMODULE: u32 = 0x00000800;
        /// The template is the text of an error code.
        FORMAT_MESSAGE_FROM_SYSTEM: u32 = 0x00001000;
        /// The arguments are an array of DWORD_PTR.
        FORMAT_MESSAGE_ARGUMENT_ARRAY: u32 = 0x00002000;
        /// Line ends of the template become blanks.
        FORMAT_MESSAGE_MAX_WIDTH_MASK: u32 = 0x000000FF;
    }

    section texts {
        /// The encoding of narrow strings: UTF-8.
        CP_ACP: u32 = 0;
        /// Equals CP_ACP, but for its value.
        CP_OEMCP: u32 = 1;
        /// Equals CP_ACP, but for its value.
        CP_THREAD_ACP: u32 = 3;
        /// UTF-8.
        CP_UTF8: u32 = 65001;
        /// Accepted without effect, but not with CP_UTF8.
        MB_PRECOMPOSED: u32 = 0x00000001;
        /// What is no UTF-8 is an error.
        MB_ERR_INVALID_CHARS: u32 = 0x00000008;
        /// What is no character is an error.
        WC_ERR_INVALID_CHARS: u32 = 0x00000080;
        /// Accepted without effect, but not with CP_UTF8.
        WC_NO_BEST_FIT_CHARS: u32 = 0x00000400;
    }

    section local_memory {
        /// Memory that stays where it is.
        LMEM_FIXED: u32 = 0x0000;
        /// Memory that may move on Windows; equals LMEM_FIXED here.
        LMEM_MOVEABLE: u32 = 0x0002;
        /// Accepted without effect.
        LMEM_NOCOMPACT: u32 = 0x0010;
        /// Accepted without effect.
        LMEM_NODISCARD: u32 = 0x0020;
        /// The memory holds zeros.
        LMEM_ZEROINIT: u32 = 0x0040;
        /// Accepted without effect.
        LMEM_DISCARDABLE: u32 = 0x0F00;
        /// The flags that LocalAlloc knows.
        LMEM_VALID_FLAGS: u32 = 0x0F72;
        /// Memory of zeros.
        LPTR: u32 = (LMEM_FIXED | LMEM_ZEROINIT);
        /// Memory of zeros; equals LPTR here, but for its value.
        LHND: u32 = (LMEM_MOVEABLE | LMEM_ZEROINIT);
    }
}
