// Processes and threads, and starting them.

constants! {
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
}
