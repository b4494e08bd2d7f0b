/*
 * The operations that are compared, and what is asked of winshm in each.
 */
#ifndef OPERATIONS_H
#define OPERATIONS_H

#include <stddef.h>

/* How our time is compared with the reference's: ours / its, ours - its in ns, its /
 * ours; or ours alone, where it is a share of a processor. */
enum measure { RATIO, DIFFERENCE, SPEEDUP, SHARE };

/* Where the two processes of a contender run; those that have one run as the first. */
enum place { ONE_CORE, ONE_EACH, ANYWHERE };

struct operation {
    const char *name, *what, *reference;
    enum measure measure;
    double must, aim; /* 0: nothing is asked */
    enum place place;
    int most_rounds; /* where one is long; else 0 */
};

extern const struct operation operations[];
extern const size_t operation_count;

#endif
