// Every Windows constant, once: `lib.rs` turns the table into Rust constants and
// `build.rs` into the `#define`s of the C header, where the spelling of the
// value (0x04, not 4) survives. Values are Microsoft's and never change.

constants! {
    section errors {
        /// Success.
        ERROR_SUCCESS: u32 = 0;
        /// Success.
        NO_ERROR: u32 = 0;
        /// Not possible with this kind of file.
        ERROR_INVALID_FUNCTION: u32 = 1;
        /// No object of that name exists.
        ERROR_FILE_NOT_FOUND: u32 = 2;
        /// The name holds a backslash outside a known prefix.
        ERROR_PATH_NOT_FOUND: u32 = 3;
        /// The process has no free file descriptor.
        ERROR_TOO_MANY_OPEN_FILES: u32 = 4;
        /// The handle does not grant the right, or the object its user.
        ERROR_ACCESS_DENIED: u32 = 5;
        /// Not an open handle, or one of another kind of object.
        ERROR_INVALID_HANDLE: u32 = 6;
        /// No memory or no address space.
        ERROR_NOT_ENOUGH_MEMORY: u32 = 8;
        /// The data is invalid.
        ERROR_INVALID_DATA: u32 = 13;
        /// Out of memory.
        ERROR_OUTOFMEMORY: u32 = 14;
        /// There are no more files.
        ERROR_NO_MORE_FILES: u32 = 18;
        /// The file system is mounted for reading only.
        ERROR_WRITE_PROTECT: u32 = 19;
        /// The device is not ready.
        ERROR_NOT_READY: u32 = 21;
        /// The buffer has the wrong length.
        ERROR_BAD_LENGTH: u32 = 24;
        /// A device does not function.
        ERROR_GEN_FAILURE: u32 = 31;
        /// The file is open in a way that excludes this one.
        ERROR_SHARING_VIOLATION: u32 = 32;
        /// Part of the range is locked.
        ERROR_LOCK_VIOLATION: u32 = 33;
        /// Beyond the end.
        ERROR_HANDLE_EOF: u32 = 38;
        /// The request is not supported.
        ERROR_NOT_SUPPORTED: u32 = 50;
        /// A path of another machine.
        ERROR_BAD_NETPATH: u32 = 53;
        /// A file of that name exists.
        ERROR_FILE_EXISTS: u32 = 80;
        /// An argument has an impossible value.
        ERROR_INVALID_PARAMETER: u32 = 87;
        /// Nobody is at the other end of the pipe.
        ERROR_BROKEN_PIPE: u32 = 109;
        /// The path is too long for its buffer.
        ERROR_BUFFER_OVERFLOW: u32 = 111;
        /// The disk, or the user's part of it, is full.
        ERROR_DISK_FULL: u32 = 112;
        /// The system does not have the function.
        ERROR_CALL_NOT_IMPLEMENTED: u32 = 120;
        /// The time is over.
        ERROR_SEM_TIMEOUT: u32 = 121;
        /// The buffer is too small.
        ERROR_INSUFFICIENT_BUFFER: u32 = 122;
        /// The string is no name: a 32-bit unit above 0x10FFFF.
        ERROR_INVALID_NAME: u32 = 123;
        /// No module of that name, or no such module.
        ERROR_MOD_NOT_FOUND: u32 = 126;
        /// The module has no function of that name.
        ERROR_PROC_NOT_FOUND: u32 = 127;
        /// A position before the beginning of the file.
        ERROR_NEGATIVE_SEEK: u32 = 131;
        /// The directory is not empty.
        ERROR_DIR_NOT_EMPTY: u32 = 145;
        /// The range, or the pages, are not locked.
        ERROR_NOT_LOCKED: u32 = 158;
        /// The name begins with a backslash.
        ERROR_BAD_PATHNAME: u32 = 161;
        /// Another process kept the object locked for seconds (it is stopped, or hostile).
        ERROR_BUSY: u32 = 170;
        /// The module has no function of that number.
        ERROR_INVALID_ORDINAL: u32 = 182;
        /// An object of that name existed; the handle refers to it.
        ERROR_ALREADY_EXISTS: u32 = 183;
        /// SEC_IMAGE on something that is no executable image.
        ERROR_BAD_EXE_FORMAT: u32 = 193;
        /// No environment variable of that name.
        ERROR_ENVVAR_NOT_FOUND: u32 = 203;
        /// The name is too long.
        ERROR_FILENAME_EXCED_RANGE: u32 = 206;
        /// The file would be larger than the system allows.
        ERROR_FILE_TOO_LARGE: u32 = 223;
        /// All instances of the pipe are busy.
        ERROR_PIPE_BUSY: u32 = 231;
        /// The reader of the pipe is gone.
        ERROR_NO_DATA: u32 = 232;
        /// There is more than fitted.
        ERROR_MORE_DATA: u32 = 234;
        /// The message is empty.
        ERROR_NO_WORK_DONE: u32 = 235;
        /// There is no more data.
        ERROR_NO_MORE_ITEMS: u32 = 259;
        /// The path is no directory.
        ERROR_DIRECTORY: u32 = 267;
        /// The caller does not own the mutex.
        ERROR_NOT_OWNER: u32 = 288;
        /// The semaphore would exceed its maximum.
        ERROR_TOO_MANY_POSTS: u32 = 298;
        /// The range ends beyond the last possible byte.
        ERROR_INVALID_LOCK_RANGE: u32 = 307;
        /// No message of that number.
        ERROR_MR_MID_NOT_FOUND: u32 = 317;
        /// The address is not part of what the function works on, or is taken.
        ERROR_INVALID_ADDRESS: u32 = 487;
        /// The operation was cancelled.
        ERROR_OPERATION_ABORTED: u32 = 995;
        /// The operation goes on.
        ERROR_IO_INCOMPLETE: u32 = 996;
        /// The operation goes on.
        ERROR_IO_PENDING: u32 = 997;
        /// A pointer argument cannot be written.
        ERROR_NOACCESS: u32 = 998;
        /// The flags are unknown, or impossible together.
        ERROR_INVALID_FLAGS: u32 = 1004;
        /// The file has no contents to map.
        ERROR_FILE_INVALID: u32 = 1006;
        /// The text holds what is no character.
        ERROR_NO_UNICODE_TRANSLATION: u32 = 1113;
        /// The device failed.
        ERROR_IO_DEVICE: u32 = 1117;
        /// An offset or address is not a multiple of 65536.
        ERROR_MAPPED_ALIGNMENT: u32 = 1132;
        /// The element was not found.
        ERROR_NOT_FOUND: u32 = 1168;
        /// The user cancelled the operation.
        ERROR_CANCELLED: u32 = 1223;
        /// The file is mapped and cannot be cut off.
        ERROR_USER_MAPPED_FILE: u32 = 1224;
        /// A revision of a security structure that is not known.
        ERROR_UNKNOWN_REVISION: u32 = 1305;
        /// The object was made by a library with another layout.
        ERROR_REVISION_MISMATCH: u32 = 1306;
        /// An owner that the creator of an object may not give it.
        ERROR_INVALID_OWNER: u32 = 1307;
        /// The caller lacks a privilege.
        ERROR_PRIVILEGE_NOT_HELD: u32 = 1314;
        /// A name or identifier that nobody has here.
        ERROR_NONE_MAPPED: u32 = 1332;
        /// A malformed access control list.
        ERROR_INVALID_ACL: u32 = 1336;
        /// A malformed security identifier.
        ERROR_INVALID_SID: u32 = 1337;
        /// The security descriptor cannot be used.
        ERROR_INVALID_SECURITY_DESCR: u32 = 1338;
        /// The list has no room for another entry.
        ERROR_ALLOTTED_SPACE_EXCEEDED: u32 = 1344;
        /// A defect of this library; nothing was changed.
        ERROR_INTERNAL_ERROR: u32 = 1359;
        /// The object's bookkeeping is damaged.
        ERROR_FILE_CORRUPT: u32 = 1392;
        /// Out of handles.
        ERROR_NO_SYSTEM_RESOURCES: u32 = 1450;
        /// More locked memory than the process may have.
        ERROR_WORKING_SET_QUOTA: u32 = 1453;
        /// Not enough free memory to back the section.
        ERROR_COMMITMENT_LIMIT: u32 = 1455;
        /// The time is over.
        ERROR_TIMEOUT: u32 = 1460;
        /// The two handles refer to different objects.
        ERROR_NOT_SAME_OBJECT: u32 = 1656;
        /// The module has no resources.
        ERROR_RESOURCE_DATA_NOT_FOUND: u32 = 1812;
        /// The module has no messages.
        ERROR_RESOURCE_TYPE_NOT_FOUND: u32 = 1813;
        /// The module has no resource of that name.
        ERROR_RESOURCE_NAME_NOT_FOUND: u32 = 1814;
        /// The module has no resource in that language.
        ERROR_RESOURCE_LANG_NOT_FOUND: u32 = 1815;
        /// The memory to be written to a file cannot be read.
        ERROR_INVALID_USER_BUFFER: u32 = 1784;
        /// The symbolic links of the path go in a circle.
        ERROR_CANT_RESOLVE_FILENAME: u32 = 1921;
    }

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

    section security {
        /// InitializeSecurityDescriptor: the revision.
        SECURITY_DESCRIPTOR_REVISION: u32 = 1;
        /// The size of a SECURITY_DESCRIPTOR.
        SECURITY_DESCRIPTOR_MIN_LENGTH: u32 = 40;
        /// The revision of an identifier.
        SID_REVISION: u32 = 1;
        /// The most sub-authorities of an identifier.
        SID_MAX_SUB_AUTHORITIES: u32 = 15;
        /// The largest size of an identifier.
        SECURITY_MAX_SID_SIZE: u32 = 68;
        /// InitializeAcl: the usual revision.
        ACL_REVISION: u8 = 2;
        /// InitializeAcl: the revision of lists for directory services.
        ACL_REVISION_DS: u8 = 4;
        /// The revision of the text of a descriptor.
        SDDL_REVISION_1: u32 = 1;
        /// Equals SDDL_REVISION_1.
        SDDL_REVISION: u32 = SDDL_REVISION_1;
        /// The owner comes from a default.
        SE_OWNER_DEFAULTED: u16 = 0x0001;
        /// The group comes from a default.
        SE_GROUP_DEFAULTED: u16 = 0x0002;
        /// There is a discretionary list: who may do what. Present and NULL: all may do all.
        SE_DACL_PRESENT: u16 = 0x0004;
        /// The discretionary list comes from a default.
        SE_DACL_DEFAULTED: u16 = 0x0008;
        /// There is a system list: labels, and what is audited.
        SE_SACL_PRESENT: u16 = 0x0010;
        /// The system list comes from a default.
        SE_SACL_DEFAULTED: u16 = 0x0020;
        /// The discretionary list is to be inherited.
        SE_DACL_AUTO_INHERIT_REQ: u16 = 0x0100;
        /// The system list is to be inherited.
        SE_SACL_AUTO_INHERIT_REQ: u16 = 0x0200;
        /// The discretionary list was inherited.
        SE_DACL_AUTO_INHERITED: u16 = 0x0400;
        /// The system list was inherited.
        SE_SACL_AUTO_INHERITED: u16 = 0x0800;
        /// The discretionary list inherits nothing.
        SE_DACL_PROTECTED: u16 = 0x1000;
        /// The system list inherits nothing.
        SE_SACL_PROTECTED: u16 = 0x2000;
        /// The descriptor is one block, with offsets in place of pointers.
        SE_SELF_RELATIVE: u16 = 0x8000;
        /// An entry that allows.
        ACCESS_ALLOWED_ACE_TYPE: u8 = 0;
        /// An entry that denies.
        ACCESS_DENIED_ACE_TYPE: u8 = 1;
        /// An entry that has accesses audited.
        SYSTEM_AUDIT_ACE_TYPE: u8 = 2;
        /// An entry that keeps out processes of a lower level.
        SYSTEM_MANDATORY_LABEL_ACE_TYPE: u8 = 0x11;
        /// Flag of an entry: objects in a container inherit it.
        OBJECT_INHERIT_ACE: u8 = 0x01;
        /// Flag of an entry: containers in a container inherit it.
        CONTAINER_INHERIT_ACE: u8 = 0x02;
        /// Flag of an entry: only the next level inherits it.
        NO_PROPAGATE_INHERIT_ACE: u8 = 0x04;
        /// Flag of an entry: it is not for the object itself.
        INHERIT_ONLY_ACE: u8 = 0x08;
        /// Flag of an entry: it was inherited.
        INHERITED_ACE: u8 = 0x10;
        /// All flags about inheritance.
        VALID_INHERIT_FLAGS: u8 = 0x1F;
        /// Flag of an auditing entry: successes.
        SUCCESSFUL_ACCESS_ACE_FLAG: u8 = 0x40;
        /// Flag of an auditing entry: failures.
        FAILED_ACCESS_ACE_FLAG: u8 = 0x80;
    }

    section access_lists {
        /// EXPLICIT_ACCESS: not inherited.
        NO_INHERITANCE: u32 = 0x0;
        /// EXPLICIT_ACCESS: inherited by objects in a container.
        SUB_OBJECTS_ONLY_INHERIT: u32 = 0x1;
        /// EXPLICIT_ACCESS: inherited by containers in a container.
        SUB_CONTAINERS_ONLY_INHERIT: u32 = 0x2;
        /// EXPLICIT_ACCESS: inherited by both.
        SUB_CONTAINERS_AND_OBJECTS_INHERIT: u32 = 0x3;
        /// EXPLICIT_ACCESS: inherited by the next level only.
        INHERIT_NO_PROPAGATE: u32 = 0x4;
        /// EXPLICIT_ACCESS: for those who inherit it only.
        INHERIT_ONLY: u32 = 0x8;
        /// Nobody.
        SECURITY_NULL_RID: u32 = 0;
        /// Everyone, of SECURITY_WORLD_SID_AUTHORITY.
        SECURITY_WORLD_RID: u32 = 0;
        /// The owner, of SECURITY_CREATOR_SID_AUTHORITY.
        SECURITY_CREATOR_OWNER_RID: u32 = 0;
        /// The group, of SECURITY_CREATOR_SID_AUTHORITY.
        SECURITY_CREATOR_GROUP_RID: u32 = 1;
        /// Users of the network, of SECURITY_NT_AUTHORITY; refused here.
        SECURITY_NETWORK_RID: u32 = 2;
        /// Users at the machine, of SECURITY_NT_AUTHORITY; refused here.
        SECURITY_INTERACTIVE_RID: u32 = 4;
        /// Services, of SECURITY_NT_AUTHORITY; refused here.
        SECURITY_SERVICE_RID: u32 = 6;
        /// Users without a name, of SECURITY_NT_AUTHORITY: nobody here.
        SECURITY_ANONYMOUS_LOGON_RID: u32 = 7;
        /// Users who logged on, of SECURITY_NT_AUTHORITY: everyone here.
        SECURITY_AUTHENTICATED_USER_RID: u32 = 11;
        /// The system, of SECURITY_NT_AUTHORITY: root here.
        SECURITY_LOCAL_SYSTEM_RID: u32 = 18;
        /// A service, of SECURITY_NT_AUTHORITY; refused here.
        SECURITY_LOCAL_SERVICE_RID: u32 = 19;
        /// A service, of SECURITY_NT_AUTHORITY; refused here.
        SECURITY_NETWORK_SERVICE_RID: u32 = 20;
        /// The groups that every machine has, of SECURITY_NT_AUTHORITY.
        SECURITY_BUILTIN_DOMAIN_RID: u32 = 32;
        /// Administrators, of SECURITY_BUILTIN_DOMAIN_RID: root here.
        DOMAIN_ALIAS_RID_ADMINS: u32 = 544;
        /// Users, of SECURITY_BUILTIN_DOMAIN_RID: everyone here.
        DOMAIN_ALIAS_RID_USERS: u32 = 545;
        /// Guests, of SECURITY_BUILTIN_DOMAIN_RID: nobody here.
        DOMAIN_ALIAS_RID_GUESTS: u32 = 546;
        /// Power users, of SECURITY_BUILTIN_DOMAIN_RID; refused here.
        DOMAIN_ALIAS_RID_POWER_USERS: u32 = 547;
    }

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

    section files {
        /// Reads the file, or lists the directory.
        FILE_READ_DATA: u32 = 0x0001;
        /// Lists the directory.
        FILE_LIST_DIRECTORY: u32 = 0x0001;
        /// Writes to the file.
        FILE_WRITE_DATA: u32 = 0x0002;
        /// Makes files in the directory.
        FILE_ADD_FILE: u32 = 0x0002;
        /// Writes at the end of the file.
        FILE_APPEND_DATA: u32 = 0x0004;
        /// Makes directories in the directory.
        FILE_ADD_SUBDIRECTORY: u32 = 0x0004;
        /// Reads extended attributes.
        FILE_READ_EA: u32 = 0x0008;
        /// Writes extended attributes.
        FILE_WRITE_EA: u32 = 0x0010;
        /// Runs the file.
        FILE_EXECUTE: u32 = 0x0020;
        /// Passes through the directory.
        FILE_TRAVERSE: u32 = 0x0020;
        /// Removes the directory with everything in it.
        FILE_DELETE_CHILD: u32 = 0x0040;
        /// Asks for attributes; every handle may.
        FILE_READ_ATTRIBUTES: u32 = 0x0080;
        /// Changes attributes.
        FILE_WRITE_ATTRIBUTES: u32 = 0x0100;
        /// Every right to a file.
        FILE_ALL_ACCESS: u32 = (STANDARD_RIGHTS_REQUIRED | SYNCHRONIZE | 0x1FF);
        /// What GENERIC_READ means for a file.
        FILE_GENERIC_READ: u32 = (STANDARD_RIGHTS_READ | FILE_READ_DATA | FILE_READ_ATTRIBUTES | FILE_READ_EA | SYNCHRONIZE);
        /// What GENERIC_WRITE means for a file.
        FILE_GENERIC_WRITE: u32 = (STANDARD_RIGHTS_WRITE | FILE_WRITE_DATA | FILE_WRITE_ATTRIBUTES | FILE_WRITE_EA | FILE_APPEND_DATA | SYNCHRONIZE);
        /// What GENERIC_EXECUTE means for a file.
        FILE_GENERIC_EXECUTE: u32 = (STANDARD_RIGHTS_EXECUTE | FILE_READ_ATTRIBUTES | FILE_EXECUTE | SYNCHRONIZE);
        /// Others may read the file meanwhile.
        FILE_SHARE_READ: u32 = 0x00000001;
        /// Others may write to the file meanwhile.
        FILE_SHARE_WRITE: u32 = 0x00000002;
        /// Others may delete the file meanwhile.
        FILE_SHARE_DELETE: u32 = 0x00000004;
        /// Makes a file; fails if it exists.
        CREATE_NEW: u32 = 1;
        /// Makes a file, or empties the existing one.
        CREATE_ALWAYS: u32 = 2;
        /// Opens a file that exists.
        OPEN_EXISTING: u32 = 3;
        /// Opens a file, or makes it.
        OPEN_ALWAYS: u32 = 4;
        /// Empties a file that exists; needs GENERIC_WRITE.
        TRUNCATE_EXISTING: u32 = 5;
        /// A new file that nobody may write to; existing handles still may.
        FILE_ATTRIBUTE_READONLY: u32 = 0x00000001;
        /// Accepted without effect: a file whose name begins with a dot is hidden.
        FILE_ATTRIBUTE_HIDDEN: u32 = 0x00000002;
        /// Accepted without effect.
        FILE_ATTRIBUTE_SYSTEM: u32 = 0x00000004;
        /// A directory; without effect for CreateFile.
        FILE_ATTRIBUTE_DIRECTORY: u32 = 0x00000010;
        /// Accepted without effect.
        FILE_ATTRIBUTE_ARCHIVE: u32 = 0x00000020;
        /// No attribute.
        FILE_ATTRIBUTE_NORMAL: u32 = 0x00000080;
        /// Accepted without effect: /tmp and /dev/shm often are in memory.
        FILE_ATTRIBUTE_TEMPORARY: u32 = 0x00000100;
        /// Accepted without effect.
        FILE_ATTRIBUTE_OFFLINE: u32 = 0x00001000;
        /// Accepted without effect.
        FILE_ATTRIBUTE_NOT_CONTENT_INDEXED: u32 = 0x00002000;
        /// Not supported: ERROR_NOT_SUPPORTED.
        FILE_ATTRIBUTE_ENCRYPTED: u32 = 0x00004000;
        /// A write returns when the data is on the disk.
        FILE_FLAG_WRITE_THROUGH: u32 = 0x80000000;
        /// Every transfer gives its offset; it is complete when the function returns.
        FILE_FLAG_OVERLAPPED: u32 = 0x40000000;
        /// Accepted without effect: the system keeps what was read and written.
        FILE_FLAG_NO_BUFFERING: u32 = 0x20000000;
        /// A hint: the file is read here and there.
        FILE_FLAG_RANDOM_ACCESS: u32 = 0x10000000;
        /// A hint: the file is read from the beginning to the end.
        FILE_FLAG_SEQUENTIAL_SCAN: u32 = 0x08000000;
        /// The file is deleted with the last handle to it.
        FILE_FLAG_DELETE_ON_CLOSE: u32 = 0x04000000;
        /// Directories can be opened too.
        FILE_FLAG_BACKUP_SEMANTICS: u32 = 0x02000000;
        /// Without effect: case matters always.
        FILE_FLAG_POSIX_SEMANTICS: u32 = 0x01000000;
        /// Accepted without effect.
        FILE_FLAG_SESSION_AWARE: u32 = 0x00800000;
        /// A symbolic link is not followed; as nothing can be done with the link
        /// itself, that fails with ERROR_NOT_SUPPORTED.
        FILE_FLAG_OPEN_REPARSE_POINT: u32 = 0x00200000;
        /// Accepted without effect.
        FILE_FLAG_OPEN_NO_RECALL: u32 = 0x00100000;
    }

    section file_positions {
        /// SetFilePointer: from the beginning.
        FILE_BEGIN: u32 = 0;
        /// SetFilePointer: from the position.
        FILE_CURRENT: u32 = 1;
        /// SetFilePointer: from the end.
        FILE_END: u32 = 2;
        /// GetFileSize failed, or the size ends so.
        INVALID_FILE_SIZE: u32 = 0xFFFFFFFF;
        /// SetFilePointer failed, or the position ends so.
        INVALID_SET_FILE_POINTER: u32 = 0xFFFFFFFF;
    }

    section standard_streams {
        /// GetFileType: neither of the others, or an error.
        FILE_TYPE_UNKNOWN: u32 = 0x0000;
        /// GetFileType: a file or a directory.
        FILE_TYPE_DISK: u32 = 0x0001;
        /// GetFileType: a terminal or another device.
        FILE_TYPE_CHAR: u32 = 0x0002;
        /// GetFileType: a pipe, FIFO or socket.
        FILE_TYPE_PIPE: u32 = 0x0003;
        /// GetStdHandle: standard input.
        STD_INPUT_HANDLE: u32 = 0xFFFFFFF6;
        /// GetStdHandle: standard output.
        STD_OUTPUT_HANDLE: u32 = 0xFFFFFFF5;
        /// GetStdHandle: standard error.
        STD_ERROR_HANDLE: u32 = 0xFFFFFFF4;
    }

    section file_locks {
        /// LockFileEx: fails instead of waiting.
        LOCKFILE_FAIL_IMMEDIATELY: u32 = 0x00000001;
        /// LockFileEx: others may not even read.
        LOCKFILE_EXCLUSIVE_LOCK: u32 = 0x00000002;
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

    section events {
        /// Asks for the state of an event.
        EVENT_QUERY_STATE: u32 = 0x0001;
        /// Sets and resets an event.
        EVENT_MODIFY_STATE: u32 = 0x0002;
        /// Every right to an event.
        EVENT_ALL_ACCESS: u32 = (STANDARD_RIGHTS_REQUIRED | SYNCHRONIZE | EVENT_QUERY_STATE | EVENT_MODIFY_STATE);
        /// CreateEventEx: the event stays set until ResetEvent.
        CREATE_EVENT_MANUAL_RESET: u32 = 0x00000001;
        /// CreateEventEx: the event is set.
        CREATE_EVENT_INITIAL_SET: u32 = 0x00000002;
    }

    section mutexes {
        /// Asks for the state of a mutex. Releasing one needs no right.
        MUTANT_QUERY_STATE: u32 = 0x0001;
        /// Equals MUTANT_QUERY_STATE.
        MUTEX_MODIFY_STATE: u32 = MUTANT_QUERY_STATE;
        /// Every right to a mutex.
        MUTEX_ALL_ACCESS: u32 = (STANDARD_RIGHTS_REQUIRED | SYNCHRONIZE | MUTANT_QUERY_STATE);
        /// CreateMutexEx: the calling thread owns the new mutex.
        CREATE_MUTEX_INITIAL_OWNER: u32 = 0x00000001;
    }

    section semaphores {
        /// Asks for the state of a semaphore.
        SEMAPHORE_QUERY_STATE: u32 = 0x0001;
        /// Releases a semaphore.
        SEMAPHORE_MODIFY_STATE: u32 = 0x0002;
        /// Every right to a semaphore.
        SEMAPHORE_ALL_ACCESS: u32 = (STANDARD_RIGHTS_REQUIRED | SYNCHRONIZE | SEMAPHORE_QUERY_STATE | SEMAPHORE_MODIFY_STATE);
    }

    section timers {
        /// Asks for the state of a timer.
        TIMER_QUERY_STATE: u32 = 0x0001;
        /// Sets and cancels a timer.
        TIMER_MODIFY_STATE: u32 = 0x0002;
        /// Every right to a timer.
        TIMER_ALL_ACCESS: u32 = (STANDARD_RIGHTS_REQUIRED | SYNCHRONIZE | TIMER_QUERY_STATE | TIMER_MODIFY_STATE);
        /// CreateWaitableTimerEx: the timer stays signalled until it is set again.
        CREATE_WAITABLE_TIMER_MANUAL_RESET: u32 = 0x00000001;
        /// CreateWaitableTimerEx: accepted; every timer has the resolution of the system.
        CREATE_WAITABLE_TIMER_HIGH_RESOLUTION: u32 = 0x00000002;
    }

    section waits {
        /// No time limit.
        INFINITE: u32 = 0xFFFFFFFF;
        /// Result of a wait: the first, or only, object.
        WAIT_OBJECT_0: u32 = 0x00000000;
        /// Result of a wait: a mutex whose owner ended without releasing it.
        WAIT_ABANDONED: u32 = 0x00000080;
        /// Result of a wait: the first object is such a mutex.
        WAIT_ABANDONED_0: u32 = 0x00000080;
        /// Result of a wait: a completion routine ran.
        WAIT_IO_COMPLETION: u32 = 0x000000C0;
        /// Result of a wait: the time is over.
        WAIT_TIMEOUT: u32 = 258;
        /// Result of a wait: see GetLastError.
        WAIT_FAILED: u32 = 0xFFFFFFFF;
        /// The largest number of objects in one wait.
        MAXIMUM_WAIT_OBJECTS: u32 = 64;
    }

    section processes {
        /// Ends a process.
        PROCESS_TERMINATE: u32 = 0x0001;
        /// Makes threads in a process; not possible here.
        PROCESS_CREATE_THREAD: u32 = 0x0002;
        /// Changes the memory of a process; not possible here.
        PROCESS_VM_OPERATION: u32 = 0x0008;
        /// Reads the memory of a process; not possible here.
        PROCESS_VM_READ: u32 = 0x0010;
        /// Writes to the memory of a process; not possible here.
        PROCESS_VM_WRITE: u32 = 0x0020;
        /// Duplicates handles out of a process, or into it.
        PROCESS_DUP_HANDLE: u32 = 0x0040;
        /// Makes child processes; not possible here.
        PROCESS_CREATE_PROCESS: u32 = 0x0080;
        /// Sets limits of a process; not possible here.
        PROCESS_SET_QUOTA: u32 = 0x0100;
        /// Sets properties of a process; not possible here.
        PROCESS_SET_INFORMATION: u32 = 0x0200;
        /// Asks for the exit code and other properties of a process.
        PROCESS_QUERY_INFORMATION: u32 = 0x0400;
        /// Suspends a process; not possible here.
        PROCESS_SUSPEND_RESUME: u32 = 0x0800;
        /// Asks for the exit code and the id of a process.
        PROCESS_QUERY_LIMITED_INFORMATION: u32 = 0x1000;
        /// Every right to a process.
        PROCESS_ALL_ACCESS: u32 = (STANDARD_RIGHTS_REQUIRED | SYNCHRONIZE | 0xFFFF);
        /// The exit code of a process or thread that has not ended.
        STILL_ACTIVE: u32 = 259;
    }

    section process_creation {
        /// CreateProcess: a debugger's; not possible here.
        DEBUG_PROCESS: u32 = 0x00000001;
        /// CreateProcess: a debugger's; not possible here.
        DEBUG_ONLY_THIS_PROCESS: u32 = 0x00000002;
        /// CreateProcess: without the terminal.
        DETACHED_PROCESS: u32 = 0x00000008;
        /// CreateProcess: without effect.
        CREATE_NEW_CONSOLE: u32 = 0x00000010;
        /// CreateProcess: a priority class, without effect.
        NORMAL_PRIORITY_CLASS: u32 = 0x00000020;
        /// CreateProcess: a priority class, without effect.
        IDLE_PRIORITY_CLASS: u32 = 0x00000040;
        /// CreateProcess: a priority class, without effect.
        HIGH_PRIORITY_CLASS: u32 = 0x00000080;
        /// CreateProcess: a priority class, without effect.
        REALTIME_PRIORITY_CLASS: u32 = 0x00000100;
        /// CreateProcess: the leader of a process group.
        CREATE_NEW_PROCESS_GROUP: u32 = 0x00000200;
        /// CreateProcess: the environment is wide.
        CREATE_UNICODE_ENVIRONMENT: u32 = 0x00000400;
        /// CreateProcess: a priority class, without effect.
        BELOW_NORMAL_PRIORITY_CLASS: u32 = 0x00004000;
        /// CreateProcess: a priority class, without effect.
        ABOVE_NORMAL_PRIORITY_CLASS: u32 = 0x00008000;
        /// CreateProcess: not possible here.
        CREATE_PROTECTED_PROCESS: u32 = 0x00040000;
        /// CreateProcess: a STARTUPINFOEX; not possible here.
        EXTENDED_STARTUPINFO_PRESENT: u32 = 0x00080000;
        /// CreateProcess: without effect; there are no jobs.
        CREATE_BREAKAWAY_FROM_JOB: u32 = 0x01000000;
        /// CreateProcess: not possible here.
        CREATE_PRESERVE_CODE_AUTHZ_LEVEL: u32 = 0x02000000;
        /// CreateProcess: without effect.
        CREATE_DEFAULT_ERROR_MODE: u32 = 0x04000000;
        /// CreateProcess: without a window; without effect.
        CREATE_NO_WINDOW: u32 = 0x08000000;
        /// STARTUPINFO: wShowWindow counts; without effect.
        STARTF_USESHOWWINDOW: u32 = 0x00000001;
        /// STARTUPINFO: dwXSize and dwYSize count; without effect.
        STARTF_USESIZE: u32 = 0x00000002;
        /// STARTUPINFO: dwX and dwY count; without effect.
        STARTF_USEPOSITION: u32 = 0x00000004;
        /// STARTUPINFO: the standard streams count.
        STARTF_USESTDHANDLES: u32 = 0x00000100;
    }

    section threads {
        /// Ends a thread; not possible here.
        THREAD_TERMINATE: u32 = 0x0001;
        /// Resumes a thread.
        THREAD_SUSPEND_RESUME: u32 = 0x0002;
        /// Asks for the registers of a thread; not possible here.
        THREAD_GET_CONTEXT: u32 = 0x0008;
        /// Sets the registers of a thread; not possible here.
        THREAD_SET_CONTEXT: u32 = 0x0010;
        /// Sets properties of a thread; not possible here.
        THREAD_SET_INFORMATION: u32 = 0x0020;
        /// Asks for the exit code and other properties of a thread.
        THREAD_QUERY_INFORMATION: u32 = 0x0040;
        /// Asks for the exit code and the id of a thread.
        THREAD_QUERY_LIMITED_INFORMATION: u32 = 0x0800;
        /// Every right to a thread.
        THREAD_ALL_ACCESS: u32 = (STANDARD_RIGHTS_REQUIRED | SYNCHRONIZE | 0xFFFF);
        /// CreateThread: the thread begins when ResumeThread is called.
        CREATE_SUSPENDED: u32 = 0x00000004;
        /// CreateThread: accepted; stacks are always reserved.
        STACK_SIZE_PARAM_IS_A_RESERVATION: u32 = 0x00010000;
    }

    section system {
        /// x86-64.
        PROCESSOR_ARCHITECTURE_AMD64: u16 = 9;
        /// x86-64.
        PROCESSOR_AMD_X8664: u32 = 8664;
    }

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

    section shared_memory {
        /// No segment of that name.
        SHARED_MEMORY_NOT_FOUND: i32 = 2;
        /// The name has an unknown prefix, or there is no directory for names.
        SHARED_MEMORY_PATH_NOT_FOUND: i32 = 3;
        /// The process has no free file descriptor.
        SHARED_MEMORY_TOO_MANY_FILES: i32 = 4;
        /// No permission, or the segment was opened for reading only.
        SHARED_MEMORY_ACCESS_DENIED: i32 = 5;
        /// Not an open SharedMemory, or the name belongs to another kind of object.
        SHARED_MEMORY_STALE: i32 = 6;
        /// No memory or no address space.
        SHARED_MEMORY_NO_MEMORY: i32 = 8;
        /// A writer died half way in the bytes asked for.
        SHARED_MEMORY_TORN: i32 = 13;
        /// Beyond the segment, or the existing segment is smaller than asked.
        SHARED_MEMORY_BAD_LENGTH: i32 = 24;
        /// Another program cut the segment off.
        SHARED_MEMORY_TRUNCATED: i32 = 38;
        /// An argument is NULL, zero or impossible.
        SHARED_MEMORY_INVALID_PARAMETER: i32 = 87;
        /// The name is empty or malformed.
        SHARED_MEMORY_INVALID_NAME: i32 = 123;
        /// Another process was stopped in the middle of a write.
        SHARED_MEMORY_BUSY: i32 = 170;
        /// GetLastError after a Create that opened an existing segment.
        SHARED_MEMORY_EXISTS: i32 = 183;
        /// The name is too long.
        SHARED_MEMORY_NAME_TOO_LONG: i32 = 206;
        /// The time is over.
        SHARED_MEMORY_TIMEOUT: i32 = 258;
        /// The segment is empty.
        SHARED_MEMORY_EMPTY: i32 = 1006;
        /// Not enough memory for the segment.
        SHARED_MEMORY_NO_SPACE: i32 = 1455;

        /// No end, for SharedMemoryWait.
        SHARED_MEMORY_FOREVER: u32 = 0xFFFFFFFF;

        /// A winshm object: vanishes with its last user.
        SHARED_MEMORY_WINSHM: i32 = 1;
        /// An object of shm_open.
        SHARED_MEMORY_POSIX: i32 = 2;
        /// A segment of shmget.
        SHARED_MEMORY_SYSTEM_V: i32 = 3;
    }
}
