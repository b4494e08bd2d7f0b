/* The documents' counter: `counter [NAME [COUNT [MILLISECONDS]]]` writes 0, 1, 2..., one each second. */
#define _POSIX_C_SOURCE 200809L
#include "counter.h"

#include <stdlib.h>
#include <time.h>

int main(int argc, char **argv) {
    const char *name = argc > 1 ? argv[1] : DEFAULT_NAME; /* with SysV\9527, `ipcs -m` shows it */
    long count = argc > 2 ? atol(argv[2]) : -1;           /* negative: for ever */
    long pause = argc > 3 ? atol(argv[3]) : 1000;
    const struct timespec time = {pause / 1000, pause % 1000 * 1000000};
    SharedMemory *memory;
    char text[TEXT_SIZE] = "";

    int error = SharedMemoryCreate(name, sizeof text, &memory);
    if (error != 0)
        return failed(name, error);
    for (long number = 0; number != count; number++) {
        /* Not printed into the segment, where a reader could meet half of it. */
        snprintf(text, sizeof text, "%ld", number);
        error = SharedMemoryWriteArray(memory, text);
        if (error != 0)
            return failed("write", error);
        nanosleep(&time, NULL);
    }
    text[0] = '\0';
    error = SharedMemoryWriteArray(memory, text);
    if (error == 0)
        error = SharedMemoryFree(memory); /* who shows it keeps the memory, and reads the end there */
    return error == 0 ? 0 : failed("end", error);
}
