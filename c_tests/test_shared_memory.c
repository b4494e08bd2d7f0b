/*
 * test_shared_memory.c - the SharedMemory family in one process: what is made
 * and opened, written and read. Names are in test_shared_memory_names.c, refusals
 * in test_shared_memory_refused.c, what is told about segments in
 * test_shared_memory_info.c, waiting in test_shared_memory_wait.c.
 */
#include "shared_segments.h"

#define SIZE 20000 /* no whole number of pages */

/* The story of the documents: create, write, read, free. New memory is zero; after Free the name is unknown. */
static void create_write_read_free(int kind)
{
    const char *name = SEGMENT(kind, "hello");
    SharedMemory *memory = create(name, SIZE), *none = (SharedMemory *)&memory;
    char text[32];

    memset(text, '.', sizeof text);
    CHECK(reads(memory, 0, SIZE, 0));
    WORKS(SharedMemoryWrite(memory, "hello", 6));
    WORKS(SharedMemoryRead(memory, text, 6));
    CHECK(strcmp(text, "hello") == 0 && all_are(text + 6, sizeof text - 6, '.'));
    CHECK(reads(memory, 6, SIZE - 6, 0));
    WORKS(SharedMemoryWriteAt(memory, SIZE - 6, "there", 6));
    WORKS(SharedMemoryReadAt(memory, SIZE - 6, text, 6));
    CHECK(strcmp(text, "there") == 0 && all_are(text + 6, sizeof text - 6, '.') && reads(memory, 6, SIZE - 12, 0));
    WORKS(SharedMemoryFree(memory));
    FAILS(SharedMemoryOpen(name, &none), SHARED_MEMORY_NOT_FOUND);
    FAILS(SharedMemoryOpenReadOnly(name, &none), SHARED_MEMORY_NOT_FOUND);
    CHECK(none == (SharedMemory *)&memory);
    CHECK(!raw_status(name).exists);
    memory = create(name, SIZE);
    CHECK(reads(memory, 0, SIZE, 0));
    WORKS(SharedMemoryFree(memory));
}

/* Bytes of every value, at odd places and in odd numbers: the segment and the buffer have them there and only there. */
static void bytes_arrive_as_they_are(int kind)
{
    static const size_t sizes[] = {1,   2,   3,   7,   8,   9,   15,  16,   17,   31,   33,   63,  64,
                                   65,  100, 127, 128, 129, 255, 256, 257,  1000, 4095, 4096, 4097, 15000};
    static const size_t offsets[] = {0, 1, 7, 8, 63, 4090};
    static unsigned char expected[SIZE], all[SIZE], part[SIZE + 2];
    SharedMemory *memory = create(SEGMENT(kind, "bytes"), SIZE);
    unsigned right = 0, i, j, seed = 1;
    size_t k;

    memset(expected, 0, sizeof expected);
    for (i = 0; i < sizeof sizes / sizeof sizes[0]; ++i)
        for (j = 0; j < sizeof offsets / sizeof offsets[0]; ++j) {
            size_t size = sizes[i], offset = offsets[j];

            for (k = 0; k < size; ++k)
                part[k] = expected[offset + k] = (unsigned char)((seed = seed * 1103515245u + 12345u) >> 16);
            right += SharedMemoryWriteAt(memory, offset, part, size) == 0;
            memset(all, 0xEE, sizeof all);
            right += SharedMemoryRead(memory, all, SIZE) == 0 && memcmp(all, expected, SIZE) == 0;
            memset(part, 0xEE, sizeof part);
            right += SharedMemoryReadAt(memory, offset, part + 1, size) == 0 && part[0] == 0xEE && part[size + 1] == 0xEE &&
                     memcmp(part + 1, expected + offset, size) == 0;
        }
    CHECK(right == 3 * i * j);
    WORKS(SharedMemoryFree(memory));
}

/* Megabytes arrive like bytes. */
static void large_ones_arrive_whole(int kind)
{
    enum { LARGE = 20 * 1024 * 1024 + 5 };
    SharedMemory *memory = create(SEGMENT(kind, "large"), LARGE);
    unsigned char *source = (unsigned char *)malloc(LARGE + 2), *target = (unsigned char *)calloc(LARGE + 2, 1);
    unsigned i;

    for (i = 0; i < LARGE + 2; ++i)
        source[i] = (unsigned char)(i * 7 + i / 251 + i / 65521);
    WORKS(SharedMemoryWrite(memory, source + 1, LARGE));
    WORKS(SharedMemoryRead(memory, target + 1, LARGE));
    CHECK(memcmp(source + 1, target + 1, LARGE) == 0 && target[0] == 0 && target[LARGE + 1] == 0);
    free(source), free(target);
    WORKS(SharedMemoryFree(memory));
}

/* What would reach beyond the end is refused whole, also where the sum overflows: nothing is copied, nothing counted. */
static void lengths_end_at_the_segment(int kind)
{
    static const size_t beyond[][2] = {{0, SIZE + 1},        {1, SIZE},           {SIZE, 1},
                                       {SIZE - 1, 2},        {SIZE + 1, 1},       {(size_t)-1, 1},
                                       {(size_t)-1, 2},      {(size_t)-8, 8},     {(size_t)-8, 16},
                                       {(size_t)1 << 63, 1}, {SIZE * 1000ul, SIZE}};
    static char buffer[SIZE + 1];
    SharedMemory *memory = create(SEGMENT(kind, "lengths"), SIZE);
    size_t i;

    CHECK(paint(memory, 0, SIZE, 'a') == 0);
    for (i = 0; i < sizeof beyond / sizeof beyond[0]; ++i) {
        FAILS(SharedMemoryWriteAt(memory, beyond[i][0], buffer, beyond[i][1]), SHARED_MEMORY_BAD_LENGTH);
        CHECK(refuses(memory, beyond[i][0], beyond[i][1], SHARED_MEMORY_BAD_LENGTH));
    }
    FAILS(SharedMemoryWrite(memory, buffer, (size_t)-1), SHARED_MEMORY_BAD_LENGTH);
    FAILS(SharedMemoryRead(memory, buffer, (size_t)-1), SHARED_MEMORY_BAD_LENGTH);
    CHECK(reads(memory, 0, SIZE, 'a') && reads(memory, SIZE - 1, 1, 'a'));
    CHECK(stat_of(memory).sequence == 1);
    WORKS(SharedMemoryFree(memory));
}

/* A second Create opens what is there, as it is; to ask for less is no mistake, to ask for more is. */
static void create_on_an_existing_name_opens(int kind)
{
    const char *name = SEGMENT(kind, "existing");
    SharedMemory *first = create(name, SIZE), *second = NULL, *none = (SharedMemory *)&first;

    CHECK(paint(first, 0, SIZE, 'x') == 0);
    FINDS(SharedMemoryCreate(name, SIZE, &second));
    CHECK(second != first && stat_of(first).created == 1 && stat_of(second).created == 0);
    CHECK(reads(second, 0, SIZE, 'x') && paint(second, 5, 1, 'y') == 0 && reads(first, 5, 1, 'y'));
    WORKS(SharedMemoryClose(second));
    FINDS(SharedMemoryCreateMode(name, 1, 0666, &second));
    CHECK(stat_of(second).size == SIZE && stat_of(second).mode == 0600 && reads(second, 0, 5, 'x'));
    WORKS(SharedMemoryClose(second));
    FAILS(SharedMemoryCreate(name, SIZE + 1, &none), SHARED_MEMORY_BAD_LENGTH);
    FAILS(SharedMemoryCreate(name, SIZE * 100, &none), SHARED_MEMORY_BAD_LENGTH);
    CHECK(none == (SharedMemory *)&first);
    WORKS(SharedMemoryOpen(name, &second));
    CHECK(stat_of(second).created == 0 && stat_of(second).size == SIZE && reads(second, 6, SIZE - 6, 'x'));
    WORKS(SharedMemoryClose(first));
    CHECK(paint(second, 0, SIZE, 'z') == 0 && reads(second, 0, SIZE, 'z'));
    WORKS(SharedMemoryFree(second));
}

/* Close is not Free: POSIX and System V segments stay until they are freed, winshm's vanish with the last who has them. */
static void close_keeps_what_free_destroys(int kind)
{
    const char *name = SEGMENT(kind, "close");
    SharedMemory *memory = create(name, SIZE), *again = NULL;

    CHECK(paint(memory, 0, SIZE, 'k') == 0);
    WORKS(SharedMemoryClose(memory));
    if (kind == WINSHM) {
        FAILS(SharedMemoryOpen(name, &again), SHARED_MEMORY_NOT_FOUND);
        return;
    }
    CHECK(raw_status(name).exists && raw_status(name).attached == 0);
    WORKS(SharedMemoryOpen(name, &again));
    CHECK(reads(again, 0, SIZE, 'k'));
    WORKS(SharedMemoryFree(again));
    CHECK(!raw_status(name).exists);
}

/* Who opened it for reading reads, and writes in no way. */
static void put(void *address) { *(volatile char *)address = 1; }
static void read_only_is_read_only(int kind)
{
    const char *name = SEGMENT(kind, "readonly");
    SharedMemory *writer = create(name, SIZE), *reader = NULL;
    char *data;

    CHECK(paint(writer, 0, SIZE, 'r') == 0);
    WORKS(SharedMemoryOpenReadOnly(name, &reader));
    CHECK(stat_of(reader).read_only == 1 && stat_of(writer).read_only == 0);
    CHECK(reads(reader, 0, SIZE, 'r'));
    FAILS(SharedMemoryWrite(reader, "x", 1), SHARED_MEMORY_ACCESS_DENIED);
    FAILS(SharedMemoryWriteAt(reader, SIZE - 1, "x", 1), SHARED_MEMORY_ACCESS_DENIED);
    data = (char *)SharedMemoryData(reader, NULL);
    if (CHECK(data != NULL))
        CHECK(data[SIZE - 1] == 'r' && crashes(put, data));
    CHECK(paint(writer, 0, SIZE, 's') == 0 && reads(reader, 0, SIZE, 's'));
    CHECK(stat_of(reader).sequence == 2);
    WORKS(SharedMemoryClose(reader));
    WORKS(SharedMemoryFree(writer));
}

/* The memory itself: one address as long as it is open, where every write is to be seen. */
static void the_data_are_the_segment(int kind)
{
    SharedMemory *memory = create(SEGMENT(kind, "data"), SIZE);
    size_t size = 77;
    char *data;

    SetLastError(SENTINEL);
    data = (char *)SharedMemoryData(memory, &size);
    if (!CHECK(data != NULL && GetLastError() == SENTINEL && size == SIZE))
        return;
    CHECK(paint(memory, 3, 1, 'd') == 0 && data[3] == 'd' && data[2] == 0);
    data[SIZE - 1] = 'e';
    CHECK(reads(memory, SIZE - 1, 1, 'e') && SharedMemoryData(memory, NULL) == data);
    WORKS(SharedMemoryFree(memory));
    size = 77;
    CHECK_ERROR(SharedMemoryData(memory, &size), ERROR_INVALID_HANDLE);
    CHECK(size == 77);
}

int main(void)
{
    check_begin();
    OF_EVERY_KIND(create_write_read_free);
    OF_EVERY_KIND(bytes_arrive_as_they_are);
    OF_EVERY_KIND(large_ones_arrive_whole);
    OF_EVERY_KIND(lengths_end_at_the_segment);
    OF_EVERY_KIND(create_on_an_existing_name_opens);
    OF_EVERY_KIND(close_keeps_what_free_destroys);
    OF_EVERY_KIND(read_only_is_read_only);
    OF_EVERY_KIND(the_data_are_the_segment);
    return check_end();
}
