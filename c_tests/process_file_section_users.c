/*
 * process_file_section_users.c - named sections of files between two users, where the
 * administrator lets everybody make names: rights to the section are rights to the file,
 * and nobody opens a file because a stranger says so. Needs root; others skip, and say so.
 */
#include "file_sections.h"
#include "security.h"

#include <SharedMemory.h>

#include <grp.h>

#define OTHER 65534

static const char *machine_wide(const char *name)
{
    static char whole[256];

    snprintf(whole, sizeof whole, "Global\\%s", name);
    return whole;
}
/* Root's file may be read by everybody, and his section opened. */
static int be_reading_user(const char *name)
{
    const char *global = machine_wide(name);
    SharedMemory *memory;
    HANDLE section, copy;
    char *view;

    CHECK_ERROR(OpenFileMappingA(FILE_MAP_WRITE, FALSE, global), ERROR_ACCESS_DENIED);
    CHECK_ERROR(OpenFileMappingA(FILE_MAP_ALL_ACCESS, FALSE, global), ERROR_ACCESS_DENIED);
    CHECK_ERROR(new_memory(PAGE_READWRITE, 4096, global), ERROR_ACCESS_DENIED);
    CHECK((section = OpenFileMappingA(MAXIMUM_ALLOWED, FALSE, global)) != NULL);
    CHECK_ERROR(OpenFileMappingA(FILE_MAP_WRITE, FALSE, global), ERROR_ACCESS_DENIED);
    CHECK_ERROR(new_memory(PAGE_READWRITE, 4096, global), ERROR_ACCESS_DENIED);
    CHECK_ERROR(DuplicateHandle(GetCurrentProcess(), section, GetCurrentProcess(), &copy, FILE_MAP_WRITE, FALSE, 0),
                ERROR_ACCESS_DENIED);
    /* Another kind of object, which is told first. */
    CHECK(SharedMemoryOpen(global, &memory) == ERROR_INVALID_HANDLE);
    CHECK(SharedMemoryCreate(global, 4096, &memory) == ERROR_INVALID_HANDLE);
    CHECK_LAST(copy = new_memory(PAGE_READONLY, 4096, global), ERROR_ALREADY_EXISTS);
    CHECK(CloseHandle(copy));
    CHECK_ERROR(view_of(section, FILE_MAP_WRITE), ERROR_ACCESS_DENIED);
    CHECK((view = view_of(section, FILE_MAP_READ)) != NULL && strcmp(view, "contents") == 0);
    pass_turn(&parent);
    await_turn(&parent);
    CHECK(view[0] == 'C');
    return check_failures != 0;
}
/* Not even that. */
static int be_excluded_user(const char *name)
{
    CHECK_ERROR(OpenFileMappingA(FILE_MAP_READ, FALSE, machine_wide(name)), ERROR_ACCESS_DENIED);
    return check_failures != 0;
}
/* Makes a section of a file of his own, under a name that root knows. */
static int be_foreign_creator(const char *name)
{
    HANDLE file, section;

    put(path_of(name), "bait");
    CHECK((file = open_file(path_of(name), READ_WRITE)) != NULL);
    CHECK_LAST(section = CreateFileMappingA(file, NULL, PAGE_READWRITE, 0, 0, machine_wide(name)), ERROR_SUCCESS);
    CHECK(CloseHandle(file));
    pass_turn(&parent);
    await_turn(&parent);
    CHECK(CloseHandle(section));
    return check_failures != 0;
}

/* The rights of the opener's user to the file decide: to read is enough to read. */
static void a_user_needs_rights_to_the_file(void)
{
    const char *name = NAME("rights");
    SECURITY_ATTRIBUTES all_read = attributes_of("D:(A;;GA;;;SY)(A;;GR;;;WD)");
    HANDLE file, section;
    char *view;
    PEER user;

    put(path_of(name), "contents");
    CHECK((file = open_file(path_of(name), READ_WRITE)) != NULL && chmod(path_of(name), 0644) == 0);
    CHECK((section = CreateFileMappingA(file, &all_read, PAGE_READWRITE, 0, 0, machine_wide(name))) != NULL);
    CHECK(CloseHandle(file));
    free_attributes(&all_read);
    CHECK((view = view_of(section, FILE_MAP_WRITE)) != NULL);
    user = start_peer("reading user", name);
    await_turn(&user);
    view[0] = 'C';
    pass_turn(&user);
    CHECK(end_of(&user) == 0);
    CHECK(chmod(path_of(name), 0600) == 0);
    user = start_peer("excluded user", name);
    CHECK(end_of(&user) == 0);
    CHECK(UnmapViewOfFile(view) && CloseHandle(section));
    unlink(path_of(name));
}

/* Who opens a name opens the file that its maker chose. Root opens none that a user chose for him. */
static void a_foreign_user_leads_nobody_to_a_file(void)
{
    const char *name = NAME("bait");
    PEER user = start_peer("foreign creator", name);

    await_turn(&user);
    CHECK_ERROR(OpenFileMappingA(FILE_MAP_WRITE, FALSE, machine_wide(name)), ERROR_ACCESS_DENIED);
    CHECK_ERROR(new_memory(PAGE_READWRITE, 4096, machine_wide(name)), ERROR_ACCESS_DENIED);
    pass_turn(&user);
    CHECK(end_of(&user) == 0);
    unlink(path_of(name));
}

static int become_other(void) { return setgroups(0, NULL) == 0 && setgid(OTHER) == 0 && setuid(OTHER) == 0; }

int main(int argc, char **argv)
{
    static char machine_wide_directory[256];

    check_begin();
    if (plays(argc, argv, "reading user"))
        return become_other() ? be_reading_user(argv[3]) : 50;
    if (plays(argc, argv, "excluded user"))
        return become_other() ? be_excluded_user(argv[3]) : 50;
    if (plays(argc, argv, "foreign creator"))
        return become_other() ? be_foreign_creator(argv[3]) : 50;
    if (geteuid() != 0) {
        printf("SKIPPED: needs root\n");
        return 77;
    }
    use_private_directory();
    snprintf(machine_wide_directory, sizeof machine_wide_directory, "%s/.winshm-global", getenv("WINSHM_DIR"));
    CHECK(chmod(getenv("WINSHM_DIR"), 01777) == 0);
    CHECK(mkdir(machine_wide_directory, 0) == 0 && chmod(machine_wide_directory, 0777) == 0);
    a_user_needs_rights_to_the_file();
    a_foreign_user_leads_nobody_to_a_file();
    return check_end();
}
