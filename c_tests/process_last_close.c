/*
 * process_last_close.c - a name lives as long as a handle somewhere: it does
 * not matter in which process, who created it, or who has views.
 */
#include "check.h"

/* The creator goes first, the opener keeps the name; when the opener closes too, the name is gone for both. */
static void the_opener_keeps_the_name_of_the_creator(void)
{
    const char *name = NAME("opener");
    HANDLE mapping = new_memory(PAGE_READWRITE, 4096, name);
    PEER child = start_peer("opener", name);

    await_turn(&child);
    CHECK(CloseHandle(mapping));
    CHECK(name_exists(name));
    CHECK_LAST(mapping = new_memory(PAGE_READWRITE, 4096, name), ERROR_ALREADY_EXISTS);
    CHECK(CloseHandle(mapping));
    pass_turn(&child);
    await_turn(&child);
    CHECK_ERROR(OpenFileMappingA(FILE_MAP_READ, FALSE, name), ERROR_FILE_NOT_FOUND);
    pass_turn(&child);
    CHECK(end_of(&child) == 0);
}
static int be_opener(const char *name)
{
    HANDLE mapping = OpenFileMappingA(FILE_MAP_READ, FALSE, name);

    CHECK(mapping != NULL);
    pass_turn(&parent);
    await_turn(&parent);
    CHECK(name_exists(name));
    CHECK(CloseHandle(mapping));
    CHECK_ERROR(OpenFileMappingA(FILE_MAP_READ, FALSE, name), ERROR_FILE_NOT_FOUND);
    pass_turn(&parent);
    await_turn(&parent);
    return check_failures != 0;
}

/* Views in the other process hold the memory; the name goes with the last handle here. */
static void a_view_elsewhere_does_not_keep_the_name(void)
{
    const char *name = NAME("viewer");
    HANDLE mapping = new_memory(PAGE_READWRITE, 4096, name);
    PEER child = start_peer("viewer", name);
    char *view;

    await_turn(&child);
    CHECK(CloseHandle(mapping));
    CHECK_ERROR(OpenFileMappingA(FILE_MAP_READ, FALSE, name), ERROR_FILE_NOT_FOUND);
    CHECK_LAST(mapping = new_memory(PAGE_READWRITE, 4096, name), ERROR_SUCCESS);
    view = view_of(mapping, FILE_MAP_WRITE);
    CHECK(view[0] == 0);
    view[0] = 'n';
    pass_turn(&child);
    CHECK(end_of(&child) == 0);
    CHECK(view[0] == 'n' && name_exists(name));
    CHECK(UnmapViewOfFile(view) && CloseHandle(mapping));
}
static int be_viewer(const char *name)
{
    HANDLE mapping = OpenFileMappingA(FILE_MAP_WRITE, FALSE, name);
    char *view = view_of(mapping, FILE_MAP_WRITE);

    CHECK(CloseHandle(mapping));
    view[0] = 'o';
    pass_turn(&parent);
    await_turn(&parent);
    CHECK(view[0] == 'o');
    CHECK(UnmapViewOfFile(view));
    return check_failures != 0;
}

/* A duplicate is as good as the first handle, in the other process too. */
static void a_duplicate_elsewhere_keeps_the_name(void)
{
    const char *name = NAME("duplicate");
    PEER child = start_peer("duplicator", name);

    await_turn(&child);
    CHECK(name_exists(name));
    pass_turn(&child);
    await_turn(&child);
    CHECK(name_exists(name));
    pass_turn(&child);
    await_turn(&child);
    CHECK_ERROR(OpenFileMappingA(FILE_MAP_READ, FALSE, name), ERROR_FILE_NOT_FOUND);
    pass_turn(&child);
    CHECK(end_of(&child) == 0);
}
static int be_duplicator(const char *name)
{
    HANDLE me = GetCurrentProcess(), mapping = new_memory(PAGE_READWRITE, 4096, name), twin = NULL;

    CHECK(DuplicateHandle(me, mapping, me, &twin, FILE_MAP_READ, FALSE, 0));
    pass_turn(&parent);
    await_turn(&parent);
    CHECK(CloseHandle(mapping));
    pass_turn(&parent);
    await_turn(&parent);
    CHECK(CloseHandle(twin));
    pass_turn(&parent);
    await_turn(&parent);
    return check_failures != 0;
}

/* Events live by the same rule. */
static void events_live_by_the_same_rule(void)
{
    const char *name = NAME("event");
    PEER child = start_peer("event", name);
    HANDLE event, again;

    await_turn(&child);
    CHECK_QUIET((event = OpenEventA(EVENT_MODIFY_STATE, FALSE, name)) != NULL);
    pass_turn(&child);
    await_turn(&child); /* the creator has closed its handle */
    CHECK_QUIET(SetEvent(event));
    CHECK_LAST(again = CreateEventA(NULL, FALSE, FALSE, name), ERROR_ALREADY_EXISTS);
    CHECK(CloseHandle(again));
    CHECK(CloseHandle(event));
    CHECK_ERROR(OpenEventA(SYNCHRONIZE, FALSE, name), ERROR_FILE_NOT_FOUND);
    pass_turn(&child);
    CHECK(end_of(&child) == 0);
}
static int be_event(const char *name)
{
    HANDLE event = CreateEventA(NULL, TRUE, FALSE, name);

    pass_turn(&parent);
    await_turn(&parent);
    CHECK(CloseHandle(event));
    CHECK((event = OpenEventA(SYNCHRONIZE, FALSE, name)) != NULL && CloseHandle(event));
    pass_turn(&parent);
    await_turn(&parent);
    CHECK_ERROR(OpenEventA(SYNCHRONIZE, FALSE, name), ERROR_FILE_NOT_FOUND);
    return check_failures != 0;
}

/* A program that returns from main has closed its handles; whoever else has one keeps the object. */
static void a_normal_end_closes_handles(void)
{
    const char *name = NAME("end");
    PEER child = start_peer("quitter", name);
    HANDLE mapping;
    char *view;

    await_turn(&child);
    CHECK(name_exists(name));
    pass_turn(&child);
    CHECK(end_of(&child) == 0);
    CHECK_ERROR(OpenFileMappingA(FILE_MAP_READ, FALSE, name), ERROR_FILE_NOT_FOUND);

    child = start_peer("quitter", name);
    await_turn(&child);
    mapping = OpenFileMappingA(FILE_MAP_READ, FALSE, name);
    pass_turn(&child);
    CHECK(end_of(&child) == 0);
    CHECK(name_exists(name));
    view = view_of(mapping, FILE_MAP_READ);
    CHECK(view != NULL && view[0] == 'q');
    CHECK(UnmapViewOfFile(view) && CloseHandle(mapping));
    CHECK(!name_exists(name));
}
static int be_quitter(const char *name)
{
    char *view = view_of(new_memory(PAGE_READWRITE, 4096, name), FILE_MAP_WRITE);

    view[0] = 'q';
    pass_turn(&parent);
    await_turn(&parent);
    return 0;
}

int main(int argc, char **argv)
{
    check_begin();
    if (plays(argc, argv, "opener"))
        return be_opener(argv[3]);
    if (plays(argc, argv, "viewer"))
        return be_viewer(argv[3]);
    if (plays(argc, argv, "duplicator"))
        return be_duplicator(argv[3]);
    if (plays(argc, argv, "event"))
        return be_event(argv[3]);
    if (plays(argc, argv, "quitter"))
        return be_quitter(argv[3]);
    the_opener_keeps_the_name_of_the_creator();
    a_view_elsewhere_does_not_keep_the_name();
    a_duplicate_elsewhere_keeps_the_name();
    events_live_by_the_same_rule();
    a_normal_end_closes_handles();
    return check_end();
}
