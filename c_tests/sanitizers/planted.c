/*
 * planted.c - has the fault that it is asked for: whoever watches it must say so. Shows
 * that a sanitizer, or Valgrind, is really on. The faults are those of a user of the
 * library, in what it gives him.
 */
#include <windows.h>

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Reads behind its own block. What it reads decides nothing. */
static int reads_behind(int number)
{
    char *block = (char *)malloc(16);
    int read = 0;

    if (block == NULL)
        return 2;
    memset(block, number, 16);
    read = block[15 + number];
    free(block);
    return read == 'w' ? 3 : 0;
}
/* The library is handed an array that is shorter than it is said to be. */
static int hands_over_too_little(int number)
{
    HANDLE *objects = (HANDLE *)malloc(sizeof *objects);

    if (objects == NULL)
        return 2;
    objects[0] = CreateEventA(NULL, TRUE, FALSE, NULL);
    (void)WaitForMultipleObjects(1 + (DWORD)number, objects, FALSE, 0);
    CloseHandle(objects[0]);
    free(objects);
    return 0;
}
static int overflows(int number)
{
    int most = INT_MAX - 1 + number;

    most += number;
    return most == 7 ? 3 : 0;
}
static int loses(int number)
{
    static char *volatile kept;

    kept = (char *)malloc(1000 + (size_t)number);
    kept = NULL;
    return kept == NULL ? 0 : 3;
}

int main(int argc, char **argv)
{
    const char *fault = argc > 1 ? argv[1] : "none";
    HANDLE event = CreateEventA(NULL, TRUE, TRUE, NULL);

    /* The number is 1: more than the compiler knows. */
    if (WaitForSingleObject(event, 0) != WAIT_OBJECT_0 || !CloseHandle(event))
        return 2;
    if (strcmp(fault, "read") == 0)
        return reads_behind(argc - 1);
    if (strcmp(fault, "array") == 0)
        return hands_over_too_little(argc - 1);
    if (strcmp(fault, "overflow") == 0)
        return overflows(argc - 1);
    if (strcmp(fault, "leak") == 0)
        return loses(argc - 1);
    puts("no fault");
    return 0;
}
