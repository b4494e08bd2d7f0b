/*
 * test_security_files.c - what a security descriptor means for a file that CreateFile makes: its permission
 * bits, whatever the umask is. A file that was there keeps its own.
 */
#include "security.h"

#include <sys/stat.h>

#define REFUSED 0xFFFFu

static const char *file_path(void)
{
    static char path[300];

    snprintf(path, sizeof path, "%s/file", getenv("WINSHM_DIR"));
    return path;
}
static unsigned mode_of_file(void)
{
    struct stat status;

    return stat(file_path(), &status) == 0 ? (unsigned)status.st_mode & 07777 : REFUSED;
}
static HANDLE create(SECURITY_ATTRIBUTES *attributes, DWORD disposition)
{
    return CreateFileA(file_path(), GENERIC_READ | GENERIC_WRITE, 0, attributes, disposition, FILE_ATTRIBUTE_NORMAL, NULL);
}

static void texts_become_modes(void)
{
    static const struct {
        const char *text;
        unsigned mode;
    } known[] = {
        {"", 0600}, /* the umask's */
        {"D:(A;;GA;;;SY)", 0600},
        {"D:(A;;GA;;;WD)", 0666},
        {"D:(A;;FA;;;WD)", 0666},
        {"D:(A;;GA;;;SY)(A;;GR;;;WD)", 0644},
        {"D:(A;;GA;;;SY)(A;;FR;;;AU)", 0644},
        {"D:(A;;GA;;;SY)(A;;GA;;;CG)", 0660},
        {"D:", 0},
        {"D:(A;;GA;;;IU)", REFUSED},
        {"D:(A;;GW;;;WD)", REFUSED},
        {"D:(D;;GA;;;WD)", REFUSED},
    };
    mode_t before = umask(077);
    size_t i;

    for (i = 0; i < sizeof known / sizeof known[0]; ++i) {
        SECURITY_ATTRIBUTES attributes = attributes_of(known[i].text);
        HANDLE file = create(&attributes, CREATE_NEW);

        if (!CHECK((file == INVALID_HANDLE_VALUE) == (known[i].mode == REFUSED) && mode_of_file() == known[i].mode))
            fprintf(stderr, "  %s: %o\n", known[i].text, mode_of_file());
        if (file == INVALID_HANDLE_VALUE)
            CHECK(GetLastError() == ERROR_INVALID_SECURITY_DESCR);
        else
            CHECK(CloseHandle(file) && unlink(file_path()) == 0);
        free_attributes(&attributes);
    }
    umask(before);
}

static void a_file_that_exists_keeps_its_mode(void)
{
    SECURITY_ATTRIBUTES everybody = attributes_of("D:(A;;GA;;;WD)"), nobody = attributes_of("D:");
    HANDLE file = create(NULL, CREATE_NEW);
    unsigned mode = mode_of_file();

    CHECK(file != INVALID_HANDLE_VALUE && CloseHandle(file) && chmod(file_path(), 0640) == 0 && mode != REFUSED);
    file = create(&everybody, OPEN_ALWAYS);
    CHECK(file != INVALID_HANDLE_VALUE && mode_of_file() == 0640 && CloseHandle(file));
    file = create(&nobody, CREATE_ALWAYS);
    CHECK(file != INVALID_HANDLE_VALUE && mode_of_file() == 0640 && CloseHandle(file));
    CHECK(unlink(file_path()) == 0);
    free_attributes(&everybody), free_attributes(&nobody);
}

int main(void)
{
    check_begin();
    use_private_directory();
    texts_become_modes();
    a_file_that_exists_keeps_its_mode();
    return check_end();
}
