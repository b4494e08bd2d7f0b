/*
 * process_full.c - a /dev/shm that is too small. What is committed is there, and
 * what is not there was refused with an error; nobody dies of SIGBUS later. Needs
 * root, for a file system of its own; others skip, and say so.
 */
#include "check.h"

#include <sys/mount.h>
#include <sys/statvfs.h>

#define MIB 0x100000u

static void mount_small(const char *size)
{
    char options[32];

    snprintf(options, sizeof options, "size=%s,mode=1777", size);
    if (mount("tmpfs", getenv("WINSHM_DIR"), "tmpfs", 0, options) != 0) {
        printf("SKIPPED: cannot mount a tmpfs (needs root)\n");
        exit(77);
    }
}
static void unmount(void) { umount2(getenv("WINSHM_DIR"), MNT_DETACH); }

static unsigned long long free_bytes(void)
{
    struct statvfs status;

    CHECK(statvfs(getenv("WINSHM_DIR"), &status) == 0);
    return (unsigned long long)status.f_bavail * status.f_frsize;
}

/* More than there is, is refused. What fits can be written to its last byte. */
static void what_is_committed_is_there(void)
{
    HANDLE mapping;
    char *view;

    CHECK_ERROR(new_memory(PAGE_READWRITE, 8 * MIB, NAME("small")), ERROR_COMMITMENT_LIMIT);
    CHECK_ERROR(new_memory(PAGE_READWRITE, 64 * MIB, NAME("large")), ERROR_COMMITMENT_LIMIT);
    CHECK(count_objects() == 0);
    CHECK((mapping = new_memory(PAGE_READWRITE, 3 * MIB, NAME("fits"))) != NULL);
    CHECK_ERROR(new_memory(PAGE_READWRITE, 3 * MIB, NAME("too")), ERROR_COMMITMENT_LIMIT);
    CHECK((view = view_of(mapping, FILE_MAP_WRITE)) != NULL);
    memset(view, 1, 3 * MIB);
    CHECK(UnmapViewOfFile(view) && CloseHandle(mapping));
    CHECK(free_bytes() > 3 * MIB);
}

/* Reserved pages cost nothing; committing more than there is fails and commits nothing. */
static void committing_later_is_held_to_the_same(void)
{
    HANDLE mapping = new_memory(PAGE_READWRITE | SEC_RESERVE, 64 * MIB, NAME("reserve"));
    char *view = view_of(mapping, FILE_MAP_WRITE);
    MEMORY_BASIC_INFORMATION info;

    CHECK(view != NULL);
    CHECK_ERROR(VirtualAlloc(view, 8 * MIB, MEM_COMMIT, PAGE_READWRITE), ERROR_COMMITMENT_LIMIT);
    CHECK(VirtualQuery(view, &info, sizeof info) && info.State == MEM_RESERVE && info.RegionSize == 64 * MIB);
    CHECK(VirtualAlloc(view + MIB, 2 * MIB, MEM_COMMIT, PAGE_READWRITE) == view + MIB);
    memset(view + MIB, 1, 2 * MIB);
    CHECK(UnmapViewOfFile(view) && CloseHandle(mapping));
}

/* When the last byte is taken, every call still says so. */
static void a_full_file_system_is_an_error_and_no_signal(void)
{
    HANDLE mappings[64], event = CreateEventA(NULL, TRUE, FALSE, NAME("event"));
    int count = 0;

    while (count < 64 && (mappings[count] = new_memory(PAGE_READWRITE, MIB / 8, NAME(count % 2 ? "a" : "b"))) != NULL) {
        char *view = view_of(mappings[count], FILE_MAP_WRITE);
        char name[64];

        memset(view, 1, MIB / 8);
        CHECK(UnmapViewOfFile(view));
        snprintf(name, sizeof name, "fill-%d", count);
        CHECK(CloseHandle(mappings[count]));
        if ((mappings[count] = new_memory(PAGE_READWRITE, MIB / 8, name)) == NULL)
            break;
        ++count;
    }
    CHECK(GetLastError() == ERROR_COMMITMENT_LIMIT && count > 10);
    for (;;) {
        char name[64];
        static int events;

        snprintf(name, sizeof name, "event-%d", events++);
        if (CreateEventA(NULL, TRUE, FALSE, name) == NULL)
            break;
    }
    CHECK(GetLastError() == ERROR_COMMITMENT_LIMIT);
    CHECK(SetEvent(event) && ResetEvent(event) && CloseHandle(event));
    while (count > 0)
        CHECK(CloseHandle(mappings[--count]));
}

/* What a killed process left is no reason to refuse anything. */
static void leftovers_make_room(void)
{
    PEER child = fork_peer();
    HANDLE mapping;

    if (child.pid == 0) {
        if (new_memory(PAGE_READWRITE, 3 * MIB, "left") == NULL)
            _exit(3);
        pass_turn(&parent);
        for (;;)
            pause();
    }
    await_turn(&child);
    kill_peer(&child);
    CHECK(free_bytes() < 2 * MIB);
    CHECK((mapping = new_memory(PAGE_READWRITE, 3 * MIB, NAME("next"))) != NULL);
    CHECK(CloseHandle(mapping));
}

/* Above 16 MiB memory is taken when it is touched, unless the environment says otherwise. */
static void large_ones_are_reserved_if_that_is_wanted(int all)
{
    unsigned long long before = free_bytes();
    HANDLE mapping = new_memory(PAGE_READWRITE, 20 * MIB, NAME("large"));

    CHECK(mapping != NULL);
    /* Of a process's own memory nothing is reserved, and what can never be had is refused. */
    CHECK_ERROR(VirtualAlloc(NULL, (SIZE_T)1 << 40, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE), ERROR_COMMITMENT_LIMIT);
    CHECK(all ? before - free_bytes() >= 20 * MIB : before - free_bytes() < MIB);
    CHECK(CloseHandle(mapping));
}

/* A process of its own each: what was chosen by the environment stays chosen. */
static int in_a_process(const char *role)
{
    PEER child = start_peer(role, "-");

    return end_of(&child);
}

int main(int argc, char **argv)
{
    check_begin();
    if (plays(argc, argv, "small")) {
        what_is_committed_is_there();
        committing_later_is_held_to_the_same();
        leftovers_make_room();
        a_full_file_system_is_an_error_and_no_signal();
        return check_failures != 0;
    }
    if (plays(argc, argv, "large") || plays(argc, argv, "all")) {
        large_ones_are_reserved_if_that_is_wanted(plays(argc, argv, "all"));
        return check_failures != 0;
    }
    use_private_directory();
    mount_small("4m");
    CHECK(in_a_process("small") == 0);
    unmount();
    mount_small("32m");
    CHECK(in_a_process("large") == 0);
    CHECK(setenv("WINSHM_RESERVE", "all", 1) == 0);
    CHECK(in_a_process("all") == 0);
    unmount();
    return check_end();
}
