/*
 * test_shared_memory_info.c - what the SharedMemory family tells: about a segment,
 * its mode included, about the limits of the machine, and about errors.
 */
#include "shared_segments.h"

#include <limits.h>
#include <sys/statvfs.h>

#define SIZE 20000 /* no whole number of pages */

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

/* Every number has a text, every code that a function may return one of its own. */
static void every_error_has_a_text(void)
{
    static const int codes[] = {0,   2,   3,   4,   5,   6,   8,   13,  24,   38,   50,   87,   123,
                                161, 170, 183, 206, 258, 998, 1006, 1306, 1359, 1392, 1450, 1455};
    static const int others[] = {-1, 1, 7, 1000, 0x7FFFFFFF, INT_MIN, (int)SENTINEL};
    size_t i, j;

    for (i = 0; i < sizeof codes / sizeof codes[0]; ++i) {
        const char *text = SharedMemoryErrorText(codes[i]);

        if (!CHECK(text != NULL && strlen(text) > 3))
            return;
        for (j = 0; j < i; ++j)
            CHECK(strcmp(text, SharedMemoryErrorText(codes[j])) != 0);
        for (j = 0; j < sizeof others / sizeof others[0]; ++j)
            CHECK(strcmp(text, SharedMemoryErrorText(others[j])) != 0);
    }
    for (i = 0; i < sizeof others / sizeof others[0]; ++i)
        CHECK(SharedMemoryErrorText(others[i]) != NULL && SharedMemoryErrorText(others[i])[0] != 0);
}

int main(void)
{
    check_begin();
    OF_EVERY_KIND(stat_tells_who_made_and_wrote_it);
    OF_EVERY_KIND(structures_may_be_shorter_or_longer);
    OF_EVERY_KIND(modes_are_exact);
    limits_are_the_kernels();
    every_error_has_a_text();
    return check_end();
}
