/*
 * test_sync_names.c - the names of mutexes, events, semaphores and timers: one
 * name space with the sections, the same rules for all, and a name that is gone
 * with the last handle, whoever waits for the object or owns it then.
 */
#include "waiting.h"

/* Every kind of object that has a name, and the ways to it. Each is signalled when it is new, if it can be. */
static HANDLE create_section(const char *name) { return new_memory(PAGE_READWRITE, 4096, name); }
static HANDLE create_event(const char *name) { return CreateEventA(NULL, TRUE, TRUE, name); }
static HANDLE create_mutex(const char *name) { return CreateMutexA(NULL, FALSE, name); }
static HANDLE create_semaphore(const char *name) { return CreateSemaphoreA(NULL, 1, 2, name); }
static HANDLE create_timer(const char *name) { return CreateWaitableTimerA(NULL, TRUE, name); }

static HANDLE create_section_wide(const WCHAR *name) { return CreateFileMappingW(MEMORY, NULL, PAGE_READWRITE, 0, 4096, name); }
static HANDLE create_event_wide(const WCHAR *name) { return CreateEventW(NULL, TRUE, TRUE, name); }
static HANDLE create_mutex_wide(const WCHAR *name) { return CreateMutexW(NULL, FALSE, name); }
static HANDLE create_semaphore_wide(const WCHAR *name) { return CreateSemaphoreW(NULL, 1, 2, name); }
static HANDLE create_timer_wide(const WCHAR *name) { return CreateWaitableTimerW(NULL, TRUE, name); }

/* What the creating function refuses whatever the name is, in its last argument that can be wrong. */
static HANDLE create_bad_section(const char *name) { return new_memory(PAGE_READWRITE, 0, name); }
static HANDLE create_bad_event(const char *name) { return CreateEventExA(NULL, name, 8, EVENT_ALL_ACCESS); }
static HANDLE create_bad_mutex(const char *name) { return CreateMutexExA(NULL, name, 8, MUTEX_ALL_ACCESS); }
static HANDLE create_bad_semaphore(const char *name) { return CreateSemaphoreA(NULL, 2, 1, name); }
static HANDLE create_bad_timer(const char *name) { return CreateWaitableTimerExA(NULL, name, 8, TIMER_ALL_ACCESS); }

typedef struct KIND {
    const char *label;
    HANDLE (*create)(const char *name);
    HANDLE (*create_wide)(const WCHAR *name);
    HANDLE (*create_bad)(const char *name);
    HANDLE(WINAPI *open)(DWORD access, BOOL inherit, LPCSTR name);
    HANDLE(WINAPI *open_wide)(DWORD access, BOOL inherit, LPCWSTR name);
    DWORD access;
} KIND;
static const KIND kinds[] = {
    {"section", create_section, create_section_wide, create_bad_section, OpenFileMappingA, OpenFileMappingW, FILE_MAP_READ},
    {"event", create_event, create_event_wide, create_bad_event, OpenEventA, OpenEventW, SYNCHRONIZE},
    {"mutex", create_mutex, create_mutex_wide, create_bad_mutex, OpenMutexA, OpenMutexW, SYNCHRONIZE},
    {"semaphore", create_semaphore, create_semaphore_wide, create_bad_semaphore, OpenSemaphoreA, OpenSemaphoreW, SYNCHRONIZE},
    {"timer", create_timer, create_timer_wide, create_bad_timer, OpenWaitableTimerA, OpenWaitableTimerW, SYNCHRONIZE},
};
enum { KINDS = sizeof kinds / sizeof kinds[0] };
#define IS_SECTION(kind) ((kind) == &kinds[0])

/* Tells the story of each kind, and says which when something is wrong. */
static void of_every_kind(void (*story)(const KIND *kind))
{
    int i;

    for (i = 0; i < KINDS; ++i) {
        int before = check_failures;

        story(&kinds[i]);
        if (check_failures != before)
            fprintf(stderr, "... with a %s\n", kinds[i].label);
    }
}
static int exists(const KIND *kind, const char *name)
{
    HANDLE object = kind->open(kind->access, FALSE, name);

    return object != NULL && CloseHandle(object);
}
static const char *with(const char *before, const char *name)
{
    static char names[4][256];
    static int next;
    char *whole = names[next++ % 4];

    snprintf(whole, sizeof names[0], "%s%s", before, name);
    return whole;
}

/* Created with last error 0, found with 183, opened without a word; wide and narrow names are the same ones. */
static void the_second_creator_finds_the_first(const KIND *kind)
{
    const char *name = NAME("found");
    HANDLE first, second, opened, wide;

    CHECK_LAST(first = kind->create(name), ERROR_SUCCESS);
    CHECK_LAST(second = kind->create_wide(widen(name)), ERROR_ALREADY_EXISTS);
    CHECK_QUIET(opened = kind->open(kind->access, FALSE, name));
    CHECK_QUIET(wide = kind->open_wide(kind->access, TRUE, widen(name)));
    CHECK(first != second && CompareObjectHandles(first, second));
    CHECK(CompareObjectHandles(first, opened) && CompareObjectHandles(first, wide));
    CHECK(CloseHandle(first) && CloseHandle(second) && CloseHandle(opened));
    CHECK_LAST(second = kind->create(name), ERROR_ALREADY_EXISTS);
    CHECK(CloseHandle(second) && CloseHandle(wide));
    CHECK_LAST(first = kind->create_wide(widen(name)), ERROR_SUCCESS);
    CHECK(CloseHandle(first));
    CHECK_ERROR(kind->open(kind->access, FALSE, name), ERROR_FILE_NOT_FOUND);
}

/* NULL and "" make objects that nobody else finds. Neither can be opened, nor what is not there, nor with no access. */
static void opening_needs_a_name_that_exists(const KIND *kind)
{
    const char *name = NAME("open");
    HANDLE first, second;

    CHECK_LAST(first = kind->create(NULL), ERROR_SUCCESS);
    CHECK_LAST(second = kind->create_wide(NULL), ERROR_SUCCESS);
    CHECK(!CompareObjectHandles(first, second) && CloseHandle(first) && CloseHandle(second));
    CHECK_LAST(first = kind->create(""), ERROR_SUCCESS);
    CHECK_LAST(second = kind->create_wide(L""), ERROR_SUCCESS);
    CHECK(!CompareObjectHandles(first, second));
    CHECK_ERROR(kind->open(kind->access, FALSE, ""), ERROR_INVALID_HANDLE);
    CHECK_ERROR(kind->open_wide(kind->access, FALSE, L""), ERROR_INVALID_HANDLE);
    CHECK(CloseHandle(first) && CloseHandle(second));
    CHECK_ERROR(kind->open(kind->access, FALSE, NULL), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(kind->open_wide(kind->access, FALSE, NULL), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(kind->open(kind->access, FALSE, name), ERROR_FILE_NOT_FOUND);
    CHECK_ERROR(kind->open_wide(kind->access, FALSE, widen(name)), ERROR_FILE_NOT_FOUND);
    CHECK((first = kind->create(name)) != NULL);
    CHECK_ERROR(kind->open(0, FALSE, name), ERROR_ACCESS_DENIED);
    CHECK_ERROR(kind->open_wide(0, FALSE, widen(name)), ERROR_ACCESS_DENIED);
    CHECK(exists(kind, name) && CloseHandle(first));
}

/* A name belongs to one object of one kind. To all others it is refused, until it is free. */
static void a_name_of_one_kind_is_none_of_another(const KIND *kind)
{
    const char *name = NAME("clash");
    HANDLE object = kind->create(name), next;
    int i;

    for (i = 0; i < KINDS; ++i) {
        int before = check_failures;

        if (kind == &kinds[i])
            continue;
        CHECK_ERROR(kinds[i].create(name), ERROR_INVALID_HANDLE);
        CHECK_ERROR(kinds[i].create_wide(widen(name)), ERROR_INVALID_HANDLE);
        CHECK_ERROR(kinds[i].open(kinds[i].access, FALSE, name), ERROR_INVALID_HANDLE);
        CHECK_ERROR(kinds[i].open_wide(kinds[i].access, FALSE, widen(name)), ERROR_INVALID_HANDLE);
        CHECK_ERROR(kinds[i].create(with("Local\\", name)), ERROR_INVALID_HANDLE);
        if (check_failures != before)
            fprintf(stderr, "... taken for a %s\n", kinds[i].label);
    }
    CHECK(exists(kind, name) && CloseHandle(object));
    for (i = 0; i < KINDS; ++i) {
        CHECK_LAST(next = kinds[i].create(name), ERROR_SUCCESS);
        CHECK(CloseHandle(next));
    }
}

/* What is wrong with the other arguments is said before anybody looks for the name. */
static void arguments_are_judged_before_names(const KIND *kind)
{
    const char *name = NAME("bad");
    HANDLE object;
    int i;

    CHECK_ERROR(kind->create_bad(NULL), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(kind->create_bad(name), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(kind->open(kind->access, FALSE, name), ERROR_FILE_NOT_FOUND);
    for (i = 0; i < KINDS; ++i) {
        CHECK((object = kinds[i].create(name)) != NULL);
        CHECK_ERROR(kind->create_bad(name), ERROR_INVALID_PARAMETER);
        CHECK(exists(&kinds[i], name) && CloseHandle(object));
    }
}

/* Local\ is what a name without prefix means, Global\ is another place, and there are no more. */
static void prefixes_are_rooms(const KIND *kind)
{
    const char *name = NAME("room"), *local = with("Local\\", name), *global = with("Global\\", name);
    HANDLE first, second, third;

    CHECK_LAST(first = kind->create(name), ERROR_SUCCESS);
    CHECK_LAST(second = kind->create(local), ERROR_ALREADY_EXISTS);
    CHECK_ERROR(kind->open(kind->access, FALSE, global), ERROR_FILE_NOT_FOUND);
    CHECK_LAST(third = kind->create(global), ERROR_SUCCESS);
    CHECK(CompareObjectHandles(first, second) && !CompareObjectHandles(first, third));
    CHECK(CloseHandle(first) && exists(kind, name) && CloseHandle(second));
    CHECK(!exists(kind, name) && !exists(kind, local) && exists(kind, global) && CloseHandle(third));
    CHECK(!exists(kind, global));
    CHECK_ERROR(kind->create(with("local\\", name)), ERROR_PATH_NOT_FOUND);
    CHECK_ERROR(kind->open(kind->access, FALSE, with("GLOBAL\\", name)), ERROR_PATH_NOT_FOUND);
    CHECK_ERROR(kind->create(with(name, "\\x")), ERROR_PATH_NOT_FOUND);
    CHECK_ERROR(kind->create(with("\\", name)), ERROR_BAD_PATHNAME);
    CHECK_ERROR(kind->create("Local"), ERROR_INVALID_HANDLE);
    CHECK_ERROR(kind->open(kind->access, FALSE, "Global"), ERROR_INVALID_HANDLE);
}

/* Upper and lower case are different letters, and 259 of them are not too many. */
static void every_letter_counts(const KIND *kind)
{
    const char *name = NAME("letter");
    char whole[300], other[300];
    HANDLE first, second;

    memset(whole, 'x', 262);
    memcpy(whole, name, strlen(name));
    whole[259] = 0;
    strcpy(other, whole);
    other[258] = 'X';
    CHECK_LAST(first = kind->create(whole), ERROR_SUCCESS);
    CHECK_LAST(second = kind->create(other), ERROR_SUCCESS);
    CHECK(!CompareObjectHandles(first, second) && CloseHandle(first) && !exists(kind, whole) && exists(kind, other));
    CHECK(CloseHandle(second));
    whole[259] = whole[260] = 'x', whole[261] = 0;
    CHECK_ERROR(kind->create(whole), ERROR_FILENAME_EXCED_RANGE);
    CHECK_ERROR(kind->open(kind->access, FALSE, whole), ERROR_FILENAME_EXCED_RANGE);
}

/* A thread waits for an object whose last handle is closed: it waits on, and the name is free at once, also for another kind. */
static void a_waiter_does_not_keep_the_name(const KIND *kind)
{
    const char *name = NAME("waiter");
    HANDLE object = kind->create(name), next;
    WAITER waiter;
    int i;

    if (IS_SECTION(kind)) {
        CHECK(CloseHandle(object));
        return;
    }
    for (i = 0; i < KINDS; ++i) {
        /* Unsignalled: reset, owned by us, taken; a new timer never is. */
        ResetEvent(object);
        if (kind->create == create_mutex || kind->create == create_semaphore)
            CHECK(WaitForSingleObject(object, 0) == WAIT_OBJECT_0);
        waiter.keeps = FALSE;
        start_waiter(&waiter, object, 50);
        until_asleep(waiter.tid);
        CHECK(CloseHandle(object));
        CHECK_ERROR(kind->open(kind->access, FALSE, name), ERROR_FILE_NOT_FOUND);
        CHECK_LAST(next = kinds[i].create(name), ERROR_SUCCESS);
        if (!IS_SECTION(&kinds[i]) && kinds[i].create != create_timer)
            CHECK(WaitForSingleObject(next, 0) == WAIT_OBJECT_0); /* it is new and not the old one */
        CHECK(end_waiter(&waiter) == WAIT_TIMEOUT);
        CHECK(exists(&kinds[i], name) && CloseHandle(next));
        CHECK_LAST(object = kind->create(name), ERROR_SUCCESS);
    }
    CHECK(CloseHandle(object));
}

/* The owner of a mutex closes the last handle: the name is free, and the next mutex of that name is nobody's. */
static void an_owner_does_not_keep_the_name(const KIND *kind)
{
    const char *name = NAME("owner");
    HANDLE mutex, next;

    CHECK((mutex = CreateMutexA(NULL, TRUE, name)) != NULL && WaitForSingleObject(mutex, 0) == WAIT_OBJECT_0);
    CHECK(CloseHandle(mutex));
    CHECK_ERROR(OpenMutexA(SYNCHRONIZE, FALSE, name), ERROR_FILE_NOT_FOUND);
    CHECK_LAST(next = kind->create(name), ERROR_SUCCESS);
    CHECK(CloseHandle(next));
    CHECK_LAST(next = CreateMutexA(NULL, FALSE, name), ERROR_SUCCESS);
    CHECK_ERROR(ReleaseMutex(next), ERROR_NOT_OWNER);
    CHECK(wait_elsewhere(next, 0) == WAIT_OBJECT_0 && CloseHandle(next));
}

int main(void)
{
    check_begin();
    of_every_kind(the_second_creator_finds_the_first);
    of_every_kind(opening_needs_a_name_that_exists);
    of_every_kind(a_name_of_one_kind_is_none_of_another);
    of_every_kind(arguments_are_judged_before_names);
    of_every_kind(prefixes_are_rooms);
    of_every_kind(every_letter_counts);
    of_every_kind(a_waiter_does_not_keep_the_name);
    of_every_kind(an_owner_does_not_keep_the_name);
    return check_end();
}
