#!/bin/sh
# record.sh FOLDER - puts the results of a run, which are in FOLDER, into docs.
set -eu
cd "$(dirname "$0")/../.."
"${CC:-cc}" -std=gnu11 -O2 -Wall -Wextra c_tests/bench/plot.c -o "$1/plot" -lm
"$1/plot" "$1/results.csv" >"$1/performance.svg"
awk -v table="$1/table.md" '
    /^<!-- the end of the table/ { leaving_out = 0 }
    !leaving_out
    /^<!-- the table:/ {
        leaving_out = 1
        print ""
        while ((getline line <table) > 0) print line
        print ""
    }' docs/performance.md >"$1/performance.md"
cp "$1/results.csv" docs/performance.csv
cp "$1/performance.svg" docs/performance.svg
cp "$1/performance.md" docs/performance.md
echo "written: docs/performance.md, docs/performance.csv, docs/performance.svg"
