/*
 * load_names.c - ten thousand named objects at once: in one process that may have 1024 descriptors, in a hundred
 * processes of which half are killed, with newcomers who look at all of them, and up to as many mappings as Linux
 * lets a process have.
 *
 * Planted faults: something is kept in one round of a hundred (load.h); one object of a killed process is kept alive
 * by a stranger, and the sweep must not be reported as complete.
 */
#include "faults/load.h"

#include <sys/mman.h>
#include <sys/stat.h>

enum { PROCESSES = 100 };

static const char *object_name(long i)
{
    static char name[100];

    snprintf(name, sizeof name, "many-%ld", i);
    return name;
}
/* The kinds that need no descriptor in turn: ten thousand of them fit into any process. */
static HANDLE make(long i)
{
    switch (i % 4) {
    case 0: return CreateEventA(NULL, TRUE, FALSE, object_name(i));
    case 1: return CreateMutexA(NULL, FALSE, object_name(i));
    case 2: return CreateSemaphoreA(NULL, 1, 1, object_name(i));
    default: return CreateWaitableTimerA(NULL, TRUE, object_name(i));
    }
}
static HANDLE find(long i)
{
    switch (i % 4) {
    case 0: return OpenEventA(SYNCHRONIZE, FALSE, object_name(i));
    case 1: return OpenMutexA(SYNCHRONIZE, FALSE, object_name(i));
    case 2: return OpenSemaphoreA(SYNCHRONIZE, FALSE, object_name(i));
    default: return OpenWaitableTimerA(SYNCHRONIZE, FALSE, object_name(i));
    }
}
static int is_gone(long i)
{
    HANDLE object = find(i);

    return object == NULL ? GetLastError() == ERROR_FILE_NOT_FOUND : (CloseHandle(object), 0);
}
static void limit_descriptors(void)
{
    const struct rlimit few = {1024, 1024};

    CHECK(setrlimit(RLIMIT_NOFILE, &few) == 0);
}

/* --- one process ------------------------------------------------------------------------------------------------ */

static long objects_here;

/* A newcomer: how long its first call takes, then it opens and closes each of the others' objects. */
static void look_at_all(void)
{
    double begun = seconds_now();
    long i, found = 0;
    HANDLE event = CreateEventA(NULL, TRUE, FALSE, "newcomer");

    printf("the first call of a newcomer beside %ld objects: %.2f ms\n", objects_here, (seconds_now() - begun) * 1e3);
    begun = seconds_now();
    CHECK(CloseHandle(event));
    for (i = 0; i < objects_here; ++i) {
        HANDLE object = find(i);

        found += object != NULL && CloseHandle(object);
    }
    CHECK(found == objects_here);
    printf("it opens and closes each: %.1f us\n", (seconds_now() - begun) * 1e6 / (double)objects_here);
}

static void ten_thousand_in_one_process(void)
{
    HANDLE *objects = (HANDLE *)calloc((size_t)objects_here, sizeof *objects);
    BURDEN before, between = {0}, after;
    int time, descriptors;
    long i, made, closed;
    double begun;
    PEER child;

    for (time = 0; time < 4; ++time) {
        /* The second time still touches pages of the heap that the first one left. */
        if (time == 2)
            between = burden();
        begun = seconds_now();
        descriptors = count_entries("/proc/self/fd");
        for (made = i = 0; i < objects_here; ++i)
            made += (objects[i] = make(i)) != NULL && GetLastError() == 0;
        before = burden();
        CHECK(made == objects_here && count_objects() == objects_here);
        printf("%ld objects: %.1f us each\n", made, (seconds_now() - begun) * 1e6 / (double)made);
        if (time == 1)
            CHECK(before.descriptors == descriptors);
        child = fork_peer();
        if (child.pid == 0) {
            /* fork shares the objects with this child; a newcomer has none of them. */
            execl("/proc/self/exe", "check", "peer", "look", "-", (char *)NULL);
            _exit(127);
        }
        CHECK(end_of(&child) == 0);
        after = burden();
        nothing_grew(before, after, "while a newcomer looked at all of them", 0);
        begun = seconds_now();
        for (closed = i = 0; i < objects_here; ++i)
            closed += CloseHandle(objects[(i * 7919) % objects_here]);
        CHECK(closed == objects_here && count_objects() == 0);
        printf("closed: %.1f us each\n", (seconds_now() - begun) * 1e6 / (double)closed);
    }
    nothing_grew(between, burden(), "made and closed twice", 0);
    free(objects);
}

/* Sections have a descriptor each: the one that is too many is refused, and everything else goes on. */
static void sections_up_to_the_limit(void)
{
    static HANDLE sections[1100];
    int count = 0;
    HANDLE event;

    while (count < 1100 && (sections[count] = new_memory(PAGE_READWRITE, 4096, object_name(count))) != NULL)
        ++count;
    CHECK(GetLastError() == ERROR_TOO_MANY_OPEN_FILES && count > 950);
    CHECK_ERROR(new_memory(PAGE_READWRITE, 4096, "one more"), ERROR_TOO_MANY_OPEN_FILES);
    CHECK_ERROR(CreateEventA(NULL, TRUE, FALSE, "one more"), ERROR_TOO_MANY_OPEN_FILES); /* for the moment of making it */
    CHECK(CloseHandle(sections[--count]) && CloseHandle(sections[--count]));
    CHECK(count_objects() == count);
    CHECK((event = CreateEventA(NULL, TRUE, FALSE, "one more")) != NULL && SetEvent(event) && CloseHandle(event));
    while (count > 0)
        CHECK(CloseHandle(sections[--count]));
    CHECK(count_objects() == 0);
}

/* --- a hundred processes ------------------------------------------------------------------------------------------ */

static int be_one_of_many(const char *tag)
{
    long each = effort(20, 100), from = atol(tag) * each, i, made = 0, found = 0;
    long other = (from + each) % (PROCESSES * each);

    load_child();
    for (i = 0; i < each; ++i)
        made += make(from + i) != NULL;
    pass_turn(&parent);
    await_turn(&parent);
    for (i = 0; i < each; ++i) {
        HANDLE object = find(other + i);

        found += object != NULL && CloseHandle(object);
    }
    CHECK(made == each && found == each);
    pass_turn(&parent);
    await_turn(&parent); /* its handles are closed by its end, whatever that is */
    return check_failures != 0;
}

/* Whether of each process that was killed all names are gone at once, and of the others none. */
static int only_the_dead_are_gone(long each)
{
    long i, wrong = 0;

    for (i = 0; i < PROCESSES * each; ++i)
        wrong += is_gone(i) != (i / each % 2 == 0);
    return wrong == 0;
}

static void a_hundred_processes(void)
{
    long each = effort(20, 100), i;
    BURDEN before;
    PEER peers[PROCESSES], sweeper;
    HANDLE kept;
    char tag[16];

    CHECK(CloseHandle(make(0))); /* the library is warm */
    before = burden();

    for (i = 0; i < PROCESSES; ++i) {
        snprintf(tag, sizeof tag, "%ld", i);
        peers[i] = start_peer("one of many", tag);
    }
    for (i = 0; i < PROCESSES; ++i)
        await_turn(&peers[i]);
    CHECK(count_objects() == PROCESSES * each);
    for (i = 0; i < PROCESSES; ++i)
        pass_turn(&peers[i]);
    for (i = 0; i < PROCESSES; ++i)
        await_turn(&peers[i]);
    /* Planted: a stranger keeps one object of a process that is about to be killed. */
    CHECK((kept = find(0)) != NULL);
    for (i = 0; i < PROCESSES; i += 2)
        CHECK(kill_peer(&peers[i]) == 128 + SIGKILL);
    CHECK(!only_the_dead_are_gone(each));
    CHECK(CloseHandle(kept) && only_the_dead_are_gone(each));
    CHECK(count_objects() == PROCESSES / 2 * each);
    for (i = 1; i < PROCESSES; i += 2)
        CHECK(i % 4 == 1 ? kill_peer(&peers[i]) == 128 + SIGKILL : (pass_turn(&peers[i]), end_of(&peers[i]) == 0));
    /* What the last ones left is found by nobody's look but the sweep of a newcomer. */
    CHECK(count_objects() == PROCESSES / 4 * each);
    sweeper = start_peer("sweep", "-");
    CHECK(end_of(&sweeper) == 0 && count_objects() == 0);
    nothing_grew(before, burden(), "a hundred processes", 0);
}

/* --- as many mappings as there can be ------------------------------------------------------------------------------- */

/* Leaves room for so many mappings: pages of which every second one is protected, so that no two are one mapping. */
static void *use_mappings(long limit, long left)
{
    long count = (limit - left - count_all_mappings()) / 2 * 2, i;
    char *pages;

    if (count <= 0)
        return NULL;
    pages = (char *)mmap(NULL, (size_t)count * 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    for (i = 0; i < count; i += 2)
        if (mprotect(pages + i * 4096, 4096, PROT_READ) != 0)
            break;
    return pages;
}

/* Makes objects until that is refused for want of mappings; gives all of them back. */
static void to_the_limit_and_back(HANDLE section, HANDLE known, HANDLE *objects, long limit)
{
    long count = 0, i, closed = 0, wrong = 0;
    char *view;

    while (count < limit + 100 && (objects[count] = make(count)) != NULL)
        ++count;
    CHECK(GetLastError() == ERROR_NOT_ENOUGH_MEMORY);
    printf("%ld named objects until vm.max_map_count, %ld, was reached\n", count, limit);
    CHECK(count > (in_full() ? limit - 1000 : 1000));
    CHECK_ERROR(make(count), ERROR_NOT_ENOUGH_MEMORY);
    CHECK_ERROR(view_of(section, FILE_MAP_WRITE), ERROR_NOT_ENOUGH_MEMORY);
    /* What is there works, and what was refused has left nothing: it goes when there is room again. */
    CHECK(WaitForSingleObject(known, 0) == WAIT_OBJECT_0 && SetEvent(known));
    for (i = 1; i < count; i += 4)
        wrong += WaitForSingleObject(objects[i], 0) != WAIT_OBJECT_0 || !ReleaseMutex(objects[i]);
    CHECK(wrong == 0);
    for (i = 0; i < 8; ++i) /* the view, what it is noted in, and the heap that grows by mappings here */
        CHECK(CloseHandle(objects[--count]));
    CHECK(count_objects() == count + 2); /* (opendir needs some memory, too) */
    CHECK((view = view_of(section, FILE_MAP_WRITE)) != NULL && UnmapViewOfFile(view));
    CHECK((objects[count] = make(count)) != NULL && (++count, 1));
    for (i = 0; i < count; ++i)
        closed += CloseHandle(objects[i]);
    CHECK(closed == count && count_objects() == 2);
}
static void until_no_mapping_is_left(void)
{
    FILE *file = fopen("/proc/sys/vm/max_map_count", "r");
    HANDLE *objects, section, known;
    long limit = 65530;
    BURDEN before;

    if (file == NULL || fscanf(file, "%ld", &limit) != 1 || limit > 1000000) {
        printf("SKIPPED in part: vm.max_map_count is %ld, too many to be reached\n", limit);
        return;
    }
    fclose(file);
    CHECK((section = new_memory(PAGE_READWRITE, 4096, "before")) != NULL);
    CHECK((known = CreateEventA(NULL, FALSE, TRUE, "known")) != NULL);
    objects = (HANDLE *)calloc((size_t)limit + 100, sizeof *objects);
    if (!in_full())
        CHECK(use_mappings(limit, 1500) != NULL);
    /* Freed handles are used last, so it takes two times to touch all of the table. */
    to_the_limit_and_back(section, known, objects, limit);
    to_the_limit_and_back(section, known, objects, limit);
    before = burden();
    to_the_limit_and_back(section, known, objects, limit);
    nothing_grew(before, burden(), "up to the limit and back", 0);
    free(objects);
    CHECK(CloseHandle(section) && CloseHandle(known));
}

static void come_and_go(long round) { CHECK(CloseHandle(make(round))); }

static int in_a_process(void (*story)(void))
{
    PEER child = fork_peer();

    if (child.pid == 0) {
        load_child();
        dup2(STDERR_FILENO, STDOUT_FILENO);
        story();
        end_child();
    }
    return end_of(&child);
}

int main(int argc, char **argv)
{
    objects_here = effort(2000, 10000);
    if (plays(argc, argv, "one of many"))
        return be_one_of_many(argv[3]);
    if (plays(argc, argv, "sweep"))
        return is_gone(1) ? 0 : 1;
    if (plays(argc, argv, "look")) {
        load_child();
        dup2(STDERR_FILENO, STDOUT_FILENO);
        look_at_all();
        return check_failures != 0;
    }
    load_begin();
    use_own_file_system("600m");
    mkdir(object_directory(), 0700);
    limit_descriptors();
    the_checker_sees_what_is_kept(come_and_go);
    CHECK(in_a_process(ten_thousand_in_one_process) == 0);
    CHECK(in_a_process(sections_up_to_the_limit) == 0);
    CHECK(in_a_process(until_no_mapping_is_left) == 0);
    a_hundred_processes();
    return check_end();
}
