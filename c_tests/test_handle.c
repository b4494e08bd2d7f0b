/*
 * test_handle.c - CloseHandle, handle flags, CompareObjectHandles and the two
 * pseudo-handles. DuplicateHandle is in test_handle_duplicate.c.
 */
#include "check.h"

/* The flags of a handle, or 99 if there is no such handle. */
static DWORD flags_of(HANDLE handle)
{
    DWORD flags = 0;

    return GetHandleInformation(handle, &flags) ? flags : 99;
}

/* A handle is a non-zero multiple of four, and is closed once. */
static void a_handle_is_closed_once(void)
{
    HANDLE event = CreateEventA(NULL, TRUE, FALSE, NULL), mapping = new_memory(PAGE_READWRITE, 4096, NULL);

    CHECK(event != NULL && ((ULONG_PTR)event & 3) == 0 && (LONG_PTR)event > 0);
    CHECK(mapping != NULL && ((ULONG_PTR)mapping & 3) == 0 && (LONG_PTR)mapping > 0);
    CHECK(mapping != event);
    CHECK_QUIET(CloseHandle(event));
    CHECK_ERROR(CloseHandle(event), ERROR_INVALID_HANDLE);
    CHECK_QUIET(CloseHandle(mapping));
    CHECK_ERROR(CloseHandle(mapping), ERROR_INVALID_HANDLE);
}

/* Values that are no handles are not closed. */
static void nonsense_is_not_closed(void)
{
    CHECK_ERROR(CloseHandle(NULL), ERROR_INVALID_HANDLE);
    CHECK_ERROR(CloseHandle(GARBAGE_HANDLE), ERROR_INVALID_HANDLE);
    CHECK_ERROR(CloseHandle((HANDLE)(ULONG_PTR)3), ERROR_INVALID_HANDLE);
}

/* The low two bits of a handle belong to the program: with or without them it is the same handle. */
static void the_low_two_bits_are_ignored(void)
{
    HANDLE event = CreateEventA(NULL, TRUE, FALSE, NULL);
    HANDLE tagged = (HANDLE)((ULONG_PTR)event | 1), tagged_too = (HANDLE)((ULONG_PTR)event | 3);

    CHECK_QUIET(SetEvent(tagged));
    CHECK(flags_of(tagged_too) == 0);
    CHECK_QUIET(CloseHandle(tagged));
    CHECK_ERROR(CloseHandle(event), ERROR_INVALID_HANDLE);
}

/* Process and thread stand for themselves, and closing them does nothing. INVALID_HANDLE_VALUE is the process. */
static void pseudo_handles_are_never_closed(void)
{
    CHECK(GetCurrentProcess() == (HANDLE)(LONG_PTR)-1 && GetCurrentProcess() == INVALID_HANDLE_VALUE);
    CHECK(GetCurrentThread() == (HANDLE)(LONG_PTR)-2);
    CHECK_QUIET(CloseHandle(INVALID_HANDLE_VALUE));
    CHECK_QUIET(CloseHandle(GetCurrentProcess()));
    CHECK_QUIET(CloseHandle(GetCurrentThread()));
    CHECK_QUIET(CloseHandle(GetCurrentProcess()));
    CHECK(flags_of(GetCurrentProcess()) == 0);
}

/* Flags change one by one: the mask says which. */
static void flags_change_by_mask(void)
{
    HANDLE event = CreateEventA(NULL, TRUE, FALSE, NULL);

    CHECK(flags_of(event) == 0);
    CHECK_QUIET(SetHandleInformation(event, HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT));
    CHECK(flags_of(event) == HANDLE_FLAG_INHERIT);
    CHECK_QUIET(SetHandleInformation(event, 0, HANDLE_FLAG_INHERIT | HANDLE_FLAG_PROTECT_FROM_CLOSE));
    CHECK(flags_of(event) == HANDLE_FLAG_INHERIT);
    CHECK_QUIET(SetHandleInformation(event, HANDLE_FLAG_PROTECT_FROM_CLOSE, 3));
    CHECK(flags_of(event) == (HANDLE_FLAG_INHERIT | HANDLE_FLAG_PROTECT_FROM_CLOSE));
    CHECK_QUIET(SetHandleInformation(event, 3, HANDLE_FLAG_INHERIT));
    CHECK(flags_of(event) == HANDLE_FLAG_INHERIT);
    CHECK_QUIET(SetHandleInformation(event, HANDLE_FLAG_INHERIT, 0));
    CHECK(flags_of(event) == 0);
    CHECK(CloseHandle(event));
    CHECK_ERROR(SetHandleInformation(event, 1, 1), ERROR_INVALID_HANDLE);
}

/* A protected handle survives CloseHandle until the protection is taken away. */
static void a_protected_handle_is_not_closed(void)
{
    const char *name = NAME("protected");
    HANDLE mapping = new_memory(PAGE_READWRITE, 4096, name);

    CHECK(SetHandleInformation(mapping, HANDLE_FLAG_PROTECT_FROM_CLOSE, HANDLE_FLAG_PROTECT_FROM_CLOSE));
    CHECK_ERROR(CloseHandle(mapping), ERROR_INVALID_HANDLE);
    CHECK(flags_of(mapping) == HANDLE_FLAG_PROTECT_FROM_CLOSE && name_exists(name));
    CHECK(SetHandleInformation(mapping, HANDLE_FLAG_PROTECT_FROM_CLOSE, 0));
    CHECK(CloseHandle(mapping));
    CHECK(!name_exists(name));
}

/* Whether a handle is inherited is said at its birth, by any non-zero value; the object does not remember it. */
static void inheritance_belongs_to_the_handle(void)
{
    const char *name = NAME("inherit");
    SECURITY_ATTRIBUTES attributes;
    HANDLE first, handle;

    attributes.nLength = sizeof attributes;
    attributes.lpSecurityDescriptor = NULL;
    attributes.bInheritHandle = TRUE;
    CHECK_LAST(first = CreateFileMappingA(MEMORY, &attributes, PAGE_READWRITE, 0, 4096, name), ERROR_SUCCESS);
    CHECK(flags_of(first) == HANDLE_FLAG_INHERIT);
    CHECK((handle = OpenFileMappingA(FILE_MAP_READ, FALSE, name)) != NULL && flags_of(handle) == 0);
    CHECK(CloseHandle(handle));
    CHECK((handle = OpenFileMappingA(FILE_MAP_READ, TRUE, name)) != NULL && flags_of(handle) == HANDLE_FLAG_INHERIT);
    CHECK(CloseHandle(handle));
    CHECK((handle = OpenFileMappingA(FILE_MAP_READ, 5, name)) != NULL && flags_of(handle) == HANDLE_FLAG_INHERIT);
    CHECK(CloseHandle(handle));
    CHECK((handle = new_memory(PAGE_READWRITE, 4096, name)) != NULL && flags_of(handle) == 0);
    CHECK(CloseHandle(handle));
    CHECK(CloseHandle(first));

    attributes.bInheritHandle = 2;
    CHECK((handle = CreateEventA(&attributes, TRUE, FALSE, NULL)) != NULL && flags_of(handle) == HANDLE_FLAG_INHERIT);
    CHECK(CloseHandle(handle));
    attributes.bInheritHandle = FALSE;
    CHECK((handle = CreateEventA(&attributes, TRUE, FALSE, NULL)) != NULL && flags_of(handle) == 0);
    CHECK(CloseHandle(handle));
}

/* Programs leave nLength unset, and nobody minds. */
static void the_length_of_the_attributes_is_not_checked(void)
{
    static const DWORD lengths[] = {0, 1, 1000, 0xFFFFFFFFu};
    SECURITY_ATTRIBUTES attributes;
    HANDLE handle;
    size_t i;

    attributes.lpSecurityDescriptor = NULL;
    attributes.bInheritHandle = TRUE;
    for (i = 0; i < sizeof lengths / sizeof lengths[0]; ++i) {
        attributes.nLength = lengths[i];
        CHECK_LAST(handle = CreateFileMappingA(MEMORY, &attributes, PAGE_READWRITE, 0, 4096, NULL), ERROR_SUCCESS);
        CHECK(flags_of(handle) == HANDLE_FLAG_INHERIT);
        CHECK(CloseHandle(handle));
        CHECK_LAST(handle = CreateEventW(&attributes, TRUE, FALSE, NULL), ERROR_SUCCESS);
        CHECK(flags_of(handle) == HANDLE_FLAG_INHERIT);
        CHECK(CloseHandle(handle));
    }
}

/* Two handles are the same object or they are not, whatever their rights. */
static void handles_can_be_compared(void)
{
    const char *name = NAME("compare");
    HANDLE one = new_memory(PAGE_READWRITE, 4096, name), same = OpenFileMappingA(FILE_MAP_WRITE, FALSE, name);
    HANDLE other = new_memory(PAGE_READWRITE, 4096, NULL), event = CreateEventA(NULL, TRUE, FALSE, NULL);

    CHECK_QUIET(CompareObjectHandles(one, one));
    CHECK_QUIET(CompareObjectHandles(one, same));
    CHECK_ERROR(CompareObjectHandles(one, other), ERROR_NOT_SAME_OBJECT);
    CHECK_ERROR(CompareObjectHandles(one, event), ERROR_NOT_SAME_OBJECT);
    CHECK_ERROR(CompareObjectHandles(one, GARBAGE_HANDLE), ERROR_INVALID_HANDLE);
    CHECK_ERROR(CompareObjectHandles(NULL, one), ERROR_INVALID_HANDLE);
    CHECK(CloseHandle(other));
    CHECK_ERROR(CompareObjectHandles(one, other), ERROR_INVALID_HANDLE);
    CHECK(CloseHandle(same));
    CHECK(CloseHandle(event));
    CHECK(CloseHandle(one));
}

/* Many handles live side by side; closing every second one leaves the others alone. */
static void a_thousand_handles_are_kept_apart(void)
{
    static HANDLE handles[1000];
    HANDLE event = CreateEventA(NULL, TRUE, FALSE, NULL);
    int i, right = 0;

    for (i = 0; i < 1000; ++i)
        right += DuplicateHandle(GetCurrentProcess(), event, GetCurrentProcess(), &handles[i], 0, FALSE,
                                 DUPLICATE_SAME_ACCESS) != 0;
    CHECK(right == 1000);
    for (i = 0; i < 1000; i += 2)
        right -= CloseHandle(handles[i]) != 0;
    CHECK(right == 500);
    for (i = 0; i < 1000; ++i)
        right -= SetEvent(handles[i]) == (i % 2 != 0);
    CHECK(right == -500);
    for (i = 1; i < 1000; i += 2)
        right += CloseHandle(handles[i]) != 0;
    CHECK(right == 0);
    CHECK(CloseHandle(event));
}

int main(void)
{
    check_begin();
    a_handle_is_closed_once();
    nonsense_is_not_closed();
    the_low_two_bits_are_ignored();
    pseudo_handles_are_never_closed();
    flags_change_by_mask();
    a_protected_handle_is_not_closed();
    inheritance_belongs_to_the_handle();
    the_length_of_the_attributes_is_not_checked();
    handles_can_be_compared();
    a_thousand_handles_are_kept_apart();
    return check_end();
}
