/*
 * supervisor.c - keeps a program running: waits for its end or for a stop event, whichever comes first.
 *
 *     supervisor run NAME COMMAND    starts it again when it fails, three times at most
 *     supervisor stop NAME           ends both
 *     supervisor work NAME           such a program: it ends by itself when it is asked to stop
 *
 * ./supervisor run Local\\Job 'sleep 1000' & sleep 1; ./supervisor stop Local\\Job
 */
#include "../sync/common.h"

#include <string.h>

#define TRIES 3
#define GRACE 500 /* milliseconds that the program has to end by itself */

static HANDLE start(char *command) {
    STARTUPINFOA startup = {.cb = sizeof startup};
    PROCESS_INFORMATION started;
    must(CreateProcessA(NULL, command, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &started), "CreateProcessA");
    CloseHandle(started.hThread);
    return started.hProcess;
}

static int run(char *command, HANDLE stop) {
    for (int i = 0; i < TRIES; i++) {
        /* [docs: run] */
        HANDLE child = start(command);
        HANDLE either[] = {stop, child}; /* stop first: it may be why the program has ended */
        DWORD result = WaitForMultipleObjects(2, either, FALSE, INFINITE);
        must(result != WAIT_FAILED, "WaitForMultipleObjects");
        if (result == WAIT_OBJECT_0) {
            result = WaitForSingleObject(child, GRACE);
            must(result != WAIT_FAILED, "WaitForSingleObject");
            say(result == WAIT_TIMEOUT ? "stopped: the program had to be ended" : "stopped: the program has ended");
            if (result == WAIT_TIMEOUT)
                must(TerminateProcess(child, 1), "TerminateProcess");
            return 0;
        }
        /* [docs: end] */
        DWORD code;
        must(GetExitCodeProcess(child, &code), "GetExitCodeProcess");
        CloseHandle(child);
        say("the program ended with %u", (unsigned)code);
        if (code == 0)
            return 0;
    }
    say("that was enough");
    return 1;
}

int main(int argc, char **argv) {
    const char *role = argc > 1 ? argv[1] : "";
    BOOL is_run = strcmp(role, "run") == 0, is_stop = strcmp(role, "stop") == 0;

    if (argc != (is_run ? 4 : 3) || (!is_run && !is_stop && strcmp(role, "work") != 0)) {
        fprintf(stderr, "usage: supervisor run NAME COMMAND\n       supervisor stop|work NAME\n");
        return 2;
    }
    if (is_run)
        return run(argv[3], valid(CreateEventA(NULL, TRUE, FALSE, argv[2]), "CreateEventA"));
    HANDLE stop = OpenEventA(EVENT_MODIFY_STATE | SYNCHRONIZE, FALSE, argv[2]);
    if (!stop) {
        fprintf(stderr, "supervisor: nothing runs under %s\n", argv[2]);
        return 1;
    }
    if (is_stop) {
        must(SetEvent(stop), "SetEvent");
    } else {
        say("working");
        must(WaitForSingleObject(stop, INFINITE) == WAIT_OBJECT_0, "WaitForSingleObject");
        say("asked to stop");
    }
    return 0;
}
