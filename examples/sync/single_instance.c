/*
 * single_instance.c - of all its processes only one is at work, which a named mutex decides.
 *
 *     single_instance [--wait] [NAME]
 *
 * The one ends when it reads a line. Others leave with 3, or with --wait take over when it ends or is killed.
 */
#include "common.h"

#include <string.h>

/* Whether this process is the one, and then owns the mutex until it ends. */
static BOOL is_single(HANDLE mutex, DWORD creation_error, BOOL waits) {
    if (creation_error != ERROR_ALREADY_EXISTS)
        return TRUE; /* created, and owned from the start */

    /* It was there, so it was only opened. It may be free all the same: its owner has just ended. */
    DWORD result = WaitForSingleObject(mutex, 0);
    if (result == WAIT_TIMEOUT) {
        say("another instance is running");
        if (!waits)
            return FALSE;
        result = WaitForSingleObject(mutex, INFINITE);
    }
    must(result != WAIT_FAILED, "WaitForSingleObject");
    say(result == WAIT_ABANDONED ? "the instance before was killed" : "the instance before has ended");
    return TRUE;
}

int main(int argc, char **argv) {
    int next = 1;
    BOOL waits = next < argc && strcmp(argv[next], "--wait") == 0;
    if (waits)
        next++;
    const char *name = next < argc ? argv[next++] : "Local\\SyncSingleInstance";
    if (next < argc) {
        fprintf(stderr, "usage: single_instance [--wait] [NAME]\n");
        return 2;
    }

    HANDLE mutex = CreateMutexA(NULL, TRUE, name);
    DWORD error = GetLastError();
    must(mutex != NULL, "CreateMutexA");
    if (!is_single(mutex, error, waits))
        return 3;

    say("this is the single instance, press Enter to end it");
    getchar();
    must(ReleaseMutex(mutex), "ReleaseMutex"); /* else who waits would take it for killed */
    return 0;
}
