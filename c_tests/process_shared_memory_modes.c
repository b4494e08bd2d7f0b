/*
 * process_shared_memory_modes.c - whoever makes a segment uses it, though the mode
 * that he gives it forbids him to open it; and a Create that fails leaves no segment
 * behind. For root no mode forbids anything: then another user tells the story.
 */
#include "other_user.h"

#define SIZE 20000

/* Everything works, with what the maker has. */
static void is_of_use(SharedMemory *memory, int byte)
{
    CHECK(paint(memory, 0, SIZE, byte) == 0 && paint(memory, 5, 10, byte) == 0);
    CHECK(reads(memory, 0, 100, byte) && reads(memory, 0, SIZE, byte));
}
static void a_maker_uses_what_he_may_not_open(int kind)
{
    static const unsigned modes[] = {0444, 0400, 0200, 0222, 0};
    size_t i;

    for (i = 0; i < sizeof modes / sizeof modes[0]; ++i) {
        const char *name = SEGMENT(kind, "made");
        SharedMemory *memory = NULL, *again = NULL;

        CREATES(SharedMemoryCreateMode(name, SIZE, modes[i], &memory));
        is_of_use(memory, '1');
        if (kind != SYSTEM_V || (modes[i] & 0400) != 0) /* IPC_STAT needs a permission */
            CHECK(stat_of(memory).mode == modes[i] && stat_of(memory).sequence == 2 && stat_of(memory).created == 1);
        WORKS(SharedMemorySetMode(memory, 0600));
        WORKS(SharedMemoryOpen(name, &again));
        is_of_use(again, '2');
        CHECK(stat_of(again).mode == 0600 && reads(memory, 0, SIZE, '2'));
        WORKS(SharedMemoryClose(again));
        WORKS(SharedMemoryFree(memory));
        FAILS(SharedMemoryOpen(name, &again), SHARED_MEMORY_NOT_FOUND);
    }
}
/* The mode is changed before the first write. */
static void a_later_mode_takes_nothing_away(int kind)
{
    const char *name = SEGMENT(kind, "later");
    SharedMemory *memory = create(name, SIZE), *reader = NULL;

    WORKS(SharedMemoryOpenReadOnly(name, &reader));
    WORKS(SharedMemorySetMode(memory, 0400));
    is_of_use(memory, '1');
    WORKS(SharedMemorySetMode(memory, 0));
    is_of_use(memory, '2');
    CHECK(reads(reader, 0, 100, '2') && reads(reader, 0, SIZE, '2'));
    WORKS(SharedMemoryClose(reader));
    WORKS(SharedMemoryFree(memory));
}

/* With ever more descriptors, until there are enough. */
static int be_poor(const char *name)
{
    rlim_t more;

    for (more = 0; more < 40; ++more) {
        struct rlimit few = {0, 1024};
        SharedMemory *memory = NULL;
        int next = dup(STDERR_FILENO), result;

        close(next);
        few.rlim_cur = (rlim_t)next + more;
        setrlimit(RLIMIT_NOFILE, &few);
        result = SharedMemoryCreate(name, SIZE, &memory);
        few.rlim_cur = few.rlim_max;
        setrlimit(RLIMIT_NOFILE, &few);
        if (result == 0) {
            CHECK(more > 0);
            WORKS(SharedMemoryFree(memory));
            return check_failures != 0;
        }
        CHECK(result == ERROR_TOO_MANY_OPEN_FILES && memory == NULL);
        FAILS(SharedMemoryOpen(name, &memory), SHARED_MEMORY_NOT_FOUND);
    }
    return 2;
}
static void a_create_that_fails_leaves_nothing(int kind)
{
    const char *name = SEGMENT(kind, "poor");
    PEER child = fork_peer();

    if (child.pid == 0)
        _exit(be_poor(name));
    CHECK(end_of(&child) == 0);
}

static int be_maker(const char *unused)
{
    (void)unused;
    OF_EVERY_KIND(a_maker_uses_what_he_may_not_open);
    OF_EVERY_KIND(a_later_mode_takes_nothing_away);
    OF_EVERY_KIND(a_create_that_fails_leaves_nothing);
    return check_failures != 0;
}

int main(int argc, char **argv)
{
    static const ROLE roles[] = {{"maker", be_maker}};

    check_begin();
    play_other(argc, argv, roles, sizeof roles / sizeof roles[0]);
    use_directory_of_all();
    if (geteuid() == 0)
        CHECK(other_can("maker", "-"));
    else
        be_maker("-");
    return check_end();
}
