/*
 * sandbox.h - system calls that fail, or are counted instead of done: what a
 * seccomp filter of the process itself can tell about the library.
 */
#ifndef SANDBOX_H
#define SANDBOX_H

#include "check.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <ucontext.h>

/* Added in Linux 5.16; older headers do not have it. */
#define NUMBER_OF_FUTEX_WAITV 449

/* One line of a filter. (BPF_STMT and BPF_JUMP are literals that C++ does not have.) */
static inline struct sock_filter filter_line(unsigned code, unsigned value, unsigned otherwise)
{
    struct sock_filter line;

    line.code = (unsigned short)code, line.k = value;
    line.jt = 0, line.jf = (unsigned char)otherwise;
    return line;
}
/* From here on the filter decides for this thread, and for those that it makes. It cannot be taken back. */
static inline int install_filter(struct sock_filter *lines, size_t count)
{
    struct sock_fprog program;

    program.len = (unsigned short)count, program.filter = lines;
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}
/* Such a system call is answered like this, and every other one like that. */
static inline size_t answer(struct sock_filter *lines, size_t at, unsigned number, unsigned action)
{
    lines[at] = filter_line(BPF_JMP | BPF_JEQ | BPF_K, number, 1);
    lines[at + 1] = filter_line(BPF_RET | BPF_K, action, 0);
    return at + 2;
}
static inline size_t load_number(struct sock_filter *lines)
{
    lines[0] = filter_line(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr), 0);
    return 1;
}

/* One system call fails with this error. */
static inline int forbid(unsigned number, int error)
{
    struct sock_filter lines[4];
    size_t count = answer(lines, load_number(lines), number, SECCOMP_RET_ERRNO | (unsigned)error);

    lines[count++] = filter_line(BPF_RET | BPF_K, SECCOMP_RET_ALLOW, 0);
    return install_filter(lines, count);
}

/* System calls that were made under `count_calls`, and the number of the last one. */
static volatile sig_atomic_t calls_made, last_call;

static void count_call(int signal_number, siginfo_t *info, void *context)
{
    (void)signal_number;
    ++calls_made;
    last_call = info->si_syscall;
    ((ucontext_t *)context)->uc_mcontext.gregs[REG_RAX] = -ENOSYS;
}
/* From here on system calls fail with ENOSYS and are counted, except for writing and ending. */
static inline int count_calls(void)
{
    static const unsigned allowed[] = {SYS_write, SYS_exit_group, SYS_rt_sigreturn};
    struct sock_filter lines[2 * sizeof allowed / sizeof *allowed + 2];
    struct sigaction action;
    size_t i, count = load_number(lines);

    memset(&action, 0, sizeof action);
    action.sa_sigaction = count_call, action.sa_flags = SA_SIGINFO;
    if (sigaction(SIGSYS, &action, NULL) != 0)
        return 0;
    for (i = 0; i < sizeof allowed / sizeof *allowed; ++i)
        count = answer(lines, count, allowed[i], SECCOMP_RET_ALLOW);
    lines[count++] = filter_line(BPF_RET | BPF_K, SECCOMP_RET_TRAP, 0);
    return install_filter(lines, count);
}

/* Ends the test where the kernel, or the sandbox around the test, has no filters. */
static inline void need_filters(void)
{
    PEER child = fork_peer();

    if (child.pid == 0)
        _exit(forbid(NUMBER_OF_FUTEX_WAITV, EPERM) ? 0 : 1);
    if (end_of(&child) == 0)
        return;
    printf("SKIPPED: this process cannot install a seccomp filter\n");
    exit(77);
}

#endif
