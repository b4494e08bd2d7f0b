/*
 * load.h - what a load test measures: that nothing grows while the same thing happens again and again.
 *
 * A story is a function that is called for each round. `steady` calls it, takes the first third as a
 * warm-up and compares what the process has then with what it has at the end:
 *
 *   descriptors, mappings, threads   exactly the same
 *   files, bytes of their file system exactly the same (as root: a tmpfs of the test's own)
 *   own memory, address space         the same but for STEP
 *
 * `the_checker_sees_what_is_kept` is the proof that this can fail: the same story keeps a handle, a view, a
 * name or a piece of memory in one round of a hundred, and that must be reported.
 */
#ifndef LOAD_H
#define LOAD_H

#include "check.h"
#include "faults/effort.h"

#include <fcntl.h>
#include <malloc.h>
#include <sched.h>
#include <sys/mount.h>
#include <limits.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

/*
 * glibc's heap grows by whole steps of M_TOP_PAD, 128 KiB, and a page, and what lies free at its top is given back
 * when it is more than that: the same contents may have one step more or less. A leak is none: it grows again.
 */
#define STEP (132 * 1024LL)
/*
 * A thread keeps the stack that it had when it was deepest, and the heap what it took then: a few pages in a wait for
 * 64 objects. For one of many threads that may come late.
 */
#define DEEPER 16384LL

typedef struct BURDEN {
    long long memory, addresses, space;
    int descriptors, mappings, threads, files;
} BURDEN;

/* The number behind a word in a file of /proc, which is in kB there. */
static inline long long bytes_of(const char *path, const char *word)
{
    FILE *file = fopen(path, "r");
    char line[512];
    long long kilobytes = -1;

    while (file != NULL && kilobytes < 0 && fgets(line, sizeof line, file) != NULL)
        if (strncmp(line, word, strlen(word)) == 0)
            kilobytes = atoll(line + strlen(word));
    if (file != NULL)
        fclose(file);
    return kilobytes * 1024;
}

/* Whether the objects have a file system to themselves, so that its free space is nobody else's. */
static int has_own_file_system;

/*
 * Resident memory is told by smaps_rollup, which walks the page tables: VmRSS of status is off by what each processor
 * has not yet added. Only what is the process's own: code is read from files when it runs for the first time, and what
 * is shared shows as a file, a descriptor or a mapping.
 */
static inline BURDEN burden(void)
{
    struct statvfs status;
    BURDEN now;
    int i;

    /* What was closed while another thread was in the middle of a call is given back by a later close. */
    for (i = 0; i < 3; ++i) {
        usleep(500);
        CloseHandle(CreateEventA(NULL, TRUE, FALSE, NULL));
    }
    now.memory = bytes_of("/proc/self/smaps_rollup", "Anonymous:");
    now.addresses = bytes_of("/proc/self/status", "VmSize:");
    now.threads = count_entries("/proc/self/task");
    now.descriptors = count_entries("/proc/self/fd");
    now.mappings = count_all_mappings();
    now.files = count_objects();
    now.space = 0;
    if (has_own_file_system && statvfs(getenv("WINSHM_DIR"), &status) == 0)
        now.space = (long long)(status.f_blocks - status.f_bfree) * (long long)status.f_frsize;
    return now;
}

/* `others`: other processes use the same directory meanwhile, so what is in it may change. */
static inline void nothing_grew(BURDEN before, BURDEN after, const char *title, int others)
{
    int failures = check_failures;

    CHECK(after.descriptors == before.descriptors);
    CHECK(after.mappings <= before.mappings);
    CHECK(after.threads == before.threads);
    CHECK(others || after.files == before.files);
    CHECK(others || after.space == before.space);
    CHECK(after.memory <= before.memory + STEP + DEEPER * (after.threads - 1));
    CHECK(after.addresses <= before.addresses + STEP + DEEPER * (after.threads - 1));
    printf("  %s: memory %lld -> %lld KiB, addresses %lld -> %lld KiB, descriptors %d -> %d, mappings %d -> %d, "
           "threads %d -> %d, files %d -> %d, file system %lld -> %lld KiB\n",
           title, before.memory >> 10, after.memory >> 10, before.addresses >> 10, after.addresses >> 10,
           before.descriptors, after.descriptors, before.mappings, after.mappings, before.threads, after.threads,
           before.files, after.files, before.space >> 10, after.space >> 10);
    if (check_failures != failures)
        fprintf(stderr, "... %s: this has grown\n", title);
    fflush(stdout);
}

static inline double seconds_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* --- the planted fault: something is kept --------------------------------------------------------------------- */

static const char *const keepable[] = {"handle", "view", "name", "memory"};
static const char *kept_kind;
/* In one round of so many. */
static long kept_every = 100;

static inline void keep_one(void)
{
    static HANDLE viewed;

    if (strcmp(kept_kind, "handle") == 0)
        (void)new_memory(PAGE_READWRITE, 4096, NULL);
    if (strcmp(kept_kind, "view") == 0) {
        if (viewed == NULL)
            viewed = new_memory(PAGE_READWRITE, 4096, NULL);
        (void)view_of(viewed, FILE_MAP_WRITE);
    }
    if (strcmp(kept_kind, "name") == 0) {
        static int names;
        char name[100];

        snprintf(name, sizeof name, "winshm-%d-kept-%d", (int)getpid(), names++);
        (void)CreateEventA(NULL, TRUE, FALSE, name);
    }
    if (strcmp(kept_kind, "memory") == 0) {
        char *volatile memory = (char *)malloc(100000);

        memset(memory, 1, 100000);
    }
}

/* --- the steady state ----------------------------------------------------------------------------------------- */

typedef void (*ROUND)(long round);

/* Rounds until so many, or so many seconds, are over; returns how many there were. */
static inline long rounds_of(ROUND round, long from, long most, double seconds)
{
    double end = seconds_now() + seconds;
    long done = from;

    while (done < most && (done % 16 != 0 || seconds_now() < end)) {
        round(done);
        if (kept_kind != NULL && done % kept_every == kept_every - 1)
            keep_one();
        ++done;
    }
    return done;
}
static inline long steady(const char *title, ROUND round, long most, double seconds, int others)
{
    double begun = seconds_now(), over;
    long warm = rounds_of(round, 0, most / 3, seconds / 3), done;
    BURDEN before = burden();

    done = rounds_of(round, warm, most, seconds * 2 / 3);
    over = seconds_now() - begun;
    printf("%s: %ld rounds in %.1f s, %.1f us each\n", title, done, over, over * 1e6 / (double)done);
    nothing_grew(before, burden(), title, others);
    return done;
}

/* The same story, in a process that keeps something in one round of many: that is reported, and without it nothing is. */
static inline void the_checker_sees_what_is_kept(ROUND round)
{
    size_t i;

    for (i = 0; i <= sizeof keepable / sizeof *keepable; ++i) {
        const char *kind = i < sizeof keepable / sizeof *keepable ? keepable[i] : NULL;
        PEER child = fork_peer();

        if (child.pid == 0) {
            int quiet = open("/dev/null", O_WRONLY);

            check_failures = 0;
            kept_kind = kind;
            dup2(quiet, STDOUT_FILENO);
            if (kind != NULL)
                dup2(quiet, STDERR_FILENO);
            close(quiet);
            steady("with a planted leak", round, 3 * kept_every, 1e9, 0);
            exit(check_failures != 0);
        }
        if (!CHECK(end_of(&child) == (kind != NULL)))
            fprintf(stderr, "... the story keeps a %s\n", kind != NULL ? kind : "nothing");
    }
}

/* --- the stage -------------------------------------------------------------------------------------------------- */

static inline void leave_own_file_system(void)
{
    if (getpid() == check_directory_owner)
        umount2(getenv("WINSHM_DIR"), MNT_DETACH);
}
/* Before the first call of the library: a directory of the test's own and, as root, a tmpfs on it, seen by the test and
   its children only and gone with them. */
static inline void use_own_file_system(const char *size)
{
    char options[64];

    strcpy(check_directory, "/dev/shm/winshm-XXXXXX");
    use_private_directory();
    snprintf(options, sizeof options, "size=%s,nr_inodes=0,mode=1777", size);
    if (geteuid() == 0 && unshare(CLONE_NEWNS) == 0 && mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0)
        has_own_file_system = mount("tmpfs", getenv("WINSHM_DIR"), "tmpfs", 0, options) == 0;
    if (has_own_file_system)
        atexit(leave_own_file_system);
    else
        printf("the bytes of the file system are not compared: that needs root\n");
}
/* A watchdog for the length of such tests, also for each child that calls it. One heap: else each thread has one. */
static inline void load_begin(void)
{
    check_begin();
    alarm((unsigned)effort(110, 1500));
    mallopt(M_ARENA_MAX, 1);
    setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
}
/* What a child of such a test begins with. Its failures are its own. */
static inline void load_child(void)
{
    alarm((unsigned)effort(110, 1500));
    check_failures = 0;
}
/* The end of one, for its parent: see what it says on standard error. */
static inline void end_child(void) { exit(check_failures != 0); }

#endif
