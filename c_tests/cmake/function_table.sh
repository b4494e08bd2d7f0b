#!/bin/sh
# function_table.sh HEADER... - prints C source with a table of the addresses of
# all functions that the headers declare, and of nothing else. The compiler then
# answers which symbols the headers stand for, in each width of wchar_t.
#
# With --names first, the table `names` of their names follows, in the same order.
set -eu

with_names=no
if [ "$1" = --names ]; then
    with_names=yes
    shift
fi

for header in "$@" "$@"; do
    echo "#include <$(basename "$header")>"
done
# Without comments, what stands between ..._API and `;` is one declaration; its
# name is the last word before the first parenthesis.
functions=$(cat "$@" | awk 'BEGIN { RS = "[*]/" } { sub(/\/[*].*/, ""); printf "%s", $0 }' |
    sed 's/WINSHM_DEPRECATED("[^"]*")//; /^#/d' |
    awk 'BEGIN { RS = ";" }
        /(WINSHM|SHARED_MEMORY)_API/ {
            sub(/.*(WINSHM|SHARED_MEMORY)_API/, "")
            sub(/[(].*/, "")
            gsub(/[^A-Za-z0-9_]+/, " ")
            count = split($0, words, " ")
            print words[count]
        }')

echo 'typedef void (*winshm_function)(void);'
echo 'static winshm_function const functions[] = {'
# shellcheck disable=SC2086 # a list of names
printf '    (winshm_function)%s,\n' $functions
echo '};'
if [ $with_names = yes ]; then
    echo 'static const char *const names[] = {'
    # shellcheck disable=SC2086
    printf '    "%s",\n' $functions
    echo '};'
fi
