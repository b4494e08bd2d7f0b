/*
 * caller.h - a thread that calls the library with hostile arguments: its memory, where
 * each argument ends before a page that nobody may touch, and what all threads share.
 */
#ifndef HOSTILE_CALLER_H
#define HOSTILE_CALLER_H

#include "check.h"
#include "faults/effort.h"
#include "table.h"

#include <SharedMemory.h>

#include <stdatomic.h>
#include <sys/mman.h>

enum { PAGE = 4096, SLOT = 80 * PAGE, HANDLE_KINDS = 9, HANDLES_OF_KIND = 16, PLACES = 64, PREY = 64 * PAGE };
static const char handle_kinds[] = "EMSTPFRXA"; /* as in table.h */

/* What one function was called with, and what came of it; the driver prints it after a crash. */
typedef struct TRACE {
    atomic_long calls;
    atomic_int function;
    _Atomic uint64_t arguments[MOST_ARGUMENTS];
} TRACE;

typedef struct CALLER {
    RANDOM random;
    TRACE *trace;
    char *slots[MOST_ARGUMENTS];          /* each ends before a page without access */
    uint64_t arguments[MOST_ARGUMENTS];   /* of this call */
    size_t capacity[MOST_ARGUMENTS];      /* bytes behind an argument that is a pointer */
    const char *words[MOST_ARGUMENTS];    /* of the table */
    int count, unit, wide;                /* arguments; bytes of a unit, and of a wide character */
    unsigned room, handles;               /* of the buffer, and of the array, of this call */
    long length;                          /* of the last string */
    char own_name[2];                     /* that only objects of the function's kind have */
    int is_alone;                         /* no other thread closes what this one uses */
    int is_tame;                          /* the first value of everything: the call should succeed */
    void *freed_afterwards;
} CALLER;

/* What the threads of a process close under each other. */
static _Atomic(HANDLE) handle_pool[HANDLE_KINDS][HANDLES_OF_KIND];
static _Atomic(HANDLE) stale_handles[HANDLES_OF_KIND];
static _Atomic(void *) places[PLACES]; /* views and allocations, some of them gone */
static atomic_uintptr_t highest_index;  /* of a handle */
static char *prey;                     /* pages that VirtualProtect may change */
static char *shared_page;              /* a view that is only written into */
static pid_t victim;                   /* a process that may be ended */

static int chance(CALLER *caller, unsigned one_in) { return !caller->is_tame && draw_below(&caller->random, one_in) == 0; }

static void give_memory(CALLER *caller)
{
    int i;

    for (i = 0; i < MOST_ARGUMENTS; ++i) {
        char *memory = mmap(NULL, SLOT + 2 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

        if (memory == MAP_FAILED || mprotect(memory + PAGE, SLOT, PROT_READ | PROT_WRITE) != 0) {
            perror("mmap");
            _exit(3);
        }
        caller->slots[i] = memory + PAGE;
    }
}

/* Memory of so many bytes for the argument `index`: it ends with its slot, or a little before, where it is
 * misaligned; now and then it is a page of a view, or the memory of another argument. */
static void *memory_for(CALLER *caller, int index, size_t size)
{
    char *end = caller->slots[index] + SLOT;

    if (chance(caller, 16) && size <= PAGE) {
        caller->capacity[index] = PAGE;
        return shared_page;
    }
    if (index > 0 && chance(caller, 12)) {
        int other = (int)draw_below(&caller->random, (unsigned)index);

        if (caller->capacity[other] >= size) {
            size_t spare = caller->capacity[other] - size;

            spare = spare == 0 ? 0 : draw_below(&caller->random, (unsigned)(spare < 64 ? spare : 64));
            caller->capacity[index] = caller->capacity[other] - spare;
            return (char *)(uintptr_t)caller->arguments[other] + spare;
        }
    }
    caller->capacity[index] = size + (caller->is_tame ? 0 : draw_below(&caller->random, 8));
    return end - caller->capacity[index];
}

static HANDLE pooled_handle(CALLER *caller, int kind)
{
    unsigned first = draw_below(&caller->random, HANDLES_OF_KIND), i;
    HANDLE handle = NULL;

    for (i = 0; i < HANDLES_OF_KIND && handle == NULL; ++i)
        handle = atomic_load(&handle_pool[kind][(first + i) % HANDLES_OF_KIND]);
    return handle;
}
enum { INDEX_BITS = 20, GENERATIONS = 512 }; /* of handles, as src/handle/number.rs has it */
static void note_index(uintptr_t handle)
{
    uintptr_t index = handle >> 2 & ((1 << INDEX_BITS) - 1), known = atomic_load(&highest_index);

    while (index > known && !atomic_compare_exchange_weak(&highest_index, &known, index))
        ;
}
/* Remembers a new handle; the one whose place it takes is closed. */
static void keep_handle(CALLER *caller, char kind, HANDLE handle)
{
    const char *found = strchr(handle_kinds, kind);
    HANDLE old;

    if (handle == NULL || handle == INVALID_HANDLE_VALUE || found == NULL)
        return;
    note_index((uintptr_t)handle);
    old = atomic_exchange(&handle_pool[found - handle_kinds][draw_below(&caller->random, HANDLES_OF_KIND)], handle);
    if (old != NULL) {
        atomic_store(&stale_handles[draw_below(&caller->random, HANDLES_OF_KIND)], old);
        if (kind == 'A')
            SharedMemoryClose((struct SharedMemory *)old);
        else
            CloseHandle(old);
    }
}
static void keep_place(CALLER *caller, void *place)
{
    void *old = atomic_exchange(&places[draw_below(&caller->random, PLACES)], place);

    if (old != NULL && !UnmapViewOfFile(old))
        VirtualFree(old, 0, MEM_RELEASE);
}

static uint64_t odd_handle(CALLER *caller)
{
    static const LONG_PTR known[] = {0, -1, -2, -3, -4, 1, 2, 3, 4, 8, 0x7FFFFFF4, 0x7FFFFFFF, 0x80000000, 0x100000004};

    switch (draw_below(&caller->random, 4)) {
    case 0:
        return (uint64_t)known[draw_below(&caller->random, sizeof known / sizeof *known)];
    case 1:
        return draw_below(&caller->random, 4096);
    case 2:
        return (uintptr_t)atomic_load(&stale_handles[draw_below(&caller->random, HANDLES_OF_KIND)]);
    default:
        return draw(&caller->random) >> draw_below(&caller->random, 64);
    }
}
/* A handle, mostly of this kind; 0: of any. */
static uint64_t draw_handle(CALLER *caller, char kind)
{
    const char *found = kind ? strchr(handle_kinds, kind) : NULL;
    unsigned draws = caller->is_tame ? 0 : draw_below(&caller->random, 16);

    if (draws >= 13)
        return odd_handle(caller) | (chance(caller, 8) ? 1 : 0);
    if (draws >= 10 || found == NULL)
        return (uintptr_t)pooled_handle(caller, (int)draw_below(&caller->random, HANDLE_KINDS));
    return (uintptr_t)pooled_handle(caller, (int)(found - handle_kinds));
}

/* Addresses that mean nothing, or nothing good. `outside`: only such as no process has. */
static uint64_t bad_address(CALLER *caller, int outside)
{
    static const uint64_t none[] = {1,          0x1000,     0xFFFF,     0x800000000000, 0x8000000000000000,
                                    0xFFFF800000000000, 0xFFFFFFFFFFFFFFFF, 0xFFFFFFFFFFFFFFF8, 0x1234567812345678,
                                    0xDEADBEEFDEADBEEF, 0x7FFFFFFFFFFFFFFF};

    if (outside || chance(caller, 2))
        return none[draw_below(&caller->random, sizeof none / sizeof *none)];
    return draw(&caller->random) >> draw_below(&caller->random, 64);
}

#endif
