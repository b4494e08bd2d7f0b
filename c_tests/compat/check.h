/* CHECK for the programs of this folder: a line per failure, a sum at the end. */
#ifndef COMPAT_CHECK_H
#define COMPAT_CHECK_H

#include <stdio.h>

static int check_failures;

#define CHECK(condition)                                                        \
    do {                                                                        \
        if (!(condition)) {                                                     \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);     \
            check_failures++;                                                   \
        }                                                                       \
    } while (0)

#endif
