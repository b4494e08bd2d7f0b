/*
 * everything.c - calls each function that the arguments name, in a process of its own, once with zeros and
 * once with ones, and prints what comes of it: whether the result is 0, the last error, errno, or the signal.
 * c_tests/trace.sh compares what is printed with tracing and without.
 */
#if !defined(_GNU_SOURCE)
#define _GNU_SOURCE
#endif
#include <windows.h>

#include <dlfcn.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

/* More arguments than any function has: those that it does not have, it does not see. */
typedef uintptr_t (*FUNCTION)(uintptr_t, uintptr_t, uintptr_t, uintptr_t, uintptr_t, uintptr_t, uintptr_t, uintptr_t,
                              uintptr_t, uintptr_t, uintptr_t, uintptr_t);

static void call(const char *name, FUNCTION function, uintptr_t value)
{
    pid_t child;
    int status;

    fflush(stdout);
    child = fork();
    if (child == 0) {
        uintptr_t result;

        alarm(5);
        SetLastError(77);
        errno = 33;
        result = function(value, value, value, value, value, value, value, value, value, value, value, value);
        status = errno;
        printf("%s(%d...): %s, last error %u, errno %d\n", name, (int)value, (uint32_t)result != 0 ? "not 0" : "0",
               (unsigned)GetLastError(), status);
        fflush(stdout);
        _exit(0);
    }
    if (child < 0 || waitpid(child, &status, 0) != child)
        exit(1);
    printf("%s(%d...) ended with %d\n", name, (int)value, status);
}

int main(int count, char **names)
{
    int i;

    for (i = 1; i < count; ++i) {
        void *address = dlsym(RTLD_DEFAULT, names[i]);
        FUNCTION function;

        if (address == NULL)
            return 1;
        *(void **)&function = address;
        call(names[i], function, 0);
        call(names[i], function, 1);
    }
    return 0;
}
