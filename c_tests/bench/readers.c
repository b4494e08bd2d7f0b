/*
 * What a reader costs that waits for a message which comes once per millisecond, in
 * percent of a processor: it sleeps on a futex, waits for an event or by
 * SharedMemoryWait, or polls, as textbooks have it.
 */
#define _GNU_SOURCE
#include <SharedMemory.h>
#include <windows.h>

#define LAST_ERROR GetLastError()
#include "contender.h"

#include "bare.h"

#include <sys/shm.h>

#define MESSAGES 50
#define SIZE 1024

static struct board {
    uint32_t word;
    char data[SIZE] __attribute__((aligned(64)));
    volatile uint64_t seen __attribute__((aligned(64))); /* what the reader read last */
} *board;
static uint64_t message[SIZE / 8], sequence;
static HANDLE event;
static SharedMemory *memory;
static int segment;

static double cpu_time(pid_t process)
{
    struct timespec time;
    clockid_t clock;
    MUST(clock_getcpuclockid(process, &clock) == 0 && clock_gettime(clock, &time) == 0);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static void wait_until(struct timespec *next)
{
    next->tv_nsec += 1000000;
    if (next->tv_nsec >= 1000000000) {
        next->tv_nsec -= 1000000000;
        next->tv_sec++;
    }
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, next, NULL) == EINTR)
        ;
}

/* The reader's share of a processor in percent, for each message. */
static double share(long messages, void (*send)(void))
{
    struct timespec next;
    double start, before, percent;
    MUST(kill(partner_process, SIGCONT) == 0);
    start = now();
    before = cpu_time(partner_process);
    clock_gettime(CLOCK_MONOTONIC, &next);
    for (long i = 0; i < messages; i++) {
        message[0]++;
        send();
        wait_until(&next);
    }
    percent = (cpu_time(partner_process) - before) / (now() - start) * 100;
    for (int i = 0; i < 1000 && board->seen != message[0]; i++)
        usleep(1000);
    MUST(board->seen == message[0]);
    MUST(kill(partner_process, SIGSTOP) == 0); /* who polls does so in its turns only */
    return percent * (double)messages;
}

static void begin_board(void) { board = map_shared(sizeof *board); }

/* --- the readers ------------------------------------------------------------------ */

static void take_message(void)
{
    memcpy(message, board->data, SIZE);
    board->seen = message[0];
}

static void read_by_futex(void)
{
    for (uint32_t value = 0;;) {
        value = wait_for_word(&board->word, value);
        take_message();
    }
}

static void send_by_futex(void)
{
    memcpy(board->data, message, SIZE);
    set_word(&board->word, board->word + 1);
}

static void begin_event(void)
{
    begin_board();
    event = CreateEventA(NULL, FALSE, FALSE, name_of("message"));
    MUST(event != NULL && GetLastError() == 0);
}

static void read_by_event(void)
{
    event = OpenEventA(SYNCHRONIZE, FALSE, name_of("message"));
    MUST(event != NULL);
    for (;;) {
        MUST(WaitForSingleObject(event, INFINITE) == WAIT_OBJECT_0);
        take_message();
    }
}

static void send_by_event(void)
{
    memcpy(board->data, message, SIZE);
    MUST(SetEvent(event));
}

static void begin_memory(void)
{
    SharedMemoryInfo info = {.struct_size = sizeof info};
    begin_board();
    MUST(SharedMemoryCreate(name_of("message"), SIZE, &memory) == 0 && GetLastError() != ERROR_ALREADY_EXISTS);
    MUST(SharedMemoryStat(memory, &info) == 0);
    sequence = info.sequence;
}

static void read_by_memory(void)
{
    MUST(SharedMemoryOpen(name_of("message"), &memory) == 0);
    for (;;) {
        MUST(SharedMemoryWait(memory, &sequence, SHARED_MEMORY_FOREVER) == 0);
        MUST(SharedMemoryRead(memory, message, SIZE) == 0);
        board->seen = message[0];
    }
}

static void send_by_memory(void) { MUST(SharedMemoryWrite(memory, message, SIZE) == 0); }
static void end_memory(void) { MUST(SharedMemoryFree(memory) == 0); }

static void begin_polling(void)
{
    begin_board();
    segment = shmget(IPC_PRIVATE, SIZE, IPC_CREAT | 0600);
    MUST(segment >= 0 && shmat(segment, NULL, 0) != (void *)-1 && shmctl(segment, IPC_RMID, NULL) == 0);
}

static void copy_attached(int into)
{
    void *data = shmat(segment, NULL, 0);
    MUST(data != (void *)-1);
    memcpy(into ? data : message, into ? message : data, SIZE);
    MUST(shmdt(data) == 0);
}

static void read_by_polling(void)
{
    for (;;) {
        copy_attached(0);
        board->seen = message[0];
    }
}

static void send_by_copy(void) { copy_attached(1); }

static double measure_futex(long messages) { return share(messages, send_by_futex); }
static double measure_event(long messages) { return share(messages, send_by_event); }
static double measure_memory(long messages) { return share(messages, send_by_memory); }
static double measure_polling(long messages) { return share(messages, send_by_copy); }

static const struct contender contenders[] = {
    {"reader-cpu", "futex", begin_board, measure_futex, NULL, 0, MESSAGES, read_by_futex},
    {"reader-cpu", "winshm", begin_event, measure_event, NULL, 0, MESSAGES, read_by_event},
    {"reader-cpu", "System V, polled", begin_polling, measure_polling, NULL, 0, MESSAGES, read_by_polling},
    {"memory-reader-cpu", "futex", begin_board, measure_futex, NULL, 0, MESSAGES, read_by_futex},
    {"memory-reader-cpu", "winshm", begin_memory, measure_memory, end_memory, 0, MESSAGES, read_by_memory},
};
CONTENDERS(contenders)
