/*
 * A mutex of winshm that two processes want.
 */
#define _GNU_SOURCE
#include <windows.h>

#define LAST_ERROR GetLastError()
#include "contender.h"

#include "contest.h"

static HANDLE mutex;

static void lock(void) { MUST(WaitForSingleObject(mutex, INFINITE) == WAIT_OBJECT_0); }
static void unlock(void) { MUST(ReleaseMutex(mutex)); }

CONTEST(mutex, lock(), unlock())

static void begin(void)
{
    begin_contest();
    mutex = CreateMutexA(NULL, FALSE, name_of("contended"));
    MUST(mutex != NULL && GetLastError() == 0);
}

static void open_and_compete(void)
{
    mutex = OpenMutexA(MUTEX_ALL_ACCESS, FALSE, name_of("contended"));
    MUST(mutex != NULL);
    compete_mutex();
}

static void end(void)
{
    MUST(WaitForSingleObject(mutex, 0) == WAIT_OBJECT_0 && ReleaseMutex(mutex));
    MUST(CloseHandle(mutex));
}

static const struct contender contenders[] = {
    {"mutex-contended", "winshm", begin, contest_mutex, end, 0, CONTEST_LOCKS, open_and_compete},
    {"mutex-contended-free", "winshm", begin, contest_mutex, end, 0, CONTEST_LOCKS, open_and_compete},
};
CONTENDERS(contenders)
