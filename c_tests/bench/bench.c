/*
 * What a call costs, against the bare Linux calls that do the same.
 *
 *     bench [ROUNDS]
 */
#define _GNU_SOURCE
#include "measure.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* Exported by builds with the feature `bench`. */
extern uint64_t winshm_bench_lookup(const HANDLE *handles, size_t count);
extern uint64_t winshm_bench_direct(const uint64_t *const *states, size_t count);
extern const uint64_t *winshm_bench_state(HANDLE handle);

#define SIZE 65536

static char name[64], posix_name[64];

static void touch(void *data)
{
    for (size_t at = 0; at < SIZE; at += 4096)
        ((volatile char *)data)[at] = 1;
}

enum how { PLAIN, TOUCHED, ALLOCATED };

static void bare_create(enum how how)
{
    int file = shm_open(posix_name, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
    void *data;
    MUST(file >= 0);
    if (how == ALLOCATED)
        MUST(posix_fallocate(file, 0, SIZE) == 0);
    else
        MUST(ftruncate(file, SIZE) == 0);
    data = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    MUST(data != MAP_FAILED);
    if (how == TOUCHED)
        touch(data);
    munmap(data, SIZE);
    close(file);
    shm_unlink(posix_name);
}

static void bare_create_plain(void) { bare_create(PLAIN); }
static void bare_create_touched(void) { bare_create(TOUCHED); }
static void bare_create_allocated(void) { bare_create(ALLOCATED); }

static void winshm_create(DWORD protect, int touched)
{
    HANDLE section = CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, protect, 0, SIZE, name);
    void *data;
    MUST(section != NULL && GetLastError() == 0);
    data = MapViewOfFile(section, FILE_MAP_ALL_ACCESS, 0, 0, 0);
    MUST(data != NULL);
    if (touched)
        touch(data);
    MUST(UnmapViewOfFile(data));
    MUST(CloseHandle(section));
}

static void winshm_create_touched(void) { winshm_create(PAGE_READWRITE, 1); }
static void winshm_create_plain(void) { winshm_create(PAGE_READWRITE, 0); }
static void winshm_create_reserve(void) { winshm_create(PAGE_READWRITE | SEC_RESERVE, 0); }

static void bare_open(void)
{
    int file = shm_open(posix_name, O_RDWR | O_CLOEXEC, 0);
    void *data;
    MUST(file >= 0);
    data = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    MUST(data != MAP_FAILED);
    munmap(data, SIZE);
    close(file);
}

static void winshm_open(void)
{
    HANDLE section = OpenFileMappingA(FILE_MAP_ALL_ACCESS, FALSE, name);
    void *data;
    MUST(section != NULL);
    data = MapViewOfFile(section, FILE_MAP_ALL_ACCESS, 0, 0, 0);
    MUST(data != NULL);
    MUST(UnmapViewOfFile(data));
    MUST(CloseHandle(section));
}

static HANDLE handles[64];
static const uint64_t *states[64];
static volatile uint64_t sink;

static void direct_1(void) { sink += winshm_bench_direct(states, 1); }
static void lookup_1(void) { sink += winshm_bench_lookup(handles, 1); }
static void direct_64(void) { sink += winshm_bench_direct(states, 64); }
static void lookup_64(void) { sink += winshm_bench_lookup(handles, 64); }

/* Another process that holds a section and a POSIX object, and touched both. */
static pid_t holder(int *ready)
{
    int pipe_ends[2];
    pid_t child;
    MUST(pipe(pipe_ends) == 0);
    child = fork();
    MUST(child >= 0);
    if (child == 0) {
        HANDLE section = CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, SIZE, name);
        void *data = MapViewOfFile(section, FILE_MAP_ALL_ACCESS, 0, 0, 0);
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        MUST(data != NULL);
        touch(data);
        MUST(write(pipe_ends[1], "", 1) == 1);
        for (;;)
            pause();
    }
    *ready = pipe_ends[0];
    return child;
}

int main(int count, char **arguments)
{
    int rounds = rounds_of(count, arguments), ready;
    pid_t child;
    int file;
    char byte;
    snprintf(name, sizeof name, "winshm-bench-%d", (int)getpid());
    snprintf(posix_name, sizeof posix_name, "/winshm-bench-posix-%d", (int)getpid());
    print_head("64 KiB, ns per call (medians)");
    compare("create, map, touch all, unmap, close", bare_create_touched, winshm_create_touched, 100, rounds, RATIO,
            "<= 1.4x");
    compare("create, map, unmap, close (with fallocate)", bare_create_allocated, winshm_create_plain, 100, rounds,
            RATIO, "<= 1.5x");
    compare("create, map, unmap, close (SEC_RESERVE)", bare_create_plain, winshm_create_reserve, 100, rounds, RATIO,
            "<= 2.3x");

    child = holder(&ready);
    MUST(read(ready, &byte, 1) == 1);
    file = shm_open(posix_name, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
    MUST(file >= 0 && posix_fallocate(file, 0, SIZE) == 0);
    compare("open, map, unmap, close (other process has it)", bare_open, winshm_open, 100, rounds, RATIO, "<= 2.2x");
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    {
        HANDLE section = CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, SIZE, name);
        MUST(section != NULL);
        compare("open, map, unmap, close (this process has it)", bare_open, winshm_open, 100, rounds, RATIO, "");
        CloseHandle(section);
    }
    shm_unlink(posix_name);
    close(file);

    for (int i = 0; i < 64; i++) {
        handles[i] = CreateEventA(NULL, TRUE, FALSE, NULL);
        states[i] = winshm_bench_state(handles[i]);
        MUST(handles[i] != NULL && states[i] != NULL);
    }
    MUST(winshm_bench_lookup(handles, 64) == 0 && winshm_bench_direct(states, 64) == 0);
    compare("handle look-up, 1", direct_1, lookup_1, 20000, rounds, DIFFERENCE, "<= 5 ns");
    compare("handle look-up, 64 in one call", direct_64, lookup_64, 5000, rounds, DIFFERENCE,
            "(the call itself <= 80 ns)");
    return 0;
}
