/*
 * process_inherit_rights.c - an inherited handle can do what it could, and no more: an object with an empty list is
 * its creator's, also in a program that has it from the creator.
 */
#include "inheriting.h"
#include "security.h"

enum { SECTION, READER, EVENT, WAITER, NAMED_SECTION, NAMED_READER, NAMED_EVENT, NAMED_WAITER, ALL };

static HANDLE reduced(HANDLE source, DWORD access)
{
    HANDLE copy = NULL;

    CHECK(DuplicateHandle(GetCurrentProcess(), source, GetCurrentProcess(), &copy, access, TRUE, 0));
    return copy;
}
static BOOL widens(HANDLE source, DWORD access)
{
    HANDLE copy;

    return DuplicateHandle(GetCurrentProcess(), source, GetCurrentProcess(), &copy, access, FALSE, 0) && CloseHandle(copy);
}

static int use_reduced_handles(const char *tag)
{
    HANDLE handles[ALL], copy;
    int i;

    handles_of(tag, handles, ALL);
    for (i = 0; i < ALL; i += 4) {
        CHECK(view_of(handles[i + SECTION], FILE_MAP_WRITE) != NULL && view_of(handles[i + READER], FILE_MAP_READ) != NULL);
        CHECK_ERROR(MapViewOfFile(handles[i + READER], FILE_MAP_WRITE, 0, 0, 0), ERROR_ACCESS_DENIED);
        CHECK_ERROR(widens(handles[i + READER], FILE_MAP_WRITE), ERROR_ACCESS_DENIED);
        CHECK_ERROR(widens(handles[i + READER], FILE_MAP_ALL_ACCESS), ERROR_ACCESS_DENIED);
        CHECK(widens(handles[i + SECTION], FILE_MAP_READ | FILE_MAP_WRITE));
        CHECK_ERROR(SetEvent(handles[i + WAITER]), ERROR_ACCESS_DENIED);
        CHECK_ERROR(widens(handles[i + WAITER], EVENT_MODIFY_STATE), ERROR_ACCESS_DENIED);
        CHECK(is_set(handles[i + WAITER]) && ResetEvent(handles[i + EVENT]) && !is_set(handles[i + WAITER]));
        copy = reduced(handles[i + WAITER], SYNCHRONIZE);
        CHECK_ERROR(widens(copy, EVENT_ALL_ACCESS), ERROR_ACCESS_DENIED);
        CHECK(CloseHandle(copy));
    }
    return check_failures != 0;
}
/* The same, after a program in between that has used them. */
static int pass_on(const char *tag)
{
    PEER last;

    CHECK_ERROR(CloseHandle(GARBAGE_HANDLE), ERROR_INVALID_HANDLE);
    last = start_by(EMPTY_ENVIRONMENT, "use", tag);
    CHECK(end_of(&last) == 0);
    return check_failures != 0;
}

static void a_closed_object_stays_closed(const char *role)
{
    SECURITY_DESCRIPTOR descriptor;
    SECURITY_ATTRIBUTES attributes;
    HANDLE handles[ALL];
    ACL list;
    PEER child;
    int i;

    CHECK(InitializeAcl(&list, sizeof list, ACL_REVISION));
    attributes = attributes_with(&descriptor, &list);
    attributes.bInheritHandle = TRUE;
    for (i = 0; i < ALL; i += 4) {
        handles[i + SECTION] = CreateFileMappingA(MEMORY, &attributes, PAGE_READWRITE, 0, 4096, i == 0 ? NULL : NAME("section"));
        handles[i + EVENT] = CreateEventA(&attributes, TRUE, TRUE, i == 0 ? NULL : NAME("event"));
        handles[i + READER] = reduced(handles[i + SECTION], FILE_MAP_READ);
        handles[i + WAITER] = reduced(handles[i + EVENT], SYNCHRONIZE);
    }
    child = start_by(SPAWN, role, tag_of(handles, ALL));
    CHECK(end_of(&child) == 0);
    for (i = 0; i < ALL; ++i)
        CHECK(CloseHandle(handles[i]));
    CHECK(count_objects() == 0);
}

int main(int argc, char **argv)
{
    check_begin();
    if (plays(argc, argv, "use"))
        return use_reduced_handles(argv[3]);
    if (plays(argc, argv, "pass"))
        return pass_on(argv[3]);
    use_private_directory();
    a_closed_object_stays_closed("use");
    a_closed_object_stays_closed("pass");
    return check_end();
}
