/*
 * process_fork.c - plain fork(), which Windows does not have: the child goes on
 * with the parent's handles and views, and neither takes anything from the other.
 */
#include "check.h"

#include <pthread.h>

/*
 * The sanitizers of gcc 12 and clang 14 leave their own allocator locked in a child that is forked while another
 * thread allocates: seen with gdb, one run in ten hangs inside malloc. The story with threads is not for them.
 */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

/* Goes on in a child, which ends with the code that body returns. */
static PEER fork_child(int (*body)(HANDLE mapping, const char *name), HANDLE mapping, const char *name)
{
    PEER child = fork_peer();

    if (child.pid == 0) {
        check_failures = 0;
        exit(body(mapping, name));
    }
    return child;
}

/* The child uses the handle and the memory that it was born with. */
static int use_what_was_inherited(HANDLE mapping, const char *name)
{
    char *view;
    HANDLE twin;

    CHECK(GetCurrentProcessId() == (DWORD)getpid());
    CHECK((view = view_of(mapping, FILE_MAP_WRITE)) != NULL);
    view[0] = 'c';
    CHECK(DuplicateHandle(GetCurrentProcess(), mapping, GetCurrentProcess(), &twin, 0, FALSE, DUPLICATE_SAME_ACCESS));
    CHECK(CompareObjectHandles(twin, mapping) && name_exists(name));
    CHECK(UnmapViewOfFile(view) && CloseHandle(twin));
    CHECK(CloseHandle(mapping));
    CHECK_ERROR(CloseHandle(mapping), ERROR_INVALID_HANDLE);
    CHECK(name_exists(name)); /* the parent has it */
    return check_failures != 0;
}
static void a_child_keeps_the_handles(void)
{
    const char *name = NAME("keeps");
    HANDLE mapping = new_memory(PAGE_READWRITE, 4096, name);
    char *view = view_of(mapping, FILE_MAP_WRITE);
    PEER child = fork_child(use_what_was_inherited, mapping, name);

    CHECK(end_of(&child) == 0);
    CHECK(view[0] == 'c');
    /* The child has closed its handle and ended: ours is untouched. */
    CHECK(name_exists(name));
    CHECK(UnmapViewOfFile(view));
    CHECK((view = view_of(mapping, FILE_MAP_READ)) != NULL && view[0] == 'c' && UnmapViewOfFile(view));
    CHECK(CloseHandle(mapping));
    CHECK_ERROR(OpenFileMappingA(FILE_MAP_READ, FALSE, name), ERROR_FILE_NOT_FOUND);
}

/* An inherited view is the same memory on both sides, in both directions. */
static char *shared_view;

static int answer_through_the_view(HANDLE mapping, const char *name)
{
    (void)mapping, (void)name;
    await_turn(&parent);
    CHECK(shared_view[0] == 'p');
    shared_view[1] = 'c';
    pass_turn(&parent);
    CHECK(UnmapViewOfFile(shared_view));
    return check_failures != 0;
}
static void an_inherited_view_is_shared(void)
{
    const char *name = NAME("view");
    HANDLE mapping = new_memory(PAGE_READWRITE, 4096, name);
    PEER child;

    shared_view = view_of(mapping, FILE_MAP_WRITE);
    child = fork_child(answer_through_the_view, mapping, name);
    shared_view[0] = 'p';
    pass_turn(&child);
    await_turn(&child);
    CHECK(shared_view[1] == 'c');
    CHECK(end_of(&child) == 0);
    shared_view[2] = 'q'; /* the child has unmapped its view, not ours */
    CHECK(UnmapViewOfFile(shared_view));
    CHECK(CloseHandle(mapping) && !name_exists(name));
}

/* The parent closes, the child still holds: the name lives until the child ends. */
static int hold_until_told(HANDLE mapping, const char *name)
{
    char *view;

    await_turn(&parent);
    CHECK(name_exists(name));
    CHECK((view = view_of(mapping, FILE_MAP_WRITE)) != NULL && view[0] == 'h');
    pass_turn(&parent);
    await_turn(&parent);
    return check_failures != 0;
}
static void a_child_holds_what_the_parent_closed(void)
{
    const char *name = NAME("holds");
    HANDLE mapping = new_memory(PAGE_READWRITE, 4096, name);
    char *view = view_of(mapping, FILE_MAP_WRITE);
    PEER child = fork_child(hold_until_told, mapping, name);

    view[0] = 'h';
    CHECK(UnmapViewOfFile(view) && CloseHandle(mapping));
    CHECK(name_exists(name));
    pass_turn(&child);
    await_turn(&child);
    CHECK(name_exists(name));
    pass_turn(&child);
    CHECK(end_of(&child) == 0);
    CHECK_ERROR(OpenFileMappingA(FILE_MAP_READ, FALSE, name), ERROR_FILE_NOT_FOUND);

    /* A killed child lets go as well. */
    mapping = new_memory(PAGE_READWRITE, 4096, name);
    child = fork_child(hold_until_told, mapping, name);
    CHECK(CloseHandle(mapping) && name_exists(name));
    CHECK(kill_peer(&child) == 128 + SIGKILL);
    CHECK_ERROR(OpenFileMappingA(FILE_MAP_READ, FALSE, name), ERROR_FILE_NOT_FOUND);
}

/* Three generations: the one in the middle creates, forks and ends; its child goes on with the object. */
static int create_fork_and_end(HANDLE none, const char *name)
{
    HANDLE mapping = new_memory(PAGE_READWRITE, 4096, name);
    char *view = view_of(mapping, FILE_MAP_WRITE);

    (void)none;
    view[0] = 'h';
    if (fork() == 0) {
        alarm(60);
        /* It speaks to the grandparent through the inherited pipes; one turn too many means failure. */
        if (hold_until_told(mapping, name) != 0)
            pass_turn(&parent);
        exit(0);
    }
    return check_failures != 0;
}
static void a_child_survives_its_parent(void)
{
    const char *name = NAME("generations");
    PEER middle = fork_child(create_fork_and_end, NULL, name);
    int status;

    CHECK(waitpid(middle.pid, &status, 0) == middle.pid && status == 0);
    CHECK(name_exists(name));
    pass_turn(&middle);
    await_turn(&middle);
    CHECK(name_exists(name));
    pass_turn(&middle);
    /* The grandchild is not ours to wait for: its end of the pipe tells. */
    CHECK(read(middle.from, &status, 1) == 0);
    close(middle.to), close(middle.from);
}

/* A child is a full member: it creates, opens, maps and closes objects of its own, and so on. */
static int live_a_full_life(HANDLE mapping, const char *name)
{
    char own[200];
    HANDLE created, opened, event;
    char *view;
    int i;

    (void)mapping;
    for (i = 0; i < 20; ++i) {
        snprintf(own, sizeof own, "%s-%d-%d", name, (int)getpid(), i);
        CHECK_LAST(created = new_memory(PAGE_READWRITE, 4096, own), ERROR_SUCCESS);
        CHECK_QUIET((opened = OpenFileMappingA(FILE_MAP_WRITE, FALSE, own)) != NULL);
        CHECK(CloseHandle(created));
        CHECK_ERROR(CreateEventA(NULL, TRUE, FALSE, own), ERROR_INVALID_HANDLE);
        view = view_of(opened, FILE_MAP_WRITE);
        CHECK(view != NULL && view[0] == 0 && (view[0] = 'v') != 0 && UnmapViewOfFile(view));
        CHECK(CloseHandle(opened));
        CHECK_LAST(event = CreateEventA(NULL, TRUE, FALSE, own), ERROR_SUCCESS);
        CHECK(SetEvent(event) && CloseHandle(event) && !name_exists(own));
    }
    CHECK(name_exists(name));
    return check_failures != 0;
}
static void a_child_creates_and_opens(void)
{
    const char *name = NAME("life");
    HANDLE mapping = new_memory(PAGE_READWRITE, 4096, name);
    PEER first = fork_child(live_a_full_life, mapping, name), second = fork_child(live_a_full_life, mapping, name);

    CHECK(live_a_full_life(mapping, name) == 0);
    CHECK(end_of(&first) == 0 && end_of(&second) == 0);
    CHECK(name_exists(name) && CloseHandle(mapping) && !name_exists(name));
}

/* Without atexit handlers: of the parent's threads only one is left, and LeakSanitizer would miss the others. */
static int live_a_full_life_and_stop(HANDLE mapping, const char *name)
{
    _exit(live_a_full_life(mapping, name));
}

/* Threads create and close without a pause; a fork may hit any moment of that. */
static int stop_churning;

static void *churn(void *number)
{
    char name[200];
    unsigned long rounds = 0;

    snprintf(name, sizeof name, "winshm-%d-churn-%d", (int)getpid(), *(int *)number);
    while (!__atomic_load_n(&stop_churning, __ATOMIC_RELAXED)) {
        HANDLE mapping = new_memory(PAGE_READWRITE, 4096, name), twin = NULL;
        char *view = view_of(mapping, FILE_MAP_WRITE);

        rounds += view != NULL &&
                  DuplicateHandle(GetCurrentProcess(), mapping, GetCurrentProcess(), &twin, 0, FALSE, DUPLICATE_SAME_ACCESS) &&
                  UnmapViewOfFile(view) && CloseHandle(mapping) && CloseHandle(twin);
    }
    return rounds > 0 ? number : NULL;
}
static void a_fork_in_the_midst_of_things_is_clean(void)
{
    enum { THREADS = 3, FORKS = 40 };
    const char *name = NAME("midst");
    HANDLE mapping = new_memory(PAGE_READWRITE, 4096, name);
    pthread_t threads[THREADS];
    int numbers[THREADS], i, clean = 0;

    for (i = 0; i < THREADS; ++i) {
        numbers[i] = i;
        CHECK(pthread_create(&threads[i], NULL, churn, &numbers[i]) == 0);
    }
    for (i = 0; i < FORKS; ++i) {
        PEER child = fork_child(live_a_full_life_and_stop, mapping, name);
        clean += end_of(&child) == 0;
    }
    CHECK(clean == FORKS);
    __atomic_store_n(&stop_churning, 1, __ATOMIC_RELAXED);
    for (i = 0; i < THREADS; ++i) {
        char churned[200];
        void *done = NULL;

        CHECK(pthread_join(threads[i], &done) == 0 && done != NULL);
        snprintf(churned, sizeof churned, "winshm-%d-churn-%d", (int)getpid(), i);
        CHECK_ERROR(OpenFileMappingA(FILE_MAP_READ, FALSE, churned), ERROR_FILE_NOT_FOUND);
    }
    CHECK(name_exists(name) && CloseHandle(mapping) && !name_exists(name));
}

int main(void)
{
    check_begin();
    a_child_keeps_the_handles();
    an_inherited_view_is_shared();
    a_child_holds_what_the_parent_closed();
    a_child_survives_its_parent();
    a_child_creates_and_opens();
    if (!SANITIZED)
        a_fork_in_the_midst_of_things_is_clean();
    return check_end();
}
