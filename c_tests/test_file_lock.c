/*
 * test_file_lock.c - locks of bytes within one process: whom they keep out, and how
 * they end. Between processes: process_file_lock.c.
 */
#include "files.h"

#ifndef ERROR_INVALID_LOCK_RANGE /* mingw-w64 10 */
#define ERROR_INVALID_LOCK_RANGE 307
#endif

enum { NOW = LOCKFILE_FAIL_IMMEDIATELY, ALONE = LOCKFILE_EXCLUSIVE_LOCK };

static OVERLAPPED at(DWORD offset)
{
    OVERLAPPED overlapped;

    memset(&overlapped, 0, sizeof overlapped);
    overlapped.Offset = offset;
    return overlapped;
}
static BOOL lock(HANDLE file, DWORD flags, DWORD offset, DWORD length)
{
    OVERLAPPED overlapped = at(offset);

    return LockFileEx(file, flags, 0, length, 0, &overlapped);
}
static BOOL unlock(HANDLE file, DWORD offset, DWORD length)
{
    OVERLAPPED overlapped = at(offset);

    return UnlockFileEx(file, 0, length, 0, &overlapped);
}
static BOOL read_at(HANDLE file, DWORD offset, DWORD length)
{
    OVERLAPPED overlapped = at(offset);
    char buffer[64];
    DWORD count;

    return ReadFile(file, buffer, length, &count, &overlapped);
}
static BOOL write_at(HANDLE file, DWORD offset, DWORD length)
{
    static const char text[65] = "################################################################";
    OVERLAPPED overlapped = at(offset);
    DWORD count;

    return WriteFile(file, text, length, &count, &overlapped);
}

static void a_lock_is_for_one_file_object_and_holds_for_reads_and_writes(const char *path)
{
    HANDLE owner = open_file(path, READ_WRITE), other = open_file(path, READ_WRITE), twin = NULL;

    CHECK_QUIET(LockFile(owner, 10, 0, 10, 0));
    CHECK(read_at(owner, 10, 10) && write_at(owner, 15, 2));
    CHECK_ERROR(read_at(other, 5, 6), ERROR_LOCK_VIOLATION);
    CHECK_ERROR(write_at(other, 19, 1), ERROR_LOCK_VIOLATION);
    CHECK(read_at(other, 0, 10) && write_at(other, 20, 4));

    /* Duplicates are the same object. */
    CHECK(DuplicateHandle(GetCurrentProcess(), owner, GetCurrentProcess(), &twin, 0, FALSE, DUPLICATE_SAME_ACCESS));
    CHECK(read_at(twin, 10, 10));
    CHECK(CloseHandle(owner));
    CHECK_ERROR(read_at(other, 10, 1), ERROR_LOCK_VIOLATION);
    CHECK_QUIET(UnlockFile(twin, 10, 0, 10, 0));
    CHECK(read_at(other, 10, 1));

    /* The last handle takes the locks with it. */
    CHECK(LockFile(twin, 0, 0, 1, 0));
    CHECK(CloseHandle(twin));
    CHECK(read_at(other, 0, 1));
    CHECK(CloseHandle(other));
}

static void exclusive_locks_overlap_nothing_and_shared_ones_each_other(const char *path)
{
    HANDLE first = open_file(path, READ_WRITE), second = open_file(path, GENERIC_READ);

    CHECK_QUIET(lock(first, NOW | ALONE, 0, 10));
    CHECK_ERROR(lock(first, NOW | ALONE, 9, 1), ERROR_LOCK_VIOLATION);
    CHECK_ERROR(LockFile(first, 0, 0, 1, 0), ERROR_LOCK_VIOLATION);
    CHECK_ERROR(lock(second, NOW, 9, 1), ERROR_LOCK_VIOLATION);
    CHECK(unlock(first, 0, 10));

    CHECK_QUIET(lock(first, NOW, 0, 10));
    CHECK_QUIET(lock(second, NOW, 5, 10));
    CHECK_ERROR(lock(first, NOW | ALONE, 12, 1), ERROR_LOCK_VIOLATION);
    CHECK_ERROR(write_at(first, 0, 1), ERROR_LOCK_VIOLATION); /* nobody writes, not the owner either */
    CHECK(read_at(first, 0, 20) && read_at(second, 0, 20));
    CHECK(unlock(first, 0, 10) && unlock(second, 5, 10));
    CHECK(write_at(first, 0, 10));
    CHECK(CloseHandle(first) && CloseHandle(second));
}

static void what_is_unlocked_must_have_been_locked_so(const char *path)
{
    HANDLE file = open_file(path, READ_WRITE), other = open_file(path, READ_WRITE);

    CHECK_ERROR(UnlockFile(file, 0, 0, 1, 0), ERROR_NOT_LOCKED);
    CHECK(LockFile(file, 0, 0, 10, 0));
    CHECK_ERROR(UnlockFile(file, 0, 0, 5, 0), ERROR_NOT_LOCKED);
    CHECK_ERROR(UnlockFile(file, 1, 0, 9, 0), ERROR_NOT_LOCKED);
    CHECK_ERROR(UnlockFile(other, 0, 0, 10, 0), ERROR_NOT_LOCKED);
    CHECK_QUIET(UnlockFile(file, 0, 0, 10, 0));
    CHECK_ERROR(UnlockFile(file, 0, 0, 10, 0), ERROR_NOT_LOCKED);

    /* An exclusive and a shared lock of the same bytes need two: the exclusive one ends first. */
    CHECK(lock(file, NOW | ALONE, 0, 10) && lock(file, NOW, 0, 10));
    CHECK(unlock(file, 0, 10));
    CHECK(read_at(other, 0, 10));
    CHECK_ERROR(write_at(other, 0, 10), ERROR_LOCK_VIOLATION);
    CHECK(unlock(file, 0, 10) && write_at(other, 0, 10));
    CHECK(CloseHandle(file) && CloseHandle(other));
}

/* How programs lock a whole file. */
static void everything_can_be_locked(const char *path)
{
    HANDLE file = open_file(path, READ_WRITE), other = open_file(path, READ_WRITE);

    CHECK_QUIET(LockFile(file, 0, 0, 0xFFFFFFFF, 0xFFFFFFFF));
    CHECK_ERROR(read_at(other, 63, 1), ERROR_LOCK_VIOLATION);
    CHECK_ERROR(LockFile(other, 0, 0x70000000, 1, 0), ERROR_LOCK_VIOLATION);
    CHECK_QUIET(UnlockFile(file, 0, 0, 0xFFFFFFFF, 0xFFFFFFFF));
    CHECK_ERROR(LockFile(file, 2, 0, 0xFFFFFFFF, 0xFFFFFFFF), ERROR_INVALID_LOCK_RANGE);
    CHECK(open_file(path, GENERIC_READ) != NULL); /* a locked file can be opened */
    CHECK(CloseHandle(file) && CloseHandle(other));
}

static void arguments_are_checked(const char *path)
{
    HANDLE file = open_file(path, READ_WRITE), blind = open_file(path, 0);
    OVERLAPPED overlapped = at(0);

    CHECK_ERROR(LockFileEx(file, NOW, 0, 1, 0, NULL), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(LockFileEx(file, NOW, 1, 1, 0, &overlapped), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(LockFileEx(file, 4, 0, 1, 0, &overlapped), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(UnlockFileEx(file, 1, 1, 0, &overlapped), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(UnlockFileEx(file, 0, 1, 0, NULL), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(LockFile(NULL, 0, 0, 1, 0), ERROR_INVALID_HANDLE);
    CHECK_ERROR(LockFile(blind, 0, 0, 1, 0), ERROR_ACCESS_DENIED);
    CHECK(CloseHandle(file) && CloseHandle(blind));
}

int main(void)
{
    const char *path = file_path("lock");

    check_begin();
    put(path, "0123456789012345678901234567890123456789012345678901234567890123");
    a_lock_is_for_one_file_object_and_holds_for_reads_and_writes(path);
    exclusive_locks_overlap_nothing_and_shared_ones_each_other(path);
    what_is_unlocked_must_have_been_locked_so(path);
    everything_can_be_locked(path);
    arguments_are_checked(path);
    unlink(path);
    return check_end();
}
