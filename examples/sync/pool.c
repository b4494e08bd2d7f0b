/*
 * pool.c - workers wait for work or for the end of their pool, whichever comes first.
 *
 *     pool worker [NAME]            works on items of the section until the pool is stopped
 *     pool submit [NAME [COUNT]]    has the numbers from 1 to COUNT tested, and tells how many are prime
 *     pool stop [NAME]              ends the workers, and a submit that waits
 *
 * One submit at a time: ./pool worker & ./pool worker & sleep 1; ./pool submit; ./pool stop; wait
 */
#include "common.h"

#include <string.h>

#define SLOTS 10000
struct Item {
    LONG number;
    LONG is_prime;
    LONG times; /* how often it was worked on */
};
struct Pool {
    volatile LONG submitted, taken, done; /* items ever, also when they used slots again */
    struct Item items[SLOTS];
};

/* Waits for both, and returns whether it is `stop`: the lowest index is reported when both are signalled. */
static BOOL is_stopped(HANDLE stop, HANDLE other) {
    const HANDLE objects[] = {stop, other};
    DWORD result = WaitForMultipleObjects(2, objects, FALSE, INFINITE);
    must(result != WAIT_FAILED, "WaitForMultipleObjects");
    return result == WAIT_OBJECT_0;
}

static LONG is_prime(LONG number) {
    for (LONG divisor = 2; divisor <= number / divisor; divisor++)
        if (number % divisor == 0)
            return FALSE;
    return number > 1;
}

static int work(struct Pool *pool, HANDLE stop, HANDLE items, HANDLE done) {
    int count = 0;

    say("waiting for work");
    while (!is_stopped(stop, items)) {
        struct Item *item = &pool->items[(InterlockedIncrement(&pool->taken) - 1) % SLOTS];

        item->is_prime = is_prime(item->number);
        InterlockedIncrement(&item->times);
        count++;
        if (InterlockedIncrement(&pool->done) == pool->submitted)
            must(SetEvent(done), "SetEvent");
    }
    say("stopped after %d items", count);
    return 0;
}

static int submit(struct Pool *pool, HANDLE stop, HANDLE items, HANDLE done, int count) {
    LONG first = pool->submitted, primes = 0;

    if (pool->done != first) {
        fprintf(stderr, "pool: there is other work, or some left by a worker that was killed\n");
        return 1;
    }
    for (int i = 0; i < count; i++)
        pool->items[(first + i) % SLOTS] = (struct Item){i + 1, FALSE, 0};
    pool->submitted = first + count;
    must(ReleaseSemaphore(items, count, NULL), "ReleaseSemaphore");
    say("submitted %d items", count);

    while (pool->done != pool->submitted) /* a submit that was killed may have left the event set */
        if (is_stopped(stop, done)) {
            say("stopped before all was done");
            return 3;
        }
    for (int i = 0; i < count; i++) {
        const struct Item *item = &pool->items[(first + i) % SLOTS];

        if (item->times != 1) {
            fprintf(stderr, "pool: number %d was worked on %d times\n", (int)item->number, (int)item->times);
            return 1;
        }
        primes += item->is_prime;
    }
    say("%d of %d numbers are prime", (int)primes, count);
    return 0;
}

static int stop_all(HANDLE stop) {
    if (stop == NULL && GetLastError() == ERROR_FILE_NOT_FOUND) {
        fprintf(stderr, "pool: nobody is in this pool\n");
        return 1;
    }
    must(SetEvent(valid(stop, "OpenEventA")), "SetEvent");
    return 0;
}

int main(int argc, char **argv) {
    const char *role = argc > 1 ? argv[1] : "";
    const char *name = argc > 2 ? argv[2] : "Local\\SyncPool";
    int count = argc > 3 ? atoi(argv[3]) : 1000;
    struct Name stop_name = name_of(name, ".stop");

    if (strcmp(role, "stop") == 0 && argc < 4)
        return stop_all(OpenEventA(EVENT_MODIFY_STATE, FALSE, stop_name.text));

    BOOL is_submit = strcmp(role, "submit") == 0 && argc < 5 && count > 0 && count <= SLOTS;
    if (!is_submit && (strcmp(role, "worker") != 0 || argc > 3)) {
        fprintf(stderr, "usage: pool worker|stop [NAME]\n       pool submit [NAME [1..%d]]\n", SLOTS);
        return 2;
    }
    struct Pool *pool = (struct Pool *)share(name, sizeof *pool);
    HANDLE stop = valid(CreateEventA(NULL, TRUE, FALSE, stop_name.text), "CreateEventA");
    HANDLE items = valid(CreateSemaphoreA(NULL, 0, SLOTS, name_of(name, ".items").text), "CreateSemaphoreA");
    HANDLE done = valid(CreateEventA(NULL, FALSE, FALSE, name_of(name, ".done").text), "CreateEventA");
    return is_submit ? submit(pool, stop, items, done, count) : work(pool, stop, items, done);
}
