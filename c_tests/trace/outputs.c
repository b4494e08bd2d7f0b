/*
 * outputs.c - programs whose lines cannot be written, or not where they were: full files, descriptors that are
 * gone, readers that do not read, sandboxes; and one with more rights than its user. The first argument says
 * which, the second one is a path; c_tests/trace_outputs.sh looks at what was traced.
 */
#if !defined(_GNU_SOURCE)
#define _GNU_SOURCE
#endif
#include <windows.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "require.h"

static HANDLE event;
static const char *path;

/* As a daemon does: all descriptors are closed, and their numbers are used for other things. */
static void closes_all(void)
{
    int number, file, longest = 0;

    event = CreateEventA(NULL, FALSE, FALSE, NULL);
    file = memfd_create("the program's own", 0);
    REQUIRE(file >= 0);
    for (number = 2; number < 1000; ++number)
        if (number != file && (close(number) == 0 || number < 20) && dup2(file, number) >= 0)
            ++longest;
    REQUIRE(SetEvent(event) && longest > 10);
    REQUIRE(lseek(file, 0, SEEK_END) == 0);
    printf("untouched\n");
}

/* Many calls, for outputs that take no more. */
static void goes_on(void)
{
    int i;

    if (event == NULL)
        event = CreateEventA(NULL, FALSE, FALSE, NULL);
    for (i = 0; i < 50; ++i)
        REQUIRE(SetEvent(event) && ResetEvent(event));
    printf("went on\n");
}
static void no_larger_file(void)
{
    struct rlimit limit = {2000, 2000};

    REQUIRE(setrlimit(RLIMIT_FSIZE, &limit) == 0);
    goes_on();
}

/* Descriptors that the program has, and is to have, by their numbers. */
static void numbers(void)
{
    event = CreateEventA(NULL, FALSE, FALSE, NULL);
    REQUIRE(SetEvent(event));
    REQUIRE(close(0) == 0 && open("/dev/null", O_RDONLY) == 0);
    REQUIRE(execl("/proc/self/exe", "outputs", "after_exec", (char *)NULL) == 0);
}
static void after_exec(void)
{
    char path[64], target[256];
    int number, found = 0;

    for (number = 3; number < 2000; ++number) {
        ssize_t length;

        snprintf(path, sizeof path, "/proc/self/fd/%d", number);
        length = readlink(path, target, sizeof target - 1);
        if (length > 0)
            target[length] = 0, found += strstr(target, "trace") != NULL && strstr(target, "/lines") != NULL;
    }
    REQUIRE(found == 0);
    REQUIRE(CreateEventA(NULL, FALSE, FALSE, "after exec") != NULL);
}

static int is_pending(int signal_number)
{
    sigset_t pending;

    REQUIRE(sigpending(&pending) == 0);
    return sigismember(&pending, signal_number);
}
static volatile sig_atomic_t caught;
static void count_signal(int signal_number) { caught += signal_number; }
/* What a write that fails sends is taken away; the same signal, if the program has it already, is its own. */
static void keeps_signals(void)
{
    static const int numbers[] = {SIGXFSZ, SIGPIPE};
    struct rlimit limit = {2000, 2000};
    sigset_t both, before;
    size_t i;

    REQUIRE(sigemptyset(&both) == 0 && setrlimit(RLIMIT_FSIZE, &limit) == 0);
    for (i = 0; i < 2; ++i)
        REQUIRE(signal(numbers[i], count_signal) != SIG_ERR && sigaddset(&both, numbers[i]) == 0);
    REQUIRE(pthread_sigmask(SIG_BLOCK, &both, &before) == 0);
    for (i = 0; i < 2; ++i)
        REQUIRE(raise(numbers[i]) == 0);
    goes_on();
    REQUIRE(is_pending(SIGXFSZ) && is_pending(SIGPIPE) && caught == 0);
    REQUIRE(pthread_sigmask(SIG_SETMASK, &before, NULL) == 0 && caught == SIGXFSZ + SIGPIPE);
}

/* The standard error output is a pipe whose reader has gone. */
static void lose_reader(void)
{
    int ends[2];

    REQUIRE(pipe(ends) == 0 && close(ends[0]) == 0 && dup2(ends[1], 2) == 2 && close(ends[1]) == 0);
}
static void no_reader(void)
{
    lose_reader();
    goes_on();
}
static void keeps_signals_of_pipe(void)
{
    lose_reader();
    keeps_signals();
}

/* No FILE for lines. */
static void make_socket(void)
{
    struct sockaddr_un address;
    int number = socket(AF_UNIX, SOCK_STREAM, 0);

    memset(&address, 0, sizeof address);
    address.sun_family = AF_UNIX;
    snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    REQUIRE(bind(number, (struct sockaddr *)&address, sizeof address) == 0);
}

/* FILE goes while it is open. */
static void removed(void)
{
    event = CreateEventA(NULL, FALSE, FALSE, NULL);
    REQUIRE(unlink(path) == 0);
    goes_on();
}
static void in_another_root(void)
{
    event = CreateEventA(NULL, FALSE, FALSE, NULL);
    REQUIRE(chroot(path) == 0 && chdir("/") == 0);
    goes_on();
}
static void no_descriptors(void)
{
    struct rlimit none = {0, 0};

    REQUIRE(setrlimit(RLIMIT_NOFILE, &none) == 0);
    goes_on();
}
static void no_more_descriptors(void)
{
    event = CreateEventA(NULL, FALSE, FALSE, NULL);
    no_descriptors();
}

/* Threads trace while another one closes all descriptors, again and again. */
static volatile int is_over;
static void *sets(void *unused)
{
    while (!is_over)
        REQUIRE(SetEvent(event));
    return unused;
}
static int count_of_output(void)
{
    char link[300], target[300];
    struct dirent *entry;
    DIR *all = opendir("/proc/self/fd");
    int found = 0;

    REQUIRE(all != NULL);
    while ((entry = readdir(all)) != NULL) {
        ssize_t length;

        snprintf(link, sizeof link, "/proc/self/fd/%s", entry->d_name);
        length = readlink(link, target, sizeof target - 1);
        if (length > 0)
            target[length] = 0, found += strcmp(target, path) == 0;
    }
    closedir(all);
    return found;
}
static void closed_again_and_again(void)
{
    enum { THREADS = 8, ROUNDS = 300 };
    pthread_t threads[THREADS];
    int i;

    event = CreateEventA(NULL, FALSE, FALSE, NULL);
    for (i = 0; i < THREADS; ++i)
        REQUIRE(pthread_create(&threads[i], NULL, sets, NULL) == 0);
    for (i = 0; i < ROUNDS; ++i) {
        closefrom(3);
        usleep(100);
    }
    is_over = 1;
    for (i = 0; i < THREADS; ++i)
        REQUIRE(pthread_join(threads[i], NULL) == 0);
    REQUIRE(SetEvent(event));
    printf("descriptors of the output: %d\n", count_of_output());
}

/* Nobody reads the FIFO that takes the lines: it is full, and one line more waits a second for a reader, also
   if signals come meanwhile. */
static void nothing(int signal_number) { (void)signal_number; }
static void nobody_reads(void)
{
    struct itimerval often = {{0, 20000}, {0, 20000}}, never = {{0, 0}, {0, 0}};
    int fifo = open(path, O_RDWR | O_NONBLOCK);
    struct timespec before, after;
    struct sigaction action;
    static char full[4096];

    event = CreateEventA(NULL, FALSE, FALSE, NULL);
    REQUIRE(fifo >= 0 && fcntl(fifo, F_SETPIPE_SZ, 4096) >= 0);
    REQUIRE(read(fifo, full, sizeof full) > 0);
    REQUIRE(write(fifo, full, sizeof full) == (ssize_t)sizeof full);
    memset(&action, 0, sizeof action);
    action.sa_handler = nothing;
    REQUIRE(sigaction(SIGALRM, &action, NULL) == 0 && setitimer(ITIMER_REAL, &often, NULL) == 0);
    clock_gettime(CLOCK_MONOTONIC, &before);
    errno = 12;
    REQUIRE(SetEvent(event) && errno == 12);
    clock_gettime(CLOCK_MONOTONIC, &after);
    REQUIRE(setitimer(ITIMER_REAL, &never, NULL) == 0);
    REQUIRE((after.tv_sec - before.tv_sec) * 1000 + (after.tv_nsec - before.tv_nsec) / 1000000 >= 999);
    REQUIRE(read(fifo, full, sizeof full) == (ssize_t)sizeof full && ResetEvent(event)); /* which can be written */
    REQUIRE(read(fifo, full, sizeof full) > 0 && strstr(full, "ResetEvent(0x") != NULL);
    printf("went on\n");
}

/* Nobody reads the standard error output for a while: no line is lost. */
static void somebody_reads_later(void)
{
    enum { CALLS = 2000 };
    int ends[2], status, lines = 0;
    struct pollfd writable;
    char byte;
    pid_t child;

    REQUIRE(pipe(ends) == 0);
    child = fork();
    if (child == 0) {
        int i;

        REQUIRE(dup2(ends[1], 2) == 2 && close(ends[1]) == 0 && close(ends[0]) == 0);
        event = CreateEventA(NULL, FALSE, FALSE, NULL);
        for (i = 1; i < CALLS; ++i)
            REQUIRE(SetEvent(event));
        _exit(0);
    }
    writable.fd = ends[1], writable.events = POLLOUT;
    while (poll(&writable, 1, 0) != 0)
        usleep(1000);
    REQUIRE(close(ends[1]) == 0);
    usleep(1200000); /* longer than a line waits elsewhere */
    while (read(ends[0], &byte, 1) == 1)
        lines += byte == '\n';
    REQUIRE(waitpid(child, &status, 0) == child && status == 0 && lines == CALLS);
    printf("went on\n");
}

/* Two hundred threads write at once. */
static pthread_barrier_t all_are_there;
static void *of_a_crowd(void *unused)
{
    int i;

    pthread_barrier_wait(&all_are_there);
    for (i = 0; i < 50; ++i)
        SetEvent(event);
    return unused;
}
static void crowd(void)
{
    enum { THREADS = 200 };
    pthread_t threads[THREADS];
    int i;

    event = CreateEventA(NULL, FALSE, FALSE, NULL);
    REQUIRE(pthread_barrier_init(&all_are_there, NULL, THREADS) == 0);
    for (i = 0; i < THREADS; ++i)
        REQUIRE(pthread_create(&threads[i], NULL, of_a_crowd, NULL) == 0);
    for (i = 0; i < THREADS; ++i)
        REQUIRE(pthread_join(threads[i], NULL) == 0);
}

/* Sandboxes that refuse what a line needs. */
static void forbid(unsigned number)
{
    struct sock_filter lines[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog filter = {sizeof lines / sizeof *lines, lines};

    REQUIRE(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
    REQUIRE(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0);
}
static void many_calls(void)
{
    int i;

    for (i = 0; i < 50; ++i) {
        errno = 12;
        if (!SetEvent(event) || !ResetEvent(event) || errno != 12 || OpenEventA(SYNCHRONIZE, FALSE, "none") != NULL)
            _exit(1);
    }
}
static void may_not_write(void)
{
    event = CreateEventA(NULL, FALSE, FALSE, NULL);
    forbid(SYS_write);
    many_calls();
    _exit(0); /* nothing can be said */
}
static void may_not_open(void)
{
    forbid(SYS_openat);
    event = CreateEventA(NULL, FALSE, FALSE, NULL);
    many_calls();
    printf("went on\n");
}
static void may_not_look(void)
{
    forbid(SYS_process_vm_readv);
    REQUIRE(OpenEventA(SYNCHRONIZE, FALSE, "unseen") == NULL);
}

/* With more rights than its user, if the file has such. */
static void privileged(void)
{
    char folder[300];

    REQUIRE(CreateEventA(NULL, FALSE, FALSE, "privileged") != NULL && CreateEventA(NULL, FALSE, FALSE, "Global\\privileged"));
    OutputDebugStringA("said\n");
    REQUIRE(OpenEventA(SYNCHRONIZE, FALSE, "nobody has it") == NULL && GetTempPathA(sizeof folder, folder) != 0);
    printf("%s as %d, in %s\n", getauxval(AT_SECURE) ? "privileged" : "as others", (int)geteuid(), folder);
}

int main(int count, char **arguments)
{
    static const struct {
        const char *name;
        void (*run)(void);
    } outputs[] = {
#define OUTPUT(name) {#name, name}
        OUTPUT(closes_all), OUTPUT(goes_on), OUTPUT(no_larger_file), OUTPUT(keeps_signals), OUTPUT(numbers),
        OUTPUT(no_reader), OUTPUT(keeps_signals_of_pipe), OUTPUT(make_socket),
        OUTPUT(after_exec), OUTPUT(removed), OUTPUT(in_another_root), OUTPUT(no_descriptors),
        OUTPUT(no_more_descriptors), OUTPUT(closed_again_and_again), OUTPUT(nobody_reads),
        OUTPUT(somebody_reads_later), OUTPUT(crowd), OUTPUT(may_not_write), OUTPUT(may_not_open),
        OUTPUT(may_not_look), OUTPUT(privileged),
    };
    size_t i;

    alarm(60);
    path = count > 2 ? arguments[2] : NULL;
    for (i = 0; count > 1 && i < sizeof outputs / sizeof *outputs; ++i)
        if (strcmp(arguments[1], outputs[i].name) == 0)
            return outputs[i].run(), 0;
    return 2;
}
