/*
 * process_debug_output.c - what a program tells its debugger: nothing is seen, unless the
 * user asks for it in the environment.
 */
#include "check.h"

#include <errno.h>
#include <sys/wait.h>
#include <unistd.h>

/* What a child prints to its standard error output. */
static const char *told(const char *variable)
{
    static char text[200];
    size_t length = 0;
    ssize_t got;
    int ends[2], status;
    pid_t child;

    if (pipe(ends) != 0)
        return "no pipe";
    child = fork();
    if (child == 0) {
        if (variable != NULL)
            setenv("WINSHM_DEBUG_OUTPUT", variable, 1);
        else
            unsetenv("WINSHM_DEBUG_OUTPUT");
        dup2(ends[1], STDERR_FILENO);
        SetLastError(SENTINEL);
        OutputDebugStringA("narrow \xE2\x82\xAC\n");
        OutputDebugStringW(L"wide \u20ac\n");
        OutputDebugString(TEXT("either\n"));
        OutputDebugStringA(NULL);
        OutputDebugStringW(NULL);
        _exit(GetLastError() == SENTINEL ? 0 : 1);
    }
    close(ends[1]);
    while ((got = read(ends[0], text + length, sizeof text - 1 - length)) > 0 || (got < 0 && errno == EINTR))
        length += got > 0 ? (size_t)got : 0;
    text[length] = 0;
    close(ends[0]);
    return waitpid(child, &status, 0) == child && status == 0 ? text : "the child failed";
}

int main(void)
{
    check_begin();
    CHECK(strcmp(told(NULL), "") == 0);
    CHECK(strcmp(told("1"), "narrow \xE2\x82\xAC\nwide \xE2\x82\xAC\neither\n") == 0);
    return check_end();
}
