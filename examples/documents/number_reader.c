/* The documents' process2: `number_reader [NAME]`, before or after number_writer, prints its integers. */
#include "numbers.h"

int main(int argc, char **argv) {
    const char *name = argc > 1 ? argv[1] : DEFAULT_NAME;
    SharedMemory *memory;
    uint64_t sequence = 0;
    int numbers[COUNT];
    const int yes = 1;

    int error = SharedMemoryCreate(name, sizeof(struct Numbers), &memory);
    if (error != 0)
        return failed(name, error);
    error = SharedMemoryWait(memory, &sequence, SHARED_MEMORY_FOREVER); /* the first write is the numbers */
    if (error == 0)
        error = SharedMemoryReadArray(memory, numbers);
    if (error == 0)
        error = SharedMemoryWriteAt(memory, ARE_READ_AT, &yes, sizeof yes);
    if (error != 0)
        return failed("number_reader", error);
    for (int i = 0; i < COUNT; i++)
        printf("%d%c", numbers[i], i % 10 == 9 ? '\n' : ' ');
    SharedMemoryClose(memory);
    return 0;
}
