#!/bin/sh
# trace.sh ROOT - WINSHM_TRACE: the mistakes print what docs/tracing.md says, every function can be
# seen, and programs that are traced do what they do otherwise. Needs gcc.
# WINSHM_LIBRARY_DIR is where libwinshm.so is (default: ROOT/target/release).
#
# Prints a line per failure and the sum; the status is 0 if nothing failed.
# shellcheck disable=SC2154 # what stories.sh sets
set -eu
root=$(cd "$1" && pwd)
library=$(cd "${WINSHM_LIBRARY_DIR:-$root/target/release}" && pwd)
work=$(mktemp -d "${TMPDIR:-/tmp}/winshm-trace.XXXXXX")
clean_up() { rm -rf "$work"; }
trap clean_up EXIT
trap 'exit 1' HUP INT TERM
mkdir "$work/names"
export WINSHM_DIR="$work/names"
unset WINSHM_TRACE

for program in mistakes conditions interruptions everything; do
    gcc -std=gnu11 -O1 -Wall -Wextra -Werror "-I$root/include" "-I$root/include/compat" \
        "$root/c_tests/trace/$program.c" -o "$work/$program" "-L$library" -lwinshm "-Wl,-rpath,$library" -pthread
done
cd "$work"
. "$root/c_tests/stories.sh"

# traced CONDITION - traced as $trace says.
traced() { WINSHM_TRACE=$trace run ./conditions "$1" 4>&- 5>&-; }

# Lines without what differs from run to run: "CALL = RESULT".
plain() {
    sed -E 's/^[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6} [0-9]+\.[0-9]+ //; s/ <[0-9]+\.[0-9]{6}>$//
        s/0x[0-9a-e][0-9a-f]{5,}/0x.../g' "$@"
}

# has COUNT TEXT FILE - so many lines begin with the text.
has() {
    found=$(plain "$3" | awk -v text="$2" 'BEGIN { found = 0 } index($0, text) == 1 { found++ } END { print found }')
    [ "$found" = "$1" ] || { printf '%s lines, not %s, begin with: %s\n' "$found" "$1" "$2"; cat "$3"; return 1; }
}

# Every line of a trace is of the form that the page describes, or a hint.
are_whole() {
    form='^[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6} [0-9]+\.[0-9]+ [A-Za-z_0-9]+\(.*\)'
    ! grep -Ev "$form( = .*)? <[0-9]+\.[0-9]{6}>\$|$form \.\.\. sleeps\$|^  hint: " "$1"
}

# --- the mistakes -------------------------------------------------------------

# What the page says of each: its rows are | `mistake` | what it is | `call`<br>`hint` |
awk -F' \\| ' '/^## Mistakes/ { mistakes = 1 } mistakes && /^\| `[a-z_0-9]*` \| / {
    mistake = $1; gsub(/[|` ]/, "", mistake)
    lines = $3; sub(/ \|$/, "", lines); gsub(/`<br>`/, "\n", lines); gsub(/`/, "", lines); gsub(/\\\|/, "|", lines)
    print lines > ("page." mistake); close("page." mistake); print mistake
}' "$root/docs/tracing.md" >in_page

mistake_is_on_the_page() {
    WINSHM_TRACE=errors run ./mistakes "$1" >printed 2>traced
    same "$(cat printed)" ""
    are_whole traced
    plain traced | sed 's/^  hint/hint/' >seen
    diff "page.$1" seen
}
page_is_complete() {
    run ./mistakes | sort >made
    sort in_page >on_page
    diff on_page made
    [ "$(wc -l <made)" -ge 10 ]
}
story "the page has all mistakes, and no others" page_is_complete
for mistake in $(./mistakes); do
    story "the mistake $mistake prints what the page says" mistake_is_on_the_page "$mistake"
done

# --- what is traced -----------------------------------------------------------

at_once_calls() {
    trace=$work/lines
    traced at_once
    are_whole lines
    has 6 "SetEvent(0x" lines
    has 2 "ResetEvent(0x" lines
    has 4 "ReleaseSemaphore(0x" lines
    has 2 "ReleaseMutex(0x" lines
    has 6 "WaitForSingleObject(0x" lines
    has 2 "WaitForSingleObjectEx(0x" lines
    has 2 "WaitForMultipleObjects(2, [0x" lines
    has 2 "WaitForMultipleObjectsEx(2, [0x" lines
    for function in Write Read WriteAt ReadAt; do has 2 "SharedMemory$function(0x" lines; done
    has 1 "SharedMemoryCreate(\"at-once\", 64, [0x" lines
    has 0 "SharedMemoryCreateMode" lines
    same "$(stat -c %a lines)" 600
}
story "calls that are done at once are lines of their own, those inside of others are not" at_once_calls

errors_alone() {
    trace=errors:$work/lines
    rm -f lines
    traced at_once
    [ ! -s lines ]
    traced errors
    are_whole lines
    same "$(plain lines | head -n 1)" 'OpenEventA(SYNCHRONIZE, FALSE, "nobody has it") = NULL, ERROR_FILE_NOT_FOUND (2)'
    same "$(grep -vc '^  hint' lines)" 2
}
story "errors are all that is shown, if they are wanted; errno and the last error stay" errors_alone

every_function() {
    # (The one that would sleep, and has no result.)
    functions=$(nm -D --defined-only "$library/libwinshm.so" | awk '$2 == "T" && $3 != "Sleep" { sub(/@.*/, "", $3); print $3 }')
    [ "$(printf '%s\n' "$functions" | wc -l)" -gt 180 ]
    # shellcheck disable=SC2086 # they are words
    for trace in '' "calls:$work/lines" "errors:$work/lines"; do
        WINSHM_TRACE=$trace run ./everything $functions >"every.${trace%%:*}" </dev/null 2>/dev/null
    done
    diff every. every.calls
    diff every. every.errors
}
story "every function has the same result, last error and errno" every_function

to_standard_error() {
    trace=calls
    traced errors 2>to_there
    are_whole to_there
    has 2 "CloseHandle(0x" to_there
    traced errors 2>&- # nobody to tell
    trace=
    traced errors 2>to_there
    [ ! -s to_there ]
}
story "without a file, the standard error output is it" to_standard_error

lives() {
    trace=$work/lines
    rm -f lines
    child=$(traced lives | sed -n 's/^child //p')
    are_whole lines
    has 6 "SetEvent(0x" lines # 1 in a thread, 1 and 3 at the end of one, 1 at exit
    has 1 "ExitThread(7)" lines
    has 1 "WaitForSingleObject(0x8, INFINITE) = WAIT_OBJECT_0" lines
    grep " $child\\.$child PulseEvent" lines
}
story "threads to their end, exit handlers and forked children are traced" lives

in_handlers() {
    trace=$work/lines
    rm -f lines
    same "$(traced handler)" "caught some"
    are_whole lines
    grep -q 'SetEvent(0x' lines
    traced leave_by_jump
    has 2 "SleepEx(" lines
    grep -q 'SleepEx(0, FALSE) = 0' lines
    grep -q 'SleepEx(5000, FALSE) \.\.\. sleeps' lines
    are_whole lines
}
story "handlers that set an event within a traced call, or leave it by longjmp" in_handlers

interrupted() {
    trace=$work/lines
    WINSHM_TRACE=$trace run ./interruptions cancelled
    for bytes in $(WINSHM_TRACE=$trace run ./interruptions small_stack); do [ "$bytes" -le 4096 ]; done
    are_whole lines
    rm -f lines
    rounds=$(WINSHM_TRACE=$trace run ./interruptions at_any_instruction)
    are_whole lines
    [ "$rounds" = 0 ] || { has "$rounds" "SetEvent(0x4)" lines && has "$rounds" "SetEvent(0x8)" lines; }
}
story "a cancelled thread, a handler's small stack, a handler between any two instructions" interrupted

sleepers() {
    trace=$work/lines
    rm -f lines
    WINSHM_TRACE=$trace run ./interruptions sleeps
    are_whole lines
    same "$(sed -n 's/^[^ ]* [^ ]* \([A-Za-z]*\)(.* sleeps$/\1/p' lines)" "ReadFile
LockFileEx"
}
story "reads of pipes and waits for locks say that they sleep" sleepers

is_killed_asleep() {
    trace=$work/lines
    rm -f lines
    traced killed &
    job=$!
    until grep -q 'sleeps$' lines 2>/dev/null; do sleep 0.05; done
    sleeper=$(sed -n 's/^[^ ]* \([0-9]*\)\..*sleeps$/\1/p' lines)
    kill -9 "$sleeper"
    ends 137 $job
    same "$(plain lines | tail -n 1)" "WaitForSingleObject(0x4, INFINITE) ... sleeps"
    are_whole lines
}
story "of a call that never returns there is the beginning" is_killed_asleep

several_processes() {
    trace=errors:$work/lines
    rm -f lines
    traced together
    are_whole lines
    same "$(grep -c 'OpenMutexA' lines)" 1600
}
story "several processes and threads add whole lines to one file" several_processes

# --- outputs that fail --------------------------------------------------------

closes_all() {
    trace=$work/lines
    rm -f lines
    same "$(traced closes_all)" untouched
    has 1 "SetEvent(0x" lines # the file was opened anew
    trace=calls
    same "$(traced closes_all 2>first)" untouched
    has 1 "CreateEventA(" first
}
story "a program that closes all descriptors keeps what it then opens" closes_all

bad_outputs() {
    for trace in /dev/full "$work/no/folder" "calls:$work" "errors:/dev/full"; do
        same "$(traced goes_on 2>notes)" "went on"
        [ "$trace" = errors:/dev/full ] || grep -q '^winshm: WINSHM_TRACE: ' notes
        [ "$(wc -l <notes)" -le 1 ]
    done
    mkfifo nobody_reads
    trace=$work/nobody_reads
    same "$(traced goes_on 2>notes)" "went on"
    trace=$work/limited
    same "$(traced no_larger_file 2>notes)" "went on"
    [ "$(stat -c %s limited)" -le 2000 ]
    same "$(wc -l <notes)" 1
    # The reader of a pipe goes away: no SIGPIPE.
    trace=calls
    { traced goes_on 2>&1 >went | head -n 1 >/dev/null; } 2>/dev/null
    same "$(cat went)" "went on"
}
story "a full disk, a limit, a folder, a pipe without a reader: the program goes on" bad_outputs

descriptors() {
    trace=$work/lines
    rm -f lines
    traced numbers </dev/null
    has 1 "SetEvent(0x" lines
    has 1 'CreateEventA(NULL, FALSE, FALSE, "after exec")' lines
}
story "no low number is taken, and no program inherits the descriptor" descriptors

# --- off ----------------------------------------------------------------------

looks() { WINSHM_TRACE=$1 run strace -f -e trace=process_vm_readv ./conditions off 2>&1 | grep -c process_vm_readv || true; }
off() {
    same "$(looks '')" 0
    [ "$(looks "$work/lines")" -gt 0 ] # what it looks for can be seen
}
if command -v strace >/dev/null 2>&1; then
    story "without WINSHM_TRACE nothing is looked at" off
else
    echo "trace.sh: SKIPPED: without WINSHM_TRACE nothing is looked at: no strace"
fi

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
