/*
 * test_view.c - MapViewOfFile, UnmapViewOfFile and FlushViewOfFile: offsets,
 * sizes, what is seen where, and what faults. Addresses asked for are in
 * test_hint.c, what VirtualQuery tells about views in test_query.c.
 */
#include "check.h"

#define SIZE 0x30000

static int maps(HANDLE mapping, DWORD high, DWORD low, SIZE_T size)
{
    void *view = MapViewOfFile(mapping, FILE_MAP_WRITE, high, low, size);

    return view != NULL && UnmapViewOfFile(view);
}

/* Offsets come in steps of 64 KiB; a multiple of the page size is not enough. */
static void offsets_are_multiples_of_the_granularity(void)
{
    static const DWORD wrong[] = {1, 4096, 65535, 65537, 69632, SIZE + 1, 0x40001};
    HANDLE mapping = new_memory(PAGE_READWRITE, SIZE, NULL);
    size_t i;

    CHECK(maps(mapping, 0, 0, 0));
    CHECK(maps(mapping, 0, 0x10000, 0));
    CHECK(maps(mapping, 0, 0x20000, 0x10000));
    for (i = 0; i < sizeof wrong / sizeof wrong[0]; ++i)
        CHECK_ERROR(MapViewOfFile(mapping, FILE_MAP_WRITE, 0, wrong[i], 1), ERROR_MAPPED_ALIGNMENT);
    CHECK_ERROR(MapViewOfFile(GARBAGE_HANDLE, FILE_MAP_READ, 0, 1, 0), ERROR_MAPPED_ALIGNMENT);
    CHECK(CloseHandle(mapping));
}

/* A view that would reach past the end is denied, however the end is passed. */
static void views_end_where_the_object_ends(void)
{
    HANDLE mapping = new_memory(PAGE_READWRITE, SIZE, NULL);

    CHECK(maps(mapping, 0, 0, 1));
    CHECK(maps(mapping, 0, 0, SIZE));
    CHECK_ERROR(MapViewOfFile(mapping, FILE_MAP_WRITE, 0, 0, SIZE + 1), ERROR_ACCESS_DENIED);
    CHECK_ERROR(MapViewOfFile(mapping, FILE_MAP_WRITE, 0, 0x10000, 0x20001), ERROR_ACCESS_DENIED);
    CHECK_ERROR(MapViewOfFile(mapping, FILE_MAP_WRITE, 0, 0, (SIZE_T)-1), ERROR_ACCESS_DENIED);
    CHECK_ERROR(MapViewOfFile(mapping, FILE_MAP_WRITE, 0, 0x10000, (SIZE_T)0 - 0x10000), ERROR_ACCESS_DENIED);
    /* Starting at the end or behind it is no better; Wine calls that an invalid parameter. */
    CHECK_ERROR_OR_WINE(MapViewOfFile(mapping, FILE_MAP_WRITE, 0, SIZE, 0), ERROR_ACCESS_DENIED, ERROR_INVALID_PARAMETER);
    CHECK_ERROR_OR_WINE(MapViewOfFile(mapping, FILE_MAP_WRITE, 0, SIZE, 1), ERROR_ACCESS_DENIED, ERROR_INVALID_PARAMETER);
    CHECK_ERROR_OR_WINE(MapViewOfFile(mapping, FILE_MAP_WRITE, 0, 0x40000, 0), ERROR_ACCESS_DENIED, ERROR_INVALID_PARAMETER);
    CHECK_ERROR_OR_WINE(MapViewOfFile(mapping, FILE_MAP_WRITE, 1, 0, 0), ERROR_ACCESS_DENIED, ERROR_INVALID_PARAMETER);
    CHECK_ERROR_OR_WINE(MapViewOfFile(mapping, FILE_MAP_WRITE, 0xFFFFFFFFu, 0xFFFF0000u, 0), ERROR_ACCESS_DENIED,
                        ERROR_INVALID_PARAMETER);
    CHECK(CloseHandle(mapping));
}

/* New memory is zero. All views show the same bytes, each at an address of its own, aligned to 64 KiB. */
static void views_of_one_object_show_the_same_bytes(void)
{
    HANDLE mapping = new_memory(PAGE_READWRITE, SIZE, NULL);
    char *writer = view_of(mapping, FILE_MAP_WRITE), *reader = view_of(mapping, FILE_MAP_READ);
    char *tail = (char *)MapViewOfFile(mapping, FILE_MAP_READ, 0, 0x20000, 100);
    int i = 0;

    CHECK(writer != reader);
    CHECK((((ULONG_PTR)writer | (ULONG_PTR)reader | (ULONG_PTR)tail) & 0xFFFF) == 0);
    while (i < SIZE && writer[i] == 0)
        ++i;
    CHECK(i == SIZE);
    writer[0] = 11;
    writer[0x20000 + 99] = 22;
    writer[SIZE - 1] = 33;
    CHECK(reader[0] == 11 && reader[SIZE - 1] == 33 && tail[99] == 22);
    /* A hundred bytes were asked for, a page was given. */
    writer[0x20000 + 4095] = 44;
    CHECK(tail[4095] == 44);
    CHECK(CloseHandle(mapping));
    /* The handle is not needed any more. */
    writer[3] = 77;
    CHECK(reader[3] == 77);
    CHECK_ERROR(MapViewOfFile(mapping, FILE_MAP_READ, 0, 0, 0), ERROR_INVALID_HANDLE);
    CHECK(UnmapViewOfFile(writer));
    CHECK(reader[3] == 77);
    CHECK(UnmapViewOfFile(reader));
    CHECK(tail[99] == 22);
    CHECK(UnmapViewOfFile(tail));
}

/* A page of a copy view follows the object until it is written; then the whole page is private, and stays so. */
static void a_copy_view_takes_a_page_when_it_writes(void)
{
    HANDLE mapping = new_memory(PAGE_READWRITE, SIZE, NULL);
    volatile char *shared = view_of(mapping, FILE_MAP_WRITE);
    volatile char *copy = view_of(mapping, FILE_MAP_COPY), *other = view_of(mapping, FILE_MAP_COPY);

    shared[0] = 1;
    CHECK(copy[0] == 1 && other[0] == 1);
    shared[0] = 2;
    CHECK(copy[0] == 2);
    copy[0] = 50;
    CHECK(shared[0] == 2 && other[0] == 2 && copy[0] == 50);
    shared[1] = 3;
    CHECK(copy[1] == 0 && other[1] == 3);
    shared[8192] = 4;
    CHECK(copy[8192] == 4);
    CHECK(UnmapViewOfFile((void *)copy));
    CHECK(UnmapViewOfFile((void *)other));
    CHECK(shared[0] == 2 && shared[1] == 3);
    CHECK(UnmapViewOfFile((void *)shared));
    CHECK(CloseHandle(mapping));
}

/* FILE_MAP_COPY next to READ or WRITE means nothing: the view is an ordinary one. */
static void copy_with_other_access_is_no_copy(void)
{
    HANDLE mapping = new_memory(PAGE_READWRITE, 4096, NULL);
    char *shared = view_of(mapping, FILE_MAP_WRITE), *both = view_of(mapping, FILE_MAP_COPY | FILE_MAP_WRITE);

    both[0] = 6;
    CHECK(shared[0] == 6);
    CHECK(UnmapViewOfFile(both));
    CHECK(UnmapViewOfFile(shared));
    CHECK(CloseHandle(mapping));
}

/* Every address inside names the view, and the whole view goes. */
static void any_address_inside_unmaps_the_view(void)
{
    HANDLE mapping = new_memory(PAGE_READWRITE, SIZE, NULL);
    char *view = view_of(mapping, FILE_MAP_WRITE);
    MEMORY_BASIC_INFORMATION info;

    CHECK_QUIET(UnmapViewOfFile(view + 0x10000));
    CHECK_ERROR(UnmapViewOfFile(view), ERROR_INVALID_ADDRESS);
    CHECK(VirtualQuery(view, &info, sizeof info) != 0 && info.State == MEM_FREE);
    CHECK(VirtualQuery(view + SIZE - 1, &info, sizeof info) != 0 && info.State == MEM_FREE);
    view = view_of(mapping, FILE_MAP_READ);
    CHECK(UnmapViewOfFile(view + SIZE - 1));
    view = view_of(mapping, 0);
    CHECK(UnmapViewOfFile(view + 1));
    view = (char *)MapViewOfFile(mapping, FILE_MAP_READ, 0, 0, 5000);
    CHECK_ERROR(UnmapViewOfFile(view + 8192), ERROR_INVALID_ADDRESS);
    CHECK(UnmapViewOfFile(view + 8191));
    CHECK(CloseHandle(mapping));
}

/* What is no view is not unmapped, whoever owns it. */
static void only_views_are_unmapped(void)
{
    char on_the_stack = 5;
    void *private_memory = VirtualAlloc(NULL, 65536, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE), *heap = malloc(1 << 20);

    CHECK_ERROR(UnmapViewOfFile(NULL), ERROR_INVALID_ADDRESS);
    CHECK_ERROR(UnmapViewOfFile(&on_the_stack), ERROR_INVALID_ADDRESS);
    CHECK_ERROR(UnmapViewOfFile(heap), ERROR_INVALID_ADDRESS);
    CHECK_ERROR(UnmapViewOfFile((void *)(ULONG_PTR)0x1000), ERROR_INVALID_ADDRESS);
    CHECK_ERROR(UnmapViewOfFile((void *)(ULONG_PTR)0xFFFF800000000000ull), ERROR_INVALID_ADDRESS);
    CHECK_ERROR(UnmapViewOfFile(private_memory), ERROR_INVALID_ADDRESS);
    memset(private_memory, on_the_stack, 65536);
    memset(heap, on_the_stack, 1 << 20);
    CHECK(VirtualFree(private_memory, 0, MEM_RELEASE));
    free(heap);
}

/* Flushing memory has nothing to do, but it says whether the range is a view. */
static void flushing_accepts_ranges_inside_a_view(void)
{
    HANDLE mapping = new_memory(PAGE_READWRITE, 0x20000, NULL);
    char *view = view_of(mapping, FILE_MAP_WRITE), *reader = view_of(mapping, FILE_MAP_READ);

    CHECK_QUIET(FlushViewOfFile(view, 0));
    CHECK_QUIET(FlushViewOfFile(view + 100, 10));
    CHECK_QUIET(FlushViewOfFile(view, 0x20000));
    CHECK_QUIET(FlushViewOfFile(view + 0x10000, 0));
    CHECK_QUIET(FlushViewOfFile(reader, 0));
    CHECK_ERROR_OR_WINE(FlushViewOfFile(view, 0x20001), ERROR_INVALID_ADDRESS, ERROR_INVALID_PARAMETER);
    CHECK_ERROR_OR_WINE(FlushViewOfFile(NULL, 0), ERROR_INVALID_ADDRESS, ERROR_INVALID_PARAMETER);
    CHECK_ERROR_OR_WINE(FlushViewOfFile((void *)(ULONG_PTR)0x1000, 4096), ERROR_INVALID_ADDRESS, ERROR_INVALID_PARAMETER);
    CHECK(UnmapViewOfFile(view));
    CHECK_ERROR_OR_WINE(FlushViewOfFile(view, 0), ERROR_INVALID_ADDRESS, ERROR_INVALID_PARAMETER);
    CHECK(UnmapViewOfFile(reader));
    CHECK(CloseHandle(mapping));
}

#ifndef __MINGW32__
static void write_to(void *at) { *(volatile char *)at = 1; }
static void read_from(void *at) { (void)*(volatile char *)at; }

/* A view is as weak as it was asked for, and gone is gone. */
static void forbidden_accesses_fault(void)
{
    HANDLE mapping = new_memory(PAGE_READWRITE, 0x10000, NULL);
    char *reader = view_of(mapping, FILE_MAP_READ), *sealed = view_of(mapping, 0);
    char *copy = view_of(mapping, FILE_MAP_COPY), *read_copy = view_of(mapping, FILE_MAP_COPY | FILE_MAP_READ);

    CHECK(!crashes(read_from, reader) && crashes(write_to, reader));
    CHECK(crashes(read_from, sealed) && crashes(write_to, sealed + 0xFFFF));
    CHECK(!crashes(read_from, copy) && !crashes(write_to, copy));
    CHECK(!crashes(read_from, read_copy) && crashes(write_to, read_copy));
    CHECK(UnmapViewOfFile(reader));
    CHECK(crashes(read_from, reader));
    CHECK(UnmapViewOfFile(sealed));
    CHECK(UnmapViewOfFile(copy));
    CHECK(UnmapViewOfFile(read_copy));
    CHECK(CloseHandle(mapping));
}
#endif

int main(void)
{
    check_begin();
    offsets_are_multiples_of_the_granularity();
    views_end_where_the_object_ends();
    views_of_one_object_show_the_same_bytes();
    a_copy_view_takes_a_page_when_it_writes();
    copy_with_other_access_is_no_copy();
    any_address_inside_unmaps_the_view();
    only_views_are_unmapped();
    flushing_accepts_ranges_inside_a_view();
#ifndef __MINGW32__
    forbidden_accesses_fault();
#endif
    return check_end();
}
