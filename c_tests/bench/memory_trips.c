/*
 * Round trips by SharedMemoryWrite and SharedMemoryWait.
 */
#define _GNU_SOURCE
#include <SharedMemory.h>
#include <windows.h>

#define LAST_ERROR GetLastError()
#include "contender.h"

#include <stdint.h>

static SharedMemory *there, *back;
static uint64_t there_sequence, back_sequence, there_began, back_began, message;

static SharedMemory *created(const char *what)
{
    SharedMemory *memory;
    MUST(SharedMemoryCreate(name_of(what), sizeof message, &memory) == 0 && GetLastError() != ERROR_ALREADY_EXISTS);
    return memory;
}

static uint64_t sequence_of(SharedMemory *memory)
{
    SharedMemoryInfo info = {.struct_size = sizeof info};
    MUST(SharedMemoryStat(memory, &info) == 0);
    return info.sequence;
}

static void begin(void)
{
    there = created("there");
    back = created("back");
    /* The partner, who is forked, knows them, too. */
    there_began = there_sequence = sequence_of(there);
    back_began = back_sequence = sequence_of(back);
}

static void answer(void)
{
    MUST(SharedMemoryOpen(name_of("there"), &there) == 0 && SharedMemoryOpen(name_of("back"), &back) == 0);
    for (;;) {
        MUST(SharedMemoryWait(there, &there_sequence, SHARED_MEMORY_FOREVER) == 0);
        MUST(SharedMemoryWrite(back, &message, sizeof message) == 0);
    }
}

static void trip(void)
{
    uint64_t before = back_sequence;
    MUST(SharedMemoryWrite(there, &message, sizeof message) == 0);
    MUST(SharedMemoryWait(back, &back_sequence, SHARED_MEMORY_FOREVER) == 0);
    MUST(back_sequence == before + 1);
}

static void end(void)
{
    MUST(sequence_of(there) - there_began == sequence_of(back) - back_began); /* each write was answered */
    MUST(SharedMemoryFree(there) == 0 && SharedMemoryFree(back) == 0);
}

MEASURE(measure, trip())

static const struct contender contenders[] = {
    {"memory-ping-pong-one-core", "winshm", begin, measure, end, 0, 0, answer},
    {"memory-ping-pong", "winshm", begin, measure, end, 0, 0, answer},
};
CONTENDERS(contenders)
