// pool.cpp - workers, also those of pool.c, wait for work or the end of their pool, whichever comes first.
//
//     pool worker [NAME]            works on items of the section until the pool is stopped
//     pool submit [NAME [COUNT]]    has the numbers from 1 to COUNT tested, and tells how many are prime
//     pool stop [NAME]              ends the workers, and a submit that waits
//
// One submit at a time: ./pool worker & ./pool worker & sleep 1; ./pool submit; ./pool stop; wait
#include "common.hpp"

#include <cstdlib>

// The same as in pool.c.
constexpr int slots = 10000;
struct Item {
    LONG number;
    LONG is_prime;
    LONG times; // how often it was worked on
};
struct Shared {
    volatile LONG submitted, taken, done; // items ever, also when they used slots again
    Item items[slots];
};

static bool is_prime(LONG number) {
    for (LONG divisor = 2; divisor <= number / divisor; divisor++)
        if (number % divisor == 0)
            return false;
    return number > 1;
}

class Pool {
  public:
    explicit Pool(const std::string &name)
        : shared(name), stop(CreateEventA(nullptr, TRUE, FALSE, (name + ".stop").c_str()), "CreateEventA"),
          items(CreateSemaphoreA(nullptr, 0, slots, (name + ".items").c_str()), "CreateSemaphoreA"),
          done(CreateEventA(nullptr, FALSE, FALSE, (name + ".done").c_str()), "CreateEventA") {}

    void work() {
        int count = 0;
        say("waiting for work");
        while (!is_stopped_before(items)) {
            Item &item = shared->items[(InterlockedIncrement(&shared->taken) - 1) % slots];

            item.is_prime = is_prime(item.number);
            InterlockedIncrement(&item.times);
            count++;
            if (InterlockedIncrement(&shared->done) == shared->submitted)
                must(SetEvent(done), "SetEvent");
        }
        say("stopped after ", count, " items");
    }

    int submit(int count) {
        const LONG first = shared->submitted;
        if (shared->done != first)
            throw std::runtime_error("pool: there is other work, or some left by a worker that was killed");
        for (int i = 0; i < count; i++)
            shared->items[(first + i) % slots] = {i + 1, FALSE, 0};
        shared->submitted = first + count;
        must(ReleaseSemaphore(items, count, nullptr), "ReleaseSemaphore");
        say("submitted ", count, " items");

        while (shared->done != shared->submitted) // a submit that was killed may have left the event set
            if (is_stopped_before(done)) {
                say("stopped before all was done");
                return 3;
            }
        int primes = 0;
        for (int i = 0; i < count; i++) {
            const Item &item = shared->items[(first + i) % slots];
            if (item.times != 1)
                throw std::runtime_error("pool: a number was not worked on exactly once");
            primes += item.is_prime;
        }
        say(primes, " of ", count, " numbers are prime");
        return 0;
    }

    static void stop_all(const std::string &name) {
        const HANDLE opened = OpenEventA(EVENT_MODIFY_STATE, FALSE, (name + ".stop").c_str());
        if (opened == nullptr && GetLastError() == ERROR_FILE_NOT_FOUND)
            throw std::runtime_error("pool: nobody is in this pool");
        const Handle stop(opened, "OpenEventA");
        must(SetEvent(stop), "SetEvent");
    }

  private:
    // Waits for both: the lowest index is reported when both are signalled.
    bool is_stopped_before(HANDLE other) const {
        const HANDLE objects[] = {stop, other};
        const DWORD result = WaitForMultipleObjects(2, objects, FALSE, INFINITE);
        must(result != WAIT_FAILED, "WaitForMultipleObjects");
        return result == WAIT_OBJECT_0;
    }

    Section<Shared> shared;
    Handle stop, items, done;
};

int main(int argc, char **argv) try {
    const std::string role = argc > 1 ? argv[1] : "";
    const std::string name = argc > 2 ? argv[2] : "Local\\SyncPool";
    const int count = argc > 3 ? std::atoi(argv[3]) : 1000;

    if (role == "submit" && argc < 5 && count > 0 && count <= slots)
        return Pool(name).submit(count);
    if (role == "worker" && argc < 4)
        Pool(name).work();
    else if (role == "stop" && argc < 4)
        Pool::stop_all(name);
    else {
        std::cerr << "usage: pool worker|stop [NAME]\n       pool submit [NAME [1.." << slots << "]]\n";
        return 2;
    }
    return 0;
} catch (const std::exception &error) {
    std::cerr << error.what() << "\n";
    return 1;
}
