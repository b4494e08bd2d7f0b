/*
 * shared_segments.h - what the tests of the SharedMemory family have in common:
 * names for segments of the three kinds, the raw calls that other programs use,
 * and short words for what a segment holds.
 */
#ifndef SHARED_SEGMENTS_H
#define SHARED_SEGMENTS_H

#include "check.h"

#include <SharedMemory.h>

#include <fcntl.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <time.h>

#define WINSHM SHARED_MEMORY_WINSHM
#define POSIX SHARED_MEMORY_POSIX
#define SYSTEM_V SHARED_MEMORY_SYSTEM_V

/* The call fails with exactly this code: its result, and the last error. */
#define FAILS(call, code)                                                                                 \
    (SetLastError(SENTINEL), check_that((call) == (int)(code) && GetLastError() == (DWORD)(code), __FILE__, \
                                        __LINE__, #call " fails with " #code))
/* The call gives 0 and leaves this last error behind. */
#define LEAVES(call, error, text)                                                                         \
    (SetLastError(SENTINEL), check_that((call) == 0 && GetLastError() == (DWORD)(error), __FILE__, __LINE__, #call text))
#define WORKS(call) LEAVES(call, SENTINEL, " works")
/* Create makes a new segment, or finds the one that exists. */
#define CREATES(call) LEAVES(call, ERROR_SUCCESS, " creates")
#define FINDS(call) LEAVES(call, SHARED_MEMORY_EXISTS, " finds")

/* ---- Names. ---- */
enum { MOST_SEGMENTS = 256, SEGMENT_NAME = 96 };
static char *segment_names[MOST_SEGMENTS];
static int segment_count;
static pid_t segment_owner;

static inline int kind_of(const char *name)
{
    return name[0] == '/' ? POSIX : strncmp(name, "SysV\\", 5) == 0 ? SYSTEM_V : WINSHM;
}
static inline key_t key_of(const char *name) { return (key_t)strtoul(name + 5, NULL, 0); }

/* Removes a POSIX or System V segment as other programs do. Whether it was there. */
static inline int raw_remove(const char *name)
{
    int id;

    if (kind_of(name) == POSIX)
        return shm_unlink(name) == 0;
    return kind_of(name) == SYSTEM_V && (id = shmget(key_of(name), 0, 0)) >= 0 && shmctl(id, IPC_RMID, NULL) == 0;
}
static inline void remove_segments(void)
{
    while (getpid() == segment_owner && segment_count > 0)
        raw_remove(segment_names[--segment_count]);
}
/* A name of this kind that nobody else uses. The segment is removed when the test ends, whatever happened. */
static inline const char *segment_name(int kind, const char *label, int line)
{
    int number = getpid() == segment_owner ? segment_count : 0;
    char *name = (char *)calloc(1, SEGMENT_NAME);

    if (number == MOST_SEGMENTS) {
        fprintf(stderr, "more than %d names of segments\n", MOST_SEGMENTS);
        exit(2);
    }
    if (number == 0) {
        segment_owner = getpid();
        atexit(remove_segments);
    }
    segment_names[number] = name;
    segment_count = number + 1;
    if (kind == SYSTEM_V) /* process ids have 22 bits at most */
        snprintf(name, SEGMENT_NAME, "SysV\\0x%x", 0x40000000u | (unsigned)getpid() << 8 | (unsigned)number);
    else
        snprintf(name, SEGMENT_NAME, "%swinshm-%d-%d-%d-%s", kind == POSIX ? "/" : "", (int)getpid(), line, number,
                 label);
    return name;
}
#define SEGMENT(kind, label) segment_name(kind, label, __LINE__)

/* A name behind a prefix. Eight are kept. */
static inline const char *with(const char *before, const char *name)
{
    static char names[8][512];
    static int next;
    char *whole = names[next++ % 8];

    snprintf(whole, sizeof names[0], "%s%s", before, name);
    return whole;
}
/* How the functions of Windows spell the name of a POSIX segment; other names are spelled alike. */
static inline const char *spelled(const char *name)
{
    return kind_of(name) == POSIX ? with("Posix\\", name + 1) : name;
}

/* Tells a story of each kind from the first on: WINSHM is all, POSIX those that other programs know. */
static inline void tell(void (*story)(int kind), const char *title, int first)
{
    int kind;

    for (kind = first; kind <= SYSTEM_V; ++kind) {
        int before = check_failures;

        story(kind);
        if (check_failures != before)
            fprintf(stderr, "... in %s, of a %s segment\n", title,
                    kind == WINSHM ? "winshm" : kind == POSIX ? "POSIX" : "System V");
    }
}
#define OF_EVERY_KIND(story) tell(story, #story, WINSHM)
#define OF_SYSTEM_KINDS(story) tell(story, #story, POSIX)

/* ---- The raw calls. ---- */
typedef struct RAW {
    char *memory; /* NULL: it did not work */
    size_t size;
} RAW;
typedef struct RAW_STATUS {
    int exists;
    size_t size;
    unsigned mode;
    unsigned long attached; /* System V only */
} RAW_STATUS;

static inline RAW_STATUS raw_status(const char *name)
{
    RAW_STATUS status = {0, 0, 0, 0};

    if (kind_of(name) == POSIX) {
        struct stat file;
        int fd = shm_open(name, O_RDONLY, 0);

        if (fd >= 0 && fstat(fd, &file) == 0)
            status.exists = 1, status.size = (size_t)file.st_size, status.mode = file.st_mode & 07777;
        if (fd >= 0)
            close(fd);
    } else if (kind_of(name) == SYSTEM_V) {
        struct shmid_ds segment;
        int id = shmget(key_of(name), 0, 0);

        if (id >= 0 && shmctl(id, IPC_STAT, &segment) == 0)
            status.exists = 1, status.size = segment.shm_segsz, status.mode = segment.shm_perm.mode & 07777,
            status.attached = segment.shm_nattch;
    }
    return status;
}
/* Maps the whole segment for reading and writing; a size other than 0 makes a new one first. */
static inline RAW raw_map(const char *name, size_t size, unsigned mode)
{
    RAW raw = {NULL, 0};
    void *memory = MAP_FAILED;

    if (kind_of(name) == POSIX) {
        int fd = shm_open(name, size != 0 ? O_RDWR | O_CREAT | O_EXCL : O_RDWR, 0600);

        if (fd >= 0 && (size == 0 || (fchmod(fd, mode) == 0 && ftruncate(fd, (off_t)size) == 0)))
            memory = mmap(NULL, raw_status(name).size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
        if (fd >= 0)
            close(fd);
    } else {
        int id = shmget(key_of(name), size, size != 0 ? (int)(IPC_CREAT | IPC_EXCL | mode) : 0);

        if (id >= 0)
            memory = shmat(id, NULL, 0); /* which fails with the same pointer as mmap */
    }
    if (memory != MAP_FAILED)
        raw.memory = (char *)memory, raw.size = raw_status(name).size;
    return raw;
}
static inline int raw_unmap(const char *name, RAW raw)
{
    return kind_of(name) == POSIX ? munmap(raw.memory, raw.size) == 0 : shmdt(raw.memory) == 0;
}

/* ---- Segments. ---- */
static inline SharedMemory *create(const char *name, size_t size)
{
    SharedMemory *memory = NULL;

    CREATES(SharedMemoryCreate(name, size, &memory));
    CHECK(memory != NULL);
    return memory;
}
static inline SharedMemory *open_it(const char *name)
{
    SharedMemory *memory = NULL;

    WORKS(SharedMemoryOpen(name, &memory));
    return memory;
}

/* ---- Bytes, times, states. ---- */
static inline int all_are(const void *memory, size_t size, int byte)
{
    const unsigned char *bytes = (const unsigned char *)memory;
    size_t i;

    for (i = 0; i < size; ++i)
        if (bytes[i] != (unsigned char)byte)
            return 0;
    return 1;
}
/* Whether a read of this range gives nothing but this byte. */
static inline int reads(SharedMemory *memory, size_t offset, size_t size, int byte)
{
    char *buffer = (char *)malloc(size);
    int right;

    memset(buffer, ~byte, size);
    right = SharedMemoryReadAt(memory, offset, buffer, size) == 0 && all_are(buffer, size, byte);
    free(buffer);
    return right;
}
/* Whether a read of this range fails with this code, also in the last error, and leaves the buffer alone. */
static inline int refuses(SharedMemory *memory, size_t offset, size_t size, int code)
{
    char *buffer = (char *)malloc(size);
    int right;

    memset(buffer, 0x5A, size);
    SetLastError(SENTINEL);
    right = SharedMemoryReadAt(memory, offset, buffer, size) == code && GetLastError() == (DWORD)code &&
            all_are(buffer, size, 0x5A);
    free(buffer);
    return right;
}
/* Writes this byte all over the range; the result is SharedMemoryWriteAt's. */
static inline int paint(SharedMemory *memory, size_t offset, size_t size, int byte)
{
    char *data = (char *)malloc(size);
    int result;

    memset(data, byte, size);
    result = SharedMemoryWriteAt(memory, offset, data, size);
    free(data);
    return result;
}
/* A new segment, full of 'o': what is old. It has been written once. */
static inline SharedMemory *create_full(const char *name, size_t size)
{
    SharedMemory *memory = create(name, size);

    CHECK(paint(memory, 0, size, 'o') == 0);
    return memory;
}
static inline SharedMemoryInfo stat_of(SharedMemory *memory)
{
    SharedMemoryInfo info;

    memset(&info, 0, sizeof info);
    info.struct_size = sizeof info;
    CHECK(SharedMemoryStat(memory, &info) == 0);
    return info;
}
static inline long long milliseconds(clockid_t clock)
{
    struct timespec now;

    clock_gettime(clock, &now);
    return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}
/* Until that process or thread sleeps, or has ended: for whoever wants to find it asleep. What must hold, holds either way. */
static inline void await_sleep(pid_t pid)
{
    const struct timespec moment = {0, 1000000};
    char path[64], state = 0;

    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    while (state != 'S' && state != 'Z' && state != 'X') {
        FILE *file = fopen(path, "r");

        if (file == NULL || fscanf(file, "%*d (%*[^)]) %c", &state) != 1)
            state = 'X';
        if (file != NULL)
            fclose(file);
        nanosleep(&moment, NULL);
    }
}

#endif
