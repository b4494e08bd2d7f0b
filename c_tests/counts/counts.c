/*
 * counts.c - under callgrind, writes what each of the hot calls took: one dump for
 * each, which says how often it was done and what.
 */
#include "hot_calls.h"

#include <stdlib.h>
#include <valgrind/callgrind.h>

static void must_do(const HOT_CALL *call, int times)
{
    while (times-- > 0)
        if (!call->run()) {
            fprintf(stderr, "%s: fails, last error %lu\n", call->name, (unsigned long)GetLastError());
            exit(1);
        }
}

int main(void)
{
    char label[128];
    size_t i;

    if (!hot_begin()) {
        fprintf(stderr, "something cannot be had, last error %lu\n", (unsigned long)GetLastError());
        return 1;
    }
    for (i = 0; i < HOT_CALLS; ++i) {
        /* Closed handles are cleared away by dozens: of these, several times as many. */
        int times = hot_calls[i].needs_kernel ? 256 : 1000;

        must_do(&hot_calls[i], times); /* what is done only once has been done then */
        snprintf(label, sizeof label, "%d %s", times, hot_calls[i].name);
        CALLGRIND_ZERO_STATS;
        must_do(&hot_calls[i], times);
        CALLGRIND_DUMP_STATS_AT(label);
    }
    return 0;
}
