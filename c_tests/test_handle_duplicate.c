/*
 * test_handle_duplicate.c - DuplicateHandle within the process: one more handle
 * to the same object, with the same rights, fewer, or more.
 */
#include "check.h"

static DWORD flags_of(HANDLE handle)
{
    DWORD flags = 0;

    return GetHandleInformation(handle, &flags) ? flags : 99;
}

static BOOL duplicate(HANDLE source, HANDLE *target, DWORD access, DWORD options)
{
    return DuplicateHandle(GetCurrentProcess(), source, GetCurrentProcess(), target, access, FALSE, options);
}

static int maps(HANDLE mapping, DWORD access)
{
    void *view = MapViewOfFile(mapping, access, 0, 0, 0);

    return view != NULL && UnmapViewOfFile(view);
}

/* Another value for the same object, which lives until both are closed. */
static void a_duplicate_keeps_the_object_and_its_name(void)
{
    const char *name = NAME("twin");
    HANDLE mapping = new_memory(PAGE_READWRITE, 4096, name), twin = NULL;
    char *view;

    CHECK_QUIET(duplicate(mapping, &twin, 0, DUPLICATE_SAME_ACCESS));
    CHECK(twin != NULL && twin != mapping && CompareObjectHandles(twin, mapping));
    CHECK(flags_of(twin) == 0);
    CHECK(CloseHandle(mapping));
    CHECK(name_exists(name));
    CHECK((view = view_of(twin, FILE_MAP_WRITE)) != NULL && UnmapViewOfFile(view));
    CHECK(CloseHandle(twin));
    CHECK_ERROR(OpenFileMappingA(FILE_MAP_READ, FALSE, name), ERROR_FILE_NOT_FOUND);
}

/* A duplicate with less access allows less: rights sit on handles. */
static void a_reduced_duplicate_allows_less(void)
{
    HANDLE mapping = new_memory(PAGE_READWRITE, 4096, NULL), reader, nothing, writer, event, weak;

    CHECK_QUIET(duplicate(mapping, &reader, FILE_MAP_READ, 0));
    CHECK(maps(reader, FILE_MAP_READ));
    CHECK_ERROR(MapViewOfFile(reader, FILE_MAP_WRITE, 0, 0, 0), ERROR_ACCESS_DENIED);
    CHECK_QUIET(duplicate(mapping, &nothing, 0, 0));
    CHECK_ERROR(MapViewOfFile(nothing, 0, 0, 0, 0), ERROR_ACCESS_DENIED);
    CHECK_ERROR(MapViewOfFile(nothing, FILE_MAP_READ, 0, 0, 0), ERROR_ACCESS_DENIED);
    CHECK_QUIET(duplicate(mapping, &writer, GENERIC_WRITE, 0));
    CHECK(maps(writer, FILE_MAP_WRITE));
    CHECK_ERROR(MapViewOfFile(writer, FILE_MAP_READ, 0, 0, 0), ERROR_ACCESS_DENIED);
    CHECK(CloseHandle(reader));
    CHECK(CloseHandle(nothing));
    CHECK(CloseHandle(writer));
    CHECK(maps(mapping, FILE_MAP_WRITE));
    CHECK(CloseHandle(mapping));

    event = CreateEventA(NULL, TRUE, FALSE, NULL);
    CHECK_QUIET(duplicate(event, &weak, SYNCHRONIZE, 0));
    CHECK_ERROR(SetEvent(weak), ERROR_ACCESS_DENIED);
    CHECK(CloseHandle(weak));
    CHECK_QUIET(duplicate(event, &weak, EVENT_MODIFY_STATE, 0));
    CHECK_QUIET(SetEvent(weak));
    CHECK(CloseHandle(weak));
    CHECK(CloseHandle(event));
}

/* The object, not the source handle, decides what a duplicate may: rights that were given up can be had again. */
static void rights_can_be_regained(void)
{
    HANDLE mapping = new_memory(PAGE_READWRITE, 4096, NULL), reader, writer;

    CHECK(duplicate(mapping, &reader, FILE_MAP_READ, 0));
    CHECK_QUIET(duplicate(reader, &writer, FILE_MAP_READ | FILE_MAP_WRITE, 0));
    CHECK(maps(writer, FILE_MAP_WRITE));
    CHECK(CloseHandle(writer));
    CHECK_ERROR(MapViewOfFile(reader, FILE_MAP_WRITE, 0, 0, 0), ERROR_ACCESS_DENIED);
    CHECK(CloseHandle(reader));
    CHECK(CloseHandle(mapping));
}

/* With DUPLICATE_SAME_ACCESS the access argument is not looked at. */
static void same_access_ignores_the_access_argument(void)
{
    HANDLE mapping = new_memory(PAGE_READWRITE, 4096, NULL), twin, reader, reader_twin;

    CHECK(duplicate(mapping, &twin, FILE_MAP_READ, DUPLICATE_SAME_ACCESS));
    CHECK(maps(twin, FILE_MAP_WRITE));
    CHECK(duplicate(mapping, &reader, FILE_MAP_READ, 0));
    CHECK(duplicate(reader, &reader_twin, FILE_MAP_WRITE, DUPLICATE_SAME_ACCESS));
    CHECK_ERROR(MapViewOfFile(reader_twin, FILE_MAP_WRITE, 0, 0, 0), ERROR_ACCESS_DENIED);
    CHECK(CloseHandle(twin));
    CHECK(CloseHandle(reader));
    CHECK(CloseHandle(reader_twin));
    CHECK(CloseHandle(mapping));
}

/* The new handle is inherited if its maker says so, not if the old one was; neither is protection handed on. */
static void flags_are_not_duplicated(void)
{
    HANDLE me = GetCurrentProcess(), event = CreateEventA(NULL, TRUE, FALSE, NULL), twin;

    CHECK_QUIET(DuplicateHandle(me, event, me, &twin, 0, TRUE, DUPLICATE_SAME_ACCESS));
    CHECK(flags_of(twin) == HANDLE_FLAG_INHERIT);
    CHECK(CloseHandle(twin));
    CHECK(SetHandleInformation(event, 3, 3));
    CHECK(duplicate(event, &twin, 0, DUPLICATE_SAME_ACCESS));
    CHECK(flags_of(twin) == 0);
    CHECK(CloseHandle(twin));
    CHECK(SetHandleInformation(event, 3, 0));
    CHECK(CloseHandle(event));
}

/* DUPLICATE_CLOSE_SOURCE moves a handle: the object lives on under the new value. */
static void close_source_moves_a_handle(void)
{
    const char *name = NAME("move");
    HANDLE mapping = new_memory(PAGE_READWRITE, 4096, name), moved = NULL;

    CHECK_QUIET(duplicate(mapping, &moved, 0, DUPLICATE_SAME_ACCESS | DUPLICATE_CLOSE_SOURCE));
    CHECK(maps(moved, FILE_MAP_WRITE) && name_exists(name));
    if (moved != mapping)
        CHECK_ERROR(CloseHandle(mapping), ERROR_INVALID_HANDLE);
    CHECK(CloseHandle(moved));
    CHECK(!name_exists(name));
}

/* The source is closed whatever else happens: without any target this is a CloseHandle. */
static void close_source_closes_even_without_a_target(void)
{
    const char *name = NAME("drop");
    HANDLE me = GetCurrentProcess(), mapping = new_memory(PAGE_READWRITE, 4096, name);

    SetLastError(SENTINEL);
    CHECK(DuplicateHandle(me, mapping, NULL, NULL, 0, FALSE, DUPLICATE_CLOSE_SOURCE) ||
          ON_WINE(GetLastError() == ERROR_INVALID_HANDLE));
    CHECK_ERROR(CloseHandle(mapping), ERROR_INVALID_HANDLE);
    CHECK(!name_exists(name));

    mapping = new_memory(PAGE_READWRITE, 4096, name);
    CHECK_ERROR(DuplicateHandle(me, mapping, GARBAGE_HANDLE, NULL, 0, FALSE, DUPLICATE_CLOSE_SOURCE), ERROR_INVALID_HANDLE);
    CHECK_ERROR(CloseHandle(mapping), ERROR_INVALID_HANDLE);
    CHECK(!name_exists(name));
}

/* Unless it is protected: then there are two handles afterwards. */
static void close_source_spares_a_protected_handle(void)
{
    HANDLE event = CreateEventA(NULL, TRUE, FALSE, NULL), twin = NULL;

    CHECK(SetHandleInformation(event, HANDLE_FLAG_PROTECT_FROM_CLOSE, HANDLE_FLAG_PROTECT_FROM_CLOSE));
    CHECK(duplicate(event, &twin, 0, DUPLICATE_SAME_ACCESS | DUPLICATE_CLOSE_SOURCE));
    CHECK(flags_of(twin) == 0 && flags_of(event) == HANDLE_FLAG_PROTECT_FROM_CLOSE);
    CHECK(CloseHandle(twin));
    CHECK(SetHandleInformation(event, HANDLE_FLAG_PROTECT_FROM_CLOSE, 0));
    CHECK(CloseHandle(event));
}

/* Who does not want to know the new handle still succeeds. (It leaks.) */
static void the_target_may_be_null(void)
{
    HANDLE event = CreateEventA(NULL, TRUE, FALSE, NULL);

    CHECK_QUIET(duplicate(event, NULL, 0, DUPLICATE_SAME_ACCESS));
    CHECK(CloseHandle(event));
}

/* The pseudo-handles of process and thread become real handles, which are closed like others. */
static void pseudo_handles_become_real_ones(void)
{
    HANDLE me = GetCurrentProcess(), process = NULL, thread = NULL, event, twin;

    CHECK_QUIET(duplicate(me, &process, 0, DUPLICATE_SAME_ACCESS));
    CHECK(process != me && (LONG_PTR)process > 0 && CompareObjectHandles(process, me));
    CHECK_QUIET(duplicate(GetCurrentThread(), &thread, 0, DUPLICATE_SAME_ACCESS));
    CHECK((LONG_PTR)thread > 0 && thread != process && CompareObjectHandles(thread, GetCurrentThread()));
    /* The real handle names this process as well as the pseudo one does. */
    event = CreateEventA(NULL, TRUE, FALSE, NULL);
    CHECK_QUIET(DuplicateHandle(process, event, process, &twin, 0, FALSE, DUPLICATE_SAME_ACCESS));
    CHECK(CompareObjectHandles(twin, event));
    CHECK(CloseHandle(twin));
    CHECK(CloseHandle(event));
    CHECK_QUIET(CloseHandle(process));
    CHECK_ERROR(CloseHandle(process), ERROR_INVALID_HANDLE);
    CHECK_QUIET(CloseHandle(thread));
}

/* What is no handle, or no process, makes nothing. */
static void nonsense_is_not_duplicated(void)
{
    HANDLE me = GetCurrentProcess(), event = CreateEventA(NULL, TRUE, FALSE, NULL), twin = NULL;

    CHECK_ERROR(duplicate(NULL, &twin, 0, DUPLICATE_SAME_ACCESS), ERROR_INVALID_HANDLE);
    CHECK_ERROR(duplicate(GARBAGE_HANDLE, &twin, 0, DUPLICATE_SAME_ACCESS), ERROR_INVALID_HANDLE);
    CHECK_ERROR(DuplicateHandle(GARBAGE_HANDLE, event, me, &twin, 0, FALSE, DUPLICATE_SAME_ACCESS), ERROR_INVALID_HANDLE);
    CHECK_ERROR(DuplicateHandle(me, event, GARBAGE_HANDLE, &twin, 0, FALSE, DUPLICATE_SAME_ACCESS), ERROR_INVALID_HANDLE);
    CHECK_ERROR(DuplicateHandle(event, event, me, &twin, 0, FALSE, DUPLICATE_SAME_ACCESS), ERROR_INVALID_HANDLE);
    CHECK_ERROR(DuplicateHandle(me, event, event, &twin, 0, FALSE, DUPLICATE_SAME_ACCESS), ERROR_INVALID_HANDLE);
    CHECK_ERROR(DuplicateHandle(NULL, event, me, &twin, 0, FALSE, DUPLICATE_SAME_ACCESS), ERROR_INVALID_HANDLE);
    CHECK(SetEvent(event) && CloseHandle(event));
    CHECK_ERROR(duplicate(event, &twin, 0, DUPLICATE_SAME_ACCESS), ERROR_INVALID_HANDLE);
}

int main(void)
{
    check_begin();
    a_duplicate_keeps_the_object_and_its_name();
    a_reduced_duplicate_allows_less();
    rights_can_be_regained();
    same_access_ignores_the_access_argument();
    flags_are_not_duplicated();
    close_source_moves_a_handle();
    close_source_closes_even_without_a_target();
    close_source_spares_a_protected_handle();
    the_target_may_be_null();
    pseudo_handles_become_real_ones();
    nonsense_is_not_duplicated();
    return check_end();
}
