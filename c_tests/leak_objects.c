/*
 * leak_objects.c - everything that is opened is given back: file descriptors,
 * mappings of the process, files. Every story is told twice, and the second
 * time must leave exactly what the first time left.
 *
 * Runs under Valgrind, which looks after the heap meanwhile.
 */
#include "leaks.h"

enum { MANY = 100 };

/* Objects come and go one after the other, with and without names, by every way in. */
static void objects_come_and_go(void)
{
    const char *name = NAME("go");
    int i;

    for (i = 0; i < MANY; ++i) {
        HANDLE mapping = new_memory(PAGE_READWRITE, 65536, name), again = new_memory(PAGE_READONLY, 4096, name);
        HANDLE opened = OpenFileMappingW(FILE_MAP_READ, FALSE, widen(name)), nameless = new_memory(PAGE_READWRITE, 1, NULL);
        HANDLE reserved = new_memory(PAGE_READWRITE | SEC_RESERVE, 65536, NULL), global;
        char global_name[200];

        snprintf(global_name, sizeof global_name, "Global\\%s", name);
        global = new_memory(PAGE_READWRITE, 4096, global_name);
        CHECK(CloseHandle(again) && CloseHandle(mapping) && CloseHandle(opened));
        CHECK(CloseHandle(nameless) && CloseHandle(reserved) && CloseHandle(global));
    }
}

static void events_come_and_go(void)
{
    const char *name = NAME("event");
    int i;

    for (i = 0; i < MANY; ++i) {
        HANDLE event = CreateEventA(NULL, i & 1, i & 2, name), again = CreateEventW(NULL, FALSE, FALSE, widen(name));
        HANDLE opened = OpenEventA(SYNCHRONIZE | EVENT_MODIFY_STATE, FALSE, name), nameless = CreateEventA(NULL, TRUE, FALSE, NULL);

        CHECK(SetEvent(event) && ResetEvent(opened) && SetEvent(nameless));
        CHECK(CloseHandle(event) && CloseHandle(opened) && CloseHandle(again) && CloseHandle(nameless));
    }
}

/* Many objects at once, closed in another order than they were made. */
static void many_objects_live_together(void)
{
    static HANDLE mappings[MANY], events[MANY];
    static char *views[MANY];
    const char *name = NAME("together");
    char one[200];
    int i;

    for (i = 0; i < MANY; ++i) {
        snprintf(one, sizeof one, "%s-%d", name, i);
        mappings[i] = new_memory(PAGE_READWRITE, 8192, i % 3 ? one : NULL);
        views[i] = view_of(mappings[i], FILE_MAP_WRITE);
        snprintf(one, sizeof one, "%s-event-%d", name, i);
        events[i] = CreateEventA(NULL, TRUE, FALSE, i % 3 ? one : NULL);
        CHECK(views[i] != NULL && events[i] != NULL);
        views[i][8191] = 1;
    }
    for (i = 0; i < MANY; ++i) {
        int k = i * 37 % MANY;

        if (k % 2 == 0)
            CHECK(UnmapViewOfFile(views[k]) && CloseHandle(mappings[k]));
        else
            CHECK(CloseHandle(mappings[k]) && UnmapViewOfFile(views[k]));
        CHECK(CloseHandle(events[k]));
    }
}

/* Views of every kind, some of them written, some protected, some left over after the handle. */
static void views_come_and_go(void)
{
    int i;

    for (i = 0; i < MANY; ++i) {
        HANDLE mapping = new_memory(PAGE_READWRITE, 0x20000, NULL);
        char *writer = view_of(mapping, FILE_MAP_WRITE), *reader = view_of(mapping, FILE_MAP_READ);
        char *copy = view_of(mapping, FILE_MAP_COPY), *sealed = view_of(mapping, 0);
        char *part = (char *)MapViewOfFile(mapping, FILE_MAP_READ, 0, 0x10000, 100);
        DWORD old;

        writer[0] = 1;
        copy[4096] = 2;
        CHECK(reader[0] == 1 && part != NULL);
        CHECK(VirtualProtect(writer + 4096, 4096, PAGE_READONLY, &old));
        CHECK(FlushViewOfFile(writer, 0));
        CHECK(UnmapViewOfFile(writer + 5000) && UnmapViewOfFile(copy + 0x1FFFF));
        CHECK(CloseHandle(mapping));
        CHECK(UnmapViewOfFile(reader) && UnmapViewOfFile(sealed) && UnmapViewOfFile(part));
    }
}

/* Pages are committed in views of reserved memory, and private memory in all its states is released. */
static void pages_come_and_go(void)
{
    int i;

    for (i = 0; i < MANY; ++i) {
        HANDLE mapping = new_memory(PAGE_READWRITE | SEC_RESERVE, 0x20000, NULL);
        char *view = view_of(mapping, FILE_MAP_WRITE), *other = view_of(mapping, FILE_MAP_WRITE);
        char *memory = (char *)VirtualAlloc(NULL, 0x20000, MEM_RESERVE, PAGE_READWRITE);

        CHECK(VirtualAlloc(view + 4096, 8192, MEM_COMMIT, PAGE_READWRITE) == view + 4096);
        view[4096] = 1;
        CHECK(other[4096] == 1);
        CHECK(VirtualAlloc(memory + 0x10000, 4096, MEM_COMMIT, PAGE_READWRITE) == memory + 0x10000);
        memory[0x10000] = 1;
        CHECK(VirtualFree(memory + 0x10000, 4096, MEM_DECOMMIT) && VirtualFree(memory, 0, MEM_RELEASE));
        CHECK(UnmapViewOfFile(view) && UnmapViewOfFile(other) && CloseHandle(mapping));
    }
}

/* Handles are duplicated, moved, weakened and compared. */
static void handles_are_duplicated(void)
{
    HANDLE me = GetCurrentProcess(), mapping = new_memory(PAGE_READWRITE, 4096, NAME("twins")), process, twin, weak, moved;
    int i;

    for (i = 0; i < MANY; ++i) {
        CHECK(DuplicateHandle(me, mapping, me, &twin, 0, FALSE, DUPLICATE_SAME_ACCESS));
        CHECK(DuplicateHandle(me, twin, me, &weak, FILE_MAP_READ, TRUE, 0));
        CHECK(DuplicateHandle(me, twin, me, &moved, 0, FALSE, DUPLICATE_SAME_ACCESS | DUPLICATE_CLOSE_SOURCE));
        CHECK(DuplicateHandle(me, me, me, &process, 0, FALSE, DUPLICATE_SAME_ACCESS));
        CHECK(CompareObjectHandles(weak, moved));
        CHECK(CloseHandle(process) && CloseHandle(weak) && CloseHandle(moved));
        CHECK(DuplicateHandle(me, GetCurrentThread(), me, &twin, 0, FALSE, DUPLICATE_SAME_ACCESS) && CloseHandle(twin));
    }
    CHECK(CloseHandle(mapping));
}

/* Calls that fail keep nothing, however far they got. */
static void failures_keep_nothing(void)
{
    const char *name = NAME("fail"), *event_name = NAME("event"), *absent = NAME("absent");
    HANDLE mapping = new_memory(PAGE_READONLY, 4096, name), event = CreateEventA(NULL, TRUE, FALSE, event_name);
    HANDLE me = GetCurrentProcess(), twin;
    int i;

    for (i = 0; i < MANY; ++i) {
        CHECK(new_memory(PAGE_READWRITE, 0, name) == NULL && new_memory(PAGE_NOACCESS, 4096, NULL) == NULL);
        CHECK(new_memory(PAGE_READWRITE, 4096, event_name) == NULL && CreateEventA(NULL, TRUE, FALSE, name) == NULL);
        CHECK(OpenFileMappingA(FILE_MAP_READ, FALSE, event_name) == NULL && OpenEventA(SYNCHRONIZE, FALSE, name) == NULL);
        CHECK(OpenFileMappingA(FILE_MAP_READ, FALSE, absent) == NULL);
        CHECK(OpenFileMappingA(0, FALSE, name) == NULL && OpenEventA(0, FALSE, event_name) == NULL);
        CHECK(new_memory(PAGE_READWRITE, 4096, "winshm\\no\\where") == NULL);
        CHECK(CreateFileMappingA(MEMORY, NULL, PAGE_READWRITE, 0x80000000u, 0, NULL) == NULL);
        CHECK(CreateFileMappingA(event, NULL, PAGE_READWRITE, 0, 4096, NULL) == NULL);
        CHECK(view_of(mapping, FILE_MAP_WRITE) == NULL && view_of(event, FILE_MAP_READ) == NULL);
        CHECK(MapViewOfFile(mapping, FILE_MAP_READ, 0, 0, 8192) == NULL);
        CHECK(!DuplicateHandle(me, mapping, event, &twin, 0, FALSE, DUPLICATE_SAME_ACCESS));
        CHECK(!CloseHandle(GARBAGE_HANDLE) && !UnmapViewOfFile(&twin));
    }
    CHECK(CloseHandle(mapping) && CloseHandle(event));
}

int main(void)
{
    check_begin();
    use_private_directory();
    told_twice(objects_come_and_go, "objects come and go");
    told_twice(events_come_and_go, "events come and go");
    told_twice(many_objects_live_together, "many objects live together");
    told_twice(views_come_and_go, "views come and go");
    told_twice(pages_come_and_go, "pages come and go");
    told_twice(handles_are_duplicated, "handles are duplicated");
    told_twice(failures_keep_nothing, "failures keep nothing");
    CHECK(remove_object_directory());
    return check_end();
}
