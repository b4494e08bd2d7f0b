// Files, their positions and locks, and the standard streams.

constants! {
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

    section file_locks {
        /// LockFileEx: fails instead of waiting.
        LOCKFILE_FAIL_IMMEDIATELY: u32 = 0x00000001;
        /// LockFileEx: others may not even read.
        LOCKFILE_EXCLUSIVE_LOCK: u32 = 0x00000002;
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
}
