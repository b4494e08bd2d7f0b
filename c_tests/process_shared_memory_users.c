/*
 * process_shared_memory_users.c - segments of one user in the hands of another: the
 * mode decides who reads, who writes and who is refused. Needs root; others skip,
 * and say so. The deaths of other users are in process_shared_memory_users_torn.c.
 */
#include "other_user.h"

#define SIZE 20000

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
    const char *name = common_name(kind, "owner");
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
    const char *name = common_name(kind, "read");
    SharedMemory *memory = create_for_others(name, SIZE, 0644);
    PEER other = start_peer("reader", name);

    await_turn(&other);
    await_sleep(other.pid);
    CHECK(paint(memory, 0, SIZE, 'p') == 0);
    CHECK(end_of(&other) == 0);
    WORKS(SharedMemoryFree(memory));
}
static void others_may_write(int kind)
{
    const char *name = common_name(kind, "write");
    SharedMemory *memory = create_for_others(name, SIZE, 0666);
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
    const char *name = common_name(kind, "thief");
    SharedMemory *memory = create_for_others(name, SIZE, 0666), *again = NULL;

    CHECK(other_can("thief", name));
    WORKS(SharedMemoryOpen(name, &again));
    CHECK(reads(again, 0, 1, 't') && stat_of(memory).attached >= 1);
    WORKS(SharedMemoryClose(again));
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
    const char *name = common_name(kind, "root");
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

/* What the library keeps beside a segment is for those whom the segment is for. */
static mode_t ledger_mode(void)
{
    const char *path = with(getenv("WINSHM_DIR"), "/.winshm-global");
    DIR *directory = opendir(path);
    struct dirent *entry;
    struct stat file;
    mode_t found = 0;

    while (directory != NULL && (entry = readdir(directory)) != NULL)
        if (entry->d_name[0] == 'S' && stat(with(with(path, "/"), entry->d_name), &file) == 0 && file.st_uid == 0)
            found = file.st_mode & 0777;
    if (directory != NULL)
        closedir(directory);
    return found;
}
static void a_ledger_is_for_those_of_its_segment(int kind)
{
    const char *name = common_name(kind, "ledger");
    SharedMemory *memory = NULL;

    CREATES(SharedMemoryCreate(name, SIZE, &memory));
    CHECK(ledger_mode() == 0600);
    WORKS(SharedMemorySetMode(memory, 0644));
    CHECK(ledger_mode() == 0644);
    WORKS(SharedMemorySetMode(memory, 0622));
    CHECK(ledger_mode() == 0600);
    WORKS(SharedMemoryFree(memory));
    CREATES(SharedMemoryCreateMode(name, SIZE, 0666, &memory));
    CHECK(ledger_mode() == 0666);
    WORKS(SharedMemoryFree(memory));
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
    const char *name = common_name(kind, "plain");
    SharedMemory *memory = create_for_others(name, SIZE, 0666);

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
    const char *name = common_name(WINSHM, "own");
    SharedMemory *memory = create_for_others(name, SIZE, 0666);

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
    static const ROLE roles[] = {{"refused", be_refused}, {"reader", be_reader}, {"writer", be_writer}, {"thief", be_thief},
                                 {"maker", be_maker},     {"plain", be_plain},   {"stranger", be_stranger}};
    PEER child;

    check_begin();
    play_other(argc, argv, roles, sizeof roles / sizeof roles[0]);
    if (plays(argc, argv, "without"))
        return without_the_directory();
    need_root();
    use_directory_of_all();
    child = start_peer("without", "-");
    CHECK(end_of(&child) == 0);
    make_machine_wide_directory();
    OF_EVERY_KIND(others_are_refused);
    OF_EVERY_KIND(others_may_read);
    OF_EVERY_KIND(others_may_write);
    OF_EVERY_KIND(only_the_owner_frees);
    OF_EVERY_KIND(root_may_everything);
    OF_SYSTEM_KINDS(a_ledger_is_for_those_of_its_segment);
    return check_end();
}
