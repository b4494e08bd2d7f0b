/*
 * What is measured inside the library: how a handle leads to its object. And a plain
 * scan of the words that the events of a wait-any have, where they lie: that decides
 * how soon the processor has them.
 */
#define _GNU_SOURCE
#include <windows.h>

#define LAST_ERROR GetLastError()
#include "contender.h"

#include <stdint.h>

/* Exported by builds with the feature `bench`. */
extern uint64_t winshm_bench_lookup(const HANDLE *handles, size_t count);
extern uint64_t winshm_bench_direct(const uint64_t *const *states, size_t count);
extern const uint64_t *winshm_bench_state(HANDLE handle);

#define MOST 64
static HANDLE events[MOST];
static const uint64_t *states[MOST];
static uint64_t *words[MOST], available;

static void begin(void)
{
    for (long i = 0; i < argument; i++) {
        char what[16];
        snprintf(what, sizeof what, "event-%ld", i);
        events[i] = CreateEventA(NULL, FALSE, FALSE, name_of(what));
        MUST(events[i] != NULL && GetLastError() == 0);
        states[i] = winshm_bench_state(events[i]);
        words[i] = (uint64_t *)(uintptr_t)states[i];
        MUST(words[i] != NULL && *words[i] == 0);
    }
    MUST(SetEvent(events[0]));
    available = *words[0];
    MUST(ResetEvent(events[0]) && available != 0 && *words[0] == 0);
}

static void end(void)
{
    for (long i = 0; i < argument; i++) {
        MUST(*words[i] == 0);
        MUST(CloseHandle(events[i]));
    }
}

static void look_up(void) { MUST(winshm_bench_lookup(events, (size_t)argument) == 0); }
static void look_directly(void) { MUST(winshm_bench_direct(states, (size_t)argument) == 0); }

static int take(uint64_t *word, uint64_t set)
{
    return __atomic_compare_exchange_n(word, &set, 0, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
}

static void scan(long count, uint64_t set)
{
    long found = 0;
    __atomic_exchange_n(words[count - 1], set, __ATOMIC_SEQ_CST);
    while (found < count && !(__atomic_load_n(words[found], __ATOMIC_ACQUIRE) == set && take(words[found], set)))
        found++;
    MUST(found == count - 1);
}

MEASURE(measure_look_up, look_up())
MEASURE(measure_direct, look_directly())
MEASURE(measure_scan, scan(argument, available))

static const struct contender contenders[] = {
    {"look-up-1", "winshm", begin, measure_look_up, end, 1, 0, NULL},
    {"look-up-1", "direct pointer", begin, measure_direct, end, 1, 0, NULL},
    {"look-up-64", "winshm", begin, measure_look_up, end, 64, 0, NULL},
    {"look-up-64", "direct pointer", begin, measure_direct, end, 64, 0, NULL},
    {"any-2", "scan of the words", begin, measure_scan, end, 2, 0, NULL},
    {"any-8", "scan of the words", begin, measure_scan, end, 8, 0, NULL},
    {"any-64", "scan of the words", begin, measure_scan, end, 64, 0, NULL},
};
CONTENDERS(contenders)
