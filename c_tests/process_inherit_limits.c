/*
 * process_inherit_limits.c - few descriptors: without a free one nothing becomes inheritable, and nothing is lost.
 */
#include "inheriting.h"

static int set_one(const char *tag)
{
    HANDLE event;

    handles_of(tag, &event, 1);
    CHECK(SetEvent(event));
    return check_failures != 0;
}
static int is_set_by_child(HANDLE event)
{
    PEER child = start_by(SPAWN, "set", tag_of(&event, 1));

    return end_of(&child) == 0 && is_set(event) && ResetEvent(event);
}
/* Returns the limit before. */
static struct rlimit limit_descriptors(rlim_t count)
{
    struct rlimit before, limit;

    getrlimit(RLIMIT_NOFILE, &before);
    limit = before, limit.rlim_cur = count;
    CHECK(setrlimit(RLIMIT_NOFILE, &limit) == 0);
    return before;
}

static void descriptors_run_out(void)
{
    HANDLE event = CreateEventA(NULL, TRUE, FALSE, NULL), named = CreateEventA(inheritable(), TRUE, FALSE, NAME("first"));
    struct rlimit before = limit_descriptors(256);
    int numbers[256], count = 0;

    while (count < 256 && (numbers[count] = dup(1)) >= 0)
        ++count;
    CHECK_ERROR(CreateEventA(inheritable(), TRUE, FALSE, NULL), ERROR_TOO_MANY_OPEN_FILES);
    CHECK_ERROR(CreateEventA(inheritable(), TRUE, FALSE, NAME("second")), ERROR_TOO_MANY_OPEN_FILES);
    CHECK_ERROR(SetHandleInformation(event, HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT), ERROR_TOO_MANY_OPEN_FILES);
    CHECK(flags_of(event) == 0 && flags_of(named) == HANDLE_FLAG_INHERIT && SetEvent(event) && ResetEvent(event));
    while (count > 0)
        close(numbers[--count]);
    CHECK(setrlimit(RLIMIT_NOFILE, &before) == 0);
    CHECK(SetHandleInformation(event, HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT));
    CHECK(is_set_by_child(named) && is_set_by_child(event));
    CHECK(CloseHandle(named) && CloseHandle(event) && count_objects() == 0);
}

/* A limit below the numbers that are in use: what is listed stays listed when one more cannot be. */
static void the_limit_is_lowered(void)
{
    HANDLE event = CreateEventA(inheritable(), TRUE, FALSE, NULL), other = CreateEventA(NULL, TRUE, FALSE, NULL);
    struct rlimit before = limit_descriptors(256);

    CHECK(SetHandleInformation(other, HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT) == 0 && flags_of(other) == 0);
    CHECK(setrlimit(RLIMIT_NOFILE, &before) == 0);
    CHECK(is_set_by_child(event));
    CHECK(CloseHandle(event) && CloseHandle(other));
}

/* A daemon without standard streams. Their numbers are the program's to use again, and nothing is lost with them. */
static void standard_streams_are_closed(void)
{
    int status, number;
    pid_t daemon = fork();

    if (daemon == 0) {
        HANDLE event, named;

        limit_descriptors(64);
        for (number = 0; number < 2; ++number)
            close(number);
        event = CreateEventA(inheritable(), TRUE, FALSE, NULL);
        named = CreateEventA(inheritable(), TRUE, FALSE, NAME("stream"));
        CHECK(event != NULL && named != NULL);
        for (number = 0; number < 2; ++number)
            CHECK(open("/dev/null", O_RDWR) == number);
        CHECK(is_set_by_child(event) && is_set_by_child(named));
        CHECK(CloseHandle(event) && CloseHandle(named));
        exit(check_failures != 0);
    }
    CHECK(waitpid(daemon, &status, 0) == daemon && status == 0 && count_objects() == 0);
}

int main(int argc, char **argv)
{
    check_begin();
    if (plays(argc, argv, "set"))
        return set_one(argv[3]);
    use_private_directory();
    standard_streams_are_closed(); /* first, with nothing made yet */
    descriptors_run_out();
    the_limit_is_lowered();
    return check_end();
}
