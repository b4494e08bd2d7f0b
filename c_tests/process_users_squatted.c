/*
 * process_users_squatted.c - somebody has something else in the place of a directory of names: a link, a file, a
 * directory of his own. The user's own directory is refused as it is; the one for all, which the administrator did not
 * make, is not there. Nothing outside is touched. Needs root.
 */
#include "planted.h"

#include <SharedMemory.h>

static const char *met_name; /* with its prefix, if any */

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

int main(void)
{
    check_begin();
    need_root();
    use_directory_of_all();
    make_outside();
    look_outside(before, sizeof before);
    the_users_own_directory_is_squatted();
    the_directory_of_all_is_squatted();
    return check_end();
}
