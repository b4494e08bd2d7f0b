/*
 * load_handles.c - ten thousand handles in a process, and places in the handle table that are used again millions of
 * times, by one thread and by four.
 *
 * Planted fault: something is kept in one round of a hundred (load.h).
 */
#include "faults/load.h"

#include <pthread.h>

enum { HANDLES = 10000, THREADS = 4 };

static HANDLE duplicate(HANDLE handle)
{
    HANDLE twin = NULL, me = GetCurrentProcess();

    CHECK(DuplicateHandle(me, handle, me, &twin, 0, FALSE, DUPLICATE_SAME_ACCESS));
    return twin;
}

/* A place is used again, and the handle that had it before is no handle any more. */
static void a_place_is_used_again(long round)
{
    static HANDLE event, before;
    HANDLE twin;

    if (event == NULL)
        event = CreateEventA(NULL, TRUE, TRUE, NULL);
    twin = duplicate(event);
    CHECK(twin != before && WaitForSingleObject(twin, 0) == WAIT_OBJECT_0);
    CHECK(before == NULL || round % 64 != 0 || (SetLastError(0), !SetEvent(before) && GetLastError() == ERROR_INVALID_HANDLE));
    CHECK(CloseHandle(twin));
    before = twin;
}

/*
 * At most 4096 closed handles, and some that each thread has just closed, wait until a thread that has lost its
 * processor in the middle of a call is out of it (src/handle/reclaim.rs). Here is room for twice as many.
 */
static void make_room(void)
{
    static HANDLE many[8192];
    int i;

    for (i = 0; i < 8192; ++i)
        many[i] = CreateEventA(NULL, TRUE, TRUE, NULL);
    for (i = 0; i < 8192; ++i)
        CHECK(CloseHandle(many[i]));
}

static HANDLE handles[HANDLES];

/* Ten thousand of them, of which each round closes one and makes another. */
static void among_ten_thousand(long round)
{
    static HANDLE event;
    long i;

    if (event == NULL) {
        event = CreateEventA(NULL, TRUE, TRUE, NULL);
        for (i = 0; i < HANDLES; ++i)
            handles[i] = i % 2 ? duplicate(event) : CreateEventA(NULL, TRUE, TRUE, NULL);
    }
    i = round * 7919 % HANDLES;
    CHECK(WaitForSingleObject(handles[i], 0) == WAIT_OBJECT_0 && CloseHandle(handles[i]));
    handles[i] = i % 2 ? duplicate(event) : CreateEventA(NULL, TRUE, TRUE, NULL);
}

/* --- four threads -------------------------------------------------------------------------------------------------- */

static long rounds_each;
static volatile long wrong_answers;

static void *make_and_close(void *unused)
{
    HANDLE mine[64], twin;
    long i, wrong = 0;

    (void)unused;
    memset(mine, 0, sizeof mine);
    for (i = 0; i < rounds_each; ++i) {
        HANDLE *place = &mine[i * 13 % 64];

        if (*place != NULL)
            wrong += WaitForSingleObject(*place, 0) != WAIT_OBJECT_0 || !CloseHandle(*place);
        *place = CreateEventA(NULL, FALSE, TRUE, NULL);
        wrong += !DuplicateHandle(GetCurrentProcess(), *place, GetCurrentProcess(), &twin, 0, FALSE, DUPLICATE_SAME_ACCESS);
        wrong += !CloseHandle(twin) || SetEvent(twin);
    }
    for (i = 0; i < 64; ++i)
        wrong += mine[i] != NULL && !CloseHandle(mine[i]);
    __atomic_add_fetch(&wrong_answers, wrong, __ATOMIC_SEQ_CST);
    return NULL;
}
static void by_four_threads(long round)
{
    pthread_t threads[THREADS];
    int i;

    (void)round;
    for (i = 0; i < THREADS; ++i)
        CHECK(pthread_create(&threads[i], NULL, make_and_close, NULL) == 0);
    for (i = 0; i < THREADS; ++i)
        CHECK(pthread_join(threads[i], NULL) == 0);
    CHECK(wrong_answers == 0);
}

int main(void)
{
    load_begin();
    use_own_file_system("64m");
    mkdir(object_directory(), 0700);
    rounds_each = 1;
    the_checker_sees_what_is_kept(a_place_is_used_again);
    the_checker_sees_what_is_kept(among_ten_thousand);
    the_checker_sees_what_is_kept(by_four_threads);
    steady("a place is used again", a_place_is_used_again, effort(200000, 50000000), 1e9, 0);
    steady("among ten thousand", among_ten_thousand, effort(100000, 20000000), 1e9, 0);
    make_room();
    rounds_each = effort(3000, 200000);
    steady("by four threads", by_four_threads, 15, 1e9, 0);
    return check_end();
}
