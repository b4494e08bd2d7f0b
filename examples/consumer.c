/*
 * consumer.c - opens the section of producer.c by name and prints its messages.
 *
 *     consumer [NAME]
 */
#include <windows.h>

#include <stdatomic.h>
#include <stdio.h>

/* The same as in producer.c. */
#define SLOTS 8
struct Message {
    int number;
    DWORD writer;
    char text[56];
};
struct Board {
    atomic_int written;
    struct Message slots[SLOTS];
};

static void print_messages(struct Board *board) {
    int last = atomic_load(&board->written);
    int first = last < SLOTS ? 1 : last - SLOTS + 2;

    printf("consumer %u: %d messages were written\n", (unsigned)GetCurrentProcessId(), last);
    for (int number = first; number <= last; number++) {
        struct Message copy = board->slots[number % SLOTS];

        /* The slot is written again with message number + SLOTS. */
        if (atomic_load(&board->written) + 1 < number + SLOTS)
            printf("consumer: \"%s\", from process %u\n", copy.text, (unsigned)copy.writer);
    }
}

int main(int argc, char **argv) {
    const char *name = argc > 1 ? argv[1] : "Local\\WinshmExample";

    HANDLE section = OpenFileMappingA(FILE_MAP_READ, FALSE, name);
    if (section == NULL) {
        DWORD error = GetLastError();
        fprintf(stderr, "consumer: OpenFileMappingA(\"%s\"): error %u%s\n", name, (unsigned)error,
                error == ERROR_FILE_NOT_FOUND ? ", no such name: is the producer running?" : "");
        return 1;
    }
    struct Board *board = (struct Board *)MapViewOfFile(section, FILE_MAP_READ, 0, 0, 0);
    if (board == NULL) {
        fprintf(stderr, "consumer: MapViewOfFile: error %u\n", (unsigned)GetLastError());
        CloseHandle(section);
        return 1;
    }

    print_messages(board);

    UnmapViewOfFile(board);
    CloseHandle(section);
    return 0;
}
