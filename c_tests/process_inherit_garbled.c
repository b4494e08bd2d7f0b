/*
 * process_inherit_garbled.c - a program is started with manifests that the library did not write, or whose descriptors
 * are not what they say: it gets the handle's very object or no handle, and goes on.
 */
#include "inheriting.h"

#include <sys/mman.h>

#define FIRST 1 /* what a child could use, in its exit code */
#define SECOND 2
#define MEMORY_TOO 4
#define RAN 64
#define EVERYTHING (RAN | FIRST | SECOND | MEMORY_TOO)
#define NOTHING RAN

#define ALL_SEALS (F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE)

static HANDLE handles[3]; /* an event, a named event, a section */
static int manifest;      /* the descriptor of the true one */
static unsigned char truth[4096], lie[8192];
static size_t length;

/* The started program: it uses whatever handle it has. */
static int use_what_is_there(const char *tag)
{
    int used = RAN;
    char *view;

    handles_of(tag, handles, 3);
    used |= ResetEvent(handles[0]) ? FIRST : 0;
    used |= ResetEvent(handles[1]) ? SECOND : 0;
    if ((view = view_of(handles[2], FILE_MAP_WRITE)) != NULL) {
        view[100] = 'c';
        used |= MEMORY_TOO;
    }
    /* And it is a program like any other. */
    handles[0] = CreateEventA(NULL, TRUE, TRUE, NULL);
    handles[1] = CreateEventA(NULL, TRUE, TRUE, NAME("own"));
    return WaitForMultipleObjects(2, handles, TRUE, 0) == WAIT_OBJECT_0 ? used : 1;
}

/* Starts it after `prepare` has run in the child-to-be. What it used must be what it was given. */
static int start_after(void (*prepare)(const void *), const void *argument)
{
    static char letter = 'A';
    char *view = view_of(handles[2], FILE_MAP_WRITE);
    int status = 0, used;
    pid_t child;

    letter = letter == 'Z' ? 'A' : (char)(letter + 1);
    CHECK(SetEvent(handles[0]) && SetEvent(handles[1]));
    view[100] = letter;
    if ((child = fork()) == 0) {
        alarm(60);
        if (prepare != NULL)
            prepare(argument);
        execl(own_path(), "check", "peer", "use", tag_of(handles, 3), (char *)NULL);
        _exit(127);
    }
    waitpid(child, &status, 0);
    used = WIFEXITED(status) ? WEXITSTATUS(status) : 0;
    /* It ran to its end, and what it changed are the objects that it thinks it has. */
    if (!CHECK((used & ~EVERYTHING) == 0 && (used & RAN) != 0) || !CHECK(is_set(handles[0]) == !(used & FIRST)) ||
        !CHECK(is_set(handles[1]) == !(used & SECOND)) || !CHECK(view[100] == (used & MEMORY_TOO ? 'c' : letter)))
        fprintf(stderr, "status %#x\n", (unsigned)status);
    CHECK(UnmapViewOfFile(view));
    return used;
}

/* A file in place of the manifest. */
typedef struct FILE_OF {
    const void *bytes;
    size_t length;
    unsigned seals;
    uid_t owner;
} FILE_OF;

static void replace_manifest(const void *argument)
{
    const FILE_OF *content = (const FILE_OF *)argument;
    int file = memfd_create("winshm-inherit", MFD_ALLOW_SEALING);

    if (write(file, content->bytes, content->length) != (ssize_t)content->length || fchown(file, content->owner, getgid()) != 0 ||
        fcntl(file, F_ADD_SEALS, content->seals) != 0 || dup2(file, manifest) != manifest)
        _exit(127);
    close(file);
}
static int start_with(const void *bytes, size_t count)
{
    FILE_OF content = {bytes, count, ALL_SEALS, geteuid()};

    return start_after(replace_manifest, &content);
}

static void the_whole_truth(void)
{
    CHECK(start_after(NULL, NULL) == EVERYTHING);
    CHECK(start_with(truth, length) == EVERYTHING);
}

/* What could be changed by somebody, or is another user's, is no manifest. */
static void files_that_do_not_count(void)
{
    FILE_OF content = {truth, length, ALL_SEALS, geteuid()};

    content.seals = ALL_SEALS & ~F_SEAL_WRITE;
    CHECK(start_after(replace_manifest, &content) == NOTHING);
    content.seals = F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW;
    CHECK(start_after(replace_manifest, &content) == NOTHING);
    content.seals = 0;
    CHECK(start_after(replace_manifest, &content) == NOTHING);
    if (geteuid() == 0) {
        content.seals = ALL_SEALS, content.owner = 65534;
        CHECK(start_after(replace_manifest, &content) == NOTHING);
    }
}

static void cut_and_stretched(void)
{
    size_t count;

    for (count = 0; count < length; count += count < 64 ? 1 : 13)
        CHECK(start_with(truth, count) == NOTHING);
    memcpy(lie, truth, length), memset(lie + length, 0, sizeof lie - length);
    CHECK(start_with(lie, length + 1) == NOTHING && start_with(lie, sizeof lie) == NOTHING);
    memset(lie, 0, sizeof lie);
    CHECK(start_with(lie, sizeof lie) == NOTHING);
}

/* Every byte, one after the other, says something else. */
static void one_byte_lies(void)
{
    static const unsigned char others[] = {0x00, 0x01, 0x80, 0xFF};
    size_t place;

    for (place = 0; place < length; ++place) {
        memcpy(lie, truth, length);
        lie[place] = others[place % 4] != truth[place] ? others[place % 4] : 0x55;
        start_with(lie, length);
    }
}
/* Noise behind a true beginning. */
static void noise(void)
{
    unsigned seed = 12345;
    size_t place;
    int round;

    for (round = 0; round < 40; ++round) {
        memcpy(lie, truth, length);
        for (place = (size_t)round * 8 % length; place < length; ++place)
            lie[place] = (unsigned char)((seed = seed * 1103515245 + 12345) >> 16);
        start_with(lie, length);
    }
}

/* The manifest is true, but its descriptors are closed, or somebody else's. */
static void close_others(const void *argument)
{
    int number;

    (void)argument;
    for (number = 3; number < 1024; ++number)
        if (number != manifest)
            close(number);
}
static void replace_others(const void *path)
{
    int number, file = open((const char *)path, O_RDWR);

    for (number = 3; number < 1024; ++number)
        if (number != manifest && number != file && fcntl(number, F_GETFD) >= 0 && dup2(file, number) != number)
            _exit(127);
}
static void put_in_twice(const void *argument)
{
    (void)argument;
    if (dup(manifest) < 0)
        _exit(127);
}
static void descriptors_lie(void)
{
    CHECK(start_after(close_others, NULL) == NOTHING);
    CHECK(start_after(replace_others, "/dev/null") == NOTHING);
    CHECK(start_after(put_in_twice, NULL) == EVERYTHING);
}

static void find_manifest(void)
{
    char path[64], target[64];
    int number;

    for (number = 3; number < 1024; ++number) {
        snprintf(path, sizeof path, "/proc/self/fd/%d", number);
        memset(target, 0, sizeof target);
        if (readlink(path, target, sizeof target - 1) > 0 && strstr(target, "winshm-inherit") != NULL)
            manifest = number;
    }
    length = (size_t)pread(manifest, truth, sizeof truth, 0);
    CHECK(manifest != 0 && length > 64 && length < sizeof truth);
    CHECK(pwrite(manifest, "x", 1, 0) < 0 && ftruncate(manifest, 0) != 0);
}

int main(int argc, char **argv)
{
    check_begin();
    if (plays(argc, argv, "use"))
        return use_what_is_there(argv[3]);
    use_private_directory();
    handles[0] = CreateEventA(inheritable(), TRUE, FALSE, NULL);
    handles[1] = CreateEventA(inheritable(), TRUE, FALSE, NAME("named"));
    handles[2] = CreateFileMappingA(MEMORY, inheritable(), PAGE_READWRITE, 0, 4096, NULL);
    find_manifest();
    the_whole_truth();
    files_that_do_not_count();
    cut_and_stretched();
    one_byte_lies();
    noise();
    descriptors_lie();
    CHECK(CloseHandle(handles[0]) && CloseHandle(handles[1]) && CloseHandle(handles[2]));
    return check_end();
}
