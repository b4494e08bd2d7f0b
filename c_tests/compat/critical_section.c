/* Critical sections: one thread inside, as often as it likes; the others get their turn. */
#include <synchapi.h>
#include "threads.h"

enum { ROUNDS = 20000, WORKERS = 4, TURNS = 20, MOST_HOLDS = 1500 };

static CRITICAL_SECTION section;
static LONG counted; /* protected by the section alone */

static void *try_to_enter(void *entered)
{
    *(BOOL *)entered = TryEnterCriticalSection(&section);
    if (*(BOOL *)entered)
        LeaveCriticalSection(&section);
    return NULL;
}

/** Whether another thread can enter. */
static BOOL others_can_enter(void)
{
    struct threads other = {{0}, 0};
    BOOL entered = FALSE;

    start(&other, 1, try_to_enter, &entered);
    join(&other);
    return entered;
}

static void recursion(void)
{
    InitializeCriticalSection(&section);
    CHECK(others_can_enter());
    EnterCriticalSection(&section);
    EnterCriticalSection(&section);
    CHECK(TryEnterCriticalSection(&section));
    CHECK(!others_can_enter());
    LeaveCriticalSection(&section);
    LeaveCriticalSection(&section);
    CHECK(!others_can_enter()); /* entered three times, left twice */
    LeaveCriticalSection(&section);
    CHECK(others_can_enter());
    DeleteCriticalSection(&section);
}

static void initialization(void)
{
    CHECK(InitializeCriticalSectionAndSpinCount(&section, 0x80000400));
    CHECK(SetCriticalSectionSpinCount(&section, 10) == 0x400 && SetCriticalSectionSpinCount(&section, 0) == 10);
    EnterCriticalSection(&section);
    CHECK(!others_can_enter());
    LeaveCriticalSection(&section);
    DeleteCriticalSection(&section);

    memset(&section, 0xff, sizeof section); /* what was there before does not matter */
    CHECK(InitializeCriticalSectionEx(&section, 4000, CRITICAL_SECTION_NO_DEBUG_INFO));
    CHECK(section.DebugInfo != NULL && SetCriticalSectionSpinCount(&section, 0) == 4000);
    CHECK(others_can_enter());
    DeleteCriticalSection(&section);
    CHECK(section.DebugInfo == NULL);
}

static void *count(void *argument)
{
    int i;

    for (i = 0; i < ROUNDS; i++) {
        if (i % 3 != 0 || !TryEnterCriticalSection(&section))
            EnterCriticalSection(&section);
        EnterCriticalSection(&section);
        counted++;
        LeaveCriticalSection(&section);
        counted++;
        LeaveCriticalSection(&section);
    }
    return argument;
}

static void exclusion(DWORD spin_count)
{
    struct threads threads = {{0}, 0};

    counted = 0;
    InitializeCriticalSectionAndSpinCount(&section, spin_count);
    start(&threads, WORKERS, count, NULL);
    join(&threads);
    CHECK(counted == 2 * WORKERS * ROUNDS);
    DeleteCriticalSection(&section);
}

static volatile LONG turns;

static void *take_turns(void *argument)
{
    wake_up_slowly();
    while (InterlockedIncrement(&turns) < TURNS) {
        EnterCriticalSection(&section);
        LeaveCriticalSection(&section);
        milliseconds(1);
    }
    return argument;
}

/** A thread that leaves only to enter again keeps another out for some holds, not for hundreds. */
static void turns_of_others(void)
{
    struct threads other = {{0}, 0};
    int holds = 0;

    InitializeCriticalSection(&section);
    start(&other, 1, take_turns, NULL);
    while (peek(&turns) < TURNS && holds < MOST_HOLDS) {
        const double begin = now();

        EnterCriticalSection(&section);
        while (now() < begin + 2)
            continue;
        LeaveCriticalSection(&section);
        holds++;
    }
    CHECK(peek(&turns) >= TURNS);
    join(&other);
    DeleteCriticalSection(&section);
}

int main(void)
{
    recursion();
    initialization();
    exclusion(0);
    exclusion(4000);
    turns_of_others();
    return check_failures != 0;
}
