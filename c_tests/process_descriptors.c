/*
 * process_descriptors.c - programs that close descriptors which are not theirs,
 * as daemons do when they start. The library loses what it had there; it never
 * touches what the program opens under the same numbers.
 */
#include "check.h"

#include <fcntl.h>
#include <sys/stat.h>

static void close_everything(void)
{
    int number;

    for (number = 3; number < 1024; ++number)
        close(number);
}

static const char *in_directory(const char *name)
{
    static char paths[4][256];
    static int next;
    char *path = paths[next++ % 4];

    snprintf(path, sizeof paths[0], "%s/%s", getenv("WINSHM_DIR"), name);
    return path;
}

/* A daemon with a section closes everything, then takes a lock on its pid file, which gets the section's number. */
static void a_pid_file_keeps_its_lock(short command_is_ofd)
{
    const char *path = in_directory("pid");
    HANDLE mapping = new_memory(PAGE_READWRITE, 4096, NAME("pid"));
    struct flock lock;
    int file, other;

    close_everything();
    file = open(path, O_RDWR | O_CREAT, 0600);
    memset(&lock, 0, sizeof lock);
    lock.l_type = F_WRLCK;
    CHECK(fcntl(file, command_is_ofd ? F_OFD_SETLK : F_SETLK, &lock) == 0);
    CHECK(CloseHandle(mapping));
    CHECK(fcntl(file, F_GETFD) >= 0);
    if (command_is_ofd) {
        other = open(path, O_RDWR);
        lock.l_type = F_WRLCK;
        CHECK(fcntl(other, F_OFD_GETLK, &lock) == 0 && lock.l_type == F_WRLCK);
        close(other);
    } else if (fork() == 0) {
        lock.l_type = F_WRLCK;
        _exit(fcntl(file, F_GETLK, &lock) == 0 && lock.l_type == F_WRLCK ? 0 : 1);
    } else {
        int status = 1;

        CHECK(wait(&status) > 0 && status == 0);
    }
    close(file);
}

/* Sections and directories that the program opens later are the new owners of the old numbers. */
static void old_handles_do_not_harm_new_objects(void)
{
    const char *old_name = NAME("old"), *new_name = NAME("new");
    HANDLE old_mapping = new_memory(PAGE_READWRITE, 4096, old_name), fresh;
    char *view = view_of(old_mapping, FILE_MAP_WRITE);

    view[0] = 'o';
    close_everything();
    CHECK((fresh = new_memory(PAGE_READWRITE, 4096, new_name)) != NULL);
    CHECK(CloseHandle(old_mapping));
    CHECK(view[0] == 'o' && UnmapViewOfFile(view));
    CHECK(name_exists(new_name));
    if (fork() == 0)
        _exit(name_exists(new_name) ? 0 : 1);
    else {
        int status = 1;

        CHECK(wait(&status) > 0 && status == 0);
    }
    CHECK(CloseHandle(fresh) && !name_exists(new_name));
}

/* It is not that the user may not write: a handle is had, and a view is not. */
static void a_reserved_section_is_not_refused_for_the_want_of_a_right(void)
{
    const char *name = NAME("reserved");
    HANDLE section = new_memory(PAGE_READWRITE | SEC_RESERVE, 65536, name), second;
    pid_t holder = fork();

    if (holder == 0)
        for (alarm(30);;)
            pause();
    close_everything();
    CHECK_QUIET((second = OpenFileMappingA(FILE_MAP_WRITE, FALSE, name)) != NULL);
    CHECK_ERROR(view_of(second, FILE_MAP_WRITE), ERROR_INVALID_HANDLE);
    CHECK(CloseHandle(second) && CloseHandle(section));
    CHECK(kill(holder, SIGKILL) == 0 && waitpid(holder, NULL, 0) == holder && !name_exists(name));
}

/* The program's own directory gets the number of the library's. No object is made in it. */
static void no_object_goes_into_the_programs_directory(void)
{
    const struct rlimit few = {256, 256}; /* then the library's number is not out of reach */
    int status = 1;

    if (fork() == 0) {
        if (setrlimit(RLIMIT_NOFILE, &few) != 0 || execl("/proc/self/exe", "check", "peer", "few", "-", (char *)NULL))
            _exit(127);
    }
    CHECK(wait(&status) > 0 && status == 0);
}
static int few_descriptors(void)
{
    const char *other = in_directory("other");
    HANDLE mapping = new_memory(PAGE_READWRITE, 4096, NAME("first"));
    int i;

    CHECK(mapping != NULL && mkdir(other, 0700) == 0);
    close_everything();
    for (i = 0; i < 8; ++i)
        CHECK(open(other, O_RDONLY | O_DIRECTORY) >= 0);
    CHECK((mapping = new_memory(PAGE_READWRITE, 4096, NAME("second"))) != NULL);
    CHECK(count_entries(other) == 0);
    CHECK(CloseHandle(mapping) && rmdir(other) == 0);
    return check_failures != 0;
}

int main(int argc, char **argv)
{
    check_begin();
    if (plays(argc, argv, "few"))
        return few_descriptors();
    use_private_directory();
    a_pid_file_keeps_its_lock(0);
    a_pid_file_keeps_its_lock(1);
    old_handles_do_not_harm_new_objects();
    a_reserved_section_is_not_refused_for_the_want_of_a_right();
    no_object_goes_into_the_programs_directory();
    return check_end();
}
