/*
 * Memory that a program hands out read-only, as browsers do: the section has no
 * name, the creator keeps a handle that writes, and a duplicate that only reads
 * goes to the child by inheritance.
 *
 * Start it without arguments.
 */
#include <windows.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <utility>

namespace base
{
class ScopedHandle
{
public:
    explicit ScopedHandle(HANDLE handle = nullptr) : handle_(handle) {}
    ScopedHandle(ScopedHandle &&other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
    ScopedHandle &operator=(ScopedHandle &&other) noexcept
    {
        std::swap(handle_, other.handle_);
        return *this;
    }
    ~ScopedHandle()
    {
        // Closing must not change the last error of the code around it.
        DWORD last_error = ::GetLastError();
        if (handle_)
            ::CloseHandle(handle_);
        ::SetLastError(last_error);
    }
    bool is_valid() const { return handle_ != nullptr; }
    HANDLE get() const { return handle_; }

private:
    HANDLE handle_;
};

// Duplicates with fewer rights.
static ScopedHandle Duplicate(HANDLE source, DWORD access, bool inherit)
{
    HANDLE result = nullptr;
    HANDLE process = ::GetCurrentProcess();
    if (!::DuplicateHandle(process, source, process, &result, access, inherit, 0))
        return ScopedHandle();
    return ScopedHandle(result);
}
} // namespace base

static void Report(const char *what, bool succeeded)
{
    if (succeeded)
        std::printf("%s: yes\n", what);
    else
        std::printf("%s: no, error %d\n", what, static_cast<int>(::GetLastError()));
}

static bool Maps(HANDLE section, DWORD access)
{
    void *view = ::MapViewOfFile(section, access, 0, 0, 0);
    return view && ::UnmapViewOfFile(view);
}

static int Child(const char *value)
{
    HANDLE section = reinterpret_cast<HANDLE>(static_cast<ULONG_PTR>(std::strtoull(value, nullptr, 10)));
    const char *text = static_cast<const char *>(::MapViewOfFile(section, FILE_MAP_READ, 0, 0, 0));
    if (!text || std::strcmp(text, "read only") != 0)
        return 1;
    if (Maps(section, FILE_MAP_WRITE) || ::GetLastError() != ERROR_ACCESS_DENIED)
        return 2;
    return 42;
}

int main(int argc, char **argv)
{
    if (argc > 1)
        return Child(argv[1]);

    base::ScopedHandle writable(
        ::CreateFileMappingA(INVALID_HANDLE_VALUE, nullptr, PAGE_READWRITE, 0, 65536, nullptr));
    if (!writable.is_valid())
        return 1;
    char *memory = static_cast<char *>(::MapViewOfFile(writable.get(), FILE_MAP_READ | FILE_MAP_WRITE, 0, 0, 0));
    strcpy_s(memory, 65536, "read only");

    base::ScopedHandle readable = base::Duplicate(writable.get(), FILE_MAP_READ | SECTION_QUERY, true);
    Report("a duplicate for reading", readable.is_valid());
    Report("the duplicate reads", Maps(readable.get(), FILE_MAP_READ));
    Report("the duplicate writes", Maps(readable.get(), FILE_MAP_WRITE));
    Report("the original writes", Maps(writable.get(), FILE_MAP_WRITE));

    // The name clash must still be seen behind what happens to the handles.
    base::ScopedHandle first(::CreateFileMappingA(INVALID_HANDLE_VALUE, nullptr, PAGE_READWRITE, 0, 4096, "SampleRights"));
    HANDLE second_raw = ::CreateFileMappingA(INVALID_HANDLE_VALUE, nullptr, PAGE_READWRITE, 0, 4096, "SampleRights");
    {
        base::ScopedHandle second(second_raw);
        base::ScopedHandle copy = base::Duplicate(second.get(), FILE_MAP_READ, false);
        std::printf("still known that it existed: %d\n", ::GetLastError() == ERROR_ALREADY_EXISTS);
    }
    std::printf("and after closing: %d\n", ::GetLastError() == ERROR_ALREADY_EXISTS);

    DWORD flags = 0;
    ::GetHandleInformation(readable.get(), &flags);
    std::printf("inheritable: %d\n", flags == HANDLE_FLAG_INHERIT);
    char path[MAX_PATH];
    ::GetModuleFileNameA(nullptr, path, sizeof(path));
    std::string command = "\"" + std::string(path) + "\" " +
                          std::to_string(static_cast<unsigned long long>(reinterpret_cast<ULONG_PTR>(readable.get())));
    STARTUPINFOA startup = {};
    startup.cb = sizeof(startup);
    PROCESS_INFORMATION process = {};
    if (!::CreateProcessA(nullptr, &command[0], nullptr, nullptr, TRUE, 0, nullptr, nullptr, &startup, &process)) {
        std::printf("CreateProcess: error %d\n", static_cast<int>(::GetLastError()));
        return 1;
    }
    ::WaitForSingleObject(process.hProcess, INFINITE);
    DWORD code = 0;
    ::GetExitCodeProcess(process.hProcess, &code);
    std::printf("the child ended with %d\n", static_cast<int>(code));

    ::SetHandleInformation(readable.get(), HANDLE_FLAG_PROTECT_FROM_CLOSE, HANDLE_FLAG_PROTECT_FROM_CLOSE);
    Report("a protected handle closes", ::CloseHandle(readable.get()) != FALSE);
    ::SetHandleInformation(readable.get(), HANDLE_FLAG_PROTECT_FROM_CLOSE, 0);
    ::CloseHandle(process.hThread);
    ::CloseHandle(process.hProcess);
    ::UnmapViewOfFile(memory);
    return code == 42 ? 0 : 1;
}
