/*
 * latest_frame.c - one process publishes frames, any number of others get the latest one, whole.
 *
 *     latest_frame publish [NAME [COUNT]]    publishes that many frames; 0 says that it was the last one
 *     latest_frame show [NAME]               looks at each frame that it is in time for, until the last one
 *
 * Started in any order: ./latest_frame show & ./latest_frame publish; ./latest_frame publish Frames 0
 */
#include "SharedMemory.h"

#include "../sync/common.h"

#include <string.h>

#define PIXELS (128 * 128)
struct Frame {
    uint32_t number;
    uint32_t is_last;
    uint32_t pixels[PIXELS]; /* each is the frame's number here, so that half a frame would show */
};

static void check(int error, const char *call) {
    if (error != 0) {
        fprintf(stderr, "%s: %s\n", call, SharedMemoryErrorText(error));
        exit(1);
    }
}

static void publish(SharedMemory *memory, int count) {
    static struct Frame frame;

    /* Goes on where the publisher before has stopped. 13: he was killed half way in a write. */
    int error = SharedMemoryRead(memory, &frame, sizeof frame);
    if (error != SHARED_MEMORY_TORN)
        check(error, "SharedMemoryRead");
    frame.is_last = count == 0;
    for (int i = 0; i < count; i++) {
        frame.number++;
        for (int pixel = 0; pixel < PIXELS; pixel++)
            frame.pixels[pixel] = frame.number;
        check(SharedMemoryWrite(memory, &frame, sizeof frame), "SharedMemoryWrite");
    }
    if (frame.is_last)
        check(SharedMemoryWrite(memory, &frame, sizeof frame), "SharedMemoryWrite");
}

/* [docs: show] */
static void show(SharedMemory *memory) {
    static struct Frame frame;
    uint64_t sequence = 0;

    while (!frame.is_last) {
        check(SharedMemoryWait(memory, &sequence, SHARED_MEMORY_FOREVER), "SharedMemoryWait");
        int error = SharedMemoryRead(memory, &frame, sizeof frame);
        if (error == SHARED_MEMORY_TORN)
            continue; /* a publisher was killed half way; there will be another frame */
        check(error, "SharedMemoryRead");
        for (int pixel = 0; pixel < PIXELS; pixel++)
            if (frame.pixels[pixel] != frame.number) {
                fprintf(stderr, "latest_frame: a part of frame %u is of another one\n", (unsigned)frame.number);
                exit(1);
            }
    }
    say("every frame was whole");
}
/* [docs: end] */

int main(int argc, char **argv) {
    const char *role = argc > 1 ? argv[1] : "";
    const char *name = argc > 2 ? argv[2] : "Frames";
    int count = argc > 3 ? atoi(argv[3]) : 100;
    BOOL is_publish = strcmp(role, "publish") == 0;
    SharedMemory *memory;

    if (argc > 4 || count < 0 || (!is_publish && (strcmp(role, "show") != 0 || argc > 3))) {
        fprintf(stderr, "usage: latest_frame publish [NAME [COUNT]]\n       latest_frame show [NAME]\n");
        return 2;
    }
    check(SharedMemoryCreate(name, sizeof(struct Frame), &memory), "SharedMemoryCreate");
    say(is_publish ? "publishing" : "waiting for frames");
    if (is_publish)
        publish(memory, count);
    else
        show(memory);
    return SharedMemoryClose(memory);
}
