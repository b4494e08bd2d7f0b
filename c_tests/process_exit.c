/*
 * process_exit.c - programs that never close anything: when they end normally,
 * their objects' files are gone. Each story has a directory of its own.
 */
#include "check.h"

enum { OBJECTS = 20 };

/* Makes OBJECTS named mappings and OBJECTS named events, and some without names. Nothing is ever closed. */
static void create_and_forget(const char *name)
{
    char one[200];
    int i;

    for (i = 0; i < OBJECTS; ++i) {
        HANDLE mapping, twin;
        char *view;

        snprintf(one, sizeof one, "%s-%d", name, i);
        mapping = new_memory(PAGE_READWRITE, 65536, one);
        view = view_of(mapping, FILE_MAP_WRITE);
        if (CHECK(view != NULL))
            memset(view, i, 65536);
        CHECK(DuplicateHandle(GetCurrentProcess(), mapping, GetCurrentProcess(), &twin, 0, FALSE, DUPLICATE_SAME_ACCESS));
        CHECK(OpenFileMappingA(FILE_MAP_READ, TRUE, one) != NULL);
        snprintf(one, sizeof one, "%s-event-%d", name, i);
        CHECK(CreateEventA(NULL, TRUE, FALSE, one) != NULL);
        CHECK(CreateEventA(NULL, TRUE, FALSE, NULL) != NULL);
        CHECK(view_of(new_memory(PAGE_READWRITE | SEC_RESERVE, 65536, NULL), FILE_MAP_WRITE) != NULL);
    }
}
static int be_forgetful(const char *name)
{
    create_and_forget(name);
    pass_turn(&parent);
    await_turn(&parent);
    return check_failures != 0;
}
static int be_abrupt(const char *name)
{
    create_and_forget(name);
    pass_turn(&parent);
    await_turn(&parent);
    exit(check_failures != 0);
}

/* While the program runs every named object is a file; when it has ended there is none. */
static void a_program_that_ends_leaves_no_file(const char *role)
{
    PEER child = start_peer(role, NAME("ends"));

    await_turn(&child);
    CHECK(count_objects() >= 2 * OBJECTS);
    pass_turn(&child);
    CHECK(end_of(&child) == 0);
    CHECK(count_objects() == 0);
}

/* Who closes everything leaves no file either, already before its end. */
static int be_tidy(const char *name)
{
    HANDLE mapping = new_memory(PAGE_READWRITE, 4096, name), event, other;

    CHECK(count_objects() >= 1);
    other = OpenFileMappingA(FILE_MAP_READ, FALSE, name);
    CHECK(CloseHandle(mapping) && CloseHandle(other));
    event = CreateEventA(NULL, TRUE, FALSE, name);
    CHECK(CloseHandle(event));
    CHECK(count_objects() == 0);
    return check_failures != 0;
}
static void a_program_that_closes_leaves_no_file(void)
{
    PEER child = start_peer("tidy", NAME("tidy"));

    CHECK(end_of(&child) == 0);
    CHECK(count_objects() == 0);
}

/* The end of one program takes nothing from another that holds the same objects. */
static void the_end_of_one_leaves_the_files_of_the_other(void)
{
    const char *name = NAME("two");
    PEER one = start_peer("forgetful", name), other;
    int files;

    await_turn(&one);
    files = count_objects();
    other = start_peer("witness", name);
    await_turn(&other);
    pass_turn(&one);
    CHECK(end_of(&one) == 0);
    /* The witness has two of them open. */
    CHECK(count_objects() == 2 && files > 2);
    pass_turn(&other);
    CHECK(end_of(&other) == 0);
    CHECK(count_objects() == 0);
}
static int be_witness(const char *name)
{
    char one[200];
    HANDLE mapping, event;
    char *view;

    snprintf(one, sizeof one, "%s-7", name);
    CHECK((mapping = OpenFileMappingA(FILE_MAP_READ, FALSE, one)) != NULL);
    snprintf(one, sizeof one, "%s-event-7", name);
    CHECK((event = OpenEventA(EVENT_MODIFY_STATE, FALSE, one)) != NULL);
    pass_turn(&parent);
    await_turn(&parent);
    snprintf(one, sizeof one, "%s-7", name);
    CHECK(name_exists(one));
    snprintf(one, sizeof one, "%s-8", name);
    CHECK(!name_exists(one));
    CHECK((view = view_of(mapping, FILE_MAP_READ)) != NULL && view[65535] == 7);
    CHECK(SetEvent(event));
    return check_failures != 0;
}

int main(int argc, char **argv)
{
    check_begin();
    if (plays(argc, argv, "forgetful"))
        return be_forgetful(argv[3]);
    if (plays(argc, argv, "abrupt"))
        return be_abrupt(argv[3]);
    if (plays(argc, argv, "tidy"))
        return be_tidy(argv[3]);
    if (plays(argc, argv, "witness"))
        return be_witness(argv[3]);
    use_private_directory();
    a_program_that_ends_leaves_no_file("forgetful");
    a_program_that_ends_leaves_no_file("abrupt");
    a_program_that_closes_leaves_no_file();
    the_end_of_one_leaves_the_files_of_the_other();
    CHECK(remove_object_directory());
    return check_end();
}
