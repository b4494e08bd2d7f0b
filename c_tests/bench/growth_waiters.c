/* How cost grows with the processes that wait for an object. */
#define _GNU_SOURCE
#include "growth.h"

#include <SharedMemory.h>

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MOST_PROCESSES = 1000, SERVED = 200 };

static HANDLE automatic, manual, semaphore, mutex, done, lonely;
static struct SharedMemory *memory;
static pid_t processes[MOST_PROCESSES];
static int process_count;

static void report(void) { MUST(ReleaseSemaphore(done, 1, NULL)); }
static void await_reports(int count)
{
    while (count-- > 0)
        MUST(WaitForSingleObject(done, 60000) == WAIT_OBJECT_0);
}

static void serve_for_ever(HANDLE object)
{
    for (;;) {
        MUST(WaitForSingleObject(object, INFINITE) == WAIT_OBJECT_0);
        report();
    }
}
static void wait_for_automatic(void) { serve_for_ever(automatic); }
static void wait_for_semaphore(void) { serve_for_ever(semaphore); }
static void wait_for_manual_once(void)
{
    MUST(WaitForSingleObject(manual, INFINITE) == WAIT_OBJECT_0);
    report();
}
static void wait_for_mutex_once(void)
{
    MUST(WaitForSingleObject(mutex, INFINITE) == WAIT_OBJECT_0);
    MUST(ReleaseMutex(mutex));
    report();
}

/* So many processes that wait, asleep when this returns. */
static void start(int count, void (*wait)(void))
{
    for (process_count = 0; process_count < count; process_count++) {
        pid_t process = fork();

        MUST(process >= 0);
        if (process == 0) {
            prctl(PR_SET_PDEATHSIG, SIGKILL);
            report();
            wait();
            _exit(0);
        }
        processes[process_count] = process;
    }
    await_reports(count);
    usleep(100000 + 300u * (unsigned)count);
}

static void end(void)
{
    while (process_count > 0) {
        kill(processes[--process_count], SIGKILL);
        MUST(waitpid(processes[process_count], NULL, 0) == processes[process_count]);
    }
}

static void set_automatic(void) { MUST(SetEvent(automatic)); }
static void release_one(void) { MUST(ReleaseSemaphore(semaphore, 1, NULL)); }

/* One signal wakes one process, which answers and goes to sleep again. */
static void measure_trips(int column, void (*signal)(void), const char *call, const char *trip)
{
    double calls[SERVED], trips[SERVED];

    for (int i = 0; i < SERVED; i++) {
        double before = now(), after;

        signal();
        after = now();
        await_reports(1);
        calls[i] = after - before, trips[i] = now() - before;
        usleep(200);
    }
    point(call, column, median(calls, SERVED));
    point(trip, column, median(trips, SERVED));
}

static void poll_automatic(void) { MUST(WaitForSingleObject(automatic, 0) == WAIT_TIMEOUT); }
static void set_lonely(void) { MUST(SetEvent(lonely) && WaitForSingleObject(lonely, 0) == WAIT_OBJECT_0); }
static void ask_segment(void)
{
    struct SharedMemoryInfo info = {.struct_size = sizeof info};
    MUST(SharedMemoryStat(memory, &info) == 0);
}

static void release_all(int column, int count, int rounds)
{
    double calls[9], all[9], chain[9];

    for (int i = 0; i < rounds; i++) {
        double before;

        start(count, wait_for_manual_once);
        before = now();
        MUST(SetEvent(manual));
        calls[i] = now() - before;
        await_reports(count);
        all[i] = (now() - before) / count;
        MUST(ResetEvent(manual));
        end();
        MUST(WaitForSingleObject(mutex, 0) == WAIT_OBJECT_0);
        start(count, wait_for_mutex_once);
        before = now();
        MUST(ReleaseMutex(mutex));
        await_reports(count);
        chain[i] = (now() - before) / count;
        end();
    }
    point("manual-reset: SetEvent, the call, which wakes all", column, median(calls, rounds));
    point("manual-reset: until all have answered, for each", column, median(all, rounds));
    point("mutex: until each has had it, for each", column, median(chain, rounds));
}

void waiters_curves(void)
{
    static const char *const columns[] = {"1", "10", "100", "1,000"};
    static const int counts[] = {1, 10, 100, 1000};

    begin_table("processes that wait for the object", columns, 4);
    MUST((automatic = CreateEventA(NULL, FALSE, FALSE, "automatic")) != NULL);
    MUST((lonely = CreateEventA(NULL, FALSE, FALSE, "lonely")) != NULL);
    MUST((manual = CreateEventA(NULL, TRUE, FALSE, "manual")) != NULL);
    MUST((semaphore = CreateSemaphoreA(NULL, 0, 1000000, "semaphore")) != NULL);
    MUST((done = CreateSemaphoreA(NULL, 0, 1000000, "done")) != NULL);
    MUST((mutex = CreateMutexA(NULL, FALSE, "mutex")) != NULL);
    MUST(SharedMemoryCreate("growth", 4096, &memory) == 0);
    for (int i = 0; i < 4; i++) {
        start(counts[i], wait_for_automatic);
        measure_trips(i, set_automatic, "auto-reset: SetEvent, the call", "auto-reset: until the one that it woke has answered");
        point("the same event: a wait of 0 ms", i, time_of(poll_automatic, 20000, 11));
        point("another event: set, wait", i, time_of(set_lonely, 20000, 11));
        point("SharedMemoryStat", i, time_of(ask_segment, 5, 5));
        end();
        start(counts[i], wait_for_semaphore);
        measure_trips(i, release_one, "semaphore: ReleaseSemaphore, the call", "semaphore: until the one that it woke has answered");
        end();
        release_all(i, counts[i], counts[i] >= 1000 ? 1 : counts[i] >= 100 ? 3 : 9);
    }
    MUST(SharedMemoryFree(memory) == 0);
    print_table();
}
