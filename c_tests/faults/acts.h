/*
 * acts.h - one act for each way to acquire something by the library: what may fail
 * where something is missing. An act does all or nothing: it says whether it was done,
 * and if not, the last error says why. It is undone whether it was done or not, and can
 * be repeated.
 */
#ifndef ACTS_H
#define ACTS_H

#include "acts_memory.h"

#include <sys/syscall.h>

typedef struct ACT {
    const char *name;
    int (*prepare)(void); /* not under the fault; NULL: there is nothing to prepare */
    int (*act)(void);
} ACT;

/* ---- Synchronisation. ---- */
static int act_event(void) { return keep(CreateEventA(NULL, TRUE, FALSE, fresh())); }
static int act_event_again(void) { return keep(CreateEventA(NULL, TRUE, FALSE, home_name("event"))); }
static int act_event_open(void) { return keep(OpenEventA(EVENT_ALL_ACCESS, FALSE, home_name("event"))); }
static int act_event_unnamed(void) { return keep(CreateEventA(NULL, TRUE, FALSE, NULL)); }
static int act_event_inherited(void)
{
    SECURITY_ATTRIBUTES inherited;

    inherited.nLength = sizeof inherited, inherited.lpSecurityDescriptor = NULL, inherited.bInheritHandle = TRUE;
    return keep(CreateEventA(&inherited, TRUE, FALSE, NULL));
}
static int act_mutex(void) { return keep(CreateMutexA(NULL, TRUE, fresh())) && ReleaseMutex(made[0]); }
static int act_mutex_unnamed(void) { return keep(CreateMutexA(NULL, TRUE, NULL)) && ReleaseMutex(made[0]); }
static int act_mutex_open(void) { return keep(OpenMutexA(MUTEX_ALL_ACCESS, FALSE, home_name("mutex"))); }
static int act_semaphore(void) { return keep(CreateSemaphoreA(NULL, 1, 2, fresh())); }
static int act_semaphore_open(void) { return keep(OpenSemaphoreA(SEMAPHORE_ALL_ACCESS, FALSE, home_name("semaphore"))); }
static int act_timer(void) { return keep(CreateWaitableTimerA(NULL, TRUE, fresh())); }
static int act_timer_open(void) { return keep(OpenWaitableTimerA(TIMER_ALL_ACCESS, FALSE, home_name("timer"))); }
static int act_set_timer(void)
{
    LARGE_INTEGER soon;

    soon.QuadPart = -10000000;
    return SetWaitableTimer(home.timer, &soon, 0, NULL, NULL, FALSE) && CancelWaitableTimer(home.timer);
}

/* ---- Waiting. ---- */
static int waited(DWORD result, DWORD wanted) { return result == wanted; }
static int act_wait(void) { return waited(WaitForSingleObject(home.event, 1000), WAIT_OBJECT_0); }
static int act_wait_in_vain(void) { return waited(WaitForSingleObject(home.timer, 2), WAIT_TIMEOUT); }
static int act_wait_any(void)
{
    HANDLE both[2];

    both[0] = home.timer, both[1] = home.automatic;
    return waited(WaitForMultipleObjects(2, both, FALSE, 2), WAIT_TIMEOUT);
}
static int act_wait_all(void)
{
    HANDLE both[2];

    both[0] = home.event, both[1] = home.mutex;
    return waited(WaitForMultipleObjects(2, both, TRUE, 1000), WAIT_OBJECT_0) && ReleaseMutex(home.mutex);
}
static int act_signal_and_wait(void)
{
    return waited(SignalObjectAndWait(made[0], home.event, 1000, FALSE), WAIT_OBJECT_0);
}

/* ---- Handles, processes, threads. ---- */
static int act_duplicate_of(HANDLE handle)
{
    HANDLE twin = NULL;

    return DuplicateHandle(GetCurrentProcess(), handle, GetCurrentProcess(), &twin, 0, FALSE, DUPLICATE_SAME_ACCESS) &&
           keep(twin);
}
static int act_duplicate_section(void) { return act_duplicate_of(home.section); }
static int act_duplicate_file(void) { return act_duplicate_of(home.file); }
static int act_duplicate_process(void) { return act_duplicate_of(GetCurrentProcess()); }
static int act_duplicate_thread(void) { return act_duplicate_of(GetCurrentThread()); }
static int act_inherit(void) { return SetHandleInformation(made[0], HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT); }
static int act_open_process(void) { return keep(OpenProcess(SYNCHRONIZE, FALSE, (DWORD)getppid())); }
static int act_open_thread(void) { return keep(OpenThread(SYNCHRONIZE, FALSE, GetCurrentThreadId())); }
static int act_wait_for_process(void)
{
    HANDLE both[2];

    both[0] = made[0], both[1] = home.automatic;
    return waited(WaitForMultipleObjects(2, both, FALSE, 2), WAIT_TIMEOUT) &&
           waited(WaitForSingleObject(made[0], 2), WAIT_TIMEOUT);
}
static int open_parent(void) { return keep(OpenProcess(SYNCHRONIZE, FALSE, (DWORD)getppid())); }
static DWORD end_at_once(LPVOID unused) { return unused == NULL ? 7 : 8; }
/* A thread that is signalled still runs for a moment: the next one would get, and the C library keep, one more stack. */
static int act_create_thread(void)
{
    DWORD id = 0;

    if (!keep(CreateThread(NULL, 0, end_at_once, NULL, 0, &id)) ||
        !waited(WaitForSingleObject(made[0], INFINITE), WAIT_OBJECT_0))
        return 0;
    while (syscall(SYS_tgkill, getpid(), (pid_t)id, 0) == 0)
        usleep(100);
    return 1;
}
static int act_create_process(void)
{
    char line[] = "/bin/true";
    STARTUPINFOA start;
    PROCESS_INFORMATION process;

    memset(&start, 0, sizeof start), start.cb = sizeof start;
    return CreateProcessA(NULL, line, NULL, NULL, FALSE, 0, NULL, NULL, &start, &process) && keep(process.hProcess) &
           keep(process.hThread) && waited(WaitForSingleObject(process.hProcess, INFINITE), WAIT_OBJECT_0);
}

/* ---- Files. ---- */
static int act_open_file(void)
{
    return keep(CreateFileA(home_path("file"), GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_EXISTING, 0, NULL));
}
static int act_lock_file(void) { return LockFile(home.file, 100, 0, 10, 0) && UnlockFile(home.file, 100, 0, 10, 0); }
static int act_write_file(void)
{
    DWORD written = 0;

    return WriteFile(made[0], "contents", 8, &written, NULL) && written == 8;
}
static int act_extend_file(void)
{
    return SetFilePointer(made[0], 0x9000, NULL, FILE_BEGIN) == 0x9000 && SetEndOfFile(made[0]);
}
static int act_flush_file(void) { return FlushFileBuffers(home.file); }
static int make_file(void)
{
    FILE *file = fopen(doomed = home_path("gone"), "w");

    return file != NULL && fclose(file) == 0;
}
static int act_delete_file(void) { return DeleteFileA(doomed); }
static int act_name_file(void)
{
    static char path[300];

    return GetTempFileNameA(getenv("WINSHM_FILES"), "act", 0, path) != 0 && (doomed = path) != NULL;
}

/* ---- SharedMemory. ---- */
static int act_create_segment(int kind) { return says_0(SharedMemoryCreate(new_segment(kind), 3 * PAGE, &joined)); }
static int act_create_memory(void) { return act_create_segment(WINSHM); }
static int act_create_posix(void) { return act_create_segment(POSIX); }
static int act_create_system_v(void) { return act_create_segment(SYSTEM_V); }
static int act_open_segment(int kind)
{
    SharedMemory *again = NULL;

    return says_0(SharedMemoryOpen(home_segment(kind), &again)) && says_0(SharedMemoryClose(again));
}
static int act_open_memory(void) { return act_open_segment(WINSHM); }
static int act_open_posix(void) { return act_open_segment(POSIX); }
static int act_open_system_v(void) { return act_open_segment(SYSTEM_V); }
static int act_segment_all(int which)
{
    char text[8];
    SharedMemoryInfo info;

    memset(&info, 0, sizeof info), info.struct_size = sizeof info;
    return says_0(SharedMemoryWriteAt(home.segments[which], 2 * PAGE, "written", 8)) &&
           says_0(SharedMemoryReadAt(home.segments[which], 2 * PAGE, text, 8)) &&
           (which != 2 || says_0(SharedMemoryStat(home.segments[which], &info))) && /* of others it reads all of /proc */
           says_0(SharedMemorySetMode(home.segments[which], 0600));
}
static int act_use_memory(void) { return act_segment_all(0); }
static int act_use_posix(void) { return act_segment_all(1); }
static int act_use_system_v(void) { return act_segment_all(2); }

/* ---- Texts and the like. ---- */
static int act_local_memory(void) { return (allotted = LocalAlloc(LPTR, 0x30000)) != NULL; }
static int act_message(void)
{
    return FormatMessageA(FORMAT_MESSAGE_ALLOCATE_BUFFER | FORMAT_MESSAGE_FROM_SYSTEM, NULL, ERROR_ACCESS_DENIED, 0,
                          (LPSTR)&allotted, 0, NULL) != 0;
}
static int act_descriptor(void)
{
    return ConvertStringSecurityDescriptorToSecurityDescriptorA("D:P(A;;GA;;;SY)(A;;GRGW;;;WD)", 1, &allotted, NULL);
}
static int act_module(void)
{
    char path[300];

    return GetModuleFileNameA(NULL, path, sizeof path) != 0 && GetModuleHandleA("kernel32.dll") != NULL;
}
static int make_section(void) { return act_section(); }
static int make_event(void) { return act_event_unnamed(); }

static const ACT acts[] = {
    {"a named section", NULL, act_section},
    {"a named section (W)", NULL, act_section_w},
    {"a section in Global", NULL, act_section_global},
    {"a section with a long name", NULL, act_section_long_name},
    {"a section that exists", NULL, act_section_again},
    {"OpenFileMapping", NULL, act_section_open},
    {"an unnamed section", NULL, act_section_unnamed},
    {"a reserved section", NULL, act_section_reserved},
    {"a large section", NULL, act_section_large},
    {"a section of a POSIX segment", NULL, act_section_of_posix},
    {"a section of a System V segment", NULL, act_section_of_system_v},
    {"a section of a file", NULL, act_section_of_file},
    {"a named section of a file", NULL, act_section_of_file_named},
    {"a section that makes its file larger", new_file, act_section_of_file_grown},
    {"a view", NULL, act_view},
    {"a view of a part", NULL, act_view_of_part},
    {"a view of an unnamed section", NULL, act_view_unnamed},
    {"a copy-on-write view", NULL, act_view_copy},
    {"a view of a file", act_section_of_file, act_view_read},
    {"a view of a POSIX segment", act_section_of_posix, act_view_read},
    {"a view of a System V segment", act_section_of_system_v, act_view_read},
    {"MEM_COMMIT in a view", reserve_view, act_commit_in_view},
    {"VirtualProtect of a view", make_view, act_protect_view},
    {"VirtualAlloc, reserved", NULL, act_reserve},
    {"VirtualAlloc, committed", NULL, act_allocate},
    {"MEM_COMMIT", act_reserve, act_commit},
    {"MEM_DECOMMIT", act_allocate, act_decommit},
    {"VirtualProtect", act_allocate, act_protect},
    {"VirtualLock", act_allocate, act_lock},
    {"PrefetchVirtualMemory", act_allocate, act_prefetch},
    {"VirtualQuery", NULL, act_query},
    {"FlushViewOfFile", file_view, act_flush},
    {"a named event", NULL, act_event},
    {"an event that exists", NULL, act_event_again},
    {"OpenEvent", NULL, act_event_open},
    {"an unnamed event", NULL, act_event_unnamed},
    {"an inheritable event", NULL, act_event_inherited},
    {"a named mutex", NULL, act_mutex},
    {"an unnamed mutex", NULL, act_mutex_unnamed},
    {"OpenMutex", NULL, act_mutex_open},
    {"a named semaphore", NULL, act_semaphore},
    {"OpenSemaphore", NULL, act_semaphore_open},
    {"a named timer", NULL, act_timer},
    {"OpenWaitableTimer", NULL, act_timer_open},
    {"SetWaitableTimer", NULL, act_set_timer},
    {"a wait", NULL, act_wait},
    {"a wait in vain", NULL, act_wait_in_vain},
    {"a wait for any", NULL, act_wait_any},
    {"a wait for all", NULL, act_wait_all},
    {"SignalObjectAndWait", make_event, act_signal_and_wait},
    {"DuplicateHandle of a section", NULL, act_duplicate_section},
    {"DuplicateHandle of a file", NULL, act_duplicate_file},
    {"DuplicateHandle of this process", NULL, act_duplicate_process},
    {"DuplicateHandle of this thread", NULL, act_duplicate_thread},
    {"SetHandleInformation of a section", make_section, act_inherit},
    {"SetHandleInformation of an unnamed event", make_event, act_inherit},
    {"SetHandleInformation of a file", act_open_file, act_inherit},
    {"OpenProcess", NULL, act_open_process},
    {"OpenThread", NULL, act_open_thread},
    {"a wait for a process", open_parent, act_wait_for_process},
    {"CreateThread", NULL, act_create_thread},
    {"CreateProcess", NULL, act_create_process},
    {"a new file", NULL, new_file},
    {"OPEN_EXISTING", NULL, act_open_file},
    {"LockFile", NULL, act_lock_file},
    {"WriteFile", new_file, act_write_file},
    {"SetEndOfFile", new_file, act_extend_file},
    {"FlushFileBuffers", NULL, act_flush_file},
    {"DeleteFile", make_file, act_delete_file},
    {"GetTempFileName", NULL, act_name_file},
    {"SharedMemoryCreate", NULL, act_create_memory},
    {"SharedMemoryCreate, POSIX", NULL, act_create_posix},
    {"SharedMemoryCreate, System V", NULL, act_create_system_v},
    {"SharedMemoryOpen", NULL, act_open_memory},
    {"SharedMemoryOpen, POSIX", NULL, act_open_posix},
    {"SharedMemoryOpen, System V", NULL, act_open_system_v},
    {"reading and writing", NULL, act_use_memory},
    {"reading and writing, POSIX", NULL, act_use_posix},
    {"reading and writing, System V", NULL, act_use_system_v},
    {"LocalAlloc", NULL, act_local_memory},
    {"FormatMessage", NULL, act_message},
    {"a security descriptor", NULL, act_descriptor},
    {"a module", NULL, act_module},
};
enum { ACTS = sizeof acts / sizeof acts[0] };

#endif
