/*
 * leak_shared_memory.c - what the SharedMemory family opens it gives back: file
 * descriptors, mappings, attachments, files. Every story is told twice, and the
 * second time must leave exactly what the first time left.
 *
 * Runs under Valgrind, which looks after the heap meanwhile.
 */
#include "broken_writers.h"
#include "leaks.h"

enum { MANY = 150, SIZE = 20000 };

static void (*told)(int kind);
static void told_twice_of(int kind)
{
    FOOTPRINT first;

    told(kind);
    first = footprint();
    told(kind);
    same_footprint(first, footprint(), "one kind of segment");
}
#define TOLD_TWICE(story) (told = story, tell(told_twice_of, #story, WINSHM))

/* One after the other, by every way in, each closed or freed. */
static void segments_come_and_go(int kind)
{
    const char *name = SEGMENT(kind, "go");
    int i;

    for (i = 0; i < MANY; ++i) {
        SharedMemory *memory = NULL, *again = NULL, *opened = NULL, *reader = NULL;

        CHECK(SharedMemoryCreate(name, SIZE, &memory) == 0 && SharedMemoryCreateMode(name, SIZE, 0644, &again) == 0);
        CHECK(SharedMemoryOpen(name, &opened) == 0 && SharedMemoryOpenReadOnly(name, &reader) == 0);
        CHECK(paint(memory, 0, SIZE, i) == 0 && reads(reader, 0, SIZE, i) && SharedMemoryData(opened, NULL) != NULL);
        CHECK(stat_of(again).size == SIZE);
        CHECK(SharedMemoryClose(again) == 0 && SharedMemoryClose(reader) == 0 && SharedMemoryClose(opened) == 0);
        CHECK(SharedMemoryFree(memory) == 0);
    }
    CHECK(!raw_status(name).exists);
}

/* Again and again the same segment, which stays while nobody has it (if its kind does). */
static void one_segment_is_opened_again_and_again(int kind)
{
    const char *name = SEGMENT(kind, "again");
    SharedMemory *memory = NULL;
    int i;

    for (i = 0; i < MANY; ++i) {
        CHECK(SharedMemoryCreate(name, SIZE, &memory) == 0 && paint(memory, 0, 100, i) == 0);
        CHECK(SharedMemoryClose(memory) == 0 && raw_status(name).attached == 0);
    }
    CHECK(SharedMemoryCreate(name, SIZE, &memory) == 0 && SharedMemoryFree(memory) == 0);
}

/* Many at once, gone in another order than they came. */
static void many_live_together(int kind)
{
    enum { TOGETHER = 24 };
    SharedMemory *memory[TOGETHER] = {NULL}, *readers[TOGETHER] = {NULL};
    int i;

    for (i = 0; i < TOGETHER; ++i) {
        const char *name = SEGMENT(kind, "together");

        CHECK(SharedMemoryCreate(name, SIZE, &memory[i]) == 0 && SharedMemoryOpenReadOnly(name, &readers[i]) == 0);
        CHECK(paint(memory[i], 0, SIZE, i) == 0);
    }
    for (i = 0; i < TOGETHER; ++i) {
        int k = i * 7 % TOGETHER;

        CHECK(reads(readers[k], 0, SIZE, k));
        if (k % 2 == 0)
            CHECK(SharedMemoryClose(readers[k]) == 0 && SharedMemoryFree(memory[k]) == 0);
        else
            CHECK(SharedMemoryFree(memory[k]) == 0 && SharedMemoryClose(readers[k]) == 0);
    }
}

/* Calls that fail keep nothing, however far they got. */
static void failures_keep_nothing(int kind)
{
    const char *name = SEGMENT(kind, "fail"), *absent = SEGMENT(kind, "absent");
    SharedMemory *memory = NULL, *reader = NULL, *none = NULL;
    uint64_t sequence = 0;
    int i;

    CHECK(SharedMemoryCreate(name, SIZE, &memory) == 0 && SharedMemoryOpenReadOnly(name, &reader) == 0);
    for (i = 0; i < MANY; ++i) {
        CHECK(SharedMemoryCreate(name, SIZE * 2, &none) != 0 && SharedMemoryCreate(name, 0, &none) != 0);
        CHECK(SharedMemoryCreate(name, SIZE, NULL) != 0 && SharedMemoryOpen(name, NULL) != 0);
        CHECK(SharedMemoryOpen(absent, &none) != 0 && SharedMemoryOpenReadOnly(absent, &none) != 0);
        CHECK(SharedMemoryCreateMode(absent, SIZE, 01777, &none) != 0 && SharedMemoryOpen("SysV\\", &none) != 0);
        CHECK(SharedMemoryCreate(absent, (size_t)1 << 62, &none) != 0 && !raw_status(absent).exists);
        CHECK(SharedMemoryWrite(reader, "x", 1) != 0 && SharedMemoryWriteAt(memory, SIZE, "x", 1) != 0);
        CHECK(SharedMemoryWait(memory, &sequence, 0) != 0 && SharedMemoryClose(none) != 0);
    }
    CHECK(none == NULL);
    CHECK(SharedMemoryClose(reader) == 0 && SharedMemoryFree(memory) == 0);
}

/* What a writer's death left is gone with the segment. */
static void deaths_leave_nothing(int kind)
{
    int i;

    for (i = 0; i < 5; ++i) {
        const char *name = SEGMENT(kind, "death");
        SharedMemory *memory = NULL;

        CHECK(SharedMemoryCreate(name, SIZE, &memory) == 0);
        a_writer_dies(name, 1000, 10000, 'n', EXITS);
        CHECK(refuses(memory, 0, SIZE, SHARED_MEMORY_TORN));
        CHECK(SharedMemoryFree(memory) == 0);
    }
}

int main(void)
{
    check_begin();
    use_private_directory();
    TOLD_TWICE(segments_come_and_go);
    TOLD_TWICE(one_segment_is_opened_again_and_again);
    TOLD_TWICE(many_live_together);
    TOLD_TWICE(failures_keep_nothing);
    TOLD_TWICE(deaths_leave_nothing);
    CHECK(remove_object_directory());
    return check_end();
}
