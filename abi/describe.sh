#!/bin/sh
# describe.sh INCLUDE_DIR OUTPUT SONAME - makes a library out of the headers that has their
# functions, with nothing in them, and debugging information: what programs that are
# compiled with these headers count on. Its functions are in both widths of wchar_t, under
# the names that the headers bind them to. For each integer constant NAME there is a
# function constant_NAME, which takes an enumeration of that value alone: abidiff takes
# enumerations for the same that have the same values under other names. (tests/header.rs holds the
# headers against the sources, c_tests/cmake/exports.sh against the library's exports.)
set -eu

LC_ALL=C
export LC_ALL
include=$1 output=$2 soname=$3
work=$output.work
rm -rf "$work"
mkdir -p "$work"
for header in winshm winshm_nt SharedMemory; do
    echo "#include <$header.h>"
done >"$work/headers.c"
preprocess() { gcc -E "$@" "-I$include" "$work/headers.c"; }

# Each exported declaration becomes a definition. One with a label gets the name there,
# and is written to the file `wide`, too; with ONLY, a file of names, only those are defined.
define() {
    awk -v wide="$work/wide" -v only="${1-}" 'BEGIN {
            while (only != "" && (getline name <only) > 0) { wanted[name] = 1; some = 1 }
            RS = ";"; marker = "__attribute__\\(\\(visibility\\(\"default\"\\)\\)\\)"
        }
        !sub(marker, "") { print $0 ";"; next }
        {
            sub(/__attribute__ *\(\([^()]*\)\)[ \n]*$/, "") # may not stand there in a definition
            head = $0
            sub(/[(].*/, "", head)
            count = split(head, words, /[^A-Za-z0-9_]+/)
            name = words[count]
            if (some && !(name in wanted)) { print $0 ";"; next }
            if (match($0, /__asm__\(.*\)/)) {
                $0 = substr($0, 1, RSTART - 1)
                sub(name "[(]", "winshm_" name "32(")
                print name >wide
            }
            print $0 " { __builtin_unreachable(); }"
        }'
}

# `constants NAME...` - the functions for those macros that are integer constants.
constants() {
    for name in "$@"; do
        printf 'enum constant_%s { value_of_%s = (long long)(%s) }; ' "$name" "$name" "$name"
        printf 'void constant_%s(enum constant_%s constant) { }\n' "$name" "$name"
    done
}

: >"$work/wide"
preprocess -P | define >"$work/functions.c"
preprocess -P -fshort-wchar | define "$work/wide" >"$work/functions_of_char16.c"

names_of_macros() { sed -n 's/^#define \([A-Za-z][A-Za-z0-9_]*\) [^ ].*/\1/p' | sort; }
echo | gcc -E -dM -include stdarg.h -include stddef.h -include stdint.h -include wchar.h - |
    names_of_macros >"$work/macros_of_others"
preprocess -dM | names_of_macros | comm -23 - "$work/macros_of_others" | grep -v '^WINSHM_VERSION' >"$work/macros"
# The compiler tells which are no integers: names of functions, texts, types. After some
# errors it looks no further.
# shellcheck disable=SC2046 # a list of names
while
    {
        cat "$work/headers.c"
        constants $(cat "$work/macros")
    } >"$work/constants.c"
    gcc "-I$include" -fmax-errors=0 -fsyntax-only "$work/constants.c" 2>&1 |
        sed -n 's/^[^ ]*constants.c:\([0-9]*\):[0-9]*: error: .*/\1p/p' | sort -u >"$work/errors"
    [ -s "$work/errors" ]
do
    sed -n -f "$work/errors" "$work/constants.c" | sed -n 's/^enum constant_\([^ ]*\) .*/\1/p' | sort >"$work/others"
    [ -s "$work/others" ] || { echo "describe: the headers do not compile" >&2; exit 1; }
    comm -23 "$work/macros" "$work/others" >"$work/rest"
    mv "$work/rest" "$work/macros"
done

for source in functions functions_of_char16 constants; do
    width=
    [ $source != functions_of_char16 ] || width=-fshort-wchar
    # shellcheck disable=SC2086 # an option or none
    gcc -g -O0 -fPIC -w $width "-I$include" "-fdebug-prefix-map=$work/=" -c "$work/$source.c" -o "$work/$source.o"
done
echo "WINSHM_${soname##*.} { *; };" >"$work/map"
gcc -shared "$work"/*.o -o "$output" "-Wl,-soname,$soname" "-Wl,--version-script,$work/map"
