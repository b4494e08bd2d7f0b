/*
 * The contenders as processes that measure when they are asked to.
 */
#define _GNU_SOURCE
#include "driver.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define PATIENCE 90000 /* ms; a contender that can gives up before */

/* The `which`th processor that this program may use. */
static int processor(int which)
{
    cpu_set_t allowed;
    int cpu = 0;
    MUST(sched_getaffinity(0, sizeof allowed, &allowed) == 0);
    while (!CPU_ISSET(cpu, &allowed) || which-- > 0)
        cpu++;
    return cpu;
}

int count_processors(void)
{
    cpu_set_t allowed;
    MUST(sched_getaffinity(0, sizeof allowed, &allowed) == 0);
    return CPU_COUNT(&allowed);
}

static int is_for_windows(const char *program)
{
    size_t length = strlen(program);
    return length > 4 && strcmp(program + length - 4, ".exe") == 0;
}

static void become(const char *program, const char *operation, const char *contender, enum place place)
{
    /* Wine is at its best where it and its server share a processor. */
    int windows = is_for_windows(program);
    char cpu[16];
    const char *arguments[6] = {program, operation, contender, cpu, NULL}, **first = arguments;
    snprintf(cpu, sizeof cpu, "%d", place == ONE_EACH ? processor(1) : -1);
    if (place != ANYWHERE || windows) {
        cpu_set_t one;
        CPU_ZERO(&one);
        CPU_SET(processor(0), &one);
        MUST(sched_setaffinity(0, sizeof one, &one) == 0);
    }
    if (operation == NULL)
        arguments[1] = NULL;
    if (windows) {
        memmove(arguments + 1, arguments, sizeof *arguments * 5);
        arguments[0] = getenv("WINE");
    }
    execv(first[0], (char *const *)first);
    MUST(!"started");
}

struct process start_process(const char *program, const char *operation, const char *contender, enum place place)
{
    struct process process;
    int in[2], out[2];
    MUST(pipe2(in, O_CLOEXEC) == 0 && pipe2(out, O_CLOEXEC) == 0);
    process.id = fork();
    MUST(process.id >= 0);
    if (process.id == 0) {
        MUST(dup2(in[0], STDIN_FILENO) >= 0 && dup2(out[1], STDOUT_FILENO) >= 0);
        signal(SIGPIPE, SIG_DFL);
        become(program, operation, contender, place);
    }
    close(in[0]);
    close(out[1]);
    process.to = in[1];
    process.from = out[0];
    return process;
}

int read_line(struct process *process, char *line, size_t size)
{
    size_t length = 0;
    for (;;) {
        struct pollfd ready = {process->from, POLLIN, 0};
        char next;
        if (poll(&ready, 1, PATIENCE) <= 0 || read(process->from, &next, 1) != 1)
            return 0;
        if (next == '\n')
            break;
        if (next != '\r' && length + 1 < size)
            line[length++] = next;
    }
    line[length] = 0;
    return 1;
}

double measure_once(struct process *process)
{
    char line[64];
    if (write(process->to, "\n", 1) != 1 || !read_line(process, line, sizeof line))
        return -1;
    return atof(line);
}

int end_process(struct process *process)
{
    char rest[64];
    int status;
    close(process->to);
    if (read_line(process, rest, sizeof rest)) /* says nothing unasked; ends or hangs */
        fprintf(stderr, "bench: unexpected: %s\n", rest);
    kill(process->id, SIGTERM);
    close(process->from);
    MUST(waitpid(process->id, &status, 0) == process->id);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}
