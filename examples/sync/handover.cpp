// handover.cpp - a producer hands lines to a consumer, through a section with room for one and two
// auto-reset events. Either side may be handover.c.
//
//     handover send [NAME]       hands over the lines of its standard input
//     handover receive [NAME]    prints them, and ends after the last one
//
// One of each, started in any order: seq 5 | ./handover send & ./handover receive
#include "common.hpp"

#include <cstdio>

// The same as in handover.c.
struct Box {
    char line[256]; // empty: that was all
};

// Belongs to the sender while `emptied` was the last to be set, to the receiver while it was `filled`.
class Handover {
  public:
    explicit Handover(const std::string &name)
        : filled(CreateEventA(nullptr, FALSE, FALSE, (name + ".filled").c_str()), "CreateEventA"),
          // Signalled at first. The state counts for whoever creates it, the other opens it as it is.
          emptied(CreateEventA(nullptr, FALSE, TRUE, (name + ".emptied").c_str()), "CreateEventA"),
          box(name) {}

    void send() {
        for (bool is_end = false; !is_end;) {
            wait_for(emptied);
            is_end = std::fgets(box->line, sizeof box->line, stdin) == nullptr;
            if (is_end)
                box->line[0] = '\0';
            must(SetEvent(filled), "SetEvent");
        }
        // The box goes with its last handle: it must be empty before this process leaves.
        wait_for(emptied);
        if (std::ferror(stdin))
            throw std::runtime_error("handover: cannot read the standard input");
    }

    void receive() {
        for (bool is_end = false; !is_end;) {
            wait_for(filled);
            is_end = box->line[0] == '\0';
            std::cout << box->line;
            must(SetEvent(emptied), "SetEvent");
        }
        if (!std::cout.flush())
            throw std::runtime_error("handover: cannot write the standard output");
    }

  private:
    Handle filled;
    Handle emptied;
    Section<Box> box;
};

int main(int argc, char **argv) try {
    const std::string role = argc > 1 ? argv[1] : "";
    const std::string name = argc > 2 ? argv[2] : "Local\\SyncHandover";

    if (argc > 3 || (role != "send" && role != "receive")) {
        std::cerr << "usage: handover send|receive [NAME]\n";
        return 2;
    }
    Handover handover(name);
    if (role == "send")
        handover.send();
    else
        handover.receive();
    return 0;
} catch (const std::exception &error) {
    std::cerr << error.what() << "\n";
    return 1;
}
