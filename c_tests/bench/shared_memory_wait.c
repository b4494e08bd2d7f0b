/*
 * The rows about SharedMemoryWait: how soon a sleeping reader runs, and what a
 * reader costs that waits for data which come once per millisecond.
 */
#define _GNU_SOURCE
#include "shared_memory.h"

#include "measure.h"
#include "partner.h"

#include <SharedMemory.h>

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#define MESSAGE 1024

/* A segment of the bare contender: the word that is slept on, and data. */
struct bare {
    uint32_t word;
    char data[MESSAGE] __attribute__((aligned(64)));
};
static struct bare *bare_ping, *bare_pong;
static char ping_name[80], pong_name[80];
static SharedMemory *ping, *pong;
static uint64_t pong_sequence, message[MESSAGE / 8];
/* What the readers of the last rows last read, for the writer to check. */
static volatile uint64_t *seen;
static int segment;

static uint64_t sequence_of(SharedMemory *memory)
{
    SharedMemoryInfo info = {.struct_size = sizeof info};
    MUST(SharedMemoryStat(memory, &info) == 0);
    return info.sequence;
}

static SharedMemory *created(const char *name)
{
    SharedMemory *memory;
    MUST(SharedMemoryCreate(name, MESSAGE, &memory) == 0 && GetLastError() != ERROR_ALREADY_EXISTS);
    return memory;
}

/* --- ping-pong ----------------------------------------------------------------- */

static uint32_t bare_round;
static uint64_t ping_sequence;

static void prepare_bare(void) { bare_round = bare_ping->word; }

static void answer_bare(void)
{
    for (;;) {
        bare_round = wait_for_word(&bare_ping->word, bare_round);
        set_word(&bare_pong->word, bare_round);
    }
}

static void bare_trip(void)
{
    uint32_t before = bare_round++;
    set_word(&bare_ping->word, bare_round);
    MUST(wait_for_word(&bare_pong->word, before) == bare_round);
}

static void prepare_ours(void)
{
    MUST(SharedMemoryOpen(ping_name, &ping) == 0 && SharedMemoryOpen(pong_name, &pong) == 0);
    ping_sequence = sequence_of(ping);
}

static void answer_ours(void)
{
    for (;;) {
        MUST(SharedMemoryWait(ping, &ping_sequence, SHARED_MEMORY_FOREVER) == 0);
        MUST(SharedMemoryWrite(pong, message, 8) == 0);
    }
}

static void our_trip(void)
{
    uint64_t before = pong_sequence;
    MUST(SharedMemoryWrite(ping, message, 8) == 0);
    MUST(SharedMemoryWait(pong, &pong_sequence, SHARED_MEMORY_FOREVER) == 0);
    MUST(pong_sequence == before + 1);
}

static void ping_pong(const char *what, int pinned, int rounds)
{
    pid_t bare, ours;
    place(pinned ? ONE_PROCESSOR : ANYWHERE, 0);
    ping = created(ping_name);
    pong = created(pong_name);
    pong_sequence = sequence_of(pong);
    bare_ping->word = bare_pong->word = bare_round = 0;
    bare = partner(prepare_bare, answer_bare);
    ours = partner(prepare_ours, answer_ours);
    give_up_after(120);
    compare(what, bare_trip, our_trip, 200, rounds, RATIO, "<= 1.15x");
    end_partner(bare);
    end_partner(ours);
    MUST(SharedMemoryFree(ping) == 0 && SharedMemoryFree(pong) == 0);
    place(ANYWHERE, 0);
}

/* --- what a reader costs ------------------------------------------------------- */

static void prepare_nothing(void) {}

static void prepare_reader(void)
{
    MUST(SharedMemoryOpen(ping_name, &ping) == 0);
    ping_sequence = sequence_of(ping);
}

static void poll_attached(void)
{
    for (;;) {
        attach_and_read(segment, message, MESSAGE);
        *seen = message[0];
    }
}

static void wait_bare(void)
{
    for (uint32_t value = 0;;) {
        value = wait_for_word(&bare_ping->word, value);
        memcpy(message, bare_ping->data, MESSAGE);
        *seen = message[0];
    }
}

static void wait_ours(void)
{
    for (;;) {
        MUST(SharedMemoryWait(ping, &ping_sequence, SHARED_MEMORY_FOREVER) == 0);
        MUST(SharedMemoryRead(ping, message, MESSAGE) == 0);
        *seen = message[0];
    }
}

static void write_attached(void) { attach_and_write(segment, message, MESSAGE); }

static void write_bare(void)
{
    memcpy(bare_ping->data, message, MESSAGE);
    set_word(&bare_ping->word, bare_ping->word + 1);
}

static void write_ours(void) { MUST(SharedMemoryWrite(ping, message, MESSAGE) == 0); }

static double cpu_time(pid_t process)
{
    struct timespec time;
    clockid_t clock;
    MUST(clock_getcpuclockid(process, &clock) == 0 && clock_gettime(clock, &time) == 0);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

/* The percentage of a CPU that `reader` takes during 250 writes, one each ms. */
static double reader_share(pid_t reader, void (*write_once)(void))
{
    struct timespec next;
    double start = now(), before = cpu_time(reader), share;
    clock_gettime(CLOCK_MONOTONIC, &next);
    for (int i = 0; i < 250; i++) {
        message[0]++;
        write_once();
        next.tv_nsec += 1000000;
        if (next.tv_nsec >= 1000000000) {
            next.tv_nsec -= 1000000000;
            next.tv_sec++;
        }
        while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &next, NULL) == EINTR)
            ;
    }
    share = (cpu_time(reader) - before) / (now() - start) * 100;
    for (int i = 0; i < 1000 && *seen != message[0]; i++)
        usleep(1000);
    MUST(*seen == message[0]); /* the last write was read */
    return share;
}

static void reader_rows(int rounds)
{
    double polls[8], futexes[8], waits[8], polling_share, futex_share, waiting_share;
    int slices = rounds < 8 ? rounds : 8;
    pid_t polling, futex, waiting;
    seen = map_shared(sizeof *seen);
    segment = transient_segment(MESSAGE);
    ping = created(ping_name);
    bare_ping->word = 0;
    polling = partner(prepare_nothing, poll_attached);
    MUST(kill(polling, SIGSTOP) == 0); /* it runs in its turns only */
    futex = partner(prepare_nothing, wait_bare);
    waiting = partner(prepare_reader, wait_ours);
    give_up_after(120);
    for (int i = 0; i < slices; i++) {
        MUST(kill(polling, SIGCONT) == 0);
        polls[i] = reader_share(polling, write_attached);
        MUST(kill(polling, SIGSTOP) == 0);
        futexes[i] = reader_share(futex, write_bare);
        waits[i] = reader_share(waiting, write_ours);
    }
    end_partner(polling);
    end_partner(futex);
    end_partner(waiting);
    MUST(SharedMemoryFree(ping) == 0);
    polling_share = median(polls, slices);
    futex_share = median(futexes, slices);
    waiting_share = median(waits, slices);
    print_head("CPU of a reader, a write each ms: %");
    print_row("polling, attach per call", polling_share, waiting_share, waiting_share, " %", "<= 2 %");
    print_row("sleeping on a bare futex", futex_share, waiting_share, waiting_share / futex_share, "x", "");
}

void wait_rows(const char *prefix, int rounds)
{
    static const char *const ends[] = {WAIT_NAME_ENDS};
    snprintf(ping_name, sizeof ping_name, "%s%s", prefix, ends[0]);
    snprintf(pong_name, sizeof pong_name, "%s%s", prefix, ends[1]);
    bare_ping = map_shared(sizeof *bare_ping);
    bare_pong = map_shared(sizeof *bare_pong);
    print_head("ns per round trip (medians)");
    ping_pong("futex : Write + Wait, both on one CPU", 1, rounds);
    ping_pong("futex : Write + Wait", 0, rounds);
    reader_rows(rounds);
}
