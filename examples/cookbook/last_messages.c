/*
 * last_messages.c - the last messages of any number of programs, also of one that crashed while it wrote one.
 *
 *     last_messages log [NAME]      logs the lines of its standard input
 *     last_messages crash [NAME]    the same, and crashes half way in the last one
 *     last_messages show [NAME]     prints what is there
 *     last_messages keep [NAME]     keeps it, until it reads a line
 *
 * ./last_messages keep & seq 20 | ./last_messages crash; ./last_messages show
 */
#include "../sync/common.h"

#include <string.h>

#define ENTRIES 8
struct Log {
    LONG64 count; /* messages ever begun */
    struct Entry {
        volatile LONG64 number; /* which message it is, from 1; 0 while it is written */
        char text[120];
    } entries[ENTRIES];
};

/* The owner of the mutex writes. If he was killed, his entry has the number 0, and the next message another one. */
static void write_entry(struct Log *log, HANDLE mutex, const char *text, BOOL is_crash) {
    /* [docs: write] */
    lock(mutex);
    LONG64 number = ++log->count;
    struct Entry *entry = &log->entries[number % ENTRIES];
    InterlockedExchange64(&entry->number, 0);
    /* [docs: end] */
    if (is_crash) {
        memcpy(entry->text, text, strlen(text) / 2);
        say("I crash");
        abort();
    }
    /* [docs: done] */
    snprintf(entry->text, sizeof entry->text, "%s", text);
    InterlockedExchange64(&entry->number, number);
    unlock(mutex);
    /* [docs: end] */
}

static void show(struct Log *log, HANDLE mutex) {
    lock(mutex);
    for (LONG64 number = log->count > ENTRIES ? log->count - ENTRIES + 1 : 1; number <= log->count; number++) {
        const struct Entry *entry = &log->entries[number % ENTRIES];
        if (entry->number == number)
            printf("%d: %s\n", (int)number, entry->text);
        else
            printf("%d: (its writer ended half way)\n", (int)number);
    }
    unlock(mutex);
}

int main(int argc, char **argv) {
    const char *role = argc > 1 ? argv[1] : "";
    const char *name = argc > 2 ? argv[2] : "Local\\CookbookLog";
    BOOL is_crash = strcmp(role, "crash") == 0;
    char line[120], next[120];

    HANDLE mutex = valid(CreateMutexA(NULL, FALSE, name_of(name, ".mutex").text), "CreateMutexA");
    struct Log *log = (struct Log *)share(name, sizeof *log);
    if (argc > 3) {
        role = "";
    } else if (strcmp(role, "keep") == 0) {
        say("keeping the log, press Enter to end it");
        getchar();
        return 0;
    } else if (strcmp(role, "show") == 0) {
        show(log, mutex);
        return 0;
    } else if (is_crash || strcmp(role, "log") == 0) {
        BOOL has_line = fgets(line, sizeof line, stdin) != NULL;
        while (has_line) {
            line[strcspn(line, "\n")] = '\0';
            has_line = fgets(next, sizeof next, stdin) != NULL;
            write_entry(log, mutex, line, is_crash && !has_line);
            strcpy(line, next);
        }
        return 0;
    }
    fprintf(stderr, "usage: last_messages log|crash|show|keep [NAME]\n");
    return 2;
}
