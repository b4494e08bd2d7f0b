/*
 * for_others.c - a section that other users can read, and not write.
 *
 *     for_others publish [NAME [TEXT]]    keeps the text there, until it reads a line
 *     for_others read [NAME]              prints it, as any user
 *
 * Names that several users see are in the administrator's directory, see README.md, Names.
 */
#include "../sync/common.h"

#include <sddl.h>
#include <string.h>

#define SIZE 4096

/* [docs: publish] */
/* The owner may do everything (GA), all users may read (GR). */
static SECURITY_ATTRIBUTES readable_by_all(void) {
    SECURITY_ATTRIBUTES attributes = {sizeof attributes, NULL, FALSE};
    must(ConvertStringSecurityDescriptorToSecurityDescriptorA("D:(A;;GA;;;OW)(A;;GR;;;WD)", SDDL_REVISION_1,
                                                              &attributes.lpSecurityDescriptor, NULL),
         "ConvertStringSecurityDescriptorToSecurityDescriptorA");
    return attributes;
}

static void publish(const char *name, const char *text) {
    SECURITY_ATTRIBUTES attributes = readable_by_all();
    HANDLE section = valid(CreateFileMappingA(INVALID_HANDLE_VALUE, &attributes, PAGE_READWRITE, 0, SIZE, name),
                           "CreateFileMappingA");
    must(GetLastError() != ERROR_ALREADY_EXISTS, "a new section"); /* an old one has the rights that it has */
    LocalFree(attributes.lpSecurityDescriptor);
    char *view = (char *)MapViewOfFile(section, FILE_MAP_WRITE, 0, 0, 0);
    must(view != NULL, "MapViewOfFile");
    snprintf(view, SIZE, "%s", text);
}
/* [docs: end] */

static void print(const char *name) {
    HANDLE section = valid(OpenFileMappingA(FILE_MAP_READ, FALSE, name), "OpenFileMappingA");
    const char *view = (const char *)MapViewOfFile(section, FILE_MAP_READ, 0, 0, 0);
    must(view != NULL, "MapViewOfFile");
    say("%.*s", SIZE, view);
    /* Windows refuses the handle already, Linux the view. */
    HANDLE writable = OpenFileMappingA(FILE_MAP_WRITE, FALSE, name);
    if ((!writable || !MapViewOfFile(writable, FILE_MAP_WRITE, 0, 0, 0)) && GetLastError() == ERROR_ACCESS_DENIED)
        say("and I cannot write it");
}

int main(int argc, char **argv) {
    const char *role = argc > 1 ? argv[1] : "";
    const char *name = argc > 2 ? argv[2] : "Global\\CookbookForOthers";
    BOOL is_publish = strcmp(role, "publish") == 0;

    if (argc > 4 || (!is_publish && (strcmp(role, "read") != 0 || argc > 3))) {
        fprintf(stderr, "usage: for_others publish [NAME [TEXT]]\n       for_others read [NAME]\n");
        return 2;
    }
    if (is_publish) {
        publish(name, argc > 3 ? argv[3] : "for all to read");
        say("published, press Enter to end it");
        getchar();
    } else {
        print(name);
    }
    return 0;
}
