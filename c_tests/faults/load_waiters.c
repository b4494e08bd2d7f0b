/*
 * load_waiters.c - 64 threads that wait for any, and for all, of 64 objects, and a thousand threads that wait for one
 * event. Every signal is taken by exactly one of them.
 *
 * Planted faults: a signal that is taken and not counted, an object of all that is signalled once too little, a thread
 * of the crowd that goes home; and something is kept in one round of a hundred (load.h).
 */
#include "faults/load.h"

#include <pthread.h>
#include <sys/stat.h>

enum { THREADS = 64, OBJECTS = 64, CROWD = 1000, AT_ONCE = 4 };

static HANDLE objects[OBJECTS];
static pthread_t threads[CROWD];
static volatile long taken, wrong;
static volatile int is_over;
/* How long a round may take: what is lost never comes. */
static double patience = 60;
/* The planted fault: one of a hundred wakes is not counted, or its signal is not sent. */
static int is_planted;
static int is_forgotten(long count) { return is_planted && count % 100 == 99; }

static long add(volatile long *count, long more) { return __atomic_add_fetch(count, more, __ATOMIC_SEQ_CST); }
/* Turns to the others until so many signals were taken. */
static int await_taken(long enough)
{
    double end = seconds_now() + patience;

    while (add(&taken, 0) < enough && seconds_now() < end)
        usleep(50);
    return CHECK(add(&taken, 0) == enough);
}

/* Two thirds have names; every second one is an event if events will do. */
static HANDLE make_object(int i, int only_semaphores)
{
    char name[64];

    snprintf(name, sizeof name, "winshm-%d-waiters-%d", (int)getpid(), i);
    if (i % 2 && !only_semaphores)
        return CreateEventA(NULL, FALSE, FALSE, i % 3 ? name : NULL);
    return CreateSemaphoreA(NULL, 0, 1000000, i % 3 ? name : NULL);
}
static void open_stage(int count, int only_semaphores, void *(*body)(void *))
{
    pthread_attr_t small;
    int i;

    taken = wrong = 0, is_over = 0;
    for (i = 0; i < OBJECTS; ++i)
        CHECK((objects[i] = make_object(i, only_semaphores)) != NULL);
    pthread_attr_init(&small);
    pthread_attr_setstacksize(&small, 128 * 1024);
    for (i = 0; i < count; ++i)
        CHECK(pthread_create(&threads[i], &small, body, (void *)(size_t)i) == 0);
    pthread_attr_destroy(&small);
}
static void close_stage(int count)
{
    int i;

    for (i = 0; i < count; ++i)
        CHECK(pthread_join(threads[i], NULL) == 0);
    for (i = 0; i < OBJECTS; ++i)
        CHECK(CloseHandle(objects[i]));
    CHECK(wrong == 0);
}

/* --- any, and all --------------------------------------------------------------------------------------------------- */

static void *wait_for_any(void *unused)
{
    (void)unused;
    for (;;) {
        DWORD which = WaitForMultipleObjects(OBJECTS, objects, FALSE, INFINITE);

        if (which >= WAIT_OBJECT_0 + OBJECTS)
            add(&wrong, 1);
        if (is_over)
            return NULL;
        if (!is_forgotten((long)which * 7919 + taken))
            add(&taken, 1);
    }
}
/* Each object is signalled once; each signal has one taker. */
static void each_once(long round)
{
    int i, left = 0;

    (void)round;
    taken = 0;
    for (i = 0; i < OBJECTS; ++i)
        CHECK(i % 2 ? SetEvent(objects[i]) : ReleaseSemaphore(objects[i], 1, NULL));
    await_taken(OBJECTS);
    for (i = 0; i < OBJECTS; ++i)
        left += WaitForSingleObject(objects[i], 0) != WAIT_TIMEOUT;
    CHECK(left == 0);
}
static void *wait_for_all(void *unused)
{
    (void)unused;
    for (;;) {
        if (WaitForMultipleObjects(OBJECTS, objects, TRUE, INFINITE) != WAIT_OBJECT_0)
            add(&wrong, 1);
        if (is_over)
            return NULL;
        add(&taken, 1);
    }
}
/* Each semaphore is released so often, one after the other: as many take one of each, and nothing is left over. */
static void all_of_them(long round)
{
    int i, k, left = 0;

    taken = 0;
    for (k = 0; k < AT_ONCE; ++k)
        for (i = 0; i < OBJECTS; ++i)
            if (!is_forgotten(round) || k != 0 || i != 17)
                CHECK(ReleaseSemaphore(objects[(i * 37 + (int)round) % OBJECTS], 1, NULL));
    await_taken(AT_ONCE);
    for (i = 0; i < OBJECTS; ++i)
        left += WaitForSingleObject(objects[i], 0) != WAIT_TIMEOUT;
    CHECK(left == 0);
}
/* Signals until the last one has noticed that it is over. */
static void dismiss(int only_semaphores)
{
    int i, k;

    is_over = 1;
    for (k = 0; k < THREADS; ++k)
        for (i = 0; i < OBJECTS; ++i)
            if (only_semaphores || i % 2 == 0)
                CHECK(ReleaseSemaphore(objects[i], 1, NULL));
    close_stage(THREADS);
}

/* --- a thousand at one event ---------------------------------------------------------------------------------------- */

static HANDLE gates[2], ticket;
static volatile long arrived;

/* Through one gate and the other, and back for a ticket of which there is one at a time. */
static void *be_one_of_the_crowd(void *unused)
{
    long me = (long)(size_t)unused;

    for (;;) {
        add(&arrived, 1);
        if (WaitForSingleObject(gates[0], INFINITE) != WAIT_OBJECT_0)
            add(&wrong, 1);
        if (is_over)
            return NULL;
        add(&taken, 1);
        if (is_forgotten(me))
            return NULL;
        if (WaitForSingleObject(ticket, INFINITE) != WAIT_OBJECT_0)
            add(&wrong, 1);
        add(&taken, 1);
        if (WaitForSingleObject(gates[1], INFINITE) != WAIT_OBJECT_0)
            add(&wrong, 1);
    }
}
static void through_the_gates(long round)
{
    long i;

    (void)round;
    while (add(&arrived, 0) < CROWD)
        usleep(50);
    taken = arrived = 0;
    CHECK(ResetEvent(gates[1]) && SetEvent(gates[0]));
    if (!await_taken(CROWD))
        return;
    CHECK(ResetEvent(gates[0]));
    for (i = 1; i <= CROWD; ++i) {
        CHECK(SetEvent(ticket));
        if (!await_taken(CROWD + i))
            return;
    }
    CHECK(WaitForSingleObject(ticket, 0) == WAIT_TIMEOUT);
    CHECK(SetEvent(gates[1]));
}
static void open_gates(void)
{
    arrived = 0;
    CHECK((gates[0] = CreateEventA(NULL, TRUE, FALSE, NAME("gate"))) != NULL);
    CHECK((gates[1] = CreateEventA(NULL, TRUE, FALSE, NAME("gate"))) != NULL);
    CHECK((ticket = CreateEventA(NULL, FALSE, FALSE, NAME("ticket"))) != NULL);
    open_stage(CROWD, 1, be_one_of_the_crowd);
}
static void close_gates(void)
{
    while (add(&arrived, 0) < CROWD)
        usleep(50);
    is_over = 1;
    CHECK(SetEvent(gates[0]));
    close_stage(CROWD);
    CHECK(CloseHandle(gates[0]) && CloseHandle(gates[1]) && CloseHandle(ticket));
}

/* --- the stories ------------------------------------------------------------------------------------------------------ */

static void any(long most)
{
    open_stage(THREADS, 0, wait_for_any);
    steady("64 threads wait for any of 64", each_once, most, 1e9, 0);
    dismiss(0);
}
static void all(long most)
{
    open_stage(THREADS, 1, wait_for_all);
    steady("64 threads wait for all of 64", all_of_them, most, 1e9, 0);
    dismiss(1);
}
static void crowd(long most)
{
    open_gates();
    steady("a thousand threads at one event", through_the_gates, most, 1e9, 0);
    close_gates();
}

/* In a process of its own, which ends as it stands: how the checker fails shows in its code. */
static int fails(void (*story)(long), int planted, const char *kind, long most)
{
    PEER child = fork_peer();

    if (child.pid == 0) {
        load_child();
        is_planted = planted, kept_kind = kind;
        patience = planted ? 0.5 : 60;
        if (planted || kind != NULL)
            dup2(open("/dev/null", O_WRONLY), STDERR_FILENO);
        dup2(STDERR_FILENO, STDOUT_FILENO);
        if (story == crowd && planted) {
            open_gates();
            through_the_gates(0);
        } else {
            story(most);
        }
        _exit(check_failures != 0);
    }
    return end_of(&child) == 1;
}

int main(void)
{
    load_begin();
    use_own_file_system("64m");
    mkdir(object_directory(), 0700);
    CHECK(fails(any, 1, NULL, 9) && fails(all, 1, NULL, 102) && fails(crowd, 1, NULL, 1));
    CHECK(fails(all, 0, "view", 300) && fails(all, 0, "name", 300) && fails(all, 0, "handle", 300));
    CHECK(!fails(any, 0, NULL, effort(200, 10000)));
    CHECK(!fails(all, 0, NULL, effort(300, 50000)));
    CHECK(!fails(crowd, 0, NULL, effort(3, 60)));
    return check_end();
}
