/*
 * corrupt_kinds.h - the kinds of files that corrupt_files.c corrupts: how an object of each is made and opened, what it
 * is good for, and where its file is.
 */
#ifndef CORRUPT_KINDS_H
#define CORRUPT_KINDS_H

#include "corrupting.h"

static char name[128], file_name[PATH];
static WCHAR long_name[2200]; /* does not fit into the page of the bookkeeping */
static int is_holder;
static HANDLE source, own_event;

/* ---- What an object is good for. ---- */
static void use_waits(HANDLE handle)
{
    HANDLE both[2];
    DWORD flags;

    both[0] = handle, both[1] = own_event;
    TRY_WAIT(WaitForSingleObject(handle, 0));
    TRY_WAIT(WaitForMultipleObjects(2, both, FALSE, 0));
    TRY_WAIT(WaitForMultipleObjects(2, both, TRUE, 0));
    SetEvent(own_event);
    TRY_WAIT(SignalObjectAndWait(own_event, handle, board->number % 16 == 0 ? 1 : 0, FALSE));
    TRY(GetHandleInformation(handle, &flags));
}
static void use_dispatcher(HANDLE handle)
{
    LARGE_INTEGER soon, never;
    LONG previous;

    soon.QuadPart = -1, never.QuadPart = -0x7FFFFFFFFFFFLL;
    use_waits(handle);
    TRY(SetEvent(handle)), TRY(PulseEvent(handle)), TRY(ResetEvent(handle));
    TRY(ReleaseSemaphore(handle, 1, &previous)), TRY(ReleaseSemaphore(handle, 0x7FFFFFFF, &previous));
    TRY(ReleaseMutex(handle)), TRY(ReleaseMutex(handle));
    TRY(SetWaitableTimer(handle, &never, 1, NULL, NULL, FALSE));
    TRY(SetWaitableTimer(handle, &soon, 0, NULL, NULL, FALSE)), TRY(CancelWaitableTimer(handle));
    use_waits(handle);
}
/* Within what the file has: beyond it, pages are missing, which is the program's to know. */
static void touch(const char *from, SIZE_T length)
{
    volatile char sum = 0;
    SIZE_T place;

    for (place = 0; place < length; place += place + 4096 < length || place + 1 == length ? 4096 : length - 1 - place)
        sum = (char)(sum + from[place]);
}
static void use_section(HANDLE section)
{
    MEMORY_BASIC_INFORMATION facts;
    char *all = NULL;

    TRY((all = view_of(section, FILE_MAP_WRITE)) != NULL);
    if (all != NULL) {
        memset(&facts, 0, sizeof facts);
        TRY(VirtualQuery(all, &facts, sizeof facts));
        TRY(VirtualAlloc(all, 4096, MEM_COMMIT, PAGE_READWRITE) != NULL);
        TRY(FlushViewOfFile(all, 0));
        if (!is_holder) /* he has the size that it had */
            touch(all, facts.RegionSize);
        TRY(UnmapViewOfFile(all));
    }
    TRY((all = (char *)MapViewOfFile(section, FILE_MAP_READ, 0, 65536, 4096)) != NULL);
    if (all != NULL)
        TRY(UnmapViewOfFile(all));
    TRY_WAIT(WaitForSingleObject(section, 0));
}
static void use_memory(struct SharedMemory *shared)
{
    struct SharedMemoryInfo info;
    char buffer[600];

    memset(buffer, 'x', sizeof buffer);
    if (board->number % 64 == 0) /* looks at every process of the system */
        TRY_SHARED(SharedMemoryStat(shared, &info));
    TRY_SHARED(SharedMemoryWrite(shared, buffer, sizeof buffer));
    TRY_SHARED(SharedMemoryRead(shared, buffer, sizeof buffer));
    TRY_SHARED(SharedMemoryWriteAt(shared, 100, buffer, 8)), TRY_SHARED(SharedMemoryReadAt(shared, 100, buffer, 8));
    TRY_SHARED(SharedMemoryWait(shared, NULL, board->number % 16 == 0 ? 1 : 0));
    TRY_SHARED(SharedMemorySetMode(shared, 0600));
}

/* ---- The kinds. ---- */
enum { AUTO, MANUAL, MUTEX, SEMAPHORE, TIMER, GUARD, POOL, PLAIN, LONG_NAME, RESERVE, OF_FILE, WINSHM, POSIX, SYSTEM_V, NOTE, KINDS };
static const char *const kinds[KINDS] = {"auto event", "manual event", "mutex",           "semaphore",   "timer",
                                         "guard",      "pool block",   "section",         "long name",   "reserved section",
                                         "record",     "SharedMemory", "ledger of POSIX", "ledger of System V", "delete note"};
static int kind;

static int is_section(void) { return kind >= PLAIN && kind <= OF_FILE; }
static int is_memory(void) { return kind >= WINSHM && kind <= SYSTEM_V; }

static HANDLE create(void)
{
    SECURITY_ATTRIBUTES inheritable = {sizeof inheritable, NULL, TRUE};

    switch (kind) {
    case POOL:
        return CreateEventA(&inheritable, FALSE, FALSE, NULL);
    case AUTO:
    case GUARD:
        return CreateEventA(NULL, FALSE, FALSE, name);
    case MANUAL:
        return CreateEventA(NULL, TRUE, FALSE, name);
    case MUTEX:
        return CreateMutexA(NULL, TRUE, name);
    case SEMAPHORE:
        return CreateSemaphoreA(NULL, 1, 5, name);
    case TIMER:
        return CreateWaitableTimerA(NULL, FALSE, name);
    case LONG_NAME:
        return CreateFileMappingW(MEMORY, NULL, PAGE_READWRITE, 0, 8192, long_name);
    case RESERVE:
        return CreateFileMappingA(MEMORY, NULL, PAGE_READWRITE | SEC_RESERVE, 0, 65536 * 2, name);
    case OF_FILE:
        return CreateFileMappingA(source, NULL, PAGE_READWRITE, 0, 5000, name);
    case NOTE:
        return CreateFileA(file_name, GENERIC_READ | GENERIC_WRITE, 7, NULL, CREATE_ALWAYS, FILE_FLAG_DELETE_ON_CLOSE, NULL);
    default:
        return CreateFileMappingA(MEMORY, NULL, PAGE_READWRITE, 0, 8192, name);
    }
}
static HANDLE open_it(void)
{
    switch (kind) {
    case AUTO:
    case GUARD:
    case MANUAL:
        return OpenEventA(EVENT_ALL_ACCESS, FALSE, name);
    case MUTEX:
        return OpenMutexA(MUTEX_ALL_ACCESS, FALSE, name);
    case SEMAPHORE:
        return OpenSemaphoreA(SEMAPHORE_ALL_ACCESS, FALSE, name);
    case TIMER:
        return OpenWaitableTimerA(TIMER_ALL_ACCESS, FALSE, name);
    case NOTE:
        return CreateFileA(file_name, GENERIC_READ, 7, NULL, OPEN_EXISTING, 0, NULL);
    case POOL:
        return NULL;
    case LONG_NAME:
        return OpenFileMappingW(FILE_MAP_ALL_ACCESS, FALSE, long_name);
    default:
        return OpenFileMappingA(FILE_MAP_ALL_ACCESS, FALSE, name);
    }
}
static void use(HANDLE handle, struct SharedMemory *shared)
{
    if (is_memory())
        use_memory(shared);
    else if (is_section())
        use_section(handle);
    else if (kind == GUARD && board->number % 64 != 0)
        use_waits(handle); /* what waits for the guard waits for two seconds where it is said to be held */
    else if (kind != NOTE)
        use_dispatcher(handle);
}
/* Where the file is, and where in it the bookkeeping begins. */
static off_t find_bookkeeping(void)
{
    char number[64], target[64];
    int fd;

    if (kind == GUARD) {
        snprintf(board->path, PATH, "%s", guard_file());
        return 0;
    }
    if (kind == POOL) {
        for (fd = 3; fd < 200; ++fd) {
            memset(target, 0, sizeof target);
            snprintf(number, sizeof number, "/proc/%d/fd/%d", (int)getpid(), fd);
            if (readlink(number, target, sizeof target - 1) > 0 && strstr(target, "winshm-objects") != NULL)
                snprintf(board->path, PATH, "%s", number);
        }
        return 0;
    }
    if (kind == LONG_NAME) {
        if (!find_file(object_directory(), "L~"))
            failed("no file");
    }
    if (kind == POSIX || kind == SYSTEM_V || kind == NOTE) {
        find_file(object_directory(), kind == NOTE ? "D." : kind == POSIX ? "S.P" : "S.V");
        return 0;
    }
    if (kind != LONG_NAME)
        snprintf(board->path, PATH, "%s/L.%s", object_directory(), name);
    return kind == OF_FILE ? 0 : is_section() || kind == WINSHM ? (kind == RESERVE ? 65536 * 2 : 8192) : 0;
}

#endif
