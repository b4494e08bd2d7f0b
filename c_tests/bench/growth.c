/*
 * How cost grows with the number of names, handles and waiting processes, and with the
 * size of sections.
 *
 *     growth [names] [handles] [waiters] [sections] [touch]
 *
 * Without an argument: all of them. The names are in a folder of their own, unless
 * WINSHM_DIR says where.
 */
#define _GNU_SOURCE
#include "growth.h"

#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MOST_ROWS = 24, MOST_COLUMNS = 8 };

static struct {
    const char *title;
    const char *const *columns;
    int column_count, row_count;
    const char *rows[MOST_ROWS];
    double ns[MOST_ROWS][MOST_COLUMNS];
} table;

void begin_table(const char *title, const char *const *columns, int count)
{
    MUST(count <= MOST_COLUMNS);
    memset(&table, 0, sizeof table);
    table.title = title, table.columns = columns, table.column_count = count;
}

void point(const char *row, int column, double ns)
{
    int i = 0;

    while (i < table.row_count && strcmp(table.rows[i], row) != 0)
        i++;
    MUST(i < MOST_ROWS);
    table.rows[i] = row;
    table.ns[i][column] = ns;
    if (i == table.row_count)
        table.row_count++;
}

/* So that a table of many magnitudes can be read. */
static void print_time(double ns)
{
    char text[32];

    if (ns <= 0)
        snprintf(text, sizeof text, "-");
    else if (ns < 1e3)
        snprintf(text, sizeof text, "%.0f ns", ns);
    else if (ns < 1e6)
        snprintf(text, sizeof text, "%.1f us", ns / 1e3);
    else
        snprintf(text, sizeof text, "%.1f ms", ns / 1e6);
    printf(" %10s", text);
}

void print_table(void)
{
    printf("%-58s", table.title);
    for (int i = 0; i < table.column_count; i++)
        printf(" %10s", table.columns[i]);
    printf("\n");
    for (int row = 0; row < table.row_count; row++) {
        printf("%-58s", table.rows[row]);
        for (int i = 0; i < table.column_count; i++)
            print_time(table.ns[row][i]);
        printf("\n");
    }
    printf("\n");
    fflush(stdout);
}

static int ascending(const void *a, const void *b)
{
    double difference = *(const double *)a - *(const double *)b;
    return (difference > 0) - (difference < 0);
}

double median(double *values, int count)
{
    qsort(values, (size_t)count, sizeof *values, ascending);
    return values[count / 2];
}

double time_of(void (*call)(void), int calls, int rounds)
{
    double ns[64];

    MUST(rounds <= 64);
    for (int round = -1; round < rounds; round++) {
        double start = now();

        for (int i = 0; i < calls; i++)
            call();
        if (round >= 0) /* else warming up */
            ns[round] = (now() - start) / calls;
    }
    return median(ns, rounds);
}

double ask_a_new_process(const char *argument)
{
    char program[] = "/proc/self/exe", argument_copy[32], answer[32] = "";
    char *arguments[] = {program, argument_copy, NULL};
    posix_spawn_file_actions_t actions;
    int ends[2], status;
    pid_t process;

    snprintf(argument_copy, sizeof argument_copy, "%s", argument);
    MUST(pipe(ends) == 0 && posix_spawn_file_actions_init(&actions) == 0);
    MUST(posix_spawn_file_actions_adddup2(&actions, ends[1], 1) == 0);
    MUST(posix_spawn_file_actions_addclose(&actions, ends[0]) == 0);
    MUST(posix_spawn(&process, program, &actions, NULL, arguments, environ) == 0);
    close(ends[1]);
    MUST(read(ends[0], answer, sizeof answer - 1) > 0);
    close(ends[0]);
    MUST(waitpid(process, &status, 0) == process && status == 0);
    posix_spawn_file_actions_destroy(&actions);
    return atof(answer);
}

int main(int count, char **arguments)
{
    static const struct {
        const char *name;
        void (*run)(void);
    } parts[] = {{"names", names_curves},
                 {"handles", handles_curves},
                 {"waiters", waiters_curves},
                 {"sections", sections_curves},
                 {"touch", touch_curves}};
    char folder[] = "/dev/shm/winshm-growth.XXXXXX";
    int is_own = getenv("WINSHM_DIR") == NULL;

    if (count == 2 && strcmp(arguments[1], "first-call") == 0) {
        printf("%.0f\n", time_of_first_call());
        return 0;
    }
    if (is_own)
        MUST(mkdtemp(folder) != NULL && setenv("WINSHM_DIR", folder, 1) == 0);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        int wanted = count == 1, status;
        pid_t part;

        for (int given = 1; given < count; given++)
            wanted |= strcmp(arguments[given], parts[i].name) == 0;
        if (!wanted)
            continue;
        /* In a process of its own, which has nothing of the part before. */
        part = fork();
        if (part == 0) {
            parts[i].run();
            exit(0);
        }
        MUST(part > 0 && waitpid(part, &status, 0) == part && status == 0);
    }
    if (is_own) {
        char command[sizeof folder + 16];

        snprintf(command, sizeof command, "rm -rf '%s'", folder);
        MUST(system(command) == 0);
    }
    return 0;
}
