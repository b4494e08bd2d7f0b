/*
 * process_users.c - two users and the security descriptors of root's objects: what is granted to
 * everybody can be had by the other user, what is not cannot, in a directory that the administrator
 * provides for all, in one for a group, and without one. Needs root.
 */
#include "users.h"

/* A descriptor of root's, and what has to come of the other user's tries: an error, or 0. */
static const struct {
    const char *text;
    unsigned mode;
    DWORD reading, writing, creating;
} sections[] = {
    {"", 0600, 5, 5, 5},
    {"D:(A;;GA;;;SY)", 0600, 5, 5, 5},
    {"D:(A;;GA;;;SY)(A;;GA;;;CG)", 0660, 5, 5, 5},
    {"D:NO_ACCESS_CONTROL", 0666, 0, 0, 0},
    {"D:(A;;GRGW;;;WD)", 0666, 0, 0, 0},
    {"D:(A;;GA;;;SY)(A;;GR;;;AU)", 0644, 0, 5, 5},
    {"D:", 0600, 5, 5, 5},
};
enum { COUNT = COUNT_OF(sections) };

static DWORD error_of(HANDLE handle)
{
    DWORD error = GetLastError();

    if (handle == NULL)
        return error;
    CHECK(CloseHandle(handle));
    return 0;
}
/* A name that both users mean alike; the tag is of the process that made it. */
static const char *name_of(const char *label, size_t number, const char *tag)
{
    static char names[8][100];
    static int next;
    char *name = names[next++ % 8];

    snprintf(name, sizeof names[0], "Global\\%s-%u-%s", label, (unsigned)number, tag);
    return name;
}
static const char *own_tag(void)
{
    static char tag[16];

    snprintf(tag, sizeof tag, "%u", (unsigned)getpid());
    return tag;
}
static unsigned mode_of(const char *name)
{
    struct stat status;
    char file[300];

    snprintf(file, sizeof file, "G.%s", strchr(name, '\\') + 1);
    return stat(below(global_directory(), file), &status) == 0 ? (unsigned)status.st_mode & 07777 : 0;
}

/* He opens each for reading and for writing, and creates it again to write. Not even to look at it is he let in: he is not the owner. */
static int try_sections(const char *tag)
{
    size_t i;

    for (i = 0; i < COUNT; ++i) {
        const char *name = name_of("section", i, tag);
        HANDLE mapping = OpenFileMappingA(FILE_MAP_READ | FILE_MAP_WRITE, FALSE, name);
        DWORD writing = mapping == NULL ? GetLastError() : 0, reading, creating;

        if (mapping != NULL) {
            char *view = view_of(mapping, FILE_MAP_WRITE);

            if (CHECK(view != NULL))
                view[0] = 'o';
            CHECK(UnmapViewOfFile(view) && CloseHandle(mapping));
        }
        reading = error_of(OpenFileMappingA(FILE_MAP_READ, FALSE, name));
        creating = error_of(CreateFileMappingA(MEMORY, NULL, PAGE_READWRITE, 0, 4096, name));
        if (!CHECK(reading == sections[i].reading && writing == sections[i].writing && creating == sections[i].creating))
            fprintf(stderr, "  %s: %u %u %u\n", sections[i].text, (unsigned)reading, (unsigned)writing, (unsigned)creating);
        if (sections[i].reading != 0)
            CHECK_ERROR(OpenFileMappingA(READ_CONTROL, FALSE, name), ERROR_ACCESS_DENIED);
    }
    return check_failures != 0;
}

static void sections_are_for_whom_their_descriptors_say(void)
{
    HANDLE mappings[COUNT];
    char *views[COUNT];
    size_t i;

    umask(077);
    for (i = 0; i < COUNT; ++i) {
        SECURITY_ATTRIBUTES attributes = attributes_of(sections[i].text);
        const char *name = name_of("section", i, own_tag());

        mappings[i] = CreateFileMappingA(MEMORY, &attributes, PAGE_READWRITE, 0, 4096, name);
        CHECK(mappings[i] != NULL && mode_of(name) == sections[i].mode);
        views[i] = view_of(mappings[i], FILE_MAP_WRITE);
        views[i][0] = 'r';
        free_attributes(&attributes);
    }
    have_other_play("sections", own_tag());
    for (i = 0; i < COUNT; ++i) {
        const char *name = name_of("section", i, own_tag());

        CHECK(views[i][0] == (sections[i].writing == 0 ? 'o' : 'r'));
        CHECK(mode_of(name) == sections[i].mode);
        CHECK(UnmapViewOfFile(views[i]) && CloseHandle(mappings[i]));
        CHECK(mode_of(name) == 0);
    }
}

enum { EVENT, MUTEX, CLOSED, KINDS };

static void use_event(const char *tag)
{
    const char *name = name_of("waited", EVENT, tag), *closed = name_of("waited", CLOSED, tag);
    HANDLE event = OpenEventA(EVENT_MODIFY_STATE | SYNCHRONIZE, FALSE, name);

    CHECK(event != NULL && SetEvent(event) && CloseHandle(event));
    CHECK_LAST(event = CreateEventA(NULL, FALSE, FALSE, name), ERROR_ALREADY_EXISTS);
    CHECK(event != NULL && CloseHandle(event));
    CHECK_ERROR(OpenEventA(SYNCHRONIZE, FALSE, closed), ERROR_ACCESS_DENIED);
    CHECK_ERROR(CreateEventA(NULL, FALSE, FALSE, closed), ERROR_ACCESS_DENIED);
}
static int be_a_stranger(const char *tag)
{
    use_event(tag);
    CHECK_ERROR(OpenMutexA(SYNCHRONIZE, FALSE, name_of("waited", MUTEX, tag)), ERROR_ACCESS_DENIED);
    CHECK_ERROR(CreateMutexA(NULL, FALSE, name_of("waited", MUTEX, tag)), ERROR_ACCESS_DENIED);
    return check_failures != 0;
}
static int be_a_member(const char *tag)
{
    HANDLE mutex = OpenMutexA(SYNCHRONIZE, FALSE, name_of("waited", MUTEX, tag));

    use_event(tag);
    CHECK(mutex != NULL && WaitForSingleObject(mutex, 0) == WAIT_OBJECT_0 && ReleaseMutex(mutex) && CloseHandle(mutex));
    return check_failures != 0;
}

/* Root waits for what the other user does. */
static void what_can_be_waited_for_is_too(const char *role, unsigned mode_of_mutex)
{
    SECURITY_ATTRIBUTES everybody = attributes_of("D:(A;;GA;;;WD)"), nobody = attributes_of("D:");
    const char *names[KINDS] = {name_of("waited", EVENT, own_tag()), name_of("waited", MUTEX, own_tag()),
                                name_of("waited", CLOSED, own_tag())};
    HANDLE event = CreateEventA(&everybody, FALSE, FALSE, names[EVENT]);
    HANDLE mutex = CreateMutexA(&everybody, FALSE, names[MUTEX]);
    HANDLE closed = CreateEventA(&nobody, FALSE, FALSE, names[CLOSED]);

    CHECK(event != NULL && mutex != NULL && closed != NULL);
    CHECK(mode_of(names[EVENT]) == 0666 && mode_of(names[MUTEX]) == mode_of_mutex && mode_of(names[CLOSED]) == 0600);
    have_other_play(role, own_tag());
    CHECK(WaitForSingleObject(event, 0) == WAIT_OBJECT_0);
    CHECK(WaitForSingleObject(mutex, 0) == WAIT_OBJECT_0 && ReleaseMutex(mutex));
    CHECK(SetEvent(closed) && WaitForSingleObject(closed, 0) == WAIT_OBJECT_0);
    CHECK(CloseHandle(event) && CloseHandle(mutex) && CloseHandle(closed));
    free_attributes(&everybody), free_attributes(&nobody);
}

/* Open to all: what a mutex leads its owner to must not be a stranger's to change. So its file is the owner's alone,
 * and marked so: a mode that was another one before would not tell. */
static void in_a_directory_for_all(void)
{
    sections_are_for_whom_their_descriptors_say();
    what_can_be_waited_for_is_too("stranger", 01600);
}
/* Members of a group trust each other. */
static void in_a_directory_for_a_group(void) { what_can_be_waited_for_is_too("member", 0666); }

/* Without the directory the same names are each user's own, whatever is granted. */
static int try_the_same_name(const char *tag)
{
    const char *name = name_of("alone", 0, tag);
    HANDLE mapping;

    CHECK_ERROR(OpenFileMappingA(FILE_MAP_READ, FALSE, name), ERROR_FILE_NOT_FOUND);
    CHECK_LAST(mapping = CreateFileMappingA(MEMORY, NULL, PAGE_READWRITE, 0, 4096, name), ERROR_SUCCESS);
    CHECK(*view_of(mapping, FILE_MAP_READ) == 0);
    CHECK(CloseHandle(mapping));
    return check_failures != 0;
}
static void without_a_directory(void)
{
    SECURITY_ATTRIBUTES everybody = attributes_of("D:(A;;GA;;;WD)");
    HANDLE mapping = CreateFileMappingA(MEMORY, &everybody, PAGE_READWRITE, 0, 4096, name_of("alone", 0, own_tag()));

    CHECK(mapping != NULL);
    *view_of(mapping, FILE_MAP_WRITE) = 'r';
    have_other_play("alone", own_tag());
    CHECK(*view_of(mapping, FILE_MAP_READ) == 'r' && CloseHandle(mapping));
    free_attributes(&everybody);
}

int main(int argc, char **argv)
{
    check_begin();
    if (plays_other(argc, argv, "sections"))
        return try_sections(argv[3]);
    if (plays_other(argc, argv, "stranger"))
        return be_a_stranger(argv[3]);
    if (plays_other(argc, argv, "member"))
        return be_a_member(argv[3]);
    if (plays_other(argc, argv, "alone"))
        return try_the_same_name(argv[3]);
    need_root();
    use_directory_of_all();
    in_another_process(without_a_directory);
    provide_global_directory(0, 0777);
    in_another_process(in_a_directory_for_all);
    remove_global_directory();
    provide_global_directory(GROUP, 02770);
    in_another_process(in_a_directory_for_a_group);
    remove_global_directory();
    return check_end();
}
