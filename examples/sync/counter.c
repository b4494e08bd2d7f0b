/*
 * counter.c - several processes count in one section, under a named mutex.
 *
 *     counter [NAME [PROCESSES [ROUNDS]]]
 *
 * As many must be started as PROCESSES says: for i in 1 2 3; do ./counter Local\\c 3 & done; wait
 * Each stays until all have counted, and ends with 0 if no round was lost, else with 1.
 */
#include "common.h"

struct Counter {
    LONGLONG value; /* guarded by the mutex: neither volatile nor atomic */
    LONG finished;
};

int main(int argc, char **argv) {
    const char *name = argc > 1 ? argv[1] : "Local\\SyncCounter";
    int processes = argc > 2 ? atoi(argv[2]) : 1;
    int rounds = argc > 3 ? atoi(argv[3]) : 100000;

    if (argc > 4 || processes < 1 || rounds < 1) {
        fprintf(stderr, "usage: counter [NAME [PROCESSES [ROUNDS]]]\n");
        return 2;
    }
    HANDLE mutex = valid(CreateMutexA(NULL, FALSE, name_of(name, ".mutex").text), "CreateMutexA");
    HANDLE have_finished =
        valid(CreateEventA(NULL, TRUE, FALSE, name_of(name, ".finished").text), "CreateEventA");
    struct Counter *counter = (struct Counter *)share(name, sizeof *counter);

    for (int round = 0; round < rounds; round++) {
        lock(mutex); /* if its owner was killed: one number is never half done */
        counter->value++;
        unlock(mutex);
    }

    /* The section goes with its last handle, so nobody leaves before all have seen the sum. */
    lock(mutex);
    if (++counter->finished == processes)
        must(SetEvent(have_finished), "SetEvent");
    unlock(mutex);
    must(WaitForSingleObject(have_finished, INFINITE) == WAIT_OBJECT_0, "WaitForSingleObject");

    lock(mutex);
    LONGLONG value = counter->value;
    unlock(mutex);
    say("added %d, the counter is %lld", rounds, (long long)value);
    if (value != (LONGLONG)processes * rounds) {
        fprintf(stderr, "counter: %d processes with %d rounds make %lld\n", processes, rounds,
                (long long)processes * rounds);
        return 1;
    }
    return 0;
}
