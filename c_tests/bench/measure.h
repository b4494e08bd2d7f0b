/*
 * What the benchmarks measure and print with.
 *
 * The contenders of a comparison take turns, a short round each, and what is
 * reported is the median of the rounds' ratios or differences: whatever else the
 * machine is doing hits both.
 */
#ifndef MEASURE_H
#define MEASURE_H

#include <windows.h>

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define MUST(what) \
    do { \
        if (!(what)) { \
            fprintf(stderr, "bench: %s failed (line %d, last error %u)\n", #what, __LINE__, GetLastError()); \
            exit(1); \
        } \
    } while (0)

static inline double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static inline double round_of(void (*call)(void), int calls)
{
    double start = now();
    for (int i = 0; i < calls; i++)
        call();
    return (now() - start) / calls;
}

static inline int ascending(const void *a, const void *b)
{
    double difference = *(const double *)a - *(const double *)b;
    return (difference > 0) - (difference < 0);
}

static inline double median(double *values, int count)
{
    qsort(values, (size_t)count, sizeof *values, ascending);
    return values[count / 2];
}

static inline void print_head(const char *what)
{
    printf("%-46s %10s %10s   %9s   %s\n", what, "bare", "winshm", "", "target");
}

static inline void print_row(const char *what, double bare, double ours, double result, const char *unit,
                             const char *target)
{
    printf("%-46s %10.1f %10.1f   %6.2f%-4s %s\n", what, bare, ours, result, unit, target);
}

/* What compares our time with the bare one: ours / bare, ours - bare, bare / ours. */
enum measure { RATIO, DIFFERENCE, SPEEDUP };

/* What the rounds of one row have measured. */
struct rounds {
    double *bare, *ours, *both;
    int count;
    enum measure measure;
};

static inline struct rounds begin_rounds(int most, enum measure measure)
{
    struct rounds rounds = {.measure = measure};
    rounds.bare = malloc(sizeof *rounds.bare * (size_t)most);
    rounds.ours = malloc(sizeof *rounds.ours * (size_t)most);
    rounds.both = malloc(sizeof *rounds.both * (size_t)most);
    MUST(rounds.bare && rounds.ours && rounds.both);
    return rounds;
}

static inline void add_round(struct rounds *rounds, double bare, double ours)
{
    int i = rounds->count++;
    rounds->bare[i] = bare;
    rounds->ours[i] = ours;
    rounds->both[i] = rounds->measure == RATIO ? ours / bare : rounds->measure == SPEEDUP ? bare / ours : ours - bare;
}

/* One row: medians of both, and of what compares them. */
static inline void print_rounds(const char *what, struct rounds *rounds, const char *target)
{
    double result = median(rounds->both, rounds->count);
    print_row(what, median(rounds->bare, rounds->count), median(rounds->ours, rounds->count), result,
              rounds->measure == DIFFERENCE ? " ns" : "x", target);
}

static inline void end_rounds(struct rounds *rounds)
{
    free(rounds->bare);
    free(rounds->ours);
    free(rounds->both);
}

/* A row of two that measure a round themselves, and return its ns per operation. */
static inline void compare_rounds(const char *what, double (*bare)(void), double (*ours)(void), int count,
                                  enum measure measure, const char *target)
{
    struct rounds rounds = begin_rounds(count, measure);
    for (int i = -1; i < count; i++) {
        double first = bare(), second = ours();
        if (i >= 0) /* else warming up */
            add_round(&rounds, first, second);
    }
    print_rounds(what, &rounds, target);
    end_rounds(&rounds);
}

static inline void compare_calls(const char *what, void (*bare)(void), int bare_calls, void (*ours)(void),
                                 int our_calls, int count, enum measure measure, const char *target)
{
    struct rounds rounds = begin_rounds(count, measure);
    for (int i = -1; i < count; i++) {
        double first = round_of(bare, bare_calls), second = round_of(ours, our_calls);
        if (i >= 0) /* else warming up */
            add_round(&rounds, first, second);
    }
    print_rounds(what, &rounds, target);
    end_rounds(&rounds);
}

static inline void compare(const char *what, void (*bare)(void), void (*ours)(void), int calls, int rounds,
                           enum measure measure, const char *target)
{
    compare_calls(what, bare, calls, ours, calls, rounds, measure, target);
}

/* The argument ROUNDS, or what is enough for steady medians. */
static inline int rounds_of(int count, char **arguments)
{
    int rounds = count > 1 ? atoi(arguments[1]) : 61;
    return rounds < 1 ? 1 : rounds;
}

#endif
