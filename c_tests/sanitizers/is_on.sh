#!/bin/sh
# is_on.sh PROGRAM... - fails unless each program was built with both
# AddressSanitizer and the undefined behaviour sanitizer.
set -eu

[ $# -gt 0 ] || { echo "no programs to look at"; exit 1; }
for program; do
    for symbol in __asan_init __ubsan_; do
        # Not `grep -q`: it stops reading, and nm would complain.
        if ! nm "$program" | grep "$symbol" >/dev/null; then
            echo "$program was built without $symbol"
            exit 1
        fi
    done
done
