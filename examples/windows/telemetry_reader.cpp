/*
 * Reads telemetry as simulator add-ons do: the game writes into a named section
 * and counts a version before and after each update; a reader copies, and takes
 * the copy only if both counts were the same. A torn copy is read again.
 *
 * Start it without arguments; it starts its own simulator.
 */
#include <windows.h>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <string>

#define MM_TELEMETRY_NAME "$Sample_Telemetry$"
#define MM_QUIT_EVENT "$Sample_TelemetryQuit$"

namespace
{
constexpr long MAX_VEHICLES = 16;
constexpr DWORD FRAMES = 20000;

struct Vehicle
{
    DWORD mID;
    char mDriverName[32];
    double mSpeed;
    double mPosition[3];
};

struct TelemetryBuffer
{
    volatile LONG mVersionUpdateBegin; // incremented right before the buffer is written to
    volatile LONG mVersionUpdateEnd;   // incremented after the buffer was written to
    DWORD mNumVehicles;
    DWORD mFrame;
    Vehicle mVehicles[MAX_VEHICLES];
};

int Simulator()
{
    HANDLE hMap = ::OpenFileMappingA(FILE_MAP_WRITE, FALSE, MM_TELEMETRY_NAME);
    HANDLE hQuit = ::OpenEventA(SYNCHRONIZE, FALSE, MM_QUIT_EVENT);
    if (!hMap || !hQuit)
        return 1;
    auto *pBuf = static_cast<TelemetryBuffer *>(::MapViewOfFile(hMap, FILE_MAP_WRITE, 0, 0, sizeof(TelemetryBuffer)));
    if (!pBuf)
        return 2;
    DWORD frame = 0;
    while (::WaitForSingleObject(hQuit, 0) == WAIT_TIMEOUT) {
        ::InterlockedIncrement(&pBuf->mVersionUpdateBegin);
        ++frame;
        pBuf->mFrame = frame;
        pBuf->mNumVehicles = MAX_VEHICLES;
        for (DWORD i = 0; i < MAX_VEHICLES; ++i) {
            Vehicle &vehicle = pBuf->mVehicles[i];
            vehicle.mID = i;
            sprintf_s(vehicle.mDriverName, sizeof(vehicle.mDriverName), "Driver %u", static_cast<unsigned>(i));
            vehicle.mSpeed = frame;
            for (double &coordinate : vehicle.mPosition)
                coordinate = frame + i;
        }
        ::InterlockedIncrement(&pBuf->mVersionUpdateEnd);
        ::Sleep(0);
    }
    ::UnmapViewOfFile(pBuf);
    ::CloseHandle(hQuit);
    ::CloseHandle(hMap);
    return 0;
}

// Copies a whole frame; false while the simulator writes all the time.
bool ReadFrame(const TelemetryBuffer *pBuf, TelemetryBuffer &copy)
{
    for (int attempt = 0; attempt < 640000; ++attempt) {
        const LONG end = pBuf->mVersionUpdateEnd;
        MemoryBarrier();
        std::memcpy(&copy, const_cast<const TelemetryBuffer *>(pBuf), sizeof(copy));
        MemoryBarrier();
        if (pBuf->mVersionUpdateBegin == end)
            return true;
        if (attempt % 64 == 63)
            ::Sleep(1);
    }
    return false;
}

bool IsWhole(const TelemetryBuffer &frame)
{
    for (DWORD i = 0; i < frame.mNumVehicles; ++i) {
        const Vehicle &vehicle = frame.mVehicles[i];
        if (vehicle.mID != i || vehicle.mSpeed != frame.mFrame || vehicle.mPosition[2] != frame.mFrame + i)
            return false;
    }
    return true;
}
} // namespace

int main(int argc, char *argv[])
{
    if (argc > 1 && std::string(argv[1]) == "simulator")
        return Simulator();

    HANDLE hMap = ::CreateFileMappingA(INVALID_HANDLE_VALUE, nullptr, PAGE_READWRITE, 0, sizeof(TelemetryBuffer),
                                       MM_TELEMETRY_NAME);
    if (!hMap) {
        std::printf("Failed to create file mapping: %d\n", static_cast<int>(::GetLastError()));
        return 1;
    }
    HANDLE hQuit = ::CreateEventA(nullptr, TRUE, FALSE, MM_QUIT_EVENT);
    auto *pBuf = static_cast<const TelemetryBuffer *>(::MapViewOfFile(hMap, FILE_MAP_READ, 0, 0, 0));
    if (!hQuit || !pBuf) {
        std::printf("Failed to map: %d\n", static_cast<int>(::GetLastError()));
        return 1;
    }

    char path[MAX_PATH];
    ::GetModuleFileNameA(nullptr, path, sizeof(path));
    std::string command = std::string("\"") + path + "\" simulator";
    STARTUPINFOA si = {};
    si.cb = sizeof(si);
    PROCESS_INFORMATION pi = {};
    if (!::CreateProcessA(nullptr, &command[0], nullptr, nullptr, FALSE, 0, nullptr, nullptr, &si, &pi)) {
        std::printf("Failed to start the simulator: %d\n", static_cast<int>(::GetLastError()));
        return 1;
    }

    TelemetryBuffer frame;
    DWORD read = 0, torn = 0, backwards = 0, last = 0, waited = 0;
    while (read < FRAMES && waited < 10000) {
        if (pBuf->mVersionUpdateEnd == 0) { // the simulator is still loading
            ::Sleep(1);
            ++waited;
            continue;
        }
        if (!ReadFrame(pBuf, frame))
            break;
        ++read;
        torn += !IsWhole(frame);
        backwards += frame.mFrame < last;
        last = frame.mFrame;
    }
    ::SetEvent(hQuit);
    ::WaitForSingleObject(pi.hProcess, INFINITE);
    DWORD code = 99;
    ::GetExitCodeProcess(pi.hProcess, &code);

    std::printf("frames read: %u\n", static_cast<unsigned>(read));
    std::printf("torn: %u, out of order: %u\n", static_cast<unsigned>(torn), static_cast<unsigned>(backwards));
    std::printf("vehicles: %u, the last one is %s\n", static_cast<unsigned>(frame.mNumVehicles),
                frame.mVehicles[MAX_VEHICLES - 1].mDriverName);
    std::printf("the last frame is the game's: %s\n", std::fabs(frame.mVehicles[0].mSpeed - last) < 0.5 ? "yes" : "no");
    std::printf("simulator ended with %u\n", static_cast<unsigned>(code));

    ::CloseHandle(pi.hThread);
    ::CloseHandle(pi.hProcess);
    ::UnmapViewOfFile(pBuf);
    ::CloseHandle(hQuit);
    ::CloseHandle(hMap);
    return read == FRAMES && torn == 0 ? 0 : 1;
}
