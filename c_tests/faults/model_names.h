/*
 * model_names.h - names, and what is wrong with some of them. Few, so that calls meet
 * on the same ones.
 */
#ifndef MODEL_NAMES_H
#define MODEL_NAMES_H

#include "model_calls.h"

/* Two names are the same object if their `object` is the same number. */
typedef struct NAME_RULE {
    const char *text;
    int object;
    DWORD error;        /* of every function */
    DWORD narrow_error; /* of the A functions only */
} NAME_RULE;

enum { EMPTY_NAME = -2, SHORT_NAMES = 12 };
static char longest_name[260], too_long_name[262], very_long_name[1001];

/* The first SHORT_NAMES are drawn most. */
static const NAME_RULE names[] = {
    {"winshm-a", 0, 0, 0},
    {"Local\\winshm-a", 0, 0, 0},
    {"Global\\winshm-a", 1, 0, 0},
    {"winshm-A", 2, 0, 0},
    {"winshm-b", 3, 0, 0},
    {"Local\\winshm-b", 3, 0, 0},
    {"Global\\winshm-b", 4, 0, 0},
    {"winshm-c", 5, 0, 0},
    {"winshm-d", 6, 0, 0},
    {"Local\\a name: *?<>|\"./.. ", 7, 0, 0},
    {"a name: *?<>|\"./..", 8, 0, 0},
    {"Local\\winshm-e", 9, 0, 0},
    {longest_name, 10, 0, 0},
    {too_long_name, 11, 0, ERROR_FILENAME_EXCED_RANGE},
    {very_long_name, 12, 0, ERROR_FILENAME_EXCED_RANGE},
    {"", EMPTY_NAME, 0, 0},
    {"local\\winshm-a", 0, ERROR_PATH_NOT_FOUND, 0},
    {"LOCAL\\winshm-a", 0, ERROR_PATH_NOT_FOUND, 0},
    {"global\\winshm-a", 0, ERROR_PATH_NOT_FOUND, 0},
    {"winshm-a\\b", 0, ERROR_PATH_NOT_FOUND, 0},
    {"Local\\winshm-a\\", 0, ERROR_PATH_NOT_FOUND, 0},
    {"Session\\99999\\winshm-a", 0, ERROR_PATH_NOT_FOUND, 0},
    {"\\winshm-a", 0, ERROR_BAD_PATHNAME, 0},
    {"Local", 0, ERROR_INVALID_HANDLE, 0},
    {"Global", 0, ERROR_INVALID_HANDLE, 0},
    {"Session", 0, ERROR_INVALID_HANDLE, 0},
};
enum { NAMES = sizeof names / sizeof names[0] };

static inline void make_long_names(void)
{
    memset(longest_name, 'n', 259);
    memset(too_long_name, 'n', 261);
    memset(very_long_name, 'n', 1000);
}

/* The number of the object that a name means. */
static inline int object_of_name(int text)
{
    int object = names[text].object;

    return planted("names ignore case") && object == 2 ? 0 : object;
}

/* What is wrong with a name that has text, or 0. */
static inline DWORD name_error(const CALL *call)
{
    const NAME_RULE *name = &names[call->text];

    return name->error ? name->error : call->wide ? 0 : name->narrow_error;
}

static inline int has_no_name(const CALL *call)
{
    return call->text == NULL_NAME || names[call->text].object == EMPTY_NAME;
}

#endif
