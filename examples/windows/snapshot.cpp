/*
 * A snapshot of values that change all the time, with std::atomic in shared
 * memory: writers take turns by a mutex, readers only compare a sequence number.
 *
 * Start it without arguments; it starts two writers.
 */
#include <windows.h>

#include <array>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>
#include <type_traits>

namespace sample
{
static const char kMap[] = "Local\\sample.snapshot";
static const char kMutex[] = "Local\\sample.snapshot.writers";
static const char kStop[] = "Local\\sample.snapshot.stop";

struct Snapshot
{
    std::atomic<std::uint32_t> sequence; // odd while somebody writes
    std::atomic<std::uint32_t> writes;
    std::array<std::atomic<std::uint64_t>, 64> values;
};
static_assert(std::is_standard_layout<Snapshot>::value, "shared between processes");
static_assert(std::atomic<std::uint64_t>::is_always_lock_free, "shared between processes");

static int Write(unsigned step)
{
    HANDLE map = OpenFileMappingA(FILE_MAP_WRITE, FALSE, kMap);
    HANDLE mutex = OpenMutexA(SYNCHRONIZE, FALSE, kMutex);
    HANDLE stop = OpenEventA(SYNCHRONIZE, FALSE, kStop);
    if (!map || !mutex || !stop)
        return 1;
    auto *snapshot = static_cast<Snapshot *>(MapViewOfFile(map, FILE_MAP_WRITE, 0, 0, sizeof(Snapshot)));
    HANDLE both[] = {stop, mutex};
    DWORD result;
    while ((result = WaitForMultipleObjects(2, both, FALSE, INFINITE)) == WAIT_OBJECT_0 + 1) {
        snapshot->sequence.fetch_add(1, std::memory_order_relaxed);
        std::atomic_thread_fence(std::memory_order_release);
        for (auto &value : snapshot->values)
            value.store(value.load(std::memory_order_relaxed) + step, std::memory_order_relaxed);
        snapshot->sequence.fetch_add(1, std::memory_order_release);
        snapshot->writes.fetch_add(1);
        if (!ReleaseMutex(mutex))
            return 2;
    }
    return result == WAIT_OBJECT_0 ? 0 : 3;
}

static bool Read(const Snapshot &snapshot, std::array<std::uint64_t, 64> &values)
{
    std::uint32_t before = snapshot.sequence.load(std::memory_order_acquire);
    if (before % 2 != 0)
        return false;
    for (std::size_t i = 0; i < values.size(); ++i)
        values[i] = snapshot.values[i].load(std::memory_order_relaxed);
    std::atomic_thread_fence(std::memory_order_acquire);
    return snapshot.sequence.load(std::memory_order_relaxed) == before;
}
} // namespace sample

int main(int argc, char **argv)
{
    using namespace sample;
    if (argc > 1)
        return Write(static_cast<unsigned>(std::atoi(argv[1])));

    HANDLE map = CreateFileMappingA(INVALID_HANDLE_VALUE, nullptr, PAGE_READWRITE, 0, sizeof(Snapshot), kMap);
    HANDLE mutex = CreateMutexA(nullptr, FALSE, kMutex);
    HANDLE stop = CreateEventA(nullptr, TRUE, FALSE, kStop);
    auto *snapshot = map ? static_cast<const Snapshot *>(MapViewOfFile(map, FILE_MAP_READ, 0, 0, 0)) : nullptr;
    if (!snapshot || !mutex || !stop) {
        std::printf("error %d\n", static_cast<int>(GetLastError()));
        return 1;
    }
    HANDLE writers[2];
    for (int i = 0; i < 2; ++i) {
        char path[MAX_PATH];
        GetModuleFileNameA(nullptr, path, sizeof(path));
        std::string command = "\"" + std::string(path) + "\" " + std::to_string(i + 1);
        STARTUPINFOA startup = {};
        startup.cb = sizeof(startup);
        PROCESS_INFORMATION process = {};
        if (!CreateProcessA(nullptr, &command[0], nullptr, nullptr, FALSE, 0, nullptr, nullptr, &startup, &process)) {
            std::printf("CreateProcess: error %d\n", static_cast<int>(GetLastError()));
            return 1;
        }
        CloseHandle(process.hThread);
        writers[i] = process.hProcess;
    }

    // Three readers; all values of a snapshot are the same.
    std::atomic<int> whole{0}, torn{0};
    std::array<std::thread, 3> readers;
    for (auto &reader : readers) {
        reader = std::thread([&] {
            std::array<std::uint64_t, 64> values;
            for (int read = 0; read < 2000;) {
                if (!Read(*snapshot, values)) {
                    SwitchToThread();
                    continue;
                }
                ++read;
                bool same = true;
                for (auto value : values)
                    same = same && value == values[0];
                ++(same ? whole : torn);
            }
        });
    }
    for (auto &reader : readers)
        reader.join();
    while (snapshot->writes < 100)
        Sleep(1);
    SetEvent(stop);
    WaitForMultipleObjects(2, writers, TRUE, INFINITE);
    std::printf("%d snapshots whole, %d torn\n", whole.load(), torn.load());
    DWORD codes[2] = {9, 9};
    for (int i = 0; i < 2; ++i) {
        GetExitCodeProcess(writers[i], &codes[i]);
        CloseHandle(writers[i]);
    }
    std::printf("writers ended with %d and %d\n", static_cast<int>(codes[0]), static_cast<int>(codes[1]));
    std::printf("the sequence fits the writes: %d\n", snapshot->sequence == 2 * snapshot->writes);
    return torn != 0;
}
