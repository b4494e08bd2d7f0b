/* How cost grows with the size of a section, and what the first touch of its pages costs. */
#define _GNU_SOURCE
#include "growth.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

enum { PAGE = 4096 };

static uint64_t size;
static DWORD kind;
static char *view;
static uint64_t at;

static HANDLE new_section(DWORD how, const char *name)
{
    return CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE | how, (DWORD)(size >> 32), (DWORD)size, name);
}

static char *new_view(DWORD how, const char *name)
{
    HANDLE section = new_section(how, name);
    void *data = MapViewOfFile(section, FILE_MAP_WRITE, 0, 0, 0);

    MUST(data != NULL && CloseHandle(section));
    return data;
}

static void whole_life(void) { MUST(UnmapViewOfFile(new_view(kind, "growing"))); }
static void commit_a_page(void)
{
    at = (at + 7919 * (uint64_t)PAGE) % size;
    MUST(VirtualAlloc(view + at, PAGE, MEM_COMMIT, PAGE_READWRITE) != NULL);
}
static void query_the_start(void)
{
    MEMORY_BASIC_INFORMATION info;
    MUST(VirtualQuery(view, &info, sizeof info) == sizeof info);
}

void sections_curves(void)
{
    static const char *const columns[] = {"4 KiB", "64 KiB", "1 MiB", "16 MiB", "256 MiB", "4 GiB", "64 GiB"};
    static const uint64_t sizes[] = {4096, 65536, 1 << 20, 16 << 20, 256 << 20, 4ull << 30, 64ull << 30};

    begin_table("size of a named section", columns, 7);
    for (int i = 0; i < 7; i++) {
        size = sizes[i];
        kind = SEC_RESERVE;
        point("SEC_RESERVE: create, map, unmap, close", i, time_of(whole_life, 200, 11));
        view = new_view(SEC_RESERVE, "growing");
        point("VirtualQuery, all of it reserved", i, time_of(query_the_start, 500, 11));
        point("VirtualAlloc, MEM_COMMIT of one page", i, time_of(commit_a_page, 500, 11));
        MUST(UnmapViewOfFile(view));
        view = new_view(SEC_RESERVE, "growing");
        if (size <= 256 << 20) {
            MUST(VirtualAlloc(view, size, MEM_COMMIT, PAGE_READWRITE) != NULL);
            point("VirtualQuery, all of it committed", i, time_of(query_the_start, 100, 5));
        }
        MUST(UnmapViewOfFile(view));
        kind = SEC_COMMIT;
        if (size <= 4ull << 30)
            point("SEC_COMMIT: create, map, unmap, close", i, time_of(whole_life, size > 1 << 20 ? 5 : 200, 11));
    }
    print_table();
}

/* What is done to the pages of a section, by the one who has just made it or by somebody who maps it later. */
struct touch {
    const char *name;
    enum { POSIX, WINSHM } whose;
    int is_second, writes;
    /* mmap's, and madvise's; for WINSHM, any: PrefetchVirtualMemory. */
    int map_flags, advice;
};

static char *new_mapping(const struct touch *touch, int file, HANDLE section)
{
    void *data;

    if (touch->whose == WINSHM) {
        WIN32_MEMORY_RANGE_ENTRY range;

        data = MapViewOfFile(section, FILE_MAP_WRITE, 0, 0, 0);
        range.VirtualAddress = data, range.NumberOfBytes = size;
        MUST(data != NULL && (!touch->advice || PrefetchVirtualMemory(GetCurrentProcess(), 1, &range, 0)));
        return data;
    }
    data = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | touch->map_flags, file, 0);
    MUST(data != MAP_FAILED);
    if (touch->advice)
        MUST(madvise(data, size, touch->advice) == 0);
    return data;
}

static int new_file(void)
{
    char path[256];
    int file;

    snprintf(path, sizeof path, "%s/posix", getenv("WINSHM_DIR"));
    file = open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
    MUST(file >= 0 && unlink(path) == 0 && ftruncate(file, (off_t)size) == 0);
    return file;
}

/* From nothing to all pages touched; or, of what somebody else has written already, from the mapping on. */
static double touch_once(const struct touch *touch)
{
    static const struct touch plain[] = {{"", POSIX, 0, 1, 0, 0}, {"", WINSHM, 0, 1, 0, 0}};
    double start = now();
    int file = touch->whose == POSIX ? new_file() : -1;
    HANDLE section = touch->whose == WINSHM ? new_section(SEC_COMMIT, "touched") : NULL;
    volatile char *data, *first = NULL;

    MUST(file >= 0 || section != NULL);
    if (touch->is_second) {
        first = new_mapping(&plain[touch->whose], file, section);
        for (uint64_t i = 0; i < size; i += PAGE)
            first[i] = 1;
        start = now();
    }
    data = new_mapping(touch, file, section);
    if (touch->writes)
        for (uint64_t i = 0; i < size; i += PAGE)
            data[i] = 1;
    else
        for (uint64_t i = 0; i < size; i += PAGE)
            (void)data[i];
    start = now() - start;
    if (touch->whose == POSIX) {
        munmap((void *)data, size), munmap((void *)first, size), close(file);
    } else {
        MUST(UnmapViewOfFile((void *)data) && (first == NULL || UnmapViewOfFile((void *)first)) && CloseHandle(section));
    }
    return start / (double)(size / PAGE);
}

void touch_curves(void)
{
    static const char *const columns[] = {"1 MiB", "16 MiB", "32 MiB", "256 MiB", "1 GiB"};
    static const uint64_t sizes[] = {1 << 20, 16 << 20, 32 << 20, 256 << 20, 1 << 30};
    static const struct touch touches[] = {
        {"POSIX: create, map, write", POSIX, 0, 1, 0, 0},
        {"POSIX: create, map with MAP_POPULATE, write", POSIX, 0, 1, MAP_POPULATE, 0},
        {"POSIX: create, map, MADV_HUGEPAGE, write", POSIX, 0, 1, 0, MADV_HUGEPAGE},
        {"winshm: create, map, write", WINSHM, 0, 1, 0, 0},
        {"winshm: create, map, PrefetchVirtualMemory, write", WINSHM, 0, 1, 0, 1},
        {"POSIX, pages written before: map, write", POSIX, 1, 1, 0, 0},
        {"winshm, pages written before: map, write", WINSHM, 1, 1, 0, 0},
        {"POSIX, pages written before: map, read", POSIX, 1, 0, 0, 0},
        {"winshm, pages written before: map, read", WINSHM, 1, 0, 0, 0},
        {"POSIX, the same with MAP_POPULATE", POSIX, 1, 1, MAP_POPULATE, 0},
        {"winshm, the same with PrefetchVirtualMemory", WINSHM, 1, 1, 0, 1},
    };

    begin_table("first touch, per page of 4 KiB", columns, 5);
    for (int i = 0; i < 5; i++) {
        int rounds = sizes[i] >= 1 << 30 ? 1 : sizes[i] >= 256 << 20 ? 3 : 7;

        size = sizes[i];
        for (size_t how = 0; how < sizeof touches / sizeof *touches; how++) {
            double ns[7];

            for (int round = 0; round < rounds; round++)
                ns[round] = touch_once(&touches[how]);
            point(touches[how].name, i, median(ns, rounds));
        }
    }
    print_table();
}
