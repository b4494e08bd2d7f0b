/*
 * test_huge_pages.c - where the administrator lets programs ask for huge pages in shared
 * memory, committed sections of more than 16 MiB get them when they are touched, and no
 * others. Needs root, for a file system of its own, and a kernel with such pages.
 */
#include "check.h"

#include <sched.h>
#include <string.h>
#include <sys/mount.h>

#define MIB 0x100000u
#define HUGE (2 * MIB)

/* Other programs see nothing of it. */
static void mount_own(void)
{
    if (unshare(CLONE_NEWNS) == 0 && mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
        mount("tmpfs", "/dev/shm", "tmpfs", 0, "size=256m,mode=1777,huge=advise") == 0)
        return;
    printf("SKIPPED: cannot mount a tmpfs with huge pages (needs root, and a kernel that has them)\n");
    exit(77);
}

static char *view_of_new(DWORD kind, DWORD size, DWORD offset, DWORD access)
{
    HANDLE section = CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE | kind, 0, size, NAME("huge"));
    char *view = (char *)MapViewOfFile(section, access, 0, offset, 0);

    CHECK(view != NULL && CloseHandle(section));
    return view;
}

/* KiB of a mapping that are shown by huge pages. */
static long huge_kib(const char *view)
{
    FILE *maps = fopen("/proc/self/smaps", "r");
    char line[512];
    unsigned long start, end;
    int is_here = 0;
    long kib = -1;

    while (maps != NULL && fgets(line, sizeof line, maps) != NULL) {
        if (sscanf(line, "%lx-%lx ", &start, &end) == 2)
            is_here = start <= (unsigned long)view && (unsigned long)view < end;
        if (is_here && sscanf(line, "ShmemPmdMapped: %ld", &kib) == 1)
            break;
    }
    CHECK(maps != NULL && fclose(maps) == 0);
    return kib;
}

static void a_large_committed_section_gets_huge_pages(void)
{
    char *view = view_of_new(SEC_COMMIT, 32 * MIB, 0, FILE_MAP_WRITE);
    MEMORY_BASIC_INFORMATION info;

    CHECK((uintptr_t)view % HUGE == 0 && huge_kib(view) == 0);
    view[5 * MIB] = 1;
    if (huge_kib(view) == 0) { /* a kernel, or a moment, without one */
        printf("SKIPPED: the kernel has no huge page\n");
        exit(77);
    }
    CHECK(huge_kib(view) == 2048);
    CHECK(VirtualQuery(view, &info, sizeof info) == sizeof info);
    CHECK(info.RegionSize == 32 * MIB && info.State == MEM_COMMIT && info.Protect == PAGE_READWRITE);
    CHECK(UnmapViewOfFile(view));
}

/* They would take memory that was not asked for, or have it already. */
static void others_do_not(void)
{
    char *view = view_of_new(SEC_RESERVE, 32 * MIB, 0, FILE_MAP_WRITE);

    CHECK(VirtualAlloc(view, 4096, MEM_COMMIT, PAGE_READWRITE) == view);
    view[0] = 1;
    CHECK(huge_kib(view) == 0);
    CHECK(UnmapViewOfFile(view));
    view = view_of_new(SEC_COMMIT, 16 * MIB, 0, FILE_MAP_WRITE);
    memset(view, 1, 16 * MIB);
    CHECK(huge_kib(view) == 0);
    CHECK(UnmapViewOfFile(view));
    view = view_of_new(SEC_COMMIT, 32 * MIB, 0x10000, FILE_MAP_WRITE);
    view[0] = 1;
    CHECK(huge_kib(view) == 0);
    CHECK(UnmapViewOfFile(view));
}

int main(void)
{
    check_begin();
    mount_own();
    a_large_committed_section_gets_huge_pages();
    others_do_not();
    return check_end();
}
