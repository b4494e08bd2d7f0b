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

/* One row: medians of both, and of what compares them. */
static inline void compare_calls(const char *what, void (*bare)(void), int bare_calls, void (*ours)(void),
                                 int our_calls, int rounds, enum measure measure, const char *target)
{
    double *a = malloc(sizeof *a * (size_t)rounds), *b = malloc(sizeof *b * (size_t)rounds);
    double *both = malloc(sizeof *both * (size_t)rounds), result;
    MUST(a && b && both);
    for (int i = -1; i < rounds; i++) {
        double first = round_of(bare, bare_calls), second = round_of(ours, our_calls);
        if (i < 0)
            continue; /* warming up */
        a[i] = first;
        b[i] = second;
        both[i] = measure == RATIO ? second / first : measure == SPEEDUP ? first / second : second - first;
    }
    result = median(both, rounds);
    print_row(what, median(a, rounds), median(b, rounds), result, measure == DIFFERENCE ? " ns" : "x", target);
    free(a);
    free(b);
    free(both);
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
