/*
 * handover.c - a producer hands lines to a consumer, through a section with room for one and two
 * auto-reset events.
 *
 *     handover send [NAME]       hands over the lines of its standard input
 *     handover receive [NAME]    prints them, and ends after the last one
 *
 * One of each, started in any order: seq 5 | ./handover send & ./handover receive
 */
#include "common.h"

#include <string.h>

/* Belongs to the sender while `emptied` was the last to be set, to the receiver while it was `filled`. */
struct Box {
    char line[256]; /* empty: that was all */
};

static void wait_for(HANDLE event) {
    must(WaitForSingleObject(event, INFINITE) == WAIT_OBJECT_0, "WaitForSingleObject");
}

static int send_lines(struct Box *box, HANDLE filled, HANDLE emptied) {
    for (BOOL is_end = FALSE; !is_end;) {
        wait_for(emptied);
        is_end = fgets(box->line, sizeof box->line, stdin) == NULL;
        if (is_end)
            box->line[0] = '\0';
        must(SetEvent(filled), "SetEvent");
    }
    /* The box goes with its last handle: it must be empty before this process leaves. */
    wait_for(emptied);
    if (ferror(stdin)) {
        perror("handover: standard input");
        return 1;
    }
    return 0;
}

static int receive_lines(struct Box *box, HANDLE filled, HANDLE emptied) {
    for (BOOL is_end = FALSE; !is_end;) {
        wait_for(filled);
        is_end = box->line[0] == '\0';
        fputs(box->line, stdout);
        must(SetEvent(emptied), "SetEvent");
    }
    if (fflush(stdout) != 0) {
        perror("handover: standard output");
        return 1;
    }
    return 0;
}

int main(int argc, char **argv) {
    const char *role = argc > 1 ? argv[1] : "";
    const char *name = argc > 2 ? argv[2] : "Local\\SyncHandover";

    if (argc > 3 || (strcmp(role, "send") != 0 && strcmp(role, "receive") != 0)) {
        fprintf(stderr, "usage: handover send|receive [NAME]\n");
        return 2;
    }
    HANDLE filled = valid(CreateEventA(NULL, FALSE, FALSE, name_of(name, ".filled").text), "CreateEventA");
    /* Signalled at first. The state counts for whoever creates it, the other opens it as it is. */
    HANDLE emptied = valid(CreateEventA(NULL, FALSE, TRUE, name_of(name, ".emptied").text), "CreateEventA");
    struct Box *box = (struct Box *)share(name, sizeof *box);

    return strcmp(role, "send") == 0 ? send_lines(box, filled, emptied) : receive_lines(box, filled, emptied);
}
