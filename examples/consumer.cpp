// consumer.cpp - consumer.c in C++, with wide names.
#include <windows.h>

#include <atomic>
#include <iostream>

// The same as in producer.cpp.
constexpr int slots = 8;
struct Message {
    int number;
    DWORD writer;
    char text[56];
};
struct Board {
    std::atomic<int> written;
    Message message[slots];
};

static void print_messages(const Board &board) {
    const int last = board.written;
    const int first = last < slots ? 1 : last - slots + 2;

    std::cout << "consumer " << GetCurrentProcessId() << ": " << last << " messages were written\n";
    for (int number = first; number <= last; number++) {
        const Message copy = board.message[number % slots];

        // The slot is written again with message number + slots.
        if (board.written + 1 < number + slots)
            std::cout << "consumer: \"" << copy.text << "\", from process " << copy.writer << "\n";
    }
}

int main() {
    HANDLE section = OpenFileMappingW(FILE_MAP_READ, FALSE, L"Local\\WinshmExample");
    if (section == NULL) {
        const DWORD error = GetLastError();
        std::cerr << "consumer: OpenFileMappingW: error " << error
                  << (error == ERROR_FILE_NOT_FOUND ? ", no such name: is the producer running?" : "")
                  << std::endl;
        return 1;
    }
    const Board *board = static_cast<const Board *>(MapViewOfFile(section, FILE_MAP_READ, 0, 0, 0));
    if (board == NULL) {
        std::cerr << "consumer: MapViewOfFile: error " << GetLastError() << std::endl;
        CloseHandle(section);
        return 1;
    }

    print_messages(*board);

    UnmapViewOfFile(board);
    CloseHandle(section);
    return 0;
}
