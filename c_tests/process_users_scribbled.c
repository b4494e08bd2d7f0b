/*
 * process_users_scribbled.c - an object that everybody may write to, and a user who writes to its memory what
 * he likes, now and then and all the time, and cuts it off. Who uses the object gets wrong answers or errors, as he
 * has let everybody write to it. But every call ends, nothing crashes, and his other objects are as they were. What
 * was cut off is an object no more, and says so.
 * In a directory for all; first the object is root's, then the other user's. Needs root.
 */
#include "users.h"

#include <sys/mman.h>

enum { EVENT, MANUAL_EVENT, SEMAPHORE, TIMER, MANUAL_TIMER, KINDS };

static HANDLE create(int kind, SECURITY_ATTRIBUTES *attributes, const char *name)
{
    switch (kind) {
    case EVENT:
        return CreateEventA(attributes, FALSE, FALSE, name);
    case MANUAL_EVENT:
        return CreateEventA(attributes, TRUE, FALSE, name);
    case SEMAPHORE:
        return CreateSemaphoreA(attributes, 0, 5, name);
    case TIMER:
        return CreateWaitableTimerA(attributes, FALSE, name);
    default:
        return CreateWaitableTimerA(attributes, TRUE, name);
    }
}
static const char *const names[KINDS] = {"Global\\event", "Global\\manual", "Global\\semaphore", "Global\\timer",
                                         "Global\\manual-timer"};

/* --- the one who scribbles --------------------------------------------------------------------------------------- */

#define CONTROL_PAGE 4096

/* The control page of an object without data is its whole file. */
static volatile unsigned long long *page_of(int kind)
{
    char path[512];
    int file;
    void *page;

    snprintf(path, sizeof path, "%s/G.%s", global_directory(), strchr(names[kind], '\\') + 1);
    file = open(path, O_RDWR);
    page = mmap(NULL, CONTROL_PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    close(file);
    return page == MAP_FAILED ? NULL : (volatile unsigned long long *)page;
}
/* What states can be, and nonsense. Name and kind stay: they are looked at when the object is opened. */
static unsigned long long nonsense(unsigned long long *seed)
{
    static const unsigned long long known[] = {
        0, ~0ULL, 1, 2, 3, 1ULL << 30, 1ULL << 31, 1ULL << 62, 1ULL << 63, 0x7FFFFFFF00000000ULL, 0xFFFFFFFFULL, 66};

    *seed = *seed * 6364136223846793005ULL + 1442695040888963407ULL;
    return *seed >> 60 < 12 ? known[(*seed >> 33) % COUNT_OF(known)] : *seed;
}
static void scribble_once(volatile unsigned long long *page, unsigned long long value)
{
    size_t word;

    for (word = 128 / 8; word < CONTROL_PAGE / 8; ++word)
        if (word < 512 / 8 || word >= 640 / 8) /* where the name stands */
            page[word] = value;
}
static int cut_off(void)
{
    char path[512];
    int kind, failures = 0;

    for (kind = 0; kind < KINDS; ++kind) {
        snprintf(path, sizeof path, "%s/G.%s", global_directory(), strchr(names[kind], '\\') + 1);
        failures += truncate(path, 0) != 0;
    }
    return failures;
}
/* Stands still after each word that is asked for, or goes on for ever. */
static int scribble(const char *how)
{
    volatile unsigned long long *pages[KINDS];
    unsigned long long seed = 20, value;
    int kind;

    for (kind = 0; kind < KINDS; ++kind)
        if ((pages[kind] = page_of(kind)) == NULL)
            return 3;
    if (*how == 'c')
        return cut_off();
    pass_turn(&parent);
    if (*how == 's') {
        while (read(STDIN_FILENO, &value, sizeof value) == sizeof value) {
            for (kind = 0; kind < KINDS; ++kind)
                scribble_once(pages[kind], value);
            pass_turn(&parent);
        }
        return 0;
    }
    alarm(10 * WATCHDOG); /* it is told to end by a signal */
    for (;;)
        for (kind = 0; kind < KINDS; ++kind)
            scribble_once(pages[kind], nonsense(&seed));
}

/* --- the one who uses the objects -------------------------------------------------------------------------------- */

static int is_cut_off;

/* Whatever comes of it, it comes. */
static void use(const HANDLE *objects, HANDLE own)
{
    LARGE_INTEGER soon;
    HANDLE both[2];
    int kind;

    soon.QuadPart = -1;
    both[1] = own;
    for (kind = 0; kind < KINDS; ++kind) {
        HANDLE object = objects[kind];

        WaitForSingleObject(object, 0);
        if (kind == EVENT || kind == MANUAL_EVENT) {
            SetEvent(object);
            PulseEvent(object);
            ResetEvent(object);
        } else if (kind == SEMAPHORE) {
            LONG previous = 0;

            if (ReleaseSemaphore(object, 1, &previous))
                CHECK(previous >= 0 && previous < 5);
        } else {
            SetWaitableTimer(object, &soon, 1, NULL, NULL, FALSE);
            CancelWaitableTimer(object);
        }
        WaitForSingleObject(object, 1);
        both[0] = object;
        if (WaitForMultipleObjects(2, both, FALSE, 0) > WAIT_OBJECT_0 + 1)
            CHECK(is_cut_off && GetLastError() == ERROR_FILE_INVALID);
        WaitForMultipleObjects(2, both, TRUE, 0);
        SetEvent(own);
    }
}
static void the_others_are_as_they_were(void)
{
    HANDLE event = CreateEventA(NULL, FALSE, TRUE, "Global\\own"), mutex = CreateMutexA(NULL, TRUE, "Global\\own-mutex");
    HANDLE both[2];

    both[0] = event, both[1] = mutex;
    CHECK(WaitForMultipleObjects(2, both, TRUE, 0) == WAIT_OBJECT_0);
    CHECK(WaitForSingleObject(event, 0) == WAIT_TIMEOUT);
    CHECK(ReleaseMutex(mutex) && ReleaseMutex(mutex) && !ReleaseMutex(mutex));
    CHECK(CloseHandle(event) && CloseHandle(mutex));
}
static void use_while_it_is_scribbled_over(const HANDLE *objects)
{
    enum { AVAILABLE = 1 << 30 };
    static const unsigned long long words[] = {0, ~0ULL, 3, AVAILABLE, 1ULL << 62, 12345678901234567ULL};
    HANDLE own = CreateEventA(NULL, TRUE, TRUE, NULL);
    PEER scribbler = start_peer("scribble", "still");
    time_t end;
    size_t i;

    await_turn(&scribbler);
    for (i = 0; i < COUNT_OF(words); ++i) {
        CHECK(write(scribbler.to, &words[i], sizeof words[i]) == sizeof words[i]);
        await_turn(&scribbler);
        alarm(WATCHDOG);
        if (words[i] == AVAILABLE) /* it is these objects that are scribbled over */
            CHECK(WaitForSingleObject(objects[MANUAL_EVENT], 0) == WAIT_OBJECT_0);
        use(objects, own);
    }
    kill_peer(&scribbler);
    the_others_are_as_they_were();
    scribbler = start_peer("scribble", "always");
    await_turn(&scribbler);
    for (end = time(NULL) + 2; time(NULL) < end;) {
        alarm(WATCHDOG);
        use(objects, own);
    }
    kill_peer(&scribbler);
    alarm(WATCHDOG);
    use(objects, own);
    the_others_are_as_they_were();
    /* And what he may write to, he may cut off. */
    have_other_play("scribble", "cut");
    alarm(WATCHDOG);
    is_cut_off = 1;
    use(objects, own);
    for (i = 0; i < KINDS; ++i) {
        SetLastError(SENTINEL);
        CHECK(WaitForSingleObject(objects[i], 0) == WAIT_FAILED && GetLastError() == ERROR_FILE_INVALID);
        CHECK(WaitForSingleObject(objects[i], INFINITE) == WAIT_FAILED && GetLastError() == ERROR_FILE_INVALID);
    }
    use(objects, own);
    is_cut_off = 0;
    the_others_are_as_they_were();
    CHECK(CloseHandle(own));
}

/* The objects are root's, and everybody's to use. */
static void over_roots_objects(void)
{
    SECURITY_ATTRIBUTES everybody = attributes_of("D:(A;;GA;;;WD)");
    HANDLE objects[KINDS];
    int kind;

    for (kind = 0; kind < KINDS; ++kind)
        CHECK((objects[kind] = create(kind, &everybody, names[kind])) != NULL);
    use_while_it_is_scribbled_over(objects);
    for (kind = 0; kind < KINDS; ++kind)
        CHECK(CloseHandle(objects[kind]));
    free_attributes(&everybody);
}

/* The objects are the other user's, and root uses them. */
static int keep_objects(void)
{
    SECURITY_ATTRIBUTES everybody = attributes_of("D:(A;;GA;;;WD)");
    int kind;

    for (kind = 0; kind < KINDS; ++kind)
        CHECK(create(kind, &everybody, names[kind]) != NULL);
    pass_turn(&parent);
    await_turn(&parent);
    return check_failures != 0;
}
static void over_the_other_users_objects(void)
{
    PEER keeper = start_peer("keep", "-");
    HANDLE objects[KINDS];
    int kind;

    await_turn(&keeper);
    for (kind = 0; kind < KINDS; ++kind) {
        CHECK_LAST(objects[kind] = create(kind, NULL, names[kind]), ERROR_ALREADY_EXISTS);
    }
    use_while_it_is_scribbled_over(objects);
    for (kind = 0; kind < KINDS; ++kind)
        CHECK(CloseHandle(objects[kind]));
    kill_peer(&keeper);
}

int main(int argc, char **argv)
{
    check_begin();
    if (plays_other(argc, argv, "scribble"))
        return scribble(argv[3]);
    if (plays_other(argc, argv, "keep")) {
        alarm(10 * WATCHDOG);
        return keep_objects();
    }
    need_root();
    use_directory_of_all();
    provide_global_directory(0, 0777);
    in_another_process(over_roots_objects);
    in_another_process(over_the_other_users_objects);
    return check_end();
}
