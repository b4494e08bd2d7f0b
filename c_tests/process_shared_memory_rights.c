/*
 * process_shared_memory_rights.c - segments of every kind that another user may read, by Windows'
 * functions and those of the family: who asks for more is refused when he opens the segment or
 * duplicates a handle, and who asks for whatever there is may read. Needs root; others skip, and
 * say so.
 */
#include "other_user.h"

#define SIZE 8192

/* Whether a view is had, or refused for the want of a right. */
static int gives_view(HANDLE section, DWORD access, int expected)
{
    char *view = view_of(section, access);
    DWORD error = GetLastError();

    return view != NULL ? UnmapViewOfFile(view) && expected : !expected && error == ERROR_ACCESS_DENIED;
}
static int duplicates(HANDLE source, DWORD access, HANDLE *copy)
{
    *copy = NULL;
    return DuplicateHandle(GetCurrentProcess(), source, GetCurrentProcess(), copy, access, FALSE, 0);
}

/* What would write. */
static const DWORD writing[] = {
    FILE_MAP_WRITE, FILE_MAP_READ | FILE_MAP_WRITE, FILE_MAP_ALL_ACCESS, GENERIC_WRITE, GENERIC_ALL,
    MAXIMUM_ALLOWED | FILE_MAP_WRITE,
};
static const DWORD reading[] = {FILE_MAP_READ, GENERIC_READ, MAXIMUM_ALLOWED, MAXIMUM_ALLOWED | FILE_MAP_READ};

static void ask_for_too_much(const char *name, HANDLE source)
{
    HANDLE copy;
    size_t i;

    for (i = 0; i < sizeof writing / sizeof *writing; ++i) {
        CHECK_ERROR(OpenFileMappingA(writing[i], FALSE, spelled(name)), ERROR_ACCESS_DENIED);
        if (source != NULL)
            CHECK_ERROR(duplicates(source, writing[i], &copy), ERROR_ACCESS_DENIED);
    }
    CHECK_ERROR(new_memory(PAGE_READWRITE, SIZE, spelled(name)), ERROR_ACCESS_DENIED);
    CHECK_ERROR(new_memory(PAGE_EXECUTE_READWRITE, SIZE, spelled(name)), ERROR_ACCESS_DENIED);
}
static void ask_to_read(const char *name, HANDLE source)
{
    HANDLE section, copy;
    size_t i;

    for (i = 0; i < sizeof reading / sizeof *reading; ++i) {
        CHECK_QUIET((section = OpenFileMappingA(reading[i], FALSE, spelled(name))) != NULL);
        CHECK(gives_view(section, FILE_MAP_READ, 1) && gives_view(section, FILE_MAP_WRITE, 0));
        CHECK(CloseHandle(section));
        if (source != NULL) {
            CHECK_QUIET(duplicates(source, reading[i], &copy));
            CHECK(gives_view(copy, FILE_MAP_READ, 1) && gives_view(copy, FILE_MAP_WRITE, 0) && CloseHandle(copy));
        }
    }
    CHECK_LAST(section = new_memory(PAGE_READONLY, SIZE, spelled(name)), ERROR_ALREADY_EXISTS);
    CHECK(gives_view(section, FILE_MAP_READ, 1) && gives_view(section, FILE_MAP_WRITE, 0) && CloseHandle(section));
}
static int be_reader(const char *name)
{
    SharedMemory *memory = NULL, *none = NULL;
    HANDLE section;

    ask_for_too_much(name, NULL), ask_to_read(name, NULL);
    FAILS(SharedMemoryOpen(name, &none), SHARED_MEMORY_ACCESS_DENIED);
    FAILS(SharedMemoryCreate(name, SIZE, &none), SHARED_MEMORY_ACCESS_DENIED);
    /* The same for who has it already, in either way. */
    WORKS(SharedMemoryOpenReadOnly(name, &memory));
    CHECK((section = OpenFileMappingA(FILE_MAP_READ, FALSE, spelled(name))) != NULL);
    ask_for_too_much(name, section), ask_to_read(name, section);
    FAILS(SharedMemoryOpen(name, &none), SHARED_MEMORY_ACCESS_DENIED);
    FAILS(SharedMemoryCreate(name, SIZE, &none), SHARED_MEMORY_ACCESS_DENIED);
    CHECK(none == NULL && reads(memory, 0, SIZE, 'o') && CloseHandle(section));
    WORKS(SharedMemoryClose(memory));
    return check_failures != 0;
}
/* All that is refused a reader works for him, whatever he asked for first. */
static int be_writer(const char *name)
{
    HANDLE section = OpenFileMappingA(MAXIMUM_ALLOWED, FALSE, spelled(name)), again;
    SharedMemory *memory = NULL;
    size_t i;

    CHECK(gives_view(section, FILE_MAP_WRITE, 1));
    for (i = 0; i < sizeof writing / sizeof *writing; ++i) {
        CHECK_QUIET((again = OpenFileMappingA(writing[i], FALSE, spelled(name))) != NULL);
        CHECK(gives_view(again, FILE_MAP_WRITE, 1) && CloseHandle(again));
        CHECK_QUIET(duplicates(section, writing[i], &again));
        CHECK(gives_view(again, FILE_MAP_WRITE, 1) && CloseHandle(again));
    }
    CHECK_LAST(again = new_memory(PAGE_READWRITE, SIZE, spelled(name)), ERROR_ALREADY_EXISTS);
    WORKS(SharedMemoryOpen(name, &memory));
    CHECK(paint(memory, 0, SIZE, 'w') == 0 && CloseHandle(again) && CloseHandle(section));
    WORKS(SharedMemoryClose(memory));
    return check_failures != 0;
}
/* He reads, and may write when its owner has let him. */
static int be_reader_then_writer(const char *name)
{
    SharedMemory *reader = NULL, *writer = NULL;

    WORKS(SharedMemoryOpenReadOnly(name, &reader));
    FAILS(SharedMemoryOpen(name, &writer), SHARED_MEMORY_ACCESS_DENIED);
    pass_turn(&parent), await_turn(&parent);
    WORKS(SharedMemoryOpen(name, &writer));
    CHECK(paint(writer, 0, SIZE, 'w') == 0 && reads(reader, 0, SIZE, 'w'));
    FAILS(SharedMemoryWrite(reader, "x", 1), SHARED_MEMORY_ACCESS_DENIED);
    WORKS(SharedMemoryClose(reader));
    WORKS(SharedMemoryClose(writer));
    return check_failures != 0;
}

static void who_may_read_is_refused_more(int kind)
{
    const char *name = common_name(kind, "read");
    SharedMemory *memory = create_for_others(name, SIZE, 0644);

    CHECK(other_can("reader", name) && reads(memory, 0, SIZE, 'o'));
    WORKS(SharedMemoryFree(memory));
}
static void who_may_write_is_refused_nothing(int kind)
{
    const char *name = common_name(kind, "write");
    SharedMemory *memory = create_for_others(name, SIZE, 0666);

    CHECK(other_can("writer", name) && reads(memory, 0, SIZE, 'w'));
    WORKS(SharedMemoryFree(memory));
}
static void what_is_granted_later_can_be_had(int kind)
{
    const char *name = common_name(kind, "later");
    SharedMemory *memory = create_for_others(name, SIZE, 0644);
    PEER other = start_peer("reader, then writer", name);

    await_turn(&other);
    WORKS(SharedMemorySetMode(memory, 0666));
    pass_turn(&other);
    CHECK(end_of(&other) == 0 && reads(memory, 0, SIZE, 'w'));
    WORKS(SharedMemoryFree(memory));
}

int main(int argc, char **argv)
{
    static const ROLE roles[] = {
        {"reader", be_reader}, {"writer", be_writer}, {"reader, then writer", be_reader_then_writer}};

    check_begin();
    play_other(argc, argv, roles, sizeof roles / sizeof *roles);
    need_root();
    use_directory_of_all();
    make_machine_wide_directory();
    OF_EVERY_KIND(who_may_read_is_refused_more);
    OF_EVERY_KIND(who_may_write_is_refused_nothing);
    OF_EVERY_KIND(what_is_granted_later_can_be_had);
    return check_end();
}
