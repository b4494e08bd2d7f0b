// The SharedMemory functions.

constants! {
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
