/*
 * test_security_modes.c - what a descriptor means for the file of an object: the permission bits
 * that keep its promise, whatever the umask is, or a clear error and no object.
 */
#include "security.h"

#include <sys/stat.h>

#define REFUSED 0u

static unsigned mode_of(const char *name)
{
    struct stat status;
    char path[512];

    snprintf(path, sizeof path, "%s/L.%s", object_directory(), name);
    return stat(path, &status) == 0 ? (unsigned)status.st_mode & 07777 : REFUSED;
}

enum { SECTION, EVENT, MUTEX, SEMAPHORE, TIMER, KINDS };
static HANDLE create(int kind, SECURITY_ATTRIBUTES *attributes, const char *name)
{
    switch (kind) {
    case SECTION:
        return CreateFileMappingA(MEMORY, attributes, PAGE_READWRITE, 0, 4096, name);
    case EVENT:
        return CreateEventA(attributes, FALSE, FALSE, name);
    case MUTEX:
        return CreateMutexA(attributes, FALSE, name);
    case SEMAPHORE:
        return CreateSemaphoreA(attributes, 1, 1, name);
    default:
        return CreateWaitableTimerA(attributes, FALSE, name);
    }
}
/* The mode of a new object with these attributes; refused, it leaves nothing behind, and has told why. */
static unsigned mode_by(int kind, SECURITY_ATTRIBUTES *attributes)
{
    const char *name = NAME("object");
    HANDLE object = create(kind, attributes, name);
    unsigned mode = mode_of(name);

    CHECK((object == NULL) == (mode == REFUSED));
    if (object != NULL)
        CHECK(CloseHandle(object) && mode_of(name) == REFUSED);
    return mode;
}
static unsigned mode_by_text(int kind, const char *text)
{
    SECURITY_ATTRIBUTES attributes = attributes_of(text);
    unsigned mode = mode_by(kind, &attributes);
    DWORD error = GetLastError();

    free_attributes(&attributes);
    SetLastError(error);
    return mode;
}

static void texts_become_modes(void)
{
    static const struct {
        const char *text;
        unsigned of_section, of_event;
    } known[] = {
        /* Nothing is said; only the owner, root or nobody else are named. */
        {"", 0600, 0600},
        {"G:BA", 0600, 0600},
        {"D:(A;;GA;;;SY)", 0600, 0600},
        {"D:P(A;OICI;GA;;;SY)(A;;GA;;;BA)(A;;GA;;;CO)", 0600, 0600},
        {"D:(A;;GA;;;OW)", 0600, 0600},
        {"D:(A;;GA;;;SY)(A;;GA;;;AN)(A;;GA;;;AC)(A;;GA;;;BG)", 0600, 0600},
        {"D:(A;;GA;;;SY)(A;OIIO;GA;;;WD)", 0600, 0600},
        /* Everybody, by all names. */
        {"D:NO_ACCESS_CONTROL", 0666, 0666},
        {"D:(A;;GA;;;WD)", 0666, 0666},
        {"D:(A;;GA;;;AU)", 0666, 0666},
        {"D:(A;;GA;;;BU)", 0666, 0666},
        {"D:(A;;GA;;;S-1-1-0)", 0666, 0666},
        {"D:P(A;OICI;GA;;;SY)(A;;GA;;;BA)(A;;GRGWGX;;;WD)", 0666, 0666},
        {"D:(D;OICI;GA;;;BG)(D;OICI;GA;;;AN)(A;OICI;GRGWGX;;;AU)(A;OICI;GA;;;BA)", 0666, 0666},
        {"D:(A;;GA;;;WD)S:(ML;;NW;;;LW)", 0666, 0666},
        {"D:(A;;GR;;;WD)(A;;GWGX;;;AU)", 0666, 0666},
        {"D:(A;;0x1F0003;;;WD)", REFUSED, 0666},
        {"D:(A;;0x6;;;WD)", 0666, REFUSED},
        /* Only reading: a synchronisation object is used by writing. */
        {"D:(A;;GA;;;SY)(A;;GR;;;WD)", 0644, REFUSED},
        {"D:(A;;0x4;;;WD)", 0644, REFUSED},
        /* The group. */
        {"D:(A;;GA;;;CO)(A;;GA;;;CG)", 0660, 0660},
        {"D:(A;;GA;;;CO)(A;;GR;;;CG)", 0640, REFUSED},
        {"D:(A;;GA;;;CG)(A;;GR;;;WD)", 0664, REFUSED},
        {"D:(A;;GR;;;CG)(A;;GA;;;WD)", 0666, 0666},
        /* Less than any bits grant, or more. */
        {"D:(A;;GW;;;WD)", REFUSED, REFUSED},
        {"D:(A;;RC;;;WD)", REFUSED, REFUSED},
        {"D:(A;;0x100000;;;WD)", REFUSED, REFUSED},
        {"D:(A;;0x100002;;;WD)", REFUSED, 0666},
        /* Nobody here is meant, or it is not known who. */
        {"D:(A;;GA;;;IU)", REFUSED, REFUSED},
        {"D:(A;;GA;;;WD)(A;;GA;;;LS)", REFUSED, REFUSED},
        {"D:(A;;GA;;;S-1-5-21-1-2-3-1000)", REFUSED, REFUSED},
        {"D:(A;;GA;;;WD)(D;;GW;;;WD)", REFUSED, REFUSED},
        {"D:(D;;GA;;;SY)", REFUSED, REFUSED},
        {"D:(D;;GA;;;IU)(A;;GA;;;WD)", REFUSED, REFUSED},
        /* Labels that would keep these processes out. */
        {"D:(A;;GA;;;WD)S:(ML;;NW;;;HI)", REFUSED, REFUSED},
        {"D:(A;;GA;;;WD)S:(ML;;NW;;;SI)", REFUSED, REFUSED},
    };
    size_t i;

    for (i = 0; i < sizeof known / sizeof known[0]; ++i) {
        int holds = mode_by_text(SECTION, known[i].text) == known[i].of_section;

        if (known[i].of_section == REFUSED)
            CHECK(GetLastError() == ERROR_INVALID_SECURITY_DESCR);
        holds &= mode_by_text(EVENT, known[i].text) == known[i].of_event;
        if (known[i].of_event == REFUSED)
            CHECK(GetLastError() == ERROR_INVALID_SECURITY_DESCR);
        if (!CHECK(holds))
            fprintf(stderr, "  %s\n", known[i].text);
    }
    CHECK(mode_by_text(SECTION, "D:(A;;GA;;;WD)S:(AU;SA;GA;;;WD)") == REFUSED);
    CHECK(GetLastError() == ERROR_PRIVILEGE_NOT_HELD);
    CHECK(mode_by_text(SECTION, "O:WDD:(A;;GA;;;WD)") == REFUSED && GetLastError() == ERROR_INVALID_OWNER);
    CHECK(mode_by_text(SECTION, "O:SY") == (geteuid() == 0 ? 0600 : REFUSED));
}

static void all_kinds_have_modes(void)
{
    static const unsigned masks[] = {022, 077, 0777, 0};
    SECURITY_DESCRIPTOR descriptor;
    SECURITY_ATTRIBUTES everybody = attributes_with(&descriptor, NULL);
    size_t i;
    int kind;

    for (i = 0; i < sizeof masks / sizeof masks[0]; ++i) {
        mode_t before = umask((mode_t)masks[i]);

        for (kind = 0; kind < KINDS; ++kind) {
            CHECK(mode_by(kind, &everybody) == 0666);
            CHECK(mode_by(kind, NULL) == 0600);
        }
        CHECK(mode_by_text(SECTION, "D:(A;;GR;;;WD)") == 0644);
        umask(before);
    }
}

/* The user himself is named by the identifier that stands for his number. */
static void the_owner_can_be_named(void)
{
    static char current_user[] = "CURRENT_USER";
    SECURITY_DESCRIPTOR descriptor;
    SECURITY_ATTRIBUTES attributes;
    EXPLICIT_ACCESS_A entry;
    PACL list = NULL;
    char text[100];

    snprintf(text, sizeof text, "O:S-1-22-1-%uD:(A;;GA;;;S-1-22-1-%u)", (unsigned)geteuid(), (unsigned)geteuid());
    CHECK(mode_by_text(SECTION, text) == 0600);
    CHECK(mode_by_text(SECTION, "D:(A;;GA;;;S-1-22-1-4711)") == REFUSED);
    CHECK(GetLastError() == ERROR_INVALID_SECURITY_DESCR);
    memset(&entry, 0, sizeof entry);
    entry.grfAccessPermissions = GENERIC_ALL;
    entry.grfAccessMode = SET_ACCESS;
    entry.Trustee.TrusteeForm = TRUSTEE_IS_NAME;
    entry.Trustee.ptstrName = current_user;
    CHECK(SetEntriesInAclA(1, &entry, NULL, &list) == ERROR_SUCCESS);
    attributes = attributes_with(&descriptor, list);
    CHECK(mode_by(SECTION, &attributes) == 0600);
    CHECK(LocalFree(list) == NULL);
}

/* The descriptor of who comes second does not count, but it is looked at. */
static void an_existing_object_keeps_its_mode(void)
{
    const char *name = NAME("existing");
    SECURITY_ATTRIBUTES everybody = attributes_of("D:(A;;GA;;;WD)"), wrong = attributes_of("D:(A;;GA;;;IU)");
    SECURITY_ATTRIBUTES nobody = attributes_of("D:");
    HANDLE first = create(SECTION, NULL, name), second, copy = NULL;

    CHECK_LAST(second = create(SECTION, &everybody, name), ERROR_ALREADY_EXISTS);
    CHECK(mode_of(name) == 0600 && CloseHandle(second));
    CHECK_ERROR(create(SECTION, &wrong, name), ERROR_INVALID_SECURITY_DESCR);
    CHECK_LAST(second = create(SECTION, &nobody, name), ERROR_ALREADY_EXISTS);
    CHECK(DuplicateHandle(GetCurrentProcess(), second, GetCurrentProcess(), &copy, FILE_MAP_READ, FALSE, 0));
    CHECK(CloseHandle(second));
    second = copy;
    CHECK(DuplicateHandle(GetCurrentProcess(), second, GetCurrentProcess(), &copy, FILE_MAP_WRITE, FALSE, 0));
    CHECK(CloseHandle(copy) && CloseHandle(second) && CloseHandle(first));
    free_attributes(&everybody), free_attributes(&wrong), free_attributes(&nobody);
}

/* Whatever stands where a descriptor should: an error, and no object. */
static void damaged_descriptors_make_no_object(void)
{
    SECURITY_DESCRIPTOR descriptor;
    SECURITY_ATTRIBUTES attributes;
    unsigned char block[64], list[28] = {2, 0, 28, 0, 1, 0, 0, 0, 0, 0, 20, 0, 0, 0, 0, 0x10, 1, 1, 0, 0, 0, 0, 0, 1};
    size_t i, flip;

    attributes = attributes_with(&descriptor, (ACL *)(void *)list);
    CHECK(mode_by(SECTION, &attributes) == 0666);
    /* A damaged list never becomes one that lets in more. */
    for (i = 0; i < sizeof list; ++i)
        for (flip = 1; flip < 256; ++flip) {
            unsigned mode;

            list[i] ^= (unsigned char)flip;
            if (list[3] == 0 && list[2] <= sizeof list) { /* what it says that there is, is there */
                mode = mode_by(SECTION, &attributes);
                CHECK(mode == REFUSED || mode == 0600 || mode == 0644 || (mode == 0666 && list[16] == 1));
                CHECK(mode == REFUSED || list[8] == 0 || list[4] == 0);
            }
            list[i] ^= (unsigned char)flip;
        }
    descriptor.Revision = 2;
    CHECK_ERROR(create(SECTION, &attributes, NAME("d")), ERROR_UNKNOWN_REVISION);
    memset(block, 0, sizeof block);
    block[0] = 1, block[2] = SE_DACL_PRESENT, block[3] = SE_SELF_RELATIVE >> 8;
    attributes.lpSecurityDescriptor = block;
    CHECK(mode_by(SECTION, &attributes) == 0666);
    block[16] = 8; /* inside its own head */
    CHECK_ERROR(create(SECTION, &attributes, NAME("d")), ERROR_INVALID_SECURITY_DESCR);
    block[16] = 20;
    CHECK_ERROR(create(SECTION, &attributes, NAME("d")), ERROR_INVALID_ACL);
    /* Also where nobody could open the object anyway. */
    CHECK_ERROR(create(SECTION, &attributes, NULL), ERROR_INVALID_ACL);
    CHECK_ERROR(create(EVENT, &attributes, NULL), ERROR_INVALID_ACL);
}

int main(void)
{
    check_begin();
    use_private_directory();
    texts_become_modes();
    all_kinds_have_modes();
    the_owner_can_be_named();
    an_existing_object_keeps_its_mode();
    damaged_descriptors_make_no_object();
    CHECK(remove_object_directory());
    return check_end();
}
