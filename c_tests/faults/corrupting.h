/*
 * corrupting.h - two processes and a file between them that is corrupted, many thousand times. The HOLDER makes an
 * object, and has it open; the OPENER, who has never seen it, corrupts its file, and both call everything that the
 * object is good for. A third process only watches: whoever dies or hangs is reported with the number of the case,
 * and two new ones go on with the next case.
 */
#ifndef CORRUPTING_H
#define CORRUPTING_H

#include "check.h"
#include "effort.h"

#include <SharedMemory.h>

#include <fcntl.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>

enum { PATH = 4400, PATIENCE_S = 60, FRESH_PAIR = 77 };

/* What all three can see. */
typedef struct BOARD {
    volatile long number; /* of the case */
    volatile long done, failures, dead, hung;
    char path[PATH]; /* of the file that is corrupted */
    char label[160]; /* what is done to it */
    volatile pid_t holder;
} BOARD;
static BOARD *board;

/* ---- Every call ends soon, with an error that is documented. ---- */
static struct timespec call_began;

static void failed(const char *what)
{
    fprintf(stderr, "case %ld, %s (%s): %s, last error %lu\n", board->number, board->label, board->path, what,
            (unsigned long)GetLastError());
    __sync_fetch_and_add(&board->failures, 1);
}
static int is_documented(DWORD error)
{
    static const DWORD all[] = {0,    2,    3,    5,    6,    8,    13,   22,   24,   38,   50,  80,  87,
                                112,  120,  122,  123,  127,  170,  183,  258,  288,  298,  487, 995, 998,
                                1006, 1131, 1224, 1306, 1314, 1338, 1392, 1450, 1455};
    size_t i;

    for (i = 0; i < sizeof all / sizeof *all; ++i)
        if (all[i] == error)
            return 1;
    return 0;
}
static void begin_call(void)
{
    SetLastError(SENTINEL);
    clock_gettime(CLOCK_MONOTONIC, &call_began);
}
/* Two seconds are what the library may take; the rest is for a busy machine. */
static void end_call(int succeeded, const char *call)
{
    enum { LONGEST_S = 12 };
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    if (now.tv_sec - call_began.tv_sec > LONGEST_S)
        failed(call), fprintf(stderr, "  ... took %ld s\n", (long)(now.tv_sec - call_began.tv_sec));
    if (!succeeded && !is_documented(GetLastError()))
        failed(call);
}
#define TRY(call) (begin_call(), end_call((call) != 0, #call))
#define TRY_WAIT(call) (begin_call(), end_call((call) != WAIT_FAILED, #call))
#define TRY_SHARED(call) (begin_call(), SetLastError((DWORD)(call)), end_call(0, #call))

/* ---- Files. ---- */
static int write_file(const char *path, const void *bytes, size_t length, off_t offset)
{
    int file = open(path, O_RDWR);
    int fine = file >= 0 && pwrite(file, bytes, length, offset) == (ssize_t)length;

    if (file >= 0)
        close(file);
    return fine;
}
static off_t size_of_file(const char *path)
{
    struct stat status;

    return stat(path, &status) == 0 ? status.st_size : -1;
}
/* The first file of the objects' directory whose name begins so. */
static int find_file(const char *directory, const char *prefix)
{
    DIR *listing = opendir(directory);
    struct dirent *entry;
    int found = 0;

    while (listing != NULL && (entry = readdir(listing)) != NULL)
        if (strncmp(entry->d_name, prefix, strlen(prefix)) == 0)
            found = 1, snprintf(board->path, PATH, "%s/%s", directory, entry->d_name);
    if (listing != NULL)
        closedir(listing);
    return found;
}

/* ---- What is done to a file: `number` 0 and up; 0 after the last. `begin`: where the bookkeeping begins. ---- */
static const uint64_t extremes[] = {0,           1,           ~0ULL,           1ULL << 63,      1ULL << 47, 1ULL << 31,
                                    0x7FFFFFFFu, 0xFFFFFFFFu, (1ULL << 30) | 1, 4096,            4097,       0x7FFFFFFFFFFFFFFFULL,
                                    1ULL << 62,  2,           0xFFFFFFFFFFFFF000ULL, 0x7EADDEADDEADDEAEULL};
enum { EXTREMES = sizeof extremes / sizeof *extremes, RANDOMS = 600, FOREIGN = 8, SIZES = 8 };

/* Whether a file of this size would end with a page that nobody has written. */
static int looks_unfinished(const char *path, off_t size)
{
    uint64_t magic = 1;
    int file = open(path, O_RDONLY);
    ssize_t got = size < 4096 ? 0 : pread(file, &magic, sizeof magic, size - 4096);

    close(file);
    return got == sizeof magic && magic == 0;
}
static int corrupt(long number, off_t begin, RANDOM *random)
{
    static const unsigned char flips[] = {0xFF, 0x01, 0x80};
    static const long long sizes[] = {1, 511, 4095, 4096, 8192, 1 << 20, 1LL << 32, 1LL << 46};
    const char *path = board->path;
    const off_t size = size_of_file(path), length = size - begin;
    unsigned char page[4096];
    off_t place;
    int file;

    if (size < 0) {
        failed("there is no such file");
        return 0;
    }
    if (number < 3 * length) {
        place = begin + number / 3;
        snprintf(board->label, sizeof board->label, "byte %ld xor %#x", (long)place, flips[number % 3]);
        if ((file = open(path, O_RDWR)) < 0 || pread(file, page, 1, place) != 1)
            return close(file), 1;
        page[0] ^= flips[number % 3];
        if (pwrite(file, page, 1, place) != 1)
            failed("pwrite");
        close(file);
        return 1;
    }
    number -= 3 * length;
    if (number < length / 8 * EXTREMES) {
        place = begin + number / EXTREMES * 8;
        snprintf(board->label, sizeof board->label, "word at %ld = %#llx", (long)place,
                 (unsigned long long)extremes[number % EXTREMES]);
        write_file(path, &extremes[number % EXTREMES], 8, place);
        return 1;
    }
    number -= length / 8 * EXTREMES;
    if (number <= length + (begin > 0)) {
        place = number > length ? 0 : begin + number;
        snprintf(board->label, sizeof board->label, "cut to %ld", (long)place);
        if (place % 1024 != 0 && looks_unfinished(path, place))
            return 1; /* others wait two seconds for its maker: not for each of these */
        if (truncate(path, place) != 0 && errno != EINVAL && errno != EPERM)
            failed("truncate");
        return 1;
    }
    number -= length + (begin > 0) + 1;
    if (number < SIZES) {
        snprintf(board->label, sizeof board->label, "longer by %lld", sizes[number]);
        if (truncate(path, size + sizes[number]) != 0)
            errno = 0; /* some file systems have no such sizes */
        return 1;
    }
    number -= SIZES;
    if (number < FOREIGN) {
        snprintf(board->label, sizeof board->label, "foreign file %ld", number);
        memset(page, number % 2 ? 'a' : 0, sizeof page);
        memcpy(page, number < 4 ? "\177ELF\2\1\1" : "#!/bin/sh\n", 8);
        if (number % 4 >= 2 && truncate(path, 4096 * (1 + number / 2)) != 0)
            errno = 0;
        write_file(path, page, sizeof page, number % 4 >= 2 ? 0 : (begin > 0 ? begin : 0));
        return 1;
    }
    number -= FOREIGN;
    if (number < RANDOMS) {
        size_t count = number % 3 == 0 ? sizeof page : number % 3 == 1 ? 128 : 1 + draw_below(random, 16), i;

        place = begin + (number % 3 == 0 ? 0 : draw_below(random, (unsigned)(length / 8)) * 8);
        snprintf(board->label, sizeof board->label, "%zu random bytes at %ld", count, (long)place);
        for (i = 0; i < count; ++i)
            page[i] = (unsigned char)draw(random);
        if (place + (off_t)count > size)
            count = (size_t)(size - place);
        write_file(path, page, count, place);
        return 1;
    }
    return 0;
}

/* ---- The watcher. ---- */

/* Ends the pair that hangs or died. */
static void end_pair(pid_t opener)
{
    if (board->holder > 0)
        kill(board->holder, SIGKILL);
    kill(opener, SIGKILL);
}
/* Runs `body(first)` in a child until it has done the last case; each time that it dies or hangs, from the next case on. */
static void watch_cases(void (*body)(long first))
{
    board->number = 0;
    for (;;) {
        long seen = -1;
        int status = 0, waited = 0;
        pid_t opener;

        fflush(NULL);
        if ((opener = fork()) == 0) {
            alarm(0);
            body(board->number);
            exit(0);
        }
        while (waitpid(opener, &status, WNOHANG) == 0) {
            waited = board->number == seen ? waited + 1 : 0;
            seen = board->number;
            if (waited > PATIENCE_S * 500) {
                failed("it hangs");
                ++board->hung;
                end_pair(opener);
            }
            usleep(2000);
        }
        if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
            return;
        if (!WIFEXITED(status) || WEXITSTATUS(status) != FRESH_PAIR) {
            failed("a process died");
            fprintf(stderr, "  ... status %#x\n", (unsigned)status);
            ++board->dead;
            end_pair(opener);
        }
        ++board->number;
    }
}
#endif
