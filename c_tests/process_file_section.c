/*
 * process_file_section.c - a named section of a file in the hands of another process:
 * he opens the same file with his own rights to it, or gets nothing; and what becomes of
 * section and file when one of them dies, or somebody replaces the file. Two users are in
 * process_file_section_users.c.
 */
#include "file_sections.h"

#include <fcntl.h>

static const char *object_of(const char *name)
{
    static char path[512];

    snprintf(path, sizeof path, "%s/L.%s", object_directory(), name);
    return path;
}
/* ---- The other process, a program of its own. ---- */

/* Opens the name and tells the error to the parent. */
static int be_opener(const char *name, DWORD access)
{
    HANDLE section = OpenFileMappingA(access, FALSE, name);
    DWORD error = section != NULL ? ERROR_SUCCESS : GetLastError();

    return write(parent.to, &error, sizeof error) == sizeof error ? 0 : 1;
}
static DWORD error_of(const char *role, const char *name)
{
    PEER opener = start_peer(role, name);
    DWORD error = 0;

    CHECK(read(opener.from, &error, sizeof error) == sizeof error);
    CHECK(end_of(&opener) == 0);
    return error;
}
/* Makes the section and holds it until he is killed, or told to end. */
static int be_creator(const char *name)
{
    HANDLE section = new_section(name, "creator");
    char *view = view_of(section, FILE_MAP_WRITE);

    view[0] = 'C';
    pass_turn(&parent);
    await_turn(&parent);
    return check_failures != 0;
}
/* Writes into the file by way of its name, and waits for an answer. */
static int be_partner(const char *name)
{
    HANDLE section = OpenFileMappingA(FILE_MAP_WRITE | FILE_MAP_READ, FALSE, name);
    char *view = view_of(section, FILE_MAP_WRITE);

    CHECK(view != NULL && strcmp(view, "question") == 0);
    CHECK_ERROR(MapViewOfFile(section, FILE_MAP_READ, 0, 0, 9), ERROR_ACCESS_DENIED);
    memcpy(view, "from him", 8);
    pass_turn(&parent);
    await_turn(&parent);
    CHECK(memcmp(view, "from us!", 8) == 0);
    return check_failures != 0;
}
/* Lets the file grow again and again, and finds in it what he has written before. */
static int be_grower(const char *name, int who)
{
    HANDLE file = open_file(path_of(name), READ_WRITE);
    long size = 0;
    int i;

    for (i = 1; i <= 500; ++i) {
        long before = size;
        HANDLE section;
        char *view;

        size = (2 * i + who) * 100L;
        section = CreateFileMappingA(file, NULL, PAGE_READWRITE, 0, (DWORD)size, NULL);
        if (!CHECK((view = view_of(section, FILE_MAP_WRITE)) != NULL))
            return 1;
        CHECK(before == 0 || view[before - 1] == 'a' + who);
        view[size - 1] = (char)('a' + who);
        CHECK(UnmapViewOfFile(view) && CloseHandle(section) && size_of(path_of(name)) >= size);
    }
    return check_failures != 0;
}

/* ---- Stories. ---- */

static void two_processes_share_the_file(void)
{
    const char *name = NAME("shared");
    HANDLE section = new_section(name, "question");
    char *view = view_of(section, FILE_MAP_WRITE);
    PEER partner = start_peer("partner", name);

    await_turn(&partner);
    CHECK(memcmp(view, "from him", 8) == 0 && holds(path_of(name), "from him"));
    memcpy(view, "from us!", 8);
    pass_turn(&partner);
    CHECK(end_of(&partner) == 0);
    CHECK(UnmapViewOfFile(view) && CloseHandle(section));
    unlink(path_of(name));
}

/* Two make it larger at once: it is never smaller than one of them has made it, and nothing is lost. */
static void growing_at_once_loses_nothing(void)
{
    const char *name = NAME("growing");
    PEER first, second;

    put(path_of(name), "");
    first = start_peer("grower", name), second = start_peer("second grower", name);
    CHECK(end_of(&first) == 0 && end_of(&second) == 0);
    CHECK(size_of(path_of(name)) == 100100);
    unlink(path_of(name));
}

/* The name dies with its holder; the file, and what he had written, stay. */
static void a_killed_creator_leaves_the_file_and_no_name(void)
{
    const char *name = NAME("killed");
    PEER creator = start_peer("creator", name);
    HANDLE section;
    char *view;

    await_turn(&creator);
    CHECK(error_of("reader", name) == ERROR_SUCCESS);
    kill_peer(&creator);
    CHECK(error_of("reader", name) == ERROR_FILE_NOT_FOUND && holds(path_of(name), "Creator"));
    CHECK_LAST(section = section_of_file(name, PAGE_READWRITE), ERROR_SUCCESS);
    CHECK((view = view_of(section, FILE_MAP_READ)) != NULL && strcmp(view, "Creator") == 0);
    CHECK(UnmapViewOfFile(view) && CloseHandle(section));
    unlink(path_of(name));
}
/* And it lives on in the hands of another. */
static void an_opener_keeps_the_section_of_a_killed_creator(void)
{
    const char *name = NAME("kept");
    PEER creator = start_peer("creator", name);
    HANDLE section;
    char *view;

    await_turn(&creator);
    CHECK((section = OpenFileMappingA(FILE_MAP_WRITE, FALSE, name)) != NULL);
    kill_peer(&creator);
    CHECK(error_of("writer", name) == ERROR_SUCCESS);
    CHECK((view = view_of(section, FILE_MAP_WRITE)) != NULL && CloseHandle(section));
    CHECK(error_of("writer", name) == ERROR_FILE_NOT_FOUND);
    view[0] = 'K';
    CHECK(holds(path_of(name), "Kreator") && UnmapViewOfFile(view));
    unlink(path_of(name));
}

/* Another file under the same path, or none: not the section's. Who has it keeps it. */
static void a_replaced_file_is_not_the_sections(void)
{
    const char *name = NAME("replaced"), *other = file_path("other");
    HANDLE section = new_section(name, "original");
    char *view = view_of(section, FILE_MAP_READ);

    CHECK(error_of("reader", name) == ERROR_SUCCESS);
    put(other, "replaced");
    CHECK(rename(other, path_of(name)) == 0);
    CHECK(error_of("reader", name) == ERROR_ACCESS_DENIED);
    CHECK(unlink(path_of(name)) == 0);
    CHECK(error_of("reader", name) == ERROR_ACCESS_DENIED);
    /* The same inode perhaps, but not the same file. */
    put(path_of(name), "original");
    CHECK(error_of("reader", name) == ERROR_ACCESS_DENIED);
    CHECK(unlink(path_of(name)) == 0 && mkfifo(path_of(name), 0600) == 0);
    CHECK(error_of("reader", name) == ERROR_ACCESS_DENIED);
    CHECK(strcmp(view, "original") == 0);
    CHECK(UnmapViewOfFile(view) && CloseHandle(section));
    unlink(path_of(name));
}

/* A program without this library cuts the file off: what is gone faults, and cannot be mapped again. */
static void touch_second_page(void *view) { (void)((volatile char *)view)[4096]; }
static void a_file_that_was_cut_off_is_not_mapped(void)
{
    const char *name = NAME("cut");
    HANDLE section = new_section(name, "text"), file;
    char *view, *part;

    CHECK(truncate(path_of(name), 3) == 0);
    CHECK_ERROR(view_of(section, FILE_MAP_WRITE), ERROR_FILE_INVALID);
    CHECK((part = (char *)MapViewOfFile(section, FILE_MAP_WRITE, 0, 0, 3)) != NULL && UnmapViewOfFile(part));
    CHECK(truncate(path_of(name), 4) == 0);
    CHECK((view = view_of(section, FILE_MAP_WRITE)) != NULL && view[0] == 't' && view[3] == 0);
    CHECK(UnmapViewOfFile(view) && CloseHandle(section));

    CHECK(truncate(path_of(name), 8192) == 0);
    CHECK((file = open_file(path_of(name), READ_WRITE)) != NULL);
    CHECK((section = CreateFileMappingA(file, NULL, PAGE_READWRITE, 0, 0, NULL)) != NULL && CloseHandle(file));
    CHECK((view = view_of(section, FILE_MAP_WRITE)) != NULL && view[4096] == 0);
    CHECK(truncate(path_of(name), 4096) == 0);
    CHECK(crashes(touch_second_page, view));
    CHECK(view[0] == 't' && UnmapViewOfFile(view) && CloseHandle(section));
    unlink(path_of(name));
}

/* The record in the object's file: damaged, or writable by others, it leads nowhere. */
static void a_record_that_cannot_be_trusted_is_not_followed(void)
{
    const char *name = NAME("record");
    HANDLE section = new_section(name, "contents");
    unsigned char record[512], damaged[512];
    int object = open(object_of(name), O_RDWR | O_CLOEXEC);
    static const struct {
        int offset, byte;
        DWORD error;
    } rows[] = {
        {32, 'x', ERROR_FILE_CORRUPT},   /* not an absolute path */
        {33, 0, ERROR_FILE_CORRUPT},     /* a NUL in the path */
        {31, 0x7F, ERROR_FILE_CORRUPT},  /* more than there can be */
        {33, 'x', ERROR_ACCESS_DENIED},  /* another path */
        {0, 0xEE, ERROR_ACCESS_DENIED},  /* another device */
        {8, 0xEE, ERROR_ACCESS_DENIED},  /* another inode */
        {23, 0x7F, ERROR_ACCESS_DENIED}, /* another time */
    };
    size_t i;

    CHECK(object >= 0 && pread(object, record, sizeof record, 0) == sizeof record);
    CHECK(strcmp((char *)record + 32, path_of(name)) == 0);
    for (i = 0; i < sizeof rows / sizeof rows[0]; ++i) {
        memcpy(damaged, record, sizeof record);
        damaged[rows[i].offset] = (unsigned char)rows[i].byte;
        CHECK(pwrite(object, damaged, sizeof damaged, 0) == sizeof damaged);
        if (!CHECK(error_of("reader", name) == rows[i].error))
            fprintf(stderr, "... with byte %d\n", rows[i].offset);
    }
    CHECK(pwrite(object, record, sizeof record, 0) == sizeof record && error_of("reader", name) == ERROR_SUCCESS);
    CHECK(fchmod(object, 0620) == 0 && error_of("reader", name) == ERROR_ACCESS_DENIED);
    CHECK(fchmod(object, 0602) == 0 && error_of("reader", name) == ERROR_ACCESS_DENIED);
    CHECK(fchmod(object, 0600) == 0 && error_of("reader", name) == ERROR_SUCCESS);
    CHECK(close(object) == 0 && CloseHandle(section));
    unlink(path_of(name));
}

int main(int argc, char **argv)
{
    check_begin();
    if (plays(argc, argv, "reader"))
        return be_opener(argv[3], FILE_MAP_READ);
    if (plays(argc, argv, "writer"))
        return be_opener(argv[3], FILE_MAP_WRITE);
    if (plays(argc, argv, "creator"))
        return be_creator(argv[3]);
    if (plays(argc, argv, "partner"))
        return be_partner(argv[3]);
    if (plays(argc, argv, "grower"))
        return be_grower(argv[3], 0);
    if (plays(argc, argv, "second grower"))
        return be_grower(argv[3], 1);
    use_private_directory();
    two_processes_share_the_file();
    growing_at_once_loses_nothing();
    a_killed_creator_leaves_the_file_and_no_name();
    an_opener_keeps_the_section_of_a_killed_creator();
    a_replaced_file_is_not_the_sections();
    a_file_that_was_cut_off_is_not_mapped();
    a_record_that_cannot_be_trusted_is_not_followed();
    CHECK(count_objects() == 0);
    return check_end();
}
