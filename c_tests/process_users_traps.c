/*
 * process_users_traps.c - a stranger who may write to the directory for the whole machine, knows how the library
 * writes there, and forges it: notes of files to delete, a mutex made of something that all may write to, a section
 * that leads to a file, the ledger of a segment. Root, who uses the directory too, does nothing to his own files and
 * memory for him. Needs root.
 */
#include "users.h"

#include <SharedMemory.h>
#include <sys/mman.h>
#include <sys/sysmacros.h>

/* What the library locks: byte 2^62 and those behind it, one for each kind of object. */
#define LOCKS (1LL << 62)
enum { SECTION_KIND = 1, MUTEX_KIND = 4 };

/* The control page, the last one of an object's file, and what stands where in it. */
enum { PAGE = 4096, KIND = 12, ATTRIBUTE_B = 40, EXACT_SIZE = 64 };

static const char contents[] = "precious";
static const char *victim(void) { return below(getenv("WINSHM_DIR"), "roots-file"); }
static void make_victim(void)
{
    int file = open(victim(), O_WRONLY | O_CREAT | O_EXCL, 0644);

    CHECK(file >= 0 && write(file, contents, strlen(contents)) == (ssize_t)strlen(contents) && close(file) == 0);
}
static void the_victim_is_unharmed(void)
{
    char found[sizeof contents + 1] = "";
    int file = open(victim(), O_RDONLY);

    CHECK(file >= 0 && read(file, found, sizeof contents) >= 0 && strcmp(found, contents) == 0);
    close(file);
}
/* What everybody may ask of it: the number, the device, and since when it is there, in ns. */
static struct statx whereabouts_of(const char *path)
{
    struct statx status;

    memset(&status, 0, sizeof status);
    CHECK(statx(AT_FDCWD, path, 0, STATX_BASIC_STATS | STATX_BTIME, &status) == 0);
    return status;
}
static unsigned long long birth_of(const struct statx *status)
{
    return (unsigned long long)status->stx_btime.tv_sec * 1000000000 + status->stx_btime.tv_nsec;
}
static unsigned long long device_of(const struct statx *status)
{
    return makedev(status->stx_dev_major, status->stx_dev_minor);
}

/* --- a note that says that root's file is to be deleted ---------------------------------------------------------- */

static int forge_a_note(void)
{
    struct statx status = whereabouts_of(victim());
    char name[64], text[600];
    int note, length;

    snprintf(name, sizeof name, "D.%llx-%llx", device_of(&status), (unsigned long long)status.stx_ino);
    length = snprintf(text, sizeof text, "%llu\n%s", birth_of(&status), victim());
    note = open(below(global_directory(), name), O_WRONLY | O_CREAT | O_EXCL, 0666);
    return !CHECK(note >= 0 && write(note, text, (size_t)length) == length && close(note) == 0);
}
static void sweep(void)
{
    HANDLE event = CreateEventA(NULL, FALSE, FALSE, "Global\\sweeper");

    CHECK(event != NULL && CloseHandle(event));
}
static void no_file_is_deleted_for_a_stranger(void)
{
    have_other_play("note", "-");
    sweep();
    the_victim_is_unharmed();
    CHECK(count_entries(global_directory()) == 1); /* the note, which is none */
}

/* --- an object that all may write to, made into another one -------------------------------------------------------- */

/* What root may make of the mode when the stranger has the file open already. */
static const mode_t modes[] = {0666, 0644, 0600};

/* Holds root's object as one of this kind. */
static int hold_as(const char *name, int kind)
{
    struct flock lock;
    int file = open(below(global_directory(), name), O_RDWR);

    memset(&lock, 0, sizeof lock);
    lock.l_type = F_RDLCK;
    lock.l_whence = SEEK_SET;
    lock.l_start = LOCKS + kind;
    lock.l_len = 1;
    CHECK(file >= 0 && fcntl(file, F_OFD_SETLK, &lock) == 0);
    return file;
}
static void put_number(int file, off_t offset, unsigned long long number, size_t bytes)
{
    CHECK(pwrite(file, &number, bytes, offset) == (ssize_t)bytes); /* little-endian, as the layout */
}
static int keep(void)
{
    pass_turn(&parent);
    await_turn(&parent);
    return check_failures != 0;
}
static int forge_a_mutex(void)
{
    put_number(hold_as("G.forged", MUTEX_KIND), KIND, MUTEX_KIND, 4);
    return keep();
}
/* Who owned it would follow pointers that the stranger writes. */
static void a_mutex_that_others_can_write_to_is_refused(void)
{
    SECURITY_ATTRIBUTES everybody = attributes_of("D:(A;;GA;;;WD)");
    HANDLE event = CreateEventA(&everybody, FALSE, FALSE, "Global\\forged");
    PEER stranger = start_peer("mutex", "-");
    size_t i;

    CHECK(event != NULL);
    await_turn(&stranger);
    CHECK(CloseHandle(event));
    for (i = 0; i < COUNT_OF(modes); ++i) {
        CHECK(chmod(below(global_directory(), "G.forged"), modes[i]) == 0);
        CHECK_ERROR(CreateMutexA(NULL, TRUE, "Global\\forged"), ERROR_ACCESS_DENIED);
        CHECK_ERROR(OpenMutexA(SYNCHRONIZE, FALSE, "Global\\forged"), ERROR_ACCESS_DENIED);
    }
    pass_turn(&stranger);
    CHECK(end_of(&stranger) == 0);
    free_attributes(&everybody);
}

/* The data becomes a record: of which file, since when it is there, how much of it, where. */
static int forge_a_section_of_a_file(void)
{
    enum { OF_FILE = 8 };
    struct statx status = whereabouts_of(victim());
    int file = hold_as("G.forged", SECTION_KIND);

    put_number(file, 0, device_of(&status), 8);
    put_number(file, 8, status.stx_ino, 8);
    put_number(file, 16, birth_of(&status), 8);
    put_number(file, 24, strlen(contents), 8);
    CHECK(pwrite(file, victim(), strlen(victim()), 32) == (ssize_t)strlen(victim()));
    put_number(file, PAGE + ATTRIBUTE_B, OF_FILE, 4);
    put_number(file, PAGE + EXACT_SIZE, 32 + strlen(victim()), 8);
    return keep();
}
static void a_record_that_others_can_write_is_not_believed(void)
{
    SECURITY_ATTRIBUTES everybody = attributes_of("D:(A;;GA;;;WD)");
    HANDLE memory = CreateFileMappingA(MEMORY, &everybody, PAGE_READWRITE, 0, PAGE, "Global\\forged");
    PEER stranger = start_peer("section", "-");
    size_t i;

    CHECK(memory != NULL);
    await_turn(&stranger);
    CHECK(CloseHandle(memory));
    for (i = 0; i < COUNT_OF(modes); ++i) {
        CHECK(chmod(below(global_directory(), "G.forged"), modes[i]) == 0);
        CHECK_ERROR(OpenFileMappingA(FILE_MAP_WRITE, FALSE, "Global\\forged"), ERROR_ACCESS_DENIED);
        CHECK_ERROR(CreateFileMappingA(MEMORY, NULL, PAGE_READWRITE, 0, 8, "Global\\forged"), ERROR_ACCESS_DENIED);
    }
    the_victim_is_unharmed();
    pass_turn(&stranger);
    CHECK(end_of(&stranger) == 0);
    free_attributes(&everybody);
}

/* --- a file that root would make his own ------------------------------------------------------------------------- */

/* Where the ledger of root's segment will stand. */
static const char *ledger_path(const char *segment)
{
    struct statx status = whereabouts_of(below("/dev/shm", segment));
    char name[100];

    snprintf(name, sizeof name, "S.P.%llx.%llx.%llx", device_of(&status), (unsigned long long)status.stx_ino, birth_of(&status));
    return below(global_directory(), name);
}
static int make_the_ledger(const char *segment)
{
    int file = open(ledger_path(segment), O_RDWR | O_CREAT | O_EXCL, 0600);

    CHECK(file >= 0);
    return keep();
}
/* A rename, for which he needs no right to the file. */
static int put_there_what_is_roots(const char *segment)
{
    const char *path = ledger_path(segment);

    CHECK(unlink(path) == 0 && rename(below(global_directory(), "G.secret"), path) == 0);
    return check_failures != 0;
}
/* A segment of root's that everybody may read. */
static int make_segment(char *segment, char *name)
{
    int file;

    snprintf(segment, 64, "winshm-traps-%u", (unsigned)getpid());
    snprintf(name, 80, "Posix\\%s", segment);
    file = shm_open(segment, O_RDWR | O_CREAT | O_EXCL, 0644);
    CHECK(file >= 0 && fchmod(file, 0644) == 0 && ftruncate(file, PAGE) == 0);
    return file;
}
/* What root says of the segment, he says of its ledger, and of nothing that was put in its place. */
static void roots_secret_is_not_given_away_for_a_ledger(void)
{
    char segment[64], name[80];
    SharedMemory *memory = NULL;
    HANDLE secret = CreateFileMappingA(MEMORY, NULL, PAGE_READWRITE, 0, PAGE, "Global\\secret");
    int file = make_segment(segment, name);
    struct stat status;

    CHECK(secret != NULL && SharedMemoryOpen(name, &memory) == 0);
    have_other_play("rename", segment);
    CHECK(SharedMemorySetMode(memory, 0666) == 0);
    CHECK(stat(ledger_path(segment), &status) == 0 && status.st_size == 2 * PAGE && (status.st_mode & 07777) == 0600);
    CHECK(SharedMemoryClose(memory) == 0 && CloseHandle(secret) && unlink(ledger_path(segment)) == 0);
    CHECK(close(file) == 0 && shm_unlink(segment) == 0);
}
/* What is root's is believed. Who had it open before could still write to it. */
static void a_strangers_file_does_not_become_roots(void)
{
    char segment[64], name[80];
    SharedMemory *memory = NULL;
    int file = make_segment(segment, name);
    struct stat status;
    PEER stranger = start_peer("ledger", segment);

    await_turn(&stranger);
    CHECK(SharedMemoryOpen(name, &memory) == 0 && SharedMemoryClose(memory) == 0);
    CHECK(stat(ledger_path(segment), &status) == 0 && status.st_uid == OTHER && status.st_size == PAGE);
    pass_turn(&stranger);
    CHECK(end_of(&stranger) == 0);
    CHECK(close(file) == 0 && shm_unlink(segment) == 0);
}

int main(int argc, char **argv)
{
    check_begin();
    if (plays_other(argc, argv, "note"))
        return forge_a_note();
    if (plays_other(argc, argv, "mutex"))
        return forge_a_mutex();
    if (plays_other(argc, argv, "section"))
        return forge_a_section_of_a_file();
    if (plays_other(argc, argv, "ledger"))
        return make_the_ledger(argv[3]);
    if (plays_other(argc, argv, "rename"))
        return put_there_what_is_roots(argv[3]);
    need_root();
    use_directory_of_all();
    make_victim();
    the_victim_is_unharmed();
    provide_global_directory(0, 0777);
    in_another_process(no_file_is_deleted_for_a_stranger);
    in_another_process(a_mutex_that_others_can_write_to_is_refused);
    in_another_process(a_record_that_others_can_write_is_not_believed);
    in_another_process(a_strangers_file_does_not_become_roots);
    in_another_process(roots_secret_is_not_given_away_for_a_ledger);
    return check_end();
}
