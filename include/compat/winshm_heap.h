/*
 * winshm_heap.h - HeapAlloc and its family, over malloc.
 *
 * On Linux: there is one heap, that of the process; HeapCreate is left out.
 * HEAP_GENERATE_EXCEPTIONS is refused.
 *
 * Part of windows.h; not included by programs.
 */
#ifndef WINSHM_HEAP_H
#define WINSHM_HEAP_H

#include <stdlib.h>
#include <string.h>

#include <winshm.h>

/** Accepted: all calls may come from several threads at once. */
#define HEAP_NO_SERIALIZE 0x00000001u
/** Refused: there are no structured exceptions. */
#define HEAP_GENERATE_EXCEPTIONS 0x00000004u
/** New memory is zero. */
#define HEAP_ZERO_MEMORY 0x00000008u
/** HeapReAlloc: the memory stays where it is, or nothing happens. */
#define HEAP_REALLOC_IN_PLACE_ONLY 0x00000010u

/** In front of each block; as large as malloc's alignment, which the block keeps. */
struct winshm_heap_block {
    SIZE_T size;
    SIZE_T room; /* how large it may get in place */
};

#define WINSHM_HEAP_FLAGS (HEAP_NO_SERIALIZE | HEAP_ZERO_MEMORY)
#define WINSHM_HEAP_MOST ((SIZE_T)PTRDIFF_MAX - sizeof(struct winshm_heap_block))

/** A constant that is no handle of an object. */
static inline HANDLE GetProcessHeap(VOID)
{
    return (HANDLE)(LONG_PTR)-32;
}

static inline struct winshm_heap_block *winshm_heap_block_of(LPCVOID memory)
{
    return (struct winshm_heap_block *)((LONG_PTR)memory) - 1;
}

/** Whether it is the heap; an error otherwise. */
static inline BOOL winshm_is_heap(HANDLE heap)
{
    if (heap == GetProcessHeap())
        return TRUE;
    SetLastError(ERROR_INVALID_HANDLE);
    return FALSE;
}

/** Returns memory, or NULL; as on Windows, a lack of memory is no last error. */
static inline LPVOID HeapAlloc(HANDLE heap, DWORD flags, SIZE_T size)
{
    struct winshm_heap_block *block;

    if (!winshm_is_heap(heap) || (flags & ~WINSHM_HEAP_FLAGS) || size > WINSHM_HEAP_MOST)
        return NULL;
    block = (struct winshm_heap_block *)((flags & HEAP_ZERO_MEMORY) ? calloc(1, sizeof *block + size)
                                                                     : malloc(sizeof *block + size));
    if (!block)
        return NULL;
    block->size = block->room = size;
    return block + 1;
}

/** Makes memory larger or smaller; on failure, NULL, it is what it was. */
static inline LPVOID HeapReAlloc(HANDLE heap, DWORD flags, LPVOID memory, SIZE_T size)
{
    struct winshm_heap_block *block;
    SIZE_T before;

    if (!winshm_is_heap(heap) || (flags & ~(WINSHM_HEAP_FLAGS | HEAP_REALLOC_IN_PLACE_ONLY)) || !memory
        || size > WINSHM_HEAP_MOST)
        return NULL;
    block = winshm_heap_block_of(memory);
    before = block->size;
    if (size > block->room) {
        if (flags & HEAP_REALLOC_IN_PLACE_ONLY)
            return NULL;
        block = (struct winshm_heap_block *)realloc(block, sizeof *block + size);
        if (!block)
            return NULL;
        block->room = size;
    }
    block->size = size;
    if ((flags & HEAP_ZERO_MEMORY) && size > before)
        memset((BYTE *)(block + 1) + before, 0, size - before);
    return block + 1;
}

/** Frees memory of HeapAlloc; NULL is none. */
static inline BOOL HeapFree(HANDLE heap, DWORD flags, LPVOID memory)
{
    (void)flags;
    if (!winshm_is_heap(heap))
        return FALSE;
    if (memory)
        free(winshm_heap_block_of(memory));
    return TRUE;
}

/** How large memory is, in bytes as they were asked for; (SIZE_T)-1 if there is none. */
static inline SIZE_T HeapSize(HANDLE heap, DWORD flags, LPCVOID memory)
{
    (void)flags;
    return winshm_is_heap(heap) && memory ? winshm_heap_block_of(memory)->size : (SIZE_T)-1;
}

#endif /* WINSHM_HEAP_H */
