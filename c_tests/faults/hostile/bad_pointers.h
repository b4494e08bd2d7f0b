/*
 * bad_pointers.h - each pointer argument of each function in turn outside of the address
 * space, all other arguments right. Where Windows' kernel looks at the pointer it is
 * error 998; elsewhere the process ends by SIGSEGV, as docs/concepts.md says, and nothing
 * happens to other processes.
 */
#ifndef HOSTILE_BAD_POINTERS_H
#define HOSTILE_BAD_POINTERS_H

#include "batch.h"
#include "canary.h"

/* Whether the library itself reads or writes there. */
static int is_read_or_written(const char *word)
{
    static const char *const pointers[] = {"out",  "over", "fill", "fillN",   "fillW", "attr",        "sd",      "sid",    "acl",    "entries",
                                           "name", "path", "line", "segment", "sddl",  "text",        "narrow",  "wide",   "source", "info",
                                           "mem",  "inserts", "startup", "environment"};
    size_t i;

    for (i = 0; i < sizeof pointers / sizeof *pointers; ++i)
        if (is_word(word, pointers[i]))
            return 1;
    return 0;
}
static int is_probed(const char *word) { return is_word(word, "probe") || is_word(word, "list") || is_word(word, "ranges") || is_word(word, "kernel"); }

enum { FINE = 0, REFUSED = 100, OTHER_ERROR = 101, FAULT = 102, HARM = 103 };

/* Calls a function as one should, with one bad pointer, in this process, which perhaps ends by it. */
static int call_with_bad_pointer(int function, int index, uint64_t address)
{
    static CALLER caller;
    int i, round;
    unsigned error;

    set_up_process();
    set_up_caller(&caller, 1, 0, 1);
    caller.is_tame = 1;
    for (round = 0; round < 2; ++round) /* so that there are handles of each kind */
        for (i = 0; i < FUNCTIONS; ++i)
            if (has(i, 'H') || is_called(i, "SharedMemoryCreate") || (is_called(i, "SetWaitable") && round == 0))
                draw_and_call(&caller, i);
    prepare(&caller, function);
    for (i = 0; i < caller.count; ++i)
        caller.arguments[i] = draw_argument(&caller, i);
    if (!make_safe(&caller, function))
        return FINE;
    caller.arguments[index] = address;
    caller.freed_afterwards = NULL;
    error = call_it(&caller, function);
    if (error == ERROR_NOACCESS || error == ERROR_INVALID_USER_BUFFER || error == 0xC0000005u)
        return REFUSED;
    return error == 0 ? FINE : OTHER_ERROR;
}
static int outcome_of(int function, int index, uint64_t address)
{
    int status = 0;
    pid_t child = fork();


    if (child == 0) {
        alarm(60);
        _exit(call_with_bad_pointer(function, index, address));
    }
    if (child < 0 || waitpid(child, &status, 0) != child)
        return HARM;
    if (WIFSIGNALED(status))
        return WTERMSIG(status) == SIGSEGV || WTERMSIG(status) == SIGBUS ? FAULT : HARM;
    return WEXITSTATUS(status);
}

static void bad_pointers_are_errors_or_faults(const PEER *canary)
{
    static const uint64_t outside[] = {0xFFFF800000000000, 0x8000000000000000, 0xFFFFFFFFFFFFFFF0};
    int function, index, errors = 0, faults = 0, unread = 0;
    CALLER words;
    size_t i;

    empty_folder();
    memset(&words, 0, sizeof words);
    words.is_tame = 1;
    for (function = 0; function < FUNCTIONS; ++function) {
        prepare(&words, function);
        for (index = 0; index < words.count; ++index)
            for (i = 0; i < (size_t)effort(1, 3); ++i) {
                const char *word = words.words[index];
                int outcome;

                if (!is_probed(word) && !is_read_or_written(word))
                    continue;
                outcome = outcome_of(function, index, outside[i]);
                errors += outcome == REFUSED, faults += outcome == FAULT, unread += outcome == FINE || outcome == OTHER_ERROR;
                if (!CHECK(is_probed(word) ? outcome == REFUSED : outcome == FAULT || outcome == FINE || outcome == OTHER_ERROR))
                    fprintf(stderr, "... argument %d of %s: outcome %d\n", index + 1, functions[function].name, outcome);
            }
    }
    printf("pointers outside of the address space: %d times error 998, %d times SIGSEGV, %d times not looked at\n", errors, faults, unread);
    CHECK(ask_canary(canary));
    CHECK(errors > 10 && faults > 100);
}

#endif
