/*
 * test_create_again.c - creating what exists: the name decides, the arguments
 * of the second creator only say what its own handle may do.
 */
#include "check.h"

/* The second creator gets the same object and is told so by the last error. */
static void the_second_creator_shares_the_object(void)
{
    const char *name = NAME("same");
    HANDLE first = new_memory(PAGE_READWRITE, 4096, name), second;
    char *one, *other;

    CHECK_LAST(second = new_memory(PAGE_READWRITE, 4096, name), ERROR_ALREADY_EXISTS);
    CHECK(second != first);
    one = view_of(first, FILE_MAP_WRITE);
    other = view_of(second, FILE_MAP_WRITE);
    if (CHECK(one != NULL && other != NULL)) {
        one[0] = 'a';
        other[1] = 'b';
        CHECK(other[0] == 'a' && one[1] == 'b');
    }
    CHECK(UnmapViewOfFile(one));
    CHECK(UnmapViewOfFile(other));
    CHECK(CloseHandle(second));

    CHECK_LAST(second = CreateFileMappingW(MEMORY, NULL, PAGE_READWRITE, 0, 4096, widen(name)), ERROR_ALREADY_EXISTS);
    CHECK(CloseHandle(second));
    CHECK(CloseHandle(first));
}

/* Other sizes, protections and attributes are accepted for a name that exists; wrong ones are still wrong. */
static void arguments_for_an_existing_name_are_checked_and_ignored(void)
{
    static const DWORD accepted[] = {PAGE_READONLY,          PAGE_WRITECOPY,
                                     PAGE_EXECUTE_READWRITE, PAGE_READWRITE | SEC_RESERVE,
                                     PAGE_READWRITE | SEC_COMMIT};
    const char *name = NAME("ignored");
    HANDLE first = new_memory(PAGE_READWRITE, 4096, name), second;
    size_t i;

    for (i = 0; i < sizeof accepted / sizeof accepted[0]; ++i) {
        CHECK_LAST(second = new_memory(accepted[i], 4096, name), ERROR_ALREADY_EXISTS);
        CHECK(CloseHandle(second));
    }
    CHECK_LAST(second = new_memory(PAGE_READWRITE, 1 << 20, name), ERROR_ALREADY_EXISTS);
    CHECK(CloseHandle(second));

    CHECK_ERROR(new_memory(PAGE_READWRITE, 0, name), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(new_memory(0, 4096, name), ERROR_INVALID_PARAMETER);
    CHECK_ERROR_OR_WINE(new_memory(PAGE_READWRITE | SEC_COMMIT | SEC_RESERVE, 4096, name), ERROR_INVALID_PARAMETER,
                        SUCCESS);
    CHECK_ERROR_OR_WINE(CreateFileMappingA(GARBAGE_HANDLE, NULL, PAGE_READWRITE, 0, 4096, name), ERROR_INVALID_HANDLE,
                        SUCCESS);
    CHECK(CloseHandle(first));
}

/* A reader that "creates" with PAGE_READONLY cannot write, though the object is writable. */
static void a_read_only_second_creator_cannot_write(void)
{
    const char *name = NAME("reader");
    HANDLE first = new_memory(PAGE_READWRITE, 4096, name), reader;
    void *view;

    CHECK_LAST(reader = new_memory(PAGE_READONLY, 4096, name), ERROR_ALREADY_EXISTS);
    CHECK_ERROR(MapViewOfFile(reader, FILE_MAP_WRITE, 0, 0, 0), ERROR_ACCESS_DENIED);
    CHECK_ERROR(MapViewOfFile(reader, FILE_MAP_READ | FILE_MAP_WRITE, 0, 0, 0), ERROR_ACCESS_DENIED);
    CHECK((view = MapViewOfFile(reader, FILE_MAP_READ, 0, 0, 0)) != NULL && UnmapViewOfFile(view));
    CHECK((view = MapViewOfFile(reader, FILE_MAP_COPY, 0, 0, 0)) != NULL && UnmapViewOfFile(view));
    CHECK(CloseHandle(reader));
    CHECK(CloseHandle(first));
}

/* A second creator that wants more room gets what there is: it finds out when it maps. */
static void a_larger_request_does_not_grow_the_object(void)
{
    const char *name = NAME("larger");
    HANDLE first = new_memory(PAGE_READWRITE, 4096, name), second;
    MEMORY_BASIC_INFORMATION info;
    void *view;

    CHECK_LAST(second = new_memory(PAGE_READWRITE, 65536, name), ERROR_ALREADY_EXISTS);
    CHECK_ERROR(MapViewOfFile(second, FILE_MAP_WRITE, 0, 0, 65536), ERROR_ACCESS_DENIED);
    view = MapViewOfFile(second, FILE_MAP_WRITE, 0, 0, 0);
    CHECK(VirtualQuery(view, &info, sizeof info) == sizeof info && info.RegionSize == 4096);
    CHECK(UnmapViewOfFile(view));
    CHECK(CloseHandle(second));

    /* Nor does a smaller one shrink it. */
    CHECK(CloseHandle(first));
    first = new_memory(PAGE_READWRITE, 65536, name);
    second = new_memory(PAGE_READWRITE, 4096, name);
    CHECK((view = MapViewOfFile(second, FILE_MAP_WRITE, 0, 0, 65536)) != NULL && UnmapViewOfFile(view));
    CHECK(CloseHandle(second));
    CHECK(CloseHandle(first));
}

/* What was created read-only stays so: asking for PAGE_READWRITE later does not open it for writing. */
static void a_read_only_object_stays_read_only(void)
{
    const char *name = NAME("readonly");
    HANDLE first = new_memory(PAGE_READONLY, 4096, name), second;
    void *view;

    CHECK_LAST(second = new_memory(PAGE_READWRITE, 4096, name), ERROR_ALREADY_EXISTS);
    CHECK_ERROR_OR_WINE(MapViewOfFile(second, FILE_MAP_WRITE, 0, 0, 0), ERROR_INVALID_PARAMETER, SUCCESS);
    CHECK((view = MapViewOfFile(second, FILE_MAP_READ, 0, 0, 0)) != NULL && UnmapViewOfFile(view));
    CHECK(CloseHandle(second));
    CHECK(CloseHandle(first));
}

/* A name belongs to one object of one type. Its arguments are judged before the name. */
static void a_name_of_an_event_cannot_become_a_mapping(void)
{
    const char *name = NAME("event");
    HANDLE event = CreateEventA(NULL, TRUE, FALSE, name), mapping;

    CHECK_ERROR(new_memory(PAGE_READWRITE, 4096, name), ERROR_INVALID_HANDLE);
    CHECK_ERROR(CreateFileMappingW(MEMORY, NULL, PAGE_READWRITE, 0, 4096, widen(name)), ERROR_INVALID_HANDLE);
    CHECK_ERROR(OpenFileMappingA(FILE_MAP_READ, FALSE, name), ERROR_INVALID_HANDLE);
    CHECK_ERROR(new_memory(PAGE_READWRITE, 0, name), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(new_memory(PAGE_NOACCESS, 4096, name), ERROR_INVALID_PARAMETER);
    CHECK(CloseHandle(event));

    CHECK_LAST(mapping = new_memory(PAGE_READWRITE, 4096, name), ERROR_SUCCESS);
    CHECK(CloseHandle(mapping));
}

/* The name goes with the last handle; who creates it then gets new, zeroed memory, while old views live on. */
static void a_name_is_free_after_the_last_close(void)
{
    const char *name = NAME("again");
    HANDLE mapping = new_memory(PAGE_READWRITE, 4096, name);
    char *old = view_of(mapping, FILE_MAP_WRITE), *old_too = view_of(mapping, FILE_MAP_READ), *fresh;

    old[0] = 9;
    CHECK(CloseHandle(mapping));
    CHECK_ERROR(OpenFileMappingA(FILE_MAP_READ, FALSE, name), ERROR_FILE_NOT_FOUND);

    CHECK_LAST(mapping = new_memory(PAGE_READWRITE, 4096, name), ERROR_SUCCESS);
    fresh = view_of(mapping, FILE_MAP_WRITE);
    CHECK(fresh[0] == 0 && old[0] == 9);
    fresh[0] = 4;
    CHECK(old[0] == 9);
    old[1] = 5;
    CHECK(old_too[1] == 5 && fresh[1] == 0);
    CHECK(UnmapViewOfFile(fresh));
    CHECK(UnmapViewOfFile(old));
    CHECK(UnmapViewOfFile(old_too));
    CHECK(CloseHandle(mapping));
}

int main(void)
{
    check_begin();
    the_second_creator_shares_the_object();
    arguments_for_an_existing_name_are_checked_and_ignored();
    a_read_only_second_creator_cannot_write();
    a_larger_request_does_not_grow_the_object();
    a_read_only_object_stays_read_only();
    a_name_of_an_event_cannot_become_a_mapping();
    a_name_is_free_after_the_last_close();
    return check_end();
}
