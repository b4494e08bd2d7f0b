/*
 * broken_writers.h - writers that come to grief half way, for the tests of the
 * SharedMemory family. The data of such a write end in pages that cannot be read,
 * so that the copy faults when half of it is done.
 */
#ifndef BROKEN_WRITERS_H
#define BROKEN_WRITERS_H

#include "shared_segments.h"

/* What the writer does then, in its handler of SIGSEGV. */
typedef enum GRIEF {
    FAULTS, /* nothing: it dies of SIGSEGV */
    EXITS,  /* it ends with exit code 40 */
    PARKS   /* it passes the turn and sleeps; with the next turn the pages are there, and the copy goes on */
} GRIEF;

static char *missing_pages;
static size_t missing_size;

static inline void leave(int number)
{
    (void)number;
    _exit(40);
}
static inline void park(int number)
{
    char turn;

    (void)number;
    pass_turn(&parent);
    if (read(parent.from, &turn, 1) != 1)
        _exit(41);
    /* The pages hold what the program wrote there: mprotect does not change it. */
    mprotect(missing_pages, missing_size, PROT_READ);
}
/* `size` bytes, all this byte, half of which are missing. */
static inline char *broken_data(size_t size, int byte)
{
    size_t half = size / 2, good = (half + 4095) / 4096 * 4096;
    char *pages;

    missing_size = (size - half + 4095) / 4096 * 4096;
    pages = (char *)mmap(NULL, good + missing_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    memset(pages, byte, good + missing_size);
    missing_pages = pages + good;
    mprotect(missing_pages, missing_size, PROT_NONE);
    return pages + good - half;
}
static inline void prepare_for(GRIEF grief)
{
    const struct rlimit no_core = {0, 0};
    struct sigaction action;

    setrlimit(RLIMIT_CORE, &no_core);
    memset(&action, 0, sizeof action);
    action.sa_handler = grief == FAULTS ? SIG_DFL : grief == EXITS ? leave : park;
    sigaction(SIGSEGV, &action, NULL);
}
/* A new process that opens the segment and writes this byte over the range, as far as it gets. Its end with 0: all. */
static inline PEER start_writer(const char *name, size_t offset, size_t size, int byte, GRIEF grief)
{
    PEER writer = fork_peer();

    if (writer.pid == 0) {
        SharedMemory *memory = NULL;

        if (SharedMemoryOpen(name, &memory) != 0)
            _exit(30);
        prepare_for(grief);
        _exit(SharedMemoryWriteAt(memory, offset, broken_data(size, byte), size) == 0 ? 0 : 31);
    }
    return writer;
}
/* Such a writer lived and died, in the middle. */
static inline void a_writer_dies(const char *name, size_t offset, size_t size, int byte, GRIEF grief)
{
    PEER writer = start_writer(name, offset, size, byte, grief);

    if (grief == PARKS) {
        await_turn(&writer);
        CHECK(kill_peer(&writer) == 128 + SIGKILL);
    } else {
        CHECK(end_of(&writer) == (grief == EXITS ? 40 : 128 + SIGSEGV));
    }
}

#endif
