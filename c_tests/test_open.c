/*
 * test_open.c - OpenFileMapping, and which views a handle allows: first what
 * the handle was opened for decides, then what the object was created for.
 */
#include "check.h"

/* One view is tried: allowed is 0, or the code of the refusal. Returns whether that was right. */
static int view_gives(HANDLE mapping, DWORD access, DWORD refusal)
{
    void *view;

    SetLastError(SENTINEL);
    view = MapViewOfFile(mapping, access, 0, 0, 0);
    if (view != NULL)
        return UnmapViewOfFile(view) && refusal == 0;
    return refusal != 0 && GetLastError() == refusal;
}

/* The five kinds of view of a writable object, as bits. */
enum { NONE = 0, NO_ACCESS = 1, COPY = 2, WRITE = 4, READ = 8, BOTH = 16, READER = NO_ACCESS | COPY | READ, ALL = 31 };

static const struct ACCESS_ROW {
    DWORD access;
    int views;
} ROWS[] = {
    {FILE_MAP_COPY, READER}, /* the bit is SECTION_QUERY, but exactly this value asks for reading */
    {FILE_MAP_READ, READER},
    {FILE_MAP_WRITE, WRITE | BOTH},
    {FILE_MAP_READ | FILE_MAP_WRITE, ALL},
    {FILE_MAP_READ | FILE_MAP_EXECUTE, READER},
    {FILE_MAP_WRITE | FILE_MAP_EXECUTE, WRITE | BOTH},
    {FILE_MAP_ALL_ACCESS, ALL},
    {FILE_MAP_EXECUTE, NONE},
    {SECTION_MAP_EXECUTE, NONE},
    {SECTION_EXTEND_SIZE, NONE},
    {READ_CONTROL, NONE},
    {DELETE, NONE},
    {SYNCHRONIZE, NONE},
    {GENERIC_READ, READER},
    {GENERIC_WRITE, WRITE | BOTH},
    {GENERIC_EXECUTE, NONE},
    {GENERIC_READ | GENERIC_WRITE, ALL},
    {GENERIC_ALL, ALL},
    {MAXIMUM_ALLOWED, ALL},
};

/* A handle opened with each access, and each view tried with it: refused views say ACCESS_DENIED. */
static void a_handle_allows_the_views_it_was_opened_for(void)
{
    static const DWORD views[] = {0, FILE_MAP_COPY, FILE_MAP_WRITE, FILE_MAP_READ, FILE_MAP_READ | FILE_MAP_WRITE};
    const char *name = NAME("rights");
    HANDLE creator = new_memory(PAGE_READWRITE, 8192, name), opened;
    size_t row;
    int view;

    for (row = 0; row < sizeof ROWS / sizeof ROWS[0]; ++row) {
        CHECK_QUIET((opened = OpenFileMappingA(ROWS[row].access, FALSE, name)) != NULL);
        for (view = 0; view < 5; ++view) {
            DWORD refusal = ROWS[row].views & (1 << view) ? 0 : ERROR_ACCESS_DENIED;
            if (!CHECK(view_gives(opened, views[view], refusal)))
                fprintf(stderr, "... handle access 0x%lX, view access 0x%lX, expected %lu\n",
                        (unsigned long)ROWS[row].access, (unsigned long)views[view], (unsigned long)refusal);
        }
        CHECK(CloseHandle(opened));
    }
    CHECK(CloseHandle(creator));
}

/* The nine kinds of view that an object may refuse. */
static const DWORD VIEWS[] = {0,
                              FILE_MAP_COPY,
                              FILE_MAP_READ,
                              FILE_MAP_WRITE,
                              FILE_MAP_READ | FILE_MAP_WRITE,
                              FILE_MAP_ALL_ACCESS,
                              FILE_MAP_READ | FILE_MAP_EXECUTE,
                              FILE_MAP_COPY | FILE_MAP_EXECUTE,
                              FILE_MAP_WRITE | FILE_MAP_EXECUTE};
enum { VIEW_COUNT = sizeof VIEWS / sizeof VIEWS[0] };

/* For each protection, a letter per view of the list above: y allowed, n not. */
static const struct PROTECTION_ROW {
    DWORD protection;
    const char *allowed;
} PROTECTIONS[] = {
    {PAGE_READONLY, "yyynnnnnn"},     {PAGE_WRITECOPY, "yyynnnnnn"},         {PAGE_READWRITE, "yyyyyynnn"},
    {PAGE_EXECUTE_READ, "yyynnnyyn"}, {PAGE_EXECUTE_WRITECOPY, "yyynnnyyn"}, {PAGE_EXECUTE_READWRITE, "yyyyyyyyy"},
};

static void try_all_views(HANDLE mapping, const struct PROTECTION_ROW *row, DWORD refusal, int wine_allows)
{
    int view;

    for (view = 0; view < VIEW_COUNT; ++view) {
        int allowed = row->allowed[view] == 'y';
        if (!CHECK(view_gives(mapping, VIEWS[view], allowed ? 0 : refusal) ||
                   ON_WINE(wine_allows && view_gives(mapping, VIEWS[view], 0))))
            fprintf(stderr, "... protection 0x%lX, view access 0x%lX, expected %lu\n", (unsigned long)row->protection,
                    (unsigned long)VIEWS[view], (unsigned long)(allowed ? 0 : refusal));
    }
    (void)wine_allows;
}

/* The creator's handle is as strong as the protection that was asked for. */
static void a_creator_may_what_its_protection_says(void)
{
    size_t i;

    for (i = 0; i < sizeof PROTECTIONS / sizeof PROTECTIONS[0]; ++i) {
        HANDLE creator = new_memory(PROTECTIONS[i].protection, 4096, NULL);
        try_all_views(creator, &PROTECTIONS[i], ERROR_ACCESS_DENIED, 0);
        CHECK(CloseHandle(creator));
    }
}

/* A handle with every right gets no more out of an object than it was created for: not denied, but invalid. */
static void no_handle_is_stronger_than_the_object(void)
{
    size_t i;

    for (i = 0; i < sizeof PROTECTIONS / sizeof PROTECTIONS[0]; ++i) {
        const char *name = NAME("strong");
        HANDLE creator = new_memory(PROTECTIONS[i].protection, 4096, name), opened;

        CHECK_QUIET((opened = OpenFileMappingA(FILE_MAP_ALL_ACCESS | FILE_MAP_EXECUTE, FALSE, name)) != NULL);
        try_all_views(opened, &PROTECTIONS[i], ERROR_INVALID_PARAMETER, 1);
        CHECK(CloseHandle(opened));
        CHECK(CloseHandle(creator));
    }
}

/* Executing needs the right on the handle as well, even where the object allows it. */
static void executable_views_need_an_executable_handle(void)
{
    const char *name = NAME("execute");
    HANDLE creator = new_memory(PAGE_EXECUTE_READWRITE, 4096, name), opened;

    opened = OpenFileMappingA(FILE_MAP_READ | FILE_MAP_WRITE, FALSE, name);
    CHECK(view_gives(opened, FILE_MAP_READ | FILE_MAP_WRITE, 0));
    CHECK(view_gives(opened, FILE_MAP_READ | FILE_MAP_EXECUTE, ERROR_ACCESS_DENIED));
    CHECK(CloseHandle(opened));
    opened = OpenFileMappingA(FILE_MAP_READ | FILE_MAP_EXECUTE, FALSE, name);
    /* Wine takes only SECTION_MAP_EXECUTE for this right, not FILE_MAP_EXECUTE. */
    CHECK(view_gives(opened, FILE_MAP_READ | FILE_MAP_EXECUTE, 0) || ON_WINE(GetLastError() == ERROR_ACCESS_DENIED));
    CHECK(view_gives(opened, FILE_MAP_WRITE | FILE_MAP_EXECUTE, ERROR_ACCESS_DENIED));
    CHECK(CloseHandle(opened));
    CHECK(CloseHandle(creator));
}

/* Asking for nothing, or for bits that mean nothing, is refused; that a name is missing comes first. */
static void empty_and_unknown_access_is_denied(void)
{
    const char *name = NAME("nothing");
    HANDLE creator = new_memory(PAGE_READWRITE, 4096, name);

    CHECK_ERROR_OR_WINE(OpenFileMappingA(0, FALSE, name), ERROR_ACCESS_DENIED, SUCCESS);
    CHECK_ERROR_OR_WINE(OpenFileMappingA(0x40, FALSE, name), ERROR_ACCESS_DENIED, SUCCESS);
    CHECK_ERROR_OR_WINE(OpenFileMappingA(0x100, FALSE, name), ERROR_ACCESS_DENIED, SUCCESS);
    CHECK(CloseHandle(creator));
    CHECK_ERROR(OpenFileMappingA(0, FALSE, NAME("absent")), ERROR_FILE_NOT_FOUND);
}

/* Opening never creates. */
static void a_missing_name_is_not_found(void)
{
    CHECK_ERROR(OpenFileMappingA(FILE_MAP_READ, FALSE, NAME("absent")), ERROR_FILE_NOT_FOUND);
    CHECK_ERROR(OpenFileMappingA(FILE_MAP_ALL_ACCESS, TRUE, NAME("absent")), ERROR_FILE_NOT_FOUND);
    CHECK_ERROR(OpenFileMappingW(FILE_MAP_READ, FALSE, widen(NAME("absent"))), ERROR_FILE_NOT_FOUND);
    CHECK_ERROR(OpenFileMappingA(FILE_MAP_READ, FALSE, "Local\\winshm-test-absent"), ERROR_FILE_NOT_FOUND);
    CHECK_ERROR(OpenFileMappingA(FILE_MAP_READ, FALSE, "Global\\winshm-test-absent"), ERROR_FILE_NOT_FOUND);
}

/* An opened handle holds the object as well as the first one, and the last of them takes the name with it. */
static void an_open_handle_keeps_the_name(void)
{
    const char *name = NAME("keeps");
    HANDLE creator = new_memory(PAGE_READWRITE, 4096, name), narrow, wide;
    char *view;

    CHECK_QUIET((narrow = OpenFileMappingA(FILE_MAP_WRITE, FALSE, name)) != NULL);
    CHECK_QUIET((wide = OpenFileMappingW(FILE_MAP_READ, 5, widen(name))) != NULL);
    CHECK(CompareObjectHandles(narrow, creator) && CompareObjectHandles(wide, creator));
    view = view_of(narrow, FILE_MAP_WRITE);
    view[0] = 'k';
    CHECK(UnmapViewOfFile(view));
    CHECK(CloseHandle(creator));
    CHECK(CloseHandle(narrow));
    CHECK(name_exists(name));
    view = view_of(wide, FILE_MAP_READ);
    CHECK(view[0] == 'k');
    CHECK(UnmapViewOfFile(view));
    CHECK(CloseHandle(wide));
    CHECK_ERROR(OpenFileMappingA(FILE_MAP_READ, FALSE, name), ERROR_FILE_NOT_FOUND);
}

int main(void)
{
    check_begin();
    a_handle_allows_the_views_it_was_opened_for();
    a_creator_may_what_its_protection_says();
    no_handle_is_stronger_than_the_object();
    executable_views_need_an_executable_handle();
    empty_and_unknown_access_is_denied();
    a_missing_name_is_not_found();
    an_open_handle_keeps_the_name();
    return check_end();
}
