#!/bin/sh
# compare.sh RECORDED MEASURED - fails where a call takes 3 % more instructions of the
# library than was recorded, or 3 % less, so that the record stays true; says so, and
# compares nothing, where the compiler or the kind of processor is another.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
condition() { grep "^# $2" "$1"; }

for what in rustc "a processor"; do
    recorded=$(condition "$1" "$what")
    measured=$(condition "$2" "$what")
    if [ "$recorded" != "$measured" ]; then
        printf '\n*** SKIPPED: instruction counts: recorded "%s", here "%s" ***\n\n' "$recorded" "$measured"
        exit
    fi
done
recorded=$(condition "$1" valgrind)
measured=$(condition "$2" valgrind)
[ "$recorded" = "$measured" ] || printf '\n*** instruction counts: recorded "%s", here "%s" ***\n\n' "$recorded" "$measured"
awk -f "$here/compare.awk" "$1" "$2"
