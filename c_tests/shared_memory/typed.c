/* SharedMemoryWriteArray and SharedMemoryReadArray in C: the size is that of the array, of whatever kind it is. */
#include <SharedMemory.h>

#include <string.h>

#include "check.h"

enum { SEGMENT_SIZE = 4096 };

struct Sample {
    int number;
    char name[16];
};

static SharedMemory *memory;

/* The segment has these bytes, and the dots of before behind them. */
static int holds(const void *bytes, size_t size) {
    char content[SEGMENT_SIZE];

    return SharedMemoryReadArray(memory, content) == 0 && memcmp(content, bytes, size) == 0 && content[size] == '.';
}

static void clear(void) {
    char dots[SEGMENT_SIZE];

    memset(dots, '.', sizeof dots);
    CHECK(SharedMemoryWriteArray(memory, dots) == 0);
}

#define ARRIVES(array, copy, size)                                                                        \
    do {                                                                                                  \
        clear();                                                                                          \
        CHECK(SharedMemoryWriteArray(memory, array) == 0);                                                \
        CHECK(holds(array, size));                                                                        \
        CHECK(SharedMemoryReadArray(memory, copy) == 0);                                                  \
        CHECK(memcmp(array, copy, size) == 0);                                                            \
    } while (0)

static void arrays(size_t length) {
    const int numbers[] = {1, 2, 3};
    int numbers_copy[3];
    short table[2][3] = {{1, 2, 3}, {4, 5, 6}}, table_copy[2][3];
    struct Sample samples[2] = {{1, "one"}, {2, "two"}}, samples_copy[2];
    const char *words[2] = {"compiles", "a pointer in it is the program's affair"}, *words_copy[2];
    char of_length[length], of_length_copy[length];
    struct Sample *sample = samples;
    char text[6];

    memset(of_length, 'x', length);
    ARRIVES(numbers, numbers_copy, 12);
    ARRIVES(table, table_copy, 12);
    ARRIVES(table[1], table_copy[0], 6);
    ARRIVES(samples, samples_copy, 40);
    ARRIVES(sample->name, samples_copy[1].name, 16);
    ARRIVES(words, words_copy, 16);
    ARRIVES(of_length, of_length_copy, length);
    ARRIVES("hello", text, 6);
}

int main(void) {
    CHECK(SharedMemoryCreate(own_name(), SEGMENT_SIZE, &memory) == 0);
    arrays(77);
    CHECK(SharedMemoryFree(memory) == 0);
    return check_failures != 0;
}
