/*
 * test_garbage.c - every function is handed NULL, garbage, closed handles and
 * objects of the wrong type. It says so, and nothing that existed is changed.
 */
#include "check.h"

/* What must not change. */
static const char *mapping_name, *event_name;
static HANDLE mapping, event, closed;
static char *view, *private_memory;

static void set_up(void)
{
    mapping_name = NAME("mapping");
    event_name = NAME("event");
    mapping = new_memory(PAGE_READWRITE, 0x10000, mapping_name);
    event = CreateEventA(NULL, TRUE, FALSE, event_name);
    closed = CreateEventA(NULL, TRUE, FALSE, NULL);
    CHECK(mapping != NULL && event != NULL && closed != NULL && CloseHandle(closed));
    view = view_of(mapping, FILE_MAP_WRITE);
    private_memory = (char *)VirtualAlloc(NULL, 4096, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    CHECK(view != NULL && private_memory != NULL);
    view[0] = 1;
    view[0xFFFF] = 2;
    private_memory[0] = 3;
}

/* Everything is as it was set up, and still works. */
static void nothing_has_changed(void)
{
    MEMORY_BASIC_INFORMATION info;
    DWORD flags = 99;
    HANDLE again;

    CHECK(view[0] == 1 && view[0xFFFF] == 2 && private_memory[0] == 3);
    view[0] = 1;
    private_memory[0] = 3;
    CHECK(VirtualQuery(view, &info, sizeof info) != 0 && info.RegionSize == 0x10000 && info.Protect == PAGE_READWRITE);
    CHECK(GetHandleInformation(mapping, &flags) && flags == 0);
    CHECK(GetHandleInformation(event, &flags) && flags == 0);
    CHECK((again = OpenFileMappingA(FILE_MAP_READ, FALSE, mapping_name)) != NULL && CompareObjectHandles(again, mapping));
    CHECK(CloseHandle(again));
    CHECK((again = OpenEventA(EVENT_MODIFY_STATE, FALSE, event_name)) != NULL && CompareObjectHandles(again, event));
    CHECK(SetEvent(again) && CloseHandle(again));
}

/* Functions on any handle. */
static void handles_that_are_none(HANDLE bad)
{
    HANDLE me = GetCurrentProcess(), target = (HANDLE)&target;
    DWORD flags = 77;

    CHECK_ERROR(CloseHandle(bad), ERROR_INVALID_HANDLE);
    CHECK_ERROR(GetHandleInformation(bad, &flags), ERROR_INVALID_HANDLE);
    CHECK(flags == 77);
    CHECK_ERROR(SetHandleInformation(bad, HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT), ERROR_INVALID_HANDLE);
    CHECK_ERROR(CompareObjectHandles(bad, event), ERROR_INVALID_HANDLE);
    CHECK_ERROR(CompareObjectHandles(event, bad), ERROR_INVALID_HANDLE);
    CHECK_ERROR(DuplicateHandle(me, bad, me, &target, 0, FALSE, DUPLICATE_SAME_ACCESS), ERROR_INVALID_HANDLE);
    CHECK_ERROR(DuplicateHandle(bad, event, me, &target, 0, FALSE, DUPLICATE_SAME_ACCESS), ERROR_INVALID_HANDLE);
    CHECK_ERROR(DuplicateHandle(me, event, bad, &target, 0, FALSE, DUPLICATE_SAME_ACCESS), ERROR_INVALID_HANDLE);
}

/* Functions on mappings. */
static void handles_that_are_no_mapping(HANDLE bad)
{
    CHECK_ERROR(MapViewOfFile(bad, FILE_MAP_READ, 0, 0, 0), ERROR_INVALID_HANDLE);
    CHECK_ERROR(MapViewOfFile(bad, 0, 0, 0, 0), ERROR_INVALID_HANDLE);
    CHECK_ERROR(MapViewOfFileEx(bad, FILE_MAP_WRITE, 0, 0, 0, NULL), ERROR_INVALID_HANDLE);
    CHECK_ERROR(MapViewOfFile(bad, FILE_MAP_READ, 0, 1, 0), ERROR_MAPPED_ALIGNMENT);
}

/* Functions on events. */
static void handles_that_are_no_event(HANDLE bad)
{
    CHECK_ERROR(SetEvent(bad), ERROR_INVALID_HANDLE);
    CHECK_ERROR(ResetEvent(bad), ERROR_INVALID_HANDLE);
}

static void all_handle_functions_refuse_garbage(void)
{
    const HANDLE garbage[] = {NULL, GARBAGE_HANDLE, closed, (HANDLE)(ULONG_PTR)3, (HANDLE)(LONG_PTR)-1000000,
                              (HANDLE)view, (HANDLE)(ULONG_PTR)0x123456789ABCDEF0ull};
    size_t i;

    for (i = 0; i < sizeof garbage / sizeof garbage[0]; ++i) {
        int before = check_failures;

        handles_that_are_none(garbage[i]);
        handles_that_are_no_mapping(garbage[i]);
        handles_that_are_no_event(garbage[i]);
        /* NULL would mean "no file" here. */
        if (garbage[i] != NULL)
            CHECK_ERROR(CreateFileMappingA(garbage[i], NULL, PAGE_READWRITE, 0, 4096, NULL), ERROR_INVALID_HANDLE);
        if (check_failures != before)
            fprintf(stderr, "... with the handle %p\n", garbage[i]);
    }
    handles_that_are_no_mapping(event);
    handles_that_are_no_mapping(GetCurrentProcess());
    handles_that_are_no_mapping(GetCurrentThread());
    handles_that_are_no_event(mapping);
    handles_that_are_no_event(GetCurrentProcess());
    handles_that_are_no_event(GetCurrentThread());
    nothing_has_changed();
}

/* Addresses that belong to nobody, to the kernel, or to the program itself, which no function may take away. */
static void all_address_functions_refuse_garbage(void)
{
    char on_the_stack[64] = "stack";
    void *const addresses[] = {NULL, (void *)(ULONG_PTR)1, (void *)(ULONG_PTR)0x1000,
                               (void *)(ULONG_PTR)0xFFFF800000000000ull, (void *)(LONG_PTR)-1};
    size_t i;
    DWORD old;

    for (i = 0; i < sizeof addresses / sizeof addresses[0]; ++i) {
        int before = check_failures;

        CHECK_ERROR(UnmapViewOfFile(addresses[i]), ERROR_INVALID_ADDRESS);
        CHECK_ERROR_OR_WINE(FlushViewOfFile(addresses[i], 0), ERROR_INVALID_ADDRESS, ERROR_INVALID_PARAMETER);
        CHECK_ERROR_OR_WINE(FlushViewOfFile(addresses[i], 4096), ERROR_INVALID_ADDRESS, ERROR_INVALID_PARAMETER);
        /* Nothing says which of the two codes these two have. */
        CHECK(ON_WINE(addresses[i] == (void *)(ULONG_PTR)1) ||
              (!VirtualFree(addresses[i], 0, MEM_RELEASE) &&
               (GetLastError() == ERROR_INVALID_ADDRESS || GetLastError() == ERROR_INVALID_PARAMETER)));
        CHECK(!VirtualProtect(addresses[i], 4096, PAGE_READONLY, &old) &&
              (GetLastError() == ERROR_INVALID_ADDRESS || GetLastError() == ERROR_INVALID_PARAMETER));
        if (check_failures != before)
            fprintf(stderr, "... with the address %p\n", addresses[i]);
    }
    CHECK_ERROR(UnmapViewOfFile(on_the_stack), ERROR_INVALID_ADDRESS);
    CHECK_ERROR(UnmapViewOfFile(private_memory), ERROR_INVALID_ADDRESS);
    CHECK(!VirtualFree(on_the_stack, 0, MEM_RELEASE));
    CHECK(!VirtualFree((void *)(ULONG_PTR)all_address_functions_refuse_garbage, 0, MEM_RELEASE));
    CHECK(strcmp(on_the_stack, "stack") == 0);
    nothing_has_changed();
}

/* Sizes and offsets that wrap around. */
static void numbers_that_overflow_are_refused(void)
{
    const SIZE_T all = (SIZE_T)-1;
#ifndef __MINGW32__
    DWORD old;
#endif

    CHECK_ERROR(MapViewOfFile(mapping, FILE_MAP_READ, 0, 0, all), ERROR_ACCESS_DENIED);
    CHECK_ERROR(MapViewOfFile(mapping, FILE_MAP_READ, 0, 0, all - 0xFFFF), ERROR_ACCESS_DENIED);
    CHECK(MapViewOfFile(mapping, FILE_MAP_READ, 0xFFFFFFFFu, 0xFFFF0000u, all) == NULL);
    CHECK(!FlushViewOfFile(view, all));
    CHECK(!FlushViewOfFile(view + 4096, all - 4096));
    CHECK(VirtualAlloc(NULL, all, MEM_RESERVE, PAGE_READWRITE) == NULL);
    CHECK(VirtualAlloc(private_memory, all, MEM_COMMIT, PAGE_READWRITE) == NULL);
#ifndef __MINGW32__ /* Wine 8 rounds these up to nothing and goes on */
    CHECK(!VirtualProtect(view, all, PAGE_READONLY, &old));
    CHECK(!VirtualProtect(view + 4096, all - 4096, PAGE_READONLY, &old));
    CHECK(!VirtualFree(private_memory, all, MEM_DECOMMIT));
#endif
    nothing_has_changed();
}

/* Names that are none, for those who open; garbage access, for those who could. */
static void opening_refuses_garbage(void)
{
    CHECK_ERROR(OpenFileMappingA(FILE_MAP_READ, FALSE, NULL), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(OpenFileMappingW(FILE_MAP_READ, FALSE, NULL), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(OpenEventA(SYNCHRONIZE, FALSE, NULL), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(OpenEventW(SYNCHRONIZE, FALSE, NULL), ERROR_INVALID_PARAMETER);
    CHECK_ERROR_OR_WINE(OpenFileMappingA(0x40, FALSE, mapping_name), ERROR_ACCESS_DENIED, SUCCESS);
    CHECK_ERROR_OR_WINE(OpenEventA(0x40, FALSE, event_name), ERROR_ACCESS_DENIED, SUCCESS);
    nothing_has_changed();
}

/* Where a result should go, NULL is not written to. On Windows some of these crash instead. */
static void missing_results_are_refused(void)
{
    CHECK_ERROR(VirtualQuery(view, NULL, sizeof(MEMORY_BASIC_INFORMATION)), ERROR_NOACCESS);
    CHECK_ERROR(VirtualProtect(view, 4096, PAGE_READONLY, NULL), ERROR_NOACCESS);
#ifndef __MINGW32__
    CHECK(!GetHandleInformation(event, NULL));
    CHECK(!QueryPerformanceCounter(NULL));
    CHECK(!QueryPerformanceFrequency(NULL));
    GetSystemInfo(NULL);
    GetNativeSystemInfo(NULL);
#endif
    nothing_has_changed();
}

int main(void)
{
    check_begin();
    set_up();
    all_handle_functions_refuse_garbage();
    all_address_functions_refuse_garbage();
    numbers_that_overflow_are_refused();
    opening_refuses_garbage();
    missing_results_are_refused();
    CHECK(UnmapViewOfFile(view) && VirtualFree(private_memory, 0, MEM_RELEASE));
    CHECK(CloseHandle(mapping) && CloseHandle(event));
    return check_end();
}
