/*
 * A library's class for shared memory with a branch for each system, as portable
 * sources have it. The Windows branch is chosen by _WIN32, as everywhere.
 *
 * Start it without arguments.
 */
#include <cstddef>
#include <cstdio>
#include <cstring>
#include <stdexcept>
#include <string>

#if defined(_WIN32)
#define WIN32_LEAN_AND_MEAN
#define NOMINMAX
#include <windows.h>
#else
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>
#endif

class SharedRegion
{
public:
    enum class Mode { Create, Open };

    SharedRegion(const std::string &name, std::size_t size, Mode mode) : name_(name), size_(size), owner_(mode == Mode::Create)
    {
#if defined(_WIN32)
        if (mode == Mode::Create) {
            mapping_ = ::CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE,
                                            static_cast<DWORD>(static_cast<unsigned long long>(size) >> 32),
                                            static_cast<DWORD>(size & 0xffffffffu), name.c_str());
            if (mapping_ != NULL && ::GetLastError() == ERROR_ALREADY_EXISTS) {
                ::CloseHandle(mapping_);
                throw std::runtime_error(name + " exists");
            }
        } else {
            mapping_ = ::OpenFileMappingA(FILE_MAP_ALL_ACCESS, FALSE, name.c_str());
        }
        if (mapping_ == NULL)
            throw std::runtime_error(name + ": error " + std::to_string(::GetLastError()));
        data_ = ::MapViewOfFile(mapping_, FILE_MAP_ALL_ACCESS, 0, 0, size);
        if (data_ == NULL) {
            const DWORD error = ::GetLastError();
            ::CloseHandle(mapping_);
            throw std::runtime_error(name + " cannot be mapped: error " + std::to_string(error));
        }
#else
        const int fd = ::shm_open(("/" + name).c_str(), mode == Mode::Create ? O_CREAT | O_EXCL | O_RDWR : O_RDWR, 0600);
        if (fd < 0)
            throw std::runtime_error(name + ": errno " + std::to_string(errno));
        if (mode == Mode::Create && ::ftruncate(fd, static_cast<off_t>(size)) != 0)
            throw std::runtime_error(name + " has no room");
        data_ = ::mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
        ::close(fd);
#endif
    }
    ~SharedRegion()
    {
#if defined(_WIN32)
        ::UnmapViewOfFile(data_);
        ::CloseHandle(mapping_);
#else
        ::munmap(data_, size_);
        if (owner_)
            ::shm_unlink(("/" + name_).c_str());
#endif
    }
    SharedRegion(const SharedRegion &) = delete;
    SharedRegion &operator=(const SharedRegion &) = delete;

    char *data() { return static_cast<char *>(data_); }
    std::size_t size() const { return size_; }
    const std::string &name() const { return name_; }
    bool owner() const { return owner_; }

    static const char *system()
    {
#if defined(_WIN32)
        return "Windows";
#else
        return "POSIX";
#endif
    }

private:
    std::string name_;
    std::size_t size_;
    bool owner_;
    void *data_ = nullptr;
#if defined(_WIN32)
    HANDLE mapping_ = NULL;
#endif
};

template <class Function> static void Try(const char *what, Function function)
{
    try {
        function();
        std::printf("%s: done\n", what);
    } catch (const std::exception &problem) {
        std::printf("%s: %s\n", what, problem.what());
    }
}

int main()
{
    const std::string name = "sample.cross_platform";
    std::printf("the branch for %s\n", SharedRegion::system());
    {
        SharedRegion first(name, 10000, SharedRegion::Mode::Create);
        std::strcpy(first.data(), "hello");
        SharedRegion second(name, 10000, SharedRegion::Mode::Open);
        std::printf("%s: %s, %d bytes, owner: %d\n", second.name().c_str(), second.data(), static_cast<int>(second.size()),
                    second.owner());
        Try("create again", [&] { SharedRegion again(name, 10000, SharedRegion::Mode::Create); });
        Try("open too much", [&] { SharedRegion more(name, 100000, SharedRegion::Mode::Open); });
        Try("open all pages", [&] { SharedRegion pages(name, 12288, SharedRegion::Mode::Open); });
    }
    Try("open when it is gone", [&] { SharedRegion gone(name, 10000, SharedRegion::Mode::Open); });
    return 0;
}
