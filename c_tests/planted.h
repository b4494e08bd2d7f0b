/*
 * planted.h - what somebody who may write to a directory of names plants there that is no object, and what lies outside
 * of it and must not be touched: not its contents, its mode, its owner nor its time.
 */
#ifndef PLANTED_H
#define PLANTED_H

#include "users.h"

#include <sys/socket.h>
#include <sys/un.h>

/* --- what lies outside ------------------------------------------------------------------------------------------- */

static inline const char *outside(const char *name) { return below(below(getenv("WINSHM_DIR"), "outside"), name); }
static const char *const outsiders[] = {"secret", "empty", "shared", "empty-shared"};

static inline void put(const char *path, const char *contents, mode_t mode)
{
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC, mode);

    CHECK(file >= 0 && write(file, contents, strlen(contents)) == (ssize_t)strlen(contents));
    CHECK(fchmod(file, mode) == 0 && close(file) == 0);
}
static inline void make_outside(void)
{
    CHECK(mkdir(below(getenv("WINSHM_DIR"), "outside"), 0755) == 0);
    put(outside("secret"), "nobody else's", 0600);
    put(outside("empty"), "", 0600);
    put(outside("shared"), "everybody's", 0666);
    put(outside("empty-shared"), "", 0666);
}
/* All that there is to see of it, in one text. */
static inline void look_outside(char *text, size_t size)
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
static inline void nothing_outside_has_changed(const char *what)
{
    char after[sizeof before];

    look_outside(after, sizeof after);
    if (!CHECK(strcmp(before, after) == 0))
        fprintf(stderr, "  %s: before\n%safter\n%s", what, before, after);
}

/* --- what is planted --------------------------------------------------------------------------------------------- */

static inline void link_to_secret(const char *path) { CHECK(symlink(outside("secret"), path) == 0); }
static inline void link_to_shared(const char *path) { CHECK(symlink(outside("shared"), path) == 0); }
static inline void link_to_nothing(const char *path) { CHECK(symlink(outside("made"), path) == 0); }
static inline void link_to_a_directory(const char *path) { CHECK(symlink(outside(""), path) == 0); }
static inline void link_to_itself(const char *path) { CHECK(symlink(path, path) == 0); }
static inline void hard_link_to_secret(const char *path) { CHECK(link(outside("secret"), path) == 0); }
static inline void hard_link_to_empty(const char *path) { CHECK(link(outside("empty"), path) == 0); }
static inline void hard_link_to_shared(const char *path) { CHECK(link(outside("shared"), path) == 0); }
static inline void hard_link_to_empty_shared(const char *path) { CHECK(link(outside("empty-shared"), path) == 0); }
static inline void fifo(const char *path) { CHECK(mkfifo(path, 0666) == 0); }
static inline void directory(const char *path) { CHECK(mkdir(path, 0777) == 0); }
static inline void file_of_his(const char *path, const char *contents, mode_t mode)
{
    put(path, contents, mode);
    CHECK(chown(path, OTHER, GROUP) == 0);
}
static inline void empty_file(const char *path) { file_of_his(path, "", 0666); }
static inline void forbidden_file(const char *path) { file_of_his(path, "", 0); }
static inline void garbage(const char *path) { file_of_his(path, "winshm\r\n garbage", 0666); }
static inline void huge_file(const char *path)
{
    file_of_his(path, "", 0666);
    CHECK(truncate(path, 1LL << 40) == 0);
}
static inline void listener(const char *path)
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
static inline void locked_file(const char *path)
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
static inline void clear(const char *path)
{
    if (unlink(path) != 0)
        rmdir(path);
}
#endif
