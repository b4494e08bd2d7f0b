/* What the examples in C have in common. None closes its handles: the system does, when a process ends. */
#ifndef COMMON_H
#define COMMON_H

#include <windows.h>

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/* Prints a line that is out before the process sleeps or is killed. */
static inline void say(const char *format, ...) {
    va_list arguments;

    printf("%u: ", (unsigned)GetCurrentProcessId());
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    putchar('\n');
    fflush(stdout);
}

/* Both end the process if a call has failed. */
static inline void must(BOOL has_succeeded, const char *call) {
    if (!has_succeeded) {
        fprintf(stderr, "%s: error %u\n", call, (unsigned)GetLastError());
        exit(1);
    }
}

static inline HANDLE valid(HANDLE object, const char *call) {
    must(object != NULL, call);
    return object;
}

/* All objects share one name space: each of an example's objects has a suffix of its own. */
struct Name {
    char text[MAX_PATH];
};
static inline struct Name name_of(const char *name, const char *suffix) {
    struct Name full;

    if (snprintf(full.text, sizeof full.text, "%s%s", name, suffix) >= (int)sizeof full.text) {
        fprintf(stderr, "the name is too long\n");
        exit(2);
    }
    return full;
}

/* The section of that name: the one that is there, or a new one, which is all zeros. */
static inline void *share(const char *name, DWORD size) {
    HANDLE section = valid(CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, size, name),
                           "CreateFileMappingA");
    void *view = MapViewOfFile(section, FILE_MAP_ALL_ACCESS, 0, 0, size);
    must(view != NULL, "MapViewOfFile");
    return view;
}

/* Takes the mutex. Returns whether its owner ended without releasing it: what it guards may be half done. */
static inline BOOL lock(HANDLE mutex) {
    DWORD result = WaitForSingleObject(mutex, INFINITE);
    must(result != WAIT_FAILED, "WaitForSingleObject");
    return result == WAIT_ABANDONED;
}

static inline void unlock(HANDLE mutex) {
    must(ReleaseMutex(mutex), "ReleaseMutex");
}

#endif
