/*
 * Data into shared memory and out of it: by memcpy through a mapping that is kept,
 * and as textbooks do it, who attach and detach a System V segment for each copy.
 */
#define _GNU_SOURCE
#include "contender.h"

#include "copying.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/shm.h>

static char *mapped;
static int segment, ends[2];

static void begin_mapped(void)
{
    char name[80];
    int file;
    begin_buffers();
    snprintf(name, sizeof name, "/%s", name_of("plain"));
    file = shm_open(name, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
    MUST(file >= 0 && shm_unlink(name) == 0 && ftruncate(file, (off_t)size) == 0);
    mapped = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    MUST(mapped != MAP_FAILED && close(file) == 0);
    memset(mapped, 0, size);
}

static void copy_mapped(void)
{
    memcpy(mapped, source, size);
    SOMEBODY_LOOKS();
    memcpy(destination, mapped, size);
    SOMEBODY_LOOKS();
}

/* Marked for removal while it is attached, which lets others attach it by its id. */
static void begin_segment(void)
{
    begin_buffers();
    segment = shmget(IPC_PRIVATE, size, IPC_CREAT | 0600);
    MUST(segment >= 0 && shmat(segment, NULL, 0) != (void *)-1 && shmctl(segment, IPC_RMID, NULL) == 0);
}

static void *attached(void)
{
    void *data = shmat(segment, NULL, 0);
    MUST(data != (void *)-1);
    return data;
}

static void copy_attached(void)
{
    void *data = attached();
    memcpy(data, source, size);
    MUST(shmdt(data) == 0);
    data = attached();
    memcpy(destination, data, size);
    MUST(shmdt(data) == 0);
}

static void begin_pipe(void)
{
    begin_buffers();
    MUST(pipe(ends) == 0);
}

static void copy_by_pipe(void)
{
    MUST(write(ends[1], source, size) == (ssize_t)size);
    MUST(read(ends[0], destination, size) == (ssize_t)size);
}

MEASURE(measure_mapped, copy_mapped())
MEASURE(measure_attached, copy_attached())
MEASURE(measure_pipe, copy_by_pipe())

static const struct contender contenders[] = {
    ALL_COPIES("memcpy", begin_mapped, measure_mapped, must_be_copied),
    FEW_COPIES("System V, attached per call", begin_segment, measure_attached, must_be_copied),
    COPY_OF("copy-8B", 8, "pipe", begin_pipe, measure_pipe, must_be_copied),
    COPY_OF("copy-4KiB", 4096, "pipe", begin_pipe, measure_pipe, must_be_copied),
};
CONTENDERS(contenders)
