/*
 * process_fork_views.c - views that were there at a fork. They keep the memory
 * on both sides, and the name on neither: that hangs on handles alone, even when
 * the process with the last one is killed and its relative still has the view.
 */
#include "check.h"

/* Ends this process unless what a child or parent of the test relies on holds. */
static void must(int holds)
{
    if (!holds)
        _exit(3);
}

/* Passes the turn, sleeps until it comes back, and looks into the view that it kept. */
static void keep_only_the_view(HANDLE mapping, const char *view)
{
    must(CloseHandle(mapping));
    pass_turn(&parent);
    await_turn(&parent);
    must(view[0] == 'v');
    pass_turn(&parent);
    _exit(0);
}

/* A parent with a handle and a view forks; the child closes the handle and keeps the view; the parent is killed. */
static void a_childs_view_does_not_keep_the_name_of_its_killed_parent(DWORD protection)
{
    const char *name = NAME("killed");
    PEER family = fork_peer();
    HANDLE again;

    if (family.pid == 0) {
        HANDLE mapping = new_memory(protection, 8192, name);
        char *view = view_of(mapping, FILE_MAP_WRITE);

        must(view != NULL);
        view[0] = 'v';
        if (fork() == 0)
            keep_only_the_view(mapping, view);
        for (;;)
            pause();
    }
    await_turn(&family);
    CHECK(name_exists(name));
    kill(family.pid, SIGKILL);
    waitpid(family.pid, NULL, 0);
    CHECK_ERROR(OpenFileMappingA(FILE_MAP_READ, FALSE, name), ERROR_FILE_NOT_FOUND);
    CHECK_LAST(again = new_memory(PAGE_READWRITE, 8192, name), ERROR_SUCCESS);
    pass_turn(&family); /* the child lives on with its view */
    await_turn(&family);
    CHECK(CloseHandle(again));
    close(family.to), close(family.from);
}

/* The other way round: the parent closes its handle and keeps the view; the child is killed. */
static void a_parents_view_does_not_keep_the_name_of_its_killed_child(void)
{
    const char *name = NAME("child");
    HANDLE mapping = new_memory(PAGE_READWRITE, 8192, name);
    char *view = view_of(mapping, FILE_MAP_WRITE);
    PEER child = fork_peer();

    if (child.pid == 0) {
        must(view[0] == 0);
        view[0] = 'c';
        pass_turn(&parent);
        for (;;)
            pause();
    }
    await_turn(&child);
    CHECK(CloseHandle(mapping));
    CHECK(name_exists(name)); /* the child has it */
    kill_peer(&child);
    CHECK_ERROR(OpenFileMappingA(FILE_MAP_READ, FALSE, name), ERROR_FILE_NOT_FOUND);
    CHECK(view[0] == 'c');
    CHECK(UnmapViewOfFile(view));
}

/* Views mapped after the fork, on both sides, are held to the same rule. */
static void views_of_after_the_fork_do_not_keep_the_name_either(void)
{
    const char *name = NAME("after");
    HANDLE mapping = new_memory(PAGE_READWRITE, 8192, name);
    PEER child = fork_peer();
    char *view;

    if (child.pid == 0) {
        view = view_of(mapping, FILE_MAP_WRITE);
        must(view != NULL);
        view[0] = 'c';
        must(CloseHandle(mapping));
        pass_turn(&parent);
        await_turn(&parent);
        must(view[0] == 'p');
        _exit(0);
    }
    await_turn(&child);
    CHECK((view = view_of(mapping, FILE_MAP_WRITE)) != NULL && view[0] == 'c');
    CHECK(name_exists(name));
    CHECK(CloseHandle(mapping));
    CHECK(!name_exists(name));
    view[0] = 'p';
    CHECK(UnmapViewOfFile(view));
    pass_turn(&child);
    CHECK(end_of(&child) == 0);
}

int main(void)
{
    check_begin();
    a_childs_view_does_not_keep_the_name_of_its_killed_parent(PAGE_READWRITE);
    a_childs_view_does_not_keep_the_name_of_its_killed_parent(PAGE_READWRITE | SEC_RESERVE);
    a_parents_view_does_not_keep_the_name_of_its_killed_child();
    views_of_after_the_fork_do_not_keep_the_name_either();
    return check_end();
}
