/*
 * test_handler_at_thread_end.c - a signal handler calls the library while a thread ends: at
 * each instruction between two destructors of the thread's data, in the last of their
 * rounds, where the library lets the thread go. A mutex that the second one takes is taken.
 */
#include "stepping.h"

#define ROUNDS 4
static pthread_key_t before, after; /* the library's own keys were made between the two */
static HANDLE mutex, event;
static volatile long instruction, interrupted;
static __thread int rounds_before, rounds_after;

static void signal_at_one_step(int signal_number, siginfo_t *info, void *context)
{
    (void)signal_number, (void)info, (void)context;
    if (steps.instructions == interrupted)
        CHECK(SetEvent(event));
    steps.instructions = steps.instructions + 1;
}

static void *try_to_take(void *result)
{
    *(DWORD *)result = WaitForSingleObject(mutex, 0);
    return NULL;
}
static int is_taken(void)
{
    pthread_t other;
    DWORD result = WAIT_FAILED;

    CHECK(pthread_create(&other, NULL, try_to_take, &result) == 0 && pthread_join(other, NULL) == 0);
    return result == WAIT_TIMEOUT;
}

static void begin_in_the_last_round(void *argument)
{
    if (++rounds_before < ROUNDS) {
        pthread_setspecific(before, argument);
        return;
    }
    begin_stepping();
}
static void end_in_the_last_round(void *argument)
{
    end_stepping();
    if (++rounds_after < ROUNDS) {
        pthread_setspecific(after, argument);
        return;
    }
    instruction = steps.instructions;
    CHECK(WaitForSingleObject(mutex, 0) == WAIT_OBJECT_0);
    if (!CHECK(is_taken()))
        fprintf(stderr, "... interrupted before instruction %ld\n", interrupted);
    CHECK(ReleaseMutex(mutex));
}
static void *use_and_end(void *argument)
{
    CHECK(WaitForSingleObject(mutex, INFINITE) == WAIT_OBJECT_0 && ReleaseMutex(mutex));
    pthread_setspecific(before, argument);
    pthread_setspecific(after, argument);
    return NULL;
}
static void end_a_thread(long interrupted_at)
{
    pthread_t thread;

    interrupted = interrupted_at;
    CHECK(pthread_create(&thread, NULL, use_and_end, &mutex) == 0 && pthread_join(thread, NULL) == 0);
}

static void *step_once(void *argument)
{
    begin_stepping();
    end_stepping();
    return argument;
}

int main(void)
{
    struct sigaction action;
    long i;

    check_begin();
    memset(&action, 0, sizeof action);
    action.sa_sigaction = signal_at_one_step, action.sa_flags = SA_SIGINFO;
    CHECK(sigaction(SIGTRAP, &action, NULL) == 0);
    interrupted = -1;
    step_once(NULL);
    if (steps.instructions == 0) {
        printf("SKIPPED: here a process cannot go step by step\n");
        return 77;
    }
    CHECK(pthread_key_create(&before, begin_in_the_last_round) == 0);
    CHECK((mutex = CreateMutexA(NULL, FALSE, NULL)) != NULL && (event = CreateEventA(NULL, TRUE, FALSE, NULL)) != NULL);
    CHECK(WaitForSingleObject(mutex, 0) == WAIT_OBJECT_0 && ReleaseMutex(mutex));
    CHECK(pthread_key_create(&after, end_in_the_last_round) == 0);
    CHECK(before < after);
    end_a_thread(-1);
    CHECK(instruction > 50);
    for (i = 0; i <= instruction; ++i)
        end_a_thread(i);
    return check_end();
}
