// counter.cpp - several processes count in one section, under a named mutex. It counts with counter.c, too.
//
//     counter [NAME [PROCESSES [ROUNDS]]]
//
// As many must be started as PROCESSES says: for i in 1 2 3; do ./counter Local\\c 3 & done; wait
// Each stays until all have counted, and ends with 0 if no round was lost, else with 1.
#include "common.hpp"

#include <cstdlib>

// The same as in counter.c.
struct Counter {
    LONGLONG value; // guarded by the mutex: neither volatile nor atomic
    LONG finished;
};

// Returns what all have counted together.
static LONGLONG count(const std::string &name, int processes, int rounds) {
    const Handle mutex(CreateMutexA(nullptr, FALSE, (name + ".mutex").c_str()), "CreateMutexA");
    const Handle have_finished(CreateEventA(nullptr, TRUE, FALSE, (name + ".finished").c_str()),
                               "CreateEventA");
    const Section<Counter> counter(name);

    for (int round = 0; round < rounds; round++) {
        const Lock lock(mutex); // if its owner was killed: one number is never half done
        counter->value++;
    }

    // The section goes with its last handle, so nobody leaves before all have seen the sum.
    {
        const Lock lock(mutex);
        if (++counter->finished == processes)
            must(SetEvent(have_finished), "SetEvent");
    }
    wait_for(have_finished);

    const Lock lock(mutex);
    return counter->value;
}

int main(int argc, char **argv) try {
    const std::string name = argc > 1 ? argv[1] : "Local\\SyncCounter";
    const int processes = argc > 2 ? std::atoi(argv[2]) : 1;
    const int rounds = argc > 3 ? std::atoi(argv[3]) : 100000;

    if (argc > 4 || processes < 1 || rounds < 1) {
        std::cerr << "usage: counter [NAME [PROCESSES [ROUNDS]]]\n";
        return 2;
    }
    const LONGLONG value = count(name, processes, rounds);
    const LONGLONG expected = static_cast<LONGLONG>(processes) * rounds;
    say("added ", rounds, ", the counter is ", value);
    if (value != expected) {
        std::cerr << "counter: " << processes << " processes with " << rounds << " rounds make " << expected
                  << "\n";
        return 1;
    }
    return 0;
} catch (const std::exception &error) {
    std::cerr << error.what() << "\n";
    return 1;
}
