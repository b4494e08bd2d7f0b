/* What chunk_writer and chunk_reader share. */
#ifndef CHUNKS_H
#define CHUNKS_H

#include <SharedMemory.h>

#include <stddef.h>
#include <stdio.h>

/* A name without a slash vanishes with its last user, a killed one too: nobody meets an old exchange. */
#define DEFAULT_NAME "chunks"

enum { CHUNKS = 5, CHUNK_SIZE = 1023 };

struct Chunk {
    int number;      /* 1, 2, ... */
    int is_complete; /* the last one */
    char bytes[CHUNK_SIZE];
};

/* The writer writes a chunk and waits until its number is taken; so none is overwritten unread. */
struct Exchange {
    struct Chunk chunk; /* written by the writer only */
    int taken;          /* the number of the last chunk that was read; written by the reader only */
};

static inline int failed(const char *what, int error) {
    fprintf(stderr, "%s: %s\n", what, SharedMemoryErrorText(error));
    return 1;
}

#endif
