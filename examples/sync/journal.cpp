// journal.cpp - a record stays whole although its writers are killed half way: the next one, which may be
// journal.c, finds the mutex abandoned, and repairs it.
//
//     journal write [NAME [TIMES]]    writes the record that often; 0 only looks at it
//     journal crash [NAME]            stops half way in a write until it is killed
//     journal keep [NAME]             keeps the record, which ends with its last user, until it reads a line
//
// ./journal crash & sleep 1; ./journal write & sleep 1; kill -9 %1; wait
#include "common.hpp"

#include <algorithm>
#include <cstdlib>
#include <iterator>

// The same as in journal.c.
struct Record {
    LONG version;
    LONG numbers[1000]; // each is the version when the record is whole
};
// Guarded by the mutex. The journal has the record from before the write while is_writing.
struct Shared {
    volatile LONG is_writing;
    Record record;
    Record journal;
};

class Journal {
  public:
    explicit Journal(const std::string &name)
        : mutex(CreateMutexA(nullptr, FALSE, (name + ".mutex").c_str()), "CreateMutexA"), shared(name) {}

    void write(bool stops_half_way) {
        const Turn turn(*this);
        Record &record = shared->record;
        LONG *const half = std::begin(record.numbers) + std::size(record.numbers) / 2;

        // Interlocked functions are barriers: with is_writing set the journal is complete, else the record.
        shared->journal = record;
        InterlockedExchange(&shared->is_writing, TRUE);
        record.version++;
        std::fill(std::begin(record.numbers), half, record.version);
        if (stops_half_way) {
            say("half way in writing version ", record.version);
            Sleep(INFINITE);
        }
        std::fill(half, std::end(record.numbers), record.version);
        InterlockedExchange(&shared->is_writing, FALSE);
    }

    LONG version() {
        const Turn turn(*this);
        return shared->record.version;
    }

  private:
    // Owns the mutex, and the record is whole.
    class Turn {
      public:
        explicit Turn(Journal &journal) : lock(journal.mutex) {
            if (lock.is_abandoned())
                journal.repair();
            journal.check();
        }

      private:
        Lock lock;
    };

    // Whoever is killed in here leaves it to the next one.
    void repair() {
        if (!shared->is_writing) {
            say("the writer before was killed, between two writes");
            return;
        }
        const LONG version = shared->record.version;
        shared->record = shared->journal;
        InterlockedExchange(&shared->is_writing, FALSE);
        say("the writer before was killed half way: its version ", version, " is undone");
    }

    void check() {
        const Record &record = shared->record;
        const auto is_wrong = [&](LONG number) { return number != record.version; };
        if (std::any_of(std::begin(record.numbers), std::end(record.numbers), is_wrong))
            throw std::runtime_error("journal: half of version " + std::to_string(record.version));
    }

    Handle mutex;
    Section<Shared> shared;
};

int main(int argc, char **argv) try {
    const std::string role = argc > 1 ? argv[1] : "";
    const int times = argc > 3 ? std::atoi(argv[3]) : 1;
    const bool is_crash = role == "crash", is_keep = role == "keep";

    if (argc > 4 || times < 0 || (role != "write" && ((!is_crash && !is_keep) || argc > 3))) {
        std::cerr << "usage: journal write [NAME [TIMES]]\n       journal crash|keep [NAME]\n";
        return 2;
    }
    Journal journal(argc > 2 ? argv[2] : "Local\\SyncJournal");
    if (is_keep) {
        say("keeping the record, press Enter to end it");
        std::cin.get();
        return 0;
    }
    say("waiting for the record");
    for (int i = 0; i < times; i++)
        journal.write(is_crash);
    say("version ", journal.version(), " is whole");
    return 0;
} catch (const std::exception &error) {
    std::cerr << error.what() << "\n";
    return 1;
}
