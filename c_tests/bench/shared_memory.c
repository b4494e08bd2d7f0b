/*
 * What SharedMemoryWrite, Read and Wait cost, against a plain memcpy through a
 * mapping that is kept, a bare futex, and the textbooks' way to attach and detach
 * on every call.
 *
 *     bench_shared_memory [ROUNDS]
 */
#define _GNU_SOURCE
#include "shared_memory.h"

#include "measure.h"

#include <SharedMemory.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <unistd.h>

#define KIB 1024u
#define MIB (1024u * KIB)
#define LARGEST (16 * MIB)

/* Where large blocks of malloc begin within their page. `rep movsb` on a current
 * AMD is slower where the destination is less than a line further into its page
 * than the source, as it is when such a block is read into. */
#define AS_MALLOC 16

enum kind { WINSHM, POSIX, SYSTEM_V, KINDS };
static const char *const kind_names[KINDS] = {"winshm", "POSIX", "SysV"};
static char names[KINDS][64], plain_name[64];
static key_t key;

int transient_segment(size_t size)
{
    int segment = shmget(IPC_PRIVATE, size, IPC_CREAT | 0600);
    void *kept;
    MUST(segment >= 0);
    kept = shmat(segment, NULL, 0);
    MUST(shmctl(segment, IPC_RMID, NULL) == 0);
    MUST(kept != (void *)-1);
    return segment;
}

void attach_and_write(int segment, const void *data, size_t size)
{
    void *address = shmat(segment, NULL, 0);
    MUST(address != (void *)-1);
    memcpy(address, data, size);
    MUST(shmdt(address) == 0);
}

void attach_and_read(int segment, void *buffer, size_t size)
{
    void *address = shmat(segment, NULL, 0);
    MUST(address != (void *)-1);
    memcpy(buffer, address, size);
    MUST(shmdt(address) == 0);
}

void give_up_after(unsigned seconds) { alarm(seconds); }

/* --- write and read ------------------------------------------------------------ */

static char *buffers[2]; /* page-aligned, and one page longer than the largest row */
static char *source, *destination, *plain;
static size_t size;
static SharedMemory *memory;
static int segment;

static void plain_pair(void)
{
    memcpy(plain, source, size);
    /* Another process may look here, so the first copy cannot be left out. */
    __asm__ volatile("" ::: "memory");
    memcpy(destination, plain, size);
    __asm__ volatile("" ::: "memory");
}

static void shared_pair(void)
{
    MUST(SharedMemoryWrite(memory, source, size) == 0);
    MUST(SharedMemoryRead(memory, destination, size) == 0);
}

static void attached_pair(void)
{
    attach_and_write(segment, source, size);
    attach_and_read(segment, destination, size);
}

static void *map_plain(size_t bytes)
{
    void *data;
    int file = shm_open(plain_name, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
    MUST(file >= 0 && shm_unlink(plain_name) == 0 && ftruncate(file, (off_t)bytes) == 0);
    data = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    MUST(data != MAP_FAILED);
    close(file);
    return data;
}

/* The rounds must be long against a look at the clock. */
static int pairs_of(size_t bytes) { return bytes < KIB ? 2000 : bytes < 64 * KIB ? 500 : bytes < MIB ? 50 : 4; }

static void begin_row(enum kind kind, size_t bytes, size_t offset)
{
    size = bytes;
    source = buffers[0] + offset;
    destination = buffers[1] + offset;
    memset(source, (int)(bytes % 251) + 1, bytes);
    memset(destination, 0, bytes);
    MUST(SharedMemoryCreate(names[kind], bytes, &memory) == 0 && GetLastError() != ERROR_ALREADY_EXISTS);
    shared_pair();
    MUST(memcmp(source, destination, bytes) == 0);
    give_up_after(120);
}

static void end_row(void) { MUST(SharedMemoryFree(memory) == 0); }

static void print_size(char *text, size_t length, size_t bytes)
{
    if (bytes < KIB)
        snprintf(text, length, "%zu B", bytes);
    else if (bytes < MIB)
        snprintf(text, length, "%zu KiB", bytes / KIB);
    else
        snprintf(text, length, "%zu MiB", bytes / MIB);
}

static void against_memcpy(enum kind kind, size_t bytes, size_t offset, int rounds, const char *target)
{
    char what[64], amount[32];
    print_size(amount, sizeof amount, bytes);
    snprintf(what, sizeof what, "%s, Write + Read %s%s", kind_names[kind], amount, offset ? " (malloc'd)" : "");
    begin_row(kind, bytes, offset);
    plain = map_plain(bytes);
    compare(what, plain_pair, shared_pair, pairs_of(bytes), rounds, bytes <= 4 * KIB ? DIFFERENCE : RATIO, target);
    munmap(plain, bytes);
    end_row();
}

static void against_attaching(enum kind kind, size_t bytes, int rounds, const char *target)
{
    char what[64], amount[32];
    print_size(amount, sizeof amount, bytes);
    snprintf(what, sizeof what, "attach per call : %s, %s", kind_names[kind], amount);
    begin_row(kind, bytes, 0);
    segment = transient_segment(bytes);
    /* Attaching leaves the caches to the kernel. A round of ours must be long
     * enough that its first calls, which get them back, do not make the result. */
    compare_calls(what, attached_pair, bytes < KIB ? 200 : 4, shared_pair, pairs_of(bytes), rounds, SPEEDUP, target);
    end_row();
}

static void copy_rows(int rounds)
{
    static const struct {
        size_t bytes, offset;
        const char *target;
    } rows[] = {
        {8, 0, "<= 40 ns"},         {64, 0, "<= 40 ns"},          {512, 0, "<= 40 ns"},
        {4 * KIB, 0, "<= 40 ns"},   {64 * KIB, 0, "<= 1.15x"},    {64 * KIB, AS_MALLOC, "<= 1.15x"},
        {MIB, 0, "<= 1.0x"},        {MIB, AS_MALLOC, "<= 1.0x"},  {16 * MIB, 0, "<= 0.7x"},
        {16 * MIB, AS_MALLOC, "<= 0.7x"},
    };
    for (int i = 0; i < 2; i++) {
        MUST(posix_memalign((void **)&buffers[i], 4096, LARGEST + 4096) == 0);
        memset(buffers[i], 1, LARGEST + 4096); /* no first touch is measured */
    }
    print_head("ns per Write + Read (medians)");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        against_memcpy(WINSHM, rows[i].bytes, rows[i].offset, rounds, rows[i].target);
    for (enum kind kind = POSIX; kind < KINDS; kind++) {
        against_memcpy(kind, 8, 0, rounds, "<= 40 ns");
        against_memcpy(kind, 4 * KIB, 0, rounds, "<= 40 ns");
        against_memcpy(kind, MIB, 0, rounds, "<= 1.0x");
    }
    for (enum kind kind = WINSHM; kind < KINDS; kind += SYSTEM_V) {
        against_attaching(kind, 8, rounds, ">= 400x");
        against_attaching(kind, MIB, rounds, ">= 15x");
    }
}

/* --- the names, and their removal ---------------------------------------------- */

/* Names of this process alone, and a key that nobody uses. */
static void choose_names(void)
{
    int pid = (int)getpid();
    snprintf(names[WINSHM], sizeof names[WINSHM], "winshm-bench-memory-%d", pid);
    snprintf(names[POSIX], sizeof names[POSIX], "/winshm-bench-memory-%d", pid);
    snprintf(plain_name, sizeof plain_name, "/winshm-bench-plain-%d", pid);
    key = (key_t)(0x77000000 | (pid & 0xFFFFFF));
    while (shmget(key, 0, 0) >= 0 || errno == EACCES)
        key++;
    snprintf(names[SYSTEM_V], sizeof names[SYSTEM_V], "SysV\\0x%x", (unsigned)key);
}

static void remove_name(const char *name)
{
    SharedMemory *left;
    if (SharedMemoryOpen(name, &left) == 0)
        SharedMemoryFree(left);
}

/* Removes what `child` left because it did not reach its end. */
static void remove_names(pid_t child)
{
    struct shmid_ds state;
    SharedMemory *taken_over;
    int id = shmget(key, 0, 0);
    /* These names are gone already. Taking one over and freeing it makes the
     * library remove at once the files that it would find later. */
    for (int i = 0; i < 3; i++) {
        static const char *const ends[] = {"", WAIT_NAME_ENDS};
        char name[80];
        snprintf(name, sizeof name, "%s%s", names[WINSHM], ends[i]);
        if (SharedMemoryCreate(name, 1, &taken_over) == 0)
            SharedMemoryFree(taken_over);
    }
    remove_name(names[POSIX]);
    shm_unlink(names[POSIX]);
    shm_unlink(plain_name);
    if (id < 0 || shmctl(id, IPC_STAT, &state) != 0 || state.shm_cpid != child)
        return;
    remove_name(names[SYSTEM_V]);
    shmctl(id, IPC_RMID, NULL);
}

static volatile pid_t measuring;

static void stop_measuring(int signal)
{
    (void)signal;
    kill(measuring, SIGKILL);
}

/* The measuring is done in a child, so that somebody is left to clean up however
 * it ends. */
int main(int count, char **arguments)
{
    static const int stops[] = {SIGINT, SIGTERM, SIGHUP};
    int rounds = rounds_of(count, arguments), status = 1, ended;
    pid_t parent = getpid(), child;
    sigset_t blocked, before;
    setvbuf(stdout, NULL, _IOLBF, 0);
    choose_names();
    sigemptyset(&blocked);
    for (size_t i = 0; i < sizeof stops / sizeof *stops; i++)
        sigaddset(&blocked, stops[i]);
    sigprocmask(SIG_BLOCK, &blocked, &before); /* until there is a child to stop */
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    measuring = fork();
    MUST(measuring >= 0);
    if (measuring == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        MUST(getppid() == parent);
        sigprocmask(SIG_SETMASK, &before, NULL);
        copy_rows(rounds);
        wait_rows(names[WINSHM], rounds);
        return 0;
    }
    for (size_t i = 0; i < sizeof stops / sizeof *stops; i++)
        signal(stops[i], stop_measuring);
    sigprocmask(SIG_SETMASK, &before, NULL);
    /* Its own children, which end with it, have become ours. */
    while ((child = wait(&ended)) > 0 || errno == EINTR)
        if (child == measuring)
            status = ended;
    if (status != 0)
        remove_names(measuring);
    if (WIFSIGNALED(status))
        fprintf(stderr, "bench: ended by signal %d\n", WTERMSIG(status));
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
