/*
 * test_event_wait.c - what events do to the threads that wait for them. An
 * auto-reset event lets one through for each setting; a manual-reset event lets
 * everybody through until it is reset, and whoever was waiting when it was set.
 */
#include "waiting.h"

enum { SLEEPERS = 5 };

static HANDLE automatic(void) { return CreateEventA(NULL, FALSE, FALSE, NULL); }
static HANDLE manual(void) { return CreateEventA(NULL, TRUE, FALSE, NULL); }
static int is_set(HANDLE event) { return WaitForSingleObject(event, 0) == WAIT_OBJECT_0; }

static void start_sleepers(WAITER *sleepers, int count, HANDLE event)
{
    while (count-- > 0)
        start_sleeper(&sleepers[count], event);
}
static int end_all(WAITER *sleepers, int count)
{
    int right = 0;

    while (count-- > 0)
        right += end_waiter(&sleepers[count]) == WAIT_OBJECT_0 && sleepers[count].error == SENTINEL;
    return right;
}

/* Without anybody waiting: what is set once or twice can be taken once, and what is reset not at all. */
static void an_auto_event_is_taken_once(void)
{
    HANDLE event;

    CHECK(event = automatic());
    CHECK_QUIET(WaitForSingleObject(event, 0) == WAIT_TIMEOUT);
    CHECK_QUIET(SetEvent(event));
    CHECK_QUIET(WaitForSingleObject(event, 0) == WAIT_OBJECT_0);
    CHECK_QUIET(WaitForSingleObject(event, 0) == WAIT_TIMEOUT);
    CHECK(SetEvent(event) && SetEvent(event));
    CHECK(WaitForSingleObject(event, INFINITE) == WAIT_OBJECT_0);
    CHECK(!is_set(event));
    CHECK(SetEvent(event) && ResetEvent(event) && !is_set(event));
    CHECK(ResetEvent(event) && !is_set(event));
    CHECK(CloseHandle(event));
    CHECK(event = CreateEventA(NULL, FALSE, TRUE, NULL));
    CHECK(is_set(event) && !is_set(event));
    CHECK(CloseHandle(event));
}

/* A manual one stays as it is, however often it is waited for. */
static void a_manual_event_stays(void)
{
    HANDLE event;
    int i;

    CHECK(event = manual());
    CHECK_QUIET(WaitForSingleObject(event, 0) == WAIT_TIMEOUT);
    CHECK(SetEvent(event) && SetEvent(event));
    for (i = 0; i < 10; ++i)
        CHECK_QUIET(WaitForSingleObject(event, i % 2 ? INFINITE : 0) == WAIT_OBJECT_0);
    CHECK(wait_elsewhere(event, INFINITE) == WAIT_OBJECT_0);
    CHECK(ResetEvent(event) && !is_set(event) && ResetEvent(event) && !is_set(event));
    CHECK(CloseHandle(event));
    CHECK(event = CreateEventA(NULL, TRUE, TRUE, NULL));
    CHECK(is_set(event) && is_set(event) && CloseHandle(event));
}

/* Any value but 0 makes it manual, any value but 0 sets it; an Ex function wants flags instead, and knows two. */
static void an_event_is_what_it_was_created_as(void)
{
    static const BOOL values[] = {FALSE, TRUE, 2, -1};
    const char *name = NAME("ex");
    HANDLE event, second;
    int i, k;
    DWORD flags;

    for (i = 0; i < 4; ++i) {
        for (k = 0; k < 4; ++k) {
            event = CreateEventA(NULL, values[i], values[k], NULL);
            CHECK(is_set(event) == (k != 0));
            CHECK(SetEvent(event) && is_set(event) && is_set(event) == (i != 0));
            CHECK(CloseHandle(event));
        }
    }
    for (flags = 0; flags < 4; ++flags) {
        CHECK_LAST(event = CreateEventExA(NULL, NULL, flags, EVENT_ALL_ACCESS), ERROR_SUCCESS);
        CHECK(is_set(event) == ((flags & CREATE_EVENT_INITIAL_SET) != 0));
        CHECK(SetEvent(event) && is_set(event) && is_set(event) == ((flags & CREATE_EVENT_MANUAL_RESET) != 0));
        CHECK(CloseHandle(event));
    }
    for (flags = 4; flags != 0; flags <<= 1)
        CHECK_ERROR(CreateEventExA(NULL, name, flags, EVENT_ALL_ACCESS), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(OpenEventA(SYNCHRONIZE, FALSE, name), ERROR_FILE_NOT_FOUND);
    /* Who finds it by its name changes neither its kind nor its state. */
    flags = CREATE_EVENT_MANUAL_RESET | CREATE_EVENT_INITIAL_SET;
    CHECK_LAST(event = CreateEventExW(NULL, widen(name), flags, SYNCHRONIZE), ERROR_SUCCESS);
    CHECK_ERROR(SetEvent(event), ERROR_ACCESS_DENIED);
    CHECK_LAST(second = CreateEventExA(NULL, name, 0, EVENT_MODIFY_STATE), ERROR_ALREADY_EXISTS);
    CHECK_ERROR(WaitForSingleObject(second, 0) != WAIT_FAILED, ERROR_ACCESS_DENIED);
    CHECK(is_set(event) && is_set(event));
    CHECK_QUIET(ResetEvent(second));
    CHECK(!is_set(event) && CloseHandle(event) && CloseHandle(second));
}

/* Waiting needs SYNCHRONIZE and pulsing EVENT_MODIFY_STATE, under one of their names. */
static void each_call_needs_its_right(void)
{
    static const struct {
        DWORD access;
        int may_wait, may_pulse;
    } rows[] = {
        {SYNCHRONIZE, 1, 0},     {EVENT_MODIFY_STATE, 0, 1}, {EVENT_ALL_ACCESS, 1, 1}, {GENERIC_READ, 0, 0},
        {GENERIC_WRITE, 0, 1},   {GENERIC_EXECUTE, 1, 0},    {GENERIC_ALL, 1, 1},      {MAXIMUM_ALLOWED, 1, 1},
        {READ_CONTROL, 0, 0},    {EVENT_QUERY_STATE, 0, 0},
    };
    const char *name = NAME("rights");
    HANDLE creator = CreateEventA(NULL, FALSE, FALSE, name), event;
    size_t i;

    for (i = 0; i < sizeof rows / sizeof rows[0]; ++i) {
        int before = check_failures;

        CHECK_QUIET((event = OpenEventA(rows[i].access, FALSE, name)) != NULL);
        CHECK(SetEvent(creator));
        if (rows[i].may_wait) {
            CHECK(is_set(event) && !is_set(creator));
        } else {
            CHECK_ERROR(WaitForSingleObject(event, 0) != WAIT_FAILED, ERROR_ACCESS_DENIED);
            CHECK(is_set(creator)); /* the refused wait took nothing */
        }
        CHECK(SetEvent(creator));
        if (rows[i].may_pulse) {
            CHECK_QUIET(PulseEvent(event));
            CHECK(!is_set(creator));
        } else {
            CHECK_ERROR(PulseEvent(event), ERROR_ACCESS_DENIED);
            CHECK(is_set(creator));
        }
        CHECK(CloseHandle(event));
        if (check_failures != before)
            fprintf(stderr, "... with access 0x%lX\n", (unsigned long)rows[i].access);
    }
    CHECK(CloseHandle(creator));
    CHECK_ERROR(PulseEvent(creator), ERROR_INVALID_HANDLE);
    CHECK_ERROR(PulseEvent(NULL), ERROR_INVALID_HANDLE);
    CHECK_ERROR(PulseEvent(GARBAGE_HANDLE), ERROR_INVALID_HANDLE);
}

/* Each setting wakes one of those who sleep. The event is unset then, and the others sleep on. */
static void each_setting_lets_one_through(void)
{
    HANDLE event = automatic();
    WAITER sleepers[SLEEPERS];
    int i;

    start_sleepers(sleepers, SLEEPERS, event);
    for (i = 1; i <= SLEEPERS; ++i) {
        CHECK(SetEvent(event));
        CHECK(until_done(sleepers, SLEEPERS, i) == i);
        CHECK(!is_set(event));
    }
    CHECK(end_all(sleepers, SLEEPERS) == SLEEPERS);
    CHECK(CloseHandle(event));
}

/* A manual event lets everybody through at once, asleep or not yet. */
static void a_manual_event_lets_everybody_through(void)
{
    HANDLE event = manual();
    WAITER sleepers[SLEEPERS];

    start_sleepers(sleepers, SLEEPERS, event);
    CHECK(SetEvent(event));
    CHECK(end_all(sleepers, SLEEPERS) == SLEEPERS);
    CHECK(is_set(event) && wait_elsewhere(event, INFINITE) == WAIT_OBJECT_0);
    CHECK(CloseHandle(event));
}

/* Whoever was waiting when a manual event was set gets through, though it is reset before he wakes. Later ones wait. */
static void set_and_reset_at_once_releases_all(void)
{
    HANDLE event = manual();
    WAITER sleepers[SLEEPERS], late;
    int round;

    for (round = 0; round < 20; ++round) {
        start_sleepers(sleepers, SLEEPERS, event);
        CHECK(SetEvent(event) && ResetEvent(event));
        CHECK(!is_set(event));
        start_sleeper(&late, event);
        CHECK(end_all(sleepers, SLEEPERS) == SLEEPERS);
        CHECK(!is_done(&late) && SetEvent(event) && end_waiter(&late) == WAIT_OBJECT_0 && ResetEvent(event));
    }
    CHECK(CloseHandle(event));
}

/* A pulse is that in one call: everybody through a manual event, one through the other kind, and unset behind them. */
static void a_pulse_releases_who_is_waiting(void)
{
    HANDLE event = manual();
    WAITER sleepers[SLEEPERS];
    int round, i;

    for (round = 0; round < 20; ++round) {
        start_sleepers(sleepers, SLEEPERS, event);
        CHECK_QUIET(PulseEvent(event));
        CHECK(!is_set(event));
        CHECK(end_all(sleepers, SLEEPERS) == SLEEPERS);
    }
    CHECK(CloseHandle(event));
    event = automatic();
    for (round = 0; round < 10; ++round) {
        start_sleepers(sleepers, SLEEPERS, event);
        for (i = 1; i <= SLEEPERS; ++i) {
            CHECK_QUIET(PulseEvent(event));
            CHECK(until_done(sleepers, SLEEPERS, i) == i);
            CHECK(!is_set(event));
        }
        CHECK(end_all(sleepers, SLEEPERS) == SLEEPERS);
    }
    CHECK(CloseHandle(event));
}

/* Nobody is waiting: a pulse is over at once, and leaves any event unset. */
static void a_pulse_without_waiters_only_resets(void)
{
    HANDLE events[2];
    int i;

    events[0] = automatic(), events[1] = manual();
    for (i = 0; i < 2; ++i) {
        CHECK_QUIET(PulseEvent(events[i]));
        CHECK(!is_set(events[i]));
        CHECK(SetEvent(events[i]));
        CHECK_QUIET(PulseEvent(events[i]));
        CHECK(!is_set(events[i]));
        CHECK(SetEvent(events[i]) && is_set(events[i]));
        CHECK(CloseHandle(events[i]));
    }
}

/* Two threads call each other by events, thousands of times: no wake-up is lost and none is made up. */
typedef struct RALLY {
    HANDLE there, back;
    int rounds, right;
} RALLY;

static void *answer(void *argument)
{
    RALLY *rally = (RALLY *)argument;
    int i;

    for (i = 0; i < rally->rounds; ++i)
        rally->right += WaitForSingleObject(rally->there, INFINITE) == WAIT_OBJECT_0 && SetEvent(rally->back);
    return NULL;
}
static void no_wake_up_is_lost(void)
{
    RALLY rally = {NULL, NULL, 5000, 0};
    pthread_t thread;
    int i, right = 0;

    rally.there = automatic(), rally.back = automatic();
    if (pthread_create(&thread, NULL, answer, &rally) != 0)
        exit(2);
    for (i = 0; i < rally.rounds; ++i)
        right += SetEvent(rally.there) && WaitForSingleObject(rally.back, INFINITE) == WAIT_OBJECT_0 && !is_set(rally.back);
    CHECK(pthread_join(thread, NULL) == 0 && right == rally.rounds && rally.right == rally.rounds);
    CHECK(!is_set(rally.there) && CloseHandle(rally.there) && CloseHandle(rally.back));
}

int main(void)
{
    check_begin();
    an_auto_event_is_taken_once();
    a_manual_event_stays();
    an_event_is_what_it_was_created_as();
    each_call_needs_its_right();
    each_setting_lets_one_through();
    a_manual_event_lets_everybody_through();
    set_and_reset_at_once_releases_all();
    a_pulse_releases_who_is_waiting();
    a_pulse_without_waiters_only_resets();
    no_wake_up_is_lost();
    return check_end();
}
