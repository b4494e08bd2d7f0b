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
    [ "$recorded" = "$measured" ] || {
        printf '\n*** SKIPPED: instruction counts: recorded with "%s", here is "%s" ***\n\n' "${recorded#??}" "${measured#??}"
        exit
    }
done
[ "$(condition "$1" valgrind)" = "$(condition "$2" valgrind)" ] ||
    printf '\n*** instruction counts: by %s, recorded by %s ***\n\n' "$(condition "$2" valgrind)" "$(condition "$1" valgrind)"
awk -f "$here/compare.awk" "$1" "$2"
