/* The documents' shm_read: `chunk_reader [NAME]`, before or after chunk_writer, prints its chunks. */
#include "chunks.h"

/* Sleeps until the chunk of this number is there. Every write wakes, also our own: hence the loop. */
static int wait_for_chunk(SharedMemory *memory, int number, struct Chunk *chunk) {
    uint64_t sequence = 0;
    int error = 0;

    chunk->number = 0;
    while (error == 0 && chunk->number != number) {
        error = SharedMemoryWait(memory, &sequence, SHARED_MEMORY_FOREVER);
        if (error == 0)
            error = SharedMemoryReadAt(memory, offsetof(struct Exchange, chunk), chunk, sizeof *chunk);
    }
    return error;
}

int main(int argc, char **argv) {
    const char *name = argc > 1 ? argv[1] : DEFAULT_NAME;
    SharedMemory *memory;
    struct Chunk chunk = {0};

    int error = SharedMemoryCreate(name, sizeof(struct Exchange), &memory);
    if (error != 0)
        return failed(name, error);
    for (int number = 1; !chunk.is_complete; number++) {
        error = wait_for_chunk(memory, number, &chunk);
        if (error != 0)
            return failed("read", error);
        printf("segment contains : \n\"%.*s\"\n", CHUNK_SIZE, chunk.bytes);
        printf("Reading Process: Shared Memory: Read %d bytes\n", CHUNK_SIZE);
        error = SharedMemoryWriteAt(memory, offsetof(struct Exchange, taken), &number, sizeof number);
        if (error != 0)
            return failed("write", error);
    }
    printf("Reading Process: Reading Done, Detaching Shared Memory\n");
    SharedMemoryClose(memory);
    printf("Reading Process: Complete\n");
    return 0;
}
