/*
 * tick.c - a job that is due once in a period, done by one of several processes: any of them may be killed.
 *
 *     tick [NAME [PERIOD [TIMES]]]    milliseconds; ends when it was done that often by all together
 *
 * ./tick & ./tick & ./tick & sleep 1; kill -9 %1; wait
 */
#include "../sync/common.h"

/* Guarded by the mutex. */
struct Shared {
    BOOL is_set;
    ULONGLONG started;
    LONG done;
};

/* [docs: begin] */
/* The first one sets the timer, which goes on when he is gone. */
static void begin(struct Shared *shared, HANDLE mutex, HANDLE timer, LONG period) {
    lock(mutex); /* abandoned: who was killed in here has not set it, or it is set again */
    if (!shared->is_set) {
        LARGE_INTEGER first;
        first.QuadPart = -10000LL * period; /* units of 100 ns; negative: from now */
        shared->started = GetTickCount64();
        must(SetWaitableTimer(timer, &first, period, NULL, NULL, FALSE), "SetWaitableTimer");
        shared->is_set = TRUE;
    }
    unlock(mutex);
}
/* [docs: end] */

int main(int argc, char **argv) {
    const char *name = argc > 1 ? argv[1] : "Local\\CookbookTick";
    LONG period = argc > 2 ? atoi(argv[2]) : 100, times = argc > 3 ? atoi(argv[3]) : 20;
    LONG mine = 0;
    ULONGLONG took = 0;

    if (argc > 4 || period < 1 || times < 1) {
        fprintf(stderr, "usage: tick [NAME [PERIOD [TIMES]]]\n");
        return 2;
    }
    HANDLE mutex = valid(CreateMutexA(NULL, FALSE, name_of(name, ".mutex").text), "CreateMutexA");
    /* Auto-reset: each tick is taken by one of those who wait. */
    HANDLE timer = valid(CreateWaitableTimerA(NULL, FALSE, name_of(name, ".timer").text), "CreateWaitableTimerA");
    struct Shared *shared = (struct Shared *)share(name, sizeof *shared);

    begin(shared, mutex, timer, period);
    say("waiting for a tick");
    for (BOOL is_over = FALSE; !is_over;) {
        must(WaitForSingleObject(timer, INFINITE) == WAIT_OBJECT_0, "WaitForSingleObject");
        lock(mutex);
        is_over = shared->done >= times;
        if (!is_over) { /* the job */
            shared->done++;
            took = GetTickCount64() - shared->started;
            mine++;
            is_over = shared->done == times;
        }
        unlock(mutex);
    }
    if (mine > 0 && took + period / 2 < (ULONGLONG)mine * period) {
        fprintf(stderr, "tick: %d ticks of %d ms in %u ms\n", (int)mine, (int)period, (unsigned)took);
        return 1;
    }
    say("%d times done", (int)times);
    return 0;
}
