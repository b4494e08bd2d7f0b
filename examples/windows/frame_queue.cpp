/*
 * A queue of three frames, as virtual cameras use it: the producer writes one
 * slot after the other and publishes its index, the consumer reads the newest
 * frame and never waits for the producer. The queue's header tells a reader the
 * size, so that it maps the header first, and then all of it.
 *
 * Start it without arguments; it starts its own producer.
 */
#ifndef UNICODE
#define UNICODE
#define _UNICODE
#endif
#include <windows.h>
#include <atomic>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <string>

#define VIDEO_NAME L"SampleVirtualCamVideo"
#define STEP_NAME L"SampleVirtualCamStep"
#define DONE_NAME L"SampleVirtualCamDone"

enum queue_state : std::uint32_t { SHARED_QUEUE_STATE_INVALID, SHARED_QUEUE_STATE_STARTING, SHARED_QUEUE_STATE_READY, SHARED_QUEUE_STATE_STOPPING };

#define FRAME_HEADER_SIZE 32
#define ALIGN_SIZE(size, align) size = (((size) + (align - 1)) & (~(align - 1)))

struct queue_header {
    std::atomic<std::uint32_t> write_idx;
    std::atomic<std::uint32_t> read_idx;
    std::atomic<std::uint32_t> state;
    std::uint32_t offsets[3];
    std::uint32_t cx;
    std::uint32_t cy;
    std::uint64_t interval;
};

struct video_queue {
    HANDLE handle = nullptr;
    bool is_writer = false;
    queue_header *header = nullptr;
    std::uint64_t *ts[3] = {};
    std::uint8_t *frame[3] = {};

    ~video_queue()
    {
        if (is_writer && header)
            header->state = SHARED_QUEUE_STATE_STOPPING;
        if (header)
            UnmapViewOfFile(header);
        if (handle)
            CloseHandle(handle);
    }
    void find_frames()
    {
        for (int i = 0; i < 3; i++) {
            std::uint8_t *base = reinterpret_cast<std::uint8_t *>(header) + header->offsets[i];
            ts[i] = reinterpret_cast<std::uint64_t *>(base);
            frame[i] = base + FRAME_HEADER_SIZE;
        }
    }
};

static bool video_queue_create(video_queue &vq, std::uint32_t cx, std::uint32_t cy, std::uint64_t interval)
{
    DWORD frame_size = cx * cy * 3 / 2; // NV12
    DWORD offset_frame[3];
    DWORD size = sizeof(queue_header);
    ALIGN_SIZE(size, 32);
    for (DWORD &offset : offset_frame) {
        offset = size;
        size += frame_size + FRAME_HEADER_SIZE;
        ALIGN_SIZE(size, 32);
    }
    vq.handle = CreateFileMappingW(INVALID_HANDLE_VALUE, nullptr, PAGE_READWRITE, 0, size, VIDEO_NAME);
    if (!vq.handle || GetLastError() == ERROR_ALREADY_EXISTS)
        return false;
    vq.header = static_cast<queue_header *>(MapViewOfFile(vq.handle, FILE_MAP_ALL_ACCESS, 0, 0, 0));
    if (!vq.header)
        return false;
    vq.header->state = SHARED_QUEUE_STATE_STARTING;
    vq.header->cx = cx;
    vq.header->cy = cy;
    vq.header->interval = interval;
    std::memcpy(vq.header->offsets, offset_frame, sizeof(offset_frame));
    vq.is_writer = true;
    vq.find_frames();
    return true;
}

static bool video_queue_open(video_queue &vq)
{
    vq.handle = OpenFileMappingW(FILE_MAP_READ, FALSE, VIDEO_NAME);
    if (!vq.handle)
        return false;
    vq.header = static_cast<queue_header *>(MapViewOfFile(vq.handle, FILE_MAP_READ, 0, 0, 0));
    if (!vq.header)
        return false;
    vq.find_frames();
    return true;
}

static void video_queue_write(video_queue &vq, std::uint64_t timestamp)
{
    queue_header *qh = vq.header;
    std::uint32_t inc = ++qh->write_idx;
    std::uint32_t idx = inc % 3;
    *vq.ts[idx] = timestamp;
    std::memset(vq.frame[idx], static_cast<int>(timestamp & 0xff), qh->cx * qh->cy * 3 / 2);
    qh->read_idx = inc;
    qh->state = SHARED_QUEUE_STATE_READY;
}

// Each step that the consumer asks for is a batch of frames.
static int producer()
{
    HANDLE step = OpenEventW(SYNCHRONIZE, FALSE, STEP_NAME);
    HANDLE done = OpenEventW(EVENT_MODIFY_STATE, FALSE, DONE_NAME);
    if (!step || !done)
        return 1;
    {
        video_queue vq;
        if (!video_queue_create(vq, 640, 480, 333333))
            return 2;
        SetEvent(done);
        std::uint64_t timestamp = 0;
        for (int batch = 1; batch <= 4; batch++) {
            WaitForSingleObject(step, INFINITE);
            for (int i = 0; i < batch; i++)
                video_queue_write(vq, timestamp++);
            SetEvent(done);
        }
        WaitForSingleObject(step, INFINITE);
    }
    SetEvent(done);
    return 0;
}

int wmain(int argc, wchar_t *argv[])
{
    if (argc > 1 && std::wstring(argv[1]) == L"producer")
        return producer();

    HANDLE step = CreateEventW(nullptr, FALSE, FALSE, STEP_NAME);
    HANDLE done = CreateEventW(nullptr, FALSE, FALSE, DONE_NAME);
    std::wstring path(MAX_PATH, L'\0');
    path.resize(GetModuleFileNameW(nullptr, &path[0], MAX_PATH));
    std::wstring command = L"\"" + path + L"\" producer";
    STARTUPINFOW si = {};
    si.cb = sizeof(si);
    PROCESS_INFORMATION pi = {};
    if (!CreateProcessW(path.c_str(), &command[0], nullptr, nullptr, FALSE, 0, nullptr, nullptr, &si, &pi)) {
        wprintf(L"cannot start the producer: %d\n", static_cast<int>(GetLastError()));
        return 1;
    }
    WaitForSingleObject(done, 10000);

    {
        video_queue vq;
        if (!video_queue_open(vq)) {
            wprintf(L"no queue: %d\n", static_cast<int>(GetLastError()));
            return 1;
        }
        wprintf(L"queue is %u x %u, interval %u, starting: %d\n", vq.header->cx, vq.header->cy,
                static_cast<unsigned>(vq.header->interval), vq.header->state == SHARED_QUEUE_STATE_STARTING);
        for (int batch = 1; batch <= 4; batch++) {
            SetEvent(step);
            WaitForSingleObject(done, 10000);
            std::uint32_t idx = vq.header->read_idx % 3;
            std::uint32_t size = vq.header->cx * vq.header->cy * 3 / 2;
            wprintf(L"newest frame: slot %u, timestamp %u, first byte %u, last byte %u\n", idx,
                    static_cast<unsigned>(*vq.ts[idx]), vq.frame[idx][0], vq.frame[idx][size - 1]);
        }
        SetEvent(step);
        WaitForSingleObject(done, 10000);
        wprintf(L"producer has stopped: %d\n", vq.header->state == SHARED_QUEUE_STATE_STOPPING);
    }
    WaitForSingleObject(pi.hProcess, INFINITE);
    HANDLE gone = OpenFileMappingW(FILE_MAP_READ, FALSE, VIDEO_NAME);
    wprintf(L"the queue is gone: %d, error %d\n", gone == nullptr, static_cast<int>(GetLastError()));
    CloseHandle(pi.hThread);
    CloseHandle(pi.hProcess);
    CloseHandle(done);
    CloseHandle(step);
    return 0;
}
