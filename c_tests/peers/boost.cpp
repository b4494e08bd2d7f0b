/* boost.cpp - the named objects of Boost.Interprocess. */
#include "peers.h"

#include <boost/date_time/posix_time/posix_time.hpp>
#include <boost/interprocess/managed_shared_memory.hpp>
#include <boost/interprocess/sync/named_mutex.hpp>
#include <boost/interprocess/sync/named_semaphore.hpp>
#include <string>

using namespace boost::interprocess;
static std::string name;
static void own_mutex(volatile int *) { (new named_mutex(open_or_create, name.c_str()))->lock(); }
static void own_semaphore(volatile int *) { (new named_semaphore(open_or_create, name.c_str(), 1))->wait(); }
static void make_memory(volatile int *) { new managed_shared_memory(open_or_create, name.c_str(), 65536); }

static boost::posix_time::ptime in_two()
{
    return boost::posix_time::microsec_clock::universal_time() + boost::posix_time::seconds(2);
}
static const char *const never = "not acquired within 2 s, nobody is told";
template <class T> static bool exists()
{
    try {
        T object(open_only, name.c_str());
        return true;
    } catch (const interprocess_exception &) {
        return false;
    }
}

int main()
{
    name = "winshm-peers-" + std::to_string(getpid());
    kill_in(own_mutex);
    observed("killed while owning", "Boost named_mutex",
             named_mutex(open_or_create, name.c_str()).timed_lock(in_two()) ? "acquired" : never);
    observed("the last user is killed", "Boost named_mutex", exists<named_mutex>() ? "the name stays, locked" : "the name is gone");
    named_mutex::remove(name.c_str());
    kill_in(own_semaphore);
    observed("killed while owning", "Boost named_semaphore",
             named_semaphore(open_or_create, name.c_str(), 1).timed_wait(in_two()) ? "acquired" : never);
    named_semaphore::remove(name.c_str());
    kill_in(make_memory);
    observed("the last user is killed", "Boost managed_shared_memory",
             exists<managed_shared_memory>() ? "the name and the old data stay" : "the name is gone");
    shared_memory_object::remove(name.c_str());
    return 0;
}
