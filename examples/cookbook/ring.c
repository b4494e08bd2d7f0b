/*
 * ring.c - a sender and a receiver, a ring of messages between them, back-pressure by two semaphores; who is
 * left alone learns it.
 *
 *     ring send [NAME]             sends the lines of its standard input
 *     ring receive [NAME]          prints them
 *     ring receive NAME slowly     reads a line of its own input before each message
 *
 * One of each, started in any order: seq 1000 | ./ring send & ./ring receive
 */
#include "../sync/common.h"

#include <string.h>

#define SLOTS 4
struct Ring {
    struct Message {
        BOOL is_last;
        char text[252];
    } slots[SLOTS];
};

struct Side {
    HANDLE alive; /* a mutex that this side owns as long as it lives */
    HANDLE here;  /* a manual-reset event: this side owns the mutex */
};
static struct Side side_of(const char *name, const char *role) {
    struct Side side;
    side.alive = valid(CreateMutexA(NULL, FALSE, name_of(name_of(name, role).text, ".alive").text), "CreateMutexA");
    side.here = valid(CreateEventA(NULL, TRUE, FALSE, name_of(name_of(name, role).text, ".here").text), "CreateEventA");
    return side;
}

/* [docs: wait] */
/* Waits for the semaphore, or for the end of the other process, whose mutex is free then. What was sent before
 * that still arrives: of several objects that are signalled, a wait takes the first one in the array. */
static void wait_for(HANDLE semaphore, const struct Side *other, const char *who) {
    HANDLE either[] = {semaphore, other->alive};
    DWORD result = WaitForMultipleObjects(2, either, FALSE, INFINITE);
    must(result != WAIT_FAILED, "WaitForMultipleObjects");
    if (result != WAIT_OBJECT_0) {
        say("the %s is gone", who);
        exit(3);
    }
}
/* [docs: end] */

static void send_lines(struct Ring *ring, HANDLE room, HANDLE filled, const struct Side *receiver) {
    BOOL was_full = FALSE;
    for (unsigned i = 0;; i++) {
        struct Message *message = &ring->slots[i % SLOTS];
        char line[sizeof message->text];
        BOOL is_last = fgets(line, sizeof line, stdin) == NULL;

        if (!was_full && WaitForSingleObject(room, 0) == WAIT_TIMEOUT) {
            say("the ring is full");
            was_full = TRUE;
            wait_for(room, receiver, "receiver");
        } else if (was_full) {
            wait_for(room, receiver, "receiver");
        }
        message->is_last = is_last;
        strcpy(message->text, is_last ? "" : line);
        must(ReleaseSemaphore(filled, 1, NULL), "ReleaseSemaphore");
        if (is_last)
            break;
    }
    /* The messages go with their last user: wait until all have been taken. */
    for (int i = 0; i < SLOTS; i++)
        wait_for(room, receiver, "receiver");
}

static void receive_lines(struct Ring *ring, HANDLE room, HANDLE filled, const struct Side *sender, BOOL is_slow) {
    for (unsigned i = 0;; i++) {
        const struct Message *message = &ring->slots[i % SLOTS];

        if (is_slow)
            getchar();
        /* [docs: receive] */
        wait_for(filled, sender, "sender");
        BOOL is_last = message->is_last;
        fputs(message->text, stdout);
        fflush(stdout);
        must(ReleaseSemaphore(room, 1, NULL), "ReleaseSemaphore");
        /* [docs: end] */
        if (is_last)
            break;
    }
}

int main(int argc, char **argv) {
    const char *role = argc > 1 ? argv[1] : "";
    const char *name = argc > 2 ? argv[2] : "Local\\CookbookRing";
    BOOL is_sender = strcmp(role, "send") == 0, is_slow = argc == 4 && strcmp(argv[3], "slowly") == 0;

    if (argc > 4 || (!is_sender && strcmp(role, "receive") != 0) || (argc == 4 && (is_sender || !is_slow))) {
        fprintf(stderr, "usage: ring send [NAME]\n       ring receive [NAME [slowly]]\n");
        return 2;
    }
    /* Counts of free and of filled slots. The initial ones count for whoever comes first. */
    HANDLE room = valid(CreateSemaphoreA(NULL, SLOTS, SLOTS, name_of(name, ".room").text), "CreateSemaphoreA");
    HANDLE filled = valid(CreateSemaphoreA(NULL, 0, SLOTS, name_of(name, ".filled").text), "CreateSemaphoreA");
    struct Ring *ring = (struct Ring *)share(name, sizeof *ring);
    struct Side sender = side_of(name, ".sender"), receiver = side_of(name, ".receiver");
    struct Side *me = is_sender ? &sender : &receiver, *other = is_sender ? &receiver : &sender;

    if (WaitForSingleObject(me->alive, 0) == WAIT_TIMEOUT) {
        fprintf(stderr, "ring: this ring has a %s\n", is_sender ? "sender" : "receiver");
        return 1;
    }
    fprintf(stderr, "%u: waiting for the %s\n", (unsigned)GetCurrentProcessId(), is_sender ? "receiver" : "sender");
    must(SignalObjectAndWait(me->here, other->here, INFINITE, FALSE) == WAIT_OBJECT_0, "SignalObjectAndWait");
    if (is_sender)
        send_lines(ring, room, filled, &receiver);
    else
        receive_lines(ring, room, filled, &sender, is_slow);
    return 0;
}
