/*
 * canary.h - a process with objects of its own, whose names no batch draws: they must
 * stay what they are, whatever is called elsewhere.
 */
#ifndef HOSTILE_CANARY_H
#define HOSTILE_CANARY_H

#include "check.h"

enum { CANARY_SIZE = 3 * 4096 };

static HANDLE canary_mapping, canary_mutex, canary_event, canary_semaphore, canary_file;
static unsigned char *canary_view;

static void make_canary(void)
{
    int i;

    canary_mapping = CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, CANARY_SIZE, "canary");
    canary_view = MapViewOfFile(canary_mapping, FILE_MAP_WRITE, 0, 0, 0);
    canary_mutex = CreateMutexA(NULL, TRUE, "canary's mutex");
    canary_event = CreateEventA(NULL, TRUE, TRUE, "canary's event");
    canary_semaphore = CreateSemaphoreA(NULL, 3, 5, "canary's semaphore");
    canary_file = CreateFileA("canary's file", GENERIC_READ | GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
    for (i = 0; i < CANARY_SIZE; ++i)
        canary_view[i] = (unsigned char)(i * 7);
    WriteFile(canary_file, canary_view, CANARY_SIZE, &(DWORD){0}, NULL);
}

static int canary_is_whole(void)
{
    static unsigned char read_back[CANARY_SIZE];
    HANDLE again = OpenFileMappingA(FILE_MAP_READ, FALSE, "canary");
    DWORD count = 0;
    LONG before = 0;
    int i, whole = again != NULL && CloseHandle(again);

    for (i = 0; i < CANARY_SIZE; ++i)
        whole &= canary_view[i] == (unsigned char)(i * 7);
    /* Owned once: it can be released once, and taken again. */
    whole &= ReleaseMutex(canary_mutex) && !ReleaseMutex(canary_mutex) && WaitForSingleObject(canary_mutex, 0) == WAIT_OBJECT_0;
    whole &= WaitForSingleObject(canary_event, 0) == WAIT_OBJECT_0;
    whole &= WaitForSingleObject(canary_semaphore, 0) == WAIT_OBJECT_0 && ReleaseSemaphore(canary_semaphore, 1, &before) && before == 2;
    whole &= SetFilePointer(canary_file, 0, NULL, FILE_BEGIN) == 0 && ReadFile(canary_file, read_back, CANARY_SIZE, &count, NULL) &&
             count == CANARY_SIZE && memcmp(read_back, canary_view, CANARY_SIZE) == 0;
    return whole;
}

/* The canary's process: says at each turn whether all is well; `w` or `b`. */
static PEER start_canary(void)
{
    PEER canary = fork_peer();
    char turn;

    if (canary.pid != 0)
        return canary;
    alarm(0);
    make_canary();
    while (read(STDIN_FILENO, &turn, 1) == 1)
        if (write(STDOUT_FILENO, canary_is_whole() ? "w" : "b", 1) != 1)
            break;
    _exit(0);
}
static int ask_canary(const PEER *canary)
{
    char answer = 0;

    pass_turn(canary);
    return read(canary->from, &answer, 1) == 1 && answer == 'w';
}

#endif
