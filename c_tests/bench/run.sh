#!/bin/sh
# Builds the library with what the benchmark measures inside it, and the contenders
# that this system has what they need for, and measures:
#
#     run.sh [-r ROUNDS] [--record] [WORD...]
#     run.sh growth [PART...]                  how cost grows: growth.c
#
# Only operations are measured whose name contains one of the words. The results are
# printed and go to target/bench/results.csv; with --record to docs, too: the plot, the
# CSV file and the table of performance.md.
set -eu
cd "$(dirname "$0")/../.."
if [ "${1:-}" = growth ]; then
    shift
    exec c_tests/bench/growth.sh "$@"
fi
rounds=61
record=no
while [ $# -gt 0 ]; do
    case $1 in
        -r) rounds=$2 && shift 2 ;;
        --record) record=yes && shift ;;
        -*) echo "usage: ./dev bench [-r ROUNDS] [--record] [WORD...]" >&2 && exit 2 ;;
        *) break ;;
    esac
done
[ $record = no ] || [ $# = 0 ] || { echo "bench: only a run of all operations is recorded" >&2 && exit 2; }

here=c_tests/bench
out=target/bench
contenders=$out/contenders
have() { command -v "$1" >/dev/null 2>&1; }
shout() { printf '\n*** SKIPPED: %s ***\n\n' "$*"; }

"${CARGO:-cargo}" build --release --locked --features bench --target-dir "$out"
rm -rf "$contenders"
mkdir -p "$contenders"
flags="-O2 -Wall -Wextra"
winshm="-Iinclude -Iinclude/compat -L$out/release -Wl,-rpath,$PWD/$out/release -lwinshm"

# c NAME OPTION... - builds a program in C from NAME.c
c() {
    name=$1
    shift
    # shellcheck disable=SC2086 # lists of options
    "${CC:-cc}" -std=gnu11 $flags "$here/$name.c" -o "$contenders/$name" "$@" -pthread -lrt
}
for name in bare_words bare_mutex bare_trips bare_sections bare_copy; do
    c $name
done
for name in winapi winapi_trips winshm_mutex memory memory_trips inside readers abandoned; do
    # shellcheck disable=SC2086
    c $name $winshm
done
"${CC:-cc}" -std=gnu11 -O2 -Wall -Wextra "$here/driver.c" "$here/process.c" "$here/report.c" "$here/operations.c" \
    -o "$out/driver"

if have g++ && [ -e /usr/include/boost/interprocess/sync/named_mutex.hpp ]; then
    # shellcheck disable=SC2086
    g++ -std=c++17 $flags "$here/boost.cpp" -o "$contenders/boost" -pthread -lrt
else
    shout "Boost.Interprocess: libboost-dev is not installed"
fi
if have g++ && pkg-config --exists Qt6Core 2>/dev/null; then
    # shellcheck disable=SC2046,SC2086
    g++ -std=c++17 -fPIC $flags $(pkg-config --cflags Qt6Core) "$here/qt.cpp" -o "$contenders/qt" \
        $(pkg-config --libs Qt6Core) -pthread -lrt
else
    shout "Qt: qt6-base-dev is not installed"
fi

# Wine starts 64-bit programs only; the launcher `wine` would ask for the others.
WINE=$(command -v wine64 || ls /usr/lib/wine/wine64 2>/dev/null || true)
server=
if [ -n "$WINE" ] && have x86_64-w64-mingw32-gcc; then
    for name in winapi winapi_trips; do
        # shellcheck disable=SC2086
        x86_64-w64-mingw32-gcc $flags "$here/$name.c" -o "$contenders/$name.exe"
    done
    export WINE WINEPREFIX="$PWD/$out/wine" WINEDEBUG=-all WINEDLLOVERRIDES="mscoree=;mshtml=;winemenubuilder.exe="
    wineserver=$(command -v wineserver || ls /usr/lib/wine/wineserver64 /usr/lib/wine/wineserver 2>/dev/null | head -1)
    first=$(taskset -cp $$ | sed 's/.*: *\([0-9]*\).*/\1/')
    taskset -c "$first" "$wineserver" -f -p &
    server=$!
    # With all programs of its own, which would stay without it.
    trap '"$wineserver" -k 2>/dev/null || true; wait $server 2>/dev/null || true' EXIT
    trap 'exit 1' HUP INT TERM
    "$WINE" wineboot >/dev/null 2>&1 || true # once, and outside of what is measured
else
    shout "Wine: wine64 or gcc-mingw-w64-x86-64 is not installed"
fi

status=0
"$out/driver" "$out" "$rounds" "$@" || status=$?
[ $record = no ] || [ $status != 0 ] || "$here/record.sh" "$out"
exit $status
