/*
 * journal.c - a record stays whole although its writers are killed half way: the next one finds the mutex
 * abandoned, and repairs it.
 *
 *     journal write [NAME [TIMES]]    writes the record that often; 0 only looks at it
 *     journal crash [NAME]            stops half way in a write until it is killed
 *     journal keep [NAME]             keeps the record, which ends with its last user, until it reads a line
 *
 * ./journal crash & sleep 1; ./journal write & sleep 1; kill -9 %1; wait
 */
#include "common.h"

#include <string.h>

#define COUNT 1000
struct Record {
    LONG version;
    LONG numbers[COUNT]; /* each is the version when the record is whole */
};
/* Guarded by the mutex. The journal has the record from before the write while is_writing. */
struct Shared {
    volatile LONG is_writing;
    struct Record record;
    struct Record journal;
};

/* Interlocked functions are barriers: with is_writing set the journal is complete, else the record. */
static void write_record(struct Shared *shared, BOOL stops_half_way) {
    shared->journal = shared->record;
    InterlockedExchange(&shared->is_writing, TRUE);
    shared->record.version++;
    for (int i = 0; i < COUNT; i++) {
        if (i == COUNT / 2 && stops_half_way) {
            say("half way in writing version %d", (int)shared->record.version);
            Sleep(INFINITE);
        }
        shared->record.numbers[i] = shared->record.version;
    }
    InterlockedExchange(&shared->is_writing, FALSE);
}

/* Whoever is killed in here leaves it to the next one. */
static void repair(struct Shared *shared) {
    if (!shared->is_writing) {
        say("the writer before was killed, between two writes");
        return;
    }
    int version = (int)shared->record.version;
    shared->record = shared->journal;
    InterlockedExchange(&shared->is_writing, FALSE);
    say("the writer before was killed half way: its version %d is undone", version);
}

static void check(const struct Record *record) {
    for (int i = 0; i < COUNT; i++)
        if (record->numbers[i] != record->version) {
            fprintf(stderr, "journal: number %d is %d in version %d\n", i, (int)record->numbers[i],
                    (int)record->version);
            exit(1);
        }
}

/* What every owner of the mutex does first. */
static void begin(HANDLE mutex, struct Shared *shared) {
    if (lock(mutex))
        repair(shared);
    check(&shared->record);
}

int main(int argc, char **argv) {
    const char *role = argc > 1 ? argv[1] : "";
    const char *name = argc > 2 ? argv[2] : "Local\\SyncJournal";
    int times = argc > 3 ? atoi(argv[3]) : 1;
    BOOL is_crash = strcmp(role, "crash") == 0, is_keep = strcmp(role, "keep") == 0;

    if (argc > 4 || times < 0 || (strcmp(role, "write") != 0 && ((!is_crash && !is_keep) || argc > 3))) {
        fprintf(stderr, "usage: journal write [NAME [TIMES]]\n       journal crash|keep [NAME]\n");
        return 2;
    }
    HANDLE mutex = valid(CreateMutexA(NULL, FALSE, name_of(name, ".mutex").text), "CreateMutexA");
    struct Shared *shared = (struct Shared *)share(name, sizeof *shared);
    if (is_keep) {
        say("keeping the record, press Enter to end it");
        getchar();
        return 0;
    }
    say("waiting for the record");
    for (int i = 0; i < times; i++) {
        begin(mutex, shared);
        write_record(shared, is_crash);
        unlock(mutex);
    }
    begin(mutex, shared);
    int version = (int)shared->record.version;
    unlock(mutex);
    say("version %d is whole", version);
    return 0;
}
