/*
 * process_shared_memory_full.c - a segment with holes in a file system without room: a
 * read that has no memory for them fails, and leaves the buffer alone. Needs root, for
 * a /dev/shm of its own; others skip, and say so.
 */
#include "shared_segments.h"

#include <sched.h>
#include <sys/mount.h>

#define MIB 0x100000u

/* Other programs see nothing of it. */
static void mount_own(void)
{
    if (unshare(CLONE_NEWNS) == 0 && mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
        mount("tmpfs", "/dev/shm", "tmpfs", 0, "size=8m,mode=1777") == 0)
        return;
    printf("SKIPPED: cannot mount a tmpfs (needs root)\n");
    exit(77);
}
static void fill_up(const char *path)
{
    static char some[4096];
    int fd = open(path, O_WRONLY | O_CREAT, 0600);

    while (write(fd, some, sizeof some) > 0)
        ;
    CHECK(fd >= 0 && close(fd) == 0);
}

int main(void)
{
    static const size_t sizes[] = {100, 4096, 4097, 100000, MIB, 2 * MIB, 3 * MIB};
    SharedMemory *memory = NULL;
    const char *name;
    size_t i;
    int fd;

    check_begin();
    mount_own();
    use_private_directory();
    name = SEGMENT(POSIX, "holes");
    fd = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0600);
    CHECK(fd >= 0 && ftruncate(fd, 4 * MIB) == 0 && pwrite(fd, "begin", 5, 0) == 5 && pwrite(fd, "end", 3, 4 * MIB - 3) == 3);
    WORKS(SharedMemoryOpen(name, &memory));
    fill_up("/dev/shm/filler");
    for (i = 0; i < sizeof sizes / sizeof sizes[0]; ++i) {
        CHECK(refuses(memory, 5000, sizes[i], ERROR_COMMITMENT_LIMIT));
        if (sizes[i] > 4096)
            CHECK(refuses(memory, 0, sizes[i], ERROR_COMMITMENT_LIMIT));
    }
    CHECK(unlink("/dev/shm/filler") == 0);
    CHECK(reads(memory, 5, 4 * MIB - 8, 0) && paint(memory, 0, 4 * MIB, 'p') == 0 && reads(memory, 0, 4 * MIB, 'p'));
    CHECK(close(fd) == 0);
    WORKS(SharedMemoryFree(memory));
    return check_end();
}
