/*
 * An arena in shared memory that grows: 64 MB are reserved, pages are committed
 * when they are needed, and are then there for all processes. Objects in it
 * refer to each other by offset.
 *
 * Start it without arguments; it starts its own reader.
 */
#include <windows.h>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <iostream>
#include <new>
#include <stdexcept>
#include <string>

namespace
{
const char *const kArenaName = "SampleReserveArena";
constexpr std::size_t kReserve = 64u * 1024 * 1024;

struct Setting
{
    std::uint32_t next; // offset of the next one, 0 is the end
    char key[28];
    char value[480];
};

struct Header
{
    std::uint32_t used;
    std::uint32_t committed;
    std::uint32_t first;
    std::uint32_t count;
};

class Arena
{
public:
    explicit Arena(bool create)
    {
        SYSTEM_INFO info;
        GetSystemInfo(&info);
        page_ = info.dwPageSize;
        mapping_ = create ? CreateFileMappingA(INVALID_HANDLE_VALUE, nullptr, PAGE_READWRITE | SEC_RESERVE, 0,
                                               static_cast<DWORD>(kReserve), kArenaName)
                          : OpenFileMappingA(FILE_MAP_ALL_ACCESS, FALSE, kArenaName);
        if (!mapping_)
            throw std::runtime_error("mapping: error " + std::to_string(GetLastError()));
        base_ = static_cast<char *>(MapViewOfFile(mapping_, FILE_MAP_ALL_ACCESS, 0, 0, 0));
        if (!base_)
            throw std::runtime_error("view: error " + std::to_string(GetLastError()));
        if (create) {
            Commit(page_);
            header()->committed = static_cast<std::uint32_t>(page_);
            header()->used = sizeof(Header);
        }
    }
    ~Arena()
    {
        UnmapViewOfFile(base_);
        CloseHandle(mapping_);
    }
    Arena(const Arena &) = delete;
    Arena &operator=(const Arena &) = delete;

    Header *header() { return reinterpret_cast<Header *>(base_); }
    template <class T> T *at(std::uint32_t offset) { return offset ? reinterpret_cast<T *>(base_ + offset) : nullptr; }

    std::uint32_t Allocate(std::size_t size)
    {
        const std::size_t offset = (header()->used + 15u) & ~std::size_t(15);
        if (offset + size > kReserve)
            throw std::bad_alloc();
        if (offset + size > header()->committed) {
            const std::size_t wanted = (offset + size + page_ - 1) / page_ * page_;
            Commit(wanted);
            header()->committed = static_cast<std::uint32_t>(wanted);
        }
        header()->used = static_cast<std::uint32_t>(offset + size);
        return static_cast<std::uint32_t>(offset);
    }
    void Add(const std::string &key, const std::string &value)
    {
        const std::uint32_t offset = Allocate(sizeof(Setting));
        Setting *setting = new (base_ + offset) Setting();
        strcpy_s(setting->key, sizeof(setting->key), key.c_str());
        strcpy_s(setting->value, sizeof(setting->value), value.c_str());
        setting->next = header()->first;
        header()->first = offset;
        header()->count++;
    }
    // What the system says about the page at the offset.
    std::string Page(std::size_t offset)
    {
        MEMORY_BASIC_INFORMATION info;
        if (VirtualQuery(base_ + offset, &info, sizeof(info)) != sizeof(info))
            return "error " + std::to_string(GetLastError());
        const std::string state = info.State == MEM_COMMIT ? "committed" : info.State == MEM_RESERVE ? "reserved" : "free";
        return state + ", " + std::to_string(info.RegionSize / page_) + " pages";
    }

private:
    void Commit(std::size_t size)
    {
        if (!VirtualAlloc(base_, size, MEM_COMMIT, PAGE_READWRITE))
            throw std::bad_alloc();
    }
    HANDLE mapping_ = nullptr;
    char *base_ = nullptr;
    std::size_t page_ = 0;
};

// Finds each setting, then adds one itself, which makes the arena grow again.
int Reader()
{
    Arena arena(false);
    unsigned found = 0;
    for (Setting *setting = arena.at<Setting>(arena.header()->first); setting; setting = arena.at<Setting>(setting->next))
        found += std::strlen(setting->value) > 0 && std::strncmp(setting->key, "key", 3) == 0;
    for (int i = 0; i < 10; i++)
        arena.Add("reader" + std::to_string(i), "was here");
    return static_cast<int>(found);
}
} // namespace

int main(int argc, char **argv)
try {
    if (argc > 1)
        return Reader();

    Arena arena(true);
    std::cout << "empty: first page " << arena.Page(0) << "\n";
    std::cout << "second page " << arena.Page(4096) << "\n";
    for (int i = 0; i < 100; i++)
        arena.Add("key" + std::to_string(i), std::string(400, static_cast<char>('a' + i % 26)));
    std::cout << "100 settings: " << arena.header()->committed / 4096 << " pages, first page " << arena.Page(0) << "\n";

    char self[MAX_PATH];
    GetModuleFileNameA(nullptr, self, sizeof(self));
    std::string command = '"' + std::string(self) + "\" reader";
    STARTUPINFOA startup{};
    startup.cb = sizeof(startup);
    PROCESS_INFORMATION process{};
    if (!CreateProcessA(self, command.data(), nullptr, nullptr, FALSE, 0, nullptr, nullptr, &startup, &process))
        throw std::runtime_error("reader: error " + std::to_string(GetLastError()));
    WaitForSingleObject(process.hProcess, INFINITE);
    DWORD found = 0;
    GetExitCodeProcess(process.hProcess, &found);
    std::cout << "the reader found " << found << "\n";
    std::cout << "afterwards: " << arena.header()->count << " settings, " << arena.header()->committed / 4096
              << " pages, first page " << arena.Page(0) << "\n";
    std::cout << "the newest is " << arena.at<Setting>(arena.header()->first)->key << "\n";
    if (!VirtualFree(arena.header(), 4096, MEM_DECOMMIT))
        std::cout << "a section's pages cannot be given back: error " << GetLastError() << "\n";
    CloseHandle(process.hThread);
    CloseHandle(process.hProcess);
    return 0;
} catch (const std::exception &problem) {
    std::cout << "failed: " << problem.what() << std::endl;
    return 1;
}
