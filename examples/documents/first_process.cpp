// The documents' first process: `first_process` creates a segment, and writes when Enter is pressed.
#include <iostream>

#ifndef KEY_NUM
#define KEY_NUM 1234
#endif
#define MEM_SIZE 4096
#include <SharedMemoryClassic.h>

int main() {
    char buffer[MEM_SIZE];
    for (int i = 0; i < MEM_SIZE; i++)
        buffer[i] = static_cast<char>(i % 127 + 1);

    int error = SharedMemoryCreate();
    if (error == 0) {
        // The document sleeps for five seconds here, in which to start the second process.
        std::cout << "first: created, press Enter to write" << std::endl;
        std::cin.get();
        error = SharedMemoryWrite(buffer, sizeof(buffer));
    }
    if (error != 0) {
        std::cerr << "first: " << SharedMemoryErrorText(error) << std::endl;
        return 1;
    }
    std::cout << "first: wrote " << sizeof(buffer) << " bytes" << std::endl;
    return 0; // a System V segment stays until the second process frees it
}
