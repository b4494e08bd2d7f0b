// What GetLastError tells.

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
}
