/*
 * check.h - the few words that winshm's C tests are written with.
 *
 * A test program is: check_begin, some CHECKs, return check_end(). It prints
 * one line if all is well, and file:line, the expression and the last error
 * for everything that is not. Portable tests also build with mingw-w64 and run
 * on Windows or Wine; what comes after "Processes" exists on Linux only.
 */
#ifndef CHECK_H
#define CHECK_H

#ifdef __MINGW32__
#define _WIN32_WINNT 0x0A00
#elif !defined(_GNU_SOURCE)
#define _GNU_SOURCE
#endif
#include <windows.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The last error before every checked call; no function sets this code. */
#define SENTINEL 0xE0C0FFEEu
/* No file: the mapping is memory. */
#define MEMORY INVALID_HANDLE_VALUE
/* A handle value that no process of ours ever gets. */
#define GARBAGE_HANDLE ((HANDLE)(ULONG_PTR)0x7FFFFFF4)

/* What Wine 8 does where Windows documents something else. */
#define SUCCESS 0xFFFFFFFFu
#ifdef __MINGW32__
#define ON_WINE(expr) (expr)
#ifndef ERROR_NOT_SAME_OBJECT
#define ERROR_NOT_SAME_OBJECT 1656
#endif
#else
#define ON_WINE(expr) 0
#endif

static int check_count, check_failures;

static inline int check_that(int holds, const char *file, int line, const char *text)
{
    DWORD error = GetLastError();

    /* Threads check, too. */
    __atomic_fetch_add(&check_count, 1, __ATOMIC_RELAXED);
    if (!holds) {
        __atomic_fetch_add(&check_failures, 1, __ATOMIC_RELAXED);
        fprintf(stderr, "%s:%d: failed: %s (last error %lu)\n", file, line, text, (unsigned long)error);
    }
    SetLastError(error);
    return holds;
}

/* True is right. The value of every CHECK is whether it held. */
#define CHECK(expr) check_that(!!(expr), __FILE__, __LINE__, #expr)

/* The call fails (returns zero) with exactly this code; on Wine perhaps with the other one, or not at all. */
#define CHECK_ERROR_OR_WINE(call, code, wine)                                                             \
    (SetLastError(SENTINEL),                                                                              \
     check_that((call) == 0 ? GetLastError() == (code) || ON_WINE(GetLastError() == (wine))               \
                            : ON_WINE((wine) == SUCCESS),                                                 \
                __FILE__, __LINE__, #call " fails with " #code))
#define CHECK_ERROR(call, code) CHECK_ERROR_OR_WINE(call, code, code)

/* The call succeeds and leaves this last error behind: creating functions do that. */
#define CHECK_LAST(call, code)                                                                            \
    (SetLastError(SENTINEL),                                                                              \
     check_that((call) != 0 && GetLastError() == (code), __FILE__, __LINE__, #call " succeeds, last error " #code))
/* The call succeeds and leaves the last error alone. */
#define CHECK_QUIET(call) CHECK_LAST(call, SENTINEL)

/* A name that no other process and no other line uses. Sixteen are kept. */
static inline const char *check_name(const char *label, int line)
{
    static char names[16][160];
    static int next;
    char *name = names[next++ % 16];

    snprintf(name, sizeof names[0], "winshm-%lu-%d-%s", (unsigned long)GetCurrentProcessId(), line, label);
    return name;
}
#define NAME(label) check_name(label, __LINE__)

/* The same text in WCHARs; for ASCII. Sixteen are kept. */
static inline const WCHAR *widen(const char *text)
{
    static WCHAR wide[16][320];
    static int next;
    WCHAR *to = wide[next++ % 16];
    int i;

    for (i = 0; i < 319 && text[i] != 0; ++i)
        to[i] = (WCHAR)(unsigned char)text[i];
    to[i] = 0;
    return to;
}

static inline HANDLE new_memory(DWORD protection, DWORD size, const char *name)
{
    return CreateFileMappingA(MEMORY, NULL, protection, 0, size, name);
}
static inline char *view_of(HANDLE mapping, DWORD access)
{
    return (char *)MapViewOfFile(mapping, access, 0, 0, 0);
}
/* Whether a mapping of this name exists. Leaves the last error of the attempt. */
static inline int name_exists(const char *name)
{
    HANDLE mapping = OpenFileMappingA(FILE_MAP_READ, FALSE, name);

    return mapping != NULL && CloseHandle(mapping);
}

static inline int check_end(void)
{
    if (check_failures == 0)
        printf("ok: %d checks\n", check_count);
    else
        fprintf(stderr, "FAILED: %d of %d checks\n", check_failures, check_count);
    return check_failures != 0;
}

#ifdef __MINGW32__
static inline void check_begin(void) {}
#else
/* ---- Processes. ---- */
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* Starts a test program: a hung test ends after a minute, a dead peer is an error and not a signal. */
static inline void check_begin(void)
{
    alarm(60);
    signal(SIGPIPE, SIG_IGN);
}

/* The other side of a story, for the parent its child and for the child its parent. */
typedef struct PEER {
    pid_t pid;
    int from, to;
} PEER;

/* What a child calls its parent: turns come and go through stdin and stdout. */
static const PEER parent = {0, STDIN_FILENO, STDOUT_FILENO};

static inline void pass_turn(const PEER *peer)
{
    if (write(peer->to, ".", 1) != 1)
        fprintf(stderr, "nobody takes the turn\n");
}
/* Sleeps until the other side passes the turn. If it has died instead, there is no story left. */
static inline void await_turn(const PEER *peer)
{
    char turn;
    ssize_t got;

    do
        got = read(peer->from, &turn, 1);
    while (got < 0 && errno == EINTR);
    if (got != 1) {
        fprintf(stderr, "the other process is gone, the turn never came\n");
        exit(2);
    }
}

/* Forks. The child, whose pid says 0, has the parent at the other ends of its stdin and stdout. */
static inline PEER fork_peer(void)
{
    int there[2], back[2];
    PEER peer;

    if (pipe(there) != 0 || pipe(back) != 0 || (peer.pid = fork()) < 0) {
        perror("fork_peer");
        exit(2);
    }
    if (peer.pid == 0) {
        alarm(60);
        dup2(there[0], STDIN_FILENO);
        dup2(back[1], STDOUT_FILENO);
        close(there[0]), close(there[1]), close(back[0]), close(back[1]);
        return parent;
    }
    close(there[0]), close(back[1]);
    peer.to = there[1], peer.from = back[0];
    return peer;
}
/* Runs this program again as `peer ROLE TAG`. */
static inline PEER start_peer(const char *role, const char *tag)
{
    PEER peer = fork_peer();

    if (peer.pid == 0) {
        execl("/proc/self/exe", "check", "peer", role, tag, (char *)NULL);
        _exit(127);
    }
    return peer;
}
/* Whether this process is such a child, in this role. Its tag is argv[3]. */
static inline int plays(int argc, char **argv, const char *role)
{
    return argc == 4 && strcmp(argv[1], "peer") == 0 && strcmp(argv[2], role) == 0;
}
/* Waits for the child's end; its exit code, or 128 + the signal. */
static inline int end_of(PEER *peer)
{
    int status = 0;

    waitpid(peer->pid, &status, 0);
    close(peer->to), close(peer->from);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
static inline int kill_peer(PEER *peer)
{
    kill(peer->pid, SIGKILL);
    return end_of(peer);
}

/* Whether body(argument) dies of a memory fault, tried in a child. Sanitizers turn the fault into an exit code. */
static inline int crashes(void (*body)(void *), void *argument)
{
    const struct rlimit no_core = {0, 0};
    int status = 0;
    pid_t child = fork();

    if (child == 0) {
        setrlimit(RLIMIT_CORE, &no_core);
        close(STDERR_FILENO);
        body(argument);
        _exit(0);
    }
    if (child < 0 || waitpid(child, &status, 0) != child)
        return 0;
    return WIFSIGNALED(status) ? WTERMSIG(status) == SIGSEGV || WTERMSIG(status) == SIGBUS : WEXITSTATUS(status) != 0;
}

/* Mappings of this process. */
static inline int count_all_mappings(void)
{
    FILE *maps = fopen("/proc/self/maps", "r");
    int lines = 0, c;

    while (maps != NULL && (c = getc(maps)) != EOF)
        lines += c == '\n';
    if (maps != NULL)
        fclose(maps);
    return lines;
}
#include "private_directory.h"
#endif
#endif
