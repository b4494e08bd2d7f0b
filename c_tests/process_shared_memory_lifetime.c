/*
 * process_shared_memory_lifetime.c - processes come to a segment and leave it: the
 * first creates it, children inherit it, some free it or are killed; and what the
 * others have then.
 */
#include "shared_segments.h"

#define SIZE 70000

/* A forked child uses what it inherited. Its end, and its Close, are its own. */
static void a_forked_child_uses_what_it_inherited(int kind)
{
    const char *name = SEGMENT(kind, "fork");
    SharedMemory *memory = create(name, SIZE);
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
    SharedMemory *memory = create(name, SIZE), *fresh = NULL;
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
    fresh = create(name, SIZE);
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
        memory = create(name, SIZE);
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
        memory = create(name, SIZE);
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

int main(int argc, char **argv)
{
    check_begin();
    if (plays(argc, argv, "keeper"))
        return be_keeper(argv[3]);
    OF_EVERY_KIND(a_forked_child_uses_what_it_inherited);
    OF_EVERY_KIND(free_takes_the_name_and_leaves_the_memory);
    OF_EVERY_KIND(a_killed_holder_lets_go);
    OF_EVERY_KIND(one_of_many_creators_is_the_first);
    return check_end();
}
