#!/bin/sh
# Measures how cost grows: growth.sh [PART...], see growth.c. Where the system lets it, the
# first touch is measured once more on a file system whose pages may be huge.
set -eu
cd "$(dirname "$0")/../.."
out=target/bench
"${CARGO:-cargo}" build --release --locked --features bench --target-dir "$out"
"${CC:-cc}" -std=gnu11 -O2 -Wall -Wextra -Iinclude -Iinclude/compat -o "$out/growth" c_tests/bench/growth*.c \
    -L"$out/release" -Wl,-rpath,"$PWD/$out/release" -lwinshm -lrt -pthread
"$out/growth" "$@"
case " ${*:-touch} " in *" touch "*) ;; *) exit 0 ;; esac
mkdir -p "$out/huge"
unshare -m true 2>/dev/null || { echo "huge pages: SKIPPED, no file system can be mounted" && exit 0; }
unshare -m sh -c 'mount -t tmpfs -o huge=advise,mode=0700 growth "$1/huge" && cd "$1" &&
    echo "On a file system with the option huge=advise:" && WINSHM_DIR=$PWD/huge ./growth touch' - "$out"
