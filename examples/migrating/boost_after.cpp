// Counts in shared memory: `boost_after NAME TIMES`, in a name that ends with its last user.
#include <windows.h>

#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string>

// [docs: lock-class]
// Owns the mutex in a scope, as scoped_lock does.
class Lock {
public:
    explicit Lock(HANDLE mutex) : mutex_(mutex), result_(WaitForSingleObject(mutex, INFINITE)) {
        if (result_ == WAIT_FAILED)
            throw std::runtime_error("the mutex: error " + std::to_string(GetLastError()));
    }
    ~Lock() { ReleaseMutex(mutex_); }
    Lock(const Lock &) = delete;
    Lock &operator=(const Lock &) = delete;

    // The owner before was killed: what the mutex guards may be half done.
    bool is_abandoned() const { return result_ == WAIT_ABANDONED; }

private:
    HANDLE mutex_;
    DWORD result_;
};
// [docs: end]

int main(int argc, char **argv) {
    if (argc != 3)
        return 2;
    // [docs: open]
    HANDLE mutex = CreateMutexA(nullptr, FALSE, (std::string(argv[1]) + ".mutex").c_str());
    HANDLE section = CreateFileMappingA(INVALID_HANDLE_VALUE, nullptr, PAGE_READWRITE, 0, sizeof(int), argv[1]);
    int *count = section ? static_cast<int *>(MapViewOfFile(section, FILE_MAP_ALL_ACCESS, 0, 0, 0)) : nullptr;
    if (!mutex || !count)
        return 1;
    // [docs: end]
    int last = 0;
    for (int i = 0; i < std::atoi(argv[2]); i++) {
        // [docs: lock]
        Lock lock(mutex);
        if (lock.is_abandoned())
            std::puts("the one before was killed");
        last = ++*count;
        // [docs: end]
    }
    std::printf("%d\n", last);
    return 0;
}
