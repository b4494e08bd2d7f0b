/*
 * The rows about waiting for an event that another process sets, which waits for
 * another one in its turn.
 */
#define _GNU_SOURCE
#include "sync.h"

#include "measure.h"
#include "partner.h"

#include <string.h>

/* No two of them share a cache line. */
struct bare_event {
    uint32_t word __attribute__((aligned(128)));
};

static HANDLE opened_event(const char *what)
{
    HANDLE event = OpenEventA(SYNCHRONIZE | EVENT_MODIFY_STATE, FALSE, name_of(what));
    MUST(event != NULL);
    return event;
}

static HANDLE created_event(const char *what)
{
    HANDLE event = CreateEventA(NULL, FALSE, FALSE, name_of(what));
    MUST(event != NULL && GetLastError() == 0);
    return event;
}

/* --- a round trip: an event there, an event back ----------------------------------- */

#define MOST 8
#define TRIPS 200
static enum where bare_place, our_place;
/* Set by a store and a wake, taken by an exchange or slept on. */
static struct bare_event *bare_there, *bare_back;
static HANDLE there[MOST], back;
static int count;

static void set_bare(struct bare_event *event)
{
    __atomic_store_n(&event->word, 1, __ATOMIC_SEQ_CST);
    syscall(SYS_futex, &event->word, FUTEX_WAKE, 1, NULL, NULL, 0);
}

static void take_bare(struct bare_event *event)
{
    while (__atomic_exchange_n(&event->word, 0, __ATOMIC_SEQ_CST) == 0)
        MUST(syscall(SYS_futex, &event->word, FUTEX_WAIT, 0, NULL, NULL, 0) == 0 || errno == EAGAIN ||
             errno == EINTR);
}

#ifndef SYS_futex_waitv
#define SYS_futex_waitv 449
#endif
struct bare_waiter {
    uint64_t value, address;
    uint32_t flags, reserved;
};
#define FUTEX_OF_32_BITS 2

/* The first of `count` that is set; sleeps on all. */
static int take_bare_any(struct bare_event *events)
{
    struct bare_waiter waiters[MOST];
    for (;;) {
        for (int i = 0; i < count; i++) {
            uint32_t set = 1;
            if (__atomic_load_n(&events[i].word, __ATOMIC_ACQUIRE) == 1 &&
                __atomic_compare_exchange_n(&events[i].word, &set, 0, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
                return i;
            waiters[i] = (struct bare_waiter){0, (uint64_t)(uintptr_t)&events[i].word, FUTEX_OF_32_BITS, 0};
        }
        MUST(syscall(SYS_futex_waitv, waiters, count, 0, NULL, 0) >= 0 || errno == EAGAIN || errno == EINTR);
    }
}

static void prepare_bare(void) { place(bare_place, 1); }

static void answer_bare(void)
{
    for (;;) {
        if (count == 1)
            take_bare(&bare_there[0]);
        else
            MUST(take_bare_any(bare_there) == count - 1);
        set_bare(bare_back);
    }
}

static void bare_trip(void)
{
    set_bare(&bare_there[count - 1]);
    take_bare(bare_back);
}

static const char *there_name(int i)
{
    static char name[16];
    snprintf(name, sizeof name, "there-%d", i);
    return name;
}

static void prepare_ours(void)
{
    place(our_place, 1);
    for (int i = 0; i < count; i++)
        there[i] = opened_event(there_name(i));
    back = opened_event("back");
}

static void answer_ours(void)
{
    for (;;) {
        if (count == 1)
            take(there[0]);
        else
            MUST(WaitForMultipleObjects((DWORD)count, there, FALSE, INFINITE) == WAIT_OBJECT_0 + (DWORD)count - 1);
        MUST(SetEvent(back));
    }
}

static void our_trip(void)
{
    MUST(SetEvent(there[count - 1]));
    take(back);
}

static double bare_round(void)
{
    place(bare_place, 0);
    return round_of(bare_trip, TRIPS);
}

static double our_round(void)
{
    place(our_place, 0);
    return round_of(our_trip, TRIPS);
}

static void round_trips(const char *what, int objects, enum where bare_where, enum where our_where, int rounds,
                        const char *target)
{
    pid_t bare, ours;
    count = objects;
    bare_place = bare_where;
    our_place = our_where;
    memset(bare_there, 0, sizeof *bare_there * MOST);
    bare_back->word = 0;
    for (int i = 0; i < count; i++)
        there[i] = created_event(there_name(i));
    back = created_event("back");
    bare = partner(prepare_bare, answer_bare);
    ours = partner(prepare_ours, answer_ours);
    give_up_after(120);
    compare_rounds(what, bare_round, our_round, rounds, RATIO, target);
    end_partner(bare);
    end_partner(ours);
    for (int i = 0; i < count; i++)
        MUST(CloseHandle(there[i]));
    MUST(CloseHandle(back));
    place(ANYWHERE, 0);
}

void trip_rows(int rounds)
{
    bare_there = map_shared(sizeof *bare_there * MOST);
    bare_back = map_shared(sizeof *bare_back);
    print_head("ns per round trip (medians)");
    round_trips("ping-pong, one CPU, futex", 1, ONE_PROCESSOR, ONE_PROCESSOR, rounds, "<= 1.2x");
    if (has_two_processors()) {
        /* The scheduler may put two that sleep in turn on one processor, where they
         * wait for each other less long; the futex is to show what two cost. Who is
         * pinned does not spin, so ours are not. */
        round_trips("ping-pong, two CPUs, futex on one each", 1, ONE_EACH, ANYWHERE, rounds, "<= 0.05x");
        round_trips("ping-pong, pinned to one CPU each, futex", 1, ONE_EACH, ONE_EACH, rounds, "");
    }
    round_trips("wait-any of 8, one CPU, futex_waitv", MOST, ONE_PROCESSOR, ONE_PROCESSOR, rounds, "<= 1.15x");
    if (has_two_processors())
        round_trips("wait-any of 8, one CPU each, futex_waitv", MOST, ONE_EACH, ONE_EACH, rounds, "<= 1.15x");
}
