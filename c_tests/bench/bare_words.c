/*
 * Signals where nobody waits, as barely as can be: an atomic word; and by what Linux
 * has for it: semaphores of POSIX and System V, an eventfd, a pipe.
 */
#define _GNU_SOURCE
#include "contender.h"

#include "bare.h"

#include <semaphore.h>
#include <stdint.h>
#include <sys/eventfd.h>

#define MOST 8
/* No two of them share a cache line. */
struct line {
    uint64_t word __attribute__((aligned(64)));
};
static struct line *lines;

static void begin_words(void) { lines = map_shared(sizeof *lines * MOST); }

static void set(struct line *line) { __atomic_exchange_n(&line->word, 1, __ATOMIC_SEQ_CST); }

static void take(struct line *line)
{
    uint64_t is_set = 1;
    MUST(__atomic_compare_exchange_n(&line->word, &is_set, 0, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST));
}

static void set_and_take(void)
{
    set(lines);
    take(lines);
}

static void set_and_take_all(void)
{
    for (int i = 0; i < MOST; i++)
        set(&lines[i]);
    for (int i = 0; i < MOST; i++)
        take(&lines[i]);
}

MEASURE(measure_word, set_and_take())
MEASURE(measure_words, set_and_take_all())

/* --- what the kernel or the C library has ---------------------------------------- */

static sem_t *semaphore;
static int ends[2], system_v;

static void begin_posix(void)
{
    semaphore = map_shared(sizeof *semaphore);
    MUST(sem_init(semaphore, 1, 0) == 0);
}

static void begin_system_v(void) { system_v = created_semaphores(1); }
static void end_system_v(void) { remove_semaphores(system_v); }

static void begin_eventfd(void)
{
    ends[0] = ends[1] = eventfd(0, EFD_CLOEXEC);
    MUST(ends[0] >= 0);
}

static void begin_pipe(void) { MUST(pipe(ends) == 0); }

static void post_and_wait(void)
{
    MUST(sem_post(semaphore) == 0);
    MUST(sem_wait(semaphore) == 0);
}

static void raise_and_lower(void)
{
    change_semaphore(system_v, 0, 1);
    change_semaphore(system_v, 0, -1);
}

static void write_and_read(void)
{
    uint64_t one = 1;
    MUST(write(ends[1], &one, sizeof one) == sizeof one);
    MUST(read(ends[0], &one, sizeof one) == sizeof one && one == 1);
}

MEASURE(measure_posix, post_and_wait())
MEASURE(measure_system_v, raise_and_lower())
MEASURE(measure_file, write_and_read())

static const struct contender contenders[] = {
    {"event", "atomic exchange", begin_words, measure_word, NULL, 0, 0, NULL},
    {"event-manual", "atomic exchange", begin_words, measure_word, NULL, 0, 0, NULL},
    {"semaphore", "atomic exchange", begin_words, measure_word, NULL, 0, 0, NULL},
    {"all-8", "8 atomic exchanges", begin_words, measure_words, NULL, 0, 0, NULL},
    {"event", "eventfd", begin_eventfd, measure_file, NULL, 0, 0, NULL},
    {"event", "pipe", begin_pipe, measure_file, NULL, 0, 0, NULL},
    {"semaphore", "POSIX semaphore", begin_posix, measure_posix, NULL, 0, 0, NULL},
    {"semaphore", "System V semaphore", begin_system_v, measure_system_v, end_system_v, 0, 0, NULL},
};
CONTENDERS(contenders)
