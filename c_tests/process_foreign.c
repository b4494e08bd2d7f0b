/*
 * process_foreign.c - files in the directory of the objects that are none, or
 * damaged, or locked by somebody who does not move: an error, never a crash, and
 * never a wait without end.
 */
#include "check.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>

/* The file of a name without special characters. */
static const char *file_of(const char *name)
{
    static char path[512];

    snprintf(path, sizeof path, "%s/L.%s", object_directory(), name);
    return path;
}

/* As the library does, far beyond the end: holders of a section lock byte 1, who removes a file all 64. */
static int lock(int file, short type)
{
    struct flock lock;

    memset(&lock, 0, sizeof lock);
    lock.l_type = type, lock.l_whence = SEEK_SET;
    lock.l_start = ((off_t)1 << 62) + (type == F_RDLCK ? 1 : 0), lock.l_len = type == F_RDLCK ? 1 : 64;
    return fcntl(file, F_OFD_SETLK, &lock);
}

/* A file with these bytes, on which somebody has a lock as holders of objects do. */
static int held_file(const char *name, const void *bytes, size_t size)
{
    int file = open(file_of(name), O_CREAT | O_TRUNC | O_RDWR | O_CLOEXEC, 0600);

    CHECK(file >= 0 && write(file, bytes, size) == (ssize_t)size && lock(file, F_RDLCK) == 0);
    return file;
}

/* The pages of a good object, to be damaged. */
static size_t good_file(const char *name, unsigned char *bytes, size_t room)
{
    HANDLE mapping = new_memory(PAGE_READWRITE, 4096, name);
    int file = open(file_of(name), O_RDONLY | O_CLOEXEC);
    ssize_t size = read(file, bytes, room);

    CHECK(size == 8192 && memcmp(bytes + 4096, "winshm\r\n", 8) == 0);
    close(file);
    CHECK(CloseHandle(mapping) && access(file_of(name), F_OK) != 0);
    return (size_t)size;
}

/* Somebody holds a file that is no object. Both create and open refuse it, and leave it alone. */
static void held_garbage_is_refused(void)
{
    static unsigned char bytes[8192], page[8192];
    const char *name = NAME("garbage");
    size_t size = good_file(name, bytes, sizeof bytes), at;
    int file;

    for (at = 0; at < sizeof page; ++at)
        page[at] = (unsigned char)(at * 7 + 1);
    for (at = 1; at <= sizeof page; at = at * 2 + 1) {
        file = held_file(name, page, at);
        CHECK_ERROR(OpenFileMappingA(FILE_MAP_READ, FALSE, name), ERROR_FILE_CORRUPT);
        CHECK_ERROR(new_memory(PAGE_READWRITE, 4096, name), ERROR_FILE_CORRUPT);
        CHECK_ERROR(CreateEventA(NULL, TRUE, FALSE, name), ERROR_INVALID_HANDLE); /* held as a section */
        CHECK(access(file_of(name), F_OK) == 0);
        close(file);
    }
    /* A good object but for one byte of what it says about itself: never a crash, and no larger view than the file. */
    for (at = 4096; at < 4096 + 64; ++at) {
        HANDLE mapping;
        char *view;

        bytes[at] ^= 0x40;
        file = held_file(name, bytes, size);
        mapping = OpenFileMappingA(FILE_MAP_READ, FALSE, name);
        if (mapping != NULL && (view = view_of(mapping, FILE_MAP_READ)) != NULL)
            CHECK(view[4095] == 0 && UnmapViewOfFile(view));
        CHECK(mapping == NULL || CloseHandle(mapping));
        close(file);
        bytes[at] ^= 0x40;
    }
    unlink(file_of(name));
}

/* An object of a library with another layout is told from a damaged one. */
static void another_layout_is_named(void)
{
    static unsigned char bytes[8192];
    const char *name = NAME("layout");
    size_t size = good_file(name, bytes, sizeof bytes);
    int file;

    bytes[4096 + 8] = 200;
    file = held_file(name, bytes, size);
    CHECK_ERROR(OpenFileMappingA(FILE_MAP_READ, FALSE, name), ERROR_REVISION_MISMATCH);
    CHECK_ERROR(new_memory(PAGE_READWRITE, 4096, name), ERROR_REVISION_MISMATCH);
    close(file);
    /* Nobody holds it any more: it is a leftover, whatever it contains. */
    CHECK_ERROR(OpenFileMappingA(FILE_MAP_READ, FALSE, name), ERROR_FILE_NOT_FOUND);
    CHECK(access(file_of(name), F_OK) != 0);
}

/* What nobody holds is in nobody's way. */
static void unheld_garbage_is_removed(void)
{
    const char *name = NAME("unheld");
    int file = open(file_of(name), O_CREAT | O_RDWR | O_CLOEXEC, 0600);
    HANDLE mapping;

    CHECK(write(file, "garbage", 7) == 7);
    CHECK_LAST(mapping = new_memory(PAGE_READWRITE, 4096, name), ERROR_SUCCESS);
    CHECK(CloseHandle(mapping));
    close(file);
}

/* Links, directories and pipes under the name of an object: refused, not followed, not waited for. */
static void what_is_no_file_is_refused(void)
{
    static char outside[512];
    const char *name = NAME("link");

    snprintf(outside, sizeof outside, "%s/outside", getenv("WINSHM_DIR"));
    CHECK(close(open(outside, O_CREAT | O_WRONLY, 0600)) == 0);
    CHECK(symlink(outside, file_of(name)) == 0);
    CHECK_ERROR(new_memory(PAGE_READWRITE, 4096, name), ERROR_ACCESS_DENIED);
    CHECK_ERROR(OpenFileMappingA(FILE_MAP_READ, FALSE, name), ERROR_ACCESS_DENIED);
    CHECK(access(outside, F_OK) == 0 && unlink(file_of(name)) == 0 && unlink(outside) == 0);

    CHECK(mkdir(file_of(name), 0700) == 0);
    CHECK_ERROR(new_memory(PAGE_READWRITE, 4096, name), ERROR_ACCESS_DENIED);
    CHECK_ERROR(OpenFileMappingA(FILE_MAP_READ, FALSE, name), ERROR_ACCESS_DENIED);
    CHECK(rmdir(file_of(name)) == 0);

    CHECK(mkfifo(file_of(name), 0600) == 0);
    (void)CloseHandle(new_memory(PAGE_READWRITE, 4096, name)); /* comes back, that is all */
    unlink(file_of(name));
}

/* A backup made by hard links: the object goes on, and goes when it should. */
static void a_hard_link_keeps_no_name(void)
{
    static char other[512];
    const char *name = NAME("hard");
    HANDLE mapping = new_memory(PAGE_READWRITE, 4096, name), again;

    snprintf(other, sizeof other, "%s/backup", object_directory());
    CHECK(link(file_of(name), other) == 0);
    CHECK_QUIET(again = OpenFileMappingA(FILE_MAP_READ, FALSE, name));
    CHECK(CloseHandle(again) && CloseHandle(mapping));
    CHECK(access(file_of(name), F_OK) != 0 && access(other, F_OK) == 0);
    CHECK_LAST(mapping = new_memory(PAGE_READWRITE, 4096, name), ERROR_SUCCESS);
    CHECK(CloseHandle(mapping) && unlink(other) == 0);
}

/* Somebody renames the file of an object. Who holds it goes on, and does not remove the next object of the name. */
static void a_renamed_file_takes_no_other_object_with_it(void)
{
    static char elsewhere[512];
    const char *name = NAME("moved");
    HANDLE old_one = new_memory(PAGE_READWRITE, 4096, name), new_one;
    int status = 1;

    snprintf(elsewhere, sizeof elsewhere, "%s/moved", getenv("WINSHM_DIR"));
    CHECK(rename(file_of(name), elsewhere) == 0);
    CHECK_LAST(new_one = new_memory(PAGE_READWRITE, 4096, name), ERROR_SUCCESS);
    CHECK(CloseHandle(old_one));
    if (fork() == 0)
        _exit(name_exists(name) ? 0 : 1);
    CHECK(wait(&status) > 0 && status == 0);
    CHECK(CloseHandle(new_one) && unlink(elsewhere) == 0);
}

static double seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* A process that removes a dead object is stopped half way. Others wait two seconds, then are told; later it works. */
static void a_stopped_remover_is_waited_for_with_an_end(void)
{
    const char *name = NAME("busy"), *other = NAME("free");
    int file = open(file_of(name), O_CREAT | O_RDWR | O_CLOEXEC, 0600);
    double start = seconds();
    HANDLE mapping;

    CHECK(lock(file, F_WRLCK) == 0);
    CHECK_ERROR(new_memory(PAGE_READWRITE, 4096, name), ERROR_BUSY);
    CHECK(seconds() - start >= 1.9);
    CHECK_ERROR(OpenFileMappingA(FILE_MAP_READ, FALSE, name), ERROR_BUSY);
    /* Other names do not wait. */
    CHECK((mapping = new_memory(PAGE_READWRITE, 4096, other)) != NULL && CloseHandle(mapping));
    close(file);
    CHECK_LAST(mapping = new_memory(PAGE_READWRITE, 4096, name), ERROR_SUCCESS);
    CHECK(CloseHandle(mapping));
}

/* The same for a creator that is stopped, or was interrupted for good by nobody but still has its lock. */
static void an_unfinished_object_is_waited_for_with_an_end(void)
{
    const char *name = NAME("unfinished");
    int file = open(file_of(name), O_CREAT | O_RDWR | O_CLOEXEC, 0600);
    HANDLE mapping;

    CHECK(lock(file, F_RDLCK) == 0);
    CHECK_ERROR(OpenFileMappingA(FILE_MAP_READ, FALSE, name), ERROR_BUSY);
    close(file);
    CHECK_LAST(mapping = new_memory(PAGE_READWRITE, 4096, name), ERROR_SUCCESS);
    CHECK(CloseHandle(mapping));
}

int main(void)
{
    HANDLE first;

    check_begin();
    use_private_directory();
    first = new_memory(PAGE_READWRITE, 4096, NAME("first")); /* makes the directory */
    CHECK(first != NULL);
    held_garbage_is_refused();
    another_layout_is_named();
    unheld_garbage_is_removed();
    what_is_no_file_is_refused();
    a_hard_link_keeps_no_name();
    a_renamed_file_takes_no_other_object_with_it();
    a_stopped_remover_is_waited_for_with_an_end();
    an_unfinished_object_is_waited_for_with_an_end();
    CHECK(CloseHandle(first));
    CHECK(count_objects() == 0);
    return check_end();
}
