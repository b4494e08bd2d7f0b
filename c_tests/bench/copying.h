/*
 * The sizes of the copies, and the buffers that all contenders copy from and into.
 */
#ifndef COPYING_H
#define COPYING_H

#include "contender.h"

/* Where large blocks of malloc begin within their page. `rep movsb` on a current AMD
 * is slower where the destination is less than a line further into its page than
 * the source, as it is when such a block is read into. */
#define AS_MALLOC 16

static char *source, *destination;
static size_t size;

static inline char *buffer_at(size_t offset, int filled_with)
{
    void *block;
    MUST(posix_memalign(&block, 4096, size + 4096) == 0);
    memset(block, filled_with, size + 4096); /* no first touch is measured */
    return (char *)block + offset;
}

/* `argument` is the size, and odd by one for blocks as malloc gives them. */
static inline void begin_buffers(void)
{
    size_t offset = argument % 2 ? AS_MALLOC : 0;
    size = (size_t)(argument & ~1L);
    source = buffer_at(offset, (int)(size % 251) + 1);
    destination = buffer_at(offset, 0);
}

static inline void must_be_copied(void) { MUST(memcmp(source, destination, size) == 0); }

/* Of the longest copies a millisecond has not one, and a round begins with caches that
 * others have used. */
#define CALLS_OF(size) ((size) >= 16 << 20 ? 4 : 0)

/* The rows of a table for sizes where all are of interest, and for the few. */
#define COPY_OF(operation, size, name, begin, measure, end) \
    {operation, name, begin, measure, end, size, CALLS_OF(size), NULL}
#define FEW_COPIES(name, begin, measure, end) \
    COPY_OF("copy-8B", 8, name, begin, measure, end), COPY_OF("copy-4KiB", 4096, name, begin, measure, end), \
        COPY_OF("copy-1MiB", 1 << 20, name, begin, measure, end)
#define ALL_COPIES(name, begin, measure, end) \
    FEW_COPIES(name, begin, measure, end), COPY_OF("copy-64B", 64, name, begin, measure, end), \
        COPY_OF("copy-512B", 512, name, begin, measure, end), COPY_OF("copy-64KiB", 65536, name, begin, measure, end), \
        COPY_OF("copy-64KiB-malloc", 65537, name, begin, measure, end), \
        COPY_OF("copy-1MiB-malloc", (1 << 20) + 1, name, begin, measure, end), \
        COPY_OF("copy-16MiB", 16 << 20, name, begin, measure, end), \
        COPY_OF("copy-16MiB-malloc", (16 << 20) + 1, name, begin, measure, end)

#endif
