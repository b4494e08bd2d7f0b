/*
 * Measures all contenders of an operation in turn, round by round.
 *
 *     driver FOLDER ROUNDS [WORD...]
 *
 * The contenders are the programs in FOLDER/contenders; only operations are measured
 * whose name contains one of the words. The results go to FOLDER/results.csv and, as
 * a table for a document, to FOLDER/table.md. The status is 1 if a contender failed.
 */
#define _GNU_SOURCE
#include "driver.h"

#include <glob.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#define MOST_PROGRAMS 32
#define MOST_OPERATIONS 64

static struct results results[MOST_OPERATIONS];
static size_t result_count;
static const char *folder;
static char **words; /* end with NULL */
static int failures;

static FILE *opened(const char *name, const char *mode)
{
    char path[512];
    FILE *file;
    snprintf(path, sizeof path, "%s/%s", folder, name);
    file = fopen(path, mode);
    MUST(file != NULL);
    return file;
}

static int is_wanted(const char *operation)
{
    for (char **word = words; *word; word++)
        if (strstr(operation, *word))
            return 1;
    return *words == NULL;
}

static struct results *results_of(const char *operation)
{
    for (size_t i = 0; i < result_count; i++)
        if (strcmp(results[i].operation, operation) == 0)
            return &results[i];
    return NULL;
}

static void add_operations(void)
{
    for (size_t i = 0; i < operation_count; i++) {
        const struct operation *operation = &operations[i];
        if (!is_wanted(operation->name) || results_of(operation->name))
            continue;
        if (operation->place == ONE_EACH && count_processors() < 2) {
            printf("\n*** SKIPPED: %s: it needs two processors ***\n\n", operation->name);
            continue;
        }
        MUST(result_count < MOST_OPERATIONS);
        results[result_count++].operation = operation->name;
    }
}

/* Asks `program` what it can do. */
static void add_contenders(const char *program)
{
    struct process process = start_process(program, NULL, NULL, ONE_CORE);
    char line[128];
    while (read_line(&process, line, sizeof line)) {
        char *name = strchr(line, '\t');
        struct results *result;
        struct contender_values *contender;
        if (name == NULL)
            continue;
        *name++ = 0;
        result = results_of(line);
        if (result == NULL)
            continue;
        MUST(result->count < MOST_CONTENDERS);
        contender = &result->contenders[result->count++];
        snprintf(contender->program, sizeof contender->program, "%s", program);
        snprintf(contender->name, sizeof contender->name, "%.*s", (int)sizeof contender->name - 1, name);
    }
    if (!end_process(&process)) {
        fprintf(stderr, "bench: %s cannot be run\n", program);
        failures++;
    }
}

static void find_contenders(void)
{
    char pattern[512];
    glob_t found;
    snprintf(pattern, sizeof pattern, "%s/contenders/*", folder);
    MUST(glob(pattern, 0, NULL, &found) == 0);
    for (size_t i = 0; i < found.gl_pathc; i++)
        add_contenders(found.gl_pathv[i]);
    globfree(&found);
}

static void fail(struct contender_values *contender, const char *operation)
{
    if (!contender->failed)
        fprintf(stderr, "\n*** FAILED: %s, %s ***\n\n", operation, contender->name);
    contender->failed = 1;
    failures++;
}

static void measure_operation(struct results *result, const struct operation *operation, int rounds)
{
    struct process processes[MOST_CONTENDERS];
    if (operation->most_rounds && rounds > operation->most_rounds)
        rounds = operation->most_rounds;
    result->rounds = rounds;
    for (int i = 0; i < result->count; i++) {
        struct contender_values *contender = &result->contenders[i];
        char line[64];
        contender->values = calloc((size_t)rounds, sizeof *contender->values);
        MUST(contender->values != NULL);
        processes[i] = start_process(contender->program, operation->name, contender->name, operation->place);
        if (!read_line(&processes[i], line, sizeof line) || strcmp(line, "ready") != 0)
            fail(contender, operation->name);
    }
    /* The first round is to warm up. */
    for (int round = -1; round < rounds; round++)
        for (int turn = 0; turn < result->count; turn++) {
            int i = (round + 1 + turn) % result->count;
            struct contender_values *contender = &result->contenders[i];
            double value = contender->failed ? -1 : measure_once(&processes[i]);
            if (value < 0)
                fail(contender, operation->name);
            else if (round >= 0)
                contender->values[round] = value;
        }
    for (int i = 0; i < result->count; i++)
        if (!end_process(&processes[i]))
            fail(&result->contenders[i], operation->name);
}

int main(int count, char **arguments)
{
    FILE *file;
    int rounds;
    MUST(count >= 3);
    folder = arguments[1];
    rounds = atoi(arguments[2]) < 1 ? 1 : atoi(arguments[2]);
    words = arguments + 3;
    signal(SIGPIPE, SIG_IGN);
    add_operations();
    if (result_count == 0) {
        fputs("bench: no operation has such a name; there are", stderr);
        for (size_t i = 0; i < operation_count; i++)
            if (operations[i].measure != SPEEDUP) /* those are there already */
                fprintf(stderr, " %s", operations[i].name);
        fputc('\n', stderr);
        return 2;
    }
    find_contenders();
    for (size_t i = 0; i < operation_count; i++) {
        struct results *result = results_of(operations[i].name);
        if (result && result->rounds == 0)
            measure_operation(result, &operations[i], rounds);
    }
    print_targets(results, result_count, stdout, 0);
    print_peers(results, result_count, stdout);
    file = opened("results.csv", "w");
    write_csv(results, result_count, file);
    MUST(fclose(file) == 0);
    file = opened("table.md", "w");
    print_targets(results, result_count, file, 1);
    MUST(fclose(file) == 0);
    return failures ? 1 : 0;
}
