/*
 * hostile_users.c - a user without rights to anybody's objects does in the directory of all what he can: he floods it
 * with files under names of every kind, holds every lock that he can get on them and on the directory, and changes
 * modes while others look. Root's objects, old and new, are as if he were not there: found, made, waited for,
 * removed, each within two seconds. Needs root.
 * The fault that the check must see: the same done by one who may open root's objects, root himself, and who takes
 * their locks and names ("rights").
 */
#include "../users.h"
#include "effort.h"

#include <sys/file.h>

static char name_of_event[64], name_of_section[64];
static HANDLE event;
static char *view;

static int lock_all_of(int file)
{
    struct flock all;

    memset(&all, 0, sizeof all);
    all.l_type = F_WRLCK;
    return fcntl(file, F_OFD_SETLK, &all) == 0;
}
/* As many as he is told, under names that the library gives to objects, ledgers, guards and notes. */
static int flood(const char *count)
{
    static const char *const forms[] = {"G.flood-%d", "G~%064d", "S.P.1.%x.1", "S.V.1.%x.1", "D.1-%x", "L.flood-%d"};
    const int most = atoi(count);
    int directory = open(global_directory(), O_RDONLY), made = 0, locked = 0, i;

    flock(directory, LOCK_EX | LOCK_NB);
    for (i = 0; i < most; ++i) {
        char name[128];
        int file;

        snprintf(name, sizeof name, forms[i % 6], i);
        file = openat(directory, name, O_RDWR | O_CREAT, i % 7 == 0 ? 0 : 0666);
        made += file >= 0;
        if (file >= 0 && i % 3 == 0 && ftruncate(file, 4096) != 0)
            return 3;
        if (i < 800 && file >= 0) /* more descriptors he has not */
            locked += lock_all_of(file);
        else
            close(file);
    }
    /* Names that are root's he cannot open, so he cannot lock them. */
    if (open(below(global_directory(), "G.kept"), O_RDWR) >= 0)
        return 4;
    pass_turn(&parent);
    for (i = 0;; ++i) { /* until he is killed */
        char name[64];

        snprintf(name, sizeof name, forms[0], i % 600 * 6);
        fchmodat(directory, name, i % 2 ? 0 : 0777, 0);
    }
    return made < most || locked == 0;
}
/* What the check is there to see. */
static int take_what_is_roots(void)
{
    int file = open(below(global_directory(), "G.kept"), O_RDWR);

    unlink(below(global_directory(), "G.kept"));
    CHECK(file >= 0);
    return 0;
}

static int takes_seconds(time_t since) { return (int)(time(NULL) - since); }
/* 0: all is as it should be. */
static int is_disturbed(int rounds)
{
    enum { LONGEST_S = 12 }; /* two, and time for a busy machine */
    int i, wrong = 0;

    for (i = 0; i < rounds; ++i) {
        char name[64];
        time_t begun = time(NULL);
        HANDLE found = OpenEventA(EVENT_ALL_ACCESS, FALSE, name_of_event), fresh;
        PEER other;

        wrong += found == NULL || !SetEvent(found) || WaitForSingleObject(event, 0) != WAIT_OBJECT_0 || !CloseHandle(found);
        snprintf(name, sizeof name, "Global\\fresh-%d", i);
        fresh = CreateMutexA(NULL, TRUE, name);
        wrong += fresh == NULL || GetLastError() != 0 || !ReleaseMutex(fresh) || !CloseHandle(fresh);
        wrong += strcmp(view, "root's") != 0;
        wrong += takes_seconds(begun) > LONGEST_S;
        /* And by a process that sees the directory for the first time. */
        begun = time(NULL);
        if (i % 8 == 0) {
            other = start_peer("newcomer", "-");
            wrong += end_of(&other) != 0 || takes_seconds(begun) > LONGEST_S + 10;
        }
    }
    return wrong;
}
static int come_anew(void)
{
    HANDLE found = OpenEventA(EVENT_ALL_ACCESS, FALSE, name_of_event);
    HANDLE section = OpenFileMappingA(FILE_MAP_READ, FALSE, name_of_section);

    return found == NULL || section == NULL || (view = view_of(section, FILE_MAP_READ)) == NULL || strcmp(view, "root's") != 0;
}

int main(int argc, char **argv)
{
    char count[16];
    PEER hostile;
    HANDLE section;

    check_begin();
    strcpy(name_of_event, "Global\\kept"), strcpy(name_of_section, "Global\\kept-section");
    if (plays(argc, argv, "newcomer"))
        return come_anew();
    if (plays_other(argc, argv, "flood")) {
        alarm(300);
        return flood(argv[3]);
    }
    need_root();
    use_directory_of_all();
    provide_global_directory(0, 0777);
    event = CreateEventA(NULL, FALSE, FALSE, name_of_event);
    section = new_memory(PAGE_READWRITE, 4096, name_of_section);
    CHECK(event != NULL && section != NULL && (view = view_of(section, FILE_MAP_WRITE)) != NULL);
    strcpy(view, "root's");
    CHECK(is_disturbed(1) == 0);
    snprintf(count, sizeof count, "%ld", effort(1200, 10000));
    hostile = start_peer("flood", count);
    await_turn(&hostile);
    CHECK(is_disturbed((int)effort(9, 400)) == 0);
    printf("%d files in the directory\n", count_entries(global_directory()));
    CHECK(kill_peer(&hostile) == 128 + SIGKILL);
    CHECK(is_disturbed(9) == 0);
    CHECK(take_what_is_roots() == 0 && is_disturbed(1) != 0);
    CHECK(CloseHandle(event) && UnmapViewOfFile(view) && CloseHandle(section));
    return check_end();
}
