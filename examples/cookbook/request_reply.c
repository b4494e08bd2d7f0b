/*
 * request_reply.c - one server, many clients, one call at a time. A client may be killed in the middle of a call,
 * and the server too: who is left goes on, or learns it.
 *
 *     request_reply serve [NAME]              answers in capitals, until it is killed or its input ends
 *     request_reply ask NAME TEXT [TIMES]     asks that often
 *     request_reply crash NAME TEXT           asks, and stops before the reply until it is killed
 *
 * ./request_reply serve & sleep 1; ./request_reply ask Local\\CookbookCalls hello
 */
#include "../sync/common.h"

#include <ctype.h>
#include <string.h>

struct Message {
    volatile LONG ticket; /* which call it is, written after the text */
    char text[256];
};
struct Calls {
    struct Message request; /* written by the owner of `turn` */
    struct Message reply;   /* written by the server */
};
struct Line {
    struct Calls *calls;
    HANDLE turn;      /* a mutex: who owns it may ask */
    HANDLE requested; /* auto-reset events */
    HANDLE replied;
};

static struct Line line_of(const char *name) {
    struct Line line;
    line.turn = valid(CreateMutexA(NULL, FALSE, name_of(name, ".turn").text), "CreateMutexA");
    line.requested = valid(CreateEventA(NULL, FALSE, FALSE, name_of(name, ".requested").text), "CreateEventA");
    line.replied = valid(CreateEventA(NULL, FALSE, FALSE, name_of(name, ".replied").text), "CreateEventA");
    line.calls = (struct Calls *)share(name, sizeof *line.calls);
    return line;
}

/* An interlocked store is a barrier: who sees the ticket sees the text. */
static void put(struct Message *message, LONG ticket, const char *text) {
    snprintf(message->text, sizeof message->text, "%s", text);
    InterlockedExchange(&message->ticket, ticket);
}

static DWORD WINAPI serve(void *argument) {
    const struct Line *line = (const struct Line *)argument;
    while (WaitForSingleObject(line->requested, INFINITE) == WAIT_OBJECT_0) {
        LONG ticket = InterlockedCompareExchange(&line->calls->request.ticket, 0, 0);
        if (ticket != line->calls->reply.ticket) { /* else the event was of a client that was killed */
            char text[sizeof line->calls->request.text];
            memcpy(text, line->calls->request.text, sizeof text - 1);
            text[sizeof text - 1] = '\0';
            for (char *letter = text; *letter; letter++)
                *letter = (char)toupper((unsigned char)*letter);
            put(&line->calls->reply, ticket, text);
        }
        must(SetEvent(line->replied), "SetEvent");
    }
    must(FALSE, "WaitForSingleObject");
    return 1;
}

/* Returns FALSE if the server is gone. */
static BOOL call(const struct Line *line, HANDLE server, const char *text, char *answer, BOOL is_crash) {
    HANDLE either[] = {line->replied, server};

    /* [docs: call] */
    lock(line->turn); /* abandoned or not: each call begins anew, with a ticket of its own */
    LONG ticket = line->calls->request.ticket + 1;
    put(&line->calls->request, ticket, text);
    must(SetEvent(line->requested), "SetEvent");
    /* [docs: end] */
    if (is_crash) {
        say("asked, and now I hang");
        Sleep(INFINITE);
    }
    /* [docs: reply] */
    /* A reply to somebody who was killed has another ticket. */
    while (InterlockedCompareExchange(&line->calls->reply.ticket, 0, 0) != ticket) {
        DWORD result = WaitForMultipleObjects(2, either, FALSE, INFINITE);
        must(result != WAIT_FAILED, "WaitForMultipleObjects");
        if (result != WAIT_OBJECT_0)
            return FALSE; /* the server's mutex is free, so it has ended */
    }
    strcpy(answer, line->calls->reply.text);
    unlock(line->turn);
    /* [docs: end] */
    return TRUE;
}

int main(int argc, char **argv) {
    const char *role = argc > 1 ? argv[1] : "";
    const char *name = argc > 2 ? argv[2] : "Local\\CookbookCalls";
    BOOL is_serve = strcmp(role, "serve") == 0, is_crash = strcmp(role, "crash") == 0;
    int times = argc > 4 ? atoi(argv[4]) : 1;

    if (is_serve ? argc > 3 : argc < 4 || argc > 5 || (!is_crash && strcmp(role, "ask") != 0)) {
        fprintf(stderr, "usage: request_reply serve [NAME]\n       request_reply ask|crash NAME TEXT [TIMES]\n");
        return 2;
    }
    struct Line line = line_of(name);
    if (is_serve) {
        HANDLE server = valid(CreateMutexA(NULL, FALSE, name_of(name, ".server").text), "CreateMutexA");
        DWORD result = WaitForSingleObject(server, 0);
        must(result != WAIT_FAILED, "WaitForSingleObject");
        if (result == WAIT_TIMEOUT) {
            fprintf(stderr, "request_reply: there is a server\n");
            return 1;
        }
        /* This thread owns the mutex until the process ends, however it ends; another one works. */
        valid(CreateThread(NULL, 0, serve, &line, 0, NULL), "CreateThread");
        say("serving");
        getchar();
        return 0;
    }
    HANDLE server = OpenMutexA(SYNCHRONIZE, FALSE, name_of(name, ".server").text);
    char first[256] = "", answer[256];
    for (int i = 0; i < times; i++) {
        if (!server || !call(&line, server, argv[3], answer, is_crash)) {
            fprintf(stderr, "request_reply: there is no server\n");
            return 3;
        }
        if (i == 0)
            strcpy(first, answer);
        if (strcmp(answer, first) != 0) {
            fprintf(stderr, "request_reply: %s is the answer to somebody else\n", answer);
            return 1;
        }
    }
    say("%s", first);
    return 0;
}
