/*
 * test_event.c - events as objects: creating, opening, setting, and whose right
 * it is. What a wait sees of it is in test_event_wait.c.
 */
#include "check.h"

static HANDLE create(const char *name) { return CreateEventA(NULL, TRUE, FALSE, name); }

/* Every combination of reset and state makes an event; any non-zero value is true. */
static void all_kinds_of_events_are_created_and_set(void)
{
    static const BOOL values[] = {FALSE, TRUE, 2, -1};
    HANDLE event;
    int manual, state;

    for (manual = 0; manual < 4; ++manual) {
        for (state = 0; state < 4; ++state) {
            CHECK_LAST(event = CreateEventA(NULL, values[manual], values[state], NULL), ERROR_SUCCESS);
            CHECK_QUIET(SetEvent(event));
            CHECK_QUIET(SetEvent(event));
            CHECK_QUIET(ResetEvent(event));
            CHECK_QUIET(ResetEvent(event));
            CHECK(CloseHandle(event));
        }
    }
    CHECK_LAST(event = CreateEventW(NULL, TRUE, FALSE, NULL), ERROR_SUCCESS);
    CHECK(CloseHandle(event));
}

/* The second creator gets the same event, whatever kind it asked for, and is told. */
static void the_second_creator_shares_the_event(void)
{
    const char *name = NAME("shared");
    HANDLE first, second;

    CHECK_LAST(first = create(name), ERROR_SUCCESS);
    CHECK_LAST(second = CreateEventA(NULL, FALSE, TRUE, name), ERROR_ALREADY_EXISTS);
    CHECK(second != first && CompareObjectHandles(first, second));
    CHECK(CloseHandle(second));
    CHECK_LAST(second = CreateEventW(NULL, FALSE, TRUE, widen(name)), ERROR_ALREADY_EXISTS);
    CHECK(CompareObjectHandles(first, second));
    CHECK(CloseHandle(second));
    CHECK(CloseHandle(first));
}

/* The last handle takes the name with it: opening fails, creating makes a new one. */
static void the_name_goes_with_the_last_handle(void)
{
    const char *name = NAME("last");
    HANDLE first = create(name), second;

    CHECK_QUIET((second = OpenEventA(EVENT_ALL_ACCESS, FALSE, name)) != NULL);
    CHECK(CloseHandle(first));
    CHECK_QUIET((first = OpenEventW(SYNCHRONIZE, FALSE, widen(name))) != NULL);
    CHECK(CloseHandle(first));
    CHECK(CloseHandle(second));
    CHECK_ERROR(OpenEventA(EVENT_ALL_ACCESS, FALSE, name), ERROR_FILE_NOT_FOUND);
    CHECK_ERROR(OpenEventW(EVENT_ALL_ACCESS, FALSE, widen(name)), ERROR_FILE_NOT_FOUND);
    CHECK_LAST(first = create(name), ERROR_SUCCESS);
    CHECK(CloseHandle(first));
}

/* Opening needs a name that exists; NULL and the empty name are none. */
static void opening_needs_a_name_that_exists(void)
{
    CHECK_ERROR(OpenEventA(SYNCHRONIZE, FALSE, NAME("absent")), ERROR_FILE_NOT_FOUND);
    CHECK_ERROR(OpenEventA(SYNCHRONIZE, FALSE, NULL), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(OpenEventW(SYNCHRONIZE, FALSE, NULL), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(OpenEventA(SYNCHRONIZE, FALSE, ""), ERROR_INVALID_HANDLE);
    CHECK_ERROR(OpenEventW(SYNCHRONIZE, FALSE, L""), ERROR_INVALID_HANDLE);
}

/* Setting and resetting need EVENT_MODIFY_STATE, under one of its names. */
static void changing_an_event_needs_the_right(void)
{
    static const struct {
        DWORD access;
        int may_change;
    } rows[] = {
        {EVENT_MODIFY_STATE, 1}, {EVENT_ALL_ACCESS, 1}, {GENERIC_WRITE, 1}, {GENERIC_ALL, 1},
        {MAXIMUM_ALLOWED, 1},    {SYNCHRONIZE, 0},      {GENERIC_READ, 0},  {GENERIC_EXECUTE, 0},
        {READ_CONTROL, 0},       {DELETE, 0},           {0x1, 0},           {EVENT_MODIFY_STATE | SYNCHRONIZE, 1},
    };
    const char *name = NAME("rights");
    HANDLE creator = create(name), event;
    size_t i;

    for (i = 0; i < sizeof rows / sizeof rows[0]; ++i) {
        int before = check_failures;

        CHECK_QUIET((event = OpenEventA(rows[i].access, FALSE, name)) != NULL);
        if (rows[i].may_change) {
            CHECK_QUIET(SetEvent(event));
            CHECK_QUIET(ResetEvent(event));
        } else {
            CHECK_ERROR(SetEvent(event), ERROR_ACCESS_DENIED);
            CHECK_ERROR(ResetEvent(event), ERROR_ACCESS_DENIED);
        }
        CHECK(CloseHandle(event));
        if (check_failures != before)
            fprintf(stderr, "... with access 0x%lX\n", (unsigned long)rows[i].access);
    }
    CHECK_ERROR_OR_WINE(OpenEventA(0, FALSE, name), ERROR_ACCESS_DENIED, SUCCESS);
    CHECK(CloseHandle(creator));
}

/* A mapping's name is not an event's, in both directions. */
static void names_of_mappings_are_refused(void)
{
    const char *name = NAME("clash");
    HANDLE mapping = new_memory(PAGE_READWRITE, 4096, name), event;

    CHECK_ERROR(create(name), ERROR_INVALID_HANDLE);
    CHECK_ERROR(CreateEventW(NULL, TRUE, FALSE, widen(name)), ERROR_INVALID_HANDLE);
    CHECK_ERROR(OpenEventA(EVENT_ALL_ACCESS, FALSE, name), ERROR_INVALID_HANDLE);
    CHECK(CloseHandle(mapping));
    CHECK_LAST(event = create(name), ERROR_SUCCESS);
    CHECK(CloseHandle(event));
}

/* Only events are set and reset. */
static void other_objects_are_not_set(void)
{
    HANDLE mapping = new_memory(PAGE_READWRITE, 4096, NULL), event = create(NULL);

    CHECK_ERROR(SetEvent(mapping), ERROR_INVALID_HANDLE);
    CHECK_ERROR(ResetEvent(mapping), ERROR_INVALID_HANDLE);
    CHECK_ERROR(SetEvent(NULL), ERROR_INVALID_HANDLE);
    CHECK_ERROR(ResetEvent(NULL), ERROR_INVALID_HANDLE);
    CHECK_ERROR(SetEvent(GARBAGE_HANDLE), ERROR_INVALID_HANDLE);
    CHECK_ERROR(ResetEvent(GARBAGE_HANDLE), ERROR_INVALID_HANDLE);
    CHECK(CloseHandle(event));
    CHECK_ERROR(SetEvent(event), ERROR_INVALID_HANDLE);
    CHECK_ERROR(ResetEvent(event), ERROR_INVALID_HANDLE);
    CHECK(CloseHandle(mapping));
}

int main(void)
{
    check_begin();
    all_kinds_of_events_are_created_and_set();
    the_second_creator_shares_the_event();
    the_name_goes_with_the_last_handle();
    opening_needs_a_name_that_exists();
    changing_an_event_needs_the_right();
    names_of_mappings_are_refused();
    other_objects_are_not_set();
    return check_end();
}
