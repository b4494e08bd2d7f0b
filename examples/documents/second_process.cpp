// The documents' second process: `second_process`, started after first_process, receives what that writes.
#include <iostream>

#ifndef KEY_NUM
#define KEY_NUM 1234
#endif
#define MEM_SIZE 4096
#include <SharedMemoryClassic.h>

static int count_right_bytes(const char *buffer) {
    int count = 0;
    for (int i = 0; i < MEM_SIZE; i++)
        count += buffer[i] == static_cast<char>(i % 127 + 1);
    return count;
}

int main() {
    char buffer[MEM_SIZE] = {};

    int error = SharedMemoryInit();
    if (error == 0)
        error = SharedMemoryRead(buffer); // all of the array; the document's memcpy takes sizeof(char *)
    while (error == 0 && buffer[0] != 1) {
        std::cout << "second: waiting" << std::endl;
        error = SharedMemoryWait(); // the document reads again and again, with a processor of its own
        if (error == 0)
            error = SharedMemoryRead(buffer);
    }
    if (error == 0)
        error = SharedMemoryFree();
    if (error != 0) {
        std::cerr << "second: " << SharedMemoryErrorText(error) << std::endl;
        return 1;
    }
    const int right = count_right_bytes(buffer);
    std::cout << "second: received " << right << " of " << MEM_SIZE << " bytes" << std::endl;
    return right == MEM_SIZE ? 0 : 1;
}
