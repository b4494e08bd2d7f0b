/*
 * growing.c - a table that grows while others read it, and never moves: its addresses are reserved, its memory
 * comes when it is needed.
 *
 *     growing fill [NAME [ROWS]]    appends rows
 *     growing sum [NAME]            adds up the rows as they come, until the table is complete
 *
 * Started in any order: ./growing sum & ./growing fill
 */
#include "../sync/common.h"

#include <string.h>

#define RESERVED (1u << 30) /* bytes; costs nothing until it is committed */
#define STEP (1u << 20)     /* bytes that are committed at a time */
struct Table {
    volatile LONG rows; /* those below are written and do not change any more */
    volatile LONG is_complete;
    LONG64 values[];
};

/* [docs: reserve] */
static struct Table *reserve(const char *name) {
    HANDLE section = valid(CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE | SEC_RESERVE, 0, RESERVED,
                                              name),
                           "CreateFileMappingA");
    struct Table *table = (struct Table *)MapViewOfFile(section, FILE_MAP_ALL_ACCESS, 0, 0, 0);
    must(table != NULL, "MapViewOfFile");
    /* Committing what is committed changes nothing, so whoever comes first may do it. */
    must(VirtualAlloc(table, STEP, MEM_COMMIT, PAGE_READWRITE) != NULL, "VirtualAlloc");
    return table;
}
/* [docs: end] */

static int fill(struct Table *table, HANDLE more, LONG rows) {
    size_t committed = STEP;

    for (LONG row = 0; row < rows; row++) {
        /* [docs: commit] */
        size_t end = sizeof *table + (row + 1) * sizeof table->values[0];
        if (end > committed) {
            if (!VirtualAlloc((char *)table + committed, STEP, MEM_COMMIT, PAGE_READWRITE)) {
                fprintf(stderr, "growing: no room for row %d: error %u\n", (int)row, (unsigned)GetLastError());
                return 1; /* what is there stays there */
            }
            committed += STEP;
        }
        /* [docs: end] */
        table->values[row] = row;
        if (row % 1000 == 999) {
            InterlockedExchange(&table->rows, row + 1); /* a barrier: first the row, then its number */
            must(SetEvent(more), "SetEvent");
        }
    }
    InterlockedExchange(&table->rows, rows);
    InterlockedExchange(&table->is_complete, TRUE);
    must(SetEvent(more), "SetEvent");
    return 0;
}

static void sum(struct Table *table, HANDLE more) {
    LONG64 total = 0;
    LONG read = 0;

    for (BOOL is_complete = FALSE; !is_complete;) {
        must(WaitForSingleObject(more, INFINITE) == WAIT_OBJECT_0, "WaitForSingleObject");
        is_complete = InterlockedCompareExchange(&table->is_complete, 0, 0);
        LONG rows = InterlockedCompareExchange(&table->rows, 0, 0);
        while (read < rows)
            total += table->values[read++];
    }
    say("%d rows, the sum is %lld", (int)read, (long long)total);
}

int main(int argc, char **argv) {
    const char *role = argc > 1 ? argv[1] : "";
    const char *name = argc > 2 ? argv[2] : "Local\\CookbookTable";
    LONG rows = argc > 3 ? atoi(argv[3]) : 1000000;
    BOOL is_fill = strcmp(role, "fill") == 0;

    if (argc > 4 || rows < 0 || (!is_fill && (strcmp(role, "sum") != 0 || argc > 3)) ||
        sizeof(struct Table) + (size_t)rows * sizeof(LONG64) > RESERVED) {
        fprintf(stderr, "usage: growing fill [NAME [ROWS]]\n       growing sum [NAME]\n");
        return 2;
    }
    /* For one reader: it is signalled while there is something new. */
    HANDLE more = valid(CreateEventA(NULL, FALSE, FALSE, name_of(name, ".more").text), "CreateEventA");
    HANDLE reader = valid(CreateEventA(NULL, TRUE, FALSE, name_of(name, ".reader").text), "CreateEventA");
    struct Table *table = reserve(name);

    if (!is_fill) {
        must(SetEvent(reader), "SetEvent");
        sum(table, more);
        return 0;
    }
    /* The table goes with its last user: somebody must be there to read it. */
    must(WaitForSingleObject(reader, INFINITE) == WAIT_OBJECT_0, "WaitForSingleObject");
    return fill(table, more, rows);
}
