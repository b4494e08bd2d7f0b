#!/bin/sh
# sync_examples.sh ROOT - the programs of examples/sync, in C and in C++, do what
# they say, in several processes, with each other, and when some are killed.
# WINSHM_LIBRARY_DIR is where libwinshm.so is (default: ROOT/target/release);
# WINSHM_EXAMPLE_FLAGS are further flags for the compiler.
# shellcheck disable=SC2154 # what stories.sh sets
set -eu
root=$(cd "$1" && pwd)
library=$(cd "${WINSHM_LIBRARY_DIR:-$root/target/release}" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
# Names of this run.
mkdir "$work/names"
export WINSHM_DIR="$work/names"

flags="-Wall -Wextra -Wpedantic -Werror ${WINSHM_EXAMPLE_FLAGS:--O2} -I$root/include -I$root/include/compat"
for source in "$root"/examples/sync/*.c "$root"/examples/sync/*.cpp; do
    case $source in *.c) compiler="gcc -std=c11" ;; *) compiler="g++ -std=c++17" ;; esac
    # shellcheck disable=SC2086 # a command with its flags, and a list of them
    $compiler $flags "$source" -o "$work/$(basename "$source")" -L"$library" -lwinshm "-Wl,-rpath,$library"
done
cd "$work"

. "$root/c_tests/stories.sh"

# --- 1. The counter ---------------------------------------------------------

rounds=1000000
counts() { # programs
    jobs=
    for program in "$@"; do
        start "$program" "$name" $# $rounds
        jobs="$jobs $job"
    done
    for program in "$@"; do
        tells "added $rounds, the counter is $(($# * rounds))"
    done
    for job in $jobs; do ends 0 "$job"; done
}
# One more round than the first process expects of both.
round_too_much() {
    start "counter.$1" "$name" 2 10
    fails 1 "2 processes with 11 rounds make 22" "counter.$1" "$name" 2 11
    ends 1 "$job"
}
story "four counters in C" counts counter.c counter.c counter.c counter.c
story "four counters in C++" counts counter.cpp counter.cpp counter.cpp counter.cpp
story "five counters, in C and C++" counts counter.c counter.cpp counter.c counter.cpp counter.c
for kind in c cpp; do
    story "one counter in $kind" says "_: added 100000, the counter is 100000" counter.$kind
    story "counters in $kind that do not fit" round_too_much $kind
    story "a counter in $kind of no processes" fails 2 "usage: counter" counter.$kind "$name" 0
done

# --- 2. The handover --------------------------------------------------------

# Lines of all lengths about the size of the box, an empty one, and a last one without its end.
{
    seq 1000
    echo
    for length in 253 254 255 256 257 509 510 511 1000; do printf "%${length}s\n" x; done
    printf 'the last'
} >lines
: >nothing

receiver_first() { # receiver, sender, what
    run "./handover.$1" receive "$name" >received &
    job=$!
    run "./handover.$2" send "$name" <"$3"
    ends 0 $job
    cmp "$3" received
}
sender_first() { # sender, receiver, what
    run "./handover.$1" send "$name" <"$3" &
    job=$!
    run "./handover.$2" receive "$name" >received
    ends 0 $job
    cmp "$3" received
}
for kinds in "c c" "c cpp" "cpp c" "cpp cpp"; do
    for what in lines nothing; do
        # shellcheck disable=SC2086 # two arguments
        story "$what to a receiver that is there, $kinds" receiver_first $kinds $what
        # shellcheck disable=SC2086
        story "$what for a receiver that comes, $kinds" sender_first $kinds $what
    done
done
for kind in c cpp; do
    story "a handover in $kind without a role" fails 2 "usage: handover" handover.$kind
    story "a handover in $kind with another role" fails 2 "usage: handover" handover.$kind both "$name"
done

# --- 3. The single instance -------------------------------------------------

single="this is the single instance, press Enter to end it"

third_is_single() { # first, second, third
    start "single_instance.$1" "$name"
    tells "$single"
    first=$job
    fails 3 "another instance is running" "single_instance.$2" "$name"
    is_killed "$pid" "$first"
    start "single_instance.$3" "$name"
    tells "$single"
    fails 3 "another instance is running" "single_instance.$2" "$name"
    echo >&5
    ends 0 "$job"
}
# Of those who wait one takes over, and learns how the one before has ended; the others wait on.
take_over() { # first, who wait
    start "single_instance.$1" "$name"
    tells "$single"
    first=$job killed=$pid
    start "single_instance.$2" --wait "$name"
    tells "another instance is running"
    second=$job
    start "single_instance.$2" --wait "$name"
    tells "another instance is running"
    third=$job
    is_killed "$killed" "$first"
    tells "the instance before was killed"
    tells "$single"
    fails 3 "another instance is running" "single_instance.$1" "$name"
    echo >&5
    tells "the instance before has ended"
    tells "$single"
    echo >&5
    ends 0 "$second"
    ends 0 "$third"
}
one_of_eight() {
    for round in 1 2 3 4 5; do
        echo "round $round"
        jobs=
        for kind in c cpp c cpp c cpp c cpp; do
            start single_instance.$kind "$name"
            jobs="$jobs $job"
        done
        for line in 1 2 3 4 5 6 7 8; do
            next_line
        done | sed 's/^[0-9]*: //' | sort | uniq -c | sed 's/^ *//' >lines_told
        same "$(cat lines_told)" "7 another instance is running
1 $single"
        echo >&5
        statuses=
        for job in $jobs; do
            status=0
            wait "$job" || status=$?
            statuses="$statuses$status"
        done
        same "$(printf %s "$statuses" | tr -d 3)" 0
    done
}
story "the third in C after the first in C++ was killed" third_is_single cpp c c
story "the third in C++ after the first in C was killed" third_is_single c cpp cpp
story "take over in C" take_over cpp c
story "take over in C++" take_over c cpp
story "one of eight" one_of_eight
for kind in c cpp; do
    story "a single instance in $kind of two names" fails 2 "usage: single_instance" single_instance.$kind a b
done

# --- 4. The pool ------------------------------------------------------------

# workers KIND... - their jobs are $jobs, $pid the last one's process.
workers() {
    jobs=
    for kind in "$@"; do
        start "pool.$kind" worker "$name"
        jobs="$jobs $job"
        tells "waiting for work"
    done
}
# Each worker says how much it did.
all_stop() { # how many items there were
    items=0
    for job in $jobs; do
        line=$(next_line)
        count=${line#*: stopped after }
        items=$((items + ${count% items}))
    done
    same $items "$1"
    for job in $jobs; do ends 0 "$job"; done
}
two_submits() {
    workers c cpp c cpp
    says "_: submitted 9000 items
_: 1117 of 9000 numbers are prime" pool.c submit "$name" 9000
    says "_: submitted 2000 items
_: 303 of 2000 numbers are prime" pool.cpp submit "$name" 2000
    run "./pool.$1" stop "$name"
    all_stop 11000
    fails 1 "nobody is in this pool" "pool.$1" stop "$name"
}
idle_worker_is_killed() {
    workers "$1" c "$1"
    is_killed "$pid" "${jobs##* }"
    jobs=${jobs% *}
    says "_: submitted 1000 items
_: 168 of 1000 numbers are prime" "pool.$1" submit "$name"
    run "./pool.$1" stop "$name"
    all_stop 1000
}
nobody_works() {
    start "pool.$1" submit "$name" 10
    tells "submitted 10 items"
    fails 1 "there is other work" "pool.$1" submit "$name"
    run "./pool.$1" stop "$name"
    tells "stopped before all was done"
    ends 3 "$job"
}
for kind in c cpp; do
    story "a pool, stopped in $kind" two_submits $kind
    story "an idle worker in $kind is killed" idle_worker_is_killed $kind
    story "a pool in $kind without workers" nobody_works $kind
    story "a pool in $kind without a role" fails 2 "usage: pool" pool.$kind
    story "a submit in $kind of too much" fails 2 "usage: pool" pool.$kind submit "$name" 10001
done

# --- 5. The journal ---------------------------------------------------------

crash() { # kind; it is $crashed
    start "journal.$1" crash "$name"
    tells "waiting for the record"
    crashed=$job
}
keep() { # kind; it is $keeper
    start "journal.$1" keep "$name"
    tells "keeping the record, press Enter to end it"
    keeper=$job
}
next_one_waits() { # who is killed, who waits
    crash "$1"
    tells "half way in writing version 1"
    killed=$pid
    start "journal.$2" write "$name"
    tells "waiting for the record"
    is_killed "$killed" "$crashed"
    tells "the writer before was killed half way: its version 1 is undone"
    tells "version 1 is whole"
    ends 0 "$job"
}
next_one_comes() { # who is killed, who comes
    keep "$2"
    says "_: waiting for the record
_: version 5 is whole" "journal.$1" write "$name" 5
    crash "$1"
    tells "half way in writing version 6"
    is_killed "$pid" "$crashed"
    # Another one is killed half way, when it has repaired the record.
    crash "$2"
    tells "the writer before was killed half way: its version 6 is undone"
    tells "half way in writing version 6"
    is_killed "$pid" "$crashed"
    says "_: waiting for the record
_: the writer before was killed half way: its version 6 is undone
_: version 7 is whole" "journal.$2" write "$name" 2
    says "_: waiting for the record
_: version 7 is whole" "journal.$1" write "$name" 0
    echo >&5
    ends 0 "$keeper"
    says "_: waiting for the record
_: version 0 is whole" "journal.$1" write "$name" 0
}
# Of those who wait one is told.
three_wait() {
    crash c
    tells "half way in writing version 1"
    killed=$pid
    jobs=
    for kind in c cpp c; do
        start journal.$kind write "$name" 100
        tells "waiting for the record"
        jobs="$jobs $job"
    done
    keep c
    is_killed "$killed" "$crashed"
    tells "the writer before was killed half way: its version 1 is undone"
    for job in $jobs; do
        next_line | grep ' is whole$'
        ends 0 "$job"
    done
    says "_: waiting for the record
_: version 300 is whole" journal.cpp write "$name" 0
    echo >&5
    ends 0 "$keeper"
}
# Writers that write as fast as they can are killed at any instruction.
storm() {
    keep cpp
    : >found
    for round in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
        for kind in c cpp; do
            start journal.$kind write "$name" 1000000000
            tells "waiting for the record"
            is_killed "$pid" "$job"
            run ./journal.$kind write "$name" >found.last
            tail -n 1 found.last | grep 'is whole'
            cat found.last >>found
        done
        echo "round $round"
    done
    grep 'the writer before was killed' found
    echo >&5
    ends 0 "$keeper"
}
for kinds in "c c" "c cpp" "cpp c" "cpp cpp"; do
    # shellcheck disable=SC2086 # two arguments
    story "a writer waits for one that is killed, $kinds" next_one_waits $kinds
    # shellcheck disable=SC2086
    story "a writer comes when one was killed, $kinds" next_one_comes $kinds
done
story "three writers wait for one that is killed" three_wait
story "writers are killed all the time" storm
for kind in c cpp; do
    story "a journal in $kind without a role" fails 2 "usage: journal" journal.$kind
    story "a journal in $kind that crashes often" fails 2 "usage: journal" journal.$kind crash "$name" 2
done

sum_up
