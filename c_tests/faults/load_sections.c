/*
 * load_sections.c - a section of 1 TiB of which pages are committed here and there, one of half the memory of the
 * machine with every page written, and ten thousand views.
 *
 * Planted faults: something is kept in one round of a hundred (load.h); a byte of a page is another one than was
 * written.
 */
#include "faults/load.h"

#include <sys/stat.h>

#define KIB ((SIZE_T)1 << 10)
#define MIB ((SIZE_T)1 << 20)
#define GIB ((SIZE_T)1 << 30)
#define TIB ((SIZE_T)1 << 40)
enum { VIEWS = 10000 };

static HANDLE new_section(DWORD kind, SIZE_T size, const char *name)
{
    return CreateFileMappingA(MEMORY, NULL, PAGE_READWRITE | kind, (DWORD)(size >> 32), (DWORD)size, name);
}
static char *view_at(HANDLE section, SIZE_T offset, SIZE_T size)
{
    return (char *)MapViewOfFile(section, FILE_MAP_WRITE, (DWORD)(offset >> 32), (DWORD)offset, size);
}
static long long space_used(void) { return burden().space; }

/* --- 1 TiB ------------------------------------------------------------------------------------------------------------ */

/* So many places in it, from the first page to the last one, at any distance from each other. */
static SIZE_T place(long i, long count) { return i == count - 1 ? TIB - 64 * KIB : (TIB / 64 / KIB * (SIZE_T)i / (SIZE_T)count) * 64 * KIB; }

static int be_reader(const char *tag)
{
    long count = atol(tag), i, right = 0;
    HANDLE section = OpenFileMappingA(FILE_MAP_WRITE, FALSE, "huge");

    load_child();
    for (i = 0; i < count; ++i) {
        char *view = view_at(section, place(i, count), 64 * KIB);
        MEMORY_BASIC_INFORMATION info;

        right += view != NULL && VirtualQuery(view, &info, sizeof info) && info.State == MEM_COMMIT &&
                 info.RegionSize == 4096 && *(long *)view == i;
        right += VirtualQuery(view + 4096, &info, sizeof info) && info.State == MEM_RESERVE;
        *(long *)(view + 8) = -i;
        CHECK(UnmapViewOfFile(view));
    }
    CHECK(right == 2 * count && CloseHandle(section));
    return check_failures != 0;
}

/* All of it in one view; another process looks at each place by a view of its own. */
static void one_terabyte(void)
{
    long count = effort(1000, 100000), i, wrong = 0;
    long long before = space_used();
    HANDLE section = new_section(SEC_RESERVE, TIB, "huge");
    char *whole, tag[16];
    double begun = seconds_now();
    BURDEN reserved;
    PEER reader;

    CHECK(section != NULL);
    if (!CHECK((whole = view_of(section, FILE_MAP_WRITE)) != NULL))
        return;
    reserved = burden();
    printf("1 TiB reserved: %lld KiB of the file system, %lld KiB of memory\n", (reserved.space - before) >> 10,
           reserved.memory >> 10);
    for (i = 0; i < count; ++i) {
        char *page = (char *)VirtualAlloc(whole + place(i, count), 4096, MEM_COMMIT, PAGE_READWRITE);

        if (CHECK(page == whole + place(i, count)))
            *(long *)page = i;
    }
    printf("%ld pages committed and written: %.1f us each, %lld KiB of the file system\n", count,
           (seconds_now() - begun) * 1e6 / (double)count, (space_used() - before) >> 10);
    begun = seconds_now();
    snprintf(tag, sizeof tag, "%ld", count);
    reader = start_peer("reader", tag);
    CHECK(end_of(&reader) == 0);
    for (i = 0; i < count; ++i)
        wrong += *(long *)(whole + place(i, count)) != i || *(long *)(whole + place(i, count) + 8) != -i;
    CHECK(wrong == 0);
    printf("seen by another process, view by view: %.1f us each\n", (seconds_now() - begun) * 1e6 / (double)count);
    *(long *)(whole + place(count / 2, count)) = -1; /* planted */
    reader = start_peer("reader", tag);
    CHECK(end_of(&reader) != 0);
    CHECK(UnmapViewOfFile(whole) && CloseHandle(section));
    CHECK(space_used() == before);
}

/* --- half of the memory ------------------------------------------------------------------------------------------------- */

/* Whether each page has its number, and who it was written by. */
static long wrong_pages(const char *view, SIZE_T size, long writer)
{
    long wrong = 0;
    SIZE_T at;

    for (at = 0; at < size; at += 4096)
        wrong += *(const long *)(view + at) != (long)(at / 4096) || *(const long *)(view + at + 8) != writer;
    return wrong;
}
static void write_pages(char *view, SIZE_T size, long writer)
{
    SIZE_T at;

    for (at = 0; at < size; at += 4096)
        *(long *)(view + at) = (long)(at / 4096), *(long *)(view + at + 8) = writer;
}
static int be_other_half(void)
{
    HANDLE section = OpenFileMappingA(FILE_MAP_WRITE, FALSE, "half");
    char *view = view_of(section, FILE_MAP_WRITE);
    MEMORY_BASIC_INFORMATION info;

    load_child();
    CHECK(view != NULL && VirtualQuery(view, &info, sizeof info) && info.State == MEM_COMMIT);
    CHECK(wrong_pages(view, info.RegionSize, 1) == 0);
    write_pages(view, info.RegionSize, 2);
    return check_failures != 0;
}

/* In the short run 64 MiB; in full half of the machine's memory, unless that is not free: then a quarter would prove
   nothing more, and it is skipped. */
static void half_of_the_memory(void)
{
    SIZE_T total = (SIZE_T)bytes_of("/proc/meminfo", "MemTotal:"), free_now = (SIZE_T)bytes_of("/proc/meminfo", "MemAvailable:");
    SIZE_T size = in_full() ? total / 2 / (64 * KIB) * (64 * KIB) : 64 * MIB;
    long long before = space_used();
    double begun = seconds_now();
    struct statvfs status;
    HANDLE section;
    PEER other;
    char *view;

    CHECK(statvfs(getenv("WINSHM_DIR"), &status) == 0);
    if (free_now < size + size / 4 || (SIZE_T)status.f_bavail * status.f_frsize < size) {
        printf("SKIPPED in part: a section of %zu MiB, because %zu MiB are free\n", size / MIB, free_now / MIB);
        return;
    }
    CHECK((section = new_section(SEC_COMMIT, size, "half")) != NULL);
    if (!CHECK((view = view_of(section, FILE_MAP_WRITE)) != NULL))
        return;
    write_pages(view, size, 1);
    printf("%zu MiB committed, every page written: %.1f s\n", size / MIB, seconds_now() - begun);
    CHECK(space_used() - before >= (long long)size || !has_own_file_system);
    /* The next one that is as large as what is left has no room, and says so. */
    CHECK_ERROR(new_section(SEC_COMMIT, (SIZE_T)status.f_bavail * status.f_frsize - size + MIB, "more"), ERROR_COMMITMENT_LIMIT);
    other = start_peer("other half", "-");
    CHECK(end_of(&other) == 0);
    CHECK(wrong_pages(view, size, 2) == 0);
    view[size / 2 / 4096 * 4096] ^= 1; /* planted */
    CHECK(wrong_pages(view, size, 2) == 1);
    CHECK(UnmapViewOfFile(view) && CloseHandle(section));
    printf("... read and written by another process, read again, closed: %.1f s\n", seconds_now() - begun);
    CHECK(space_used() == before);
}

/* --- ten thousand views ------------------------------------------------------------------------------------------------- */

static char *views[VIEWS];

/* Of one section, at as many offsets; some pages of each are protected, some queried. */
static void ten_thousand_views(long round)
{
    HANDLE section = new_section(SEC_COMMIT, 16 * 64 * KIB, round % 2 ? "viewed" : NULL);
    long i, wrong = 0, count = effort(1000, VIEWS);
    MEMORY_BASIC_INFORMATION info;
    DWORD old;

    CHECK(section != NULL);
    for (i = 0; i < count; ++i) {
        if (!CHECK((views[i] = view_at(section, (SIZE_T)(i % 16) * 64 * KIB, 64 * KIB)) != NULL))
            return;
        views[i][i % 65536] = (char)(i % 16);
        wrong += i % 8 == 0 && !VirtualProtect(views[i] + 4096, 4096, PAGE_READONLY, &old);
    }
    for (i = 0; i < count; ++i) {
        long k = i * 7919 % count;

        wrong += !VirtualQuery(views[k] + 100, &info, sizeof info) || info.AllocationBase != (void *)views[k];
        wrong += views[k][k % 65536] != (char)(k % 16);
    }
    CHECK(CloseHandle(section));
    for (i = 0; i < count; ++i)
        wrong += !UnmapViewOfFile(views[i * 6007 % count]);
    CHECK(wrong == 0);
}
/* One view of one among many. */
static void a_view_comes_and_goes(long round)
{
    static HANDLE section;
    char *view;

    if (section == NULL)
        section = new_section(SEC_RESERVE, GIB, NULL);
    CHECK((view = view_at(section, (SIZE_T)(round % 1000) * MIB, MIB)) != NULL);
    CHECK(VirtualAlloc(view + round % 256 * 4096, 4096, MEM_COMMIT, PAGE_READWRITE) != NULL);
    view[round % 256 * 4096] = 1;
    CHECK(UnmapViewOfFile(view));
}

int main(int argc, char **argv)
{
    char size[32];

    if (plays(argc, argv, "reader"))
        return be_reader(argv[3]);
    if (plays(argc, argv, "other half"))
        return be_other_half();
    load_begin();
    snprintf(size, sizeof size, "%lldk", bytes_of("/proc/meminfo", "MemTotal:") / 1024 * 3 / 4);
    use_own_file_system(size);
    mkdir(object_directory(), 0700);
    the_checker_sees_what_is_kept(a_view_comes_and_goes);
    one_terabyte();
    half_of_the_memory();
    steady("a view of many comes and goes", a_view_comes_and_goes, effort(10000, 5000000), 1e9, 0);
    steady("ten thousand views", ten_thousand_views, effort(3, 60), 1e9, 0);
    return check_end();
}
