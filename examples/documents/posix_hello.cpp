// The documents' POSIX hello: the first `posix_hello [NAME]` writes, the next (or posix_hello_raw) reads.
#include <SharedMemory.h>

#include <iostream>

static int failed(const char *what, int error) {
    std::cerr << "posix_hello: " << what << ": " << SharedMemoryErrorText(error) << "\n";
    return 1;
}

// Creates the segment, writes, and reads back what others will see.
static int write_hello(const char *name) {
    char text[4096] = "Hello from SharedMemoryWrite!";
    SharedMemory *memory;

    int error = SharedMemoryCreate(name, sizeof text, &memory);
    if (error != 0)
        return failed(name, error);
    error = SharedMemoryWrite(memory, text);
    if (error == 0)
        error = SharedMemoryRead(memory, text);
    if (error != 0)
        return failed(name, error);
    std::cout << "posix_hello wrote: " << text << std::endl;
    SharedMemoryClose(memory); // the POSIX object stays, for the reader
    return 0;
}

static int read_hello(SharedMemory *memory) {
    char text[4096];

    const int error = SharedMemoryRead(memory, text);
    if (error != 0)
        return failed("read", error);
    text[sizeof text - 1] = '\0'; // who wrote it may not have ended it
    std::cout << "posix_hello read: " << text << std::endl;
    SharedMemoryFree(memory); // shm_unlink, which the document leaves out
    return 0;
}

int main(int argc, char **argv) {
    const char *name = argc > 1 ? argv[1] : "/my_shared_memory";
    SharedMemory *memory;

    switch (const int error = SharedMemoryOpen(name, &memory)) {
    case 0:
        return read_hello(memory);
    case SHARED_MEMORY_NOT_FOUND:
        return write_hello(name);
    default:
        return failed(name, error);
    }
}
