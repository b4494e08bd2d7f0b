/*
 * late.c - calls at unusual times and on unusual stacks: before main, after exit began and
 * after the library's own handlers of it ran, in destructors of a thread's data, on the
 * smallest stack that threads can have, on a signal's own stack; and handlers of SIGBUS
 * and SIGSEGV that a program installs before and after the library has its own.
 *
 * Planted: what is named and made while the program ends, by somebody who ends without the
 * library's being told, is found by the next one.
 */
#include "faults/world.h"


#include <setjmp.h>
#include <sys/mman.h>

static WORLD world;
static int line_before_main = -1;

/* --- before main, and after it ------------------------------------------------------------------------------------- */

__attribute__((constructor(101))) static void before_main(void)
{
    HANDLE event = CreateEventA(NULL, FALSE, TRUE, NULL);
    HANDLE named = getenv("WINSHM_DIR") ? CreateMutexA(NULL, TRUE, NAME("early")) : event;

    line_before_main = event && named && WaitForSingleObject(event, INFINITE) == WAIT_OBJECT_0 ? 0 : __LINE__;
}
static const char *late_name;
static int is_planted;

static void *use_it(void *unused)
{
    (void)unused;
    return world_is_whole(&world, "at exit") ? &world : NULL;
}
/* Registered before the library's own: it runs after them. */
static void after_everything(void)
{
    pthread_t thread;
    void *result = NULL;

    if (world.prefix[0] == 0)
        return;
    if (!world_is_whole(&world, "after the handlers of exit"))
        _exit(7);
    if (pthread_create(&thread, NULL, use_it, NULL) != 0 || pthread_join(thread, &result) != 0 || result != &world)
        _exit(8);
    CreateMutexA(NULL, TRUE, late_name);
    if (is_planted)
        sleep(1000);
}
static int end_late(const char *tag)
{
    late_name = tag;
    is_planted = tag[0] == 'p';
    if (line_before_main != 0 || make_world(&world, NAME("late")) != 0)
        return 5;
    if (is_planted)
        pass_turn(&parent);
    exit(world_is_whole(&world, "before exit") ? 0 : 6);
}
static void programs_end(void)
{
    PEER late = start_peer("late", NAME("at-exit")), planted;
    const char *name = "planted";
    HANDLE found;

    CHECK(end_of(&late) == 0);
    CHECK(!name_exists(NAME("at-exit")) && make_world(&world, NAME("next")) == 0 && end_world(&world) == 0);
    planted = start_peer("late", name);
    await_turn(&planted);
    while ((found = OpenMutexA(SYNCHRONIZE, FALSE, name)) == NULL)
        a_moment();
    CHECK(CloseHandle(found) && kill_peer(&planted) == 128 + SIGKILL);
    CHECK(OpenMutexA(SYNCHRONIZE, FALSE, name) == NULL && GetLastError() == ERROR_FILE_NOT_FOUND);
}

/* --- destructors of a thread's data -------------------------------------------------------------------------------- */

static pthread_key_t keys[3];
static int destroyed, wrong_line;

static void use_everything_again(void *value)
{
    int line = use_world(&world);

    if (line != 0)
        wrong_line = line;
    /* In all rounds that there are. */
    if (++destroyed < 40)
        pthread_setspecific(keys[0], value);
}
static void *have_data(void *unused)
{
    int i;

    for (i = 0; i < 3; ++i)
        pthread_setspecific(keys[i], &keys[i]);
    return use_world(&world) == 0 ? &keys : unused;
}
static void threads_end(void)
{
    int i;

    CHECK(make_world(&world, NAME("keys")) == 0);
    for (i = 0; i < 3; ++i)
        CHECK(pthread_key_create(&keys[i], use_everything_again) == 0);
    in_a_thread(have_data, NULL);
    CHECK(destroyed >= 4 && wrong_line == 0);
    CHECK(world_is_whole(&world, "after destructors") && end_world(&world) == 0);
}

/* --- stacks -------------------------------------------------------------------------------------------------------- */

static size_t stack_used;

static void *use_little_stack(void *kind) { return kinds_of_calls[*(int *)kind](&world) == 0 ? kind : NULL; }
/* Each kind of call has enough with this. (What a page below would be hit by ends the program.) */
static void threads_with_small_stacks(size_t size)
{
    int kind;

    CHECK(make_world(&world, NAME("stacks")) == 0);
    for (kind = 0; kind < KINDS_OF_CALLS; ++kind) {
        char *memory = (char *)mmap(NULL, size + 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        pthread_attr_t attributes;
        pthread_t thread;
        void *result = NULL;
        size_t untouched = 0;

        CHECK(mprotect(memory, 4096, PROT_NONE) == 0 && pthread_attr_init(&attributes) == 0);
        CHECK(pthread_attr_setstack(&attributes, memory + 4096, size) == 0);
        CHECK(pthread_create(&thread, &attributes, use_little_stack, &kind) == 0 && pthread_join(thread, &result) == 0);
        CHECK(result == &kind);
        while (untouched < size && memory[4096 + untouched] == 0)
            ++untouched;
        if (size - untouched > stack_used)
            stack_used = size - untouched;
        pthread_attr_destroy(&attributes);
        munmap(memory, size + 4096);
    }
    CHECK(end_world(&world) == 0);
    printf("at most %zu bytes of stack, the thread's own data among them\n", stack_used);
}
static HANDLE called;
static int was_on_own_stack;
static char own_stack[16384];

static void call_from_own_stack(int number)
{
    char here;

    (void)number;
    was_on_own_stack = &here >= own_stack && &here < own_stack + sizeof own_stack;
    SetEvent(called), ResetEvent(called), SetEvent(called);
}
static void handlers_have_a_stack(void)
{
    stack_t stack, none;
    struct sigaction action;

    memset(&stack, 0, sizeof stack);
    memset(&none, 0, sizeof none);
    memset(&action, 0, sizeof action);
    stack.ss_sp = own_stack, stack.ss_size = sizeof own_stack, none.ss_flags = SS_DISABLE;
    action.sa_handler = call_from_own_stack, action.sa_flags = SA_ONSTACK | SA_NODEFER;
    CHECK((called = new_manual(FALSE)) != NULL && sigaltstack(&stack, NULL) == 0 && sigaction(SIGUSR2, &action, NULL) == 0);
    CHECK(raise(SIGUSR2) == 0 && was_on_own_stack);
    TAKES(called);
    CHECK(sigaltstack(&none, NULL) == 0 && CloseHandle(called));
}

/* --- handlers of faults -------------------------------------------------------------------------------------------- */

static sigjmp_buf back;
static volatile int caught;

static void catch_fault(int number)
{
    caught = number;
    siglongjmp(back, 1);
}
/* An address that no memory can have. Reached through the stack's registers it is a SIGBUS, said to be at 0, where
 * root could have memory: a library that put some there would have it happen again for ever. */
static void read_an_impossible_address(void)
{
    __asm__ volatile("push %%rbp\n\tmovabs $0x8000000000000000, %%rbp\n\tmov (%%rbp), %%rax\n\tpop %%rbp" ::: "rax", "memory");
}
/* A fault of the program's own, in a file that was cut off or at no address at all: its handler gets it. */
static int program_faults(void)
{
    FILE *file = tmpfile();
    volatile char *mapped = (volatile char *)mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fileno(file), 0);

    caught = 0;
    if (sigsetjmp(back, 1) == 0)
        mapped[0] = 1;
    NEED(caught == SIGBUS);
    caught = 0;
    NEED(munmap((void *)mapped, 4096) == 0 && fclose(file) == 0);
    if (sigsetjmp(back, 1) == 0)
        mapped[0] = 1;
    NEED(caught == SIGSEGV);
    caught = 0;
    if (sigsetjmp(back, 1) == 0)
        read_an_impossible_address();
    NEED(caught == SIGBUS);
    return 0;
}
/* A fault of the library's, in a segment that somebody cut off: an error. */
static int library_faults(void)
{
    SharedMemory *memory = NULL;
    char path[300], text[100] = "";

    NEED(SharedMemoryCreate("/winshm-late", sizeof text, &memory) == 0);
    snprintf(path, sizeof path, "/dev/shm/winshm-late");
    NEED(truncate(path, 0) == 0 && SharedMemoryRead(memory, text, sizeof text) == SHARED_MEMORY_TRUNCATED);
    NEED(SharedMemoryFree(memory) == 0);
    return 0;
}
static void handlers_come_and_go(int flags)
{
    struct sigaction action, before_bus, before_segv;

    memset(&action, 0, sizeof action);
    action.sa_handler = catch_fault, action.sa_flags = flags;
    CHECK(sigaction(SIGBUS, &action, &before_bus) == 0 && sigaction(SIGSEGV, &action, &before_segv) == 0);
    /* Before the library's next segment, and after it: then the library's is there, and passes on. */
    CHECK(program_faults() == 0 && library_faults() == 0 && program_faults() == 0);
    CHECK(sigaction(SIGBUS, &action, NULL) == 0);
    CHECK(program_faults() == 0 && library_faults() == 0 && program_faults() == 0);
    CHECK(sigaction(SIGBUS, &before_bus, NULL) == 0 && sigaction(SIGSEGV, &before_segv, NULL) == 0);
}

int main(int argc, char **argv)
{
    const char *directory;

    atexit(after_everything);
    check_begin();
    if (plays(argc, argv, "late"))
        return end_late(argv[3]);
    directory = use_private_directory();
    CHECK(line_before_main == 0 && directory != NULL);
    handlers_come_and_go(0);
    handlers_come_and_go(SA_ONSTACK | SA_NODEFER);
    threads_with_small_stacks(64 << 10);
    handlers_have_a_stack();
    threads_end();
    programs_end();
    memset(&world, 0, sizeof world);
    return check_end();
}
