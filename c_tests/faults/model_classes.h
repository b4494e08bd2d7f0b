/*
 * model_classes.h - every way in which each call can end. A run that does not see one of
 * them, or sees another, tests something else than it says.
 */
#ifndef MODEL_CLASSES_H
#define MODEL_CLASSES_H

#include "model_report.h"

enum { END = -1 };
/* New, existing, of another kind, and what bad names give. */
#define BY_CREATE 0, 183, 6, 3, 161, 206
#define BY_CREATE_EX BY_CREATE, 87, 5, 1314, END
#define BY_OPEN OK, 2, 5, 6, 3, 87, 161, 206, 1314, END
#define BY_WAIT OK, ABANDONED, TIMED_OUT, ASLEEP, 5, 6
#define BY_MODIFY OK, 5, 6

static const struct {
    int what, how[12];
} possible[] = {
    {CREATE_MUTEX, {BY_CREATE, END}},
    {CREATE_EVENT, {BY_CREATE, END}},
    {CREATE_SEMAPHORE, {BY_CREATE, 87, END}},
    {CREATE_TIMER, {BY_CREATE, END}},
    {CREATE_SECTION, {BY_CREATE, 87, END}},
    {CREATE_MUTEX_EX, {BY_CREATE_EX}},
    {CREATE_EVENT_EX, {BY_CREATE_EX}},
    {CREATE_SEMAPHORE_EX, {BY_CREATE_EX}},
    {CREATE_TIMER_EX, {BY_CREATE_EX}},
    {OPEN_MUTEX, {BY_OPEN}},
    {OPEN_EVENT, {BY_OPEN}},
    {OPEN_SEMAPHORE, {BY_OPEN}},
    {OPEN_TIMER, {BY_OPEN}},
    {OPEN_SECTION, {BY_OPEN}},
    {CLOSE, {OK, 6, END}},
    {DUPLICATE, {OK, 5, 6, 87, 1314, END}},
    {GET_FLAGS, {OK, 6, END}},
    {SET_FLAGS, {OK, 6, END}},
    {COMPARE, {OK, 6, 1656, END}},
    {SET_EVENT, {BY_MODIFY, END}},
    {RESET_EVENT, {BY_MODIFY, END}},
    {PULSE_EVENT, {BY_MODIFY, END}},
    {RELEASE_MUTEX, {OK, 6, 288, END}},
    {RELEASE_SEMAPHORE, {BY_MODIFY, 87, 298, END}},
    {SET_TIMER, {BY_MODIFY, 50, 87, 998, END}},
    {CANCEL_TIMER, {BY_MODIFY, END}},
    {WAIT_ONE, {BY_WAIT, END}},
    {WAIT_MANY, {BY_WAIT, 87, END}},
    {SIGNAL_AND_WAIT, {BY_WAIT, 288, 298, END}},
    {MAP, {OK, 5, 6, 87, 1132, END}},
    {MAP_AT, {OK, 5, 6, 87, 487, 1132, END}},
    {UNMAP, {OK, 487, END}},
    {FLUSH, {OK, 487, END}},
    {QUERY, {OK, 24, 87, END}},
    {COMMIT, {OK, 87, 487, END}},
    {LOAD, {OK, FAULTED, END}},
    {STORE, {OK, FAULTED, END}},
    {SEGMENT_CREATE, {BY_CREATE, 24, 87, 123, END}},
    {SEGMENT_OPEN, {OK, 2, 3, 6, 87, 123, 161, 206, END}},
    {SEGMENT_OPEN_READ, {OK, 2, 3, 6, 87, 123, 161, 206, END}},
    {SEGMENT_WRITE, {OK, 5, 6, 24, 87, END}},
    {SEGMENT_READ, {OK, 6, 24, 87, END}},
    {SEGMENT_WAIT, {OK, 6, 258, END}},
    {SEGMENT_STAT, {OK, 6, END}},
    {SEGMENT_CLOSE, {OK, 6, END}},
    {SEGMENT_FREE, {OK, 6, END}},
    {END_THREAD, {OK, END}},
    {END_PROCESS, {OK, END}},
    {KILL_PROCESS, {OK, END}},
};
enum { LISTED = sizeof possible / sizeof possible[0] };

static inline int is_possible(int what, int how)
{
    int i, k;

    for (i = 0; i < LISTED; ++i)
        for (k = 0; possible[i].what == what && possible[i].how[k] != END; ++k)
            if (possible[i].how[k] == how)
                return 1;
    return 0;
}

/* Counts what was seen of the list, names what was not if that matters, and what is not on it. */
static inline void check_classes(int *seen, int *missing, int *unknown)
{
    int i, k;

    *seen = *missing = *unknown = 0;
    for (i = 0; i < LISTED; ++i)
        for (k = 0; possible[i].how[k] != END; ++k) {
            if (class_of(possible[i].what, possible[i].how[k])) {
                ++*seen;
                continue;
            }
            ++*missing;
            printf("random_calls: not seen: %s: %s\n", call_names[possible[i].what], how_text(possible[i].how[k]));
        }
    for (i = 0; i < class_count; ++i)
        if (!is_possible(classes[i].what, classes[i].how)) {
            ++*unknown;
            printf("random_calls: unlisted: %s: %s\n", call_names[classes[i].what], how_text(classes[i].how));
        }
}

#endif
