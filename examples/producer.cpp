// producer.cpp - producer.c in C++, with wide names. It shares its section with
// the programs in C: the name is the same.
//
//     producer [--hold]
#include <windows.h>

#include <atomic>
#include <cstdio>
#include <cstring>
#include <iostream>
#include <string>

// What the processes share: the last messages, and how many there were.
constexpr int slots = 8;
struct Message {
    int number;
    DWORD writer;
    char text[56];
};
struct Board {
    std::atomic<int> written; // the number of the last complete message
    Message message[slots];
};

static void write_message(Board &board) {
    const int number = board.written + 1;
    Message &slot = board.message[number % slots];

    slot.number = number;
    slot.writer = GetCurrentProcessId();
    std::snprintf(slot.text, sizeof slot.text, "message %d", number);
    board.written = number; // last: now readers may look
}

int main(int argc, char **argv) {
    const bool hold = argc > 1 && std::strcmp(argv[1], "--hold") == 0;

    HANDLE section = CreateFileMappingW(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, sizeof(Board),
                                        L"Local\\WinshmExample");
    const DWORD error = GetLastError();
    if (section == NULL) {
        std::cerr << "producer: CreateFileMappingW: error " << error << std::endl;
        return 1;
    }
    std::cout << "producer " << GetCurrentProcessId() << ": "
              << (error == ERROR_ALREADY_EXISTS ? "joined" : "created") << " the section" << std::endl;

    Board *board = static_cast<Board *>(MapViewOfFile(section, FILE_MAP_ALL_ACCESS, 0, 0, 0));
    if (board == NULL) {
        std::cerr << "producer: MapViewOfFile: error " << GetLastError() << std::endl;
        CloseHandle(section);
        return 1;
    }

    for (int i = 0; i < 3; i++)
        write_message(*board);
    std::cout << "producer: wrote up to message " << board->written << std::endl;

    while (hold) {
        Sleep(1000);
        write_message(*board);
    }
    std::cout << "Press Enter to end." << std::endl;
    std::string line;
    std::getline(std::cin, line);

    UnmapViewOfFile(board);
    CloseHandle(section); // the last handle: the name is gone
    return 0;
}
