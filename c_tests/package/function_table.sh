#!/bin/sh
# function_table.sh WINSHM_H - prints C source with a table of the addresses of
# all functions that the header declares, and of nothing else. The compiler then
# answers which symbols the header stands for, in each width of wchar_t.
set -eu

cat <<'EOF'
#include <winshm.h>
#include <winshm.h>
typedef void (*winshm_function)(void);
static winshm_function const functions[] = {
EOF
# Without comments, what stands between WINSHM_API and `;` is one declaration; its
# name is the last word before the first parenthesis.
awk 'BEGIN { RS = "[*]/" } { sub(/\/[*].*/, ""); printf "%s", $0 }' "$1" |
    sed 's/WINSHM_DEPRECATED("[^"]*")//' |
    awk 'BEGIN { RS = ";" }
        /WINSHM_API/ {
            sub(/.*WINSHM_API/, "")
            sub(/[(].*/, "")
            gsub(/[^A-Za-z0-9_]+/, " ")
            count = split($0, words, " ")
            print "    (winshm_function)" words[count] ","
        }'
echo '};'
