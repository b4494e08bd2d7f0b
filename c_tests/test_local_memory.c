/*
 * test_local_memory.c - memory that one function makes and the caller frees.
 */
#include "check.h"

#include <stdint.h>

static int is_zero(const unsigned char *bytes, size_t size)
{
    size_t i;

    for (i = 0; i < size; ++i)
        if (bytes[i] != 0)
            return 0;
    return 1;
}

/* Memory can be written to its last byte, holds what was written, and is aligned for everything. */
static void memory_is_usable(void)
{
    static const SIZE_T sizes[] = {1, 7, 16, 4096, 100000, 10 << 20};
    size_t i;

    for (i = 0; i < sizeof sizes / sizeof sizes[0]; ++i) {
        unsigned char *memory;

        CHECK_QUIET((memory = (unsigned char *)LocalAlloc(LMEM_FIXED, sizes[i])) != NULL);
        CHECK((uintptr_t)memory % 16 == 0);
        memory[0] = 0x11;
        memory[sizes[i] - 1] = 0x99;
        CHECK(memory[0] == (sizes[i] == 1 ? 0x99 : 0x11));
        CHECK_QUIET(LocalFree(memory) == NULL);
    }
}

/* Memory that others used before is zero when it is asked for so. */
static void zeros_are_zeros_also_in_used_memory(void)
{
    int round;

    for (round = 0; round < 100; ++round) {
        SIZE_T size = (SIZE_T)(round * 37 + 1);
        unsigned char *memory = (unsigned char *)LocalAlloc(LMEM_FIXED, size), *zeros;

        memset(memory, 0xAA, size);
        CHECK(LocalFree(memory) == NULL);
        zeros = (unsigned char *)LocalAlloc(round % 2 == 0 ? LPTR : LMEM_FIXED | LMEM_ZEROINIT, size);
        CHECK(is_zero(zeros, size));
        CHECK(LocalFree(zeros) == NULL);
    }
}

/* No bytes are an allocation of its own; no memory frees into nothing. */
static void nothing_can_be_asked_for_and_freed(void)
{
    void *first, *second;

    CHECK_QUIET((first = LocalAlloc(LMEM_FIXED, 0)) != NULL);
    CHECK_QUIET((second = LocalAlloc(LPTR, 0)) != NULL);
    CHECK(first != second);
    CHECK(LocalFree(first) == NULL && LocalFree(second) == NULL);
    CHECK_QUIET(LocalFree(NULL) == NULL);
}

static void the_impossible_is_refused(void)
{
    CHECK_ERROR(LocalAlloc(LMEM_FIXED, (SIZE_T)-1), ERROR_NOT_ENOUGH_MEMORY);
    CHECK_ERROR(LocalAlloc(LPTR, (SIZE_T)-1 / 2), ERROR_NOT_ENOUGH_MEMORY);
    /* Wine knows every flag. */
    CHECK_ERROR_OR_WINE(LocalAlloc(0x8000, 16), ERROR_INVALID_PARAMETER, SUCCESS);
    CHECK_ERROR_OR_WINE(LocalAlloc(0x80000000u, 16), ERROR_INVALID_PARAMETER, SUCCESS);
}

/* All of the size may be used; text of FormatMessage has one, too. */
static void a_size_is_at_least_what_was_asked_for(void)
{
    static const SIZE_T sizes[] = {1, 7, 16, 100, 4096, 1 << 20};
    char *text = NULL;
    size_t i;

    for (i = 0; i < sizeof sizes / sizeof sizes[0]; ++i) {
        unsigned char *memory = (unsigned char *)LocalAlloc(LPTR, sizes[i]);
        SIZE_T size;

        CHECK_QUIET((size = LocalSize(memory)) >= sizes[i]);
        memory[size - 1] = 1;
        CHECK(LocalFree(memory) == NULL);
    }
    CHECK(FormatMessageA(FORMAT_MESSAGE_ALLOCATE_BUFFER | FORMAT_MESSAGE_FROM_SYSTEM, NULL, 2, 0, (LPSTR)&text, 0, NULL)
          != 0);
    CHECK(LocalSize(text) > strlen(text));
    CHECK(LocalFree(text) == NULL);
    CHECK_ERROR(LocalSize(NULL), ERROR_INVALID_HANDLE);
}

#ifndef __MINGW32__
/* Its handle is its address, whatever the flags say; and the heap is the program's own. */
static void on_linux_it_is_the_heap_of_the_program(void)
{
    unsigned char *memory = (unsigned char *)LocalAlloc(LHND, 64);

    CHECK(memory != NULL && is_zero(memory, 64));
    memory[63] = 1;
    free(memory);
    CHECK(LocalFree(malloc(10)) == NULL);
}
#endif

int main(void)
{
    check_begin();
    memory_is_usable();
    zeros_are_zeros_also_in_used_memory();
    nothing_can_be_asked_for_and_freed();
    the_impossible_is_refused();
    a_size_is_at_least_what_was_asked_for();
#ifndef __MINGW32__
    on_linux_it_is_the_heap_of_the_program();
#endif
    return check_end();
}
