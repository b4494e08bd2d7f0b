/* How cost grows: what the parts of the program have in common. */
#ifndef BENCH_GROWTH_H
#define BENCH_GROWTH_H

#include "measure.h"

/* A table with a column for each size of the thing that grows, and a row for each call. */
void begin_table(const char *title, const char *const *columns, int count);
/* One value in nanoseconds; a row is made when it is named first. */
void point(const char *row, int column, double ns);
void print_table(void);

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
