/* The documents' process1: `number_writer [NAME]`, before or after number_reader, hands it 100 integers. */
#include "numbers.h"

/* Sleeps until the reader has them; the document waits for a signal, to a pid that came by message queue. */
static int wait_until_read(SharedMemory *memory) {
    uint64_t sequence = 0;
    int are_read = 0, error = 0;

    while (error == 0 && !are_read) {
        error = SharedMemoryWait(memory, &sequence, SHARED_MEMORY_FOREVER);
        if (error == 0)
            error = SharedMemoryReadAt(memory, ARE_READ_AT, &are_read, sizeof are_read);
    }
    return error;
}

int main(int argc, char **argv) {
    const char *name = argc > 1 ? argv[1] : DEFAULT_NAME;
    SharedMemory *memory;
    int numbers[COUNT];

    for (int i = 0; i < COUNT; i++)
        numbers[i] = i + 1;

    int error = SharedMemoryCreate(name, sizeof(struct Numbers), &memory);
    if (error != 0)
        return failed(name, error);
    error = SharedMemoryWriteArray(memory, numbers); /* one write: a reader sees all or none */
    if (error == 0)
        error = wait_until_read(memory);
    if (error == 0)
        error = SharedMemoryFree(memory);
    if (error != 0)
        return failed("number_writer", error);
    printf("number_writer: %d numbers were read\n", COUNT);
    return 0;
}
