/*
 * process_killed.c - a process dies of SIGKILL, without a chance to clean up.
 * Once it is reaped its handles are closed, as if it had closed them itself.
 */
#include "check.h"

/* The only holder of a mapping and an event is killed: both names are gone, and make new objects. */
static void names_die_with_their_only_holder(void)
{
    const char *name = NAME("only");
    char event_name[200];
    PEER child = start_peer("holder", name);
    HANDLE mapping, event;
    char *view;

    snprintf(event_name, sizeof event_name, "%s-event", name);
    await_turn(&child);
    CHECK(name_exists(name));
    CHECK((event = OpenEventA(SYNCHRONIZE, FALSE, event_name)) != NULL && CloseHandle(event));
    CHECK(kill_peer(&child) == 128 + SIGKILL);
    CHECK_ERROR(OpenFileMappingA(FILE_MAP_READ, FALSE, name), ERROR_FILE_NOT_FOUND);
    CHECK_ERROR(OpenEventA(SYNCHRONIZE, FALSE, event_name), ERROR_FILE_NOT_FOUND);
    CHECK_LAST(mapping = new_memory(PAGE_READWRITE, 8192, name), ERROR_SUCCESS);
    CHECK_LAST(event = CreateEventA(NULL, TRUE, FALSE, event_name), ERROR_SUCCESS);
    /* It is 8192 bytes of zeros now, not 4096 of the dead. */
    view = (char *)MapViewOfFile(mapping, FILE_MAP_WRITE, 0, 0, 8192);
    if (CHECK(view != NULL))
        CHECK(view[0] == 0 && view[4095] == 0 && view[8191] == 0);
    CHECK(UnmapViewOfFile(view));
    CHECK(CloseHandle(mapping) && CloseHandle(event));
}
static int be_holder(const char *name)
{
    char event_name[200];
    HANDLE mapping = new_memory(PAGE_READWRITE, 4096, name);
    char *view = view_of(mapping, FILE_MAP_WRITE);

    snprintf(event_name, sizeof event_name, "%s-event", name);
    CreateEventA(NULL, TRUE, TRUE, event_name);
    memset(view, 'x', 4096);
    pass_turn(&parent);
    await_turn(&parent);
    return 3;
}

/* The dead may be created anew without opening them first: the creator is told that it is the first. */
static void a_dead_name_can_be_created_at_once(void)
{
    const char *name = NAME("at-once");
    int round;

    for (round = 0; round < 20; ++round) {
        PEER child = start_peer("holder", name);
        HANDLE mapping;
        char *view;

        await_turn(&child);
        CHECK(kill_peer(&child) == 128 + SIGKILL);
        CHECK_LAST(mapping = new_memory(PAGE_READWRITE, 4096, name), ERROR_SUCCESS);
        view = view_of(mapping, FILE_MAP_READ);
        CHECK(view != NULL && view[0] == 0 && UnmapViewOfFile(view));
        CHECK(CloseHandle(mapping));
    }
}

/* The name of a dead mapping is free for an event too. */
static void a_dead_name_is_free_for_every_type(void)
{
    const char *name = NAME("type");
    PEER child = start_peer("holder", name);
    HANDLE event;

    await_turn(&child);
    CHECK_ERROR(CreateEventA(NULL, TRUE, FALSE, name), ERROR_INVALID_HANDLE);
    CHECK(kill_peer(&child) == 128 + SIGKILL);
    CHECK_LAST(event = CreateEventA(NULL, TRUE, FALSE, name), ERROR_SUCCESS);
    CHECK(CloseHandle(event));
}

/* A survivor with a handle keeps name and content; the death of the other changes nothing for it. */
static void a_surviving_handle_keeps_everything(void)
{
    const char *name = NAME("survivor");
    PEER child = start_peer("holder", name);
    HANDLE mapping, again;
    char *view;

    await_turn(&child);
    CHECK((mapping = OpenFileMappingA(FILE_MAP_ALL_ACCESS, FALSE, name)) != NULL);
    CHECK(kill_peer(&child) == 128 + SIGKILL);
    CHECK(name_exists(name));
    CHECK_LAST(again = new_memory(PAGE_READWRITE, 4096, name), ERROR_ALREADY_EXISTS);
    CHECK(CloseHandle(again));
    view = view_of(mapping, FILE_MAP_WRITE);
    CHECK(view[0] == 'x' && view[4095] == 'x');
    CHECK(CloseHandle(mapping));
    CHECK(view[0] == 'x' && !name_exists(name));
    CHECK(UnmapViewOfFile(view));
}

/* A survivor with nothing but a view keeps the memory and not the name. */
static void a_surviving_view_keeps_the_memory_only(void)
{
    const char *name = NAME("view");
    PEER child = start_peer("holder", name);
    HANDLE mapping;
    char *view, *fresh;

    await_turn(&child);
    mapping = OpenFileMappingA(FILE_MAP_WRITE, FALSE, name);
    view = view_of(mapping, FILE_MAP_WRITE);
    CHECK(view != NULL && CloseHandle(mapping));
    CHECK(name_exists(name));
    CHECK(kill_peer(&child) == 128 + SIGKILL);
    CHECK_LAST(mapping = new_memory(PAGE_READWRITE, 4096, name), ERROR_SUCCESS);
    fresh = view_of(mapping, FILE_MAP_WRITE);
    CHECK(fresh[0] == 0 && view[0] == 'x');
    fresh[0] = 'y';
    view[1] = 'z';
    CHECK(view[0] == 'x' && fresh[1] == 0);
    CHECK(UnmapViewOfFile(view) && UnmapViewOfFile(fresh));
    CHECK(CloseHandle(mapping));
}

/* One death, a hundred names: all of them are gone, some by being opened, some by being created. */
static void many_names_die_together(void)
{
    const char *name = NAME("many");
    PEER child = start_peer("collector", name);
    int i, gone = 0;

    await_turn(&child);
    CHECK(kill_peer(&child) == 128 + SIGKILL);
    for (i = 0; i < 100; ++i) {
        char one[200];

        snprintf(one, sizeof one, "%s-%d", name, i);
        if (i % 2 == 0) {
            gone += !name_exists(one) && GetLastError() == ERROR_FILE_NOT_FOUND;
        } else {
            HANDLE mapping = new_memory(PAGE_READWRITE, 4096, one);
            gone += mapping != NULL && GetLastError() == ERROR_SUCCESS && CloseHandle(mapping);
        }
    }
    CHECK(gone == 100);
}
static int be_collector(const char *name)
{
    int i;

    for (i = 0; i < 100; ++i) {
        char one[200];

        snprintf(one, sizeof one, "%s-%d", name, i);
        if (i % 3 == 0)
            CreateEventA(NULL, TRUE, FALSE, one);
        else
            new_memory(PAGE_READWRITE, 4096, one);
    }
    pass_turn(&parent);
    await_turn(&parent);
    return 3;
}

int main(int argc, char **argv)
{
    check_begin();
    if (plays(argc, argv, "holder"))
        return be_holder(argv[3]);
    if (plays(argc, argv, "collector"))
        return be_collector(argv[3]);
    names_die_with_their_only_holder();
    a_dead_name_can_be_created_at_once();
    a_dead_name_is_free_for_every_type();
    a_surviving_handle_keeps_everything();
    a_surviving_view_keeps_the_memory_only();
    many_names_die_together();
    return check_end();
}
