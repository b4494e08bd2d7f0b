/*
 * test_hint.c - MapViewOfFileEx with an address: exactly there or not at all.
 * Every hint is taken from an earlier mapping, so it suits any address space.
 */
#include "check.h"

#define SIZE 0x40000

/* Room of SIZE bytes that was just free, found by mapping and unmapping a view. */
static char *free_room(HANDLE mapping)
{
    char *room = view_of(mapping, FILE_MAP_WRITE);

    CHECK(room != NULL && UnmapViewOfFile(room));
    return room;
}

/* A free address is used as it is. */
static void a_free_hint_is_honoured(void)
{
    HANDLE mapping = new_memory(PAGE_READWRITE, SIZE, NULL);
    char *room = free_room(mapping), *view;

    CHECK_QUIET((view = (char *)MapViewOfFileEx(mapping, FILE_MAP_WRITE, 0, 0, 0, room)) == room);
    CHECK(UnmapViewOfFile(view));
    /* Also in the middle of the room, for a part of the object. */
    view = (char *)MapViewOfFileEx(mapping, FILE_MAP_READ, 0, 0x20000, 0x10000, room + 0x10000);
    CHECK(view == room + 0x10000);
    CHECK(UnmapViewOfFile(view));
    /* No hint is no wish. */
    CHECK_QUIET((view = (char *)MapViewOfFileEx(mapping, FILE_MAP_WRITE, 0, 0, 0, NULL)) != NULL);
    CHECK(UnmapViewOfFile(view));
    CHECK(CloseHandle(mapping));
}

/* Where something is, no view goes, not even near by: the first view is unharmed. */
static void a_taken_hint_fails(void)
{
    HANDLE mapping = new_memory(PAGE_READWRITE, SIZE, NULL);
    char *view = view_of(mapping, FILE_MAP_WRITE);
    char *private_memory = (char *)VirtualAlloc(NULL, SIZE, MEM_RESERVE, PAGE_NOACCESS);

    view[0] = 1;
    view[SIZE - 1] = 2;
    CHECK_ERROR(MapViewOfFileEx(mapping, FILE_MAP_WRITE, 0, 0, 0, view), ERROR_INVALID_ADDRESS);
    CHECK_ERROR(MapViewOfFileEx(mapping, FILE_MAP_WRITE, 0, 0, 0, view + 0x10000), ERROR_INVALID_ADDRESS);
    CHECK_ERROR(MapViewOfFileEx(mapping, FILE_MAP_WRITE, 0, 0, 4096, view + SIZE - 0x10000), ERROR_INVALID_ADDRESS);
    CHECK_ERROR(MapViewOfFileEx(mapping, FILE_MAP_WRITE, 0, 0, 0, private_memory), ERROR_INVALID_ADDRESS);
    CHECK(view[0] == 1 && view[SIZE - 1] == 2);
    CHECK(VirtualFree(private_memory, 0, MEM_RELEASE));
    CHECK(UnmapViewOfFile(view));
    CHECK(CloseHandle(mapping));
}

/* A view that would run into another one from below is refused as a whole. */
static void a_hint_whose_end_is_taken_fails(void)
{
    HANDLE mapping = new_memory(PAGE_READWRITE, SIZE, NULL);
    char *room = free_room(mapping), *upper;
    MEMORY_BASIC_INFORMATION info;

    upper = (char *)MapViewOfFileEx(mapping, FILE_MAP_WRITE, 0, 0, 0x10000, room + 0x20000);
    if (!CHECK(upper == room + 0x20000))
        return;
    upper[0] = 3;
    CHECK_ERROR(MapViewOfFileEx(mapping, FILE_MAP_WRITE, 0, 0, 0, room), ERROR_INVALID_ADDRESS);
    CHECK(upper[0] == 3);
    CHECK(VirtualQuery(room, &info, sizeof info) != 0 && info.State == MEM_FREE);
    CHECK(UnmapViewOfFile(upper));
    CHECK(CloseHandle(mapping));
}

/* Addresses, like offsets, come in steps of 64 KiB. */
static void a_hint_is_a_multiple_of_the_granularity(void)
{
    HANDLE mapping = new_memory(PAGE_READWRITE, SIZE, NULL);
    char *room = free_room(mapping);

    CHECK_ERROR(MapViewOfFileEx(mapping, FILE_MAP_WRITE, 0, 0, 0, room + 1), ERROR_MAPPED_ALIGNMENT);
    CHECK_ERROR(MapViewOfFileEx(mapping, FILE_MAP_WRITE, 0, 0, 4096, room + 4096), ERROR_MAPPED_ALIGNMENT);
    CHECK_ERROR(MapViewOfFileEx(mapping, FILE_MAP_WRITE, 0, 0, 4096, room + 65535), ERROR_MAPPED_ALIGNMENT);
    CHECK_ERROR(MapViewOfFileEx(mapping, FILE_MAP_WRITE, 0, 0, 0, (void *)(ULONG_PTR)0x1000), ERROR_MAPPED_ALIGNMENT);
    CHECK(CloseHandle(mapping));
}

/* An address that no program has is an invalid argument. (Wine takes another address instead.) */
static void an_unusable_hint_fails(void)
{
    HANDLE mapping = new_memory(PAGE_READWRITE, SIZE, NULL);

    CHECK_ERROR_OR_WINE(MapViewOfFileEx(mapping, FILE_MAP_WRITE, 0, 0, 0, (void *)(ULONG_PTR)0xFFFF800000000000ull),
                        ERROR_INVALID_PARAMETER, SUCCESS);
    CHECK(CloseHandle(mapping));
}

/* A program may put views side by side and use them as one piece: the classic ring buffer. */
static void two_views_side_by_side_make_a_ring(void)
{
    HANDLE mapping = new_memory(PAGE_READWRITE, SIZE / 2, NULL), both = new_memory(PAGE_READWRITE, SIZE, NULL);
    char *room = free_room(both), *low, *high;

    low = (char *)MapViewOfFileEx(mapping, FILE_MAP_WRITE, 0, 0, 0, room);
    high = (char *)MapViewOfFileEx(mapping, FILE_MAP_WRITE, 0, 0, 0, room + SIZE / 2);
    if (CHECK(low == room && high == room + SIZE / 2)) {
        memcpy(low + SIZE / 2 - 3, "around", 7);
        CHECK(memcmp(low, "und", 4) == 0);
    }
    CHECK(UnmapViewOfFile(low));
    CHECK(memcmp(high, "und", 4) == 0);
    CHECK(UnmapViewOfFile(high));
    CHECK(CloseHandle(both));
    CHECK(CloseHandle(mapping));
}

int main(void)
{
    check_begin();
    a_free_hint_is_honoured();
    a_taken_hint_fails();
    a_hint_whose_end_is_taken_fails();
    a_hint_is_a_multiple_of_the_granularity();
    an_unusable_hint_fails();
    two_views_side_by_side_make_a_ring();
    return check_end();
}
