/*
 * process_handle.c - processes that are waited for: when they count as ended,
 * what their exit codes are, and being ended by others.
 */
#include "tasks.h"

/* A child that ends with this code when it gets the turn. */
static PEER start_child(int code)
{
    PEER child = fork_peer();

    if (child.pid == 0) {
        await_turn(&parent);
        _exit(code);
    }
    return child;
}
/* Until it is a zombie: it has ended and nobody has asked for its status. */
static void until_zombie(pid_t pid)
{
    siginfo_t info;

    CHECK(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT) == 0);
}

/* A child runs, is waited for, ends: the waiter wakes, the code is the child's, and both stay so when it is buried. */
static void a_child_is_waited_for(int code)
{
    PEER child = start_child(code);
    HANDLE process = open_process(child.pid);
    WAITER sleepers[3];
    int i;

    MISSES(process);
    CHECK(exit_code(process) == STILL_ACTIVE);
    for (i = 0; i < 3; ++i)
        start_sleeper(&sleepers[i], process);
    pass_turn(&child);
    for (i = 0; i < 3; ++i)
        CHECK(end_waiter(&sleepers[i]) == WAIT_OBJECT_0 && sleepers[i].error == SENTINEL);
    TAKES(process);
    CHECK(exit_code(process) == (DWORD)code && GetProcessId(process) == (DWORD)child.pid);
    /* The library has not taken the status away from its parent. */
    CHECK(end_of(&child) == code);
    TAKES(process);
    CHECK(exit_code(process) == (DWORD)code && GetProcessId(process) == (DWORD)child.pid);
    CHECK(CloseHandle(process));
}

/* Not buried is ended all the same, for a handle from before and for one from after. */
static void a_zombie_has_ended(void)
{
    PEER child = start_child(5);
    HANDLE process = open_process(child.pid), late;

    pass_turn(&child);
    until_zombie(child.pid);
    TAKES(process);
    CHECK(exit_code(process) == 5);
    late = OpenProcess(PROCESS_ALL_ACCESS, FALSE, (DWORD)child.pid);
    if (late != NULL) {
        TAKES(late);
        CHECK(exit_code(late) == 5);
        CHECK(CloseHandle(late));
    } else {
        CHECK(GetLastError() == ERROR_INVALID_PARAMETER);
    }
    CHECK_ERROR(TerminateProcess(process, 1), ERROR_ACCESS_DENIED);
    CHECK(end_of(&child) == 5);
    CHECK(CloseHandle(process));
}

/* Killed by a signal, and buried before anybody looked: it has ended, whatever its code may be. */
static void the_killed_and_buried_have_ended(void)
{
    PEER killed = start_child(0), buried = start_child(3);
    HANDLE processes[2];

    processes[0] = open_process(killed.pid), processes[1] = open_process(buried.pid);
    CHECK(kill_peer(&killed) == 128 + SIGKILL);
    TAKES(processes[0]);
    CHECK(exit_code(processes[0]) != STILL_ACTIVE);
    pass_turn(&buried);
    CHECK(end_of(&buried) == 3);
    TAKES(processes[1]);
    CHECK(exit_code(processes[1]) != STILL_ACTIVE);
    CHECK_WAIT(WaitForMultipleObjects(2, processes, TRUE, 0), WAIT_OBJECT_0);
    CHECK_ERROR(TerminateProcess(processes[0], 1), ERROR_ACCESS_DENIED);
    CHECK_ERROR(TerminateProcess(processes[1], 1), ERROR_ACCESS_DENIED);
    close_all(processes, 2);
}

/* A process that is nobody's child here: a grandchild whose parent is gone. */
static void a_stranger_is_waited_for(void)
{
    PEER child = fork_peer();
    HANDLE process;
    SLEEPER sleeper;
    pid_t stranger = 0;
    DWORD code = 0xDEAD;

    if (child.pid == 0) {
        if ((stranger = fork()) == 0) {
            await_turn(&parent);
            _exit(4);
        }
        _exit(write(STDOUT_FILENO, &stranger, sizeof stranger) != sizeof stranger);
    }
    CHECK(read(child.from, &stranger, sizeof stranger) == sizeof stranger);
    CHECK(waitpid(child.pid, NULL, 0) == child.pid);
    process = open_process(stranger);
    MISSES(process);
    CHECK(exit_code(process) == STILL_ACTIVE);
    start_any(&sleeper, &process, 1);
    CHECK(still_sleeps(&sleeper));
    pass_turn(&child);
    CHECK(end_sleeper(&sleeper) == WAIT_OBJECT_0);
    TAKES(process);
    /* Not every kernel tells the exit code to others than the parent. */
    if (GetExitCodeProcess(process, &code))
        CHECK(code == 4);
    else
        CHECK(GetLastError() == ERROR_NOT_SUPPORTED && code == 0xDEAD);
    CHECK_ERROR(TerminateProcess(process, 1), ERROR_ACCESS_DENIED);
    CHECK(CloseHandle(process));
    close(child.from), close(child.to);
}

/* TerminateProcess ends it, at once, and the code that it was given is the exit code for every handle. */
static void a_process_is_terminated(DWORD code)
{
    PEER child = start_child(0);
    HANDLE process = open_process(child.pid), other = open_process(child.pid);
    WAITER sleeper;

    start_sleeper(&sleeper, other);
    CHECK_QUIET(TerminateProcess(process, code));
    CHECK_WAIT(WaitForSingleObject(process, INFINITE), WAIT_OBJECT_0);
    CHECK(end_waiter(&sleeper) == WAIT_OBJECT_0);
    CHECK(exit_code(process) == code && exit_code(other) == code);
    CHECK_ERROR(TerminateProcess(process, code + 1), ERROR_ACCESS_DENIED);
    end_of(&child);
    CHECK_ERROR(TerminateProcess(other, code + 1), ERROR_ACCESS_DENIED);
    CHECK(exit_code(process) == code && exit_code(other) == code);
    CHECK(CloseHandle(process) && CloseHandle(other));
}

/* A process ends itself: nothing of it runs any more, not even what it had left for its exit. */
static void say_that_exit_ran(void) { pass_turn(&parent); }
static void a_process_terminates_itself(void)
{
    PEER child = fork_peer();
    HANDLE process;
    char turn;

    if (child.pid == 0) {
        atexit(say_that_exit_ran);
        await_turn(&parent);
        TerminateProcess(GetCurrentProcess(), 21);
        _exit(1);
    }
    process = open_process(child.pid);
    pass_turn(&child);
    CHECK_WAIT(WaitForSingleObject(process, INFINITE), WAIT_OBJECT_0);
    CHECK(exit_code(process) == 21);
    CHECK(read(child.from, &turn, 1) == 0);
    CHECK(end_of(&child) == 21);
    CHECK(CloseHandle(process));
}

/* Processes among events: the lowest index of a wait-any, and a wait-all that takes the event only when all have ended. */
static void processes_are_waited_for_with_others(void)
{
    PEER first = start_child(1), second = start_child(2);
    HANDLE objects[4];
    SLEEPER any, all;

    objects[0] = new_auto(FALSE), objects[1] = open_process(first.pid);
    objects[2] = new_auto(FALSE), objects[3] = open_process(second.pid);
    CHECK_WAIT(WaitForMultipleObjects(4, objects, FALSE, 5), WAIT_TIMEOUT);
    start_any(&any, objects, 4);
    pass_turn(&second);
    CHECK(end_sleeper(&any) == WAIT_OBJECT_0 + 3);
    start_any(&any, objects, 3);
    CHECK(SetEvent(objects[2]));
    CHECK(end_sleeper(&any) == WAIT_OBJECT_0 + 2);
    CHECK(SetEvent(objects[0]) && SetEvent(objects[2]));
    start_all(&all, objects, 4);
    CHECK(still_sleeps(&all));
    TAKES(objects[0]);
    CHECK(SetEvent(objects[0]));
    pass_turn(&first);
    CHECK(end_sleeper(&all) == WAIT_OBJECT_0);
    MISSES(objects[0]);
    MISSES(objects[2]);
    CHECK_WAIT(WaitForMultipleObjects(4, objects, FALSE, INFINITE), WAIT_OBJECT_0 + 1);
    close_all(objects, 4);
    CHECK(end_of(&first) == 1 && end_of(&second) == 2);
}

/* Many at once: a wait-any finds them one after the other, a wait-all ends with the last. */
static void many_processes_are_waited_for(void)
{
    enum { COUNT = 20 };
    PEER children[COUNT];
    HANDLE processes[COUNT];
    SLEEPER any, all;
    DWORD i;

    for (i = 0; i < COUNT; ++i)
        children[i] = start_child((int)i), processes[i] = open_process(children[i].pid);
    start_all(&all, processes, COUNT);
    for (i = COUNT; i-- > 0;) {
        CHECK(still_sleeps(&all));
        start_any(&any, processes, i + 1);
        pass_turn(&children[i]);
        CHECK(end_sleeper(&any) == WAIT_OBJECT_0 + i);
        CHECK(exit_code(processes[i]) == i);
    }
    CHECK(end_sleeper(&all) == WAIT_OBJECT_0);
    close_all(processes, COUNT);
    for (i = 0; i < COUNT; ++i)
        CHECK(end_of(&children[i]) == (int)i);
}

int main(void)
{
    check_begin();
    a_child_is_waited_for(0);
    a_child_is_waited_for(7);
    a_child_is_waited_for(255);
    a_zombie_has_ended();
    the_killed_and_buried_have_ended();
    a_stranger_is_waited_for();
    a_process_is_terminated(42);
    a_process_is_terminated(0);
    a_process_is_terminated(0xC0000005u);
    a_process_terminates_itself();
    processes_are_waited_for_with_others();
    many_processes_are_waited_for();
    return check_end();
}
