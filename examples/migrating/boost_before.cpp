// Counts in shared memory: `boost_before NAME TIMES`. By Boost.Interprocess.
#include <boost/interprocess/mapped_region.hpp>
#include <boost/interprocess/shared_memory_object.hpp>
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
    shared_memory_object memory(open_or_create, argv[1], read_write);
    memory.truncate(sizeof(int));
    mapped_region region(memory, read_write);
    int *count = static_cast<int *>(region.get_address());
    // [docs: end]
    int last = 0;
    for (int i = 0; i < std::atoi(argv[2]); i++) {
        // [docs: lock]
        scoped_lock<named_mutex> lock(mutex); // who is killed in here stops everybody, for ever
        last = ++*count;
        // [docs: end]
    }
    std::printf("%d\n", last);
    return 0;
}
