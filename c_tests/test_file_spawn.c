/*
 * test_file_spawn.c - a program that another thread starts has every open file for a moment,
 * until its exec. What is closed meanwhile is closed all the same: nobody is kept out.
 */
#include "files.h"

#include <fcntl.h>
#include <pthread.h>
#include <spawn.h>
#include <sys/wait.h>

extern char **environ;

static const char *begun, *may_go_on;

/* Starts a program, which stays before its exec until the test lets it go on. */
static void *start_slowly(void *pid)
{
    char name[] = "true";
    char *arguments[] = {name, NULL};
    posix_spawn_file_actions_t actions;

    posix_spawn_file_actions_init(&actions);
    /* A FIFO is open when both ends are. */
    posix_spawn_file_actions_addopen(&actions, 100, begun, O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 101, may_go_on, O_RDONLY, 0);
    CHECK(posix_spawnp((pid_t *)pid, "true", &actions, NULL, arguments, environ) == 0);
    posix_spawn_file_actions_destroy(&actions);
    return NULL;
}

static void what_is_closed_while_a_program_starts_is_closed(void)
{
    const char *path = file_path("alone"), *locked = file_path("locked");
    HANDLE file, other, first, second;
    pthread_t starter;
    pid_t pid = 0;
    int fifo, status = -1;

    put(path, "text"), put(locked, "text");
    CHECK((file = open_shared(path, READ_WRITE, 0)) != NULL);
    CHECK((other = open_shared(path, 0, SHARE_ALL)) != NULL); /* excludes nobody */
    CHECK((first = open_file(locked, READ_WRITE)) != NULL && (second = open_file(locked, GENERIC_READ)) != NULL);
    CHECK_QUIET(LockFile(first, 0, 0, 4, 0));
    CHECK(pthread_create(&starter, NULL, start_slowly, &pid) == 0);
    CHECK((fifo = open(begun, O_RDONLY)) >= 0 && close(fifo) == 0);

    CHECK_ERROR(open_shared(path, GENERIC_READ, SHARE_ALL), ERROR_SHARING_VIOLATION);
    CHECK_ERROR(LockFile(second, 0, 0, 4, 0), ERROR_LOCK_VIOLATION);
    CHECK(CloseHandle(file) && CloseHandle(first));
    CHECK((file = open_shared(path, READ_WRITE, 0)) != NULL);
    CHECK_QUIET(LockFile(second, 0, 0, 4, 0));

    CHECK((fifo = open(may_go_on, O_WRONLY)) >= 0 && close(fifo) == 0);
    CHECK(pthread_join(starter, NULL) == 0 && waitpid(pid, &status, 0) == pid && status == 0);
    CHECK(CloseHandle(file) && CloseHandle(other) && CloseHandle(second));
    unlink(path), unlink(locked);
}

int main(void)
{
    check_begin();
    begun = file_path("begun"), may_go_on = file_path("go-on");
    CHECK(mkfifo(begun, 0600) == 0 && mkfifo(may_go_on, 0600) == 0);
    what_is_closed_while_a_program_starts_is_closed();
    unlink(begun), unlink(may_go_on);
    return check_end();
}
