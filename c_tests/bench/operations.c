#include "operations.h"

#define PTHREAD "pthread robust+recursive"
#define POSIX "raw POSIX"

#define ALONE ONE_CORE, 0
#define EACH ONE_EACH, 0
#define FREE ANYWHERE, 0

/* What Wine does at best takes long enough to be this much slower, where neither has
 * to sleep and the kernel's own work is not most of ours. */
#define WINE(name, what) \
    { \
        name, what, "Wine", SPEEDUP, 400, 1000, ALONE \
    }

const struct operation operations[] = {
    {"mutex", "mutex: acquire+release", PTHREAD, RATIO, 1.35, 1.1, ALONE},
    {"mutex-recursive", "mutex, owned already: acquire+release", PTHREAD, RATIO, 1.3, 0.8, ALONE},
    {"mutex-contended", "mutex, 2 processes want it, one core each", PTHREAD, RATIO, 1.1, 0.9, EACH},
    {"mutex-contended-free", "mutex, 2 processes want it, anywhere", PTHREAD, RATIO, 1.1, 0.9, FREE},
    {"event", "SetEvent + wait, nobody asleep", "atomic exchange", RATIO, 2.0, 1.5, ALONE},
    {"event-manual", "SetEvent + wait + ResetEvent, nobody asleep", "atomic exchange", RATIO, 0, 0, ALONE},
    {"semaphore", "ReleaseSemaphore + wait, nobody asleep", "atomic exchange", RATIO, 0, 0, ALONE},
    {"any-2", "wait for any of 2, the last is signalled", "scan of the words", RATIO, 3.0, 2.0, ALONE},
    {"any-8", "wait for any of 8, the last is signalled", "scan of the words", RATIO, 0, 0, ALONE},
    {"any-64", "wait for any of 64, the last is signalled", "scan of the words", RATIO, 3.5, 2.0, ALONE},
    {"all-8", "wait for all of 8, all signalled", "winshm, 8 set+waits", RATIO, 3.0, 2.0, ALONE},
    {"any-64-blocked-one-core", "trip to who waits for any of 64, one core", "futex_waitv", RATIO, 1.1, 1.0, ALONE},
    {"any-64-blocked-two-cores", "trip to who waits for any of 64, one core each", "futex_waitv", RATIO, 1.1, 1.0,
     EACH},
    {"ping-pong-one-core", "ping-pong by events, one core", "futex", RATIO, 1.15, 1.0, ALONE},
    {"ping-pong-two-cores", "ping-pong by events, one core each", "futex", RATIO, 0.02, 0.006, EACH},
    {"ping-pong-anywhere", "ping-pong by events, anywhere", "futex", RATIO, 0, 0, FREE},
    {"reader-cpu", "CPU of who waits for a message each ms", "futex", SHARE, 3, 0, ANYWHERE, 7},
    {"mutex-abandoned", "from SIGKILL of its owner to the next one", PTHREAD, RATIO, 0, 0, FREE},
    {"section-create-touched", "section 64 KiB: create+map+touch+unmap+close", POSIX, RATIO, 1.25, 1.1, ALONE},
    {"section-create", "section 64 KiB: create+map+unmap+close", POSIX "+posix_fallocate", RATIO, 1.4, 1.2, ALONE},
    {"section-create-reserved", "the same with SEC_RESERVE", POSIX, RATIO, 0, 0, ALONE},
    {"section-open", "section: open+map+unmap+close", POSIX, RATIO, 2.0, 1.6, ALONE},
    {"section-open-own", "the same, this process has it", POSIX, RATIO, 0, 0, ALONE},
    {"mutex-create", "mutex: create+close", "shm_open+pthread", RATIO, 1.5, 1.2, ALONE},
    {"copy-8B", "SharedMemoryWrite+Read 8 B", "memcpy", DIFFERENCE, 35, 15, ALONE},
    {"copy-64B", "SharedMemoryWrite+Read 64 B", "memcpy", DIFFERENCE, 35, 15, ALONE},
    {"copy-512B", "SharedMemoryWrite+Read 512 B", "memcpy", DIFFERENCE, 35, 15, ALONE},
    {"copy-4KiB", "SharedMemoryWrite+Read 4 KiB", "memcpy", DIFFERENCE, 35, 15, ALONE},
    {"copy-64KiB", "SharedMemoryWrite+Read 64 KiB", "memcpy", RATIO, 1.1, 1.0, ALONE},
    {"copy-64KiB-malloc", "the same, blocks of malloc", "memcpy", RATIO, 1.1, 1.0, ALONE},
    {"copy-1MiB", "SharedMemoryWrite+Read 1 MiB", "memcpy", RATIO, 1.0, 0.8, ALONE},
    {"copy-1MiB-malloc", "the same, blocks of malloc", "memcpy", RATIO, 1.0, 0.8, ALONE},
    {"copy-16MiB", "SharedMemoryWrite+Read 16 MiB", "memcpy", RATIO, 0.6, 0.3, ONE_CORE, 15},
    {"copy-16MiB-malloc", "the same, blocks of malloc", "memcpy", RATIO, 0.6, 0.3, ONE_CORE, 15},
    {"memory-ping-pong-one-core", "ping-pong by SharedMemoryWait, one core", "futex", RATIO, 0, 0, ALONE},
    {"memory-ping-pong", "ping-pong by SharedMemoryWait, anywhere", "futex", RATIO, 0, 0, FREE},
    {"memory-reader-cpu", "CPU of who reads by SharedMemoryWait each ms", "futex", SHARE, 0, 0, ANYWHERE, 7},
    {"look-up-1", "handle look-up", "direct pointer", DIFFERENCE, 4, 2, ALONE},
    {"look-up-64", "handle look-up, 64 in one call", "direct pointer", DIFFERENCE, 60, 40, ALONE},
    WINE("mutex", "mutex: acquire+release, times faster than Wine"),
    WINE("mutex-recursive", "mutex, owned already, times faster than Wine"),
    WINE("event", "SetEvent + wait, times faster than Wine"),
    WINE("semaphore", "ReleaseSemaphore + wait, times faster than Wine"),
    WINE("any-2", "wait for any of 2, times faster than Wine"),
    WINE("any-64", "wait for any of 64, times faster than Wine"),
    WINE("all-8", "wait for all of 8, times faster than Wine"),
};
const size_t operation_count = sizeof operations / sizeof *operations;
