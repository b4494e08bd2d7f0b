/*
 * winshm_futex.h - sleeping on a word of memory until another thread of the
 * process wakes one up. What SRW locks, condition variables and INIT_ONCE are
 * made of: these must work in zeroed memory of 8 bytes and on the monotonic
 * clock, which pthread's counterparts do not.
 *
 * Part of windows.h; not included by programs.
 */
#ifndef WINSHM_FUTEX_H
#define WINSHM_FUTEX_H

#include <errno.h>
#include <limits.h>
#include <sys/syscall.h>

#include <winshm.h>

/** A word of these objects; they declare it as the pointer that it is on Windows. */
typedef ULONG_PTR __attribute__((__may_alias__)) winshm_word;

/** As struct timespec, which the C library hides from strict C99. */
struct winshm_time {
    long seconds;
    long nanoseconds;
};

/* syscall itself, which is hidden there, too. */
long winshm_syscall(long number, ...) __asm__("syscall");

/* From <linux/futex.h> and <time.h>; no other process uses these words. */
#define WINSHM_FUTEX_WAIT_BITSET_PRIVATE (9 | 128)
#define WINSHM_FUTEX_WAKE_BITSET_PRIVATE (10 | 128)
#define WINSHM_CLOCK_MONOTONIC 1

#define WINSHM_WAKE_ONE 1
#define WINSHM_WAKE_ALL INT_MAX
/** Who sleeps or is woken: all that have a bit in common. */
#define WINSHM_ANYBODY 0xffffffffu

static inline struct winshm_time winshm_now(void)
{
    struct winshm_time now = {0, 0};

    winshm_syscall(SYS_clock_gettime, WINSHM_CLOCK_MONOTONIC, &now);
    return now;
}

/** The time so many milliseconds from now. */
static inline struct winshm_time winshm_deadline(DWORD milliseconds)
{
    struct winshm_time time = winshm_now();

    time.seconds += (long)(milliseconds / 1000);
    time.nanoseconds += (long)(milliseconds % 1000) * 1000000;
    if (time.nanoseconds >= 1000000000) {
        time.seconds++;
        time.nanoseconds -= 1000000000;
    }
    return time;
}

static inline int winshm_is_past(struct winshm_time time)
{
    const struct winshm_time now = winshm_now();

    return now.seconds > time.seconds || (now.seconds == time.seconds && now.nanoseconds >= time.nanoseconds);
}

/**
 * Sleeps while the lower half of the word is that of `expected`, at most until
 * the deadline; NULL: without one. May return for no reason. The result is 0, or
 * the error: ETIMEDOUT, EAGAIN or EINTR.
 */
static inline int winshm_sleep(winshm_word *word, winshm_word expected, unsigned who,
                               const struct winshm_time *deadline)
{
    const int before = errno;
    int error = 0;

    if (winshm_syscall(SYS_futex, word, WINSHM_FUTEX_WAIT_BITSET_PRIVATE, (unsigned)expected, deadline, NULL, who) != 0)
        error = errno;
    errno = before;
    return error;
}

/** Wakes threads that sleep on the word. Never reads it: it may be gone by now. */
static inline void winshm_wake(winshm_word *word, int count, unsigned who)
{
    const int before = errno;

    winshm_syscall(SYS_futex, word, WINSHM_FUTEX_WAKE_BITSET_PRIVATE, count, NULL, NULL, who);
    errno = before;
}

/** Replaces `*expected`, or puts into it what the word is instead. A full barrier. */
static inline int winshm_replace(winshm_word *word, winshm_word *expected, winshm_word value)
{
    return __atomic_compare_exchange_n(word, expected, value, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
}

#endif /* WINSHM_FUTEX_H */
