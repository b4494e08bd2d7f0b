/*
 * process_event.c - named events between processes: who is let through by which
 * setting, and what is left of it when waiters or setters are killed.
 */
#include "waiting.h"

enum { WAITERS = 4 };

static int is_set(HANDLE event) { return WaitForSingleObject(event, 0) == WAIT_OBJECT_0; }

/* Waits once, asleep when the story goes on; its exit code is the result. */
static int be_waiter(const char *name)
{
    HANDLE event = OpenEventA(SYNCHRONIZE, FALSE, name);

    if (event == NULL)
        return 9;
    pass_turn(&parent);
    return (int)WaitForSingleObject(event, INFINITE);
}
static PEER start_sleeping_peer(const char *name)
{
    PEER peer = start_peer("waiter", name);

    await_turn(&peer);
    CHECK(until_asleep(peer.pid));
    return peer;
}
static void start_sleeping_peers(PEER *peers, const char *name)
{
    int i;

    for (i = 0; i < WAITERS; ++i)
        peers[i] = start_sleeping_peer(name);
}
/* How many of them have ended, not collected yet. */
static int count_ended(const PEER *peers)
{
    int i, ended = 0;

    for (i = 0; i < WAITERS; ++i)
        ended += sleep_state(peers[i].pid) == 0;
    return ended;
}
/* Until so many have ended and the others sleep. The result is how many have ended at last. */
static int until_ended(const PEER *peers, int wanted)
{
    int i;

    while (count_ended(peers) < wanted)
        a_moment();
    for (i = 0; i < WAITERS; ++i)
        until_asleep(peers[i].pid);
    return count_ended(peers);
}
static void end_sleeping_peers(PEER *peers)
{
    int i;

    for (i = 0; i < WAITERS; ++i)
        CHECK(end_of(&peers[i]) == (int)WAIT_OBJECT_0);
}

/* One process sets, another takes: state and kind belong to the event, not to whoever opens it. */
static void an_event_is_the_same_for_every_process(void)
{
    const char *name = NAME("same");
    HANDLE event = CreateEventA(NULL, FALSE, FALSE, name);
    PEER peer = start_peer("partner", name);

    await_turn(&peer); /* it has set the event, twice, which counts once */
    CHECK(is_set(event) && !is_set(event));
    CHECK(SetEvent(event));
    pass_turn(&peer);
    await_turn(&peer); /* it has taken it */
    CHECK(!is_set(event));
    CHECK(SetEvent(event));
    pass_turn(&peer);
    await_turn(&peer); /* it has reset it */
    CHECK(!is_set(event));
    CHECK(end_of(&peer) == 3 && CloseHandle(event));
    CHECK_ERROR(OpenEventA(SYNCHRONIZE, FALSE, name), ERROR_FILE_NOT_FOUND);
}
static int be_partner(const char *name)
{
    HANDLE event = CreateEventA(NULL, TRUE, TRUE, name);

    if (GetLastError() != ERROR_ALREADY_EXISTS || is_set(event) || !SetEvent(event) || !SetEvent(event))
        return 9;
    pass_turn(&parent);
    await_turn(&parent);
    if (!is_set(event) || is_set(event))
        return 8;
    pass_turn(&parent);
    await_turn(&parent);
    if (!ResetEvent(event))
        return 7;
    pass_turn(&parent);
    return 3;
}

/* Each setting, and each pulse, of an auto event lets one process through, whichever. */
static void each_setting_lets_one_process_through(BOOL(WINAPI *set)(HANDLE))
{
    const char *name = NAME("auto");
    HANDLE event = CreateEventA(NULL, FALSE, FALSE, name);
    PEER peers[WAITERS];
    int i;

    start_sleeping_peers(peers, name);
    for (i = 1; i <= WAITERS; ++i) {
        CHECK(set(event));
        CHECK(until_ended(peers, i) == i);
        CHECK(!is_set(event));
    }
    end_sleeping_peers(peers);
    CHECK(CloseHandle(event));
}

/* A manual event lets through everybody who waits, also when it is reset at once, or pulsed. */
static BOOL WINAPI set_and_reset(HANDLE event) { return SetEvent(event) && ResetEvent(event); }
static void all_processes_get_through(BOOL(WINAPI *set)(HANDLE), int stays)
{
    const char *name = NAME("manual");
    HANDLE event = CreateEventA(NULL, TRUE, FALSE, name);
    PEER peers[WAITERS];

    start_sleeping_peers(peers, name);
    CHECK(set(event));
    CHECK(is_set(event) == stays);
    end_sleeping_peers(peers);
    CHECK(CloseHandle(event));
}

/* Killed in its sleep, a waiter takes nothing along: the next setting is for the living. */
static void a_waiter_killed_asleep_takes_nothing(void)
{
    const char *name = NAME("asleep");
    HANDLE event = CreateEventA(NULL, FALSE, FALSE, name);
    int round;

    for (round = 0; round < 8; ++round) {
        PEER dead = start_sleeping_peer(name), living = start_sleeping_peer(name), also_dead = start_sleeping_peer(name);

        CHECK(kill_peer(&dead) == 128 + SIGKILL && kill_peer(&also_dead) == 128 + SIGKILL);
        CHECK(!is_set(event));
        CHECK(SetEvent(event));
        CHECK(end_of(&living) == (int)WAIT_OBJECT_0);
        CHECK(!is_set(event));
        CHECK(SetEvent(event) && is_set(event) && !is_set(event));
    }
    CHECK(CloseHandle(event));
}

/* Killed while it is woken, a waiter may have taken that one setting, and no more: with the next one the other wakes. */
static void a_waiter_killed_awake_takes_one_at_most(void)
{
    const char *name = NAME("awake");
    HANDLE event = CreateEventA(NULL, FALSE, FALSE, name);
    int round, left;

    for (round = 0; round < 20; ++round) {
        PEER dead = start_sleeping_peer(name), living = start_sleeping_peer(name);

        CHECK(SetEvent(event));
        kill_peer(&dead);
        CHECK(SetEvent(event));
        CHECK(end_of(&living) == (int)WAIT_OBJECT_0);
        for (left = 0; is_set(event); ++left)
            ;
        CHECK(left <= 1);
    }
    CHECK(CloseHandle(event));
}

/* All waiters of a manual event are killed: it is set and reset for others as before. */
static void killed_waiters_leave_a_manual_event_usable(void)
{
    const char *name = NAME("manual");
    HANDLE event = CreateEventA(NULL, TRUE, FALSE, name);
    PEER peers[WAITERS], living;
    int i;

    start_sleeping_peers(peers, name);
    living = start_sleeping_peer(name);
    for (i = 0; i < WAITERS; ++i)
        CHECK(kill_peer(&peers[i]) == 128 + SIGKILL);
    CHECK(SetEvent(event) && ResetEvent(event) && !is_set(event));
    CHECK(end_of(&living) == (int)WAIT_OBJECT_0);
    CHECK(SetEvent(event) && is_set(event) && is_set(event) && CloseHandle(event));
}

/* A process that sets and resets two events in a loop is killed somewhere in it: whoever comes later can use both. */
static int be_busy(const char *name)
{
    HANDLE events[2];
    char one[200];
    int i;

    for (i = 0; i < 2; ++i) {
        snprintf(one, sizeof one, "%s-%d", name, i);
        if ((events[i] = OpenEventA(EVENT_ALL_ACCESS, FALSE, one)) == NULL)
            return 9;
    }
    pass_turn(&parent);
    for (;;) {
        SetEvent(events[0]);
        SetEvent(events[1]);
        WaitForSingleObject(events[0], 0);
        PulseEvent(events[1]);
        ResetEvent(events[1]);
    }
}
static void a_killed_setter_leaves_events_usable(void)
{
    const char *name = NAME("busy");
    HANDLE events[2];
    char one[200];
    int i, round;

    for (i = 0; i < 2; ++i) {
        snprintf(one, sizeof one, "%s-%d", name, i);
        CHECK((events[i] = CreateEventA(NULL, i, FALSE, one)) != NULL);
    }
    for (round = 0; round < 20; ++round) {
        PEER peer = start_peer("busy", name);
        WAITER sleepers[2];

        await_turn(&peer);
        usleep(500u * (unsigned)(round % 5)); /* somewhere in its loop */
        CHECK(kill_peer(&peer) == 128 + SIGKILL);
        for (i = 0; i < 2; ++i) {
            CHECK(ResetEvent(events[i]) && !is_set(events[i]));
            start_sleeper(&sleepers[i], events[i]);
            CHECK(SetEvent(events[i]));
            CHECK(end_waiter(&sleepers[i]) == WAIT_OBJECT_0 && is_set(events[i]) == i);
        }
    }
    CHECK(CloseHandle(events[0]) && CloseHandle(events[1]));
}

int main(int argc, char **argv)
{
    check_begin();
    if (plays(argc, argv, "waiter"))
        return be_waiter(argv[3]);
    if (plays(argc, argv, "partner"))
        return be_partner(argv[3]);
    if (plays(argc, argv, "busy"))
        return be_busy(argv[3]);
    an_event_is_the_same_for_every_process();
    each_setting_lets_one_process_through(SetEvent);
    each_setting_lets_one_process_through(PulseEvent);
    all_processes_get_through(SetEvent, 1);
    all_processes_get_through(set_and_reset, 0);
    all_processes_get_through(PulseEvent, 0);
    a_waiter_killed_asleep_takes_nothing();
    a_waiter_killed_awake_takes_one_at_most();
    killed_waiters_leave_a_manual_event_usable();
    a_killed_setter_leaves_events_usable();
    return check_end();
}
