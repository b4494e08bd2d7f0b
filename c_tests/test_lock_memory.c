/*
 * test_lock_memory.c - VirtualLock and VirtualUnlock: which pages can be kept in
 * memory, all or none, and how much. Wine locks nothing, so this is for Linux.
 */
#include "check.h"

#define PAGE 4096u

/* Kilobytes that the kernel keeps in memory for this process. */
static long locked_kib(void)
{
    FILE *status = fopen("/proc/self/status", "r");
    char line[256];
    long kib = -1;

    while (status != NULL && fgets(line, sizeof line, status) != NULL)
        if (sscanf(line, "VmLck: %ld kB", &kib) == 1)
            break;
    if (status != NULL)
        fclose(status);
    return kib;
}

static char *new_pages(SIZE_T pages)
{
    char *memory = (char *)VirtualAlloc(NULL, pages * PAGE, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);

    CHECK(memory != NULL);
    return memory;
}

/* Pages are locked whole, however few bytes of them are named, and once however often. */
static void pages_are_locked_once_and_unlocked_once(void)
{
    long before = locked_kib();
    char *memory = new_pages(4);

    CHECK_QUIET(VirtualLock(memory + PAGE - 1, 2));
    CHECK(locked_kib() == before + 8);
    CHECK_QUIET(VirtualLock(memory, 3 * PAGE));
    CHECK_QUIET(VirtualLock(memory, 3 * PAGE));
    CHECK(locked_kib() == before + 12);
    CHECK_QUIET(VirtualUnlock(memory, 3 * PAGE));
    CHECK(locked_kib() == before);
    CHECK_ERROR(VirtualUnlock(memory, 3 * PAGE), ERROR_NOT_LOCKED);
    CHECK_QUIET(VirtualFree(memory, 0, MEM_RELEASE));
}

/* One page that is not locked: all stay as they are. */
static void unlocking_is_for_all_pages_or_none(void)
{
    long before = locked_kib();
    char *memory = new_pages(4);

    CHECK_QUIET(VirtualLock(memory, PAGE));
    CHECK_QUIET(VirtualLock(memory + 2 * PAGE, 2 * PAGE));
    memory[PAGE] = 7;
    CHECK_ERROR(VirtualUnlock(memory, 4 * PAGE), ERROR_NOT_LOCKED);
    CHECK(locked_kib() == before + 12 && memory[PAGE] == 7);
    CHECK_QUIET(VirtualUnlock(memory + 2 * PAGE, 2 * PAGE));
    CHECK_QUIET(VirtualUnlock(memory, 1));
    CHECK(locked_kib() == before);
    CHECK_QUIET(VirtualFree(memory, 0, MEM_RELEASE));
}

/* One page that cannot be locked: none is, and what was locked before stays locked. */
static void locking_is_for_all_pages_or_none(void)
{
    long before = locked_kib();
    char *memory = (char *)VirtualAlloc(NULL, 8 * PAGE, MEM_RESERVE, PAGE_READWRITE);
    DWORD old;

    CHECK_ERROR(VirtualLock(memory, PAGE), ERROR_INVALID_ADDRESS);
    CHECK(VirtualAlloc(memory, 4 * PAGE, MEM_COMMIT, PAGE_READWRITE) == memory);
    CHECK_ERROR(VirtualLock(memory, 5 * PAGE), ERROR_INVALID_ADDRESS);
    CHECK(locked_kib() == before);
    CHECK_QUIET(VirtualLock(memory, PAGE));
    CHECK(VirtualProtect(memory + 2 * PAGE, PAGE, PAGE_NOACCESS, &old));
    CHECK_ERROR(VirtualLock(memory, 4 * PAGE), ERROR_NOACCESS);
    CHECK(locked_kib() == before + 4);
    CHECK_QUIET(VirtualFree(memory, 0, MEM_RELEASE));
    CHECK(locked_kib() == before);
    CHECK_ERROR(VirtualLock(memory, PAGE), ERROR_INVALID_ADDRESS);
    CHECK_ERROR(VirtualUnlock(memory, PAGE), ERROR_INVALID_ADDRESS);
}

static void impossible_ranges_are_refused(void)
{
    char *memory = new_pages(1);

    CHECK_ERROR(VirtualLock(NULL, PAGE), ERROR_INVALID_ADDRESS);
    CHECK_ERROR(VirtualUnlock(NULL, PAGE), ERROR_INVALID_ADDRESS);
    CHECK_ERROR(VirtualLock(memory, 0), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(VirtualUnlock(memory, 0), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(VirtualLock(memory, (SIZE_T)-1), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(VirtualUnlock(memory, (SIZE_T)-1), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(VirtualLock((LPVOID)(ULONG_PTR)0xFFFF800000000000u, 1), ERROR_INVALID_PARAMETER);
    CHECK_QUIET(VirtualFree(memory, 0, MEM_RELEASE));
}

/* What the program got elsewhere can be locked too: a password on the heap or the stack. */
static void memory_of_the_program_is_locked_too(void)
{
    char secret[3 * PAGE], *heap = (char *)malloc(64 * PAGE);
    long before = locked_kib();

    memset(secret, 1, sizeof secret);
    CHECK_QUIET(VirtualLock(secret, sizeof secret));
    CHECK(locked_kib() >= before + 12);
    CHECK_QUIET(VirtualUnlock(secret, sizeof secret));
    CHECK_QUIET(VirtualLock(heap, 64 * PAGE));
    CHECK(locked_kib() >= before + 256);
    CHECK_QUIET(VirtualUnlock(heap, 64 * PAGE));
    free(heap);
}

/* Every kind of view; unmapping unlocks. Pages of a reserved section must be committed. */
static void views_are_locked(void)
{
    static const DWORD kinds[] = {FILE_MAP_WRITE, FILE_MAP_READ, FILE_MAP_COPY};
    HANDLE mapping = new_memory(PAGE_READWRITE, 4 * PAGE, NULL);
    long before = locked_kib();
    char *view;
    size_t i;

    for (i = 0; i < sizeof kinds / sizeof kinds[0]; ++i) {
        CHECK((view = view_of(mapping, kinds[i])) != NULL);
        CHECK_QUIET(VirtualLock(view, 4 * PAGE));
        CHECK(locked_kib() == before + 16);
        CHECK_QUIET(UnmapViewOfFile(view));
        CHECK(locked_kib() == before);
    }
    CHECK(CloseHandle(mapping));
    mapping = new_memory(PAGE_READWRITE | SEC_RESERVE, 4 * PAGE, NULL);
    CHECK((view = view_of(mapping, FILE_MAP_WRITE)) != NULL);
    CHECK_ERROR(VirtualLock(view, PAGE), ERROR_INVALID_ADDRESS);
    CHECK(VirtualAlloc(view + PAGE, PAGE, MEM_COMMIT, PAGE_READWRITE) != NULL);
    CHECK_QUIET(VirtualLock(view + PAGE, PAGE));
    CHECK_ERROR(VirtualLock(view + PAGE, 2 * PAGE), ERROR_INVALID_ADDRESS);
    CHECK(UnmapViewOfFile(view) && CloseHandle(mapping));
}

/* Locking is no writing: the pages of a copy view still follow the section. */
static void a_locked_copy_view_still_follows_the_section(void)
{
    HANDLE mapping = new_memory(PAGE_READWRITE, 2 * PAGE, NULL);
    char *view = view_of(mapping, FILE_MAP_WRITE), *copy = view_of(mapping, FILE_MAP_COPY);
    MEMORY_BASIC_INFORMATION info;

    CHECK_QUIET(VirtualLock(copy, 2 * PAGE));
    CHECK(VirtualQuery(copy, &info, sizeof info) == sizeof info && info.Protect == PAGE_WRITECOPY);
    view[0] = 'a';
    CHECK(copy[0] == 'a');
    copy[0] = 'b';
    CHECK(view[0] == 'a' && copy[0] == 'b');
    view[PAGE] = 'c';
    CHECK(copy[PAGE] == 'c');
    CHECK_QUIET(VirtualUnlock(copy, 2 * PAGE));
    CHECK(UnmapViewOfFile(copy) && UnmapViewOfFile(view) && CloseHandle(mapping));
}

/* More than the limit is refused as a whole. Root has none, so another user tries. */
static int lock_beyond_the_limit(rlim_t limit)
{
    const struct rlimit few = {limit, limit};
    char *memory;

    CHECK(setrlimit(RLIMIT_MEMLOCK, &few) == 0 && (geteuid() != 0 || setuid(65534) == 0));
    memory = new_pages(16);
    CHECK_ERROR(VirtualLock(memory, 16 * PAGE), ERROR_WORKING_SET_QUOTA);
    CHECK(locked_kib() == 0);
    if (limit != 0) {
        CHECK_QUIET(VirtualLock(memory, 8 * PAGE));
        CHECK_ERROR(VirtualLock(memory, 9 * PAGE), ERROR_WORKING_SET_QUOTA);
        CHECK(locked_kib() == 32);
        CHECK_QUIET(VirtualUnlock(memory, 8 * PAGE));
    }
    return check_failures;
}
static void the_limit_of_the_process_holds(void)
{
    static const rlim_t limits[] = {8 * PAGE, 0};
    size_t i;

    for (i = 0; i < 2; ++i) {
        PEER other = fork_peer();

        if (other.pid == 0)
            _exit(lock_beyond_the_limit(limits[i]) == 0 ? 0 : 1);
        CHECK(end_of(&other) == 0);
    }
}

/* A child process has the memory and not the lock. */
static void a_child_does_not_inherit_the_lock(void)
{
    char *memory = new_pages(2);
    PEER child;

    CHECK_QUIET(VirtualLock(memory, 2 * PAGE));
    child = fork_peer();
    if (child.pid == 0) {
        CHECK_ERROR(VirtualUnlock(memory, 2 * PAGE), ERROR_NOT_LOCKED);
        _exit(check_failures == 0 ? 0 : 1);
    }
    CHECK(end_of(&child) == 0);
    CHECK_QUIET(VirtualUnlock(memory, 2 * PAGE));
    CHECK_QUIET(VirtualFree(memory, 0, MEM_RELEASE));
}

int main(void)
{
    check_begin();
    pages_are_locked_once_and_unlocked_once();
    unlocking_is_for_all_pages_or_none();
    locking_is_for_all_pages_or_none();
    impossible_ranges_are_refused();
    memory_of_the_program_is_locked_too();
    views_are_locked();
    a_locked_copy_view_still_follows_the_section();
    the_limit_of_the_process_holds();
    a_child_does_not_inherit_the_lock();
    return check_end();
}
