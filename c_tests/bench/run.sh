#!/bin/sh
# Builds the library with what the benchmark measures inside it, and runs the
# benchmark: run.sh [ROUNDS]
set -eu
cd "$(dirname "$0")/../.."
out=target/bench
"${CARGO:-cargo}" build --release --locked --features bench --target-dir "$out"
"${CC:-cc}" -std=gnu11 -O2 -Wall -Wextra -Iinclude -Iinclude/compat -o "$out/bench" c_tests/bench/bench.c \
    -L"$out/release" -Wl,-rpath,"$PWD/$out/release" -lwinshm -lrt
exec "$out/bench" "$@"
