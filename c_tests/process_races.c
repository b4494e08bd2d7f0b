/*
 * process_races.c - processes and threads that come and go at the same name at
 * the same time. Each race runs for a while; every outcome must be one that some
 * order of the calls explains.
 */
#include "check.h"

#include <pthread.h>

#define ROUNDS 3000

/* Somebody asks again and again for what he will not get. He never keeps a name alive that nobody holds. */
static void who_is_refused_keeps_nothing_alive(int by_kind)
{
    const char *name = NAME("refused");
    PEER child = fork_peer();
    int i, old = 0;

    if (child.pid == 0) {
        for (;;)
            if (by_kind ? OpenEventA(EVENT_ALL_ACCESS, FALSE, name) != NULL
                        : OpenFileMappingA(0, FALSE, name) != NULL)
                _exit(3);
    }
    for (i = 0; i < ROUNDS; ++i) {
        HANDLE mapping = new_memory(PAGE_READWRITE, 4096, name);

        old += mapping == NULL || GetLastError() != ERROR_SUCCESS;
        CloseHandle(mapping);
    }
    CHECK(old == 0);
    CHECK(kill_peer(&child) == 128 + SIGKILL);
}

/* An object whose name takes several writes is not there, or whole; never damaged. */
static void a_long_name_is_never_half_there(void)
{
    static WCHAR name[30001];
    PEER child;
    int i, opened = 0, wrong = 0;

    for (i = 0; i < 30000; ++i)
        name[i] = (WCHAR)('a' + i % 26);
    child = fork_peer();
    if (child.pid == 0) {
        for (;;)
            CloseHandle(CreateFileMappingW(MEMORY, NULL, PAGE_READWRITE, 0, 4096, name));
    }
    for (i = 0; i < ROUNDS || (opened == 0 && i < 100 * ROUNDS); ++i) {
        HANDLE mapping = OpenFileMappingW(FILE_MAP_READ, FALSE, name);

        opened += mapping != NULL;
        wrong += mapping == NULL && GetLastError() != ERROR_FILE_NOT_FOUND;
        CloseHandle(mapping);
    }
    CHECK(opened > 0 && wrong == 0);
    CHECK(kill_peer(&child) == 128 + SIGKILL);
    /* What the killed one was making is dead, and goes when somebody looks. */
    CHECK_ERROR(OpenFileMappingW(FILE_MAP_READ, FALSE, name), ERROR_FILE_NOT_FOUND);
    CHECK(count_objects() == 0);
}

/* Threads of one process create and close one name. All get through, and nothing is left. */
static const char *shared_name;
static volatile int failures;

static void *create_and_close(void *events)
{
    int i;

    for (i = 0; i < ROUNDS; ++i) {
        HANDLE handle = events != NULL ? CreateEventA(NULL, TRUE, FALSE, shared_name)
                                       : new_memory(PAGE_READWRITE, 4096, shared_name);

        if (handle == NULL || !CloseHandle(handle))
            failures = 1;
    }
    return NULL;
}
static void threads_share_a_name(void *events)
{
    pthread_t threads[8];
    int i;

    shared_name = NAME("threads");
    for (i = 0; i < 8; ++i)
        CHECK(pthread_create(&threads[i], NULL, create_and_close, events) == 0);
    for (i = 0; i < 8; ++i)
        pthread_join(threads[i], NULL);
    CHECK(!failures);
    CHECK(!name_exists(shared_name));
    CHECK(count_objects() == 0);
}

/* Unnamed objects and forks: what a parent makes after a fork is not made of new memory each time. */
static void forks_do_not_use_memory_up(void)
{
    HANDLE events[200];
    int i, status, before = 0, after = 0;

    for (i = 0; i < 200; ++i) {
        pid_t child;

        events[i] = CreateEventA(NULL, TRUE, FALSE, NULL);
        child = fork();
        if (child == 0) {
            HANDLE own = CreateEventA(NULL, TRUE, FALSE, NULL);

            _exit(own != NULL && SetEvent(own) && SetEvent(events[i]) && CloseHandle(own) ? 0 : 1);
        }
        CHECK(waitpid(child, &status, 0) == child && status == 0);
        if (i == 9)
            before = count_all_mappings();
    }
    after = count_all_mappings();
    CHECK(after - before < 20);
    for (i = 0; i < 200; ++i)
        CHECK(CloseHandle(events[i]));
}

int main(void)
{
    check_begin();
    use_private_directory();
    who_is_refused_keeps_nothing_alive(1);
    who_is_refused_keeps_nothing_alive(0);
    a_long_name_is_never_half_there();
    threads_share_a_name(NULL); /* sections, then events */
    threads_share_a_name((void *)shared_name);
    forks_do_not_use_memory_up();
    return check_end();
}
