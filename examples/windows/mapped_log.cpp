/*
 * A log file that is written through a view: the file is made larger in steps,
 * and cut to what was written when it is closed.
 *
 * Start it without arguments.
 */
#include <windows.h>

#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <string>

class MappedLog
{
public:
    ~MappedLog() { Close(); }

    bool Open(const std::string &path)
    {
        m_file = ::CreateFileA(path.c_str(), GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ, nullptr, CREATE_ALWAYS,
                               FILE_ATTRIBUTE_NORMAL, nullptr);
        return m_file != INVALID_HANDLE_VALUE && Grow();
    }
    bool Printf(const char *format, ...)
    {
        char line[256];
        va_list args;
        va_start(args, format);
        int length = vsnprintf(line, sizeof(line), format, args);
        va_end(args);
        if (length < 0)
            return false;
        while (m_used + length > m_size)
            if (!Grow())
                return false;
        std::memcpy(m_view + m_used, line, length);
        m_used += length;
        return true;
    }
    // Cuts off what was not written.
    bool Close()
    {
        if (m_file == INVALID_HANDLE_VALUE)
            return true;
        Unmap();
        LARGE_INTEGER end;
        end.QuadPart = static_cast<LONGLONG>(m_used);
        bool ok = ::SetFilePointerEx(m_file, end, nullptr, FILE_BEGIN) && ::SetEndOfFile(m_file);
        ::CloseHandle(m_file);
        m_file = INVALID_HANDLE_VALUE;
        return ok;
    }
    int Steps() const { return m_steps; }
    size_t Used() const { return m_used; }
    DWORD FileSize() const { return ::GetFileSize(m_file, nullptr); }

private:
    bool Grow()
    {
        Unmap();
        size_t size = m_size + 65536;
        // The mapping makes the file as large as itself.
        m_mapping = ::CreateFileMappingA(m_file, nullptr, PAGE_READWRITE, 0, static_cast<DWORD>(size), nullptr);
        if (!m_mapping)
            return false;
        m_view = static_cast<char *>(::MapViewOfFile(m_mapping, FILE_MAP_WRITE, 0, 0, size));
        if (!m_view)
            return false;
        m_size = size;
        ++m_steps;
        return true;
    }
    void Unmap()
    {
        if (m_view)
            ::UnmapViewOfFile(m_view);
        if (m_mapping)
            ::CloseHandle(m_mapping);
        m_view = nullptr;
        m_mapping = nullptr;
    }

    HANDLE m_file = INVALID_HANDLE_VALUE;
    HANDLE m_mapping = nullptr;
    char *m_view = nullptr;
    size_t m_size = 0;
    size_t m_used = 0;
    int m_steps = 0;
};

int main()
{
    char directory[MAX_PATH], path[MAX_PATH];
    if (!::GetTempPathA(MAX_PATH, directory) || !::GetTempFileNameA(directory, "mlog", 0, path)) {
        std::printf("no temporary file: %d\n", static_cast<int>(::GetLastError()));
        return 1;
    }
    MappedLog log;
    if (!log.Open(path)) {
        std::printf("cannot open the log: %d\n", static_cast<int>(::GetLastError()));
        return 1;
    }
    for (int i = 0; i < 5000; ++i)
        if (!log.Printf("%06d: something has happened\r\n", i))
            std::printf("line %d: error %d\n", i, static_cast<int>(::GetLastError()));
    std::printf("%d steps, %u bytes used, the file has %u\n", log.Steps(), static_cast<unsigned>(log.Used()),
                static_cast<unsigned>(log.FileSize()));

    // Others may read while it is open, and may not write.
    HANDLE writer = ::CreateFileA(path, GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE, nullptr, OPEN_EXISTING, 0, nullptr);
    std::printf("a second writer: %s, error %d\n", writer == INVALID_HANDLE_VALUE ? "no" : "yes",
                static_cast<int>(::GetLastError()));
    std::printf("closed: %d\n", log.Close());

    HANDLE file = ::CreateFileA(path, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_DELETE, nullptr, OPEN_EXISTING,
                                FILE_FLAG_DELETE_ON_CLOSE, nullptr);
    LARGE_INTEGER size = {};
    ::GetFileSizeEx(file, &size);
    std::printf("the file has %d bytes\n", static_cast<int>(size.QuadPart));
    char last[31] = {};
    DWORD read = 0;
    ::SetFilePointer(file, -32, nullptr, FILE_END);
    ::ReadFile(file, last, sizeof(last) - 1, &read, nullptr);
    std::printf("its last line: %s\n", last);
    ::CloseHandle(file);
    std::printf("deleted with its last handle: %d\n", ::DeleteFileA(path) == FALSE && ::GetLastError() == ERROR_FILE_NOT_FOUND);
    return 0;
}
