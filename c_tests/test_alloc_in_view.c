/*
 * test_alloc_in_view.c - VirtualAlloc(MEM_COMMIT) in views of SEC_RESERVE
 * objects: the pages come to life in the object, not only in this view.
 */
#include "check.h"

#define SIZE 0x20000

static MEMORY_BASIC_INFORMATION query(const void *address)
{
    MEMORY_BASIC_INFORMATION info;

    memset(&info, 0, sizeof info);
    CHECK(VirtualQuery(address, &info, sizeof info) == sizeof info);
    return info;
}

/* Whoever commits, everybody has the pages: views of before, views of another handle, views of later. */
static void committed_pages_are_seen_in_every_view(void)
{
    const char *name = NAME("commit");
    HANDLE mapping = new_memory(PAGE_READWRITE | SEC_RESERVE, SIZE, name);
    HANDLE opened = OpenFileMappingA(FILE_MAP_READ | FILE_MAP_WRITE, FALSE, name);
    char *one = view_of(mapping, FILE_MAP_WRITE), *other = view_of(opened, FILE_MAP_WRITE), *later;
    MEMORY_BASIC_INFORMATION info;

    CHECK_QUIET(VirtualAlloc(one + 0x2000, 0x3000, MEM_COMMIT, PAGE_READWRITE) == one + 0x2000);
    CHECK(one[0x2000] == 0 && other[0x4FFF] == 0);
    one[0x2000] = 1;
    other[0x4FFF] = 2;
    CHECK(other[0x2000] == 1 && one[0x4FFF] == 2);

    info = query(other + 0x2000);
    CHECK(info.State == MEM_COMMIT && info.Protect == PAGE_READWRITE && info.RegionSize == 0x3000);
    CHECK(info.Type == MEM_MAPPED && info.AllocationBase == other);
    CHECK(query(other).State == MEM_RESERVE && query(other).RegionSize == 0x2000);
    CHECK(query(other + 0x5000).State == MEM_RESERVE && query(other + 0x5000).RegionSize == SIZE - 0x5000);
    later = view_of(opened, FILE_MAP_READ);
    CHECK(later[0x2000] == 1 && later[0x4FFF] == 2);
    CHECK(query(later + 0x2000).State == MEM_COMMIT && query(later + 0x2000).Protect == PAGE_READONLY);
    CHECK(query(later + 0x5000).State == MEM_RESERVE);
    /* Pages committed after the view was made appear in it too. */
    CHECK(VirtualAlloc(other + 0x5000, 1, MEM_COMMIT, PAGE_READWRITE) == other + 0x5000);
    other[0x5000] = 3;
    CHECK(later[0x5000] == 3 && one[0x5000] == 3);
    CHECK(query(later + 0x2000).RegionSize == 0x4000);
    CHECK(UnmapViewOfFile(one));
    CHECK(UnmapViewOfFile(other));
    CHECK(UnmapViewOfFile(later));

    /* No view is left, but the pages and their bytes are. */
    later = view_of(mapping, FILE_MAP_WRITE);
    CHECK(query(later + 0x2000).State == MEM_COMMIT && later[0x2000] == 1 && later[0x5000] == 3);
    CHECK(UnmapViewOfFile(later));
    CHECK(CloseHandle(opened));
    CHECK(CloseHandle(mapping));
}

/* Committing twice is harmless, and a view at an offset commits the pages of the object that it shows. */
static void committing_counts_from_the_object(void)
{
    HANDLE mapping = new_memory(PAGE_READWRITE | SEC_RESERVE, SIZE, NULL);
    char *whole = view_of(mapping, FILE_MAP_WRITE);
    char *upper = (char *)MapViewOfFile(mapping, FILE_MAP_WRITE, 0, 0x10000, 0);

    CHECK(VirtualAlloc(upper + 0x1000, 0x1000, MEM_COMMIT, PAGE_READWRITE) == upper + 0x1000);
    upper[0x1000] = 5;
    CHECK(whole[0x11000] == 5 && query(whole + 0x1000).State == MEM_RESERVE);
    CHECK(VirtualAlloc(whole + 0x11000, 0x2000, MEM_COMMIT, PAGE_READWRITE) == whole + 0x11000);
    CHECK(upper[0x1000] == 5 && upper[0x2000] == 0);
    CHECK(UnmapViewOfFile(whole));
    CHECK(UnmapViewOfFile(upper));
    CHECK(CloseHandle(mapping));
}

/* Shared pages are never given back one by one, nor is a view released like private memory. */
static void shared_pages_cannot_be_decommitted(void)
{
    HANDLE mapping = new_memory(PAGE_READWRITE | SEC_RESERVE, SIZE, NULL), plain = new_memory(PAGE_READWRITE, SIZE, NULL);
    char *view = view_of(mapping, FILE_MAP_WRITE), *plain_view = view_of(plain, FILE_MAP_WRITE);

    CHECK(VirtualAlloc(view, 4096, MEM_COMMIT, PAGE_READWRITE) == view);
    view[0] = 6;
    plain_view[0] = 7;
    CHECK_ERROR(VirtualFree(view, 4096, MEM_DECOMMIT), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(VirtualFree(view, 0, MEM_RELEASE), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(VirtualFree(plain_view, 4096, MEM_DECOMMIT), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(VirtualFree(plain_view, 0, MEM_RELEASE), ERROR_INVALID_PARAMETER);
    CHECK(view[0] == 6 && plain_view[0] == 7 && query(view).State == MEM_COMMIT);
    CHECK(UnmapViewOfFile(view));
    CHECK(UnmapViewOfFile(plain_view));
    CHECK(CloseHandle(mapping));
    CHECK(CloseHandle(plain));
}

/* Committing where the pages are there already is allowed; beyond the view there is nothing to commit. */
static void commits_stay_inside_the_view(void)
{
    HANDLE mapping = new_memory(PAGE_READWRITE, SIZE, NULL), reserved = new_memory(PAGE_READWRITE | SEC_RESERVE, SIZE, NULL);
    char *view = view_of(mapping, FILE_MAP_WRITE), *reserved_view = view_of(reserved, FILE_MAP_WRITE);

    view[0] = 8;
    CHECK_QUIET(VirtualAlloc(view, 4096, MEM_COMMIT, PAGE_READWRITE) == view);
    CHECK(view[0] == 8);
    CHECK_ERROR_OR_WINE(VirtualAlloc(reserved_view, SIZE + 1, MEM_COMMIT, PAGE_READWRITE), ERROR_INVALID_ADDRESS,
                        ERROR_INVALID_PARAMETER);
    CHECK(query(reserved_view).State == MEM_RESERVE);
    CHECK(UnmapViewOfFile(view));
    CHECK(UnmapViewOfFile(reserved_view));
    CHECK(CloseHandle(mapping));
    CHECK(CloseHandle(reserved));
}

#ifndef __MINGW32__
/*
 * A difference from Windows, where this would fault: a reserved page can be
 * touched. That does not commit it, and loses nothing when it is committed.
 */
static void a_reserved_page_can_be_touched(void)
{
    HANDLE mapping = new_memory(PAGE_READWRITE | SEC_RESERVE, SIZE, NULL);
    char *one = view_of(mapping, FILE_MAP_WRITE), *other = view_of(mapping, FILE_MAP_READ);

    CHECK(other[0] == 0);
    one[0] = 1;
    CHECK(other[0] == 1 && query(one).State == MEM_RESERVE && query(other).State == MEM_RESERVE);
    CHECK(VirtualAlloc(one, 4096, MEM_COMMIT, PAGE_READWRITE) == one);
    CHECK(other[0] == 1 && query(other).State == MEM_COMMIT && query(other + 4096).State == MEM_RESERVE);
    CHECK(UnmapViewOfFile(one) && UnmapViewOfFile(other));
    CHECK(CloseHandle(mapping));
}
#endif

int main(void)
{
    check_begin();
    committed_pages_are_seen_in_every_view();
    committing_counts_from_the_object();
    shared_pages_cannot_be_decommitted();
    commits_stay_inside_the_view();
#ifndef __MINGW32__
    a_reserved_page_can_be_touched();
#endif
    return check_end();
}
