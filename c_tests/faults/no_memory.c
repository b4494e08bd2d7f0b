/*
 * no_memory.c - a process without heap: its address space is limited to what it has, and
 * every free block of malloc is taken but for so many. A call fails with
 * ERROR_NOT_ENOUGH_MEMORY, or works; the process goes on. See scarcity.h for what must hold.
 *
 * The faults that must be seen: those of faulty_acts.h, and an act that ends the process
 * when malloc gives nothing, as everything did that is written in Rust.
 */
#include "scarcity.h"

#include <malloc.h>

typedef struct BLOCK {
    struct BLOCK *next;
} BLOCK;
static BLOCK *blocks;

/* With so many there is enough: nothing is taken. */
enum { ENOUGH = 14 };

/* What is free at last are blocks of one size: entries of tables, or texts. */
static void leave(int left, size_t size)
{
    static const size_t sizes[] = {0x10000, 0x4000, 0x1000, 0x400, 0x100, 0x80, 0x40, 0x28, 0x18};
    static BLOCK *last[ENOUGH];
    int count = 0;
    size_t i;
    BLOCK *block;

    if (left == ENOUGH)
        return;
    limit_address_space(0);
    while (count < left && (last[count] = (BLOCK *)malloc(size)) != NULL)
        ++count;
    for (i = 0; i < sizeof sizes / sizeof *sizes; ++i)
        while ((block = (BLOCK *)malloc(sizes[i])) != NULL)
            block->next = blocks, blocks = block;
    while (count-- > 0)
        free(last[count]);
}
static void leave_small(int left) { leave(left, 0x28); }
static void leave_large(int left) { leave(left, 0x1000); }
static void restore_heap(void)
{
    BLOCK *block;

    if (limit_before.rlim_max != 0)
        setrlimit(RLIMIT_AS, &limit_before);
    while ((block = blocks) != NULL)
        blocks = block->next, free(block);
}

static const RESOURCE resources[] = {
    {"blocks of 40 bytes", ENOUGH, leave_small, restore_heap, {ERROR_NOT_ENOUGH_MEMORY, ERROR_COMMITMENT_LIMIT, ERROR_NO_SYSTEM_RESOURCES}, NULL},
    {"blocks of 4096 bytes", ENOUGH, leave_large, restore_heap, {ERROR_NOT_ENOUGH_MEMORY, ERROR_COMMITMENT_LIMIT, ERROR_NO_SYSTEM_RESOURCES}, NULL},
};

static void keep_house(void)
{
    alarm(in_full() ? 600 : 90);
    mallopt(M_ARENA_MAX, 1), mallopt(M_TRIM_THRESHOLD, 1 << 30);
    furnish();
}
static int be_poor(int which, int faulty)
{
    keep_house();
    if (faulty >= 0)
        try_all(&resources[which], &faulty_acts[faulty], 1);
    else
        try_all(&resources[which], acts, ACTS);
    clear_out();
    fflush(stdout);
    return check_failures != 0;
}

/* Whoever calls on and on gets nothing, keeps what he has, and can give it back. */
enum { EVENTS = 5000, TEXT = 4 << 20 };
static int be_stubborn(void)
{
    static char long_text[TEXT];
    static HANDLE events[EVENTS], twins[EVENTS];
    int i, count = 0, refused = 0, tries = (int)effort(20000, 300000);
    HANDLE event;
    char *view;

    keep_house();
    memset(long_text, 'a', TEXT);
    CHECK(MultiByteToWideChar(CP_UTF8, 0, long_text, TEXT, NULL, 0) == TEXT);
    leave_small(0);
    for (i = 0; i < tries; ++i) {
        event = CreateEventA(NULL, TRUE, FALSE, i % 2 ? NULL : fresh());
        if (event != NULL && CHECK(count < EVENTS))
            events[count++] = event;
        else
            refused += CHECK(GetLastError() == ERROR_NOT_ENOUGH_MEMORY);
        view = (char *)MapViewOfFile(home.section, FILE_MAP_READ, 0, 0, 0);
        CHECK(view != NULL ? UnmapViewOfFile(view) : GetLastError() == ERROR_NOT_ENOUGH_MEMORY);
        CHECK(SetEvent(home.event) && WaitForSingleObject(home.event, 1000) == WAIT_OBJECT_0);
        CHECK(WaitForSingleObject(home.mutex, 1000) == WAIT_OBJECT_0 && ReleaseMutex(home.mutex));
    }
    CHECK(refused > 0);
    CHECK(MultiByteToWideChar(CP_UTF8, 0, long_text, TEXT, NULL, 0) == 0 && GetLastError() == ERROR_NOT_ENOUGH_MEMORY);
    for (i = 0; i < count; ++i)
        CHECK(SetEvent(events[i]) && CloseHandle(events[i]));
    restore_heap();
    for (i = 0; i < EVENTS; ++i)
        CHECK((twins[i] = CreateEventA(NULL, TRUE, FALSE, NULL)) != NULL);
    leave_small(0);
    for (i = 0; i < EVENTS; ++i)
        CHECK(CloseHandle(twins[i]));
    restore_heap();
    check_household();
    printf("one who calls on and on: %d calls refused, %d events made\n", refused, count);
    clear_out();
    fflush(stdout);
    return check_failures != 0;
}

/* The planted fault. */
static int act_careless(void)
{
    void *memory = malloc(40);

    if (memory == NULL)
        abort();
    free(memory);
    return 1;
}
static const ACT careless = {"an act that aborts without memory", NULL, act_careless};

static int be_careless(void)
{
    be_quiet();
    keep_house();
    try_all(&resources[0], &careless, 1);
    return 0;
}
static void notices_a_careless_act(void)
{
    PEER peer = start_peer("careless", "0");

    CHECK(end_of(&peer) == 128 + SIGABRT);
    remove_segments_of(peer.pid);
}

int main(int argc, char **argv)
{
    check_begin();
    if (plays(argc, argv, "poor"))
        return be_poor(atoi(argv[3]), -1);
    if (plays(argc, argv, "faulty")) {
        be_quiet();
        return be_poor(0, atoi(argv[3]));
    }
    if (plays(argc, argv, "careless"))
        return be_careless();
    if (plays(argc, argv, "stubborn"))
        return be_stubborn();
    use_directory_for_files();
    alarm(1000);
    try_in_a_process(resources, 0, "poor");
    try_in_a_process(resources, 1, "poor");
    try_in_a_process(resources, 0, "stubborn");
    notices_faulty_acts("faulty");
    notices_a_careless_act();
    return check_end();
}
