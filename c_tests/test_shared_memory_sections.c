/*
 * test_shared_memory_sections.c - the segments of the SharedMemory family in the
 * functions of Windows: winshm's are sections, and by the names Posix\ and SysV\,
 * which are an addition, sections are segments of the system.
 */
#include "shared_segments.h"

#include <sys/statvfs.h>

#define SIZE 0x30000

/* winshm's segments are sections: whoever has one can be joined by the other functions, under one name space. */
static void winshm_segments_are_sections(void)
{
    const char *name = SEGMENT(WINSHM, "section"), *other = SEGMENT(WINSHM, "other"), *event_name = SEGMENT(WINSHM, "event");
    SharedMemory *memory = NULL, *none = (SharedMemory *)&none;
    HANDLE mapping, event = CreateEventA(NULL, TRUE, FALSE, event_name);
    char *view;

    CREATES(SharedMemoryCreate(name, SIZE, &memory));
    CHECK((mapping = OpenFileMappingA(FILE_MAP_WRITE, FALSE, name)) != NULL);
    CHECK((view = view_of(mapping, FILE_MAP_WRITE)) != NULL);
    CHECK(paint(memory, 0, SIZE, 's') == 0 && all_are(view, SIZE, 's'));
    view[1] = 't';
    CHECK(reads(memory, 1, 1, 't'));
    WORKS(SharedMemoryClose(memory));
    CHECK(name_exists(name));
    WORKS(SharedMemoryOpen(name, &memory));
    CHECK(reads(memory, 1, 1, 't') && CloseHandle(mapping) && UnmapViewOfFile(view));
    WORKS(SharedMemoryClose(memory));
    CHECK(!name_exists(name));

    CHECK((mapping = new_memory(PAGE_READWRITE, SIZE, other)) != NULL);
    FINDS(SharedMemoryCreate(other, SIZE, &memory));
    CHECK((view = view_of(mapping, FILE_MAP_READ)) != NULL && paint(memory, SIZE - 5, 5, 'u') == 0 && all_are(view + SIZE - 5, 5, 'u'));
    CHECK(UnmapViewOfFile(view) && CloseHandle(mapping));
    WORKS(SharedMemoryClose(memory));

    FAILS(SharedMemoryCreate(event_name, SIZE, &none), SHARED_MEMORY_STALE);
    FAILS(SharedMemoryOpen(event_name, &none), SHARED_MEMORY_STALE);
    CHECK(none == (SharedMemory *)&none && CloseHandle(event));
}

/* Created there it is a segment for every program, and one that stays: handles and views come and go. */
static void a_section_can_be_a_segment_of_the_system(int kind)
{
    const char *name = SEGMENT(kind, "create"), *windows = spelled(name);
    HANDLE mapping, again;
    SharedMemory *memory = NULL;
    RAW raw;
    char *view;

    CHECK_ERROR(OpenFileMappingA(FILE_MAP_READ, FALSE, windows), ERROR_FILE_NOT_FOUND);
    CHECK_LAST(mapping = new_memory(PAGE_READWRITE, SIZE, windows), ERROR_SUCCESS);
    CHECK(raw_status(name).size == SIZE && raw_status(name).mode == 0600);
    CHECK((view = view_of(mapping, FILE_MAP_WRITE)) != NULL && all_are(view, SIZE, 0));
    raw = raw_map(name, 0, 0);
    if (view == NULL || !CHECK(raw.memory != NULL))
        return;
    memset(view, 'v', SIZE);
    CHECK(all_are(raw.memory, SIZE, 'v'));
    raw.memory[SIZE - 1] = 'w';
    CHECK(view[SIZE - 1] == 'w' && raw_unmap(name, raw));
    CHECK_LAST(again = CreateFileMappingW(MEMORY, NULL, PAGE_READWRITE, 0, SIZE, widen(windows)), ERROR_ALREADY_EXISTS);
    CHECK(CloseHandle(again) && CloseHandle(mapping));
    view[0] = 'x'; /* the view needs no handle */
    CHECK(UnmapViewOfFile(view + SIZE / 2));
    CHECK(raw_status(name).exists && raw_status(name).attached == 0);
    WORKS(SharedMemoryOpen(name, &memory));
    CHECK(reads(memory, 0, 1, 'x') && reads(memory, 1, SIZE - 2, 'v') && paint(memory, 0, 1, 'y') == 0);
    CHECK((mapping = OpenFileMappingW(FILE_MAP_ALL_ACCESS, FALSE, widen(windows))) != NULL);
    CHECK((view = view_of(mapping, FILE_MAP_ALL_ACCESS)) != NULL && view[0] == 'y');
    CHECK(UnmapViewOfFile(view) && CloseHandle(mapping));
    WORKS(SharedMemoryFree(memory));
    CHECK_ERROR(OpenFileMappingA(FILE_MAP_READ, FALSE, windows), ERROR_FILE_NOT_FOUND);
}

/* What another program made is opened at its own size, whatever the creator of the section asks for. */
static void an_existing_segment_keeps_its_size(int kind)
{
    static const DWORD asked[] = {1, 4096, SIZE, 0x200000};
    const char *name = SEGMENT(kind, "size"), *windows = spelled(name);
    RAW raw = raw_map(name, 0x18000, 0600);
    MEMORY_BASIC_INFORMATION info;
    HANDLE mapping;
    char *view;
    size_t i;

    if (!CHECK(raw.memory != NULL))
        return;
    memset(raw.memory, 'r', raw.size);
    for (i = 0; i <= sizeof asked / sizeof asked[0]; ++i) {
        if (i < sizeof asked / sizeof asked[0])
            CHECK_LAST(mapping = new_memory(PAGE_READWRITE, asked[i], windows), ERROR_ALREADY_EXISTS);
        else
            CHECK_QUIET(mapping = OpenFileMappingA(FILE_MAP_WRITE, FALSE, windows));
        CHECK((view = view_of(mapping, FILE_MAP_WRITE)) != NULL && all_are(view, 0x18000, 'r'));
        CHECK(VirtualQuery(view, &info, sizeof info) != 0 && info.RegionSize == 0x18000 && info.Type == MEM_MAPPED);
        CHECK_ERROR(MapViewOfFile(mapping, FILE_MAP_WRITE, 0, 0, 0x18001), ERROR_ACCESS_DENIED);
        CHECK(UnmapViewOfFile(view) && CloseHandle(mapping));
    }
    CHECK(raw_status(name).size == 0x18000 && raw_unmap(name, raw) && raw_status(name).attached == 0);
}

/* A view for reading only reads, whether the handle could write or not. */
static void put(void *address) { *(volatile char *)address = 1; }
static void views_for_reading_only_read(int kind)
{
    const char *name = SEGMENT(kind, "read"), *windows = spelled(name);
    HANDLE mapping = new_memory(PAGE_READWRITE, SIZE, windows), reader = OpenFileMappingA(FILE_MAP_READ, FALSE, windows);
    HANDLE second = new_memory(PAGE_READONLY, SIZE, windows);
    char *writer = view_of(mapping, FILE_MAP_WRITE), *one = view_of(mapping, FILE_MAP_READ), *other = view_of(reader, FILE_MAP_READ);

    if (!CHECK(writer != NULL && one != NULL && other != NULL))
        return;
    writer[0x20000] = 'r';
    CHECK(one[0x20000] == 'r' && other[0x20000] == 'r');
    CHECK(crashes(put, one) && crashes(put, other) && !crashes(put, writer));
    CHECK_ERROR(MapViewOfFile(reader, FILE_MAP_WRITE, 0, 0, 0), ERROR_ACCESS_DENIED);
    CHECK_ERROR(MapViewOfFile(second, FILE_MAP_WRITE, 0, 0, 0), ERROR_ACCESS_DENIED);
    CHECK(UnmapViewOfFile(one) && UnmapViewOfFile(other) && (one = view_of(second, FILE_MAP_READ)) != NULL);
    CHECK(one[0x20000] == 'r' && crashes(put, one) && UnmapViewOfFile(one) && UnmapViewOfFile(writer));
    CHECK(CloseHandle(mapping) && CloseHandle(reader) && CloseHandle(second));
    CHECK(raw_status(name).attached == 0 && raw_remove(name));
}

/* A part is a view too: from the offset on, as many bytes, and no further than the end. */
static void views_begin_at_an_offset(int kind)
{
    const char *name = SEGMENT(kind, "offset");
    HANDLE mapping = new_memory(PAGE_READWRITE, SIZE, spelled(name));
    char *whole = view_of(mapping, FILE_MAP_WRITE), *tail, *middle, *again;
    int i;

    if (!CHECK(whole != NULL))
        return;
    for (i = 0; i < SIZE / 4096; ++i)
        whole[i * 4096] = (char)(i + 1);
    CHECK((tail = (char *)MapViewOfFile(mapping, FILE_MAP_WRITE, 0, 0x10000, 0)) != NULL && tail[0] == 17 && tail[0x1F000] == 48);
    CHECK((middle = (char *)MapViewOfFile(mapping, FILE_MAP_READ, 0, 0x20000, 100)) != NULL && middle[0] == 33);
    CHECK(((uintptr_t)tail & 0xFFFF) == 0 && ((uintptr_t)middle & 0xFFFF) == 0);
    tail[0x10001] = 'o';
    CHECK(whole[0x20001] == 'o' && middle[1] == 'o' && crashes(put, middle));
    CHECK_ERROR(MapViewOfFile(mapping, FILE_MAP_WRITE, 0, 4096, 0), ERROR_MAPPED_ALIGNMENT);
    CHECK_ERROR(MapViewOfFile(mapping, FILE_MAP_WRITE, 0, SIZE, 0), ERROR_ACCESS_DENIED);
    CHECK_ERROR(MapViewOfFile(mapping, FILE_MAP_WRITE, 0, 0x20000, 0x10001), ERROR_ACCESS_DENIED);
    CHECK(UnmapViewOfFile(whole) && tail[0] == 17 && middle[1] == 'o');
    CHECK(UnmapViewOfFile(tail) && UnmapViewOfFile(middle));
    /* Parts that come and go leave nothing mapped. */
    for (i = 0; i < 50; ++i)
        CHECK((again = (char *)MapViewOfFile(mapping, FILE_MAP_READ, 0, 0x20000, 0)) != NULL && again[0] == 33 && UnmapViewOfFile(again));
    CHECK(CloseHandle(mapping) && raw_status(name).attached == 0 && raw_remove(name));
}

/* At a given address or nowhere: what is there already stays. */
static void views_at_a_given_base(int kind)
{
    const char *name = SEGMENT(kind, "base");
    HANDLE mapping = new_memory(PAGE_READWRITE, SIZE, spelled(name));
    char *base = (char *)VirtualAlloc(NULL, 0x100000, MEM_RESERVE, PAGE_READWRITE);

    CHECK_ERROR(MapViewOfFileEx(mapping, FILE_MAP_WRITE, 0, 0, 0, base), ERROR_INVALID_ADDRESS);
    CHECK_ERROR(MapViewOfFileEx(mapping, FILE_MAP_WRITE, 0, 0, 0, base + 4096), ERROR_MAPPED_ALIGNMENT);
    CHECK(VirtualFree(base, 0, MEM_RELEASE));
    CHECK(MapViewOfFileEx(mapping, FILE_MAP_WRITE, 0, 0, 0, base) == base);
    CHECK(MapViewOfFileEx(mapping, FILE_MAP_READ, 0, 0x10000, 0, base + 0x40000) == base + 0x40000);
    base[0x10000] = 'b';
    CHECK(base[0x40000] == 'b' && crashes(put, base + 0x40000));
    CHECK_ERROR(MapViewOfFileEx(mapping, FILE_MAP_WRITE, 0, 0, 0, base + 0x20000), ERROR_INVALID_ADDRESS);
    CHECK(base[0x10000] == 'b' && base[0x40000] == 'b');
    CHECK(UnmapViewOfFile(base) && UnmapViewOfFile(base + 0x40000));
    CHECK(CloseHandle(mapping) && raw_status(name).attached == 0 && raw_remove(name));
}

/* Code in a segment whose owner may execute it runs in a view for that. */
static void views_that_run_code(int kind)
{
    static const unsigned char returns_42[] = {0xB8, 42, 0, 0, 0, 0xC3};
    const char *name = SEGMENT(kind, "run"), *windows = spelled(name);
    RAW raw = raw_map(name, SIZE, 0700);
    HANDLE mapping, opened;
    int (*function)(void);
    struct statvfs files;
    void *view;

    if (!CHECK(raw.memory != NULL) || (kind == POSIX && statvfs("/dev/shm", &files) == 0 && (files.f_flag & ST_NOEXEC)))
        return;
    memcpy(raw.memory, returns_42, sizeof returns_42);
    CHECK_LAST(mapping = new_memory(PAGE_EXECUTE_READWRITE, SIZE, windows), ERROR_ALREADY_EXISTS);
    CHECK((opened = OpenFileMappingA(FILE_MAP_READ | FILE_MAP_EXECUTE, FALSE, windows)) != NULL);
    if (CHECK((view = MapViewOfFile(mapping, FILE_MAP_WRITE | FILE_MAP_EXECUTE, 0, 0, 0)) != NULL)) {
        memcpy(&function, &view, sizeof function);
        CHECK(function() == 42 && !crashes(put, (char *)view + 4096) && UnmapViewOfFile(view));
    }
    if (CHECK((view = MapViewOfFile(opened, FILE_MAP_READ | FILE_MAP_EXECUTE, 0, 0, 0)) != NULL)) {
        memcpy(&function, &view, sizeof function);
        CHECK(function() == 42 && crashes(put, view) && UnmapViewOfFile(view));
    }
    CHECK(CloseHandle(mapping) && CloseHandle(opened) && raw_unmap(name, raw) && raw_status(name).attached == 0);
}

/* Pages that a copy view writes become its own; the segment does not change. System V segments have no such pages. */
static void copies_are_private_or_refused(int kind)
{
    const char *name = SEGMENT(kind, "copy"), *windows = spelled(name);
    HANDLE mapping = new_memory(PAGE_READWRITE, SIZE, windows), reader = OpenFileMappingA(FILE_MAP_COPY, FALSE, windows);
    volatile char *shared = view_of(mapping, FILE_MAP_WRITE), *copy, *tail;

    if (!CHECK(shared != NULL && reader != NULL))
        return;
    memset((char *)shared, 's', SIZE);
    if (kind == SYSTEM_V) {
        CHECK_ERROR(MapViewOfFile(mapping, FILE_MAP_COPY, 0, 0, 0), ERROR_NOT_SUPPORTED);
        CHECK_ERROR(MapViewOfFile(reader, FILE_MAP_COPY, 0, 0, 0), ERROR_NOT_SUPPORTED);
        CHECK_ERROR(MapViewOfFileEx(mapping, FILE_MAP_COPY, 0, 0x10000, 100, NULL), ERROR_NOT_SUPPORTED);
    } else if (CHECK_QUIET((copy = view_of(mapping, FILE_MAP_COPY)) != NULL) &&
               CHECK_QUIET((tail = (char *)MapViewOfFileEx(reader, FILE_MAP_COPY, 0, 0x10000, 0x10000, NULL)) != NULL)) {
        CHECK(copy[0] == 's' && copy[SIZE - 1] == 's' && tail[0] == 's');
        copy[0] = copy[0x10000] = 'c', tail[0x1000] = 't';
        CHECK(all_are((char *)shared, SIZE, 's') && tail[0] == 's' && copy[0x11000] == 's');
        CHECK(copy[0] == 'c' && copy[1] == 's' && copy[0x10000] == 'c' && tail[0x1000] == 't');
        shared[0] = shared[0x2000] = 'n', shared[0x11001] = 'n';
        CHECK(copy[0] == 'c' && copy[0x2000] == 'n' && copy[0x11001] == 'n' && tail[0x1001] == 's');
        CHECK(UnmapViewOfFile((char *)copy) && UnmapViewOfFile((char *)tail));
        CHECK(shared[0] == 'n' && shared[1] == 's' && shared[0x10000] == 's' && shared[0x11000] == 's');
    }
    CHECK(UnmapViewOfFile((char *)shared) && CloseHandle(mapping) && CloseHandle(reader));
    CHECK(raw_status(name).size == SIZE && raw_status(name).attached == 0 && raw_remove(name));
}

/* Pages of these segments cannot be committed later. */
static void reservations_are_refused(int kind)
{
    const char *name = SEGMENT(kind, "reserve"), *windows = spelled(name);
    HANDLE mapping;

    CHECK_ERROR(new_memory(PAGE_READWRITE | SEC_RESERVE, SIZE, windows), ERROR_NOT_SUPPORTED);
    CHECK(!raw_status(name).exists);
    CHECK((mapping = new_memory(PAGE_READWRITE | SEC_COMMIT, SIZE, windows)) != NULL);
    CHECK_ERROR(new_memory(PAGE_READWRITE | SEC_RESERVE, SIZE, windows), ERROR_NOT_SUPPORTED);
    CHECK(CloseHandle(mapping) && raw_status(name).attached == 0 && raw_remove(name));
}

int main(void)
{
    check_begin();
    winshm_segments_are_sections();
    OF_SYSTEM_KINDS(a_section_can_be_a_segment_of_the_system);
    OF_SYSTEM_KINDS(an_existing_segment_keeps_its_size);
    OF_SYSTEM_KINDS(views_for_reading_only_read);
    OF_SYSTEM_KINDS(views_begin_at_an_offset);
    OF_SYSTEM_KINDS(views_at_a_given_base);
    OF_SYSTEM_KINDS(views_that_run_code);
    OF_SYSTEM_KINDS(copies_are_private_or_refused);
    OF_SYSTEM_KINDS(reservations_are_refused);
    return check_end();
}
