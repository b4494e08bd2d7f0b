/*
 * What the synchronisation objects cost, against the barest thing that could do
 * the same: a pthread mutex that survives its owner, atomic words in shared memory,
 * a futex. All objects have names, as between processes.
 *
 *     bench_sync [ROUNDS]
 */
#define _GNU_SOURCE
#include "sync.h"

#include "measure.h"
#include "partner.h"

#include <stdint.h>

extern const uint64_t *winshm_bench_state(HANDLE handle); /* with the feature `bench` */

#define CALLS 20000
#define MANY 64
#define MANY_CALLS 300

/* A function that measures `calls` times `what`. */
#define ROUND(name, calls, what) \
    static double name(void) \
    { \
        double start = now(); \
        for (int call = 0; call < (calls); call++) \
            what; \
        return (now() - start) / (calls); \
    }

const char *name_of(const char *what)
{
    static char names[8][64];
    static unsigned next;
    static int run; /* the same in the processes that are forked later */
    char *name = names[next++ % 8];
    if (run == 0)
        run = (int)getpid();
    snprintf(name, sizeof names[0], "winshm-bench-sync-%d-%s", run, what);
    return name;
}

pthread_mutex_t *bare_mutex(void)
{
    pthread_mutex_t *mutex = map_shared(sizeof *mutex);
    pthread_mutexattr_t kind;
    MUST(pthread_mutexattr_init(&kind) == 0);
    MUST(pthread_mutexattr_setpshared(&kind, PTHREAD_PROCESS_SHARED) == 0);
    MUST(pthread_mutexattr_setrobust(&kind, PTHREAD_MUTEX_ROBUST) == 0);
    MUST(pthread_mutexattr_settype(&kind, PTHREAD_MUTEX_RECURSIVE) == 0);
    MUST(pthread_mutex_init(mutex, &kind) == 0);
    return mutex;
}

void give_up_after(unsigned seconds) { alarm(seconds); }

static void set_bare(uint64_t *word) { __atomic_exchange_n(word, 1, __ATOMIC_SEQ_CST); }

static int take_bare(uint64_t *word, uint64_t set)
{
    return __atomic_compare_exchange_n(word, &set, 0, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
}

/* --- one object, nobody else ------------------------------------------------------ */

static pthread_mutex_t *pthread;
static uint64_t *word;
static HANDLE mutex, event, manual, semaphore;

static void pthread_pair(void)
{
    MUST(pthread_mutex_lock(pthread) == 0);
    MUST(pthread_mutex_unlock(pthread) == 0);
}

static void mutex_pair(void)
{
    take(mutex);
    MUST(ReleaseMutex(mutex));
}

static void word_pair(void)
{
    set_bare(word);
    MUST(take_bare(word, 1));
}

static void event_pair(void)
{
    MUST(SetEvent(event));
    take(event);
}

static void semaphore_pair(void)
{
    MUST(ReleaseSemaphore(semaphore, 1, NULL));
    take(semaphore);
}

static void manual_pair(void)
{
    MUST(SetEvent(manual));
    take(manual);
    MUST(ResetEvent(manual));
}

ROUND(pthread_round, CALLS, pthread_pair())
ROUND(mutex_round, CALLS, mutex_pair())
ROUND(word_round, CALLS, word_pair())
ROUND(event_round, CALLS, event_pair())
ROUND(semaphore_round, CALLS, semaphore_pair())
ROUND(manual_round, CALLS, manual_pair())

static void single_rows(int rounds)
{
    pthread = bare_mutex();
    word = map_shared(sizeof *word);
    mutex = CreateMutexA(NULL, FALSE, name_of("mutex"));
    event = CreateEventA(NULL, FALSE, FALSE, name_of("event"));
    manual = CreateEventA(NULL, TRUE, FALSE, name_of("manual"));
    semaphore = CreateSemaphoreA(NULL, 0, 1, name_of("semaphore"));
    MUST(mutex && event && manual && semaphore);
    give_up_after(120);
    compare_rounds("mutex : Wait + Release, pthread robust", pthread_round, mutex_round, rounds, RATIO, "<= 1.5x");
    pthread_mutex_lock(pthread);
    take(mutex);
    compare_rounds("mutex : the same, owned already", pthread_round, mutex_round, rounds, RATIO, "");
    MUST(ReleaseMutex(mutex) && pthread_mutex_unlock(pthread) == 0);
    compare_rounds("event : Set + Wait, one atomic word", word_round, event_round, rounds, RATIO, "<= 2.5x");
    compare_rounds("event : Set + Wait + Reset, manual", word_round, manual_round, rounds, RATIO, "");
    compare_rounds("semaphore : Release + Wait, one atomic word", word_round, semaphore_round, rounds, RATIO,
                   "<= 2.5x");
}

/* --- several ---------------------------------------------------------------------- */

static HANDLE events[MANY];
/* The bare contender uses the events' own words: where they lie decides how soon
 * the processor has them. */
static uint64_t *words[MANY];
static uint64_t available;
static int count;

static void scan_words(void)
{
    int found = -1;
    __atomic_exchange_n(words[count - 1], available, __ATOMIC_SEQ_CST);
    for (int i = 0; i < count && found < 0; i++)
        if (__atomic_load_n(words[i], __ATOMIC_ACQUIRE) == available && take_bare(words[i], available))
            found = i;
    MUST(found == count - 1);
}

static void wait_for_any(void)
{
    MUST(SetEvent(events[count - 1]));
    MUST(WaitForMultipleObjects((DWORD)count, events, FALSE, INFINITE) == WAIT_OBJECT_0 + (DWORD)count - 1);
}

static void take_words(void)
{
    for (int i = 0; i < count; i++)
        __atomic_exchange_n(words[i], available, __ATOMIC_SEQ_CST);
    for (int i = 0; i < count; i++)
        MUST(take_bare(words[i], available));
}

static void wait_for_all(void)
{
    for (int i = 0; i < count; i++)
        MUST(SetEvent(events[i]));
    MUST(WaitForMultipleObjects((DWORD)count, events, TRUE, INFINITE) == WAIT_OBJECT_0);
}

ROUND(scan_round, MANY_CALLS, scan_words())
ROUND(any_round, MANY_CALLS, wait_for_any())
ROUND(take_words_round, MANY_CALLS, take_words())
ROUND(all_round, MANY_CALLS, wait_for_all())

static void several_rows(int rounds)
{
    for (int i = 0; i < MANY; i++) {
        char what[16];
        snprintf(what, sizeof what, "many-%d", i);
        events[i] = CreateEventA(NULL, FALSE, FALSE, name_of(what));
        MUST(events[i] != NULL && GetLastError() == 0);
        words[i] = (uint64_t *)(uintptr_t)winshm_bench_state(events[i]);
        MUST(words[i] != NULL && *words[i] == 0);
    }
    MUST(SetEvent(events[0]));
    available = *words[0];
    MUST(ResetEvent(events[0]) && available != 0 && *words[0] == 0);
    give_up_after(120);
    count = 2;
    compare_rounds("Set last + wait-any of 2, a scan", scan_round, any_round, rounds, RATIO, "");
    count = 8;
    compare_rounds("Set last + wait-any of 8, a scan", scan_round, any_round, rounds, RATIO, "");
    count = MANY;
    compare_rounds("Set last + wait-any of 64, a scan", scan_round, any_round, rounds, RATIO, "<= 4x");
    count = 8;
    compare_rounds("Set 8 + wait-all of 8, one by one", take_words_round, all_round, rounds, RATIO, "");
    for (int i = 0; i < MANY; i++)
        MUST(CloseHandle(events[i]));
}

int main(int argument_count, char **arguments)
{
    int rounds = rounds_of(argument_count, arguments);
    setvbuf(stdout, NULL, _IOLBF, 0);
    print_head("ns, nobody else at the object (medians)");
    single_rows(rounds);
    several_rows(rounds);
    trip_rows(rounds);
    contended_rows(rounds);
    abandonment_rows(rounds);
    return 0;
}
