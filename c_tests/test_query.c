/*
 * test_query.c - what VirtualQuery tells about views: where they begin and end,
 * what they were mapped for and what their pages allow now.
 */
#include "check.h"

/* All that is known about an address; zeros if the query fails. */
static MEMORY_BASIC_INFORMATION query(const void *address)
{
    MEMORY_BASIC_INFORMATION info;

    memset(&info, 0, sizeof info);
    CHECK_QUIET(VirtualQuery(address, &info, sizeof info) == sizeof info);
    return info;
}

/* The region starts with the page that was asked about and goes on as far as the pages are equal. */
static void a_query_starts_at_the_page_and_runs_to_the_end(void)
{
    HANDLE mapping = new_memory(PAGE_READWRITE, 5 * 4096 + 1, NULL);
    char *view = view_of(mapping, FILE_MAP_WRITE);
    MEMORY_BASIC_INFORMATION info = query(view);

    CHECK(info.BaseAddress == view && info.AllocationBase == view);
    CHECK(info.RegionSize == 6 * 4096); /* pages, not what was asked for and not 64 KiB */
    CHECK(info.State == MEM_COMMIT && info.Type == MEM_MAPPED);
    CHECK(info.AllocationProtect == PAGE_READWRITE && info.Protect == PAGE_READWRITE);

    info = query(view + 2 * 4096 + 17);
    CHECK(info.BaseAddress == view + 2 * 4096 && info.AllocationBase == view);
    CHECK(info.RegionSize == 4 * 4096);
    info = query(view + 6 * 4096 - 1);
    CHECK(info.BaseAddress == view + 5 * 4096 && info.RegionSize == 4096);
    CHECK(UnmapViewOfFile(view));

    /* A view of a part knows of the part only. */
    CHECK(CloseHandle(mapping));
    mapping = new_memory(PAGE_READWRITE, 0x30000, NULL);
    view = (char *)MapViewOfFile(mapping, FILE_MAP_READ, 0, 0x10000, 100);
    info = query(view + 50);
    CHECK(info.AllocationBase == view && info.RegionSize == 4096);
    CHECK(UnmapViewOfFile(view));
    CHECK(CloseHandle(mapping));
}

/* AllocationProtect is the page protection that the view's access stands for. */
static void the_access_of_a_view_can_be_read_back(void)
{
    static const struct {
        DWORD access, protection;
    } rows[] = {
        {0, PAGE_NOACCESS},
        {FILE_MAP_READ, PAGE_READONLY},
        {FILE_MAP_WRITE, PAGE_READWRITE},
        {FILE_MAP_READ | FILE_MAP_WRITE, PAGE_READWRITE},
        {FILE_MAP_ALL_ACCESS, PAGE_READWRITE},
        {FILE_MAP_COPY, PAGE_WRITECOPY},
        {FILE_MAP_COPY | FILE_MAP_READ, PAGE_READONLY},
        {FILE_MAP_COPY | FILE_MAP_WRITE, PAGE_READWRITE},
        {FILE_MAP_EXECUTE | FILE_MAP_READ, PAGE_EXECUTE_READ},
        {FILE_MAP_EXECUTE | FILE_MAP_WRITE, PAGE_EXECUTE_READWRITE},
        {FILE_MAP_EXECUTE | FILE_MAP_COPY, PAGE_EXECUTE_WRITECOPY},
    };
    HANDLE mapping = new_memory(PAGE_EXECUTE_READWRITE, 4096, NULL);
    size_t i;

    for (i = 0; i < sizeof rows / sizeof rows[0]; ++i) {
        char *view = view_of(mapping, rows[i].access);
        MEMORY_BASIC_INFORMATION info = query(view);

        if (!CHECK(info.AllocationProtect == rows[i].protection && info.Protect == rows[i].protection))
            fprintf(stderr, "... view access 0x%lX shows 0x%lX, 0x%lX\n", (unsigned long)rows[i].access,
                    (unsigned long)info.AllocationProtect, (unsigned long)info.Protect);
        CHECK(info.Type == MEM_MAPPED && info.State == MEM_COMMIT);
        CHECK(UnmapViewOfFile(view));
    }
    CHECK(CloseHandle(mapping));
}

/* SEC_NOCACHE is remembered and shown, though it changes nothing here. */
static void uncached_sections_say_so(void)
{
    HANDLE mapping = new_memory(PAGE_READWRITE | SEC_COMMIT | SEC_NOCACHE, 4096, NULL);
    char *view = view_of(mapping, FILE_MAP_WRITE);

    CHECK(query(view).AllocationProtect == (PAGE_READWRITE | PAGE_NOCACHE));
    CHECK(UnmapViewOfFile(view));
    view = view_of(mapping, FILE_MAP_READ);
    CHECK(query(view).AllocationProtect == (PAGE_READONLY | PAGE_NOCACHE));
    CHECK(UnmapViewOfFile(view));
    CHECK(CloseHandle(mapping));
}

/* A view of reserved memory has addresses but no pages. */
static void a_reserved_view_has_no_pages_yet(void)
{
    HANDLE mapping = new_memory(PAGE_READWRITE | SEC_RESERVE, 0x20000, NULL);
    char *view = view_of(mapping, FILE_MAP_WRITE);
    MEMORY_BASIC_INFORMATION info = query(view + 0x3000);

    CHECK(info.BaseAddress == view + 0x3000 && info.AllocationBase == view);
    CHECK(info.RegionSize == 0x20000 - 0x3000);
    CHECK(info.State == MEM_RESERVE && info.Protect == 0 && info.Type == MEM_MAPPED);
    CHECK(info.AllocationProtect == PAGE_READWRITE);
    CHECK(UnmapViewOfFile(view));
    CHECK(CloseHandle(mapping));
}

/* The page that a copy view wrote is its own, and plainly writable; its neighbours still wait to be copied. */
static void a_written_page_of_a_copy_view_is_readwrite(void)
{
    HANDLE mapping = new_memory(PAGE_READWRITE, 4 * 4096, NULL);
    char *copy = view_of(mapping, FILE_MAP_COPY);
    volatile char *second_page = copy + 4096;
    MEMORY_BASIC_INFORMATION info;

    (void)second_page[0];
    info = query(copy);
    CHECK(info.Protect == PAGE_WRITECOPY && info.RegionSize == 4 * 4096);
    second_page[5] = 1;
    info = query(copy + 4096);
    CHECK(info.AllocationProtect == PAGE_WRITECOPY && info.AllocationBase == copy);
#ifndef __MINGW32__ /* Wine 8 goes on to say PAGE_WRITECOPY */
    CHECK(info.Protect == PAGE_READWRITE && info.RegionSize == 4096);
    info = query(copy);
    CHECK(info.Protect == PAGE_WRITECOPY && info.RegionSize == 4096);
    info = query(copy + 2 * 4096);
    CHECK(info.Protect == PAGE_WRITECOPY && info.RegionSize == 2 * 4096);
#endif
    CHECK(UnmapViewOfFile(copy));
    CHECK(CloseHandle(mapping));
}

/* Changing the protection of a page in the middle makes three regions of one view. */
static void protection_splits_a_view_into_regions(void)
{
    HANDLE mapping = new_memory(PAGE_READWRITE, 5 * 4096, NULL);
    char *view = view_of(mapping, FILE_MAP_WRITE);
    MEMORY_BASIC_INFORMATION info;
    DWORD old;

    CHECK(VirtualProtect(view + 4096, 2 * 4096, PAGE_READONLY, &old));
    info = query(view);
    CHECK(info.RegionSize == 4096 && info.Protect == PAGE_READWRITE);
    info = query(view + 4096);
    CHECK(info.RegionSize == 2 * 4096 && info.Protect == PAGE_READONLY && info.AllocationProtect == PAGE_READWRITE);
    CHECK(info.BaseAddress == view + 4096 && info.AllocationBase == view);
    info = query(view + 3 * 4096);
    CHECK(info.RegionSize == 2 * 4096 && info.Protect == PAGE_READWRITE);
    CHECK(VirtualProtect(view + 4096, 2 * 4096, PAGE_READWRITE, &old));
    CHECK(query(view).RegionSize == 5 * 4096);
    CHECK(UnmapViewOfFile(view));
    CHECK(CloseHandle(mapping));
}

/* Where nothing is, the answer is "free", up to the next thing. */
static void unmapped_addresses_are_free(void)
{
    HANDLE mapping = new_memory(PAGE_READWRITE, 0x10000, NULL);
    char *view = view_of(mapping, FILE_MAP_WRITE);
    MEMORY_BASIC_INFORMATION info;

    CHECK(UnmapViewOfFile(view));
    info = query(view + 5000);
    CHECK(info.State == MEM_FREE && info.Protect == PAGE_NOACCESS);
    CHECK(info.AllocationBase == NULL && info.BaseAddress == view + 4096);
    CHECK(info.RegionSize >= 0x10000 - 4096 && info.RegionSize % 4096 == 0);
    CHECK(CloseHandle(mapping));
}

/* Memory that came from elsewhere can be asked about as well. */
static void memory_of_others_is_committed(void)
{
    char on_the_stack = 0;
    MEMORY_BASIC_INFORMATION info = query(&on_the_stack);

    CHECK(info.State == MEM_COMMIT && info.Protect == PAGE_READWRITE);
    CHECK(((ULONG_PTR)info.BaseAddress & 4095) == 0 && info.RegionSize >= 4096);
    CHECK((char *)info.BaseAddress <= &on_the_stack && &on_the_stack < (char *)info.BaseAddress + info.RegionSize);
}

/* Addresses of the kernel, and buffers that hold no answer. */
static void bad_queries_fail(void)
{
    MEMORY_BASIC_INFORMATION info;
    char on_the_stack = 0;

    memset(&info, 0x55, sizeof info);
    CHECK_ERROR(VirtualQuery((void *)(ULONG_PTR)0xFFFF800000000000ull, &info, sizeof info), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(VirtualQuery(&on_the_stack, &info, sizeof info - 1), ERROR_BAD_LENGTH);
    CHECK_ERROR(VirtualQuery(&on_the_stack, &info, 0), ERROR_BAD_LENGTH);
}

int main(void)
{
    check_begin();
    a_query_starts_at_the_page_and_runs_to_the_end();
    the_access_of_a_view_can_be_read_back();
    uncached_sections_say_so();
    a_reserved_view_has_no_pages_yet();
    a_written_page_of_a_copy_view_is_readwrite();
    protection_splits_a_view_into_regions();
    unmapped_addresses_are_free();
    memory_of_others_is_committed();
    bad_queries_fail();
    return check_end();
}
