/*
 * screens.c - the programs in the pictures of the tool: a camera that fills a frame, a
 * viewer that waits for it, a recorder that owns the settings. Which one it is, is told by
 * its name.
 */
#include <windows.h>

#include <stdio.h>
#include <string.h>

typedef struct FRAME {
    char kind[8];
    LONG width, height;
    LONG number;
    unsigned char pixels[1 << 20];
} FRAME;

static HANDLE frame_section, frame_ready, settings;

static FRAME *open_frame(void)
{
    frame_section = CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, sizeof(FRAME), "Local\\frame");
    frame_ready = CreateEventA(NULL, FALSE, FALSE, "Local\\frame ready");
    settings = CreateMutexA(NULL, FALSE, "Local\\settings");
    return (FRAME *)MapViewOfFile(frame_section, FILE_MAP_ALL_ACCESS, 0, 0, 0);
}

static int be_camera(void)
{
    HANDLE shutter = CreateWaitableTimerA(NULL, FALSE, "Local\\shutter");
    FRAME *frame = open_frame();
    LARGE_INTEGER soon;
    int i;

    soon.QuadPart = -1;
    if (frame == NULL || !SetWaitableTimer(shutter, &soon, 500, NULL, NULL, FALSE))
        return 1;
    memcpy(frame->kind, "FRAME\0\0", 8);
    frame->width = 1280, frame->height = 800;
    while (WaitForSingleObject(shutter, INFINITE) == WAIT_OBJECT_0) {
        ++frame->number;
        for (i = 0; i < 16; ++i)
            frame->pixels[(frame->number * 16 + i) % 176] = (unsigned char)(frame->number * 7 + i);
        SetEvent(frame_ready);
    }
    return 1;
}

static int be_viewer(void)
{
    if (open_frame() == NULL)
        return 1;
    while (WaitForSingleObject(frame_ready, INFINITE) == WAIT_OBJECT_0)
        ;
    return 1;
}

static int be_recorder(void)
{
    HANDLE telemetry = CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, 65536, "Global\\telemetry");
    HANDLE buffers = CreateSemaphoreA(NULL, 5, 8, "Local\\free buffers");
    HANDLE stop = CreateEventA(NULL, TRUE, FALSE, "Local\\stop");

    if (telemetry == NULL || buffers == NULL || open_frame() == NULL)
        return 1;
    return WaitForSingleObject(settings, INFINITE) != WAIT_OBJECT_0 || WaitForSingleObject(stop, INFINITE) != WAIT_OBJECT_0;
}

int main(int argc, char **argv)
{
    const char *name = strrchr(argv[0], '/');

    (void)argc;
    name = name ? name + 1 : argv[0];
    return strcmp(name, "camera") == 0 ? be_camera() : strcmp(name, "viewer") == 0 ? be_viewer() : be_recorder();
}
