/*
 * tasks.h - a few words for tests of process handles.
 */
#ifndef TASKS_H
#define TASKS_H

#include "wait_many.h"

static inline HANDLE open_process(pid_t pid)
{
    HANDLE process;

    CHECK_QUIET((process = OpenProcess(PROCESS_ALL_ACCESS, FALSE, (DWORD)pid)) != NULL);
    return process;
}
static inline DWORD exit_code(HANDLE process)
{
    DWORD code = 0xDEAD;

    CHECK_QUIET(GetExitCodeProcess(process, &code));
    return code;
}
#endif
