/*
 * The little that a contender needs of the system beside what it measures: a clock,
 * its other process, an end to what hangs. For Linux and, for Wine, for Windows.
 */
#ifndef PLATFORM_H
#define PLATFORM_H

#ifdef _WIN32

#include <windows.h>

static const char *program;
static HANDLE partner_process;

static inline double now(void)
{
    LARGE_INTEGER ticks, per_second;
    QueryPerformanceCounter(&ticks);
    QueryPerformanceFrequency(&per_second);
    return (double)ticks.QuadPart * (1e9 / (double)per_second.QuadPart);
}

/* Who asks gives up. */
static inline void give_up_after(unsigned seconds) { (void)seconds; }

static inline void prepare_process(const char *path, int cpu, const char *parent)
{
    (void)cpu; /* all of Wine runs on one */
    program = path;
    run = parent ? atoi(parent) : (int)GetCurrentProcessId();
}

static inline void start_partner(const struct contender *contender)
{
    STARTUPINFOA startup;
    PROCESS_INFORMATION information;
    char line[512];
    memset(&startup, 0, sizeof startup);
    startup.cb = sizeof startup;
    snprintf(line, sizeof line, "\"%s\" \"%s\" \"%s\" -1 %d", program, contender->operation, contender->name, run);
    if (!CreateProcessA(NULL, line, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &information))
        exit(1);
    CloseHandle(information.hThread);
    partner_process = information.hProcess;
}

static inline void end_partner(void) { TerminateProcess(partner_process, 0); }

#else

#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int partner_cpu;
static pid_t partner_process;

static inline double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static inline void give_up_after(unsigned seconds) { alarm(seconds); }

static inline void prepare_process(const char *path, int cpu, const char *parent)
{
    (void)path;
    (void)parent; /* a partner is forked */
    run = (int)getpid();
    partner_cpu = cpu;
    signal(SIGINT, SIG_IGN); /* it ends, and cleans up, when the one who asks has ended */
}

/* A partner never exits but when a call failed: who waits for it must not wait on. */
static inline void end_parent(void) { kill(getppid(), SIGTERM); }

static inline void move_to(int cpu)
{
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(cpu, &one);
    if (cpu >= 0 && sched_setaffinity(0, sizeof one, &one) != 0)
        exit(1);
}

static inline void run_partner(pid_t parent, void (*loop)(void))
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent || atexit(end_parent) != 0)
        _exit(1);
    if (partner_cpu >= 0)
        move_to(partner_cpu);
    loop();
    exit(1);
}

static inline void start_partner(const struct contender *contender)
{
    pid_t parent = getpid();
    partner_process = fork();
    if (partner_process < 0)
        exit(1);
    if (partner_process == 0)
        run_partner(parent, contender->partner);
}

static inline void end_partner(void)
{
    int status;
    if (kill(partner_process, SIGKILL) != 0 || waitpid(partner_process, &status, 0) != partner_process ||
        !WIFSIGNALED(status) || WTERMSIG(status) != SIGKILL)
        exit(1);
}

#endif
#endif
