/* How cost grows: what the parts of the program have in common. */
#ifndef BENCH_GROWTH_H
#define BENCH_GROWTH_H

#include <windows.h>

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define MUST(what) \
    do { \
        if (!(what)) { \
            fprintf(stderr, "growth: %s failed (%s:%d, last error %u)\n", #what, __FILE__, __LINE__, GetLastError()); \
            exit(1); \
        } \
    } while (0)

static inline double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

/* A table with a column for each size of the thing that grows, and a row for each call. */
void begin_table(const char *title, const char *const *columns, int count);
/* One value in nanoseconds; a row is made when it is named first. */
void point(const char *row, int column, double ns);
void print_table(void);

/* Sorts them. */
double median(double *values, int count);

/* The median time of one call, of so many rounds. */
double time_of(void (*call)(void), int calls, int rounds);

/* This program again, in a process of its own, with one argument; what it prints is a number. */
double ask_a_new_process(const char *argument);

void names_curves(void);
void handles_curves(void);
void waiters_curves(void);
void sections_curves(void);
void touch_curves(void);

/* In the new process. */
double time_of_first_call(void);

#endif
