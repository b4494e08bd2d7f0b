/*
 * process_users_planted.c - somebody who may write to a directory of names plants there what is
 * no object: symbolic links, hard links, FIFOs, sockets, directories, files of his own; or
 * has something else in the place of the directory itself. Whoever uses the names gets a new object
 * or an error, before long, and nothing outside is touched: not its contents, its mode, its owner nor its time.
 * Needs root, whose rights reach everywhere.
 */
#include "users.h"

#include <SharedMemory.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>

/* --- what lies outside ------------------------------------------------------------------------------------------- */

static const char *outside(const char *name) { return below(below(getenv("WINSHM_DIR"), "outside"), name); }
static const char *const outsiders[] = {"secret", "empty", "shared", "empty-shared"};

static void put(const char *path, const char *contents, mode_t mode)
{
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC, mode);

    CHECK(file >= 0 && write(file, contents, strlen(contents)) == (ssize_t)strlen(contents));
    CHECK(fchmod(file, mode) == 0 && close(file) == 0);
}
static void make_outside(void)
{
    CHECK(mkdir(below(getenv("WINSHM_DIR"), "outside"), 0755) == 0);
    put(outside("secret"), "nobody else's", 0600);
    put(outside("empty"), "", 0600);
    put(outside("shared"), "everybody's", 0666);
    put(outside("empty-shared"), "", 0666);
}
/* All that there is to see of it, in one text. */
static void look_outside(char *text, size_t size)
{
    size_t i, used = (size_t)snprintf(text, size, "%d entries\n", count_entries(below(getenv("WINSHM_DIR"), "outside")));

    for (i = 0; i < COUNT_OF(outsiders); ++i) {
        char contents[64] = "";
        struct stat status;
        int file;

        memset(&status, 0, sizeof status);
        CHECK(stat(outside(outsiders[i]), &status) == 0);
        file = open(outside(outsiders[i]), O_RDONLY);
        CHECK(file >= 0 && read(file, contents, sizeof contents - 1) >= 0 && close(file) == 0);
        used += (size_t)snprintf(text + used, size - used, "%s %o %u %u %lld %lld.%09ld [%s]\n", outsiders[i],
                                 (unsigned)status.st_mode, (unsigned)status.st_uid, (unsigned)status.st_gid,
                                 (long long)status.st_size, (long long)status.st_mtim.tv_sec, status.st_mtim.tv_nsec, contents);
    }
}
static char before[2048];
static void nothing_outside_has_changed(const char *what)
{
    char after[sizeof before];

    look_outside(after, sizeof after);
    if (!CHECK(strcmp(before, after) == 0))
        fprintf(stderr, "  %s: before\n%safter\n%s", what, before, after);
}

/* --- what is planted --------------------------------------------------------------------------------------------- */

static void link_to_secret(const char *path) { CHECK(symlink(outside("secret"), path) == 0); }
static void link_to_shared(const char *path) { CHECK(symlink(outside("shared"), path) == 0); }
static void link_to_nothing(const char *path) { CHECK(symlink(outside("made"), path) == 0); }
static void link_to_a_directory(const char *path) { CHECK(symlink(outside(""), path) == 0); }
static void link_to_itself(const char *path) { CHECK(symlink(path, path) == 0); }
static void hard_link_to_secret(const char *path) { CHECK(link(outside("secret"), path) == 0); }
static void hard_link_to_empty(const char *path) { CHECK(link(outside("empty"), path) == 0); }
static void hard_link_to_shared(const char *path) { CHECK(link(outside("shared"), path) == 0); }
static void hard_link_to_empty_shared(const char *path) { CHECK(link(outside("empty-shared"), path) == 0); }
static void fifo(const char *path) { CHECK(mkfifo(path, 0666) == 0); }
static void directory(const char *path) { CHECK(mkdir(path, 0777) == 0); }
static void file_of_his(const char *path, const char *contents, mode_t mode)
{
    put(path, contents, mode);
    CHECK(chown(path, OTHER, GROUP) == 0);
}
static void empty_file(const char *path) { file_of_his(path, "", 0666); }
static void forbidden_file(const char *path) { file_of_his(path, "", 0); }
static void garbage(const char *path) { file_of_his(path, "winshm\r\n garbage", 0666); }
static void huge_file(const char *path)
{
    file_of_his(path, "", 0666);
    CHECK(truncate(path, 1LL << 40) == 0);
}
static void listener(const char *path)
{
    struct sockaddr_un address;
    int socket_made = socket(AF_UNIX, SOCK_STREAM, 0);

    memset(&address, 0, sizeof address);
    address.sun_family = AF_UNIX;
    if (strlen(path) < sizeof address.sun_path) {
        memcpy(address.sun_path, path, strlen(path) + 1);
        CHECK(bind(socket_made, (struct sockaddr *)&address, sizeof address) == 0 && listen(socket_made, 1) == 0);
    }
}
/* Somebody keeps every lock on it that there is, for ever: the one who looks finds it busy. */
static void locked_file(const char *path)
{
    struct flock all;
    int file;

    file_of_his(path, "", 0666);
    file = open(path, O_RDWR);
    memset(&all, 0, sizeof all);
    all.l_type = F_WRLCK;
    all.l_whence = SEEK_SET;
    CHECK(file >= 0 && fcntl(file, F_OFD_SETLK, &all) == 0);
}

static const struct {
    const char *name;
    void (*plant)(const char *path);
} plants[] = {
    {"link to a secret", link_to_secret},
    {"link to what all may write", link_to_shared},
    {"link to nothing", link_to_nothing},
    {"link to a directory", link_to_a_directory},
    {"link to itself", link_to_itself},
    {"hard link to a secret", hard_link_to_secret},
    {"hard link to an empty file", hard_link_to_empty},
    {"hard link to what all may write", hard_link_to_shared},
    {"hard link to an empty file that all may write", hard_link_to_empty_shared},
    {"fifo", fifo},
    {"directory", directory},
    {"empty file", empty_file},
    {"forbidden file", forbidden_file},
    {"garbage", garbage},
    {"huge file", huge_file},
    {"socket", listener},
    {"locked file", locked_file},
};

/* --- who meets it ------------------------------------------------------------------------------------------------ */

static const char *met_name; /* with its prefix, if any */

/* A new object is empty. Whatever is written to it stays there. */
static void a_section_is_new_or_not_to_be_had(void)
{
    HANDLE mapping = OpenFileMappingA(FILE_MAP_ALL_ACCESS, FALSE, met_name);
    char *view;

    CHECK(mapping == NULL && GetLastError() != ERROR_SUCCESS);
    mapping = CreateFileMappingA(MEMORY, NULL, PAGE_READWRITE, 0, 4096, met_name);
    if (mapping == NULL)
        return;
    CHECK(GetLastError() == ERROR_SUCCESS);
    view = view_of(mapping, FILE_MAP_WRITE);
    CHECK(view != NULL && view[0] == 0);
    memset(view, 'X', 4096);
    CHECK(UnmapViewOfFile(view) && CloseHandle(mapping));
}
static void so_is_an_event(void)
{
    HANDLE event = OpenEventA(EVENT_ALL_ACCESS, FALSE, met_name);

    CHECK(event == NULL && GetLastError() != ERROR_SUCCESS);
    event = CreateEventA(NULL, FALSE, TRUE, met_name);
    if (event != NULL)
        CHECK(GetLastError() == ERROR_SUCCESS && WaitForSingleObject(event, 0) == WAIT_OBJECT_0 && CloseHandle(event));
}
static void so_is_a_mutex_that_is_owned(void)
{
    HANDLE mutex = CreateMutexA(NULL, TRUE, met_name);

    if (mutex != NULL)
        CHECK(GetLastError() == ERROR_SUCCESS && ReleaseMutex(mutex) && CloseHandle(mutex));
}
static void so_is_memory(void)
{
    SharedMemory *memory = NULL;

    CHECK(SharedMemoryOpen(met_name, &memory) != 0);
    if (SharedMemoryCreateMode(met_name, 4096, 0666, &memory) == 0) {
        CHECK(SharedMemoryWrite(memory, "XXXX", 4) == 0 && SharedMemorySetMode(memory, 0640) == 0);
        CHECK(SharedMemoryFree(memory) == 0);
    }
}
/* Another name is used: the look for leftovers goes over the directory. */
static void others_are_not_disturbed(void)
{
    char name[100];
    HANDLE mapping;

    snprintf(name, sizeof name, "%s-other", met_name);
    CHECK_LAST(mapping = CreateFileMappingA(MEMORY, NULL, PAGE_READWRITE, 0, 4096, name), ERROR_SUCCESS);
    CHECK(*view_of(mapping, FILE_MAP_READ) == 0 && CloseHandle(mapping));
}
static void (*const stories[])(void) = {
    a_section_is_new_or_not_to_be_had, so_is_an_event, so_is_a_mutex_that_is_owned, so_is_memory, others_are_not_disturbed,
};

static void clear(const char *path)
{
    if (unlink(path) != 0)
        rmdir(path);
}
/* Each plant in the place of this file, for each story. */
static void plant_in_place_of(const char *file)
{
    char path[512];
    size_t plant, story;

    snprintf(path, sizeof path, "%s", file);
    for (plant = 0; plant < COUNT_OF(plants); ++plant)
        /* Who waits for a lock waits for seconds: once is enough. */
        for (story = 0; story < (plants[plant].plant == locked_file ? 1 : COUNT_OF(stories)); ++story) {
            plants[plant].plant(path);
            in_another_process(stories[story]);
            nothing_outside_has_changed(plants[plant].name);
            clear(path);
        }
}

static void in_the_directory_of_all(void)
{
    provide_global_directory(0, 0777);
    met_name = "Global\\met";
    plant_in_place_of(below(global_directory(), "G.met"));
    CHECK(rmdir(global_directory()) == 0);
}
/* Of a group: in place of the guard, too, which every object needs. */
static void in_the_directory_of_a_group(void)
{
    provide_global_directory(GROUP, 02770);
    met_name = "Global\\met";
    plant_in_place_of(below(global_directory(), "G!guard"));
    clear(below(global_directory(), "G!guard"));
    CHECK(rmdir(global_directory()) == 0);
}
/* Only the user himself can do so. It is no better then. */
static void in_the_users_own_directory(void)
{
    CHECK(mkdir(object_directory(), 0700) == 0 || errno == EEXIST);
    met_name = "met";
    plant_in_place_of(below(object_directory(), "L.met"));
    plant_in_place_of(guard_file());
    clear(guard_file());
    CHECK(rmdir(object_directory()) == 0);
}

/* --- in place of the directories --------------------------------------------------------------------------------- */

static void directory_of_his(const char *path)
{
    CHECK(mkdir(path, 0777) == 0 && chown(path, OTHER, GROUP) == 0);
}
static void closed_directory_of_his(const char *path)
{
    CHECK(mkdir(path, 0700) == 0 && chown(path, OTHER, GROUP) == 0);
}
static void open_directory(const char *path) { CHECK(mkdir(path, 0777) == 0); }

static const struct {
    const char *name;
    void (*plant)(const char *path);
} squatters[] = {
    {"link to a directory", link_to_a_directory},
    {"link to nothing", link_to_nothing},
    {"link to itself", link_to_itself},
    {"hard link to a secret", hard_link_to_secret},
    {"file", empty_file},
    {"fifo", fifo},
    {"socket", listener},
    {"directory of another user", directory_of_his},
    {"closed directory of another user", closed_directory_of_his},
};

static void nothing_is_had(void)
{
    SharedMemory *memory = NULL;

    CHECK_ERROR(CreateFileMappingA(MEMORY, NULL, PAGE_READWRITE, 0, 4096, met_name), ERROR_ACCESS_DENIED);
    CHECK_ERROR(OpenFileMappingA(FILE_MAP_READ, FALSE, met_name), ERROR_ACCESS_DENIED);
    CHECK_ERROR(CreateEventA(NULL, FALSE, FALSE, met_name), ERROR_ACCESS_DENIED);
    CHECK_ERROR(CreateMutexA(NULL, TRUE, met_name), ERROR_ACCESS_DENIED);
    CHECK(SharedMemoryCreate(met_name, 4096, &memory) == SHARED_MEMORY_ACCESS_DENIED);
}
/* A squatted directory is refused as it is: neither used nor changed. */
static void the_users_own_directory_is_squatted(void)
{
    char path[512];
    struct stat was, is;
    size_t i;

    snprintf(path, sizeof path, "%s", object_directory());
    met_name = "met";
    for (i = 0; i <= COUNT_OF(squatters); ++i) {
        /* The last one is this user's, but others may write to it: who knows what they did. */
        const char *name = i < COUNT_OF(squatters) ? squatters[i].name : "directory that is open to all";

        (i < COUNT_OF(squatters) ? squatters[i].plant : open_directory)(path);
        CHECK(lstat(path, &was) == 0);
        in_another_process(nothing_is_had);
        CHECK(lstat(path, &is) == 0 && is.st_ino == was.st_ino && is.st_mode == was.st_mode && is.st_uid == was.st_uid);
        CHECK(is.st_mtim.tv_sec == was.st_mtim.tv_sec && is.st_mtim.tv_nsec == was.st_mtim.tv_nsec);
        nothing_outside_has_changed(name);
        clear(path);
    }
}
static void it_is_the_users_own(void)
{
    HANDLE mapping;

    CHECK_LAST(mapping = CreateFileMappingA(MEMORY, NULL, PAGE_READWRITE, 0, 4096, met_name), ERROR_SUCCESS);
    CHECK(access(below(object_directory(), "G.met"), F_OK) == 0);
    CHECK(CloseHandle(mapping));
}
/* What the administrator did not make is not there. */
static void the_directory_of_all_is_squatted(void)
{
    char path[512];
    size_t i;

    snprintf(path, sizeof path, "%s", global_directory());
    met_name = "Global\\met";
    for (i = 0; i < COUNT_OF(squatters); ++i) {
        squatters[i].plant(path);
        in_another_process(it_is_the_users_own);
        nothing_outside_has_changed(squatters[i].name);
        clear(path);
    }
    CHECK(rmdir(object_directory()) == 0);
}

/* --- ledgers ----------------------------------------------------------------------------------------------------- */

static char segment_name[80];

static void open_the_segment(void)
{
    SharedMemory *memory = NULL;

    if (SharedMemoryOpen(segment_name, &memory) == 0) {
        CHECK(SharedMemorySetMode(memory, 0640) == 0 && SharedMemorySetMode(memory, 0666) == 0);
        CHECK(SharedMemoryClose(memory) == 0);
    }
}
/*
 * The ledger of a segment gets the segment's owner and mode. If it is a link to what is elsewhere, that would
 * get them: with root's rights, the file of root's that all may write would become the other user's.
 */
static void a_ledger_that_is_elsewhere_is_left_alone(void)
{
    static const char prefix[] = "S.P.";
    char path[512] = "", posix_name[64];
    size_t plant;
    int file;
    DIR *found;
    struct dirent *entry;

    snprintf(posix_name, sizeof posix_name, "/winshm-planted-%u", (unsigned)getpid());
    snprintf(segment_name, sizeof segment_name, "Posix\\winshm-planted-%u", (unsigned)getpid());
    provide_global_directory(0, 0777);
    file = shm_open(posix_name, O_RDWR | O_CREAT | O_EXCL, 0666);
    CHECK(file >= 0 && ftruncate(file, 4096) == 0 && fchmod(file, 0666) == 0 && fchown(file, OTHER, GROUP) == 0);
    in_another_process(open_the_segment);
    found = opendir(global_directory());
    while (found != NULL && (entry = readdir(found)) != NULL)
        if (strncmp(entry->d_name, prefix, strlen(prefix)) == 0)
            snprintf(path, sizeof path, "%s", below(global_directory(), entry->d_name));
    closedir(found);
    if (CHECK(path[0] != 0))
        for (plant = 0; plant < COUNT_OF(plants); ++plant) {
            clear(path);
            plants[plant].plant(path);
            in_another_process(open_the_segment);
            nothing_outside_has_changed(plants[plant].name);
        }
    clear(path);
    CHECK(close(file) == 0 && shm_unlink(posix_name) == 0);
    CHECK(rmdir(global_directory()) == 0);
}

int main(void)
{
    check_begin();
    need_root();
    use_directory_of_all();
    make_outside();
    look_outside(before, sizeof before);
    in_the_directory_of_all();
    in_the_directory_of_a_group();
    in_the_users_own_directory();
    the_users_own_directory_is_squatted();
    the_directory_of_all_is_squatted();
    a_ledger_that_is_elsewhere_is_left_alone();
    return check_end();
}
