#!/bin/sh
# run.sh ROOT - what other means of sharing memory do with a fault, observed here: builds the programs of this
# folder whose packages are installed and runs them. One line for each fault and means.
# WINSHM_LIBRARY_DIR: the folder of libwinshm.so.
set -eu

cd "$1"
root=$PWD
build=$(mktemp -d)
trap 'rm -rf "$build"' EXIT
have() { command -v "$1" >/dev/null 2>&1; }

printf '%-34s | %-26s | %s\n' fault means observed
gcc -O1 -Wall c_tests/peers/posix.c -o "$build/posix" -pthread -lrt
"$build/posix"
gcc -O1 -Wall c_tests/peers/system_v.c -o "$build/system_v"
"$build/system_v"
if have g++ && [ -e /usr/include/boost/interprocess/sync/named_mutex.hpp ]; then
    g++ -O1 -Wall c_tests/peers/boost.cpp -o "$build/boost" -pthread -lrt
    "$build/boost"
else
    echo "SKIPPED: Boost.Interprocess (libboost-dev) is not installed"
fi

# tell MEANS START... - the story of winapi.c; START runs the program. The owner is killed by the pid that
# `pid_of` finds.
await() {
    tries=600
    until grep "$2" "$1" >/dev/null 2>&1; do
        tries=$((tries - 1))
        [ $tries -gt 0 ] || { echo "$2 never came" >&2; return 1; }
        sleep 0.1
    done
}
tell() {
    means=$1
    shift
    name=winshm-peers-$$
    "$@" own "$name" >"$build/owner.txt" 2>/dev/null &
    owner=$!
    await "$build/owner.txt" owns || return 0
    "$@" wait "$name" "$means" >"$build/waiter.txt" 2>/dev/null &
    waiter=$!
    await "$build/waiter.txt" waits || return 0
    kill -9 $owner
    wait $waiter || true
    grep -v '^waits' "$build/waiter.txt" || true
    "$@" look "$name" "$means" 2>/dev/null
}
gcc -Wall -Iinclude -Iinclude/compat c_tests/peers/winapi.c -o "$build/winapi" \
    -L"$WINSHM_LIBRARY_DIR" -lwinshm "-Wl,-rpath,$WINSHM_LIBRARY_DIR"
tell winshm "$build/winapi"

wine=$(command -v wine64 || echo /usr/lib/wine/wine64)
if have x86_64-w64-mingw32-gcc && [ -x "$wine" ]; then
    x86_64-w64-mingw32-gcc -Wall c_tests/peers/winapi.c -o "$build/winapi.exe"
    WINEPREFIX=$build/prefix
    WINEDEBUG=-all
    export WINEPREFIX WINEDEBUG
    tell "Wine" "$wine" "$build/winapi.exe"
else
    echo "SKIPPED: Wine and mingw-w64 are not installed"
fi
cd "$root"
