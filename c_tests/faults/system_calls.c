/*
 * system_calls.c - each system call that the library makes fails in turn, with each
 * error that it may have: every way to acquire something is tried once for each. It
 * fails with an error that says so, or does without; nothing leaks, nobody's objects are
 * harmed, and it works when it is tried again.
 */
#include "faulty_acts.h"
#include "failing_calls.h"
#include "effort.h"

/* Which errors of the library may follow from one of the system. */
static int says_why(DWORD error, int cause)
{
    if (failing.call->number == SYS_newfstatat) /* what is not seen is not there */
        return error == ERROR_FILE_NOT_FOUND || error == ERROR_FILE_INVALID || error == ERROR_DIRECTORY ||
               error == ERROR_ACCESS_DENIED || error == ERROR_NOT_ENOUGH_MEMORY;
    if (failing.call->number == SYS_mlock)
        return error == ERROR_WORKING_SET_QUOTA;
    if (failing.call->number == SYS_readlink)
        return error != 0 && error != SENTINEL;
    if (error == 0 || error == SENTINEL || error == ERROR_INTERNAL_ERROR)
        return 0;
    switch (cause) {
    case EMFILE:
    case ENFILE:
        return error == ERROR_TOO_MANY_OPEN_FILES;
    case ENOMEM:
        return error == ERROR_NOT_ENOUGH_MEMORY || error == ERROR_COMMITMENT_LIMIT || error == ERROR_NO_SYSTEM_RESOURCES;
    case ENOSPC:
    case EDQUOT:
        return error == ERROR_COMMITMENT_LIMIT || error == ERROR_DISK_FULL;
    case EACCES:
    case EPERM:
        return error == ERROR_ACCESS_DENIED;
    default:
        return 1;
    }
}

static const char *current;
static void say_where(const char *what)
{
    fprintf(stderr, "... in \"%s\", %s with error %d: %s\n", current, failing.call != NULL ? failing.call->name : "no call",
            failing.error, what);
}
/* A call that the test kept the kernel from doing, though it cannot fail so in earnest: what it was to undo stays. */
static int undoes(const CALL_ERRORS *call) { return call->number == SYS_munmap || call->number == SYS_unlinkat; }

/* The Nth call fails, with the error of this number. False: there is no Nth call. `*more`: there may be a further error. */
static int one_fault(const ACT *act, int nth, int choice, int *more)
{
    int failures = check_failures, done;
    POSSESSIONS before = possessions();
    DWORD error;

    if (act->prepare != NULL && !CHECK(act->prepare()))
        exit(4);
    SetLastError(SENTINEL);
    if (getenv("WINSHM_TELL"))
        printf("%s: call %d, error %d\n", act->name, nth, choice);
    let_call_fail(nth, choice);
    done = act->act();
    error = GetLastError();
    if (!let_all_calls_work()) {
        CHECK(done && undo());
        return 0;
    }
    *more = failing.error != 0;
    if (!done && getenv("WINSHM_TELL"))
        printf("%s: %s, %d: %u\n", act->name, failing.call->name, failing.error, error);
    CHECK(done || (failing.error != 0 && says_why(error, failing.error)));
    CHECK(done || failing.error != EINTR);
    CHECK(undo());
    check_household();
    if (!undoes(failing.call))
        check_no_more_possessions(before);
    if (check_failures != failures) {
        char text[100];

        snprintf(text, sizeof text, "%s, last error %u", done ? "it was done" : "it was not done", error);
        say_where(text);
    }
    CHECK((act->prepare == NULL || act->prepare()) && act->act());
    CHECK(undo());
    if (check_failures != failures)
        say_where("tried again");
    return 1;
}

static long faults;

static void every_call_fails(const ACT *act)
{
    int nth, choice, more;

    current = act->name;
    for (nth = 0; nth < 2; ++nth) /* once for what is made at first use, and once more */
        CHECK((act->prepare == NULL || act->prepare()) && act->act() && undo());
    for (nth = 1; ; ++nth)
        for (choice = 0, more = 1; more && choice < MOST_ERRORS; ++choice) {
            if (!in_full() && (choice + nth) % 3 != 0)
                continue; /* a third of the errors of each call */
            if (!one_fault(act, nth, choice, &more))
                return;
            faults += more;
        }
}

static int be_victim(const ACT *act)
{
    setvbuf(stdout, NULL, _IOLBF, 0);
    alarm(120);
    furnish();
    if (!answer_own_calls())
        return 77;
    every_call_fails(act);
    clear_out();
    printf("%ld\n", faults), fflush(stdout);
    return check_failures != 0;
}

/* Whether it could be tried at all. */
static int try_in_a_process(int which, long *all)
{
    char number[12], line[200];
    PEER victim;
    FILE *output;
    int ended;

    snprintf(number, sizeof number, "%d", which);
    victim = start_peer("victim", number);
    output = fdopen(dup(victim.from), "r");
    while (fgets(line, sizeof line, output) != NULL)
        if (strchr(line, ':') != NULL)
            fputs(line, stdout);
        else
            *all += atol(line);
    fclose(output);
    ended = end_of(&victim);
    remove_segments_of(victim.pid);
    if (!CHECK(ended == 0 || ended == 77))
        fprintf(stderr, "... \"%s\" ended with %d\n", acts[which].name, ended);
    return ended != 77;
}

int main(int argc, char **argv)
{
    long all = 0;
    int i;

    check_begin();
    if (plays(argc, argv, "victim"))
        return be_victim(&acts[atoi(argv[3])]);
    if (plays(argc, argv, "faulty victim")) {
        be_quiet();
        return be_victim(&faulty_acts[atoi(argv[3])]);
    }
    use_directory_for_files();
    alarm(1000);
    for (i = 0; i < ACTS; ++i)
        if (!try_in_a_process(i, &all)) {
            printf("SKIPPED: this kernel, or a sandbox, lets no process answer its own system calls\n");
            return 77;
        }
    notices_faulty_acts("faulty victim");
    printf("system_calls: %ld calls failed, in %d acts\n", all, ACTS);
    return check_end();
}
