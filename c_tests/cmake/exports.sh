#!/bin/sh
# exports.sh LIBRARY... - the exports of each library must be the functions of the headers,
# as the compiler names them in both widths of wchar_t, no more and no fewer. Versions of
# symbols do not count. Prints the names; without a library, those of the headers.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
include=$(cd "$here/../../include" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

sh "$here/function_table.sh" "$include/winshm.h" "$include/winshm_nt.h" "$include/SharedMemory.h" >"$work/table.c"
echo 'const void *keep(void) { return functions; }' >>"$work/table.c"
for form in -fno-short-wchar -fshort-wchar; do
    gcc -c $form -Wno-deprecated-declarations -I"$include" "$work/table.c" -o "$work/table.o"
    nm -u "$work/table.o" | sed 's/^ *U //' | grep -v '^_GLOBAL_OFFSET_TABLE_$'
done | sort -u >"$work/declared"
[ -s "$work/declared" ] || { echo "exports: no functions found in the headers" >&2; exit 1; }

for library in "$@"; do
    # A is the symbol of a version itself.
    nm -D --defined-only "$library" | awk '$2 != "A" { sub(/@.*/, "", $3); print $3 }' | sort -u >"$work/exported"
    diff "$work/declared" "$work/exported" >"$work/differences" || {
        echo "exports: < declared in the headers, > exported by $library" >&2
        cat "$work/differences" >&2
        exit 1
    }
done
cat "$work/declared"
