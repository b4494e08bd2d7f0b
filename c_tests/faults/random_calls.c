/*
 * random_calls.c - two processes with two threads each make random calls, and every
 * answer is compared with a model of Windows' objects: results, last errors, outputs,
 * contents of memory, who sleeps and who wakes up. Threads end, processes exit and are
 * killed in between, and start again. At the end nothing is left of their objects.
 *
 * The model (model_*.h) is written from what Windows does, not from the library. That
 * the comparison finds differences is shown with models that are wrong in one rule.
 */
#include "check.h"
#include "effort.h"
#include "model_classes.h"
#include "model_draw.h"
#include "model_rules.h"
#include "model_step.h"

/* Makes so many calls. Whether all were as the model says. */
static int run(RANDOM random, long calls, const char *plant)
{
    CALL call;
    int agree = 1;

    memset(&model, 0, sizeof model);
    model.plant = plant, seed = random.state;
    start_processes();
    while (agree && calls-- > 0) {
        do
            draw_call(&random, &call);
        while (!is_to_be_made(&call));
        agree = step(&call);
    }
    end_processes();
    return agree;
}

static long times(int what)
{
    const CLASS *class = class_of(what, OK);

    return class ? class->count : 0;
}

/* Every call did everything that a call of its kind can do, and nothing else. */
static void every_kind_of_answer_was_seen(void)
{
    int seen, missing, unknown;

    check_classes(&seen, &missing, &unknown);
    printf("random_calls: %ld calls, %d of %d kinds of answers seen\n", step_count, seen, seen + missing);
    printf("random_calls: %ld threads ended, %ld processes exited, %ld were killed\n", times(END_THREAD),
           times(END_PROCESS), times(KILL_PROCESS));
    CHECK(unknown == 0);
    CHECK(missing == 0 || !in_full());
}

/* All processes were killed: the next one that uses the library removes what they had. */
static void nothing_is_left(void)
{
    pid_t sweeper;
    int status = 1;

    fflush(stdout);
    sweeper = fork();
    if (sweeper == 0)
        exit(CreateEventA(NULL, TRUE, FALSE, "winshm-sweep") == NULL);
    CHECK(waitpid(sweeper, &status, 0) == sweeper && status == 0);
    CHECK(count_objects() == 0);
}

/* With each of these rules wrong, the model and the library must differ soon. */
static void planted_faults_are_found(RANDOM *random)
{
    static const char *const faults[] = {
        "an auto-reset event stays set", "opening gives all rights", "abandoned is told twice",
        "names ignore case", "views hold a name", "a copy view writes through",
        "closing releases a mutex", "the dead abandon nothing", "the last of any is taken",
        "all takes what is there", "a duplicate has the rights of its source", "cancelling a timer unsets it",
        "writes are not counted", "success clears the last error", "others release a mutex",
        "a semaphore has no maximum", "a thread never ends", "reserved pages are there",
    };
    size_t i;

    for (i = 0; i < sizeof faults / sizeof faults[0]; ++i) {
        RANDOM own = {draw(random)};
        int status = 0;
        pid_t child;

        fflush(stdout);
        if ((child = fork()) == 0) {
            is_quiet = 1, step_count = 0;
            if (run(own, 500000, faults[i]))
                exit(1);
            printf("random_calls: planted: %s: found in step %ld\n", faults[i], step_count);
            exit(0);
        }
        if (!CHECK(waitpid(child, &status, 0) == child && status == 0))
            fprintf(stderr, "the planted fault \"%s\" was not found\n", faults[i]);
    }
}

int main(void)
{
    RANDOM random = new_random("random_calls");

    check_begin();
    alarm(0); /* each wait has a watchdog */
    use_private_directory();
    make_long_names();
    CHECK(run(random, effort(40000, 1000000), NULL));
    every_kind_of_answer_was_seen();
    nothing_is_left();
    planted_faults_are_found(&random);
    return check_end();
}
