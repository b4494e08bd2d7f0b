/*
 * test_shared_memory_names.c - which name means which segment: in the SharedMemory
 * family, and in the functions of Windows, where Posix\ and SysV\ are an addition.
 * What those functions do with such segments is in test_shared_memory_sections.c.
 */
#include "shared_segments.h"

#define SIZE 0x30000

/* Whether both names lead to one segment. The first exists. */
static int are_one(const char *first, const char *second)
{
    static char byte;
    SharedMemory *one = NULL, *other = NULL;
    int same = SharedMemoryOpen(first, &one) == 0 && SharedMemoryOpen(second, &other) == 0 && paint(one, 0, 1, ++byte) == 0 &&
               reads(other, 0, 1, byte) && stat_of(one).sequence == stat_of(other).sequence;

    SharedMemoryClose(one);
    SharedMemoryClose(other);
    return same;
}

/* Each kind has its spellings, which mean the same; across the kinds equal words mean nothing. */
static void spellings_of_one_name(void)
{
    const char *plain = SEGMENT(WINSHM, "plain"), *posix = SEGMENT(POSIX, "posix"), *system_v = SEGMENT(SYSTEM_V, "key");
    SharedMemory *memory[4] = {NULL, NULL, NULL, NULL};
    char decimal[64];
    int i;

    CREATES(SharedMemoryCreate(plain, 100, &memory[0]));
    CREATES(SharedMemoryCreate(with("Global\\", plain), 100, &memory[1]));
    CREATES(SharedMemoryCreate(posix, 100, &memory[2]));
    CREATES(SharedMemoryCreate(system_v, 100, &memory[3]));
    snprintf(decimal, sizeof decimal, "SysV\\%d", (int)key_of(system_v));
    CHECK(are_one(plain, with("Local\\", plain)) && are_one(posix, spelled(posix)) && are_one(system_v, decimal));
    CHECK(!are_one(plain, with("Global\\", plain)));
    FAILS(SharedMemoryOpen(with("/", plain), &memory[0]), SHARED_MEMORY_NOT_FOUND);
    FAILS(SharedMemoryOpen(posix + 1, &memory[0]), SHARED_MEMORY_NOT_FOUND);
    FAILS(SharedMemoryOpen(system_v + 5, &memory[0]), SHARED_MEMORY_NOT_FOUND);
    for (i = 0; i < 4; ++i)
        WORKS(SharedMemoryFree(memory[i]));
}

/* All 32 bits of a key can be spelled, as ipcs shows them. */
static void keys_have_32_bits(void)
{
    SharedMemory *memory = NULL;
    char name[64];
    int id;

    snprintf(name, sizeof name, "SysV\\0x%x", 0x80000000u | (unsigned)key_of(SEGMENT(SYSTEM_V, "high")));
    CREATES(SharedMemoryCreate(name, 100, &memory));
    CHECK((id = shmget(key_of(name), 0, 0)) >= 0);
    WORKS(SharedMemoryFree(memory));
    CHECK(!raw_remove(name));
}

/* Names that are none: each is refused with its code by all four functions, and nothing is made. */
static void refused(const char *name, int code)
{
    SharedMemory *none = (SharedMemory *)&none;
    int before = check_failures;

    FAILS(SharedMemoryCreate(name, 100, &none), code);
    FAILS(SharedMemoryCreateMode(name, 100, 0666, &none), code);
    FAILS(SharedMemoryOpen(name, &none), code);
    FAILS(SharedMemoryOpenReadOnly(name, &none), code);
    CHECK(none == (SharedMemory *)&none);
    if (check_failures != before)
        fprintf(stderr, "... with the name \"%s\", expecting %d\n", name, code);
}
static void names_that_are_none(void)
{
    static const char *const invalid[] = {"",         "Local\\",      "Global\\",      "Posix\\",  "SysV\\",
                                          "/",        "SysV\\0",      "SysV\\0x0",     "SysV\\0x", "SysV\\key",
                                          "SysV\\x5", "SysV\\12 34",  "SysV\\12x",     "/a/b",     "Posix\\a/b",
                                          "/a/",      "SysV\\0x5g",   "SysV\\0x100000000"};
    static const char *const nowhere[] = {"sysv\\5", "SYSV\\5", "posix\\a", "Somewhere\\a", "a\\b", "Local\\a\\b", "Local\\Posix\\a"};
    static char long_name[400];
    SharedMemory *none = (SharedMemory *)&none;
    size_t i;

    for (i = 0; i < sizeof invalid / sizeof invalid[0]; ++i)
        refused(invalid[i], SHARED_MEMORY_INVALID_NAME);
    for (i = 0; i < sizeof nowhere / sizeof nowhere[0]; ++i)
        refused(nowhere[i], SHARED_MEMORY_PATH_NOT_FOUND);
    memset(long_name, 'x', 300);
    refused(long_name, SHARED_MEMORY_NAME_TOO_LONG);
    refused(with("/", long_name), SHARED_MEMORY_NAME_TOO_LONG);
    refused(with("Posix\\", long_name), SHARED_MEMORY_NAME_TOO_LONG);
    /* The directory of the POSIX segments, and what is above it, are no segments, whatever the code. */
    CHECK(SharedMemoryCreate("/.", 100, &none) != 0 && SharedMemoryCreate("/..", 100, &none) != 0);
    CHECK(SharedMemoryOpen("Posix\\.", &none) != 0 && SharedMemoryOpen("Posix\\..", &none) != 0);
    CHECK(none == (SharedMemory *)&none);
}

/* The longest name that a POSIX segment can have, and names with odd characters, are names. */
static void odd_names_are_names(void)
{
    static const char *const tails[] = {" with blanks ", ".dots..", "%s%n", "\xC3\xA4", "*?", "Local", "'\"$x"};
    SharedMemory *memory = NULL;
    char name[300];
    size_t i;

    for (i = 0; i < sizeof tails / sizeof tails[0]; ++i) {
        snprintf(name, sizeof name, "%s%s", SEGMENT(POSIX, "odd"), tails[i]);
        CREATES(SharedMemoryCreate(name, 100, &memory));
        CHECK(raw_status(name).exists && raw_status(name).size == 100);
        WORKS(SharedMemoryFree(memory));
        CHECK(!raw_remove(name));
    }
    snprintf(name, sizeof name, "%s", SEGMENT(POSIX, "long"));
    memset(name + strlen(name), 'l', 256 - strlen(name));
    name[256] = 0; /* the slash, and 255 bytes */
    CREATES(SharedMemoryCreate(name, 100, &memory));
    CHECK(raw_status(name).exists);
    WORKS(SharedMemoryFree(memory));
    CHECK(!raw_remove(name));
}

/* "/x" is a name like any other to the functions of Windows, and the POSIX segment x to the family. */
static void a_slash_means_posix_only_in_the_family(void)
{
    const char *name = SEGMENT(POSIX, "slash");
    HANDLE mapping, again;
    SharedMemory *memory = NULL;
    char *view;

    CHECK_LAST(mapping = new_memory(PAGE_READWRITE, SIZE, name), ERROR_SUCCESS);
    CHECK(!raw_status(name).exists && (view = view_of(mapping, FILE_MAP_WRITE)) != NULL);
    FAILS(SharedMemoryOpen(name, &memory), SHARED_MEMORY_NOT_FOUND);
    CREATES(SharedMemoryCreate(name, SIZE, &memory));
    CHECK(paint(memory, 0, SIZE, 'p') == 0 && all_are(view, SIZE, 0) && raw_status(name).size == SIZE);
    CHECK_LAST(again = new_memory(PAGE_READWRITE, SIZE, with("Local\\", name)), ERROR_ALREADY_EXISTS);
    CHECK(CompareObjectHandles(mapping, again) && CloseHandle(again));
    CHECK(UnmapViewOfFile(view) && CloseHandle(mapping));
    CHECK(!name_exists(name) && raw_status(name).exists);
    WORKS(SharedMemoryFree(memory));
}

/* Only sections and segments have such names, and no prefix stands before another. */
static void nothing_else_is_named_so(int kind)
{
    const char *name = SEGMENT(kind, "else"), *windows = spelled(name);
    HANDLE event;

    CHECK((event = CreateEventA(NULL, TRUE, FALSE, windows)) == NULL && !raw_status(name).exists);
    CHECK(new_memory(PAGE_READWRITE, SIZE, with("Local\\", windows)) == NULL && !raw_status(name).exists);
    CHECK(new_memory(PAGE_READWRITE, SIZE, kind == POSIX ? "Posix\\" : "SysV\\") == NULL);
    CHECK(new_memory(PAGE_READWRITE, SIZE, kind == POSIX ? "Posix\\a/b" : "SysV\\0") == NULL);
}

int main(void)
{
    check_begin();
    spellings_of_one_name();
    keys_have_32_bits();
    names_that_are_none();
    odd_names_are_names();
    a_slash_means_posix_only_in_the_family();
    OF_SYSTEM_KINDS(nothing_else_is_named_so);
    return check_end();
}
