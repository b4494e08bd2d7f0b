/*
 * leaks.h - what the library has open, to be compared before and after. For the
 * tests whose stories are told twice: the second time must leave exactly what the
 * first time left, and no object.
 */
#ifndef LEAKS_H
#define LEAKS_H

#include "check.h"

typedef struct FOOTPRINT {
    int descriptors, mappings, files;
} FOOTPRINT;

/* Lines of /proc/self/maps that the library is to answer for. */
static inline int count_mappings(void)
{
    FILE *maps = fopen("/proc/self/maps", "r");
    char line[4096];
    int count = 0;

    while (maps != NULL && fgets(line, sizeof line, maps) != NULL)
        count += strstr(line, "winshm") != NULL || strstr(line, "/memfd") != NULL || strstr(line, "/SYSV") != NULL;
    if (maps != NULL)
        fclose(maps);
    return count;
}
static inline FOOTPRINT footprint(void)
{
    FOOTPRINT now;

    now.descriptors = count_entries("/proc/self/fd");
    now.mappings = count_mappings();
    now.files = count_objects();
    return now;
}

static inline void same_footprint(FOOTPRINT first, FOOTPRINT second, const char *title)
{
    int before = check_failures;

    CHECK(second.descriptors == first.descriptors);
    CHECK(second.mappings == first.mappings);
    CHECK(second.files == first.files && second.files == 0);
    if (check_failures != before)
        fprintf(stderr, "... in \"%s\": descriptors %d, %d, mappings %d, %d, files %d, %d\n", title, first.descriptors,
                second.descriptors, first.mappings, second.mappings, first.files, second.files);
}
static inline void told_twice(void (*story)(void), const char *title)
{
    FOOTPRINT first;

    story();
    first = footprint();
    story();
    same_footprint(first, footprint(), title);
}
#endif
