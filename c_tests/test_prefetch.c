/*
 * test_prefetch.c - PrefetchVirtualMemory: which pages it brings in, which it leaves
 * alone, and what is an error. Wine and Windows need not bring in anything, so the
 * counting of pages is for Linux.
 */
#include "check.h"

#include <sys/mman.h>

#define PAGE 4096u

static BOOL prefetch(void *address, SIZE_T bytes)
{
    WIN32_MEMORY_RANGE_ENTRY range;

    range.VirtualAddress = address, range.NumberOfBytes = bytes;
    return PrefetchVirtualMemory(GetCurrentProcess(), 1, &range, 0);
}

/* Pages of a range that the kernel has mapped for this process, by the flags of its page map. */
static unsigned mapped_pages(const void *address, unsigned pages)
{
    FILE *map = fopen("/proc/self/pagemap", "rb");
    unsigned long long entry;
    unsigned mapped = 0, i;

    CHECK(map != NULL && fseek(map, (long)((uintptr_t)address / PAGE * 8), SEEK_SET) == 0);
    for (i = 0; i < pages; ++i)
        mapped += fread(&entry, sizeof entry, 1, map) == 1 && (entry >> 63) != 0;
    CHECK(fclose(map) == 0);
    return mapped;
}

static char *view_of_new_section(DWORD kind, unsigned pages, DWORD access)
{
    HANDLE section = CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, kind, 0, pages * PAGE, NULL);
    char *view = (char *)MapViewOfFile(section, access, 0, 0, 0);

    CHECK(view != NULL && CloseHandle(section));
    return view;
}

static void a_view_is_mapped_from_its_first_use_on(void)
{
    char *view = view_of_new_section(PAGE_READWRITE, 64, FILE_MAP_WRITE);

    CHECK(mapped_pages(view, 64) == 0);
    CHECK_QUIET(prefetch(view + PAGE - 1, 2));
    CHECK(mapped_pages(view, 2) == 2);
    CHECK_QUIET(prefetch(view, 64 * PAGE));
    CHECK(mapped_pages(view, 64) == 64);
    view[63 * PAGE] = 1;
    CHECK(UnmapViewOfFile(view));
}

static void private_memory_gets_pages_of_its_own(void)
{
    char *memory = (char *)VirtualAlloc(NULL, 16 * PAGE, MEM_RESERVE, PAGE_READWRITE);

    CHECK(VirtualAlloc(memory + 4 * PAGE, 4 * PAGE, MEM_COMMIT, PAGE_READWRITE) != NULL);
    CHECK_QUIET(prefetch(memory, 16 * PAGE));
    CHECK(mapped_pages(memory, 16) == 4 && mapped_pages(memory + 4 * PAGE, 4) == 4);
    CHECK(VirtualFree(memory, 0, MEM_RELEASE));
}

/* Pages that are not committed would take memory that nobody asked for. */
static void reserved_pages_of_a_section_stay_without_memory(void)
{
    char *view = view_of_new_section(PAGE_READWRITE | SEC_RESERVE, 64, FILE_MAP_WRITE);

    CHECK(VirtualAlloc(view + 8 * PAGE, 8 * PAGE, MEM_COMMIT, PAGE_READWRITE) == view + 8 * PAGE);
    CHECK_QUIET(prefetch(view, 64 * PAGE));
    CHECK(mapped_pages(view + 8 * PAGE, 8) == 8 && mapped_pages(view, 8) == 0 && mapped_pages(view + 32 * PAGE, 32) == 0);
    CHECK(UnmapViewOfFile(view));
}

/* A copy would no longer show what others write. */
static void a_page_of_a_copy_view_is_not_copied(void)
{
    HANDLE section = CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, 4 * PAGE, NULL);
    char *shared = (char *)MapViewOfFile(section, FILE_MAP_WRITE, 0, 0, 0);
    char *copy = (char *)MapViewOfFile(section, FILE_MAP_COPY, 0, 0, 0);
    MEMORY_BASIC_INFORMATION info;

    CHECK_QUIET(prefetch(copy, 4 * PAGE));
    shared[0] = 'n';
    CHECK(copy[0] == 'n');
    CHECK(VirtualQuery(copy, &info, sizeof info) == sizeof info && info.Protect == PAGE_WRITECOPY);
    CHECK(UnmapViewOfFile(shared) && UnmapViewOfFile(copy) && CloseHandle(section));
}

/* What cannot be brought in is no error: nobody is told. */
static void what_is_not_there_is_passed_over(void)
{
    char *memory = (char *)VirtualAlloc(NULL, 16 * PAGE, MEM_RESERVE | MEM_COMMIT, PAGE_NOACCESS);
    void *foreign = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    CHECK_QUIET(prefetch(memory, 16 * PAGE));
    CHECK(mapped_pages(memory, 16) == 0);
    CHECK(VirtualFree(memory, 0, MEM_RELEASE));
    CHECK_QUIET(prefetch(memory, 16 * PAGE));
    CHECK_QUIET(prefetch(foreign, 4 * PAGE));
    CHECK(munmap(foreign, 4 * PAGE) == 0);
    CHECK_QUIET(prefetch((void *)(uintptr_t)what_is_not_there_is_passed_over, 1));
}

static void several_ranges_are_brought_in(void)
{
    char *view = view_of_new_section(PAGE_READWRITE, 64, FILE_MAP_WRITE);
    WIN32_MEMORY_RANGE_ENTRY ranges[2];
    HANDLE process = OpenProcess(PROCESS_QUERY_INFORMATION, FALSE, GetCurrentProcessId());

    ranges[0].VirtualAddress = view, ranges[0].NumberOfBytes = 1;
    ranges[1].VirtualAddress = view + 48 * PAGE, ranges[1].NumberOfBytes = 16 * PAGE;
    CHECK_QUIET(PrefetchVirtualMemory(process, 2, ranges, 0));
    CHECK(mapped_pages(view, 1) == 1 && mapped_pages(view + 48 * PAGE, 16) == 16);
    CHECK(CloseHandle(process) && UnmapViewOfFile(view));
}

static void bad_arguments_are_refused(void)
{
    char *view = view_of_new_section(PAGE_READWRITE, 16, FILE_MAP_WRITE);
    HANDLE me = GetCurrentProcess(), event = CreateEventA(NULL, FALSE, FALSE, NULL);
    WIN32_MEMORY_RANGE_ENTRY ranges[2];

    ranges[0].VirtualAddress = view, ranges[0].NumberOfBytes = 16 * PAGE;
    ranges[1].VirtualAddress = view, ranges[1].NumberOfBytes = 0;
    CHECK_ERROR(PrefetchVirtualMemory(me, 0, ranges, 0), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(PrefetchVirtualMemory(me, 0, NULL, 0), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(PrefetchVirtualMemory(me, 1, ranges, 1), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(PrefetchVirtualMemory(me, 1, NULL, 0), ERROR_NOACCESS);
    CHECK_ERROR(PrefetchVirtualMemory(NULL, 1, ranges, 0), ERROR_INVALID_HANDLE);
    CHECK_ERROR(PrefetchVirtualMemory(event, 1, ranges, 0), ERROR_INVALID_HANDLE);
    /* All ranges are looked at before the first one is brought in. */
    CHECK_ERROR(PrefetchVirtualMemory(me, 2, ranges, 0), ERROR_INVALID_PARAMETER);
    CHECK(mapped_pages(view, 16) == 0);
    ranges[1].NumberOfBytes = (SIZE_T)-1;
    CHECK_ERROR(PrefetchVirtualMemory(me, 2, ranges, 0), ERROR_INVALID_PARAMETER);
    ranges[1].VirtualAddress = (void *)(uintptr_t)0xFFFF800000000000, ranges[1].NumberOfBytes = PAGE;
    CHECK_ERROR(PrefetchVirtualMemory(me, 2, ranges, 0), ERROR_INVALID_PARAMETER);
    CHECK(mapped_pages(view, 16) == 0);
    CHECK(CloseHandle(event) && UnmapViewOfFile(view));
}

int main(void)
{
    check_begin();
    a_view_is_mapped_from_its_first_use_on();
    private_memory_gets_pages_of_its_own();
    reserved_pages_of_a_section_stay_without_memory();
    a_page_of_a_copy_view_is_not_copied();
    what_is_not_there_is_passed_over();
    several_ranges_are_brought_in();
    bad_arguments_are_refused();
    return check_end();
}
