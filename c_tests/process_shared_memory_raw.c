/*
 * process_shared_memory_raw.c - programs without this library, which use shm_open
 * and mmap or shmget and shmat, and programs with it: each finds what the other
 * made, the same bytes, and nothing added.
 */
#include "shared_segments.h"

#include <errno.h>

#define SIZE 5000 /* no whole number of pages */

/* A program without the library, in a process of its own: finds 'l', leaves 'r', waits, and finds 'm'. */
static int be_raw(const char *name)
{
    RAW raw = raw_map(name, 0, 0);

    if (raw.memory == NULL || raw.size != SIZE || !all_are(raw.memory, SIZE, 'l'))
        return 1;
    memset(raw.memory, 'r', SIZE);
    pass_turn(&parent);
    await_turn(&parent);
    if (!all_are(raw.memory, 10, 'r') || !all_are(raw.memory + 10, 20, 'm') || !all_are(raw.memory + 30, SIZE - 30, 'r'))
        return 2;
    return raw_unmap(name, raw) ? 0 : 3;
}
/* The family creates, a raw program finds exactly that, in the size and mode that were asked for. */
static void raw_programs_find_what_the_family_made(int kind)
{
    const char *name = SEGMENT(kind, "made");
    SharedMemory *memory = NULL;
    RAW_STATUS status;
    PEER child;

    CREATES(SharedMemoryCreate(name, SIZE, &memory));
    CHECK(paint(memory, 0, SIZE, 'l') == 0);
    status = raw_status(name);
    CHECK(status.exists && status.size == SIZE && status.mode == 0600);
    CHECK(kind == POSIX || status.attached == 1);
    child = start_peer("raw", name);
    await_turn(&child);
    CHECK(kind == POSIX || (raw_status(name).attached == 2 && stat_of(memory).attached == 2));
    CHECK(reads(memory, 0, SIZE, 'r') && stat_of(memory).sequence == 1);
    CHECK(paint(memory, 10, 20, 'm') == 0);
    pass_turn(&child);
    CHECK(end_of(&child) == 0);
    CHECK(raw_status(name).size == SIZE && stat_of(memory).size == SIZE);
    CHECK(kind == POSIX || stat_of(memory).last_pid == (uint32_t)child.pid); /* it detached last */
    WORKS(SharedMemoryClose(memory));
    CHECK(raw_status(name).exists && raw_status(name).size == SIZE && raw_status(name).attached == 0);
    CHECK(raw_remove(name));
    FAILS(SharedMemoryOpen(name, &memory), SHARED_MEMORY_NOT_FOUND);
}

/* A raw program makes one: 'r' in all bytes; when its turn comes, 'l' is there, it writes 's' and leaves. */
static int be_maker(const char *name)
{
    RAW raw = raw_map(name, SIZE, 0640);

    if (raw.memory == NULL)
        return 1;
    memset(raw.memory, 'r', SIZE);
    pass_turn(&parent);
    await_turn(&parent);
    if (!all_are(raw.memory, SIZE, 'l'))
        return 2;
    memset(raw.memory, 's', SIZE);
    return raw_unmap(name, raw) ? 0 : 3;
}
/* The family finds what a raw program made, at its size, as its work, and leaves it as it is. */
static void the_family_finds_what_raw_programs_made(int kind)
{
    const char *name = SEGMENT(kind, "found");
    SharedMemory *memory = NULL, *reader = NULL, *none = (SharedMemory *)&memory;
    PEER child = start_peer("maker", name);
    SharedMemoryInfo info;

    await_turn(&child);
    FINDS(SharedMemoryCreate(name, SIZE, &memory));
    info = stat_of(memory);
    CHECK(info.kind == kind && info.size == SIZE && info.created == 0 && info.mode == 0640 && info.sequence == 0);
    CHECK(info.creator_pid == (kind == POSIX ? 0 : (uint32_t)child.pid) && info.owner_uid == geteuid());
    CHECK(reads(memory, 0, SIZE, 'r'));
    WORKS(SharedMemoryOpenReadOnly(name, &reader));
    CHECK(reads(reader, 1, SIZE - 1, 'r'));
    FAILS(SharedMemoryCreate(name, SIZE + 1, &none), SHARED_MEMORY_BAD_LENGTH);
    CHECK(none == (SharedMemory *)&memory);
    FAILS(SharedMemoryWriteAt(memory, SIZE, "x", 1), SHARED_MEMORY_BAD_LENGTH);
    CHECK(refuses(memory, SIZE - 1, 2, SHARED_MEMORY_BAD_LENGTH));
    CHECK(paint(memory, 0, SIZE, 'l') == 0);
    pass_turn(&child);
    CHECK(end_of(&child) == 0);
    CHECK(reads(memory, 0, SIZE, 's') && reads(reader, 0, SIZE, 's') && stat_of(reader).sequence == 1);
    CHECK(raw_status(name).size == SIZE && raw_status(name).mode == 0640);
    WORKS(SharedMemoryClose(reader));
    WORKS(SharedMemoryFree(memory));
    CHECK(!raw_status(name).exists);
}

/* Nothing is added to a POSIX segment: one entry in /dev/shm, of that size, with that one name, however it is used. */
static void nothing_is_added_to_a_posix_segment(void)
{
    const char *name = SEGMENT(POSIX, "added");
    SharedMemory *memory = NULL;
    struct stat file;
    int fd;

    CREATES(SharedMemoryCreate(name, SIZE, &memory));
    CHECK((fd = shm_open(name, O_RDWR, 0)) >= 0 && fstat(fd, &file) == 0);
    CHECK(file.st_size == SIZE && file.st_nlink == 1 && S_ISREG(file.st_mode) && (file.st_mode & 07777) == 0600);
    CHECK(paint(memory, SIZE - 1, 1, 'e') == 0 && reads(memory, 0, SIZE - 1, 0));
    CHECK(SharedMemorySetMode(memory, 0666) == 0);
    CHECK(fstat(fd, &file) == 0 && file.st_size == SIZE && (file.st_mode & 07777) == 0666);
    WORKS(SharedMemoryFree(memory));
    CHECK(fstat(fd, &file) == 0 && file.st_size == SIZE && file.st_nlink == 0);
    close(fd);
}

/* What shmctl tells of a System V segment, and ipcs shows, is the truth, and Stat tells the same. */
static void shmctl_and_stat_agree(void)
{
    const char *name = SEGMENT(SYSTEM_V, "agree");
    SharedMemory *first = NULL, *second = NULL;
    struct shmid_ds kernel;
    SharedMemoryInfo info;
    int id;

    CREATES(SharedMemoryCreateMode(name, SIZE, 0604, &first));
    WORKS(SharedMemoryOpenReadOnly(name, &second));
    CHECK((id = shmget(key_of(name), SIZE, 0)) >= 0);
    CHECK(shmget(key_of(name), SIZE + 1, 0) < 0 && errno == EINVAL);
    CHECK(shmctl(id, IPC_STAT, &kernel) == 0);
    info = stat_of(first);
    CHECK(kernel.shm_segsz == SIZE && (kernel.shm_perm.mode & 07777) == 0604 && kernel.shm_nattch >= 1);
    CHECK(info.size == kernel.shm_segsz && info.mode == kernel.shm_perm.mode && info.attached == kernel.shm_nattch);
    CHECK(info.creator_pid == (uint32_t)kernel.shm_cpid && info.last_pid == (uint32_t)kernel.shm_lpid);
    CHECK(info.owner_uid == kernel.shm_perm.uid && info.owner_gid == kernel.shm_perm.gid);
    CHECK(info.attach_time == kernel.shm_atime && info.detach_time == kernel.shm_dtime && info.change_time == kernel.shm_ctime);
    WORKS(SharedMemoryClose(second));
    CHECK(shmctl(id, IPC_STAT, &kernel) == 0 && kernel.shm_nattch == 1 && stat_of(first).attached == 1);
    /* What others change with IPC_SET, Stat tells as well. */
    kernel.shm_perm.mode = 0640;
    CHECK(shmctl(id, IPC_SET, &kernel) == 0 && stat_of(first).mode == 0640);
    WORKS(SharedMemoryFree(first));
    CHECK(shmctl(id, IPC_STAT, &kernel) != 0);
}

/* A raw program removes the name while the family has it open: the memory works on, the name makes something new. */
static void the_name_may_be_removed_by_others(int kind)
{
    const char *name = SEGMENT(kind, "removed");
    SharedMemory *memory = NULL, *fresh = NULL;
    RAW raw;

    CREATES(SharedMemoryCreate(name, SIZE, &memory));
    CHECK(paint(memory, 0, SIZE, 'o') == 0 && raw_remove(name));
    CHECK(reads(memory, 0, SIZE, 'o') && paint(memory, 0, SIZE, 'p') == 0 && reads(memory, 0, SIZE, 'p'));
    FAILS(SharedMemoryOpen(name, &fresh), SHARED_MEMORY_NOT_FOUND);
    raw = raw_map(name, SIZE * 2, 0600);
    if (CHECK(raw.memory != NULL)) {
        memset(raw.memory, 'q', raw.size);
        FINDS(SharedMemoryCreate(name, SIZE, &fresh));
        CHECK(stat_of(fresh).size == SIZE * 2 && stat_of(fresh).sequence == 0 && reads(fresh, 0, SIZE * 2, 'q'));
        CHECK(paint(fresh, 0, 1, 'r') == 0 && raw.memory[0] == 'r' && reads(memory, 0, SIZE, 'p'));
        WORKS(SharedMemoryClose(fresh));
        CHECK(raw_unmap(name, raw));
    }
    /* To free what has no name any more takes nothing from the one who has the name now. */
    CHECK(SharedMemoryFree(memory) == 0 && raw_status(name).exists);
}

/* A POSIX segment that its maker has not given a size yet has nothing to open, and less than anybody asks for. */
static void a_segment_of_no_size_is_too_small(void)
{
    const char *name = SEGMENT(POSIX, "empty");
    SharedMemory *memory = (SharedMemory *)&name;
    int fd = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0600);

    CHECK(fd >= 0);
    FAILS(SharedMemoryOpen(name, &memory), SHARED_MEMORY_EMPTY);
    FAILS(SharedMemoryOpenReadOnly(name, &memory), SHARED_MEMORY_EMPTY);
    CHECK_ERROR(OpenFileMappingA(FILE_MAP_READ, FALSE, spelled(name)), ERROR_FILE_INVALID);
    CHECK_ERROR(OpenFileMappingA(FILE_MAP_WRITE, FALSE, spelled(name)), ERROR_FILE_INVALID);
    FAILS(SharedMemoryCreate(name, 1, &memory), SHARED_MEMORY_BAD_LENGTH);
    CHECK(memory == (SharedMemory *)&name && raw_status(name).exists && raw_status(name).size == 0);
    CHECK(ftruncate(fd, SIZE) == 0);
    FINDS(SharedMemoryCreate(name, SIZE, &memory));
    CHECK(paint(memory, 0, SIZE, 'e') == 0);
    WORKS(SharedMemoryFree(memory));
    close(fd);
}

/* Access that a raw program forbids is refused, unless root asks. */
static void permissions_of_others_count(int kind)
{
    const char *name = SEGMENT(kind, "forbidden");
    SharedMemory *memory = NULL;
    RAW raw = raw_map(name, SIZE, 0400);
    int allowed = geteuid() == 0;

    CHECK(raw.memory != NULL || !allowed);
    if (raw.memory == NULL && !raw_status(name).exists)
        return;
    if (allowed) {
        WORKS(SharedMemoryOpen(name, &memory));
        WORKS(SharedMemoryClose(memory));
    } else {
        FAILS(SharedMemoryOpen(name, &memory), SHARED_MEMORY_ACCESS_DENIED);
        FAILS(SharedMemoryCreate(name, SIZE, &memory), SHARED_MEMORY_ACCESS_DENIED);
    }
    WORKS(SharedMemoryOpenReadOnly(name, &memory));
    CHECK(reads(memory, 0, SIZE, 0) && stat_of(memory).mode == 0400);
    WORKS(SharedMemoryClose(memory));
    CHECK(raw.memory == NULL || raw_unmap(name, raw));
    CHECK(raw_remove(name));
}

int main(int argc, char **argv)
{
    check_begin();
    if (plays(argc, argv, "raw"))
        return be_raw(argv[3]);
    if (plays(argc, argv, "maker"))
        return be_maker(argv[3]);
    OF_SYSTEM_KINDS(raw_programs_find_what_the_family_made);
    OF_SYSTEM_KINDS(the_family_finds_what_raw_programs_made);
    nothing_is_added_to_a_posix_segment();
    shmctl_and_stat_agree();
    OF_SYSTEM_KINDS(the_name_may_be_removed_by_others);
    a_segment_of_no_size_is_too_small();
    OF_SYSTEM_KINDS(permissions_of_others_count);
    return check_end();
}
