#!/bin/sh
# migrating.sh ROOT - the programs of the pages about migrating (examples/migrating): those from before and those on
# their way count in the same memory at the same time, and those from after say what is better.
# WINSHM_LIBRARY_DIR is where libwinshm.so is (default: ROOT/target/release).
# WINSHM_WINE=1: those for Wine too, which takes longer.
set -eu
root=$(cd "$1" && pwd)
library=$(cd "${WINSHM_LIBRARY_DIR:-$root/target/release}" && pwd)
work=$(mktemp -d)
object=/migrating.$$
key=$((0x58000000 + $$ % 0x1000000))
clean_up() {
    rm -rf "$work" /dev/shm/*"${object#/}"*
    ipcrm -M $key -S $key >/dev/null 2>&1 || true
}
trap clean_up EXIT
trap 'exit 1' HUP INT TERM
mkdir "$work/names"
export WINSHM_DIR="$work/names"

has_boost=no
[ ! -e /usr/include/boost/interprocess/sync/named_mutex.hpp ] || has_boost=yes
sources=$root/examples/migrating
libraries="-L$library -lwinshm -Wl,-rpath,$library -pthread -lrt"
include="-I$root/include -I$root/include/compat"
for source in "$sources"/*.c "$sources"/*.cpp "$root/examples/sync/journal.c"; do
    name=$(basename "$source")
    case $name in
        *.c) compiler="gcc -std=gnu11 -Wpedantic" ;;
        boost_before.cpp | boost_step.cpp) compiler="g++ -std=c++17" ;;
        *) compiler="g++ -std=c++17 -Wpedantic" ;;
    esac
    case $name in boost_before.* | boost_step.*) [ $has_boost = yes ] || continue ;; esac
    # shellcheck disable=SC2086 # lists of flags
    $compiler -O1 -Wall -Wextra -Werror $include "$source" -o "$work/${name%.*}" $libraries
done
cd "$work"
. "$root/c_tests/stories.sh"

# both BEFORE STEP NAME - the two count at the same time; the memory is the same, and so is the lock.
both() {
    run "./$1" "$3" 20000 >first &
    run "./$2" "$3" 20000 >second
    ends 0 $!
    same "$(sort -n first second | tail -n 1)" 40000
    same "$(run "./$1" "$3" 1)" 40001
    same "$(run "./$2" "$3" 1)" 40002
}
# The name is gone with its last user, and who comes after one that was killed is told.
after() {
    same "$(run "./$1" "$name" 1000)" 1000
    same "$(run "./$1" "$name" 1)" 1
    # Somebody else has the same names, so they outlive the one that is killed.
    start journal keep "$name"
    tells "keeping the record, press Enter to end it"
    # shellcheck disable=SC2154 # set by start
    keeper=$job
    start after "$name" hold
    tells "holding"
    is_killed "$(cat "/proc/$job/task/$job/children")" "$job"
    same "$(run "./$1" "$name" 1)" "the one before was killed
2"
    same "$(run "./$1" "$name" 1)" 3
    echo >&5
    ends 0 "$keeper"
}
story "POSIX, before and on its way" both posix_before posix_step "$object"
story "C, after" after after
story "C++, after" after boost_after
story "System V, before and on its way" both sysv_before sysv_step $key
if [ $has_boost = yes ]; then
    story "Boost, before and on its way" both boost_before boost_step "${object#/}.boost"
else
    echo "SKIPPED: Boost.Interprocess (libboost-dev) is not installed"
fi

# The same source on Wine and natively, in one file.
if [ "${WINSHM_WINE:-}" = 1 ]; then
    x86_64-w64-mingw32-gcc "$sources/wine_bridge.c" -o wine_bridge.exe
    WINEPREFIX=$work/prefix WINEDEBUG=-all
    export WINEPREFIX WINEDEBUG
    bridge() {
        wine=$(command -v wine64 || echo /usr/lib/wine/wine64)
        timeout 300 "$wine" ./wine_bridge.exe 'Z:\'"$(echo "$work/count" | tr / '\\')" 1
        timeout 300 "$wine" ./wine_bridge.exe "Z:$(echo "$work/count" | tr / '\\')" 20000 >first &
        run ./wine_bridge "$work/count" 20000 >second
        ends 0 $!
        same "$(tr -d '\r' <first | sort -n - second | tail -n 1)" 40001
    }
    story "Wine and native" bridge
else
    echo "SKIPPED: Wine and native: WINSHM_WINE is not 1"
fi
sum_up
