/* The documents' shm_write: `chunk_writer [NAME]`, before or after chunk_reader, hands it five chunks. */
#include "chunks.h"

#include <string.h>

/* Sleeps until the reader has taken the chunk. Every write wakes, also our own: hence the loop. */
static int wait_until_taken(SharedMemory *memory, int number) {
    uint64_t sequence = 0;
    int taken = 0, error = 0;

    while (error == 0 && taken != number) {
        error = SharedMemoryWait(memory, &sequence, SHARED_MEMORY_FOREVER);
        if (error == 0)
            error = SharedMemoryReadAt(memory, offsetof(struct Exchange, taken), &taken, sizeof taken);
    }
    return error;
}

int main(int argc, char **argv) {
    const char *name = argc > 1 ? argv[1] : DEFAULT_NAME;
    SharedMemory *memory;

    int error = SharedMemoryCreate(name, sizeof(struct Exchange), &memory);
    if (error != 0)
        return failed(name, error);
    for (int number = 1; number <= CHUNKS; number++) {
        struct Chunk chunk = {.number = number, .is_complete = number == CHUNKS};

        memset(chunk.bytes, 'A' + number - 1, sizeof chunk.bytes);
        error = SharedMemoryWriteAt(memory, offsetof(struct Exchange, chunk), &chunk, sizeof chunk);
        if (error == 0)
            error = wait_until_taken(memory, number);
        if (error != 0)
            return failed("write", error);
        printf("Writing Process: Shared Memory Write: Wrote %d bytes\n", CHUNK_SIZE);
    }
    printf("Writing Process: Wrote %d times\n", CHUNKS);
    error = SharedMemoryFree(memory); /* the reader has all it needs */
    if (error != 0)
        return failed("free", error);
    printf("Writing Process: Complete\n");
    return 0;
}
