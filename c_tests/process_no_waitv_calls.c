/*
 * process_no_waitv_calls.c - no wake-up is lost between processes that can and that
 * cannot sleep on several objects at once: long conversations, one call and one
 * answer at a time.
 */
#include "no_waitv.h"

#include <sched.h>

/* All on one processor: there nobody looks for a while before he sleeps, so each wait is a sleep and a wake-up. */
static void use_one_processor(void)
{
    cpu_set_t set;
    int i;

    if (sched_getaffinity(0, sizeof set, &set) != 0)
        return;
    for (i = 0; i < CPU_SETSIZE && !CPU_ISSET(i, &set); ++i)
        ;
    CPU_ZERO(&set);
    CPU_SET(i, &set);
    sched_setaffinity(0, sizeof set, &set);
}

enum { NEVER_CALLED = 42 };

/* Answers each event, or unit of the semaphore, by setting the other event. */
static int be_echo(void)
{
    HANDLE called[3];
    int answered = 0;

    called[0] = objects[AUTO], called[1] = objects[SEMAPHORE], called[2] = objects[STOP];
    for (;;) {
        DWORD which = WaitForMultipleObjects(3, called, FALSE, INFINITE);

        if (which >= 2)
            return which != 2 ? 9 : answered > 0 ? check_failures : NEVER_CALLED;
        ++answered;
        CHECK(SetEvent(objects[MANUAL]));
    }
}
/* Calls, and waits for the answer as one who waits for something else too. */
static int be_caller(void)
{
    enum { ROUNDS = 150 };
    HANDLE answers[2];
    int round, quick = 0;

    answers[0] = objects[MANUAL], answers[1] = objects[STOP];
    for (round = 0; round < ROUNDS; ++round) {
        long long start = microseconds();

        if (!CHECK(signal_object(round % 2 ? AUTO : SEMAPHORE)) ||
            !CHECK(WaitForMultipleObjects(2, answers, FALSE, INFINITE) == WAIT_OBJECT_0) ||
            !CHECK(ResetEvent(objects[MANUAL])))
            break;
        quick += microseconds() - start < 5000;
    }
    /* Without wake-ups each answer takes the 10 ms after which a waiter looks again. Even a busy machine is quicker often. */
    if (!CHECK(quick > ROUNDS / 4))
        fprintf(stderr, "... %d of %d answers came soon\n", quick, round);
    return check_failures;
}
/* Whoever of the echoes takes a call, the caller has his answer. */
static void no_call_is_lost(char calling, const char *echoing)
{
    const char *name = NAME("call");
    PEER caller, echoes[4];
    int i, count = (int)strlen(echoing);

    open_objects(name);
    for (i = 0; i < count; ++i) {
        echoes[i] = start("echo", echoing[i], name);
        CHECK(until_asleep(echoes[i].pid));
    }
    caller = start("caller", calling, name);
    CHECK(end_of(&caller) == 0);
    CHECK(SetEvent(objects[STOP]));
    for (i = 0; i < count; ++i) {
        int code = end_of(&echoes[i]);

        CHECK(code == 0 || (count > 1 && code == NEVER_CALLED));
    }
    close_all(objects, OBJECTS);
}

int main(int argc, char **argv)
{
    const char *world;
    int is_echo = plays(argc, argv, "echo");

    check_begin();
    if (is_echo || plays(argc, argv, "caller")) {
        use_one_processor();
        live_in(argv[3][0]);
        open_objects(argv[3] + 1);
        pass_turn(&parent);
        return is_echo ? be_echo() : be_caller();
    }
    need_filters();
    for (world = worlds; *world; ++world) {
        char alone[2] = {*world, 0};

        no_call_is_lost(HAS_ALL, alone);
        no_call_is_lost(*world, "a");
        no_call_is_lost(*world, alone);
        no_call_is_lost(*world, worlds);
    }
    return check_end();
}
