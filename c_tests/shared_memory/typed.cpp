// Everything that SharedMemoryWrite and SharedMemoryRead take without a size, in C++11 and later: each arrives with
// as many bytes as it has, neither more nor fewer.
#include <SharedMemory.h>

#include <array>
#include <cstring>
#include <string>
#include <vector>
#if __cplusplus >= 201703L
#include <string_view>
#endif
#if __cplusplus >= 202002L
#include <span>
#endif

#include "check.h"

struct Sample {
    int number;
    double value;
};

static SharedMemory *memory;
static const size_t segment_size = 4096;

// What is in the segment: the bytes, and behind them what was there before.
static bool holds(const void *bytes, size_t size, size_t offset = 0) {
    char content[segment_size];
    return SharedMemoryRead(memory, content) == 0 && std::memcmp(content + offset, bytes, size) == 0 &&
           (offset == 0 || content[offset - 1] == '.') && content[offset + size] == '.';
}
static void clear() {
    char dots[segment_size];
    std::memset(dots, '.', sizeof dots);
    CHECK(SharedMemoryWrite(memory, dots) == 0);
}

// Writes `object`, whose bytes are said to be these, and reads them into `copy`.
template <class T, class U> static void arrives(const T &object, U &copy, const void *bytes, size_t size) {
    clear();
    CHECK(SharedMemoryWrite(memory, object) == 0);
    CHECK(holds(bytes, size));
    CHECK(SharedMemoryRead(memory, copy) == 0);
    CHECK(SharedMemoryWrite(memory, copy) == 0);
    CHECK(holds(bytes, size));
    clear();
    CHECK(SharedMemoryWriteAt(memory, 100, object) == 0);
    CHECK(holds(bytes, size, 100));
    CHECK(SharedMemoryReadAt(memory, 100, copy) == 0);
    CHECK(SharedMemoryWriteAt(memory, 100, copy) == 0);
    CHECK(holds(bytes, size, 100));
}

static void objects_and_arrays() {
    const int number = 42;
    int number_copy;
    arrives(number, number_copy, &number, sizeof(int));
    CHECK(number_copy == 42);

    Sample sample, sample_copy;
    std::memset(static_cast<void *>(&sample), 0, sizeof sample);
    sample.number = 1;
    sample.value = 0.5;
    arrives(sample, sample_copy, &sample, sizeof sample);
    CHECK(sample_copy.number == 1 && sample_copy.value == 0.5);

    int array[100], array_copy[100] = {};
    for (int i = 0; i < 100; i++)
        array[i] = i + 1;
    arrives(array, array_copy, array, sizeof array);
    CHECK(array_copy[99] == 100);

    short table[3][5] = {{1, 2, 3}, {4}, {0, 0, 0, 0, 5}}, table_copy[3][5];
    arrives(table, table_copy, table, sizeof table);
    CHECK(table_copy[2][4] == 5);

    // With its NUL, as the array that it is.
    char text_copy[6];
    arrives("hello", text_copy, "hello", 6);
    CHECK(std::strcmp(text_copy, "hello") == 0);

    struct { char name[16]; int *no_member; } holder = {{'x'}, nullptr}, holder_copy;
    arrives(holder.name, holder_copy.name, holder.name, 16);
}

static void containers() {
    const std::vector<int> numbers = {1, 2, 3};
    std::vector<int> numbers_copy(3);
    arrives(numbers, numbers_copy, numbers.data(), 3 * sizeof(int));
    CHECK(numbers_copy == numbers);

    // Reading does not make a container larger: it says how much is read.
    std::vector<int> two(2);
    CHECK(SharedMemoryWrite(memory, numbers) == 0 && SharedMemoryRead(memory, two) == 0);
    CHECK(two.size() == 2 && two[1] == 2);

    const std::array<Sample, 4> samples = {{{1, 1}, {2, 2}, {3, 3}, {4, 4}}};
    std::array<Sample, 4> samples_copy;
    arrives(samples, samples_copy, samples.data(), sizeof samples);
    CHECK(samples_copy[3].number == 4);

    const std::vector<std::array<char, 3>> triples(5, std::array<char, 3>{{'a', 'b', 'c'}});
    std::vector<std::array<char, 3>> triples_copy(5);
    arrives(triples, triples_copy, triples.data(), 15);
    CHECK(triples_copy == triples);

    std::array<int, 2> pairs[3] = {{{1, 2}}, {{3, 4}}, {{5, 6}}}, pairs_copy[3];
    arrives(pairs, pairs_copy, pairs, sizeof pairs);

    // The characters, without the NUL behind them.
    const std::string text("text\0with NUL", 13);
    std::string text_copy(13, '?');
    arrives(text, text_copy, text.data(), 13);
    CHECK(text_copy == text);

    std::vector<int> empty;
    CHECK(SharedMemoryWrite(memory, empty) == SHARED_MEMORY_INVALID_PARAMETER);
    CHECK(SharedMemoryRead(memory, empty) == SHARED_MEMORY_INVALID_PARAMETER);
    CHECK(SharedMemoryWrite(memory, std::vector<char>(segment_size + 1)) == SHARED_MEMORY_BAD_LENGTH);
}

static void views() {
#if __cplusplus >= 201703L
    const char *text = "viewed";
    char text_copy[6];
    arrives(std::string_view(text), text_copy, text, 6);
#endif
#if __cplusplus >= 202002L
    int numbers[] = {1, 2, 3}, copy[3] = {};
    const std::span<int> view(copy); // the view is const, not the numbers
    arrives(std::span(numbers), view, numbers, sizeof numbers);
    CHECK(copy[2] == 3);
    copy[0] = 7;
    CHECK(SharedMemoryRead(memory, std::span(copy).last(2)) == 0);
    CHECK(copy[0] == 7 && copy[1] == '.' * 0x01010101);
#endif
}

// What looks like a container, and is an object.
struct Packet {
    int header;
    int data() const { return header; }
    int size() const { return header; }
};
// A container that has data(), and no operator[].
struct Buffer {
    char bytes[10];
    char *data() { return bytes; }
    const char *data() const { return bytes; }
    int size() const { return 4; }
};

static void containers_of_others() {
    const Packet packet = {5};
    Packet packet_copy;
    arrives(packet, packet_copy, &packet, sizeof packet);

    const Buffer buffer = {"abcd"};
    Buffer buffer_copy;
    arrives(buffer, buffer_copy, "abcd", 4);
}

// The functions of C are as they were, also as pointers, and the names of C take what they take there.
static void functions_of_c() {
    int (*write)(SharedMemory *, const void *, size_t) = SharedMemoryWrite;
    int (*read)(SharedMemory *, void *, size_t) = &SharedMemoryRead;
    char text[8] = "pointer", copy[8];
    char *target = copy;

    CHECK(write(memory, text, sizeof text) == 0 && read(memory, target, sizeof copy) == 0);
    CHECK(std::strcmp(copy, "pointer") == 0);
    CHECK(SharedMemoryWriteArray(memory, "array") == 0 && SharedMemoryReadArray(memory, copy) == 0);
    CHECK(std::strcmp(copy, "array") == 0);
    CHECK(SharedMemoryWrite(NULL, text) == SHARED_MEMORY_STALE);
    CHECK(SharedMemoryRead(NULL, text) == SHARED_MEMORY_STALE);
}

int main() {
    CHECK(SharedMemoryCreate(own_name(), segment_size, &memory) == 0);
    objects_and_arrays();
    containers();
    views();
    containers_of_others();
    functions_of_c();
    CHECK(SharedMemoryFree(memory) == 0);
    return check_failures != 0;
}
