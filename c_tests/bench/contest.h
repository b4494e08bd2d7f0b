/*
 * Two processes that want one lock: each takes it as often, and adds to a counter
 * that nothing else guards.
 */
#ifndef CONTEST_H
#define CONTEST_H

#include "bare.h"

/* Long enough that both compete for nearly all of it. */
#define CONTEST_LOCKS 50000

static struct contest {
    uint32_t turn __attribute__((aligned(128)));    /* the partner runs when it moves */
    uint32_t arrived __attribute__((aligned(128))); /* both begin when both are here */
    uint32_t left __attribute__((aligned(128)));
    volatile long counter __attribute__((aligned(128)));
    long locks;
} *contest;

static inline void begin_contest(void) { contest = (struct contest *)map_shared(sizeof *contest); }

static inline void add_one(void) { contest->counter = contest->counter + 1; }

/* One of the two: begins with the other. */
static inline void compete(void (*count_up)(long))
{
    __atomic_add_fetch(&contest->arrived, 1, __ATOMIC_SEQ_CST);
    while (__atomic_load_n(&contest->arrived, __ATOMIC_SEQ_CST) % 2 != 0)
        __builtin_ia32_pause();
    count_up(contest->locks);
    __atomic_add_fetch(&contest->left, 1, __ATOMIC_SEQ_CST);
}

static inline void compete_for_ever(void (*count_up)(long))
{
    for (uint32_t turn = 0;;) {
        turn = wait_for_word(&contest->turn, turn);
        compete(count_up);
    }
}

/* Half of the time until both are done, as each did `locks`; nothing may be lost. */
static inline double compete_with_partner(long locks, void (*count_up)(long))
{
    double start, took;
    contest->counter = 0;
    contest->left = 0;
    contest->locks = locks;
    set_word(&contest->turn, contest->turn + 1);
    while (__atomic_load_n(&contest->arrived, __ATOMIC_SEQ_CST) % 2 == 0)
        __builtin_ia32_pause();
    start = now();
    compete(count_up);
    while (__atomic_load_n(&contest->left, __ATOMIC_SEQ_CST) < 2)
        __builtin_ia32_pause();
    took = now() - start;
    MUST(contest->counter == 2 * locks);
    return took / 2;
}

/* The two sides: contest_NAME measures, compete_NAME is the partner. */
#define CONTEST(name, lock, unlock) \
    static void count_##name(long locks) \
    { \
        for (long i = 0; i < locks; i++) { \
            lock; \
            add_one(); \
            unlock; \
        } \
    } \
    static double contest_##name(long locks) { return compete_with_partner(locks, count_##name); } \
    static void compete_##name(void) { compete_for_ever(count_##name); }

#endif
