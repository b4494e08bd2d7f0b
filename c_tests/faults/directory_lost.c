/*
 * directory_lost.c - the directory of the objects is deleted under running programs, as a
 * login manager does, or its parent is; a file, a link or a stranger's directory takes its
 * place; another file system is mounted over it. Who holds something keeps it, with
 * everybody who held it too. Later named calls find a new directory, or say why not, and
 * find one when the way is free again. Needs root for some of it.
 */
#include "faulty_acts.h"

#include <sched.h>
#include <sys/mount.h>

enum { DELETED, PARENT_DELETED, A_FILE, A_LINK, A_STRANGERS, PARENT_A_FILE, MOUNTED_OVER, LOSSES };
static const char *const losses[LOSSES] = {"deleted", "with its parent", "now a file", "now a link", "now a stranger's",
                                           "its parent now a file", "mounted over"};
static const DWORD answers[LOSSES] = {ERROR_SUCCESS, ERROR_PATH_NOT_FOUND, ERROR_ACCESS_DENIED, ERROR_ACCESS_DENIED,
                                      ERROR_ACCESS_DENIED, ERROR_ACCESS_DENIED, ERROR_SUCCESS};

static void run(const char *format, const char *path)
{
    char command[700];

    snprintf(command, sizeof command, format, path, path);
    CHECK(system(command) == 0);
}
static void lose(int loss)
{
    const char *own = object_directory(), *base = getenv("WINSHM_DIR");

    if (loss == MOUNTED_OVER) {
        CHECK(mount("tmpfs", base, "tmpfs", 0, "size=4m,mode=1777") == 0);
        return;
    }
    run("rm -rf '%s'", loss == PARENT_DELETED || loss == PARENT_A_FILE ? base : own);
    if (loss == A_FILE || loss == PARENT_A_FILE)
        run("echo squatter > '%s'", loss == A_FILE ? own : base);
    if (loss == A_LINK)
        run("ln -s /tmp '%s'", own);
    if (loss == A_STRANGERS)
        run("mkdir -m 0700 '%s' && chown 65534 '%s'", own);
}
static void repair(int loss)
{
    if (loss == MOUNTED_OVER)
        return;
    run("rm -rf '%s'", loss == PARENT_A_FILE ? getenv("WINSHM_DIR") : object_directory());
    if (loss == PARENT_A_FILE || loss == PARENT_DELETED)
        run("mkdir -p -m 0700 '%s'", getenv("WINSHM_DIR"));
}

/* Shares what the holder has, and takes its mutex when it is told. The tag: the holder's process id. */
static int be_partner(const char *tag)
{
    char name[100];
    HANDLE mutex, section;
    char *view;

    snprintf(name, sizeof name, "home-%s-section", tag);
    view = view_of(section = OpenFileMappingA(FILE_MAP_ALL_ACCESS, FALSE, name), FILE_MAP_WRITE);
    snprintf(name, sizeof name, "home-%s-mutex", tag);
    mutex = OpenMutexA(MUTEX_ALL_ACCESS, FALSE, name);
    if (view == NULL || mutex == NULL || section == NULL)
        return 3;
    pass_turn(&parent);
    await_turn(&parent); /* now it is lost */
    if (WaitForSingleObject(mutex, INFINITE) != WAIT_OBJECT_0)
        return 4;
    view[0] = 'p';
    pass_turn(&parent);
    for (;;)
        pause();
}
/* A process that comes later: whether it can make this name, and whether it was new. */
static int be_newcomer(const char *name)
{
    HANDLE made = CreateEventA(NULL, TRUE, FALSE, name);

    return made == NULL ? (int)GetLastError() : GetLastError() == ERROR_ALREADY_EXISTS ? 100 : 0;
}
static int newcomer_gets(const char *name)
{
    PEER newcomer = start_peer("newcomer", name);

    return end_of(&newcomer);
}

static int be_holder(int loss, int forgets)
{
    char me[20];
    const char *fresh_name;
    PEER partner;
    HANDLE made_later;

    alarm(60);
    furnish();
    fresh_name = home_name("later");
    snprintf(me, sizeof me, "%d", (int)getpid());
    partner = start_peer("partner", me);
    await_turn(&partner);
    lose(loss);
    if (forgets) /* the planted fault: the holder's own section is not what it was */
        home.view[1] = 'x';
    check_household();

    /* Both have the same objects still: what one writes and owns, the other sees, also its end. */
    CHECK(ReleaseMutex(home.mutex));
    pass_turn(&partner);
    await_turn(&partner);
    CHECK(home.view[0] == 'p' && WaitForSingleObject(home.mutex, 0) == WAIT_TIMEOUT);
    home.view[0] = 'v';
    CHECK(kill_peer(&partner) == 128 + SIGKILL);
    CHECK(WaitForSingleObject(home.mutex, INFINITE) == WAIT_ABANDONED);
    check_household();

    /* New names: they work, or it is said why not. */
    SetLastError(SENTINEL);
    made_later = CreateEventA(NULL, TRUE, FALSE, fresh_name);
    CHECK((made_later != NULL) == (answers[loss] == ERROR_SUCCESS));
    CHECK(GetLastError() == answers[loss]);
    CHECK(newcomer_gets(fresh_name) == (answers[loss] != ERROR_SUCCESS ? (int)answers[loss] : loss == MOUNTED_OVER ? 0 : 100));
    if (made_later == NULL) {
        CHECK_ERROR(OpenFileMappingA(FILE_MAP_READ, FALSE, fresh_name), answers[loss]);
        repair(loss);
        CHECK_LAST(made_later = CreateEventA(NULL, TRUE, FALSE, fresh_name), ERROR_SUCCESS);
        CHECK(newcomer_gets(fresh_name) == 100);
    }
    check_household();
    CHECK(CloseHandle(made_later));
    CHECK(newcomer_gets(fresh_name) == 0);

    /* An old name is a new object to who comes later; both live side by side, as docs/concepts.md says. */
    CHECK(newcomer_gets(home_name("event")) == 0);
    check_household();
    clear_out();
    return check_failures != 0;
}

static int in_a_holder(const char *role, int loss)
{
    char number[12];
    PEER holder;
    int ended;

    snprintf(number, sizeof number, "%d", loss);
    holder = start_peer(role, number);
    ended = end_of(&holder);
    remove_segments_of(holder.pid);
    repair(loss);
    return ended;
}

int main(int argc, char **argv)
{
    char files[] = "/tmp/winshm-files-XXXXXX";
    int loss;

    check_begin();
    if (plays(argc, argv, "holder"))
        return be_holder(atoi(argv[3]), 0);
    if (plays(argc, argv, "forgetful holder")) {
        be_quiet();
        return be_holder(atoi(argv[3]), 1);
    }
    if (plays(argc, argv, "partner"))
        return be_partner(argv[3]);
    if (plays(argc, argv, "newcomer"))
        return be_newcomer(argv[3]);
    if (geteuid() != 0 || unshare(CLONE_NEWNS) != 0 || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0) {
        printf("SKIPPED: needs root, and the right to mount\n");
        return 77;
    }
    use_private_directory();
    CHECK(mkdtemp(files) != NULL && setenv("WINSHM_FILES", files, 1) == 0);
    alarm(600);
    for (loss = 0; loss < LOSSES; ++loss) {
        int ended = in_a_holder("holder", loss);

        if (!CHECK(ended == 0))
            fprintf(stderr, "... \"%s\": it ended with %d\n", losses[loss], ended);
        if (loss == MOUNTED_OVER)
            umount2(getenv("WINSHM_DIR"), MNT_DETACH);
    }
    CHECK(in_a_holder("forgetful holder", DELETED) == 1);
    run("rm -rf '%s'", files);
    return check_end();
}
