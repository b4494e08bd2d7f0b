/*
 * process_users_rights.c - what another user may not do with root's object is refused when he
 * opens it, creates it again or duplicates a handle, and never later: a handle can do what it was
 * asked for. What the file of the object says by then, counts. Needs root.
 */
#include "users.h"

#include <sys/resource.h>

#define WRITES (FILE_MAP_READ | FILE_MAP_WRITE)

/* What he asks of a section that he may read, what he gets, and whether he could write with it if he were let. */
static const struct ASKED {
    DWORD access, error;
    int reads, writes;
} asked[] = {
    {FILE_MAP_READ, 0, 1, 0},
    {FILE_MAP_COPY, 0, 1, 0},
    {GENERIC_READ, 0, 1, 0},
    {FILE_MAP_READ | FILE_MAP_EXECUTE, 0, 1, 0},
    {READ_CONTROL, 0, 0, 0},
    {GENERIC_EXECUTE, 0, 0, 0},
    {FILE_MAP_WRITE, 5, 0, 1},
    {WRITES, 5, 1, 1},
    {FILE_MAP_READ | GENERIC_WRITE, 5, 1, 1},
    {GENERIC_WRITE, 5, 0, 1},
    {GENERIC_ALL, 5, 1, 1},
    {FILE_MAP_ALL_ACCESS, 5, 1, 1},
    {MAXIMUM_ALLOWED | FILE_MAP_WRITE, 5, 1, 1},
    /* Whatever there is. */
    {MAXIMUM_ALLOWED, 0, 1, 1},
    {MAXIMUM_ALLOWED | FILE_MAP_READ, 0, 1, 1},
};
static const struct PROTECTION {
    DWORD protection, error;
} protections[] = {
    {PAGE_READONLY, 0},  {PAGE_WRITECOPY, 0},         {PAGE_EXECUTE_READ, 0},
    {PAGE_READWRITE, 5}, {PAGE_EXECUTE_READWRITE, 5}, {PAGE_READWRITE | SEC_RESERVE, 5},
};

/* The other user is told of one object, and whether he may write to it. */
static char label[64];
static int may_write;

static int play(int argc, char **argv, const char *role, int may)
{
    if (!plays_other(argc, argv, role))
        return 0;
    snprintf(label, sizeof label, "%s", argv[3]);
    may_write = may;
    return 1;
}
static const char *name_of(const char *what)
{
    static char names[8][128];
    static int next;
    char *name = names[next++ % 8];

    snprintf(name, sizeof names[0], "Global\\%s", what);
    return name;
}
static int has_error(HANDLE handle, DWORD error)
{
    return error == 0 ? handle != NULL : handle == NULL && GetLastError() == error;
}
/* Whether a view is had, or refused for the want of a right. */
static int gives_view(HANDLE section, DWORD access, int expected)
{
    char *view = view_of(section, access);
    DWORD error = GetLastError();

    if (view != NULL && access == FILE_MAP_WRITE)
        view[0] = 'o';
    return view != NULL ? UnmapViewOfFile(view) && expected : !expected && error == ERROR_ACCESS_DENIED;
}

static void open_it(const char *name, int is_writable_section)
{
    size_t i;

    for (i = 0; i < COUNT_OF(asked); ++i) {
        DWORD error = may_write ? 0 : asked[i].error;
        HANDLE section = OpenFileMappingA(asked[i].access, FALSE, name);
        int is_right = has_error(section, error);

        if (section != NULL) {
            is_right &= gives_view(section, FILE_MAP_READ, asked[i].reads);
            if (is_writable_section)
                is_right &= gives_view(section, FILE_MAP_WRITE, asked[i].writes && may_write);
            is_right &= CloseHandle(section) != 0;
        }
        if (!CHECK(is_right))
            fprintf(stderr, "  access 0x%lX\n", (unsigned long)asked[i].access);
    }
}
static void create_it(const char *name)
{
    size_t i;

    for (i = 0; i < COUNT_OF(protections); ++i) {
        HANDLE section = CreateFileMappingA(MEMORY, NULL, protections[i].protection, 0, 4096, name);

        if (!CHECK(has_error(section, may_write ? 0 : protections[i].error)))
            fprintf(stderr, "  protection 0x%lX\n", (unsigned long)protections[i].protection);
        if (section != NULL)
            CHECK(GetLastError() == ERROR_ALREADY_EXISTS && CloseHandle(section));
    }
}
/* A section of a file is made under a name that is taken. */
static void create_it_of_a_file(const char *name)
{
    const char *path = below(getenv("WINSHM_DIR"), "others-file");
    HANDLE file = CreateFileA(path, GENERIC_READ | GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, FILE_FLAG_DELETE_ON_CLOSE, NULL);
    HANDLE section;

    CHECK(file != INVALID_HANDLE_VALUE);
    section = CreateFileMappingA(file, NULL, PAGE_READWRITE, 0, 4096, name);
    CHECK(has_error(section, may_write ? 0 : ERROR_ACCESS_DENIED));
    CHECK(section == NULL || CloseHandle(section));
    CHECK_LAST(section = CreateFileMappingA(file, NULL, PAGE_READONLY, 0, 4096, name), ERROR_ALREADY_EXISTS);
    CHECK(CloseHandle(section) && CloseHandle(file));
}
/* More rights than the source has: the object is asked again. */
static void duplicate_it(const char *name)
{
    HANDLE process = GetCurrentProcess(), source = OpenFileMappingA(FILE_MAP_READ, FALSE, name);
    size_t i;

    CHECK(source != NULL);
    for (i = 0; i < COUNT_OF(asked); ++i) {
        HANDLE copy = NULL;

        SetLastError(SENTINEL);
        if (!DuplicateHandle(process, source, process, &copy, asked[i].access, FALSE, 0))
            copy = NULL;
        if (!CHECK(has_error(copy, may_write ? 0 : asked[i].error)))
            fprintf(stderr, "  access 0x%lX\n", (unsigned long)asked[i].access);
        if (copy != NULL)
            CHECK(gives_view(copy, FILE_MAP_WRITE, asked[i].writes && may_write) && CloseHandle(copy));
    }
    CHECK(CloseHandle(source));
}
static int try_section(void)
{
    const char *name = name_of(label);
    HANDLE kept;

    open_it(name, 1), create_it(name), create_it_of_a_file(name);
    /* The same where the process has it already. */
    CHECK((kept = OpenFileMappingA(FILE_MAP_READ, FALSE, name)) != NULL);
    open_it(name, 1), create_it(name), create_it_of_a_file(name), duplicate_it(name);
    CHECK(gives_view(kept, FILE_MAP_READ, 1) && CloseHandle(kept));
    return check_failures != 0;
}
/* Of a section that nobody can write to, its protection says so, and its descriptor too. */
static int try_constant_section(void)
{
    const char *name = name_of(label);

    open_it(name, 0), create_it(name);
    return check_failures != 0;
}

static const char *file_of(const char *what)
{
    char file[128];

    snprintf(file, sizeof file, "G.%s", what);
    return below(global_directory(), file);
}
/* 0: there is no such object. */
static unsigned mode_of(const char *what)
{
    struct stat status;

    return stat(file_of(what), &status) == 0 ? (unsigned)status.st_mode & 07777 : 0;
}

static void a_section_gives_what_its_descriptor_grants(void)
{
    static const struct {
        const char *role, *text;
        DWORD protection;
        unsigned mode;
    } made[] = {
        {"reader", "D:(A;;GA;;;SY)(A;;GR;;;AU)", PAGE_READWRITE, 0644},
        {"reader", "D:(A;;GR;;;WD)", PAGE_READWRITE | SEC_RESERVE, 0644},
        {"reader of a constant", "D:(A;;GR;;;WD)", PAGE_READONLY, 0644},
        {"writer", "D:(A;;GRGW;;;WD)", PAGE_READWRITE, 0666},
    };
    size_t i;

    for (i = 0; i < COUNT_OF(made); ++i) {
        SECURITY_ATTRIBUTES attributes = attributes_of(made[i].text);
        const char *what = NAME("section");
        HANDLE section = CreateFileMappingA(MEMORY, &attributes, made[i].protection, 0, 4096, name_of(what));

        CHECK(section != NULL && mode_of(what) == made[i].mode);
        have_other_play(made[i].role, what);
        CHECK(mode_of(what) == made[i].mode && CloseHandle(section));
        CHECK(mode_of(what) == 0); /* he held nothing */
        free_attributes(&attributes);
    }
}

/* Who may write by now is not told that he may not, where only the means are missing. */
static int is_no_refusal_if_descriptors_are_short(const char *name)
{
    struct rlimit usual, none;
    int is_right;

    CHECK(getrlimit(RLIMIT_NOFILE, &usual) == 0);
    none = usual, none.rlim_cur = 0;
    CHECK(setrlimit(RLIMIT_NOFILE, &none) == 0);
    is_right = has_error(OpenFileMappingA(WRITES, FALSE, name), ERROR_TOO_MANY_OPEN_FILES);
    CHECK(setrlimit(RLIMIT_NOFILE, &usual) == 0);
    return is_right;
}

/* Root changes his mind, by the mode. Who has a handle keeps what it can do. */
static int be_there_before_and_after(void)
{
    const char *name = name_of(label);
    HANDLE reader, writer;
    char *view;

    CHECK((reader = OpenFileMappingA(FILE_MAP_READ, FALSE, name)) != NULL);
    CHECK((view = view_of(reader, FILE_MAP_READ)) != NULL && view[0] == 'r');
    CHECK_ERROR(OpenFileMappingA(FILE_MAP_WRITE, FALSE, name), ERROR_ACCESS_DENIED);
    pass_turn(&parent), await_turn(&parent);
    CHECK(is_no_refusal_if_descriptors_are_short(name));
    CHECK_QUIET((writer = OpenFileMappingA(WRITES, FALSE, name)) != NULL);
    CHECK(gives_view(writer, FILE_MAP_WRITE, 1) && view[0] == 'o');
    pass_turn(&parent), await_turn(&parent);
    CHECK(gives_view(writer, FILE_MAP_WRITE, 1) && gives_view(reader, FILE_MAP_READ, 1));
    CHECK(UnmapViewOfFile(view) && CloseHandle(writer) && CloseHandle(reader));
    CHECK_ERROR(OpenFileMappingA(FILE_MAP_WRITE, FALSE, name), ERROR_ACCESS_DENIED);
    CHECK((reader = OpenFileMappingA(FILE_MAP_READ, FALSE, name)) != NULL && CloseHandle(reader));
    return check_failures != 0;
}
static void the_mode_counts_when_a_handle_is_opened(DWORD protection)
{
    SECURITY_ATTRIBUTES attributes = attributes_of("D:(A;;GR;;;WD)");
    const char *what = NAME("changing");
    HANDLE section = CreateFileMappingA(MEMORY, &attributes, protection, 0, 4096, name_of(what));
    char *view = view_of(section, FILE_MAP_WRITE);
    PEER other;

    CHECK(VirtualAlloc(view, 4096, MEM_COMMIT, PAGE_READWRITE) != NULL || protection == PAGE_READWRITE);
    view[0] = 'r';
    other = start_peer("there before and after", what);
    await_turn(&other);
    CHECK(chmod(file_of(what), 0666) == 0);
    pass_turn(&other), await_turn(&other);
    CHECK(view[0] == 'o');
    CHECK(chmod(file_of(what), 0644) == 0);
    pass_turn(&other);
    CHECK(end_of(&other) == 0);
    CHECK(UnmapViewOfFile(view) && CloseHandle(section) && mode_of(what) == 0);
    free_attributes(&attributes);
}

/* Somebody deletes the file: who has it for reading can show it, he and the children that he gets. */
static int read_on_in_parent_and_child(void)
{
    HANDLE reader = OpenFileMappingA(FILE_MAP_READ, FALSE, name_of(label)), copy;
    PEER child;

    CHECK(gives_view(reader, FILE_MAP_READ, 1));
    pass_turn(&parent), await_turn(&parent);
    child = fork_peer();
    CHECK(gives_view(reader, FILE_MAP_READ, 1));
    CHECK_ERROR(DuplicateHandle(GetCurrentProcess(), reader, GetCurrentProcess(), &copy, WRITES, FALSE, 0),
                ERROR_ACCESS_DENIED);
    if (child.pid == 0)
        exit(check_failures != 0);
    CHECK(end_of(&child) == 0 && CloseHandle(reader));
    return check_failures != 0;
}
static void a_deleted_file_is_read_on_after_a_fork(void)
{
    SECURITY_ATTRIBUTES attributes = attributes_of("D:(A;;GR;;;WD)");
    const char *what = NAME("deleted");
    HANDLE section = CreateFileMappingA(MEMORY, &attributes, PAGE_READWRITE, 0, 4096, name_of(what));
    PEER other = start_peer("reader of what is deleted", what);

    await_turn(&other);
    CHECK(unlink(file_of(what)) == 0);
    pass_turn(&other);
    CHECK(end_of(&other) == 0 && CloseHandle(section));
    free_attributes(&attributes);
}

/* What can be waited for is changed by whoever waits: to read it is of no use. */
static int try_what_can_be_waited_for(void)
{
    const char *event = name_of("event"), *semaphore = name_of("semaphore"), *timer = name_of("timer"),
               *mutex = name_of("mutex");

    CHECK_ERROR(OpenEventA(SYNCHRONIZE, FALSE, event), ERROR_ACCESS_DENIED);
    CHECK_ERROR(OpenEventA(READ_CONTROL, FALSE, event), ERROR_ACCESS_DENIED);
    CHECK_ERROR(OpenEventA(MAXIMUM_ALLOWED, FALSE, event), ERROR_ACCESS_DENIED);
    CHECK_ERROR(CreateEventA(NULL, FALSE, FALSE, event), ERROR_ACCESS_DENIED);
    CHECK_ERROR(OpenSemaphoreA(SEMAPHORE_ALL_ACCESS, FALSE, semaphore), ERROR_ACCESS_DENIED);
    CHECK_ERROR(CreateSemaphoreA(NULL, 0, 1, semaphore), ERROR_ACCESS_DENIED);
    CHECK_ERROR(OpenWaitableTimerA(SYNCHRONIZE, FALSE, timer), ERROR_ACCESS_DENIED);
    CHECK_ERROR(CreateWaitableTimerA(NULL, FALSE, timer), ERROR_ACCESS_DENIED);
    CHECK_ERROR(OpenMutexA(SYNCHRONIZE, FALSE, mutex), ERROR_ACCESS_DENIED);
    CHECK_ERROR(CreateMutexA(NULL, TRUE, mutex), ERROR_ACCESS_DENIED);
    /* Another kind is told before a right. */
    CHECK_ERROR(OpenMutexA(SYNCHRONIZE, FALSE, event), ERROR_INVALID_HANDLE);
    CHECK_ERROR(OpenFileMappingA(FILE_MAP_WRITE, FALSE, event), ERROR_INVALID_HANDLE);
    CHECK_ERROR(OpenEventA(SYNCHRONIZE, FALSE, name_of("section")), ERROR_INVALID_HANDLE);
    return check_failures != 0;
}
static void what_can_only_be_read_cannot_be_waited_for(void)
{
    static const char *const names[] = {"event", "semaphore", "timer", "mutex", "section"};
    HANDLE objects[COUNT_OF(names)];
    size_t i;

    objects[0] = CreateEventA(NULL, FALSE, FALSE, name_of("event"));
    objects[1] = CreateSemaphoreA(NULL, 1, 1, name_of("semaphore"));
    objects[2] = CreateWaitableTimerA(NULL, FALSE, name_of("timer"));
    objects[3] = CreateMutexA(NULL, FALSE, name_of("mutex"));
    objects[4] = CreateFileMappingA(MEMORY, NULL, PAGE_READWRITE, 0, 4096, name_of("section"));
    for (i = 0; i < COUNT_OF(names); ++i)
        CHECK(objects[i] != NULL && chmod(file_of(names[i]), 0644) == 0);
    have_other_play("waiter", "-");
    for (i = 0; i < COUNT_OF(names); ++i)
        CHECK(CloseHandle(objects[i]) && mode_of(names[i]) == 0);
}

static void in_a_directory_for_all(void)
{
    umask(077);
    a_section_gives_what_its_descriptor_grants();
    the_mode_counts_when_a_handle_is_opened(PAGE_READWRITE);
    the_mode_counts_when_a_handle_is_opened(PAGE_READWRITE | SEC_RESERVE);
    a_deleted_file_is_read_on_after_a_fork();
    what_can_only_be_read_cannot_be_waited_for();
}

int main(int argc, char **argv)
{
    check_begin();
    if (play(argc, argv, "reader", 0) || play(argc, argv, "writer", 1))
        return try_section();
    if (play(argc, argv, "reader of a constant", 0))
        return try_constant_section();
    if (play(argc, argv, "there before and after", 0))
        return be_there_before_and_after();
    if (play(argc, argv, "reader of what is deleted", 0))
        return read_on_in_parent_and_child();
    if (play(argc, argv, "waiter", 0))
        return try_what_can_be_waited_for();
    need_root();
    use_directory_of_all();
    provide_global_directory(0, 0777);
    in_another_process(in_a_directory_for_all);
    remove_global_directory();
    return check_end();
}
