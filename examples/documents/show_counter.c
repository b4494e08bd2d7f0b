/* The documents' show_counter: `show_counter [NAME]`, once or often, prints what counter writes. */
#include "counter.h"

#include <string.h>

int main(int argc, char **argv) {
    const char *name = argc > 1 ? argv[1] : DEFAULT_NAME;
    SharedMemory *memory;
    uint64_t sequence = 0;
    char text[TEXT_SIZE], shown[TEXT_SIZE] = "";

    int error = SharedMemoryCreate(name, sizeof text, &memory);
    if (error != 0)
        return failed(name, error);
    fprintf(stderr, "show_counter: waiting for %s\n", name);
    for (;;) {
        /* Returns when there is something new; the document sleeps, and misses texts or sees them often. */
        error = SharedMemoryWait(memory, &sequence, SHARED_MEMORY_FOREVER);
        if (error == 0)
            error = SharedMemoryReadArray(memory, text);
        if (error == SHARED_MEMORY_TORN)
            continue; /* a counter was killed half way in its write; the next one writes it again */
        if (error != 0)
            return failed("read", error);
        text[TEXT_SIZE - 1] = '\0';
        if (text[0] == '\0')
            break;
        if (strcmp(text, shown) == 0)
            continue; /* the last read was of this write already, which came after Wait had returned */
        strcpy(shown, text);
        printf("%s\n", text);
        fflush(stdout);
    }
    SharedMemoryClose(memory);
    return 0;
}
