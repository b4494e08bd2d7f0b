/*
 * process_shared_memory_share.c - processes that share a segment by the SharedMemory
 * family: what one writes the others read, whole, and are woken for. How long a
 * segment lives is in process_shared_memory_lifetime.c.
 */
#include "shared_segments.h"

#define SIZE 70000

/* The parent creates and writes, a new process finds it and answers; both are told about both. */
static void both_write_and_both_read(int kind)
{
    const char *name = SEGMENT(kind, "both");
    SharedMemory *memory = create(name, SIZE);
    SharedMemoryInfo info;
    PEER child;

    CHECK(paint(memory, 0, SIZE, 1) == 0);
    child = start_peer("writer", name);
    await_turn(&child);
    CHECK(reads(memory, 0, 3, 1) && reads(memory, 3, SIZE - 4, 2) && reads(memory, SIZE - 1, 1, 1));
    info = stat_of(memory);
    CHECK(info.sequence == 2 && info.created == 1);
    CHECK(info.creator_pid == (uint32_t)getpid() && info.last_pid == (uint32_t)child.pid);
    CHECK(info.attached == 2);
    CHECK(paint(memory, 0, SIZE, 3) == 0);
    pass_turn(&child);
    await_turn(&child);
    /* It has closed, and lives. */
    CHECK(stat_of(memory).attached == 1 && reads(memory, 0, SIZE, 3));
    pass_turn(&child);
    CHECK(end_of(&child) == 0);
    WORKS(SharedMemoryFree(memory));
}
static int be_writer(const char *name)
{
    SharedMemory *memory = NULL;
    SharedMemoryInfo info;

    FINDS(SharedMemoryCreate(name, SIZE, &memory));
    CHECK(reads(memory, 0, SIZE, 1) && paint(memory, 3, SIZE - 4, 2) == 0);
    pass_turn(&parent);
    await_turn(&parent);
    CHECK(reads(memory, 0, SIZE, 3));
    info = stat_of(memory);
    CHECK(info.created == 0 && info.creator_pid == (uint32_t)getppid() && info.size == SIZE && info.sequence == 3);
    WORKS(SharedMemoryClose(memory));
    pass_turn(&parent);
    await_turn(&parent);
    return check_failures != 0;
}

/* A process that may only read is woken for each write, and can change nothing. */
static void a_reader_follows_the_writer(int kind)
{
    const char *name = SEGMENT(kind, "reader");
    SharedMemory *memory = create(name, SIZE);
    PEER child = start_peer("reader", name);
    int i;

    await_turn(&child);
    for (i = 1; i <= 20; ++i) {
        if (i % 4 == 0) /* not always: it is right to be early as well */
            await_sleep(child.pid);
        CHECK(paint(memory, 0, SIZE, i) == 0);
        await_turn(&child);
    }
    CHECK(reads(memory, 0, SIZE, 20) && stat_of(memory).sequence == 20);
    CHECK(end_of(&child) == 0);
    WORKS(SharedMemoryFree(memory));
}
static int be_reader(const char *name)
{
    SharedMemory *memory = NULL;
    uint64_t sequence = 0;
    int i;

    WORKS(SharedMemoryOpenReadOnly(name, &memory));
    pass_turn(&parent);
    for (i = 1; i <= 20; ++i) {
        WORKS(SharedMemoryWait(memory, &sequence, SHARED_MEMORY_FOREVER));
        CHECK(sequence == (uint64_t)i && reads(memory, 0, SIZE, i));
        FAILS(SharedMemoryWrite(memory, "x", 1), SHARED_MEMORY_ACCESS_DENIED);
        pass_turn(&parent);
    }
    WORKS(SharedMemoryClose(memory));
    return check_failures != 0;
}

/* Two processes throw a number to and fro, with nothing but Wait between them; and one write wakes five. */
static void waiting_is_all_it_takes(int kind)
{
    const char *name = SEGMENT(kind, "ball");
    SharedMemory *memory = create(name, SIZE);
    PEER children[5], child = start_peer("player", name);
    uint64_t sequence = 0;
    int i, got, right = 0, ended = 0;

    for (i = 1; i <= 1000; ++i) {
        int number = 2 * i - 1;

        if (!CHECK(SharedMemoryWrite(memory, &number, sizeof number) == 0))
            break;
        for (got = 0; got < number + 1;) {
            if (!CHECK(SharedMemoryWait(memory, &sequence, SHARED_MEMORY_FOREVER) == 0) ||
                !CHECK(SharedMemoryRead(memory, &got, sizeof got) == 0))
                return;
        }
        right += got == number + 1;
    }
    CHECK(right == 1000 && end_of(&child) == 0 && stat_of(memory).sequence == 2000);

    sequence = 2000;
    for (i = 0; i < 5; ++i) {
        children[i] = fork_peer();
        if (children[i].pid == 0) {
            pass_turn(&parent);
            _exit(SharedMemoryWait(memory, &sequence, SHARED_MEMORY_FOREVER) == 0 && sequence == 2001 ? 0 : 1);
        }
        await_turn(&children[i]);
        await_sleep(children[i].pid);
    }
    CHECK(paint(memory, 0, 1, 1) == 0);
    for (i = 0; i < 5; ++i)
        ended += end_of(&children[i]) == 0;
    CHECK(ended == 5);
    WORKS(SharedMemoryFree(memory));
}
static int be_player(const char *name)
{
    SharedMemory *memory = open_it(name);
    uint64_t sequence = 0;
    int got = 0, number = 0;

    while (number < 2000) {
        if (SharedMemoryWait(memory, &sequence, SHARED_MEMORY_FOREVER) != 0 || SharedMemoryRead(memory, &got, sizeof got) != 0)
            return 1;
        if (got % 2 == 1) {
            number = got + 1;
            if (SharedMemoryWrite(memory, &number, sizeof number) != 0)
                return 2;
        }
    }
    return 0;
}

/* Two processes write all of it again and again, a third reads: every read is one write, whole. */
static void nobody_sees_half_a_write(int kind)
{
    const char *name = SEGMENT(kind, "whole");
    SharedMemory *memory = create(name, SIZE), *reader = NULL;
    static unsigned char buffer[SIZE];
    PEER children[2];
    int i, whole = 0;

    for (i = 0; i < 2; ++i)
        children[i] = start_peer("painter", name);
    for (i = 0; i < 2; ++i)
        await_turn(&children[i]);
    WORKS(SharedMemoryOpenReadOnly(name, &reader));
    for (i = 0; i < 3000; ++i)
        whole += SharedMemoryRead(reader, buffer, SIZE) == 0 && all_are(buffer, SIZE, buffer[0]);
    CHECK(whole == 3000);
    CHECK(stat_of(memory).sequence > 2);
    for (i = 0; i < 2; ++i)
        CHECK(kill_peer(&children[i]) == 128 + SIGKILL);
    WORKS(SharedMemoryClose(reader));
    WORKS(SharedMemoryFree(memory));
}
static int be_painter(const char *name)
{
    SharedMemory *memory = open_it(name);
    int byte;

    for (byte = (int)getpid() % 100; paint(memory, 0, SIZE, byte) == 0; byte = (byte + 1) % 250)
        if (byte == (int)getpid() % 100)
            pass_turn(&parent);
    return 1;
}

int main(int argc, char **argv)
{
    check_begin();
    if (plays(argc, argv, "writer"))
        return be_writer(argv[3]);
    if (plays(argc, argv, "reader"))
        return be_reader(argv[3]);
    if (plays(argc, argv, "player"))
        return be_player(argv[3]);
    if (plays(argc, argv, "painter"))
        return be_painter(argv[3]);
    OF_EVERY_KIND(both_write_and_both_read);
    OF_EVERY_KIND(a_reader_follows_the_writer);
    OF_EVERY_KIND(waiting_is_all_it_takes);
    OF_EVERY_KIND(nobody_sees_half_a_write);
    return check_end();
}
