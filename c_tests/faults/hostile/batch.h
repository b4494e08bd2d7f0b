/*
 * batch.h - a process that makes some thousand hostile calls, then closes everything
 * and looks whether something was left.
 */
#ifndef HOSTILE_BATCH_H
#define HOSTILE_BATCH_H

#include "call.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>

enum { MOST_THREADS = 4, ROUNDS = 4 };
/* What a batch does wrong to see whether it is noticed. */
typedef enum PLANT { NOTHING, CRASH, HANG, DESCRIPTOR, MAPPING, OBJECT, CANARY } PLANT;

typedef struct BATCH {
    uint64_t seed;
    long calls; /* of each thread, in all rounds */
    int threads;
    PLANT plant;
} BATCH;

/* What the driver sees of the batch that runs. */
typedef struct REPORT {
    TRACE traces[MOST_THREADS];
    char complaint[400];
} REPORT;
static REPORT *report;

static long calls_made_so_far(void)
{
    long calls = 0;
    int i;

    for (i = 0; i < MOST_THREADS; ++i)
        calls += atomic_load(&report->traces[i].calls);
    return calls;
}

typedef struct LEFT {
    int descriptors, mappings, objects;
} LEFT;

/* Files of objects with a name. (Ledgers of POSIX and System V segments live as long as these.) */
static int count_named_objects(void)
{
    DIR *directory = opendir(object_directory());
    struct dirent *entry;
    int count = 0;

    while (directory != NULL && (entry = readdir(directory)) != NULL)
        count += (entry->d_name[0] == 'L' || entry->d_name[0] == 'G') && strchr(".~", entry->d_name[1]) != NULL;
    if (directory != NULL)
        closedir(directory);
    return count;
}
static int count_views(void)
{
    FILE *maps = fopen("/proc/self/maps", "r");
    char line[4096];
    int count = 0;

    while (maps != NULL && fgets(line, sizeof line, maps) != NULL)
        count += strstr(line, "/dev/shm/w/") != NULL || strstr(line, "/SYSV") != NULL || strstr(line, "/dev/shm/scratch") != NULL;
    if (maps != NULL)
        fclose(maps);
    return count;
}

/* Closes every handle that there may be, also those whose numbers were lost, and takes away all views. */
static void close_everything(void)
{
    const uintptr_t indexes = atomic_load(&highest_index) + 64; /* also those of handles that were never kept */
    uintptr_t index, generation;
    int i;

    for (generation = 0; generation < GENERATIONS; ++generation)
        for (index = 0; index < indexes; ++index) {
            HANDLE handle = (HANDLE)((generation << INDEX_BITS | index) << 2);
            DWORD flags;

            if (!GetHandleInformation(handle, &flags)) {
                SharedMemoryClose((struct SharedMemory *)handle);
                continue;
            }
            SetHandleInformation(handle, HANDLE_FLAG_PROTECT_FROM_CLOSE, 0);
            ResumeThread(handle);
            CloseHandle(handle);
        }
    for (i = 0; i < PLACES; ++i) {
        void *place = atomic_exchange(&places[i], NULL);

        if (place != NULL && !UnmapViewOfFile(place))
            VirtualFree(place, 0, MEM_RELEASE);
    }
}
static LEFT what_is_left(void)
{
    LEFT left;

    left.descriptors = count_entries("/proc/self/fd");
    left.mappings = count_views();
    left.objects = count_named_objects();
    return left;
}

static void plant(PLANT plant, int round)
{
    char name[300];
    int i;

    if (plant == CRASH)
        *(volatile int *)(uintptr_t)1 = 0;
    if (plant == HANG)
        for (;;)
            pause();
    if (plant == CANARY)
        ++*(char *)MapViewOfFile(OpenFileMappingA(FILE_MAP_WRITE, FALSE, "canary"), FILE_MAP_WRITE, 0, 0, 0);
    if (plant == OBJECT) /* who makes a name for the first time removes what nobody holds: not after it is planted */
        CloseHandle(CreateEventA(NULL, TRUE, FALSE, "looked around")), CloseHandle(CreateEventA(NULL, TRUE, FALSE, "Global\\looked around"));
    for (i = 0; i < 5; ++i) /* more than what the library gives back late */
        if (plant == DESCRIPTOR)
            open("/dev/null", O_RDONLY);
        else if (plant == MAPPING)
            mmap(NULL, PAGE, PROT_READ, MAP_SHARED, open("/dev/shm/scratch/anchor", O_RDONLY), 0);
        else if (plant == OBJECT) {
            snprintf(name, sizeof name, "%s/L.left.%d.%d", object_directory(), round, i);
            close(open(name, O_CREAT, 0600));
        }
}

static void draw_calls(CALLER *caller, long calls)
{
    while (calls > 0) {
        int function = (int)draw_below(&caller->random, FUNCTIONS);

        if (has(function, 'S') && !chance(caller, 20))
            continue;
        draw_and_call(caller, function);
        --calls;
    }
}
/* Every function as it is meant, a few times: what they make is what the others are called with. */
static void call_as_one_should(CALLER *caller)
{
    int round, function;

    caller->is_tame = 1;
    for (round = 0; round < 4; ++round)
        for (function = 0; function < FUNCTIONS; ++function)
            draw_and_call(caller, function);
    caller->is_tame = 0;
}
typedef struct THREAD {
    CALLER caller;
    long calls;
} THREAD;
static void *call_in_thread(void *argument)
{
    THREAD *thread = argument;

    call_as_one_should(&thread->caller);
    draw_calls(&thread->caller, thread->calls);
    return NULL;
}
/* In threads that end afterwards: what a thread owns, it has until then, whatever it closes. */
static void call_in_threads(THREAD *threads, int count, long calls)
{
    pthread_t ids[MOST_THREADS];
    int i;

    for (i = 0; i < count; ++i) {
        threads[i].calls = calls;
        pthread_create(&ids[i], NULL, call_in_thread, &threads[i]);
    }
    for (i = 0; i < count; ++i)
        pthread_join(ids[i], NULL);
}

/* What earlier calls made, and which rights they gave it, is forgotten. */
static void empty_folder(void)
{
    if (system("rm -rf /dev/shm/scratch && mkdir -m 0700 /dev/shm/scratch") != 0)
        exit(2);
}

/* Nothing that the test needs can be taken away by what it calls: no rights beyond its own files, no stream that
 * another process reads, little memory to lock. */
static void lock_in(void)
{
    struct __user_cap_header_struct head = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct none[2];
    const struct rlimit no_core = {0, 0}, little = {1 << 20, 1 << 20};
    int null = open("/dev/null", O_RDWR), i;

    memset(none, 0, sizeof none);
    syscall(SYS_capset, &head, none);
    setrlimit(RLIMIT_CORE, &no_core);
    setrlimit(RLIMIT_MEMLOCK, &little);
    for (i = 0; i < 3; ++i)
        dup2(null, i);
    close(null);
    if (chdir("/dev/shm/scratch") != 0)
        _exit(3);
    close(open("anchor", O_CREAT | O_RDWR, 0600)); /* keeps the folder */
    close(open("file", O_CREAT | O_RDWR, 0600));
    mkdir("folder", 0700);
    if (truncate("anchor", PAGE) != 0 || truncate("file", 2 * PAGE) != 0)
        _exit(3);
}

static void set_up_process(void)
{
    HANDLE section;
    pid_t batch;

    lock_in();
    batch = getpid();
    victim = fork();
    if (victim == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL); /* however the batch ends */
        if (getppid() != batch)
            _exit(0); /* it has ended already */
        alarm(3600);
        for (;;)
            pause();
    }
    section = CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, PREY, NULL);
    shared_page = MapViewOfFile(section, FILE_MAP_WRITE, 0, 0, PAGE);
    prey = MapViewOfFile(section, FILE_MAP_WRITE, 0, 0, 0);
    if (shared_page == NULL || prey == NULL)
        _exit(3);
    CloseHandle(section);
}

static void set_up_caller(CALLER *caller, uint64_t seed, int number, int threads)
{
    memset(caller, 0, sizeof *caller);
    caller->random.state = seed + (uint64_t)number;
    caller->trace = &report->traces[number];
    caller->is_alone = threads == 1;
    give_memory(caller);
}

/* Whether there was more after each round. The library keeps a few things for a while, and makes some at first use. */
static int grew(const LEFT *left)
{
    int descriptors = 1, mappings = 1, objects = 1, i;

    for (i = 1; i < ROUNDS; ++i) {
        descriptors &= left[i].descriptors > left[i - 1].descriptors;
        mappings &= left[i].mappings > left[i - 1].mappings;
        objects &= left[i].objects > left[i - 1].objects;
    }
    return descriptors || mappings || objects || left[ROUNDS - 1].descriptors > left[0].descriptors + 8;
}

/* Does a batch, in a process of its own. Its exit code: 0, or 1 with a complaint. */
static int do_batch(BATCH batch)
{
    static THREAD threads[MOST_THREADS];
    LEFT left[ROUNDS];
    int i, round;

    set_up_process();
    for (i = 0; i < batch.threads; ++i)
        set_up_caller(&threads[i].caller, batch.seed, i, batch.threads);
    for (round = 0; round < ROUNDS; ++round) {
        call_in_threads(threads, batch.threads, batch.calls / ROUNDS);
        plant(batch.plant, round);
        close_everything();
        left[round] = what_is_left();
    }
    /* Programs that were started are watched until they have ended. */
    for (i = 0; grew(left) && i < (batch.plant == NOTHING ? 2000 : 50); ++i) {
        usleep(10000);
        left[ROUNDS - 1] = what_is_left();
    }
    kill(victim, SIGKILL);
    if (!grew(left))
        return 0;
    snprintf(report->complaint, sizeof report->complaint, "left behind: descriptors %d ... %d, mappings %d ... %d, objects %d ... %d",
             left[0].descriptors, left[ROUNDS - 1].descriptors, left[0].mappings, left[ROUNDS - 1].mappings, left[0].objects,
             left[ROUNDS - 1].objects);
    return 1;
}

#endif
