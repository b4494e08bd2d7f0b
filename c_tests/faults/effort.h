/*
 * effort.h - how much a test of faults/ does: a little in `./dev test`, all of it in
 * `./dev stress`, which sets WINSHM_FULL=1. What is drawn at random comes from a seed
 * that is printed; WINSHM_SEED=NUMBER draws the same again.
 */
#ifndef EFFORT_H
#define EFFORT_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static inline int in_full(void)
{
    const char *full = getenv("WINSHM_FULL");

    return full && *full && *full != '0';
}
static inline long effort(long little, long full) { return in_full() ? full : little; }

typedef struct RANDOM {
    uint64_t state;
} RANDOM;

/* A seed, printed with the name of the test, unless WINSHM_SEED gives one. */
static inline RANDOM new_random(const char *test)
{
    const char *given = getenv("WINSHM_SEED");
    struct timespec now;
    RANDOM random;

    clock_gettime(CLOCK_REALTIME, &now);
    random.state = (uint64_t)now.tv_sec * 1000000007u + (uint64_t)now.tv_nsec + (uint64_t)getpid();
    if (given)
        random.state = strtoull(given, NULL, 0);
    printf("%s: WINSHM_SEED=%llu\n", test, (unsigned long long)random.state);
    fflush(stdout);
    return random;
}

/* SplitMix64 (Steele, Lea, Flood, 2014): any seed will do. */
static inline uint64_t draw(RANDOM *random)
{
    uint64_t mixed = random->state += 0x9E3779B97F4A7C15u;

    mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9u;
    mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBu;
    return mixed ^ (mixed >> 31);
}
static inline unsigned draw_below(RANDOM *random, unsigned limit) { return (unsigned)(draw(random) % limit); }

#endif
