// The same by the system's own functions, on the same memory: `posix_hello_raw [NAME]`, in turns with it.
#include <cstdio>
#include <cstring>
#include <iostream>

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

constexpr size_t size = 4096;

int main(int argc, char **argv) {
    const char *name = argc > 1 ? argv[1] : "/my_shared_memory";

    int file = shm_open(name, O_RDWR, 0);
    const bool is_first = file == -1;
    if (is_first)
        file = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0600);
    if (file == -1 || (is_first && ftruncate(file, size) != 0)) {
        std::perror(name);
        return 1;
    }
    void *memory = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    close(file);
    if (memory == MAP_FAILED) {
        std::perror("mmap");
        return 1;
    }

    char *text = static_cast<char *>(memory);
    if (is_first) {
        std::strcpy(text, "Hello from shm_open!");
        std::cout << "posix_hello_raw wrote: " << text << std::endl;
    } else {
        text[size - 1] = '\0';
        std::cout << "posix_hello_raw read: " << text << std::endl;
        shm_unlink(name);
    }
    munmap(memory, size);
    return 0;
}
