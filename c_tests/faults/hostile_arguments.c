/*
 * Programs that call every function with garbage: handles that are none, or of other
 * kinds, or closed by another thread meanwhile; numbers at all limits; pointers to too
 * little, to nothing, into each other; strings that no encoding has. They get errors.
 * No call crashes or hangs, nothing is left when they have closed what they have, and
 * nothing happens to the objects of others.
 *
 *   hostile_arguments            all of it; WINSHM_SEED=... repeats the batches
 *   hostile_arguments batch N    the batch of that number alone, for a debugger
 */
#include "check.h"

#include "faults/effort.h"
#include "hostile/batch.h"
#include "hostile/bad_pointers.h"
#include "hostile/canary.h"
#include "hostile/exports.h"

#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>

enum { SECONDS_WITHOUT_A_CALL = 60 };

/* A /dev/shm and System V segments of this test alone, or it is not run: it makes and destroys any name. */
static void need_own_memory(void)
{
    uid_t user = getuid();
    const int is_root = user == 0;

    if (unshare(CLONE_NEWNS | CLONE_NEWIPC | (is_root ? 0 : CLONE_NEWUSER)) != 0 ||
        mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 || mount("tmpfs", "/dev/shm", "tmpfs", 0, "size=128m") != 0) {
        printf("SKIPPED: this process cannot have a /dev/shm of its own\n");
        exit(77);
    }
    if (mkdir("/dev/shm/w", 0700) != 0 || mkdir("/dev/shm/scratch", 0700) != 0 || mkdir("/dev/shm/canary", 0700) != 0 ||
        setenv("WINSHM_DIR", "/dev/shm/w", 1) != 0 ||
        chdir("/dev/shm/canary") != 0)
        exit(2);
    setenv("WINSHM_DEBUG_OUTPUT", "1", 1);
}

static void print_traces(void)
{
    int i, index;

    for (i = 0; i < MOST_THREADS; ++i) {
        const TRACE *trace = &report->traces[i];

        if (atomic_load(&trace->calls) == 0)
            continue;
        fprintf(stderr, "... thread %d in call %ld: %s(", i, atomic_load(&trace->calls), functions[atomic_load(&trace->function)].name);
        for (index = 0; index < MOST_ARGUMENTS; ++index)
            fprintf(stderr, "%s0x%llx", index ? ", " : "", (unsigned long long)atomic_load(&trace->arguments[index]));
        fprintf(stderr, ")\n");
    }
}

/* Runs a batch in a process of its own. Whether it came to a good end, and the canary is well. */
static int batch_does_no_harm(BATCH batch, const PEER *canary, int patience)
{
    long before = -1;
    int status = 0, quiet = 0, is_well;
    pid_t child;

    memset(report, 0, sizeof *report);
    empty_folder();
    child = fork();
    if (child == 0)
        _exit(do_batch(batch));
    while (waitpid(child, &status, WNOHANG) == 0) {
        long now = calls_made_so_far();

        quiet = now == before ? quiet + 1 : 0;
        before = now;
        if (quiet > 100 * patience) {
            kill(child, SIGKILL);
            waitpid(child, &status, 0);
            snprintf(report->complaint, sizeof report->complaint, "no call came to an end for %d s", patience);
            break;
        }
        usleep(10000);
    }
    if (WIFSIGNALED(status) && report->complaint[0] == 0)
        snprintf(report->complaint, sizeof report->complaint, "ended by signal %d", WTERMSIG(status));
    else if (WIFEXITED(status) && WEXITSTATUS(status) != 0 && report->complaint[0] == 0)
        snprintf(report->complaint, sizeof report->complaint, "ended with %d", WEXITSTATUS(status));
    is_well = ask_canary(canary);
    if (!is_well)
        snprintf(report->complaint, sizeof report->complaint, "objects of another process have changed");
    return report->complaint[0] == 0;
}

static BATCH nth_batch(uint64_t seed, long number)
{
    BATCH batch = {seed + (uint64_t)number * 1000003, effort(10000, 60000), 1, NOTHING};

    if (number % 4 == 3)
        batch.threads = MOST_THREADS, batch.calls /= 2;
    return batch;
}

static void hostile_calls_do_no_harm(uint64_t seed, const PEER *canary)
{
    const long batches = effort(4, 72);
    long number;

    for (number = 0; number < batches; ++number)
        if (!CHECK(batch_does_no_harm(nth_batch(seed, number), canary, SECONDS_WITHOUT_A_CALL))) {
            fprintf(stderr, "... batch %ld of WINSHM_SEED=%llu: %s\n", number, (unsigned long long)seed, report->complaint);
            print_traces();
            break;
        }
}

/* A function that never succeeded, and always failed in the same way, was not tried. */
static int is_tried(const TALLY *tally)
{
    return atomic_load(&tally->successes) > 0 && (atomic_load(&tally->calls) == atomic_load(&tally->successes) || tally->errors[0] != 0);
}
static void every_function_was_really_tried(void)
{
    long calls = 0, successes = 0;
    int function, i;

    for (function = 0; function < FUNCTIONS; ++function) {
        const TALLY *tally = &tallies[function];

        calls += atomic_load(&tally->calls), successes += atomic_load(&tally->successes);
        if (!CHECK(is_tried(tally)) || in_full()) {
            printf("%-60s %8ld calls, %8ld succeeded, errors", functions[function].name, atomic_load(&tally->calls),
                   atomic_load(&tally->successes));
            for (i = 0; i < MOST_ERRORS && tally->errors[i] != 0; ++i)
                printf(" %u", tally->errors[i]);
            printf("\n");
        }
    }
    printf("%ld calls of %d functions, %ld succeeded\n", calls, FUNCTIONS, successes);
    CHECK(calls > effort(50000, 5000000));
}

/* The planted faults: each is seen, and named. */
static void what_goes_wrong_is_noticed(const PEER *canary)
{
    static const struct {
        PLANT plant;
        const char *complaint;
    } faults[] = {{CRASH, "ended by signal 11"}, {HANG, "no call came to an end"}, {DESCRIPTOR, "left behind"},
                  {MAPPING, "left behind"},      {OBJECT, "left behind"},          {CANARY, "objects of another process"}};
    const TALLY never = {100, 0, {87}}, always_87 = {100, 50, {87}};
    size_t i;

    for (i = 0; i < sizeof faults / sizeof *faults; ++i) {
        BATCH batch = {1, 200, 1, faults[i].plant};

        if (!CHECK(!batch_does_no_harm(batch, canary, faults[i].plant == HANG ? 2 : 60) && strstr(report->complaint, faults[i].complaint) != NULL))
            fprintf(stderr, "... the fault that \"%s\" should tell of; it was \"%s\"\n", faults[i].complaint, report->complaint);
    }
    CHECK(!is_tried(&never) && is_tried(&always_87));
}

int main(int argc, char **argv)
{
    uint64_t seed;
    PEER canary;

    check_begin();
    alarm(in_full() ? 3000 : 600);
    need_own_memory();
    find_functions();
    report = mmap(NULL, sizeof *report, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    tallies = mmap(NULL, FUNCTIONS * sizeof *tallies, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    seed = new_random("hostile_arguments").state;
    if (argc == 3 && strcmp(argv[1], "batch") == 0)
        return do_batch(nth_batch(seed, atol(argv[2])));
    the_table_has_every_function();
    canary = start_canary();
    hostile_calls_do_no_harm(seed, &canary);
    every_function_was_really_tried();
    bad_pointers_are_errors_or_faults(&canary);
    what_goes_wrong_is_noticed(&canary); /* last: it ends with a canary that is not well */
    kill_peer(&canary);
    return check_end();
}
