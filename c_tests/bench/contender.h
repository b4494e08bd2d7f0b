/*
 * What the contenders of the benchmark are made of: each is a program with a table
 * of the operations that it can do.
 *
 *     PROGRAM                              lists them: OPERATION <tab> CONTENDER
 *     PROGRAM OPERATION CONTENDER CPU      prepares and says `ready`; then each line
 *                                          of its input has it measure once, and
 *                                          say how many ns a call took
 *
 * At the end of its input it checks what it left and cleans up, so it does also when
 * the one who asked is gone. CPU is for its other process, where there is one; -1
 * leaves that where it is.
 */
#ifndef CONTENDER_H
#define CONTENDER_H

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct contender {
    const char *operation, *name;
    void (*begin)(void);
    double (*measure)(long calls); /* the ns that so many calls took */
    void (*end)(void);
    long argument;         /* a size, or a number of objects */
    long calls;            /* of each measurement; 0: as many as take a millisecond */
    void (*partner)(void); /* what the other process does, until it is ended */
};

/* Of the contender that runs. */
static long argument;
static int run; /* makes the names of its objects its own */

#include "platform.h"

#ifndef LAST_ERROR
#define LAST_ERROR errno
#endif
#define MUST(what) \
    do { \
        if (!(what)) { \
            fprintf(stderr, "bench: %s:%d: %s failed (%d)\n", __FILE__, __LINE__, #what, (int)LAST_ERROR); \
            exit(1); \
        } \
    } while (0)

/* A function that measures `what`. */
#define MEASURE(name, what) \
    static double name(long calls) \
    { \
        double start = now(); \
        for (long call = 0; call < calls; call++) \
            what; \
        return now() - start; \
    }

/* No copy before it can be left out: another process may look at the memory. */
#define SOMEBODY_LOOKS() __asm__ volatile("" ::: "memory")

/* The name of this run's object `what`; valid until the next call but seven. */
static inline const char *name_of(const char *what)
{
    static char names[8][64];
    static unsigned next;
    char *name = names[next++ % 8];
    snprintf(name, sizeof names[0], "winshm-bench-%d-%s", run, what);
    return name;
}

/* The first calls may do what no later one does, and anything may be interrupted. */
static inline double least_of_three(const struct contender *contender, long calls)
{
    double least = contender->measure(calls);
    for (int i = 1; i < 3; i++) {
        double took = contender->measure(calls);
        least = took < least ? took : least;
    }
    return least;
}

/* As many calls as take a millisecond. */
static inline long enough_calls(const struct contender *contender)
{
    double wanted = 1e6, took = 0;
    long calls = contender->calls;
    if (calls != 0)
        return calls;
    for (calls = 1; (took = least_of_three(contender, calls)) < wanted / 2;)
        calls *= 2;
    calls = (long)((double)calls * (wanted / took));
    return calls > 0 ? calls : 1;
}

static inline void serve(const struct contender *contender)
{
    char line[16];
    long calls;
    give_up_after(60);
    if (contender->begin)
        contender->begin();
    if (contender->partner)
        start_partner(contender);
    calls = enough_calls(contender);
    puts("ready");
    fflush(stdout);
    while (fgets(line, sizeof line, stdin)) {
        give_up_after(60);
        printf("%.3f\n", contender->measure(calls) / (double)calls);
        fflush(stdout);
        give_up_after(0);
    }
    if (contender->partner)
        end_partner();
    if (contender->end)
        contender->end();
}

static inline int contender_main(int count, char **arguments, const struct contender *contenders, size_t number)
{
    if (count < 4) {
        for (size_t i = 0; i < number; i++)
            printf("%s\t%s\n", contenders[i].operation, contenders[i].name);
        return count == 1 ? 0 : 2;
    }
    prepare_process(arguments[0], atoi(arguments[3]), count > 4 ? arguments[4] : NULL);
    for (size_t i = 0; i < number; i++) {
        if (strcmp(contenders[i].operation, arguments[1]) != 0 || strcmp(contenders[i].name, arguments[2]) != 0)
            continue;
        argument = contenders[i].argument;
        if (count > 4)
            contenders[i].partner();
        else
            serve(&contenders[i]);
        return 0;
    }
    return 2;
}

#define CONTENDERS(table) \
    int main(int count, char **arguments) \
    { \
        return contender_main(count, arguments, table, sizeof table / sizeof *table); \
    }

#endif
