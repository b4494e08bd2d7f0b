/* The documents' show_counter: `show_counter [NAME]`, once or often, prints what counter writes. */
#include "counter.h"

int main(int argc, char **argv) {
    const char *name = argc > 1 ? argv[1] : DEFAULT_NAME;
    SharedMemory *memory;
    uint64_t sequence = 0;
    char text[TEXT_SIZE];

    int error = SharedMemoryCreate(name, sizeof text, &memory);
    if (error != 0)
        return failed(name, error);
    fprintf(stderr, "show_counter: waiting for %s\n", name);
    for (;;) {
        /* Returns when there is something new; the document sleeps, and shows some texts twice or never. */
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
        printf("%s\n", text);
        fflush(stdout);
    }
    SharedMemoryClose(memory);
    return 0;
}
