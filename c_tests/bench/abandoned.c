/*
 * How soon the next owner of a mutex runs when the last one was killed.
 */
#define _GNU_SOURCE
#include <windows.h>

#define LAST_ERROR GetLastError()
#include "contender.h"

#include "bare.h"

static pthread_mutex_t *pthread;
static HANDLE mutex;

static struct wake {
    uint32_t owned;   /* moves when the owner has the mutex */
    uint32_t waiting; /* moves when the heir is about to wait */
    uint32_t done;    /* moves when it was woken */
    double woken_at;
} *wake;

static void begin_pthread(void) { pthread = init_mutex(map_shared(sizeof *pthread)); }

static void begin_winshm(void)
{
    mutex = CreateMutexA(NULL, FALSE, name_of("abandoned"));
    MUST(mutex != NULL && GetLastError() == 0);
}

static void end_winshm(void) { MUST(CloseHandle(mutex)); }

static void own(void)
{
    set_word(&wake->owned, 1);
    for (;;)
        pause();
}

static void own_pthread(void)
{
    MUST(pthread_mutex_lock(pthread) == 0);
    own();
}

static void open_mutex(void)
{
    mutex = OpenMutexA(MUTEX_ALL_ACCESS, FALSE, name_of("abandoned"));
    MUST(mutex != NULL);
}

static void own_winshm(void)
{
    open_mutex();
    MUST(WaitForSingleObject(mutex, INFINITE) == WAIT_OBJECT_0);
    own();
}

static void is_done(void)
{
    set_word(&wake->done, 1);
    for (;;)
        pause();
}

static void inherit_pthread(void)
{
    set_word(&wake->waiting, 1);
    MUST(pthread_mutex_lock(pthread) == EOWNERDEAD);
    wake->woken_at = now();
    MUST(pthread_mutex_consistent(pthread) == 0 && pthread_mutex_unlock(pthread) == 0);
    is_done();
}

static void inherit_winshm(void)
{
    open_mutex();
    set_word(&wake->waiting, 1);
    MUST(WaitForSingleObject(mutex, INFINITE) == WAIT_ABANDONED);
    wake->woken_at = now();
    MUST(ReleaseMutex(mutex));
    is_done();
}

static pid_t started(void (*loop)(void))
{
    struct contender only = {.partner = loop};
    start_partner(&only);
    return partner_process;
}

/* From the SIGKILL of an owner to the return of a sleeper's wait. */
static double kill_owner(void (*owner_does)(void), void (*heir_does)(void))
{
    double killed_at;
    pid_t owner, heir;
    if (wake == NULL)
        wake = map_shared(sizeof *wake);
    memset(wake, 0, sizeof *wake);
    owner = started(owner_does);
    wait_for_word(&wake->owned, 0);
    heir = started(heir_does);
    wait_for_word(&wake->waiting, 0);
    usleep(1000); /* it sleeps by now */
    killed_at = now();
    partner_process = owner;
    end_partner();
    wait_for_word(&wake->done, 0);
    partner_process = heir;
    end_partner();
    return wake->woken_at - killed_at;
}

static double measure_pthread(long kills)
{
    (void)kills; /* one */
    return kill_owner(own_pthread, inherit_pthread);
}

static double measure_winshm(long kills)
{
    (void)kills;
    return kill_owner(own_winshm, inherit_winshm);
}

static const struct contender contenders[] = {
    {"mutex-abandoned", "pthread robust+recursive", begin_pthread, measure_pthread, NULL, 0, 1, NULL},
    {"mutex-abandoned", "winshm", begin_winshm, measure_winshm, end_winshm, 0, 1, NULL},
};
CONTENDERS(contenders)
