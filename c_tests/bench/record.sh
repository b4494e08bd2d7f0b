#!/bin/sh
# record.sh FOLDER - puts the results of a run, which are in FOLDER, into docs.
set -eu
cd "$(dirname "$0")/../.."
"${CC:-cc}" -std=gnu11 -O2 -Wall -Wextra c_tests/bench/plot.c -o "$1/plot" -lm
"$1/plot" "$1/results.csv" >"$1/performance.svg"

# Where they are from.
{
    awk -F': ' '/^model name/ { processors++; name = $2 } END { printf "%s, %d processors", name, processors }' /proc/cpuinfo
    printf ', Linux %s, %s' "$(uname -r | sed 's,^\([0-9]*[.][0-9]*\).*,\1,')" "$(getconf GNU_LIBC_VERSION)"
    sed -n 's/^#define BOOST_LIB_VERSION "\(.*\)"/, Boost \1/p' /usr/include/boost/version.hpp 2>/dev/null | tr -d '\n'
    pkg-config --modversion Qt6Core 2>/dev/null | sed 's/^/, Qt /' | tr -d '\n'
    [ -z "${WINE:-}" ] || "$WINE" --version | sed 's/^wine-/, Wine /; s/ (.*//' | tr -d '\n'
    echo ':'
} | sed 's/_/./g' >"$1/machine.txt"

awk -v table="$1/table.md" -v machine="$1/machine.txt" '
    /^<!-- the end of the table/ { leaving_out = 0 }
    !leaving_out
    /^<!-- the table:/ {
        leaving_out = 1
        print ""
        while ((getline line <machine) > 0) print line
        print ""
        while ((getline line <table) > 0) print line
        print ""
    }' docs/performance.md >"$1/performance.md"
cp "$1/results.csv" docs/performance.csv
cp "$1/performance.svg" docs/performance.svg
cp "$1/performance.md" docs/performance.md
echo "written: docs/performance.md, docs/performance.csv, docs/performance.svg"
