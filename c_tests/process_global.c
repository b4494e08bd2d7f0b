/*
 * process_global.c - Global\ and WINSHM_DIR, which an administrator and a set-uid
 * program bring into play. Both need root; others skip, and say so.
 */
#include "check.h"

#include <fcntl.h>
#include <sys/stat.h>

#define NOBODY 65534

static const char *below(const char *directory, const char *name)
{
    static char paths[8][512];
    static int next;
    char *path = paths[next++ % 8];

    snprintf(path, sizeof paths[0], "%s/%s", directory, name);
    return path;
}

/*
 * Creates Global\NAME in a new process, as this user; says where its file was: 'm'achine-wide, 'o'wn, or the last digit
 * of the error. A new process, because each looks for the directories once.
 */
static char create_global(uid_t user, const char *name)
{
    PEER child = fork_peer();

    if (child.pid == 0) {
        char uid[16];

        snprintf(uid, sizeof uid, "%u", (unsigned)user);
        setenv("CHECK_UID", uid, 1);
        execl("/proc/self/exe", "check", "peer", name, "-", (char *)NULL);
        _exit(127);
    }
    return (char)end_of(&child);
}

static int created_global(const char *name)
{
    char whole[256], file[256];
    HANDLE mapping;
    DWORD error;

    if (setgid(NOBODY) != 0 || setuid((uid_t)atoi(getenv("CHECK_UID"))) != 0)
        return '?';
    snprintf(whole, sizeof whole, "Global\\%s", name);
    snprintf(file, sizeof file, "G.%s", name);
    mapping = new_memory(PAGE_READWRITE, 4096, whole);
    error = GetLastError();
    if (mapping == NULL)
        return (int)('0' + error % 10);
    if (access(below(below(getenv("WINSHM_DIR"), ".winshm-global"), file), F_OK) == 0)
        return 'm';
    return access(below(object_directory(), file), F_OK) == 0 ? 'o' : '?';
}

/* Without the administrator's directory Global\ is the user's own; with it, everybody's who may use it. */
static void global_names_are_where_the_administrator_wants_them(void)
{
    const char *shared = below(getenv("WINSHM_DIR"), ".winshm-global"), *name = NAME("g");

    CHECK(chmod(getenv("WINSHM_DIR"), 01777) == 0);
    CHECK(create_global(0, name) == 'o');
    CHECK(create_global(NOBODY, name) == 'o');
    CHECK(mkdir(shared, 0) == 0 && chmod(shared, 0777) == 0);
    CHECK(create_global(0, name) == 'm');
    CHECK(create_global(NOBODY, name) == 'm');
    CHECK(count_entries(shared) == 0);
    /* Sticky: nobody could remove what another user's killed process left. */
    CHECK(chmod(shared, 01777) == 0);
    CHECK(create_global(0, name) == 'o');
    /* Somebody else's directory is not the administrator's. */
    CHECK(chmod(shared, 0777) == 0 && chown(shared, NOBODY, NOBODY) == 0);
    CHECK(create_global(0, name) == 'o');
    CHECK(rmdir(shared) == 0);
}

/* In the shared directory too an object belongs to its creator: others get 5, whether they open or create. */
static void the_object_of_another_user_is_not_granted(void)
{
    const char *shared = below(getenv("WINSHM_DIR"), ".winshm-global");
    char whole[256];
    const char *name = NAME("mine");
    HANDLE mapping;
    PEER child;

    CHECK(mkdir(shared, 0) == 0 && chmod(shared, 0777) == 0);
    snprintf(whole, sizeof whole, "Global\\%s", name);
    child = fork_peer();
    if (child.pid == 0) {
        mapping = new_memory(PAGE_READWRITE, 4096, whole);
        if (mapping == NULL)
            _exit(3);
        pass_turn(&parent);
        await_turn(&parent);
        CloseHandle(mapping);
        _exit(0);
    }
    await_turn(&child);
    CHECK(create_global(NOBODY, name) == '5');
    pass_turn(&child);
    CHECK(end_of(&child) == 0);
    CHECK(create_global(NOBODY, name) == 'm');
    CHECK(rmdir(shared) == 0);
}

/* A program that gives up its rights after the first call has the names of its new user. */
static void names_follow_the_effective_user(void)
{
    const char *name = NAME("user");
    PEER child = fork_peer();

    if (child.pid == 0) {
        HANDLE first = new_memory(PAGE_READWRITE, 4096, name), second;
        struct stat status;
        char file[512];

        if (first == NULL || setgid(NOBODY) != 0 || setuid(NOBODY) != 0)
            _exit(3);
        second = new_memory(PAGE_READWRITE, 4096, NAME("second"));
        snprintf(file, sizeof file, "%s/.winshm-%d", getenv("WINSHM_DIR"), NOBODY);
        _exit(second != NULL && stat(file, &status) == 0 && status.st_uid == NOBODY && CloseHandle(second) ? 0 : 1);
    }
    CHECK(end_of(&child) == 0);
}

/* A user may not move the names of a program that runs with more rights than he has, nor hear what it tells its debugger. */
static void a_set_uid_program_ignores_the_environment(void)
{
    static char program[512], path[512];
    ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);
    PEER child;

    snprintf(program, sizeof program, "%s", below(getenv("WINSHM_DIR"), "program"));
    CHECK(length > 0);
    {
        char command[2048];

        snprintf(command, sizeof command, "cp '%s' '%s' && chmod 4755 '%s'", path, program, program);
        CHECK(system(command) == 0);
    }
    child = fork_peer();
    if (child.pid == 0) {
        setenv("WINSHM_DEBUG_OUTPUT", "1", 1);
        if (setgid(NOBODY) != 0 || setuid(NOBODY) != 0)
            _exit(3);
        execl(program, "check", "peer", "setuid", "-", (char *)NULL);
        _exit(127);
    }
    CHECK(end_of(&child) == 0);
}
static int creates_outside_winshm_dir(void)
{
    const char *name = NAME("s");
    HANDLE mapping = new_memory(PAGE_READWRITE, 4096, name);
    struct stat status; /* not access, which asks for the real user */
    char file[256];

    snprintf(file, sizeof file, "/dev/shm/.winshm-0/L.%s", name);
    return mapping != NULL && stat(file, &status) == 0 && CloseHandle(mapping) ? 0 : 1;
}

static int tells_its_user_nothing(void)
{
    int ends[2];
    char byte;

    if (pipe2(ends, O_NONBLOCK) != 0 || dup2(ends[1], STDERR_FILENO) < 0)
        return 1;
    OutputDebugStringA("secret");
    return read(ends[0], &byte, 1) == -1 && errno == EAGAIN ? 0 : 1;
}

int main(int argc, char **argv)
{
    check_begin();
    if (plays(argc, argv, "setuid"))
        return creates_outside_winshm_dir() | tells_its_user_nothing();
    if (argc == 4)
        return created_global(argv[2]);
    if (geteuid() != 0) {
        printf("SKIPPED: needs root\n");
        return 77;
    }
    use_private_directory();
    global_names_are_where_the_administrator_wants_them();
    the_object_of_another_user_is_not_granted();
    names_follow_the_effective_user();
    a_set_uid_program_ignores_the_environment();
    return check_end();
}
