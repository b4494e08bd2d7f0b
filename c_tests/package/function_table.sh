#!/bin/sh
# function_table.sh HEADER... - prints C source with a table of the addresses of
# all functions that the headers declare, and of nothing else. The compiler then
# answers which symbols the headers stand for, in each width of wchar_t.
set -eu

for header in "$@" "$@"; do
    echo "#include <$(basename "$header")>"
done
cat <<'EOF'
typedef void (*winshm_function)(void);
static winshm_function const functions[] = {
EOF
# Without comments, what stands between ..._API and `;` is one declaration; its
# name is the last word before the first parenthesis.
cat "$@" | awk 'BEGIN { RS = "[*]/" } { sub(/\/[*].*/, ""); printf "%s", $0 }' |
    sed 's/WINSHM_DEPRECATED("[^"]*")//; /^#/d' |
    awk 'BEGIN { RS = ";" }
        /(WINSHM|SHARED_MEMORY)_API/ {
            sub(/.*(WINSHM|SHARED_MEMORY)_API/, "")
            sub(/[(].*/, "")
            gsub(/[^A-Za-z0-9_]+/, " ")
            count = split($0, words, " ")
            print "    (winshm_function)" words[count] ","
        }'
echo '};'
