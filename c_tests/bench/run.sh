#!/bin/sh
# Builds the library with what the benchmarks measure inside it, and runs the
# benchmarks: run.sh [ROUNDS]
set -eu
cd "$(dirname "$0")/../.."
out=target/bench
"${CARGO:-cargo}" build --release --locked --features bench --target-dir "$out"

# build PROGRAM SOURCE...
build() {
    program=$out/$1
    shift
    "${CC:-cc}" -std=gnu11 -O2 -Wall -Wextra -Iinclude -Iinclude/compat -o "$program" "$@" \
        -L"$out/release" -Wl,-rpath,"$PWD/$out/release" -lwinshm -lrt -pthread
}
build bench c_tests/bench/bench.c
build bench_shared_memory c_tests/bench/shared_memory.c c_tests/bench/shared_memory_wait.c
build bench_sync c_tests/bench/sync.c c_tests/bench/sync_trips.c c_tests/bench/sync_mutex.c
"$out/bench" "$@"
echo
"$out/bench_shared_memory" "$@"
echo
"$out/bench_sync" "$@"
