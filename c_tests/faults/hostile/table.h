/*
 * table.h - every function that the library exports, and what its arguments are. The
 * test fails if a function is missing here, or is not exported.
 *
 * An argument is one word. A word may be followed by `=N,N...`: values that are drawn
 * as often as all others together, because without them the function would not get far.
 *
 *   num          an integer                  size         one of 64 bits
 *   wait         milliseconds, few           pid          a process that may be touched
 *   h hE hM hS hT hP hF hR hX hA             a handle, mostly of an event, mutex, semaphore, timer,
 *                section, file, process, thread, SharedMemory
 *   count list   the number of handles, and their array, of 64 at most
 *   name path sddl text segment              a string in the function's own units
 *   narrow wide  a string of bytes; of wide characters, for functions that have both
 *   length       of the string before it, or -1
 *   out:N        where N bytes are written, or read and written
 *   probe:N      the same, and an address outside of the address space is error 998
 *   fill         the buffer that `room` is the size of, in units of the function
 *   fillN fillW  in bytes; in wide characters        kernel   in bytes; the kernel checks it
 *   over         an OVERLAPPED                attr sd sid acl entries security structures
 *   at           an address that is only looked at; prey: pages that may be changed; ranges: an
 *                array of 64 that may be looked at
 *   module mem source inserts environment startup line thread any
 *
 * What a function returns: E an error code itself, N nothing that tells of success or
 * failure, else it sets the last error when it fails. H: a handle, V: an address. S: calls
 * of it are slow, and made seldom.
 */
#ifndef HOSTILE_TABLE_H
#define HOSTILE_TABLE_H

typedef struct FUNCTION {
    const char *name, *arguments, *traits;
} FUNCTION;

#define BOTH(name, arguments, traits) \
    {name "A", arguments, traits}, {name "W", arguments, traits}, {"winshm_" name "W32", arguments, traits}
#define TWO(name, arguments, traits) {name, arguments, traits}, {"winshm_" name "32", arguments, traits}
#define ONE(name, arguments, traits) {name, arguments, traits}

#define EVENT_RIGHTS "num=0x1F0003,0x100002,0x100000"
#define FILE_RIGHTS "num=0xC0000000,0x80000000,0x10000000"

static const FUNCTION functions[] = {
    /* Errors and handles. */
    ONE("GetLastError", "", "N"),
    ONE("SetLastError", "num", "N"),
    ONE("CloseHandle", "h", ""),
    ONE("NtClose", "h", "E"),
    ONE("DuplicateHandle", "h=-1 h h=-1 probe:8 num=0,0x100000,0x1F0003 num num=2,2,1,3", ""),
    ONE("GetHandleInformation", "h out:4", ""),
    ONE("SetHandleInformation", "h num=1,2,3 num=0,1", ""),
    ONE("CompareObjectHandles", "h h", ""),
    ONE("NtQuerySection", "hP num=0,1 probe:64 num=24,64 probe:8", "E"),

    /* Security. */
    ONE("InitializeSecurityDescriptor", "sd num=1", ""),
    ONE("SetSecurityDescriptorDacl", "sd num=0,1 acl num=0,1", ""),
    ONE("IsValidSecurityDescriptor", "sd", ""),
    BOTH("ConvertStringSecurityDescriptorToSecurityDescriptor", "sddl num=1 out:8 out:4", ""),
    ONE("AllocateAndInitializeSid", "out:6 num=1,2,8 num num num num num num num num out:8", ""),
    ONE("FreeSid", "mem", "N"),
    ONE("GetLengthSid", "sid", ""),
    ONE("InitializeAcl", "acl num=8,64,512 num=2,4", ""),
    ONE("AddAccessAllowedAce", "acl num=2,4 num sid", ""),
    BOTH("SetEntriesInAcl", "count entries acl out:8", "E"),

    /* Sections and memory. */
    BOTH("CreateFileMapping", "h=-1,-1,0 attr num=4,2,8,0x4000004 num=0 num=4096,65536,1 name", "H"),
    BOTH("OpenFileMapping", "num=4,2,6,0xF001F num name", "H"),
    ONE("MapViewOfFile", "hP num=4,2,1,6 num=0 num=0 size=0,4096", "V"),
    ONE("MapViewOfFileEx", "hP num=4,2,1,6 num=0 num=0 size=0,4096 at=0", "V"),
    ONE("UnmapViewOfFile", "at", ""),
    ONE("FlushViewOfFile", "at size=0,1", ""),
    ONE("VirtualQuery", "at probe:48 size=48", ""),
    ONE("VirtualProtect", "prey size=1,4096,65536 num=4,2,1 probe:4", ""),
    ONE("VirtualAlloc", "at=0 size=4096,65536 num=0x1000,0x2000,0x3000 num=4,2,1", "V"),
    ONE("VirtualFree", "at size=0,4096 num=0x8000,0x4000", ""),
    ONE("VirtualLock", "at size=1,4096", ""),
    ONE("VirtualUnlock", "at size=1,4096", ""),
    ONE("PrefetchVirtualMemory", "h=-1 num=1 ranges num=0", ""),
    ONE("GetLargePageMinimum", "", "N"),
    ONE("LocalAlloc", "num=0,0x40 size=0,1,100", "V"),
    ONE("LocalSize", "mem", ""),
    ONE("LocalFree", "mem", "N"),

    /* Texts. */
    TWO("FormatMessageA", "num source num=2,5,87 num fill room inserts", ""),
    TWO("FormatMessageW", "num source num=2,5,87 num fill room inserts", ""),
    TWO("MultiByteToWideChar", "num=65001,0 num=0,8 narrow length fillW room", ""),
    TWO("WideCharToMultiByte", "num=65001,0 num=0,0x80 wide length fillN room narrow=0 out:4=0", ""),
    BOTH("OutputDebugString", "text", "N"),
    BOTH("GetModuleHandle", "text", ""),
    TWO("GetProcAddress", "module narrow", ""),
    BOTH("GetModuleFileName", "module fill room", ""),

    /* Events, mutexes, semaphores, timers. */
    BOTH("CreateEvent", "attr num num name", "H"),
    BOTH("CreateEventEx", "attr name num=0,1,2,3 " EVENT_RIGHTS, "H"),
    BOTH("OpenEvent", EVENT_RIGHTS " num name", "H"),
    ONE("SetEvent", "hE", ""),
    ONE("ResetEvent", "hE", ""),
    ONE("PulseEvent", "hE", ""),
    BOTH("CreateMutex", "attr num=1,0 name", "H"),
    BOTH("CreateMutexEx", "attr name num=1,0 " EVENT_RIGHTS, "H"),
    BOTH("OpenMutex", EVENT_RIGHTS " num name", "H"),
    ONE("ReleaseMutex", "hM", ""),
    BOTH("CreateSemaphore", "attr num=0,1 num=1,5 name", "H"),
    BOTH("CreateSemaphoreEx", "attr num=0,1 num=1,5 name num=0 " EVENT_RIGHTS, "H"),
    BOTH("OpenSemaphore", EVENT_RIGHTS " num name", "H"),
    ONE("ReleaseSemaphore", "hS num=1,2 probe:4", ""),
    BOTH("CreateWaitableTimer", "attr num name", "H"),
    BOTH("CreateWaitableTimerEx", "attr name num=0,1,3 " EVENT_RIGHTS, "H"),
    BOTH("OpenWaitableTimer", EVENT_RIGHTS " num name", "H"),
    ONE("SetWaitableTimer", "hT probe:8 num=0,1 any=0 any num=0", ""),
    ONE("SetWaitableTimerEx", "hT probe:8 num=0,1 any=0 any any=0 num", ""),
    ONE("CancelWaitableTimer", "hT", ""),

    /* Waiting. */
    ONE("WaitForSingleObject", "hM wait", ""),
    ONE("WaitForSingleObjectEx", "h wait num", ""),
    ONE("WaitForMultipleObjects", "count list num wait", ""),
    ONE("WaitForMultipleObjectsEx", "count list num wait num", ""),
    ONE("SignalObjectAndWait", "hE hE wait num", ""),
    ONE("Sleep", "wait", "N"),
    ONE("SleepEx", "wait num", "N"),
    ONE("SwitchToThread", "", "N"),

    /* Files. */
    BOTH("CreateFile", "path " FILE_RIGHTS " num=7,0 attr num=2,4,3 num=0x80,0x4000080,0x40000080 h=0", "H"),
    ONE("ReadFile", "hF kernel room out:4 over=0", ""),
    ONE("WriteFile", "hF kernel room out:4 over=0", ""),
    ONE("FlushFileBuffers", "hF", ""),
    ONE("GetOverlappedResult", "hF over out:4 num", ""),
    ONE("GetFileSize", "hF out:4", ""),
    ONE("GetFileSizeEx", "hF out:8", ""),
    ONE("SetFilePointer", "hF num=0,100 out:4=0 num=0,1,2", ""),
    ONE("SetFilePointerEx", "hF size=0,100 out:8 num=0,1,2", ""),
    ONE("SetEndOfFile", "hF", ""),
    ONE("LockFile", "hF num=0 num=0 num=1 num=0", ""),
    ONE("LockFileEx", "hF num=1,3 num=0 num=1 num=0 over", ""),
    ONE("UnlockFile", "hF num=0 num=0 num=1 num=0", ""),
    ONE("UnlockFileEx", "hF num=0 num=1 num=0 over", ""),
    BOTH("DeleteFile", "path", ""),
    BOTH("GetTempPath", "room fill", ""),
    BOTH("GetTempFileName", "path text num=0 out:1040", ""),
    ONE("GetStdHandle", "num=-10,-11,-12", "N"),
    ONE("SetStdHandle", "num=-10,-11,-12 h", ""),
    ONE("GetFileType", "h", ""),

    /* Processes and threads. */
    ONE("GetCurrentProcess", "", "N"),
    ONE("GetCurrentThread", "", "N"),
    ONE("GetCurrentProcessId", "", "N"),
    ONE("GetCurrentThreadId", "", "N"),
    ONE("OpenProcess", "num=0x1F0FFF,0x1000,0x100000 num pid", "H"),
    ONE("GetExitCodeProcess", "hR out:4", ""),
    ONE("TerminateProcess", "hR num", ""),
    ONE("GetProcessId", "hR", ""),
    BOTH("CreateProcess", "path=0 line attr attr num=0 num=0,0x400 environment path=0 startup out:24", "S"),
    ONE("CreateThread", "attr size=0,65536 thread any num=0,0x10000,0x10000 out:4=0", "HS"),
    ONE("_beginthreadex", "attr num=0,65536 thread any num=0 out:4=0", "HS"),
    ONE("ExitThread", "num", "NS"),
    ONE("OpenThread", "num=0x100000,0x800,0x1F03FF num pid", "H"),
    ONE("GetExitCodeThread", "hX out:4", ""),
    ONE("ResumeThread", "hX", ""),
    ONE("GetThreadId", "hX", ""),

    /* The machine. */
    ONE("GetSystemInfo", "out:48", ""),
    ONE("GetNativeSystemInfo", "out:48", ""),
    ONE("GetTickCount", "", "N"),
    ONE("GetTickCount64", "", "N"),
    ONE("QueryPerformanceCounter", "out:8", ""),
    ONE("QueryPerformanceFrequency", "out:8", ""),
    ONE("GetSystemTimeAsFileTime", "out:8", "N"),

    /* SharedMemory. */
    ONE("SharedMemoryCreate", "segment size=65536,100 out:8", "E"),
    ONE("SharedMemoryCreateMode", "segment size=65536,100 num=0600,0666 out:8", "E"),
    ONE("SharedMemoryOpen", "segment out:8", "E"),
    ONE("SharedMemoryOpenReadOnly", "segment out:8", "E"),
    ONE("SharedMemoryWrite", "hA fillN room", "E"),
    ONE("SharedMemoryRead", "hA fillN room", "E"),
    ONE("SharedMemoryWriteAt", "hA size=0,8 fillN room", "E"),
    ONE("SharedMemoryReadAt", "hA size=0,8 fillN room", "E"),
    ONE("SharedMemoryWait", "hA out:8 wait", "E"),
    ONE("SharedMemoryStat", "hA info", "E"),
    ONE("SharedMemorySetMode", "hA num=0600,0666", "E"),
    ONE("SharedMemoryLimits", "info", "E"),
    ONE("SharedMemoryData", "hA out:8", "N"),
    ONE("SharedMemoryClose", "hA", "E"),
    ONE("SharedMemoryFree", "hA", "E"),
    ONE("SharedMemoryErrorText", "num", "N"),
};
enum { FUNCTIONS = sizeof functions / sizeof *functions, MOST_ARGUMENTS = 12 };

#undef BOTH
#undef TWO
#undef ONE

#endif
