/*
 * load_churn.c - objects are made and closed as fast as it goes, in two processes at once: first with names, some of
 * which both use, then without. In full for a minute each.
 *
 * Planted fault: something is kept in one round of a hundred (load.h).
 */
#include "faults/load.h"

static char own_tag[32];

/* One object of each kind by one name after the other; each is made, opened, used and closed. */
static void by_name(const char *name, long round)
{
    HANDLE section = new_memory(PAGE_READWRITE, 4096, name), opened, object, again;
    char *view = view_of(section, FILE_MAP_WRITE), other[100];

    opened = OpenFileMappingA(FILE_MAP_READ, FALSE, name);
    CHECK(view != NULL && opened != NULL);
    view[round % 4096] = 1;
    CHECK(UnmapViewOfFile(view) && CloseHandle(section) && CloseHandle(opened));
    snprintf(other, sizeof other, "%s-%ld", name, round % 4);
    switch (round % 4) {
    case 0:
        object = CreateEventA(NULL, TRUE, FALSE, other), again = OpenEventA(EVENT_MODIFY_STATE, FALSE, other);
        CHECK(SetEvent(again) && ResetEvent(object));
        break;
    case 1:
        object = CreateMutexA(NULL, FALSE, other), again = OpenMutexA(SYNCHRONIZE, FALSE, other);
        CHECK(WaitForSingleObject(again, INFINITE) == WAIT_OBJECT_0 && ReleaseMutex(object));
        break;
    case 2:
        object = CreateSemaphoreA(NULL, 2, 4, other), again = OpenSemaphoreA(SYNCHRONIZE, FALSE, other);
        CHECK(WaitForSingleObject(again, INFINITE) == WAIT_OBJECT_0 && ReleaseSemaphore(object, 1, NULL));
        break;
    default:
        object = CreateWaitableTimerA(NULL, TRUE, other), again = OpenWaitableTimerA(SYNCHRONIZE, FALSE, other);
        CHECK(WaitForSingleObject(again, 0) == WAIT_TIMEOUT);
    }
    CHECK(CloseHandle(object) && CloseHandle(again));
}
static void with_names(long round)
{
    char name[80];

    snprintf(name, sizeof name, "churn-%s", round % 2 ? own_tag : "shared");
    by_name(name, round);
}

static void without_names(long round)
{
    LARGE_INTEGER due;
    HANDLE objects[4], section = new_memory(PAGE_READWRITE | (round % 2 ? SEC_RESERVE : SEC_COMMIT), 65536, NULL), twin;
    char *view = view_of(section, FILE_MAP_WRITE);
    int i;

    objects[0] = CreateEventA(NULL, round & 1, TRUE, NULL), objects[1] = CreateMutexA(NULL, round & 1, NULL);
    objects[2] = CreateSemaphoreA(NULL, 1, 1, NULL), objects[3] = CreateWaitableTimerA(NULL, FALSE, NULL);
    due.QuadPart = -1;
    CHECK(view != NULL && SetWaitableTimer(objects[3], &due, 0, NULL, NULL, FALSE));
    CHECK(WaitForMultipleObjects(4, objects, TRUE, INFINITE) == WAIT_OBJECT_0 && ReleaseMutex(objects[1]));
    CHECK((round & 1) == 0 || ReleaseMutex(objects[1]));
    CHECK(DuplicateHandle(GetCurrentProcess(), section, GetCurrentProcess(), &twin, 0, FALSE, DUPLICATE_SAME_ACCESS));
    CHECK(CloseHandle(section) && UnmapViewOfFile(view) && CloseHandle(twin));
    for (i = 0; i < 4; ++i)
        CHECK(CloseHandle(objects[i]));
}

/* Both processes begin at the same time. What is left when both have ended is what was there before. */
static void two_at_once(const char *title, ROUND round)
{
    double seconds = (double)effort(600, 60000) / 1000;
    BURDEN before = burden();
    PEER peers[2];
    int i;

    for (i = 0; i < 2; ++i) {
        peers[i] = fork_peer();
        if (peers[i].pid == 0) {
            char one[100];

            load_child();
            snprintf(own_tag, sizeof own_tag, "own-%d", i), snprintf(one, sizeof one, "%s, process %d", title, i);
            await_turn(&parent);
            dup2(STDERR_FILENO, STDOUT_FILENO);
            steady(one, round, LONG_MAX, seconds, 1);
            end_child();
        }
    }
    for (i = 0; i < 2; ++i)
        pass_turn(&peers[i]);
    for (i = 0; i < 2; ++i)
        CHECK(end_of(&peers[i]) == 0);
    nothing_grew(before, burden(), title, 0);
}

int main(void)
{
    load_begin();
    use_own_file_system("64m");
    mkdir(object_directory(), 0700); /* it stays */
    the_checker_sees_what_is_kept(with_names);
    the_checker_sees_what_is_kept(without_names);
    two_at_once("with names", with_names);
    two_at_once("without names", without_names);
    return check_end();
}
