/*
 * test_shared_memory_refused.c - arguments of the SharedMemory family that are
 * missing, and objects that are none: an error, not a crash.
 */
#include "shared_segments.h"

#define SIZE 20000 /* no whole number of pages */

/* NULL and zero where something is needed. */
static void missing_arguments_are_refused(int kind)
{
    const char *name = SEGMENT(kind, "missing");
    SharedMemory *memory = create(name, SIZE), *none = (SharedMemory *)&memory;
    char byte = 'b';

    FAILS(SharedMemoryCreate(NULL, SIZE, &none), SHARED_MEMORY_INVALID_PARAMETER);
    FAILS(SharedMemoryCreateMode(NULL, SIZE, 0600, &none), SHARED_MEMORY_INVALID_PARAMETER);
    FAILS(SharedMemoryOpen(NULL, &none), SHARED_MEMORY_INVALID_PARAMETER);
    FAILS(SharedMemoryOpenReadOnly(NULL, &none), SHARED_MEMORY_INVALID_PARAMETER);
    FAILS(SharedMemoryCreate(name, 0, &none), SHARED_MEMORY_INVALID_PARAMETER);
    FAILS(SharedMemoryCreate(SEGMENT(kind, "zero"), 0, &none), SHARED_MEMORY_INVALID_PARAMETER);
    CHECK(!raw_status(segment_names[segment_count - 1]).exists);
    FAILS(SharedMemoryCreate(name, SIZE, NULL), SHARED_MEMORY_INVALID_PARAMETER);
    FAILS(SharedMemoryOpen(name, NULL), SHARED_MEMORY_INVALID_PARAMETER);
    FAILS(SharedMemoryOpenReadOnly(name, NULL), SHARED_MEMORY_INVALID_PARAMETER);
    FAILS(SharedMemoryWrite(memory, NULL, 1), SHARED_MEMORY_INVALID_PARAMETER);
    FAILS(SharedMemoryWrite(memory, &byte, 0), SHARED_MEMORY_INVALID_PARAMETER);
    FAILS(SharedMemoryWriteAt(memory, 1, NULL, 1), SHARED_MEMORY_INVALID_PARAMETER);
    FAILS(SharedMemoryWriteAt(memory, 1, &byte, 0), SHARED_MEMORY_INVALID_PARAMETER);
    FAILS(SharedMemoryRead(memory, NULL, 1), SHARED_MEMORY_INVALID_PARAMETER);
    FAILS(SharedMemoryRead(memory, &byte, 0), SHARED_MEMORY_INVALID_PARAMETER);
    FAILS(SharedMemoryReadAt(memory, 1, NULL, 1), SHARED_MEMORY_INVALID_PARAMETER);
    FAILS(SharedMemoryReadAt(memory, 1, &byte, 0), SHARED_MEMORY_INVALID_PARAMETER);
    FAILS(SharedMemoryStat(memory, NULL), SHARED_MEMORY_INVALID_PARAMETER);
    CHECK(byte == 'b' && none == (SharedMemory *)&memory && stat_of(memory).sequence == 0);
    WORKS(SharedMemoryFree(memory));
}

/* Every function, with something that is no open object. */
static void refused_as_stale(SharedMemory *stale)
{
    SharedMemoryInfo info, before;
    uint64_t sequence = 0;
    size_t size = 77;
    char byte = 'b';
    int failures = check_failures;

    memset(&info, 0x33, sizeof info);
    info.struct_size = sizeof info;
    before = info;
    FAILS(SharedMemoryWrite(stale, &byte, 1), SHARED_MEMORY_STALE);
    FAILS(SharedMemoryRead(stale, &byte, 1), SHARED_MEMORY_STALE);
    FAILS(SharedMemoryWriteAt(stale, 1, &byte, 1), SHARED_MEMORY_STALE);
    FAILS(SharedMemoryReadAt(stale, 1, &byte, 1), SHARED_MEMORY_STALE);
    FAILS(SharedMemoryWait(stale, &sequence, 0), SHARED_MEMORY_STALE);
    FAILS(SharedMemoryWait(stale, &sequence, SHARED_MEMORY_FOREVER), SHARED_MEMORY_STALE);
    FAILS(SharedMemoryStat(stale, &info), SHARED_MEMORY_STALE);
    FAILS(SharedMemorySetMode(stale, 0600), SHARED_MEMORY_STALE);
    CHECK_ERROR(SharedMemoryData(stale, &size), ERROR_INVALID_HANDLE);
    FAILS(SharedMemoryClose(stale), SHARED_MEMORY_STALE);
    FAILS(SharedMemoryFree(stale), SHARED_MEMORY_STALE);
    CHECK(byte == 'b' && sequence == 0 && size == 77 && memcmp(&info, &before, sizeof info) == 0);
    if (check_failures != failures)
        fprintf(stderr, "... with the object %p\n", (void *)stale);
}

/* Pointers that never were one, objects that are closed, and objects of another kind; a living one takes no notice. */
static void what_is_no_object_is_an_error(int kind)
{
    const char *name = SEGMENT(kind, "stale");
    SharedMemory *first = create(name, SIZE), *second = NULL, *living = NULL;
    HANDLE event = CreateEventA(NULL, TRUE, FALSE, NULL), mapping = new_memory(PAGE_READWRITE, 4096, NULL);
    char local[64] = "garbage", *heap = (char *)calloc(1, 4096);

    FINDS(SharedMemoryCreate(name, SIZE, &second));
    WORKS(SharedMemoryClose(second));
    refused_as_stale(second);
    WORKS(SharedMemoryOpen(name, &living));
    CHECK(living != second);
    refused_as_stale(second);
    WORKS(SharedMemoryFree(first));
    refused_as_stale(first);
    refused_as_stale(NULL);
    refused_as_stale((SharedMemory *)(uintptr_t)1);
    refused_as_stale((SharedMemory *)(uintptr_t)0x1000);
    refused_as_stale((SharedMemory *)GARBAGE_HANDLE);
    refused_as_stale((SharedMemory *)(uintptr_t)0xFFFF800000000000ull);
    refused_as_stale((SharedMemory *)(uintptr_t)0x123456789ABCDEF0ull);
    refused_as_stale((SharedMemory *)(intptr_t)-1);
    refused_as_stale((SharedMemory *)(intptr_t)-2);
    refused_as_stale((SharedMemory *)local);
    refused_as_stale((SharedMemory *)heap);
    refused_as_stale((SharedMemory *)((uintptr_t)living + 4)); /* the two lowest bits do not count, as in a HANDLE */
    refused_as_stale((SharedMemory *)SharedMemoryData(living, NULL));
    refused_as_stale((SharedMemory *)event);
    refused_as_stale((SharedMemory *)mapping);
    CHECK(CloseHandle(event) && CloseHandle(mapping));
    refused_as_stale((SharedMemory *)mapping);
    CHECK(strcmp(local, "garbage") == 0 && all_are(heap, 4096, 0));
    CHECK(paint(living, 0, SIZE, 'l') == 0 && reads(living, 0, SIZE, 'l'));
    WORKS(SharedMemoryClose(living));
    free(heap);
}

int main(void)
{
    check_begin();
    OF_EVERY_KIND(missing_arguments_are_refused);
    OF_EVERY_KIND(what_is_no_object_is_an_error);
    return check_end();
}
