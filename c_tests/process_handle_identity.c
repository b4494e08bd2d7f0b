/*
 * process_handle_identity.c - a handle is of one process, whatever happens to
 * that process, to its number and to the process that has the handle.
 */
#include "tasks.h"

#include <linux/sched.h>
#include <sys/syscall.h>

/* It runs another program from now on: the same process, which goes on. */
static int be_successor(void)
{
    pass_turn(&parent);
    await_turn(&parent);
    return 6;
}
static void exec_does_not_end_a_process(void)
{
    PEER child = fork_peer();
    HANDLE process;
    SLEEPER sleeper;

    if (child.pid == 0) {
        await_turn(&parent);
        execl("/proc/self/exe", "check", "peer", "successor", "", (char *)NULL);
        _exit(127);
    }
    process = open_process(child.pid);
    start_any(&sleeper, &process, 1);
    pass_turn(&child);
    await_turn(&child);
    CHECK(still_sleeps(&sleeper));
    CHECK(exit_code(process) == STILL_ACTIVE);
    pass_turn(&child);
    CHECK(end_sleeper(&sleeper) == WAIT_OBJECT_0);
    CHECK(exit_code(process) == 6);
    CHECK(end_of(&child) == 6);
    CHECK(CloseHandle(process));
}

/* Its first thread ends and another goes on: /proc shows a zombie, and the process lives. */
static void *live_on(void *unused)
{
    (void)unused;
    while (sleep_state(getpid()) != 0)
        a_moment();
    pass_turn(&parent);
    await_turn(&parent);
    _exit(8);
    return NULL;
}
static void the_end_of_the_first_thread_is_not_the_end(void)
{
    PEER child = fork_peer();
    HANDLE process;
    SLEEPER sleeper;

    if (child.pid == 0) {
        pthread_t thread;

        if (pthread_create(&thread, NULL, live_on, NULL) != 0)
            _exit(1);
        pthread_exit(NULL);
    }
    process = open_process(child.pid);
    await_turn(&child);
    CHECK(sleep_state(child.pid) == 0);
    MISSES(process);
    CHECK(exit_code(process) == STILL_ACTIVE);
    start_any(&sleeper, &process, 1);
    CHECK(CloseHandle(open_process(child.pid)));
    CHECK(still_sleeps(&sleeper));
    pass_turn(&child);
    CHECK(end_sleeper(&sleeper) == WAIT_OBJECT_0);
    CHECK(exit_code(process) == 8);
    CHECK(end_of(&child) == 8);
    CHECK(CloseHandle(process));
}

/* A process that was stopped has not ended, and wakes nobody. */
static void a_stopped_process_has_not_ended(void)
{
    PEER child = fork_peer();
    HANDLE process;
    SLEEPER sleeper;
    int status = 0;

    if (child.pid == 0) {
        await_turn(&parent);
        _exit(9);
    }
    process = open_process(child.pid);
    start_any(&sleeper, &process, 1);
    CHECK(kill(child.pid, SIGSTOP) == 0 && waitpid(child.pid, &status, WUNTRACED) == child.pid && WIFSTOPPED(status));
    MISSES(process);
    CHECK(exit_code(process) == STILL_ACTIVE);
    CHECK(still_sleeps(&sleeper));
    CHECK(kill(child.pid, SIGCONT) == 0);
    CHECK(still_sleeps(&sleeper));
    /* Stopped again, it can be ended like any other. */
    CHECK(kill(child.pid, SIGSTOP) == 0 && waitpid(child.pid, &status, WUNTRACED) == child.pid);
    CHECK_QUIET(TerminateProcess(process, 11));
    CHECK(end_sleeper(&sleeper) == WAIT_OBJECT_0);
    CHECK(exit_code(process) == 11);
    end_of(&child);
    CHECK(CloseHandle(process));
}

/* Handles go on in a child of fork, which waits with them for others and for its parent, not for itself. */
static void a_fork_has_its_parents_handles(void)
{
    PEER other = fork_peer(), child;
    HANDLE objects[2], self = same_object(GetCurrentProcess());

    if (other.pid == 0) {
        await_turn(&parent);
        _exit(3);
    }
    objects[0] = new_auto(FALSE), objects[1] = open_process(other.pid);
    CHECK_WAIT(WaitForMultipleObjects(2, objects, FALSE, 5), WAIT_TIMEOUT);
    child = fork_peer();
    if (child.pid == 0) {
        check_failures = 0;
        MISSES(objects[1]);
        CHECK(GetProcessId(self) == (DWORD)getppid() && exit_code(self) == STILL_ACTIVE);
        CHECK(GetProcessId(GetCurrentProcess()) == (DWORD)getpid());
        pass_turn(&parent);
        CHECK_WAIT(WaitForMultipleObjects(2, objects, FALSE, INFINITE), WAIT_OBJECT_0 + 1);
        CHECK_WAIT(WaitForSingleObject(self, 0), WAIT_TIMEOUT);
        _exit(check_failures != 0);
    }
    await_turn(&child);
    until_asleep(child.pid);
    pass_turn(&other);
    CHECK_WAIT(WaitForMultipleObjects(2, objects, FALSE, INFINITE), WAIT_OBJECT_0 + 1);
    CHECK(end_of(&child) == 0);
    CHECK(end_of(&other) == 3);
    close_all(objects, 2);
    CHECK(CloseHandle(self));
}

/* A fork of this process under this number, which lives until it is killed; -1 if the system does not let us choose. */
static pid_t fork_as(pid_t number)
{
    struct clone_args arguments;
    pid_t wanted = number;
    long child;

    memset(&arguments, 0, sizeof arguments);
    arguments.exit_signal = SIGCHLD;
    arguments.set_tid = (uintptr_t)&wanted;
    arguments.set_tid_size = 1;
    child = syscall(SYS_clone3, &arguments, sizeof arguments);
    while (child == 0)
        syscall(SYS_pause);
    return (pid_t)child;
}
/* The number is given to another process: the old handle stays with the dead, and can neither see nor end the new one. */
static void a_reused_number_is_another_process(void)
{
    PEER old = fork_peer();
    HANDLE processes[2];
    WAITER sleeper;
    pid_t again;
    int status = 0;

    if (old.pid == 0) {
        await_turn(&parent);
        _exit(12);
    }
    processes[0] = open_process(old.pid);
    pass_turn(&old);
    CHECK_WAIT(WaitForSingleObject(processes[0], INFINITE), WAIT_OBJECT_0);
    CHECK(exit_code(processes[0]) == 12);
    CHECK(end_of(&old) == 12);
    if ((again = fork_as(old.pid)) < 0) {
        printf("note: no privilege to choose a process number, its reuse was not tried\n");
        CHECK(CloseHandle(processes[0]));
        return;
    }
    CHECK(again == old.pid);
    TAKES(processes[0]);
    CHECK(exit_code(processes[0]) == 12);
    CHECK_ERROR(TerminateProcess(processes[0], 1), ERROR_ACCESS_DENIED);
    processes[1] = open_process(again);
    MISSES(processes[1]);
    CHECK(exit_code(processes[1]) == STILL_ACTIVE);
    CHECK_ERROR(CompareObjectHandles(processes[0], processes[1]), ERROR_NOT_SAME_OBJECT);
    CHECK_WAIT(WaitForMultipleObjects(2, processes, TRUE, 0), WAIT_TIMEOUT);
    start_sleeper(&sleeper, processes[1]);
    CHECK_QUIET(TerminateProcess(processes[1], 13));
    CHECK(end_waiter(&sleeper) == WAIT_OBJECT_0);
    CHECK(exit_code(processes[0]) == 12 && exit_code(processes[1]) == 13);
    CHECK(waitpid(again, &status, 0) == again);
    CHECK_WAIT(WaitForMultipleObjects(2, processes, TRUE, 0), WAIT_OBJECT_0);
    close_all(processes, 2);
}

/* Opening and closing again and again leaves nothing open: neither descriptors nor threads. */
static void handles_of_processes_leave_nothing(void)
{
    int descriptors = 0, threads = 0, i;

    for (i = 0; i < 300; ++i) {
        HANDLE process = open_process(i % 2 ? getpid() : getppid());

        MISSES(process);
        if (i % 50 == 0)
            CHECK_WAIT(WaitForSingleObject(process, 1), WAIT_TIMEOUT);
        CHECK(CloseHandle(process));
        if (i == 99)
            descriptors = count_entries("/proc/self/fd"), threads = count_entries("/proc/self/task");
    }
    CHECK(count_entries("/proc/self/fd") <= descriptors + 10);
    CHECK(count_entries("/proc/self/task") <= threads + 1);
}

int main(int argc, char **argv)
{
    check_begin();
    if (plays(argc, argv, "successor"))
        return be_successor();
    exec_does_not_end_a_process();
    the_end_of_the_first_thread_is_not_the_end();
    a_stopped_process_has_not_ended();
    a_fork_has_its_parents_handles();
    a_reused_number_is_another_process();
    handles_of_processes_leave_nothing();
    return check_end();
}
