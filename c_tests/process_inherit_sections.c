/*
 * process_inherit_sections.c - sections of files in the hands of a program that was
 * started with their handles.
 */
#include "file_sections.h"
#include "inheriting.h"

/* He has the file by the handles alone: one without a name, one with, and a part to be read. */
static int be_heir(const char *tag)
{
    HANDLE sections[3];
    char *unnamed, *named, *part;

    handles_of(tag, sections, 3);
    CHECK((unnamed = view_of(sections[0], FILE_MAP_WRITE)) != NULL && strcmp(unnamed, "contents") == 0);
    CHECK((named = view_of(sections[1], FILE_MAP_WRITE)) != NULL && strcmp(named, "contents") == 0);
    CHECK((part = view_of(sections[2], FILE_MAP_READ)) != NULL && strcmp(part, "contents") == 0);
    CHECK_ERROR(MapViewOfFile(sections[0], FILE_MAP_READ, 0, 0, 9), ERROR_ACCESS_DENIED);
    CHECK_ERROR(MapViewOfFile(sections[2], FILE_MAP_READ, 0, 0, 5), ERROR_ACCESS_DENIED);
    CHECK_ERROR(view_of(sections[2], FILE_MAP_WRITE), ERROR_ACCESS_DENIED);
    unnamed[0] = 'C';
    CHECK(named[0] == 'C' && part[0] == 'C');
    return check_failures != 0;
}

static void files_are_inherited(enum WAY way)
{
    const char *name = NAME("inherited");
    HANDLE file, sections[3];
    PEER heir;
    int i;

    put(path_of(name), "contents");
    CHECK((file = open_file(path_of(name), READ_WRITE)) != NULL);
    CHECK((sections[0] = CreateFileMappingA(file, inheritable(), PAGE_READWRITE, 0, 0, NULL)) != NULL);
    CHECK((sections[1] = CreateFileMappingA(file, inheritable(), PAGE_READWRITE, 0, 0, name)) != NULL);
    CHECK((sections[2] = CreateFileMappingA(file, inheritable(), PAGE_READONLY, 0, 4, NULL)) != NULL);
    CHECK(CloseHandle(file));
    heir = start_by(way, "heir", tag_of(sections, 3));
    CHECK(end_of(&heir) == 0);
    CHECK(holds(path_of(name), "Contents"));
    for (i = 0; i < 3; ++i)
        CHECK(CloseHandle(sections[i]));
    unlink(path_of(name));
}

int main(int argc, char **argv)
{
    static const enum WAY ways[] = {FORK_AND_EXEC, EMPTY_ENVIRONMENT, SPAWN, SHELL};
    size_t i;

    check_begin();
    if (plays(argc, argv, "heir"))
        return be_heir(argv[3]);
    use_private_directory();
    for (i = 0; i < sizeof ways / sizeof ways[0]; ++i)
        files_are_inherited(ways[i]);
    return check_end();
}
