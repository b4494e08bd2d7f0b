/*
 * check.h - CHECK for the programs of this folder, and names that no other run
 * has. Without winshm.h: SharedMemory.h must stand alone.
 */
#ifndef SHARED_MEMORY_CHECK_H
#define SHARED_MEMORY_CHECK_H

#include <stdio.h>
#include <unistd.h>

static int check_failures;

#define CHECK(condition)                                                                                  \
    do {                                                                                                  \
        if (!(condition)) {                                                                               \
            fprintf(stderr, "%s:%d: failed: %s\n", __FILE__, __LINE__, #condition);                       \
            check_failures++;                                                                             \
        }                                                                                                 \
    } while (0)

static inline const char *own_name(void) {
    static char name[40];

    snprintf(name, sizeof name, "shared_memory.%d", getpid());
    return name;
}

#endif
