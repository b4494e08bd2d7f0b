/*
 * SharedMemoryClassic.h - the functions that tutorials about shared memory write
 * by hand, in their spelling, over SharedMemory.h. A program defines KEY_NUM and
 * MEM_SIZE, includes this in place of its own functions, and stays as it is:
 *
 *     #define KEY_NUM  1234
 *     #define MEM_SIZE 4096
 *     #include "SharedMemoryClassic.h"
 *
 *     SharedMemoryCreate();            a new System V segment of that key and size,
 *                                      for everybody (mode 0666); one that is already
 *                                      there is destroyed, and who has it keeps it.
 *                                      SHARED_MEMORY_EXISTS: other programs make one
 *                                      as often as it is destroyed
 *     SharedMemoryInit();              the segment that another process created
 *     SharedMemoryWrite(buffer, size);
 *     SharedMemoryRead(buffer);        as many bytes as the array has; a pointer
 *                                      does not compile
 *     SharedMemoryWait();              sleeps until there was a write that no Wait has
 *                                      told yet; no tutorial has it, they turn in a loop
 *     SharedMemoryFree();              destroys the segment
 *
 * They return 0 or an error of SharedMemory.h, for SharedMemoryErrorText; before
 * Create or Init that is SHARED_MEMORY_STALE. They work on one current segment,
 * which all sources of the program share; Create and Init change it, so no other
 * thread may be in one of these functions then.
 *
 * With their arguments, the functions of SharedMemory.h are there as well.
 */
#ifndef SHARED_MEMORY_CLASSIC_H
#define SHARED_MEMORY_CLASSIC_H

/* Before the macros below, which would change its declarations. */
#include "SharedMemory.h"

#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Weak: each source defines it, the linker keeps one. Hidden: a library that a program loads has its own. */
struct SharedMemoryClassic {
    SharedMemory *memory;
    uint64_t sequence; /* of the last write that Wait told */
};
__attribute__((weak, visibility("hidden"))) struct SharedMemoryClassic shared_memory_classic;

#ifdef __cplusplus
} /* extern "C" */
#endif

/* Long enough for the name of every key. */
struct SharedMemoryClassicName {
    char text[24];
};

/* Lets go of the segment so far, and names the next. A negative key_t, which ftok may give, counts as unsigned. */
static inline struct SharedMemoryClassicName shared_memory_classic_leave(long long key) {
    struct SharedMemoryClassicName name;

    if (shared_memory_classic.memory != NULL)
        SharedMemoryClose(shared_memory_classic.memory);
    shared_memory_classic.memory = NULL;
    shared_memory_classic.sequence = 0;
    snprintf(name.text, sizeof name.text, "SysV\\0x%llx", key & 0xFFFFFFFF);
    return name;
}

static inline int shared_memory_classic_destroy(const char *name) {
    SharedMemory *old;
    int error = SharedMemoryOpen(name, &old);

    if (error == SHARED_MEMORY_NOT_FOUND)
        return 0;
    if (error == 0) {
        error = SharedMemoryFree(old);
        if (error != 0)
            SharedMemoryClose(old);
    }
    return error;
}

static inline int shared_memory_classic_create(long long key, size_t size) {
    struct SharedMemoryClassicName name = shared_memory_classic_leave(key);
    SharedMemory *memory;
    SharedMemoryInfo info;
    int tries, error;

    /* Another program may make one as soon as the old one is destroyed: then that is the old one. */
    for (tries = 0; tries < 10; ++tries) {
        error = shared_memory_classic_destroy(name.text);
        if (error == 0)
            error = SharedMemoryCreateMode(name.text, size, 0666, &memory);
        if (error == SHARED_MEMORY_BAD_LENGTH)
            continue; /* theirs is smaller */
        if (error != 0)
            return error;
        info.struct_size = sizeof info;
        if (SharedMemoryStat(memory, &info) == 0 && info.created) {
            shared_memory_classic.memory = memory;
            return 0;
        }
        SharedMemoryClose(memory);
    }
    return SHARED_MEMORY_EXISTS;
}

static inline int shared_memory_classic_init(long long key) {
    struct SharedMemoryClassicName name = shared_memory_classic_leave(key);

    return SharedMemoryOpen(name.text, &shared_memory_classic.memory);
}

static inline int shared_memory_classic_wait(void) {
    return SharedMemoryWait(shared_memory_classic.memory, &shared_memory_classic.sequence, SHARED_MEMORY_FOREVER);
}

static inline int shared_memory_classic_free(void) {
    int error = SharedMemoryFree(shared_memory_classic.memory);

    if (error == 0)
        shared_memory_classic.memory = NULL;
    return error;
}

/* Macros, because KEY_NUM and MEM_SIZE are those of the place of the call. */
#define SharedMemoryInit() shared_memory_classic_init(KEY_NUM)
#define SharedMemoryCreate(...)                                                                           \
    SHARED_MEMORY_PICK(__VA_ARGS__, SharedMemoryCreate, SharedMemoryCreate_takes_0_or_3_arguments,        \
                       SHARED_MEMORY_CREATE, )                                                            \
    (__VA_ARGS__)
#define SHARED_MEMORY_CREATE() shared_memory_classic_create(KEY_NUM, MEM_SIZE)

/* The name behind three, two or one argument; none counts as one that is empty. */
#define SHARED_MEMORY_PICK(first, second, third, name, ...) name

#ifdef __cplusplus

static inline int SharedMemoryWrite(const void *data, size_t size) {
    return SharedMemoryWrite(shared_memory_classic.memory, data, size);
}
template <class T> static inline int SharedMemoryRead(T &&buffer) {
    return SharedMemoryRead(shared_memory_classic.memory, std::forward<T>(buffer));
}
static inline int SharedMemoryWait() { return shared_memory_classic_wait(); }
static inline int SharedMemoryFree() { return shared_memory_classic_free(); }

#else

#define SharedMemoryWrite(...)                                                                            \
    SHARED_MEMORY_PICK(__VA_ARGS__, SharedMemoryWrite, SHARED_MEMORY_WRITE,                               \
                       SharedMemoryWrite_takes_2_or_3_arguments, )                                        \
    (__VA_ARGS__)
#define SHARED_MEMORY_WRITE(data, size) SharedMemoryWrite(shared_memory_classic.memory, (data), (size))

#define SharedMemoryRead(...)                                                                             \
    SHARED_MEMORY_PICK(__VA_ARGS__, SharedMemoryRead, SharedMemoryRead_takes_1_or_3_arguments,            \
                       SHARED_MEMORY_READ, )                                                              \
    (__VA_ARGS__)
#define SHARED_MEMORY_READ(buffer) SharedMemoryReadArray(shared_memory_classic.memory, buffer)

#define SharedMemoryWait(...)                                                                             \
    SHARED_MEMORY_PICK(__VA_ARGS__, SharedMemoryWait, SharedMemoryWait_takes_0_or_3_arguments,            \
                       SHARED_MEMORY_WAIT, )                                                              \
    (__VA_ARGS__)
#define SHARED_MEMORY_WAIT() shared_memory_classic_wait()

/* The preprocessor cannot tell no argument from one; as a string, no argument is empty. */
#define SharedMemoryFree(...)                                                                             \
    shared_memory_classic_free_this(sizeof(#__VA_ARGS__) > 1, (SharedMemory *[2]){NULL, __VA_ARGS__})
static inline int shared_memory_classic_free_this(int is_given, SharedMemory **arguments) {
    return is_given ? (SharedMemoryFree)(arguments[1]) : shared_memory_classic_free();
}

#endif

#endif /* SHARED_MEMORY_CLASSIC_H */
