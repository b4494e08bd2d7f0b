/*
 * test_security_closed.c - a list without entries: the object is its creator's, by the
 * handle that the creator got. Names lead nobody to it any more, and no duplicate can do more than
 * its source.
 */
#include "security.h"

#ifndef __MINGW32__
#include <SharedMemory.h>
#include <sys/stat.h>
#endif

static SECURITY_ATTRIBUTES closed(void)
{
    static SECURITY_DESCRIPTOR descriptor;
    static ACL list;

    CHECK(InitializeAcl(&list, sizeof list, ACL_REVISION));
    return attributes_with(&descriptor, &list);
}
static HANDLE duplicate(HANDLE source, DWORD access, DWORD options)
{
    HANDLE copy = NULL;

    if (!DuplicateHandle(GetCurrentProcess(), source, GetCurrentProcess(), &copy, access, FALSE, options))
        return NULL;
    return copy;
}

static void a_section_is_its_creators(void)
{
    SECURITY_ATTRIBUTES attributes = closed();
    const char *name = NAME("section");
    HANDLE mapping, reader, other;
    char *view;

    CHECK_LAST(mapping = CreateFileMappingA(MEMORY, &attributes, PAGE_READWRITE, 0, 4096, name), ERROR_SUCCESS);
    view = view_of(mapping, FILE_MAP_WRITE);
    CHECK(view != NULL);
    memcpy(view, "secret", 7);
    CHECK_ERROR(OpenFileMappingA(FILE_MAP_READ, FALSE, name), ERROR_ACCESS_DENIED);
    CHECK_ERROR(OpenFileMappingA(FILE_MAP_ALL_ACCESS, FALSE, name), ERROR_ACCESS_DENIED);
    CHECK_ERROR(CreateFileMappingA(MEMORY, NULL, PAGE_READWRITE, 0, 4096, name), ERROR_ACCESS_DENIED);
    CHECK_ERROR(CreateFileMappingA(MEMORY, &attributes, PAGE_READWRITE, 0, 4096, name), ERROR_ACCESS_DENIED);
    /* Also for other kinds of object there is nothing but a name that is taken. */
    CHECK_ERROR(CreateEventA(NULL, FALSE, FALSE, name), ERROR_INVALID_HANDLE);

    /* The owner may look at the list of the object, and change it. It leads to nothing else. */
    other = OpenFileMappingA(READ_CONTROL, FALSE, name);
    CHECK(other != NULL);
    CHECK_ERROR(MapViewOfFile(other, FILE_MAP_READ, 0, 0, 0), ERROR_ACCESS_DENIED);
    CHECK_ERROR(duplicate(other, FILE_MAP_READ, 0), ERROR_ACCESS_DENIED);
    CHECK(CloseHandle(other));
    other = OpenFileMappingA(READ_CONTROL | WRITE_DAC, FALSE, name);
    CHECK(other != NULL && CloseHandle(other));
    CHECK_ERROR(OpenFileMappingA(READ_CONTROL | FILE_MAP_READ, FALSE, name), ERROR_ACCESS_DENIED);

    /* This is how a browser hands out memory that can only be read. */
    reader = duplicate(mapping, FILE_MAP_READ, 0);
    CHECK(reader != NULL && strcmp(view_of(reader, FILE_MAP_READ), "secret") == 0);
    CHECK_ERROR(MapViewOfFile(reader, FILE_MAP_WRITE, 0, 0, 0), ERROR_ACCESS_DENIED);
    CHECK_ERROR(duplicate(reader, FILE_MAP_READ | FILE_MAP_WRITE, 0), ERROR_ACCESS_DENIED);
    CHECK_ERROR(duplicate(reader, FILE_MAP_ALL_ACCESS, 0), ERROR_ACCESS_DENIED);
    CHECK_ERROR(duplicate(reader, GENERIC_ALL, 0), ERROR_ACCESS_DENIED);
    other = duplicate(reader, 0, DUPLICATE_SAME_ACCESS);
    CHECK_ERROR(duplicate(other, FILE_MAP_WRITE, 0), ERROR_ACCESS_DENIED);
    CHECK(CloseHandle(other));
    other = duplicate(mapping, FILE_MAP_READ | FILE_MAP_WRITE, 0);
    CHECK(other != NULL && view_of(other, FILE_MAP_WRITE) != NULL);
    CHECK(CloseHandle(other) && CloseHandle(reader) && CloseHandle(mapping));

    /* The list went with the object. */
    CHECK(UnmapViewOfFile(view));
    CHECK_LAST(mapping = CreateFileMappingA(MEMORY, NULL, PAGE_READWRITE, 0, 4096, name), ERROR_SUCCESS);
    other = OpenFileMappingA(FILE_MAP_ALL_ACCESS, FALSE, name);
    CHECK(other != NULL && CloseHandle(other) && CloseHandle(mapping));
}

static void so_is_what_has_no_name(void)
{
    SECURITY_ATTRIBUTES attributes = closed();
    HANDLE mapping = CreateFileMappingA(MEMORY, &attributes, PAGE_READWRITE, 0, 4096, NULL), reader, other;
    HANDLE event = CreateEventA(&attributes, TRUE, TRUE, NULL);
    DWORD flags = 99;

    reader = duplicate(mapping, FILE_MAP_READ, 0);
    CHECK(reader != NULL);
    CHECK_ERROR(duplicate(reader, FILE_MAP_WRITE, 0), ERROR_ACCESS_DENIED);
    /* Nothing of it shows in the handle, and no flag takes it away. */
    CHECK(GetHandleInformation(reader, &flags) && flags == 0);
    CHECK(SetHandleInformation(reader, HANDLE_FLAG_INHERIT, 0));
    CHECK_ERROR(duplicate(reader, FILE_MAP_WRITE, 0), ERROR_ACCESS_DENIED);
    CHECK(CloseHandle(reader));
    other = duplicate(event, SYNCHRONIZE, 0);
    CHECK(WaitForSingleObject(other, 0) == WAIT_OBJECT_0);
    CHECK_ERROR(SetEvent(other), ERROR_ACCESS_DENIED);
    CHECK_ERROR(duplicate(other, EVENT_MODIFY_STATE, 0), ERROR_ACCESS_DENIED);
    CHECK_ERROR(duplicate(other, EVENT_ALL_ACCESS, 0), ERROR_ACCESS_DENIED);
    CHECK(CloseHandle(other) && CloseHandle(event) && CloseHandle(mapping));

    /* Without such a list more rights can be had, as on Windows. */
    mapping = CreateFileMappingA(MEMORY, NULL, PAGE_READWRITE, 0, 4096, NULL);
    reader = duplicate(mapping, FILE_MAP_READ, 0);
    other = duplicate(reader, FILE_MAP_READ | FILE_MAP_WRITE, 0);
    CHECK(other != NULL && view_of(other, FILE_MAP_WRITE) != NULL);
    CHECK(CloseHandle(other) && CloseHandle(reader) && CloseHandle(mapping));
}

#ifndef __MINGW32__ /* Wine lets the owner wait for it */
enum { MUTEX, OWNED_MUTEX, EVENT, SEMAPHORE, TIMER, KINDS };
static HANDLE create(int kind, SECURITY_ATTRIBUTES *attributes, const char *name)
{
    switch (kind) {
    case MUTEX:
        return CreateMutexA(attributes, FALSE, name);
    case OWNED_MUTEX:
        return CreateMutexA(attributes, TRUE, name);
    case EVENT:
        return CreateEventA(attributes, TRUE, TRUE, name);
    case SEMAPHORE:
        return CreateSemaphoreA(attributes, 1, 1, name);
    default:
        return CreateWaitableTimerA(attributes, TRUE, name);
    }
}
static HANDLE open_kind(int kind, DWORD access, const char *name)
{
    switch (kind) {
    case MUTEX:
    case OWNED_MUTEX:
        return OpenMutexA(access, FALSE, name);
    case EVENT:
        return OpenEventA(access, FALSE, name);
    case SEMAPHORE:
        return OpenSemaphoreA(access, FALSE, name);
    default:
        return OpenWaitableTimerA(access, FALSE, name);
    }
}
static void and_what_can_be_waited_for(void)
{
    SECURITY_ATTRIBUTES attributes = closed();
    int kind;

    for (kind = 0; kind < KINDS; ++kind) {
        const char *name = NAME("kind");
        HANDLE mine, other;

        CHECK_LAST(mine = create(kind, &attributes, name), ERROR_SUCCESS);
        CHECK(WaitForSingleObject(mine, 0) == (kind == TIMER ? WAIT_TIMEOUT : WAIT_OBJECT_0));
        CHECK_ERROR(open_kind(kind, SYNCHRONIZE, name), ERROR_ACCESS_DENIED);
        CHECK_ERROR(open_kind(kind, MAXIMUM_ALLOWED | SYNCHRONIZE, name), ERROR_ACCESS_DENIED);
        CHECK_ERROR(create(kind, NULL, name), ERROR_ACCESS_DENIED);
        other = open_kind(kind, READ_CONTROL, name);
        CHECK(other != NULL);
        CHECK(WaitForSingleObject(other, 0) == WAIT_FAILED && GetLastError() == ERROR_ACCESS_DENIED);
        CHECK_ERROR(duplicate(other, SYNCHRONIZE, 0), ERROR_ACCESS_DENIED);
        CHECK(CloseHandle(other) && CloseHandle(mine));
        CHECK_LAST(mine = create(kind, NULL, name), ERROR_SUCCESS);
        CHECK(CloseHandle(mine));
    }
}
/* Another process of the same user is refused too, and does not keep the object alive with its try. */
static void other_processes_are_refused(void)
{
    SECURITY_ATTRIBUTES attributes = closed();
    const char *name = NAME("other");
    HANDLE mapping = CreateFileMappingA(MEMORY, &attributes, PAGE_READWRITE, 0, 4096, name);
    PEER child = fork_peer();

    if (child.pid == 0) {
        CHECK(CloseHandle(mapping));
        CHECK_ERROR(OpenFileMappingA(FILE_MAP_READ, FALSE, name), ERROR_ACCESS_DENIED);
        CHECK_ERROR(CreateFileMappingA(MEMORY, NULL, PAGE_READWRITE, 0, 4096, name), ERROR_ACCESS_DENIED);
        mapping = OpenFileMappingA(READ_CONTROL, FALSE, name);
        CHECK(mapping != NULL);
        pass_turn(&parent);
        await_turn(&parent);
        /* The creator is gone, and the name stays with this handle. It still leads to nothing. */
        CHECK_ERROR(OpenFileMappingA(FILE_MAP_READ, FALSE, name), ERROR_ACCESS_DENIED);
        CHECK_ERROR(CreateFileMappingA(MEMORY, NULL, PAGE_READWRITE, 0, 4096, name), ERROR_ACCESS_DENIED);
        CHECK(CloseHandle(mapping));
        CHECK(!name_exists(name));
        _exit(check_failures != 0);
    }
    await_turn(&child);
    CHECK(CloseHandle(mapping));
    pass_turn(&child);
    CHECK(end_of(&child) == 0);
    CHECK(count_objects() == 0);
}
static unsigned mode_of(const char *name)
{
    struct stat status;
    char path[512];

    snprintf(path, sizeof path, "%s/L.%s", object_directory(), name);
    return stat(path, &status) == 0 ? (unsigned)status.st_mode & 07777 : ~0u;
}
/* Mode 0 would keep the owner's own processes from removing it. Killed, its creator leaves no closed name behind. */
static void its_file_stays_the_owners(void)
{
    SECURITY_ATTRIBUTES attributes = closed();
    const char *name = NAME("file");
    HANDLE mapping;
    PEER child = fork_peer();

    if (child.pid == 0) {
        mapping = CreateFileMappingA(MEMORY, &attributes, PAGE_READWRITE, 0, 4096, name);
        if (mapping == NULL || mode_of(name) != 0600)
            _exit(3);
        pass_turn(&parent);
        await_turn(&parent);
        _exit(1);
    }
    await_turn(&child);
    CHECK_ERROR(OpenFileMappingA(FILE_MAP_READ, FALSE, name), ERROR_ACCESS_DENIED);
    CHECK(kill_peer(&child) == 128 + SIGKILL);
    CHECK_ERROR(OpenFileMappingA(FILE_MAP_READ, FALSE, name), ERROR_FILE_NOT_FOUND);
    CHECK_LAST(mapping = new_memory(PAGE_READWRITE, 4096, name), ERROR_SUCCESS);
    CHECK(CloseHandle(mapping));
}
/* The SharedMemory functions open by name like everybody. */
static void nobody_reads_it_by_another_family(void)
{
    SECURITY_ATTRIBUTES attributes = closed();
    const char *name = NAME("family");
    HANDLE mapping = CreateFileMappingA(MEMORY, &attributes, PAGE_READWRITE, 0, 4096, name);
    SharedMemory *memory = NULL;

    CHECK(SharedMemoryOpen(name, &memory) == SHARED_MEMORY_ACCESS_DENIED);
    CHECK(SharedMemoryOpenReadOnly(name, &memory) == SHARED_MEMORY_ACCESS_DENIED);
    CHECK(SharedMemoryCreate(name, 4096, &memory) == SHARED_MEMORY_ACCESS_DENIED);
    CHECK(CloseHandle(mapping));
}
#endif

int main(void)
{
    check_begin();
#ifndef __MINGW32__
    use_private_directory();
#endif
    a_section_is_its_creators();
    so_is_what_has_no_name();
#ifndef __MINGW32__
    and_what_can_be_waited_for();
    other_processes_are_refused();
    its_file_stays_the_owners();
    nobody_reads_it_by_another_family();
    CHECK(remove_object_directory());
#endif
    return check_end();
}
