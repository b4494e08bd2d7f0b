/*
 * process_shared_memory_stopped.c - processes that stop in the middle of a copy:
 * readers, dead or asleep, harm nobody; a writer that lives is waited for, but not
 * for ever.
 */
#include "broken_writers.h"

#define SIZE 100000
#define TORN SHARED_MEMORY_TORN

/* A reader that dies in the middle of its copy, or is stopped there, harms nobody. */
static void readers_may_die(int kind)
{
    const char *name = SEGMENT(kind, "reader");
    SharedMemory *memory = create_full(name, SIZE);
    static const GRIEF griefs[] = {FAULTS, EXITS, PARKS};
    int i;

    for (i = 0; i < 3; ++i) {
        PEER reader = fork_peer();

        if (reader.pid == 0) {
            prepare_for(griefs[i]);
            SharedMemoryReadAt(memory, 10000, broken_data(20000, 'b'), 20000);
            _exit(3);
        }
        if (griefs[i] == PARKS) {
            await_turn(&reader);
            CHECK(reads(memory, 0, SIZE, 'o') && paint(memory, 0, SIZE, 'p') == 0 && reads(memory, 0, SIZE, 'p'));
            kill_peer(&reader);
        } else {
            CHECK(end_of(&reader) == (griefs[i] == EXITS ? 40 : 128 + SIGSEGV));
        }
        CHECK(reads(memory, 0, SIZE, griefs[i] == PARKS ? 'p' : 'o'));
    }
    CHECK(paint(memory, 0, SIZE, 'q') == 0 && reads(memory, 0, SIZE, 'q'));
    WORKS(SharedMemoryFree(memory));
}

/* A writer is stopped in the middle, and lives: others wait for it for two seconds, not for ever. They try again when
 * it goes on, or was killed after all. */
static void a_stopped_writer_is_waited_for(int kind)
{
    const char *name = SEGMENT(kind, "stopped");
    SharedMemory *memory = create_full(name, SIZE), *late;
    PEER writer = start_writer(name, 10000, 20000, 'n', PARKS), other, patient;
    long long before;
    uint64_t sequence = 1;
    int status;

    await_turn(&writer);
    CHECK(kill(writer.pid, SIGSTOP) == 0 && waitpid(writer.pid, &status, WUNTRACED) == writer.pid && WIFSTOPPED(status));
    other = fork_peer();
    if (other.pid == 0) {
        check_failures = 0;
        before = milliseconds(CLOCK_MONOTONIC);
        FAILS(SharedMemoryWriteAt(memory, 15000, "x", 1), SHARED_MEMORY_BUSY);
        CHECK(milliseconds(CLOCK_MONOTONIC) - before >= 1900);
        _exit(check_failures != 0);
    }
    before = milliseconds(CLOCK_MONOTONIC);
    CHECK(refuses(memory, 10000, 20000, SHARED_MEMORY_BUSY));
    CHECK(milliseconds(CLOCK_MONOTONIC) - before >= 1900);
    CHECK(end_of(&other) == 0);
    /* Opening, asking and waiting need not wait for it. */
    late = open_it(name);
    CHECK(stat_of(late).sequence == 1 && stat_of(late).size == SIZE);
    FAILS(SharedMemoryWait(late, &sequence, 50), SHARED_MEMORY_TIMEOUT);
    patient = fork_peer();
    if (patient.pid == 0)
        _exit(reads(memory, 10000, 20000, 'n') ? 0 : 1);
    await_sleep(patient.pid);
    CHECK(kill(writer.pid, SIGCONT) == 0);
    pass_turn(&writer);
    WORKS(SharedMemoryWait(late, &sequence, SHARED_MEMORY_FOREVER));
    CHECK(sequence == 2 && end_of(&writer) == 0 && end_of(&patient) == 0);
    CHECK(reads(memory, 0, 10000, 'o') && reads(memory, 10000, 20000, 'n') && reads(late, 30000, SIZE - 30000, 'o'));
    CHECK(paint(late, 0, SIZE, 'l') == 0 && reads(memory, 0, SIZE, 'l'));
    WORKS(SharedMemoryClose(late));
    /* Another one is killed while somebody waits for it. */
    writer = start_writer(name, 10000, 20000, 'n', PARKS);
    await_turn(&writer);
    patient = fork_peer();
    if (patient.pid == 0)
        _exit(refuses(memory, 10000, 20000, TORN) ? 0 : 1);
    other = fork_peer();
    if (other.pid == 0)
        _exit(paint(memory, 40000, 1, 'w') == 0 ? 0 : 1);
    await_sleep(patient.pid);
    await_sleep(other.pid);
    CHECK(kill_peer(&writer) == 128 + SIGKILL);
    CHECK(end_of(&patient) == 0 && end_of(&other) == 0);
    CHECK(refuses(memory, 10000, 20000, TORN) && reads(memory, 40000, 1, 'w') && reads(memory, 0, 10000, 'l'));
    WORKS(SharedMemoryFree(memory));
}

int main(void)
{
    check_begin();
    use_private_directory();
    OF_EVERY_KIND(readers_may_die);
    OF_EVERY_KIND(a_stopped_writer_is_waited_for);
    return check_end();
}
