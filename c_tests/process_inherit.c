/*
 * process_inherit.c - inheritable handles go on, under their values, in a program that is started by exec,
 * whichever way; others do not.
 */
#include "inheriting.h"

enum {
    NAMED_SECTION,
    SECTION,
    READ_ONLY, /* a second handle of SECTION, with fewer rights */
    NAMED_EVENT,
    AUTO_EVENT,
    MANUAL_EVENT,
    NAMED_MUTEX,
    MUTEX,
    NAMED_SEMAPHORE,
    SEMAPHORE,
    TIMER,
    PROCESS,
    THREAD,
    POSIX_SECTION,
    RESERVED, /* a section of which one page is committed */
    PROTECTED, /* from close */
    ALL,
    PRIVATE_EVENT = ALL, /* these are not inheritable */
    PRIVATE_SECTION,
    WITH_PRIVATE
};

static char posix_name[80];

static void create_one_of_each(HANDLE *handles, const char *name)
{
    char names[4][200];
    char *view;
    int i;

    for (i = 0; i < 4; ++i)
        snprintf(names[i], sizeof names[i], "%s-%d", name, i);
    snprintf(posix_name, sizeof posix_name, "Posix\\winshm-test-%d", (int)getpid());
    handles[NAMED_SECTION] = CreateFileMappingA(MEMORY, inheritable(), PAGE_READWRITE, 0, 5000, names[0]);
    handles[SECTION] = CreateFileMappingA(MEMORY, inheritable(), PAGE_READWRITE, 0, 5000, NULL);
    CHECK(DuplicateHandle(GetCurrentProcess(), handles[SECTION], GetCurrentProcess(), &handles[READ_ONLY], FILE_MAP_READ,
                          TRUE, 0));
    handles[NAMED_EVENT] = CreateEventA(inheritable(), TRUE, FALSE, names[1]);
    handles[AUTO_EVENT] = CreateEventA(inheritable(), FALSE, TRUE, NULL);
    handles[MANUAL_EVENT] = CreateEventA(NULL, TRUE, FALSE, NULL); /* inheritable later */
    CHECK(SetHandleInformation(handles[MANUAL_EVENT], HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT));
    handles[NAMED_MUTEX] = CreateMutexA(inheritable(), FALSE, names[2]);
    handles[MUTEX] = CreateMutexA(inheritable(), FALSE, NULL);
    handles[NAMED_SEMAPHORE] = CreateSemaphoreA(inheritable(), 2, 5, names[3]);
    handles[SEMAPHORE] = CreateSemaphoreA(inheritable(), 1, 3, NULL);
    handles[TIMER] = CreateWaitableTimerA(inheritable(), TRUE, NULL);
    handles[PROCESS] = OpenProcess(PROCESS_ALL_ACCESS, TRUE, GetCurrentProcessId());
    CHECK(DuplicateHandle(GetCurrentProcess(), GetCurrentThread(), GetCurrentProcess(), &handles[THREAD], 0, TRUE,
                          DUPLICATE_SAME_ACCESS));
    handles[POSIX_SECTION] = CreateFileMappingA(MEMORY, inheritable(), PAGE_READWRITE, 0, 4096, posix_name);
    handles[RESERVED] = CreateFileMappingA(MEMORY, inheritable(), PAGE_READWRITE | SEC_RESERVE, 0, 16 * 4096, NULL);
    view = view_of(handles[RESERVED], FILE_MAP_WRITE);
    CHECK(VirtualAlloc(view + 4096, 4096, MEM_COMMIT, PAGE_READWRITE) != NULL && (view[4096] = 'r') != 0);
    CHECK(UnmapViewOfFile(view));
    handles[PROTECTED] = CreateEventA(inheritable(), TRUE, TRUE, NULL);
    CHECK(SetHandleInformation(handles[PROTECTED], HANDLE_FLAG_PROTECT_FROM_CLOSE, HANDLE_FLAG_PROTECT_FROM_CLOSE));
    handles[PRIVATE_EVENT] = CreateEventA(NULL, TRUE, TRUE, NULL);
    handles[PRIVATE_SECTION] = CreateFileMappingA(MEMORY, NULL, PAGE_READWRITE, 0, 4096, NULL);
    for (i = 0; i < WITH_PRIVATE; ++i)
        CHECK(handles[i] != NULL);
    for (i = 0; i < ALL; ++i)
        CHECK((flags_of(handles[i]) & HANDLE_FLAG_INHERIT) != 0);
}

static void write_to(HANDLE section, char letter)
{
    char *view = view_of(section, FILE_MAP_WRITE);

    CHECK(view != NULL && (view[100] = letter) != 0 && UnmapViewOfFile(view));
}
static char read_from(HANDLE section)
{
    char *view = view_of(section, FILE_MAP_READ), letter = view != NULL ? view[100] : 0;

    CHECK(view != NULL && UnmapViewOfFile(view));
    return letter;
}

/* The other program. Its first call of the library is a wait, so nothing was prepared by a create or an open. */
static int use_one_of_each(const char *tag)
{
    HANDLE handles[WITH_PRIVATE], both[2], mine;
    DWORD code = 0;
    LONG before = -1;
    char *view;
    int i;

    handles_of(tag, handles, WITH_PRIVATE);
    CHECK(WaitForSingleObject(handles[AUTO_EVENT], 0) == WAIT_OBJECT_0 && !is_set(handles[AUTO_EVENT]));
    for (i = 0; i < ALL; ++i)
        CHECK(flags_of(handles[i]) ==
              (DWORD)(i == PROTECTED ? HANDLE_FLAG_INHERIT | HANDLE_FLAG_PROTECT_FROM_CLOSE : HANDLE_FLAG_INHERIT));
    for (; i < WITH_PRIVATE; ++i) {
        CHECK_ERROR(CloseHandle(handles[i]), ERROR_INVALID_HANDLE);
        CHECK_ERROR(SetEvent(handles[i]), ERROR_INVALID_HANDLE);
    }
    /* What is made here gets none of the inherited values. */
    CHECK_LAST(mine = CreateEventA(NULL, TRUE, FALSE, NULL), ERROR_SUCCESS);
    for (i = 0; i < ALL; ++i)
        CHECK(mine != handles[i]);
    CHECK(CloseHandle(mine));

    CHECK(read_from(handles[NAMED_SECTION]) == 'n' && read_from(handles[READ_ONLY]) == 'u');
    CHECK(read_from(handles[POSIX_SECTION]) == 'p');
    CHECK_ERROR(MapViewOfFile(handles[READ_ONLY], FILE_MAP_WRITE, 0, 0, 0), ERROR_ACCESS_DENIED);
    CHECK_ERROR(MapViewOfFile(handles[SECTION], FILE_MAP_READ, 0, 0, 8193), ERROR_ACCESS_DENIED);
    CHECK(CompareObjectHandles(handles[READ_ONLY], handles[SECTION]));
    write_to(handles[NAMED_SECTION], 'N'), write_to(handles[SECTION], 'U'), write_to(handles[POSIX_SECTION], 'P');
    view = view_of(handles[RESERVED], FILE_MAP_WRITE);
    CHECK(view != NULL && view[4096] == 'r');
    CHECK(VirtualAlloc(view + 8192, 4096, MEM_COMMIT, PAGE_READWRITE) != NULL && (view[8192] = 'R') != 0);

    CHECK(SetEvent(handles[NAMED_EVENT]) && SetEvent(handles[MANUAL_EVENT]));
    CHECK(WaitForSingleObject(handles[NAMED_MUTEX], 0) == WAIT_OBJECT_0 && ReleaseMutex(handles[NAMED_MUTEX]));
    CHECK(WaitForSingleObject(handles[MUTEX], 0) == WAIT_TIMEOUT); /* its owner is who started us */
    CHECK_ERROR(ReleaseMutex(handles[MUTEX]), ERROR_NOT_OWNER);
    CHECK(ReleaseSemaphore(handles[NAMED_SEMAPHORE], 1, &before) && before == 2);
    CHECK(ReleaseSemaphore(handles[SEMAPHORE], 2, &before) && before == 1);
    CHECK_ERROR(ReleaseSemaphore(handles[SEMAPHORE], 1, NULL), ERROR_TOO_MANY_POSTS);
    CHECK(is_set(handles[TIMER]) && CancelWaitableTimer(handles[TIMER]));
    CHECK(GetProcessId(handles[PROCESS]) != GetCurrentProcessId() && WaitForSingleObject(handles[PROCESS], 0) == WAIT_TIMEOUT);
    CHECK(GetExitCodeProcess(handles[PROCESS], &code) && code == STILL_ACTIVE);
    CHECK(WaitForSingleObject(handles[THREAD], 0) == WAIT_TIMEOUT);
    CHECK(GetThreadId(handles[THREAD]) == GetProcessId(handles[PROCESS]));
    /* All of several, with and without a name: one agreement for both. */
    both[0] = handles[MANUAL_EVENT], both[1] = handles[SEMAPHORE];
    CHECK(WaitForMultipleObjects(2, both, TRUE, 0) == WAIT_OBJECT_0);
    both[1] = handles[NAMED_SEMAPHORE];
    CHECK(WaitForMultipleObjects(2, both, TRUE, 0) == WAIT_OBJECT_0);

    CHECK_ERROR(CloseHandle(handles[PROTECTED]), ERROR_INVALID_HANDLE);
    for (i = 0; i < PROTECTED; ++i) {
        CHECK(CloseHandle(handles[i]));
        CHECK_ERROR(CloseHandle(handles[i]), ERROR_INVALID_HANDLE);
    }
    return check_failures != 0;
}

static void a_program_gets_one_of_each(enum WAY way)
{
    HANDLE handles[WITH_PRIVATE];
    LARGE_INTEGER due;
    LONG before = -1;
    PEER child;
    char *view;
    int i;

    create_one_of_each(handles, NAME("each"));
    write_to(handles[NAMED_SECTION], 'n'), write_to(handles[SECTION], 'u'), write_to(handles[POSIX_SECTION], 'p');
    CHECK(WaitForSingleObject(handles[MUTEX], 0) == WAIT_OBJECT_0);
    due.QuadPart = -1;
    CHECK(SetWaitableTimer(handles[TIMER], &due, 0, NULL, NULL, FALSE) && WaitForSingleObject(handles[TIMER], 5000) == 0);
    child = start_by(way, "each", tag_of(handles, WITH_PRIVATE));
    CHECK(end_of(&child) == 0);
    CHECK(read_from(handles[NAMED_SECTION]) == 'N' && read_from(handles[SECTION]) == 'U');
    CHECK(read_from(handles[POSIX_SECTION]) == 'P');
    CHECK(is_set(handles[NAMED_EVENT]) && is_set(handles[MANUAL_EVENT]) && !is_set(handles[AUTO_EVENT]));
    CHECK(ReleaseSemaphore(handles[NAMED_SEMAPHORE], 1, &before) && before == 2);
    CHECK(ReleaseSemaphore(handles[SEMAPHORE], 1, &before) && before == 2);
    view = view_of(handles[RESERVED], FILE_MAP_READ);
    CHECK(view != NULL && view[4096] == 'r' && view[8192] == 'R' && UnmapViewOfFile(view));
    CHECK(ReleaseMutex(handles[MUTEX]));
    CHECK(SetHandleInformation(handles[PROTECTED], HANDLE_FLAG_PROTECT_FROM_CLOSE, 0));
    for (i = 0; i < WITH_PRIVATE; ++i)
        CHECK(CloseHandle(handles[i]));
    CHECK(count_objects() == 0);
    snprintf(posix_name, sizeof posix_name, "/dev/shm/winshm-test-%d", (int)getpid());
    CHECK(unlink(posix_name) == 0);
}

/* A child's child inherits too, though the child never calls the library, or after it has. */
static int be_in_between(const char *tag)
{
    HANDLE event;
    PEER grandchild;
    int same;

    handles_of(tag, &event, 1);
    CHECK(is_set(event));
    grandchild = start_by(SPAWN, "last", tag);
    same = end_of(&grandchild);
    CHECK(same == 0 && !is_set(event));
    /* What this one takes back, its own children do not get; what it closes neither. */
    CHECK(SetHandleInformation(event, HANDLE_FLAG_INHERIT, 0) && flags_of(event) == 0);
    grandchild = start_by(FORK_AND_EXEC, "without", tag);
    CHECK(end_of(&grandchild) == 0);
    CHECK(SetHandleInformation(event, HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT) && CloseHandle(event));
    grandchild = start_by(SPAWN, "without", tag);
    CHECK(end_of(&grandchild) == 0);
    return check_failures != 0;
}
static int be_the_last(const char *tag)
{
    HANDLE event;

    handles_of(tag, &event, 1);
    CHECK(is_set(event) && ResetEvent(event));
    return check_failures != 0;
}
static int be_without(const char *tag)
{
    HANDLE event;

    handles_of(tag, &event, 1);
    CHECK_ERROR(SetEvent(event), ERROR_INVALID_HANDLE);
    CHECK_ERROR(CloseHandle(event), ERROR_INVALID_HANDLE);
    return check_failures != 0;
}
static void generations_inherit(HANDLE event)
{
    PEER child = start_by(FORK_AND_EXEC, "between", tag_of(&event, 1));

    CHECK(end_of(&child) == 0 && !is_set(event));
    CHECK(CloseHandle(event));
}

/* The flag comes and goes, and belongs to the handle, not to the object. */
static void the_flag_is_the_handles(const char *name)
{
    HANDLE first = CreateEventA(NULL, TRUE, TRUE, name), second = OpenEventA(EVENT_ALL_ACCESS, TRUE, name), third;
    PEER child = start_by(SPAWN, "without", tag_of(&first, 1));

    CHECK(end_of(&child) == 0);
    child = start_by(SPAWN, "last", tag_of(&second, 1));
    CHECK(end_of(&child) == 0 && SetEvent(first));
    CHECK(DuplicateHandle(GetCurrentProcess(), second, GetCurrentProcess(), &third, 0, FALSE,
                          DUPLICATE_SAME_ACCESS | DUPLICATE_CLOSE_SOURCE));
    child = start_by(SPAWN, "without", tag_of(&second, 1));
    CHECK(end_of(&child) == 0);
    child = start_by(SPAWN, "without", tag_of(&third, 1));
    CHECK(end_of(&child) == 0);
    CHECK(SetHandleInformation(first, HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT));
    child = start_by(SPAWN, "last", tag_of(&first, 1));
    CHECK(end_of(&child) == 0 && !is_set(third));
    /* The two lowest bits of a handle are the caller's, here too. */
    CHECK(SetHandleInformation(first, HANDLE_FLAG_INHERIT, 0) && SetEvent(third));
    CHECK(SetHandleInformation((HANDLE)((ULONG_PTR)first | 3), HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT));
    child = start_by(SPAWN, "last", tag_of(&first, 1));
    CHECK(end_of(&child) == 0 && !is_set(third));
    CHECK(CloseHandle((HANDLE)((ULONG_PTR)first | 1)));
    child = start_by(SPAWN, "without", tag_of(&first, 1));
    CHECK(end_of(&child) == 0 && CloseHandle(third) && count_objects() == 0);
}

int main(int argc, char **argv)
{
    check_begin();
    if (plays(argc, argv, "each"))
        return use_one_of_each(argv[3]);
    if (plays(argc, argv, "between"))
        return be_in_between(argv[3]);
    if (plays(argc, argv, "last"))
        return be_the_last(argv[3]);
    if (plays(argc, argv, "without"))
        return be_without(argv[3]);
    use_private_directory();
    a_program_gets_one_of_each(FORK_AND_EXEC);
    a_program_gets_one_of_each(EMPTY_ENVIRONMENT);
    a_program_gets_one_of_each(SPAWN);
    a_program_gets_one_of_each(SHELL);
    generations_inherit(CreateEventA(inheritable(), TRUE, TRUE, NULL));
    generations_inherit(CreateEventA(inheritable(), TRUE, TRUE, NAME("generations")));
    the_flag_is_the_handles(NAME("flag"));
    return check_end();
}
