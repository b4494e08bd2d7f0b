/* What counter and show_counter share: a text of this size, which is empty when the counter has ended. */
#ifndef COUNTER_H
#define COUNTER_H

#include <SharedMemory.h>

#include <stdio.h>

#define DEFAULT_NAME "counter"
#define TEXT_SIZE 1024

static inline int failed(const char *what, int error) {
    fprintf(stderr, "%s: %s\n", what, SharedMemoryErrorText(error));
    return 1;
}

#endif
