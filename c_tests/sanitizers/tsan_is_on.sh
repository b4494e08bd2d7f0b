#!/bin/sh
# tsan_is_on.sh PROGRAM - ThreadSanitizer says nothing of the right stories of guarded.c,
# and reports each of the wrong ones; and without what told.c tells it, all of them.
set -eu

report=$(mktemp)
trap 'rm -f "$report"' EXIT

is_reported() { # STORY
    status=0
    sh "${0%/*}/tsan_run.sh" "$program" "$1" >"$report" 2>&1 || status=$?
    [ $status -eq 66 ] && grep -q 'WARNING: ThreadSanitizer: data race' "$report"
}

program=$1
right=0
wrong=0
for story in $("$program"); do
    case $story in
        wrong_*)
            is_reported "$story" || { cat "$report"; echo "$story: a race, and not reported"; exit 1; }
            wrong=$((wrong + 1))
            ;;
        *)
            sh "${0%/*}/tsan_run.sh" "$program" "$story" || { echo "$story: no race, and reported"; exit 1; }
            WINSHM_TELL_NOTHING=1 is_reported "$story" || { echo "$story: quiet though nothing is told"; exit 1; }
            right=$((right + 1))
            ;;
    esac
done
echo "$right right stories, $wrong wrong ones"
[ $right -ge 7 ] && [ $wrong -ge 5 ]
