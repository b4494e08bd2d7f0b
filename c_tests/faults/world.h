/*
 * world.h - one of everything that the library has, and a story that uses all of it:
 * what a process must be able to do after something was done to it.
 *
 * Functions return 0, or the line at which something was not as it must be: children
 * of a fork and handlers cannot say more. Any number of processes may use one world at
 * the same time.
 */
#ifndef WORLD_H
#define WORLD_H

#include "wait_many.h"

#include "SharedMemory.h"
#include "faults/effort.h"

#include <fcntl.h>

#define NEED(expr)           \
    do {                     \
        if (!(expr))         \
            return __LINE__; \
    } while (0)

enum { MEMORY_SIZE = 3000 };

typedef struct WORLD {
    char prefix[100];
    HANDLE section, token, flag, units, lock, timer, file;
    volatile long *counts; /* two of them, equal to who has the lock */
    SharedMemory *memory;
} WORLD;

static inline const char *in_world(const WORLD *world, const char *label, char *room)
{
    snprintf(room, 160, "%s-%s", world->prefix, label);
    return room;
}
/* Its file is in the test's directory, which goes with the test however that ends. */
static inline const char *file_of_world(const char *prefix, char *room)
{
    const char *own = getenv("WINSHM_DIR");

    snprintf(room, 160, "%s/%s", own != NULL ? own : "/tmp", prefix);
    return room;
}

/* Makes a world of this name, or opens the one that there is. */
static inline int make_world(WORLD *world, const char *prefix)
{
    char room[160];

    memset(world, 0, sizeof *world);
    snprintf(world->prefix, sizeof world->prefix, "%s", prefix);
    NEED((world->section = new_memory(PAGE_READWRITE, 4096, in_world(world, "section", room))) != NULL);
    NEED((world->counts = (volatile long *)view_of(world->section, FILE_MAP_WRITE)) != NULL);
    NEED((world->token = CreateEventA(NULL, FALSE, TRUE, in_world(world, "token", room))) != NULL);
    NEED((world->flag = CreateEventA(NULL, TRUE, FALSE, in_world(world, "flag", room))) != NULL);
    NEED((world->units = CreateSemaphoreA(NULL, 3, 3, in_world(world, "units", room))) != NULL);
    NEED((world->lock = CreateMutexA(NULL, FALSE, in_world(world, "lock", room))) != NULL);
    NEED((world->timer = CreateWaitableTimerA(NULL, TRUE, in_world(world, "timer", room))) != NULL);
    NEED(SharedMemoryCreate(in_world(world, "memory", room), MEMORY_SIZE, &world->memory) == 0);
    world->file = CreateFileA(file_of_world(prefix, room), GENERIC_READ | GENERIC_WRITE,
                              FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL, OPEN_ALWAYS, 0, NULL);
    NEED(world->file != INVALID_HANDLE_VALUE);
    return 0;
}
static inline int close_world(WORLD *world)
{
    NEED(UnmapViewOfFile((void *)world->counts) && CloseHandle(world->section));
    NEED(CloseHandle(world->token) && CloseHandle(world->flag) && CloseHandle(world->units));
    NEED(CloseHandle(world->lock) && CloseHandle(world->timer) && CloseHandle(world->file));
    NEED(SharedMemoryClose(world->memory) == 0);
    return 0;
}
/* Closes it as its last user: no name is left. */
static inline int end_world(WORLD *world)
{
    static const char *const labels[] = {"section", "token", "flag", "units", "lock", "timer", "memory"};
    char room[160];
    size_t i;

    NEED(close_world(world) == 0 && DeleteFileA(file_of_world(world->prefix, room)));
    for (i = 0; i < sizeof labels / sizeof *labels; ++i)
        NEED(!name_exists(in_world(world, labels[i], room)) && GetLastError() == ERROR_FILE_NOT_FOUND);
    return 0;
}

/* --- what one can do with it, by kind of call ---------------------------------------------------------------------- */

static inline int guard_counts(WORLD *world)
{
    NEED(!ReleaseMutex(world->lock) && GetLastError() == ERROR_NOT_OWNER);
    NEED(WaitForSingleObject(world->lock, INFINITE) == WAIT_OBJECT_0 && WaitForSingleObject(world->lock, 0) == WAIT_OBJECT_0);
    NEED(world->counts[0] == world->counts[64]);
    ++world->counts[0];
    ++world->counts[64];
    NEED(ReleaseMutex(world->lock) && ReleaseMutex(world->lock));
    return 0;
}
static inline int take_one_of_several(WORLD *world)
{
    HANDLE any[2];

    NEED(WaitForSingleObject(world->token, INFINITE) == WAIT_OBJECT_0 && SetEvent(world->token));
    any[0] = world->flag, any[1] = world->units;
    NEED(WaitForMultipleObjects(2, any, FALSE, INFINITE) == WAIT_OBJECT_0 + 1 && ReleaseSemaphore(world->units, 1, NULL));
    return 0;
}
static inline int take_all_at_once(WORLD *world)
{
    HANDLE all[3];

    all[0] = world->token, all[1] = world->lock, all[2] = world->units;
    NEED(WaitForMultipleObjects(3, all, TRUE, INFINITE) == WAIT_OBJECT_0);
    NEED(SetEvent(world->token) && ReleaseMutex(world->lock) && ReleaseSemaphore(world->units, 1, NULL));
    return 0;
}
static inline int wait_in_vain(WORLD *world)
{
    const long long start = microseconds();
    uint64_t none = UINT64_MAX;

    NEED(WaitForSingleObject(world->flag, 1) == WAIT_TIMEOUT && microseconds() - start >= 1000);
    NEED(SharedMemoryWait(world->memory, &none, 1) == SHARED_MEMORY_TIMEOUT);
    SleepEx(1, TRUE);
    return 0;
}
static inline int use_timers(WORLD *world)
{
    LARGE_INTEGER soon;
    HANDLE own = new_timer(FALSE);

    soon.QuadPart = -10000;
    NEED(own && SetWaitableTimer(own, &soon, 0, NULL, NULL, FALSE) && WaitForSingleObject(own, INFINITE) == WAIT_OBJECT_0);
    NEED(CloseHandle(own));
    NEED(SetWaitableTimer(world->timer, &soon, 0, NULL, NULL, FALSE) && CancelWaitableTimer(world->timer));
    return 0;
}
/* One writes a text of equal characters, and reads some such text of somebody. */
static inline int write_and_read_whole(WORLD *world)
{
    char text[MEMORY_SIZE];
    int i;

    memset(text, 'a' + (int)(getpid() % 20), sizeof text);
    NEED(SharedMemoryWrite(world->memory, text, sizeof text) == 0);
    NEED(SharedMemoryRead(world->memory, text, sizeof text) == 0);
    for (i = 1; i < MEMORY_SIZE; ++i)
        NEED(text[i] == text[0] && text[0] >= 'a');
    return 0;
}
/* Nobody else locks these bytes: a child keeps what its parent's threads had locked when it was forked. */
static inline int use_file(WORLD *world)
{
    OVERLAPPED at;
    DWORD done = 0;
    char text[8] = "written";

    memset(&at, 0, sizeof at);
    at.Offset = 64 * (DWORD)syscall(SYS_gettid);
    NEED(LockFileEx(world->file, LOCKFILE_EXCLUSIVE_LOCK, 0, sizeof text, 0, &at));
    NEED(WriteFile(world->file, text, sizeof text, &done, &at) && done == sizeof text);
    NEED(ReadFile(world->file, text, sizeof text, &done, &at) && strcmp(text, "written") == 0);
    NEED(UnlockFileEx(world->file, 0, sizeof text, 0, &at));
    return 0;
}
static inline int use_memory(WORLD *world)
{
    char *view, *own;
    MEMORY_BASIC_INFORMATION info;

    NEED((view = view_of(world->section, FILE_MAP_READ)) != NULL);
    NEED(VirtualQuery(view, &info, sizeof info) == sizeof info && info.State == MEM_COMMIT && UnmapViewOfFile(view));
    NEED((own = (char *)VirtualAlloc(NULL, 1 << 20, MEM_RESERVE, PAGE_READWRITE)) != NULL);
    NEED(VirtualAlloc(own, 4096, MEM_COMMIT, PAGE_READWRITE) == own && (own[7] = 7) == 7 && VirtualFree(own, 0, MEM_RELEASE));
    return 0;
}
static inline int open_by_name(WORLD *world)
{
    char room[160];
    HANDLE again, twin = NULL;

    NEED((again = OpenMutexA(MUTEX_ALL_ACCESS, FALSE, in_world(world, "lock", room))) != NULL);
    NEED(CompareObjectHandles(again, world->lock) && CloseHandle(again));
    NEED((again = OpenFileMappingA(FILE_MAP_WRITE, FALSE, in_world(world, "section", room))) != NULL);
    NEED(CompareObjectHandles(again, world->section) && CloseHandle(again));
    NEED(DuplicateHandle(GetCurrentProcess(), world->units, GetCurrentProcess(), &twin, 0, FALSE, DUPLICATE_SAME_ACCESS));
    NEED(CloseHandle(twin) && !SetEvent(twin));
    NEED(OpenEventA(SYNCHRONIZE, FALSE, in_world(world, "nothing", room)) == NULL && GetLastError() == ERROR_FILE_NOT_FOUND);
    return 0;
}
/* Objects of one's own, with names that nobody else has: a child may have its parent's still. */
static inline int make_new_ones(WORLD *world)
{
    static long count;
    char name[160], label[60];
    HANDLE section, mutex, event;
    char *view;

    snprintf(label, sizeof label, "%ld-%ld-%ld", (long)getpid(), (long)syscall(SYS_gettid), __atomic_add_fetch(&count, 1, __ATOMIC_RELAXED));
    in_world(world, label, name);
    NEED((section = new_memory(PAGE_READWRITE, 4096, name)) != NULL && GetLastError() == ERROR_SUCCESS);
    NEED((view = view_of(section, FILE_MAP_WRITE)) != NULL && view[9] == 0 && (view[9] = 9) == 9);
    NEED(CreateEventA(NULL, TRUE, FALSE, name) == NULL && GetLastError() == ERROR_INVALID_HANDLE);
    NEED(UnmapViewOfFile(view) && CloseHandle(section));
    strcat(name, "-too"); /* a child that was forked meanwhile has the section */
    NEED((mutex = CreateMutexA(NULL, TRUE, name)) != NULL && GetLastError() == ERROR_SUCCESS);
    NEED(WaitForSingleObject(mutex, 0) == WAIT_OBJECT_0 && ReleaseMutex(mutex) && ReleaseMutex(mutex) && !ReleaseMutex(mutex));
    NEED(CloseHandle(mutex));
    NEED((event = CreateEventA(NULL, FALSE, TRUE, NULL)) != NULL && WaitForSingleObject(event, INFINITE) == WAIT_OBJECT_0);
    NEED(SetHandleInformation(event, HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT) && CloseHandle(event));
    return 0;
}
static inline DWORD WINAPI nothing_to_do(LPVOID answer) { return (DWORD)(ULONG_PTR)answer; }
static inline int make_threads(WORLD *world)
{
    DWORD code = 0;
    HANDLE thread = CreateThread(NULL, 0, nothing_to_do, (LPVOID)(ULONG_PTR)42, 0, NULL);

    (void)world;
    NEED(thread && WaitForSingleObject(thread, INFINITE) == WAIT_OBJECT_0);
    NEED(GetExitCodeThread(thread, &code) && code == 42 && CloseHandle(thread));
    return 0;
}

/* Every kind of call. */
static int (*const kinds_of_calls[])(WORLD *world) = {guard_counts,         take_one_of_several, take_all_at_once, wait_in_vain,
                                                      use_timers,           write_and_read_whole, use_file,        use_memory,
                                                      open_by_name,         make_new_ones,        make_threads};
enum { KINDS_OF_CALLS = (int)(sizeof kinds_of_calls / sizeof *kinds_of_calls) };

static inline int use_world(WORLD *world)
{
    int i, line;

    for (i = 0; i < KINDS_OF_CALLS; ++i)
        if ((line = kinds_of_calls[i](world)) != 0)
            return line;
    return 0;
}
/* The same; says what was wrong. */
static inline int world_is_whole(WORLD *world, const char *who)
{
    int line = use_world(world);

    if (line != 0)
        fprintf(stderr, "%s: world.h:%d is not so (last error %u)\n", who, line, (unsigned)GetLastError());
    return line == 0;
}

/* --- threads that are in the midst of each kind of call ------------------------------------------------------------ */

typedef struct BUSY {
    WORLD *world;
    int kind, line;
    long rounds;
    pthread_t thread;
} BUSY;
static int stop_being_busy;

static inline void *be_busy(void *argument)
{
    BUSY *busy = (BUSY *)argument;

    while (!__atomic_load_n(&stop_being_busy, __ATOMIC_RELAXED) && busy->line == 0) {
        busy->line = kinds_of_calls[busy->kind](busy->world);
        __atomic_add_fetch(&busy->rounds, 1, __ATOMIC_RELAXED);
    }
    return NULL;
}
static inline void start_busy_threads(BUSY *threads, WORLD *world)
{
    int i;

    stop_being_busy = 0;
    for (i = 0; i < KINDS_OF_CALLS; ++i) {
        memset(&threads[i], 0, sizeof threads[i]);
        threads[i].world = world, threads[i].kind = i;
        if (pthread_create(&threads[i].thread, NULL, be_busy, &threads[i]) != 0)
            exit(2);
    }
}
/* Each of them did something since, and nothing was ever wrong. */
static inline int end_busy_threads(BUSY *threads)
{
    int i, right = 1;

    for (i = 0; i < KINDS_OF_CALLS; ++i) {
        long before = __atomic_load_n(&threads[i].rounds, __ATOMIC_RELAXED);

        while (threads[i].line == 0 && __atomic_load_n(&threads[i].rounds, __ATOMIC_RELAXED) < before + 2)
            a_moment();
    }
    __atomic_store_n(&stop_being_busy, 1, __ATOMIC_RELAXED);
    for (i = 0; i < KINDS_OF_CALLS; ++i) {
        pthread_join(threads[i].thread, NULL);
        if (threads[i].line != 0)
            fprintf(stderr, "thread of kind %d: world.h:%d is not so\n", i, threads[i].line);
        right = right && threads[i].line == 0;
    }
    return right;
}

#endif
