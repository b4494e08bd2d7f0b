/*
 * test_file_section_names.c - named sections of files, in one process: what a second
 * creator and an opener get, how long the name lives, and who else may not have it.
 */
#include "files.h"

#include <SharedMemory.h>
#include <fcntl.h>
#include <limits.h>
#include <winternl.h>

static HANDLE named(const char *path, DWORD access, DWORD protection, DWORD size, const char *name)
{
    HANDLE file = open_file(path, access), section = CreateFileMappingA(file, NULL, protection, 0, size, name);
    DWORD error = GetLastError();

    CHECK(CloseHandle(file));
    SetLastError(error);
    return section;
}
static SECTION_BASIC_INFORMATION query(HANDLE section)
{
    SECTION_BASIC_INFORMATION information;

    memset(&information, 0, sizeof information);
    CHECK(NtQuerySection(section, SectionBasicInformation, &information, sizeof information, NULL) == STATUS_SUCCESS);
    return information;
}

/* The opener of the name gets the file, to the byte, with the protection of the section. */
static void the_name_means_the_file(void)
{
    const char *path = file_path("name"), *name = NAME("file");
    HANDLE section, opened;
    char *view, *other;

    put(path, "telemetry");
    CHECK_LAST(section = named(path, READ_WRITE, PAGE_READWRITE, 0, name), ERROR_SUCCESS);
    CHECK_QUIET((opened = OpenFileMappingA(FILE_MAP_ALL_ACCESS, FALSE, name)) != NULL);
    CHECK(CompareObjectHandles(section, opened));
    CHECK((view = view_of(section, FILE_MAP_WRITE)) != NULL && (other = view_of(opened, FILE_MAP_READ)) != NULL);
    CHECK(strcmp(view, "telemetry") == 0);
    view[0] = 'T';
    CHECK(other[0] == 'T' && holds(path, "Telemetry"));
    CHECK_ERROR(MapViewOfFile(opened, FILE_MAP_READ, 0, 0, 10), ERROR_ACCESS_DENIED);
    CHECK(query(opened).AllocationAttributes == SEC_FILE && query(opened).MaximumSize.QuadPart == 9);
    CHECK(UnmapViewOfFile(view) && UnmapViewOfFile(other) && CloseHandle(opened) && CloseHandle(section));
    CHECK(!name_exists(name) && holds(path, "Telemetry"));
    CHECK_LAST(section = named(path, GENERIC_READ, PAGE_READONLY, 4, name), ERROR_SUCCESS);
    CHECK_QUIET((opened = OpenFileMappingA(FILE_MAP_ALL_ACCESS, FALSE, name)) != NULL);
    CHECK_ERROR(MapViewOfFile(opened, FILE_MAP_WRITE, 0, 0, 0), ERROR_INVALID_PARAMETER);
    CHECK(query(opened).MaximumSize.QuadPart == 4);
    CHECK(CloseHandle(opened) && CloseHandle(section));
    unlink(path);
}

/* The name wins: what the second creator brings is looked at, and then forgotten. */
static void the_second_creator_gets_what_is_there(void)
{
    const char *path = file_path("first"), *other = file_path("second"), *empty = file_path("empty");
    const char *of_file = NAME("file"), *of_memory = NAME("memory");
    HANDLE file_section, memory_section, again;
    char *view;

    put(path, "first"), put(other, "second"), put(empty, "");
    file_section = named(path, READ_WRITE, PAGE_READWRITE, 0, of_file);
    memory_section = new_memory(PAGE_READWRITE, 4096, of_memory);
    CHECK_LAST(again = named(other, READ_WRITE, PAGE_READWRITE, 0, of_file), ERROR_ALREADY_EXISTS);
    CHECK((view = view_of(again, FILE_MAP_READ)) != NULL && strcmp(view, "first") == 0);
    CHECK(UnmapViewOfFile(view) && CloseHandle(again));
    CHECK_LAST(again = new_memory(PAGE_READONLY, 100000, of_file), ERROR_ALREADY_EXISTS);
    CHECK((view = view_of(again, FILE_MAP_READ)) != NULL && strcmp(view, "first") == 0);
    CHECK_ERROR(MapViewOfFile(again, FILE_MAP_WRITE, 0, 0, 0), ERROR_ACCESS_DENIED);
    CHECK(UnmapViewOfFile(view) && CloseHandle(again));
    CHECK_LAST(again = named(path, READ_WRITE, PAGE_READWRITE, 0, of_memory), ERROR_ALREADY_EXISTS);
    CHECK((view = view_of(again, FILE_MAP_READ)) != NULL && view[0] == 0 && query(again).AllocationAttributes == SEC_COMMIT);
    CHECK(UnmapViewOfFile(view) && CloseHandle(again));
    CHECK_ERROR(named(empty, READ_WRITE, PAGE_READWRITE, 0, of_file), ERROR_FILE_INVALID);
    CHECK_ERROR(named(path, GENERIC_READ, PAGE_READWRITE, 0, of_file), ERROR_ACCESS_DENIED);
    CHECK_ERROR(named(path, GENERIC_READ, PAGE_READONLY, 4096, of_memory), ERROR_NOT_ENOUGH_MEMORY);
    CHECK(CloseHandle(file_section) && CloseHandle(memory_section));
    unlink(path), unlink(other), unlink(empty);
}

/* It is a section to events and mutexes, and no segment to the SharedMemory functions. */
static void other_kinds_do_not_get_the_name(void)
{
    const char *path = file_path("kinds"), *name = NAME("kinds");
    SharedMemory *memory = NULL;
    HANDLE section;

    put(path, "contents");
    section = named(path, READ_WRITE, PAGE_READWRITE, 0, name);
    CHECK_ERROR(CreateEventA(NULL, FALSE, FALSE, name), ERROR_INVALID_HANDLE);
    CHECK_ERROR(OpenMutexA(SYNCHRONIZE, FALSE, name), ERROR_INVALID_HANDLE);
    CHECK(SharedMemoryOpen(name, &memory) == SHARED_MEMORY_STALE && memory == NULL);
    CHECK(SharedMemoryOpenReadOnly(name, &memory) == SHARED_MEMORY_STALE && memory == NULL);
    CHECK(SharedMemoryCreate(name, 4, &memory) == SHARED_MEMORY_STALE && memory == NULL);
    CHECK(name_exists(name) && CloseHandle(section) && !name_exists(name));
    CHECK(holds(path, "contents"));
    CHECK_ERROR(named(path, READ_WRITE, PAGE_READWRITE, 0, "Posix\\winshm-file-section"), ERROR_NOT_SUPPORTED);
    unlink(path);
}

/* What others could not open gets no name: a deleted file, a path of more than 4095 bytes. */
static void a_name_needs_a_path_that_others_can_open(void)
{
    static char folder[201];
    const char *path = file_path("deleted"), *name = NAME("deleted");
    int home = open(".", O_RDONLY | O_DIRECTORY), depth;
    HANDLE file, section;

    put(path, "contents");
    CHECK((file = open_file(path, READ_WRITE)) != NULL && unlink(path) == 0);
    CHECK_ERROR(CreateFileMappingA(file, NULL, PAGE_READWRITE, 0, 0, name), ERROR_FILE_INVALID);
    CHECK_LAST(section = CreateFileMappingA(file, NULL, PAGE_READWRITE, 0, 0, NULL), ERROR_SUCCESS);
    CHECK(CloseHandle(section) && CloseHandle(file) && !name_exists(name));

    memset(folder, 'd', 200);
    CHECK(mkdir(path, 0700) == 0 && chdir(path) == 0);
    for (depth = 0; depth < 21; ++depth)
        CHECK(mkdir(folder, 0700) == 0 && chdir(folder) == 0);
    put("deep", "contents");
    CHECK((file = open_file("deep", READ_WRITE)) != NULL);
    CHECK_ERROR(CreateFileMappingA(file, NULL, PAGE_READWRITE, 0, 0, name), ERROR_FILENAME_EXCED_RANGE);
    CHECK_LAST(section = CreateFileMappingA(file, NULL, PAGE_READWRITE, 0, 0, NULL), ERROR_SUCCESS);
    CHECK(CloseHandle(section) && CloseHandle(file) && unlink("deep") == 0 && !name_exists(name));
    for (; depth > 0; --depth)
        CHECK(chdir("..") == 0 && rmdir(folder) == 0);
    CHECK(fchdir(home) == 0 && rmdir(path) == 0 && close(home) == 0);
}

/* A path that fills more than a page of the object's file, and a long name behind it. */
static void a_long_path_and_a_long_name_go_together(void)
{
    static char path[PATH_MAX], folder[201];
    static WCHAR name[3001];
    size_t length = (size_t)snprintf(path, sizeof path, "%s", file_path("long")), base = length;
    HANDLE file, section, again;
    char *view;
    int i;

    memset(folder, 'd', 200);
    CHECK(mkdir(path, 0700) == 0);
    while (length < 4080 - 201 - 2) {
        length += (size_t)snprintf(path + length, sizeof path - length, "/%s", folder);
        CHECK(mkdir(path, 0700) == 0);
    }
    memset(path + length, 'f', 4090 - length);
    path[length] = '/', path[4090] = 0;
    put(path, "far away");
    for (i = 0; i < 3000; ++i)
        name[i] = (WCHAR)('a' + (i + getpid()) % 26);
    CHECK((file = open_file(path, READ_WRITE)) != NULL);
    CHECK_LAST(section = CreateFileMappingW(file, NULL, PAGE_READWRITE, 0, 0, name), ERROR_SUCCESS);
    CHECK_QUIET((again = OpenFileMappingW(FILE_MAP_READ, FALSE, name)) != NULL);
    CHECK((view = view_of(again, FILE_MAP_READ)) != NULL && strcmp(view, "far away") == 0);
    CHECK(UnmapViewOfFile(view) && CloseHandle(again) && CloseHandle(section) && CloseHandle(file));
    CHECK(unlink(path) == 0);
    while (length > base) {
        path[length] = 0;
        CHECK(rmdir(path) == 0);
        length -= 201;
    }
    path[base] = 0;
    CHECK(rmdir(path) == 0);
}

int main(void)
{
    int descriptors;

    check_begin();
    use_private_directory();
    the_name_means_the_file();
    descriptors = count_entries("/proc/self/fd");
    the_second_creator_gets_what_is_there();
    other_kinds_do_not_get_the_name();
    a_name_needs_a_path_that_others_can_open();
    a_long_path_and_a_long_name_go_together();
    CHECK(count_entries("/proc/self/fd") == descriptors && count_objects() == 0);
    return check_end();
}
