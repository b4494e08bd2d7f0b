/*
 * Wrappers in C++ for a named section and its lock: handles that close, views
 * that unmap, locks that unlock, and errors that are exceptions. Names and
 * contents are std::wstring.
 *
 * Start it without arguments.
 */
#define UNICODE
#define _UNICODE
#define NOMINMAX
#include <windows.h>

#include <algorithm>
#include <cwchar>
#include <iostream>
#include <stdexcept>
#include <string>
#include <utility>

class win32_error : public std::runtime_error
{
public:
    win32_error(const char *what, DWORD code)
        : std::runtime_error(std::string(what) + ": error " + std::to_string(code)), m_code(code)
    {
    }
    DWORD code() const noexcept { return m_code; }

private:
    DWORD m_code;
};

class unique_handle
{
public:
    unique_handle() noexcept = default;
    unique_handle(HANDLE handle, const char *what) : m_handle(handle)
    {
        if (!handle || handle == INVALID_HANDLE_VALUE)
            throw win32_error(what, ::GetLastError());
    }
    unique_handle(unique_handle &&other) noexcept : m_handle(std::exchange(other.m_handle, nullptr)) {}
    unique_handle &operator=(unique_handle &&other) noexcept
    {
        std::swap(m_handle, other.m_handle);
        return *this;
    }
    ~unique_handle()
    {
        if (m_handle)
            ::CloseHandle(m_handle);
    }
    HANDLE get() const noexcept { return m_handle; }

private:
    HANDLE m_handle = nullptr;
};

class named_mutex
{
public:
    explicit named_mutex(const std::wstring &name) : m_handle(::CreateMutex(nullptr, FALSE, name.c_str()), "CreateMutex") {}
    void lock() const
    {
        if (::WaitForSingleObject(m_handle.get(), INFINITE) == WAIT_FAILED)
            throw win32_error("WaitForSingleObject", ::GetLastError());
    }
    void unlock() const
    {
        if (!::ReleaseMutex(m_handle.get()))
            throw win32_error("ReleaseMutex", ::GetLastError());
    }

private:
    unique_handle m_handle;
};

class mutex_guard
{
public:
    explicit mutex_guard(const named_mutex &mutex) : m_mutex(mutex) { m_mutex.lock(); }
    ~mutex_guard() { m_mutex.unlock(); }
    mutex_guard(const mutex_guard &) = delete;
    mutex_guard &operator=(const mutex_guard &) = delete;

private:
    const named_mutex &m_mutex;
};

// A string that all processes share; its section is as large as its first owner said.
class shared_string
{
public:
    shared_string(const std::wstring &name, std::size_t capacity)
        : m_mutex(name + L".lock"),
          m_mapping(::CreateFileMapping(INVALID_HANDLE_VALUE, nullptr, PAGE_READWRITE, 0,
                                        static_cast<DWORD>((capacity + 1) * sizeof(wchar_t)), name.c_str()),
                    "CreateFileMapping")
    {
        m_isNew = ::GetLastError() != ERROR_ALREADY_EXISTS;
        map(FILE_MAP_ALL_ACCESS);
    }
    explicit shared_string(const std::wstring &name)
        : m_mutex(name + L".lock"), m_mapping(::OpenFileMapping(FILE_MAP_READ, FALSE, name.c_str()), "OpenFileMapping")
    {
        map(FILE_MAP_READ);
    }
    ~shared_string() { ::UnmapViewOfFile(m_text); }
    shared_string(const shared_string &) = delete;
    shared_string &operator=(const shared_string &) = delete;

    bool is_new() const noexcept { return m_isNew; }
    std::size_t capacity() const noexcept { return m_capacity; }
    std::wstring get() const
    {
        mutex_guard guard(m_mutex);
        return m_text;
    }
    void set(const std::wstring &text)
    {
        mutex_guard guard(m_mutex);
        if (text.size() > m_capacity)
            throw std::length_error("the text is too long");
        std::wmemcpy(m_text, text.c_str(), text.size() + 1);
    }

private:
    void map(DWORD access)
    {
        m_text = static_cast<wchar_t *>(::MapViewOfFile(m_mapping.get(), access, 0, 0, 0));
        if (!m_text)
            throw win32_error("MapViewOfFile", ::GetLastError());
        MEMORY_BASIC_INFORMATION info;
        if (::VirtualQuery(m_text, &info, sizeof(info)) != sizeof(info))
            throw win32_error("VirtualQuery", ::GetLastError());
        m_capacity = info.RegionSize / sizeof(wchar_t) - 1;
    }
    named_mutex m_mutex;
    unique_handle m_mapping;
    wchar_t *m_text = nullptr;
    std::size_t m_capacity = 0;
    bool m_isNew = false;
};

static std::string narrow(const std::wstring &text)
{
    std::string result;
    for (wchar_t c : text)
        result += c < 0x80 ? static_cast<char>(c) : '?';
    return result;
}

int main()
{
    const std::wstring name = L"Local\\Sample RAII \u00e4\u00f6\u00fc \u4e2d\u6587";
    try {
        shared_string first(name, 100);
        shared_string second(name, 5);
        std::cout << "new: " << first.is_new() << ", " << second.is_new() << "\n";
        std::cout << "room for at least 100: " << (std::min(first.capacity(), second.capacity()) >= 100) << "\n";
        first.set(L"text from the first");
        std::cout << "second: " << narrow(second.get()) << "\n";

        shared_string reader(name);
        second.set(L"umlauts \u00e4\u00f6\u00fc");
        std::cout << "reader: " << narrow(reader.get()) << ", " << reader.get().size() << " characters, the same: "
                  << (reader.get() == L"umlauts \u00e4\u00f6\u00fc") << "\n";
        try {
            first.set(std::wstring(100000, L'x'));
        } catch (const std::length_error &problem) {
            std::cout << problem.what() << "\n";
        }
        unique_handle moved;
        moved = unique_handle(::CreateEvent(nullptr, TRUE, TRUE, nullptr), "CreateEvent");
        std::cout << "moved handle is signalled: " << (::WaitForSingleObject(moved.get(), 0) == WAIT_OBJECT_0) << "\n";
        try {
            named_mutex clash(name);
        } catch (const win32_error &problem) {
            std::cout << problem.what() << "\n";
        }
    } catch (const std::exception &problem) {
        std::cout << "failed: " << problem.what() << "\n";
        return 1;
    }
    try {
        shared_string gone(name);
    } catch (const win32_error &problem) {
        std::cout << problem.what() << (problem.code() == ERROR_FILE_NOT_FOUND ? ", as it should be" : "") << std::endl;
    }
    return 0;
}
