/*
 * process_directory.c - the directory that names live in, under attack: somebody
 * else was there first, or deletes it while objects are in use.
 *
 * The library may look at its directory once, so every story is told by a fresh
 * process in a fresh WINSHM_DIR.
 */
#include "check.h"

#include <ftw.h>
#include <sys/stat.h>

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *walk)
{
    (void)status, (void)type, (void)walk;
    return remove(path);
}
static void remove_tree(const char *path)
{
    CHECK(nftw(path, remove_entry, 8, FTW_DEPTH | FTW_PHYS) == 0);
}

/* With a directory that cannot be trusted nothing is created, and nothing that lies in it is opened. */
static int be_refused(const char *name)
{
    CHECK_ERROR(new_memory(PAGE_READWRITE, 4096, name), ERROR_ACCESS_DENIED);
    CHECK_ERROR(CreateFileMappingW(MEMORY, NULL, PAGE_READWRITE, 0, 4096, widen(name)), ERROR_ACCESS_DENIED);
    CHECK_ERROR(OpenFileMappingA(FILE_MAP_READ, FALSE, name), ERROR_ACCESS_DENIED);
    CHECK_ERROR(CreateEventA(NULL, TRUE, FALSE, name), ERROR_ACCESS_DENIED);
    CHECK_ERROR(OpenEventA(SYNCHRONIZE, FALSE, name), ERROR_ACCESS_DENIED);
    CHECK_ERROR(OpenEventW(SYNCHRONIZE, FALSE, widen(name)), ERROR_ACCESS_DENIED);
    return check_failures != 0;
}
static int be_welcome(const char *name)
{
    HANDLE mapping, event;
    char event_name[200];

    snprintf(event_name, sizeof event_name, "%s-event", name);
    CHECK_LAST(mapping = new_memory(PAGE_READWRITE, 4096, name), ERROR_SUCCESS);
    CHECK_LAST(event = CreateEventA(NULL, TRUE, FALSE, event_name), ERROR_SUCCESS);
    CHECK(name_exists(name) && count_objects() >= 2);
    CHECK(CloseHandle(mapping) && CloseHandle(event));
    return check_failures != 0;
}

static int result_of(const char *role)
{
    PEER child = start_peer(role, NAME("directory"));

    return end_of(&child);
}

/* Anybody may write in it: somebody could put an object there that is not ours. */
static void a_directory_open_to_all_is_refused(void)
{
    struct stat status;

    CHECK(mkdir(object_directory(), 0700) == 0 && chmod(object_directory(), 0777) == 0);
    CHECK(result_of("refused") == 0);
    CHECK(count_objects() == 0);
    CHECK(stat(object_directory(), &status) == 0 && (status.st_mode & 07777) == 0777);
    CHECK(rmdir(object_directory()) == 0);
}

/* It leads elsewhere, even if that is a good place. */
static void a_symbolic_link_is_refused(void)
{
    char elsewhere[300];

    snprintf(elsewhere, sizeof elsewhere, "%s/elsewhere", getenv("WINSHM_DIR"));
    CHECK(mkdir(elsewhere, 0700) == 0 && symlink(elsewhere, object_directory()) == 0);
    CHECK(result_of("refused") == 0);
    CHECK(count_entries(elsewhere) == 0);
    CHECK(unlink(object_directory()) == 0);
    /* Nor does a link into nowhere create what it points to. */
    CHECK(rmdir(elsewhere) == 0 && symlink(elsewhere, object_directory()) == 0);
    CHECK(result_of("refused") == 0);
    CHECK(access(elsewhere, F_OK) != 0);
    CHECK(unlink(object_directory()) == 0);
}

/* It is no directory at all. */
static void a_plain_file_is_refused(void)
{
    FILE *file = fopen(object_directory(), "w");

    CHECK(file != NULL && fputs("squatter", file) >= 0 && fclose(file) == 0);
    CHECK(result_of("refused") == 0);
    CHECK(unlink(object_directory()) == 0);
}

/* Once the squatter is gone, or where the directory is ours already, everything works. */
static void a_private_directory_is_welcome(void)
{
    struct stat status;

    CHECK(result_of("welcome") == 0);
    CHECK(lstat(object_directory(), &status) == 0 && S_ISDIR(status.st_mode) && (status.st_mode & 07777) == 0700);
    CHECK(count_objects() == 0);
    CHECK(result_of("welcome") == 0);
    CHECK(rmdir(object_directory()) == 0);
    CHECK(mkdir(object_directory(), 0700) == 0);
    CHECK(result_of("welcome") == 0);
    CHECK(rmdir(object_directory()) == 0);
}

/* What a holder has in its hands, and whether all of it still works. */
typedef struct HELD {
    HANDLE mapping, reserved, event;
    char *view, *reserved_view;
} HELD;

static void hold(HELD *held, const char *name)
{
    char other[200];

    snprintf(other, sizeof other, "%s-reserved", name);
    held->reserved = new_memory(PAGE_READWRITE | SEC_RESERVE, 0x10000, other);
    snprintf(other, sizeof other, "%s-event", name);
    held->event = CreateEventA(NULL, TRUE, FALSE, other);
    held->mapping = new_memory(PAGE_READWRITE, 0x10000, name);
    held->view = view_of(held->mapping, FILE_MAP_WRITE);
    held->reserved_view = view_of(held->reserved, FILE_MAP_WRITE);
    CHECK(held->event != NULL && held->view != NULL && held->reserved_view != NULL);
    held->view[0] = 'd';
}
static void works(HELD *held)
{
    HANDLE me = GetCurrentProcess(), twin = NULL;
    char *second;

    CHECK(held->view[0] == 'd');
    held->view[0xFFFF] = 'e';
    CHECK(DuplicateHandle(me, held->mapping, me, &twin, FILE_MAP_READ, FALSE, 0));
    CHECK(CompareObjectHandles(twin, held->mapping));
    CHECK((second = view_of(twin, FILE_MAP_READ)) != NULL && second[0] == 'd' && second[0xFFFF] == 'e');
    CHECK(UnmapViewOfFile(second) && CloseHandle(twin));
    CHECK(VirtualAlloc(held->reserved_view, 8192, MEM_COMMIT, PAGE_READWRITE) == held->reserved_view);
    CHECK((second = view_of(held->reserved, FILE_MAP_WRITE)) != NULL);
    second[8191] = 'f';
    CHECK(held->reserved_view[8191] == 'f' && UnmapViewOfFile(second));
    CHECK(SetEvent(held->event) && ResetEvent(held->event));
}
static void let_go(HELD *held)
{
    CHECK(UnmapViewOfFile(held->view) && UnmapViewOfFile(held->reserved_view));
    CHECK(CloseHandle(held->mapping) && CloseHandle(held->reserved) && CloseHandle(held->event));
}

/* The directory is deleted with everything in it. Holders go on, and new names find a new directory. */
static int be_bereft(const char *name)
{
    HELD held;
    HANDLE fresh, other;
    char new_name[200];

    snprintf(new_name, sizeof new_name, "%s-new", name);
    hold(&held, name);
    works(&held);
    remove_tree(object_directory());
    works(&held);
    CHECK_ERROR(OpenFileMappingA(FILE_MAP_READ, FALSE, new_name), ERROR_FILE_NOT_FOUND);
    CHECK_LAST(fresh = new_memory(PAGE_READWRITE, 4096, new_name), ERROR_SUCCESS);
    CHECK_LAST(other = new_memory(PAGE_READWRITE, 4096, new_name), ERROR_ALREADY_EXISTS);
    CHECK(CompareObjectHandles(fresh, other) && CloseHandle(other));
    CHECK(result_of("welcome") == 0);
    works(&held);
    let_go(&held);
    CHECK(name_exists(new_name) && CloseHandle(fresh) && !name_exists(new_name));
    /* The old name, too, can be used again. */
    CHECK_LAST(fresh = new_memory(PAGE_READWRITE, 4096, name), ERROR_SUCCESS);
    CHECK(CloseHandle(fresh));
    return check_failures != 0;
}

/* Only the files are deleted, with objects in use in two processes: both go on with the same memory. */
static int be_robbed(const char *name)
{
    HELD held;
    PEER child;
    HANDLE fresh;

    hold(&held, name);
    child = start_peer("partner", name);
    await_turn(&child);
    remove_tree(object_directory());
    CHECK(mkdir(object_directory(), 0700) == 0);
    works(&held);
    held.view[1] = 'g';
    pass_turn(&child);
    await_turn(&child);
    CHECK(held.view[2] == 'h');
    pass_turn(&child);
    CHECK(end_of(&child) == 0);
    works(&held);
    let_go(&held);
    CHECK_LAST(fresh = new_memory(PAGE_READWRITE, 4096, name), ERROR_SUCCESS);
    CHECK(CloseHandle(fresh));
    CHECK(count_objects() == 0);
    return check_failures != 0;
}
static int be_partner(const char *name)
{
    HANDLE mapping = OpenFileMappingA(FILE_MAP_READ | FILE_MAP_WRITE, FALSE, name);
    char *view = view_of(mapping, FILE_MAP_WRITE), *later;

    pass_turn(&parent);
    await_turn(&parent);
    CHECK(view[1] == 'g');
    CHECK((later = view_of(mapping, FILE_MAP_WRITE)) != NULL);
    later[2] = 'h';
    pass_turn(&parent);
    await_turn(&parent);
    CHECK(UnmapViewOfFile(view) && UnmapViewOfFile(later) && CloseHandle(mapping));
    return check_failures != 0;
}

int main(int argc, char **argv)
{
    check_begin();
    if (plays(argc, argv, "refused"))
        return be_refused(argv[3]);
    if (plays(argc, argv, "welcome"))
        return be_welcome(argv[3]);
    if (plays(argc, argv, "bereft"))
        return be_bereft(argv[3]);
    if (plays(argc, argv, "robbed"))
        return be_robbed(argv[3]);
    if (plays(argc, argv, "partner"))
        return be_partner(argv[3]);
    use_private_directory();
    a_directory_open_to_all_is_refused();
    a_symbolic_link_is_refused();
    a_plain_file_is_refused();
    a_private_directory_is_welcome();
    CHECK(result_of("bereft") == 0);
    CHECK(result_of("robbed") == 0);
    remove_tree(getenv("WINSHM_DIR"));
    return check_end();
}
