/*
 * process_initial_owner.c - many processes create a mutex of one name at the same
 * time, each to own it from the beginning: one has made it, and owns it before
 * anybody else can. The others, and those who only open it, own nothing. Killed creators
 * leave a name that can be used.
 */
#include "wait_many.h"

#include <sched.h>

enum { RACERS = 6, WATCHERS = 2, ROUNDS = 80, KILLS = 100 };

/* The racers are forks that never had the mutex; they meet in memory. */
typedef struct BOARD {
    int round;    /* the race that is open; -1: the last one is over */
    int finished; /* of this race, those who have their result */
    int closed;   /* and those who have given everything back */
    int may_give_back;
    int made, owned, found, early, strange;
} BOARD;
static BOARD *board;

#define READ(field) __atomic_load_n(&board->field, __ATOMIC_SEQ_CST)
#define WRITE(field, value) __atomic_store_n(&board->field, value, __ATOMIC_SEQ_CST)
#define ADD(field) __atomic_add_fetch(&board->field, 1, __ATOMIC_SEQ_CST)
#define UNTIL(condition) \
    while (!(condition)) \
    sched_yield()

static BOARD *new_board(HANDLE *section)
{
    *section = new_memory(PAGE_READWRITE, sizeof *board, NULL);
    board = (BOARD *)view_of(*section, FILE_MAP_WRITE);
    if (board == NULL)
        exit(2);
    return board;
}
static const char *name_of(const char *label, int round)
{
    static char name[200];

    snprintf(name, sizeof name, "%s-%d", label, round);
    return name;
}
/* Three ways to ask for the same. */
static HANDLE create_owned(const char *name, int way)
{
    way %= 3;
    return way == 0   ? CreateMutexA(NULL, TRUE, name)
           : way == 1 ? CreateMutexW(NULL, TRUE, widen(name))
                      : CreateMutexExA(NULL, name, CREATE_MUTEX_INITIAL_OWNER, MUTEX_ALL_ACCESS);
}

/* Some only open it, as soon as it is there. */
static HANDLE watch_for(const char *name)
{
    HANDLE mutex;

    while ((mutex = OpenMutexA(MUTEX_ALL_ACCESS, FALSE, name)) == NULL && GetLastError() == ERROR_FILE_NOT_FOUND)
        ;
    SetLastError(ERROR_ALREADY_EXISTS);
    return mutex;
}

/* One race of one racer. */
static void race(const char *name, int me)
{
    HANDLE mutex = me < WATCHERS ? watch_for(name) : create_owned(name, me);
    DWORD error = GetLastError(), result = WAIT_TIMEOUT;
    int is_maker = mutex != NULL && error == ERROR_SUCCESS;

    if (is_maker) {
        ADD(made);
    } else if (mutex != NULL && error == ERROR_ALREADY_EXISTS) {
        /* At once: its maker had the time to make it, and for nothing else. */
        if ((result = WaitForSingleObject(mutex, 0)) != WAIT_TIMEOUT)
            ADD(early);
        else if (ReleaseMutex(mutex) || GetLastError() != ERROR_NOT_OWNER)
            ADD(strange);
        else
            ADD(found);
    } else {
        ADD(strange);
    }
    ADD(finished);
    UNTIL(READ(may_give_back));
    if (is_maker && times_owned(mutex) == 1)
        ADD(owned);
    /* Free now, for each of those who have found it. */
    if (!is_maker && (WaitForSingleObject(mutex, INFINITE) != WAIT_OBJECT_0 || !ReleaseMutex(mutex)))
        ADD(strange);
    if (!CloseHandle(mutex))
        ADD(strange);
    ADD(closed);
}
static int be_racer(const char *label, int me)
{
    int next;

    for (next = 1;; ++next) {
        UNTIL(READ(round) == next || READ(round) < 0);
        if (READ(round) < 0)
            return 0;
        race(name_of(label, next % 7), me);
    }
}
static void exactly_one_owns_it_from_the_beginning(void)
{
    const char *label = NAME("race");
    PEER racers[RACERS];
    HANDLE section;
    int i, round, makers = 0, wrong = 0;

    new_board(&section);
    for (i = 0; i < RACERS; ++i) {
        racers[i] = fork_peer();
        if (racers[i].pid == 0)
            _exit(be_racer(label, i));
    }
    for (round = 1; round <= ROUNDS; ++round) {
        WRITE(finished, 0), WRITE(closed, 0), WRITE(may_give_back, 0);
        WRITE(round, round);
        UNTIL(READ(finished) == RACERS);
        makers += READ(made) == round;
        wrong += READ(found) != round * (RACERS - 1);
        WRITE(may_give_back, 1);
        UNTIL(READ(closed) == RACERS);
    }
    WRITE(round, -1);
    for (i = 0; i < RACERS; ++i)
        CHECK(end_of(&racers[i]) == 0);
    CHECK(makers == ROUNDS && wrong == 0);
    CHECK(READ(owned) == ROUNDS);
    CHECK(READ(early) == 0);
    CHECK(READ(strange) == 0);
    CHECK_ERROR(OpenMutexA(SYNCHRONIZE, FALSE, name_of(label, 1)), ERROR_FILE_NOT_FOUND);
    CHECK(UnmapViewOfFile(board) && CloseHandle(section));
}

/* Somebody has it already, free or not: asking for it as its first owner gives nothing, and takes nothing. */
static void who_comes_later_owns_nothing(void)
{
    const char *name = NAME("later");
    HANDLE first = CreateMutexA(NULL, FALSE, name), second;
    PEER child;

    CHECK_LAST(second = create_owned(name, 0), ERROR_ALREADY_EXISTS);
    CHECK_ERROR(ReleaseMutex(second), ERROR_NOT_OWNER);
    CHECK(wait_elsewhere(first, 0) == WAIT_OBJECT_0);
    CHECK(CloseHandle(first) && CloseHandle(second));
    /* An owner who asks again has it once, as before. */
    CHECK_LAST(first = create_owned(name, 1), ERROR_SUCCESS);
    CHECK_LAST(second = create_owned(name, 2), ERROR_ALREADY_EXISTS);
    CHECK(times_owned(second) == 1);
    CHECK(WaitForSingleObject(second, 0) == WAIT_OBJECT_0);
    child = fork_peer();
    if (child.pid == 0) {
        check_failures = 0;
        CHECK_LAST(second = create_owned(name, 0), ERROR_ALREADY_EXISTS);
        CHECK_ERROR(ReleaseMutex(second), ERROR_NOT_OWNER);
        MISSES(second);
        _exit(check_failures != 0);
    }
    CHECK(end_of(&child) == 0);
    CHECK(times_owned(first) == 1);
    CHECK(CloseHandle(first) && CloseHandle(second));
}

/* Creates, gives back and closes one mutex after another, until it is killed. It says whether it owns one. */
static void create_for_ever(const char *label, int me)
{
    int i;

    for (i = 0;; ++i) {
        HANDLE mutex = create_owned(name_of(label, i % 3), me);

        if (mutex == NULL)
            ADD(strange);
        else if (GetLastError() == ERROR_SUCCESS && times_owned(mutex) != 1)
            ADD(strange);
        CloseHandle(mutex);
        WRITE(finished, i);
    }
}
/*
 * Creators are killed at any instant, two at a time. Whether the name is there then is known: nobody has it. Also the
 * third, who lives on and has the same names in hand, is never kept waiting: a mutex is never stuck.
 */
static void killed_creators_leave_a_name_that_works(void)
{
    const char *label = NAME("killed");
    HANDLE section;
    pid_t victims[2];
    int round, i;

    new_board(&section);
    for (round = 0; round < KILLS; ++round) {
        const struct timespec life = {0, round * 7919L % 700 * 1000};
        HANDLE mutex;

        WRITE(finished, 0);
        for (i = 0; i < 2; ++i) {
            if ((victims[i] = fork()) < 0)
                exit(2);
            if (victims[i] == 0) {
                alarm(60);
                create_for_ever(label, round + i);
            }
        }
        UNTIL(READ(finished) > 0);
        nanosleep(&life, NULL);
        /* While they make and leave it: what is opened can be had. */
        mutex = CreateMutexA(NULL, FALSE, name_of(label, round % 3));
        for (i = 0; i < 2; ++i)
            kill(victims[i], SIGKILL);
        if (CHECK(mutex != NULL)) {
            DWORD result = WaitForSingleObject(mutex, INFINITE);

            CHECK(result == WAIT_OBJECT_0 || result == WAIT_ABANDONED);
            CHECK(times_owned(mutex) == 1 && CloseHandle(mutex));
        }
        for (i = 0; i < 2; ++i)
            waitpid(victims[i], NULL, 0);
        /* They are dead: the name is free, and whoever makes it owns it. */
        for (i = 0; i < 3; ++i) {
            CHECK_LAST(mutex = create_owned(name_of(label, i), i), ERROR_SUCCESS);
            CHECK(times_owned(mutex) == 1 && CloseHandle(mutex));
        }
        if (check_failures)
            break;
    }
    CHECK(READ(strange) == 0);
    CHECK(UnmapViewOfFile(board) && CloseHandle(section));
}

int main(void)
{
    check_begin();
    who_comes_later_owns_nothing();
    exactly_one_owns_it_from_the_beginning();
    killed_creators_leave_a_name_that_works();
    return check_end();
}
