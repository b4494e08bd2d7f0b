/*
 * load_children.c - programs are started as fast as it goes, each with handles that it inherits and uses: an event of
 * its own that it sets, one without a name, a mutex that all of them share, a section that it writes to. Some of them
 * are killed.
 *
 * Planted faults: something is kept in one round of twenty (load.h); a child that does nothing.
 */
#include "faults/load.h"
#include "inheriting.h"

#include <sys/stat.h>

static HANDLE mutex, section;
static int *shared;
static const char *role = "child";

static HANDLE handle_at(const char **text)
{
    char *end;
    HANDLE handle = (HANDLE)(ULONG_PTR)strtoull(*text, &end, 16);

    *text = end;
    return handle;
}

/* Told by numbers on its command line: the mutex, the section, its events. */
static int be_child(const char *tag)
{
    HANDLE its_mutex = handle_at(&tag), its_section = handle_at(&tag), event = handle_at(&tag), nameless = handle_at(&tag);
    int *its = (int *)view_of(its_section, FILE_MAP_WRITE);
    DWORD how = WaitForSingleObject(its_mutex, INFINITE);

    load_child();
    if (!CHECK(its != NULL && (how == WAIT_OBJECT_0 || how == WAIT_ABANDONED)))
        return 1;
    if (how == WAIT_ABANDONED)
        ++its[1];
    ++its[0];
    if (its[0] % 8 == 0) { /* with the mutex in its hands */
        CHECK(SetEvent(event) && SetEvent(nameless));
        raise(SIGKILL);
    }
    CHECK(ReleaseMutex(its_mutex) && SetEvent(event) && SetEvent(nameless));
    return check_failures != 0;
}

/* Whether this child has been there: both events are set, and it ended as it should. */
static int one_child(int at_once)
{
    HANDLE events[8], nameless[8];
    PROCESS_INFORMATION child[8];
    STARTUPINFOA startup;
    char line[4400], name[64];
    int i, wrong = 0;
    DWORD code;

    memset(&startup, 0, sizeof startup);
    startup.cb = sizeof startup;
    for (i = 0; i < at_once; ++i) {
        snprintf(name, sizeof name, "child-%d", i);
        events[i] = CreateEventA(inheritable(), TRUE, FALSE, name), nameless[i] = CreateEventA(inheritable(), FALSE, FALSE, NULL);
        snprintf(line, sizeof line, "\"%s\" peer %s \"%llx %llx %llx %llx\"", own_path(), role, (unsigned long long)(ULONG_PTR)mutex,
                 (unsigned long long)(ULONG_PTR)section, (unsigned long long)(ULONG_PTR)events[i],
                 (unsigned long long)(ULONG_PTR)nameless[i]);
        if (!CHECK(CreateProcessA(NULL, line, NULL, NULL, TRUE, 0, NULL, NULL, &startup, &child[i])))
            return 0;
    }
    /* Each has the handles of all: what one of them is killed with stays until somebody looks, if it was the last. */
    for (i = 0; i < at_once; ++i)
        CHECK(WaitForSingleObject(child[i].hProcess, INFINITE) == WAIT_OBJECT_0);
    for (i = 0; i < at_once; ++i) {
        CHECK(GetExitCodeProcess(child[i].hProcess, &code));
        wrong += code != 0 && code != 128 + SIGKILL;
        wrong += WaitForSingleObject(events[i], 0) != WAIT_OBJECT_0 || WaitForSingleObject(nameless[i], 0) != WAIT_OBJECT_0;
        CHECK(CloseHandle(child[i].hProcess) && CloseHandle(child[i].hThread));
        CHECK(CloseHandle(events[i]) && CloseHandle(nameless[i]));
    }
    return wrong == 0;
}
static void one_after_the_other(long round)
{
    (void)round;
    CHECK(one_child(1));
}
static void eight_at_once(long round)
{
    (void)round;
    CHECK(one_child(8));
}

int main(int argc, char **argv)
{
    long children;

    if (plays(argc, argv, "child"))
        return be_child(argv[3]);
    if (plays(argc, argv, "lazy"))
        return 0;
    load_begin();
    use_own_file_system("64m");
    mkdir(object_directory(), 0700);
    CHECK((mutex = CreateMutexA(inheritable(), FALSE, "mutex")) != NULL);
    CHECK((section = CreateFileMappingA(MEMORY, inheritable(), PAGE_READWRITE, 0, 4096, NULL)) != NULL);
    CHECK((shared = (int *)view_of(section, FILE_MAP_WRITE)) != NULL);
    role = "lazy";
    CHECK(!one_child(1)); /* planted */
    role = "child";
    children = steady("children, one after the other", one_after_the_other, effort(120, 4000), 1e9, 0);
    children += 8 * steady("children, eight at once", eight_at_once, effort(15, 500), 1e9, 0);
    CHECK(shared[0] == children);
    /* Every eighth is killed while it owns the mutex, and who comes next is told, once. */
    CHECK(shared[1] == (shared[0] - 1) / 8);
    printf("%d children, %d of them killed as owners, %d were told so\n", shared[0], shared[0] / 8, shared[1]);
    kept_every = 20; /* programs take their time */
    the_checker_sees_what_is_kept(one_after_the_other);
    CHECK(UnmapViewOfFile(shared) && CloseHandle(section) && CloseHandle(mutex));
    return check_end();
}
