/*
 * process_create_process_end.c - how children of CreateProcess end, and who learns of it.
 */
#include "creating.h"

static int wait_for_turn(const char *tag)
{
    HANDLE event;

    handles_of(tag, &event, 1);
    return WaitForSingleObject(event, INFINITE) == WAIT_OBJECT_0 ? 7 : 1;
}

/* Handles, ids and codes. */
static void a_child_runs_and_ends(void)
{
    HANDLE event = CreateEventA(inheritable(), TRUE, FALSE, NULL), again;
    DWORD code = 0;

    CHECK_QUIET(start_role("exit", "42", FALSE));
    CHECK(child.dwProcessId == GetProcessId(child.hProcess) && child.dwThreadId == GetThreadId(child.hThread));
    CHECK(flags_of(child.hProcess) == 0 && flags_of(child.hThread) == 0);
    CHECK(end_of_child() == 42);

    CHECK(start_role("wait", tag_of(&event, 1), TRUE));
    CHECK(GetExitCodeProcess(child.hProcess, &code) && code == STILL_ACTIVE);
    CHECK(WaitForSingleObject(child.hProcess, 20) == WAIT_TIMEOUT && WaitForSingleObject(child.hThread, 0) == WAIT_TIMEOUT);
    CHECK((again = OpenProcess(PROCESS_ALL_ACCESS, FALSE, child.dwProcessId)) != NULL);
    CHECK(CompareObjectHandles(again, child.hProcess) && CloseHandle(again));
    CHECK(SetEvent(event) && end_of_child() == 7);

    CHECK(ResetEvent(event) && start_role("wait", tag_of(&event, 1), TRUE));
    CHECK(TerminateProcess(child.hProcess, 0xC0000005u) && end_of_child() == 0xC0000005u);
    CHECK(start_role("wait", tag_of(&event, 1), TRUE));
    CHECK(kill((pid_t)child.dwProcessId, SIGKILL) == 0 && end_of_child() == 128 + SIGKILL);
    CHECK(CloseHandle(event));
}

/* Descriptors of processes that this one has. */
static int count_pidfds(void)
{
    char path[64], target[64];
    int number, count = 0;

    for (number = 0; number < 2000; ++number) {
        ssize_t length;

        snprintf(path, sizeof path, "/proc/self/fd/%d", number);
        length = readlink(path, target, sizeof target - 1);
        target[length > 0 ? length : 0] = '\0';
        count += strstr(target, "pidfd") != NULL;
    }
    return count;
}

/* A child is buried whether somebody asks or not, and whether a handle is left. */
static void nobody_stays_a_zombie(void)
{
    enum { CHILDREN = 64 };
    pid_t pids[CHILDREN];
    int i;

    for (i = 0; i < CHILDREN; ++i) {
        CHECK(start_role("exit", "0", FALSE));
        pids[i] = (pid_t)child.dwProcessId;
        if (i % 2 == 0)
            CHECK(WaitForSingleObject(child.hProcess, INFINITE) == WAIT_OBJECT_0);
        CHECK(CloseHandle(child.hProcess) && CloseHandle(child.hThread));
    }
    for (i = 0; i < CHILDREN; ++i)
        while (kill(pids[i], 0) == 0)
            usleep(1000);
    CHECK(waitpid(-1, NULL, WNOHANG) < 0);
    while (count_pidfds() > 4) /* the last ones may be kept until the next is made; a leak would grow */
        usleep(1000);
}
/* The program's own children are its own. */
static void other_children_are_left_alone(void)
{
    pid_t own = fork();
    int status = 0;

    if (own == 0)
        _exit(9);
    CHECK(start_role("exit", "3", FALSE) && end_of_child() == 3);
    CHECK(waitpid(own, &status, 0) == own && WEXITSTATUS(status) == 9);
}
/* Whoever else takes the children's ends, by ignoring SIGCHLD or by asking for all of them, takes the exit codes; each
 * child is started, and its end is known. */
static void ends_that_others_take(void)
{
    enum { CHILDREN = 200 };
    DWORD code;
    int i, known = 0;

    for (i = 0; i < CHILDREN; ++i) {
        CHECK(start_with("/bin/true", NULL, FALSE, 0, NULL, NULL));
        CHECK(WaitForSingleObject(child.hProcess, INFINITE) == WAIT_OBJECT_0);
        CHECK(WaitForSingleObject(child.hThread, 0) == WAIT_OBJECT_0 && GetProcessId(child.hProcess) == child.dwProcessId);
        if (GetExitCodeProcess(child.hProcess, &code))
            known += code == 0;
        else
            known += GetLastError() == ERROR_NOT_SUPPORTED;
        CHECK_ERROR(TerminateProcess(child.hProcess, 1), ERROR_ACCESS_DENIED);
        CHECK(CloseHandle(child.hProcess) && CloseHandle(child.hThread));
    }
    CHECK(known == CHILDREN);
}
static int stop_asking;

static void *ask_for_all(void *unused)
{
    while (!__atomic_load_n(&stop_asking, __ATOMIC_RELAXED))
        if (waitpid(-1, NULL, 0) < 0)
            sched_yield();
    return unused;
}
static void others_take_the_ends(void)
{
    pthread_t thread;

    CHECK(pthread_create(&thread, NULL, ask_for_all, NULL) == 0);
    ends_that_others_take();
    __atomic_store_n(&stop_asking, 1, __ATOMIC_RELAXED);
    pthread_join(thread, NULL);
    signal(SIGCHLD, SIG_IGN);
    ends_that_others_take();
    signal(SIGCHLD, SIG_DFL);
}

/* Without a descriptor for its process a program does not even begin. */
static void no_descriptor_no_program(const char *folder)
{
    struct rlimit limit, few;
    char path[400], line[500];
    int i, numbers[64], count = 0;

    CHECK(start_role("exit", "0", FALSE) && end_of_child() == 0);
    snprintf(path, sizeof path, "%s/begun", folder), snprintf(line, sizeof line, "touch %s", path);
    getrlimit(RLIMIT_NOFILE, &limit);
    few = limit, few.rlim_cur = 64;
    CHECK(setrlimit(RLIMIT_NOFILE, &few) == 0);
    while (count < 64 && (numbers[count] = dup(1)) >= 0)
        ++count;
    for (i = 0; i < 20; ++i)
        CHECK_ERROR(start_with(NULL, line, FALSE, 0, NULL, NULL), ERROR_TOO_MANY_OPEN_FILES);
    while (count > 0)
        close(numbers[--count]);
    CHECK(setrlimit(RLIMIT_NOFILE, &limit) == 0);
    CHECK(waitpid(-1, NULL, WNOHANG) < 0 && access(path, F_OK) != 0);
    CHECK(start_with(NULL, line, FALSE, 0, NULL, NULL) && end_of_child() == 0 && unlink(path) == 0);
}

int main(int argc, char **argv)
{
    check_begin();
    if (plays(argc, argv, "exit"))
        return exit_with(argv[3]);
    if (plays(argc, argv, "wait"))
        return wait_for_turn(argv[3]);
    use_private_directory();
    a_child_runs_and_ends();
    nobody_stays_a_zombie();
    other_children_are_left_alone();
    no_descriptor_no_program(getenv("WINSHM_DIR"));
    others_take_the_ends();
    return check_end();
}
