/*
 * room.c - a /dev/shm without room: no bytes, or no more files. Needs root, for a file
 * system of its own; others skip, and say so. See scarcity.h for what must hold.
 */
#include "scarcity.h"

#include <sched.h>
#include <sys/mount.h>

enum { FILES = 300 };
#define FILLER "/dev/shm/filler"

/* Other programs see nothing of it. */
static void mount_own(void)
{
    if (unshare(CLONE_NEWNS) == 0 && mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
        mount("tmpfs", "/dev/shm", "tmpfs", 0, "size=3m,nr_inodes=300,mode=1777") == 0)
        return;
    printf("SKIPPED: cannot mount a tmpfs (needs root)\n");
    exit(77);
}

/* ---- Bytes. ---- */
static void leave_bytes(int left)
{
    int file = open(FILLER, O_RDWR | O_CREAT, 0600);
    off_t size = 0;
    long step;

    for (step = 1 << 20; step >= PAGE; step /= 2)
        while (fallocate(file, 0, size, step) == 0)
            size += step;
    left = left < 9 ? left : 1 << (left - 5);
    size = size > (off_t)left * PAGE ? size - (off_t)left * PAGE : 0;
    CHECK(ftruncate(file, size) == 0 && close(file) == 0);
}
static void restore_bytes(void) { unlink(FILLER); }

/* ---- Files. ---- */
static const char *filler(int number)
{
    static char path[60];

    snprintf(path, sizeof path, "/dev/shm/filler-%d", number);
    return path;
}
static void leave_files(int left)
{
    int file, count = 0;

    while ((file = open(filler(count), O_RDWR | O_CREAT, 0600)) >= 0)
        close(file), ++count;
    while (left-- > 0)
        unlink(filler(--count));
}
static void restore_files(void)
{
    int i;

    for (i = 0; i < FILES; ++i)
        unlink(filler(i));
}

static const RESOURCE resources[] = {
    {"pages of /dev/shm", 13, leave_bytes, restore_bytes, {ERROR_COMMITMENT_LIMIT, ERROR_DISK_FULL}, NULL},
    {"files in /dev/shm", 8, leave_files, restore_files, {ERROR_COMMITMENT_LIMIT, ERROR_DISK_FULL}, NULL},
};

/* All but the one that is larger than this /dev/shm. */
static ACT small_acts[ACTS];
static int choose_small_acts(void)
{
    int i, count = 0;

    for (i = 0; i < ACTS; ++i)
        if (acts[i].act != act_section_large)
            small_acts[count++] = acts[i];
    return count;
}

static int be_cramped(int which, int faulty)
{
    alarm(in_full() ? 600 : 90);
    furnish();
    if (faulty >= 0)
        try_all(&resources[which], &faulty_acts[faulty], 1);
    else
        try_all(&resources[which], small_acts, choose_small_acts());
    clear_out();
    fflush(stdout);
    return check_failures != 0;
}

int main(int argc, char **argv)
{
    static char base[] = "/dev/shm/winshm-room";

    check_begin();
    if (plays(argc, argv, "cramped"))
        return be_cramped(atoi(argv[3]), -1);
    if (plays(argc, argv, "faulty")) {
        be_quiet();
        return be_cramped(0, atoi(argv[3]));
    }
    alarm(1000);
    mount_own();
    CHECK(mkdir(base, 0700) == 0 && setenv("WINSHM_DIR", base, 1) == 0);
    CHECK(mkdir("/dev/shm/files", 0700) == 0 && setenv("WINSHM_FILES", "/dev/shm/files", 1) == 0);
    try_in_a_process(resources, 0, "cramped");
    try_in_a_process(resources, 1, "cramped");
    notices_faulty_acts("faulty");
    return check_end();
}
