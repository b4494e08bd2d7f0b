/*
 * process_namespaces.c - twins: processes of two PID namespaces, as two containers
 * that share /dev/shm are, whose process and thread ids are the same. A mutex
 * knows which of them owns it. Needs the right to make namespaces.
 */
#include "twins.h"
#include "wait_many.h"

/* A twin does what it is told, one letter at a time, and answers with a byte. The story is the parent's. */
enum { TRY = 't', TAKE = 'T', TAKE_WITH_EVENT = 'a', TAKE_OR_TIMER = 'o', RELEASE = 'r', ASK_NUMBERS = 'n', END_THREAD = 'x', END = 'e' };
enum { REFUSED = 100, STRANGE };

static HANDLE mutex, event, timer;

static void open_both(const char *name)
{
    char other[200];

    snprintf(other, sizeof other, "%s-event", name);
    mutex = CreateMutexA(NULL, FALSE, name), event = CreateEventA(NULL, TRUE, TRUE, other), timer = new_timer(TRUE);
    if (mutex == NULL || event == NULL || timer == NULL)
        exit(2);
}
static int obey(char order)
{
    HANDLE both[2], either[2];

    both[0] = event, both[1] = either[1] = mutex, either[0] = timer;
    switch (order) {
    case TRY:
        return (int)WaitForSingleObject(mutex, 0) & 0xFF; /* a timeout is 2 then */
    case TAKE:
        return (int)WaitForSingleObject(mutex, INFINITE);
    case TAKE_WITH_EVENT:
        return (int)WaitForMultipleObjects(2, both, TRUE, INFINITE);
    case TAKE_OR_TIMER:
        return (int)WaitForMultipleObjects(2, either, FALSE, INFINITE) - 1;
    case RELEASE:
        SetLastError(SENTINEL);
        return ReleaseMutex(mutex) ? 0 : GetLastError() == ERROR_NOT_OWNER ? REFUSED : STRANGE;
    case ASK_NUMBERS:
        return GetCurrentProcessId() == 1 && GetCurrentThreadId() == 1 ? 0 : STRANGE;
    case END_THREAD:
        abandon(mutex);
        return 0;
    default:
        return STRANGE;
    }
}
static int be_twin(const char *name)
{
    char order;

    open_both(name);
    while (read(STDIN_FILENO, &order, 1) == 1 && order != END) {
        char answer = (char)obey(order);

        if (write(STDOUT_FILENO, &answer, 1) != 1)
            return 9;
    }
    return 3;
}
static void tell(const PEER *twin, char order) { CHECK(write(twin->to, &order, 1) == 1); }
static int answer_of(const PEER *twin)
{
    char answer = STRANGE;

    CHECK(read(twin->from, &answer, 1) == 1);
    return (unsigned char)answer;
}
static int ask(const PEER *twin, char order)
{
    tell(twin, order);
    return answer_of(twin);
}
/* Tells it to wait; it is asleep then. */
static void tell_to_wait(const PEER *twin, char order)
{
    tell(twin, order);
    CHECK(until_asleep(twin->pid));
}
enum { GRANTED = WAIT_OBJECT_0, ABANDONED = WAIT_ABANDONED, ABSENT = WAIT_TIMEOUT & 0xFF };

static void start_twins(PEER *twins, const char *name)
{
    open_both(name);
    twins[0] = start_twin("twin", name), twins[1] = start_twin("twin", name);
    CHECK(ask(&twins[0], ASK_NUMBERS) == 0 && ask(&twins[1], ASK_NUMBERS) == 0);
}
static void end_twins(PEER *twins)
{
    int i;

    for (i = 0; i < 2; ++i) {
        tell(&twins[i], END);
        CHECK(end_of(&twins[i]) == 3);
    }
    CHECK(CloseHandle(mutex) && CloseHandle(event) && CloseHandle(timer));
}

/* What one owns, the other does not: it can neither take it once more nor give it back. */
static void a_twin_is_somebody_else(void)
{
    PEER twins[2];

    start_twins(twins, NAME("else"));
    CHECK(ask(&twins[0], TAKE) == GRANTED && ask(&twins[0], TAKE) == GRANTED);
    CHECK(ask(&twins[1], TRY) == ABSENT);
    CHECK(ask(&twins[1], RELEASE) == REFUSED);
    MISSES(mutex);
    tell_to_wait(&twins[1], TAKE);
    CHECK(ask(&twins[0], RELEASE) == 0);
    CHECK(until_asleep(twins[1].pid));
    CHECK(ask(&twins[0], RELEASE) == 0);
    CHECK(answer_of(&twins[1]) == GRANTED);
    CHECK(ask(&twins[0], RELEASE) == REFUSED && ask(&twins[0], TRY) == ABSENT);
    /* Nor when it waits for two. */
    tell_to_wait(&twins[0], TAKE_WITH_EVENT);
    CHECK(ask(&twins[1], RELEASE) == 0);
    CHECK(answer_of(&twins[0]) == GRANTED);
    CHECK(ask(&twins[1], TRY) == ABSENT && ask(&twins[1], RELEASE) == REFUSED);
    CHECK(ask(&twins[0], RELEASE) == 0 && ask(&twins[0], RELEASE) == REFUSED);
    end_twins(twins);
}

/* The owner is killed: its twin is told, whether it was asleep then or comes later. So is everybody. */
static void the_killed_ones_mutex_goes_to_its_twin(char taking)
{
    PEER twins[2];
    const char *name = NAME("killed");

    start_twins(twins, name);
    CHECK(ask(&twins[0], TAKE) == GRANTED);
    tell_to_wait(&twins[1], taking);
    CHECK(kill_peer(&twins[0]) == 128 + SIGKILL);
    CHECK(answer_of(&twins[1]) == ABANDONED);
    MISSES(mutex);
    CHECK(ask(&twins[1], RELEASE) == 0 && ask(&twins[1], RELEASE) == REFUSED);
    twins[0] = start_twin("twin", name);
    CHECK(ask(&twins[0], TAKE) == GRANTED);
    CHECK(kill_peer(&twins[0]) == 128 + SIGKILL);
    CHECK(ask(&twins[1], TRY) == ABANDONED && ask(&twins[1], RELEASE) == 0);
    twins[0] = start_twin("twin", name);
    end_twins(twins);
}

/* Who ends and does not own the mutex, ends it for nobody: by its own end, or killed, asleep over it or not. */
static void a_twins_end_takes_nothing(void)
{
    static const char waits[] = {TAKE, TAKE_WITH_EVENT, TAKE_OR_TIMER};
    PEER twins[2];
    const char *name = NAME("end");
    size_t i;

    start_twins(twins, name);
    CHECK(ask(&twins[0], TAKE) == GRANTED);
    tell(&twins[1], END);
    CHECK(end_of(&twins[1]) == 3);
    MISSES(mutex);
    twins[1] = start_twin("twin", name);
    CHECK(ask(&twins[1], TRY) == ABSENT && kill_peer(&twins[1]) == 128 + SIGKILL);
    MISSES(mutex);
    for (i = 0; i < LENGTH(waits); ++i) {
        twins[1] = start_twin("twin", name);
        tell_to_wait(&twins[1], waits[i]);
        CHECK(kill_peer(&twins[1]) == 128 + SIGKILL);
        if (!CHECK(WaitForSingleObject(mutex, 0) == WAIT_TIMEOUT))
            ReleaseMutex(mutex);
    }
    twins[1] = start_twin("twin", name);
    CHECK(ask(&twins[0], RELEASE) == 0);
    TAKES(mutex);
    CHECK(ReleaseMutex(mutex));
    /* A thread that owns it and ends: of both processes the second threads have equal numbers as well. */
    CHECK(ask(&twins[0], END_THREAD) == 0);
    CHECK(ask(&twins[1], TAKE) == ABANDONED);
    tell(&twins[0], END_THREAD);
    CHECK(ask(&twins[1], RELEASE) == 0);
    CHECK(answer_of(&twins[0]) == 0);
    CHECK(ask(&twins[1], TRY) == ABANDONED && ask(&twins[1], RELEASE) == 0);
    end_twins(twins);
}

/* What the twins of the next story share beside the mutex. */
typedef struct BOARD {
    int inside, crowded, strange, stop;
    long plain; /* changed by whoever has the mutex, without any care */
    long turns[2];
} BOARD;
static BOARD *board;

static HANDLE open_board(const char *name)
{
    char other[200];
    HANDLE section;

    snprintf(other, sizeof other, "%s-board", name);
    section = new_memory(PAGE_READWRITE, sizeof *board, other);
    if ((board = (BOARD *)view_of(section, FILE_MAP_WRITE)) == NULL)
        exit(2);
    return section;
}
/* Takes turns, now and then for both objects, twice, or with a look that may fail. Its tag: its number, the name. */
static int compete(const char *tag)
{
    int me = tag[0] - '0';
    long round;

    open_both(tag + 1), open_board(tag + 1);
    pass_turn(&parent);
    for (round = 0; !__atomic_load_n(&board->stop, __ATOMIC_ACQUIRE); ++round) {
        if (obey(round % 7 == 3 ? TAKE_WITH_EVENT : TAKE) != GRANTED || (round % 5 == 0 && obey(TRY) != GRANTED))
            board->strange = 1;
        if (__atomic_exchange_n(&board->inside, 1, __ATOMIC_SEQ_CST) != 0)
            board->crowded = 1;
        ++board->plain;
        __atomic_store_n(&board->turns[me], board->turns[me] + 1, __ATOMIC_RELEASE);
        __atomic_store_n(&board->inside, 0, __ATOMIC_SEQ_CST);
        if ((round % 5 == 0 && obey(RELEASE) != 0) || obey(RELEASE) != 0)
            board->strange = 1;
    }
    return board->strange;
}
static void twins_exclude_each_other(void)
{
    const char *name = NAME("storm");
    HANDLE section = open_board(name);
    PEER twins[2];
    int i;

    open_both(name);
    for (i = 0; i < 2; ++i) {
        char tag[200];

        snprintf(tag, sizeof tag, "%d%s", i, name);
        twins[i] = start_twin("competitor", tag);
    }
    for (i = 0; i < 2; ++i)
        await_turn(&twins[i]);
    for (i = 0; i < 2; ++i)
        while (__atomic_load_n(&board->turns[i], __ATOMIC_ACQUIRE) < 20000)
            a_moment();
    __atomic_store_n(&board->stop, 1, __ATOMIC_RELEASE);
    for (i = 0; i < 2; ++i)
        CHECK(end_of(&twins[i]) == 0);
    CHECK(!board->crowded && !board->strange && board->plain == board->turns[0] + board->turns[1]);
    CHECK(UnmapViewOfFile(board) && CloseHandle(section) && CloseHandle(mutex) && CloseHandle(event) && CloseHandle(timer));
}

int main(int argc, char **argv)
{
    check_begin();
    if (plays(argc, argv, "twin"))
        return be_twin(argv[3]);
    if (plays(argc, argv, "competitor"))
        return compete(argv[3]);
    use_private_directory();
    a_twin_is_somebody_else();
    the_killed_ones_mutex_goes_to_its_twin(TAKE);
    the_killed_ones_mutex_goes_to_its_twin(TAKE_WITH_EVENT);
    the_killed_ones_mutex_goes_to_its_twin(TAKE_OR_TIMER);
    a_twins_end_takes_nothing();
    twins_exclude_each_other();
    return check_end();
}
