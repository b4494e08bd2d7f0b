/*
 * process_semaphore.c - a semaphore between processes: tokens go around, and
 * there are never more nor fewer of them than were made. Only whoever holds one
 * when it is killed takes it along, as on Windows.
 */
#include "waiting.h"

static int takes(HANDLE semaphore) { return WaitForSingleObject(semaphore, 0) == WAIT_OBJECT_0; }
static int drain(HANDLE semaphore)
{
    int count = 0;

    while (takes(semaphore))
        ++count;
    return count;
}

/* What processes count together. Each member is changed atomically. */
typedef struct TALLY {
    int inside, most, taken;
} TALLY;

static TALLY *tally_of(HANDLE section) { return (TALLY *)view_of(section, FILE_MAP_WRITE); }
static const char *section_name(const char *name)
{
    static char names[2][200];
    static int next;
    char *section = names[next++ % 2];

    snprintf(section, sizeof names[0], "%s-section", name);
    return section;
}

/* Many processes, three tokens: never more than three are inside, and all three are back in the end. */
enum { WORKERS = 6, TOKENS = 3, TURNS = 1500 };
static int be_worker(const char *name)
{
    HANDLE semaphore = OpenSemaphoreA(SYNCHRONIZE | SEMAPHORE_MODIFY_STATE, FALSE, name);
    TALLY *tally = tally_of(OpenFileMappingA(FILE_MAP_WRITE, FALSE, section_name(name)));
    int i;

    pass_turn(&parent);
    await_turn(&parent);
    for (i = 0; i < TURNS; ++i) {
        LONG previous = -1;
        int inside;

        if (WaitForSingleObject(semaphore, INFINITE) != WAIT_OBJECT_0)
            return 9;
        inside = __atomic_add_fetch(&tally->inside, 1, __ATOMIC_SEQ_CST);
        if (inside > TOKENS)
            __atomic_store_n(&tally->most, inside, __ATOMIC_SEQ_CST);
        __atomic_add_fetch(&tally->taken, 1, __ATOMIC_SEQ_CST);
        if (i % 64 == 0)
            Sleep(0);
        __atomic_sub_fetch(&tally->inside, 1, __ATOMIC_SEQ_CST);
        if (!ReleaseSemaphore(semaphore, 1, &previous) || previous < 0 || previous >= TOKENS)
            return 8;
    }
    return 3;
}
static void tokens_are_conserved(void)
{
    const char *name = NAME("tokens");
    HANDLE semaphore = CreateSemaphoreA(NULL, 0, TOKENS, name), section = new_memory(PAGE_READWRITE, 4096, section_name(name));
    TALLY *tally = tally_of(section);
    PEER workers[WORKERS];
    LONG previous = -1;
    int i;

    for (i = 0; i < WORKERS; ++i)
        workers[i] = start_peer("worker", name);
    for (i = 0; i < WORKERS; ++i)
        await_turn(&workers[i]);
    for (i = 0; i < WORKERS; ++i)
        pass_turn(&workers[i]);
    for (i = 0; i < WORKERS; ++i)
        until_asleep(workers[i].pid);
    CHECK(tally->taken == 0);
    CHECK(ReleaseSemaphore(semaphore, TOKENS, &previous) && previous == 0);
    for (i = 0; i < WORKERS; ++i)
        CHECK(end_of(&workers[i]) == 3);
    CHECK(tally->taken == WORKERS * TURNS && tally->inside == 0 && tally->most == 0);
    CHECK_ERROR(ReleaseSemaphore(semaphore, 1, NULL), ERROR_TOO_MANY_POSTS);
    CHECK(drain(semaphore) == TOKENS);
    CHECK(UnmapViewOfFile(tally) && CloseHandle(section) && CloseHandle(semaphore));
}

/* One release of several wakes so many sleepers, of whichever processes, and no more. */
static int be_taker(const char *name)
{
    HANDLE semaphore = OpenSemaphoreA(SYNCHRONIZE, FALSE, name);

    if (semaphore == NULL)
        return 9;
    pass_turn(&parent);
    return (int)WaitForSingleObject(semaphore, INFINITE);
}
static PEER start_sleeping_taker(const char *name)
{
    PEER peer = start_peer("taker", name);

    await_turn(&peer);
    CHECK(until_asleep(peer.pid));
    return peer;
}
static int count_ended(const PEER *peers, int count)
{
    int ended = 0;

    while (count-- > 0)
        ended += sleep_state(peers[count].pid) == 0;
    return ended;
}
static void a_release_wakes_as_many_as_it_says(void)
{
    enum { PROCESSES = 3, THREADS = 3 };
    const char *name = NAME("wakes");
    HANDLE semaphore = CreateSemaphoreA(NULL, 0, 10, name);
    PEER peers[PROCESSES];
    WAITER threads[THREADS];
    int i, woken = 0;
    static const LONG releases[] = {1, 3, 2};
    size_t k;

    for (i = 0; i < PROCESSES; ++i)
        peers[i] = start_sleeping_taker(name);
    for (i = 0; i < THREADS; ++i)
        start_sleeper(&threads[i], semaphore);
    for (k = 0; k < sizeof releases / sizeof releases[0]; ++k) {
        LONG previous = -1;

        CHECK(ReleaseSemaphore(semaphore, releases[k], &previous) && previous == 0);
        woken += releases[k];
        while (count_ended(peers, PROCESSES) + count_done(threads, THREADS) < woken)
            a_moment();
        for (i = 0; i < PROCESSES; ++i)
            until_asleep(peers[i].pid);
        CHECK(count_ended(peers, PROCESSES) + until_done(threads, THREADS, 0) == woken);
        CHECK(!takes(semaphore));
    }
    for (i = 0; i < PROCESSES; ++i)
        CHECK(end_of(&peers[i]) == (int)WAIT_OBJECT_0);
    for (i = 0; i < THREADS; ++i)
        CHECK(end_waiter(&threads[i]) == WAIT_OBJECT_0);
    CHECK(CloseHandle(semaphore));
}

/* Killed in its sleep, a waiter takes nothing; killed while it is woken, one at most. Nobody else sleeps beside a token. */
static void killed_waiters_take_at_most_their_own(void)
{
    const char *name = NAME("killed");
    HANDLE semaphore = CreateSemaphoreA(NULL, 0, 10, name);
    int round, left;

    for (round = 0; round < 16; ++round) {
        int killed_asleep = round % 2 == 0;
        PEER dead = start_sleeping_taker(name), living = start_sleeping_taker(name);

        if (killed_asleep)
            CHECK(kill_peer(&dead) == 128 + SIGKILL);
        CHECK(ReleaseSemaphore(semaphore, 2, NULL));
        if (!killed_asleep)
            kill_peer(&dead);
        CHECK(end_of(&living) == (int)WAIT_OBJECT_0);
        left = drain(semaphore);
        CHECK(left == 1 || (!killed_asleep && left == 0));
    }
    CHECK(CloseHandle(semaphore));
}

/* Takers and makers that are killed in their loops leave the semaphore usable, and its count within its limits. */
static int be_busy(const char *name)
{
    HANDLE semaphore = OpenSemaphoreA(SEMAPHORE_ALL_ACCESS, FALSE, name);

    if (semaphore == NULL)
        return 9;
    pass_turn(&parent);
    for (;;) {
        ReleaseSemaphore(semaphore, 2, NULL);
        WaitForSingleObject(semaphore, 0);
        WaitForSingleObject(semaphore, 1);
    }
}
static void a_killed_process_leaves_it_usable(void)
{
    enum { MOST = 4 };
    const char *name = NAME("busy");
    HANDLE semaphore = CreateSemaphoreA(NULL, 0, MOST, name);
    int round;

    for (round = 0; round < 20; ++round) {
        PEER first = start_peer("busy", name), second = start_peer("busy", name);
        WAITER sleeper;
        LONG previous = -1;

        await_turn(&first), await_turn(&second);
        usleep(500u * (unsigned)(round % 5)); /* somewhere in their loops */
        CHECK(kill_peer(&first) == 128 + SIGKILL && kill_peer(&second) == 128 + SIGKILL);
        CHECK(drain(semaphore) <= MOST);
        start_sleeper(&sleeper, semaphore);
        CHECK(ReleaseSemaphore(semaphore, MOST, &previous) && previous == 0);
        CHECK(end_waiter(&sleeper) == WAIT_OBJECT_0 && drain(semaphore) == MOST - 1);
    }
    CHECK(CloseHandle(semaphore));
}

/* Count and maximum belong to the semaphore: who creates it a second time elsewhere finds those of the first. */
static int be_second(const char *name)
{
    HANDLE semaphore = CreateSemaphoreA(NULL, 7, 7, name);
    LONG previous = -1;

    if (semaphore == NULL || GetLastError() != ERROR_ALREADY_EXISTS)
        return 9;
    if (ReleaseSemaphore(semaphore, 2, &previous) || GetLastError() != ERROR_TOO_MANY_POSTS || previous != -1)
        return 8;
    return ReleaseSemaphore(semaphore, 1, &previous) && previous == 1 ? 3 : 7;
}
static void a_semaphore_is_the_same_for_every_process(void)
{
    const char *name = NAME("same");
    HANDLE semaphore = CreateSemaphoreA(NULL, 1, 2, name);
    PEER peer = start_peer("second", name);

    CHECK(end_of(&peer) == 3);
    CHECK(drain(semaphore) == 2 && CloseHandle(semaphore));
    CHECK_ERROR(OpenSemaphoreA(SYNCHRONIZE, FALSE, name), ERROR_FILE_NOT_FOUND);
}

int main(int argc, char **argv)
{
    check_begin();
    if (plays(argc, argv, "worker"))
        return be_worker(argv[3]);
    if (plays(argc, argv, "taker"))
        return be_taker(argv[3]);
    if (plays(argc, argv, "busy"))
        return be_busy(argv[3]);
    if (plays(argc, argv, "second"))
        return be_second(argv[3]);
    tokens_are_conserved();
    a_release_wakes_as_many_as_it_says();
    killed_waiters_take_at_most_their_own();
    a_killed_process_leaves_it_usable();
    a_semaphore_is_the_same_for_every_process();
    return check_end();
}
