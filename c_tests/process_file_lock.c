/*
 * process_file_lock.c - locks of bytes between processes: who waits, who is let through
 * by what, and what a killed process leaves.
 */
#include "files.h"
#include <fcntl.h>

enum { ROUNDS = 200, COUNTERS = 4 };

static BOOL lock(HANDLE file, DWORD flags, DWORD offset, DWORD length)
{
    OVERLAPPED overlapped;

    memset(&overlapped, 0, sizeof overlapped);
    overlapped.Offset = offset;
    return LockFileEx(file, flags, 0, length, 0, &overlapped);
}

/* Has the first ten bytes locked until it is told to unlock them, or killed. */
static int be_owner(const char *path)
{
    HANDLE file = open_file(path, READ_WRITE);

    if (!LockFile(file, 0, 0, 10, 0))
        return 9;
    pass_turn(&parent);
    await_turn(&parent);
    return UnlockFile(file, 0, 0, 10, 0) ? 0 : 8;
}

static void a_lock_keeps_other_processes_out_until_it_ends(void)
{
    const char *path = file_path("owner");
    HANDLE file;
    char buffer[4];
    DWORD count;
    PEER peer;

    put(path, "0123456789abcdef");
    file = open_file(path, READ_WRITE);
    peer = start_peer("owner", path);
    await_turn(&peer);
    CHECK_ERROR(LockFile(file, 9, 0, 1, 0), ERROR_LOCK_VIOLATION);
    CHECK_ERROR(ReadFile(file, buffer, 4, &count, NULL), ERROR_LOCK_VIOLATION);
    CHECK_ERROR(WriteFile(file, "x", 1, &count, NULL), ERROR_LOCK_VIOLATION);
    CHECK_QUIET(LockFile(file, 10, 0, 1, 0));
    pass_turn(&peer);
    CHECK(end_of(&peer) == 0);
    CHECK(ReadFile(file, buffer, 4, &count, NULL) && count == 4);

    peer = start_peer("owner", path);
    await_turn(&peer);
    CHECK_ERROR(LockFile(file, 0, 0, 1, 0), ERROR_LOCK_VIOLATION);
    kill_peer(&peer);
    CHECK_QUIET(LockFile(file, 0, 0, 1, 0));
    CHECK(CloseHandle(file));
    unlink(path);
}

/* Asks for the lock, and waits. */
static int be_waiter(const char *path)
{
    HANDLE file = open_file(path, READ_WRITE);

    pass_turn(&parent);
    if (!lock(file, LOCKFILE_EXCLUSIVE_LOCK, 0, 10))
        return 9;
    pass_turn(&parent);
    return 0;
}

static void who_waits_for_a_lock_gets_it_from_the_killed_and_from_the_living(void)
{
    const char *path = file_path("waiter");
    HANDLE file;
    PEER owner, waiter;

    put(path, "0123456789");
    owner = start_peer("owner", path);
    await_turn(&owner);
    waiter = start_peer("waiter", path);
    await_turn(&waiter);
    kill_peer(&owner);
    await_turn(&waiter);
    CHECK(end_of(&waiter) == 0);

    file = open_file(path, READ_WRITE);
    CHECK(lock(file, 0, 0, 10)); /* shared; the waiter wants it alone */
    waiter = start_peer("waiter", path);
    await_turn(&waiter);
    CHECK(UnlockFile(file, 0, 0, 10, 0));
    await_turn(&waiter);
    CHECK(end_of(&waiter) == 0);
    CHECK(CloseHandle(file));
    unlink(path);
}

/* Counts in the file, which is right only when nobody else does at the same time. */
static int be_counter(const char *path)
{
    HANDLE file = open_file(path, READ_WRITE);
    int round;

    for (round = 0; round < ROUNDS; ++round) {
        unsigned number;
        DWORD count;

        if (!lock(file, LOCKFILE_EXCLUSIVE_LOCK, 0, 4) || SetFilePointer(file, 0, NULL, FILE_BEGIN) != 0 ||
            !ReadFile(file, &number, sizeof number, &count, NULL) || SetFilePointer(file, 0, NULL, FILE_BEGIN) != 0)
            return 9;
        ++number;
        if (!WriteFile(file, &number, sizeof number, &count, NULL) || !UnlockFile(file, 0, 0, 4, 0))
            return 8;
    }
    return 0;
}

static void what_is_counted_under_a_lock_is_counted_once(void)
{
    const char *path = file_path("counter");
    HANDLE file = new_file(path);
    PEER peers[COUNTERS];
    unsigned number = 0;
    DWORD count;
    int i;

    CHECK(WriteFile(file, &number, sizeof number, &count, NULL));
    for (i = 0; i < COUNTERS; ++i)
        peers[i] = start_peer("counter", path);
    for (i = 0; i < COUNTERS; ++i)
        CHECK(end_of(&peers[i]) == 0);
    CHECK(SetFilePointer(file, 0, NULL, FILE_BEGIN) == 0 && ReadFile(file, &number, sizeof number, &count, NULL));
    CHECK(number == COUNTERS * ROUNDS);
    CHECK(CloseHandle(file));
    unlink(path);
}

/* The locks are the system's: programs without the library see them, and set some. */
static void other_programs_locks_are_respected_both_ways(void)
{
    const char *path = file_path("fcntl");
    HANDLE file;
    int number;
    struct flock range;
    DWORD count;
    char byte;

    put(path, "0123456789");
    file = open_file(path, READ_WRITE);
    number = open(path, O_RDWR | O_CLOEXEC);
    memset(&range, 0, sizeof range);
    range.l_type = F_WRLCK, range.l_whence = SEEK_SET, range.l_start = 2, range.l_len = 3;
    CHECK(fcntl(number, F_OFD_SETLK, &range) == 0);
    CHECK_ERROR(LockFile(file, 4, 0, 1, 0), ERROR_LOCK_VIOLATION);
    CHECK(ReadFile(file, &byte, 1, &count, NULL));
    CHECK(LockFile(file, 6, 0, 1, 0));
    range.l_start = 6, range.l_len = 1;
    CHECK(fcntl(number, F_OFD_SETLK, &range) != 0);
    close(number);
    CHECK(CloseHandle(file));
    unlink(path);
}

int main(int argc, char **argv)
{
    check_begin();
    if (plays(argc, argv, "owner"))
        return be_owner(argv[3]);
    if (plays(argc, argv, "waiter"))
        return be_waiter(argv[3]);
    if (plays(argc, argv, "counter"))
        return be_counter(argv[3]);
    use_private_directory();
    a_lock_keeps_other_processes_out_until_it_ends();
    who_waits_for_a_lock_gets_it_from_the_killed_and_from_the_living();
    what_is_counted_under_a_lock_is_counted_once();
    other_programs_locks_are_respected_both_ways();
    return check_end();
}
