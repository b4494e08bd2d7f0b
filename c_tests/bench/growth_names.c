/* How cost grows with the objects that are alive, and with the handles of a process. */
#define _GNU_SOURCE
#include "growth.h"

#include <SharedMemory.h>

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static HANDLE *held;
static int held_count, at;

static const char *name_of(int number)
{
    static char name[32];

    snprintf(name, sizeof name, "alive-%d", number);
    return name;
}

static void hold(int count)
{
    held = malloc(sizeof *held * (size_t)count);
    MUST(held != NULL);
    for (held_count = 0; held_count < count; held_count++)
        MUST((held[held_count] = CreateEventA(NULL, FALSE, FALSE, name_of(held_count))) != NULL);
}

static void let_go(void)
{
    while (held_count > 0)
        MUST(CloseHandle(held[--held_count]));
    free(held);
    held = NULL;
}

/* A process that has so many named events. */
static pid_t start_holder(int count)
{
    int ready[2];
    char byte;
    pid_t holder;

    MUST(pipe(ready) == 0);
    holder = fork();
    MUST(holder >= 0);
    if (holder == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        hold(count);
        MUST(write(ready[1], "r", 1) == 1);
        for (;;)
            pause();
    }
    MUST(read(ready[0], &byte, 1) == 1);
    close(ready[0]), close(ready[1]);
    return holder;
}

static void create_event(void) { MUST(CloseHandle(CreateEventA(NULL, FALSE, FALSE, "another"))); }
static void create_section(void)
{
    MUST(CloseHandle(CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, 65536, "another")));
}
static int alive;
static void open_event(void)
{
    at = (at + 7919) % alive;
    MUST(CloseHandle(OpenEventA(EVENT_ALL_ACCESS, FALSE, name_of(at))));
}
static void set_and_wait(void)
{
    at = (at + 7919) % held_count;
    MUST(SetEvent(held[at]) && WaitForSingleObject(held[at], 0) == WAIT_OBJECT_0);
}
static struct SharedMemory *memory;
static void ask_segment(void)
{
    struct SharedMemoryInfo info = {.struct_size = sizeof info};
    MUST(SharedMemoryStat(memory, &info) == 0);
}

double time_of_first_call(void)
{
    double start = now();
    HANDLE event = OpenEventA(EVENT_ALL_ACCESS, FALSE, "alive-0");
    double end = now();

    MUST(event != NULL);
    return end - start;
}

static double median_first_call(void)
{
    double ns[15];

    for (int i = 0; i < 15; i++)
        ns[i] = ask_a_new_process("first-call");
    return median(ns, 15);
}

void names_curves(void)
{
    static const char *const columns[] = {"10", "100", "1,000", "10,000"};
    static const int counts[] = {10, 100, 1000, 10000};

    begin_table("named events alive", columns, 4);
    MUST(SharedMemoryCreate("growth", 4096, &memory) == 0);
    for (int i = 0; i < 4; i++) {
        pid_t holder = start_holder(alive = counts[i]);

        point("another named event: create, close", i, time_of(create_event, 300, 11));
        point("a named section: create, close", i, time_of(create_section, 200, 11));
        point("one of them: open, close", i, time_of(open_event, 300, 11));
        point("SharedMemoryStat", i, time_of(ask_segment, 20, 5));
        point("the first call of a new process, which opens one", i, median_first_call());
        hold(alive);
        point("all open here too: another: create, close", i, time_of(create_event, 300, 11));
        point("all open here too: one of them: open, close", i, time_of(open_event, 300, 11));
        point("all open here too: one of them: set, wait", i, time_of(set_and_wait, 20000, 11));
        let_go();
        MUST(kill(holder, SIGKILL) == 0 && waitpid(holder, NULL, 0) == holder);
        /* What it left is swept by the next process. */
        alive = 0;
    }
    MUST(SharedMemoryFree(memory) == 0);
    print_table();
}

static HANDLE event, *handles;
static int handle_count;

static void set_by_handle(void)
{
    at = (at + 7919) % handle_count;
    MUST(SetEvent(handles[at]));
}
static void duplicate_and_close(void)
{
    HANDLE other;
    MUST(DuplicateHandle(GetCurrentProcess(), event, GetCurrentProcess(), &other, 0, FALSE, DUPLICATE_SAME_ACCESS));
    MUST(CloseHandle(other));
}
static void create_unnamed(void) { MUST(CloseHandle(CreateEventA(NULL, FALSE, FALSE, NULL))); }
static void open_named(void) { MUST(CloseHandle(OpenEventA(EVENT_ALL_ACCESS, FALSE, "handles"))); }

void handles_curves(void)
{
    static const char *const columns[] = {"1", "100", "10,000", "100,000"};
    static const int counts[] = {1, 100, 10000, 100000};
    HANDLE me = GetCurrentProcess();

    MUST((event = CreateEventA(NULL, TRUE, FALSE, "handles")) != NULL);
    MUST((handles = malloc(sizeof *handles * 100000)) != NULL);
    begin_table("handles of the process", columns, 4);
    for (int i = 0; i < 4; i++) {
        double start = now();
        int more = counts[i] - handle_count;

        for (; handle_count < counts[i]; handle_count++)
            MUST(DuplicateHandle(me, event, me, &handles[handle_count], 0, FALSE, DUPLICATE_SAME_ACCESS));
        point("one more: DuplicateHandle", i, (now() - start) / more);
        point("SetEvent by one of them, each in turn", i, time_of(set_by_handle, 100000, 11));
        point("DuplicateHandle, CloseHandle", i, time_of(duplicate_and_close, 20000, 11));
        point("an unnamed event: create, close", i, time_of(create_unnamed, 20000, 11));
        point("a named event that is open: open, close", i, time_of(open_named, 300, 11));
    }
    print_table();
    while (handle_count > 0)
        MUST(CloseHandle(handles[--handle_count]));
    free(handles);
    MUST(CloseHandle(event));
}
