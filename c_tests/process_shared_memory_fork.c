/*
 * process_shared_memory_fork.c - a program forks: before it opens a segment, and
 * while other threads are at work in it. The child has what it inherited, can use and
 * close it, and has nothing else.
 */
#include "shared_segments.h"

#include <pthread.h>

#define SIZE 20000

/* Who has forked before he opened it again can go on after somebody freed it. */
static void a_name_is_freed_after_a_fork(int kind)
{
    const char *name = SEGMENT(kind, "freed");
    SharedMemory *first = create(name, SIZE), *second = NULL;
    PEER child = fork_peer();

    if (child.pid == 0)
        _exit(0);
    CHECK(end_of(&child) == 0);
    second = open_it(name);
    WORKS(SharedMemoryFree(first));
    FAILS(SharedMemoryOpen(name, &first), SHARED_MEMORY_NOT_FOUND);
    CHECK(paint(second, 0, SIZE, '1') == 0 && reads(second, 0, SIZE, '1') && stat_of(second).sequence == 1);
    child = fork_peer();
    if (child.pid == 0)
        _exit(paint(second, 0, SIZE, '2') == 0 && reads(second, 0, SIZE, '2') ? 0 : 1);
    CHECK(end_of(&child) == 0);
    CHECK(reads(second, 0, SIZE, '2') && paint(second, 0, 10, '3') == 0 && reads(second, 0, 10, '3'));
    WORKS(SharedMemoryClose(second));
}

static int count_descriptors(void)
{
    int fd, count = 0;

    for (fd = 0; fd < 1024; ++fd)
        count += fcntl(fd, F_GETFD) >= 0;
    return count;
}
static volatile int stop;
static void *ask_and_change(void *memory)
{
    while (!stop) {
        stat_of((SharedMemory *)memory);
        WORKS(SharedMemorySetMode((SharedMemory *)memory, 0600));
    }
    return NULL;
}
/* Threads ask and change meanwhile. Children find no lock that nobody gives back, and inherit no descriptor of theirs. */
static void children_of_a_busy_program(int kind, int is_freed)
{
    const char *name = SEGMENT(kind, "busy");
    SharedMemory *memory = create_full(name, SIZE), *second = open_it(name);
    int descriptors = 0, i, wrong = 0;
    pthread_t threads[2];

    if (is_freed)
        WORKS(SharedMemoryFree(memory));
    CHECK(paint(second, 0, SIZE, 'p') == 0);
    stat_of(second);
    stop = 0;
    for (i = 0; i < 30; ++i) {
        pid_t child = fork();
        int status = 0;

        if (child == 0 && i == 0)
            _exit(0);
        if (child == 0) {
            alarm(20);
            _exit(count_descriptors() == descriptors && SharedMemorySetMode(second, 0600) == 0 &&
                          SharedMemoryClose(second) == 0
                      ? 0
                      : 1);
        }
        waitpid(child, &status, 0);
        wrong += status != 0;
        if (i == 0) { /* the first fork may need one more */
            descriptors = count_descriptors();
            pthread_create(&threads[0], NULL, ask_and_change, second);
            pthread_create(&threads[1], NULL, ask_and_change, second);
        }
    }
    stop = 1;
    for (i = 0; i < 2; ++i)
        pthread_join(threads[i], NULL);
    CHECK(wrong == 0);
    WORKS(SharedMemoryClose(second));
    if (!is_freed)
        WORKS(SharedMemoryFree(memory));
}
static void others_ask_and_change(int kind)
{
    children_of_a_busy_program(kind, 0);
}
static void others_ask_and_change_what_is_freed(int kind)
{
    children_of_a_busy_program(kind, 1);
}

/* Mappings of the segment and of what the library keeps beside it. */
static int count_mappings(void)
{
    FILE *maps = fopen("/proc/self/maps", "r");
    char line[1024];
    int count = 0;

    while (maps != NULL && fgets(line, sizeof line, maps) != NULL)
        count += strstr(line, "/SYSV") != NULL || strstr(line, "/dev/shm/") != NULL || strstr(line, "/.winshm-") != NULL;
    if (maps != NULL)
        fclose(maps);
    return count;
}
static void *sleep_on_it(void *memory)
{
    uint64_t sequence = 1;

    return SharedMemoryWait((SharedMemory *)memory, &sequence, SHARED_MEMORY_FOREVER) == 0 ? memory : NULL;
}
/* A thread sleeps on it meanwhile. The child has no such thread: when it closes the segment, nothing of it is left. */
static void children_of_a_program_that_waits(int kind)
{
    const struct timespec moment = {0, 50000000};
    SharedMemory *memory = create_full(SEGMENT(kind, "waits"), SIZE);
    pthread_t thread;
    PEER child;
    void *result = NULL;

    pthread_create(&thread, NULL, sleep_on_it, memory);
    nanosleep(&moment, NULL); /* it sleeps by then; if not, there is less to show */
    CHECK(count_mappings() >= 2);
    child = fork_peer();
    if (child.pid == 0) {
        SharedMemory *other = NULL;

        if (!reads(memory, 0, SIZE, 'o') || SharedMemoryClose(memory) != 0 || count_mappings() != 0)
            _exit(1);
        /* It is a process like others. */
        CREATES(SharedMemoryCreate("another", SIZE, &other));
        _exit(paint(other, 0, SIZE, 'c') == 0 && SharedMemoryClose(other) == 0 && count_mappings() == 0 ? 0 : 2);
    }
    CHECK(end_of(&child) == 0);
    CHECK(paint(memory, 0, SIZE, 'p') == 0);
    CHECK(pthread_join(thread, &result) == 0 && result == memory);
    WORKS(SharedMemoryFree(memory));
    CHECK(count_mappings() == 0);
}

int main(void)
{
    check_begin();
    use_private_directory();
    OF_EVERY_KIND(a_name_is_freed_after_a_fork);
    OF_EVERY_KIND(others_ask_and_change);
    others_ask_and_change_what_is_freed(WINSHM);
    others_ask_and_change_what_is_freed(POSIX);
    OF_EVERY_KIND(children_of_a_program_that_waits);
    return check_end();
}
