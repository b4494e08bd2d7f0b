/*
 * scarcity.h - acts with too little of something: each is tried at every count of what is
 * left, from nothing to enough. It is done or it fails with an error that says why;
 * nothing leaks, nobody's objects are harmed, and it works when there is enough.
 */
#ifndef SCARCITY_H
#define SCARCITY_H

#include "faulty_acts.h"
#include "effort.h"

enum { MOST_CODES = 6 };

/* Something that one can run out of. */
typedef struct RESOURCE {
    const char *name;
    int most; /* with so many left there is enough for every act */
    void (*leave)(int left);
    void (*restore)(void);
    DWORD codes[MOST_CODES]; /* the errors that say so; 0 ends the list */
    int (*count)(void);      /* what is used of it, where `possessions` does not tell; else NULL */
} RESOURCE;

static long tries, refusals;
static struct rlimit limit_before;

/* What is in use now, and so many bytes more. */
static inline void limit_address_space(size_t more)
{
    struct rlimit few;
    long size = 0;
    FILE *file = fopen("/proc/self/statm", "r");

    if (file == NULL || fscanf(file, "%ld", &size) != 1)
        exit(5);
    fclose(file);
    getrlimit(RLIMIT_AS, &limit_before);
    few = limit_before, few.rlim_cur = (rlim_t)size * PAGE + more;
    setrlimit(RLIMIT_AS, &few);
}

static inline int says_so(const RESOURCE *resource, DWORD code)
{
    int i;

    for (i = 0; i < MOST_CODES && resource->codes[i] != 0; ++i)
        if (resource->codes[i] == code)
            return 1;
    return 0;
}
/* A thread that has ended gives its stack back a moment later. */
static inline int comes_to(int (*count)(void), int wanted)
{
    int looks;

    for (looks = 0; looks < 5000 && count() != wanted; ++looks)
        usleep(1000);
    return looks < 5000;
}
/* Whether it was done with so much left. */
static inline int try_act(const RESOURCE *resource, const ACT *act, int left)
{
    int failures = check_failures, done, used = 0;
    POSSESSIONS before;
    DWORD error;

    memset(&before, 0, sizeof before);
    if (resource->count != NULL)
        used = resource->count();
    else
        before = possessions();
    if (act->prepare != NULL && !CHECK(act->prepare()))
        exit(4);
    resource->leave(left);
    SetLastError(SENTINEL);
    done = act->act();
    error = GetLastError();
    resource->restore();
    ++tries, refusals += !done;
    CHECK(done || says_so(resource, error));
    CHECK(done || left < resource->most);
    CHECK(undo());
    check_household();
    if (resource->count != NULL)
        CHECK(comes_to(resource->count, used));
    else
        check_no_more_possessions(before);
    CHECK((act->prepare == NULL || act->prepare()) && act->act());
    CHECK(undo());
    if (check_failures != failures)
        fprintf(stderr, "... in \"%s\" with %d %s left: %s, last error %u\n", act->name, left, resource->name,
                done ? "done" : "not done", error);
    return done;
}
/* Every act at every count. Where nothing is left at all most of them cannot be done: else nothing was tested. */
static inline void try_all(const RESOURCE *resource, const ACT *all, int count)
{
    int i, left;

    for (i = 0; i < count; ++i) {
        CHECK((all[i].prepare == NULL || all[i].prepare()) && all[i].act() && undo()); /* what is made at first use */
        for (left = 0; left < resource->most; left += left < 2 ? 1 : (int)effort(4, 1))
            try_act(resource, &all[i], left);
        try_act(resource, &all[i], resource->most);
    }
    printf("%s: %ld acts tried, %ld refused\n", resource->name, tries, refusals);
}
/* The process that plays this role tries one of the resources. */
static inline void try_in_a_process(const RESOURCE *resources, int which, const char *role)
{
    char number[12], line[200];
    PEER poor;
    FILE *output;
    int ended;

    snprintf(number, sizeof number, "%d", which);
    poor = start_peer(role, number);
    output = fdopen(dup(poor.from), "r");
    while (fgets(line, sizeof line, output) != NULL)
        fputs(line, stdout);
    fclose(output);
    ended = end_of(&poor);
    remove_segments_of(poor.pid);
    if (!CHECK(ended == 0))
        fprintf(stderr, "... \"%s\" ended with %d\n", resources[which].name, ended);
}

#endif
