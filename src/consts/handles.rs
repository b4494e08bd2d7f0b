// Rights that every kind of object has, and properties of handles.

constants! {
    section handles {
        /// Removes the object.
        DELETE: u32 = 0x00010000;
        /// Reads the object's owner and access list.
        READ_CONTROL: u32 = 0x00020000;
        /// Changes the object's access list.
        WRITE_DAC: u32 = 0x00040000;
        /// Changes the object's owner.
        WRITE_OWNER: u32 = 0x00080000;
        /// Waits for the object.
        SYNCHRONIZE: u32 = 0x00100000;
        /// DELETE, READ_CONTROL, WRITE_DAC and WRITE_OWNER.
        STANDARD_RIGHTS_REQUIRED: u32 = 0x000F0000;
        /// Equals READ_CONTROL.
        STANDARD_RIGHTS_READ: u32 = READ_CONTROL;
        /// Equals READ_CONTROL.
        STANDARD_RIGHTS_WRITE: u32 = READ_CONTROL;
        /// Equals READ_CONTROL.
        STANDARD_RIGHTS_EXECUTE: u32 = READ_CONTROL;
        /// All standard rights.
        STANDARD_RIGHTS_ALL: u32 = 0x001F0000;
        /// The bits that belong to one kind of object.
        SPECIFIC_RIGHTS_ALL: u32 = 0x0000FFFF;
        /// Reads or changes the audit list; needs a privilege that nobody has here.
        ACCESS_SYSTEM_SECURITY: u32 = 0x01000000;
        /// Every right the caller may have.
        MAXIMUM_ALLOWED: u32 = 0x02000000;
        /// Every right of the kind of object.
        GENERIC_ALL: u32 = 0x10000000;
        /// What execution means for the kind of object.
        GENERIC_EXECUTE: u32 = 0x20000000;
        /// What writing means for the kind of object.
        GENERIC_WRITE: u32 = 0x40000000;
        /// What reading means for the kind of object.
        GENERIC_READ: u32 = 0x80000000;
        /// The handle is inheritable.
        HANDLE_FLAG_INHERIT: u32 = 0x00000001;
        /// CloseHandle refuses the handle.
        HANDLE_FLAG_PROTECT_FROM_CLOSE: u32 = 0x00000002;
        /// DuplicateHandle: closes the source handle, whatever else happens.
        DUPLICATE_CLOSE_SOURCE: u32 = 0x00000001;
        /// DuplicateHandle: the new handle has the rights of the source.
        DUPLICATE_SAME_ACCESS: u32 = 0x00000002;
    }
}
