/*
 * process_users_planted.c - somebody who may write to a directory of names plants there what is
 * no object: symbolic links, hard links, FIFOs, sockets, directories, files of his own.
 * Whoever uses the names gets a new object or an error, before long, and nothing outside is touched.
 * Needs root, whose rights reach everywhere.
 */
#include "planted.h"

#include <SharedMemory.h>
#include <sys/mman.h>

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

/* The planted fault: somebody does write to a file outside. */
static void a_change_outside_is_noticed(void)
{
    char after[sizeof before];

    put(outside("secret"), "known to all.", 0600);
    look_outside(after, sizeof after);
    CHECK(strcmp(before, after) != 0);
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
    a_ledger_that_is_elsewhere_is_left_alone();
    a_change_outside_is_noticed();
    return check_end();
}
