/*
 * process_shared_memory_truncated.c - another program truncates a POSIX segment
 * while it is open. Whoever reads or writes what is gone is told so, by 38 and no
 * signal; the program's own SIGBUS stays its own.
 */
#include "shared_segments.h"

#include <pthread.h>
#include <setjmp.h>

#define PAGE 4096
#define SIZE (4 * PAGE)
#define TRUNCATED SHARED_MEMORY_TRUNCATED

/* A program without this library does it, in a process of its own. */
static int truncated(const char *name, size_t size)
{
    PEER other = fork_peer();

    if (other.pid == 0) {
        int fd = shm_open(name, O_RDWR, 0);

        _exit(fd >= 0 && ftruncate(fd, (off_t)size) == 0 ? 0 : 1);
    }
    return end_of(&other) == 0;
}

/* What is left can be read and written; what touches more is refused whole, though its beginning is there. */
static void what_is_left_goes_on(void)
{
    const char *name = SEGMENT(POSIX, "left");
    SharedMemory *memory = create_full(name, SIZE), *reader = NULL, *late = NULL;
    static char data[SIZE];
    char *left;

    memset(data, 'n', SIZE);
    WORKS(SharedMemoryOpenReadOnly(name, &reader));
    CHECK(truncated(name, PAGE));
    CHECK(refuses(memory, 0, SIZE, TRUNCATED) && refuses(reader, 0, SIZE, TRUNCATED));
    CHECK(refuses(memory, PAGE, 1, TRUNCATED) && refuses(memory, SIZE - 1, 1, TRUNCATED));
    CHECK(refuses(reader, PAGE - 1, 2, TRUNCATED));
    FAILS(SharedMemoryWrite(memory, data, SIZE), TRUNCATED);
    FAILS(SharedMemoryWriteAt(memory, PAGE - 100, data, 101), TRUNCATED);
    FAILS(SharedMemoryWriteAt(memory, SIZE - 1, data, 1), TRUNCATED);
    /* Nothing was copied, and nothing was made longer again. */
    CHECK(raw_status(name).size == PAGE);
    CHECK(stat_of(memory).sequence == 1);
    left = (char *)SharedMemoryData(memory, NULL);
    CHECK(left != NULL && all_are(left, PAGE, 'o'));
    CHECK(reads(memory, 0, PAGE, 'o') && reads(reader, 100, PAGE - 100, 'o'));
    CHECK(paint(memory, 0, PAGE, 'p') == 0 && reads(reader, 0, PAGE, 'p'));
    CHECK(stat_of(memory).sequence == 2);
    /* Who opens it now finds it as long as it is. */
    WORKS(SharedMemoryOpen(name, &late));
    CHECK(stat_of(late).size == PAGE && reads(late, 0, PAGE, 'p') && refuses(late, 0, PAGE + 1, SHARED_MEMORY_BAD_LENGTH));
    FAILS(SharedMemoryCreate(name, SIZE, &late), SHARED_MEMORY_BAD_LENGTH);
    WORKS(SharedMemoryClose(late));
    CHECK(truncated(name, 0));
    CHECK(refuses(memory, 0, 1, TRUNCATED) && refuses(reader, 0, SIZE, TRUNCATED));
    FAILS(SharedMemoryWrite(memory, data, 1), TRUNCATED);
    CHECK(raw_status(name).exists && raw_status(name).size == 0);
    /* It may grow again: then there is something to read. */
    CHECK(truncated(name, SIZE));
    CHECK(reads(memory, 0, SIZE, 0) && paint(memory, 0, SIZE, 'q') == 0 && reads(reader, 0, SIZE, 'q'));
    WORKS(SharedMemoryClose(reader));
    WORKS(SharedMemoryFree(memory));
}

/* It ends in the middle of a copy of megabytes, or in the middle of a page: the same. */
static void copies_of_all_sizes_are_refused(void)
{
    static const size_t sizes[] = {1, 7, 8, 64, 100, 128, 129, 1000, 4096, 65536, 1 << 20, 9 << 20};
    const char *name = SEGMENT(POSIX, "sizes");
    SharedMemory *memory = create_full(name, 10 << 20);
    char *data = (char *)calloc(1, 10 << 20);
    size_t i;

    CHECK(truncated(name, 5 * PAGE));
    for (i = 0; i < sizeof sizes / sizeof sizes[0]; ++i) {
        size_t before = sizes[i] / 2 < 5 * PAGE ? sizes[i] / 2 : 5 * PAGE;

        CHECK(refuses(memory, 5 * PAGE - before, sizes[i], TRUNCATED) && refuses(memory, 6 * PAGE, sizes[i], TRUNCATED));
        FAILS(SharedMemoryWriteAt(memory, 5 * PAGE - before, data, sizes[i]), TRUNCATED);
        FAILS(SharedMemoryWriteAt(memory, 6 * PAGE, data, sizes[i]), TRUNCATED);
        CHECK(reads(memory, 0, 5 * PAGE, 'o'));
    }
    free(data);
    WORKS(SharedMemoryFree(memory));
}

static void *read_in_a_thread(void *argument)
{
    SharedMemory *memory = (SharedMemory *)argument;

    return refuses(memory, 0, SIZE, TRUNCATED) && refuses(memory, PAGE, 8, TRUNCATED) ? argument : NULL;
}
static void threads_are_told_too(void)
{
    const char *name = SEGMENT(POSIX, "threads");
    SharedMemory *memory = create_full(name, SIZE);
    pthread_t threads[4];
    void *right;
    int i;

    CHECK(truncated(name, PAGE));
    for (i = 0; i < 4; ++i)
        if (pthread_create(&threads[i], NULL, read_in_a_thread, memory) != 0)
            exit(2);
    for (i = 0; i < 4; ++i)
        CHECK(pthread_join(threads[i], &right) == 0 && right == memory);
    WORKS(SharedMemoryFree(memory));
}

/* ---- The program's own SIGBUS. Each story is told in a process of its own, which has not used the library before. ---- */

static char *own; /* the program's own file, two pages long in memory, one in truth */
static void map_own_file(void)
{
    char path[] = "/tmp/winshm-test-own-XXXXXX";
    int fd = mkstemp(path);

    CHECK(fd >= 0 && unlink(path) == 0 && ftruncate(fd, PAGE) == 0);
    own = (char *)mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    CHECK(own != (char *)MAP_FAILED && own[0] == 0);
    close(fd);
}

static sigjmp_buf way_out;
static volatile sig_atomic_t own_faults;
static void *volatile fault_address;
static void on_own_fault(int number, siginfo_t *info, void *context)
{
    own_faults += number == SIGBUS && context != NULL;
    fault_address = info->si_addr;
    siglongjmp(way_out, 1);
}
static void install_own_handler(void)
{
    struct sigaction action;

    memset(&action, 0, sizeof action);
    action.sa_sigaction = on_own_fault;
    action.sa_flags = SA_SIGINFO;
    CHECK(sigaction(SIGBUS, &action, NULL) == 0);
}
/* The program touches what its own file has not got, and its own handler is told, of that address. */
static int own_handler_gets_own_faults(void)
{
    int before = own_faults;

    if (sigsetjmp(way_out, 1) == 0)
        *(volatile char *)(own + PAGE + 10) = 1;
    return own_faults == before + 1 && fault_address == own + PAGE + 10;
}
/* The library is told of the segment, and the program's handler of nothing. */
static int library_gets_its_faults(SharedMemory *memory)
{
    int before = own_faults;

    if (sigsetjmp(way_out, 1) == 0)
        return refuses(memory, 0, SIZE, TRUNCATED) && refuses(memory, PAGE, 8, TRUNCATED) && reads(memory, 0, PAGE, 'o') &&
               own_faults == before;
    return 0;
}

/* The program installed its handler before it ever called the library. */
static int handler_before(const char *name)
{
    SharedMemory *memory;
    int i;

    map_own_file();
    install_own_handler();
    CHECK(own_handler_gets_own_faults());
    memory = create_full(name, SIZE);
    CHECK(truncated(name, PAGE));
    for (i = 0; i < 3; ++i)
        CHECK(library_gets_its_faults(memory) && own_handler_gets_own_faults());
    return check_failures != 0;
}
/* It installed it afterwards, and opens another segment then: the library sees to its own faults again. */
static int handler_between(const char *name)
{
    SharedMemory *memory = create_full(name, SIZE), *second = NULL;
    int i;

    map_own_file();
    install_own_handler();
    WORKS(SharedMemoryOpen(name, &second));
    CHECK(truncated(name, PAGE));
    for (i = 0; i < 3; ++i)
        CHECK(library_gets_its_faults(memory) && own_handler_gets_own_faults() && library_gets_its_faults(second));
    return check_failures != 0;
}
/* A program without a handler still dies of its own fault, also after the library has caught some. */
static void touch_own(void *argument) { *(volatile char *)((char *)argument + PAGE) = 1; }
static int no_handler(const char *name)
{
    SharedMemory *memory = create_full(name, SIZE);

    map_own_file();
    CHECK(crashes(touch_own, own));
    CHECK(truncated(name, PAGE) && refuses(memory, 0, SIZE, TRUNCATED));
    CHECK(crashes(touch_own, own) && refuses(memory, 0, SIZE, TRUNCATED));
    return check_failures != 0;
}
/* The program looks into the segment itself, by SharedMemoryData: that fault is its own. */
static int by_data(const char *name)
{
    SharedMemory *memory;
    char *data;

    install_own_handler();
    memory = create_full(name, SIZE);
    data = (char *)SharedMemoryData(memory, NULL);
    CHECK(truncated(name, PAGE));
    CHECK(data != NULL && data[PAGE - 1] == 'o');
    if (sigsetjmp(way_out, 1) == 0)
        *(volatile char *)(data + PAGE) = 1;
    CHECK(own_faults == 1 && fault_address == data + PAGE && library_gets_its_faults(memory));
    return check_failures != 0;
}

int main(int argc, char **argv)
{
    static const struct {
        const char *role;
        int (*story)(const char *name);
    } stories[] = {{"handler before", handler_before},
                   {"handler between", handler_between},
                   {"no handler", no_handler},
                   {"by data", by_data}};
    size_t i;

    check_begin();
    for (i = 0; i < sizeof stories / sizeof stories[0]; ++i)
        if (plays(argc, argv, stories[i].role))
            return stories[i].story(argv[3]);
    what_is_left_goes_on();
    copies_of_all_sizes_are_refused();
    threads_are_told_too();
    for (i = 0; i < sizeof stories / sizeof stories[0]; ++i) {
        PEER child = start_peer(stories[i].role, SEGMENT(POSIX, "own"));

        if (!CHECK(end_of(&child) == 0))
            fprintf(stderr, "... in the story \"%s\"\n", stories[i].role);
    }
    return check_end();
}
