/*
 * process_share.c - two processes and one piece of memory: what one writes the
 * other reads, in both directions, as long as either has a view.
 */
#include "check.h"

#define SIZE 0x20000

static void fill(char *memory, int seed)
{
    int i;

    for (i = 0; i < SIZE; ++i)
        memory[i] = (char)(i * 7 + i / 251 + seed);
}
static int is_filled(const char *memory, int seed)
{
    int i;

    for (i = 0; i < SIZE; ++i)
        if (memory[i] != (char)(i * 7 + i / 251 + seed))
            return 0;
    return 1;
}

/* The parent fills the memory, the child finds it and fills it anew, the parent finds that. */
static void both_write_and_both_read(void)
{
    const char *name = NAME("share");
    HANDLE mapping = new_memory(PAGE_READWRITE, SIZE, name);
    char *view = view_of(mapping, FILE_MAP_WRITE);
    PEER child = start_peer("writer", name);

    await_turn(&child);
    fill(view, 1);
    pass_turn(&child);
    await_turn(&child);
    CHECK(is_filled(view, 2));
    /* Now the child has opened it for reading only, and reads. */
    fill(view, 3);
    pass_turn(&child);
    CHECK(end_of(&child) == 0);
    CHECK(is_filled(view, 3));
    CHECK(UnmapViewOfFile(view));
    CHECK(CloseHandle(mapping));
}
static int be_writer(const char *name)
{
    HANDLE mapping;
    char *view;

    CHECK_LAST(mapping = new_memory(PAGE_READWRITE, SIZE, name), ERROR_ALREADY_EXISTS);
    view = view_of(mapping, FILE_MAP_WRITE);
    pass_turn(&parent);
    await_turn(&parent);
    CHECK(is_filled(view, 1));
    fill(view, 2);
    CHECK(UnmapViewOfFile(view) && CloseHandle(mapping));
    CHECK_QUIET((mapping = OpenFileMappingA(FILE_MAP_READ, FALSE, name)) != NULL);
    CHECK_ERROR(MapViewOfFile(mapping, FILE_MAP_WRITE, 0, 0, 0), ERROR_ACCESS_DENIED);
    view = view_of(mapping, FILE_MAP_READ);
    pass_turn(&parent);
    await_turn(&parent);
    CHECK(is_filled(view, 3));
    CHECK(UnmapViewOfFile(view) && CloseHandle(mapping));
    return check_failures != 0;
}

/* When both have closed their handles the name is gone, but the two views are still one memory. */
static void views_outlive_every_handle(void)
{
    const char *name = NAME("outlive");
    HANDLE mapping = new_memory(PAGE_READWRITE, SIZE, name), fresh;
    char *view = view_of(mapping, FILE_MAP_WRITE), *fresh_view;
    PEER child = start_peer("viewer", name);

    await_turn(&child);
    CHECK(CloseHandle(mapping));
    CHECK_ERROR(OpenFileMappingA(FILE_MAP_READ, FALSE, name), ERROR_FILE_NOT_FOUND);
    fill(view, 4);
    pass_turn(&child);
    await_turn(&child);
    CHECK(is_filled(view, 5));
    /* The name makes something new, which the old views know nothing of. */
    CHECK_LAST(fresh = new_memory(PAGE_READWRITE, SIZE, name), ERROR_SUCCESS);
    fresh_view = view_of(fresh, FILE_MAP_WRITE);
    CHECK(fresh_view[0] == 0 && fresh_view[SIZE - 1] == 0);
    fill(fresh_view, 6);
    pass_turn(&child);
    await_turn(&child);
    CHECK(is_filled(view, 7) && is_filled(fresh_view, 6));
    pass_turn(&child);
    CHECK(end_of(&child) == 0);
    CHECK(is_filled(view, 7));
    CHECK(UnmapViewOfFile(view) && UnmapViewOfFile(fresh_view));
    CHECK(CloseHandle(fresh));
}
static int be_viewer(const char *name)
{
    HANDLE mapping = OpenFileMappingA(FILE_MAP_ALL_ACCESS, FALSE, name);
    char *view = view_of(mapping, FILE_MAP_WRITE);

    CHECK(CloseHandle(mapping));
    pass_turn(&parent);
    await_turn(&parent);
    CHECK(is_filled(view, 4));
    fill(view, 5);
    pass_turn(&parent);
    await_turn(&parent);
    CHECK(is_filled(view, 5));
    fill(view, 7);
    pass_turn(&parent);
    await_turn(&parent);
    CHECK(is_filled(view, 7));
    CHECK(UnmapViewOfFile(view));
    return check_failures != 0;
}

/* Pages that the child commits are there in the view that the parent mapped before. */
static void commits_reach_the_other_process(void)
{
    const char *name = NAME("commit");
    HANDLE mapping = new_memory(PAGE_READWRITE | SEC_RESERVE, SIZE, name);
    char *view = view_of(mapping, FILE_MAP_WRITE);
    PEER child = start_peer("committer", name);
    MEMORY_BASIC_INFORMATION info;

    await_turn(&child);
    CHECK(VirtualQuery(view + 0x3000, &info, sizeof info) != 0 && info.State == MEM_COMMIT);
    CHECK(info.RegionSize == 0x2000 && info.Protect == PAGE_READWRITE);
    CHECK(VirtualQuery(view, &info, sizeof info) != 0 && info.State == MEM_RESERVE && info.RegionSize == 0x3000);
    CHECK(view[0x3000] == 31);
    view[0x4FFF] = 32;
    pass_turn(&child);
    CHECK(end_of(&child) == 0);
    CHECK(view[0x3000] == 31 && view[0x4FFF] == 32);
    CHECK(UnmapViewOfFile(view) && CloseHandle(mapping));
}
static int be_committer(const char *name)
{
    HANDLE mapping = OpenFileMappingA(FILE_MAP_ALL_ACCESS, FALSE, name);
    char *view = view_of(mapping, FILE_MAP_WRITE);

    CHECK(VirtualAlloc(view + 0x3000, 0x2000, MEM_COMMIT, PAGE_READWRITE) == view + 0x3000);
    view[0x3000] = 31;
    pass_turn(&parent);
    await_turn(&parent);
    CHECK(view[0x4FFF] == 32);
    CHECK(UnmapViewOfFile(view) && CloseHandle(mapping));
    return check_failures != 0;
}

/* A copy view follows the other process until it writes, and what it writes stays at home. */
static void copies_stay_in_their_process(void)
{
    const char *name = NAME("copy");
    HANDLE mapping = new_memory(PAGE_READWRITE, SIZE, name);
    char *view = view_of(mapping, FILE_MAP_WRITE);
    PEER child = start_peer("copier", name);

    await_turn(&child);
    view[0] = 41;
    view[4096] = 42;
    pass_turn(&child);
    await_turn(&child);
    CHECK(view[0] == 41 && view[4096] == 42);
    view[0] = 43;
    view[4096] = 44;
    pass_turn(&child);
    CHECK(end_of(&child) == 0);
    CHECK(view[0] == 43);
    CHECK(UnmapViewOfFile(view) && CloseHandle(mapping));
}
static int be_copier(const char *name)
{
    HANDLE mapping = OpenFileMappingA(FILE_MAP_COPY, FALSE, name);
    volatile char *copy = view_of(mapping, FILE_MAP_COPY);

    CHECK(copy[0] == 0);
    pass_turn(&parent);
    await_turn(&parent);
    CHECK(copy[0] == 41 && copy[4096] == 42);
    copy[0] = 50;
    pass_turn(&parent);
    await_turn(&parent);
    CHECK(copy[0] == 50 && copy[4096] == 44);
    CHECK(UnmapViewOfFile((void *)copy) && CloseHandle(mapping));
    return check_failures != 0;
}

enum { ROUNDS = 200 };

/* Both create the same name at the same moment: in every round exactly one is told that it was first. */
static void one_of_two_creators_is_the_first(void)
{
    const char *name = NAME("race");
    HANDLE scores = new_memory(PAGE_READWRITE, 4096, name);
    volatile char *child_was_first = view_of(scores, FILE_MAP_WRITE);
    PEER child = start_peer("racer", name);
    int round, right = 0;

    for (round = 0; round < ROUNDS; ++round) {
        char race[200];
        HANDLE object;
        int first;

        snprintf(race, sizeof race, "%s-%d", name, round);
        await_turn(&child);
        pass_turn(&child);
        object = new_memory(PAGE_READWRITE, 4096, race);
        first = object != NULL && GetLastError() == ERROR_SUCCESS;
        await_turn(&child);
        right += object != NULL && first + child_was_first[round] == 1;
        CHECK(CloseHandle(object));
        pass_turn(&child);
    }
    CHECK(right == ROUNDS);
    CHECK(end_of(&child) == 0);
    CHECK(UnmapViewOfFile((void *)child_was_first) && CloseHandle(scores));
}
static int be_racer(const char *name)
{
    HANDLE scores = OpenFileMappingA(FILE_MAP_WRITE, FALSE, name);
    volatile char *was_first = view_of(scores, FILE_MAP_WRITE);
    int round;

    for (round = 0; round < ROUNDS; ++round) {
        char race[200];
        HANDLE object;

        snprintf(race, sizeof race, "%s-%d", name, round);
        pass_turn(&parent);
        await_turn(&parent);
        object = new_memory(PAGE_READWRITE, 4096, race);
        was_first[round] = GetLastError() == ERROR_SUCCESS;
        CHECK(object != NULL);
        pass_turn(&parent);
        await_turn(&parent);
        CHECK(CloseHandle(object));
    }
    CHECK(UnmapViewOfFile((void *)was_first) && CloseHandle(scores));
    return check_failures != 0;
}

int main(int argc, char **argv)
{
    check_begin();
    if (plays(argc, argv, "writer"))
        return be_writer(argv[3]);
    if (plays(argc, argv, "viewer"))
        return be_viewer(argv[3]);
    if (plays(argc, argv, "committer"))
        return be_committer(argv[3]);
    if (plays(argc, argv, "copier"))
        return be_copier(argv[3]);
    if (plays(argc, argv, "racer"))
        return be_racer(argv[3]);
    both_write_and_both_read();
    views_outlive_every_handle();
    commits_reach_the_other_process();
    copies_stay_in_their_process();
    one_of_two_creators_is_the_first();
    return check_end();
}
