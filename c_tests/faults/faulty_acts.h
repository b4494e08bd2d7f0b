/*
 * faulty_acts.h - acts with a fault of their own, which whoever watches acts must notice:
 * a checker that does not is none.
 */
#ifndef FAULTY_ACTS_H
#define FAULTY_ACTS_H

#include "acts.h"

/* A descriptor is forgotten when the rest fails. */
static int act_leaky(void)
{
    int forgotten = dup(STDERR_FILENO);

    if (forgotten < 0)
        SetLastError(ERROR_TOO_MANY_OPEN_FILES);
    if (forgotten < 0 || !act_section())
        return 0;
    return close(forgotten) == 0;
}
/* It fails and does not say why. */
static int act_mute(void)
{
    int done = act_section();

    if (!done)
        SetLastError(ERROR_SUCCESS);
    return done;
}
/* What cannot be had is taken from somebody. */
static int act_robber(void)
{
    int done = act_section();

    if (!done)
        home.view[HOME_SIZE / 2] = 'x';
    return done;
}
/* Once it has failed it fails for ever. */
static int act_sulky(void)
{
    static int failed;

    if (failed)
        SetLastError(ERROR_TOO_MANY_OPEN_FILES);
    return !failed && !(failed = !act_section());
}
static const ACT faulty_acts[] = {
    {"a section, and a descriptor that is forgotten", NULL, act_leaky},
    {"a section that fails without an error", NULL, act_mute},
    {"a section that harms another one", NULL, act_robber},
    {"a section that cannot be tried again", NULL, act_sulky},
};
enum { FAULTY_ACTS = sizeof faulty_acts / sizeof *faulty_acts };

/* Each of them fails the role of that name, which plays them by their numbers. */
static inline void notices_faulty_acts(const char *role)
{
    int i;

    for (i = 0; i < FAULTY_ACTS; ++i) {
        char number[12];
        PEER peer;

        snprintf(number, sizeof number, "%d", i);
        peer = start_peer(role, number);
        if (!CHECK(end_of(&peer) == 1))
            fprintf(stderr, "... nobody noticed \"%s\"\n", faulty_acts[i].name);
        remove_segments_of(peer.pid);
    }
}
/* What they have to say is no failure of the test. */
static inline void be_quiet(void)
{
    if (freopen("/dev/null", "w", stderr) == NULL)
        exit(6);
}
#endif
