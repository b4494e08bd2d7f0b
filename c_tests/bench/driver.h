/* What the parts of the driver share. */
#ifndef DRIVER_H
#define DRIVER_H

#include "operations.h"

#include <stdio.h>
#include <sys/types.h>

#define MUST(what) \
    do { \
        if (!(what)) { \
            perror("bench: " #what); \
            exit(2); \
        } \
    } while (0)

/* --- process.c: the contenders as processes ------------------------------------------ */

struct process {
    pid_t id;
    int to, from;
};

int count_processors(void);
/* `arguments` end with NULL; CPU of the other process, if it has one, comes last. */
struct process start_process(const char *program, const char *operation, const char *contender, enum place place);
/* The next line that it prints, without its end; 0 if none comes. */
int read_line(struct process *process, char *line, size_t size);
/* One measurement in ns per call; negative if it failed. */
double measure_once(struct process *process);
/* Whether it has checked and cleaned up. */
int end_process(struct process *process);

/* --- report.c: what was measured ------------------------------------------------------ */

#define MOST_CONTENDERS 16

struct contender_values {
    char program[256], name[64];
    double *values; /* of each round */
    int failed;
};

struct results {
    const char *operation;
    struct contender_values contenders[MOST_CONTENDERS];
    int count, rounds;
};

void print_targets(const struct results *results, size_t count, FILE *file, int markdown);
void print_peers(const struct results *results, size_t count, FILE *file);
void write_csv(const struct results *results, size_t count, FILE *file);

#endif
