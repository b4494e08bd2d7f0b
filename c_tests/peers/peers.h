/*
 * peers.h - the words in which the programs of this folder tell what other means of sharing do with a fault: one line
 * for each, "fault | means | what was observed".
 */
#ifndef PEERS_H
#define PEERS_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static inline void observed(const char *fault, const char *means, const char *what)
{
    printf("%-34s | %-26s | %s\n", fault, means, what);
    fflush(stdout);
}
/* Memory of the observer's own, for the two sides to tell each other how far they are. */
static inline volatile int *common(void)
{
    return (volatile int *)mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
}
/* Runs `body` in a child that says when it is ready, and kills it then. */
static inline void kill_in(void (*body)(volatile int *ready))
{
    volatile int *ready = common();
    pid_t child = fork();

    if (child == 0) {
        body(ready);
        *ready = 1;
        for (;;)
            pause();
    }
    while (!*ready)
        usleep(1000);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
}
static inline struct timespec in_two_seconds(void)
{
    struct timespec end;

    clock_gettime(CLOCK_REALTIME, &end);
    end.tv_sec += 2;
    return end;
}
#endif
