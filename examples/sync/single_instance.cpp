// single_instance.cpp - of all its processes, and those of single_instance.c, only one is at work, which a
// named mutex decides.
//
//     single_instance [--wait] [NAME]
//
// The one ends when it reads a line. Others leave with 3, or with --wait take over when it ends or is killed.
#include "common.hpp"

#include <vector>

// The right to be the one, from the constructor or wait() on to the destructor.
class Instance {
  public:
    explicit Instance(const std::string &name)
        : mutex(CreateMutexA(nullptr, TRUE, name.c_str()), "CreateMutexA"),
          is_single(GetLastError() != ERROR_ALREADY_EXISTS) { // created, and owned from the start
        // It was there, so it was only opened. It may be free all the same: its owner has just ended.
        if (!is_single)
            take_over(0);
    }
    ~Instance() {
        if (is_single)
            ReleaseMutex(mutex); // else who waits would take it for killed
    }
    Instance(const Instance &) = delete;
    Instance &operator=(const Instance &) = delete;

    explicit operator bool() const { return is_single; }
    void wait() { take_over(INFINITE); }

  private:
    void take_over(DWORD milliseconds) {
        const DWORD result = WaitForSingleObject(mutex, milliseconds);
        must(result != WAIT_FAILED, "WaitForSingleObject");
        is_single = result != WAIT_TIMEOUT;
        if (is_single)
            say("the instance before ", result == WAIT_ABANDONED ? "was killed" : "has ended");
    }

    Handle mutex;
    bool is_single;
};

int main(int argc, char **argv) try {
    std::vector<std::string> arguments(argv + 1, argv + argc);
    const bool waits = !arguments.empty() && arguments.front() == "--wait";
    if (waits)
        arguments.erase(arguments.begin());
    if (arguments.size() > 1) {
        std::cerr << "usage: single_instance [--wait] [NAME]\n";
        return 2;
    }

    Instance instance(arguments.empty() ? "Local\\SyncSingleInstance" : arguments.front());
    if (!instance) {
        say("another instance is running");
        if (!waits)
            return 3;
        instance.wait();
    }
    say("this is the single instance, press Enter to end it");
    std::cin.get();
    return 0;
} catch (const std::exception &error) {
    std::cerr << error.what() << "\n";
    return 1;
}
