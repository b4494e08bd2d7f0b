/*
 * process_umask.c - a program whose umask takes its own rights to what it makes. The library gives itself what it
 * needs: the program's names work, for programs with another umask too, and what is to be deleted is. Where the test
 * is root's, whom no mode keeps out, another user plays it.
 */
#include "check.h"

#include <grp.h>
#include <sys/stat.h>

#define OTHER 65534

static void become_somebody_whom_modes_keep_out(void)
{
    if (geteuid() == 0 && (setgroups(0, NULL) != 0 || setgid(OTHER) != 0 || setuid(OTHER) != 0))
        exit(2);
}

/* What there is to see of an object that somebody holds. */
static int see(const char *tag)
{
    HANDLE event, mapping;

    umask(022);
    (void)tag;
    CHECK_QUIET((event = OpenEventA(EVENT_ALL_ACCESS, FALSE, "event")) != NULL && CloseHandle(event));
    CHECK_QUIET((mapping = OpenFileMappingA(FILE_MAP_WRITE, FALSE, "memory")) != NULL && CloseHandle(mapping));
    return check_failures != 0;
}
static void names_are_for_programs_with_any_umask(void)
{
    HANDLE event, mapping, mutex;
    PEER other;

    CHECK_LAST(event = CreateEventA(NULL, FALSE, FALSE, "event"), ERROR_SUCCESS);
    CHECK_LAST(mapping = CreateFileMappingA(MEMORY, NULL, PAGE_READWRITE, 0, 4096, "memory"), ERROR_SUCCESS);
    CHECK_LAST(mutex = CreateMutexA(NULL, TRUE, "mutex"), ERROR_SUCCESS);
    other = start_peer("see", "-");
    CHECK(end_of(&other) == 0);
    CHECK(ReleaseMutex(mutex) && CloseHandle(mutex) && CloseHandle(event) && CloseHandle(mapping));
    CHECK(count_objects() == 0);
}
/* The note of it, for the case of a kill, is one of those files. */
static void what_is_to_be_deleted_is(void)
{
    char path[300];
    HANDLE file;

    snprintf(path, sizeof path, "%s/deleted", getenv("WINSHM_DIR"));
    file = CreateFileA(path, GENERIC_WRITE, 0, NULL, CREATE_NEW, FILE_FLAG_DELETE_ON_CLOSE, NULL);
    CHECK(file != INVALID_HANDLE_VALUE && count_objects() == 1);
    CHECK(CloseHandle(file));
    CHECK(access(path, F_OK) != 0 && count_objects() == 0);
}

int main(int argc, char **argv)
{
    check_begin();
    if (plays(argc, argv, "see"))
        return see(argv[3]);
    become_somebody_whom_modes_keep_out();
    use_private_directory();
    umask(0777);
    names_are_for_programs_with_any_umask();
    what_is_to_be_deleted_is();
    umask(022);
    CHECK(remove_object_directory());
    return check_end();
}
