/*
 * failing_calls.h - system calls of this process that fail, one at a time: the Nth from
 * now on, with an error that it may really have. A seccomp filter hands every call to a
 * thread of the test, which answers it or lets the kernel do it; so the calls of the C
 * library and of the Rust library are reached too, in the library as it is shipped.
 */
#ifndef FAILING_CALLS_H
#define FAILING_CALLS_H

#include "sandbox.h"

#include <fcntl.h>
#include <pthread.h>
#include <sys/ioctl.h>
#include <time.h>

#ifndef SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV
#define SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV (1UL << 5) /* Linux 5.19 */
#endif

enum { MOST_ERRORS = 7 };

/* What a call may fail with, for reasons that a program meets. 0 ends a list. */
typedef struct CALL_ERRORS {
    int number, errors[MOST_ERRORS];
    const char *name;
} CALL_ERRORS;

static const CALL_ERRORS call_errors[] = {
    {SYS_openat, {EMFILE, ENFILE, ENOMEM, EACCES, EINTR, EIO, ENOSPC}, "openat"},
    {SYS_open, {EMFILE, ENFILE, ENOMEM, EACCES, EINTR, EIO, ENOSPC}, "open"},
    {SYS_memfd_create, {EMFILE, ENFILE, ENOMEM, ENOSYS, EPERM}, "memfd_create"},
    {SYS_mmap, {ENOMEM, EAGAIN, ENFILE}, "mmap"},
    {SYS_mprotect, {ENOMEM, EACCES}, "mprotect"},
    {SYS_mremap, {ENOMEM, EAGAIN}, "mremap"},
    {SYS_madvise, {ENOMEM, EAGAIN, EIO}, "madvise"},
    {SYS_msync, {EIO}, "msync"},
    {SYS_mlock, {ENOMEM, EAGAIN, EPERM}, "mlock"},
    {SYS_mlock2, {ENOMEM, EAGAIN, EPERM, ENOSYS}, "mlock2"},
    {SYS_brk, {ENOMEM}, "brk"},
    {SYS_ftruncate, {EINTR, EIO, EFBIG, ENOSPC, EPERM}, "ftruncate"},
    {SYS_fallocate, {EINTR, ENOSPC, EIO, EFBIG, EOPNOTSUPP, EDQUOT}, "fallocate"},
    {SYS_write, {EINTR, ENOSPC, EIO, EFBIG, EDQUOT}, "write"},
    {SYS_pwrite64, {EINTR, ENOSPC, EIO, EFBIG, EDQUOT}, "pwrite64"},
    {SYS_read, {EINTR, EIO}, "read"},
    {SYS_pread64, {EINTR, EIO}, "pread64"},
    {SYS_newfstatat, {ENOMEM, EACCES}, "newfstatat"},
    {SYS_statfs, {EIO, ENOSYS, EINTR}, "statfs"},
    {SYS_fstatfs, {EIO, ENOSYS, EINTR}, "fstatfs"},
    {SYS_linkat, {ENOSPC, ENOMEM, EPERM, EIO}, "linkat"},
    {SYS_unlinkat, {EIO, EACCES, ENOMEM}, "unlinkat"},
    {SYS_unlink, {EIO, EACCES, ENOMEM}, "unlink"},
    {SYS_mkdir, {ENOSPC, ENOMEM, EACCES, EIO}, "mkdir"},
    {SYS_fchmod, {EPERM, EIO}, "fchmod"},
    {SYS_fchown, {EPERM, EIO}, "fchown"},
    {SYS_getdents64, {EIO, ENOMEM}, "getdents64"},
    {SYS_flock, {EINTR, ENOLCK}, "flock"},
    {SYS_dup, {EMFILE}, "dup"},
    {SYS_dup2, {EMFILE, EINTR}, "dup2"},
    {SYS_dup3, {EMFILE, EINTR}, "dup3"},
    {SYS_pipe2, {EMFILE, ENFILE}, "pipe2"},
    {SYS_eventfd2, {EMFILE, ENFILE, ENOMEM}, "eventfd2"},
    {SYS_poll, {EINTR, ENOMEM}, "poll"},
    {SYS_shmget, {ENOMEM, ENOSPC, EACCES}, "shmget"},
    {SYS_shmat, {ENOMEM, EACCES}, "shmat"},
    {SYS_shmctl, {EPERM, ENOMEM}, "shmctl"},
    {SYS_shmdt, {0}, "shmdt"},
    {SYS_pidfd_open, {EMFILE, ENFILE, ENOMEM, ENOSYS, EPERM}, "pidfd_open"},
    {SYS_pidfd_send_signal, {EPERM, ENOSYS}, "pidfd_send_signal"},
    {SYS_clone, {EAGAIN, ENOMEM}, "clone"},
    {SYS_clone3, {EAGAIN, ENOMEM, ENOSYS}, "clone3"},
    {SYS_fork, {EAGAIN, ENOMEM}, "fork"},
    {SYS_vfork, {EAGAIN, ENOMEM}, "vfork"},
    {SYS_futex, {EINTR, ENOMEM}, "futex"},
    {NUMBER_OF_FUTEX_WAITV, {EINTR, ENOMEM, ENOSYS, EPERM}, "futex_waitv"},
    {SYS_membarrier, {ENOSYS, EPERM, ENOMEM}, "membarrier"},
    {SYS_get_robust_list, {ENOSYS, EPERM}, "get_robust_list"},
    {SYS_set_robust_list, {ENOSYS, EPERM}, "set_robust_list"},
    {SYS_getrandom, {EINTR, ENOSYS, EAGAIN}, "getrandom"},
    {SYS_process_vm_readv, {EPERM, ENOSYS, ENOMEM}, "process_vm_readv"},
    {SYS_process_vm_writev, {EPERM, ENOSYS, ENOMEM}, "process_vm_writev"},
    {SYS_readlink, {EACCES, ENOMEM, EIO}, "readlink"},
    {SYS_readlinkat, {EACCES, ENOMEM, EIO}, "readlinkat"},
    {SYS_prlimit64, {EPERM}, "prlimit64"},
    {SYS_waitid, {EINTR, ECHILD}, "waitid"},
    {SYS_clock_nanosleep, {EINTR}, "clock_nanosleep"},
    {SYS_fsync, {EIO, EINTR}, "fsync"},
    {SYS_fdatasync, {EIO, EINTR}, "fdatasync"},
};
static const CALL_ERRORS duplications = {SYS_fcntl, {EMFILE}, "fcntl(F_DUPFD)"};
static const CALL_ERRORS lockings = {SYS_fcntl, {ENOLCK, EINTR}, "fcntl(F_SETLK)"};
static const CALL_ERRORS others = {-1, {0}, "?"};

static inline const CALL_ERRORS *errors_of(const struct seccomp_data *call)
{
    size_t i;

    if (call->nr == SYS_fcntl) {
        int command = (int)call->args[1];

        return command == F_DUPFD || command == F_DUPFD_CLOEXEC ? &duplications
               : command == F_SETLK || command == F_SETLKW || command == F_OFD_SETLK || command == F_OFD_SETLKW ||
                       command == F_OFD_GETLK || command == F_GETLK
                   ? &lockings
                   : &others;
    }
    if (call->nr == SYS_newfstatat && (int)call->args[0] != AT_FDCWD)
        return &others; /* of the library's own directory: there is nothing to refuse */
    for (i = 0; i < sizeof call_errors / sizeof *call_errors; ++i)
        if (call_errors[i].number == call->nr)
            return &call_errors[i];
    return &others;
}

/* The plan, and what became of it: written by the thread that answers, read when the calls are over. */
static struct {
    int listener, countdown, choice;
    const CALL_ERRORS *call; /* the one that was to fail */
    int error;               /* what it failed with; 0: it has no such choice, and was done */
    unsigned long long answered;
} failing = {-1, 0, 0, NULL, 0, 0};

static inline int is_ours(pid_t tid) { return syscall(SYS_tgkill, getpid(), tid, 0) == 0; }

static inline int answer_of_call(const struct seccomp_notif *call)
{
    const CALL_ERRORS *errors;

    if (__atomic_load_n(&failing.countdown, __ATOMIC_ACQUIRE) == 0 || !is_ours((pid_t)call->pid))
        return 0;
    if (__atomic_sub_fetch(&failing.countdown, 1, __ATOMIC_ACQ_REL) != 0)
        return 0;
    errors = errors_of(&call->data);
    failing.error = failing.choice < MOST_ERRORS ? errors->errors[failing.choice] : 0;
    __atomic_store_n(&failing.call, errors, __ATOMIC_RELEASE);
    return failing.error;
}
static inline void *answer_calls(void *unused)
{
    const struct timespec moment = {0, 100000};

    (void)unused;
    while (__atomic_load_n(&failing.listener, __ATOMIC_ACQUIRE) < 0)
        nanosleep(&moment, NULL);
    for (;;) {
        struct seccomp_notif call;
        struct seccomp_notif_resp reply;

        memset(&call, 0, sizeof call), memset(&reply, 0, sizeof reply);
        if (ioctl(failing.listener, SECCOMP_IOCTL_NOTIF_RECV, &call) != 0)
            continue; /* the caller is gone */
        reply.id = call.id, reply.error = -answer_of_call(&call);
        reply.flags = reply.error == 0 ? SECCOMP_USER_NOTIF_FLAG_CONTINUE : 0;
        ++failing.answered;
        ioctl(failing.listener, SECCOMP_IOCTL_NOTIF_SEND, &reply);
    }
    return NULL;
}
/* From here on the calls of this thread, and of what it makes, are answered by another one. False: they cannot be. */
static inline int answer_own_calls(void)
{
    struct sock_filter lines[16];
    struct sock_fprog program;
    size_t count = load_number(lines);
    pthread_t thread;
    long listener;

    count = answer(lines, count, SYS_exit_group, SECCOMP_RET_ALLOW);
    count = answer(lines, count, SYS_exit, SECCOMP_RET_ALLOW);
    count = answer(lines, count, SYS_rt_sigreturn, SECCOMP_RET_ALLOW);
    lines[count++] = filter_line(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF, 0);
    program.len = (unsigned short)count, program.filter = lines;
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || pthread_create(&thread, NULL, answer_calls, NULL) != 0)
        return 0;
    listener = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
                       SECCOMP_FILTER_FLAG_NEW_LISTENER | SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV, &program);
    if (listener < 0 && errno == EINVAL)
        listener = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &program);
    if (listener < 0)
        return 0;
    __atomic_store_n(&failing.listener, (int)listener, __ATOMIC_RELEASE);
    return 1;
}

/* The Nth call from now on fails, with the error of this number in its list. */
static inline void let_call_fail(int nth, int choice)
{
    failing.choice = choice, failing.error = 0, failing.call = NULL;
    __atomic_store_n(&failing.countdown, nth, __ATOMIC_RELEASE);
}
/* From now on none does. Whether there was an Nth one; `failing` says which, and what became of it. */
static inline int let_all_calls_work(void)
{
    __atomic_store_n(&failing.countdown, 0, __ATOMIC_RELEASE);
    return __atomic_load_n(&failing.call, __ATOMIC_ACQUIRE) != NULL;
}
#endif
