/*
 * A bridge copies the pages of a game's telemetry into maps of another name, for
 * tools that expect those. The pages are listed in a table, and each is bridged
 * as soon as the game has created it.
 *
 * Start it without arguments; it starts its own game.
 */
#include <windows.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

struct PageInfo
{
    const char *source;
    const char *target;
    size_t size;
};

static const PageInfo kPages[] = {
    {"Local\\sample_pmf_physics", "Local\\bridge_physics", 800},
    {"Local\\sample_pmf_graphics", "Local\\bridge_graphics", 1588},
    {"Local\\sample_pmf_static", "Local\\bridge_static", 820},
};
static const char kReady[] = "Local\\sample_bridge_ready";
static const char kQuit[] = "Local\\sample_bridge_quit";

struct HandleCloser
{
    typedef HANDLE pointer;
    void operator()(HANDLE handle) const { CloseHandle(handle); }
};
struct ViewCloser
{
    void operator()(void *view) const { UnmapViewOfFile(view); }
};
typedef std::unique_ptr<HANDLE, HandleCloser> Handle;
typedef std::unique_ptr<void, ViewCloser> View;

class Page
{
public:
    Page(const PageInfo &info, bool create, DWORD access)
        : size_(info.size)
    {
        const char *name = create ? info.target : info.source;
        map_.reset(create ? CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, (DWORD)info.size, name)
                          : OpenFileMappingA(access, FALSE, name));
        if (map_)
            view_.reset(MapViewOfFile(map_.get(), access, 0, 0, info.size));
    }
    explicit operator bool() const { return view_ != nullptr; }
    void *data() const { return view_.get(); }
    size_t size() const { return size_; }

private:
    Handle map_;
    View view_;
    size_t size_;
};

// The game creates its pages one after the other, the last one late.
static int Game()
{
    Handle ready(OpenSemaphoreA(SEMAPHORE_ALL_ACCESS, FALSE, kReady));
    Handle quit(OpenEventA(SYNCHRONIZE, FALSE, kQuit));
    std::vector<std::unique_ptr<Page>> pages;
    for (const PageInfo &info : kPages) {
        PageInfo own = info;
        own.target = info.source;
        pages.emplace_back(new Page(own, true, FILE_MAP_ALL_ACCESS));
        if (!*pages.back())
            return 1;
        std::memset(pages.back()->data(), static_cast<int>('A' + pages.size() - 1), own.size);
        ReleaseSemaphore(ready.get(), 1, NULL);
    }
    return WaitForSingleObject(quit.get(), 10000) == WAIT_OBJECT_0 ? 0 : 2;
}

int main(int argc, char **argv)
{
    if (argc > 1 && !std::strcmp(argv[1], "--game"))
        return Game();

    for (const PageInfo &info : kPages)
        if (!Page(info, false, FILE_MAP_READ))
            std::printf("%s: not there yet (%d)\n", info.source, (int)GetLastError());

    Handle ready(CreateSemaphoreA(NULL, 0, 3, kReady));
    Handle quit(CreateEventA(NULL, TRUE, FALSE, kQuit));
    char self[MAX_PATH];
    GetModuleFileNameA(NULL, self, sizeof(self));
    std::string command = std::string("\"") + self + "\" --game";
    STARTUPINFOA startup = {};
    startup.cb = sizeof(startup);
    PROCESS_INFORMATION game = {};
    if (!CreateProcessA(NULL, &command[0], NULL, NULL, FALSE, 0, NULL, NULL, &startup, &game)) {
        std::printf("no game: %d\n", (int)GetLastError());
        return 1;
    }
    Handle process(game.hProcess), thread(game.hThread);

    std::vector<std::unique_ptr<Page>> bridged;
    for (const PageInfo &info : kPages) {
        WaitForSingleObject(ready.get(), 10000);
        Page source(info, false, FILE_MAP_READ);
        std::unique_ptr<Page> target(new Page(info, true, FILE_MAP_ALL_ACCESS));
        if (!source || !*target) {
            std::printf("%s: error %d\n", info.source, (int)GetLastError());
            continue;
        }
        std::memcpy(target->data(), source.data(), source.size());
        std::printf("%s -> %s, %d bytes\n", info.source, info.target, (int)info.size);
        bridged.push_back(std::move(target));
    }
    SetEvent(quit.get());
    WaitForSingleObject(game.hProcess, INFINITE);

    // The game's pages have gone with it, ours have stayed.
    for (const PageInfo &info : kPages) {
        bool gone = !Page(info, false, FILE_MAP_READ) && GetLastError() == ERROR_FILE_NOT_FOUND;
        PageInfo own = info;
        own.source = info.target;
        Page copy(own, false, FILE_MAP_READ);
        const char *text = static_cast<const char *>(copy.data());
        bool same = copy && std::all_of(text, text + info.size, [text](char c) { return c == text[0]; });
        std::printf("%s: %s; copy: %d bytes of %c\n", info.source, gone ? "gone" : "still there",
                    same ? (int)info.size : 0, text ? text[0] : '?');
    }
    return 0;
}
