/*
 * test_protect.c - VirtualProtect on views and on private memory: the old
 * protection is told, the new one holds, and a view never gains rights.
 */
#include "check.h"

static DWORD protection_of(const void *address)
{
    MEMORY_BASIC_INFORMATION info;

    return VirtualQuery(address, &info, sizeof info) != 0 ? info.Protect : 0;
}

#ifndef __MINGW32__
static void write_to(void *at) { *(volatile char *)at = 1; }
static void read_from(void *at) { (void)*(volatile char *)at; }
#endif

/* A page is made read-only and writable again; the caller is told what it was, the content stays. */
static void a_writable_view_can_be_closed_and_reopened(void)
{
    HANDLE mapping = new_memory(PAGE_READWRITE, 0x10000, NULL);
    char *view = view_of(mapping, FILE_MAP_WRITE), *other = view_of(mapping, FILE_MAP_WRITE);
    DWORD old = 0;

    view[0] = 8;
    CHECK_QUIET(VirtualProtect(view, 4096, PAGE_READONLY, &old));
    CHECK(old == PAGE_READWRITE && protection_of(view) == PAGE_READONLY);
    CHECK(protection_of(view + 4096) == PAGE_READWRITE && protection_of(other) == PAGE_READWRITE);
    other[0] = 9; /* the object itself is not protected */
    CHECK(view[0] == 9);
#ifndef __MINGW32__
    CHECK(crashes(write_to, view) && !crashes(read_from, view));
    CHECK(!crashes(write_to, view + 4096));
#endif
    CHECK_QUIET(VirtualProtect(view, 4096, PAGE_NOACCESS, &old));
    CHECK(old == PAGE_READONLY && protection_of(view) == PAGE_NOACCESS);
#ifndef __MINGW32__
    CHECK(crashes(read_from, view));
#endif
    CHECK_QUIET(VirtualProtect(view, 4096, PAGE_READWRITE, &old));
    CHECK(old == PAGE_NOACCESS && view[0] == 9);
    view[0] = 10;
    CHECK(other[0] == 10);
    CHECK(UnmapViewOfFile(view));
    CHECK(UnmapViewOfFile(other));
    CHECK(CloseHandle(mapping));
}

/* Every page that has a byte in the range is changed; the old protection is that of the first page. */
static void whole_pages_are_protected(void)
{
    HANDLE mapping = new_memory(PAGE_READWRITE, 4 * 4096, NULL);
    char *view = view_of(mapping, FILE_MAP_WRITE);
    DWORD old = 0;

    CHECK(VirtualProtect(view + 2 * 4096 - 1, 2, PAGE_READONLY, &old));
    CHECK(protection_of(view) == PAGE_READWRITE && protection_of(view + 4096) == PAGE_READONLY);
    CHECK(protection_of(view + 2 * 4096) == PAGE_READONLY && protection_of(view + 3 * 4096) == PAGE_READWRITE);
    CHECK(VirtualProtect(view, 4 * 4096, PAGE_READWRITE, &old) && old == PAGE_READWRITE);
    CHECK(VirtualProtect(view + 4096, 4096, PAGE_READONLY, &old) && old == PAGE_READWRITE);
    CHECK(VirtualProtect(view + 4096, 2 * 4096, PAGE_READWRITE, &old) && old == PAGE_READONLY);
    CHECK(UnmapViewOfFile(view));
    CHECK(CloseHandle(mapping));
}

/* A read-only view does not become writable; it may become a copy, whose writes nobody else sees. */
static void a_read_only_view_gains_no_write_access(void)
{
    HANDLE mapping = new_memory(PAGE_READWRITE, 4096, NULL);
    char *writer = view_of(mapping, FILE_MAP_WRITE), *reader = view_of(mapping, FILE_MAP_READ);
    DWORD old = 0;

    CHECK_ERROR(VirtualProtect(reader, 4096, PAGE_READWRITE, &old), ERROR_INVALID_PARAMETER);
    CHECK(protection_of(reader) == PAGE_READONLY);
#ifndef __MINGW32__
    CHECK(crashes(write_to, reader));
#endif
    writer[0] = 1;
    CHECK_QUIET(VirtualProtect(reader, 4096, PAGE_WRITECOPY, &old));
    CHECK(old == PAGE_READONLY && protection_of(reader) == PAGE_WRITECOPY && reader[0] == 1);
    ((volatile char *)reader)[0] = 2;
    CHECK(reader[0] == 2 && (writer[0] == 1 || ON_WINE(writer[0] == 2)));
    CHECK(UnmapViewOfFile(reader));
    CHECK(UnmapViewOfFile(writer));
    CHECK(CloseHandle(mapping));
}

/* Wrong protections, wrong ranges and no place for the old value: nothing changes. */
static void refused_changes_change_nothing(void)
{
    static const DWORD wrong[] = {0, PAGE_READONLY | PAGE_READWRITE, 0xFF, 0x1000};
    HANDLE mapping = new_memory(PAGE_READWRITE, 0x10000, NULL);
    char *view = view_of(mapping, FILE_MAP_WRITE);
    DWORD old = 0;
    size_t i;

    for (i = 0; i < sizeof wrong / sizeof wrong[0]; ++i)
        CHECK_ERROR(VirtualProtect(view, 4096, wrong[i], &old), ERROR_INVALID_PARAMETER);
    CHECK_ERROR_OR_WINE(VirtualProtect(view, 0x20000, PAGE_READONLY, &old), ERROR_INVALID_ADDRESS,
                        ERROR_INVALID_PARAMETER);
    CHECK_ERROR(VirtualProtect(view, 4096, PAGE_READONLY, NULL), ERROR_NOACCESS);
    CHECK(protection_of(view) == PAGE_READWRITE);
    view[0] = 1;
    CHECK(UnmapViewOfFile(view));
    CHECK_ERROR_OR_WINE(VirtualProtect(view, 4096, PAGE_READONLY, &old), ERROR_INVALID_ADDRESS, ERROR_INVALID_PARAMETER);
    CHECK(CloseHandle(mapping));
}

/* Private memory may become anything but a copy, and only where it is committed. */
static void private_memory_is_protected_page_by_page(void)
{
    char *memory = (char *)VirtualAlloc(NULL, 0x20000, MEM_RESERVE, PAGE_READWRITE);
    DWORD old = 0;

    CHECK_ERROR(VirtualProtect(memory, 4096, PAGE_READONLY, &old), ERROR_INVALID_ADDRESS);
    CHECK(VirtualAlloc(memory, 2 * 4096, MEM_COMMIT, PAGE_READWRITE) == memory);
    memory[4096] = 5;
    CHECK_QUIET(VirtualProtect(memory + 4096, 1, PAGE_READONLY, &old));
    CHECK(old == PAGE_READWRITE && protection_of(memory + 4096) == PAGE_READONLY && memory[4096] == 5);
    memory[4095] = 1;
#ifndef __MINGW32__
    CHECK(crashes(write_to, memory + 4096) && crashes(read_from, memory + 2 * 4096));
#endif
    CHECK_QUIET(VirtualProtect(memory, 4096, PAGE_EXECUTE_READ, &old));
    CHECK(protection_of(memory) == PAGE_EXECUTE_READ);
    CHECK_ERROR(VirtualProtect(memory, 4096, PAGE_WRITECOPY, &old), ERROR_INVALID_PARAMETER);
    /* A range that runs into uncommitted pages is refused as a whole. */
    CHECK_ERROR(VirtualProtect(memory, 0x4000, PAGE_READWRITE, &old), ERROR_INVALID_ADDRESS);
    CHECK(protection_of(memory) == PAGE_EXECUTE_READ);
    CHECK(VirtualFree(memory, 0, MEM_RELEASE));
}

int main(void)
{
    check_begin();
    a_writable_view_can_be_closed_and_reopened();
    whole_pages_are_protected();
    a_read_only_view_gains_no_write_access();
    refused_changes_change_nothing();
    private_memory_is_protected_page_by_page();
    return check_end();
}
