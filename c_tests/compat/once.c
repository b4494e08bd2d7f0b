/* INIT_ONCE: many threads want it, one does it, all get what it made. */
#include <synchapi.h>
#include "threads.h"

enum { WORKERS = 8, ROUNDS = 200 };

static INIT_ONCE once = INIT_ONCE_STATIC_INIT;
static volatile LONG calls, failures_left, barrier;
static BOOL slow;
static int made; /* written by the function, read without a lock */

static BOOL CALLBACK make(PINIT_ONCE object, PVOID parameter, PVOID *context)
{
    CHECK(object == &once && parameter == (PVOID)&calls);
    InterlockedIncrement(&calls);
    if (slow)
        milliseconds(2); /* long enough for others to fall asleep */
    if (InterlockedDecrement(&failures_left) >= 0) {
        SetLastError(ERROR_NOT_SUPPORTED);
        return FALSE;
    }
    made++;
    *context = &made;
    return TRUE;
}

struct outcome {
    volatile LONG succeeded, failed, wrong;
};

static void *want(void *argument)
{
    struct outcome *outcome = (struct outcome *)argument;
    PVOID context = NULL;
    int polls = 0;

    InterlockedIncrement(&barrier);
    while (peek(&barrier) < WORKERS)
        poll_again(&polls);
    SetLastError(7);
    if (InitOnceExecuteOnce(&once, make, (PVOID)&calls, &context)) {
        InterlockedIncrement(&outcome->succeeded);
        if (context != &made || made != 1)
            InterlockedIncrement(&outcome->wrong);
    } else {
        InterlockedIncrement(&outcome->failed);
        if (context != NULL || GetLastError() != ERROR_NOT_SUPPORTED)
            InterlockedIncrement(&outcome->wrong);
    }
    return NULL;
}

/** The first `failures` attempts fail; each caller that failed knows, the next one tries. */
static void race(LONG failures)
{
    struct threads threads = {{0}, 0};
    struct outcome outcome = {0, 0, 0};

    calls = 0;
    made = 0;
    barrier = 0;
    failures_left = failures;
    start(&threads, WORKERS, want, &outcome);
    join(&threads);
    CHECK(outcome.wrong == 0 && outcome.failed == failures && outcome.succeeded == WORKERS - failures);
    CHECK(calls == failures + 1 && made == 1);
}

static void races(void)
{
    int i;

    race(0);
    for (i = 0; i < ROUNDS; i++) {
        InitOnceInitialize(&once);
        slow = i % 16 < 4;
        race(i % 4);
    }
    CHECK(InitOnceExecuteOnce(&once, make, (PVOID)&calls, NULL) && made == 1); /* wants no context */
}

static BOOL CALLBACK make_odd(PINIT_ONCE object, PVOID parameter, PVOID *context)
{
    (void)object;
    *context = (char *)parameter + 1;
    return TRUE;
}

static void by_hand(void)
{
    static LONGLONG thing;
    BOOL pending = FALSE;
    PVOID context = NULL;

    ZeroMemory(&once, sizeof once);
    CHECK(!InitOnceBeginInitialize(&once, INIT_ONCE_CHECK_ONLY, &pending, &context) && GetLastError() == 31);
    CHECK(!InitOnceComplete(&once, 0, &thing) && GetLastError() == 31); /* nobody began */
    CHECK(InitOnceBeginInitialize(&once, 0, &pending, &context) && pending);
    CHECK(!InitOnceBeginInitialize(&once, INIT_ONCE_ASYNC, &pending, NULL) && GetLastError() == 87);
    CHECK(!InitOnceComplete(&once, INIT_ONCE_ASYNC, &thing) && GetLastError() == 87);
    CHECK(!InitOnceComplete(&once, 0, (char *)&thing + 2) && GetLastError() == 87); /* the bits are taken */
    CHECK(!InitOnceComplete(&once, INIT_ONCE_INIT_FAILED, &thing) && GetLastError() == 87);
    CHECK(InitOnceComplete(&once, INIT_ONCE_INIT_FAILED, NULL));
    CHECK(InitOnceBeginInitialize(&once, 0, &pending, &context) && pending); /* so it is begun anew */
    CHECK(InitOnceComplete(&once, 0, &thing));
    CHECK(InitOnceBeginInitialize(&once, 0, &pending, &context) && !pending && context == &thing);
    CHECK(InitOnceBeginInitialize(&once, INIT_ONCE_CHECK_ONLY, &pending, &context) && !pending);
    CHECK(!InitOnceComplete(&once, 0, &thing) && GetLastError() == 31);

    InitOnceInitialize(&once);
    CHECK(!InitOnceExecuteOnce(&once, make_odd, &thing, &context) && GetLastError() == 87);
    CHECK(InitOnceBeginInitialize(&once, INIT_ONCE_ASYNC, &pending, NULL) && pending);
    CHECK(InitOnceBeginInitialize(&once, INIT_ONCE_ASYNC, &pending, NULL) && pending); /* two at it */
    CHECK(InitOnceComplete(&once, INIT_ONCE_ASYNC, &thing));
    CHECK(!InitOnceComplete(&once, INIT_ONCE_ASYNC, &pending) && GetLastError() == 31); /* the slower one */
    CHECK(InitOnceBeginInitialize(&once, INIT_ONCE_ASYNC, &pending, &context) && !pending && context == &thing);
    CHECK(!InitOnceBeginInitialize(&once, INIT_ONCE_CHECK_ONLY | INIT_ONCE_ASYNC, &pending, NULL));
    CHECK(!InitOnceBeginInitialize(&once, 8, &pending, NULL) && GetLastError() == 87);
}

int main(void)
{
    races();
    by_hand();
    return check_failures != 0;
}
