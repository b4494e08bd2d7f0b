/*
 * process_shared_memory_users.c - segments of one user in the hands of another: the
 * mode decides who reads, who writes and who is refused, and who shares a segment is
 * protected from the other's death. Needs root; others skip, and say so.
 */
#include "shared_segments.h"

#include <grp.h>

#define OTHER 65534
#define SIZE 20000

/* A segment of root's, of this mode, full of 'o'. winshm's is a name for the whole machine. */
static const char *name_of(int kind, const char *label)
{
    static char global[128];

    if (kind != WINSHM)
        return SEGMENT(kind, label);
    snprintf(global, sizeof global, "Global\\%s", SEGMENT(kind, label));
    return global;
}
static SharedMemory *create(const char *name, unsigned mode)
{
    SharedMemory *memory = NULL;

    CREATES(SharedMemoryCreateMode(name, SIZE, mode, &memory));
    CHECK(stat_of(memory).mode == mode && paint(memory, 0, SIZE, 'o') == 0);
    return memory;
}

/* What another user does with it, in a program that became his before it called the library. */
static int become_other(void)
{
    return setgroups(0, NULL) == 0 && setgid(OTHER) == 0 && setuid(OTHER) == 0;
}
static int other_can(const char *role, const char *name)
{
    PEER other = start_peer(role, name);

    return end_of(&other) == 0;
}

/* Every way in is closed. */
static int be_refused(const char *name)
{
    SharedMemory *none = (SharedMemory *)&none;

    FAILS(SharedMemoryOpen(name, &none), SHARED_MEMORY_ACCESS_DENIED);
    FAILS(SharedMemoryOpenReadOnly(name, &none), SHARED_MEMORY_ACCESS_DENIED);
    FAILS(SharedMemoryCreate(name, SIZE, &none), SHARED_MEMORY_ACCESS_DENIED);
    FAILS(SharedMemoryCreateMode(name, SIZE, 0666, &none), SHARED_MEMORY_ACCESS_DENIED);
    CHECK(none == (SharedMemory *)&none);
    return check_failures != 0;
}
/* He reads, and is woken; he cannot write, nor take it away, nor open it up. */
static int be_reader(const char *name)
{
    SharedMemory *memory = NULL, *none = (SharedMemory *)&memory;
    SharedMemoryInfo info;
    uint64_t sequence = 1;

    FAILS(SharedMemoryOpen(name, &none), SHARED_MEMORY_ACCESS_DENIED);
    FAILS(SharedMemoryCreate(name, SIZE, &none), SHARED_MEMORY_ACCESS_DENIED);
    CHECK(none == (SharedMemory *)&memory);
    WORKS(SharedMemoryOpenReadOnly(name, &memory));
    CHECK(reads(memory, 0, SIZE, 'o'));
    info = stat_of(memory);
    CHECK(info.owner_uid == 0 && info.mode == 0644 && info.read_only == 1 && info.created == 0 && info.sequence == 1);
    FAILS(SharedMemoryWrite(memory, "x", 1), SHARED_MEMORY_ACCESS_DENIED);
    FAILS(SharedMemorySetMode(memory, 0666), SHARED_MEMORY_ACCESS_DENIED);
    FAILS(SharedMemoryFree(memory), SHARED_MEMORY_ACCESS_DENIED);
    FAILS(SharedMemoryWait(memory, &sequence, 20), SHARED_MEMORY_TIMEOUT);
    pass_turn(&parent);
    WORKS(SharedMemoryWait(memory, &sequence, SHARED_MEMORY_FOREVER));
    CHECK(sequence == 2 && reads(memory, 0, SIZE, 'p'));
    WORKS(SharedMemoryClose(memory));
    return check_failures != 0;
}
/* He reads and writes; the segment stays another's. */
static int be_writer(const char *name)
{
    SharedMemory *memory = NULL, *again = NULL;

    WORKS(SharedMemoryOpen(name, &memory));
    FINDS(SharedMemoryCreate(name, SIZE, &again));
    CHECK(reads(memory, 0, SIZE, 'o') && paint(memory, 0, SIZE, 'w') == 0 && reads(again, 0, SIZE, 'w'));
    CHECK(stat_of(memory).owner_uid == 0 && stat_of(memory).mode == 0666);
    FAILS(SharedMemorySetMode(memory, 0644), SHARED_MEMORY_ACCESS_DENIED);
    WORKS(SharedMemoryClose(again));
    pass_turn(&parent);
    await_turn(&parent);
    CHECK(reads(memory, 0, SIZE, 'v'));
    WORKS(SharedMemoryClose(memory));
    return check_failures != 0;
}

/* 0600 is its owner's alone, whoever asked for it. */
static void others_are_refused(int kind)
{
    const char *name = name_of(kind, "owner");
    SharedMemory *memory = NULL;

    CREATES(SharedMemoryCreate(name, SIZE, &memory));
    CHECK(other_can("refused", name));
    WORKS(SharedMemorySetMode(memory, 0622)); /* to write is not to read */
    CHECK(other_can("refused", name));
    WORKS(SharedMemorySetMode(memory, 0600));
    CHECK(other_can("refused", name) && reads(memory, 0, SIZE, 0));
    WORKS(SharedMemoryFree(memory));
}
static void others_may_read(int kind)
{
    const char *name = name_of(kind, "read");
    SharedMemory *memory = create(name, 0644);
    PEER other = start_peer("reader", name);

    await_turn(&other);
    await_sleep(other.pid);
    CHECK(paint(memory, 0, SIZE, 'p') == 0);
    CHECK(end_of(&other) == 0);
    WORKS(SharedMemoryFree(memory));
}
static void others_may_write(int kind)
{
    const char *name = name_of(kind, "write");
    SharedMemory *memory = create(name, 0666);
    PEER other = start_peer("writer", name);

    await_turn(&other);
    CHECK(reads(memory, 0, SIZE, 'w') && stat_of(memory).sequence == 2 && stat_of(memory).attached == 2);
    CHECK(paint(memory, 0, SIZE, 'v') == 0);
    pass_turn(&other);
    CHECK(end_of(&other) == 0);
    /* The owner may change his mind; who comes then is refused. */
    WORKS(SharedMemorySetMode(memory, 0600));
    CHECK(other_can("refused", name));
    WORKS(SharedMemoryFree(memory));
}

/* One who may write is not the owner: Free takes nothing from the owner, and leaves the object open. */
static int be_thief(const char *name)
{
    SharedMemory *memory = NULL;

    WORKS(SharedMemoryOpen(name, &memory));
    FAILS(SharedMemoryFree(memory), SHARED_MEMORY_ACCESS_DENIED);
    CHECK(reads(memory, 0, SIZE, 'o') && paint(memory, 0, 1, 't') == 0);
    WORKS(SharedMemoryClose(memory));
    return check_failures != 0;
}
static void only_the_owner_frees(int kind)
{
    const char *name = name_of(kind, "thief");
    SharedMemory *memory = create(name, 0666), *again = NULL;

    CHECK(other_can("thief", name));
    WORKS(SharedMemoryOpen(name, &again));
    CHECK(reads(again, 0, 1, 't') && stat_of(memory).attached >= 1);
    WORKS(SharedMemoryClose(again));
    WORKS(SharedMemoryFree(memory));
}

/* The other user dies in the middle of his write. */
static int be_torn(const char *name)
{
    SharedMemory *memory = NULL;

    WORKS(SharedMemoryOpen(name, &memory));
    prepare_for(EXITS);
    SharedMemoryWriteAt(memory, 5000, broken_data(10000, 'n'), 10000);
    return 1;
}
/* He reads what another user's death has torn. */
static int be_told(const char *name)
{
    SharedMemory *memory = NULL;

    WORKS(SharedMemoryOpen(name, &memory));
    CHECK(refuses(memory, 0, SIZE, SHARED_MEMORY_TORN) && reads(memory, 0, 5000, 'o'));
    CHECK(paint(memory, 5000, 10000, 'h') == 0 && reads(memory, 5000, 10000, 'h'));
    return check_failures != 0;
}
static void users_are_told_of_each_others_deaths(int kind)
{
    const char *name = name_of(kind, "death");
    SharedMemory *memory = create(name, 0666);
    PEER other = start_peer("torn", name);

    CHECK(end_of(&other) == 40);
    CHECK(refuses(memory, 0, SIZE, SHARED_MEMORY_TORN) && refuses(memory, 14999, 1, SHARED_MEMORY_TORN));
    CHECK(reads(memory, 0, 5000, 'o') && reads(memory, 15000, 5000, 'o') && paint(memory, 0, SIZE, 'o') == 0);
    a_writer_dies(name, 5000, 10000, 'n', FAULTS);
    CHECK(other_can("told", name));
    CHECK(reads(memory, 5000, 10000, 'h') && reads(memory, 15000, 5000, 'o'));
    WORKS(SharedMemoryFree(memory));
}

/* One who may only read, and perhaps cannot find out whether the writer is dead, is still not given half a write. */
static int be_blind(const char *name)
{
    SharedMemory *memory = NULL;

    WORKS(SharedMemoryOpenReadOnly(name, &memory));
    CHECK(refuses(memory, 0, SIZE, SHARED_MEMORY_TORN) || refuses(memory, 0, SIZE, SHARED_MEMORY_BUSY));
    pass_turn(&parent);
    await_turn(&parent);
    /* Root has looked: now the death is known. */
    CHECK(refuses(memory, 0, SIZE, SHARED_MEMORY_TORN) && reads(memory, 0, 5000, 'o'));
    pass_turn(&parent);
    await_turn(&parent);
    CHECK(reads(memory, 0, SIZE, 'h'));
    return check_failures != 0;
}
static void readers_accept_no_half_of_it(int kind)
{
    const char *name = name_of(kind, "blind");
    SharedMemory *memory = create(name, 0644);
    PEER other;

    a_writer_dies(name, 5000, 10000, 'n', EXITS);
    other = start_peer("blind", name);
    await_turn(&other);
    CHECK(refuses(memory, 0, SIZE, SHARED_MEMORY_TORN));
    pass_turn(&other);
    await_turn(&other);
    CHECK(paint(memory, 0, SIZE, 'h') == 0);
    pass_turn(&other);
    CHECK(end_of(&other) == 0);
    WORKS(SharedMemoryFree(memory));
}

/* What the other user made is his, and root's. */
static int be_maker(const char *name)
{
    SharedMemory *memory = NULL;

    CREATES(SharedMemoryCreate(name, SIZE, &memory));
    CHECK(paint(memory, 0, SIZE, 'm') == 0);
    pass_turn(&parent);
    await_turn(&parent);
    CHECK(reads(memory, 0, SIZE, 'r'));
    return check_failures != 0;
}
static void root_may_everything(int kind)
{
    const char *name = name_of(kind, "root");
    SharedMemory *memory = NULL;
    PEER other = start_peer("maker", name);

    await_turn(&other);
    WORKS(SharedMemoryOpen(name, &memory));
    CHECK(stat_of(memory).owner_uid == OTHER && stat_of(memory).owner_gid == OTHER && stat_of(memory).mode == 0600);
    CHECK(reads(memory, 0, SIZE, 'm') && paint(memory, 0, SIZE, 'r') == 0);
    pass_turn(&other);
    CHECK(end_of(&other) == 0);
    WORKS(SharedMemoryFree(memory));
    FAILS(SharedMemoryOpen(name, &memory), SHARED_MEMORY_NOT_FOUND);
}

/* Without a directory for the whole machine the system's segments are shared all the same, by their modes. */
static int be_plain(const char *name)
{
    SharedMemory *memory = NULL;

    WORKS(SharedMemoryOpen(name, &memory));
    CHECK(reads(memory, 0, SIZE, 'o') && paint(memory, 0, SIZE, 'w') == 0);
    WORKS(SharedMemoryClose(memory));
    return check_failures != 0;
}
static void modes_count_without_the_directory_too(int kind)
{
    const char *name = name_of(kind, "plain");
    SharedMemory *memory = create(name, 0666);

    CHECK(other_can("plain", name));
    CHECK(reads(memory, 0, SIZE, 'w') && paint(memory, 0, SIZE, 'o') == 0);
    WORKS(SharedMemorySetMode(memory, 0600));
    CHECK(other_can("refused", name));
    WORKS(SharedMemoryFree(memory));
}
/* Global\ is each user's own there. */
static int be_stranger(const char *name)
{
    SharedMemory *memory = NULL;

    FAILS(SharedMemoryOpen(name, &memory), SHARED_MEMORY_NOT_FOUND);
    CREATES(SharedMemoryCreate(name, SIZE, &memory));
    CHECK(reads(memory, 0, SIZE, 0));
    return check_failures != 0;
}
static void global_names_are_each_users_own(void)
{
    const char *name = name_of(WINSHM, "own");
    SharedMemory *memory = create(name, 0666);

    CHECK(other_can("stranger", name));
    WORKS(SharedMemoryFree(memory));
}

/* Root's side where no such directory is: in a program of its own, because each looks for it once. */
static int without_the_directory(void)
{
    OF_SYSTEM_KINDS(modes_count_without_the_directory_too);
    global_names_are_each_users_own();
    return check_failures != 0;
}

int main(int argc, char **argv)
{
    static const struct {
        const char *role;
        int (*play)(const char *name);
    } roles[] = {{"refused", be_refused}, {"reader", be_reader}, {"writer", be_writer}, {"thief", be_thief},
                 {"torn", be_torn},       {"told", be_told},     {"blind", be_blind},   {"maker", be_maker},
                 {"plain", be_plain},     {"stranger", be_stranger}};
    char shared[64];
    PEER child;
    size_t i;

    check_begin();
    for (i = 0; i < sizeof roles / sizeof roles[0]; ++i)
        if (plays(argc, argv, roles[i].role))
            return become_other() ? roles[i].play(argv[3]) : 50;
    if (plays(argc, argv, "without"))
        return without_the_directory();
    if (geteuid() != 0) {
        printf("SKIPPED: needs root\n");
        return 77;
    }
    snprintf(shared, sizeof shared, "%s/.winshm-global", use_private_directory());
    CHECK(chmod(getenv("WINSHM_DIR"), 01777) == 0);
    child = start_peer("without", "-");
    CHECK(end_of(&child) == 0);
    CHECK(mkdir(shared, 0) == 0 && chmod(shared, 0777) == 0);
    OF_EVERY_KIND(others_are_refused);
    OF_EVERY_KIND(others_may_read);
    OF_EVERY_KIND(others_may_write);
    OF_EVERY_KIND(only_the_owner_frees);
    OF_EVERY_KIND(users_are_told_of_each_others_deaths);
    OF_EVERY_KIND(readers_accept_no_half_of_it);
    OF_EVERY_KIND(root_may_everything);
    return check_end();
}
