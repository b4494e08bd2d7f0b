/*
 * test_wrong_kind.c - every function that wants a handle of one kind is handed
 * handles of all other kinds, closed ones and garbage: it fails with
 * ERROR_INVALID_HANDLE, writes nothing, and what it was handed is as before.
 */
#include "files.h"

enum KIND { SECTION, EVENT, MUTEX, SEMAPHORE, TIMER, PROCESS, THREAD, FILE_OBJECT, NOTHING, KINDS };

/* Where a function could write; it must not. */
static DWORD result;
static DWORD count;

static BOOL maps(HANDLE handle) { return MapViewOfFile(handle, FILE_MAP_READ, 0, 0, 0) != NULL; }
static BOOL maps_at(HANDLE handle) { return MapViewOfFileEx(handle, FILE_MAP_READ, 0, 0, 0, NULL) != NULL; }
static BOOL sets(HANDLE handle) { return SetEvent(handle); }
static BOOL resets(HANDLE handle) { return ResetEvent(handle); }
static BOOL pulses(HANDLE handle) { return PulseEvent(handle); }
static BOOL releases_mutex(HANDLE handle) { return ReleaseMutex(handle); }
static BOOL releases_semaphore(HANDLE handle) { return ReleaseSemaphore(handle, 1, (LONG *)&result); }
static BOOL sets_timer(HANDLE handle)
{
    LARGE_INTEGER due;

    due.QuadPart = -1;
    return SetWaitableTimer(handle, &due, 0, NULL, NULL, FALSE);
}
static BOOL sets_timer_ex(HANDLE handle)
{
    LARGE_INTEGER due;

    due.QuadPart = -1;
    return SetWaitableTimerEx(handle, &due, 0, NULL, NULL, NULL, 0);
}
static BOOL cancels_timer(HANDLE handle) { return CancelWaitableTimer(handle); }
static BOOL asks_process(HANDLE handle) { return GetExitCodeProcess(handle, &result); }
static BOOL asks_process_id(HANDLE handle) { return GetProcessId(handle) != 0; }
static BOOL terminates(HANDLE handle) { return TerminateProcess(handle, 3); }
static BOOL asks_thread(HANDLE handle) { return GetExitCodeThread(handle, &result); }
static BOOL asks_thread_id(HANDLE handle) { return GetThreadId(handle) != 0; }
static BOOL resumes(HANDLE handle) { return ResumeThread(handle) != (DWORD)-1; }
static BOOL reads(HANDLE handle) { return ReadFile(handle, &result, 1, &count, NULL); }
static BOOL writes(HANDLE handle) { return WriteFile(handle, "x", 1, &count, NULL); }
static BOOL asks_size(HANDLE handle) { return GetFileSize(handle, &result) != INVALID_FILE_SIZE; }
static BOOL asks_size_ex(HANDLE handle)
{
    LARGE_INTEGER size;

    return GetFileSizeEx(handle, &size);
}
static BOOL moves(HANDLE handle) { return SetFilePointer(handle, 0, NULL, FILE_END) != INVALID_SET_FILE_POINTER; }
static BOOL moves_ex(HANDLE handle)
{
    LARGE_INTEGER distance;

    distance.QuadPart = 0;
    return SetFilePointerEx(handle, distance, NULL, FILE_END);
}
static BOOL cuts(HANDLE handle) { return SetEndOfFile(handle); }
static BOOL flushes(HANDLE handle) { return FlushFileBuffers(handle); }
static BOOL asks_type(HANDLE handle) { return GetFileType(handle) != FILE_TYPE_UNKNOWN; }
static BOOL locks(HANDLE handle) { return LockFile(handle, 0, 0, 1, 0); }
static BOOL unlocks(HANDLE handle) { return UnlockFile(handle, 0, 0, 1, 0); }
static BOOL locks_ex(HANDLE handle)
{
    OVERLAPPED place;

    memset(&place, 0, sizeof place);
    return LockFileEx(handle, LOCKFILE_FAIL_IMMEDIATELY, 0, 1, 0, &place);
}
static BOOL unlocks_ex(HANDLE handle)
{
    OVERLAPPED place;

    memset(&place, 0, sizeof place);
    return UnlockFileEx(handle, 0, 1, 0, &place);
}
static BOOL makes_section(HANDLE handle)
{
    /* NULL would mean memory. */
    return handle == NULL ? SetEvent(handle) : CreateFileMappingA(handle, NULL, PAGE_READWRITE, 0, 1, NULL) != NULL;
}

/* What can be signalled: the other handle is an event that is set. */
static HANDLE set_event;
static BOOL signals(HANDLE handle) { return SignalObjectAndWait(handle, set_event, 0, FALSE) != WAIT_FAILED; }
static BOOL waits(HANDLE handle) { return WaitForSingleObject(handle, 0) != WAIT_FAILED; }
static BOOL waits_ex(HANDLE handle) { return WaitForSingleObjectEx(handle, 0, FALSE) != WAIT_FAILED; }
static BOOL waits_after(HANDLE handle) { return SignalObjectAndWait(set_event, handle, 0, FALSE) != WAIT_FAILED; }
static BOOL waits_for_any(HANDLE handle)
{
    const HANDLE handles[] = {set_event, handle};

    return WaitForMultipleObjects(2, handles, FALSE, 0) != WAIT_FAILED;
}
static BOOL waits_for_all(HANDLE handle)
{
    const HANDLE handles[] = {handle, set_event};

    return WaitForMultipleObjectsEx(2, handles, TRUE, 0, FALSE) != WAIT_FAILED;
}

#define BIT(kind) (1u << (kind))
#define WAITABLE (BIT(EVENT) | BIT(MUTEX) | BIT(SEMAPHORE) | BIT(TIMER) | BIT(PROCESS) | BIT(THREAD) | BIT(FILE_OBJECT))

/* The functions and the kinds that are not wrong for them. A section is not wrong for a wait, but lacks the right. */
static const struct {
    const char *name;
    BOOL (*call)(HANDLE);
    unsigned right;
} functions[] = {
    {"MapViewOfFile", maps, BIT(SECTION)},
    {"MapViewOfFileEx", maps_at, BIT(SECTION)},
    {"SetEvent", sets, BIT(EVENT)},
    {"ResetEvent", resets, BIT(EVENT)},
    {"PulseEvent", pulses, BIT(EVENT)},
    {"ReleaseMutex", releases_mutex, BIT(MUTEX)},
    {"ReleaseSemaphore", releases_semaphore, BIT(SEMAPHORE)},
    {"SetWaitableTimer", sets_timer, BIT(TIMER)},
    {"SetWaitableTimerEx", sets_timer_ex, BIT(TIMER)},
    {"CancelWaitableTimer", cancels_timer, BIT(TIMER)},
    {"GetExitCodeProcess", asks_process, BIT(PROCESS)},
    {"GetProcessId", asks_process_id, BIT(PROCESS)},
    {"TerminateProcess", terminates, BIT(PROCESS)},
    {"GetExitCodeThread", asks_thread, BIT(THREAD)},
    {"GetThreadId", asks_thread_id, BIT(THREAD)},
    {"ResumeThread", resumes, BIT(THREAD)},
    {"ReadFile", reads, BIT(FILE_OBJECT)},
    {"WriteFile", writes, BIT(FILE_OBJECT)},
    {"GetFileSize", asks_size, BIT(FILE_OBJECT)},
    {"GetFileSizeEx", asks_size_ex, BIT(FILE_OBJECT)},
    {"SetFilePointer", moves, BIT(FILE_OBJECT)},
    {"SetFilePointerEx", moves_ex, BIT(FILE_OBJECT)},
    {"SetEndOfFile", cuts, BIT(FILE_OBJECT)},
    {"FlushFileBuffers", flushes, BIT(FILE_OBJECT)},
    {"GetFileType", asks_type, BIT(FILE_OBJECT)},
    {"LockFile", locks, BIT(FILE_OBJECT)},
    {"UnlockFile", unlocks, BIT(FILE_OBJECT)},
    {"LockFileEx", locks_ex, BIT(FILE_OBJECT)},
    {"UnlockFileEx", unlocks_ex, BIT(FILE_OBJECT)},
    {"CreateFileMappingA", makes_section, BIT(FILE_OBJECT)},
    {"SignalObjectAndWait", signals, BIT(EVENT) | BIT(MUTEX) | BIT(SEMAPHORE)},
    {"WaitForSingleObject", waits, WAITABLE | BIT(SECTION)},
    {"WaitForSingleObjectEx", waits_ex, WAITABLE | BIT(SECTION)},
    {"SignalObjectAndWait, the second", waits_after, WAITABLE | BIT(SECTION)},
    {"WaitForMultipleObjects", waits_for_any, WAITABLE | BIT(SECTION)},
    {"WaitForMultipleObjectsEx", waits_for_all, WAITABLE | BIT(SECTION)},
};

static void refuses(const char *name, BOOL (*call)(HANDLE), HANDLE handle)
{
    int before = check_failures;

    result = 77;
    SetLastError(SENTINEL);
    CHECK(!call(handle) && GetLastError() == ERROR_INVALID_HANDLE);
    CHECK(result == 77);
    if (check_failures != before)
        fprintf(stderr, "... %s with the handle %p\n", name, handle);
}

static BOOL has_begun;
static DWORD WINAPI begins(LPVOID argument)
{
    (void)argument;
    __atomic_store_n(&has_begun, TRUE, __ATOMIC_RELAXED);
    return 9;
}

int main(void)
{
    const HANDLE garbage[] = {GARBAGE_HANDLE, (HANDLE)(ULONG_PTR)3, (HANDLE)(LONG_PTR)-1000000, (HANDLE)&result};
    const char *path = file_path("kind");
    HANDLE handles[KINDS], closed;
    LONG before = 77;
    DWORD code = 77;
    size_t i;
    int kind;

    check_begin();
    set_event = CreateEventA(NULL, TRUE, TRUE, NULL);
    closed = CreateEventA(NULL, TRUE, FALSE, NULL);
    handles[SECTION] = new_memory(PAGE_READWRITE, 4096, NULL);
    handles[EVENT] = CreateEventA(NULL, FALSE, FALSE, NULL);
    handles[MUTEX] = CreateMutexA(NULL, TRUE, NULL);
    handles[SEMAPHORE] = CreateSemaphoreA(NULL, 1, 5, NULL);
    handles[TIMER] = CreateWaitableTimerA(NULL, TRUE, NULL);
    handles[PROCESS] = OpenProcess(PROCESS_ALL_ACCESS, FALSE, GetCurrentProcessId());
    handles[THREAD] = CreateThread(NULL, 0, begins, NULL, CREATE_SUSPENDED, NULL);
    put(path, "contents");
    handles[FILE_OBJECT] = open_file(path, READ_WRITE);
    handles[NOTHING] = NULL;
    for (kind = 0; kind < NOTHING; ++kind)
        CHECK(handles[kind] != NULL);
    CHECK(set_event != NULL && closed != NULL && CloseHandle(closed));

    for (i = 0; i < sizeof functions / sizeof functions[0]; ++i) {
        size_t k;

        for (kind = 0; kind < KINDS; ++kind)
            /* Wine 8 takes a section for the file that it keeps it in. */
            if (!(functions[i].right & BIT(kind)) && !ON_WINE(kind == SECTION && functions[i].right == BIT(FILE_OBJECT)))
                refuses(functions[i].name, functions[i].call, handles[kind]);
        refuses(functions[i].name, functions[i].call, closed);
        for (k = 0; k < sizeof garbage / sizeof garbage[0]; ++k)
            refuses(functions[i].name, functions[i].call, garbage[k]);
    }

    /* All is as it was made: nothing was set, released, started, or taken. */
    CHECK(WaitForSingleObject(handles[EVENT], 0) == WAIT_TIMEOUT);
    CHECK(WaitForSingleObject(handles[TIMER], 0) == WAIT_TIMEOUT);
    CHECK(WaitForSingleObject(handles[THREAD], 0) == WAIT_TIMEOUT && !__atomic_load_n(&has_begun, __ATOMIC_RELAXED));
    CHECK(ReleaseSemaphore(handles[SEMAPHORE], 1, &before) && before == 1);
    CHECK(ReleaseMutex(handles[MUTEX]));
    CHECK_ERROR(ReleaseMutex(handles[MUTEX]), ERROR_NOT_OWNER);
    CHECK(ResumeThread(handles[THREAD]) == 1);
    CHECK(WaitForSingleObject(handles[THREAD], INFINITE) == WAIT_OBJECT_0 && has_begun);
    CHECK(GetExitCodeThread(handles[THREAD], &code) && code == 9);
    CHECK(GetExitCodeProcess(handles[PROCESS], &code) && code == STILL_ACTIVE);
    for (kind = 0; kind < NOTHING; ++kind)
        CHECK(CloseHandle(handles[kind]));
    CHECK(CloseHandle(set_event));
    CHECK(holds(path, "contents"));
    unlink(path);
    return check_end();
}
