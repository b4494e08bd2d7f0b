/*
 * A condition variable between processes, as IPC libraries build it: a semaphore
 * to sleep on, a mutex for the number of sleepers, and SignalObjectAndWait, which
 * gives up the caller's lock and sleeps without losing a notification in between.
 *
 * Start it without arguments; two children play ping-pong with it.
 */
#include <windows.h>
#include <climits>
#include <cstdio>
#include <cstdlib>
#include <string>

namespace ipc
{
class mutex
{
public:
    explicit mutex(const char *name) : h_(::CreateMutexA(NULL, FALSE, name)) {}
    ~mutex() { ::CloseHandle(h_); }
    HANDLE native() const { return h_; }
    bool lock(DWORD tm = INFINITE)
    {
        for (;;) {
            switch (DWORD ret = ::WaitForSingleObject(h_, tm)) {
            case WAIT_OBJECT_0:
                return true;
            case WAIT_TIMEOUT:
                return false;
            case WAIT_ABANDONED:
                // the owner died, what it guarded is as it left it
                if (!::ReleaseMutex(h_))
                    return false;
                break; // loop again
            default:
                std::printf("fail WaitForSingleObject[%u]: 0x%08X\n", (unsigned)::GetLastError(), (unsigned)ret);
                return false;
            }
        }
    }
    bool unlock() { return ::ReleaseMutex(h_) != FALSE; }

private:
    HANDLE h_;
};

class semaphore
{
public:
    semaphore(const char *name, long count) : h_(::CreateSemaphoreA(NULL, count, LONG_MAX, name)) {}
    ~semaphore() { ::CloseHandle(h_); }
    HANDLE native() const { return h_; }
    bool valid() const { return h_ != NULL; }
    bool post(long count) { return ::ReleaseSemaphore(h_, count, NULL) != FALSE; }

private:
    HANDLE h_;
};

class condition
{
public:
    condition(const char *name, volatile LONG *counter)
        : sem_((std::string(name) + "_COND_SEM").c_str(), 0), lock_((std::string(name) + "_COND_LOCK").c_str()),
          counter_(counter)
    {
    }
    bool valid() const { return sem_.valid(); }

    bool wait(mutex &mtx, DWORD tm = INFINITE)
    {
        lock_.lock();
        ++*counter_;
        lock_.unlock();
        DWORD ret = ::SignalObjectAndWait(mtx.native(), sem_.native(), tm, FALSE);
        bool woken = ret == WAIT_OBJECT_0;
        if (!woken) { // a notification may have come just now
            lock_.lock();
            if (::WaitForSingleObject(sem_.native(), 0) == WAIT_OBJECT_0)
                woken = true;
            else
                --*counter_;
            lock_.unlock();
        }
        return mtx.lock() && woken;
    }
    void broadcast()
    {
        lock_.lock();
        if (*counter_ > 0) {
            sem_.post(*counter_);
            *counter_ = 0;
        }
        lock_.unlock();
    }

private:
    semaphore sem_;
    mutex lock_;
    volatile LONG *counter_;
};
} // namespace ipc

struct Table
{
    LONG sleepers;
    LONG turn;
    LONG strokes[2];
};

static const LONG STROKES = 500;

static int play(Table *table, ipc::mutex &mtx, ipc::condition &cond, LONG me)
{
    for (LONG i = 0; i < STROKES; ++i) {
        mtx.lock();
        while (table->turn % 2 != me)
            cond.wait(mtx);
        ++table->strokes[me];
        ++table->turn;
        cond.broadcast();
        mtx.unlock();
    }
    return 0;
}

static HANDLE start(const char *me)
{
    char path[MAX_PATH] = {};
    ::GetModuleFileNameA(NULL, path, MAX_PATH);
    std::string command = "\"" + std::string(path) + "\" " + me;
    STARTUPINFOA si = {};
    PROCESS_INFORMATION pi = {};
    si.cb = sizeof(si);
    if (!::CreateProcessA(NULL, &command[0], NULL, NULL, FALSE, 0, NULL, NULL, &si, &pi))
        return NULL;
    ::CloseHandle(pi.hThread);
    return pi.hProcess;
}

int main(int argc, char **argv)
{
    HANDLE map = ::CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE | SEC_COMMIT, 0, sizeof(Table),
                                      "SampleCondition__TABLE");
    Table *table = map ? static_cast<Table *>(::MapViewOfFile(map, FILE_MAP_ALL_ACCESS, 0, 0, 0)) : NULL;
    if (!table) {
        std::printf("fail CreateFileMapping/MapViewOfFile[%d]\n", (int)::GetLastError());
        return 1;
    }
    ipc::mutex mtx("SampleCondition__MUTEX");
    ipc::condition cond("SampleCondition", &table->sleepers);
    if (!cond.valid()) {
        std::printf("fail CreateSemaphore[%d]\n", (int)::GetLastError());
        return 1;
    }
    if (argc > 1)
        return play(table, mtx, cond, std::atoi(argv[1]));

    mtx.lock();
    std::printf("a wait that nobody ends: %d\n", cond.wait(mtx, 20));
    std::printf("sleepers left: %d\n", (int)table->sleepers);
    HANDLE players[2] = {start("0"), start("1")};
    mtx.unlock();
    if (!players[0] || !players[1]) {
        std::printf("fail CreateProcess[%d]\n", (int)::GetLastError());
        return 1;
    }
    std::printf("both ended: %d\n", ::WaitForMultipleObjects(2, players, TRUE, 60000) == WAIT_OBJECT_0);
    std::printf("strokes: %d and %d, turn %d, sleepers %d\n", (int)table->strokes[0], (int)table->strokes[1],
                (int)table->turn, (int)table->sleepers);
    for (HANDLE player : players)
        ::CloseHandle(player);
    ::UnmapViewOfFile(table);
    ::CloseHandle(map);
    return 0;
}
