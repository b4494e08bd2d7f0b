#!/bin/sh
# planted.sh MEASURED - compare.sh sees what it is there for: in each of these records
# something is not as measured.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
measured=$1
record=$measured.planted
trap 'rm -f "$record"' EXIT
failed=0

# LABEL STATUS WORDS AWK - the record that awk makes of what was measured; how comparing
# ends, and what it says then.
plant() {
    awk -F, -v OFS=, "$4" "$measured" >"$record"
    status=0
    said=$("$here/compare.sh" "$record" "$measured") || status=$?
    case $said in *"$3"*) ;; *) status="$status, without '$3'" ;; esac
    [ "$status" = "$2" ] && return
    printf '%s\nplanted: %s: ends with %s\n' "$said" "$1" "$status"
    failed=1
}
one='/^mutex: acquire/'
plant "nothing" 0 " 0 failed" '{ print }'
plant "5 % more than recorded" 1 " IS MORE" "$one { \$2 /= 1.05 } { print }"
plant "5 % less than recorded" 1 " IS LESS" "$one { \$2 /= 0.95 } { print }"
plant "2 % more than recorded" 0 " 0 failed" "$one { \$2 /= 1.02 } { print }"
plant "a call that was not recorded" 1 " IS NOT RECORDED" "$one { next } { print }"
plant "a call that is gone" 1 " WAS NOT MEASURED" '{ print } END { print "another,100,0" }'
plant "no record" 1 "" "{ next }"
plant "another compiler" 0 "SKIPPED" '/rustc/ { $0 = "# rustc version 1.1.0" } { print }'
plant "another processor" 0 "SKIPPED" '/processor/ { $0 = "# a processor of another kind" } { print }'
plant "another valgrind" 0 "here " '/valgrind/ { $0 = "# valgrind-1.0" } { print }'
exit $failed
