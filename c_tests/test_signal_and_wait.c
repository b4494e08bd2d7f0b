/*
 * test_signal_and_wait.c - SignalObjectAndWait: it signals one object and waits
 * for another, and does neither when it cannot do both.
 */
#include "wait_many.h"

static DWORD signal_and_wait(HANDLE to_signal, HANDLE to_wait, DWORD timeout)
{
    return SignalObjectAndWait(to_signal, to_wait, timeout, FALSE);
}

/* An event is set, a semaphore gets one more, a mutex is released once; then the other object is waited for. */
static void it_signals_and_then_waits(void)
{
    HANDLE event = new_auto(FALSE), manual = new_manual(FALSE), semaphore = new_semaphore(0, 5);
    HANDLE mutex = CreateMutexA(NULL, TRUE, NULL), target = new_auto(TRUE);

    CHECK_WAIT(signal_and_wait(event, target, 0), WAIT_OBJECT_0);
    TAKES(event);
    MISSES(event);
    MISSES(target);
    CHECK(SetEvent(target));
    CHECK_WAIT(signal_and_wait(manual, target, INFINITE), WAIT_OBJECT_0);
    TAKES(manual);
    TAKES(manual);
    CHECK_WAIT(signal_and_wait(semaphore, manual, 1000), WAIT_OBJECT_0);
    CHECK_WAIT(SignalObjectAndWait(semaphore, manual, INFINITE, TRUE), WAIT_OBJECT_0);
    TAKES(semaphore);
    TAKES(semaphore);
    MISSES(semaphore);
    TAKES(mutex);
    CHECK_WAIT(signal_and_wait(mutex, manual, INFINITE), WAIT_OBJECT_0);
    CHECK(wait_elsewhere(mutex, 0) == WAIT_TIMEOUT);
    CHECK_WAIT(signal_and_wait(mutex, manual, INFINITE), WAIT_OBJECT_0);
    CHECK(wait_elsewhere(mutex, 0) == WAIT_OBJECT_0);
    CHECK(CloseHandle(event) && CloseHandle(manual) && CloseHandle(semaphore));
    CHECK(CloseHandle(mutex) && CloseHandle(target));
}

/* One object can be both: what is signalled is there for the wait. */
static void an_object_can_be_signalled_and_waited_for(void)
{
    HANDLE event = new_auto(FALSE), semaphore = new_semaphore(0, 1), mutex = CreateMutexA(NULL, TRUE, NULL);

    CHECK_WAIT(signal_and_wait(event, event, 0), WAIT_OBJECT_0);
    MISSES(event);
    CHECK_WAIT(signal_and_wait(semaphore, semaphore, INFINITE), WAIT_OBJECT_0);
    MISSES(semaphore);
    CHECK_WAIT(signal_and_wait(mutex, mutex, INFINITE), WAIT_OBJECT_0);
    CHECK(times_owned(mutex) == 1);
    CHECK(CloseHandle(event) && CloseHandle(semaphore) && CloseHandle(mutex));
}

/* The time passes: what it had to signal is signalled all the same. */
static void a_timeout_has_signalled(void)
{
    HANDLE event = new_auto(FALSE), mutex = CreateMutexA(NULL, TRUE, NULL), target = new_auto(FALSE);
    long long before = microseconds();

    CHECK_WAIT(signal_and_wait(event, target, 30), WAIT_TIMEOUT);
    CHECK(microseconds() - before >= 30000);
    TAKES(event);
    CHECK_WAIT(SignalObjectAndWait(event, target, 0, TRUE), WAIT_TIMEOUT);
    TAKES(event);
    CHECK_WAIT(signal_and_wait(mutex, target, 0), WAIT_TIMEOUT);
    CHECK(times_owned(mutex) == 0);
    CHECK(CloseHandle(event) && CloseHandle(mutex) && CloseHandle(target));
}

/* What it waits for may be an abandoned mutex, or one that the caller owns. */
static void it_waits_like_every_wait(void)
{
    HANDLE event = new_auto(FALSE), mutex = new_mutex();

    abandon(mutex);
    CHECK_WAIT(signal_and_wait(event, mutex, INFINITE), WAIT_ABANDONED);
    CHECK_WAIT(signal_and_wait(event, mutex, 0), WAIT_OBJECT_0);
    CHECK(times_owned(mutex) == 2);
    CHECK_WAIT(signal_and_wait(event, GetCurrentProcess(), 5), WAIT_TIMEOUT);
    TAKES(event);
    CHECK(CloseHandle(event) && CloseHandle(mutex));
}

/* The object to wait for is none, or not the caller's to wait for: nothing is signalled. */
static void without_a_wait_nothing_is_signalled(void)
{
    HANDLE signals[3], bad[5], section = new_memory(PAGE_READWRITE, 4096, NULL), target = new_manual(TRUE);
    static const DWORD errors[] = {ERROR_INVALID_HANDLE, ERROR_INVALID_HANDLE, ERROR_INVALID_HANDLE,
                                   ERROR_ACCESS_DENIED, ERROR_ACCESS_DENIED};
    DWORD i, k;

    signals[0] = new_auto(FALSE), signals[1] = new_semaphore(0, 1), signals[2] = CreateMutexA(NULL, TRUE, NULL);
    bad[0] = NULL, bad[1] = GARBAGE_HANDLE, bad[3] = reduced(target, EVENT_MODIFY_STATE), bad[4] = section;
    bad[2] = closed_handle(); /* last, because a new handle may get its number */
    for (i = 0; i < LENGTH(signals); ++i) {
        for (k = 0; k < LENGTH(errors); ++k) {
            CHECK_WAIT_FAILS(signal_and_wait(signals[i], bad[k], 0), errors[k]);
            CHECK_WAIT_FAILS(signal_and_wait(signals[i], bad[k], INFINITE), errors[k]);
        }
    }
    MISSES(signals[0]);
    MISSES(signals[1]);
    CHECK(times_owned(signals[2]) == 1);
    close_all(signals, 3);
    CHECK(CloseHandle(bad[3]) && CloseHandle(section) && CloseHandle(target));
}

/* The object to signal cannot be: the call fails and takes nothing. */
static void without_a_signal_nothing_is_taken(void)
{
    HANDLE target = new_auto(TRUE), full = new_semaphore(2, 2), free_mutex = new_mutex(), event = new_auto(FALSE);
    HANDLE section = new_memory(PAGE_READWRITE, 4096, NULL), process = same_object(GetCurrentProcess());
    HANDLE timer = new_timer(TRUE), no_event = reduced(event, SYNCHRONIZE), no_semaphore, empty = new_semaphore(0, 2);
    const DWORD timeouts[] = {0, 10, INFINITE};
    DWORD i;

    no_semaphore = reduced(empty, SYNCHRONIZE);
    for (i = 0; i < LENGTH(timeouts); ++i) {
        DWORD timeout = timeouts[i];

        CHECK_WAIT_FAILS(signal_and_wait(NULL, target, timeout), ERROR_INVALID_HANDLE);
        CHECK_WAIT_FAILS(signal_and_wait(GARBAGE_HANDLE, target, timeout), ERROR_INVALID_HANDLE);
        CHECK_WAIT_FAILS(signal_and_wait(closed_handle(), target, timeout), ERROR_INVALID_HANDLE);
        CHECK_WAIT_FAILS(signal_and_wait(full, target, timeout), ERROR_TOO_MANY_POSTS);
        CHECK_WAIT_FAILS(signal_and_wait(free_mutex, target, timeout), ERROR_NOT_OWNER);
        CHECK_WAIT_FAILS(signal_and_wait(section, target, timeout), ERROR_INVALID_HANDLE);
        CHECK_WAIT_FAILS(signal_and_wait(process, target, timeout), ERROR_INVALID_HANDLE);
        CHECK_WAIT_FAILS(signal_and_wait(timer, target, timeout), ERROR_INVALID_HANDLE);
        CHECK_WAIT_FAILS(signal_and_wait(no_event, target, timeout), ERROR_ACCESS_DENIED);
        CHECK_WAIT_FAILS(signal_and_wait(no_semaphore, target, timeout), ERROR_ACCESS_DENIED);
    }
    TAKES(target);
    TAKES(full);
    TAKES(full);
    MISSES(full);
    MISSES(event);
    MISSES(empty);
    MISSES(timer);
    CHECK(CloseHandle(target) && CloseHandle(full) && CloseHandle(free_mutex) && CloseHandle(event));
    CHECK(CloseHandle(section) && CloseHandle(process) && CloseHandle(timer));
    CHECK(CloseHandle(no_event) && CloseHandle(no_semaphore) && CloseHandle(empty));
}

/* Another thread's mutex is not released by it. The owner's handle needs no right for that but the one to wait. */
static void *signal_the_owners_mutex(void *argument)
{
    HANDLE *handles = (HANDLE *)argument;

    CHECK_WAIT_FAILS(signal_and_wait(handles[0], handles[1], 0), ERROR_NOT_OWNER);
    return NULL;
}
static void only_the_owner_signals_a_mutex(void)
{
    const char *name = NAME("owner");
    HANDLE handles[2], bare;

    handles[0] = CreateMutexA(NULL, TRUE, name), handles[1] = new_auto(TRUE);
    bare = OpenMutexA(SYNCHRONIZE, FALSE, name);
    in_a_thread(signal_the_owners_mutex, handles);
    CHECK(wait_elsewhere(handles[0], 0) == WAIT_TIMEOUT);
    CHECK_WAIT(signal_and_wait(bare, handles[1], 0), WAIT_OBJECT_0);
    CHECK(wait_elsewhere(handles[0], 0) == WAIT_OBJECT_0);
    CHECK(CloseHandle(bare));
    close_all(handles, 2);
}

/* Two threads that pass the turn to each other by nothing else: no wake-up is lost, no turn taken twice. */
typedef struct PLAYER {
    HANDLE mine, others;
    int rounds, *turn, me, wrong;
} PLAYER;

static void *play(void *argument)
{
    PLAYER *player = (PLAYER *)argument;
    int i;

    for (i = 0; i < player->rounds; ++i) {
        player->wrong += *player->turn != player->me;
        *player->turn = !player->me;
        player->wrong += signal_and_wait(player->others, player->mine, INFINITE) != WAIT_OBJECT_0;
    }
    return NULL;
}
static void *play_second(void *argument)
{
    PLAYER *player = (PLAYER *)argument;

    player->wrong += WaitForSingleObject(player->mine, INFINITE) != WAIT_OBJECT_0;
    play(argument);
    return NULL;
}
static void no_wake_up_is_lost(HANDLE first, HANDLE second)
{
    enum { ROUNDS = 5000 };
    PLAYER players[2];
    pthread_t thread;
    int turn = 0, i;

    for (i = 0; i < 2; ++i) {
        players[i].mine = i ? second : first, players[i].others = i ? first : second;
        players[i].rounds = ROUNDS, players[i].turn = &turn, players[i].me = i, players[i].wrong = 0;
    }
    CHECK(pthread_create(&thread, NULL, play_second, &players[1]) == 0);
    play(&players[0]);
    CHECK(SetEvent(second) || ReleaseSemaphore(second, 1, NULL)); /* the last round of the second player */
    CHECK(pthread_join(thread, NULL) == 0);
    CHECK(players[0].wrong == 0 && players[1].wrong == 0);
    CHECK(CloseHandle(first) && CloseHandle(second));
}

/* The signal and the wait are for others too: a third thread's wait is satisfied by it. */
static void the_signal_wakes_sleepers(void)
{
    HANDLE event = new_manual(FALSE), target = new_auto(FALSE);
    WAITER sleepers[3];
    int i;

    for (i = 0; i < 3; ++i)
        start_sleeper(&sleepers[i], event);
    CHECK_WAIT(signal_and_wait(event, target, 5), WAIT_TIMEOUT);
    for (i = 0; i < 3; ++i)
        CHECK(end_waiter(&sleepers[i]) == WAIT_OBJECT_0);
    CHECK(CloseHandle(event) && CloseHandle(target));
}

int main(void)
{
    check_begin();
    it_signals_and_then_waits();
    an_object_can_be_signalled_and_waited_for();
    a_timeout_has_signalled();
    it_waits_like_every_wait();
    without_a_wait_nothing_is_signalled();
    without_a_signal_nothing_is_taken();
    only_the_owner_signals_a_mutex();
    no_wake_up_is_lost(new_auto(FALSE), new_auto(FALSE));
    no_wake_up_is_lost(new_semaphore(0, 1), new_semaphore(0, 1));
    no_wake_up_is_lost(new_auto(FALSE), new_semaphore(0, 1));
    the_signal_wakes_sleepers();
    return check_end();
}
