// Compiles without -DREFUSED=..., an expression that must not.
#include <SharedMemory.h>

#include <array>
#include <initializer_list>
#include <list>
#include <string>
#include <vector>
#if __cplusplus >= 201703L
#include <string_view>
#endif

struct Sample {
    int number;
};
struct Polymorphic {
    virtual ~Polymorphic() {}
};

// A variable of any type.
template <class T> T &any();

int refused(SharedMemory *memory, char *pointer);

int refused(SharedMemory *memory, char *pointer) {
    char array[16] = {};
    Sample sample = {1};
    const std::vector<int> constant(3);
    (void)memory, (void)pointer, (void)array, (void)sample; // no warning may be the reason of a refusal
#ifdef REFUSED
    return REFUSED;
#else
    return SharedMemoryWrite(memory, array) + SharedMemoryWrite(memory, sample) +
           SharedMemoryWrite(memory, constant) + SharedMemoryWrite(memory, any<Sample>()) +
           SharedMemoryWrite(memory, pointer, 16);
#endif
}
