/*
 * process_shared_memory_share.c - processes that share a segment by the SharedMemory
 * family: what one writes the others read, whole, and are woken for; and what
 * happens to a segment when some of them leave, or free it.
 */
#include "shared_segments.h"

#define SIZE 70000

static SharedMemory *create(const char *name)
{
    SharedMemory *memory = NULL;

    CREATES(SharedMemoryCreate(name, SIZE, &memory));
    return memory;
}
static SharedMemory *open_it(const char *name)
{
    SharedMemory *memory = NULL;

    WORKS(SharedMemoryOpen(name, &memory));
    return memory;
}

/* The parent creates and writes, a new process finds it and answers; both are told about both. */
static void both_write_and_both_read(int kind)
{
    const char *name = SEGMENT(kind, "both");
    SharedMemory *memory = create(name);
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
    SharedMemory *memory = create(name);
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
    SharedMemory *memory = create(name);
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

/* A forked child uses what it inherited. Its end, and its Close, are its own. */
static void a_forked_child_uses_what_it_inherited(int kind)
{
    const char *name = SEGMENT(kind, "fork");
    SharedMemory *memory = create(name);
    uint64_t sequence = 1;
    PEER child;

    CHECK(paint(memory, 0, SIZE, 'p') == 0);
    child = fork_peer();
    if (child.pid == 0) {
        check_failures = 0;
        CHECK(reads(memory, 0, SIZE, 'p') && paint(memory, 0, SIZE, 'c') == 0);
        if (kind != SYSTEM_V) /* where it is who attached last, and the child inherited */
            CHECK(stat_of(memory).last_pid == (uint32_t)getpid());
        pass_turn(&parent);
        await_turn(&parent);
        CHECK(reads(memory, 0, SIZE, 'q'));
        WORKS(SharedMemoryClose(memory));
        FAILS(SharedMemoryWrite(memory, "x", 1), SHARED_MEMORY_STALE);
        memory = open_it(name);
        CHECK(reads(memory, 0, SIZE, 'q'));
        _exit(check_failures != 0);
    }
    WORKS(SharedMemoryWait(memory, &sequence, SHARED_MEMORY_FOREVER));
    CHECK(sequence == 2);
    await_turn(&child);
    CHECK(reads(memory, 0, SIZE, 'c') && paint(memory, 0, SIZE, 'q') == 0);
    pass_turn(&child);
    CHECK(end_of(&child) == 0);
    CHECK(reads(memory, 0, SIZE, 'q') && paint(memory, 0, SIZE, 'r') == 0 && reads(memory, 0, SIZE, 'r'));
    /* The other way round: the parent lets go, the child has it still. */
    child = fork_peer();
    if (child.pid == 0) {
        check_failures = 0;
        await_turn(&parent);
        CHECK(reads(memory, 0, SIZE, 'r') && paint(memory, 0, SIZE, 's') == 0);
        pass_turn(&parent);
        await_turn(&parent);
        _exit(check_failures != 0);
    }
    WORKS(SharedMemoryClose(memory));
    pass_turn(&child);
    await_turn(&child);
    memory = open_it(name);
    CHECK(reads(memory, 0, SIZE, 's'));
    pass_turn(&child);
    CHECK(end_of(&child) == 0);
    WORKS(SharedMemoryFree(memory));
}

/* Free while another process has it: the name is gone at once, that process keeps its memory, the name makes new memory. */
static void free_takes_the_name_and_leaves_the_memory(int kind)
{
    const char *name = SEGMENT(kind, "free");
    SharedMemory *memory = create(name), *fresh = NULL;
    PEER child;

    CHECK(paint(memory, 0, SIZE, 'o') == 0);
    child = start_peer("keeper", name);
    await_turn(&child);
    WORKS(SharedMemoryFree(memory));
    FAILS(SharedMemoryOpen(name, &fresh), SHARED_MEMORY_NOT_FOUND);
    FAILS(SharedMemoryFree(memory), SHARED_MEMORY_STALE);
    CHECK(!raw_status(name).exists);
    pass_turn(&child);
    await_turn(&child);
    fresh = create(name);
    CHECK(stat_of(fresh).created == 1 && stat_of(fresh).sequence == 0 && reads(fresh, 0, SIZE, 0));
    CHECK(paint(fresh, 0, SIZE, 'f') == 0);
    pass_turn(&child);
    CHECK(end_of(&child) == 0);
    CHECK(reads(fresh, 0, SIZE, 'f'));
    WORKS(SharedMemoryFree(fresh));
}
static int be_keeper(const char *name)
{
    SharedMemory *memory = open_it(name), *other = NULL;

    WORKS(SharedMemoryOpenReadOnly(name, &other));
    pass_turn(&parent);
    await_turn(&parent);
    CHECK(reads(memory, 0, SIZE, 'o') && paint(memory, 0, SIZE, 'k') == 0 && reads(other, 0, SIZE, 'k'));
    WORKS(SharedMemoryClose(other));
    FAILS(SharedMemoryOpen(name, &other), SHARED_MEMORY_NOT_FOUND);
    pass_turn(&parent);
    await_turn(&parent);
    CHECK(reads(memory, 0, SIZE, 'k') && paint(memory, 0, SIZE, 'l') == 0);
    WORKS(SharedMemoryOpen(name, &other));
    CHECK(reads(other, 0, SIZE, 'f') && reads(memory, 0, SIZE, 'l'));
    WORKS(SharedMemoryClose(memory));
    WORKS(SharedMemoryClose(other));
    return check_failures != 0;
}

/* The holder is killed between writes: winshm's name goes with it; others stay, whole, and count one process less. */
static void a_killed_holder_lets_go(int kind)
{
    const char *name = SEGMENT(kind, "killed");
    SharedMemory *memory = NULL;
    PEER child = fork_peer();

    if (child.pid == 0) {
        memory = create(name);
        CHECK(paint(memory, 0, SIZE, 'd') == 0);
        pass_turn(&parent);
        await_turn(&parent);
        _exit(3);
    }
    await_turn(&child);
    memory = open_it(name);
    CHECK(stat_of(memory).attached == 2);
    WORKS(SharedMemoryClose(memory));
    CHECK(kill_peer(&child) == 128 + SIGKILL);
    if (kind == WINSHM) {
        FAILS(SharedMemoryOpen(name, &memory), SHARED_MEMORY_NOT_FOUND);
        memory = create(name);
        CHECK(reads(memory, 0, SIZE, 0));
    } else {
        memory = open_it(name);
        CHECK(reads(memory, 0, SIZE, 'd'));
        /* The kernel remembers the creator of a System V segment; nobody need remember that of another. */
        CHECK(stat_of(memory).creator_pid == (uint32_t)child.pid || (kind == POSIX && stat_of(memory).creator_pid == 0));
    }
    CHECK(stat_of(memory).attached == 1 && stat_of(memory).owner_uid == geteuid());
    WORKS(SharedMemoryFree(memory));
}

/* All create the same name at once: one is told that it was first, and all have the same memory. */
static void one_of_many_creators_is_the_first(int kind)
{
    enum { CHILDREN = 3, ROUNDS = 30 };
    int round, i, right = 0;

    for (round = 0; round < ROUNDS; ++round) {
        PEER children[CHILDREN];
        const char *name = NAME("race");
        char whole[200];
        SharedMemory *memory = NULL;
        int first = 0, ended = 0;

        snprintf(whole, sizeof whole, "%s", kind == WINSHM ? name : SEGMENT(kind, "race"));
        for (i = 0; i < CHILDREN; ++i) {
            children[i] = fork_peer();
            if (children[i].pid == 0) {
                await_turn(&parent);
                if (SharedMemoryCreate(whole, SIZE, &memory) != 0)
                    _exit(9);
                first = GetLastError() == 0;
                if (first != stat_of(memory).created || paint(memory, (size_t)i, 1, 'a' + i) != 0)
                    _exit(8);
                pass_turn(&parent);
                await_turn(&parent);
                _exit(reads(memory, 0, 1, 'a') && reads(memory, 1, 1, 'b') && reads(memory, 2, 1, 'c') ? first : 7);
            }
        }
        for (i = 0; i < CHILDREN; ++i)
            pass_turn(&children[i]);
        for (i = 0; i < CHILDREN; ++i)
            await_turn(&children[i]);
        for (i = 0; i < CHILDREN; ++i)
            pass_turn(&children[i]);
        for (i = 0; i < CHILDREN; ++i)
            ended += end_of(&children[i]);
        right += ended == 1;
        raw_remove(whole);
    }
    CHECK(right == ROUNDS);
}

/* Two processes write all of it again and again, a third reads: every read is one write, whole. */
static void nobody_sees_half_a_write(int kind)
{
    const char *name = SEGMENT(kind, "whole");
    SharedMemory *memory = create(name), *reader = NULL;
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
    if (plays(argc, argv, "keeper"))
        return be_keeper(argv[3]);
    if (plays(argc, argv, "painter"))
        return be_painter(argv[3]);
    OF_EVERY_KIND(both_write_and_both_read);
    OF_EVERY_KIND(a_reader_follows_the_writer);
    OF_EVERY_KIND(waiting_is_all_it_takes);
    OF_EVERY_KIND(a_forked_child_uses_what_it_inherited);
    OF_EVERY_KIND(free_takes_the_name_and_leaves_the_memory);
    OF_EVERY_KIND(a_killed_holder_lets_go);
    OF_EVERY_KIND(one_of_many_creators_is_the_first);
    OF_EVERY_KIND(nobody_sees_half_a_write);
    return check_end();
}
