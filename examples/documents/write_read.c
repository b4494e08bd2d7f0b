/* The documents' write | read: `write_read write [NAME]` leaves a message, `write_read read [NAME]` has it. */
#include <SharedMemory.h>

#include <stdio.h>
#include <string.h>

#define SIZE 4096

static int failed(const char *what, int error) {
    fprintf(stderr, "write_read: %s: %s\n", what, SharedMemoryErrorText(error));
    return 1;
}

static int do_write(const char *name) {
    char text[SIZE] = "This is writer!!!";
    SharedMemory *memory;
    SharedMemoryInfo info = {.struct_size = sizeof info};

    int error = SharedMemoryCreate(name, SIZE, &memory);
    if (error == 0)
        error = SharedMemoryStat(memory, &info);
    if (error != 0)
        return failed(name, error);
    /* Create opens a segment that is there; of two writers, one is told that it created it. */
    if (!info.created) {
        fprintf(stderr, "write_read: %s has a message that nobody read yet\n", name);
        return 1;
    }
    error = SharedMemoryWriteArray(memory, text);
    if (error != 0)
        return failed(name, error);
    SharedMemoryClose(memory);
    return 0;
}

static int do_read(const char *name) {
    char text[SIZE];
    SharedMemory *memory;
    uint64_t sequence = 0;

    int error = SharedMemoryOpen(name, &memory);
    if (error != 0)
        return failed(name, error);
    error = SharedMemoryReadArray(memory, text);
    /* Empty: the writer is between its Create and its Write. */
    while (error == 0 && text[0] == '\0') {
        error = SharedMemoryWait(memory, &sequence, SHARED_MEMORY_FOREVER);
        if (error == 0)
            error = SharedMemoryReadArray(memory, text);
    }
    if (error != 0)
        return failed(name, error);
    text[SIZE - 1] = '\0';
    printf("from writer: %s\n", text);
    SharedMemoryFree(memory);
    return 0;
}

int main(int argc, char **argv) {
    const char *name = argc > 2 ? argv[2] : "/shared";

    if (argc > 1 && strcmp(argv[1], "write") == 0)
        return do_write(name);
    if (argc > 1 && strcmp(argv[1], "read") == 0)
        return do_read(name);
    fprintf(stderr, "usage: write_read write|read [NAME]\n");
    return 2;
}
