/*
 * load_segments.c - a thousand SharedMemory segments of each kind at once, written by one process and read by another,
 * and segments that come and go.
 *
 * Planted faults: something is kept in one round of a hundred (load.h); a segment that holds another one's number.
 */
#include "faults/load.h"

#include <SharedMemory.h>
#include <sys/stat.h>

enum { WINSHM, POSIX, SYSTEM_V, KINDS };
static const char *const kinds[KINDS] = {"winshm", "POSIX", "System V"};
static int owner;

static const char *segment_name(int kind, long i)
{
    static char name[100];

    if (kind == SYSTEM_V)
        snprintf(name, sizeof name, "SysV\\%ld", 0x40000000 + ((long)owner % 100000) * 2048 + i);
    else
        snprintf(name, sizeof name, "%swinshm-%d-load-%ld", kind == POSIX ? "/" : "", owner, i);
    return name;
}
static long how_many(void) { return effort(100, 1000); }

/* Whether each segment can be opened and holds its own number. */
static int each_has_its_number(int kind)
{
    long i, right = 0, number;

    for (i = 0; i < how_many(); ++i) {
        SharedMemory *memory = NULL;

        right += SharedMemoryOpen(segment_name(kind, i), &memory) == 0 &&
                 SharedMemoryRead(memory, &number, sizeof number) == 0 && number == i && SharedMemoryClose(memory) == 0;
    }
    return right == how_many();
}
static void a_thousand_at_once(int kind)
{
    static SharedMemory *segments[1000];
    long i, wrong = 0, other = 7;
    double begun = seconds_now();
    PEER reader;

    for (i = 0; i < how_many(); ++i)
        wrong += SharedMemoryCreate(segment_name(kind, i), 8192, &segments[i]) != 0 ||
                 SharedMemoryWrite(segments[i], &i, sizeof i) != 0;
    CHECK(wrong == 0);
    for (i = 0; i < 2; ++i) {
        reader = fork_peer();
        if (reader.pid == 0)
            exit(!each_has_its_number(kind));
        CHECK(end_of(&reader) == (int)i);
        CHECK(SharedMemoryWrite(segments[3], &other, sizeof other) == 0); /* planted, for the second time */
    }
    for (i = 0; i < how_many(); ++i)
        wrong += SharedMemoryFree(segments[i]) != 0;
    CHECK(wrong == 0);
    printf("%ld %s segments, made, opened by another process, freed: %.1f us each\n", how_many(), kinds[kind],
           (seconds_now() - begun) * 1e6 / (double)how_many());
}

static int round_kind;
static void come_and_go(long round)
{
    const char *name = segment_name(round_kind, 2000 + round % 4);
    SharedMemory *memory = NULL, *again = NULL;
    long number = -1;

    CHECK(SharedMemoryCreate(name, 8192, &memory) == 0 && SharedMemoryOpenReadOnly(name, &again) == 0);
    CHECK(SharedMemoryWrite(memory, &round, sizeof round) == 0);
    CHECK(SharedMemoryRead(again, &number, sizeof number) == 0 && number == round);
    CHECK(SharedMemoryClose(again) == 0 && SharedMemoryFree(memory) == 0);
}

int main(void)
{
    int kind, time;

    load_begin();
    owner = (int)getpid();
    use_own_file_system("64m");
    mkdir(object_directory(), 0700);
    the_checker_sees_what_is_kept(come_and_go);
    for (kind = 0; kind < KINDS; ++kind) {
        BURDEN before = {0};

        for (time = 0; time < 3; ++time) {
            if (time == 2)
                before = burden();
            a_thousand_at_once(kind);
        }
        nothing_grew(before, burden(), "a thousand segments", 0);
        round_kind = kind;
        steady(kinds[kind], come_and_go, effort(500, 20000), 1e9, 0);
    }
    return check_end();
}
