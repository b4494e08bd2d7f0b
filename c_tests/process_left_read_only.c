/*
 * process_left_read_only.c - a program makes a segment that even its own user may only read, and is
 * killed. The name is free then, as after every end. Needs root, whom no mode keeps out, to become
 * another user; others skip, and say so.
 */
#include "other_user.h"

static int create_and_be_killed(const char *name)
{
    SharedMemory *memory = NULL;

    CREATES(SharedMemoryCreateMode(name, 4096, 0444, &memory));
    WORKS(SharedMemoryWrite(memory, "left", 5));
    raise(SIGKILL);
    return 1;
}
static int create_again(const char *name)
{
    SharedMemory *memory = NULL;
    char first = 'x';

    CREATES(SharedMemoryCreate(name, 4096, &memory));
    CHECK(SharedMemoryRead(memory, &first, 1) == 0 && first == 0 && stat_of(memory).mode == 0600);
    WORKS(SharedMemoryClose(memory));
    return check_failures != 0;
}
static int find_nothing(const char *name)
{
    CHECK_ERROR(OpenFileMappingA(FILE_MAP_READ, FALSE, name), ERROR_FILE_NOT_FOUND);
    return check_failures != 0;
}
/* Nobody takes the name, or the mode, from who lives. */
static int keep_it_as_it_is(const char *name)
{
    SharedMemory *memory = NULL;
    PEER other;

    CREATES(SharedMemoryCreateMode(name, 4096, 0444, &memory));
    other = fork_peer();
    if (other.pid == 0)
        execl("/proc/self/exe", "check", "peer", "refused", name, (char *)NULL);
    CHECK(end_of(&other) == 0 && stat_of(memory).mode == 0444);
    WORKS(SharedMemoryClose(memory));
    CHECK_ERROR(OpenFileMappingA(FILE_MAP_READ, FALSE, name), ERROR_FILE_NOT_FOUND);
    return check_failures != 0;
}
static int be_refused(const char *name)
{
    SharedMemory *memory = NULL;

    FAILS(SharedMemoryCreate(name, 4096, &memory), SHARED_MEMORY_ACCESS_DENIED);
    WORKS(SharedMemoryOpenReadOnly(name, &memory));
    WORKS(SharedMemoryClose(memory));
    return check_failures != 0;
}

int main(int argc, char **argv)
{
    static const ROLE roles[] = {
        {"killed", create_and_be_killed}, {"next", create_again}, {"looking", find_nothing}, {"living", keep_it_as_it_is},
    };
    const char *name = NAME("left");
    PEER killed;
    int i;

    check_begin();
    if (plays(argc, argv, "refused"))
        return be_refused(argv[3]);
    play_other(argc, argv, roles, sizeof roles / sizeof *roles);
    need_root();
    use_directory_of_all();
    for (i = 0; i < 2; ++i) {
        killed = start_peer("killed", name);
        CHECK(end_of(&killed) == 128 + SIGKILL);
        CHECK(other_can(i == 0 ? "next" : "looking", name));
    }
    CHECK(other_can("living", name));
    return check_end();
}
