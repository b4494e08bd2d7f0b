/*
 * process_file.c - files between processes: share modes, deletion and positions, and
 * what is left of them when a process is killed, ends or forks.
 */
#include "files.h"

enum { RACERS = 4, ROUNDS = 300 };

static HANDLE open_to_delete(const char *path, DWORD disposition)
{
    HANDLE file =
        CreateFileA(path, READ_WRITE, SHARE_ALL, NULL, disposition, FILE_FLAG_DELETE_ON_CLOSE, NULL);

    return file == INVALID_HANDLE_VALUE ? NULL : file;
}

/* Keeps the file open until it is told to go, or killed. */
static int be_holder(const char *path)
{
    HANDLE file = open_shared(path, GENERIC_READ, FILE_SHARE_READ);

    if (file == NULL)
        return 9;
    pass_turn(&parent);
    await_turn(&parent);
    return CloseHandle(file) ? 0 : 8;
}

static void a_share_mode_holds_for_other_processes_and_ends_with_the_last_handle(void)
{
    const char *path = file_path("holder");
    HANDLE file;
    PEER peer;

    put(path, "text");
    peer = start_peer("holder", path);
    await_turn(&peer);
    CHECK_ERROR(open_file(path, GENERIC_WRITE), ERROR_SHARING_VIOLATION);
    CHECK_ERROR(open_shared(path, GENERIC_READ, 0), ERROR_SHARING_VIOLATION);
    CHECK_ERROR(DeleteFileA(path), ERROR_SHARING_VIOLATION);
    CHECK((file = open_shared(path, GENERIC_READ, FILE_SHARE_READ)) != NULL && CloseHandle(file));
    pass_turn(&peer);
    CHECK(end_of(&peer) == 0);
    CHECK((file = open_shared(path, READ_WRITE, 0)) != NULL && CloseHandle(file));
    unlink(path);
}

static void a_killed_process_keeps_nobody_out(void)
{
    const char *path = file_path("killed");
    HANDLE file;
    PEER peer;

    put(path, "text");
    peer = start_peer("holder", path);
    await_turn(&peer);
    CHECK_ERROR(open_file(path, GENERIC_WRITE), ERROR_SHARING_VIOLATION);
    kill_peer(&peer);
    CHECK((file = open_shared(path, READ_WRITE, 0)) != NULL && CloseHandle(file));
    CHECK(DeleteFileA(path));
}

/* Opens the file for itself alone, over and over; finds it empty, and leaves it empty. */
static int be_racer(const char *path)
{
    int won = 0, lost = 0;

    pass_turn(&parent);
    await_turn(&parent);
    while (won < ROUNDS) {
        HANDLE file = open_shared(path, READ_WRITE, 0);
        DWORD count, before;

        if (file == NULL) {
            if (GetLastError() != ERROR_SHARING_VIOLATION)
                return 9;
            if (++lost % 64 == 0)
                Sleep(1);
            continue;
        }
        before = GetFileSize(file, NULL);
        if (before != 0 || !WriteFile(file, "mine", 4, &count, NULL))
            return 8;
        if (GetFileSize(file, NULL) != 4 || SetFilePointer(file, 0, NULL, FILE_BEGIN) != 0 || !SetEndOfFile(file))
            return 7;
        CloseHandle(file);
        ++won;
    }
    return 0;
}

static void of_many_who_want_a_file_alone_one_has_it_at_a_time(void)
{
    const char *path = file_path("race");
    PEER peers[RACERS];
    int i;

    put(path, "");
    for (i = 0; i < RACERS; ++i) {
        peers[i] = start_peer("racer", path);
        await_turn(&peers[i]);
    }
    for (i = 0; i < RACERS; ++i)
        pass_turn(&peers[i]);
    for (i = 0; i < RACERS; ++i)
        CHECK(end_of(&peers[i]) == 0);
    unlink(path);
}

/* Has a file that is to go with its last handle, until it is told to end, or killed. */
static int be_deleter(const char *path)
{
    HANDLE file = open_to_delete(path, OPEN_ALWAYS);

    pass_turn(&parent);
    await_turn(&parent);
    return file == NULL; /* without closing it */
}

static void a_file_that_was_to_go_with_its_last_handle_goes_with_its_process(void)
{
    const char *path = file_path("deleter");
    HANDLE file;
    PEER peer = start_peer("deleter", path);

    await_turn(&peer);
    CHECK(exists(path));
    CHECK_ERROR(open_shared(path, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE), ERROR_SHARING_VIOLATION);
    pass_turn(&peer);
    CHECK(end_of(&peer) == 0);
    CHECK(!exists(path));

    peer = start_peer("deleter", path);
    await_turn(&peer);
    CHECK((file = open_file(path, GENERIC_READ)) != NULL);
    CHECK(CloseHandle(file));
    kill_peer(&peer);
    CHECK_ERROR(open_file(path, GENERIC_READ), ERROR_FILE_NOT_FOUND);
    CHECK(!exists(path));
    CHECK(count_objects() == 0);
}

/* Whoever begins to use the library finds it; here it looks for something else. */
static int be_newcomer(const char *path)
{
    (void)path;
    return OpenEventA(SYNCHRONIZE, FALSE, NAME("nothing")) != NULL;
}

static void what_a_killed_process_was_to_delete_any_new_process_deletes(void)
{
    const char *path = file_path("newcomer");
    PEER peer = start_peer("deleter", path);

    await_turn(&peer);
    kill_peer(&peer);
    CHECK(exists(path)); /* nobody has looked yet */
    peer = start_peer("newcomer", path);
    CHECK(end_of(&peer) == 0);
    CHECK(!exists(path));
}

/* The same name, perhaps the same number in the file system, and yet another file. */
static void a_later_file_is_not_deleted_for_an_earlier_one(void)
{
    const char *path = file_path("later");
    HANDLE file;
    PEER peer = start_peer("deleter", path);

    await_turn(&peer);
    kill_peer(&peer);
    unlink(path);
    put(path, "later");
    CHECK((file = open_file(path, GENERIC_READ)) != NULL && CloseHandle(file));
    CHECK(holds(path, "later"));
    unlink(path);
}

static void a_forked_child_shares_the_position_and_the_share_mode(void)
{
    const char *path = file_path("fork");
    HANDLE file, other;
    PEER peer;

    put(path, "0123456789");
    file = open_shared(path, GENERIC_READ, 0);
    peer = fork_peer();
    if (peer.pid == 0) {
        char digit = 0;
        DWORD count;
        BOOL read = ReadFile(file, &digit, 1, &count, NULL);

        pass_turn(&parent);
        await_turn(&parent);
        _exit(read && digit == '0' ? 0 : 9);
    }
    await_turn(&peer);
    CHECK(SetFilePointer(file, 0, NULL, FILE_CURRENT) == 1);
    CHECK(CloseHandle(file));
    CHECK_ERROR(open_file(path, GENERIC_READ), ERROR_SHARING_VIOLATION); /* the child has it still */
    pass_turn(&peer);
    CHECK(end_of(&peer) == 0);
    CHECK((other = open_shared(path, READ_WRITE, 0)) != NULL && CloseHandle(other));
    unlink(path);
}

static void a_forked_child_does_not_delete_its_parents_file(void)
{
    const char *path = file_path("fork-delete");
    HANDLE file = open_to_delete(path, CREATE_NEW);
    PEER peer = fork_peer();

    if (peer.pid == 0)
        exit(!CloseHandle(file));
    CHECK(end_of(&peer) == 0);
    CHECK(exists(path));
    CHECK(CloseHandle(file) && !exists(path));
}

int main(int argc, char **argv)
{
    check_begin();
    if (plays(argc, argv, "holder"))
        return be_holder(argv[3]);
    if (plays(argc, argv, "racer"))
        return be_racer(argv[3]);
    if (plays(argc, argv, "deleter"))
        return be_deleter(argv[3]);
    if (plays(argc, argv, "newcomer"))
        return be_newcomer(argv[3]);
    use_private_directory();
    a_share_mode_holds_for_other_processes_and_ends_with_the_last_handle();
    a_killed_process_keeps_nobody_out();
    of_many_who_want_a_file_alone_one_has_it_at_a_time();
    a_file_that_was_to_go_with_its_last_handle_goes_with_its_process();
    what_a_killed_process_was_to_delete_any_new_process_deletes();
    a_later_file_is_not_deleted_for_an_earlier_one();
    a_forked_child_shares_the_position_and_the_share_mode();
    a_forked_child_does_not_delete_its_parents_file();
    return check_end();
}
