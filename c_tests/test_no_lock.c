/*
 * test_no_lock.c - what nobody else is in the way of is done without memory from the
 * heap, without the kernel, and without a lock: of the instructions that the processor
 * executes as one, there are as many as there are words to be changed.
 */
#include "counts/hot_calls.h"
#include "stepping.h"

static BOOL nothing(void) { return TRUE; }
static void step_through(BOOL (*run)(void))
{
    BOOL done;

    begin_stepping();
    done = run();
    end_stepping();
    CHECK(done);
}

static void print_steps(const char *name)
{
    long i;

    fprintf(stderr, "... %s: %ld allocations, %ld locks (%s), %ld system calls (%ld), %ld atomic instructions of %ld\n",
            name, steps.allocations, steps.locks, steps.last_function ? steps.last_function : "none", steps.system_calls,
            steps.last_system_call, steps.atomics, steps.instructions);
    for (i = 0; i < steps.allocations + steps.locks && i < 8; ++i)
        print_place(steps.called_from[i]);
    for (i = 0; i < steps.atomics && i < 8; ++i)
        print_place(steps.atomic_at[i]);
}

static void hot_calls_change_their_words_and_nothing_else(void)
{
    size_t i;

    for (i = 0; i < HOT_CALLS; ++i) {
        const HOT_CALL *call = &hot_calls[i];

        if (call->needs_kernel)
            continue;
        CHECK(call->run() && call->run()); /* what is done once has been done then */
        step_through(call->run);
        if (!CHECK(steps.locks == 0) || !CHECK(steps.atomics <= call->atomics) ||
            !CHECK(steps.allocations <= call->allocations) || !CHECK(steps.system_calls <= call->system_calls))
            print_steps(call->name);
    }
}

/* What it should find, it finds. */
static void *volatile memory;
static volatile LONG word;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static BOOL allocate(void) { return (memory = malloc(100)) != NULL; }
static BOOL give_back(void) { return free(memory), TRUE; }
static BOOL call_the_kernel(void) { return getppid() != 0; }
static BOOL take_lock(void) { return pthread_mutex_lock(&lock) == 0 && pthread_mutex_unlock(&lock) == 0; }
static BOOL exchange(void) { return __atomic_exchange_n(&word, 5, __ATOMIC_SEQ_CST) == 0; }
static BOOL add(void) { return __atomic_fetch_add(&word, 5, __ATOMIC_SEQ_CST) == 5; }
static BOOL compare_and_exchange(void)
{
    LONG expected = 10;

    return __atomic_compare_exchange_n(&word, &expected, 0, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
}
static void the_steps_show_what_is_done(void)
{
    step_through(nothing);
    CHECK(steps.instructions > 0 && steps.instructions < 1000);
    CHECK(steps.allocations == 0 && steps.locks == 0 && steps.system_calls == 0 && steps.atomics == 0);
    step_through(allocate);
    CHECK(steps.allocations == 1 && strcmp(steps.last_function, "malloc") == 0);
    step_through(give_back);
    CHECK(steps.allocations == 1 && strcmp(steps.last_function, "free") == 0);
    step_through(call_the_kernel);
    CHECK(steps.system_calls == 1 && steps.last_system_call == SYS_getppid);
    step_through(take_lock);
    CHECK(steps.locks == 1 && steps.atomics >= 1);
    step_through(exchange);
    CHECK(steps.atomics == 1);
    step_through(add);
    CHECK(steps.atomics == 1);
    step_through(compare_and_exchange);
    CHECK(steps.atomics == 1);
    step_through(hot_open_event);
    CHECK(steps.system_calls > 0 && steps.atomics > 0);
}

int main(void)
{
    check_begin();
    use_private_directory();
    prepare_stepping();
    step_through(nothing);
    if (steps.instructions == 0) {
        printf("SKIPPED: here a process cannot go step by step\n");
        return 77;
    }
    if (CHECK(hot_begin())) {
        hot_calls_change_their_words_and_nothing_else();
        the_steps_show_what_is_done();
    }
    return check_end();
}
