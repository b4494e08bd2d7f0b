// boost_before.cpp on its way: the same memory and the same lock, the memory by winshm.
#include <windows.h>

#include <boost/interprocess/sync/named_mutex.hpp>
#include <boost/interprocess/sync/scoped_lock.hpp>

#include <cstdio>
#include <cstdlib>
#include <string>

int main(int argc, char **argv) {
    if (argc != 3)
        return 2;
    // [docs: open]
    using namespace boost::interprocess;
    named_mutex mutex(open_or_create, (std::string(argv[1]) + ".lock").c_str());
    const std::string name = std::string("Posix\\") + argv[1];
    HANDLE section = CreateFileMappingA(INVALID_HANDLE_VALUE, nullptr, PAGE_READWRITE, 0, sizeof(int), name.c_str());
    int *count = section ? static_cast<int *>(MapViewOfFile(section, FILE_MAP_ALL_ACCESS, 0, 0, 0)) : nullptr;
    if (!count)
        return 1;
    // [docs: end]
    int last = 0;
    for (int i = 0; i < std::atoi(argv[2]); i++) {
        scoped_lock<named_mutex> lock(mutex);
        last = ++*count;
    }
    std::printf("%d\n", last);
    return 0;
}
