/*
 * test_large_pages.c - SEC_LARGE_PAGES and FILE_MAP_LARGE_PAGES. Where the system has
 * no large pages the creator hears what most users of Windows hear; where the test may,
 * it has some set aside for itself, and gives them back.
 */
#include "inheriting.h"

#include <winternl.h>

#include <fcntl.h>
#include <sys/file.h>

#define LARGE 0x200000u
#define POOL "/sys/kernel/mm/hugepages/hugepages-2048kB/"

static const DWORD kind = PAGE_READWRITE | SEC_COMMIT | SEC_LARGE_PAGES;

static long read_count(const char *file)
{
    FILE *from = fopen(file, "r");
    long count = -1;

    if (from != NULL && fscanf(from, "%ld", &count) != 1)
        count = -1;
    if (from != NULL)
        fclose(from);
    return count;
}
static int write_count(const char *file, long count)
{
    FILE *to = fopen(file, "w");

    return to != NULL && fprintf(to, "%ld\n", count) > 0 && fclose(to) == 0;
}
static long free_pages(void) { return read_count(POOL "free_hugepages"); }

/* The system has one pool: the flavours of this test, which run at the same time, take turns. */
static void wait_for_the_pool(void)
{
    int pool = open(POOL "nr_hugepages", O_RDONLY | O_CLOEXEC);

    if (pool >= 0)
        CHECK(flock(pool, LOCK_EX) == 0); /* until the process ends */
}

/* Committed, in whole large pages, of the page file: else it is an impossible argument. */
static void impossible_arguments_are_told_first(void)
{
    CHECK(GetLargePageMinimum() == LARGE);
    CHECK_ERROR(new_memory(PAGE_READWRITE | SEC_LARGE_PAGES, LARGE, NULL), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(new_memory(PAGE_READWRITE | SEC_RESERVE | SEC_LARGE_PAGES, LARGE, NULL), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(new_memory(kind, LARGE - 1, NULL), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(new_memory(kind, LARGE + 4096, NULL), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(new_memory(kind, 0, NULL), ERROR_INVALID_PARAMETER);
}

/* The file of a name is in a file system of small pages. */
static void a_name_has_no_large_pages(void)
{
    const char *name = NAME("large");

    CHECK_ERROR(new_memory(kind, LARGE, name), ERROR_PRIVILEGE_NOT_HELD);
    CHECK(!name_exists(name));
    CHECK_ERROR(new_memory(kind, LARGE, "Posix\\winshm-large-pages"), ERROR_PRIVILEGE_NOT_HELD);
}

/* A view of small pages cannot be made one of large pages. */
static void small_pages_are_no_large_ones(void)
{
    HANDLE mapping = new_memory(PAGE_READWRITE, LARGE, NULL);

    CHECK_ERROR(MapViewOfFile(mapping, FILE_MAP_WRITE | FILE_MAP_LARGE_PAGES, 0, 0, 0), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(MapViewOfFile(mapping, FILE_MAP_WRITE | FILE_MAP_LARGE_PAGES, 0, 4096, 0), ERROR_MAPPED_ALIGNMENT);
    CHECK(CloseHandle(mapping));
}

static void without_large_pages_the_privilege_is_missing(void)
{
    CHECK_ERROR(new_memory(kind, LARGE, NULL), ERROR_PRIVILEGE_NOT_HELD);
}

/* All pages are taken at creation, and given back with the last handle and view. */
static void large_pages_are_taken_at_creation(void)
{
    long before = free_pages();
    HANDLE mapping;
    SECTION_BASIC_INFORMATION information;
    char *view;

    CHECK_LAST(mapping = new_memory(kind, 2 * LARGE, NULL), ERROR_SUCCESS);
    CHECK(free_pages() == before - 2);
    CHECK(NtQuerySection(mapping, SectionBasicInformation, &information, sizeof information, NULL) == STATUS_SUCCESS);
    CHECK(information.AllocationAttributes == (SEC_COMMIT | SEC_LARGE_PAGES));
    CHECK(information.MaximumSize.QuadPart == 2 * LARGE);
    CHECK_QUIET((view = view_of(mapping, FILE_MAP_WRITE)) != NULL);
    CHECK((ULONG_PTR)view % LARGE == 0 && view[0] == 0 && view[2 * LARGE - 1] == 0);
    view[2 * LARGE - 1] = 7;
    CHECK(CloseHandle(mapping) && view[2 * LARGE - 1] == 7);
    CHECK_QUIET(UnmapViewOfFile(view + LARGE));
    CHECK(free_pages() == before);
}

/* More than there are: not a missing privilege, but no memory of that kind; and nothing is lost. */
static void a_pool_that_is_too_small_is_another_error(void)
{
    long before = free_pages();

    CHECK_ERROR(CreateFileMappingA(MEMORY, NULL, kind, 16, 0, NULL), ERROR_NO_SYSTEM_RESOURCES);
    CHECK(free_pages() == before);
}

static void views_begin_at_large_pages(void)
{
    HANDLE mapping = new_memory(kind, 2 * LARGE, NULL);
    char *view, *other;
    MEMORY_BASIC_INFORMATION info;

    CHECK_QUIET((view = (char *)MapViewOfFile(mapping, FILE_MAP_WRITE | FILE_MAP_LARGE_PAGES, 0, 0, 0)) != NULL);
    CHECK_QUIET((other = (char *)MapViewOfFile(mapping, FILE_MAP_READ | FILE_MAP_LARGE_PAGES, 0, LARGE, LARGE)) != NULL);
    view[LARGE] = 'x';
    CHECK(other[0] == 'x' && (ULONG_PTR)other % LARGE == 0);
    CHECK(VirtualQuery(other, &info, sizeof info) && info.RegionSize == LARGE && info.Protect == PAGE_READONLY);
    CHECK_QUIET(UnmapViewOfFile(other));
    /* Without the flag a view may be shorter; it gets the whole page. */
    CHECK_QUIET((other = (char *)MapViewOfFile(mapping, FILE_MAP_READ, 0, 0, 4096)) != NULL);
    CHECK(VirtualQuery(other, &info, sizeof info) && info.RegionSize == LARGE);
    CHECK_QUIET(UnmapViewOfFile(other));
    CHECK_ERROR(MapViewOfFile(mapping, FILE_MAP_READ | FILE_MAP_LARGE_PAGES, 0, 0, 4096), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(MapViewOfFile(mapping, FILE_MAP_READ, 0, 0x10000, 4096), ERROR_MAPPED_ALIGNMENT);
    CHECK_ERROR(MapViewOfFileEx(mapping, FILE_MAP_READ, 0, 0, 0, view + 0x10000), ERROR_MAPPED_ALIGNMENT);
    CHECK_ERROR(MapViewOfFile(mapping, FILE_MAP_COPY, 0, 0, 0), ERROR_NOT_SUPPORTED);
    CHECK_QUIET(UnmapViewOfFile(view));
    CHECK_QUIET((other = (char *)MapViewOfFileEx(mapping, FILE_MAP_WRITE, 0, 0, 0, view)) == view);
    CHECK(other[LARGE] == 'x');
    CHECK_QUIET(FlushViewOfFile(other, 0));
    /* They are in memory anyhow, so both are granted. */
    CHECK_QUIET(VirtualLock(other, 2 * LARGE));
    CHECK_QUIET(VirtualUnlock(other, 2 * LARGE));
    CHECK_QUIET(UnmapViewOfFile(other));
    CHECK(CloseHandle(mapping));
}

/* A child has the same memory. */
static void a_child_sees_the_same_large_pages(void)
{
    HANDLE mapping = new_memory(kind, LARGE, NULL);
    char *view = view_of(mapping, FILE_MAP_WRITE);
    PEER child = fork_peer();

    if (child.pid == 0) {
        char *second = view_of(mapping, FILE_MAP_WRITE);

        view[1] = 1, second[2] = 2;
        _exit(0);
    }
    CHECK(end_of(&child) == 0 && view[1] == 1 && view[2] == 2);
    CHECK(UnmapViewOfFile(view) && CloseHandle(mapping));
}

/* And so has a program that is started with the handle. */
static int be_heir(const char *tag)
{
    HANDLE mapping;
    char *view;

    handles_of(tag, &mapping, 1);
    CHECK((view = view_of(mapping, FILE_MAP_WRITE)) != NULL && view[LARGE] == 'x');
    CHECK((ULONG_PTR)view % LARGE == 0);
    CHECK_ERROR(MapViewOfFile(mapping, FILE_MAP_READ, 0, 0x10000, 4096), ERROR_MAPPED_ALIGNMENT);
    view[0] = 'y';
    return check_failures != 0;
}

static void a_program_inherits_large_pages(void)
{
    HANDLE mapping = CreateFileMappingA(MEMORY, inheritable(), kind, 0, 2 * LARGE, NULL);
    char *view = view_of(mapping, FILE_MAP_WRITE);
    PEER heir;

    view[LARGE] = 'x';
    heir = start_by(FORK_AND_EXEC, "heir", tag_of(&mapping, 1));
    CHECK(end_of(&heir) == 0 && view[0] == 'y');
    CHECK(UnmapViewOfFile(view) && CloseHandle(mapping));
}

int main(int argc, char **argv)
{
    long pages, more;

    check_begin();
    if (plays(argc, argv, "heir"))
        return be_heir(argv[3]);
    wait_for_the_pool();
    pages = read_count(POOL "nr_hugepages"), more = read_count(POOL "nr_overcommit_hugepages");
    impossible_arguments_are_told_first();
    a_name_has_no_large_pages();
    small_pages_are_no_large_ones();
    if (pages <= 0 && more <= 0)
        without_large_pages_the_privilege_is_missing();
    if (free_pages() < 4 && (pages < 0 || !write_count(POOL "nr_hugepages", pages + 4) || free_pages() < 4)) {
        if (pages >= 0)
            write_count(POOL "nr_hugepages", pages);
        if (check_end() != 0)
            return 1;
        printf("SKIPPED: the rest needs four free large pages, or root to set them aside\n");
        return 0;
    }
    large_pages_are_taken_at_creation();
    a_pool_that_is_too_small_is_another_error();
    views_begin_at_large_pages();
    a_child_sees_the_same_large_pages();
    a_program_inherits_large_pages();
    if (read_count(POOL "nr_hugepages") != pages)
        CHECK(write_count(POOL "nr_hugepages", pages));
    return check_end();
}
