/*
 * mistakes.c - makes one mistake, of those that programs from Windows show most. Without an
 * argument it tells which there are. c_tests/trace.sh compares what is traced with
 * docs/tracing.md.
 */
#if !defined(_GNU_SOURCE)
#define _GNU_SOURCE
#endif
#include <windows.h>

#include <SharedMemory.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PAGE = 4096 };

static HANDLE section(const char *name, DWORD size)
{
    return CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, size, name);
}

static void creator_has_ended(void)
{
    pid_t creator = fork();

    if (creator == 0)
        _exit(section("telemetry", PAGE) != NULL);
    waitpid(creator, NULL, 0);
    OpenFileMappingA(FILE_MAP_READ, FALSE, "telemetry");
}
static void closed_while_mapped(void)
{
    HANDLE memory = section("telemetry", PAGE);

    MapViewOfFile(memory, FILE_MAP_WRITE, 0, 0, 0);
    CloseHandle(memory);
    OpenFileMappingA(FILE_MAP_WRITE, FALSE, "Local\\telemetry");
}
static void other_scope(void)
{
    CreateEventA(NULL, FALSE, FALSE, "Global\\ready");
    OpenEventA(SYNCHRONIZE, FALSE, "ready");
}
static void global_of_each_user(void) { OpenEventA(SYNCHRONIZE, FALSE, "Global\\ready"); }
/* Needs root, who can provide a directory for all, and become another user: before the first call. */
static void closed_to_others(void)
{
    char directory[300], byte = 0;
    int begins[2], status;
    HANDLE ready;
    pid_t other;

    snprintf(directory, sizeof directory, "%s/.winshm-global", getenv("WINSHM_DIR"));
    if (mkdir(directory, 0777) != 0 || chmod(directory, 0777) != 0 || pipe(begins) != 0)
        _exit(1);
    other = fork();
    if (other == 0) {
        if (setgroups(0, NULL) != 0 || setgid(65533) != 0 || setuid(65533) != 0 || read(begins[0], &byte, 1) != 1)
            _exit(1);
        OpenEventA(SYNCHRONIZE, FALSE, "Global\\ready");
        _exit(0);
    }
    ready = CreateEventA(NULL, FALSE, FALSE, "Global\\ready");
    if (write(begins[1], &byte, 1) != 1 || waitpid(other, &status, 0) != other || status != 0)
        _exit(1);
    CloseHandle(ready);
    rmdir(directory);
}
static void other_case(void)
{
    CreateMutexA(NULL, FALSE, "MyLock");
    OpenMutexA(SYNCHRONIZE, FALSE, "mylock");
}
static void spelled_prefix(void) { CreateMutexA(NULL, FALSE, "global\\lock"); }
static void path_as_name(void) { section("C:\\temp\\data", PAGE); }
static void backslash(void) { CreateEventA(NULL, FALSE, FALSE, "vendor\\product\\ready"); }
static void leading_backslash(void) { OpenEventA(SYNCHRONIZE, FALSE, "\\ready"); }
static void bare_prefix(void) { OpenSemaphoreA(SYNCHRONIZE, FALSE, "Local\\"); }
static void other_kind(void)
{
    CreateEventA(NULL, FALSE, FALSE, "data");
    section("data", PAGE);
}

/* The functions as a program has them that does not include winshm.h. */
extern HANDLE open_event_of_16_bits(DWORD access, BOOL inherit, const void *name) __asm__("OpenEventW");
extern HANDLE open_event_of_32_bits(DWORD access, BOOL inherit, const void *name) __asm__("winshm_OpenEventW32");

static void text_of_32_bits(void)
{
    static const unsigned name[] = {'r', 'e', 'a', 'd', 'y', 0};

    open_event_of_16_bits(SYNCHRONIZE, FALSE, name);
}
static void text_of_16_bits(void)
{
    static const unsigned short name[] = {'r', 'e', 'a', 'd', 'y', 0, 0, 0};

    open_event_of_32_bits(SYNCHRONIZE, FALSE, name);
}

static void view_wants_more(void)
{
    section("telemetry", PAGE);
    MapViewOfFile(OpenFileMappingA(FILE_MAP_READ, FALSE, "telemetry"), FILE_MAP_ALL_ACCESS, 0, 0, 0);
}
static void page_constant_for_view(void)
{
    section("telemetry", PAGE);
    MapViewOfFile(OpenFileMappingA(FILE_MAP_READ, FALSE, "telemetry"), PAGE_READONLY, 0, 0, 0);
}
static void view_constant_for_section(void)
{
    CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, FILE_MAP_ALL_ACCESS, 0, PAGE, "telemetry");
}
static void offset_of_a_page(void) { MapViewOfFile(section("telemetry", 1 << 20), FILE_MAP_READ, 0, PAGE, 0); }
static void view_beyond_the_end(void) { MapViewOfFile(section("telemetry", PAGE), FILE_MAP_READ, 0, 0, 2 * PAGE); }
static void view_of_read_only_section(void)
{
    HANDLE memory = CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READONLY, 0, PAGE, NULL);

    MapViewOfFile(memory, FILE_MAP_WRITE, 0, 0, 0);
}
static void no_size(void) { section("telemetry", 0); }
static void existing_has_other_size(void)
{
    section("telemetry", PAGE);
    section("telemetry", 1 << 20);
}
static void unmap_null(void) { UnmapViewOfFile(NULL); }
static void unmap_twice(void)
{
    void *view = MapViewOfFile(section("telemetry", PAGE), FILE_MAP_READ, 0, 0, 0);

    UnmapViewOfFile(view);
    UnmapViewOfFile(view);
}

static void close_twice(void)
{
    HANDLE event = CreateEventA(NULL, FALSE, FALSE, NULL);

    CloseHandle(event);
    CloseHandle(event);
}
static void close_a_view(void) { CloseHandle(MapViewOfFile(section("telemetry", PAGE), FILE_MAP_READ, 0, 0, 0)); }
static void use_null(void) { WaitForSingleObject(NULL, INFINITE); }
static void use_invalid(void) { FlushFileBuffers(INVALID_HANDLE_VALUE); }
static void handle_of_another_process(void) { SetEvent((HANDLE)0x1234); }
static void handle_of_other_kind(void) { SetEvent(CreateMutexA(NULL, FALSE, NULL)); }
static void wait_for_section(void) { WaitForSingleObject(section(NULL, PAGE), 0); }
static void wait_without_right(void)
{
    CreateEventA(NULL, FALSE, FALSE, "ready");
    WaitForSingleObject(OpenEventA(EVENT_MODIFY_STATE, FALSE, "ready"), 0);
}
static void set_without_right(void)
{
    CreateEventA(NULL, FALSE, FALSE, "ready");
    SetEvent(OpenEventA(SYNCHRONIZE, FALSE, "ready"));
}

static void release_not_owned(void) { ReleaseMutex(CreateMutexA(NULL, FALSE, NULL)); }
static void release_too_often(void) { ReleaseSemaphore(CreateSemaphoreA(NULL, 1, 1, NULL), 1, NULL); }
static void long_maximum(void) { CreateSemaphoreA(NULL, 0, -1, NULL); }
static void initial_above_maximum(void) { CreateSemaphoreA(NULL, 5, 1, NULL); }

static void too_many_handles(void)
{
    HANDLE handles[MAXIMUM_WAIT_OBJECTS + 1];
    DWORD i;

    for (i = 0; i <= MAXIMUM_WAIT_OBJECTS; ++i)
        handles[i] = CreateEventA(NULL, FALSE, FALSE, NULL);
    WaitForMultipleObjects(MAXIMUM_WAIT_OBJECTS + 1, handles, FALSE, 0);
}
static void same_twice(void)
{
    HANDLE event = CreateEventA(NULL, TRUE, TRUE, NULL), handles[2];

    handles[0] = handles[1] = event;
    WaitForMultipleObjects(2, handles, TRUE, 0);
}

static void routine(LPVOID argument, DWORD low, DWORD high) { (void)argument, (void)low, (void)high; }
static BOOL set_timer(LONGLONG due, LONG period, PTIMERAPCROUTINE completion)
{
    LARGE_INTEGER time;

    time.QuadPart = due;
    return SetWaitableTimer(CreateWaitableTimerA(NULL, FALSE, NULL), &time, period, completion, NULL, FALSE);
}
static void completion_routine(void) { set_timer(-10000000, 0, routine); }
static void due_in_the_past(void) { set_timer(10000000, 0, NULL); }
static void negative_period(void) { set_timer(-10000000, -1000, NULL); }

static void file_of_drive(void)
{
    CreateFileA("C:\\temp\\data.bin", GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL, NULL);
}
static void handle_in_an_int(void) { CloseHandle((HANDLE)(ULONG_PTR)(DWORD)-1); }
static void stream_number(void)
{
    SetHandleInformation((HANDLE)(ULONG_PTR)STD_OUTPUT_HANDLE, HANDLE_FLAG_INHERIT, 0);
}
static void thread_itself(void) { SetEvent(GetCurrentThread()); }
static void duplicate_closed(void)
{
    HANDLE event = CreateEventA(NULL, FALSE, FALSE, NULL), copy;

    CloseHandle(event);
    DuplicateHandle(GetCurrentProcess(), event, GetCurrentProcess(), &copy, 0, FALSE, DUPLICATE_SAME_ACCESS);
}
static HANDLE child(void)
{
    char command[] = "/bin/true";
    STARTUPINFOA startup = {.cb = sizeof startup};
    PROCESS_INFORMATION started;

    CreateProcessA(NULL, command, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &started);
    return started.hProcess;
}
static void duplicate_into_a_child(void)
{
    HANDLE event = CreateEventA(NULL, FALSE, FALSE, NULL), copy;

    DuplicateHandle(GetCurrentProcess(), event, child(), &copy, 0, FALSE, DUPLICATE_SAME_ACCESS);
}
static void duplicate_from_a_child(void)
{
    HANDLE copy;

    DuplicateHandle(child(), (HANDLE)0x1234, GetCurrentProcess(), &copy, 0, FALSE, DUPLICATE_SAME_ACCESS);
}
static void execute_view(void) { MapViewOfFile(section(NULL, PAGE), FILE_MAP_READ | FILE_MAP_EXECUTE, 0, 0, 0); }
static void segment_is_smaller(void)
{
    SharedMemory *first, *second;

    SharedMemoryCreate("telemetry", 64, &first);
    SharedMemoryCreate("telemetry", 1 << 20, &second);
}

static const struct {
    const char *name;
    void (*make)(void);
} mistakes[] = {
#define MISTAKE(name) {#name, name}
    MISTAKE(creator_has_ended), MISTAKE(closed_while_mapped), MISTAKE(other_scope), MISTAKE(other_case),
    MISTAKE(spelled_prefix), MISTAKE(path_as_name), MISTAKE(backslash), MISTAKE(leading_backslash),
    MISTAKE(bare_prefix), MISTAKE(other_kind), MISTAKE(text_of_32_bits), MISTAKE(text_of_16_bits),
    MISTAKE(view_wants_more), MISTAKE(page_constant_for_view), MISTAKE(view_constant_for_section),
    MISTAKE(offset_of_a_page), MISTAKE(view_beyond_the_end), MISTAKE(view_of_read_only_section),
    MISTAKE(no_size), MISTAKE(existing_has_other_size), MISTAKE(unmap_null), MISTAKE(unmap_twice),
    MISTAKE(close_twice), MISTAKE(close_a_view), MISTAKE(use_null), MISTAKE(use_invalid),
    MISTAKE(handle_of_another_process), MISTAKE(handle_of_other_kind), MISTAKE(wait_for_section),
    MISTAKE(wait_without_right), MISTAKE(set_without_right), MISTAKE(release_not_owned),
    MISTAKE(release_too_often), MISTAKE(long_maximum), MISTAKE(initial_above_maximum),
    MISTAKE(too_many_handles), MISTAKE(same_twice), MISTAKE(completion_routine), MISTAKE(due_in_the_past),
    MISTAKE(negative_period), MISTAKE(file_of_drive), MISTAKE(segment_is_smaller),
    MISTAKE(handle_in_an_int), MISTAKE(stream_number), MISTAKE(thread_itself), MISTAKE(duplicate_closed),
    MISTAKE(duplicate_into_a_child), MISTAKE(duplicate_from_a_child), MISTAKE(execute_view),
    MISTAKE(global_of_each_user), MISTAKE(closed_to_others),
};

int main(int count, char **arguments)
{
    size_t i;

    for (i = 0; i < sizeof mistakes / sizeof *mistakes; ++i) {
        if (count < 2)
            puts(mistakes[i].name);
        else if (strcmp(arguments[1], mistakes[i].name) == 0)
            return mistakes[i].make(), 0;
    }
    return count < 2 ? 0 : 2;
}
