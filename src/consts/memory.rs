// Sections, views and memory of the process.

constants! {
    section sections {
        /// No access.
        PAGE_NOACCESS: u32 = 0x01;
        /// Reading.
        PAGE_READONLY: u32 = 0x02;
        /// Reading and writing.
        PAGE_READWRITE: u32 = 0x04;
        /// Reading; a written page becomes private.
        PAGE_WRITECOPY: u32 = 0x08;
        /// Running code.
        PAGE_EXECUTE: u32 = 0x10;
        /// Running code and reading.
        PAGE_EXECUTE_READ: u32 = 0x20;
        /// Running code, reading and writing.
        PAGE_EXECUTE_READWRITE: u32 = 0x40;
        /// Running code and reading; a written page becomes private.
        PAGE_EXECUTE_WRITECOPY: u32 = 0x80;
        /// One-shot alarm page; not supported.
        PAGE_GUARD: u32 = 0x100;
        /// Uncached memory; accepted without effect.
        PAGE_NOCACHE: u32 = 0x200;
        /// Write-combined memory; accepted without effect.
        PAGE_WRITECOMBINE: u32 = 0x400;
        /// NtQuerySection: a section of a file. No argument of CreateFileMapping.
        SEC_FILE: u32 = 0x00800000;
        /// An executable image; no section of the page file is one.
        SEC_IMAGE: u32 = 0x01000000;
        /// Not supported: ERROR_INVALID_PARAMETER.
        SEC_PROTECTED_IMAGE: u32 = 0x02000000;
        /// Pages have no storage until VirtualAlloc(MEM_COMMIT).
        SEC_RESERVE: u32 = 0x04000000;
        /// All pages have storage from the start (the default).
        SEC_COMMIT: u32 = 0x08000000;
        /// Uncached memory; accepted without effect, with SEC_COMMIT or SEC_RESERVE.
        SEC_NOCACHE: u32 = 0x10000000;
        /// SEC_IMAGE without the right to run it.
        SEC_IMAGE_NO_EXECUTE: u32 = (SEC_IMAGE | SEC_NOCACHE);
        /// Write-combined memory; accepted without effect, with SEC_COMMIT or SEC_RESERVE.
        SEC_WRITECOMBINE: u32 = 0x40000000;
        /// Large pages, with SEC_COMMIT and without a name.
        SEC_LARGE_PAGES: u32 = 0x80000000;
        /// Asks the section for its attributes.
        SECTION_QUERY: u32 = 0x0001;
        /// Maps views that write.
        SECTION_MAP_WRITE: u32 = 0x0002;
        /// Maps views that read.
        SECTION_MAP_READ: u32 = 0x0004;
        /// Maps views that run code.
        SECTION_MAP_EXECUTE: u32 = 0x0008;
        /// Changes the size of the section.
        SECTION_EXTEND_SIZE: u32 = 0x0010;
        /// Maps views that run code; not part of SECTION_ALL_ACCESS.
        SECTION_MAP_EXECUTE_EXPLICIT: u32 = 0x0020;
        /// Every right to a section but SECTION_MAP_EXECUTE_EXPLICIT.
        SECTION_ALL_ACCESS: u32 = (STANDARD_RIGHTS_REQUIRED | SECTION_QUERY | SECTION_MAP_WRITE | SECTION_MAP_READ | SECTION_MAP_EXECUTE | SECTION_EXTEND_SIZE);
        /// A copy-on-write view.
        FILE_MAP_COPY: u32 = 0x00000001;
        /// A view for reading and writing.
        FILE_MAP_WRITE: u32 = SECTION_MAP_WRITE;
        /// A view for reading.
        FILE_MAP_READ: u32 = SECTION_MAP_READ;
        /// With one of the others: the view may run code.
        FILE_MAP_EXECUTE: u32 = SECTION_MAP_EXECUTE_EXPLICIT;
        /// A view for reading and writing; every right to the section.
        FILE_MAP_ALL_ACCESS: u32 = SECTION_ALL_ACCESS;
        /// A view of whole large pages; fails unless the section has them.
        FILE_MAP_LARGE_PAGES: u32 = 0x20000000;
        /// Accepted without effect.
        FILE_MAP_TARGETS_INVALID: u32 = 0x40000000;
        /// Accepted without effect.
        FILE_MAP_RESERVE: u32 = 0x80000000;
    }

    section memory {
        /// Pages get storage.
        MEM_COMMIT: u32 = 0x00001000;
        /// Addresses are taken, without storage.
        MEM_RESERVE: u32 = 0x00002000;
        /// Pages lose their storage.
        MEM_DECOMMIT: u32 = 0x00004000;
        /// Addresses become free.
        MEM_RELEASE: u32 = 0x00008000;
        /// State of a page: free.
        MEM_FREE: u32 = 0x00010000;
        /// Type of a page: memory of this process.
        MEM_PRIVATE: u32 = 0x00020000;
        /// Type of a page: a view of a section.
        MEM_MAPPED: u32 = 0x00040000;
        /// The contents are not needed any more.
        MEM_RESET: u32 = 0x00080000;
        /// A high address is preferred.
        MEM_TOP_DOWN: u32 = 0x00100000;
        /// Not supported: ERROR_INVALID_PARAMETER.
        MEM_WRITE_WATCH: u32 = 0x00200000;
        /// Not supported: ERROR_INVALID_PARAMETER.
        MEM_PHYSICAL: u32 = 0x00400000;
        /// Undoes MEM_RESET; fails, because the contents may be gone.
        MEM_RESET_UNDO: u32 = 0x01000000;
        /// Type of a page: an executable file.
        MEM_IMAGE: u32 = 0x01000000;
        /// Large pages; needs a privilege.
        MEM_LARGE_PAGES: u32 = 0x20000000;
    }
}
