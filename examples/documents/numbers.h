/* What number_writer and number_reader share. */
#ifndef NUMBERS_H
#define NUMBERS_H

#include <SharedMemory.h>

#include <stddef.h>
#include <stdio.h>

#define DEFAULT_NAME "numbers"

enum { COUNT = 100 };

struct Numbers {
    int numbers[COUNT]; /* first, so that they are written and read as an array */
    int are_read;       /* set by the reader */
};
#define ARE_READ_AT offsetof(struct Numbers, are_read)

static inline int failed(const char *what, int error) {
    fprintf(stderr, "%s: %s\n", what, SharedMemoryErrorText(error));
    return 1;
}

#endif
