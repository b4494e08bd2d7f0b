// The statuses of the functions of ntdll.

constants! {
    section nt {
        /// The function succeeded.
        STATUS_SUCCESS: u32 = 0x00000000;
        /// The function failed.
        STATUS_UNSUCCESSFUL: u32 = 0xC0000001;
        /// The function does not tell this.
        STATUS_INVALID_INFO_CLASS: u32 = 0xC0000003;
        /// The buffer is too small.
        STATUS_INFO_LENGTH_MISMATCH: u32 = 0xC0000004;
        /// A pointer that cannot be used.
        STATUS_ACCESS_VIOLATION: u32 = 0xC0000005;
        /// Not an open handle.
        STATUS_INVALID_HANDLE: u32 = 0xC0000008;
        /// The handle does not grant the right.
        STATUS_ACCESS_DENIED: u32 = 0xC0000022;
        /// A handle of another kind of object.
        STATUS_OBJECT_TYPE_MISMATCH: u32 = 0xC0000024;
        /// The section is no executable image.
        STATUS_SECTION_NOT_IMAGE: u32 = 0xC0000049;
        /// A defect of this library; nothing was changed.
        STATUS_INTERNAL_ERROR: u32 = 0xC00000E5;
        /// HANDLE_FLAG_PROTECT_FROM_CLOSE protects the handle.
        STATUS_HANDLE_NOT_CLOSABLE: u32 = 0xC0000235;
    }
}
