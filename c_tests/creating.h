/*
 * creating.h - children by CreateProcess: this program again, in a role.
 */
#ifndef CREATING_H
#define CREATING_H

#include "inheriting.h"

static PROCESS_INFORMATION child;

static inline BOOL start_with(const char *application, const char *line, BOOL inherits, DWORD flags, void *environment,
                       const char *directory)
{
    STARTUPINFOA startup;
    char buffer[4096];

    memset(&startup, 0, sizeof startup);
    startup.cb = sizeof startup;
    snprintf(buffer, sizeof buffer, "%s", line != NULL ? line : "");
    return CreateProcessA(application, line != NULL ? buffer : NULL, NULL, NULL, inherits, flags, environment, directory,
                          &startup, &child);
}
/* `peer ROLE TAG` of this program. */
static inline BOOL start_role(const char *role, const char *tag, BOOL inherits)
{
    char line[5000];

    snprintf(line, sizeof line, "\"%s\" peer %s \"%s\"", own_path(), role, tag);
    return start_with(NULL, line, inherits, 0, NULL, NULL);
}
static inline DWORD end_of_child(void)
{
    DWORD code = 0xDEAD;

    CHECK(WaitForSingleObject(child.hProcess, INFINITE) == WAIT_OBJECT_0);
    CHECK(WaitForSingleObject(child.hThread, 0) == WAIT_OBJECT_0);
    CHECK(GetExitCodeProcess(child.hProcess, &code));
    CHECK(CloseHandle(child.hProcess) && CloseHandle(child.hThread));
    return code;
}

static inline int exit_with(const char *tag)
{
    return atoi(tag);
}
#endif
