/*
 * call.h - one call: what is drawn is made safe where the function would by right end or
 * stop the process; what it gives back is kept, for others to use, close and garble.
 */
#ifndef HOSTILE_CALL_H
#define HOSTILE_CALL_H

#include "draw.h"

#include <dlfcn.h>
#include <pthread.h>

typedef uint64_t ANY_FUNCTION(uint64_t, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t,
                              uint64_t, uint64_t, uint64_t);

enum { MOST_ERRORS = 24 };

/* What came of the calls of one function, in all processes. */
typedef struct TALLY {
    atomic_long calls, successes;
    atomic_uint errors[MOST_ERRORS]; /* the different ones; 0: no more */
} TALLY;

static void *addresses[FUNCTIONS];
static TALLY *tallies;

static int has(int function, char trait) { return strchr(functions[function].traits, trait) != NULL; }
static int is_called(int function, const char *name) { return strstr(functions[function].name, name) != NULL; }

static void find_functions(void)
{
    int i;

    for (i = 0; i < FUNCTIONS; ++i)
        addresses[i] = dlsym(RTLD_DEFAULT, functions[i].name);
}

static DWORD WINAPI short_thread(void *argument) { return (DWORD)(uintptr_t)argument; }
static uint64_t draw_thread(CALLER *caller) { return chance(caller, 8) ? 0 : (uintptr_t)short_thread; }

static uint64_t draw_startup(CALLER *caller, int index)
{
    STARTUPINFOA info;
    void *to = memory_for(caller, index, sizeof info);

    memset(&info, 0, sizeof info);
    info.cb = chance(caller, 2) ? (DWORD)draw(&caller->random) : sizeof info;
    info.dwFlags = chance(caller, 2) ? (DWORD)draw(&caller->random) : 0;
    info.hStdInput = (HANDLE)(uintptr_t)draw_handle(caller, 'F');
    return (uintptr_t)memcpy(to, &info, sizeof info);
}

static char kind_of(int function)
{
    static const char *const names[] = {"Event", "Mutex", "Semaphore", "Timer", "FileMapping", "CreateFile", "Process", "hread"};
    size_t i;

    for (i = 0; i < sizeof names / sizeof *names; ++i)
        if (is_called(function, names[i]))
            return handle_kinds[i];
    return 0;
}

/* The words of a function's arguments, and how wide its strings are. */
static void prepare(CALLER *caller, int function)
{
    const char *word = functions[function].arguments, *name = functions[function].name;
    size_t length = strlen(name);

    for (caller->count = 0; *word != 0; ++caller->count) {
        caller->words[caller->count] = word;
        word += strcspn(word, " ");
        word += *word == ' ';
    }
    caller->wide = strcmp(name + length - 2, "32") == 0 ? 4 : 2;
    if (strstr(name, "32") && (strstr(name, "W32") || strstr(name, "HandleW") || strstr(name, "MessageW")))
        caller->unit = 4;
    else
        caller->unit = name[length - 1] == 'W' ? 2 : 1;
    caller->room = draw_room(caller);
    caller->handles = draw_count(caller);
    caller->length = 0;
    caller->own_name[0] = kind_of(function), caller->own_name[1] = 0;
    caller->freed_afterwards = NULL;
}

/* FormatMessage: what the flags say about the pointers must be so. */
static void make_message_safe(CALLER *caller)
{
    static const uint64_t flags[] = {0x2400, 0x1000, 0x400, 0x600, 0x1100, 0x2500, 0x24FF, 0x1001, 0x244F, 0x800, 0x1800};
    uint64_t *arguments = caller->arguments, drawn;

    drawn = flags[caller->is_tame ? 1 : draw_below(&caller->random, sizeof flags / sizeof *flags)];
    if (chance(caller, 8))
        drawn ^= 1u << draw_below(&caller->random, 32);
    if ((drawn & 0x800) && !(drawn & 0x400))
        arguments[1] = chance(caller, 2) ? draw(&caller->random) : 0; /* a module, and no text */
    arguments[0] = drawn;
    arguments[6] = draw_inserts(caller, 6, (drawn & 0x2000) != 0);
    if (drawn & 0x100) { /* the buffer is where a pointer to the text goes */
        caller->capacity[4] = 8;
        arguments[4] = chance(caller, 8) ? 0 : (uintptr_t)caller->slots[4] + SLOT - 8 - draw_below(&caller->random, 8);
        if (arguments[4] != 0)
            memset((void *)(uintptr_t)arguments[4], 0, 8);
        caller->freed_afterwards = (void *)(uintptr_t)arguments[4];
    }
}

static int is_not_this_process(HANDLE handle)
{
    DWORD id = GetProcessId(handle);

    return id != 0 ? id != GetCurrentProcessId() : GetLastError() == ERROR_INVALID_HANDLE;
}

/* What would by right end the process, or keep it waiting. 0: this is not to be called. */
static int make_safe(CALLER *caller, int function)
{
    uint64_t *arguments = caller->arguments;
    HANDLE handle = (HANDLE)(uintptr_t)arguments[0];

    if (is_called(function, "FormatMessage"))
        make_message_safe(caller);
    else if (is_called(function, "TerminateProcess")) /* others could close the handle, and open it again, meanwhile */
        return caller->is_alone && is_not_this_process(handle);
    else if (is_called(function, "LockFileEx"))
        arguments[1] |= LOCKFILE_FAIL_IMMEDIATELY;
    else if (is_called(function, "CreateThread"))
        arguments[4] &= ~4ull; /* not one that never begins, whose handle may be lost */
    else if (is_called(function, "_beginthreadex"))
        arguments[4] &= ~4ull;
    else if (is_called(function, "CreateProcess")) {
        if (caller->is_tame || chance(caller, 2))
            arguments[1] = draw_text(caller, 1, "true a \"b", caller->unit, 0);
        arguments[6] = arguments[6] != 0 ? (uintptr_t)caller->slots[6] : 0;
        arguments[5] &= 0x400; /* the flags that change what is waited for, and who dies, are CreateProcess' own tests' */
    } else if (is_called(function, "InitializeAcl")) /* writes as many bytes as it is told */
        arguments[1] &= chance(caller, 8) ? 0xFFFFFFFF : 0xFFFF;
    else if (is_called(function, "PrefetchVirtualMemory"))
        arguments[1] = chance(caller, 8) ? arguments[1] | 1ull << 60 : arguments[1] & 63; /* so many are there */
    else if (is_called(function, "DuplicateHandle") && chance(caller, 2))
        arguments[0] = arguments[2] = (uint64_t)-1;
    return 1;
}

/* What was stored for an argument; NULL also where another thread or result may have overwritten it. */
static void *stored_pointer(CALLER *caller, int index)
{
    uint64_t at = caller->arguments[index], behind = index + 1 < MOST_ARGUMENTS ? caller->arguments[index + 1] : 0;
    void *stored = NULL;

    if (at != 0 && at != (uintptr_t)shared_page && (behind < at - 8 || behind > at + 8))
        memcpy(&stored, (void *)(uintptr_t)caller->arguments[index], sizeof stored);
    return stored;
}
static void keep_results(CALLER *caller, int function, uint64_t result, int succeeded)
{
    if (caller->freed_afterwards != NULL)
        LocalFree(stored_pointer(caller, 4));
    if (is_called(function, "LocalSize"))
        LocalFree((void *)(uintptr_t)caller->arguments[0]);
    if (!succeeded)
        return;
    if (has(function, 'H'))
        keep_handle(caller, kind_of(function), (HANDLE)(uintptr_t)result);
    else if (has(function, 'V') && is_called(function, "Local"))
        LocalFree((void *)(uintptr_t)result);
    else if (has(function, 'V'))
        keep_place(caller, (void *)(uintptr_t)result);
    else if (is_called(function, "SharedMemoryCreate") || is_called(function, "SharedMemoryOpen"))
        keep_handle(caller, 'A', stored_pointer(caller, caller->count - 1));
    else if (is_called(function, "DuplicateHandle"))
        keep_handle(caller, handle_kinds[draw_below(&caller->random, HANDLE_KINDS - 1)], stored_pointer(caller, 3));
    else if (is_called(function, "ConvertString"))
        LocalFree(stored_pointer(caller, 2));
    else if (is_called(function, "AllocateAndInitializeSid"))
        FreeSid(stored_pointer(caller, 10));
    else if (is_called(function, "SetEntriesInAcl"))
        LocalFree(stored_pointer(caller, 3));
    else if (is_called(function, "CreateProcess")) {
        PROCESS_INFORMATION information;

        memcpy(&information, (void *)(uintptr_t)caller->arguments[9], sizeof information);
        keep_handle(caller, 'R', information.hProcess);
        keep_handle(caller, 'X', information.hThread);
    }
}

/* Counts a result; a defect of the library, which it reports so itself, is one. */
static void count_result(int function, unsigned error)
{
    TALLY *tally = &tallies[function];
    int i;

    atomic_fetch_add(&tally->calls, 1);
    if (error == 0) {
        atomic_fetch_add(&tally->successes, 1);
        return;
    }
    if (error == ERROR_INTERNAL_ERROR || error == 0xC00000E5u)
        abort();
    for (i = 0; i < MOST_ERRORS; ++i) {
        unsigned none = 0;

        if (atomic_compare_exchange_strong(&tally->errors[i], &none, error) || none == error)
            return;
    }
}

static void *last_call(void *argument)
{
    ExitThread((DWORD)(uintptr_t)argument);
}

/* Calls a function with arguments that are drawn already. What came of it: 0 or an error. */
static unsigned call_it(CALLER *caller, int function)
{
    uint64_t *with = caller->arguments, result;
    unsigned error;
    int i;

    for (i = 0; i < MOST_ARGUMENTS; ++i)
        atomic_store_explicit(&caller->trace->arguments[i], with[i], memory_order_relaxed);
    atomic_store_explicit(&caller->trace->function, function, memory_order_relaxed);
    atomic_fetch_add_explicit(&caller->trace->calls, 1, memory_order_relaxed);
    if (is_called(function, "ExitThread")) {
        pthread_t thread;

        if (pthread_create(&thread, NULL, last_call, (void *)(uintptr_t)with[0]) == 0)
            pthread_join(thread, NULL);
        return 0;
    }
    SetLastError(SENTINEL);
    result = ((ANY_FUNCTION *)(void (*)(void))(uintptr_t)addresses[function])(with[0], with[1], with[2], with[3], with[4], with[5],
                                                                              with[6], with[7], with[8], with[9], with[10], with[11]);
    error = GetLastError();
    if (has(function, 'N'))
        error = 0;
    else if (has(function, 'E'))
        error = (unsigned)result;
    else if (error == SENTINEL || error == ERROR_ALREADY_EXISTS || (has(function, 'H') && result != 0 && result + 1 != 0))
        error = 0;
    keep_results(caller, function, result, error == 0);
    return error;
}

static void draw_and_call(CALLER *caller, int function)
{
    int i;

    prepare(caller, function);
    memset(caller->arguments, 0, sizeof caller->arguments);
    for (i = 0; i < caller->count; ++i)
        caller->arguments[i] = draw_argument(caller, i);
    if (make_safe(caller, function))
        count_result(function, call_it(caller, function));
}

#endif
