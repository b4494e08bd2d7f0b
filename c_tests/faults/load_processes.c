/*
 * load_processes.c - a thousand processes at one object: they wait for a mutex, for events, for a semaphore, and write
 * to a section, and half of them are killed while they wait. Everybody else gets exactly one turn.
 *
 * Planted faults: a process that takes two turns (an event is set once more for it), and a process that leaves its
 * place without one; both must be counted.
 */
#include "faults/load.h"

#include <sys/mman.h>
#include <sys/stat.h>

/* Of the test's own, not the library's: who came how far. */
typedef struct BOARD {
    volatile int waiting, served, twice, abandoned, late;
    volatile char turns[1000];
} BOARD;
static BOARD *board;
static int processes;
/* Whether they are programs of their own, and not the test's forked children, which find its handles in themselves. */
static int strangers;

static BOARD *show_board(void)
{
    char path[100];
    void *shown;
    int file;

    snprintf(path, sizeof path, "%s/board", getenv("WINSHM_DIR"));
    file = open(path, O_RDWR | O_CREAT, 0600);
    CHECK(file >= 0 && ftruncate(file, sizeof(BOARD)) == 0);
    shown = mmap(NULL, sizeof(BOARD), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    CHECK(shown != MAP_FAILED && close(file) == 0);
    return (BOARD *)shown;
}

static void count_one(volatile int *count) { __atomic_add_fetch(count, 1, __ATOMIC_SEQ_CST); }

typedef struct STORY {
    const char *title;
    HANDLE (*open)(const char *name);
    /* What who was served does before it goes. */
    void (*leave)(HANDLE object);
} STORY;

static HANDLE open_mutex(const char *name) { return OpenMutexA(MUTEX_ALL_ACCESS, FALSE, name); }
static HANDLE open_event(const char *name) { return OpenEventA(EVENT_ALL_ACCESS, FALSE, name); }
static HANDLE open_semaphore(const char *name) { return OpenSemaphoreA(SEMAPHORE_ALL_ACCESS, FALSE, name); }
static void release_mutex(HANDLE object) { CHECK(ReleaseMutex(object)); }
static void keep(HANDLE object) { (void)object; }
static void die_with_it(HANDLE object)
{
    (void)object;
    count_one(&board->served);
    kill(getpid(), SIGKILL);
}

static const STORY stories[] = {
    {"a mutex", open_mutex, release_mutex},
    {"a mutex whose owners are killed", open_mutex, die_with_it},
    {"a manual-reset event", open_event, keep},
    {"an auto-reset event", open_event, keep},
    {"a semaphore", open_semaphore, keep},
};
enum { MUTEX, OWNERS_DIE, MANUAL, AUTO, SEMAPHORE };

/* One of a thousand: opens the object, waits, notes its turn in the shared section as everybody does. */
static void be_one(const STORY *story, int me)
{
    HANDLE object, section;
    int *shared;
    DWORD how;

    load_child();
    object = story->open(story->title), section = OpenFileMappingA(FILE_MAP_WRITE, FALSE, "turns");
    shared = (int *)view_of(section, FILE_MAP_WRITE);
    if (!CHECK(object != NULL && shared != NULL))
        end_child();
    count_one(&board->waiting);
    how = WaitForSingleObject(object, INFINITE);
    CHECK(how == WAIT_OBJECT_0 || how == WAIT_ABANDONED);
    if (how == WAIT_ABANDONED)
        count_one(&board->abandoned);
    if (__atomic_add_fetch(&board->turns[me], 1, __ATOMIC_SEQ_CST) > 1)
        count_one(&board->twice);
    if (story->leave == release_mutex)
        ++shared[0]; /* not atomic: only the mutex protects it */
    ++shared[1 + me];
    story->leave(object);
    count_one(&board->served);
    end_child();
}

static int await_count(volatile int *count, int enough)
{
    double end = seconds_now() + 60;

    while (__atomic_load_n(count, __ATOMIC_SEQ_CST) < enough && seconds_now() < end)
        usleep(500);
    return __atomic_load_n(count, __ATOMIC_SEQ_CST) == enough;
}

static pid_t children[1000];

static void gather(const STORY *story)
{
    double begun = seconds_now();
    char tag[16];
    int i;

    memset(board, 0, sizeof *board);
    fflush(stdout);
    for (i = 0; i < processes; ++i) {
        children[i] = fork();
        if (children[i] == 0) {
            dup2(STDERR_FILENO, STDOUT_FILENO);
            if (!strangers)
                be_one(story, i);
            snprintf(tag, sizeof tag, "%d", (int)(story - stories) * 1000 + i);
            execl("/proc/self/exe", "check", "peer", "one", tag, (char *)NULL);
            _exit(127);
        }
        CHECK(children[i] > 0);
    }
    CHECK(await_count(&board->waiting, processes));
    printf("%s: %d %s have opened it after %.2f s\n", story->title, processes, strangers ? "programs" : "children",
           seconds_now() - begun);
}
/* Every second one, while it waits. */
static void kill_half(void)
{
    int i, status;

    for (i = 0; i < processes; i += 2) {
        kill(children[i], SIGKILL);
        CHECK(waitpid(children[i], &status, 0) == children[i] && WIFSIGNALED(status));
        children[i] = 0;
    }
}
static void all_end_well(void)
{
    int i, status, wrong = 0;

    for (i = 0; i < processes; ++i)
        wrong += children[i] != 0 && (waitpid(children[i], &status, 0) != children[i] || status != 0);
    CHECK(wrong == 0);
}
/* Who lives has had one turn, who was killed while he waited none: by his own count and by the shared one. */
static int each_had_one_turn(const int *shared)
{
    int i, wrong = 0;

    for (i = 0; i < processes; ++i)
        wrong += board->turns[i] != i % 2 || shared[1 + i] != i % 2;
    return wrong == 0 && board->twice == 0 && board->served == processes / 2;
}
static void end_story(const char *title, double begun, int *shared)
{
    CHECK(await_count(&board->served, processes / 2));
    printf("%s: all are served after %.2f s\n", title, seconds_now() - begun);
    all_end_well();
    CHECK(each_had_one_turn(shared));
    /* Planted: one turn too many, and one that was missed. */
    ++shared[2];
    CHECK(!each_had_one_turn(shared));
    shared[2] -= 2;
    CHECK(!each_had_one_turn(shared));
    memset(shared, 0, sizeof(int) * 1001);
}

static void a_mutex(int *shared)
{
    const STORY *story = &stories[MUTEX];
    HANDLE mutex = CreateMutexA(NULL, TRUE, story->title);
    double begun;

    CHECK(mutex != NULL);
    gather(story);
    CHECK(board->served == 0);
    kill_half();
    begun = seconds_now();
    CHECK(ReleaseMutex(mutex));
    CHECK(await_count(&board->served, processes / 2));
    CHECK(shared[0] == processes / 2 && board->abandoned == 0);
    end_story(story->title, begun, shared);
    CHECK(WaitForSingleObject(mutex, 0) == WAIT_OBJECT_0 && ReleaseMutex(mutex) && CloseHandle(mutex));
}
/* Each dies with the mutex in its hands: each next one is told. */
static void a_mutex_whose_owners_die(int *shared)
{
    const STORY *story = &stories[OWNERS_DIE];
    HANDLE mutex = CreateMutexA(NULL, TRUE, story->title);
    int i, status, killed = 0;
    double begun;

    gather(story);
    begun = seconds_now();
    CHECK(ReleaseMutex(mutex));
    CHECK(await_count(&board->served, processes));
    for (i = 0; i < processes; ++i)
        killed += waitpid(children[i], &status, 0) == children[i] && WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
    printf("%s: all are served after %.2f s\n", story->title, seconds_now() - begun);
    CHECK(killed == processes && board->twice == 0 && board->abandoned == processes - 1);
    CHECK(WaitForSingleObject(mutex, INFINITE) == WAIT_ABANDONED && ReleaseMutex(mutex));
    CHECK(WaitForSingleObject(mutex, 0) == WAIT_OBJECT_0 && ReleaseMutex(mutex) && CloseHandle(mutex));
    memset(shared, 0, sizeof(int) * 1001);
}
static void a_manual_event(int *shared)
{
    const STORY *story = &stories[MANUAL];
    HANDLE event = CreateEventA(NULL, TRUE, FALSE, story->title);
    double begun;

    gather(story);
    CHECK(board->served == 0);
    kill_half();
    begun = seconds_now();
    CHECK(SetEvent(event));
    end_story(story->title, begun, shared);
    CHECK(CloseHandle(event));
}
/* One set, one process: never two, never none, also when it was on its way to one who was killed. */
static void an_automatic_event(int *shared)
{
    const STORY *story = &stories[AUTO];
    HANDLE event = CreateEventA(NULL, FALSE, FALSE, story->title);
    int i, wrong = 0;
    double begun;

    gather(story);
    kill_half();
    begun = seconds_now();
    for (i = 1; i <= processes / 2; ++i) {
        CHECK(SetEvent(event));
        wrong += !await_count(&board->served, i);
    }
    CHECK(wrong == 0);
    end_story(story->title, begun, shared);
    CHECK(WaitForSingleObject(event, 0) == WAIT_TIMEOUT && CloseHandle(event));
}
static void a_semaphore(int *shared)
{
    const STORY *story = &stories[SEMAPHORE];
    HANDLE semaphore = CreateSemaphoreA(NULL, 0, 1000, story->title);
    int half = processes / 2;
    double begun;
    LONG before;

    gather(story);
    kill_half();
    begun = seconds_now();
    CHECK(ReleaseSemaphore(semaphore, half / 2, NULL));
    CHECK(await_count(&board->served, half / 2));
    CHECK(ReleaseSemaphore(semaphore, half - half / 2, &before) && before == 0);
    end_story(story->title, begun, shared);
    CHECK(WaitForSingleObject(semaphore, 0) == WAIT_TIMEOUT && CloseHandle(semaphore));
}

int main(int argc, char **argv)
{
    BURDEN before = {0};
    HANDLE section;
    int *shared, time;

    processes = (int)effort(100, 1000);
    if (plays(argc, argv, "one")) {
        board = show_board();
        be_one(&stories[atoi(argv[3]) / 1000], atoi(argv[3]) % 1000);
    }
    load_begin();
    use_own_file_system("64m");
    mkdir(object_directory(), 0700);
    board = show_board();
    CHECK((section = new_memory(PAGE_READWRITE, 8192, "turns")) != NULL);
    CHECK((shared = (int *)view_of(section, FILE_MAP_WRITE)) != NULL);
    for (time = 0; time < 4; ++time) {
        if (time == 2)
            before = burden();
        strangers = time % 2;
        a_mutex(shared);
        a_mutex_whose_owners_die(shared);
        a_manual_event(shared);
        an_automatic_event(shared);
        a_semaphore(shared);
    }
    nothing_grew(before, burden(), "processes at one object", 0);
    CHECK(UnmapViewOfFile(shared) && CloseHandle(section));
    return check_end();
}
