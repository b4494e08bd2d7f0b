/*
 * test_shared_memory.c - the SharedMemory family in one process: what is made
 * and opened, written and read, refused, and told about it. Names are in
 * test_shared_memory_names.c, waiting in test_shared_memory_wait.c.
 */
#include "shared_segments.h"

#include <limits.h>
#include <sys/statvfs.h>

#define SIZE 20000 /* no whole number of pages */

static SharedMemory *create(const char *name, size_t size)
{
    SharedMemory *memory = NULL;

    CREATES(SharedMemoryCreate(name, size, &memory));
    CHECK(memory != NULL);
    return memory;
}

/* The story of the documents: create, write, read, free. New memory is zero; after Free the name is unknown. */
static void create_write_read_free(int kind)
{
    const char *name = SEGMENT(kind, "hello");
    SharedMemory *memory = create(name, SIZE), *none = (SharedMemory *)&memory;
    char text[32];

    memset(text, '.', sizeof text);
    CHECK(reads(memory, 0, SIZE, 0));
    WORKS(SharedMemoryWrite(memory, "hello", 6));
    WORKS(SharedMemoryRead(memory, text, 6));
    CHECK(strcmp(text, "hello") == 0 && all_are(text + 6, sizeof text - 6, '.'));
    CHECK(reads(memory, 6, SIZE - 6, 0));
    WORKS(SharedMemoryFree(memory));
    FAILS(SharedMemoryOpen(name, &none), SHARED_MEMORY_NOT_FOUND);
    FAILS(SharedMemoryOpenReadOnly(name, &none), SHARED_MEMORY_NOT_FOUND);
    CHECK(none == (SharedMemory *)&memory);
    CHECK(!raw_status(name).exists);
    memory = create(name, SIZE);
    CHECK(reads(memory, 0, SIZE, 0));
    WORKS(SharedMemoryFree(memory));
}

/* Bytes of every value, at odd places and in odd numbers: the segment and the buffer have them there and only there. */
static void bytes_arrive_as_they_are(int kind)
{
    static const size_t sizes[] = {1,   2,   3,   7,   8,   9,   15,  16,   17,   31,   33,   63,  64,
                                   65,  100, 127, 128, 129, 255, 256, 257,  1000, 4095, 4096, 4097, 15000};
    static const size_t offsets[] = {0, 1, 7, 8, 63, 4090};
    static unsigned char expected[SIZE], all[SIZE], part[SIZE + 2];
    SharedMemory *memory = create(SEGMENT(kind, "bytes"), SIZE);
    unsigned right = 0, i, j, seed = 1;
    size_t k;

    memset(expected, 0, sizeof expected);
    for (i = 0; i < sizeof sizes / sizeof sizes[0]; ++i)
        for (j = 0; j < sizeof offsets / sizeof offsets[0]; ++j) {
            size_t size = sizes[i], offset = offsets[j];

            for (k = 0; k < size; ++k)
                part[k] = expected[offset + k] = (unsigned char)((seed = seed * 1103515245u + 12345u) >> 16);
            right += SharedMemoryWriteAt(memory, offset, part, size) == 0;
            memset(all, 0xEE, sizeof all);
            right += SharedMemoryRead(memory, all, SIZE) == 0 && memcmp(all, expected, SIZE) == 0;
            memset(part, 0xEE, sizeof part);
            right += SharedMemoryReadAt(memory, offset, part + 1, size) == 0 && part[0] == 0xEE && part[size + 1] == 0xEE &&
                     memcmp(part + 1, expected + offset, size) == 0;
        }
    CHECK(right == 3 * i * j);
    WORKS(SharedMemoryFree(memory));
}

/* Megabytes arrive like bytes. */
static void large_ones_arrive_whole(int kind)
{
    enum { LARGE = 20 * 1024 * 1024 + 5 };
    SharedMemory *memory = create(SEGMENT(kind, "large"), LARGE);
    unsigned char *source = (unsigned char *)malloc(LARGE + 2), *target = (unsigned char *)calloc(LARGE + 2, 1);
    unsigned i;

    for (i = 0; i < LARGE + 2; ++i)
        source[i] = (unsigned char)(i * 7 + i / 251 + i / 65521);
    WORKS(SharedMemoryWrite(memory, source + 1, LARGE));
    WORKS(SharedMemoryRead(memory, target + 1, LARGE));
    CHECK(memcmp(source + 1, target + 1, LARGE) == 0 && target[0] == 0 && target[LARGE + 1] == 0);
    free(source), free(target);
    WORKS(SharedMemoryFree(memory));
}

/* What would reach beyond the end is refused whole, also where the sum overflows: nothing is copied, nothing counted. */
static void lengths_end_at_the_segment(int kind)
{
    static const size_t beyond[][2] = {{0, SIZE + 1},        {1, SIZE},           {SIZE, 1},
                                       {SIZE - 1, 2},        {SIZE + 1, 1},       {(size_t)-1, 1},
                                       {(size_t)-1, 2},      {(size_t)-8, 8},     {(size_t)-8, 16},
                                       {(size_t)1 << 63, 1}, {SIZE * 1000ul, SIZE}};
    static char buffer[SIZE + 1];
    SharedMemory *memory = create(SEGMENT(kind, "lengths"), SIZE);
    size_t i;

    CHECK(paint(memory, 0, SIZE, 'a') == 0);
    for (i = 0; i < sizeof beyond / sizeof beyond[0]; ++i) {
        FAILS(SharedMemoryWriteAt(memory, beyond[i][0], buffer, beyond[i][1]), SHARED_MEMORY_BAD_LENGTH);
        CHECK(refuses(memory, beyond[i][0], beyond[i][1], SHARED_MEMORY_BAD_LENGTH));
    }
    FAILS(SharedMemoryWrite(memory, buffer, (size_t)-1), SHARED_MEMORY_BAD_LENGTH);
    FAILS(SharedMemoryRead(memory, buffer, (size_t)-1), SHARED_MEMORY_BAD_LENGTH);
    CHECK(reads(memory, 0, SIZE, 'a') && reads(memory, SIZE - 1, 1, 'a'));
    CHECK(stat_of(memory).sequence == 1);
    WORKS(SharedMemoryFree(memory));
}

/* A second Create opens what is there, as it is; to ask for less is no mistake, to ask for more is. */
static void create_on_an_existing_name_opens(int kind)
{
    const char *name = SEGMENT(kind, "existing");
    SharedMemory *first = create(name, SIZE), *second = NULL, *none = (SharedMemory *)&first;

    CHECK(paint(first, 0, SIZE, 'x') == 0);
    FINDS(SharedMemoryCreate(name, SIZE, &second));
    CHECK(second != first && stat_of(first).created == 1 && stat_of(second).created == 0);
    CHECK(reads(second, 0, SIZE, 'x') && paint(second, 5, 1, 'y') == 0 && reads(first, 5, 1, 'y'));
    WORKS(SharedMemoryClose(second));
    FINDS(SharedMemoryCreateMode(name, 1, 0666, &second));
    CHECK(stat_of(second).size == SIZE && stat_of(second).mode == 0600 && reads(second, 0, 5, 'x'));
    WORKS(SharedMemoryClose(second));
    FAILS(SharedMemoryCreate(name, SIZE + 1, &none), SHARED_MEMORY_BAD_LENGTH);
    FAILS(SharedMemoryCreate(name, SIZE * 100, &none), SHARED_MEMORY_BAD_LENGTH);
    CHECK(none == (SharedMemory *)&first);
    WORKS(SharedMemoryOpen(name, &second));
    CHECK(stat_of(second).created == 0 && stat_of(second).size == SIZE && reads(second, 6, SIZE - 6, 'x'));
    WORKS(SharedMemoryClose(first));
    CHECK(paint(second, 0, SIZE, 'z') == 0 && reads(second, 0, SIZE, 'z'));
    WORKS(SharedMemoryFree(second));
}

/* Close is not Free: POSIX and System V segments stay until they are freed, winshm's vanish with the last who has them. */
static void close_keeps_what_free_destroys(int kind)
{
    const char *name = SEGMENT(kind, "close");
    SharedMemory *memory = create(name, SIZE), *again = NULL;

    CHECK(paint(memory, 0, SIZE, 'k') == 0);
    WORKS(SharedMemoryClose(memory));
    if (kind == WINSHM) {
        FAILS(SharedMemoryOpen(name, &again), SHARED_MEMORY_NOT_FOUND);
        return;
    }
    CHECK(raw_status(name).exists && raw_status(name).attached == 0);
    WORKS(SharedMemoryOpen(name, &again));
    CHECK(reads(again, 0, SIZE, 'k'));
    WORKS(SharedMemoryFree(again));
    CHECK(!raw_status(name).exists);
}

/* Who opened it for reading reads, and writes in no way. */
static void put(void *address) { *(volatile char *)address = 1; }
static void read_only_is_read_only(int kind)
{
    const char *name = SEGMENT(kind, "readonly");
    SharedMemory *writer = create(name, SIZE), *reader = NULL;
    char *data;

    CHECK(paint(writer, 0, SIZE, 'r') == 0);
    WORKS(SharedMemoryOpenReadOnly(name, &reader));
    CHECK(stat_of(reader).read_only == 1 && stat_of(writer).read_only == 0);
    CHECK(reads(reader, 0, SIZE, 'r'));
    FAILS(SharedMemoryWrite(reader, "x", 1), SHARED_MEMORY_ACCESS_DENIED);
    FAILS(SharedMemoryWriteAt(reader, SIZE - 1, "x", 1), SHARED_MEMORY_ACCESS_DENIED);
    data = (char *)SharedMemoryData(reader, NULL);
    if (CHECK(data != NULL))
        CHECK(data[SIZE - 1] == 'r' && crashes(put, data));
    CHECK(paint(writer, 0, SIZE, 's') == 0 && reads(reader, 0, SIZE, 's'));
    CHECK(stat_of(reader).sequence == 2);
    WORKS(SharedMemoryClose(reader));
    WORKS(SharedMemoryFree(writer));
}

/* The memory itself: one address as long as it is open, where every write is to be seen. */
static void the_data_are_the_segment(int kind)
{
    SharedMemory *memory = create(SEGMENT(kind, "data"), SIZE);
    size_t size = 77;
    char *data;

    SetLastError(SENTINEL);
    data = (char *)SharedMemoryData(memory, &size);
    if (!CHECK(data != NULL && GetLastError() == SENTINEL && size == SIZE))
        return;
    CHECK(paint(memory, 3, 1, 'd') == 0 && data[3] == 'd' && data[2] == 0);
    data[SIZE - 1] = 'e';
    CHECK(reads(memory, SIZE - 1, 1, 'e') && SharedMemoryData(memory, NULL) == data);
    WORKS(SharedMemoryFree(memory));
    size = 77;
    CHECK_ERROR(SharedMemoryData(memory, &size), ERROR_INVALID_HANDLE);
    CHECK(size == 77);
}

/* NULL and zero where something is needed. */
static void missing_arguments_are_refused(int kind)
{
    const char *name = SEGMENT(kind, "missing");
    SharedMemory *memory = create(name, SIZE), *none = (SharedMemory *)&memory;
    char byte = 'b';

    FAILS(SharedMemoryCreate(NULL, SIZE, &none), SHARED_MEMORY_INVALID_PARAMETER);
    FAILS(SharedMemoryCreateMode(NULL, SIZE, 0600, &none), SHARED_MEMORY_INVALID_PARAMETER);
    FAILS(SharedMemoryOpen(NULL, &none), SHARED_MEMORY_INVALID_PARAMETER);
    FAILS(SharedMemoryOpenReadOnly(NULL, &none), SHARED_MEMORY_INVALID_PARAMETER);
    FAILS(SharedMemoryCreate(name, 0, &none), SHARED_MEMORY_INVALID_PARAMETER);
    FAILS(SharedMemoryCreate(SEGMENT(kind, "zero"), 0, &none), SHARED_MEMORY_INVALID_PARAMETER);
    CHECK(!raw_status(segment_names[segment_count - 1]).exists);
    FAILS(SharedMemoryCreate(name, SIZE, NULL), SHARED_MEMORY_INVALID_PARAMETER);
    FAILS(SharedMemoryOpen(name, NULL), SHARED_MEMORY_INVALID_PARAMETER);
    FAILS(SharedMemoryOpenReadOnly(name, NULL), SHARED_MEMORY_INVALID_PARAMETER);
    FAILS(SharedMemoryWrite(memory, NULL, 1), SHARED_MEMORY_INVALID_PARAMETER);
    FAILS(SharedMemoryWrite(memory, &byte, 0), SHARED_MEMORY_INVALID_PARAMETER);
    FAILS(SharedMemoryWriteAt(memory, 1, NULL, 1), SHARED_MEMORY_INVALID_PARAMETER);
    FAILS(SharedMemoryWriteAt(memory, 1, &byte, 0), SHARED_MEMORY_INVALID_PARAMETER);
    FAILS(SharedMemoryRead(memory, NULL, 1), SHARED_MEMORY_INVALID_PARAMETER);
    FAILS(SharedMemoryRead(memory, &byte, 0), SHARED_MEMORY_INVALID_PARAMETER);
    FAILS(SharedMemoryReadAt(memory, 1, NULL, 1), SHARED_MEMORY_INVALID_PARAMETER);
    FAILS(SharedMemoryReadAt(memory, 1, &byte, 0), SHARED_MEMORY_INVALID_PARAMETER);
    FAILS(SharedMemoryStat(memory, NULL), SHARED_MEMORY_INVALID_PARAMETER);
    CHECK(byte == 'b' && none == (SharedMemory *)&memory && stat_of(memory).sequence == 0);
    WORKS(SharedMemoryFree(memory));
}

/* Every function, with something that is no open object. */
static void refused_as_stale(SharedMemory *stale)
{
    SharedMemoryInfo info, before;
    uint64_t sequence = 0;
    size_t size = 77;
    char byte = 'b';
    int failures = check_failures;

    memset(&info, 0x33, sizeof info);
    info.struct_size = sizeof info;
    before = info;
    FAILS(SharedMemoryWrite(stale, &byte, 1), SHARED_MEMORY_STALE);
    FAILS(SharedMemoryRead(stale, &byte, 1), SHARED_MEMORY_STALE);
    FAILS(SharedMemoryWriteAt(stale, 1, &byte, 1), SHARED_MEMORY_STALE);
    FAILS(SharedMemoryReadAt(stale, 1, &byte, 1), SHARED_MEMORY_STALE);
    FAILS(SharedMemoryWait(stale, &sequence, 0), SHARED_MEMORY_STALE);
    FAILS(SharedMemoryWait(stale, &sequence, SHARED_MEMORY_FOREVER), SHARED_MEMORY_STALE);
    FAILS(SharedMemoryStat(stale, &info), SHARED_MEMORY_STALE);
    FAILS(SharedMemorySetMode(stale, 0600), SHARED_MEMORY_STALE);
    CHECK_ERROR(SharedMemoryData(stale, &size), ERROR_INVALID_HANDLE);
    FAILS(SharedMemoryClose(stale), SHARED_MEMORY_STALE);
    FAILS(SharedMemoryFree(stale), SHARED_MEMORY_STALE);
    CHECK(byte == 'b' && sequence == 0 && size == 77 && memcmp(&info, &before, sizeof info) == 0);
    if (check_failures != failures)
        fprintf(stderr, "... with the object %p\n", (void *)stale);
}

/* Pointers that never were one, objects that are closed, and objects of another kind; a living one takes no notice. */
static void what_is_no_object_is_an_error(int kind)
{
    const char *name = SEGMENT(kind, "stale");
    SharedMemory *first = create(name, SIZE), *second = NULL, *living = NULL;
    HANDLE event = CreateEventA(NULL, TRUE, FALSE, NULL), mapping = new_memory(PAGE_READWRITE, 4096, NULL);
    char local[64] = "garbage", *heap = (char *)calloc(1, 4096);

    FINDS(SharedMemoryCreate(name, SIZE, &second));
    WORKS(SharedMemoryClose(second));
    refused_as_stale(second);
    WORKS(SharedMemoryOpen(name, &living));
    CHECK(living != second);
    refused_as_stale(second);
    WORKS(SharedMemoryFree(first));
    refused_as_stale(first);
    refused_as_stale(NULL);
    refused_as_stale((SharedMemory *)(uintptr_t)1);
    refused_as_stale((SharedMemory *)(uintptr_t)0x1000);
    refused_as_stale((SharedMemory *)GARBAGE_HANDLE);
    refused_as_stale((SharedMemory *)(uintptr_t)0xFFFF800000000000ull);
    refused_as_stale((SharedMemory *)(uintptr_t)0x123456789ABCDEF0ull);
    refused_as_stale((SharedMemory *)(intptr_t)-1);
    refused_as_stale((SharedMemory *)(intptr_t)-2);
    refused_as_stale((SharedMemory *)local);
    refused_as_stale((SharedMemory *)heap);
    refused_as_stale((SharedMemory *)((uintptr_t)living + 4)); /* the two lowest bits do not count, as in a HANDLE */
    refused_as_stale((SharedMemory *)SharedMemoryData(living, NULL));
    refused_as_stale((SharedMemory *)event);
    refused_as_stale((SharedMemory *)mapping);
    CHECK(CloseHandle(event) && CloseHandle(mapping));
    refused_as_stale((SharedMemory *)mapping);
    CHECK(strcmp(local, "garbage") == 0 && all_are(heap, 4096, 0));
    CHECK(paint(living, 0, SIZE, 'l') == 0 && reads(living, 0, SIZE, 'l'));
    WORKS(SharedMemoryClose(living));
    free(heap);
}

/* What is told about a segment that this process has made and written. */
static void stat_tells_who_made_and_wrote_it(int kind)
{
    const char *name = SEGMENT(kind, "stat");
    int64_t before = time(NULL) - 1;
    SharedMemory *memory = create(name, SIZE);
    SharedMemoryInfo info = stat_of(memory);

    CHECK(info.struct_size == sizeof info && info.kind == kind && info.size == SIZE && info.sequence == 0);
    CHECK(info.attached == 1 && info.created == 1 && info.read_only == 0);
    CHECK(info.creator_pid == (uint32_t)getpid());
    CHECK(info.owner_uid == geteuid() && info.owner_gid == getegid() && info.mode == 0600);
    CHECK(info.create_time == 0 || (info.create_time >= before && info.create_time <= time(NULL) + 1));
    CHECK(info.change_time >= before && info.change_time <= time(NULL) + 1);
    if (kind == SYSTEM_V)
        CHECK(info.attach_time >= before && info.attach_time <= time(NULL) + 1);
    else
        CHECK(info.attach_time == 0 && info.detach_time == 0);
    CHECK(paint(memory, 0, 1, 'w') == 0 && paint(memory, 1, SIZE - 1, 'w') == 0 && reads(memory, 0, SIZE, 'w'));
    info = stat_of(memory);
    CHECK(info.sequence == 2 && info.last_pid == (uint32_t)getpid());
    WORKS(SharedMemoryFree(memory));
}

/* Structures grow: who knows only the beginning gets that, who knows more is told how much there is. */
static void structures_may_be_shorter_or_longer(int kind)
{
    SharedMemory *memory = create(SEGMENT(kind, "struct"), SIZE);
    struct {
        SharedMemoryInfo info;
        char more[16];
    } room;
    SharedMemorySystem limits;
    uint32_t size;

    for (size = 0; size < 8; ++size) {
        memset(&room, 0x33, sizeof room);
        room.info.struct_size = limits.struct_size = size;
        FAILS(SharedMemoryStat(memory, &room.info), SHARED_MEMORY_INVALID_PARAMETER);
        FAILS(SharedMemoryLimits(&limits), SHARED_MEMORY_INVALID_PARAMETER);
        CHECK(room.info.struct_size == size && all_are(&room.info.kind, sizeof room - 4, 0x33));
    }
    memset(&room, 0x33, sizeof room);
    room.info.struct_size = 24;
    WORKS(SharedMemoryStat(memory, &room.info));
    CHECK(room.info.struct_size == 24 && room.info.kind == kind && room.info.size == SIZE && room.info.sequence == 0);
    CHECK(all_are(&room.info.attached, sizeof room - 24, 0x33));
    memset(&room, 0x33, sizeof room);
    room.info.struct_size = sizeof room;
    WORKS(SharedMemoryStat(memory, &room.info));
    CHECK(room.info.struct_size == sizeof room.info && room.info.size == SIZE && all_are(room.more, 16, 0x33));
    WORKS(SharedMemoryFree(memory));
}

/* The mode is the one asked for, whatever the umask says; 0600 where none is. Only permission bits are a mode. */
static void modes_are_exact(int kind)
{
    static const unsigned wrong[] = {01000, 01777, 02666, 04755, 010600, 0100600, 0x80000000u, 0xFFFFFFFFu};
    const char *name = SEGMENT(kind, "mode"), *open = SEGMENT(kind, "open");
    mode_t mask = umask(077);
    SharedMemory *memory = NULL, *none = (SharedMemory *)&memory;
    size_t i;

    CREATES(SharedMemoryCreateMode(open, SIZE, 0666, &memory));
    CHECK(stat_of(memory).mode == 0666 && (kind == WINSHM || raw_status(open).mode == 0666));
    WORKS(SharedMemoryFree(memory));
    umask(0);
    memory = create(name, SIZE);
    umask(mask);
    CHECK(stat_of(memory).mode == 0600 && (kind == WINSHM || raw_status(name).mode == 0600));
    WORKS(SharedMemorySetMode(memory, 0640));
    CHECK(stat_of(memory).mode == 0640 && (kind == WINSHM || raw_status(name).mode == 0640));
    for (i = 0; i < sizeof wrong / sizeof wrong[0]; ++i) {
        FAILS(SharedMemorySetMode(memory, wrong[i]), SHARED_MEMORY_INVALID_PARAMETER);
        FAILS(SharedMemoryCreateMode(open, SIZE, wrong[i], &none), SHARED_MEMORY_INVALID_PARAMETER);
    }
    CHECK(stat_of(memory).mode == 0640 && none == (SharedMemory *)&memory);
    FAILS(SharedMemoryOpen(open, &none), SHARED_MEMORY_NOT_FOUND);
    CHECK(paint(memory, 0, SIZE, 'm') == 0 && reads(memory, 0, SIZE, 'm'));
    WORKS(SharedMemoryFree(memory));
}

/* The limits of the machine, as the kernel tells them. Other processes use it too: what they change can only be bounded. */
static void limits_are_the_kernels(void)
{
    const char *name = SEGMENT(SYSTEM_V, "limits");
    SharedMemory *memory = create(name, SIZE);
    SharedMemorySystem limits;
    struct shminfo kernel;
    struct statvfs files;

    CHECK(paint(memory, 0, SIZE, 'x') == 0);
    memset(&limits, 0x33, sizeof limits);
    limits.struct_size = sizeof limits;
    WORKS(SharedMemoryLimits(&limits));
    CHECK(shmctl(0, IPC_INFO, (struct shmid_ds *)(void *)&kernel) >= 0 && statvfs("/dev/shm", &files) == 0);
    CHECK(limits.struct_size == sizeof limits && limits.page_size == (uint32_t)sysconf(_SC_PAGESIZE));
    CHECK(limits.largest_segment == kernel.shmmax && limits.most_segments == kernel.shmmni && limits.most_pages == kernel.shmall);
    CHECK(limits.segments >= 1 && limits.segments <= limits.most_segments);
    CHECK(limits.pages >= (SIZE + 4095) / 4096 && limits.pages <= limits.most_pages);
    CHECK(limits.resident_pages + limits.swapped_pages >= (SIZE + 4095) / 4096);
    CHECK(limits.resident_pages + limits.swapped_pages <= limits.pages);
    CHECK(limits.posix_size == (uint64_t)files.f_blocks * files.f_frsize && limits.posix_free <= limits.posix_size);
    CHECK(limits.posix_size == 0 || limits.posix_free > 0);
    FAILS(SharedMemoryLimits(NULL), SHARED_MEMORY_INVALID_PARAMETER);
    WORKS(SharedMemoryFree(memory));
}

/* Every number has a text, every code of the header one of its own. */
static void every_error_has_a_text(void)
{
    static const int codes[] = {0,  2,  3,   4,   5,   6,   8,   13,  24,
                                38, 87, 123, 170, 183, 206, 258, 1455};
    static const int others[] = {-1, 1, 7, 1000, 0x7FFFFFFF, INT_MIN, (int)SENTINEL};
    size_t i, j;

    for (i = 0; i < sizeof codes / sizeof codes[0]; ++i) {
        const char *text = SharedMemoryErrorText(codes[i]);

        if (!CHECK(text != NULL && strlen(text) > 3))
            return;
        for (j = 0; j < i; ++j)
            CHECK(strcmp(text, SharedMemoryErrorText(codes[j])) != 0);
    }
    for (i = 0; i < sizeof others / sizeof others[0]; ++i)
        CHECK(SharedMemoryErrorText(others[i]) != NULL && SharedMemoryErrorText(others[i])[0] != 0);
}

int main(void)
{
    check_begin();
    OF_EVERY_KIND(create_write_read_free);
    OF_EVERY_KIND(bytes_arrive_as_they_are);
    OF_EVERY_KIND(large_ones_arrive_whole);
    OF_EVERY_KIND(lengths_end_at_the_segment);
    OF_EVERY_KIND(create_on_an_existing_name_opens);
    OF_EVERY_KIND(close_keeps_what_free_destroys);
    OF_EVERY_KIND(read_only_is_read_only);
    OF_EVERY_KIND(the_data_are_the_segment);
    OF_EVERY_KIND(missing_arguments_are_refused);
    OF_EVERY_KIND(what_is_no_object_is_an_error);
    OF_EVERY_KIND(stat_tells_who_made_and_wrote_it);
    OF_EVERY_KIND(structures_may_be_shorter_or_longer);
    OF_EVERY_KIND(modes_are_exact);
    limits_are_the_kernels();
    every_error_has_a_text();
    return check_end();
}
