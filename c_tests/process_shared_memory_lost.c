/*
 * process_shared_memory_lost.c - another program truncates the files of the library
 * that are beside a segment, or with winshm's the segment's own. Whoever has it open is
 * told so, by 38, and lives.
 */
#include "shared_segments.h"

#include <pthread.h>

#define SIZE 20000
#define TRUNCATED SHARED_MEMORY_TRUNCATED

/* Cuts off every file of the library's, in a process of its own. */
static int all_cut_off(void)
{
    PEER other = fork_peer();
    const char *path = object_directory();
    DIR *directory;
    struct dirent *entry;
    int files = 0;

    if (other.pid != 0)
        return end_of(&other) == 0;
    directory = opendir(path);
    while (directory != NULL && (entry = readdir(directory)) != NULL)
        if (entry->d_name[0] != '.')
            files += truncate(with(with(path, "/"), entry->d_name), 0) == 0;
    _exit(files == 1 ? 0 : 1);
}

/* The first call that notices may be any of them; all later ones say the same. */
static void every_call_says_so(int kind, int first)
{
    const char *name = SEGMENT(kind, "lost");
    SharedMemory *memory = create_full(name, SIZE), *reader = NULL;
    SharedMemoryInfo info;
    uint64_t sequence = 1;
    int i;

    WORKS(SharedMemoryOpenReadOnly(name, &reader));
    CHECK(all_cut_off());
    info.struct_size = sizeof info;
    for (i = 0; i < 6; ++i) {
        switch ((first + i) % 6) {
        case 0: CHECK(refuses(memory, 0, 100, TRUNCATED) && refuses(reader, 0, 100, TRUNCATED)); break;
        case 1: CHECK(refuses(memory, 0, SIZE, TRUNCATED) && refuses(reader, 0, SIZE, TRUNCATED)); break;
        case 2: CHECK(paint(memory, 0, 100, 'n') == TRUNCATED); break;
        case 3: CHECK(paint(memory, 0, SIZE, 'n') == TRUNCATED); break;
        case 4:
            FAILS(SharedMemoryWait(memory, &sequence, 1000), TRUNCATED);
            FAILS(SharedMemoryWait(reader, &sequence, SHARED_MEMORY_FOREVER), TRUNCATED);
            break;
        default:
            FAILS(SharedMemoryStat(memory, &info), TRUNCATED);
            FAILS(SharedMemoryStat(reader, &info), TRUNCATED);
        }
    }
    WORKS(SharedMemoryClose(reader));
    if (kind == WINSHM) {
        WORKS(SharedMemoryFree(memory));
        return;
    }
    /* The segment itself is whole: who opens it anew begins anew. */
    reader = open_it(name);
    CHECK(reads(reader, 0, SIZE, 'o') && paint(reader, 0, SIZE, 'p') == 0 && reads(reader, 0, SIZE, 'p'));
    CHECK(refuses(memory, 0, SIZE, TRUNCATED));
    WORKS(SharedMemoryClose(reader));
    WORKS(SharedMemoryFree(memory));
}
static void whichever_is_first_says_so(int kind)
{
    int first;

    for (first = 0; first < 6; ++first)
        every_call_says_so(kind, first);
}

static void *sleep_on_it(void *memory)
{
    uint64_t sequence = 1;

    return SharedMemoryWait((SharedMemory *)memory, &sequence, SHARED_MEMORY_FOREVER) == TRUNCATED ? memory : NULL;
}
/* Several sleep, in a child too. */
static void sleepers_wake(int kind)
{
    SharedMemory *memory = create_full(SEGMENT(kind, "sleepers"), SIZE);
    pthread_t threads[3];
    PEER child = fork_peer();
    void *result;
    int i;

    if (child.pid == 0)
        _exit(sleep_on_it(memory) != NULL ? 0 : 1);
    for (i = 0; i < 3; ++i)
        pthread_create(&threads[i], NULL, sleep_on_it, memory);
    await_sleep(child.pid);
    CHECK(all_cut_off());
    for (i = 0; i < 3; ++i)
        CHECK(pthread_join(threads[i], &result) == 0 && result == memory);
    CHECK(end_of(&child) == 0);
    WORKS(SharedMemoryFree(memory));
}

int main(void)
{
    check_begin();
    use_private_directory();
    OF_EVERY_KIND(whichever_is_first_says_so);
    OF_EVERY_KIND(sleepers_wake);
    return check_end();
}
