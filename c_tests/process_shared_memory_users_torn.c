/*
 * process_shared_memory_users_torn.c - who shares a segment with another user is
 * protected from the other's death in the middle of a write. Needs root; others
 * skip, and say so.
 */
#include "broken_writers.h"
#include "other_user.h"

#define SIZE 20000

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
    const char *name = common_name(kind, "death");
    SharedMemory *memory = create_for_others(name, SIZE, 0666);
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
    const char *name = common_name(kind, "blind");
    SharedMemory *memory = create_for_others(name, SIZE, 0644);
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

int main(int argc, char **argv)
{
    static const ROLE roles[] = {{"torn", be_torn}, {"told", be_told}, {"blind", be_blind}};

    check_begin();
    play_other(argc, argv, roles, sizeof roles / sizeof roles[0]);
    need_root();
    use_directory_of_all();
    make_machine_wide_directory();
    OF_EVERY_KIND(users_are_told_of_each_others_deaths);
    OF_EVERY_KIND(readers_accept_no_half_of_it);
    return check_end();
}
