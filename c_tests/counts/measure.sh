#!/bin/sh
# measure.sh - what the hottest calls take in instructions, as lines like those of
# recorded.csv.
#
#   WINSHM_LIBRARY_DIR  where libwinshm.so is
#
# The library's own instructions stand alone: the C library chooses its memcpy and the
# like for each processor, so that its instructions count the machine. The library's
# depend on its compiler and, where it copies, on AVX2: more than that callgrind does not
# show of a processor.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
library=$WINSHM_LIBRARY_DIR/libwinshm.so
folder=$(mktemp -d /dev/shm/winshm-counts.XXXXXX) # of one length: its name is copied, too
trap 'rm -rf "$folder"' EXIT

gcc -std=c11 -O1 -Wall -Wextra -Werror -I"$here/../../include" -I"$here/../../include/compat" \
    "$here/counts.c" -o "$folder/counts" -pthread -L"${library%/*}" -lwinshm "-Wl,-rpath,${library%/*}"
if ! WINSHM_DIR=$folder valgrind --tool=callgrind --callgrind-out-file="$folder/out" \
    --compress-strings=no --compress-pos=no "$folder/counts" 2>"$folder/messages"; then
    cat "$folder/messages" >&2
    exit 1
fi

readelf -p .comment "$library" | sed -n 's/.*\(rustc version .*\)/# \1/p'
if grep -q -w avx2 /proc/cpuinfo; then echo '# a processor with AVX2'; else echo '# a processor without AVX2'; fi
valgrind --version | sed 's/^/# /'
echo "call,instructions of the library,of others (not compared)"
cd "$folder"
# shellcheck disable=SC2046 # the parts in the order in which they were written
awk -f "$here/of_library.awk" $(printf '%s\n' out.* | sort -t. -k2n)
