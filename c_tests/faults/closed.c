/*
 * closed.c - a program closes every descriptor, by closefrom, close_range and one by one,
 * or puts files of its own under the library's numbers, by dup2. Calls then work or say
 * why not; the library never crashes, and never reads, writes, locks or closes what is the
 * program's; what has no descriptor goes on.
 *
 * Planted: somebody writes into the program's file, and closes one of its descriptors.
 */
#include "faults/world.h"


#include <sys/stat.h>

enum { MOST = 1024 };

static WORLD world;
static char own_file[200];

static void by_closefrom(void) { closefrom(3); }
static void by_close_range(void) { CHECK(close_range(3, ~0u, 0) == 0); }
static void one_by_one(void)
{
    int number;

    for (number = 3; number < MOST; ++number)
        close(number);
}
/* Under each of the library's numbers stands the program's file. */
static void by_dup2(void)
{
    int file = open(own_file, O_RDWR), number;

    for (number = 3; number < MOST; ++number)
        if (number != file && fcntl(number, F_GETFD) >= 0)
            CHECK(dup2(file, number) == number);
}
/* A socket, a pipe, a directory and a terminal's stand-in, in turns. */
static void by_dup2_of_others(void)
{
    int others[4], number;

    CHECK(pipe(others) == 0);
    others[2] = open("/tmp", O_RDONLY | O_DIRECTORY), others[3] = open("/dev/null", O_RDWR);
    for (number = others[3] + 1; number < MOST; ++number)
        if (fcntl(number, F_GETFD) >= 0)
            dup2(others[number % 4], number);
}

/* What the program has open under which number, in one text. */
static void look_at_descriptors(char *text, size_t size)
{
    size_t used = 0;
    int number;

    text[0] = 0;
    for (number = 3; number < MOST; ++number) {
        struct stat status;
        struct flock lock;

        if (fstat(number, &status) != 0)
            continue;
        memset(&lock, 0, sizeof lock);
        lock.l_type = F_WRLCK;
        if (!S_ISREG(status.st_mode) || fcntl(number, F_OFD_GETLK, &lock) != 0)
            lock.l_type = F_UNLCK;
        used += (size_t)snprintf(text + used, size - used, "%d %lu %ld %d\n", number, (unsigned long)status.st_ino,
                                 S_ISREG(status.st_mode) ? (long)status.st_size : 0, (int)lock.l_type);
        if (used + 100 > size)
            break;
    }
}
/* Every kind of call, whatever comes of it; what needs no descriptor must work. */
static int call_everything(void)
{
    int i;

    if (guard_counts(&world) != 0 || take_one_of_several(&world) != 0 || take_all_at_once(&world) != 0 ||
        wait_in_vain(&world) != 0 || write_and_read_whole(&world) != 0)
        return 0;
    for (i = 0; i < KINDS_OF_CALLS; ++i)
        kinds_of_calls[i](&world);
    return 1;
}
static int is_fault_planted;

static int be_closed(void (*change)(void), const char *prefix)
{
    static char before[60000], after[60000];
    char contents[10] = "";
    int file;

    snprintf(own_file, sizeof own_file, "%s/own-%d", getenv("WINSHM_DIR"), (int)getpid());
    file = open(own_file, O_RDWR | O_CREAT, 0600);
    CHECK(file >= 0 && write(file, "program's", 9) == 9 && close(file) == 0);
    CHECK(make_world(&world, prefix) == 0 && world_is_whole(&world, "before"));
    change();
    look_at_descriptors(before, sizeof before);
    CHECK(call_everything());
    if (is_fault_planted) {
        file = open(own_file, O_RDWR);
        CHECK(write(file, "somebody", 8) == 8 && close(file) == 0 && close(atoi(before)) == 0);
    }
    /* (It may have opened directories and the like anew, under other numbers.) */
    look_at_descriptors(after, sizeof after);
    for (char *line = strtok(before, "\n"); line != NULL; line = strtok(NULL, "\n"))
        if (!CHECK(strstr(after, line) != NULL))
            fprintf(stderr, "  it was %s\n", line);
    close_world(&world);
    file = open(own_file, O_RDONLY);
    CHECK(read(file, contents, 9) == 9 && strcmp(contents, "program's") == 0);
    CHECK(unlink(own_file) == 0);
    return check_failures != 0;
}

static void (*const ways[])(void) = {by_closefrom, by_close_range, one_by_one, by_dup2, by_dup2_of_others, by_dup2};
enum { WAYS = (int)(sizeof ways / sizeof *ways), PLANTED = WAYS - 1 };

int main(int argc, char **argv)
{
    int i;

    check_begin();
    if (plays(argc, argv, "closed")) {
        char prefix[100];

        i = atoi(argv[3]);
        is_fault_planted = i == PLANTED;
        snprintf(prefix, sizeof prefix, "winshm-closed-%d-%d", (int)getppid(), i);
        return be_closed(ways[i], prefix);
    }
    use_private_directory();
    for (i = 0; i < WAYS; ++i) {
        char tag[20];
        PEER program;

        snprintf(tag, sizeof tag, "%d", i);
        program = start_peer("closed", tag);
        if (!CHECK(end_of(&program) == (i == PLANTED)))
            fprintf(stderr, "  way %d\n", i);
    }
    return check_end();
}
