/*
 * process_shared_memory_torn.c - writers that die in the middle of a write. Nobody
 * is given half of it: reads that touch its range are refused until it is written
 * anew, reads beside it go on. Writers that only stop there are in
 * process_shared_memory_stopped.c.
 *
 * Where a writer dies is no matter of luck: its data end in pages that are missing
 * (see broken_writers.h).
 */
#include "broken_writers.h"

#define SIZE 100000
#define TORN SHARED_MEMORY_TORN

/* However it dies: one byte of its range is enough to be refused, and what was open before, or read-only, knows it too. */
static void reads_that_touch_it_are_refused(int kind)
{
    static const GRIEF griefs[] = {FAULTS, EXITS, PARKS};
    int i;

    for (i = 0; i < 3; ++i) {
        const char *name = SEGMENT(kind, "touch");
        SharedMemory *memory = create_full(name, SIZE), *other, *reader = NULL;

        WORKS(SharedMemoryOpenReadOnly(name, &reader));
        a_writer_dies(name, 10000, 20000, 'n', griefs[i]);
        CHECK(refuses(i == 1 ? reader : memory, 10000, 20000, TORN));
        other = open_it(name);
        CHECK(refuses(memory, 0, SIZE, TORN) && refuses(reader, 0, SIZE, TORN) && refuses(other, 0, SIZE, TORN));
        CHECK(refuses(memory, 10000, 1, TORN) && refuses(memory, 29999, 1, TORN) && refuses(memory, 15000, 10, TORN));
        CHECK(refuses(reader, 9999, 2, TORN) && refuses(other, 29999, 2, TORN) && refuses(other, 0, 10001, TORN));
        CHECK(reads(memory, 0, 10000, 'o') && reads(memory, 30000, SIZE - 30000, 'o'));
        CHECK(reads(reader, 9999, 1, 'o') && reads(other, 30000, 1, 'o'));
        /* It was no write, and counts as none. */
        CHECK(stat_of(memory).sequence == 1 && stat_of(reader).sequence == 1);
        CHECK(paint(other, 5000, 30000, 'h') == 0);
        CHECK(reads(memory, 0, 5000, 'o') && reads(memory, 5000, 30000, 'h') && reads(memory, 35000, SIZE - 35000, 'o'));
        CHECK(reads(reader, 10000, 20000, 'h'));
        CHECK(stat_of(reader).sequence == 2);
        WORKS(SharedMemoryClose(other));
        WORKS(SharedMemoryClose(reader));
        WORKS(SharedMemoryFree(memory));
    }
}

/* A write heals what it covers, no byte more, wherever it lies in the range. */
static void a_write_heals_what_it_covers(int kind)
{
    static char whole[SIZE];
    const char *name = SEGMENT(kind, "heal");
    SharedMemory *memory = create_full(name, SIZE);

    a_writer_dies(name, 10000, 20000, 'n', EXITS);
    CHECK(paint(memory, 15000, 5000, '1') == 0); /* the middle: two ranges are left */
    CHECK(reads(memory, 15000, 5000, '1'));
    CHECK(refuses(memory, 14999, 2, TORN) && refuses(memory, 19999, 2, TORN));
    CHECK(refuses(memory, 10000, 5000, TORN) && refuses(memory, 20000, 10000, TORN));
    CHECK(paint(memory, 9000, 2000, '2') == 0); /* over the beginning */
    CHECK(reads(memory, 9000, 2000, '2') && refuses(memory, 11000, 1, TORN) && refuses(memory, 10999, 2, TORN));
    CHECK(paint(memory, 29000, 1000, '3') == 0); /* up to the end */
    CHECK(reads(memory, 29000, 1000, '3') && refuses(memory, 28999, 1, TORN) && reads(memory, 30000, 1, 'o'));
    CHECK(paint(memory, 11000, 3999, '4') == 0); /* all but a byte */
    CHECK(reads(memory, 11000, 3999, '4') && refuses(memory, 14999, 1, TORN));
    CHECK(paint(memory, 0, 9000, '5') == 0 && paint(memory, 30000, 100, '6') == 0); /* beside it */
    CHECK(refuses(memory, 14999, 1, TORN) && refuses(memory, 20000, 9000, TORN));
    CHECK(paint(memory, 14999, 1, '7') == 0 && reads(memory, 14999, 1, '7') && refuses(memory, 0, SIZE, TORN));
    CHECK(paint(memory, 19000, 11000, '8') == 0 && reads(memory, 19000, 11000, '8'));
    CHECK(SharedMemoryRead(memory, whole, SIZE) == 0 && whole[14999] == '7' && whole[20000] == '8' && whole[30099] == '6');
    WORKS(SharedMemoryFree(memory));
}

/* Several writers die in several places: each place is refused, what lies between is not; each is healed by itself. */
static void several_ranges_are_torn(int kind)
{
    const char *name = SEGMENT(kind, "several");
    SharedMemory *memory = create_full(name, SIZE);
    int i, torn = 0, healed = 0;

    a_writer_dies(name, 1000, 5000, '1', EXITS);
    a_writer_dies(name, 20000, 5000, '2', FAULTS);
    a_writer_dies(name, 40000, 5000, '3', PARKS);
    CHECK(refuses(memory, 1000, 5000, TORN) && refuses(memory, 20000, 5000, TORN) && refuses(memory, 40000, 5000, TORN));
    CHECK(reads(memory, 0, 1000, 'o') && reads(memory, 6000, 14000, 'o') && reads(memory, 25000, 15000, 'o'));
    CHECK(reads(memory, 45000, SIZE - 45000, 'o') && refuses(memory, 5000, 20000, TORN));
    CHECK(paint(memory, 20000, 5000, 'h') == 0 && reads(memory, 6000, 14000, 'o') && reads(memory, 20000, 5000, 'h'));
    CHECK(refuses(memory, 1000, 5000, TORN) && refuses(memory, 40000, 5000, TORN));
    /* One dies over a torn range, and one while it heals another: both ranges are torn as far as either went. */
    a_writer_dies(name, 4000, 6000, '4', EXITS);
    a_writer_dies(name, 39000, 8000, '5', EXITS);
    CHECK(refuses(memory, 1000, 1, TORN) && refuses(memory, 9999, 1, TORN) && refuses(memory, 5999, 2, TORN));
    CHECK(refuses(memory, 39000, 1, TORN) && refuses(memory, 46999, 1, TORN));
    CHECK(reads(memory, 0, 1000, 'o') && reads(memory, 10000, 10000, 'o') && reads(memory, 47000, SIZE - 47000, 'o'));
    CHECK(paint(memory, 0, SIZE, 'w') == 0 && reads(memory, 0, SIZE, 'w'));
    /* So many that nobody keeps a list of them: none is forgotten, and what lies beyond them all is not refused. */
    for (i = 0; i < 60; ++i)
        a_writer_dies(name, 10000 + 1000 * (size_t)i, 500, 'n', EXITS);
    for (i = 0; i < 60; ++i)
        torn += refuses(memory, 10000 + 1000 * (size_t)i, 500, TORN) && refuses(memory, 10499 + 1000 * (size_t)i, 1, TORN);
    CHECK(torn == 60);
    CHECK(reads(memory, 0, 10000, 'w') && reads(memory, 70000, SIZE - 70000, 'w'));
    for (i = 0; i < 60; ++i)
        healed += paint(memory, 10000 + 1000 * (size_t)i, 1000, 'x') == 0;
    CHECK(healed == 60 && reads(memory, 10000, 60000, 'x'));
    WORKS(SharedMemoryFree(memory));
}

/* The only process that knows the segment dies in its first write. Whoever comes next, and next, is told. */
static void it_outlives_its_last_holder(int kind)
{
    static const GRIEF griefs[] = {FAULTS, EXITS, PARKS};
    int i;

    for (i = 0; i < 3; ++i) {
        const char *name = SEGMENT(kind, "only");
        SharedMemory *memory = NULL;
        PEER child = start_peer(griefs[i] == FAULTS ? "faults" : griefs[i] == EXITS ? "exits" : "parks", name);

        if (griefs[i] == PARKS) {
            await_turn(&child);
            CHECK(kill_peer(&child) == 128 + SIGKILL);
        } else {
            CHECK(end_of(&child) == (griefs[i] == EXITS ? 40 : 128 + SIGSEGV));
        }
        FINDS(SharedMemoryCreate(name, SIZE, &memory));
        CHECK(refuses(memory, 0, SIZE, TORN) && refuses(memory, 10000, 1, TORN) && reads(memory, 0, 10000, 0));
        /* A new mode is no new content. */
        CHECK(SharedMemorySetMode(memory, 0640) == 0);
        WORKS(SharedMemoryClose(memory));
        child = start_peer("next", name);
        CHECK(end_of(&child) == TORN);
        memory = open_it(name);
        CHECK(refuses(memory, 10000, 20000, TORN) && paint(memory, 10000, 15000, 'h') == 0);
        WORKS(SharedMemoryClose(memory));
        child = start_peer("next", name);
        CHECK(end_of(&child) == TORN);
        memory = open_it(name);
        CHECK(reads(memory, 10000, 15000, 'h') && refuses(memory, 25000, 5000, TORN) && paint(memory, 25000, 5000, 'h') == 0);
        WORKS(SharedMemoryClose(memory));
        child = start_peer("next", name);
        CHECK(end_of(&child) == 0);
        CHECK(raw_remove(name));
    }
}
static int be_only(const char *name, GRIEF grief)
{
    SharedMemory *memory = NULL;

    if (SharedMemoryCreate(name, SIZE, &memory) != 0)
        return 30;
    prepare_for(grief);
    return SharedMemoryWriteAt(memory, 10000, broken_data(20000, 'n'), 20000) == 0 ? 0 : 31;
}
static int be_next(const char *name)
{
    static char buffer[SIZE];
    SharedMemory *memory = NULL;

    if (SharedMemoryOpenReadOnly(name, &memory) != 0)
        return 30;
    memset(buffer, 0x5A, SIZE);
    if (SharedMemoryRead(memory, buffer, SIZE) == 0)
        return 0;
    return all_are(buffer, SIZE, 0x5A) ? (int)GetLastError() : 31;
}

/* A new segment of the old name is whole, whoever removed the torn one, and while somebody has that still. */
static void a_new_segment_is_whole(int kind)
{
    const char *name = SEGMENT(kind, "new");
    SharedMemory *memory = create_full(name, SIZE), *keeper = open_it(name);
    RAW raw;

    a_writer_dies(name, 10000, 20000, 'n', EXITS);
    CHECK(refuses(memory, 0, SIZE, TORN));
    WORKS(SharedMemoryFree(memory));
    memory = create_full(name, SIZE);
    CHECK(reads(memory, 0, SIZE, 'o') && refuses(keeper, 0, SIZE, TORN) && reads(keeper, 0, 10000, 'o'));
    WORKS(SharedMemoryClose(keeper));
    a_writer_dies(name, 10000, 20000, 'n', FAULTS);
    WORKS(SharedMemoryFree(memory));
    CREATES(SharedMemoryCreate(name, SIZE, &memory));
    CHECK(reads(memory, 0, SIZE, 0));
    a_writer_dies(name, 10000, 20000, 'n', PARKS);
    CHECK(refuses(memory, 10000, 20000, TORN));
    WORKS(SharedMemoryClose(memory));
    if (kind == WINSHM) { /* which is gone with its last holder */
        CREATES(SharedMemoryCreate(name, SIZE, &memory));
        CHECK(reads(memory, 0, SIZE, 0));
    } else {
        CHECK(raw_remove(name));
        raw = raw_map(name, SIZE, 0600);
        memory = open_it(name);
        CHECK(reads(memory, 0, SIZE, 0) && raw.memory != NULL && raw_unmap(name, raw));
    }
    WORKS(SharedMemoryFree(memory));
}

/* Writes of all sizes: never half of one. A small one may have been none at all: then everything is as before. */
static void writes_of_all_sizes(int kind)
{
    static const size_t small[] = {2, 8, 9, 16, 64, 100, 128, 129, 200, 256, 1000};
    static const size_t large[] = {4096, 70000, 1 << 20, 5 << 20, 20 << 20};
    const char *name = SEGMENT(kind, "sizes");
    SharedMemory *memory = create_full(name, 21 << 20);
    size_t i;

    for (i = 0; i < sizeof small / sizeof small[0]; ++i) {
        a_writer_dies(name, 1001, small[i], 'n', EXITS);
        CHECK(refuses(memory, 1001, small[i], TORN) || reads(memory, 1001, small[i], 'o'));
        CHECK(reads(memory, 0, 1001, 'o') && reads(memory, 1001 + small[i], 5000, 'o'));
        CHECK(paint(memory, 1001, small[i], 'o') == 0 && reads(memory, 0, 5000, 'o'));
    }
    for (i = 0; i < sizeof large / sizeof large[0]; ++i) {
        a_writer_dies(name, 1001, large[i], 'n', EXITS);
        CHECK(refuses(memory, 1001, large[i], TORN) && refuses(memory, 1001, 1, TORN) && refuses(memory, 1000 + large[i], 1, TORN));
        CHECK(reads(memory, 0, 1001, 'o') && reads(memory, 1001 + large[i], 5000, 'o'));
        CHECK(paint(memory, 1001, large[i], 'o') == 0 && reads(memory, 0, 21 << 20, 'o'));
    }
    WORKS(SharedMemoryFree(memory));
}

int main(int argc, char **argv)
{
    check_begin();
    if (plays(argc, argv, "faults"))
        return be_only(argv[3], FAULTS);
    if (plays(argc, argv, "exits"))
        return be_only(argv[3], EXITS);
    if (plays(argc, argv, "parks"))
        return be_only(argv[3], PARKS);
    if (plays(argc, argv, "next"))
        return be_next(argv[3]);
    use_private_directory();
    OF_EVERY_KIND(reads_that_touch_it_are_refused);
    OF_EVERY_KIND(a_write_heals_what_it_covers);
    OF_EVERY_KIND(several_ranges_are_torn);
    OF_SYSTEM_KINDS(it_outlives_its_last_holder);
    OF_EVERY_KIND(a_new_segment_is_whole);
    OF_EVERY_KIND(writes_of_all_sizes);
    return check_end();
}
