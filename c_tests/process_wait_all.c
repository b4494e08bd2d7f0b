/*
 * process_wait_all.c - processes that wait for all of the same three objects:
 * each takes all of them or none, as seen by everybody else and also when it is
 * killed in the middle.
 */
#include "wait_many.h"

enum { EVENT, SEMAPHORE, MUTEX, OBJECTS };
static HANDLE objects[OBJECTS];

/* What the processes tell each other beside the objects. */
typedef struct BOARD {
    int stop, phase, inside, crowded, refused, started[2];
    unsigned grabs[2];
} BOARD;
static BOARD *board;

#define READ(field) __atomic_load_n(&board->field, __ATOMIC_SEQ_CST)
#define WRITE(field, value) __atomic_store_n(&board->field, value, __ATOMIC_SEQ_CST)

/* Creates the objects of this name, all of them there, or opens them as they are. */
static HANDLE open_all(const char *name)
{
    char own[200];
    HANDLE section;

    snprintf(own, sizeof own, "%s-event", name);
    objects[EVENT] = CreateEventA(NULL, FALSE, TRUE, own);
    snprintf(own, sizeof own, "%s-semaphore", name);
    objects[SEMAPHORE] = CreateSemaphoreA(NULL, 1, 1, own);
    snprintf(own, sizeof own, "%s-mutex", name);
    objects[MUTEX] = CreateMutexA(NULL, FALSE, own);
    snprintf(own, sizeof own, "%s-board", name);
    section = new_memory(PAGE_READWRITE, sizeof *board, own);
    board = (BOARD *)view_of(section, FILE_MAP_WRITE);
    if (objects[EVENT] == NULL || objects[SEMAPHORE] == NULL || objects[MUTEX] == NULL || board == NULL)
        exit(2);
    return section;
}
static void close_everything(HANDLE section)
{
    close_all(objects, OBJECTS);
    CHECK(UnmapViewOfFile(board) && CloseHandle(section));
}
static BOOL give(int kind)
{
    return kind == EVENT       ? SetEvent(objects[EVENT])
           : kind == SEMAPHORE ? ReleaseSemaphore(objects[SEMAPHORE], 1, NULL)
                               : ReleaseMutex(objects[MUTEX]);
}
/* Gives all of them back, `last` last. */
static BOOL give_all(int last)
{
    BOOL next = give((last + 1) % OBJECTS), other = give((last + 2) % OBJECTS);

    return give(last) && next && other;
}
/* Waits for all of them, named from this one on. */
static DWORD take_all(int first)
{
    HANDLE in_order[OBJECTS];
    int i;

    for (i = 0; i < OBJECTS; ++i)
        in_order[i] = objects[(first + i) % OBJECTS];
    return WaitForMultipleObjects(OBJECTS, in_order, TRUE, INFINITE);
}

/* Takes all and gives all back, `last` last, until it is told to stop. Its tag: its number, `last`, the name. */
static int be_competitor(const char *tag)
{
    int me = tag[0] - '0', last = tag[1] - '0';

    open_all(tag + 2);
    pass_turn(&parent);
    while (!READ(stop)) {
        if (take_all(last + me) != WAIT_OBJECT_0)
            WRITE(refused, 1);
        if (__atomic_fetch_add(&board->inside, 1, __ATOMIC_SEQ_CST) != 0)
            WRITE(crowded, 1);
        WRITE(grabs[me], board->grabs[me] + 1);
        __atomic_fetch_sub(&board->inside, 1, __ATOMIC_SEQ_CST);
        if (!give_all(last))
            WRITE(refused, 1);
    }
    return READ(refused);
}
/*
 * Two compete. Whoever gives back gives one object last: somebody who has taken that one must find the other two, because
 * the wait-alls that are under way take all or nothing and reserve nothing, not even for a moment.
 */
static void nobody_sees_a_part_taken(int last)
{
    char tag[200];
    const char *name = NAME("observed");
    HANDLE section = open_all(name);
    PEER competitors[2];
    int i, seen = 0, partial = 0;

    for (i = 0; i < 2; ++i) {
        snprintf(tag, sizeof tag, "%d%d%s", i, last, name);
        competitors[i] = start_peer("competitor", tag);
    }
    for (i = 0; i < 2; ++i)
        await_turn(&competitors[i]);
    while (seen < 3000 || READ(grabs[0]) < 300 || READ(grabs[1]) < 300) {
        if (WaitForSingleObject(objects[last], 0) != WAIT_OBJECT_0)
            continue;
        ++seen;
        for (i = 1; i < OBJECTS; ++i)
            if (WaitForSingleObject(objects[(last + i) % OBJECTS], 0) == WAIT_OBJECT_0)
                give((last + i) % OBJECTS);
            else
                ++partial;
        give(last);
        /* Both shall have their turns, also on a single processor. */
        if (seen % 16 == 0)
            Sleep(0);
    }
    WRITE(stop, 1);
    for (i = 0; i < 2; ++i)
        CHECK(end_of(&competitors[i]) == 0);
    CHECK(partial == 0);
    CHECK(!READ(crowded) && !READ(refused));
    CHECK(take_all(0) == WAIT_OBJECT_0 && give_all(0));
    close_everything(section);
}

/* The life of one who is killed: again and again it takes all and gives all back, and says where it is. */
enum { FREE, HELD, GIVING };
static void take_and_give(int me, int first)
{
    for (;;) {
        DWORD result;

        WRITE(phase, FREE);
        result = take_all(first);
        WRITE(phase, HELD);
        if (result != WAIT_OBJECT_0 && result != WAIT_ABANDONED_0)
            WRITE(refused, 1);
        WRITE(grabs[me], board->grabs[me] + 1);
        WRITE(started[me], 1);
        WRITE(phase, GIVING);
        give_all(first);
        if (READ(stop))
            _exit(0);
    }
}
/* Forks one, and returns when it has taken all once and has lived some time after that. */
static pid_t start_victim(int me, int round)
{
    const struct timespec life = {0, (round * 7919L % 900) * 1000};
    pid_t victim;

    WRITE(started[me], 0);
    if ((victim = fork()) < 0)
        exit(2);
    if (victim == 0) {
        alarm(60);
        take_and_give(me, round % OBJECTS);
    }
    while (!READ(started[me]))
        Sleep(0);
    nanosleep(&life, NULL);
    return victim;
}
static void kill_victim(pid_t victim)
{
    int status = 0;

    kill(victim, SIGKILL);
    CHECK(waitpid(victim, &status, 0) == victim && WIFSIGNALED(status));
}

/* The only one is killed at a random moment: it has had all three or none, and the next one can use them. */
static void the_killed_had_all_or_none(void)
{
    enum { ROUNDS = 150 };
    HANDLE section = open_all(NAME("killed"));
    int round, parts = 0, stuck = 0, phases[3] = {0, 0, 0};

    for (round = 0; round < ROUNDS; ++round) {
        BOOL event, semaphore, none, all;
        DWORD mutex;

        kill_victim(start_victim(0, round));
        event = WaitForSingleObject(objects[EVENT], 0) == WAIT_OBJECT_0;
        semaphore = WaitForSingleObject(objects[SEMAPHORE], 0) == WAIT_OBJECT_0;
        mutex = WaitForSingleObject(objects[MUTEX], 0);
        none = event && semaphore && mutex == WAIT_OBJECT_0;
        all = !event && !semaphore && mutex == WAIT_ABANDONED;
        stuck += mutex != WAIT_OBJECT_0 && mutex != WAIT_ABANDONED;
        parts += READ(phase) == FREE ? !none && !all : READ(phase) == HELD && !all;
        ++phases[READ(phase)];
        if (!CHECK(give_all(round % OBJECTS) && take_all(round % OBJECTS) == WAIT_OBJECT_0 && give_all(MUTEX)))
            break;
    }
    CHECK(parts == 0 && stuck == 0);
    CHECK(!READ(refused));
    /* Most of them died where it is interesting. */
    CHECK(phases[FREE] > ROUNDS / 10);
    close_everything(section);
}

/* One of two is killed at a random moment: what it held is given back by a third, and the other goes on for ever. */
static void the_survivor_goes_on(void)
{
    enum { ROUNDS = 60 };
    HANDLE section = open_all(NAME("survivor"));
    pid_t survivor = start_victim(0, 0);
    int round, status = -1;

    for (round = 0; round < ROUNDS; ++round) {
        unsigned before;

        kill_victim(start_victim(1, round));
        /* The mutex gives itself back. If nothing was lost, the semaphore is full, and that is fine. */
        CHECK(SetEvent(objects[EVENT]));
        ReleaseSemaphore(objects[SEMAPHORE], 1, NULL);
        before = READ(grabs[0]);
        while (READ(grabs[0]) < before + 3)
            Sleep(0);
    }
    WRITE(stop, 1);
    CHECK(waitpid(survivor, &status, 0) == survivor && status == 0);
    CHECK(!READ(refused));
    close_everything(section);
}

int main(int argc, char **argv)
{
    int last;

    check_begin();
    if (plays(argc, argv, "competitor"))
        return be_competitor(argv[3]);
    for (last = 0; last < OBJECTS; ++last)
        nobody_sees_a_part_taken(last);
    the_killed_had_all_or_none();
    the_survivor_goes_on();
    return check_end();
}
