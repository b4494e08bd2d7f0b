/*
 * Data into shared memory and out of it by SharedMemoryWrite and Read, in segments
 * of all three kinds.
 */
#define _GNU_SOURCE
#include <SharedMemory.h>
#include <windows.h>

#define LAST_ERROR GetLastError()
#include "contender.h"

#include "copying.h"

#include <sys/shm.h>

static SharedMemory *memory;

static void begin(const char *name)
{
    begin_buffers();
    MUST(SharedMemoryCreate(name, size, &memory) == 0 && GetLastError() != ERROR_ALREADY_EXISTS);
}

static void begin_own(void) { begin(name_of("memory")); }

static void begin_posix(void)
{
    char name[80];
    snprintf(name, sizeof name, "/%s", name_of("memory"));
    begin(name);
}

/* A key that nobody uses. */
static void begin_system_v(void)
{
    char name[32];
    key_t key = (key_t)(0x77000000 | (run & 0xFFFFFF));
    while (shmget(key, 0, 0) >= 0 || errno == EACCES)
        key++;
    snprintf(name, sizeof name, "SysV\\0x%x", (unsigned)key);
    begin(name);
}

static void write_and_read(void)
{
    MUST(SharedMemoryWrite(memory, source, size) == 0);
    MUST(SharedMemoryRead(memory, destination, size) == 0);
}

static void end(void)
{
    must_be_copied();
    MUST(SharedMemoryFree(memory) == 0);
}

MEASURE(measure, write_and_read())

static const struct contender contenders[] = {
    ALL_COPIES("winshm", begin_own, measure, end),
    FEW_COPIES("winshm, a POSIX segment", begin_posix, measure, end),
    FEW_COPIES("winshm, a System V segment", begin_system_v, measure, end),
};
CONTENDERS(contenders)
