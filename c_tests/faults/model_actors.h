/*
 * model_actors.h - the processes and threads that make the calls, one at a time, when
 * the driver tells them to. The driver itself never calls the library.
 */
#ifndef MODEL_ACTORS_H
#define MODEL_ACTORS_H

#include "model_perform.h"
#include <errno.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

/* Where a thread gets its calls and leaves its answers. */
enum { IDLE, CALLED, ANSWERED };
typedef struct SLOT {
    uint32_t state;
    pid_t thread;
    CALL call;
    ANSWER answer;
} SLOT;

/* Of each process: its threads', and last one for the thread that starts them. */
static SLOT (*slots)[THREADS + 1];
static pid_t processes[PROCESSES];
enum { JOIN_THREAD = CALL_COUNT, WATCHDOG_SECONDS = 60 };

static inline SLOT *slot_of(int actor) { return &slots[process_of(actor)][actor % THREADS]; }

static inline uint32_t state_of(const SLOT *slot) { return __atomic_load_n(&slot->state, __ATOMIC_ACQUIRE); }
static inline void change_state(SLOT *slot, uint32_t state)
{
    __atomic_store_n(&slot->state, state, __ATOMIC_RELEASE);
    syscall(SYS_futex, &slot->state, FUTEX_WAKE, 1, NULL, NULL, 0);
}
/* Sleeps until the state is this; 0 when the watchdog's time is over. */
static inline int await_state(SLOT *slot, uint32_t state, int seconds)
{
    struct timespec limit = {seconds, 0}, *end = seconds ? &limit : NULL;
    uint32_t now;

    while ((now = state_of(slot)) != state)
        if (syscall(SYS_futex, &slot->state, FUTEX_WAIT, now, end, NULL, 0) != 0 && errno == ETIMEDOUT)
            return 0;
    return 1;
}

/* One of the threads that make calls. */
static inline void *act(void *argument)
{
    SLOT *slot = (SLOT *)argument;

    slot->thread = (pid_t)syscall(SYS_gettid);
    for (;;) {
        await_state(slot, CALLED, 0);
        if (slot->call.what == END_THREAD)
            return NULL;
        perform(&slot->call, &slot->answer);
        change_state(slot, ANSWERED);
    }
}
static inline void start_thread(pthread_t *thread, SLOT *slot)
{
    slot->state = IDLE;
    if (pthread_create(thread, NULL, act, slot) != 0)
        _exit(120);
}

/* A process under test: starts its threads, joins the one that ends, exits when told to. */
static inline void run_process(SLOT *own)
{
    SLOT *control = &own[THREADS];
    pthread_t threads[THREADS];
    int i;

    catch_faults();
    for (i = 0; i < THREADS; ++i)
        start_thread(&threads[i], &own[i]);
    for (change_state(control, ANSWERED);; change_state(control, ANSWERED)) {
        await_state(control, CALLED, 0);
        if (control->call.what == END_PROCESS)
            exit(0);
        i = control->call.actor % THREADS;
        pthread_join(threads[i], NULL);
        start_thread(&threads[i], &own[i]);
    }
}

static inline int start_process(int process)
{
    SLOT *own = slots[process];

    own[THREADS].state = IDLE;
    fflush(stdout);
    processes[process] = fork();
    if (processes[process] == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        alarm(0);
        run_process(own);
    }
    return processes[process] > 0 && await_state(&own[THREADS], ANSWERED, WATCHDOG_SECONDS);
}
static inline void start_processes(void)
{
    int i;

    if (!slots)
        slots = mmap(NULL, sizeof *slots * PROCESSES, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    for (i = 0; i < PROCESSES; ++i)
        if (!start_process(i)) {
            fprintf(stderr, "process %d does not start\n", i);
            exit(2);
        }
}

static inline int tell(SLOT *slot, const CALL *call)
{
    slot->call = *call;
    change_state(slot, CALLED);
    return await_state(slot, ANSWERED, WATCHDOG_SECONDS);
}

/* Makes a call that must sleep, and returns when it does (or has come back, which is a difference). */
static inline int tell_to_sleep(SLOT *slot, const CALL *call)
{
    char path[64], text[128], *state;
    long tries;
    FILE *stat;

    slot->call = *call;
    change_state(slot, CALLED);
    for (tries = 0; tries < WATCHDOG_SECONDS * 10000 && state_of(slot) == CALLED; ++tries) {
        int asleep;

        snprintf(path, sizeof path, "/proc/%d/task/%d/stat", processes[process_of(call->actor)], slot->thread);
        asleep = (stat = fopen(path, "r")) != NULL && fgets(text, sizeof text, stat) != NULL &&
                 (state = strrchr(text, ')')) != NULL && state[2] == 'S';
        if (stat != NULL)
            fclose(stat);
        if (asleep)
            return 1;
        usleep(tries < 10 ? 10 : 100);
    }
    return 0;
}

/* Ends a thread, or a process in one of two ways, and starts another in its place. 0: it does not end. */
static inline int end_actor(const CALL *call)
{
    int process = process_of(call->actor), status = 0;
    SLOT *control = &slots[process][THREADS];
    CALL join = *call;

    if (call->what == END_THREAD) {
        slot_of(call->actor)->call = *call;
        change_state(slot_of(call->actor), CALLED);
        join.what = JOIN_THREAD;
        return tell(control, &join);
    }
    if (call->what == KILL_PROCESS) {
        kill(processes[process], SIGKILL);
    } else {
        control->call = *call;
        change_state(control, CALLED);
    }
    waitpid(processes[process], &status, 0);
    return start_process(process) && (call->what == KILL_PROCESS || status == 0);
}

/* Kills what is left. */
static inline void end_processes(void)
{
    int i;

    for (i = 0; i < PROCESSES; ++i) {
        kill(processes[i], SIGKILL);
        waitpid(processes[i], NULL, 0);
    }
}

#endif
