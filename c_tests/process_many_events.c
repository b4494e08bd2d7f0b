/*
 * process_many_events.c - 20,000 named events at once, with room for no more than
 * 1024 descriptors: an event that is open costs none. Needs room in /dev/shm and
 * in the process's map of its memory; where there is too little, says so.
 */
#include "waiting.h"

#include <sys/statvfs.h>

enum { EVENTS = 20000, CHOSEN = 12345 };

static HANDLE events[EVENTS];

static const char *event_name(const char *name, int number)
{
    static char names[2][200];
    static int next;
    char *one = names[next++ % 2];

    snprintf(one, sizeof names[0], "%s-%d", name, number);
    return one;
}
static int count_descriptors(void) { return count_entries("/proc/self/fd"); }
static int files_before;
static int count_set(void)
{
    int i, set = 0;

    for (i = 0; i < EVENTS; ++i)
        set += WaitForSingleObject(events[i], 0) == WAIT_OBJECT_0;
    return set;
}

/* The other process has all of them open too, under the same limit. It sets the chosen one when it is told. */
static int be_partner(const char *name)
{
    int i, before, opened = 0;

    events[0] = OpenEventA(EVENT_ALL_ACCESS, FALSE, event_name(name, 0));
    before = count_descriptors();
    for (i = 1; i < EVENTS; ++i)
        opened += (events[i] = OpenEventA(EVENT_ALL_ACCESS, FALSE, event_name(name, i))) != NULL;
    if (opened != EVENTS - 1)
        return 9;
    if (count_descriptors() != before)
        return 8;
    pass_turn(&parent);
    await_turn(&parent);
    if (!SetEvent(events[CHOSEN]))
        return 7;
    pass_turn(&parent);
    await_turn(&parent);
    return 3;
}

/* All are created, and cost no descriptor; each is an event of its own, here and in another process. */
static void every_event_is_one_without_a_descriptor(const char *name)
{
    int i, before, created = 0;
    PEER partner;

    /* What the library keeps for itself is there when the first event has come and gone. */
    CHECK(CloseHandle(CreateEventA(NULL, FALSE, FALSE, name)));
    files_before = count_objects();
    CHECK((events[0] = CreateEventA(NULL, FALSE, FALSE, event_name(name, 0))) != NULL);
    before = count_descriptors();
    for (i = 1; i < EVENTS; ++i) {
        events[i] = CreateEventA(NULL, FALSE, FALSE, event_name(name, i));
        created += events[i] != NULL && GetLastError() == ERROR_SUCCESS;
    }
    CHECK(created == EVENTS - 1 && count_objects() == files_before + EVENTS);
    CHECK(count_descriptors() == before);
    CHECK(count_set() == 0);
    for (i = 0; i < EVENTS; i += 2)
        SetEvent(events[i]);
    CHECK(count_set() == EVENTS / 2);
    partner = start_peer("partner", name);
    await_turn(&partner);
    CHECK(count_set() == 0);
    pass_turn(&partner);
    CHECK(WaitForSingleObject(events[CHOSEN], INFINITE) == WAIT_OBJECT_0);
    await_turn(&partner);
    CHECK(count_set() == 0);
    CHECK(kill_peer(&partner) == 128 + SIGKILL);
}

/* The death of the other process has taken none of them, and closing takes each. */
static void every_event_goes_with_its_handle(const char *name)
{
    int i, kept = 0, closed = 0, gone = 0;

    for (i = 0; i < EVENTS; i += 500) {
        HANDLE event = OpenEventA(EVENT_ALL_ACCESS, FALSE, event_name(name, i));

        kept += event != NULL && SetEvent(event) && WaitForSingleObject(events[i], 0) == WAIT_OBJECT_0 && CloseHandle(event);
    }
    CHECK(kept == EVENTS / 500);
    for (i = 0; i < EVENTS; ++i)
        closed += CloseHandle(events[i]);
    CHECK(closed == EVENTS);
    for (i = 0; i < EVENTS; ++i)
        gone += OpenEventA(SYNCHRONIZE, FALSE, event_name(name, i)) == NULL && GetLastError() == ERROR_FILE_NOT_FOUND;
    CHECK(gone == EVENTS);
    CHECK(count_objects() == files_before);
}

static void need(int enough, const char *what)
{
    if (enough)
        return;
    printf("SKIPPED: %d named events need %s\n", EVENTS, what);
    exit(77);
}
static long long number_in(const char *path)
{
    FILE *file = fopen(path, "r");
    long long number = 0;

    if (file != NULL && fscanf(file, "%lld", &number) != 1)
        number = 0;
    if (file != NULL)
        fclose(file);
    return number;
}
/* A page and its bookkeeping for each event; a mapping for each in a process, beside those of the program. */
static void need_room(void)
{
    struct statvfs status;

    need(statvfs(getenv("WINSHM_DIR"), &status) == 0, "/dev/shm");
    need((unsigned long long)status.f_bavail * status.f_frsize > 6144ull * EVENTS, "120 MB in /dev/shm");
    need(status.f_files == 0 || status.f_favail > EVENTS + 100, "as many files in /dev/shm");
    need(number_in("/proc/sys/vm/max_map_count") > EVENTS + count_all_mappings() + 100, "a larger vm.max_map_count");
}

int main(int argc, char **argv)
{
    const struct rlimit few = {1024, 1024};
    const char *name = NAME("many");

    check_begin();
    if (plays(argc, argv, "partner"))
        return be_partner(argv[3]);
    strcpy(check_directory, "/dev/shm/winshm-XXXXXX");
    use_private_directory();
    need_room();
    CHECK(setrlimit(RLIMIT_NOFILE, &few) == 0);
    every_event_is_one_without_a_descriptor(name);
    every_event_goes_with_its_handle(name);
    return check_end();
}
