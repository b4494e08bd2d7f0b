/* Compiles without -DREFUSED=..., an expression that must not. Includes both headers with -DCLASSIC. */
#ifdef CLASSIC
#define KEY_NUM 1234
#define MEM_SIZE 4096
#include <SharedMemoryClassic.h>
#else
#include <SharedMemory.h>
#endif

#include <string.h>

int refused(SharedMemory *memory, char *pointer);

int refused(SharedMemory *memory, char *pointer) {
    char array[16];

    memset(array, 0, sizeof array);
    (void)memory, (void)pointer; /* no warning may be the reason of a refusal */
#ifdef REFUSED
    return REFUSED;
#else
    return SharedMemoryWriteArray(memory, array) + SharedMemoryWrite(memory, pointer, 16);
#endif
}
