/*
 * winshm_malloc.h - memory on the stack, and memory whose address is a multiple.
 *
 * Part of malloc.h; not included by programs.
 */
#ifndef WINSHM_MALLOC_H
#define WINSHM_MALLOC_H

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>

#ifdef __cplusplus
extern "C"
#endif
void *memalign(size_t, size_t) __attribute__((__nothrow__));

#ifndef _alloca
#define _alloca(size) __builtin_alloca(size)
#endif

/** Memory at a multiple of `alignment`, a power of two; NULL with errno. */
static inline void *_aligned_malloc(size_t size, size_t alignment)
{
    if (alignment != 0 && (alignment & (alignment - 1)) == 0)
        return memalign(alignment, size);
    errno = EINVAL;
    return NULL;
}

static inline void _aligned_free(void *memory)
{
    free(memory);
}

#endif /* WINSHM_MALLOC_H */
