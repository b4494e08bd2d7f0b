#!/bin/sh
# check.sh [--include DIR] OUTPUT_DIR [record] - compares what programs count on, as the
# headers have it, with what is recorded here for the SONAME: the functions with their
# types, structures and constants (libwinshm.so.N.abi), and since which version there is
# each function (libwinshmN.symbols, which Debian packages need).
#
# A change that breaks programs fails, and is not recorded: it needs another SONAME, which
# is the major version in Cargo.toml. Other changes fail until they are recorded.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
include=$here/../include
if [ "$1" = --include ]; then
    include=$2
    shift 2
fi
output=$1 task=${2-}
version=$(sed -n 's/^version = "\(.*\)"/\1/p' "$here/../Cargo.toml")
soname=libwinshm.so.${version%%.*}
package=libwinshm${version%%.*}
baseline=$here/$soname.abi
symbols=$here/$package.symbols
described=$output/$soname
mkdir -p "$output"
fail() { echo "abi: $*"; exit 1; }

"$here/describe.sh" "$include" "$described" "$soname"

# abidiff ends with bits: 1 and 2 are errors, 4 is a change, also of what functions take, 8
# one that breaks programs for certain.
differ() {
    status=0
    abidiff --no-show-locs "$@" "$baseline" "$described" >"$output/difference" || status=$?
    [ $((status & 3)) = 0 ] || { cat "$output/difference"; fail "abidiff failed"; }
    [ $status != 0 ]
}
# To abidiff a member that has another's name is harmless.
renamed() { differ --harmless --no-added-syms && grep -q "name of '.*' changed to" "$output/difference"; }

if [ -e "$baseline" ] && { differ --no-added-syms || renamed; }; then
    cat "$output/difference"
    fail "this breaks programs that are linked with $soname"
fi

names() { sed -n 's/^ \([^@]*\)@WINSHM_.*/\1/p' "$1" | grep -v '^WINSHM_' | sort; }
exported() { nm -D --defined-only "$described" | sed -n 's/.* T \([^@]*\)@.*/\1/p' | grep -v '^constant_' | sort; }

if [ "$task" = record ]; then
    abidw --no-corpus-path --no-comp-dir-path --no-show-locs --out-file "$baseline" "$described"
    set --
    [ ! -e "$symbols" ] || set -- "-I$symbols"
    dpkg-gensymbols -q -c0 "-p$package" "-v$version" "$@" "-e$described" "-O$output/symbols"
    grep -v '^ constant_\|^[*]' "$output/symbols" |
        sed '1a * Build-Depends-Package: libwinshm-dev' >"$symbols"
    echo "abi: recorded for $soname"
    exit
fi
[ -e "$baseline" ] || fail "nothing is recorded for $soname: ./dev abi record"
if differ --harmless || [ "$(names "$symbols")" != "$(exported)" ]; then
    cat "$output/difference"
    fail "this breaks no program, but must be recorded: ./dev abi record"
fi
echo "abi: as recorded for $soname"
