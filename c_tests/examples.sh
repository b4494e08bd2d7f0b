#!/bin/sh
# examples.sh ROOT - the example programs in C and C++, each producer with each
# consumer: they share one section, and the name is gone when the producer is.
# WINSHM_LIBRARY_DIR is where libwinshm.so is (default: ROOT/target/release);
# WINSHM_EXAMPLE_FLAGS are further flags for the compiler.
set -eu
root=$(cd "$1" && pwd)
library=${WINSHM_LIBRARY_DIR:-$root/target/release}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# Names of its own: the programs in C++ have theirs built in.
mkdir "$work/names"
export WINSHM_DIR="$work/names"
passed=0
failed=0

check() { # check TITLE COMMAND...
    title=$1
    shift
    if "$@"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "examples.sh: failed: $title"
    fi
}

flags="${WINSHM_EXAMPLE_FLAGS:-} -Wall -Wextra -Wpedantic -Werror -I$root/include -I$root/include/compat"
for program in producer consumer; do
    # shellcheck disable=SC2086 # a list of flags
    gcc -std=c11 $flags "$root/examples/$program.c" -o "$work/$program.c" -L"$library" -lwinshm "-Wl,-rpath,$library"
    # shellcheck disable=SC2086
    g++ -std=c++17 $flags "$root/examples/$program.cpp" -o "$work/$program.cpp" -L"$library" -lwinshm "-Wl,-rpath,$library"
done

sees_three_messages() {
    "$1" >"$work/consumed" && grep -q '3 messages were written' "$work/consumed" && grep -q '"message 2"' "$work/consumed"
}
finds_nothing() { ! "$1" >"$work/consumed" 2>&1 && grep -q 'error 2' "$work/consumed"; }

mkfifo "$work/line"
for producer in c cpp; do
    : >"$work/produced" # what the one before has said is no sign of this one
    "$work/producer.$producer" <"$work/line" >"$work/produced" &
    # The producer waits for a line as long as this descriptor is open.
    exec 9>"$work/line"
    tries=100
    until grep -q 'wrote up to message 3' "$work/produced"; do
        tries=$((tries - 1))
        [ $tries -gt 0 ] || break
        sleep 0.1
    done
    for consumer in c cpp; do
        check "producer.$producer and consumer.$consumer" sees_three_messages "$work/consumer.$consumer"
    done
    echo >&9
    exec 9>&-
    wait
    for consumer in c cpp; do
        check "consumer.$consumer after producer.$producer" finds_nothing "$work/consumer.$consumer"
    done
done
echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
