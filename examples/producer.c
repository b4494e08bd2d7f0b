/*
 * producer.c - creates a named section and writes numbered messages into it.
 *
 *     producer [--hold] [NAME]
 *
 * It ends when it reads a line, or never with --hold. consumer.c shows what is
 * shared. Written for Windows; compiles there and here.
 */
#include <windows.h>

#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

/* What the processes share: the last messages, and how many there were. */
#define SLOTS 8
struct Message {
    int number;
    DWORD writer;
    char text[56];
};
struct Board {
    atomic_int written; /* the number of the last complete message */
    struct Message slots[SLOTS];
};

static void write_message(struct Board *board) {
    int number = atomic_load(&board->written) + 1;
    struct Message *slot = &board->slots[number % SLOTS];

    slot->number = number;
    slot->writer = GetCurrentProcessId();
    snprintf(slot->text, sizeof slot->text, "message %d", number);
    atomic_store(&board->written, number); /* last: now readers may look */
}

int main(int argc, char **argv) {
    int next = 1;
    int hold = next < argc && strcmp(argv[next], "--hold") == 0;
    if (hold)
        next++;
    const char *name = next < argc ? argv[next] : "Local\\WinshmExample";

    HANDLE section =
        CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, sizeof(struct Board), name);
    DWORD error = GetLastError();
    if (section == NULL) {
        fprintf(stderr, "producer: CreateFileMappingA(\"%s\"): error %u\n", name, (unsigned)error);
        return 1;
    }
    printf("producer %u: %s \"%s\"\n", (unsigned)GetCurrentProcessId(),
           error == ERROR_ALREADY_EXISTS ? "joined" : "created", name);

    struct Board *board = (struct Board *)MapViewOfFile(section, FILE_MAP_ALL_ACCESS, 0, 0, 0);
    if (board == NULL) {
        fprintf(stderr, "producer: MapViewOfFile: error %u\n", (unsigned)GetLastError());
        CloseHandle(section);
        return 1;
    }

    for (int i = 0; i < 3; i++)
        write_message(board);
    printf("producer: wrote up to message %d\n", atomic_load(&board->written));
    fflush(stdout);

    while (hold) {
        Sleep(1000);
        write_message(board);
    }
    printf("Press Enter to end.\n");
    getchar();

    UnmapViewOfFile(board);
    CloseHandle(section); /* the last handle: the name is gone */
    return 0;
}
