/*
 * twins.c - processes of two PID namespaces with equal numbers, as in two containers that
 * share /dev/shm: what one leaves when it is killed is not taken for the other's, who
 * lives. Names, sweeps, and writes that are torn. (Mutexes: process_namespaces.c.) Needs
 * the right to make namespaces.
 */
#include "shared_segments.h"
#include "effort.h"
#include "twins.h"

enum { SIZE = 0x40000 };

/* Has a name and a segment, and writes to it without end until it is killed. */
static int be_writer(const char *name)
{
    static char paint_of[2][SIZE];
    SharedMemory *memory = NULL;
    char own[200];
    unsigned round;

    memset(paint_of[0], 'a', SIZE), memset(paint_of[1], 'b', SIZE);
    snprintf(own, sizeof own, "%s-own", name);
    if (getpid() != 1 || new_memory(PAGE_READWRITE, 4096, own) == NULL || SharedMemoryOpen(name, &memory) != 0)
        return 3;
    pass_turn(&parent);
    for (round = 0;; ++round)
        if (SharedMemoryWrite(memory, paint_of[round % 2], SIZE) != 0)
            return 4;
}
/* The planted fault: it does not write by the library, and nobody is told that half is missing. */
static int be_raw_writer(const char *name)
{
    SharedMemory *memory = NULL;

    if (SharedMemoryOpen(name, &memory) != 0)
        return 3;
    memset(SharedMemoryData(memory, NULL), 'a', SIZE / 2);
    pass_turn(&parent);
    for (;;)
        pause();
}
/* Its twin, which lives on: it meets a dead one of its own number, again and again. */
static int be_survivor(const char *name)
{
    static char bytes[SIZE], mine[SIZE];
    SharedMemory *memory = NULL;
    char own[200], turn;
    HANDLE kept;

    memset(mine, 'm', SIZE);
    snprintf(own, sizeof own, "%s-kept", name);
    if (getpid() != 1 || (kept = new_memory(PAGE_READWRITE, 4096, own)) == NULL || SharedMemoryOpen(name, &memory) != 0)
        return 3;
    snprintf(own, sizeof own, "%s-own", name);
    pass_turn(&parent);
    while (read(STDIN_FILENO, &turn, 1) == 1 && turn != 'e') {
        int result = SharedMemoryRead(memory, bytes, SIZE), torn = result == SHARED_MEMORY_TORN;

        CHECK(result == 0 || torn);
        CHECK(torn || memcmp(bytes, bytes + 1, SIZE - 1) == 0);
        CHECK_ERROR(OpenFileMappingA(FILE_MAP_READ, FALSE, own), ERROR_FILE_NOT_FOUND);
        CHECK(SharedMemoryWrite(memory, mine, SIZE) == 0 && SharedMemoryRead(memory, bytes, SIZE) == 0);
        CHECK(memcmp(bytes, mine, SIZE) == 0);
        turn = torn ? 't' : 'w';
        if (check_failures != 0 || write(STDOUT_FILENO, &turn, 1) != 1)
            return 5;
    }
    return CloseHandle(kept) ? check_failures != 0 : 6;
}
/* One twin is killed in the middle of its writes, while or before the other one uses what both share. */
static void twins_are_told_apart(int kind, int *torn)
{
    const char *name = SEGMENT(kind, "twins");
    char kept[200];
    SharedMemory *memory = NULL;
    PEER survivor;
    RANDOM random = new_random("twins");
    long round;

    snprintf(kept, sizeof kept, "%s-kept", name);
    CHECK(SharedMemoryCreate(name, SIZE, &memory) == 0);
    survivor = start_twin("survivor", name);
    await_turn(&survivor);
    for (round = 0; round < effort(15, 500); ++round) {
        PEER writer = start_twin("writer", name);
        char answer = 0;

        await_turn(&writer);
        usleep(draw_below(&random, 2000));
        CHECK(kill_peer(&writer) == 128 + SIGKILL);
        CHECK(write(survivor.to, ".", 1) == 1 && read(survivor.from, &answer, 1) == 1);
        if (!CHECK(answer == 't' || answer == 'w'))
            break;
        *torn += answer == 't';
        CHECK(name_exists(kept)); /* each writer has swept: the living one's name stays */
    }
    CHECK(write(survivor.to, "e", 1) == 1 && end_of(&survivor) == 0);
    CHECK(SharedMemoryFree(memory) == 0);
}

static void half_a_write_is_noticed(void)
{
    const char *name = SEGMENT(WINSHM, "raw");
    SharedMemory *memory = NULL;
    PEER survivor, writer;

    CHECK(SharedMemoryCreate(name, SIZE, &memory) == 0);
    survivor = start_twin("quiet survivor", name);
    await_turn(&survivor);
    writer = start_twin("raw writer", name);
    await_turn(&writer);
    CHECK(kill_peer(&writer) == 128 + SIGKILL);
    pass_turn(&survivor);
    CHECK(end_of(&survivor) == 5);
    CHECK(SharedMemoryFree(memory) == 0);
}

int main(int argc, char **argv)
{
    int torn = 0;

    check_begin();
    if (plays(argc, argv, "writer"))
        return be_writer(argv[3]);
    if (plays(argc, argv, "survivor"))
        return be_survivor(argv[3]);
    if (plays(argc, argv, "raw writer"))
        return be_raw_writer(argv[3]);
    if (plays(argc, argv, "quiet survivor"))
        return freopen("/dev/null", "w", stderr) == NULL ? 6 : be_survivor(argv[3]);
    alarm(600);
    use_private_directory();
    half_a_write_is_noticed();
    twins_are_told_apart(WINSHM, &torn);
    CHECK(torn > 0); /* else nobody was killed in the middle, and nothing was tested */
    printf("twins: %ld killed, %d in the middle of a write\n", effort(15, 500), torn);
    return check_end();
}
