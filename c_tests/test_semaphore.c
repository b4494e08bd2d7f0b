/*
 * test_semaphore.c - semaphores in one process: the counts that are possible and
 * those that are refused, what a release tells, and rights. A refused call
 * changes nothing, neither the count nor the caller's variable.
 */
#include "check.h"

#include <limits.h>

#define MOST 0x7fffffff
/* What a variable holds that nobody writes. */
#define UNTOUCHED (-77)

static HANDLE create(LONG initial, LONG maximum, const char *name)
{
    return CreateSemaphoreA(NULL, initial, maximum, name);
}
static int takes(HANDLE semaphore) { return WaitForSingleObject(semaphore, 0) == WAIT_OBJECT_0; }
/* Takes all there is, and says how much that was. */
static int drain(HANDLE semaphore)
{
    int count = 0;

    while (takes(semaphore))
        ++count;
    return count;
}

/* Checks in one word that a release is refused with this code, and that it leaves the variable alone. */
static int refuses(HANDLE semaphore, LONG count, DWORD error)
{
    LONG previous = UNTOUCHED;

    return CHECK_ERROR(ReleaseSemaphore(semaphore, count, &previous), error) && CHECK(previous == UNTOUCHED) &&
           CHECK_ERROR(ReleaseSemaphore(semaphore, count, NULL), error);
}
/* Checks that a release works, and that the count was this one before it. */
static int releases(HANDLE semaphore, LONG count, LONG before)
{
    LONG previous = UNTOUCHED;

    return CHECK_QUIET(ReleaseSemaphore(semaphore, count, &previous)) && CHECK(previous == before);
}

/* A maximum of at least one, and an initial count from nothing to the maximum. */
static void the_counts_must_make_sense(void)
{
    static const struct {
        LONG initial, maximum;
        int possible;
    } rows[] = {
        {0, 1, 1},  {1, 1, 1},  {2, 3, 1}, {0, MOST, 1},  {MOST, MOST, 1}, {0, 0, 0},     {1, 0, 0},
        {0, -1, 0}, {-1, 1, 0}, {2, 1, 0}, {-1, MOST, 0}, {MOST, 1, 0},    {-1, -1, 0},   {0, -MOST - 1, 0},
    };
    const char *name = NAME("counts");
    HANDLE semaphore;
    size_t i;

    for (i = 0; i < sizeof rows / sizeof rows[0]; ++i) {
        LONG initial = rows[i].initial, maximum = rows[i].maximum;
        int before = check_failures;

        if (rows[i].possible) {
            CHECK_LAST(semaphore = create(initial, maximum, NULL), ERROR_SUCCESS);
            CHECK(CloseHandle(semaphore));
            CHECK_LAST(semaphore = CreateSemaphoreW(NULL, initial, maximum, widen(name)), ERROR_SUCCESS);
            CHECK(CloseHandle(semaphore));
            CHECK_LAST(semaphore = CreateSemaphoreExA(NULL, initial, maximum, name, 0, SEMAPHORE_ALL_ACCESS), ERROR_SUCCESS);
            CHECK(CloseHandle(semaphore));
        } else {
            CHECK_ERROR(create(initial, maximum, NULL), ERROR_INVALID_PARAMETER);
            CHECK_ERROR(CreateSemaphoreW(NULL, initial, maximum, widen(name)), ERROR_INVALID_PARAMETER);
            CHECK_ERROR(CreateSemaphoreExW(NULL, initial, maximum, widen(name), 0, SYNCHRONIZE), ERROR_INVALID_PARAMETER);
            CHECK_ERROR(OpenSemaphoreA(SYNCHRONIZE, FALSE, name), ERROR_FILE_NOT_FOUND);
        }
        if (check_failures != before)
            fprintf(stderr, "... with %ld of %ld\n", (long)initial, (long)maximum);
    }
}

/* Each wait takes one, as long as there is one. A release puts back what it says, and tells what there was. */
static void what_is_taken_and_released_is_counted(void)
{
    HANDLE semaphore = create(2, 5, NULL);

    CHECK_QUIET(WaitForSingleObject(semaphore, 0) == WAIT_OBJECT_0);
    CHECK_QUIET(WaitForSingleObject(semaphore, INFINITE) == WAIT_OBJECT_0);
    CHECK_QUIET(WaitForSingleObject(semaphore, 0) == WAIT_TIMEOUT);
    CHECK_QUIET(WaitForSingleObject(semaphore, 30) == WAIT_TIMEOUT);
    CHECK(releases(semaphore, 1, 0) && releases(semaphore, 3, 1) && releases(semaphore, 1, 4));
    CHECK(drain(semaphore) == 5);
    CHECK(releases(semaphore, 5, 0) && takes(semaphore) && releases(semaphore, 1, 4));
    CHECK(takes(semaphore));
    CHECK_QUIET(ReleaseSemaphore(semaphore, 1, NULL));
    CHECK(drain(semaphore) == 5 && CloseHandle(semaphore));
}

/* More than the maximum is refused as a whole, not cut to what would fit. */
static void too_much_adds_nothing(void)
{
    HANDLE semaphore = create(2, 3, NULL);

    CHECK(refuses(semaphore, 2, ERROR_TOO_MANY_POSTS) && refuses(semaphore, 4, ERROR_TOO_MANY_POSTS));
    CHECK(refuses(semaphore, MOST, ERROR_TOO_MANY_POSTS));
    CHECK(releases(semaphore, 1, 2) && refuses(semaphore, 1, ERROR_TOO_MANY_POSTS));
    CHECK(drain(semaphore) == 3);
    CHECK(refuses(semaphore, 4, ERROR_TOO_MANY_POSTS) && releases(semaphore, 3, 0));
    CHECK(drain(semaphore) == 3 && CloseHandle(semaphore));
}

/* Nothing and less than nothing cannot be released, whether there would be room or not. */
static void nothing_and_less_is_refused(void)
{
    static const LONG counts[] = {0, -1, -2, -MOST, -MOST - 1};
    HANDLE semaphore = create(1, 3, NULL), full = create(3, 3, NULL);
    size_t i;

    for (i = 0; i < sizeof counts / sizeof counts[0]; ++i) {
        CHECK_ERROR_OR_WINE(ReleaseSemaphore(semaphore, counts[i], NULL), ERROR_INVALID_PARAMETER,
                            counts[i] ? ERROR_TOO_MANY_POSTS : SUCCESS);
        CHECK(ON_WINE(1) || refuses(semaphore, counts[i], ERROR_INVALID_PARAMETER));
        CHECK(ON_WINE(1) || refuses(full, counts[i], ERROR_INVALID_PARAMETER));
    }
    CHECK(drain(semaphore) == 1 && drain(full) == 3);
    CHECK(CloseHandle(semaphore) && CloseHandle(full));
}

/* The largest maximum is usable to its last count. */
static void the_largest_semaphore_counts_to_its_end(void)
{
    HANDLE semaphore = create(0, MOST, NULL);

    CHECK(releases(semaphore, MOST - 1, 0) && releases(semaphore, 1, MOST - 1));
    CHECK(refuses(semaphore, 1, ERROR_TOO_MANY_POSTS) && refuses(semaphore, MOST, ERROR_TOO_MANY_POSTS));
    CHECK(takes(semaphore) && takes(semaphore) && refuses(semaphore, 3, ERROR_TOO_MANY_POSTS));
    CHECK(releases(semaphore, 2, MOST - 2) && CloseHandle(semaphore));
}

/* LONG_MAX has 64 bits here. A source that asks for it means the largest maximum, as on Windows. */
static int is_the_largest(HANDLE semaphore)
{
    return CHECK(semaphore != NULL) && CHECK(drain(semaphore) == 0) && releases(semaphore, MOST, 0) &&
           refuses(semaphore, 1, ERROR_TOO_MANY_POSTS) && CHECK(CloseHandle(semaphore));
}
static void long_max_means_the_largest(void)
{
    HANDLE(WINAPI * exported)(LPSECURITY_ATTRIBUTES, LONG, LONG, LPCSTR) = CreateSemaphoreA;
    volatile long largest = LONG_MAX, smallest = LONG_MIN; /* known at run time only */
    LONG maximum = (LONG)largest; /* what a C compiler passes without the header's help: -1, where long has 64 bits */
    HANDLE full;

    CHECK(is_the_largest(CreateSemaphoreA(NULL, 0, LONG_MAX, NULL)));
    CHECK(is_the_largest(CreateSemaphoreW(NULL, 0, LONG_MAX, NULL)));
    CHECK(is_the_largest(CreateSemaphore(NULL, 0, LONG_MAX, NULL)));
    CHECK(is_the_largest(CreateSemaphoreExA(NULL, 0, LONG_MAX, NULL, 0, SEMAPHORE_ALL_ACCESS)));
    CHECK(is_the_largest(CreateSemaphoreExW(NULL, 0, LONG_MAX, NULL, 0, SEMAPHORE_ALL_ACCESS)));
    CHECK(is_the_largest(CreateSemaphoreA(NULL, 0, largest, NULL)));
    CHECK((full = CreateSemaphoreA(NULL, largest, LONG_MAX, NULL)) != NULL);
    CHECK(refuses(full, 1, ERROR_TOO_MANY_POSTS) && takes(full) && releases(full, 1, MOST - 1) && CloseHandle(full));
    if (sizeof(long) > sizeof(LONG)) {
        CHECK(maximum == -1);
        CHECK_ERROR(exported(NULL, 0, maximum, NULL), ERROR_INVALID_PARAMETER);
        CHECK_ERROR(exported(NULL, maximum, 1, NULL), ERROR_INVALID_PARAMETER);
    }
    CHECK_ERROR(CreateSemaphoreA(NULL, 0, smallest, NULL), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(CreateSemaphoreA(NULL, smallest, 1, NULL), ERROR_INVALID_PARAMETER);
}

/* Who finds it by its name changes neither its count nor its maximum, but must ask for what would be possible. */
static void the_second_creator_shares_it(void)
{
    const char *name = NAME("second");
    HANDLE first = create(1, 3, name), second;

    CHECK_LAST(second = create(0, 100, name), ERROR_ALREADY_EXISTS);
    CHECK(second != first && CompareObjectHandles(first, second));
    CHECK(refuses(second, 3, ERROR_TOO_MANY_POSTS) && releases(second, 2, 1) && CloseHandle(second));
    CHECK_LAST(second = CreateSemaphoreW(NULL, 0, 1, widen(name)), ERROR_ALREADY_EXISTS);
    CHECK(takes(second) && CloseHandle(second));
    CHECK_LAST(second = CreateSemaphoreExW(NULL, 9, 9, widen(name), 0, SYNCHRONIZE), ERROR_ALREADY_EXISTS);
    CHECK(takes(second) && refuses(second, 1, ERROR_ACCESS_DENIED) && CloseHandle(second));
    CHECK_ERROR(create(5, 1, name), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(create(0, 0, name), ERROR_INVALID_PARAMETER);
    CHECK(releases(first, 1, 1) && CloseHandle(first));
    CHECK_ERROR(OpenSemaphoreA(SYNCHRONIZE, FALSE, name), ERROR_FILE_NOT_FOUND);
}

/* The flags of the Ex functions are reserved: none is known. */
static void the_ex_functions_know_no_flags(void)
{
    const char *name = NAME("flags");
    DWORD flags;

    for (flags = 1; flags != 0; flags <<= 1) {
        CHECK_ERROR_OR_WINE(CreateSemaphoreExA(NULL, 1, 2, NULL, flags, SYNCHRONIZE), ERROR_INVALID_PARAMETER, SUCCESS);
        CHECK_ERROR_OR_WINE(CreateSemaphoreExW(NULL, 1, 2, widen(name), flags, SYNCHRONIZE), ERROR_INVALID_PARAMETER, SUCCESS);
    }
    CHECK_ERROR_OR_WINE(OpenSemaphoreA(SYNCHRONIZE, FALSE, name), ERROR_FILE_NOT_FOUND, SUCCESS);
}

/* Waiting needs SYNCHRONIZE and releasing SEMAPHORE_MODIFY_STATE, under one of their names. */
static void each_call_needs_its_right(void)
{
    static const struct {
        DWORD access;
        int may_wait, may_release;
    } rows[] = {
        {SYNCHRONIZE, 1, 0},   {SEMAPHORE_MODIFY_STATE, 0, 1}, {SEMAPHORE_ALL_ACCESS, 1, 1}, {GENERIC_READ, 0, 0},
        {GENERIC_WRITE, 0, 1}, {GENERIC_EXECUTE, 1, 0},        {GENERIC_ALL, 1, 1},          {MAXIMUM_ALLOWED, 1, 1},
        {READ_CONTROL, 0, 0},  {0x1, 0, 0},                    {SYNCHRONIZE | SEMAPHORE_MODIFY_STATE, 1, 1},
    };
    const char *name = NAME("rights");
    HANDLE creator = create(5, 10, name), semaphore;
    size_t i;

    for (i = 0; i < sizeof rows / sizeof rows[0]; ++i) {
        int before = check_failures;

        CHECK_QUIET((semaphore = OpenSemaphoreA(rows[i].access, FALSE, name)) != NULL);
        if (rows[i].may_wait)
            CHECK(takes(semaphore) && releases(creator, 1, 4));
        else
            CHECK_ERROR(WaitForSingleObject(semaphore, 0) != WAIT_FAILED, ERROR_ACCESS_DENIED);
        if (rows[i].may_release)
            CHECK(releases(semaphore, 1, 5) && takes(creator));
        else
            CHECK(refuses(semaphore, 1, ERROR_ACCESS_DENIED));
        CHECK(releases(creator, 1, 5) && takes(creator)); /* the refused calls changed nothing */
        CHECK(CloseHandle(semaphore));
        if (check_failures != before)
            fprintf(stderr, "... with access 0x%lX\n", (unsigned long)rows[i].access);
    }
    CHECK_ERROR_OR_WINE(OpenSemaphoreA(0, FALSE, name), ERROR_ACCESS_DENIED, SUCCESS);
    CHECK(CloseHandle(creator));
}

/* Only semaphores are released like this, and only by handles that are open. */
static void other_objects_are_not_released(void)
{
    HANDLE event = CreateEventA(NULL, FALSE, FALSE, NULL), mapping = new_memory(PAGE_READWRITE, 4096, NULL);
    HANDLE semaphore = create(0, 1, NULL);

    CHECK(refuses(event, 1, ERROR_INVALID_HANDLE) && WaitForSingleObject(event, 0) == WAIT_TIMEOUT);
    CHECK(refuses(mapping, 1, ERROR_INVALID_HANDLE) && refuses(NULL, 1, ERROR_INVALID_HANDLE));
    CHECK(refuses(GARBAGE_HANDLE, 1, ERROR_INVALID_HANDLE) && refuses(GetCurrentProcess(), 1, ERROR_INVALID_HANDLE));
    CHECK_ERROR(SetEvent(semaphore), ERROR_INVALID_HANDLE);
    CHECK_ERROR(ReleaseMutex(semaphore), ERROR_INVALID_HANDLE);
    CHECK(drain(semaphore) == 0 && CloseHandle(event) && CloseHandle(mapping) && CloseHandle(semaphore));
    CHECK(refuses(semaphore, 1, ERROR_INVALID_HANDLE));
}

int main(void)
{
    check_begin();
    the_counts_must_make_sense();
    what_is_taken_and_released_is_counted();
    too_much_adds_nothing();
    nothing_and_less_is_refused();
    the_largest_semaphore_counts_to_its_end();
    long_max_means_the_largest();
    the_second_creator_shares_it();
    the_ex_functions_know_no_flags();
    each_call_needs_its_right();
    other_objects_are_not_released();
    return check_end();
}
