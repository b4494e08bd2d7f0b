// What the examples in C++ have in common: handles, views and locks that end with their block.
#pragma once

#include <windows.h>

#include <iostream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <type_traits>

// Prints a line that is out before the process sleeps or is killed.
template <typename... Parts>
void say(const Parts &...parts) {
    std::ostringstream line;
    line << GetCurrentProcessId() << ": ";
    (line << ... << parts) << '\n';
    std::cout << line.str() << std::flush;
}

// Throws if a call has failed.
inline void must(bool has_succeeded, const char *call) {
    if (!has_succeeded)
        throw std::runtime_error(std::string(call) + ": error " + std::to_string(GetLastError()));
}

class Handle {
  public:
    Handle(HANDLE handle, const char *call) : handle(handle) { must(handle != nullptr, call); }
    Handle(const Handle &) = delete;
    Handle &operator=(const Handle &) = delete;
    ~Handle() { CloseHandle(handle); }
    operator HANDLE() const { return handle; }

  private:
    HANDLE handle;
};

// The section of that name: the one that is there, or a new one, which is all zeros.
template <typename Content>
class Section {
    static_assert(std::is_trivial_v<Content>, "zeros are its initial value, and nothing ends it");

  public:
    explicit Section(const std::string &name)
        : section(CreateFileMappingA(INVALID_HANDLE_VALUE, nullptr, PAGE_READWRITE, 0, sizeof(Content),
                                     name.c_str()),
                  "CreateFileMappingA"),
          view(static_cast<Content *>(MapViewOfFile(section, FILE_MAP_ALL_ACCESS, 0, 0, sizeof(Content)))) {
        must(view != nullptr, "MapViewOfFile");
    }
    Section(const Section &) = delete;
    Section &operator=(const Section &) = delete;
    ~Section() { UnmapViewOfFile(view); }
    Content *operator->() const { return view; }

  private:
    Handle section;
    Content *view;
};

// Owns a mutex until the end of its block.
class Lock {
  public:
    explicit Lock(HANDLE mutex) : mutex(mutex), result(WaitForSingleObject(mutex, INFINITE)) {
        must(result != WAIT_FAILED, "WaitForSingleObject");
    }
    Lock(const Lock &) = delete;
    Lock &operator=(const Lock &) = delete;
    ~Lock() { ReleaseMutex(mutex); }
    // The owner before ended without releasing it: what it guards may be half done.
    bool is_abandoned() const { return result == WAIT_ABANDONED; }

  private:
    HANDLE mutex;
    DWORD result;
};

inline void wait_for(HANDLE object) {
    must(WaitForSingleObject(object, INFINITE) == WAIT_OBJECT_0, "WaitForSingleObject");
}
