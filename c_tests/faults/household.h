/*
 * household.h - what a process has while something of it fails: objects of each kind
 * with known contents, which must be unharmed afterwards, and how many descriptors,
 * mappings and files there are, which must be as many as before.
 */
#ifndef HOUSEHOLD_H
#define HOUSEHOLD_H

#include "leaks.h"
#include "shared_segments.h"

enum { HOME_SIZE = 0x20000, PAGE = 4096 };

static struct {
    HANDLE section, event, mutex, semaphore, timer, unnamed, file, automatic;
    char *view, *own, *memory;
    SharedMemory *segments[3]; /* in the order of `home_kinds` */
} home;
static const int home_kinds[3] = {WINSHM, POSIX, SYSTEM_V};

/* The names of this process. */
static inline const char *home_name(const char *label)
{
    static char names[16][96];
    static int next;
    char *name = names[next++ % 16];

    snprintf(name, sizeof names[0], "home-%d-%s", (int)getpid(), label);
    return name;
}
static inline const char *segment_of(int kind, const char *label, unsigned number, pid_t pid)
{
    static char names[16][96];
    static int next;
    char *name = names[next++ % 16];

    if (kind == SYSTEM_V)
        snprintf(name, sizeof names[0], "SysV\\0x%x", 0x10000000u | (unsigned)pid << 4 | number);
    else
        snprintf(name, sizeof names[0], "%shome-%d-%s", kind == POSIX ? "/" : "", (int)pid, label);
    return name;
}
static inline const char *home_segment(int kind) { return segment_of(kind, "segment", 0, getpid()); }
static inline const char *new_segment(int kind) { return segment_of(kind, "new", 1, getpid()); }
/* What a process that died may have left of the system's own segments. */
static inline void remove_segments_of(pid_t pid)
{
    shm_unlink(segment_of(POSIX, "segment", 0, pid)), shm_unlink(segment_of(POSIX, "new", 1, pid));
    raw_remove(segment_of(SYSTEM_V, "segment", 0, pid)), raw_remove(segment_of(SYSTEM_V, "new", 1, pid));
}
static inline const char *home_path(const char *label)
{
    static char paths[4][300];
    static int next;
    char *path = paths[next++ % 4];

    snprintf(path, sizeof paths[0], "%s/%d-%s", getenv("WINSHM_FILES"), (int)getpid(), label);
    return path;
}

/* A directory of the test's own for objects, and one for files. */
static inline void use_directory_for_files(void)
{
    static char path[300];

    snprintf(path, sizeof path, "%s/files", use_private_directory());
    CHECK(mkdir(path, 0700) == 0 && setenv("WINSHM_FILES", path, 1) == 0);
}

static inline void furnish(void)
{
    DWORD written = 0;
    int i;

    CHECK((home.section = new_memory(PAGE_READWRITE, HOME_SIZE, home_name("section"))) != NULL);
    CHECK((home.view = view_of(home.section, FILE_MAP_WRITE)) != NULL);
    CHECK((home.unnamed = new_memory(PAGE_READWRITE, HOME_SIZE, NULL)) != NULL);
    CHECK((home.own = view_of(home.unnamed, FILE_MAP_WRITE)) != NULL);
    CHECK((home.memory = (char *)VirtualAlloc(NULL, HOME_SIZE, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE)) != NULL);
    CHECK((home.event = CreateEventA(NULL, TRUE, TRUE, home_name("event"))) != NULL);
    CHECK((home.automatic = CreateEventA(NULL, FALSE, FALSE, NULL)) != NULL);
    CHECK((home.mutex = CreateMutexA(NULL, TRUE, home_name("mutex"))) != NULL);
    CHECK((home.semaphore = CreateSemaphoreA(NULL, 3, 9, home_name("semaphore"))) != NULL);
    CHECK((home.timer = CreateWaitableTimerA(NULL, TRUE, home_name("timer"))) != NULL);
    home.file = CreateFileA(home_path("file"), GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL,
                            CREATE_ALWAYS, 0, NULL);
    CHECK(home.file != MEMORY && WriteFile(home.file, "household", 10, &written, NULL) && written == 10);
    if (home.view == NULL || home.own == NULL || home.memory == NULL)
        exit(3);
    memset(home.view, 'v', HOME_SIZE), memset(home.own, 'o', HOME_SIZE), memset(home.memory, 'm', HOME_SIZE);
    for (i = 0; i < 3; ++i) {
        CHECK(SharedMemoryCreate(home_segment(home_kinds[i]), 3 * PAGE, &home.segments[i]) == 0);
        CHECK(SharedMemoryWriteAt(home.segments[i], PAGE, "segment", 8) == 0);
    }
}
static inline int is_all(const char *bytes, char wanted)
{
    return bytes[0] == wanted && memcmp(bytes, bytes + 1, HOME_SIZE - 1) == 0;
}
/* Everything is as it was made. Takes no descriptor and makes no mapping. */
static inline void check_household(void)
{
    char text[10] = "";
    DWORD got = 0;
    LONG before = 0;
    int i;

    CHECK(is_all(home.view, 'v') && is_all(home.own, 'o') && is_all(home.memory, 'm'));
    CHECK(WaitForSingleObject(home.event, 0) == WAIT_OBJECT_0);
    CHECK(WaitForSingleObject(home.automatic, 0) == WAIT_TIMEOUT);
    CHECK(WaitForSingleObject(home.timer, 0) == WAIT_TIMEOUT);
    CHECK(WaitForSingleObject(home.mutex, 0) == WAIT_OBJECT_0 && ReleaseMutex(home.mutex));
    CHECK(WaitForSingleObject(home.semaphore, 0) == WAIT_OBJECT_0);
    CHECK(ReleaseSemaphore(home.semaphore, 1, &before) && before == 2);
    CHECK(SetFilePointer(home.file, 0, NULL, FILE_BEGIN) == 0);
    CHECK(ReadFile(home.file, text, 10, &got, NULL) && got == 10 && memcmp(text, "household", 10) == 0);
    for (i = 0; i < 3; ++i)
        CHECK(SharedMemoryReadAt(home.segments[i], PAGE, text, 8) == 0 && memcmp(text, "segment", 8) == 0);
}
static inline void clear_out(void)
{
    int i;

    CHECK(ReleaseMutex(home.mutex) && !ReleaseMutex(home.mutex));
    CHECK(UnmapViewOfFile(home.view) && UnmapViewOfFile(home.own) && VirtualFree(home.memory, 0, MEM_RELEASE));
    CHECK(CloseHandle(home.section) && CloseHandle(home.unnamed) && CloseHandle(home.event) && CloseHandle(home.mutex));
    CHECK(CloseHandle(home.semaphore) && CloseHandle(home.timer) && CloseHandle(home.file) && CloseHandle(home.automatic));
    CHECK(DeleteFileA(home_path("file")));
    for (i = 0; i < 3; ++i)
        CHECK(SharedMemoryFree(home.segments[i]) == 0);
}

/* ---- What a process has open. ---- */
typedef struct POSSESSIONS {
    int descriptors, mappings, objects, files;
} POSSESSIONS;

static inline POSSESSIONS possessions(void)
{
    POSSESSIONS now;

    now.descriptors = count_entries("/proc/self/fd");
    now.mappings = count_mappings();
    now.objects = count_objects();
    now.files = count_entries(getenv("WINSHM_FILES"));
    return now;
}
static inline int is_no_more(POSSESSIONS before, POSSESSIONS now)
{
    return now.descriptors <= before.descriptors && now.mappings <= before.mappings && now.objects <= before.objects &&
           now.files <= before.files;
}
/* What a thread or process had that has ended goes a moment after its end; it may have been there before. */
static inline int check_no_more_possessions(POSSESSIONS before)
{
    POSSESSIONS now = possessions();
    int looks;

    for (looks = 0; looks < 2000 && !is_no_more(before, now); ++looks)
        usleep(1000), now = possessions();
    return CHECK(now.descriptors <= before.descriptors) & CHECK(now.mappings <= before.mappings) &
           CHECK(now.objects <= before.objects) & CHECK(now.files <= before.files);
}
#endif
