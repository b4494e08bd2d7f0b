/*
 * Round trips between two processes that sleep: a signal there, a signal back. By a
 * futex, the barest way; by futex_waitv, where the other one waits for any of many;
 * and by what else Linux has.
 */
#define _GNU_SOURCE
#include "contender.h"

#include "bare.h"

#include <semaphore.h>
#include <sys/eventfd.h>

/* A program of two channels: `set` and `take` of the first go there, of the second
 * back. */
#define TRIP(name, set, take) \
    static void answer_##name(void) \
    { \
        for (;;) { \
            take(0); \
            set(1); \
        } \
    } \
    MEASURE(trip_##name, (set(0), take(1)))

/* --- a futex ----------------------------------------------------------------------- */

#define MOST 64
/* No two of them share a cache line, nor the line that is fetched with it. */
struct channel {
    uint32_t word __attribute__((aligned(128)));
};
static struct channel *channels, *many;

static void begin_futex(void) { channels = map_shared(sizeof *channels * 2); }

static void set_channel(struct channel *channel)
{
    __atomic_store_n(&channel->word, 1, __ATOMIC_SEQ_CST);
    wake_one(&channel->word);
}

static void set_futex(int which) { set_channel(&channels[which]); }

static void take_futex(int which)
{
    while (__atomic_exchange_n(&channels[which].word, 0, __ATOMIC_SEQ_CST) == 0)
        sleep_on(&channels[which].word, 0);
}

TRIP(futex, set_futex, take_futex)

/* The same, but who sleeps looks again by himself after half a second, as winshm does:
 * what the kernel takes for the time-out alone. */
static void take_timed(int which)
{
    while (__atomic_exchange_n(&channels[which].word, 0, __ATOMIC_SEQ_CST) == 0) {
        struct timespec end;
        clock_gettime(CLOCK_MONOTONIC, &end);
        end.tv_nsec += 500000000;
        end.tv_sec += end.tv_nsec / 1000000000;
        end.tv_nsec %= 1000000000;
        MUST(syscall(SYS_futex, &channels[which].word, FUTEX_WAIT_BITSET, 0, &end, NULL,
                     FUTEX_BITSET_MATCH_ANY) == 0 ||
             errno == EAGAIN || errno == EINTR || errno == ETIMEDOUT);
    }
}

TRIP(timed, set_futex, take_timed)

/* --- any of many ------------------------------------------------------------------- */

#ifndef SYS_futex_waitv
#define SYS_futex_waitv 449
#endif
struct waiter {
    uint64_t value, address;
    uint32_t flags, reserved;
};
#define FUTEX_OF_32_BITS 2
static struct waiter waiters[MOST]; /* filled once: nothing could be less */

static void begin_any(void)
{
    begin_futex();
    many = map_shared(sizeof *many * MOST);
    for (long i = 0; i < argument; i++)
        waiters[i] = (struct waiter){0, (uint64_t)(uintptr_t)&many[i].word, FUTEX_OF_32_BITS, 0};
}

static long take_any(long count)
{
    for (;;) {
        for (long i = 0; i < count; i++) {
            uint32_t set = 1;
            if (__atomic_load_n(&many[i].word, __ATOMIC_ACQUIRE) == 1 &&
                __atomic_compare_exchange_n(&many[i].word, &set, 0, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
                return i;
        }
        MUST(syscall(SYS_futex_waitv, waiters, count, 0, NULL, 0) >= 0 || errno == EAGAIN || errno == EINTR);
    }
}

static void answer_any(void)
{
    for (;;) {
        MUST(take_any(argument) == argument - 1);
        set_futex(1);
    }
}

MEASURE(trip_any, (set_channel(&many[argument - 1]), take_futex(1)))

/* --- what else there is -------------------------------------------------------------- */

static sem_t *semaphores[2];
static int system_v, eventfds[2], pipes[2][2];

static void begin_posix(void)
{
    for (int i = 0; i < 2; i++) {
        semaphores[i] = map_shared(sizeof *semaphores[i]);
        MUST(sem_init(semaphores[i], 1, 0) == 0);
    }
}

static void begin_system_v(void) { system_v = created_semaphores(2); }
static void end_system_v(void) { remove_semaphores(system_v); }

static void begin_eventfds(void)
{
    for (int i = 0; i < 2; i++)
        MUST((eventfds[i] = eventfd(0, 0)) >= 0);
}

static void begin_pipes(void) { MUST(pipe(pipes[0]) == 0 && pipe(pipes[1]) == 0); }

static void write_one(int file)
{
    uint64_t one = 1;
    MUST(write(file, &one, sizeof one) == sizeof one);
}

static void read_one(int file)
{
    uint64_t one = 0;
    MUST(read(file, &one, sizeof one) == sizeof one && one == 1);
}

static void set_posix(int which) { MUST(sem_post(semaphores[which]) == 0); }
static void take_posix(int which) { MUST(sem_wait(semaphores[which]) == 0); }
static void set_system_v(int which) { change_semaphore(system_v, which, 1); }
static void take_system_v(int which) { change_semaphore(system_v, which, -1); }
static void set_eventfd(int which) { write_one(eventfds[which]); }
static void take_eventfd(int which) { read_one(eventfds[which]); }
static void set_pipe(int which) { write_one(pipes[which][1]); }
static void take_pipe(int which) { read_one(pipes[which][0]); }

TRIP(posix, set_posix, take_posix)
TRIP(system_v, set_system_v, take_system_v)
TRIP(eventfd, set_eventfd, take_eventfd)
TRIP(pipe, set_pipe, take_pipe)

#define WHEREVER(operation) \
    {operation, "futex", begin_futex, trip_futex, NULL, 0, 0, answer_futex}
#define ALL_OF(operation) \
    WHEREVER(operation), {operation, "POSIX semaphore", begin_posix, trip_posix, NULL, 0, 0, answer_posix}, \
        {operation, "System V semaphore", begin_system_v, trip_system_v, end_system_v, 0, 0, answer_system_v}, \
        {operation, "eventfd", begin_eventfds, trip_eventfd, NULL, 0, 0, answer_eventfd}, \
        {operation, "pipe", begin_pipes, trip_pipe, NULL, 0, 0, answer_pipe}
static const struct contender contenders[] = {
    ALL_OF("ping-pong-one-core"),
    {"ping-pong-one-core", "futex with a time-out", begin_futex, trip_timed, NULL, 0, 0, answer_timed},
    ALL_OF("ping-pong-two-cores"),
    WHEREVER("ping-pong-anywhere"),
    WHEREVER("memory-ping-pong-one-core"),
    WHEREVER("memory-ping-pong"),
    {"any-64-blocked-one-core", "futex_waitv", begin_any, trip_any, NULL, 64, 0, answer_any},
    {"any-64-blocked-two-cores", "futex_waitv", begin_any, trip_any, NULL, 64, 0, answer_any},
};
CONTENDERS(contenders)
