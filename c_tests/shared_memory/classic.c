/*
 * Every spelling of SharedMemoryClassic.h beside the functions of SharedMemory.h,
 * in C and in C++, in two sources that share the current segment (classic_other.c).
 * KEY_NUM comes from run.sh, and is a key of its own.
 */
#include <SharedMemoryClassic.h>

#include <SharedMemory.h>

#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "classic_other.h"

/* After the #include, which is no difference. */
#define MEM_SIZE 4096

static void before_create(char *buffer) {
    char bytes[4];

    CHECK(SharedMemoryWrite(buffer, 4) == SHARED_MEMORY_STALE);
    CHECK(SharedMemoryRead(bytes) == SHARED_MEMORY_STALE);
    CHECK(SharedMemoryWait() == SHARED_MEMORY_STALE);
    CHECK(SharedMemoryFree() == SHARED_MEMORY_STALE);
    CHECK(SharedMemoryInit() == SHARED_MEMORY_NOT_FOUND);
}

/* As the documents do it; what is written by one source is read by the other. */
static void create_write_read(void) {
    char buffer[MEM_SIZE] = {1}, copy[MEM_SIZE];

    memset(buffer + 1, 'x', sizeof(buffer) - 1);
    CHECK(SharedMemoryCreate() == 0);
    CHECK(SharedMemoryWrite(buffer, sizeof(buffer)) == 0);
    CHECK(SharedMemoryWait() == 0);
    CHECK(SharedMemoryRead(copy) == 0 && memcmp(copy, buffer, sizeof copy) == 0);
    CHECK(first_byte_in_other_source() == 1);
    CHECK(SharedMemoryWrite(buffer, MEM_SIZE + 1) == SHARED_MEMORY_BAD_LENGTH);
    CHECK(SharedMemoryWrite(buffer, (size_t)-1) == SHARED_MEMORY_BAD_LENGTH);
}

/* Create again: a new segment, empty, while who has the old one keeps it. Everybody may open it. */
static void create_replaces(void) {
    SharedMemory *old = NULL;
    SharedMemoryInfo info;
    char byte[1];

    CHECK(SharedMemoryOpen(name_of_key(KEY_NUM), &old) == 0);
    CHECK(SharedMemoryCreate() == 0);
    CHECK(SharedMemoryRead(byte) == 0 && byte[0] == 0);
    CHECK(SharedMemoryRead(old, byte, 1) == 0 && byte[0] == 1);
    CHECK(SharedMemoryClose(old) == 0);

    info.struct_size = sizeof info;
    CHECK(SharedMemoryOpen(name_of_key(KEY_NUM), &old) == 0);
    CHECK(SharedMemoryStat(old, &info) == 0 && info.mode == 0666 && info.size == MEM_SIZE);
    CHECK(SharedMemoryClose(old) == 0);
}

/* Another program makes the segment again and again: what Create gives is new all the same. */
static void create_among_others(void) {
    pid_t other = fork();
    int i, created = 0;

    if (other == 0) {
        for (i = 0; i < 500; ++i) {
            SharedMemory *theirs = NULL;

            if (SharedMemoryCreate(name_of_key(KEY_NUM), i % 2 ? MEM_SIZE : 1, &theirs) == 0)
                SharedMemoryClose(theirs);
        }
        _exit(0);
    }
    for (i = 0; i < 100; ++i) {
        SharedMemoryInfo info;
        int error = SharedMemoryCreate();

        info.struct_size = sizeof info;
        if (error == 0)
            created += SharedMemoryStat(shared_memory_classic.memory, &info) == 0 && info.created == 1;
        else
            created += error == SHARED_MEMORY_EXISTS && SharedMemoryWait() == SHARED_MEMORY_STALE;
    }
    CHECK(created == 100);
    CHECK(other > 0 && wait(NULL) == other);
    CHECK(SharedMemoryCreate() == 0);
}

/* Init finds what Create made; Wait tells each write once. */
static void init_and_wait(void) {
    char byte[1] = {7}, copy[1] = {0};

    CHECK(SharedMemoryInit() == 0);
    CHECK(SharedMemoryWrite(byte, 1) == 0);
    CHECK(SharedMemoryWait() == 0 && SharedMemoryRead(copy) == 0 && copy[0] == 7);
    CHECK(SharedMemoryFree() == 0);
    CHECK(SharedMemoryFree() == SHARED_MEMORY_STALE);
    CHECK(SharedMemoryInit() == SHARED_MEMORY_NOT_FOUND);
}

/* All keys of ftok have a name, the negative ones too. */
static void negative_key(void) {
    const int negative = -KEY_NUM;
#undef KEY_NUM
#define KEY_NUM negative
    SharedMemory *memory;
    char name[40];

    snprintf(name, sizeof name, "SysV\\%u", (unsigned)negative);
    CHECK(SharedMemoryCreate() == 0);
    CHECK(SharedMemoryOpen(name, &memory) == 0);
    CHECK(SharedMemoryFree() == 0);
    CHECK(SharedMemoryClose(memory) == 0);
}

/* With their arguments, as calls and as pointers. */
static void functions_of_shared_memory_h(void) {
    int (*read)(SharedMemory *, void *, size_t) = SharedMemoryRead;
    SharedMemory *memory = NULL;
    uint64_t sequence = 0;
    char text[6] = "hello", copy[6];

    CHECK(SharedMemoryCreate(own_name(), 100, &memory) == 0);
    CHECK(SharedMemoryWrite(memory, text, 6) == 0);
    CHECK(SharedMemoryWriteAt(memory, 50, text, 6) == 0);
    CHECK(SharedMemoryWait(memory, &sequence, 0) == 0 && sequence == 2);
    CHECK(SharedMemoryWait(memory, &sequence, 0) == SHARED_MEMORY_TIMEOUT);
    CHECK(SharedMemoryRead(memory, copy, 6) == 0 && strcmp(copy, text) == 0);
    CHECK((SharedMemoryRead)(memory, copy, 6) == 0 && read(memory, copy, 6) == 0);
    CHECK(SharedMemoryWriteArray(memory, "array") == 0);
    CHECK(SharedMemoryReadArray(memory, copy) == 0 && strcmp(copy, "array") == 0);
#ifdef __cplusplus
    CHECK(::SharedMemoryWrite(memory, text) == 0 && SharedMemoryRead(memory, copy) == 0);
    CHECK(strcmp(copy, text) == 0);
#endif
    CHECK(SharedMemoryFree(memory) == 0);
    CHECK(SharedMemoryFree(memory) == SHARED_MEMORY_STALE);
    CHECK(SharedMemoryFree(NULL) == SHARED_MEMORY_STALE);
}

int main(void) {
    char buffer[4] = {0};

    before_create(buffer);
    create_write_read();
    create_replaces();
    create_among_others();
    init_and_wait();
    negative_key();
    functions_of_shared_memory_h();
    return check_failures != 0;
}
